/* The mailbox model: RFC 9051 2.3, 5.1, 6.3.4 to 6.3.7, and the keeper that may refuse. */
#include "agents/mail/account.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "sim/base/bytes.h"

/* ---- a keeper that writes down what it is asked, and refuses the n-th question ---- */

struct keeper {
    struct account account;
    struct bytes log;
    unsigned asked, refuse; /* refuse: from 1; 0 never */
    struct account_watch watch;
    unsigned changed, leaving;
};

static bool answer(struct keeper *k, const char *what, struct slice name)
{
    bool ok = ++k->asked != k->refuse;
    bytes_printf(&k->log, "%s %.*s%s\n", what, SLICE_ARG(name), ok ? "" : " refused");
    return ok;
}

static bool add(void *context, struct account_folder *folder, struct account_item *item,
                struct slice header, struct slice body, const struct account_item *source)
{
    struct keeper *k = context;
    item->content = source ? source->content
                           : arena_join(&k->account.arena, (const struct slice[]){header, body}, 2);
    item->ref = item->uid + 1000;
    return answer(k, source ? "copy" : "add", folder->name);
}

static bool set_flags(void *context, struct account_folder *folder, struct account_item *item,
                      uint64_t flags)
{
    cr_expect(item->flags != flags, "asked only for what changes");
    return answer(context, "flags", folder->name);
}

static bool remove_item(void *context, struct account_folder *folder, struct account_item *item)
{
    cr_expect(item->content.size > 0);
    return answer(context, "remove", folder->name);
}

static bool move(void *context, struct account_folder *from, struct account_item *old,
                 struct account_folder *to, struct account_item *item)
{
    cr_expect(eq(u64, old->ref, item->ref), "%s", "what the keeper has made of it goes along");
    cr_expect_eq(old->content.data, item->content.data);
    (void)from;
    return answer(context, "move", to->name);
}

static bool create(void *context, struct account_folder *folder)
{
    return answer(context, "create", folder->name);
}

static bool destroy(void *context, struct account_folder *folder)
{
    return answer(context, "destroy", folder->name);
}

static bool rename_folder(void *context, struct account_folder *folder, struct slice name)
{
    cr_expect_not(slice_equal(folder->name, name));
    return answer(context, "rename", name);
}

static void changed(void *context, struct account_folder *folder)
{
    (void)folder;
    ((struct keeper *)context)->changed++;
}

static void leaving(void *context, struct account_folder *folder, const struct account_item *item)
{
    (void)folder;
    cr_expect(item->content.size > 0, "it is still there");
    ((struct keeper *)context)->leaving++;
}

static void start(struct keeper *k, unsigned refuse, uint64_t quota)
{
    const struct account_keeper keeper = {.add = add,
                                          .set_flags = set_flags,
                                          .remove = remove_item,
                                          .move = move,
                                          .create = create,
                                          .destroy = destroy,
                                          .rename = rename_folder,
                                          .context = k};
    *k = (struct keeper){.refuse = refuse};
    bytes_init(&k->log, SIZE_MAX / 2);
    account_init(&k->account, SLICE("alice@example.com"), 100, quota, &keeper);
    k->watch = (struct account_watch){changed, leaving, k};
    account_add_watch(&k->account, &k->watch);
    k->account.now_s = 5000;
}

static void stop(struct keeper *k)
{
    account_remove_watch(&k->account, &k->watch);
    account_finish(&k->account);
    bytes_finish(&k->log);
}

static struct account_folder *folder(struct keeper *k, const char *name)
{
    return account_find(&k->account, slice_of(name));
}

static enum account_result make(struct keeper *k, const char *name)
{
    return account_create(&k->account, slice_of(name), NULL);
}

static uint32_t put(struct keeper *k, const char *name, uint64_t flags)
{
    struct account_item item = {.flags = flags, .internal_s = 77, .zone_min = 60, .msg = 3};
    cr_assert_eq(account_append(&k->account, folder(k, name), &item, SLICE("A: b\r\n\r\n"),
                                SLICE("text\r\n")),
                 ACCOUNT_OK);
    return item.uid;
}

/* All folders with their messages' UIDs, as text. */
static struct slice picture(struct keeper *k, struct bytes *text)
{
    bytes_clear(text);
    for (size_t i = 0; i < k->account.folders.count; i++) {
        const struct account_folder *f = k->account.folders.items[i];
        bytes_printf(text, "%.*s%s", SLICE_ARG(f->name), f->is_selectable ? "" : "!");
        for (size_t n = 0; n < f->items.count; n++)
            bytes_printf(text, " %u", f->items.items[n].uid);
        bytes_append_octet(text, '\n');
    }
    return bytes_slice(text);
}

