/* The mailbox model's folders: RFC 9051 5.1, 6.3.4 to 6.3.8. */
#include "agents/mail/account.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "support_account.h"

Test(account_folders, names_are_checked)
{
    static const struct {
        const char *name;
        enum account_result result;
    } rows[] = {{"Work", ACCOUNT_OK},
                {"work", ACCOUNT_OK}, /* case matters, but for INBOX: RFC 9051 5.1 */
                {"Work", ACCOUNT_EXISTS},
                {"Work/", ACCOUNT_EXISTS},
                {"inbox", ACCOUNT_EXISTS},
                {"Inbox/sub", ACCOUNT_OK},
                {"INBOX/sub", ACCOUNT_EXISTS},
                {"Entw\xC3\xBCrfe", ACCOUNT_OK},
                {"", ACCOUNT_BAD_NAME},
                {"/a", ACCOUNT_BAD_NAME},
                {"a//b", ACCOUNT_BAD_NAME},
                {"a/../b", ACCOUNT_BAD_NAME},
                {".", ACCOUNT_BAD_NAME},
                {"a%", ACCOUNT_BAD_NAME},
                {"a*b", ACCOUNT_BAD_NAME},
                {"a\nb", ACCOUNT_BAD_NAME},
                {"a\xC2\x85", ACCOUNT_BAD_NAME},     /* a control character */
                {"a\xC0\x80", ACCOUNT_BAD_NAME},     /* not the shortest form */
                {"a\xED\xA0\x80", ACCOUNT_BAD_NAME}, /* half of a pair */
                {"a\xFC", ACCOUNT_BAD_NAME}};
    struct keeper k;
    keeper_start(&k, 0, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(keeper_make(&k, rows[i].name), rows[i].result, "%s", rows[i].name);
    char long_name[ACCOUNT_NAME_MAX + 2];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    cr_expect_eq(keeper_make(&k, long_name), ACCOUNT_BAD_NAME);
    cr_expect_eq(keeper_make(&k, long_name + 1), ACCOUNT_OK);
    cr_expect_not_null(account_find(&k.account, SLICE("iNbOx")));
    cr_expect_null(account_find(&k.account, SLICE("WORK")));
    keeper_stop(&k);
}

Test(account_folders, parents_are_made_and_inbox_comes_first)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    keeper_make(&k, "foo/bar/zap"); /* RFC 9051 6.3.4 */
    keeper_make(&k, "Aaa");
    keeper_expect_picture(&k, "INBOX\nAaa\nfoo\nfoo/bar\nfoo/bar/zap\n");
    cr_expect(account_has_children(&k.account, SLICE("foo")));
    cr_expect_not(account_has_children(&k.account, SLICE("foo/bar/zap")));
    cr_expect_not(account_has_children(&k.account, SLICE("fo")));
    keeper_stop(&k);
}

Test(account_folders, deleting_a_folder_leaves_those_below_it)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    keeper_make(&k, "foo/bar");
    keeper_put(&k, "foo", 0);
    keeper_put(&k, "foo/bar", 0);
    cr_expect_eq(account_delete(&k.account, SLICE("foo")), ACCOUNT_OK);
    keeper_expect_picture(&k, "INBOX\nfoo!\nfoo/bar 1\n"); /* RFC 9051 6.3.5 */
    cr_expect_eq(account_delete(&k.account, SLICE("foo")), ACCOUNT_HAS_CHILDREN);
    cr_expect_eq(account_delete(&k.account, SLICE("foo/bar")), ACCOUNT_OK);
    cr_expect_eq(account_delete(&k.account, SLICE("foo")), ACCOUNT_OK);
    cr_expect_eq(account_delete(&k.account, SLICE("foo")), ACCOUNT_NO_SUCH);
    cr_expect_eq(account_delete(&k.account, SLICE("inbox")), ACCOUNT_REFUSED);
    cr_expect_eq(k.account.octets, 0);
    cr_expect_eq(k.leaving, 2);
    keeper_expect_picture(&k, "INBOX\n");
    keeper_stop(&k);
}

Test(account_folders, a_folder_that_comes_back_has_a_higher_uidvalidity)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    keeper_make(&k, "a");
    uint32_t first = keeper_folder(&k, "a")->uidvalidity;
    keeper_put(&k, "a", 0);
    account_delete(&k.account, SLICE("a"));
    keeper_make(&k, "a");
    cr_expect(keeper_folder(&k, "a")->uidvalidity > first); /* RFC 9051 2.3.1.1 */
    /* a name alone that becomes a folder again, too */
    keeper_make(&k, "a/b");
    uint32_t second = keeper_folder(&k, "a")->uidvalidity;
    account_delete(&k.account, SLICE("a"));
    cr_expect_eq(keeper_make(&k, "a"), ACCOUNT_OK);
    cr_expect(keeper_folder(&k, "a")->uidvalidity > second);
    /* an older folder takes the name of a newer one */
    keeper_make(&k, "old");
    keeper_make(&k, "new");
    uint32_t newer = keeper_folder(&k, "new")->uidvalidity;
    account_delete(&k.account, SLICE("new"));
    account_rename(&k.account, SLICE("old"), SLICE("new"));
    cr_expect(keeper_folder(&k, "new")->uidvalidity > newer);
    keeper_stop(&k);
}

