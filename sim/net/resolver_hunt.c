/*
 * From server to server (RFC 1034 5.3.3): the root refers to the servers of a top-level domain,
 * those to the servers of the domain, and so on. Who answers for which zone is kept for as long as
 * the referral holds.
 *
 * It ends, whatever the servers say: a hunt has a limit in time, one in questions, and the hunts
 * that it needs (for addresses of servers, for the end of an alias) are nested to a limited depth.
 */
#include <stdlib.h>

#include "sim/base/memory.h"
#include "sim/net/resolver_part.h"

/* The clients of a resolver wait for ten seconds. */
enum { SENT_MAX = 32, ROUNDS_MAX = 2, HUNT_S = 8, ZONES_MAX = 256, DEPTH_MAX = 5 };

static bool is_within(struct slice name, struct slice zone)
{
    return zone.size == 0 || slice_equal_fold(name, zone) ||
           (slice_ends_fold(name, zone) && name.data[name.size - zone.size - 1] == '.');
}

static struct resolver_entry *entry_at(struct resolver *r, uint64_t entry)
{
    return &r->entries.items[entry];
}

uint32_t resolver_server_of(const struct resolver *r, const struct resolver_entry *e)
{
    if (!r->root)
        return r->server;
    return e->hunt && e->hunt->next < e->hunt->count ? e->hunt->servers[e->hunt->next] : 0;
}

void resolver_hunt_finish(struct resolver_entry *e)
{
    if (e->hunt)
        bytes_finish(&e->hunt->names);
    free(e->hunt);
}

/* ---- zones ---- */

static struct resolver_zone *find_zone(struct resolver *r, struct slice name)
{
    for (size_t i = 0; i < r->zones.count; i++) {
        struct resolver_zone *z = &r->zones.items[i];
        if (slice_equal_fold((struct slice){z->name, z->size}, name))
            return z;
    }
    return NULL;
}

/* Of many the one that came first makes room. */
static struct resolver_zone *take_zone(struct resolver *r, struct slice name)
{
    struct resolver_zone *z = find_zone(r, name);
    if (!z && r->zones.count < ZONES_MAX) {
        z = vector_add(&r->zones);
        bytes_init(&z->names, HUNT_NAMES_OCTETS);
    } else if (!z) {
        z = &r->zones.items[r->zone_hand];
        r->zone_hand = (r->zone_hand + 1) % ZONES_MAX;
    }
    z->size = name.size;
    memcpy(z->name, name.data, name.size);
    return z;
}

void resolver_forget_zones(struct resolver *r)
{
    for (size_t i = 0; i < r->zones.count; i++)
        bytes_finish(&r->zones.items[i].names);
    r->zones.count = r->zone_hand = 0;
}

/* Keeps what the hunt's servers are for. */
static void keep_zone(struct resolver *r, const struct resolver_hunt *h, uint32_t ttl_s)
{
    struct resolver_zone *z = take_zone(r, (struct slice){h->zone, h->zone_size});
    memcpy(z->servers, h->servers, sizeof z->servers);
    z->count = h->count;
    bytes_clear(&z->names);
    (void)bytes_append(&z->names, bytes_slice(&h->names));
    z->expires_t = r->sim->now + (ttl_s > INT32_MAX ? 0 : ttl_s) * VTIME_S;
}

/* Puts a server of the hunt's zone in front of the others, or behind them. */
static void rank(struct resolver *r, const struct resolver_hunt *h, uint32_t server, bool is_good)
{
    struct resolver_zone *z = find_zone(r, (struct slice){h->zone, h->zone_size});
    size_t kept = 0;
    if (!z)
        return;
    for (size_t i = 0; i < z->count; i++)
        if (z->servers[i] != server)
            z->servers[kept++] = z->servers[i];
    kept -= kept == HUNT_SERVERS_MAX;
    memmove(z->servers + is_good, z->servers, kept * sizeof *z->servers);
    z->servers[is_good ? 0 : kept] = server;
    z->count = kept + 1;
}

/* The servers that are nearest to the name, of those that are known. */
static void use_nearest_zone(struct resolver *r, struct resolver_entry *e)
{
    struct resolver_hunt *h = e->hunt;
    h->zone_size = 0;
    h->servers[0] = r->root;
    h->count = 1;
    bytes_clear(&h->names);
    for (size_t i = 0; i < r->zones.count; i++) {
        const struct resolver_zone *z = &r->zones.items[i];
        if (z->expires_t <= r->sim->now || z->size <= h->zone_size ||
            !is_within(slice_of(e->name), (struct slice){z->name, z->size}))
            continue;
        memcpy(h->zone, z->name, z->size);
        h->zone_size = z->size;
        memcpy(h->servers, z->servers, sizeof h->servers);
        h->count = z->count;
        bytes_clear(&h->names);
        (void)bytes_append(&h->names, bytes_slice(&z->names));
    }
}

/* ---- going on ---- */

static void fail(struct resolver *r, uint32_t entry)
{
    struct resolver_entry *e = entry_at(r, entry);
    e->count = e->other_count = 0;
    resolver_settle(r, entry, RESOLVER_FAILED, 0);
}

