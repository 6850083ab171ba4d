/*
 * CREATE, DELETE, RENAME, subscriptions, NAMESPACE, STATUS (RFC 9051 6.3) and QUOTA (RFC 9208).
 */
#include "agents/proto/imap_put.h"
#include "agents/proto/imap_server_part.h"

static bool has_utf8(const struct imap_server *s)
{
    return s->part->is_rev2 || s->part->has_utf8;
}

static void answer(struct imap_server *s, enum account_result result)
{
    if (result == ACCOUNT_OK)
        imap_part_reply(s, IMAP_OK, "done");
    else
        imap_part_refused(s, result);
}

/* A space, a mailbox, and nothing else. False: BAD was noted. */
static bool only_mailbox(struct imap_server *s, struct slice *name)
{
    struct imap_args *a = &s->part->args;
    if (imap_args_sp(a) && imap_args_mailbox(a, name) && imap_args_end(a))
        return true;
    imap_part_bad(s);
    return false;
}

/* ---- CREATE (RFC 6154 3: USE) ---- */

/* " (USE (\Sent))". Several uses of one mailbox are not kept. */
static bool read_use(struct imap_args *a, struct slice *use)
{
    bool is_first = true;
    if (!imap_args_skip(a, ' '))
        return true;
    if (!imap_args_expect(a, '(') || !imap_args_word(a, SLICE("USE")) || !imap_args_sp(a) ||
        !imap_args_expect(a, '('))
        return imap_args_fail(a, "(USE (...)) is expected");
    while (imap_args_list_next(a, &is_first))
        if (!imap_args_flag(a, use))
            return false;
    return imap_args_expect(a, ')');
}

void imap_part_do_create(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct slice name, use = {0};
    if (!(imap_args_sp(a) && imap_args_mailbox(a, &name) && read_use(a, &use) &&
          imap_args_end(a))) {
        imap_part_bad(s);
        return;
    }
    const char *known = account_use(use);
    if (use.size > 0 && !known)
        imap_part_reply(s, IMAP_NO, "[USEATTR] there is no such use");
    else
        answer(s, account_create(s->account, name, known));
}

/* ---- DELETE, RENAME, SUBSCRIBE ---- */

void imap_part_do_delete(struct imap_server *s)
{
    struct slice name;
    if (!only_mailbox(s, &name))
        return;
    if (slice_equal(name, SLICE("INBOX")))
        imap_part_reply(s, IMAP_NO, "[CANNOT] INBOX stays");
    else
        answer(s, account_delete(s->account, name));
}

void imap_part_do_rename(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct slice from, to;
    if (imap_args_sp(a) && imap_args_mailbox(a, &from) && imap_args_sp(a) &&
        imap_args_mailbox(a, &to) && imap_args_end(a))
        answer(s, account_rename(s->account, from, to));
    else
        imap_part_bad(s);
}

/* A name that is not there can be subscribed to: it may come back (RFC 9051 6.3.7). */
void imap_part_do_subscribe(struct imap_server *s)
{
    struct slice name;
    if (!only_mailbox(s, &name))
        return;
    if (account_subscribe(s->account, name, s->part->verb == IMAP_VERB_SUBSCRIBE))
        imap_part_reply(s, IMAP_OK, "done");
    else
        imap_part_reply(s, IMAP_NO, "[CANNOT] no such name, or too many");
}

void imap_part_do_namespace(struct imap_server *s)
{
    if (!imap_args_end(&s->part->args)) {
        imap_part_bad(s);
        return;
    }
    imap_part_say(s, "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n");
    imap_part_reply(s, IMAP_OK, "that is all");
}

/* ---- STATUS ---- */

enum status_item {
    STATUS_MESSAGES,
    STATUS_RECENT,
    STATUS_UIDNEXT,
    STATUS_UIDVALIDITY,
    STATUS_UNSEEN,
    STATUS_DELETED,
    STATUS_SIZE,
    STATUS_HIGHESTMODSEQ,
    STATUS_APPENDLIMIT,
    STATUS_DELETED_STORAGE,
    STATUS_ITEM_COUNT
};

static const char *const status_names[STATUS_ITEM_COUNT] = {
    [STATUS_MESSAGES] = "MESSAGES",
    [STATUS_RECENT] = "RECENT",
    [STATUS_UIDNEXT] = "UIDNEXT",
    [STATUS_UIDVALIDITY] = "UIDVALIDITY",
    [STATUS_UNSEEN] = "UNSEEN",
    [STATUS_DELETED] = "DELETED",
    [STATUS_SIZE] = "SIZE",
    [STATUS_HIGHESTMODSEQ] = "HIGHESTMODSEQ",
    [STATUS_APPENDLIMIT] = "APPENDLIMIT",
    [STATUS_DELETED_STORAGE] = "DELETED-STORAGE",
};

static bool read_status_item(struct imap_args *a, unsigned *items)
{
    struct slice word;
    if (!imap_args_atom(a, &word))
        return false;
    for (unsigned i = 0; i < STATUS_ITEM_COUNT; i++)
        if (slice_equal_fold(word, slice_of(status_names[i]))) {
            *items |= 1u << i;
            return true;
        }
    return imap_args_fail(a, "there is no such status item");
}

