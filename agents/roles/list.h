/*
 * A mailing list (RFC 5321 3.9.2, RFC 5598 5.3): an agent beside an MTA, which hands it what comes
 * for the list's address. It posts a copy to every member under an envelope of its own, whose
 * reverse-path is NAME-bounces, and says in the header which list this is (RFC 2919, 2369). What
 * comes back to NAME-bounces goes to its owner, and never to the list; so does what is written to
 * NAME-owner. NAME-request answers to the subjects "subscribe" and "unsubscribe".
 *
 * What has passed through the list before (Delivered-To, List-Id) is returned: lists may be members
 * of each other.
 */
#ifndef AGENTS_ROLES_LIST_H
#define AGENTS_ROLES_LIST_H

#include "agents/roles/queue.h"
#include "agents/roles/registry.h"

struct list;

extern const struct role list_role;

/* The list of this host that an address belongs to, its own or one of those around it; or NULL. */
struct list *list_find(const struct office *office, uint32_t host, struct slice address);
/* What came for such an address, in the queue of an MTA of its host. */
void list_deliver(struct list *list, struct queue *queue, const struct queue_mail *mail,
                  struct slice rcpt, struct smtp_reply *reply);

#endif
