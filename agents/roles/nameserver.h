#ifndef AGENTS_ROLES_NAMESERVER_H
#define AGENTS_ROLES_NAMESERVER_H

#include "agents/roles/registry.h"

extern const struct role nameserver_role;

#endif
