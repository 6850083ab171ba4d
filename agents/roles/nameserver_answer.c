#include "agents/roles/nameserver_part.h"
#include "sim/net/list.h"

enum { OPCODE_QUERY = 0 };

/* QTYPEs from here on name no kind of record (RFC 6895 3.1). */
enum { QTYPE_FIRST = 128 };

static void emit_query(struct nameserver *ns, const struct nameserver_asker *asker,
                       const struct dns_message *m)
{
    struct office *office = ns->office;
    char type[16];
    sim_emit(office->sim, EVENT_DNS_QUERY,
             &(struct event_dns_query){
                 .from = net_udp_owner(office->net, asker->address, asker->port),
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

/* False: the answer comes later. */
static bool fill_answer(struct nameserver *ns, const struct nameserver_question *question,
                        const struct dns_message *q, struct dns_message *m)
{
    m->rcode = refusal_of(q);
    if (q->opcode == OPCODE_QUERY && q->has_question)
        emit_query(ns, &question->asker, q);
    if (m->rcode != DNS_RCODE_NOERROR || disturb_lookup(ns->office, ns->agent, m))
        return true;
    if (ns->recursor && q->wants_recursion) {
        recursor_answer(ns->recursor, question);
        return false;
    }
    if (ns->recursor) {
        m->rcode = DNS_RCODE_REFUSED; /* it has no zones of its own */
        return true;
    }
    /* nobody can know all classes (RFC 1034 3.7.1) */
    m->is_authoritative = q->class_number == DNS_CLASS_IN;
    nameserver_look_up(ns, m);
    return true;
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

static size_t octets_for(const struct nameserver_question *question)
{
    if (question->asker.visit)
        return DNS_MESSAGE_MAX;
    return question->edns.udp_octets < DNS_EDNS_UDP_MAX ? question->edns.udp_octets
                                                        : DNS_EDNS_UDP_MAX;
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

enum nameserver_outcome nameserver_answer(struct nameserver *ns,
                                          const struct nameserver_asker *asker, struct slice octets,
                                          struct bytes *out)
{
    struct dns_message q;
    bool is_malformed;
    arena_reset(&ns->arena);
    if (!read_question(ns, octets, &q, &is_malformed))
        return NAMESERVER_IGNORES;
    struct dns_record authority[NAMESERVER_OTHERS_MAX], additional[NAMESERVER_OTHERS_MAX];
    struct dns_message m = {.id = q.id,
                            .is_response = true,
                            .wants_recursion = q.wants_recursion,
                            .has_recursion = ns->recursor != NULL,
                            .opcode = q.opcode,
                            .has_question = q.has_question,
                            .name = q.name,
                            .type = q.type,
                            .class_number = q.class_number,
                            .answers = ns->answers,
                            .authority = authority,
                            .additional = additional};
    struct nameserver_question question = {.asker = *asker,
                                           .id = q.id,
                                           .wants_recursion = q.wants_recursion,
                                           .name = q.name,
                                           .type = q.type,
                                           .class_number = q.class_number};
    enum dns_edns_find found = dns_edns_find(&q, &question.edns);
    question.has_edns = found == DNS_EDNS_ONE;
    if (is_malformed || found == DNS_EDNS_BAD)
        m.rcode = q.opcode == OPCODE_QUERY ? DNS_RCODE_FORMERR : DNS_RCODE_NOTIMP;
    else if ((found == DNS_EDNS_NONE || answer_edns(&question.edns, &m)) &&
             !fill_answer(ns, &question, &q, &m))
        return NAMESERVER_ANSWERS_LATER;
    return dns_message_encode(&m, octets_for(&question), out) ? NAMESERVER_ANSWERS
                                                              : NAMESERVER_IGNORES;
}

void nameserver_answer_late(struct nameserver *ns, const struct nameserver_question *question,
                            struct dns_message *m)
{
    struct dns_record opt[1];
    struct bytes wire;
    const struct nameserver_asker *asker = &question->asker;
    m->id = question->id;
    m->is_response = m->has_recursion = true;
    m->wants_recursion = question->wants_recursion;
    m->has_question = true;
    m->name = question->name;
    m->type = question->type;
    m->class_number = question->class_number;
    m->additional = opt;
    m->additional_count = 0;
    if (question->has_edns)
        (void)answer_edns(&question->edns, m);
    bytes_init(&wire, asker->visit ? DNS_MESSAGE_MAX : DNS_EDNS_UDP_MAX);
    if (dns_message_encode(m, octets_for(question), &wire) &&
        !office_is_silent(ns->office, ns->agent) &&
        !nameserver_say_by_tcp(asker, bytes_slice(&wire)))
        net_udp_send(ns->office->net, ns->agent, ns->port, asker->address, asker->port,
                     bytes_slice(&wire));
    bytes_finish(&wire);
}
