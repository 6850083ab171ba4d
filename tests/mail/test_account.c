/* The mailbox model's messages: RFC 9051 2.3, RFC 7162 3.1, and the keeper that may refuse. */
#include "agents/mail/account.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "support_account.h"

/* ---- messages ---- */

Test(account, uids_ascend_and_are_never_used_twice)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    keeper_put(&k, "INBOX", 0);
    uint32_t second = keeper_put(&k, "INBOX", 0);
    account_remove(&k.account, keeper_folder(&k, "INBOX"), second);
    cr_expect_eq(keeper_folder(&k, "INBOX")->uidnext,
                 3); /* RFC 9051 2.3.1.1: it does not go back */
    keeper_put(&k, "INBOX", 0);
    keeper_expect_picture(&k, "INBOX 1 3\n");
    cr_expect_eq(keeper_folder(&k, "INBOX")->gone.count, 1);
    cr_expect_eq(keeper_folder(&k, "INBOX")->gone.items[0].uid, second);
    keeper_stop(&k);
}

Test(account, each_change_has_a_modseq_that_none_had_before)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    struct account_folder *inbox = keeper_folder(&k, "INBOX");
    keeper_put(&k, "INBOX", 0);
    keeper_put(&k, "INBOX", 0);
    uint64_t first = inbox->items.items[0].modseq, second = inbox->items.items[1].modseq;
    cr_expect(first < second);
    cr_expect_eq(inbox->highest_modseq, second);
    account_set_flags(&k.account, inbox, 1, ACCOUNT_SEEN);
    cr_expect(inbox->items.items[0].modseq > second);
    cr_expect_eq(inbox->highest_modseq, inbox->items.items[0].modseq);
    uint64_t before = inbox->highest_modseq, version = inbox->version;
    account_set_flags(&k.account, inbox, 1, ACCOUNT_SEEN); /* changes nothing: RFC 7162 3.1 */
    cr_expect_eq(inbox->highest_modseq, before);
    cr_expect_eq(inbox->version, version);
    account_remove(&k.account, inbox, 1);
    cr_expect(inbox->highest_modseq > before);
    cr_expect_eq(inbox->gone.items[0].modseq, inbox->highest_modseq);
    keeper_stop(&k);
}

Test(account, a_copy_keeps_flags_keywords_and_dates_and_gets_its_own_uid)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    keeper_make(&k, "Work");
    struct account_folder *inbox = keeper_folder(&k, "INBOX"), *work = keeper_folder(&k, "Work");
    uint64_t other = account_flag(&k.account, work, SLICE("$Other"), true);
    uint64_t mark = account_flag(&k.account, inbox, SLICE("$Forwarded"), true);
    cr_expect_eq(other, mark, "the same bit means another keyword in each folder");
    uint32_t uid = keeper_put(&k, "INBOX", ACCOUNT_SEEN | mark), copy;
    k.account.now_s = 6000;
    cr_assert_eq(account_copy(&k.account, inbox, uid, work, &copy), ACCOUNT_OK);
    const struct account_item *item = account_item(work, copy);
    uint64_t bit = account_flag(&k.account, work, SLICE("$forwarded"), false);
    cr_expect(bit != 0 && bit != mark);
    cr_expect_eq(item->flags, ACCOUNT_SEEN | bit);
    cr_expect_eq(item->internal_s, 77);
    cr_expect_eq(item->zone_min, 60);
    cr_expect_eq(item->msg, 3);
    cr_expect_eq(item->saved_s, 6000);
    cr_expect_eq(account_item(inbox, uid)->saved_s, 5000);
    keeper_stop(&k);
}

Test(account, a_move_leaves_the_message_in_one_place)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    keeper_make(&k, "Work");
    uint32_t uid = keeper_put(&k, "INBOX", 0), new_uid;
    keeper_put(&k, "INBOX", 0);
    uint64_t octets = k.account.octets;
    cr_assert_eq(account_move(&k.account, keeper_folder(&k, "INBOX"), uid,
                              keeper_folder(&k, "Work"), &new_uid),
                 ACCOUNT_OK);
    keeper_expect_picture(&k, "INBOX 2\nWork 1\n");
    cr_expect_eq(k.account.octets, octets);
    cr_expect_eq(k.leaving, 1);
    /* to the same folder: a new UID (RFC 9051 6.4.8) */
    cr_assert_eq(account_move(&k.account, keeper_folder(&k, "INBOX"), 2, keeper_folder(&k, "INBOX"),
                              &new_uid),
                 ACCOUNT_OK);
    keeper_expect_picture(&k, "INBOX 3\nWork 1\n");
    keeper_stop(&k);
}

