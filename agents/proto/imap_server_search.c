/*
 * SEARCH, SORT and THREAD, by message numbers or UIDs (RFC 9051 6.4.4, RFC 5256), with ESEARCH and
 * the saved result "$" (RFC 5182).
 */
#include "agents/proto/imap_search.h"
#include "agents/proto/imap_server_part.h"
#include "agents/proto/imap_sort.h"
#include "agents/proto/imap_thread.h"

/* Replies and gives false when the search can't be done. With SAVE, NO forgets what was saved
   (RFC 9051 6.4.4.1). */
static bool is_readable(struct imap_server *s, const struct imap_search *search,
                        enum imap_search_verdict verdict)
{
    switch (verdict) {
    case IMAP_SEARCH_OK:
        if (imap_args_end(&s->part->args))
            return true;
        imap_part_bad(s);
        return false;
    case IMAP_SEARCH_BAD:
        imap_part_bad(s);
        return false;
    case IMAP_SEARCH_BADCHARSET:
        if (search->has_return && search->returns & IMAP_RETURN_SAVE)
            imap_set_clear(&s->part->saved);
        imap_part_reply(s, IMAP_NO, "[BADCHARSET (US-ASCII UTF-8)] there is no such charset here");
        return false;
    }
    return false;
}

static bool bind(struct imap_server *s, struct imap_search *search)
{
    struct imap_server_part *p = s->part;
    size_t count = p->view.uids.count;
    struct imap_search_view view = {.count = (uint32_t)count,
                                    .highest_uid = count ? p->view.uids.items[count - 1] : 0,
                                    .saved = &p->saved,
                                    .now_s = s->now_s};
    if (imap_search_bind(search, s->account, s->folder, &view))
        return true;
    imap_part_reply(s, IMAP_BAD, "there is no message of that number");
    return false;
}

/* The next message of the view, from *place on, that is there and matches. */
static bool next_match(struct imap_server *s, struct imap_search *search, size_t *place,
                       struct imap_search_message *seen)
{
    struct imap_server_part *p = s->part;
    while (*place < p->view.uids.count) {
        size_t here = (*place)++;
        const struct account_item *item = imap_view_item(&p->view, s->folder, here);
        struct imap_search_message message = {item, (uint32_t)here + 1,
                                              p->view.told.items[here].is_recent && !p->is_rev2};
        p->missing += !item;
        if (!item || !imap_search_matches(search, &message))
            continue;
        *seen = message;
        return true;
    }
    return false;
}

static void reply_done(struct imap_server *s, bool fits)
{
    if (!fits)
        imap_part_reply(s, IMAP_NO, "[LIMIT] the answer is too long");
    else if (s->part->missing > 0)
        imap_part_reply(s, IMAP_OK, "[EXPUNGEISSUED] some messages are gone");
    else
        imap_part_reply(s, IMAP_OK, "that is all");
}

/* ---- SEARCH ---- */

static void run_search(struct imap_server *s, struct imap_search *search)
{
    struct imap_server_part *p = s->part;
    struct imap_search_message seen;
    for (size_t place = 0; next_match(s, search, &place, &seen);)
        imap_search_found(search, &seen);
    if (search->has_modseq)
        imap_part_enable_condstore(s);
    reply_done(s, imap_search_put(search, bytes_slice(&p->tag), imap_verb_is_uid(p->verb),
                                  p->is_rev2, &s->base.out));
    if (search->has_return && search->returns & IMAP_RETURN_SAVE)
        imap_search_save(search, &p->saved);
}

void imap_part_do_search(struct imap_server *s)
{
    struct imap_search search;
    imap_search_init(&search);
    if (is_readable(s, &search, imap_search_read(&search, &s->part->args)) && bind(s, &search))
        run_search(s, &search);
    imap_search_finish(&search);
}

/* ---- SORT ---- */

static void run_sort(struct imap_server *s, struct imap_search *search, struct imap_sort *sort)
{
    struct imap_search_message seen;
    for (size_t place = 0; next_match(s, search, &place, &seen);)
        imap_sort_add(sort, seen.number, seen.item);
    sort->has_modseq = search->has_modseq; /* RFC 7162 3.1.6 */
    imap_sort_run(sort);
    reply_done(s, imap_sort_put(sort, imap_verb_is_uid(s->part->verb), &s->base.out));
}

void imap_part_do_sort(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct imap_search search;
    struct imap_sort sort;
    imap_search_init(&search);
    imap_sort_init(&sort);
    if (!imap_args_sp(a) || !imap_sort_read(&sort, a))
        imap_part_bad(s);
    else if (is_readable(s, &search, imap_search_read_with_charset(&search, a)) && bind(s, &search))
        run_sort(s, &search, &sort);
    imap_sort_finish(&sort);
    imap_search_finish(&search);
}

/* ---- THREAD ---- */

static void run_thread(struct imap_server *s, struct imap_search *search,
                       struct imap_thread *thread)
{
    struct imap_search_message seen;
    for (size_t place = 0; next_match(s, search, &place, &seen);)
        imap_thread_add(thread, seen.number, seen.item);
    imap_thread_run(thread);
    reply_done(s, imap_thread_put(thread, imap_verb_is_uid(s->part->verb), &s->base.out));
}

void imap_part_do_thread(struct imap_server *s)
{
    struct imap_args *a = &s->part->args;
    struct imap_search search;
    struct imap_thread thread;
    imap_search_init(&search);
    imap_thread_init(&thread);
    if (!imap_args_sp(a) || !imap_thread_read(&thread, a))
        imap_part_bad(s);
    else if (is_readable(s, &search, imap_search_read_with_charset(&search, a)) && bind(s, &search))
        run_thread(s, &search, &thread);
    imap_thread_finish(&thread);
    imap_search_finish(&search);
}
