#ifndef AGENTS_ROLES_MSA_H
#define AGENTS_ROLES_MSA_H

#include "agents/roles/registry.h"

extern const struct role msa_role;

#endif