/* As an EXPUNGE takes them: ascending, each remembered, up to the first that the keeper keeps. */
Test(account, many_removals_at_once_are_what_one_after_the_other_would_be)
{
    static const uint32_t uids[] = {1, 3, 4, 9};
    for (unsigned refuse = 0; refuse < 2; refuse++) {
        struct keeper k;
        size_t removed;
        keeper_start(&k, 0, 0);
        struct account_folder *inbox = keeper_folder(&k, "INBOX");
        for (int i = 0; i < 5; i++)
            keeper_put(&k, "INBOX", 0);
        k.refuse = refuse ? k.asked + 2 : 0;
        cr_expect_eq(account_remove_all(&k.account, inbox, uids, 4, &removed),
                     refuse ? ACCOUNT_REFUSED : ACCOUNT_OK);
        cr_expect_eq(removed, refuse ? 1 : 3);
        cr_expect_eq(inbox->gone.count, removed);
        cr_expect_eq(inbox->gone.items[removed - 1].uid, refuse ? 1 : 4);
        cr_expect_eq(inbox->gone.items[removed - 1].modseq, inbox->highest_modseq);
        cr_expect_eq(k.account.octets, 14 * (5 - removed));
        keeper_expect_picture(&k, refuse ? "INBOX 2 3 4 5\n" : "INBOX 2 5\n");
        cr_expect_eq(account_remove_all(&k.account, inbox, NULL, 0, &removed), ACCOUNT_OK);
        cr_expect_eq(removed, 0);
        keeper_stop(&k);
    }
}

Test(account, what_does_not_fit_into_the_quota_is_refused)
{
    struct keeper k;
    keeper_start(&k, 0, 30); /* a message has 14 octets */
    keeper_put(&k, "INBOX", 0);
    keeper_put(&k, "INBOX", 0);
    struct account_item item = {0};
    uint32_t uid;
    struct account_folder *inbox = keeper_folder(&k, "INBOX");
    cr_expect_eq(account_append(&k.account, inbox, &item, SLICE("A: b\r\n\r\n"), SLICE("")),
                 ACCOUNT_OVER_QUOTA);
    cr_expect_eq(account_copy(&k.account, inbox, 1, inbox, &uid), ACCOUNT_OVER_QUOTA);
    cr_expect_eq(account_move(&k.account, inbox, 1, inbox, &uid), ACCOUNT_OK);
    cr_expect_eq(account_remove(&k.account, inbox, 2), ACCOUNT_OK);
    cr_expect_eq(account_copy(&k.account, inbox, 3, inbox, &uid), ACCOUNT_OK);
    cr_expect_eq(k.account.octets, 28);
    keeper_stop(&k);
}

Test(account, keywords_have_bits_of_their_own_until_there_is_no_room)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    struct account_folder *inbox = keeper_folder(&k, "INBOX");
    uint64_t all = 0;
    for (int i = 0; i < ACCOUNT_KEYWORDS_MAX; i++) {
        char name[20];
        snprintf(name, sizeof name, "word%d", i);
        uint64_t bit = account_flag(&k.account, inbox, slice_of(name), true);
        cr_assert(bit != 0 && (all & bit) == 0);
        all |= bit;
    }
    cr_expect_eq(account_flag(&k.account, inbox, SLICE("one-more"), true), 0);
    cr_expect_eq(account_flag(&k.account, inbox, SLICE("WORD7"), true),
                 UINT64_C(1) << (ACCOUNT_KEYWORD_FIRST + 7));
    cr_expect_eq(account_flag(&k.account, inbox, SLICE("\\Seen"), false), ACCOUNT_SEEN);
    cr_expect_eq(account_flag(&k.account, inbox, SLICE("\\Recent"), true), 0);
    cr_expect(slice_equal(account_flag_name(inbox, 1), SLICE("\\Flagged")));
    cr_expect(slice_equal(account_flag_name(inbox, ACCOUNT_KEYWORD_FIRST + 7), SLICE("word7")));
    keeper_stop(&k);
}