static void expect_picture(struct keeper *k, const char *wanted)
{
    struct bytes text;
    bytes_init(&text, 1 << 16);
    struct slice got = picture(k, &text);
    cr_expect(slice_equal(got, slice_of(wanted)), "%.*s", SLICE_ARG(got));
    bytes_finish(&text);
}

/* ---- messages ---- */

Test(account, uids_ascend_and_are_never_used_twice)
{
    struct keeper k;
    start(&k, 0, 0);
    put(&k, "INBOX", 0);
    uint32_t second = put(&k, "INBOX", 0);
    account_remove(&k.account, folder(&k, "INBOX"), second);
    cr_expect_eq(folder(&k, "INBOX")->uidnext, 3); /* RFC 9051 2.3.1.1: it does not go back */
    put(&k, "INBOX", 0);
    expect_picture(&k, "INBOX 1 3\n");
    cr_expect_eq(folder(&k, "INBOX")->gone.count, 1);
    cr_expect_eq(folder(&k, "INBOX")->gone.items[0].uid, second);
    stop(&k);
}

Test(account, each_change_has_a_modseq_that_none_had_before)
{
    struct keeper k;
    start(&k, 0, 0);
    struct account_folder *inbox = folder(&k, "INBOX");
    put(&k, "INBOX", 0);
    put(&k, "INBOX", 0);
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
    stop(&k);
}

Test(account, a_copy_keeps_flags_keywords_and_dates_and_gets_its_own_uid)
{
    struct keeper k;
    start(&k, 0, 0);
    make(&k, "Work");
    struct account_folder *inbox = folder(&k, "INBOX"), *work = folder(&k, "Work");
    uint64_t other = account_flag(&k.account, work, SLICE("$Other"), true);
    uint64_t mark = account_flag(&k.account, inbox, SLICE("$Forwarded"), true);
    cr_expect_eq(other, mark, "the same bit means another keyword in each folder");
    uint32_t uid = put(&k, "INBOX", ACCOUNT_SEEN | mark), copy;
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
    stop(&k);
}

Test(account, a_move_leaves_the_message_in_one_place)
{
    struct keeper k;
    start(&k, 0, 0);
    make(&k, "Work");
    uint32_t uid = put(&k, "INBOX", 0), new_uid;
    put(&k, "INBOX", 0);
    uint64_t octets = k.account.octets;
    cr_assert_eq(account_move(&k.account, folder(&k, "INBOX"), uid, folder(&k, "Work"), &new_uid),
                 ACCOUNT_OK);
    expect_picture(&k, "INBOX 2\nWork 1\n");
    cr_expect_eq(k.account.octets, octets);
    cr_expect_eq(k.leaving, 1);
    /* to the same folder: a new UID (RFC 9051 6.4.8) */
    cr_assert_eq(account_move(&k.account, folder(&k, "INBOX"), 2, folder(&k, "INBOX"), &new_uid),
                 ACCOUNT_OK);
    expect_picture(&k, "INBOX 3\nWork 1\n");
    stop(&k);
}

Test(account, what_does_not_fit_into_the_quota_is_refused)
{
    struct keeper k;
    start(&k, 0, 30); /* a message has 14 octets */
    put(&k, "INBOX", 0);
    put(&k, "INBOX", 0);
    struct account_item item = {0};
    uint32_t uid;
    struct account_folder *inbox = folder(&k, "INBOX");
    cr_expect_eq(account_append(&k.account, inbox, &item, SLICE("A: b\r\n\r\n"), SLICE("")),
                 ACCOUNT_OVER_QUOTA);
    cr_expect_eq(account_copy(&k.account, inbox, 1, inbox, &uid), ACCOUNT_OVER_QUOTA);
    cr_expect_eq(account_move(&k.account, inbox, 1, inbox, &uid), ACCOUNT_OK);
    cr_expect_eq(account_remove(&k.account, inbox, 2), ACCOUNT_OK);
    cr_expect_eq(account_copy(&k.account, inbox, 3, inbox, &uid), ACCOUNT_OK);
    cr_expect_eq(k.account.octets, 28);
    stop(&k);
}

Test(account, keywords_have_bits_of_their_own_until_there_is_no_room)
{
    struct keeper k;
    start(&k, 0, 0);
    struct account_folder *inbox = folder(&k, "INBOX");
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
    stop(&k);
}

Test(account, removals_are_remembered_up_to_a_limit_that_is_known)
{
    struct keeper k;
    start(&k, 0, 0);
    struct account_folder *inbox = folder(&k, "INBOX");
    for (int i = 0; i < ACCOUNT_GONE_MAX + 5; i++)
        account_remove(&k.account, inbox, put(&k, "INBOX", 0));
    cr_expect(inbox->gone.count <= ACCOUNT_GONE_MAX);
    cr_expect(inbox->gone.items[0].modseq > inbox->gone_since);
    cr_expect_eq(inbox->gone.items[inbox->gone.count - 1].uid, ACCOUNT_GONE_MAX + 5);
    stop(&k);
}

