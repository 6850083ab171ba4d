/* What a store finds in its files when its host starts again, in both formats. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support_shelf.h"

static const char *const formats[] = {"format=maildir", "format=mbox", "format=mbox quoting=mboxo"};
enum { FORMATS = 3 };

/* As an access server does, and until what it began is done. */
static void settle(struct shelf *s)
{
    cr_assert(store_settle(s->store, s->account));
    (void)sim_run(&s->sim, s->sim.now + 10 * VTIME_S, false, 0);
}

static void set_flags(struct shelf *s, const char *folder_name, uint32_t uid, uint64_t flags,
                      const char *keyword)
{
    struct account_folder *folder = shelf_folder(s, folder_name);
    if (keyword)
        flags |= account_flag(s->account, folder, slice_of(keyword), true);
    cr_assert_eq(account_set_flags(s->account, folder, uid, flags), ACCOUNT_OK);
}

Test(store_crash, messages_uids_flags_and_keywords_are_there_again)
{
    for (size_t i = 0; i < FORMATS; i++) {
        struct shelf s;
        shelf_start(&s, formats[i]);
        for (int n = 1; n <= 5; n++) {
            char subject[8];
            snprintf(subject, sizeof subject, "s%d", n);
            cr_assert_eq(shelf_deliver(&s, subject, "body\r\n"), STORE_OK);
        }
        settle(&s);
        struct account_folder *inbox = shelf_folder(&s, "INBOX");
        set_flags(&s, "INBOX", 1, ACCOUNT_SEEN | ACCOUNT_ANSWERED, NULL);
        set_flags(&s, "INBOX", 2, ACCOUNT_FLAGGED | ACCOUNT_DELETED | ACCOUNT_DRAFT, "$Work");
        set_flags(&s, "INBOX", 4, 0, "$Junk");
        cr_assert_eq(account_remove(s.account, inbox, 5), ACCOUNT_OK);
        uint32_t uidvalidity = inbox->uidvalidity;
        uint64_t modseq = inbox->highest_modseq;
        settle(&s);
        /* a Maildir's flags are names that nobody has synced: such a change may be lost */
        cr_assert_eq(shelf_deliver(&s, "s6", "body\r\n"), STORE_OK);
        shelf_crash(&s);
        const char *shown = shelf_show(&s, "INBOX");
        cr_expect_str_eq(shown,
                         i == 0 ? "7 1:s1/ 2:s2/$Work 3:s3/ 4:s4/$Junk 6:s6/"
                                : "7 1:s1/AS 2:s2/FDD$Work 3:s3/ 4:s4/$Junk 6:s6/",
                         "%s: %s", formats[i], shown);
        cr_expect_eq(shelf_folder(&s, "INBOX")->uidvalidity, uidvalidity);
        cr_expect_gt(shelf_folder(&s, "INBOX")->items.items[0].modseq, modseq);
        for (size_t k = 0; k < 5; k++)
            cr_expect_neq(shelf_folder(&s, "INBOX")->items.items[k].msg, 0, "%s", formats[i]);
        shelf_finish(&s);
    }
}

