/*
 * FETCH (RFC 9051 6.4.5, RFC 7162 3.1.4, 3.2.6), one response after the other as out drains.
 */
#include "agents/proto/imap_server_part.h"

void imap_part_keep(struct imap_server *s, const struct account_folder *folder,
                    const struct account_item *item)
{
    struct imap_server_part *p = s->part;
    if (p->is_writing && folder == s->folder && p->writer.message.item.uid == item->uid)
        imap_fetch_writer_keep(&p->writer);
}

/* ---- VANISHED (EARLIER) ---- */

static void add_between(struct imap_set *gone, const struct imap_range *range, uint32_t first,
                        uint32_t last)
{
    first = first > range->first ? first : range->first;
    last = last < range->last ? last : range->last;
    if (first <= last)
        *vector_add(&gone->ranges) = (struct imap_range){first, last};
}

/* All UIDs of `known` that no message has: where the removals are not remembered any more. */
static void collect_gaps(const struct account_folder *folder, const struct imap_set *known,
                         struct imap_set *gone)
{
    for (size_t i = 0; i < known->ranges.count; i++) {
        const struct imap_range *range = &known->ranges.items[i];
        uint32_t next = range->first;
        size_t place = account_place(folder, range->first);
        for (; place < folder->items.count && folder->items.items[place].uid <= range->last;
             place++) {
            uint32_t uid = folder->items.items[place].uid;
            add_between(gone, range, next, uid - 1);
            next = uid + 1;
        }
        add_between(gone, range, next, folder->uidnext - 1);
    }
}

void imap_part_say_vanished(struct imap_server *s, const struct imap_set *known, uint64_t since)
{
    const struct account_folder *folder = s->folder;
    struct imap_set gone = {0};
    if (since < folder->gone_since)
        collect_gaps(folder, known, &gone);
    for (size_t i = 0; since >= folder->gone_since && i < folder->gone.count; i++)
        if (folder->gone.items[i].modseq > since &&
            imap_set_contains(known, folder->gone.items[i].uid))
            imap_set_add(&gone, folder->gone.items[i].uid);
    imap_set_resolve(&gone, folder->uidnext);
    if (!imap_set_is_empty(&gone))
        imap_part_wrote(s, bytes_append(&s->base.out, SLICE("* VANISHED (EARLIER) ")) &&
                               imap_set_write(&gone, &s->base.out) &&
                               bytes_append(&s->base.out, SLICE("\r\n")));
    imap_set_finish(&gone);
}

/* ---- one message after the other ---- */

/* BODY[...] without PEEK is read, and so seen (RFC 9051 6.4.5). True when that changed a flag. */
static bool mark_seen(struct imap_server *s, const struct account_item *item)
{
    return s->part->fetch.sets_seen && !s->is_read_only && !(item->flags & ACCOUNT_SEEN) &&
           account_set_flags(s->account, s->folder, item->uid, item->flags | ACCOUNT_SEEN) ==
               ACCOUNT_OK;
}

static void begin_message(struct imap_server *s, size_t place)
{
    struct imap_server_part *p = s->part;
    struct account_item *item = imap_view_item(&p->view, s->folder, place);
    if (!item) {
        p->missing++;
        return;
    }
    if (p->fetch.has_changed_since && item->modseq <= p->fetch.changed_since)
        return;
    bool was_marked = mark_seen(s, item);
    const struct imap_fetch *fetch = was_marked ? &p->fetch_seen : &p->fetch;
    struct imap_view_told *told = &p->view.told.items[place];
    if (was_marked || fetch->has_flags) {
        told->flags = item->flags;
        told->modseq = item->modseq;
    }
    imap_fetch_writer_begin(
        &p->writer, fetch,
        &(struct imap_fetch_message){.folder = s->folder,
                                     .item = *item,
                                     .number = (uint32_t)place + 1,
                                     .is_recent = told->is_recent && !p->is_rev2,
                                     .is_utf8 = p->is_rev2 || p->has_utf8});
    p->is_writing = true;
}

