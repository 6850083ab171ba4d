#include "agents/roles/nameserver.h"

#include <stdlib.h>

#include "agents/roles/nameserver_part.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"ttl", CONFIG_DURATION, NULL, 0, 2147483647, "1h",
     "how long answers may be kept, where a record says nothing"},
    {"zones", CONFIG_TEXTS, NULL, 0, 0, "",
     "domains it answers for, \".\" being the root; below them it refers to other servers where "
     "there are NS records. By default it answers for every name here"},
};

static void received(void *context, uint32_t from_address, uint32_t from_port, struct slice bytes)
{
    struct nameserver *ns = context;
    struct bytes wire;
    if (office_is_silent(ns->office, ns->agent))
        return;
    bytes_init(&wire, DNS_EDNS_UDP_MAX);
    struct nameserver_asker asker = {.address = from_address, .port = from_port};
    if (nameserver_answer(ns, &asker, bytes, &wire) == NAMESERVER_ANSWERS)
        net_udp_send(ns->office->net, ns->agent, ns->port, from_address, from_port,
                     bytes_slice(&wire));
    bytes_finish(&wire);
}

struct nameserver *nameserver_create(struct office *office, uint32_t agent,
                                     const struct config *config, const uint32_t *ports,
                                     size_t port_count)
{
    struct nameserver *ns = memory_take(sizeof *ns);
    ns->office = office;
    ns->agent = agent;
    ns->config = config;
    ns->port = port_count ? ports[0] : 0;
    arena_init(&ns->arena);
    arena_init(&ns->kept);
    /* most of it is never touched, so it is no memory either */
    ns->answers = memory_resize(NULL, NAMESERVER_ANSWERS_MAX * sizeof *ns->answers);
    if (ns->port) { /* one that listens nowhere is only drawn */
        check(net_udp_bind(office->net, agent, ns->port, received, ns));
        check(net_listen(office->net, agent, ns->port, nameserver_accept, ns));
    }
    return ns;
}

void nameserver_destroy(struct nameserver *ns)
{
    nameserver_finish_visits(ns);
    arena_finish(&ns->arena);
    arena_finish(&ns->kept);
    free(ns->answers);
    free(ns);
}

/* ---- the role ---- */

static void read_settings(struct nameserver *ns)
{
    const struct config_value *zones = config_get(ns->config, "zones");
    arena_reset(&ns->kept);
    ns->ttl_s = (uint32_t)(config_number(ns->config, "ttl") / VTIME_S);
    ns->zones = arena_take(&ns->kept, zones->text_count * sizeof *ns->zones);
    ns->zone_count = zones->text_count;
    for (size_t i = 0; i < zones->text_count; i++) {
        struct slice zone = zones->texts[i];
        ns->zones[i] = slice_part(zone, 0, zone.size - slice_ends(zone, SLICE(".")));
    }
    nameserver_complete_zones(ns);
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct nameserver *ns = nameserver_create(office, agent, config, ports, port_count);
    read_settings(ns);
    return ns;
}

static void changed(void *agent, const struct config_key *key)
{
    (void)key;
    read_settings(agent);
}

static void destroy(void *agent)
{
    nameserver_destroy(agent);
}

const struct role nameserver_role = {
    .name = "dns",
    .meaning = "name server: answers for the domains of this topology, or for its zones",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "53",
    .create = create,
    .destroy = destroy,
    .changed = changed,
};
