#include "agents/roles/registry.h"

#include "agents/roles/access.h"
#include "agents/roles/mda.h"
#include "agents/roles/msa.h"
#include "agents/roles/mta.h"
#include "agents/roles/mua.h"
#include "agents/roles/nameserver.h"
#include "agents/roles/store.h"

const struct role *const registry_roles[] = {&mua_role,   &msa_role,    &mta_role,       &mda_role,
                                             &store_role, &access_role, &nameserver_role};
const size_t registry_role_count = sizeof registry_roles / sizeof *registry_roles;

const struct role *registry_find(struct slice name)
{
    for (size_t i = 0; i < registry_role_count; i++)
        if (slice_equal(name, slice_of(registry_roles[i]->name)))
            return registry_roles[i];
    return NULL;
}
