/*
 * What the parts of the name servers share: nameserver.c makes the agents and hears datagrams,
 * nameserver_answer.c reads questions and writes answers, nameserver_zone.c looks into the zones,
 * nameserver_tcp.c serves connections. A caching resolver (recursor.c) is such a server, too, whose
 * answers come from other servers.
 */
#ifndef AGENTS_ROLES_NAMESERVER_PART_H
#define AGENTS_ROLES_NAMESERVER_PART_H

#include "agents/roles/nameserver.h"

struct nameserver_visit;
struct recursor;

struct nameserver {
    struct office *office;
    uint32_t agent, port;
    const struct config *config;
    uint32_t ttl_s;
    struct slice *zones; /* without the final dot, the root is ""; none: all names are its own */
    size_t zone_count;
    struct recursor *recursor;                     /* NULL: it answers by itself */
    struct arena arena, kept;                      /* of an answer; of the settings */
    struct dns_record *answers;                    /* NAMESERVER_ANSWERS_MAX, for one at a time */
    struct nameserver_visit *visits, *free_visits; /* all; those that nobody uses */
};

/* Whom an answer goes to. */
struct nameserver_asker {
    uint32_t address, port;
    struct nameserver_visit *visit; /* by TCP; NULL: by UDP */
    uint32_t life;                  /* of the visit: later ones are somebody else's */
};

/* A question with all that its answer has to repeat. */
struct nameserver_question {
    struct nameserver_asker asker;
    uint16_t id;
    bool wants_recursion, has_edns;
    struct dns_edns edns;
    struct slice name; /* borrowed */
    unsigned type, class_number;
};

enum nameserver_outcome { NAMESERVER_IGNORES, NAMESERVER_ANSWERS, NAMESERVER_ANSWERS_LATER };

/* Appends the answer to a question. It ignores what can't even be recognised as a question. An
   answer by UDP has at most the octets that the asker takes. */
enum nameserver_outcome nameserver_answer(struct nameserver *ns,
                                          const struct nameserver_asker *asker, struct slice octets,
                                          struct bytes *out);
/* Sends an answer that comes later: rcode, flags and sections are taken from *m, all else is that
   of the question. */
void nameserver_answer_late(struct nameserver *ns, const struct nameserver_question *question,
                            struct dns_message *m);

enum { NAMESERVER_ANSWERS_MAX = DNS_RECORDS_MAX, NAMESERVER_OTHERS_MAX = 32 };

/* RFC 1034 4.3.2. The sections of *m have room for so many records each. */
void nameserver_look_up(struct nameserver *ns, struct dns_message *m);
/* Sees to it that each of its zones has an SOA and an NS record. */
void nameserver_complete_zones(struct nameserver *ns);

/* For net_listen; `context` is the name server. */
bool nameserver_accept(void *context, uint32_t wire, uint32_t peer_address, struct net_user *user);
/* False: the asker came by UDP. Nothing is said to one who has gone meanwhile. */
bool nameserver_say_by_tcp(const struct nameserver_asker *asker, struct slice message);
void nameserver_finish_visits(struct nameserver *ns);

/* The common part of both roles. */
struct nameserver *nameserver_create(struct office *office, uint32_t agent,
                                     const struct config *config, const uint32_t *ports,
                                     size_t port_count);
void nameserver_destroy(struct nameserver *ns);

/* recursor.c: asks others. */
void recursor_answer(struct recursor *recursor, const struct nameserver_question *question);

#endif
