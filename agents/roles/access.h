/*
 * The access server: answers readers in front of the store. One agent speaks POP3 and IMAP, each on
 * its ports: access_pop3.h, access_imap.h.
 */
#ifndef AGENTS_ROLES_ACCESS_H
#define AGENTS_ROLES_ACCESS_H

#include "agents/roles/registry.h"

extern const struct role access_role;

#endif
