/*
 * STORE, COPY, MOVE and EXPUNGE, by message numbers or UIDs (RFC 9051 6.4.3, 6.4.6 to 6.4.9).
 */
#include "agents/proto/imap_server_part.h"

/* ---- sets ---- */

bool imap_part_read_set(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    imap_set_clear(&p->set);
    return imap_args_sp(&p->args) && imap_args_set(&p->args, &p->set);
}

/* "$" is kept as UIDs, whatever the command counts in. Messages beyond the last are BAD, UIDs are
   not (RFC 9051 9, seq-number; 6.4.9). */
bool imap_part_walk(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    size_t count = p->view.uids.count;
    bool is_uid = imap_verb_is_uid(p->verb) || p->set.is_saved;
    if (p->set.is_saved)
        imap_set_copy(&p->set, &p->saved);
    else if (is_uid)
        imap_set_resolve(&p->set, count ? p->view.uids.items[count - 1] : 0);
    else if (imap_set_is_within(&p->set, (uint32_t)count))
        imap_set_resolve(&p->set, (uint32_t)count);
    else {
        imap_part_reply(s, IMAP_BAD, "there is no message of that number");
        return false;
    }
    p->walk = is_uid ? imap_set_walk_uids(&p->set, p->view.uids.items, count)
                     : imap_set_walk_numbers(&p->set, count);
    return true;
}

static bool is_changeable(struct imap_server *s)
{
    if (!s->is_read_only)
        return true;
    imap_part_reply(s, IMAP_NO, "[NOPERM] the mailbox is selected read-only");
    return false;
}

/* ---- STORE ---- */

/* " (UNCHANGEDSINCE 12)" (RFC 7162 3.1.3). */
static bool read_modifiers(struct imap_args *a, struct imap_part_store *store)
{
    bool is_first = true;
    if (!imap_args_sp(a))
        return false;
    if (!imap_args_skip(a, '('))
        return true;
    while (imap_args_list_next(a, &is_first)) {
        if (!imap_args_word(a, SLICE("UNCHANGEDSINCE")))
            return imap_args_fail(a, "UNCHANGEDSINCE is expected");
        store->has_unchanged_since = true;
        if (!imap_args_sp(a) || !imap_args_number64(a, &store->unchanged_since))
            return false;
    }
    return imap_args_sp(a);
}

static bool read_store(struct imap_args *a, struct imap_part_store *store, struct imap_names *flags)
{
    if (!read_modifiers(a, store))
        return false;
    store->sign = imap_args_skip(a, '+') ? '+' : imap_args_skip(a, '-') ? '-' : '=';
    if (imap_args_word(a, SLICE("FLAGS.SILENT")))
        store->is_silent = true;
    else if (!imap_args_word(a, SLICE("FLAGS")))
        return imap_args_fail(a, "FLAGS is expected");
    return imap_args_sp(a) && imap_args_flags(a, flags) && imap_args_end(a);
}

/* False: there is no room for one more keyword, or it is one that only the server sets. */
static bool find_flags(struct imap_server *s, const struct imap_names *flags)
{
    struct imap_part_store *store = &s->part->store;
    store->flags = 0;
    for (size_t i = 0; i < flags->count; i++) {
        uint64_t bit = account_flag(s->account, s->folder, flags->items[i], store->sign != '-');
        bool is_system = flags->items[i].data[0] == '\\';
        if (bit == 0 && !is_system && store->sign != '-') {
            imap_part_reply(s, IMAP_NO, "[LIMIT] there is no room for one more keyword");
            return false;
        }
        if (bit == 0 && slice_equal_fold(flags->items[i], SLICE("\\Recent"))) {
            imap_part_reply(s, IMAP_BAD, "\\Recent is not the client's to set");
            return false;
        }
        store->flags |= bit;
    }
    return true;
}

static uint64_t changed_flags(const struct imap_part_store *store, uint64_t old)
{
    switch (store->sign) {
    case '+':
        return old | store->flags;
    case '-':
        return old & ~store->flags;
    }
    return store->flags;
}

/* ".SILENT" is about what the client knows will come of it: not about what others have changed
   meanwhile, nor about the new mod-sequence. */
static void tell_stored(struct imap_server *s, size_t place, uint64_t old, bool knows_old)
{
    struct imap_server_part *p = s->part;
    const struct imap_part_store *store = &p->store;
    struct imap_view_told *told = &p->view.told.items[place];
    const struct account_item *item = imap_view_item(&p->view, s->folder, place);
    struct imap_view_manner manner = {!p->is_rev2, p->is_condstore, p->is_qresync, false};
    struct imap_view_flags what = {imap_verb_is_uid(p->verb) || p->is_condstore, !store->is_silent,
                                   p->is_condstore};
    if (store->is_silent && !knows_old && store->sign != '=')
        return; /* the sync tells it, flags and all */
    told->flags = item->flags;
    if (store->is_silent && !(p->is_condstore && item->flags != old) &&
        !(p->is_condstore && store->has_unchanged_since))
        told->modseq = item->modseq;
    else
        imap_part_wrote(
            s, imap_view_put_flags(&p->view, s->folder, &manner, place, &what, &s->base.out));
}