/* ---- folders ---- */

Test(account, names_are_checked)
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
    start(&k, 0, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(make(&k, rows[i].name), rows[i].result, "%s", rows[i].name);
    char long_name[ACCOUNT_NAME_MAX + 2];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    cr_expect_eq(make(&k, long_name), ACCOUNT_BAD_NAME);
    cr_expect_eq(make(&k, long_name + 1), ACCOUNT_OK);
    cr_expect_not_null(account_find(&k.account, SLICE("iNbOx")));
    cr_expect_null(account_find(&k.account, SLICE("WORK")));
    stop(&k);
}

Test(account, parents_are_made_and_inbox_comes_first)
{
    struct keeper k;
    start(&k, 0, 0);
    make(&k, "foo/bar/zap"); /* RFC 9051 6.3.4 */
    make(&k, "Aaa");
    expect_picture(&k, "INBOX\nAaa\nfoo\nfoo/bar\nfoo/bar/zap\n");
    cr_expect(account_has_children(&k.account, SLICE("foo")));
    cr_expect_not(account_has_children(&k.account, SLICE("foo/bar/zap")));
    cr_expect_not(account_has_children(&k.account, SLICE("fo")));
    stop(&k);
}

Test(account, deleting_a_folder_leaves_those_below_it)
{
    struct keeper k;
    start(&k, 0, 0);
    make(&k, "foo/bar");
    put(&k, "foo", 0);
    put(&k, "foo/bar", 0);
    cr_expect_eq(account_delete(&k.account, SLICE("foo")), ACCOUNT_OK);
    expect_picture(&k, "INBOX\nfoo!\nfoo/bar 1\n"); /* RFC 9051 6.3.5 */
    cr_expect_eq(account_delete(&k.account, SLICE("foo")), ACCOUNT_HAS_CHILDREN);
    cr_expect_eq(account_delete(&k.account, SLICE("foo/bar")), ACCOUNT_OK);
    cr_expect_eq(account_delete(&k.account, SLICE("foo")), ACCOUNT_OK);
    cr_expect_eq(account_delete(&k.account, SLICE("foo")), ACCOUNT_NO_SUCH);
    cr_expect_eq(account_delete(&k.account, SLICE("inbox")), ACCOUNT_REFUSED);
    cr_expect_eq(k.account.octets, 0);
    cr_expect_eq(k.leaving, 2);
    expect_picture(&k, "INBOX\n");
    stop(&k);
}

Test(account, a_folder_that_comes_back_has_a_higher_uidvalidity)
{
    struct keeper k;
    start(&k, 0, 0);
    make(&k, "a");
    uint32_t first = folder(&k, "a")->uidvalidity;
    put(&k, "a", 0);
    account_delete(&k.account, SLICE("a"));
    make(&k, "a");
    cr_expect(folder(&k, "a")->uidvalidity > first); /* RFC 9051 2.3.1.1 */
    /* a name alone that becomes a folder again, too */
    make(&k, "a/b");
    uint32_t second = folder(&k, "a")->uidvalidity;
    account_delete(&k.account, SLICE("a"));
    cr_expect_eq(make(&k, "a"), ACCOUNT_OK);
    cr_expect(folder(&k, "a")->uidvalidity > second);
    /* an older folder takes the name of a newer one */
    make(&k, "old");
    make(&k, "new");
    uint32_t newer = folder(&k, "new")->uidvalidity;
    account_delete(&k.account, SLICE("new"));
    account_rename(&k.account, SLICE("old"), SLICE("new"));
    cr_expect(folder(&k, "new")->uidvalidity > newer);
    stop(&k);
}

Test(account, renaming_takes_those_below_along_and_keeps_messages)
{
    struct keeper k;
    start(&k, 0, 0);
    make(&k, "foo/bar");
    make(&k, "foobar");
    put(&k, "foo", 0);
    put(&k, "foo/bar", 0);
    uint32_t uidvalidity = folder(&k, "foo")->uidvalidity;
    cr_expect_eq(account_rename(&k.account, SLICE("foo"), SLICE("baz/rag/zowie")), ACCOUNT_OK);
    expect_picture(&k, "INBOX\nbaz\nbaz/rag\nbaz/rag/zowie 1\nbaz/rag/zowie/bar 1\nfoobar\n");
    cr_expect_eq(folder(&k, "baz/rag/zowie")->uidvalidity, uidvalidity);
    cr_expect_eq(account_rename(&k.account, SLICE("foo"), SLICE("x")), ACCOUNT_NO_SUCH);
    cr_expect_eq(account_rename(&k.account, SLICE("baz"), SLICE("foobar")), ACCOUNT_EXISTS);
    cr_expect_eq(account_rename(&k.account, SLICE("baz"), SLICE("baz/x")), ACCOUNT_BAD_NAME);
    stop(&k);
}

