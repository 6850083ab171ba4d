/* The clock after a run until all is quiet: work that is handed in is run again by its times. */
#include <criterion/criterion.h>

#include "sim/base/vtime.h"
#include "support_world.h"

static void act(struct world *w, int64_t t, const char *action)
{
    struct problem problem = {0};
    cr_assert(world_do(w, t, slice_of(action), &problem), "%s", problem.what);
}

/*
 * A phone sits in IDLE while its line is cut, and a message is removed elsewhere. The store tells
 * the phone, in vain, and gives the connection up at last: no event says so, as the phone does not
 * know of it yet. Who then does the same at the same times, without waiting for quiet, gets the
 * same run.
 */
static void begin(struct world *w)
{
    act(w, 0, "idle by=pc-bob on");
    act(w, 0, "idle by=phone-bob on");
    world_run_until(w, 10 * VTIME_S);
    act(w, 10 * VTIME_S, "send from=alice@example.com to=bob@example.org subject=Old");
    world_run_until(w, 20 * VTIME_S);
    act(w, 20 * VTIME_S, "fault phone-offline on");
    act(w, 20 * VTIME_S, "delete by=pc-bob message=Old");
    act(w, 20 * VTIME_S, "expunge by=pc-bob");
}

static void end(struct world *w, int64_t t)
{
    act(w, t, "fault phone-offline off");
    act(w, t, "fetch by=phone-bob");
    world_run_until(w, t + 5 * 60 * VTIME_S);
}

Test(world_clock, who_does_the_same_at_the_same_times_gets_the_same_run)
{
    struct world *played = support_world_shipped("t16-imap", 1),
                 *again = support_world_shipped("t16-imap", 1);
    begin(played);
    world_run_quiet(played, VTIME_NEVER);
    int64_t t = world_now(played);
    end(played, t);

    begin(again);
    world_run_until(again, t);
    end(again, t);
    cr_expect(t > 5 * 60 * VTIME_S, "the store has given up by then");
    cr_expect_eq(support_hash(world_log(played)), support_hash(world_log(again)));
    world_destroy(again);
    world_destroy(played);
}