bool imap_part_read_status(struct imap_server *s, unsigned *items)
{
    struct imap_args *a = &s->part->args;
    bool is_first = true;
    *items = 0;
    if (!imap_args_expect(a, '('))
        return false;
    while (imap_args_list_next(a, &is_first))
        if (!read_status_item(a, items))
            return false;
    if (a->problem)
        return false;
    return *items != 0 || imap_args_fail(a, "a status item is expected");
}

static uint64_t count_flag(const struct account_folder *folder, uint64_t mask, uint64_t value,
                           bool counts_octets)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < folder->items.count; i++)
        if ((folder->items.items[i].flags & mask) == value)
            sum += counts_octets ? folder->items.items[i].content.size : 1;
    return sum;
}

static uint64_t status_value(const struct imap_server *s, const struct account_folder *folder,
                             enum status_item item)
{
    switch (item) {
    case STATUS_MESSAGES:
        return folder->items.count;
    case STATUS_RECENT:
        return folder->items.count - account_place(folder, folder->recent_uid);
    case STATUS_UIDNEXT:
        return folder->uidnext;
    case STATUS_UIDVALIDITY:
        return folder->uidvalidity;
    case STATUS_UNSEEN:
        return count_flag(folder, ACCOUNT_SEEN, 0, false);
    case STATUS_DELETED:
        return count_flag(folder, ACCOUNT_DELETED, ACCOUNT_DELETED, false);
    case STATUS_SIZE:
        return folder->octets;
    case STATUS_HIGHESTMODSEQ:
        return folder->highest_modseq;
    case STATUS_APPENDLIMIT:
        return s->options.append_limit;
    case STATUS_DELETED_STORAGE:
        return count_flag(folder, ACCOUNT_DELETED, ACCOUNT_DELETED, true);
    case STATUS_ITEM_COUNT:
        break;
    }
    return 0;
}

void imap_part_put_status(struct imap_server *s, const struct account_folder *folder,
                          unsigned items)
{
    struct bytes *out = &s->base.out;
    const char *space = "";
    if (items >> STATUS_HIGHESTMODSEQ & 1)
        imap_part_enable_condstore(s);
    bool fits = bytes_append(out, SLICE("* STATUS ")) &&
                imap_put_mailbox(out, folder->name, has_utf8(s)) && bytes_append(out, SLICE(" ("));
    for (unsigned i = 0; i < STATUS_ITEM_COUNT && fits; i++) {
        if (!(items >> i & 1))
            continue;
        fits = bytes_printf(out, "%s%s %llu", space, status_names[i],
                            (unsigned long long)status_value(s, folder, (enum status_item)i));
        space = " ";
    }
    imap_part_wrote(s, fits && bytes_append(out, SLICE(")\r\n")));
}

void imap_part_do_status(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct slice name;
    unsigned items;
    if (!(imap_args_sp(a) && imap_args_mailbox(a, &name) && imap_args_sp(a) &&
          imap_part_read_status(s, &items) && imap_args_end(a))) {
        imap_part_bad(s);
        return;
    }
    const struct account_folder *folder = account_find(s->account, name);
    if (!folder || !folder->is_selectable) {
        imap_part_refused(s, ACCOUNT_NO_SUCH);
        return;
    }
    imap_part_put_status(s, folder, items);
    imap_part_reply(s, IMAP_OK, "that is all");
}

/* ---- QUOTA: one root, "", over all mailboxes (RFC 9208 3.2) ---- */

static void say_quota(struct imap_server *s)
{
    const struct account *a = s->account;
    if (a->quota == 0)
        imap_part_say(s, "* QUOTA \"\" ()\r\n");
    else /* in units of 1024 octets (RFC 9208 5.1) */
        imap_part_say(s, "* QUOTA \"\" (STORAGE %llu %llu)\r\n",
                      (unsigned long long)((a->octets + 1023) / 1024),
                      (unsigned long long)(a->quota / 1024));
}

void imap_part_do_getquota(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct slice root;
    if (!(imap_args_sp(a) && imap_args_astring(a, &root) && imap_args_end(a))) {
        imap_part_bad(s);
    } else if (root.size > 0) {
        imap_part_reply(s, IMAP_NO, "[NONEXISTENT] the only quota root is \"\"");
    } else {
        say_quota(s);
        imap_part_reply(s, IMAP_OK, "that is all");
    }
}

void imap_part_do_getquotaroot(struct imap_server *s)
{
    struct slice name;
    struct bytes *out = &s->base.out;
    if (!only_mailbox(s, &name))
        return;
    if (!account_find(s->account, name)) {
        imap_part_refused(s, ACCOUNT_NO_SUCH);
        return;
    }
    imap_part_wrote(s, bytes_append(out, SLICE("* QUOTAROOT ")) &&
                           imap_put_mailbox(out, name, has_utf8(s)) &&
                           bytes_append(out, SLICE(" \"\"\r\n")));
    say_quota(s);
    imap_part_reply(s, IMAP_OK, "that is all");
}

void imap_part_do_setquota(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct slice root;
    if (imap_args_sp(a) && imap_args_astring(a, &root) && imap_args_sp(a) && imap_args_any(a) &&
        imap_args_end(a))
        imap_part_reply(s, IMAP_NO, "[NOPERM] quotas are the administrator's");
    else
        imap_part_bad(s);
}