static bool store_one(struct imap_server *s, size_t place)
{
    struct imap_server_part *p = s->part;
    struct imap_part_store *store = &p->store;
    const struct account_item *item = imap_view_item(&p->view, s->folder, place);
    if (!item) {
        p->missing++;
        return true;
    }
    if (store->has_unchanged_since && item->modseq > store->unchanged_since) {
        imap_set_add(&store->modified, imap_verb_is_uid(p->verb) ? item->uid : (uint32_t)place + 1);
        return true;
    }
    uint64_t old = item->flags;
    enum account_result result =
        account_set_flags(s->account, s->folder, item->uid, changed_flags(store, old));
    if (result != ACCOUNT_OK) {
        imap_part_refused(s, result);
        return false;
    }
    tell_stored(s, place, old, p->view.told.items[place].flags == old);
    return true;
}

static void reply_stored(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    const struct imap_set *modified = &p->store.modified;
    bool is_missing = p->missing > 0 && p->verb == IMAP_VERB_STORE;
    imap_part_reply(s, is_missing ? IMAP_NO : IMAP_OK, "%s",
                    is_missing ? "[EXPUNGEISSUED] some of the messages are gone" : "stored");
    if (imap_set_is_empty(modified))
        return;
    imap_part_reply(s, is_missing ? IMAP_NO : IMAP_OK, "[MODIFIED ");
    if (!imap_set_write(modified, &p->text) ||
        !bytes_append(&p->text, SLICE("] some were changed since")))
        imap_part_reply(s, IMAP_NO, "some were changed since");
}

static bool store_step(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    size_t place;
    do {
        if (bytes_size(&s->base.out) >= IMAP_PART_OUT_ENOUGH)
            return false;
        if (!imap_set_walk_next(&p->walk, &place)) {
            reply_stored(s);
            return true;
        }
    } while (store_one(s, place));
    return true;
}

void imap_part_do_store(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    struct imap_part_store *store = &p->store;
    struct imap_names flags = {0};
    imap_set_clear(&store->modified);
    *store = (struct imap_part_store){.modified = store->modified};
    if (!imap_part_read_set(s) || !read_store(&p->args, store, &flags)) {
        imap_part_bad(s);
        return;
    }
    if (!is_changeable(s) || !imap_part_walk(s) || !find_flags(s, &flags))
        return;
    if (store->has_unchanged_since)
        imap_part_enable_condstore(s);
    /* new keywords are named before they are used */
    struct imap_view_manner manner = {!p->is_rev2, p->is_condstore, p->is_qresync, false};
    if (p->view.keyword_count < s->folder->keywords.count)
        imap_part_wrote(s, imap_view_put_keywords(&p->view, s->folder, &manner, &s->base.out));
    p->work = store_step;
    p->phase = IMAP_PART_WORK;
}

/* ---- COPY and MOVE ---- */

struct transfer {
    struct account_folder *to;
    struct imap_set from_uids, to_uids;
    enum account_result result;
};

/* A copy is made of all messages or of none (RFC 9051 6.4.7). The newest goes first: it is the last
   of its mailbox, and no other has to move. */
static void take_back(struct imap_server *s, const struct transfer *t)
{
    for (size_t i = t->to_uids.ranges.count; i > 0; i--) {
        const struct imap_range *range = &t->to_uids.ranges.items[i - 1];
        for (uint32_t uid = range->last; uid >= range->first; uid--)
            (void)account_remove(s->account, t->to, uid);
    }
}

static void transfer_all(struct imap_server *s, struct transfer *t, bool moves)
{
    struct imap_server_part *p = s->part;
    size_t place;
    while (t->result == ACCOUNT_OK && imap_set_walk_next(&p->walk, &place)) {
        uint32_t uid = p->view.uids.items[place], new_uid = 0;
        if (!account_item(s->folder, uid)) {
            p->missing++;
            continue;
        }
        t->result = moves ? account_move(s->account, s->folder, uid, t->to, &new_uid)
                          : account_copy(s->account, s->folder, uid, t->to, &new_uid);
        if (t->result != ACCOUNT_OK)
            break;
        imap_set_add(&t->from_uids, uid);
        imap_set_add(&t->to_uids, new_uid);
    }
}

/* "COPYUID 38505 304,319:320 3956:3958]" behind what stands in `out`. */
static bool put_uids(const struct transfer *t, struct bytes *out)
{
    return bytes_printf(out, "[COPYUID %u ", t->to->uidvalidity) &&
           imap_set_write(&t->from_uids, out) && bytes_append(out, SLICE(" ")) &&
           imap_set_write(&t->to_uids, out) && bytes_append(out, SLICE("] "));
}