Test(account, renaming_inbox_moves_its_messages_away)
{
    struct keeper k;
    start(&k, 0, 0);
    make(&k, "INBOX/bar");
    put(&k, "INBOX", ACCOUNT_SEEN);
    put(&k, "INBOX", 0);
    cr_expect_eq(account_rename(&k.account, SLICE("inbox"), SLICE("old-mail")), ACCOUNT_OK);
    expect_picture(&k, "INBOX\nINBOX/bar\nold-mail 1 2\n"); /* RFC 9051 6.3.6 */
    cr_expect_eq(folder(&k, "INBOX")->uidnext, 3);
    cr_expect_eq(folder(&k, "old-mail")->items.items[0].flags, ACCOUNT_SEEN);
    stop(&k);
}

Test(account, a_deleted_folder_stays_as_long_as_a_session_looks_at_it)
{
    struct keeper k;
    start(&k, 0, 0);
    make(&k, "a");
    struct account_folder *a = folder(&k, "a");
    put(&k, "a", 0);
    account_enter(&k.account, a);
    account_enter(&k.account, a);
    account_delete(&k.account, SLICE("a"));
    cr_expect_not(account_has_folder(&k.account, a));
    cr_expect_eq(a->items.count, 0);
    make(&k, "a");
    cr_expect(folder(&k, "a") != a);
    cr_expect_not(account_has_folder(&k.account, a));
    struct account_item item = {0};
    cr_expect_eq(account_append(&k.account, a, &item, SLICE("A: b\r\n\r\n"), SLICE("")),
                 ACCOUNT_NO_SUCH);
    account_leave(&k.account, a);
    account_leave(&k.account, a); /* now it is freed: the sanitizer would see it used */
    stop(&k);
}

Test(account, subscriptions_may_name_what_is_not_there)
{
    struct keeper k;
    start(&k, 0, 0);
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
    stop(&k);
}

Test(account, there_are_not_more_folders_than_the_limit)
{
    struct keeper k;
    start(&k, 0, 0);
    char name[20];
    for (int i = 1; i < ACCOUNT_FOLDERS_MAX; i++) {
        snprintf(name, sizeof name, "f%d", i);
        cr_assert_eq(make(&k, name), ACCOUNT_OK);
    }
    cr_expect_eq(make(&k, "one-more"), ACCOUNT_REFUSED);
    cr_expect_eq(k.account.folders.count, ACCOUNT_FOLDERS_MAX);
    stop(&k);
}

/* ---- a keeper that refuses ---- */

/* A day in the life of an account; each step is a change that can be refused by itself. */
static enum account_result step(struct keeper *k, int number)
{
    struct account_item item = {0};
    struct account_folder *inbox = folder(k, "INBOX"), *a = folder(k, "a");
    uint32_t uid;
    switch (number) {
    case 0:
        return account_append(&k->account, inbox, &item, SLICE("A: b\r\n\r\n"), SLICE("x"));
    case 1:
        return make(k, "a");
    case 2:
        return account_copy(&k->account, inbox, 1, a, &uid);
    case 3:
        return account_set_flags(&k->account, a, 1, ACCOUNT_FLAGGED);
    case 4:
        return account_move(&k->account, inbox, 1, a, &uid);
    case 5:
        return make(k, "a/b");
    case 6:
        return account_rename(&k->account, SLICE("a"), SLICE("c"));
    case 7:
        return account_remove(&k->account, folder(k, "c"), 2);
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
        start(&k, refuse, 0);
        bytes_init(&before, 4096);
        bytes_init(&after, 4096);
        for (int number = 0; number < STEPS && !was_refused; number++) {
            picture(&k, &before);
            uint64_t octets = k.account.octets;
            enum account_result result = step(&k, number);
            was_refused = result != ACCOUNT_OK;
            picture(&k, &after);
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
        stop(&k);
    }
}

Test(account, watchers_hear_of_each_change_until_they_go)
{
    struct keeper k;
    start(&k, 0, 0);
    for (int number = 0; number < STEPS; number++) {
        unsigned before = k.changed;
        cr_expect_eq(step(&k, number), ACCOUNT_OK);
        cr_expect(k.changed > before, "%d", number);
    }
    account_remove_watch(&k.account, &k.watch);
    unsigned before = k.changed;
    make(&k, "quiet");
    cr_expect_eq(k.changed, before);
    stop(&k);
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
