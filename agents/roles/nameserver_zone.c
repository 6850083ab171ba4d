#include "agents/roles/nameserver_part.h"

enum { CHAIN_MAX = 8, NEGATIVE_TTL_S = 300 };

/* ---- zones ---- */

static bool is_within(struct slice name, struct slice zone)
{
    return zone.size == 0 || slice_equal_fold(name, zone) ||
           (slice_ends_fold(name, zone) && name.data[name.size - zone.size - 1] == '.');
}

/* The nearest zone of this server that the name is in. */
static bool find_zone(const struct nameserver *ns, struct slice name, struct slice *zone)
{
    bool is_found = ns->zone_count == 0;
    *zone = SLICE("");
    for (size_t i = 0; i < ns->zone_count; i++)
        if (is_within(name, ns->zones[i]) && (!is_found || ns->zones[i].size > zone->size)) {
            *zone = ns->zones[i];
            is_found = true;
        }
    return is_found;
}

static struct slice parent_of(struct slice name)
{
    size_t dot = slice_find_octet(name, '.', 0);
    return slice_part(name, dot == SLICE_NONE ? name.size : dot + 1, name.size);
}

void nameserver_complete_zones(struct nameserver *ns)
{
    struct records *set = &ns->office->records;
    struct slice host = net_host_name(ns->office->net, ns->agent), root = SLICE("");
    const struct slice *zones = ns->zones;
    size_t count = ns->zone_count;
    if (count == 0) { /* it answers for everybody */
        zones = &root;
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        struct dns_record nameserver = {.name = zones[i], .type = DNS_TYPE_NS, .target = host};
        if (!records_next(set, records_find(set, zones[i]), NULL, DNS_TYPE_SOA))
            records_add_made(
                set, &(struct dns_record){
                         .name = zones[i],
                         .type = DNS_TYPE_SOA,
                         .target = host,
                         .mailbox = arena_printf(&ns->arena, "hostmaster.%.*s", SLICE_ARG(host)),
                         .serial = 1,
                         .refresh_s = 3600,
                         .retry_s = 600,
                         .expire_s = 604800,
                         .minimum_s = NEGATIVE_TTL_S});
        if (records_has_given(set, zones[i], DNS_TYPE_NS))
            continue;
        records_remove(set, zones[i], DNS_TYPE_NS, &nameserver); /* from an earlier time */
        records_add_made(set, &nameserver); /* each server of a zone is named */
    }
}

/* ---- sections ---- */

static void put(const struct nameserver *ns, const struct dns_record *record,
                struct dns_record *section, size_t *count, size_t most)
{
    if (*count == most)
        return;
    struct dns_record *copy = &section[(*count)++];
    *copy = *record;
    if (copy->ttl_s == 0)
        copy->ttl_s = ns->ttl_s;
}

static void put_answer(const struct nameserver *ns, struct dns_message *m,
                       const struct dns_record *record)
{
    put(ns, record, m->answers, &m->answer_count, NAMESERVER_ANSWERS_MAX);
}

/* The addresses of names that the other sections mention, as far as they are known here: the asker
   would ask for them next (RFC 1035 3.3.9, 3.3.11). */
static void add_addresses(const struct nameserver *ns, struct dns_message *m,
                          const struct dns_record *records, size_t count)
{
    const struct records *set = &ns->office->records;
    for (size_t i = 0; i < count; i++) {
        if (records[i].type != DNS_TYPE_MX && records[i].type != DNS_TYPE_NS &&
            records[i].type != DNS_TYPE_SRV)
            continue;
        const struct records_owner *owner = records_find(set, records[i].target);
        for (const struct dns_record *r = NULL; (r = records_next(set, owner, r, 0));)
            if (r->type == DNS_TYPE_A || r->type == DNS_TYPE_AAAA)
                put(ns, r, m->additional, &m->additional_count, NAMESERVER_OTHERS_MAX);
    }
}

/* The SOA record of the zone that the name is in: who is told "no" learns how long that holds,
   which is the lesser of the record's TTL and its MINIMUM (RFC 2308 3). */
static void add_soa(const struct nameserver *ns, struct slice name, struct slice zone,
                    struct dns_message *m)
{
    const struct records *set = &ns->office->records;
    for (;; name = parent_of(name)) {
        const struct dns_record *soa =
            records_next(set, records_find(set, name), NULL, DNS_TYPE_SOA);
        if (soa) {
            struct dns_record *copy = &m->authority[m->authority_count];
            put(ns, soa, m->authority, &m->authority_count, NAMESERVER_OTHERS_MAX);
            copy->ttl_s = copy->ttl_s < soa->minimum_s ? copy->ttl_s : soa->minimum_s;
            return;
        }
        if (name.size <= zone.size)
            return;
    }
}

