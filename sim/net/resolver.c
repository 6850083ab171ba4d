#include "sim/net/resolver.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/memory.h"
#include "sim/base/random.h"

enum {
    RESOLVER_TRIES = 2,
    RESOLVER_WAIT_S = 5,
    RESOLVER_NEGATIVE_TTL_S = 300, /* without an SOA to say more (RFC 2308 5) */
    RESOLVER_CHAIN_MAX = 8,
    RESOLVER_KEY = DNS_NAME_MAX + 8
};

struct waiter {
    resolver_done *done;
    void *context;
    uint64_t tag;
    uint32_t agent;
    uint32_t next; /* in the entry's list or the free list; index + 1 */
};

/* A question with its answer, kept or awaited. */
struct entry {
    char *key; /* "TYPE name", lower case */
    char *name;
    unsigned type;
    bool is_asking, is_known;
    uint16_t id;
    int tries;
    int64_t expires_t;
    enum resolver_status status;
    struct arena arena; /* of the records */
    struct dns_record *records;
    size_t count;
    uint32_t waiters; /* index + 1 of the first */
};

struct resolver {
    struct net *net;
    struct sim *sim;
    uint32_t host, server, port;
    struct random random;
    VECTOR(struct entry) entries;
    VECTOR(struct waiter) waiters;
    uint32_t free_waiters;
    uint32_t *table; /* entry index + 1 by hash of the key */
    size_t table_size;
};

const char *resolver_status_name(enum resolver_status status)
{
    switch (status) {
    case RESOLVER_OK:
    case RESOLVER_NODATA:
        return "NOERROR";
    case RESOLVER_NXDOMAIN:
        return "NXDOMAIN";
    case RESOLVER_FAILED:
        return "SERVFAIL";
    case RESOLVER_TIMEOUT:
        return "TIMEOUT";
    }
    return "TIMEOUT";
}

static void received(void *context, uint32_t from_address, uint32_t from_port, struct slice bytes);

struct resolver *resolver_create(struct net *net, struct sim *sim, uint32_t host, uint32_t server)
{
    struct resolver *r = memory_take(sizeof *r);
    *r =
        (struct resolver){.net = net, .sim = sim, .host = host, .server = server, .table_size = 16};
    r->table = memory_take(r->table_size * sizeof *r->table);
    char name[160];
    struct slice id = net_host_id(net, host);
    size_t size = id.size < 128 ? id.size : 128;
    memcpy(name, "resolver ", 9);
    memcpy(name + 9, id.data, size);
    sim_random(sim, (struct slice){name, 9 + size}, &r->random);
    return r;
}

void resolver_destroy(struct resolver *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->entries.count; i++) {
        free(r->entries.items[i].key);
        arena_finish(&r->entries.items[i].arena);
    }
    vector_finish(&r->entries);
    vector_finish(&r->waiters);
    free(r->table);
    free(r);
}

/* ---- entries by question ---- */

static struct slice make_key(unsigned type, struct slice name, char key[RESOLVER_KEY])
{
    size_t n = 0;
    key[n++] = (char)('0' + (type >> 12));
    key[n++] = (char)('0' + (type >> 6 & 63));
    key[n++] = (char)('0' + (type & 63));
    for (size_t i = 0; i < name.size && i < DNS_NAME_MAX; i++)
        key[n++] = slice_lower(name.data[i]);
    return (struct slice){key, n};
}

static size_t place_of(const struct resolver *r, struct slice key)
{
    size_t mask = r->table_size - 1, i = slice_hash(key) & mask;
    while (r->table[i] && !slice_equal(slice_of(r->entries.items[r->table[i] - 1].key), key))
        i = (i + 1) & mask;
    return i;
}

static void grow_table(struct resolver *r)
{
    free(r->table);
    r->table_size *= 2;
    r->table = memory_take(r->table_size * sizeof *r->table);
    for (uint32_t i = 0; i < r->entries.count; i++)
        r->table[place_of(r, slice_of(r->entries.items[i].key))] = i + 1;
}

static uint32_t find_or_add(struct resolver *r, unsigned type, struct slice name)
{
    char text[RESOLVER_KEY];
    struct slice key = make_key(type, name, text);
    size_t place = place_of(r, key);
    if (r->table[place])
        return r->table[place] - 1;
    struct entry *e = vector_add(&r->entries);
    e->key = memory_take(key.size + 1);
    memcpy(e->key, key.data, key.size);
    e->name = e->key + 3;
    e->type = type;
    arena_init(&e->arena);
    r->table[place] = (uint32_t)r->entries.count;
    if (r->entries.count * 2 > r->table_size)
        grow_table(r);
    return (uint32_t)r->entries.count - 1;
}

/* ---- who waits ---- */

static uint32_t add_waiter(struct resolver *r, const struct waiter *w)
{
    uint32_t index = r->free_waiters;
    if (index)
        r->free_waiters = r->waiters.items[index - 1].next;
    else {
        (void)vector_add(&r->waiters);
        index = (uint32_t)r->waiters.count;
    }
    r->waiters.items[index - 1] = *w;
    return index;
}