static void note_text(struct imap_server *s, enum imap_server_event_kind kind)
{
    const struct imap_fetch_writer *w = &s->part->writer;
    session_cut(&s->base);
    imap_part_note(s, (struct imap_part_note){.kind = kind,
                                              .verb = s->part->verb,
                                              .uid = w->message.item.uid,
                                              .msg = w->message.item.msg,
                                              .flag = w->is_whole});
}

/* False: next() is to look at out and at the events. */
static bool write_some(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    switch (imap_fetch_writer_step(&p->writer, &s->base.out, IMAP_PART_OUT_ENOUGH)) {
    case IMAP_FETCH_FULL:
        return false;
    case IMAP_FETCH_TEXT_BEGIN:
        note_text(s, IMAP_SERVER_FETCHING);
        return false;
    case IMAP_FETCH_TEXT_MIDDLE:
        session_cut(&s->base);
        return true;
    case IMAP_FETCH_TEXT_END:
        note_text(s, IMAP_SERVER_FETCHED);
        return false;
    case IMAP_FETCH_UNKNOWN_CTE:
        p->has_unknown_cte = true;
        p->is_writing = false;
        return true;
    case IMAP_FETCH_DONE:
        p->is_writing = false;
        return true;
    }
    return true;
}

/* A UID that is not there is no mistake (RFC 9051 6.4.9), a message number is (RFC 2180 4.1). */
static void reply_fetched(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    if (p->has_unknown_cte)
        imap_part_reply(s, IMAP_NO, "[UNKNOWN-CTE] a part is encoded in a way nobody knows");
    else if (p->missing > 0 && p->verb == IMAP_VERB_FETCH)
        imap_part_reply(s, IMAP_NO, "[EXPUNGEISSUED] some of the messages are gone");
    else if (p->verb == IMAP_VERB_FETCH || p->verb == IMAP_VERB_UID_FETCH)
        imap_part_reply(s, IMAP_OK, "that is all");
}

bool imap_part_fetch_step(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    for (;;) {
        size_t place;
        if (p->is_writing && !write_some(s))
            return false;
        if (p->is_writing)
            continue;
        if (bytes_size(&s->base.out) >= IMAP_PART_OUT_ENOUGH)
            return false;
        if (!imap_set_walk_next(&p->walk, &place)) {
            reply_fetched(s);
            return true;
        }
        begin_message(s, place);
    }
}

/* ---- the command ---- */

static bool is_allowed(struct imap_server *s)
{
    const struct imap_server_part *p = s->part;
    if (!p->fetch.has_vanished)
        return true;
    if (p->verb == IMAP_VERB_UID_FETCH && p->is_qresync && p->fetch.has_changed_since)
        return true;
    imap_part_reply(s, IMAP_BAD, "VANISHED wants UID FETCH, CHANGEDSINCE and ENABLE QRESYNC");
    return false;
}

static void complete_items(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    if (p->verb == IMAP_VERB_UID_FETCH)
        imap_fetch_lead(&p->fetch, IMAP_FETCH_UID, &p->arena);
    if (p->fetch.has_modseq)
        imap_part_enable_condstore(s);
    if (p->fetch.has_changed_since)
        imap_fetch_add(&p->fetch, IMAP_FETCH_MODSEQ, &p->arena);
    p->fetch_seen = p->fetch;
    imap_fetch_add(&p->fetch_seen, IMAP_FETCH_FLAGS, &p->arena);
    if (p->is_condstore)
        imap_fetch_add(&p->fetch_seen, IMAP_FETCH_MODSEQ, &p->arena);
}

void imap_part_do_fetch(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    struct imap_args *a = &p->args;
    if (!(imap_part_read_set(s) && imap_args_sp(a) && imap_fetch_read(&p->fetch, a) &&
          imap_args_end(a))) {
        imap_part_bad(s);
        return;
    }
    if (!is_allowed(s) || !imap_part_walk(s))
        return;
    complete_items(s);
    if (p->fetch.has_vanished)
        imap_part_say_vanished(s, &p->set, p->fetch.changed_since);
    p->work = imap_part_fetch_step;
    p->phase = IMAP_PART_WORK;
}
