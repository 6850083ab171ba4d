/* The store's mbox files: locks, and what happens without them; damage, and who finds it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support_shelf.h"

static const struct slice spool = {"/var/mail/bob", 13};

static void wait_s(struct shelf *s, int64_t seconds)
{
    (void)sim_run(&s->sim, s->sim.now + seconds * VTIME_S, false, 0);
}

/* "ok released busy": the results of `lock` events so far. */
static const char *locks(const struct shelf *s, char text[200])
{
    size_t size = 0;
    text[0] = '\0';
    for (uint32_t id = 0; id < log_count(&s->sim.log); id++) {
        const struct event_lock *lock = event_as_lock(log_at(&s->sim.log, id));
        if (!lock || size > 180)
            continue;
        cr_expect(slice_equal(log_text(&s->sim.log, lock->path), spool));
        size += (size_t)sprintf(text + size, "%s%.*s", size ? " " : "",
                                SLICE_ARG(log_text(&s->sim.log, lock->result)));
    }
    return text;
}

static struct slice content(struct shelf *s)
{
    struct disk_file file;
    cr_assert(disk_find(shelf_disk(s), spool, &file));
    return file.content;
}

Test(store_mbox, a_delivery_is_appended_under_a_lock)
{
    struct shelf s;
    char text[200];
    shelf_start(&s, "format=mbox paths=classic");
    cr_assert_eq(shelf_deliver(&s, "one", "From here\r\ncaf\xC3\xA9\r\n"), STORE_OK);
    cr_expect_str_eq(locks(&s, text), "ok released");
    cr_expect(slice_equal(content(&s), SLICE("From alice@example.com Mon Mar  3 09:00:00 2025\n"
                                             "Return-Path: <alice@example.com>\n"
                                             "Subject: one\n\n>From here\ncaf\xC3\xA9\n\n")),
              "%.*s", SLICE_ARG(content(&s)));
    cr_expect(slice_ends(shelf_folder(&s, "INBOX")->items.items[0].content,
                         SLICE("Subject: one\r\n\r\nFrom here\r\ncaf\xC3\xA9\r\n")));
    cr_expect_eq(shelf_count(&s, "sync"), 1);
    shelf_finish(&s);
}

/* A reader's change is written with the lock held, and who delivers meanwhile has to come again. */
Test(store_mbox, who_delivers_waits_while_the_file_is_written_anew)
{
    struct shelf s;
    char text[200];
    shelf_start(&s, "format=mbox paths=classic rewrite=2s");
    cr_assert_eq(shelf_deliver(&s, "one", "1\r\n"), STORE_OK);
    cr_assert_eq(shelf_deliver(&s, "two", "2\r\n"), STORE_OK);
    cr_assert_eq(account_remove(s.account, shelf_folder(&s, "INBOX"), 1), ACCOUNT_OK);
    cr_assert(store_settle(s.store, s.account));
    wait_s(&s, 1);
    cr_expect_eq(shelf_deliver(&s, "three", "3\r\n"), STORE_BUSY);
    wait_s(&s, 2);
    cr_expect_eq(shelf_deliver(&s, "three", "3\r\n"), STORE_OK);
    cr_expect_str_eq(locks(&s, text), "ok released ok released ok busy released ok released");
    shelf_crash(&s);
    cr_expect_str_eq(shelf_show(&s, "INBOX"), "4 2:two/ 3:three/");
    cr_expect_eq(shelf_count(&s, "corrupt"), 0);
    shelf_finish(&s);
}

/* Without locks both write to the same octets; the next one who opens the mailbox sees it. */
Test(store_mbox, without_locks_a_delivery_during_a_rewrite_is_damaged)
{
    struct shelf s;
    char text[200], body[2000];
    memset(body, 'x', sizeof body);
    strcpy(body + sizeof body - 10, "\r\n");
    for (int is_long = 0; is_long < 2; is_long++) {
        shelf_start(&s, "format=mbox paths=classic rewrite=2s locking=false");
        for (int i = 0; i < 6; i++)
            cr_assert_eq(shelf_deliver(&s, "old", "old body\r\n"), STORE_OK);
        cr_assert_eq(account_remove(s.account, shelf_folder(&s, "INBOX"), 1), ACCOUNT_OK);
        cr_assert(store_settle(s.store, s.account));
        wait_s(&s, 1);
        cr_expect_eq(shelf_deliver(&s, "new", is_long ? body : "short\r\n"), STORE_OK);
        wait_s(&s, 2);
        cr_expect_eq(slice_find(content(&s), SLICE("Subject: new"), 0), SLICE_NONE,
                     "its beginning is overwritten");
        cr_expect_eq(slice_find(content(&s), SLICE("xxxx"), 0) != SLICE_NONE, is_long == 1,
                     "of a long one the end is left");
        cr_expect_eq(shelf_count(&s, "corrupt"), 0, "nobody has looked");
        shelf_open(&s);
        cr_expect_gt(shelf_count(&s, "corrupt"), 0);
        for (size_t i = 0; i < shelf_folder(&s, "INBOX")->items.count; i++)
            cr_expect_eq(slice_find(shelf_folder(&s, "INBOX")->items.items[i].content,
                                    SLICE("Subject: new"), 0),
                         SLICE_NONE);
        cr_expect_str_eq(locks(&s, text), "");
        shelf_finish(&s);
    }
}

