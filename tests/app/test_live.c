/* What a person does to a world while it is shown: acting in the past makes another future, every
   step can be undone and redone, and a fork is a second run beside the first. */
#include "app/live.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/random.h"
#include "sim/base/vtime.h"
#include "sim/trace/jsonl.h"
#include "support_app.h"

#define LETTER_T (300 * VTIME_MS)
#define LETTER                                                                                     \
    SLICE(                                                                                         \
        "send from=alice@example.com to=bob@example.org subject=\"A \\\"second\\\" \\\\ letter\" " \
        "body=\"One line\\nand\\tanother\\n\"")
#define FAULT SLICE("fault mx1-down on")

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

static void expect_same(char *one, char *other)
{
    cr_expect(strcmp(one, other) == 0, "the traces differ");
    free(one);
    free(other);
}

static char *whole(const struct live *live, uint32_t run)
{
    return history(live_log(live, run), VTIME_NEVER);
}

static uint32_t count(const struct log *log, enum event_kind kind)
{
    uint32_t n = 0;
    for (uint32_t id = 0; id < log_count(log); id++)
        n += log_at(log, id)->kind == kind;
    return n;
}

static struct live live;
static struct problem problem;
static struct live_step step;

static void open_two_towns(void)
{
    problem = (struct problem){0};
    cr_assert(
        live_open(&live, SUPPORT_TWO_TOWNS, &(struct source_options){.seed = 1}, NULL, &problem),
        "%s", problem.what);
}

static void close_live(void)
{
    live_close(&live);
}

#define OK(done) cr_assert(done, "%s", problem.what)

TestSuite(live, .init = open_two_towns, .fini = close_live);

Test(live, an_action_in_the_past_keeps_all_that_was_before_it)
{
    char *before = history(live_log(&live, 0), LETTER_T);
    uint64_t number = live_number(&live, 0);
    cr_assert_eq(count(live_log(&live, 0), EVENT_DELIVER), 1);
    OK(live_do(&live, LETTER_T, LETTER, &problem));
    cr_expect_neq(live_number(&live, 0), number, "it was made anew");
    char *after = history(live_log(&live, 0), LETTER_T);
    cr_expect_eq(strncmp(before, after, strlen(before)), 0);
    cr_expect_eq(count(live_log(&live, 0), EVENT_DELIVER), 2);
    cr_expect_eq(count(live_log(&live, 0), EVENT_FETCH), 2,
                 "the demonstration still fetches, ten seconds on");
    struct slice subject = log_text(live_log(&live, 0), log_msg(live_log(&live, 0), 2)->subject);
    cr_expect(slice_equal(subject, SLICE("A \"second\" \\ letter")), "%.*s", SLICE_ARG(subject));
    free(before);
    free(after);
}

/* Behind all that it has done, timers without anything to show too. Right at the end of the log a
   world is made anew, so that these timers come behind what is done there, as when it is replayed.
 */
Test(live, an_action_after_the_end_goes_on_with_the_same_world)
{
    uint64_t number = live_number(&live, 0);
    OK(live_do(&live, log_end(live_log(&live, 0)) + VTIME_S, LETTER, &problem));
    OK(live_do(&live, log_end(live_log(&live, 0)) + VTIME_S, FAULT, &problem));
    cr_expect_eq(live_number(&live, 0), number);
    cr_expect_eq(count(live_log(&live, 0), EVENT_DELIVER), 2);
    cr_expect_eq(count(live_log(&live, 0), EVENT_CRASH), 1);
}

Test(live, what_cannot_be_done_changes_nothing)
{
    OK(live_do(&live, LETTER_T, LETTER, &problem));
    OK(live_undo(&live, &step, &problem));
    char *before = whole(&live, 0);
    cr_expect(!live_do(&live, LETTER_T, SLICE("send from=nobody@example.com to=b@c"), &problem));
    cr_expect(problem.what[0]);
    expect_same(before, whole(&live, 0));
    OK(live_redo(&live, &step, &problem)); /* what could be redone still can */
    cr_expect_eq(count(live_log(&live, 0), EVENT_DELIVER), 2);
}