Test(store_crash, folders_special_uses_and_subscriptions_are_there_again)
{
    for (size_t i = 0; i < 2; i++) {
        struct shelf s;
        struct account_item item = {.msg = 1, .internal_s = 1740000000};
        shelf_start(&s, formats[i]);
        cr_assert_eq(account_create(s.account, SLICE("Sent"), "\\Sent"), ACCOUNT_OK);
        cr_assert_eq(account_create(s.account, SLICE("a/b.c/d"), NULL), ACCOUNT_OK);
        cr_assert_eq(account_create(s.account, SLICE("gone"), NULL), ACCOUNT_OK);
        cr_assert(account_subscribe(s.account, SLICE("a/b.c/d"), true));
        for (int n = 0; n < 2; n++)
            cr_assert_eq(account_append(s.account, shelf_folder(&s, "a/b.c/d"), &item,
                                        SLICE("Subject: kept\r\n\r\n"), SLICE("body\r\n")),
                         ACCOUNT_OK);
        settle(&s);
        uint32_t uidvalidity = shelf_folder(&s, "a/b.c/d")->uidvalidity;
        cr_assert_eq(account_delete(s.account, SLICE("gone")), ACCOUNT_OK);
        cr_assert_eq(account_delete(s.account, SLICE("a/b.c")), ACCOUNT_OK);
        uint32_t uid;
        cr_assert_eq(
            account_move(s.account, shelf_folder(&s, "a/b.c/d"), 1, shelf_folder(&s, "Sent"), &uid),
            ACCOUNT_OK);
        settle(&s);
        shelf_crash(&s);
        cr_expect_str_eq(shelf_show(&s, "a/b.c/d"), "3 2:kept/", "%s", formats[i]);
        cr_expect_str_eq(shelf_show(&s, "Sent"), "2 1:kept/", "%s", formats[i]);
        cr_expect_eq(shelf_folder(&s, "a/b.c/d")->items.items[0].internal_s, 1740000000);
        cr_expect_eq(shelf_folder(&s, "a/b.c/d")->uidvalidity, uidvalidity);
        cr_expect_null(account_find(s.account, SLICE("gone")));
        cr_expect_not(shelf_folder(&s, "a/b.c")->is_selectable, "a mere name");
        cr_expect(shelf_folder(&s, "a")->is_selectable);
        cr_expect(account_is_subscribed(s.account, SLICE("a/b.c/d")));
        if (i == 0)
            cr_expect_str_eq(shelf_folder(&s, "Sent")->use, "\\Sent");
        cr_assert_eq(account_create(s.account, SLICE("gone"), NULL), ACCOUNT_OK);
        cr_expect_gt(shelf_folder(&s, "gone")->uidvalidity, uidvalidity);
        shelf_finish(&s);
    }
}

/* RFC 9051 2.3.1.1: without its UIDs a folder is another one to its clients. */
Test(store_crash, a_list_that_is_lost_or_broken_makes_a_new_uidvalidity)
{
    static const struct {
        const char *list; /* NULL: there is none */
        bool is_good;
    } rows[] = {
        {NULL, false},
        {"", false},
        {"mailflow-uidlist 2\nv 7\n", false},
        {"mailflow-uidlist 1\nv 7\nn 9\n", true},
        {"mailflow-uidlist 1\nv 7\nn 9\nu 1 0 1", true}, /* a crash cut the last line off */
        {"mailflow-uidlist 1\nn 9\n", false},
        {"mailflow-uidlist 1\nv 0\n", false},
        {"mailflow-uidlist 1\nv 7\nn 0\n", false},
        {"mailflow-uidlist 1\nv 7\nu 1 0 1 1440 x\n", false},
        {"mailflow-uidlist 1\nv 7\nu 1 G 1 1440 1 name\n", false},
        {"mailflow-uidlist 1\nv 7\nu 4294967295 0 1 1440 1 name\n", false},
        {"mailflow-uidlist 1\nv 7\nu 1 0 1 9999 1 name\n", false},
        {"mailflow-uidlist 1\nv 7\n\n", false},
        {"mailflow-uidlist 1\nv 7\nwhat 1\n", false},
    };
    const struct slice path = SLICE("/home/example.org/bob/Maildir/mailflow-uidlist");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shelf s;
        shelf_start(&s, "");
        cr_assert_eq(shelf_deliver(&s, "s1", "body\r\n"), STORE_OK);
        settle(&s);
        uint32_t uidvalidity = shelf_folder(&s, "INBOX")->uidvalidity;
        cr_assert(disk_remove(shelf_disk(&s), path));
        if (rows[i].list)
            cr_assert(disk_write(shelf_disk(&s), path, slice_of(rows[i].list), SLICE(""), 0) &&
                      disk_sync(shelf_disk(&s), path));
        shelf_crash(&s);
        uint32_t now = shelf_folder(&s, "INBOX")->uidvalidity;
        cr_expect_eq(now == 7, rows[i].is_good, "row %zu: %u", i, (unsigned)now);
        cr_expect(rows[i].is_good || now > uidvalidity, "row %zu", i);
        cr_expect_str_eq(shelf_show(&s, "INBOX"), rows[i].is_good ? "10 9:s1/" : "2 1:s1/",
                         "row %zu", i);
        settle(&s);
        shelf_crash(&s);
        cr_expect_eq(shelf_folder(&s, "INBOX")->uidvalidity, now, "row %zu: it stays", i);
        shelf_finish(&s);
    }
}

