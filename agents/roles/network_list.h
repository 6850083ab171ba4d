/*
 * The networks whose mail a server takes without asking who they are, as the setting relay_from
 * lists them: "198.51.100.0/24", or an address alone.
 */
#ifndef AGENTS_ROLES_NETWORK_LIST_H
#define AGENTS_ROLES_NETWORK_LIST_H

#include "agents/roles/config.h"
#include "sim/base/vector.h"

struct network_item {
    uint32_t address, mask;
};

struct network_list {
    VECTOR(struct network_item) items;
};

/* Replaces what it holds. What is no network (the loader has refused it) matches nobody. */
void network_list_read(struct network_list *list, const struct config_value *texts);
bool network_list_has(const struct network_list *list, uint32_t address);
void network_list_finish(struct network_list *list);

#endif
