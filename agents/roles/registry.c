#include "agents/roles/registry.h"

#include "agents/roles/access.h"
#include "agents/roles/browser.h"
#include "agents/roles/console.h"
#include "agents/roles/filter.h"
#include "agents/roles/firewall.h"
#include "agents/roles/knocker.h"
#include "agents/roles/list.h"
#include "agents/roles/mda.h"
#include "agents/roles/middlebox.h"
#include "agents/roles/mra.h"
#include "agents/roles/msa.h"
#include "agents/roles/mta.h"
#include "agents/roles/mua.h"
#include "agents/roles/nameserver.h"
#include "agents/roles/robot.h"
#include "agents/roles/store.h"
#include "agents/roles/tap.h"
#include "agents/roles/vacation.h"
#include "agents/roles/web.h"

const struct role *const registry_roles[] = {
    &mua_role,      &msa_role,        &mta_role,       &mda_role,      &store_role,
    &access_role,   &nameserver_role, &resolver_role,  &robot_role,    &mra_role,
    &web_role,      &browser_role,    &list_role,      &vacation_role, &filter_role,
    &firewall_role, &tap_role,        &middlebox_role, &knocker_role,  &console_role};
const size_t registry_role_count = sizeof registry_roles / sizeof *registry_roles;

const struct role *registry_find(struct slice name)
{
    for (size_t i = 0; i < registry_role_count; i++)
        if (slice_equal(name, slice_of(registry_roles[i]->name)))
            return registry_roles[i];
    return NULL;
}
