#include "sim/net/resolver.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/memory.h"
#include "sim/base/random.h"
#include "sim/net/resolver_part.h"

enum {
    TRIES = 2,
    WAIT_S = 5,
    HUNT_WAIT_S = 2, /* there may be another server, and the client waits, too */
    CHAIN_MAX = 8,
    NEGATIVE_TTL_MAX_S = 3 * 3600, /* RFC 2308 5: one to three hours are sensible */
    QUESTION_OCTETS_MAX = DNS_UDP_MAX
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
    *r = (struct resolver){.net = net, .sim = sim, .host = host, .server = server};
    resolver_cache_start(r);
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
    resolver_tcp_finish(r);
    resolver_cache_finish(r);
    resolver_forget_zones(r);
    vector_finish(&r->zones);
    vector_finish(&r->waiters);
    free(r);
}

void resolver_set_server(struct resolver *r, uint32_t server)
{
    r->server = server;
}

void resolver_set_root(struct resolver *r, uint32_t root)
{
    r->root = root;
    r->keeps_all |= root != 0;
    resolver_forget_zones(r);
}

void resolver_keep_all(struct resolver *r)
{
    r->keeps_all = true;
}

/* ---- who waits ---- */

static uint32_t add_waiter(struct resolver *r, const struct resolver_waiter *w)
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
    struct resolver_waiter w = r->waiters.items[waiter - 1];
    r->waiters.items[waiter - 1].next = r->free_waiters;
    r->free_waiters = waiter;
    const struct resolver_entry *e = &r->entries.items[entry];
    int64_t left = e->is_known ? (e->expires_t - r->sim->now) / VTIME_S : 0;
    struct resolver_answer answer = {.status = e->status,
                                     .records = e->records,
                                     .count = e->count,
                                     .others = e->others,
                                     .other_count = e->other_count,
                                     .ttl_s = left > 0 ? (uint32_t)left : 0};
    w.done(w.context, w.tag, &answer);
}

