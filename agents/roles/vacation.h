/*
 * The vacation robot (RFC 3834): answers for a person who is away. An agent beside the MDA, which
 * shows it what it has put into that person's mailbox. It answers a sender once in `days`, from the
 * null reverse-path, to the reverse-path; whom it has answered stands in ~/.vacation.
 *
 * As RFC 3834 wants it, it says nothing to lists, to other robots, to notices, and where its person
 * is not named. Each of these can be switched off, to see what they are good for.
 */
#ifndef AGENTS_ROLES_VACATION_H
#define AGENTS_ROLES_VACATION_H

#include "agents/roles/queue.h"
#include "agents/roles/registry.h"

extern const struct role vacation_role;

/* A message has come for this person on this host: the robots who answer for her put what they say
   into the queue. */
void vacation_show(struct office *office, uint32_t host, struct slice owner,
                   const struct queue_mail *mail, struct queue *queue);
/* Does anybody answer for her here? */
bool vacation_has(const struct office *office, uint32_t host, struct slice owner);

#endif