static void hunt_over(void *context, uint64_t entry, uint64_t serial)
{
    struct resolver *r = context;
    const struct resolver_entry *e = entry_at(r, entry);
    if (e->is_asking && e->hunt && e->hunt->serial == serial) {
        resolver_tcp_forget(r, (uint32_t)entry);
        fail(r, (uint32_t)entry);
    }
}

/* A question that has to be answered first; `done` gets the hunt's serial and its entry. */
static void ask_first(struct resolver *r, uint32_t entry, struct slice name, unsigned type,
                      resolver_done *done)
{
    unsigned depth = entry_at(r, entry)->hunt->depth + 1;
    uint64_t tag = (uint64_t)entry_at(r, entry)->hunt->serial << 32 | entry;
    size_t known = resolver_cache_find(r, type, name);
    if (depth > DEPTH_MAX || (known != SLICE_NONE && known == entry)) {
        fail(r, entry);
        return;
    }
    entry_at(r, entry)->serial = ++r->serial; /* the timer of what was sent last is void */
    r->depth = depth;
    resolver_ask(r, r->host, name, (enum dns_type)type, done, r, tag);
    r->depth = 0;
}

/* The hunt that a first question was for; NULL when it is over meanwhile. */
static struct resolver_entry *waiting(struct resolver *r, uint64_t tag)
{
    struct resolver_entry *e = entry_at(r, tag & UINT32_MAX);
    return e->is_asking && e->hunt && e->hunt->serial == tag >> 32 ? e : NULL;
}

static void on_server_address(void *context, uint64_t tag, const struct resolver_answer *answer);

static void ask_next(struct resolver *r, uint32_t entry)
{
    struct resolver_hunt *h = entry_at(r, entry)->hunt;
    struct slice name, names = bytes_slice(&h->names);
    if (h->next == h->count && h->count > 0 && names.size == 0 && ++h->rounds < ROUNDS_MAX)
        h->next = 0; /* what was lost may come through the second time */
    if (h->sent >= SENT_MAX) {
        fail(r, entry);
    } else if (h->next < h->count) {
        h->sent++;
        entry_at(r, entry)->has_no_edns = false;
        resolver_send(r, entry, false);
    } else if (slice_cut(&names, ' ', &name)) {
        struct arena arena;
        arena_init(&arena);
        name = arena_copy(&arena, name);
        bytes_consume(&h->names, name.size + 1);
        ask_first(r, entry, name, DNS_TYPE_A, on_server_address);
        arena_finish(&arena);
    } else {
        fail(r, entry);
    }
}

static void on_server_address(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct resolver *r = context;
    struct resolver_entry *e = waiting(r, tag);
    if (!e)
        return;
    struct resolver_hunt *h = e->hunt;
    h->count = h->next = h->rounds = 0;
    for (size_t i = 0; i < answer->count && h->count < HUNT_SERVERS_MAX; i++)
        h->count += resolver_address(&answer->records[i], &h->servers[h->count]);
    for (size_t i = h->count; i-- > 0;)
        rank(r, h, h->servers[i], true);
    ask_next(r, (uint32_t)(tag & UINT32_MAX));
}

void resolver_hunt_start(struct resolver *r, uint32_t entry)
{
    struct resolver_entry *e = entry_at(r, entry);
    if (!e->hunt) {
        e->hunt = memory_take(sizeof *e->hunt);
        bytes_init(&e->hunt->names, HUNT_NAMES_OCTETS);
    }
    struct resolver_hunt *h = e->hunt;
    h->next = h->rounds = h->sent = 0;
    h->serial = ++r->hunts;
    h->depth = r->depth;
    use_nearest_zone(r, e);
    sim_after(r->sim, HUNT_S * VTIME_S, hunt_over, r, entry, h->serial);
    ask_next(r, entry);
}

void resolver_hunt_timed_out(struct resolver *r, uint32_t entry)
{
    resolver_note(r, entry, r->host, resolver_status_name(RESOLVER_TIMEOUT), SLICE(""));
    struct resolver_hunt *h = entry_at(r, entry)->hunt;
    rank(r, h, h->servers[h->next++], false);
    ask_next(r, entry);
}

/* ---- what a server has said ---- */

/* The zone that a referral is to: nearer to the name than the one whose server said so, or it would
   lead in circles (RFC 1034 5.3.3, step 4b). False: it is no referral. */
static bool find_referral(const struct resolver_entry *e, const struct dns_message *m,
                          struct slice *zone)
{
    for (size_t i = 0; i < m->authority_count; i++) {
        const struct dns_record *ns = &m->authority[i];
        *zone = ns->name;
        if (ns->type == DNS_TYPE_NS && ns->name.size > e->hunt->zone_size &&
            is_within(slice_of(e->name), ns->name))
            return true;
    }
    return false;
}

/* Addresses of the servers as far as they came with it, if the one who says so can know: names
   outside his zone are asked for elsewhere (RFC 5452 6). */
