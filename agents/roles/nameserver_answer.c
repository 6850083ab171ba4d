#include "agents/roles/nameserver_part.h"

enum { ANSWERS_MAX = DNS_RECORDS_MAX, CHAIN_MAX = 8, OPCODE_QUERY = 0 };

/* QTYPEs from here on name no kind of record (RFC 6895 3.1). */
enum { QTYPE_FIRST = 128 };

/* ---- looking up ---- */

/* Appends the records of this name and type; gives the CNAME when there is one instead. */
static const struct dns_record *answer_with(const struct nameserver *ns,
                                            const struct nameserver_owner *owner, unsigned type,
                                            struct dns_message *m)
{
    const struct dns_record *alias = NULL;
    for (uint32_t i = owner->first; i; i = ns->next[i - 1]) {
        const struct dns_record *record = &ns->records[i - 1];
        bool is_alias =
            record->type == DNS_TYPE_CNAME && type != DNS_TYPE_CNAME && type != DNS_TYPE_ANY;
        if ((record->type != type && !is_alias && type != DNS_TYPE_ANY) ||
            m->answer_count == ANSWERS_MAX)
            continue;
        if (is_alias)
            alias = record;
        m->answers[m->answer_count++] = *record;
    }
    return alias;
}

/* The SOA record of the zone that the name is in: who is told "no" learns how long that holds,
   which is the lesser of the record's TTL and its MINIMUM (RFC 2308 3). */
static void add_authority(const struct nameserver *ns, struct slice name, struct dns_message *m)
{
    for (;;) {
        const struct nameserver_owner *owner = nameserver_find(ns, name);
        for (uint32_t i = owner ? owner->first : 0; i; i = ns->next[i - 1])
            if (ns->records[i - 1].type == DNS_TYPE_SOA) {
                struct dns_record *soa = &m->authority[m->authority_count++];
                *soa = ns->records[i - 1];
                soa->ttl_s = soa->ttl_s < soa->minimum_s ? soa->ttl_s : soa->minimum_s;
                return;
            }
        if (name.size == 0)
            return;
        size_t dot = slice_find_octet(name, '.', 0);
        name = slice_part(name, dot == SLICE_NONE ? name.size : dot + 1, name.size);
    }
}

/* RFC 1034 4.3.2, for a server that knows all there is to know in its world. */
static void look_up(const struct nameserver *ns, struct dns_message *m)
{
    struct slice name = m->name;
    for (int steps = 0; steps < CHAIN_MAX; steps++) {
        const struct nameserver_owner *owner = nameserver_find(ns, name);
        if (!owner) {
            m->rcode = DNS_RCODE_NXDOMAIN; /* of the chain's end: RFC 6604 3 */
            add_authority(ns, name, m);
            return;
        }
        size_t before = m->answer_count;
        const struct dns_record *alias = answer_with(ns, owner, m->type, m);
        if (!alias) {
            if (m->answer_count == before)
                add_authority(ns, name, m);
            return;
        }
        name = alias->target;
    }
}

/* ---- the message ---- */

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

/* What is asked for in the right form and yet is not to be had: NOERROR when it is. */
static enum dns_rcode refusal_of(const struct dns_message *q)
{
    bool is_transfer = q->type == DNS_TYPE_AXFR || q->type == DNS_TYPE_IXFR;
    if (q->opcode != OPCODE_QUERY)
        return DNS_RCODE_NOTIMP;
    if (!q->has_question || q->type == DNS_TYPE_OPT)
        return DNS_RCODE_FORMERR;
    if ((q->class_number != DNS_CLASS_IN && q->class_number != DNS_CLASS_ANY) || is_transfer)
        return DNS_RCODE_REFUSED;
    if (q->type >= QTYPE_FIRST && q->type < DNS_TYPE_ANY)
        return DNS_RCODE_NOTIMP;
    return DNS_RCODE_NOERROR;
}

static void fill_answer(struct nameserver *ns, uint32_t from_address, const struct dns_message *q,
                        struct dns_message *m)
{
    m->rcode = refusal_of(q);
    if (q->opcode == OPCODE_QUERY && q->has_question)
        emit_query(ns, from_address, q);
    if (m->rcode != DNS_RCODE_NOERROR)
        return;
    /* nobody can know all classes (RFC 1034 3.7.1) */
    m->is_authoritative = q->class_number == DNS_CLASS_IN;
    look_up(ns, m);
}

/* Who asks with EDNS is answered with EDNS, of the version known here (RFC 6891 6.1.3). False when
   the asker's is a later one. */
static bool answer_edns(const struct dns_edns *asked, struct dns_message *m)
{
    bool is_known = asked->version == 0;
    m->rcode = is_known ? m->rcode : 0;
    m->additional[m->additional_count++] =
        dns_edns_record(&(struct dns_edns){.udp_octets = DNS_EDNS_UDP_MAX,
                                           .rcode = is_known ? 0 : DNS_RCODE_BADVERS,
                                           .wants_dnssec = asked->wants_dnssec});
    return is_known;
}

static size_t octets_for(const struct dns_edns *asked, bool is_tcp)
{
    if (is_tcp)
        return DNS_MESSAGE_MAX;
    return asked->udp_octets < DNS_EDNS_UDP_MAX ? asked->udp_octets : DNS_EDNS_UDP_MAX;
}

/* False for what is no question: it gets no answer, which would only serve one who forges
   addresses. */
static bool read_question(struct nameserver *ns, struct slice octets, struct dns_message *q,
                          bool *is_malformed)
{
    *is_malformed = !dns_message_decode(octets, &ns->arena, q);
    if (*is_malformed && !dns_message_read_head(octets, q))
        return false;
    return !q->is_response;
}

bool nameserver_answer(struct nameserver *ns, uint32_t from_address, struct slice octets,
                       bool is_tcp, struct bytes *out)
{
    struct dns_message q;
    struct dns_edns edns;
    bool is_malformed;
    arena_reset(&ns->arena);
    if (!read_question(ns, octets, &q, &is_malformed))
        return false;
    struct dns_record authority[1], additional[1];
    struct dns_message m = {.id = q.id,
                            .is_response = true,
                            .wants_recursion = q.wants_recursion,
                            .opcode = q.opcode,
                            .has_question = q.has_question,
                            .name = q.name,
                            .type = q.type,
                            .class_number = q.class_number,
                            .answers = arena_take(&ns->arena, ANSWERS_MAX * sizeof *m.answers),
                            .authority = authority,
                            .additional = additional};
    enum dns_edns_find has_edns = dns_edns_find(&q, &edns);
    if (is_malformed || has_edns == DNS_EDNS_BAD)
        m.rcode = q.opcode == OPCODE_QUERY ? DNS_RCODE_FORMERR : DNS_RCODE_NOTIMP;
    else if (has_edns == DNS_EDNS_NONE || answer_edns(&edns, &m))
        fill_answer(ns, from_address, &q, &m);
    return dns_message_encode(&m, octets_for(&edns, is_tcp), out);
}
