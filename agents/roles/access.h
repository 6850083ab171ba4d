#ifndef AGENTS_ROLES_ACCESS_H
#define AGENTS_ROLES_ACCESS_H

#include "agents/roles/registry.h"

extern const struct role access_role;

#endif
