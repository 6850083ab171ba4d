/* What `open` stands on: damaged traces, mailboxes that are filled first. */
#include "app/source.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/vtime.h"
#include "sim/trace/jsonl.h"
#include "support_app.h"

static void write_file(char path[64], const char *content, size_t size)
{
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, content, size) == (ssize_t)size);
    close(fd);
}

Test(source, a_damaged_trace_is_opened_only_when_that_is_asked)
{
    char path[64] = "/tmp/source.XXXXXX";
    struct support_result r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--export", "-");
    struct problem problem = {0};
    struct source source;
    write_file(path, r.out, r.out_size / 2);
    support_free(&r);
    struct source_options options = {.seed = 1};
    cr_expect(!source_open(&source, path, &options, NULL, &problem));
    cr_expect(strstr(problem.what, "; replay --salvage reads the "), "%s", problem.what);
    options.salvages = true;
    cr_assert(source_open(&source, path, &options, NULL, &problem), "%s", problem.what);
    cr_expect(source.is_trace && log_count(source_log(&source)) > 50);
    cr_expect(strstr(source.lost.what, "; here are the "), "%s", source.lost.what);
    cr_expect(source.lost.line > 50);
    source_close(&source);
    unlink(path);
}

static char *text_of(const struct log *log, size_t *size)
{
    char *text;
    FILE *out = open_memstream(&text, size);
    jsonl_write(log, out);
    fclose(out);
    return text;
}

/* Undoing makes the world anew: what was put into a mailbox first is there again. */
Test(source, a_world_that_is_made_again_has_the_same_mail_in_its_mailboxes)
{
    static const char box[] = "From a Mon Mar  3 09:00:00 2025\nSubject: kept\n\nx\n";
    char path[64] = "/tmp/source.XXXXXX", option[128];
    static struct command_option store = {"store", 0, "USER=PATH", ""};
    struct command_line line = {0};
    struct problem problem = {0};
    struct source source;
    size_t size, size_again;
    write_file(path, box, sizeof box - 1);
    snprintf(option, sizeof option, "bob@example.org=%s", path);
    *vector_add(&line.given) = (struct command_given){&store, option};
    const struct source_options options = {.seed = 1, .line = &line};
    cr_assert(source_open(&source, SUPPORT_TWO_TOWNS, &options, NULL, &problem), "%s",
              problem.what);
    unlink(path); /* it is read once */
    char *first = text_of(source_log(&source), &size);
    cr_expect(strstr(first, "\"kind\":\"copy\""));
    struct world *again = source_make_world(&source, &options);
    world_run_quiet(again, VTIME_NEVER);
    char *second = text_of(world_log(again), &size_again);
    cr_expect_eq(size, size_again);
    cr_expect_str_eq(first, second);
    free(first);
    free(second);
    world_destroy(again);
    source_close(&source);
    vector_finish(&line.given);
}