/* Not of a step of before: the reason needs no preface. */
Test(live, of_several_lines_the_one_that_is_refused_says_why)
{
    cr_expect(
        !live_do(&live, 0, SLICE("host rename mx1 mx9\nhost rename mx1 mx8\ncut a:b"), &problem));
    cr_expect_str_eq(problem.what, "unknown host \"mx1\"; did you mean \"mx9\"?");
}

Test(live, what_turns_out_to_be_impossible_at_its_moment_changes_nothing_either)
{
    OK(live_do(&live, 2 * VTIME_S, SLICE("user add eve@example.org"), &problem));
    char *before = whole(&live, 0);
    static const int64_t times[] = {3 * VTIME_S, VTIME_DAY}; /* in the past, and at the end */
    for (size_t i = 0; i < 2; i++) {
        cr_expect(!live_do(&live, times[i], SLICE("user add eve@example.org"), &problem));
        cr_expect_str_eq(problem.what, "there is already a user eve@example.org");
        expect_same(strdup(before), whole(&live, 0));
    }
    cr_expect(!live_fork(&live, 3 * VTIME_S, SLICE("user add eve@example.org"), &problem));
    cr_expect(!live.has_fork);
    cr_expect_eq(live.done, 1);
    free(before);
}

Test(live, a_line_may_be_about_what_an_earlier_one_has_made)
{
    OK(live_do(&live, 2 * VTIME_S, SLICE("user add eve@example.org"), &problem));
    OK(live_do(&live, 3 * VTIME_S,
               SLICE("send from=alice@example.com to=eve@example.org subject=Hello"), &problem));
    cr_expect_eq(count(live_log(&live, 0), EVENT_DELIVER), 2);
    OK(live_do(&live, VTIME_S, LETTER, &problem));
    cr_expect_eq(count(live_log(&live, 0), EVENT_DELIVER), 3);
}

Test(live, undo_takes_steps_back_one_after_the_other_and_redo_brings_them_again)
{
    enum { LETTERS = 20 };
    char *histories[LETTERS + 1];
    for (int i = 0; i < LETTERS; i++) {
        histories[i] = whole(&live, 0);
        /* forwards and back in time in turns */
        OK(live_do(&live, (i % 2 ? 10 - i / 2 : 20 + i) * VTIME_S, LETTER, &problem));
    }
    histories[LETTERS] = whole(&live, 0);
    for (int i = LETTERS; i-- > 0;) {
        OK(live_undo(&live, &step, &problem));
        cr_expect_eq(step.t, (i % 2 ? 10 - i / 2 : 20 + i) * VTIME_S);
        char *now = history(live_log(&live, 0), VTIME_NEVER);
        cr_expect(strcmp(now, histories[i]) == 0, "undo of step %d", i);
        free(now);
    }
    cr_expect(!live_undo(&live, &step, &problem));
    cr_expect_str_eq(problem.what, "There is nothing to undo");
    for (int i = 1; i <= LETTERS; i++) {
        OK(live_redo(&live, &step, &problem));
        char *now = whole(&live, 0);
        cr_expect(strcmp(now, histories[i]) == 0, "redo of step %d", i);
        free(now);
    }
    cr_expect(!live_redo(&live, &step, &problem));
    for (int i = 0; i <= LETTERS; i++)
        free(histories[i]);
}

Test(live, a_new_action_takes_the_place_of_what_could_be_redone)
{
    OK(live_do(&live, LETTER_T, LETTER, &problem));
    OK(live_do(&live, LETTER_T, LETTER, &problem));
    OK(live_undo(&live, &step, &problem));
    OK(live_do(&live, LETTER_T, FAULT, &problem));
    cr_expect(!live_redo(&live, &step, &problem));
    OK(live_undo(&live, &step, &problem));
    cr_expect(slice_equal(step.text, FAULT));
}