static void tell(struct resolver *r, uint32_t entry, uint32_t waiter)
{
    struct waiter w = r->waiters.items[waiter - 1];
    r->waiters.items[waiter - 1].next = r->free_waiters;
    r->free_waiters = waiter;
    const struct entry *e = &r->entries.items[entry];
    struct resolver_answer answer = {e->status, e->records, e->count};
    w.done(w.context, w.tag, &answer);
}

static void tell_kept(void *context, uint64_t entry, uint64_t waiter)
{
    tell(context, (uint32_t)entry, (uint32_t)waiter);
}

/* Entries may move while the waiters are told, so the list is taken off first. */
static void tell_all(struct resolver *r, uint32_t entry)
{
    uint32_t waiter = r->entries.items[entry].waiters;
    r->entries.items[entry].waiters = 0;
    uint32_t cause = r->sim->cause;
    while (waiter) {
        uint32_t next = r->waiters.items[waiter - 1].next;
        r->sim->cause = cause;
        tell(r, entry, waiter);
        waiter = next;
    }
}

/* ---- asking ---- */

static void note_answer(struct resolver *r, uint32_t entry)
{
    const struct entry *e = &r->entries.items[entry];
    struct arena arena;
    struct bytes data;
    char type[16];
    arena_init(&arena);
    bytes_init(&data, 64 * 1024);
    for (size_t i = 0; i < e->count; i++)
        if (!bytes_printf(&data, "%s%.*s", i ? ", " : "",
                          SLICE_ARG(dns_record_print(&e->records[i], &arena))))
            break;
    uint32_t asker = e->waiters ? r->waiters.items[e->waiters - 1].agent : r->host;
    sim_emit(r->sim, EVENT_DNS_ANSWER,
             &(struct event_dns_answer){
                 .from = net_host_at(r->net, r->server),
                 .to = asker,
                 .name = sim_text(r->sim, slice_of(e->name)),
                 .type = sim_text(r->sim, slice_of(dns_type_name(e->type, type))),
                 .rcode = sim_text(r->sim, slice_of(resolver_status_name(e->status))),
                 .data = sim_text(r->sim, bytes_slice(&data)),
             });
    bytes_finish(&data);
    arena_finish(&arena);
}

static void finish(struct resolver *r, uint32_t entry, enum resolver_status status, int64_t ttl_s)
{
    struct entry *e = &r->entries.items[entry];
    e->is_asking = false;
    e->is_known = ttl_s > 0;
    e->expires_t = r->sim->now + ttl_s * VTIME_S;
    e->status = status;
    note_answer(r, entry);
    tell_all(r, entry);
}

static void send_question(struct resolver *r, uint32_t entry);

static void timed_out(void *context, uint64_t entry, uint64_t id)
{
    struct resolver *r = context;
    struct entry *e = &r->entries.items[entry];
    if (!e->is_asking || e->id != id)
        return;
    if (e->tries < RESOLVER_TRIES) {
        send_question(r, (uint32_t)entry);
        return;
    }
    e->count = 0;
    finish(r, (uint32_t)entry, RESOLVER_TIMEOUT, 0);
}

static void send_question(struct resolver *r, uint32_t entry)
{
    struct entry *e = &r->entries.items[entry];
    e->tries++;
    e->id = (uint16_t)random_u64(&r->random);
    struct dns_message m = {.id = e->id,
                            .wants_recursion = true,
                            .has_question = true,
                            .name = slice_of(e->name),
                            .type = e->type};
    struct bytes wire;
    bytes_init(&wire, DNS_UDP_MAX);
    if (r->port == 0)
        r->port = net_udp_bind(r->net, r->host, 0, received, r);
    bool is_sendable = r->server && dns_message_encode(&m, DNS_UDP_MAX, &wire);
    uint32_t cause = r->sim->cause;
    if (is_sendable)
        net_udp_send(r->net, r->host, r->port, r->server, 53, bytes_slice(&wire));
    r->sim->cause = cause;
    /* once the answer is there, this finds the question over and does nothing */
    sim_after(r->sim, is_sendable ? RESOLVER_WAIT_S * VTIME_S : 0, timed_out, r, entry, e->id);
    bytes_finish(&wire);
}

void resolver_ask(struct resolver *r, uint32_t agent, struct slice name, enum dns_type type,
                  resolver_done *done, void *context, uint64_t tag)
{
    uint32_t entry = find_or_add(r, type, name);
    uint32_t waiter = add_waiter(r, &(struct waiter){done, context, tag, agent, 0});
    struct entry *e = &r->entries.items[entry];
    if (e->is_known && r->sim->now < e->expires_t) {
        sim_after(r->sim, 0, tell_kept, r, entry, waiter);
        return;
    }
    e->is_known = false;
    r->waiters.items[waiter - 1].next = 0;
    uint32_t *last = &e->waiters;
    while (*last)
        last = &r->waiters.items[*last - 1].next;
    *last = waiter;
    if (e->is_asking)
        return;
    e->is_asking = true;
    e->tries = 0;
    send_question(r, entry);
}