/* ---- looking up ---- */

/* The topmost name below the zone's that is given to other servers (RFC 1034 4.2.1), or NULL. */
static const struct records_owner *find_cut(const struct nameserver *ns, struct slice name,
                                            struct slice zone)
{
    const struct records *set = &ns->office->records;
    const struct records_owner *found = NULL;
    for (; ns->zone_count > 0 && name.size > zone.size; name = parent_of(name)) {
        const struct records_owner *owner = records_find(set, name);
        if (records_next(set, owner, NULL, DNS_TYPE_NS))
            found = owner;
    }
    return found;
}

/* "Ask those": no answer, and not from authority (RFC 1034 4.3.2, step 3b). */
static void refer(const struct nameserver *ns, const struct records_owner *cut,
                  struct dns_message *m)
{
    const struct records *set = &ns->office->records;
    for (const struct dns_record *r = NULL; (r = records_next(set, cut, r, DNS_TYPE_NS));)
        put(ns, r, m->authority, &m->authority_count, NAMESERVER_OTHERS_MAX);
    add_addresses(ns, m, m->authority, m->authority_count);
}

/* 4.3.2.1.in-addr.arpa (RFC 1035 3.5). */
static bool read_reverse(struct slice name, uint32_t *address)
{
    struct slice octet, rest = slice_part(name, 0, name.size - SLICE(".in-addr.arpa").size);
    uint64_t value;
    int shift = 0;
    *address = 0;
    if (!slice_ends_fold(name, SLICE(".in-addr.arpa")))
        return false;
    for (; shift < 32 && slice_cut(&rest, '.', &octet); shift += 8) {
        if (octet.size > 3 || !slice_to_u64(octet, &value) || value > 255)
            return false;
        *address |= (uint32_t)value << shift;
    }
    return shift == 32 && rest.size == 0;
}

/* Each host has a PTR record, unless there is one that says otherwise. False: no such host. */
static bool answer_reverse(const struct nameserver *ns, struct slice name, struct dns_message *m)
{
    uint32_t address,
        host = read_reverse(name, &address) ? net_host_at(ns->office->net, address) : 0;
    if (host && (m->type == DNS_TYPE_PTR || m->type == DNS_TYPE_ANY))
        put_answer(ns, m,
                   &(struct dns_record){.name = name,
                                        .type = DNS_TYPE_PTR,
                                        .target = net_host_name(ns->office->net, host)});
    return host != 0;
}

/* Appends the records of this name and type, to ANY those of one type (RFC 8482 4.1); gives the
   CNAME when there is one instead. */
static const struct dns_record *
answer_with(const struct nameserver *ns, const struct records_owner *owner, struct dns_message *m)
{
    const struct records *set = &ns->office->records;
    const struct dns_record *alias = NULL;
    unsigned type = m->type;
    for (const struct dns_record *r = NULL; (r = records_next(set, owner, r, 0));) {
        if (type == DNS_TYPE_ANY)
            type = r->type;
        bool is_alias = r->type == DNS_TYPE_CNAME && type != DNS_TYPE_CNAME;
        if (is_alias)
            alias = r;
        if (is_alias || r->type == type)
            put_answer(ns, m, r);
    }
    return alias;
}

/* One name of the chain: true when its alias is to be looked up in turn. */
static bool look_up_name(const struct nameserver *ns, struct slice zone, struct slice *name,
                         struct dns_message *m)
{
    size_t before = m->answer_count;
    const struct records_owner *owner = records_find(&ns->office->records, *name);
    const struct dns_record *alias = answer_with(ns, owner, m);
    if (alias) {
        *name = alias->target;
        return true;
    }
    if (m->answer_count > before)
        return false;
    if (!answer_reverse(ns, *name, m) && !owner)
        m->rcode = DNS_RCODE_NXDOMAIN; /* of the chain's end: RFC 6604 3 */
    if (m->answer_count == before)
        add_soa(ns, *name, zone, m);
    return false;
}

void nameserver_look_up(struct nameserver *ns, struct dns_message *m)
{
    struct slice name = m->name, zone;
    for (int steps = 0; steps < CHAIN_MAX; steps++) {
        bool is_ours = find_zone(ns, name, &zone);
        const struct records_owner *cut = is_ours ? find_cut(ns, name, zone) : NULL;
        if (!is_ours || cut) {
            /* an alias that leads elsewhere is an answer as it is */
            if (!is_ours && steps == 0)
                m->rcode = DNS_RCODE_REFUSED;
            if (cut && steps == 0)
                refer(ns, cut, m);
            m->is_authoritative &= steps > 0;
            return;
        }
        if (!look_up_name(ns, zone, &name, m))
            break;
    }
    if (ns->zone_count > 0)
        add_addresses(ns, m, m->answers, m->answer_count);
}
