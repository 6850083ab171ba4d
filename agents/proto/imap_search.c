#include "agents/proto/imap_search.h"

#include "agents/proto/imap_put.h"
#include "agents/proto/imap_search_key.h"

void imap_search_init(struct imap_search *s)
{
    *s = (struct imap_search){0};
    arena_init(&s->arena);
}

void imap_search_finish(struct imap_search *s)
{
    for (size_t i = 0; i < s->keys.count; i++) {
        struct imap_search_key *key = &s->keys.items[i];
        imap_set_finish(&key->set);
        imap_set_finish(&key->saved);
        if (key->has_text)
            text_search_finish(&key->text);
    }
    vector_finish(&s->keys);
    imap_set_finish(&s->numbers);
    imap_set_finish(&s->uids);
    if (s->has_mime)
        mime_finish(&s->mime);
    arena_finish(&s->arena);
    *s = (struct imap_search){0};
}

/* ---- binding ---- */

/* "$" are UIDs, even where message numbers were asked for (RFC 5182 2.1). */
static void bind_saved(struct imap_search_key *key, const struct imap_search_view *view)
{
    if (!key->set.is_saved)
        return;
    if (view->saved)
        imap_set_copy(&key->saved, view->saved);
    key->saved.is_saved = key->set.is_saved = false;
}

static void bind_keyword(struct imap_search_key *key, struct account *account,
                         struct account_folder *folder)
{
    key->number = account_flag(account, folder, key->name, false);
    key->op = key->op == IMAP_SEARCH_KEYWORD ? IMAP_SEARCH_FLAG : IMAP_SEARCH_NO_FLAG;
}

bool imap_search_bind(struct imap_search *s, struct account *account, struct account_folder *folder,
                      const struct imap_search_view *view)
{
    s->now_s = view->now_s;
    for (size_t i = 0; i < s->keys.count; i++) {
        struct imap_search_key *key = &s->keys.items[i];
        if (key->op == IMAP_SEARCH_NUMBERS && !imap_set_is_within(&key->set, view->count))
            return false;
        if (key->op == IMAP_SEARCH_NUMBERS || key->op == IMAP_SEARCH_UIDS) {
            bind_saved(key, view);
            imap_set_resolve(&key->set,
                             key->op == IMAP_SEARCH_UIDS ? view->highest_uid : view->count);
        }
        if (key->op == IMAP_SEARCH_KEYWORD || key->op == IMAP_SEARCH_UNKEYWORD)
            bind_keyword(key, account, folder);
    }
    return true;
}

/* ---- what was found ---- */

void imap_search_found(struct imap_search *s, const struct imap_search_message *message)
{
    uint64_t modseq = message->item->modseq;
    if (imap_set_is_empty(&s->numbers))
        s->first_modseq = modseq;
    s->last_modseq = modseq;
    if (modseq > s->highest_modseq)
        s->highest_modseq = modseq;
    imap_set_add(&s->numbers, message->number);
    imap_set_add(&s->uids, message->item->uid);
}

/* MIN and MAX, where neither ALL nor COUNT was asked for too, mean one message each. */
static bool is_of_ends(unsigned returns)
{
    return (returns & (IMAP_RETURN_MIN | IMAP_RETURN_MAX)) &&
           !(returns & (IMAP_RETURN_ALL | IMAP_RETURN_COUNT));
}

void imap_search_save(const struct imap_search *s, struct imap_set *saved)
{
    if (imap_set_is_empty(&s->uids) || !is_of_ends(s->returns)) {
        imap_set_copy(saved, &s->uids);
        return;
    }
    imap_set_clear(saved);
    if (s->returns & IMAP_RETURN_MIN)
        imap_set_add(saved, imap_set_first(&s->uids));
    if (s->returns & IMAP_RETURN_MAX)
        imap_set_add(saved, imap_set_last(&s->uids));
}

/* The highest of the messages that the answer is about (RFC 4731 3.2). */
static uint64_t modseq_of(const struct imap_search *s)
{
    if (!is_of_ends(s->returns))
        return s->highest_modseq;
    uint64_t first = s->returns & IMAP_RETURN_MIN ? s->first_modseq : 0;
    uint64_t last = s->returns & IMAP_RETURN_MAX ? s->last_modseq : 0;
    return first > last ? first : last;
}

static bool put_number(struct bytes *out, struct slice name, uint64_t number)
{
    return bytes_append(out, name) && imap_put_number(out, number);
}

/* search-return-data, of which MIN, MAX and ALL are left out when nothing was found */
static bool put_extended(const struct imap_search *s, struct slice tag, bool is_uid,
                         struct bytes *out)
{
    const struct imap_set *found = is_uid ? &s->uids : &s->numbers;
    unsigned returns = s->has_return ? s->returns : IMAP_RETURN_ALL;
    unsigned shown = imap_set_is_empty(found) ? returns & IMAP_RETURN_COUNT : returns;
    bool has_modseq = s->has_modseq && !imap_set_is_empty(found);
    return bytes_append(out, SLICE("* ESEARCH (TAG ")) && imap_put_quoted(out, tag) &&
           bytes_append(out, is_uid ? SLICE(") UID") : SLICE(")")) &&
           (!(shown & IMAP_RETURN_MIN) || put_number(out, SLICE(" MIN "), imap_set_first(found))) &&
           (!(shown & IMAP_RETURN_MAX) || put_number(out, SLICE(" MAX "), imap_set_last(found))) &&
           (!(shown & IMAP_RETURN_ALL) ||
            (bytes_append(out, SLICE(" ALL ")) && imap_set_write(found, out))) &&
           (!(shown & IMAP_RETURN_COUNT) ||
            put_number(out, SLICE(" COUNT "), imap_set_count(found))) &&
           (!has_modseq || put_number(out, SLICE(" MODSEQ "), modseq_of(s))) &&
           bytes_append(out, SLICE("\r\n"));
}

static bool put_plain(const struct imap_search *s, bool is_uid, struct bytes *out)
{
    const struct imap_set *found = is_uid ? &s->uids : &s->numbers;
    return bytes_append(out, SLICE("* SEARCH")) && imap_set_write_numbers(found, SLICE(" "), out) &&
           (!s->has_modseq || imap_set_is_empty(found) ||
            (put_number(out, SLICE(" (MODSEQ "), s->highest_modseq) &&
             bytes_append_octet(out, ')'))) &&
           bytes_append(out, SLICE("\r\n"));
}

bool imap_search_put(const struct imap_search *s, struct slice tag, bool is_uid, bool is_rev2,
                     struct bytes *out)
{
    size_t before = bytes_size(out);
    if (s->has_return && s->returns == IMAP_RETURN_SAVE)
        return true;
    if (s->has_return || is_rev2 ? put_extended(s, tag, is_uid, out) : put_plain(s, is_uid, out))
        return true;
    bytes_truncate(out, before);
    return false;
}
