/*
 * The mail user agent: a person's mail program. It writes a message, submits it to its outgoing
 * server (keeping it in an outbox while that is away), and fetches mail from its incoming server.
 */
#ifndef AGENTS_ROLES_MUA_H
#define AGENTS_ROLES_MUA_H

#include "agents/roles/registry.h"
#include "sim/base/problem.h"

extern const struct role mua_role;

struct mua;

struct mua_letter {
    struct slice to, cc, bcc; /* address lists */
    struct slice subject, body;
};

/* The person presses "send". False, with the reason, when this program can't submit at all or an
   address is none. */
bool mua_send(struct mua *mua, const struct mua_letter *letter, struct problem *problem);
/* The person presses "get mail". */
bool mua_fetch(struct mua *mua, struct problem *problem);
/* Whose program it is. */
struct slice mua_user(const struct mua *mua);

#endif
