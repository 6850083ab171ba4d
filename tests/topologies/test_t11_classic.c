/* L11, the classic Unix box: its checks, in its words. */
#include <criterion/criterion.h>

#include "tests/topologies/support_run.h"

static const char bob[] = "bob@example.org/INBOX", alice[] = "alice@example.com/INBOX";
#define TO_BOB "send from=alice@example.com to=bob@example.org subject="
#define TO_ALICE "send from=bob@example.org to=alice@example.com subject="

/* Steps 1 and 2, C1101 and C1102: the spool is a file, and who may read files needs no server. */
Test(t11, two_programs_read_one_spool_and_nobody_logs_in)
{
    struct world *world = support_world_shipped("t11-classic-unix", 1);
    support_do(world, 0, TO_BOB "M");
    support_do(world, VTIME_MIN, "fetch by=mua1");
    support_do(world, 2 * VTIME_MIN, "fetch by=mua2");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "deliver at=hub msg=1"));
    cr_expect_not(support_exists(log, "pop.cmd to=hub") || support_exists(log, "imap.cmd to=hub"));
    cr_expect(support_exists(log, "file at=hub path=/var/mail/bob"));
    cr_expect(support_exists(log, "fetch by=mua1 msg=1 proto=file"));
    cr_expect(support_exists(log, "fetch by=mua2 msg=1 proto=file"));
    cr_expect_eq(support_copies(log, 1, bob), 1);
    world_destroy(world);
}

/* Step 3, C1103: the program writes a queue file, and the MTA asks for the MX. */
Test(t11, the_mta_asks_for_the_mx_and_the_program_speaks_no_smtp)
{
    struct world *world = support_world_shipped("t11-classic-unix", 1);
    support_do(world, 0, TO_ALICE "M2");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "dns.query from=hub name=example.com type=MX"));
    cr_expect_not(support_exists(log, "smtp.cmd from=mua1"));
    cr_expect(support_exists(log, "smtp.cmd from=mta to=out verb=MAIL"));
    cr_expect(support_exists(log, "file at=hub op=write path~/var/spool/mailflow/mta/"));
    /* R4: one Received field for the sendmail command, and one of the other side. */
    cr_expect_str_eq(support_path(log, 1, alice), "hub out");
    world_destroy(world);
}

/* Step 4, C1104: it waited, then left; and Bob saw no error. */
Test(t11, what_is_sent_while_the_mta_is_stopped_waits_in_the_queue)
{
    struct world *world = support_world_shipped("t11-classic-unix", 1);
    support_do(world, 0, "fault hub-mta-stopped on");
    support_do(world, VTIME_MIN, TO_ALICE "M3");
    support_do(world, 10 * VTIME_MIN, "fault hub-mta-stopped off");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "queue.add at=hub msg=1"));
    cr_expect(support_before(log, "queue.add at=hub msg=1", "start at=mta"));
    cr_expect(support_before(log, "start at=mta", "dns.query from=hub name=example.com type=MX"));
    cr_expect_eq(support_copies(log, 1, alice), 1);
    world_destroy(world);
}

/* Step 5: four doors, of which one is open; there DEBUG is no command any more (RFC 1135). */
Test(t11, the_worm_tries_four_doors)
{
    struct world *world = support_world_shipped("t11-classic-unix", 1);
    support_do(world, 0, "fault worm-1988 on");
    support_do(world, VTIME_MIN, "fault worm-1988 off");
    const struct log *log = support_run(world);
    cr_expect_eq(support_matches(log, "tcp.connect from=worm to=hub"), 4);
    cr_expect_eq(support_matches(log, "tcp.open from=worm to=hub result=refused"), 3);
    cr_expect(support_exists(log, "smtp.cmd from=worm to=hub verb=DEBUG"));
    cr_expect(support_exists(log, "smtp.reply verb=DEBUG code=500"));
    cr_expect_not(support_exists(log, "accept at=hub"));
    world_destroy(world);
}

Test(t11, a_worm_that_is_stopped_knocks_no_more_and_begins_anew)
{
    struct world *world = support_world_shipped("t11-classic-unix", 1);
    support_do(world, 0, "fault worm-1988 on");
    support_do(world, 6 * VTIME_S, "fault worm-1988 off");
    support_do(world, VTIME_MIN, "fault worm-1988 on");
    const struct log *log = support_run(world);
    cr_expect_eq(support_matches(log, "tcp.connect from=worm to=hub"), 2 + 4);
    world_destroy(world);
}

/* Step 5: with port 25 closed to the world nothing comes in from there; at home all works. */
Test(t11, with_the_door_closed_only_mail_from_outside_stops)
{
    struct world *world = support_world_shipped("t11-classic-unix", 1);
    support_do(world, 0, "set mta listen=127.0.0.1");
    support_do(world, VTIME_S, TO_BOB "outside");
    support_do(world, VTIME_S, "send from=bob@example.org to=bea@example.org subject=inside");
    support_do(world, VTIME_S, TO_ALICE "away");
    support_do(world, VTIME_MIN, "fault worm-1988 on");
    world_run_until(world, 5 * VTIME_MIN);
    const struct log *log = world_log(world);
    cr_expect_eq(support_copies(log, support_message(log, "outside"), bob), 0);
    cr_expect_eq(support_copies(log, support_message(log, "inside"), "bea@example.org/INBOX"), 1);
    cr_expect_eq(support_copies(log, support_message(log, "away"), alice), 1);
    cr_expect_eq(support_matches(log, "tcp.open from=worm to=hub result=refused"), 4);
    world_destroy(world);
}

Test(t11, its_demonstration_runs_and_runs_again)
{
    struct world *world = support_run_demo("t11-classic-unix");
    const struct log *log = world_log(world);
    cr_expect_eq(support_copies(log, support_message(log, "Into the queue"), alice), 1);
    cr_expect_eq(support_copies(log, support_message(log, "From the world"), bob), 1);
    world_destroy(world);
}
