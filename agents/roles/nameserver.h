/*
 * Name servers (RFC 1034, 1035). An agent of role "dns" answers for its zones, or, without any, for
 * every name of this world; what it knows are the office's records. One of role "resolver" asks
 * others on behalf of its clients, from the root down, and keeps what it learns.
 *
 * Hosts have IPv4 addresses only: AAAA records are answered like any other, and senders of mail do
 * not ask for them.
 */
#ifndef AGENTS_ROLES_NAMESERVER_H
#define AGENTS_ROLES_NAMESERVER_H

#include "agents/roles/registry.h"

extern const struct role nameserver_role, resolver_role;

#endif
