/* Does a message match (RFC 9051 6.4.4)? */
#include "agents/proto/imap_search_key.h"

#include "agents/mail/date.h"

enum { DAY_S = 86400 };

/* One message being asked about. */
struct asking {
    struct imap_search *search;
    const struct imap_search_message *message;
};

static bool matches(struct asking *q, uint32_t index);

/* ---- dates ---- */

/* The day in the zone that the moment was written in: time and zone are left out of account. */
static int64_t day_of(int64_t unix_s, int zone_min)
{
    int64_t local_s = unix_s + (int64_t)zone_min * 60;
    return local_s / DAY_S - (local_s % DAY_S < 0);
}

/* The day of the Date field; false when there is none, or none that can be read. */
static bool find_sent_day(const struct account_item *item, int64_t *day)
{
    struct header_field field;
    int64_t unix_s;
    int zone_min;
    if (!header_find(item->content, SLICE("Date"), 1, &field) ||
        !date_read(field.value, &unix_s, &zone_min))
        return false;
    *day = day_of(unix_s, zone_min);
    return true;
}

static bool is_of_day(const struct asking *q, const struct imap_search_key *key)
{
    const struct account_item *item = q->message->item;
    enum imap_search_op op = key->op;
    int64_t day = day_of(item->internal_s, item->zone_min);
    if (op == IMAP_SEARCH_SAVEDBEFORE || op == IMAP_SEARCH_SAVEDON || op == IMAP_SEARCH_SAVEDSINCE)
        day = day_of(item->saved_s, item->zone_min);
    bool is_sent =
        op == IMAP_SEARCH_SENTBEFORE || op == IMAP_SEARCH_SENTON || op == IMAP_SEARCH_SENTSINCE;
    if (is_sent && !find_sent_day(item, &day))
        return false;
    if (op == IMAP_SEARCH_BEFORE || op == IMAP_SEARCH_SENTBEFORE || op == IMAP_SEARCH_SAVEDBEFORE)
        return day < key->day;
    if (op == IMAP_SEARCH_ON || op == IMAP_SEARCH_SENTON || op == IMAP_SEARCH_SAVEDON)
        return day == key->day;
    return day >= key->day;
}

/* ---- texts ---- */

static const struct mime *mime_of(struct asking *q)
{
    struct imap_search *s = q->search;
    if (!s->is_mime_current) {
        if (s->has_mime)
            mime_reread(&s->mime, q->message->item->content);
        else
            mime_read(&s->mime, q->message->item->content);
        s->has_mime = s->is_mime_current = true;
    }
    return &s->mime;
}

/* In any field of that name; the empty text is in each. */
static bool is_in_field(const struct asking *q, struct imap_search_key *key)
{
    struct slice header = q->message->item->content;
    struct header_field field;
    while (header_next(&header, &field))
        if (slice_equal_fold(field.name, key->name) && text_search_value(&key->text, field.value))
            return true;
    return false;
}

/* ---- keys ---- */

static bool is_in_sets(const struct imap_search_key *key, uint32_t number, uint32_t uid)
{
    return imap_set_contains(&key->set, number) || imap_set_contains(&key->saved, uid);
}

static bool any_child(struct asking *q, uint32_t index, bool wanted)
{
    uint32_t child = q->search->keys.items[index].first_child;
    for (; child != 0; child = q->search->keys.items[child].next)
        if (matches(q, child) == wanted)
            return true;
    return false;
}

static bool matches(struct asking *q, uint32_t index)
{
    struct imap_search_key *key = &q->search->keys.items[index];
    const struct account_item *item = q->message->item;
    switch (key->op) {
    case IMAP_SEARCH_AND:
        return !any_child(q, index, false);
    case IMAP_SEARCH_OR:
        return any_child(q, index, true);
    case IMAP_SEARCH_NOT:
        return any_child(q, index, false);
    case IMAP_SEARCH_ALL:
        return true;
    case IMAP_SEARCH_FLAG:
    case IMAP_SEARCH_KEYWORD:
        return (item->flags & key->number) != 0;
    case IMAP_SEARCH_NO_FLAG:
    case IMAP_SEARCH_UNKEYWORD:
        return (item->flags & key->number) == 0;
    case IMAP_SEARCH_RECENT:
        return q->message->is_recent;
    case IMAP_SEARCH_OLD:
        return !q->message->is_recent;
    case IMAP_SEARCH_NEW:
        return q->message->is_recent && !(item->flags & ACCOUNT_SEEN);
    case IMAP_SEARCH_NUMBERS:
        return is_in_sets(key, q->message->number, item->uid);
    case IMAP_SEARCH_UIDS:
        return is_in_sets(key, item->uid, item->uid);
    case IMAP_SEARCH_BEFORE:
    case IMAP_SEARCH_ON:
    case IMAP_SEARCH_SINCE:
    case IMAP_SEARCH_SENTBEFORE:
    case IMAP_SEARCH_SENTON:
    case IMAP_SEARCH_SENTSINCE:
    case IMAP_SEARCH_SAVEDBEFORE:
    case IMAP_SEARCH_SAVEDON:
    case IMAP_SEARCH_SAVEDSINCE:
        return is_of_day(q, key);
    case IMAP_SEARCH_LARGER:
        return item->content.size > key->number;
    case IMAP_SEARCH_SMALLER:
        return item->content.size < key->number;
    case IMAP_SEARCH_OLDER: /* RFC 5032 3: the moment itself is in both */
        return item->internal_s <= q->search->now_s - (int64_t)key->number;
    case IMAP_SEARCH_YOUNGER:
        return item->internal_s >= q->search->now_s - (int64_t)key->number;
    case IMAP_SEARCH_MODSEQ: /* RFC 7162 3.1.5 */
        return item->modseq >= key->number;
    case IMAP_SEARCH_HEADER:
        return is_in_field(q, key);
    case IMAP_SEARCH_BODY:
        return text_search_body(&key->text, mime_of(q));
    case IMAP_SEARCH_TEXT:
        return text_search_message(&key->text, mime_of(q));
    }
    return false;
}

bool imap_search_matches(struct imap_search *s, const struct imap_search_message *message)
{
    struct asking q = {s, message};
    s->is_mime_current = false;
    return s->keys.count > 0 && matches(&q, 0);
}