Test(store_mbox, without_locks_nothing_happens_where_nobody_comes_between)
{
    struct shelf s;
    shelf_start(&s, "format=mbox paths=classic rewrite=2s locking=false");
    for (int i = 0; i < 3; i++)
        cr_assert_eq(shelf_deliver(&s, "old", "old body\r\n"), STORE_OK);
    cr_assert_eq(account_remove(s.account, shelf_folder(&s, "INBOX"), 1), ACCOUNT_OK);
    cr_assert(store_settle(s.store, s.account));
    wait_s(&s, 3);
    cr_assert_eq(shelf_deliver(&s, "new", "new body\r\n"), STORE_OK);
    shelf_crash(&s);
    cr_expect_str_eq(shelf_show(&s, "INBOX"), "5 2:old/ 3:old/ 4:new/");
    cr_expect_eq(shelf_count(&s, "corrupt"), 0);
    shelf_finish(&s);
}

/* Half of what was written last has reached the disk. */
Test(store_mbox, a_torn_message_is_found_and_does_not_swallow_the_next_one)
{
    struct shelf s;
    for (int is_mbox = 0; is_mbox < 2; is_mbox++) {
        shelf_start(&s, is_mbox ? "format=mbox paths=classic" : "paths=classic");
        cr_assert_eq(shelf_deliver(&s, "one", "1\r\n"), STORE_OK);
        office_crash_after(&s.office, s.host, 1, DISK_TEARS_LAST);
        cr_expect_eq(shelf_deliver(&s, "torn",
                                   "a body that is longer than its header is, for "
                                   "then the half of it is a header and more\r\n"),
                     STORE_FULL);
        wait_s(&s, 1);
        office_set_host_up(&s.office, s.host, true);
        cr_assert_eq(shelf_deliver(&s, "torn", "whole\r\n"), STORE_OK);
        shelf_open(&s);
        const struct account_folder *inbox = shelf_folder(&s, "INBOX");
        cr_expect_eq(inbox->items.count, is_mbox ? 3 : 2, "a Maildir's half is in tmp");
        cr_expect(slice_ends(inbox->items.items[inbox->items.count - 1].content,
                             SLICE("\r\n\r\nwhole\r\n")));
        cr_expect_eq(shelf_count(&s, "corrupt") > 0, is_mbox == 1);
        shelf_finish(&s);
    }
}

/* Who sends fields of those names can't set flags or UIDs with them. */
Test(store_mbox, marks_that_come_with_a_message_do_not_count)
{
    struct shelf s;
    shelf_start(&s, "format=mbox paths=classic");
    cr_assert_eq(store_put(s.store, SLICE("bob@example.org"),
                           SLICE("Status: RO\r\nX-UID: 77\r\nX-IMAPbase: 5 99\r\nx-status: D\r\n"
                                 "Subject: s\r\nContent-Length: 3\r\n\r\n"),
                           SLICE("body\r\n"), 1),
                 STORE_OK);
    shelf_crash(&s);
    cr_expect_str_eq(shelf_show(&s, "INBOX"), "2 1:s/");
    cr_expect(slice_equal(shelf_folder(&s, "INBOX")->items.items[0].content,
                          SLICE("Subject: s\r\n\r\nbody\r\n")));
    shelf_finish(&s);
}

Test(store_mbox, uids_of_a_damaged_file_do_not_go_down)
{
    struct shelf s;
    shelf_start(&s, "format=mbox paths=classic");
    cr_assert(disk_write(shelf_disk(&s), spool,
                         SLICE("From a@x Mon Mar  3 09:00:00 2025\n"
                               "X-IMAPbase: 500 9\nX-UID: 7\nSubject: a\n\n\n"
                               "From a@x Mon Mar  3 09:00:00 2025\nX-UID: 3\nSubject: b\n\n\n"
                               "From a@x Mon Mar  3 09:00:00 2025\nX-UID: 400\nSubject: c\n\n\n"),
                         SLICE(""), 0) &&
              disk_sync(shelf_disk(&s), spool));
    shelf_crash(&s);
    cr_expect_str_eq(shelf_show(&s, "INBOX"), "11 7:a/ 9:b/ 10:c/");
    cr_expect_eq(shelf_folder(&s, "INBOX")->uidvalidity, 500);
    shelf_finish(&s);
}
