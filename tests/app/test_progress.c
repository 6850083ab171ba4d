/* Ctrl+C during a long export is taken as a wish, not as an end. */
#include "app/progress.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static bool is_waiting(int number)
{
    sigset_t pending;
    return sigpending(&pending) == 0 && sigismember(&pending, number);
}

Test(progress, each_signal_that_ends_programs_breaks_off_and_is_used_up)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct progress p;
        const struct export_watch *watch = progress_begin(&p, stderr, "t.jsonl");
        cr_expect(watched_go_on(watch, 1));
        raise(numbers[i]); /* would end this test */
        cr_expect(!watched_go_on(watch, 2));
        cr_expect(!watched_go_on(watch, 3), "once broken off, for ever");
        cr_expect(!is_waiting(numbers[i]));
        cr_expect(progress_end(&p));
    }
}

Test(progress, who_was_started_with_a_signal_ignored_goes_on)
{
    struct progress p;
    signal(SIGHUP, SIG_IGN); /* as nohup does */
    const struct export_watch *watch = progress_begin(&p, stderr, "t.jsonl");
    raise(SIGHUP);
    cr_expect(watched_go_on(watch, 1));
    cr_expect(!progress_end(&p));
}

Test(progress, afterwards_signals_are_treated_as_before, .signal = SIGINT)
{
    struct progress p;
    progress_begin(&p, stderr, "t.jsonl");
    cr_expect(!progress_end(&p));
    raise(SIGINT);
    cr_expect(false, "the signal was still held back");
}

/* Only a terminal is told; standard error of a script stays as it is. */
Test(progress, what_is_no_terminal_sees_nothing)
{
    char text[64] = "";
    FILE *err = fmemopen(text, sizeof text, "w");
    struct progress p;
    const struct export_watch *watch = progress_begin(&p, err, "t.jsonl");
    p.start_ns -= INT64_C(5000000000);
    cr_expect(watched_go_on(watch, 1000000));
    progress_end(&p);
    fclose(err);
    cr_expect_str_eq(text, "");
}
