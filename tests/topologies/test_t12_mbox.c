/* L12, mbox and Maildir: its checks, in its words. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/topologies/support_run.h"

static const char box[] = "bob@example.org/INBOX";

static struct world *start(const char *format)
{
    struct world *world = support_world_shipped("t12-mbox-maildir", 1);
    char action[60];
    snprintf(action, sizeof action, "set store format=%s", format);
    support_do(world, 0, action);
    return world;
}

static void send_at(struct world *world, int64_t t, const char *subject)
{
    char action[160];
    snprintf(action, sizeof action,
             "send from=alice@example.com to=bob@example.org subject=%s "
             "body=\"first\\nFrom here on\\n\"",
             subject);
    support_do(world, t, action);
}

/* Step 1, C1201: three messages in each format, and the lock of the one that needs it. */
Test(t12, three_messages_in_each_format)
{
    static const char *const formats[] = {"mbox", "maildir"};
    for (size_t i = 0; i < 2; i++) {
        struct world *world = start(formats[i]);
        for (int n = 1; n <= 3; n++) {
            char subject[8];
            snprintf(subject, sizeof subject, "M%d", n);
            send_at(world, n * VTIME_S, subject);
        }
        support_do(world, VTIME_MIN, "fetch by=mua1");
        support_do(world, 2 * VTIME_MIN, "fetch by=mua2");
        support_do(world, 3 * VTIME_MIN, "fetch by=pc-bob");
        const struct log *log = support_run(world);
        for (uint32_t msg = 1; msg <= 3; msg++)
            cr_expect_eq(support_copies(log, msg, box), 1);
        cr_expect_eq(support_exists(log, "lock path=/var/mail/bob who=mda result=ok"), i == 0);
        cr_expect_eq(support_exists(log, "file at=hub op=rename path~/home/bob/Maildir/new/"),
                     i == 1);
        cr_expect_eq(support_matches(log, "fetch by=mua1 proto=file"), 3);
        cr_expect_eq(support_matches(log, "fetch by=mua2 proto=file"), 3);
        cr_expect_eq(support_matches(log, "fetch by=mua-bob proto=pop3"), 3);
        cr_expect_not(support_exists(log, "file op=corrupt"));
        world_destroy(world);
    }
}

/* Step 3, C1202: the delivery comes while MUA 1 writes the mailbox anew. */
Test(t12, without_a_lock_an_mbox_is_damaged_and_a_maildir_is_not)
{
    static const char *const formats[] = {"mbox", "maildir"};
    for (size_t i = 0; i < 2; i++) {
        struct world *world = start(formats[i]);
        send_at(world, VTIME_S, "M1");
        send_at(world, 2 * VTIME_S, "M2");
        support_do(world, 10 * VTIME_S, "fetch by=mua1");
        support_do(world, 20 * VTIME_S, "fault no-lock on");
        support_do(world, 30 * VTIME_S, "delete by=mua1 message=1");
        support_do(world, 40 * VTIME_S, "expunge by=mua1");
        send_at(world, 40 * VTIME_S, "M3");
        support_do(world, 60 * VTIME_S, "fetch by=mua2");
        const struct log *log = support_run(world);
        cr_expect_eq(support_exists(log, "file at=hub op=corrupt path=/var/mail/bob"), i == 0);
        cr_expect_not(support_exists(log, "file at=hub op=corrupt path~/home/bob/Maildir"));
        cr_expect_eq(support_exists(log, "fetch by=mua2 msg=3"), i == 1);
        world_destroy(world);
    }
}

/* The same with the lock: who delivers finds it taken, and comes again. */
Test(t12, with_the_lock_who_comes_second_waits)
{
    struct world *world = start("mbox");
    send_at(world, VTIME_S, "M1");
    support_do(world, 10 * VTIME_S, "fetch by=mua1");
    support_do(world, 30 * VTIME_S, "delete by=mua1 message=1");
    support_do(world, 40 * VTIME_S, "expunge by=mua1");
    send_at(world, 40 * VTIME_S, "M2");
    support_do(world, 60 * VTIME_S, "fetch by=mua2");
    const struct log *log = support_run(world);
    cr_expect(support_before(log, "lock who=mda result=busy", "deliver msg=2"));
    cr_expect_not(support_exists(log, "file op=corrupt"));
    cr_expect(support_exists(log, "fetch by=mua2 msg=2"));
    cr_expect_not(support_exists(log, "fetch by=mua2 msg=1"));
    world_destroy(world);
}

/* Step 4, C1203: the power fails while the message is written; the MTA tries again. */
Test(t12, after_a_crash_a_maildir_has_one_complete_copy)
{
    struct world *world = start("maildir");
    support_do(world, VTIME_S, "fault crash-mid-write on");
    send_at(world, 2 * VTIME_S, "M3");
    support_do(world, 5 * VTIME_MIN, "fault crash-mid-write off");
    support_do(world, 3 * VTIME_H, "fetch by=mua1");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "crash at=hub") && support_exists(log, "boot at=hub"));
    cr_expect_eq(support_copies(log, 1, box), 1);
    cr_expect(support_exists(log, "file at=hub op=rename path~/new/"));
    cr_expect_eq(support_matches(log, "fetch by=mua1 proto=file"), 1);
    world_destroy(world);
}

Test(t12, after_a_crash_an_mbox_has_half_a_message_as_well)
{
    struct world *world = start("mbox");
    support_do(world, VTIME_S, "fault crash-mid-write on");
    send_at(world, 2 * VTIME_S, "M2");
    support_do(world, 5 * VTIME_MIN, "fault crash-mid-write off");
    support_do(world, 3 * VTIME_H, "fetch by=mua1");
    const struct log *log = support_run(world);
    cr_expect_eq(support_copies(log, 1, box), 1);
    cr_expect(support_exists(log, "file at=hub op=corrupt path=/var/mail/bob"));
    cr_expect_eq(support_matches(log, "fetch by=mua1 proto=file"), 2);
    world_destroy(world);
}

Test(t12, a_full_disk_makes_the_sender_wait)
{
    struct world *world = start("mbox");
    support_do(world, VTIME_S, "fault disk-full on");
    send_at(world, 2 * VTIME_S, "M1");
    support_do(world, 5 * VTIME_MIN, "fault disk-full off");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "reject at=hub code=452"));
    cr_expect_eq(support_copies(log, 1, box), 1);
    world_destroy(world);
}

Test(t12, its_demonstration_runs_and_runs_again)
{
    struct world *world = support_run_demo("t12-mbox-maildir");
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "file op=corrupt path=/var/mail/bob"));
    cr_expect_eq(support_copies(log, support_message(log, "Four"), box), 1);
    world_destroy(world);
}