static void take_addresses(struct resolver_hunt *h, const struct dns_message *m,
                           struct slice server, struct slice new_zone)
{
    struct slice zone = {h->zone, h->zone_size};
    size_t before = h->count;
    for (size_t i = 0; i < m->additional_count && h->count < HUNT_SERVERS_MAX; i++)
        if (is_within(server, zone) && slice_equal_fold(m->additional[i].name, server))
            h->count += resolver_address(&m->additional[i], &h->servers[h->count]);
    /* within the new zone itself nobody can say where it is */
    if (h->count == before && !is_within(server, new_zone))
        (void)bytes_append_all(&h->names, (struct slice[]){server, SLICE(" ")}, 2);
}

static void follow(struct resolver *r, uint32_t entry, const struct dns_message *m,
                   struct slice zone)
{
    struct resolver_hunt *h = entry_at(r, entry)->hunt;
    uint32_t ttl_s = UINT32_MAX;
    bytes_clear(&h->names);
    h->count = h->next = h->rounds = 0;
    for (size_t i = 0; i < m->authority_count; i++) {
        const struct dns_record *ns = &m->authority[i];
        if (ns->type != DNS_TYPE_NS || !slice_equal_fold(ns->name, zone))
            continue;
        take_addresses(h, m, ns->target, zone);
        ttl_s = ns->ttl_s < ttl_s ? ns->ttl_s : ttl_s;
    }
    memcpy(h->zone, zone.data, zone.size);
    h->zone_size = zone.size;
    keep_zone(r, h, ttl_s);
    ask_next(r, entry);
}

/* What was found at the end of an alias that led out of its server's zones. */
static void on_alias(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct resolver *r = context;
    struct resolver_entry *e = waiting(r, tag);
    if (!e)
        return;
    struct dns_record *others =
        arena_take(&e->arena, (e->other_count + answer->other_count) * sizeof *others);
    memcpy(others, e->others, e->other_count * sizeof *others);
    for (size_t i = 0; i < answer->other_count; i++)
        resolver_copy_record(&e->arena, &others[e->other_count++], &answer->others[i]);
    e->others = others;
    e->records = arena_take(&e->arena, answer->count * sizeof *e->records);
    for (e->count = 0; e->count < answer->count; e->count++)
        resolver_copy_record(&e->arena, &e->records[e->count], &answer->records[e->count]);
    uint32_t ttl_s = answer->ttl_s;
    for (size_t i = 0; i < e->other_count; i++)
        ttl_s = others[i].ttl_s < ttl_s ? others[i].ttl_s : ttl_s;
    resolver_settle(r, (uint32_t)(tag & UINT32_MAX), answer->status, ttl_s);
}

static bool has_soa(const struct dns_message *m)
{
    for (size_t i = 0; i < m->authority_count; i++)
        if (m->authority[i].type == DNS_TYPE_SOA)
            return true;
    return false;
}

/* The trace: what this one server has said. */
static void note(struct resolver *r, uint32_t entry, const struct dns_message *m, unsigned rcode)
{
    struct arena arena;
    struct slice zone, data;
    arena_init(&arena);
    if (rcode == DNS_RCODE_NOERROR && m->answer_count == 0 &&
        find_referral(entry_at(r, entry), m, &zone))
        data = arena_printf(&arena, "referral to %.*s: %.*s", SLICE_ARG(zone),
                            SLICE_ARG(resolver_print(m->authority, m->authority_count, &arena)));
    else
        data = resolver_print(m->answers, m->answer_count, &arena);
    resolver_note(r, entry, r->host, dns_rcode_name(rcode), data);
    arena_finish(&arena);
}

void resolver_hunt_take(struct resolver *r, uint32_t entry, const struct dns_message *m,
                        unsigned rcode)
{
    struct slice zone, last;
    note(r, entry, m, rcode);
    uint32_t ttl_s = resolver_keep(r, entry, m, &last);
    struct resolver_entry *e = entry_at(r, entry);
    bool is_alias = !slice_equal_fold(last, slice_of(e->name));
    if (rcode == DNS_RCODE_NXDOMAIN) {
        resolver_settle(r, entry, RESOLVER_NXDOMAIN, resolver_negative_ttl_s(m));
    } else if (rcode != DNS_RCODE_NOERROR) {
        e->hunt->next++; /* another server of the zone may do better */
        ask_next(r, entry);
    } else if (e->count > 0) {
        resolver_settle(r, entry, RESOLVER_OK, ttl_s);
    } else if (is_alias && !has_soa(m)) {
        ask_first(r, entry, last, e->type, on_alias);
    } else if (!is_alias && !has_soa(m) && find_referral(e, m, &zone)) {
        follow(r, entry, m, zone);
    } else if (m->is_authoritative || has_soa(m)) {
        resolver_settle(r, entry, RESOLVER_NODATA, resolver_negative_ttl_s(m));
    } else {
        e->hunt->next++; /* it knows nothing of this zone, against what we were told */
        ask_next(r, entry);
    }
}