/* The list is appended to, and now and then written anew: it must say the same in both ways. */
Test(store_crash, the_list_of_uids_holds_through_many_changes_and_crashes)
{
    struct shelf s;
    struct random r;
    shelf_start(&s, "");
    random_init(&r, 3, SLICE("uids"));
    for (int round = 0; round < 400; round++) {
        struct account_folder *inbox = shelf_folder(&s, "INBOX");
        char subject[8], before[2000];
        snprintf(subject, sizeof subject, "s%d", round);
        cr_assert_eq(shelf_deliver(&s, subject, "body\r\n"), STORE_OK);
        uint64_t keyword =
            account_flag(s.account, inbox, round % 7 ? SLICE("$one") : SLICE("$two"), true);
        size_t place = random_below(&r, inbox->items.count);
        uint32_t uid = inbox->items.items[place].uid;
        cr_assert_eq(account_set_flags(s.account, inbox, uid, keyword), ACCOUNT_OK);
        if (inbox->items.count > 10)
            (void)account_remove(s.account, inbox,
                                 inbox->items.items[random_below(&r, inbox->items.count)].uid);
        settle(&s);
        if (round % 3)
            continue;
        /* keywords are in the list; the place in new or cur is a name */
        strcpy(before, shelf_show(&s, "INBOX"));
        shelf_crash(&s);
        cr_assert_str_eq(shelf_show(&s, "INBOX"), before, "round %d: %s, not %s", round,
                         shelf_show(&s, "INBOX"), before);
    }
    struct disk_file list;
    cr_assert(
        disk_find(shelf_disk(&s), SLICE("/home/example.org/bob/Maildir/mailflow-uidlist"), &list));
    cr_expect_lt(list.content.size, 12000, "it does not grow with what was");
    shelf_finish(&s);
}

Test(store_crash, what_is_left_in_tmp_goes_after_36_hours)
{
    struct shelf s;
    char old[100];
    shelf_start(&s, "");
    snprintf(old, sizeof old, "/home/example.org/bob/Maildir/tmp/%lld.M1P1Q1.mx",
             (long long)VTIME_DEFAULT_EPOCH_S);
    cr_assert(disk_write(shelf_disk(&s), slice_of(old), SLICE("half"), SLICE(""), 0));
    cr_assert(disk_sync(shelf_disk(&s), slice_of(old)));
    struct disk_file file;
    shelf_crash(&s);
    cr_expect(disk_find(shelf_disk(&s), slice_of(old), &file), "somebody may be writing it");
    cr_expect_str_eq(shelf_show(&s, "INBOX"), "1", "nobody sees it");
    (void)sim_run(&s.sim, 37 * 3600 * VTIME_S, false, 0);
    shelf_open(&s);
    cr_expect_not(disk_find(shelf_disk(&s), slice_of(old), &file));
    shelf_finish(&s);
}

static void died(void *context)
{
    *(bool *)context = true;
}

/* The power goes behind each change that a MOVE makes on the disk: the message is in one of the two
   folders when the host is up again (RFC 6851 3.3: never in both, never in none). */
Test(store_crash, a_move_that_is_cut_off_leaves_the_message_in_one_folder)
{
    for (uint32_t change = 1; change < 4; change++) {
        struct shelf s;
        bool is_dead = false;
        uint32_t uid;
        shelf_start(&s, "");
        cr_assert_eq(shelf_deliver(&s, "s1", "body\r\n"), STORE_OK);
        cr_assert_eq(account_create(s.account, SLICE("Done"), NULL), ACCOUNT_OK);
        set_flags(&s, "INBOX", 1, ACCOUNT_SEEN, NULL);
        settle(&s);
        disk_crash_after(shelf_disk(&s), change, DISK_LOSES_UNSYNCED, died, &is_dead);
        (void)account_move(s.account, shelf_folder(&s, "INBOX"), 1, shelf_folder(&s, "Done"), &uid);
        (void)store_settle(s.store, s.account);
        shelf_crash(&s);
        size_t copies =
            shelf_folder(&s, "INBOX")->items.count + shelf_folder(&s, "Done")->items.count;
        cr_expect(is_dead || change > 1, "a move changes the disk");
        cr_expect_eq(copies, 1, "behind change %" PRIu32, change);
        shelf_finish(&s);
    }
}