static void tell_kept(void *context, uint64_t entry, uint64_t waiter)
{
    struct resolver *r = context;
    r->entries.items[entry].due--;
    tell(r, (uint32_t)entry, (uint32_t)waiter);
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

void resolver_note(struct resolver *r, uint32_t entry, uint32_t asker, const char *rcode,
                   struct slice data)
{
    const struct resolver_entry *e = &r->entries.items[entry];
    char type[16];
    sim_emit(r->sim, EVENT_DNS_ANSWER,
             &(struct event_dns_answer){
                 .from = net_host_at(r->net, resolver_server_of(r, e)),
                 .to = asker,
                 .name = sim_text(r->sim, slice_of(e->name)),
                 .type = sim_text(r->sim, slice_of(dns_type_name(e->type, type))),
                 .rcode = sim_text(r->sim, slice_of(rcode)),
                 .data = sim_text(r->sim, data),
             });
}

struct slice resolver_print(const struct dns_record *records, size_t count, struct arena *arena)
{
    struct bytes data;
    bytes_init(&data, 64 * 1024);
    for (size_t i = 0; i < count; i++)
        if (!bytes_printf(&data, "%s%.*s", i ? ", " : "",
                          SLICE_ARG(dns_record_print(&records[i], arena))))
            break;
    struct slice printed = arena_copy(arena, bytes_slice(&data));
    bytes_finish(&data);
    return printed;
}

static void note_answer(struct resolver *r, uint32_t entry)
{
    const struct resolver_entry *e = &r->entries.items[entry];
    struct arena arena;
    arena_init(&arena);
    uint32_t asker = e->waiters ? r->waiters.items[e->waiters - 1].agent : r->host;
    resolver_note(r, entry, asker, resolver_status_name(e->status),
                  resolver_print(e->records, e->count, &arena));
    arena_finish(&arena);
}

void resolver_settle(struct resolver *r, uint32_t entry, enum resolver_status status, int64_t ttl_s)
{
    struct resolver_entry *e = &r->entries.items[entry];
    e->is_asking = false;
    e->is_known = ttl_s > 0;
    e->expires_t = r->sim->now + ttl_s * VTIME_S;
    e->status = status;
    if (!r->root) /* who hunts has told of each answer already */
        note_answer(r, entry);
    tell_all(r, entry);
}

static void timed_out(void *context, uint64_t entry, uint64_t serial)
{
    struct resolver *r = context;
    struct resolver_entry *e = &r->entries.items[entry];
    if (!e->is_asking || e->serial != serial)
        return;
    resolver_tcp_forget(r, (uint32_t)entry);
    if (r->root) {
        resolver_hunt_timed_out(r, (uint32_t)entry);
        return;
    }
    if (e->tries < TRIES) {
        e->tries++;
        resolver_send(r, (uint32_t)entry, false);
        return;
    }
    e->count = e->other_count = 0;
    resolver_settle(r, (uint32_t)entry, RESOLVER_TIMEOUT, 0);
}

static bool write_question(const struct resolver *r, const struct resolver_entry *e,
                           struct bytes *wire)
{
    struct dns_record opt = dns_edns_record(&(struct dns_edns){.udp_octets = DNS_EDNS_UDP_MAX});
    struct dns_message m = {.id = e->id,
                            .wants_recursion = r->root == 0,
                            .has_question = true,
                            .name = slice_of(e->name),
                            .type = e->type,
                            .additional = &opt,
                            .additional_count = !e->has_no_edns};
    return dns_message_encode(&m, QUESTION_OCTETS_MAX, wire);
}

void resolver_send(struct resolver *r, uint32_t entry, bool by_tcp)
{
    struct resolver_entry *e = &r->entries.items[entry];
    struct bytes wire;
    e->id = (uint16_t)random_u64(&r->random);
    e->serial = ++r->serial;
    bytes_init(&wire, QUESTION_OCTETS_MAX);
    if (r->port == 0)
        r->port = net_udp_bind(r->net, r->host, 0, received, r);
    uint32_t server = resolver_server_of(r, e);
    bool is_sendable = server && write_question(r, e, &wire);
    uint32_t cause = r->sim->cause;
    if (is_sendable && by_tcp)
        resolver_tcp_ask(r, entry, bytes_slice(&wire));
    else if (is_sendable)
        net_udp_send(r->net, r->host, r->port, server, RESOLVER_PORT, bytes_slice(&wire));
    r->sim->cause = cause;
    /* once the answer is there, this finds the question over and does nothing */
    int64_t wait_s = r->root ? HUNT_WAIT_S : WAIT_S;
    sim_after(r->sim, is_sendable ? wait_s * VTIME_S : 0, timed_out, r, entry, e->serial);
    bytes_finish(&wire);
}

void resolver_ask(struct resolver *r, uint32_t agent, struct slice name, enum dns_type type,
                  resolver_done *done, void *context, uint64_t tag)
{
    uint32_t entry = resolver_cache_find_or_add(r, type, name);
    uint32_t waiter = add_waiter(r, &(struct resolver_waiter){done, context, tag, agent, 0});
    struct resolver_entry *e = &r->entries.items[entry];
    if (e->is_known && r->sim->now < e->expires_t) {
        e->due++;
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
    e->has_no_edns = false;
    e->tries = 1;
    if (r->root)
        resolver_hunt_start(r, entry);
    else
        resolver_send(r, entry, false);
}

/* ---- the answer ---- */

/* Keeps the CNAME chain that starts at the entry's name; gives the name at its end. */
static struct slice keep_aliases(struct resolver *r, struct resolver_entry *e,
                                 const struct dns_message *m, uint32_t *ttl_s)
{
    struct slice name = slice_of(e->name);
    for (int steps = 0; steps < CHAIN_MAX && e->type != DNS_TYPE_CNAME; steps++) {
        const struct dns_record *alias = NULL;
        for (size_t i = 0; i < m->answer_count && !alias; i++)
            if (m->answers[i].type == DNS_TYPE_CNAME && slice_equal_fold(m->answers[i].name, name))
                alias = &m->answers[i];
        if (!alias)
            break;
        name = alias->target;
        *ttl_s = alias->ttl_s < *ttl_s ? alias->ttl_s : *ttl_s;
        if (r->keeps_all)
            resolver_copy_record(&e->arena, &e->others[e->other_count++], alias);
    }
    return name;
}

void resolver_copy_record(struct arena *arena, struct dns_record *to, const struct dns_record *from)
{
    *to = *from;
    to->name = arena_copy(arena, from->name);
    to->target = arena_copy(arena, from->target);
    to->mailbox = arena_copy(arena, from->mailbox);
    to->data = arena_copy(arena, from->data);
}

/* The SOA record of a "no", for those who are told of it in turn. */
static void keep_soa(struct resolver_entry *e, const struct dns_message *m)
{
    for (size_t i = 0; i < m->authority_count; i++)
        if (m->authority[i].type == DNS_TYPE_SOA) {
            resolver_copy_record(&e->arena, &e->others[e->other_count++], &m->authority[i]);
            return;
        }
}

uint32_t resolver_keep(struct resolver *r, uint32_t entry, const struct dns_message *m,
                       struct slice *last)
{
    struct resolver_entry *e = &r->entries.items[entry];
    uint32_t ttl_s = UINT32_MAX;
    arena_reset(&e->arena);
    e->count = e->other_count = 0;
    e->others = r->keeps_all ? arena_take(&e->arena, (CHAIN_MAX + 1) * sizeof *e->others) : NULL;
    struct slice name = keep_aliases(r, e, m, &ttl_s);
    e->records =
        m->answer_count ? arena_take(&e->arena, m->answer_count * sizeof *e->records) : NULL;
    for (size_t i = 0; i < m->answer_count; i++) {
        if (m->answers[i].type != e->type || !slice_equal_fold(m->answers[i].name, name))
            continue;
        resolver_copy_record(&e->arena, &e->records[e->count++], &m->answers[i]);
        ttl_s = m->answers[i].ttl_s < ttl_s ? m->answers[i].ttl_s : ttl_s;
    }
    if (e->count == 0 && r->keeps_all)
        keep_soa(e, m);
    *last = name;
    return ttl_s > INT32_MAX ? 0 : ttl_s; /* RFC 2181 8 */
}

int64_t resolver_negative_ttl_s(const struct dns_message *m)
{
    for (size_t i = 0; i < m->authority_count; i++) {
        const struct dns_record *soa = &m->authority[i];
        uint32_t ttl_s = soa->ttl_s < soa->minimum_s ? soa->ttl_s : soa->minimum_s;
        if (soa->type == DNS_TYPE_SOA)
            return ttl_s < NEGATIVE_TTL_MAX_S ? ttl_s : NEGATIVE_TTL_MAX_S;
    }
    return 0;
}

/* The entry this message answers, or SLICE_NONE: id, question and type must all be those asked. */
static size_t asked(const struct resolver *r, uint32_t from, const struct dns_message *m)
{
    if (!m->is_response || !m->has_question)
        return SLICE_NONE;
    size_t entry = resolver_cache_find(r, m->type, m->name);
    if (entry == SLICE_NONE)
        return SLICE_NONE;
    const struct resolver_entry *e = &r->entries.items[entry];
    bool is_expected = e->is_asking && e->id == m->id && resolver_server_of(r, e) == from;
    return is_expected ? entry : SLICE_NONE;
}

static void take_answer(struct resolver *r, uint32_t entry, const struct dns_message *m,
                        unsigned rcode)
{
    struct slice last;
    uint32_t ttl_s = resolver_keep(r, entry, m, &last);
    if (rcode == DNS_RCODE_NXDOMAIN)
        resolver_settle(r, entry, RESOLVER_NXDOMAIN, resolver_negative_ttl_s(m));
    else if (rcode != DNS_RCODE_NOERROR)
        resolver_settle(r, entry, RESOLVER_FAILED, 0);
    else if (r->entries.items[entry].count == 0)
        resolver_settle(r, entry, RESOLVER_NODATA, resolver_negative_ttl_s(m));
    else
        resolver_settle(r, entry, RESOLVER_OK, ttl_s);
}

/* Servers from before EDNS say that they don't understand (RFC 6891 6.2.2). */
static bool wants_no_edns(const struct resolver_entry *e, const struct dns_message *m,
                          enum dns_edns_find has_edns)
{
    return !e->has_no_edns && has_edns == DNS_EDNS_NONE &&
           (m->rcode == DNS_RCODE_FORMERR || m->rcode == DNS_RCODE_NOTIMP);
}

bool resolver_take_answer(struct resolver *r, uint32_t from, struct slice octets, bool is_tcp)
{
    struct arena arena;
    struct dns_message m;
    struct dns_edns edns;
    arena_init(&arena);
    size_t entry = dns_message_decode(octets, &arena, &m) ? asked(r, from, &m) : SLICE_NONE;
    if (entry != SLICE_NONE) {
        enum dns_edns_find has_edns = dns_edns_find(&m, &edns);
        struct resolver_entry *e = &r->entries.items[entry];
        if (wants_no_edns(e, &m, has_edns)) {
            e->has_no_edns = true;
            resolver_send(r, (uint32_t)entry, is_tcp);
        } else if (m.is_truncated && !is_tcp) {
            resolver_send(r, (uint32_t)entry, true); /* RFC 2181 9: what came is not used */
        } else {
            bool is_good = !m.is_truncated && has_edns != DNS_EDNS_BAD;
            (r->root ? resolver_hunt_take : take_answer)(r, (uint32_t)entry, &m,
                                                         is_good ? edns.rcode : DNS_RCODE_SERVFAIL);
        }
    }
    arena_finish(&arena);
    return entry != SLICE_NONE;
}

static void received(void *context, uint32_t from_address, uint32_t from_port, struct slice bytes)
{
    struct resolver *r = context;
    if (from_port == RESOLVER_PORT)
        (void)resolver_take_answer(r, from_address, bytes, false);
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
        struct resolver_entry *e = &r->entries.items[i];
        e->is_known = false;
        if (!e->is_asking)
            continue;
        e->is_asking = false;
        e->count = e->other_count = 0;
        e->status = RESOLVER_TIMEOUT;
        tell_all(r, i);
    }
    resolver_forget_zones(r);
}