Test(account, removals_are_remembered_up_to_a_limit_that_is_known)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    struct account_folder *inbox = keeper_folder(&k, "INBOX");
    for (int i = 0; i < ACCOUNT_GONE_MAX + 5; i++)
        account_remove(&k.account, inbox, keeper_put(&k, "INBOX", 0));
    cr_expect(inbox->gone.count <= ACCOUNT_GONE_MAX);
    cr_expect(inbox->gone.items[0].modseq > inbox->gone_since);
    cr_expect_eq(inbox->gone.items[inbox->gone.count - 1].uid, ACCOUNT_GONE_MAX + 5);
    keeper_stop(&k);
}

/* ---- a keeper that refuses ---- */

/* A day in the life of an account; each step is a change that can be refused by itself. */
static enum account_result step(struct keeper *k, int number)
{
    struct account_item item = {0};
    struct account_folder *inbox = keeper_folder(k, "INBOX"), *a = keeper_folder(k, "a");
    uint32_t uid;
    switch (number) {
    case 0:
        return account_append(&k->account, inbox, &item, SLICE("A: b\r\n\r\n"), SLICE("x"));
    case 1:
        return keeper_make(k, "a");
    case 2:
        return account_copy(&k->account, inbox, 1, a, &uid);
    case 3:
        return account_set_flags(&k->account, a, 1, ACCOUNT_FLAGGED);
    case 4:
        return account_move(&k->account, inbox, 1, a, &uid);
    case 5:
        return keeper_make(k, "a/b");
    case 6:
        return account_rename(&k->account, SLICE("a"), SLICE("c"));
    case 7:
        return account_remove(&k->account, keeper_folder(k, "c"), 2);
    default:
        return account_delete(&k->account, SLICE("c"));
    }
}
enum { STEPS = 9, QUESTIONS = 10 }; /* the rename has two folders to ask about */

Test(account, a_change_that_the_keeper_refuses_has_not_happened)
{
    for (unsigned refuse = 1; refuse <= QUESTIONS; refuse++) {
        struct keeper k;
        struct bytes before, after;
        bool was_refused = false;
        keeper_start(&k, refuse, 0);
        bytes_init(&before, 4096);
        bytes_init(&after, 4096);
        for (int number = 0; number < STEPS && !was_refused; number++) {
            keeper_picture(&k, &before);
            uint64_t octets = k.account.octets;
            enum account_result result = step(&k, number);
            was_refused = result != ACCOUNT_OK;
            keeper_picture(&k, &after);
            if (was_refused) {
                cr_expect_eq(result, ACCOUNT_REFUSED);
                cr_expect(slice_equal(bytes_slice(&before), bytes_slice(&after)), "%.*s",
                          SLICE_ARG(bytes_slice(&after)));
                cr_expect_eq(k.account.octets, octets);
                cr_expect_eq(step(&k, number), ACCOUNT_OK, "it can be tried again");
            }
        }
        cr_expect(was_refused, "%u", refuse);
        bytes_finish(&before);
        bytes_finish(&after);
        keeper_stop(&k);
    }
}

Test(account, watchers_hear_of_each_change_until_they_go)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    for (int number = 0; number < STEPS; number++) {
        unsigned before = k.changed;
        cr_expect_eq(step(&k, number), ACCOUNT_OK);
        cr_expect(k.changed > before, "%d", number);
    }
    account_remove_watch(&k.account, &k.watch);
    unsigned before = k.changed;
    keeper_make(&k, "quiet");
    cr_expect_eq(k.changed, before);
    keeper_stop(&k);
}

Test(account, without_a_keeper_it_is_memory_only)
{
    struct account a;
    struct account_item item = {0};
    account_init(&a, SLICE("alice@example.com"), 1, 0, NULL);
    struct account_folder *inbox = account_find(&a, SLICE("INBOX"));
    cr_assert_eq(account_append(&a, inbox, &item, SLICE("A: b\r\n\r\n"), SLICE("text")),
                 ACCOUNT_OK);
    cr_expect(slice_equal(account_item(inbox, 1)->content, SLICE("A: b\r\n\r\ntext")));
    account_finish(&a);
}
