/*
 * Local delivery: what an MTA does with a recipient of its own domains. The address may be an alias
 * (RFC 5321 3.9.1), a mailing list (3.9.2), or a mailbox, whose owner may have a .forward file and
 * rules for what arrives. Who stands for others is replaced by them in the queue of the same MTA,
 * with an `expand` event for each; mailboxes are the MDA's.
 */
#ifndef AGENTS_ROLES_LOCAL_H
#define AGENTS_ROLES_LOCAL_H

#include "agents/roles/queue.h"

struct local;

struct local_options {
    uint32_t agent;              /* the MTA */
    const struct config *config; /* its settings: local, aliases, ... */
    struct queue *queue;         /* where what is expanded waits */
};

/* Options are copied, what they point to is borrowed for its life. */
struct local *local_create(struct office *office, const struct local_options *options);
void local_destroy(struct local *local); /* accepts NULL */

/* The settings that local delivery adds to those of an MTA. They may change at any time: they are
   read when they are needed. */
#define LOCAL_KEYS                                                                                 \
    {"aliases",                                                                                    \
     CONFIG_TEXTS,                                                                                 \
     NULL,                                                                                         \
     0,                                                                                            \
     0,                                                                                            \
     "",                                                                                           \
     "addresses that stand for others: \"staff@example.org: bob, carol@example.net\"; a name "     \
     "without a domain is one of the alias's own"},                                                \
    {                                                                                              \
        "srs", CONFIG_BOOL, NULL, 0, 0, "false",                                                   \
            "what people here forward elsewhere gets a reverse-path of our own, and notices come " \
            "back through us (SRS)"                                                                \
    }

/*
 * Is there such an address here? For RCPT (RFC 5321 3.3): *path may be replaced by the address as
 * its account writes it, in the arena; *reply is a refusal when there is none.
 */
void local_judge(struct local *local, struct slice *path, struct arena *arena,
                 struct smtp_reply *reply);
/* Does it stand for others? Then it is this MTA's also where another host delivers its mail. */
bool local_stands_for_others(struct local *local, struct slice address);
/* Whose mailbox an address is; Postmaster is always somebody's (RFC 5321 4.5.1). NULL: nobody's. */
const struct office_account *local_find_account(const struct office *office, struct slice path);

/* Delivers or expands; the outcome is a reply like a server's: 250, 251 passed on to others, 452
   4.2.2, 550 5.1.1. */
void local_deliver(struct local *local, const struct queue_mail *mail, struct slice rcpt,
                   struct smtp_reply *reply);

#endif