/* A message number whose message is gone can't be copied, and so nothing is (RFC 2180 4.4.1). */
static void reply_copied(struct imap_server *s, struct transfer *t)
{
    struct imap_server_part *p = s->part;
    bool is_missing = p->missing > 0 && p->verb == IMAP_VERB_COPY;
    if (t->result != ACCOUNT_OK || is_missing)
        take_back(s, t);
    if (t->result != ACCOUNT_OK)
        imap_part_refused(s, t->result);
    else if (is_missing)
        imap_part_reply(s, IMAP_NO, "[EXPUNGEISSUED] some of the messages are gone");
    else if (imap_set_is_empty(&t->to_uids))
        imap_part_reply(s, IMAP_OK, "there was nothing to copy");
    else {
        bytes_clear(&p->text);
        p->status = IMAP_OK;
        if (!put_uids(t, &p->text) || !bytes_append(&p->text, SLICE("copied")))
            imap_part_reply(s, IMAP_OK, "copied");
    }
}

/* COPYUID comes before the EXPUNGEs, untagged (RFC 9051 6.4.8); each message has moved or not. */
static void reply_moved(struct imap_server *s, struct transfer *t)
{
    struct imap_server_part *p = s->part;
    if (!imap_set_is_empty(&t->to_uids))
        imap_part_wrote(s, bytes_append(&s->base.out, SLICE("* OK ")) &&
                               put_uids(t, &s->base.out) &&
                               bytes_append(&s->base.out, SLICE("moved\r\n")));
    if (t->result != ACCOUNT_OK)
        imap_part_refused(s, t->result);
    else if (p->missing > 0 && p->verb == IMAP_VERB_MOVE)
        imap_part_reply(s, IMAP_NO, "[EXPUNGEISSUED] some of the messages are gone");
    else if (p->is_qresync && !imap_set_is_empty(&t->to_uids))
        imap_part_reply(s, IMAP_OK, "[HIGHESTMODSEQ %llu] done",
                        (unsigned long long)s->folder->highest_modseq);
    else
        imap_part_reply(s, IMAP_OK, "done");
}

void imap_part_do_copy(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    struct imap_args *a = &p->args;
    struct transfer t = {0};
    struct slice name;
    bool moves = p->verb == IMAP_VERB_MOVE || p->verb == IMAP_VERB_UID_MOVE;
    if (!(imap_part_read_set(s) && imap_args_sp(a) && imap_args_mailbox(a, &name) &&
          imap_args_end(a))) {
        imap_part_bad(s);
        return;
    }
    if ((moves && !is_changeable(s)) || !imap_part_walk(s))
        return;
    t.to = account_find(s->account, name);
    if (!t.to || !t.to->is_selectable) {
        imap_part_reply(s, IMAP_NO, "[TRYCREATE] there is no such mailbox");
        return;
    }
    transfer_all(s, &t, moves);
    if (moves)
        reply_moved(s, &t);
    else
        reply_copied(s, &t);
    imap_set_finish(&t.from_uids);
    imap_set_finish(&t.to_uids);
}

/* ---- EXPUNGE ---- */

/* Messages that this client was not told of yet stay: it can't have meant them. */
enum account_result imap_part_remove_deleted(struct imap_server *s, size_t *removed)
{
    struct imap_server_part *p = s->part;
    bool has_set = p->verb == IMAP_VERB_UID_EXPUNGE;
    VECTOR(uint32_t) uids = {0};
    size_t place = 0;
    while (has_set ? imap_set_walk_next(&p->walk, &place) : place < p->view.uids.count) {
        const struct account_item *item = imap_view_item(&p->view, s->folder, place);
        if (item && item->flags & ACCOUNT_DELETED)
            *vector_add(&uids) = item->uid;
        place += !has_set;
    }
    enum account_result result =
        account_remove_all(s->account, s->folder, uids.items, uids.count, removed);
    vector_finish(&uids);
    return result;
}

void imap_part_do_expunge(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    bool has_set = p->verb == IMAP_VERB_UID_EXPUNGE;
    size_t removed = 0;
    if ((has_set && !imap_part_read_set(s)) || !imap_args_end(&p->args)) {
        imap_part_bad(s);
        return;
    }
    if (!is_changeable(s) || (has_set && !imap_part_walk(s)))
        return;
    enum account_result result = imap_part_remove_deleted(s, &removed);
    if (result != ACCOUNT_OK)
        imap_part_refused(s, result);
    else if (removed > 0 && p->is_qresync)
        imap_part_reply(s, IMAP_OK, "[HIGHESTMODSEQ %llu] expunged",
                        (unsigned long long)s->folder->highest_modseq);
    else
        imap_part_reply(s, IMAP_OK, "expunged");
}
