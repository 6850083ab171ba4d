/* Who looks on may break a file off: then nothing of it is there, and the old one is as it was. */
#include "export/watched.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_log.h"

struct looker {
    uint64_t most; /* octets after which it has seen enough */
    uint64_t seen;
    int asked;
};

static bool until_enough(void *context, uint64_t octets)
{
    struct looker *looker = context;
    looker->asked++;
    looker->seen = octets;
    return octets < looker->most;
}

/* A log so long that its file is written in many parts. */
static void make_long(struct log *log)
{
    support_log_make(log);
    for (int i = 0; i < 5000; i++)
        log_add(log, log_end(log), 0, EVENT_INPUT, 0,
                &(struct event_input){support_text(log, "a line that is as long as lines are")});
}

static size_t content_of(const char *path, char *content, size_t size)
{
    FILE *in = fopen(path, "rb");
    cr_assert(in);
    size_t n = fread(content, 1, size - 1, in);
    content[n] = '\0';
    fclose(in);
    return n;
}

Test(watched, a_file_that_is_broken_off_leaves_nothing_and_the_old_one_as_it_was)
{
    static const char *const endings[] = {".jsonl", ".csv", ".txt"};
    char folder[] = "/tmp/watched.XXXXXX", path[64], content[64];
    struct problem problem = {0};
    struct log log;
    cr_assert(mkdtemp(folder));
    make_long(&log);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        for (int is_there = 0; is_there < 2; is_there++) {
            struct looker looker = {.most = 1};
            const struct export_watch watch = {until_enough, &looker};
            snprintf(path, sizeof path, "%s/t%s", folder, endings[i]);
            FILE *old = is_there ? fopen(path, "wb") : NULL;
            if (old) {
                fputs("old", old);
                fclose(old);
            }
            cr_expect(
                !export_write(&log, path, &(struct export_options){.watch = &watch}, &problem));
            cr_expect(strstr(problem.what, "broken off"), "%s: %s", path, problem.what);
            cr_expect_str_eq(problem.file, path);
            cr_expect(looker.seen > 0 && looker.asked == 2, "%s: asked %d times", path,
                      looker.asked);
            if (is_there) {
                cr_expect_eq(content_of(path, content, sizeof content), 3);
                cr_expect_str_eq(content, "old");
                unlink(path);
            }
            cr_expect_eq(access(path, F_OK), -1);
        }
    cr_expect_eq(rmdir(folder), 0, "something was left beside it");
    log_finish(&log);
}

Test(watched, who_looks_on_to_the_end_changes_no_octet)
{
    struct looker looker = {.most = UINT64_MAX};
    const struct export_watch watch = {until_enough, &looker};
    struct watched watched;
    struct log log;
    char *seen, *alone;
    size_t seen_size, alone_size;
    make_long(&log);
    FILE *to = open_memstream(&seen, &seen_size);
    FILE *out = watched_begin(&watched, to, &watch);
    cr_assert(csv_write(&log, out, &(struct export_options){0}, &(struct problem){0}));
    cr_expect(watched_end(&watched));
    fclose(to);
    to = open_memstream(&alone, &alone_size);
    cr_expect_eq(watched_begin(&watched, to, NULL), to, "nobody looks on: the stream itself");
    cr_assert(csv_write(&log, to, &(struct export_options){0}, &(struct problem){0}));
    cr_expect(watched_end(&watched));
    fclose(to);
    cr_assert_eq(seen_size, alone_size);
    cr_assert_str_eq(seen, alone);
    cr_expect(looker.asked > 10);
    free(seen);
    free(alone);
    log_finish(&log);
}

Test(watched, a_full_device_is_the_problem_of_the_device)
{
    struct looker looker = {.most = UINT64_MAX};
    const struct export_watch watch = {until_enough, &looker};
    struct problem problem = {0};
    struct watched watched;
    struct log log;
    make_long(&log);
    FILE *full = fopen("/dev/full", "wb");
    FILE *out = watched_begin(&watched, full, &watch);
    (void)csv_write(&log, out, &(struct export_options){0}, &problem);
    cr_expect(watched_end(&watched), "nobody broke it off");
    cr_expect(fflush(full) != 0 || ferror(full));
    fclose(full);
    log_finish(&log);
}
