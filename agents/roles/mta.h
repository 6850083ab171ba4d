#ifndef AGENTS_ROLES_MTA_H
#define AGENTS_ROLES_MTA_H

#include "agents/roles/registry.h"

extern const struct role mta_role;

#endif
