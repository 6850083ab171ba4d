#include "render/view/dns_asks.h"

#include "sim/base/vtime.h"

enum { DNS_PORT = 53, LOOK_BACK = 512, CAUSES_MAX = 64, CHAIN_MAX = 8, NEGATIVE_MAX_S = 3 * 3600 };

void dns_asks_finish(struct dns_asks *asks)
{
    vector_finish(&asks->asks);
    vector_finish(&asks->marks);
    vector_finish(&asks->last);
    vector_finish(&asks->crashes);
    arena_finish(&asks->texts);
    arena_finish(&asks->scratch);
    *asks = (struct dns_asks){0};
}

bool dns_asks_decode(const struct log *log, uint32_t event, struct arena *arena,
                     struct dns_message *message)
{
    const struct event_udp_datagram *datagram =
        event && event < log_count(log) ? event_as_udp_datagram(log_at(log, event)) : NULL;
    return datagram && dns_message_decode(log_text(log, datagram->data), arena, message);
}

const struct dns_ask *dns_asks_of(const struct dns_asks *asks, uint32_t event)
{
    size_t low = 0, high = asks->marks.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (asks->marks.items[middle].event < event)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_found = low < asks->marks.count && asks->marks.items[low].event == event;
    return is_found ? &asks->asks.items[asks->marks.items[low].ask] : NULL;
}

static void mark(struct dns_asks *asks, uint32_t event, const struct dns_ask *ask)
{
    *vector_add(&asks->marks) = (struct dns_mark){event, (uint32_t)(ask - asks->asks.items)};
}

/* ---- whose question it is ---- */

static uint32_t msg_of(const struct event *e)
{
    const struct event_kind_row *row = &event_kinds[e->kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].type == EVENT_TYPE_MSG)
            return e->v[i];
    return 0;
}

/* What led to it: a message, or another question that is to be answered first. Of one's own
   question before it is the next step: both are for the same. */
static void find_reason(struct dns_asks *asks, const struct log *log, struct dns_ask *ask)
{
    uint32_t id = ask->question;
    for (int i = 0; i < CAUSES_MAX && id; i++) {
        const struct event *e = log_at(log, id);
        const struct dns_ask *other = i ? dns_asks_of(asks, id) : NULL;
        if (other) {
            ask->msg = other->msg;
            ask->parent = other->asker == ask->asker    ? other->parent
                          : other->server == ask->asker ? (uint32_t)(other - asks->asks.items) + 1
                                                        : 0;
            return;
        }
        ask->msg = msg_of(e);
        if (ask->msg)
            return;
        id = e->cause;
    }
}

static void link_child(struct dns_asks *asks, uint32_t number)
{
    uint32_t parent = asks->asks.items[number - 1].parent;
    if (!parent)
        return;
    struct dns_ask *p = &asks->asks.items[parent - 1];
    if (p->last_child)
        asks->asks.items[p->last_child - 1].next = number;
    else
        p->first_child = number;
    p->last_child = number;
}

static struct dns_ask *add(struct dns_asks *asks, const struct log *log, struct dns_ask ask)
{
    while (asks->last.count < log_place_count(log) || asks->last.count < ask.asker)
        *vector_add(&asks->last) = 0;
    ask.name = arena_copy(&asks->texts, ask.name);
    find_reason(asks, log, &ask);
    if (ask.asker) {
        ask.before = asks->last.items[ask.asker - 1];
        asks->last.items[ask.asker - 1] = (uint32_t)asks->asks.count + 1;
    }
    struct dns_ask *added = vector_add(&asks->asks);
    *added = ask;
    mark(asks, ask.question, added);
    link_child(asks, (uint32_t)asks->asks.count);
    return &asks->asks.items[asks->asks.count - 1];
}

/* ---- what is kept of an answer: as resolvers do (RFC 1035 7.4, 2308 5) ---- */

