/*
 * One recipient is replaced by others (RFC 5321 3.9): each of them gets a copy by the same queue,
 * and an `expand` event says who stands for whom. Aliases, .forward files, lists and SRS are what
 * decides who the others are.
 *
 *     struct expansion e = {.office = office, .agent = agent, .queue = queue, .memory = &memory,
 *                           .mail = mail, .rcpt = rcpt, .how = "alias"};
 *     expansion_add(&e, bob);
 *     expansion_add(&e, carol);
 *     expansion_end(&e, &reply);
 */
#ifndef AGENTS_ROLES_EXPANSION_H
#define AGENTS_ROLES_EXPANSION_H

#include "agents/mail/address_set.h"
#include "agents/roles/queue.h"

/* Who has a copy of one mail already, so that nobody gets another because two of its recipients
   stand for the same one. A zeroed struct knows nothing; it forgets when another mail comes, and
   when its host goes down: then a copy may be gone that was not on the disk yet. */
struct expansion_memory {
    struct arena arena;
    struct slice mail_id;
    uint32_t falls; /* of the host, when it was learnt */
    struct address_set known;
    VECTOR(struct slice) ids; /* the queue id under which each waits */
};
void expansion_memory_finish(struct expansion_memory *memory);

struct expansion {
    struct office *office;
    uint32_t agent;
    struct queue *queue;
    struct expansion_memory *memory; /* NULL: all is new */
    const struct queue_mail *mail;   /* as it came; borrowed */
    struct slice rcpt;               /* who is replaced */
    const char *how;
    /* What the copies have instead of the original's; NULL and empty: nothing. With
       `is_new_envelope` somebody else answers for them from now on (RFC 5321 3.9.2): what the
       author asked of notices does not go along (RFC 3461 5.2.7.1). */
    bool is_new_envelope;
    const struct slice *reverse_path;
    struct slice header, body;
    bool is_kept; /* `rcpt` itself has a copy, too: that is said first */
    /* private */
    struct address_set others;
    VECTOR(struct slice) where; /* each waits; "" with the new copies */
    char id[OFFICE_ID];
};

/* `address` is borrowed until the end. Twice the same is once. Who has a copy of the mail already
   is named and gets no second one. */
void expansion_add(struct expansion *e, struct slice address);
/* Says who stands for whom, queues the copies, and gives all memory back. *reply: 251, "not here,
   and passed on" (RFC 5321 3.4); with nobody found a 550. Gives the queue id of the new copies in
   e->id, "" for none. */
void expansion_end(struct expansion *e, struct smtp_reply *reply);
/* Gives the memory back, and nothing has happened. */
void expansion_drop(struct expansion *e);

#endif