Test(live, a_fork_is_the_same_up_to_its_moment_and_has_the_rest_of_the_plan)
{
    char *first = whole(&live, 0), *before = history(live_log(&live, 0), LETTER_T);
    OK(live_fork(&live, LETTER_T, FAULT, &problem));
    cr_assert(live.has_fork);
    cr_expect_eq(live.fork_t, LETTER_T);
    char *fork = whole(&live, 1);
    cr_expect_eq(strncmp(before, fork, strlen(before)), 0);
    cr_expect_eq(count(live_log(&live, 1), EVENT_CRASH), 1);
    cr_expect_eq(count(live_log(&live, 1), EVENT_INPUT), count(live_log(&live, 0), EVENT_INPUT) + 1,
                 "Bob still presses get mail");
    expect_same(first, whole(&live, 0));
    free(before);
    free(fork);
}

Test(live, what_is_done_after_a_fork_goes_to_the_chosen_run)
{
    char *first = whole(&live, 0);
    OK(live_fork(&live, LETTER_T, SLICE(""), &problem));
    expect_same(whole(&live, 0), whole(&live, 1));
    OK(live_do(&live, VTIME_S, LETTER, &problem));
    cr_expect_eq(count(live_log(&live, 1), EVENT_DELIVER), 2);
    expect_same(first, whole(&live, 0));
    OK(live_choose(&live, 0, &problem));
    OK(live_do(&live, VTIME_S, FAULT, &problem));
    cr_expect_eq(count(live_log(&live, 0), EVENT_CRASH), 1);
    cr_expect_eq(count(live_log(&live, 1), EVENT_CRASH), 0);
}

Test(live, either_run_of_a_fork_can_be_kept_and_all_of_it_undone)
{
    char *first = whole(&live, 0);
    OK(live_fork(&live, LETTER_T, FAULT, &problem));
    char *fork = whole(&live, 1);
    OK(live_keep(&live, 1, &problem));
    cr_expect(!live.has_fork);
    expect_same(strdup(fork), whole(&live, 0));
    OK(live_undo(&live, &step, &problem));
    cr_assert(live.has_fork);
    expect_same(strdup(first), whole(&live, 0));
    expect_same(strdup(fork), whole(&live, 1));
    OK(live_keep(&live, 0, &problem));
    cr_expect(!live.has_fork);
    expect_same(strdup(first), whole(&live, 0));
    cr_expect(!live_keep(&live, 0, &problem), "there is one run only");
    OK(live_undo(&live, &step, &problem));
    OK(live_undo(&live, &step, &problem));
    cr_expect(!live.has_fork);
    expect_same(first, whole(&live, 0));
    free(fork);
}

Test(live, a_fork_of_a_fork_goes_on_from_the_run_that_is_chosen)
{
    OK(live_fork(&live, LETTER_T, FAULT, &problem));
    char *fork = whole(&live, 1);
    OK(live_fork(&live, VTIME_S, LETTER, &problem));
    expect_same(fork, whole(&live, 0));
    cr_expect_eq(count(live_log(&live, 1), EVENT_CRASH), 1);
    OK(live_undo(&live, &step, &problem));
    cr_expect(live.has_fork);
    cr_expect_eq(live.chosen, 1);
}

Test(live, at_the_end_there_is_nothing_to_go_on_with)
{
    OK(live_fork(&live, LETTER_T, FAULT, &problem));
    char *first = whole(&live, 0);
    while (live_run_on(&live, &problem))
        ;
    cr_expect_str_eq(problem.what, "Nothing more is going to happen");
    OK(live_undo(&live, &step, &problem));
    expect_same(first, whole(&live, 0));
}

