#include "agents/roles/nameserver.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"ttl", CONFIG_DURATION, NULL, 0, 2147483647, "1h",
     "how long answers may be kept, where a record says nothing"},
};

/* A name of the zones. It may have no records, being only above one that has. */
struct owner {
    struct slice name;
    uint32_t first; /* index + 1 of its first record */
};

struct nameserver {
    struct office *office;
    uint32_t agent, port;
    uint32_t ttl_s;
    VECTOR(struct owner) owners;
    uint32_t *table; /* owner index + 1 by hash of the name */
    size_t table_size;
    uint32_t *next; /* by record: index + 1 of the owner's next */
    struct arena arena;
};

enum { ANSWERS_MAX = 64, CHAIN_MAX = 8 };

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

static struct owner *add_owner(struct nameserver *ns, struct slice name)
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
    const struct office *office = ns->office;
    size_t labels = 0;
    for (size_t i = 0; i < office->record_count; i++)
        for (size_t j = 0; j < office->records[i].name.size; j++)
            labels += office->records[i].name.data[j] == '.';
    ns->table_size = 16;
    while (ns->table_size < (labels + office->record_count) * 2)
        ns->table_size *= 2;
    ns->table = memory_take(ns->table_size * sizeof *ns->table);
    ns->next = memory_take(office->record_count * sizeof *ns->next);
    for (size_t i = office->record_count;
         i-- > 0;) { /* backwards, so that chains keep file order */
        struct owner *owner = add_owner(ns, office->records[i].name);
        ns->next[i] = owner->first;
        owner->first = (uint32_t)i + 1;
        add_ancestors(ns, office->records[i].name);
    }
}

/* Appends the records of this name and type; gives the CNAME when there is one instead. */
static const struct dns_record *answer_with(const struct nameserver *ns, const struct owner *owner,
                                            unsigned type, struct dns_message *m)
{
    const struct dns_record *alias = NULL;
    for (uint32_t i = owner->first; i; i = ns->next[i - 1]) {
        const struct dns_record *record = &ns->office->records[i - 1];
        bool is_alias = record->type == DNS_TYPE_CNAME && type != DNS_TYPE_CNAME;
        if ((record->type != type && !is_alias && type != DNS_TYPE_ANY) ||
            m->answer_count == ANSWERS_MAX)
            continue;
        if (is_alias)
            alias = record;
        m->answers[m->answer_count] = *record;
        if (record->ttl_s == 0)
            m->answers[m->answer_count].ttl_s = ns->ttl_s;
        m->answer_count++;
    }
    return alias;
}

/* RFC 1034 4.3.2, for a server that knows all there is to know in its world. */
static void look_up(const struct nameserver *ns, struct dns_message *m)
{
    struct slice name = m->name;
    for (int steps = 0; steps < CHAIN_MAX; steps++) {
        uint32_t index = ns->table[place_of(ns, name)];
        if (!index) {
            m->rcode = DNS_RCODE_NXDOMAIN;
            return;
        }
        const struct dns_record *alias = answer_with(ns, &ns->owners.items[index - 1], m->type, m);
        if (!alias)
            return;
        name = alias->target;
    }
}

static void emit_query(struct nameserver *ns, uint32_t from_address, const struct dns_message *m)
{
    struct office *office = ns->office;
    char type[16];
    sim_emit(office->sim, EVENT_DNS_QUERY,
             &(struct event_dns_query){
                 .from = net_host_at(office->net, from_address),
                 .to = ns->agent,
                 .name = sim_text(office->sim, m->name),
                 .type = sim_text(office->sim, slice_of(dns_type_name(m->type, type))),
                 .id = m->id});
}

static void received(void *context, uint32_t from_address, uint32_t from_port, struct slice bytes)
{
    struct nameserver *ns = context;
    struct dns_message question;
    if (office_is_silent(ns->office, ns->agent))
        return;
    arena_reset(&ns->arena);
    if (!dns_message_decode(bytes, &ns->arena, &question) || question.is_response)
        return; /* an answer to nonsense would help only someone who forges addresses */
    struct dns_record answers[ANSWERS_MAX];
    struct dns_message m = {.id = question.id,
                            .is_response = true,
                            .is_authoritative = true,
                            .wants_recursion = question.wants_recursion,
                            .opcode = question.opcode,
                            .has_question = question.has_question,
                            .name = question.name,
                            .type = question.type,
                            .answers = answers};
    if (question.opcode != 0) {
        m.rcode = DNS_RCODE_NOTIMP;
    } else if (!question.has_question) {
        m.rcode = DNS_RCODE_FORMERR;
    } else {
        emit_query(ns, from_address, &m);
        look_up(ns, &m);
    }
    struct bytes wire;
    bytes_init(&wire, DNS_UDP_MAX);
    if (dns_message_encode(&m, DNS_UDP_MAX, &wire))
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
    index_records(ns);
    if (ns->port) /* one that listens nowhere is only drawn */
        check(net_udp_bind(office->net, agent, ns->port, received, ns));
    return ns;
}

static void destroy(void *agent)
{
    struct nameserver *ns = agent;
    vector_finish(&ns->owners);
    arena_finish(&ns->arena);
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
