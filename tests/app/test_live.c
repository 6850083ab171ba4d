/* Acting at a moment that is past makes another future, and leaves what was before as it was. */
#include "app/live.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/vtime.h"
#include "sim/trace/jsonl.h"
#include "support_app.h"

/* The events up to t, as text; to be freed. */
static char *history(const struct log *log, int64_t t)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct bytes line;
    bytes_init(&line, SIZE_MAX);
    for (uint32_t id = 0; id < log_count_until(log, t); id++) {
        bytes_clear(&line);
        jsonl_event(log, id, &line);
        fwrite(bytes_slice(&line).data, 1, bytes_size(&line), out);
    }
    bytes_finish(&line);
    fclose(out);
    return text;
}

static uint32_t count(const struct log *log, enum event_kind kind)
{
    uint32_t n = 0;
    for (uint32_t id = 0; id < log_count(log); id++)
        n += log_at(log, id)->kind == kind;
    return n;
}

static const struct view_request letter = {.kind = VIEW_REQUEST_SEND,
                                           .t = 300 * VTIME_MS,
                                           .from = "alice@example.com",
                                           .to = "bob@example.org",
                                           .subject = "A \"second\" \\ letter",
                                           .body = "One line\nand\tanother\n"};

Test(live, an_action_in_the_past_keeps_all_that_was_before_it)
{
    struct live live;
    struct problem problem = {0};
    cr_assert(
        live_open(&live, SUPPORT_TWO_TOWNS, &(struct source_options){.seed = 1}, NULL, &problem),
        "%s", problem.what);
    live.is_new_log = false;
    char *before = history(live_log(&live), letter.t - 1);
    cr_assert_eq(count(live_log(&live), EVENT_DELIVER), 1);
    cr_assert(live_do(&live, &letter, &problem), "%s", problem.what);
    cr_assert(live.is_new_log);
    char *after = history(live_log(&live), letter.t - 1);
    cr_assert_str_eq(before, after);
    cr_assert_eq(count(live_log(&live), EVENT_DELIVER), 2);
    cr_assert_eq(count(live_log(&live), EVENT_FETCH), 2,
                 "the demonstration still fetches, ten seconds on");
    struct slice subject = log_text(live_log(&live), log_msg(live_log(&live), 2)->subject);
    cr_expect(slice_equal(subject, slice_of(letter.subject)), "%.*s", SLICE_ARG(subject));
    free(before);
    free(after);
    live_close(&live);
}

Test(live, an_action_at_the_end_goes_on_with_the_same_world)
{
    struct live live;
    struct problem problem = {0};
    cr_assert(
        live_open(&live, SUPPORT_TWO_TOWNS, &(struct source_options){.seed = 1}, NULL, &problem),
        "%s", problem.what);
    live.is_new_log = false;
    struct view_request later = letter;
    later.t = log_end(live_log(&live)) + VTIME_S;
    cr_assert(live_do(&live, &later, &problem), "%s", problem.what);
    cr_assert(!live.is_new_log);
    cr_assert_eq(count(live_log(&live), EVENT_DELIVER), 2);
    struct view_request fault = {
        .kind = VIEW_REQUEST_FAULT, .t = log_end(live_log(&live)), .is_on = true};
    strcpy(fault.fault, "mx1-down");
    cr_assert(live_do(&live, &fault, &problem), "%s", problem.what);
    cr_assert_eq(count(live_log(&live), EVENT_CRASH), 1);
    live_close(&live);
}

Test(live, what_cannot_be_done_changes_nothing)
{
    struct live live;
    struct problem problem = {0};
    cr_assert(
        live_open(&live, SUPPORT_TWO_TOWNS, &(struct source_options){.seed = 1}, NULL, &problem),
        "%s", problem.what);
    uint32_t events = log_count(live_log(&live));
    struct view_request stranger = letter;
    strcpy(stranger.from, "nobody@example.com");
    cr_assert(!live_do(&live, &stranger, &problem));
    cr_assert(problem.what[0]);
    cr_assert_eq(log_count(live_log(&live)), events);
    cr_assert(live_do(&live, &letter, &problem), "the refused action was kept: %s", problem.what);
    live_close(&live);
}

Test(live, a_saved_trace_is_watched_and_not_changed)
{
    struct live live;
    struct problem problem = {0};
    char path[] = "/tmp/live.XXXXXX";
    int fd = mkstemp(path);
    struct support_result r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--export", "-");
    cr_assert(fd >= 0 && write(fd, r.out, r.out_size) == (ssize_t)r.out_size);
    close(fd);
    cr_assert(live_open(&live, path, &(struct source_options){.seed = 1}, NULL, &problem), "%s",
              problem.what);
    cr_expect(!live_do(&live, &letter, &problem));
    cr_expect(!live_run_on(&live, &problem));
    live_close(&live);
    support_free(&r);
    unlink(path);
}