Test(live, what_never_rests_is_run_so_far_as_can_be_waited_for)
{
    live.patience = live.budget = 2;
    /* A robot that sends once a second for years, added to a network that was at rest. */
    OK(live_do(&live, 0,
               SLICE("agent add pc-alice tireless role=robot to=bob@example.org "
                     "server=mx1.example.org from=alice@example.com"),
               &problem));
    cr_expect_not(live_is_cut(&live, 0));
    OK(live_do(&live, VTIME_S, SLICE("robot tireless count=1000000 every=1s"), &problem));
    cr_expect(live_is_cut(&live, 0));
    int64_t end = log_end(live_log(&live, 0));
    uint32_t count = log_count(live_log(&live, 0));
    cr_expect_gt(end, VTIME_MIN, "%lld", (long long)end);
    OK(live_run_on(&live, &problem));
    cr_expect(live_is_cut(&live, 0));
    cr_expect_gt(log_count(live_log(&live, 0)), count + count / 2);
    /* Who acts in its past has it as far again, and who undoes all has rest. */
    end = log_end(live_log(&live, 0));
    OK(live_do(&live, 2 * VTIME_S, FAULT, &problem));
    cr_expect_geq(log_end(live_log(&live, 0)), end);
    struct live_step undone;
    OK(live_undo(&live, &undone, &problem));
    OK(live_undo(&live, &undone, &problem));
    cr_expect_not(live_is_cut(&live, 0));
    cr_expect_lt(log_end(live_log(&live, 0)), end + VTIME_H);
}

/* The wide one: whatever is done, in whichever order, a world that was worked on is the one that
   is made at once from what was done. */
Test(live, a_world_that_was_worked_on_is_the_one_made_of_its_steps)
{
    static const char *const lines[] = {
        "send from=alice@example.com to=bob@example.org subject=Hello",
        "send from=bob@example.org to=alice@example.com subject=Back",
        "fetch by=pc-bob",
        "fault mx1-down on",
        "fault mx1-down off",
        "user add eve@example.org",
        "send from=alice@example.com to=eve@example.org,nobody@example.org subject=Both",
        "cut out:mx1",
    };
    struct random random;
    random_init(&random, 7, SLICE("live"));
    for (int i = 0; i < 60; i++) {
        uint32_t run = live.has_fork && random_below(&random, 2);
        int64_t end = log_end(live_log(&live, run));
        int64_t t = random_below(&random, 2) ? end : (int64_t)random_below(&random, (uint64_t)end);
        struct slice line = slice_of(lines[random_below(&random, sizeof lines / sizeof *lines)]);
        switch (random_below(&random, 12)) {
        case 0:
            live_fork(&live, t, line, &problem);
            break;
        case 1:
            live_keep(&live, run, &problem);
            break;
        case 2:
        case 3:
            live_undo(&live, &step, &problem);
            break;
        case 4:
            live_redo(&live, &step, &problem);
            break;
        case 5:
            live_run_on(&live, &problem);
            break;
        default:
            live_choose(&live, run, &problem);
            live_do(&live, t, line, &problem);
        }
    }
    struct live again;
    OK(live_open(&again, SUPPORT_TWO_TOWNS, &live.options, NULL, &problem));
    for (size_t i = 0; i < live.done; i++) {
        struct live_step *s = &live.steps.items[i];
        again.chosen = s->run;
        OK(s->kind == LIVE_DO     ? live_do(&again, s->t, s->text, &problem)
           : s->kind == LIVE_FORK ? live_fork(&again, s->t, s->text, &problem)
                                  : live_keep(&again, s->run, &problem));
    }
    cr_assert_eq(live.has_fork, again.has_fork);
    for (uint32_t run = 0; run <= live.has_fork; run++) {
        int64_t end = log_end(live_log(&again, run));
        int64_t both = end < log_end(live_log(&live, run)) ? end : log_end(live_log(&live, run));
        expect_same(history(live_log(&live, run), both), history(live_log(&again, run), both));
    }
    live_close(&again);
}

Test(live_trace, a_saved_trace_is_watched_and_not_changed)
{
    char path[] = "/tmp/live.XXXXXX";
    int fd = mkstemp(path);
    struct support_result r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--export", "-");
    cr_assert(fd >= 0 && write(fd, r.out, r.out_size) == (ssize_t)r.out_size);
    close(fd);
    OK(live_open(&live, path, &(struct source_options){.seed = 1}, NULL, &problem));
    cr_expect(!live_do(&live, LETTER_T, LETTER, &problem));
    cr_expect(!live_undo(&live, &step, &problem));
    cr_expect(!live_run_on(&live, &problem));
    live_close(&live);
    support_free(&r);
    unlink(path);
}
