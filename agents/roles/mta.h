/*
 * The transfer agent: takes mail for its own domains, for those it is a relay of, and from whom its
 * policy lets send; delivers what is its own, and moves the rest one hop on: by its rules, to its
 * smart host, or where the MX says.
 */
#ifndef AGENTS_ROLES_MTA_H
#define AGENTS_ROLES_MTA_H

#include "agents/roles/registry.h"

extern const struct role mta_role;

struct mta;

/* The domain of its own mail: names without one are of that domain. */
struct slice mta_domain(const struct mta *mta);
/* False for an address of its own domains that nobody has. */
bool mta_knows(struct mta *mta, struct slice address);

#endif