/* ---- the answer ---- */

/* The name at the end of the CNAME chain that starts at `name`. */
static struct slice follow_aliases(const struct dns_message *m, struct slice name, uint32_t *ttl_s)
{
    for (int steps = 0; steps < RESOLVER_CHAIN_MAX; steps++) {
        const struct dns_record *alias = NULL;
        for (size_t i = 0; i < m->answer_count && !alias; i++)
            if (m->answers[i].type == DNS_TYPE_CNAME && slice_equal_fold(m->answers[i].name, name))
                alias = &m->answers[i];
        if (!alias)
            break;
        name = alias->target;
        *ttl_s = alias->ttl_s < *ttl_s ? alias->ttl_s : *ttl_s;
    }
    return name;
}

static void copy_record(struct arena *arena, struct dns_record *to, const struct dns_record *from)
{
    *to = *from;
    to->name = arena_copy(arena, from->name);
    to->target = arena_copy(arena, from->target);
    to->mailbox = arena_copy(arena, from->mailbox);
    to->data = arena_copy(arena, from->data);
}

/* Keeps the wanted records of the answer; gives the TTL of the whole. */
static uint32_t keep_records(struct entry *e, const struct dns_message *m)
{
    uint32_t ttl_s = UINT32_MAX;
    struct slice name = e->type == DNS_TYPE_CNAME ? slice_of(e->name)
                                                  : follow_aliases(m, slice_of(e->name), &ttl_s);
    arena_reset(&e->arena);
    e->records =
        m->answer_count ? arena_take(&e->arena, m->answer_count * sizeof *e->records) : NULL;
    e->count = 0;
    for (size_t i = 0; i < m->answer_count; i++) {
        if (m->answers[i].type != e->type || !slice_equal_fold(m->answers[i].name, name))
            continue;
        copy_record(&e->arena, &e->records[e->count++], &m->answers[i]);
        ttl_s = m->answers[i].ttl_s < ttl_s ? m->answers[i].ttl_s : ttl_s;
    }
    return ttl_s;
}

static int64_t negative_ttl_s(const struct dns_message *m)
{
    for (size_t i = 0; i < m->authority_count; i++)
        if (m->authority[i].type == DNS_TYPE_SOA)
            return m->authority[i].ttl_s < m->authority[i].minimum_s ? m->authority[i].ttl_s
                                                                     : m->authority[i].minimum_s;
    return RESOLVER_NEGATIVE_TTL_S;
}

/* The entry this message answers, or SLICE_NONE: id, question and type must all be those asked. */
static size_t asked(const struct resolver *r, const struct dns_message *m)
{
    char text[RESOLVER_KEY];
    if (!m->is_response || !m->has_question)
        return SLICE_NONE;
    size_t place = place_of(r, make_key(m->type, m->name, text));
    if (!r->table[place])
        return SLICE_NONE;
    const struct entry *e = &r->entries.items[r->table[place] - 1];
    return e->is_asking && e->id == m->id ? r->table[place] - 1 : SLICE_NONE;
}

static void received(void *context, uint32_t from_address, uint32_t from_port, struct slice bytes)
{
    struct resolver *r = context;
    struct arena arena;
    struct dns_message m;
    arena_init(&arena);
    size_t entry = SLICE_NONE;
    if (from_address == r->server && from_port == 53 && dns_message_decode(bytes, &arena, &m))
        entry = asked(r, &m);
    if (entry != SLICE_NONE) {
        struct entry *e = &r->entries.items[entry];
        uint32_t ttl_s = keep_records(e, &m);
        if (m.rcode == DNS_RCODE_NXDOMAIN)
            finish(r, (uint32_t)entry, RESOLVER_NXDOMAIN, negative_ttl_s(&m));
        else if (m.rcode != DNS_RCODE_NOERROR)
            finish(r, (uint32_t)entry, RESOLVER_FAILED, 0);
        else if (e->count == 0)
            finish(r, (uint32_t)entry, RESOLVER_NODATA, negative_ttl_s(&m));
        else
            finish(r, (uint32_t)entry, RESOLVER_OK, ttl_s);
    }
    arena_finish(&arena);
}

bool resolver_address(const struct dns_record *record, uint32_t *address)
{
    const unsigned char *octets = (const unsigned char *)record->data.data;
    if (record->type != DNS_TYPE_A || record->data.size != 4)
        return false;
    *address = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
               octets[3];
    return true;
}

void resolver_crash(struct resolver *r)
{
    uint32_t count = (uint32_t)r->entries.count; /* those who are told may ask anew */
    for (uint32_t i = 0; i < count; i++) {
        struct entry *e = &r->entries.items[i];
        e->is_known = false;
        if (!e->is_asking)
            continue;
        e->is_asking = false;
        e->count = 0;
        e->status = RESOLVER_TIMEOUT;
        tell_all(r, i);
    }
}