static bool is_within(struct slice name, struct slice zone)
{
    return zone.size == 0 || slice_equal_fold(name, zone) ||
           (slice_ends_fold(name, zone) && name.data[name.size - zone.size - 1] == '.');
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The end of the aliases; *ttl_s sinks to the least of theirs. */
static struct slice follow_aliases(const struct dns_message *m, uint32_t *ttl_s)
{
    struct slice name = m->name;
    for (int steps = 0; steps < CHAIN_MAX && m->type != DNS_TYPE_CNAME; steps++) {
        size_t i = 0;
        while (i < m->answer_count && !(m->answers[i].type == DNS_TYPE_CNAME &&
                                        slice_equal_fold(m->answers[i].name, name)))
            i++;
        if (i == m->answer_count)
            break;
        name = m->answers[i].target;
        *ttl_s = least(*ttl_s, m->answers[i].ttl_s);
    }
    return name;
}

static bool find_records(const struct dns_message *m, uint32_t *ttl_s)
{
    *ttl_s = UINT32_MAX;
    struct slice name = follow_aliases(m, ttl_s);
    bool is_found = false;
    for (size_t i = 0; i < m->answer_count; i++)
        if (m->answers[i].type == m->type && slice_equal_fold(m->answers[i].name, name)) {
            *ttl_s = least(*ttl_s, m->answers[i].ttl_s);
            is_found = true;
        }
    return is_found;
}

/* A "no" holds as long as the SOA record says; without one it is not kept. */
static uint32_t negative_ttl_s(const struct dns_message *m)
{
    for (size_t i = 0; i < m->authority_count; i++)
        if (m->authority[i].type == DNS_TYPE_SOA)
            return least(least(m->authority[i].ttl_s, m->authority[i].minimum_s), NEGATIVE_MAX_S);
    return 0;
}

static bool find_referral(struct dns_asks *asks, struct dns_ask *ask, const struct dns_message *m)
{
    ask->ttl_s = UINT32_MAX;
    for (size_t i = 0; i < m->authority_count; i++) {
        const struct dns_record *ns = &m->authority[i];
        if (ns->type != DNS_TYPE_NS || !is_within(m->name, ns->name))
            continue;
        if (!ask->zone.data)
            ask->zone = arena_copy(&asks->texts, ns->name);
        ask->ttl_s = least(ask->ttl_s, ns->ttl_s);
    }
    return ask->zone.data != NULL;
}

static void keep(struct dns_asks *asks, struct dns_ask *ask, const struct dns_message *m)
{
    if (m->is_truncated || (m->rcode != DNS_RCODE_NOERROR && m->rcode != DNS_RCODE_NXDOMAIN))
        return;
    uint32_t ttl_s;
    if (m->rcode == DNS_RCODE_NXDOMAIN) {
        ask->kept = DNS_KEPT_NO_NAME;
        ask->ttl_s = negative_ttl_s(m);
    } else if (find_records(m, &ttl_s)) {
        ask->kept = DNS_KEPT_RECORDS;
        ask->ttl_s = ttl_s;
    } else if (!m->is_authoritative && find_referral(asks, ask, m)) {
        ask->kept = DNS_KEPT_REFERRAL;
    } else {
        ask->kept = DNS_KEPT_NO_DATA;
        ask->ttl_s = negative_ttl_s(m);
    }
    if (ask->ttl_s == 0 || ask->ttl_s > INT32_MAX) /* RFC 2181 8 */
        ask->kept = DNS_KEPT_NOTHING;
}

/* ---- the events ---- */

/* The asker's last ask of that server for which `fits` holds. */
typedef bool ask_fits(const struct dns_ask *ask, const struct dns_ask *wanted);

static struct dns_ask *find(struct dns_asks *asks, uint32_t asker, uint32_t server, ask_fits *fits,
                            const struct dns_ask *wanted)
{
    uint32_t number = asker && asker <= asks->last.count ? asks->last.items[asker - 1] : 0;
    for (int i = 0; i < LOOK_BACK && number; i++) {
        struct dns_ask *ask = &asks->asks.items[number - 1];
        if (ask->server == server && fits(ask, wanted))
            return ask;
        number = ask->before;
    }
    return NULL;
}

static bool awaits_reading(const struct dns_ask *ask, const struct dns_ask *wanted)
{
    return !ask->query && !ask->is_tcp && ask->id == wanted->id;
}

static bool awaits_reply(const struct dns_ask *ask, const struct dns_ask *wanted)
{
    return !ask->reply && ask->id == wanted->id;
}

static bool awaits_note(const struct dns_ask *ask, const struct dns_ask *wanted)
{
    return !ask->noted && ask->type == wanted->type && slice_equal_fold(ask->name, wanted->name);
}

static void take_datagram(struct dns_asks *asks, const struct log *log, uint32_t id)
{
    const struct event_udp_datagram *e = event_as_udp_datagram(log_at(log, id));
    uint32_t from = log_host_of(log, e->from), to = log_host_of(log, e->to);
    bool is_to_server = (e->ports & 0xFFFF) == DNS_PORT, is_from = e->ports >> 16 == DNS_PORT;
    struct dns_message m;
    if (!is_to_server && !is_from)
        return;
    arena_reset(&asks->scratch);
    if (!dns_message_decode(log_text(log, e->data), &asks->scratch, &m))
        return;
    if (!m.is_response && is_to_server && m.has_question) {
        add(asks, log,
            (struct dns_ask){.question = id,
                             .asker = from,
                             .server = to,
                             .name = m.name,
                             .type = m.type,
                             .id = m.id});
    } else if (m.is_response && is_from) {
        struct dns_ask *ask = find(asks, to, from, awaits_reply, &(struct dns_ask){.id = m.id});
        if (!ask)
            return;
        ask->reply = id;
        keep(asks, ask, &m);
        mark(asks, id, ask);
    }
}

static void take_query(struct dns_asks *asks, const struct log *log, uint32_t id)
{
    const struct event_dns_query *e = event_as_dns_query(log_at(log, id));
    struct dns_ask wanted = {.question = id,
                             .query = id,
                             .asker = log_host_of(log, e->from),
                             .server = log_host_of(log, e->to),
                             .name = log_text(log, e->name),
                             .type = dns_type_find(log_text(log, e->type)),
                             .id = (uint16_t)e->id,
                             .is_tcp = true};
    struct dns_ask *ask = find(asks, wanted.asker, wanted.server, awaits_reading, &wanted);
    if (!ask) {
        add(asks, log, wanted); /* no datagram was sent: it came by TCP (RFC 7766) */
        return;
    }
    ask->query = id;
    mark(asks, id, ask);
}

static void take_note(struct dns_asks *asks, const struct log *log, uint32_t id)
{
    const struct event_dns_answer *e = event_as_dns_answer(log_at(log, id));
    struct dns_ask wanted = {.question = id,
                             .noted = id,
                             .asker = log_host_of(log, e->to),
                             .server = log_host_of(log, e->from),
                             .name = log_text(log, e->name),
                             .type = dns_type_find(log_text(log, e->type))};
    struct dns_ask *ask = find(asks, wanted.asker, wanted.server, awaits_note, &wanted);
    if (!ask) {
        add(asks, log, wanted); /* there was nobody to ask */
        return;
    }
    ask->noted = id;
    mark(asks, id, ask);
}

void dns_asks_update(struct dns_asks *asks, const struct log *log)
{
    for (; asks->seen < log_count(log); asks->seen++) {
        uint32_t id = asks->seen;
        uint16_t kind = log_at(log, id)->kind;
        if (kind == EVENT_UDP_DATAGRAM)
            take_datagram(asks, log, id);
        else if (kind == EVENT_DNS_QUERY)
            take_query(asks, log, id);
        else if (kind == EVENT_DNS_ANSWER)
            take_note(asks, log, id);
        else if (kind == EVENT_CRASH)
            *vector_add(&asks->crashes) = id;
    }
}

/* ---- the cache ---- */

void dns_cache_finish(struct dns_cache *cache)
{
    vector_finish(&cache->entries);
    *cache = (struct dns_cache){0};
}

/* What it had kept before that is gone. */
static uint32_t last_crash(const struct dns_asks *asks, const struct log *log, uint32_t host,
                           uint32_t until)
{
    for (size_t i = asks->crashes.count; i-- > 0;) {
        uint32_t id = asks->crashes.items[i];
        if (id < until && log_host_of(log, event_as_crash(log_at(log, id))->at) == host)
            return id;
    }
    return 0;
}

static bool is_same_entry(const struct dns_ask *a, const struct dns_ask *b)
{
    bool is_zone = a->kept == DNS_KEPT_REFERRAL;
    if (is_zone != (b->kept == DNS_KEPT_REFERRAL))
        return false;
    return is_zone ? slice_equal_fold(a->zone, b->zone)
                   : a->type == b->type && slice_equal_fold(a->name, b->name);
}

static bool is_there(const struct dns_cache *cache, const struct dns_asks *asks,
                     const struct dns_ask *ask)
{
    for (size_t i = 0; i < cache->entries.count; i++)
        if (is_same_entry(&asks->asks.items[cache->entries.items[i].ask], ask))
            return true;
    return false;
}

void dns_cache_at(struct dns_cache *cache, const struct dns_asks *asks, const struct log *log,
                  uint32_t host, uint32_t until)
{
    enum { ASKS_MAX = 4096 };
    if (cache->host == host && cache->until == until)
        return;
    vector_clear(&cache->entries);
    cache->host = host;
    cache->until = until;
    uint32_t crash = last_crash(asks, log, host, until);
    uint32_t number = host && host <= asks->last.count ? asks->last.items[host - 1] : 0;
    for (int i = 0; i < ASKS_MAX && number && cache->entries.count < DNS_CACHE_MAX; i++) {
        const struct dns_ask *ask = &asks->asks.items[number - 1];
        bool is_read = ask->noted && ask->noted < until && ask->noted > crash;
        if (is_read && ask->kept != DNS_KEPT_NOTHING && !is_there(cache, asks, ask)) {
            int64_t t = log_at(log, ask->noted)->t;
            *vector_add(&cache->entries) =
                (struct dns_entry){number - 1, t, t + ask->ttl_s * VTIME_S};
        }
        number = ask->before;
    }
}