Test(account_folders, renaming_takes_those_below_along_and_keeps_messages)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    keeper_make(&k, "foo/bar");
    keeper_make(&k, "foobar");
    keeper_put(&k, "foo", 0);
    keeper_put(&k, "foo/bar", 0);
    uint32_t uidvalidity = keeper_folder(&k, "foo")->uidvalidity;
    cr_expect_eq(account_rename(&k.account, SLICE("foo"), SLICE("baz/rag/zowie")), ACCOUNT_OK);
    keeper_expect_picture(&k,
                          "INBOX\nbaz\nbaz/rag\nbaz/rag/zowie 1\nbaz/rag/zowie/bar 1\nfoobar\n");
    cr_expect_eq(keeper_folder(&k, "baz/rag/zowie")->uidvalidity, uidvalidity);
    cr_expect_eq(account_rename(&k.account, SLICE("foo"), SLICE("x")), ACCOUNT_NO_SUCH);
    cr_expect_eq(account_rename(&k.account, SLICE("baz"), SLICE("foobar")), ACCOUNT_EXISTS);
    cr_expect_eq(account_rename(&k.account, SLICE("baz"), SLICE("baz/x")), ACCOUNT_BAD_NAME);
    keeper_stop(&k);
}

Test(account_folders, renaming_inbox_moves_its_messages_away)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    keeper_make(&k, "INBOX/bar");
    keeper_put(&k, "INBOX", ACCOUNT_SEEN);
    keeper_put(&k, "INBOX", 0);
    cr_expect_eq(account_rename(&k.account, SLICE("inbox"), SLICE("old-mail")), ACCOUNT_OK);
    keeper_expect_picture(&k, "INBOX\nINBOX/bar\nold-mail 1 2\n"); /* RFC 9051 6.3.6 */
    cr_expect_eq(keeper_folder(&k, "INBOX")->uidnext, 3);
    cr_expect_eq(keeper_folder(&k, "old-mail")->items.items[0].flags, ACCOUNT_SEEN);
    keeper_stop(&k);
}

Test(account_folders, a_deleted_folder_stays_as_long_as_a_session_looks_at_it)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    keeper_make(&k, "a");
    struct account_folder *a = keeper_folder(&k, "a");
    keeper_put(&k, "a", 0);
    account_enter(&k.account, a);
    account_enter(&k.account, a);
    account_delete(&k.account, SLICE("a"));
    cr_expect_not(account_has_folder(&k.account, a));
    cr_expect_eq(a->items.count, 0);
    keeper_make(&k, "a");
    cr_expect(keeper_folder(&k, "a") != a);
    cr_expect_not(account_has_folder(&k.account, a));
    struct account_item item = {0};
    cr_expect_eq(account_append(&k.account, a, &item, SLICE("A: b\r\n\r\n"), SLICE("")),
                 ACCOUNT_NO_SUCH);
    account_leave(&k.account, a);
    account_leave(&k.account, a); /* now it is freed: the sanitizer would see it used */
    keeper_stop(&k);
}

Test(account_folders, subscriptions_may_name_what_is_not_there)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    cr_expect(account_subscribe(&k.account, SLICE("b"), true));
    cr_expect(account_subscribe(&k.account, SLICE("a/gone"), true));
    cr_expect(account_subscribe(&k.account, SLICE("inbox"), true));
    cr_expect(account_subscribe(&k.account, SLICE("b"), true));
    cr_expect_eq(k.account.subscriptions.count, 3);
    cr_expect(slice_equal(k.account.subscriptions.items[0], SLICE("INBOX")));
    cr_expect(account_is_subscribed(&k.account, SLICE("INBOX")));
    cr_expect(account_subscribe(&k.account, SLICE("b"), false));
    cr_expect(account_subscribe(&k.account, SLICE("b"), false));
    cr_expect_not(account_is_subscribed(&k.account, SLICE("b")));
    cr_expect_not(account_subscribe(&k.account, SLICE("a%"), true));
    keeper_stop(&k);
}

Test(account_folders, there_are_not_more_folders_than_the_limit)
{
    struct keeper k;
    keeper_start(&k, 0, 0);
    char name[20];
    for (int i = 1; i < ACCOUNT_FOLDERS_MAX; i++) {
        snprintf(name, sizeof name, "f%d", i);
        cr_assert_eq(keeper_make(&k, name), ACCOUNT_OK);
    }
    cr_expect_eq(keeper_make(&k, "one-more"), ACCOUNT_REFUSED);
    cr_expect_eq(k.account.folders.count, ACCOUNT_FOLDERS_MAX);
    keeper_stop(&k);
}
