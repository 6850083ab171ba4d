#include "agents/roles/nameserver.h"

#include <stdlib.h>

#include "agents/roles/nameserver_part.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"ttl", CONFIG_DURATION, NULL, 0, 2147483647, "1h",
     "how long answers may be kept, where a record says nothing"},
};

enum { NEGATIVE_TTL_S = 300 };

static uint64_t hash_name(struct slice name)
{
    char lower[DNS_NAME_MAX];
    size_t size = name.size < DNS_NAME_MAX ? name.size : DNS_NAME_MAX;
    for (size_t i = 0; i < size; i++)
        lower[i] = slice_lower(name.data[i]);
    return slice_hash((struct slice){lower, size});
}

static size_t place_of(const struct nameserver *ns, struct slice name)
{
    size_t mask = ns->table_size - 1, place = hash_name(name) & mask;
    while (ns->table[place] && !slice_equal_fold(ns->owners.items[ns->table[place] - 1].name, name))
        place = (place + 1) & mask;
    return place;
}

static struct nameserver_owner *add_owner(struct nameserver *ns, struct slice name)
{
    size_t place = place_of(ns, name);
    if (!ns->table[place]) {
        vector_add(&ns->owners)->name = name;
        ns->table[place] = (uint32_t)ns->owners.count;
    }
    return &ns->owners.items[ns->table[place] - 1];
}

/* Every name above an existing one exists too, without records (RFC 8020 2). */
static void add_ancestors(struct nameserver *ns, struct slice name)
{
    for (size_t dot; (dot = slice_find_octet(name, '.', 0)) != SLICE_NONE;) {
        name = slice_part(name, dot + 1, name.size);
        (void)add_owner(ns, name);
    }
}

static void index_records(struct nameserver *ns)
{
    size_t labels = 0;
    for (size_t i = 0; i < ns->record_count; i++)
        for (size_t j = 0; j < ns->records[i].name.size; j++)
            labels += ns->records[i].name.data[j] == '.';
    ns->table_size = 16;
    while (ns->table_size < (labels + ns->record_count) * 2)
        ns->table_size *= 2;
    ns->table = memory_take(ns->table_size * sizeof *ns->table);
    ns->next = memory_take(ns->record_count * sizeof *ns->next);
    for (size_t i = ns->record_count; i-- > 0;) { /* backwards, so that chains keep file order */
        struct nameserver_owner *owner = add_owner(ns, ns->records[i].name);
        ns->next[i] = owner->first;
        owner->first = (uint32_t)i + 1;
        add_ancestors(ns, ns->records[i].name);
    }
}

const struct nameserver_owner *nameserver_find(const struct nameserver *ns, struct slice name)
{
    uint32_t index = ns->table[place_of(ns, name)];
    return index ? &ns->owners.items[index - 1] : NULL;
}

/*
 * The root of this world is served here, whether the file has a word about it or not: each "no" has
 * an SOA record to go with it (RFC 2308 3).
 */
static void copy_records(struct nameserver *ns)
{
    const struct office *office = ns->office;
    struct slice host = net_host_name(office->net, ns->agent);
    bool has_soa = false, has_ns = false;
    enum { MADE_MAX = 2 };
    ns->records = memory_take((office->record_count + MADE_MAX) * sizeof *ns->records);
    for (size_t i = 0; i < office->record_count; i++) {
        struct dns_record *record = &ns->records[ns->record_count++];
        *record = office->records[i];
        if (record->ttl_s == 0)
            record->ttl_s = ns->ttl_s;
        has_soa |= record->name.size == 0 && record->type == DNS_TYPE_SOA;
        has_ns |= record->name.size == 0 && record->type == DNS_TYPE_NS;
    }
    if (!has_soa)
        ns->records[ns->record_count++] = (struct dns_record){
            .name = {"", 0},
            .type = DNS_TYPE_SOA,
            .ttl_s = ns->ttl_s,
            .target = host,
            .mailbox = arena_printf(&ns->office->arena, "hostmaster.%.*s", SLICE_ARG(host)),
            .serial = 1,
            .refresh_s = 3600,
            .retry_s = 600,
            .expire_s = 604800,
            .minimum_s = NEGATIVE_TTL_S};
    if (!has_ns)
        ns->records[ns->record_count++] = (struct dns_record){
            .name = {"", 0}, .type = DNS_TYPE_NS, .ttl_s = ns->ttl_s, .target = host};
}

static void received(void *context, uint32_t from_address, uint32_t from_port, struct slice bytes)
{
    struct nameserver *ns = context;
    struct bytes wire;
    if (office_is_silent(ns->office, ns->agent))
        return;
    bytes_init(&wire, DNS_EDNS_UDP_MAX);
    if (nameserver_answer(ns, from_address, bytes, false, &wire))
        net_udp_send(ns->office->net, ns->agent, ns->port, from_address, from_port,
                     bytes_slice(&wire));
    bytes_finish(&wire);
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct nameserver *ns = memory_take(sizeof *ns);
    ns->office = office;
    ns->agent = agent;
    ns->ttl_s = (uint32_t)(config_number(config, "ttl") / VTIME_S);
    ns->port = port_count ? ports[0] : 0;
    arena_init(&ns->arena);
    copy_records(ns);
    index_records(ns);
    if (ns->port) { /* one that listens nowhere is only drawn */
        check(net_udp_bind(office->net, agent, ns->port, received, ns));
        check(net_listen(office->net, agent, ns->port, nameserver_accept, ns));
    }
    return ns;
}

static void destroy(void *agent)
{
    struct nameserver *ns = agent;
    nameserver_finish_visits(ns);
    vector_finish(&ns->owners);
    arena_finish(&ns->arena);
    free(ns->records);
    free(ns->table);
    free(ns->next);
    free(ns);
}

const struct role nameserver_role = {
    .name = "dns",
    .meaning = "name server: answers for the domains of this topology",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "53",
    .create = create,
    .destroy = destroy,
};
