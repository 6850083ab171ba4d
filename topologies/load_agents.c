#include "topologies/load.h"

#include <string.h>

/* The roles by name, for the nearest one. */
static bool reject_role(struct load *l, const struct shape_value *value)
{
    const char **names = load_names(l, registry_role_count);
    struct slice all = SLICE("one of ");
    for (size_t i = 0; i < registry_role_count; i++) {
        names[i] = registry_roles[i]->name;
        all = arena_printf(&l->scratch, "%s%s%s", all.data, i ? ", " : "", names[i]);
    }
    return load_reject_unknown(l, value, "role", all.data, names, registry_role_count);
}

/* What the file lists, or what is usual for the role. */
static bool read_ports(struct load *l, const struct shape_value *listen,
                       struct topology_agent *agent)
{
    static const struct shape_key port_key = {.type = SHAPE_NUMBER, .min = 1, .max = 65535};
    const struct role *role = agent->role;
    bool listens = !role->listens || role->listens(&agent->config);
    struct slice word, rest = listens ? slice_of(role->default_listen) : SLICE("");
    const cJSON *node;
    if (!listen->node) {
        uint64_t port;
        while (agent->port_count < TOPOLOGY_PORTS_MAX && slice_cut(&rest, ' ', &word))
            if (slice_to_u64(word, &port))
                agent->ports[agent->port_count++] = (uint32_t)port;
        return true;
    }
    cJSON_ArrayForEach(node, listen->node)
    {
        struct shape_value port;
        if (rest.size == 0)
            return json_reader_reject(&l->reader, listen->node,
                                      (struct json_hint){.expected = "no ports", .is_at_key = true},
                                      listens ? "role %s never listens"
                                              : "role %s does not listen with these settings",
                                      role->name);
        if (!shape_read_value(&l->reader, node, &port_key, &port))
            return false;
        agent->ports[agent->port_count++] = (uint32_t)port.number;
    }
    return true;
}

static bool has_port(const struct topology_agent *agent, size_t count, uint32_t port)
{
    for (size_t i = 0; i < count; i++)
        if (agent->ports[i] == port)
            return true;
    return false;
}

/* Who of this host has the port already: an earlier agent, or this one with an earlier number. */
static const struct topology_agent *find_listener(const struct topology_host *host,
                                                  const struct topology_agent *agent, size_t i)
{
    for (size_t k = 0; k < host->agent_count; k++) {
        const struct topology_agent *other = &host->agents[k];
        if (has_port(other, other == agent ? i : other->port_count, agent->ports[i]))
            return other;
    }
    return NULL;
}

static bool check_ports(struct load *l, const struct shape_values *v,
                        const struct topology_host *host, const struct topology_agent *agent)
{
    const cJSON *list = shape_get(v, "listen")->node;
    for (size_t i = 0; i < agent->port_count; i++) {
        const struct topology_agent *other = find_listener(host, agent, i);
        if (other)
            return json_reader_reject(&l->reader, list ? cJSON_GetArrayItem(list, (int)i) : v->node,
                                      (struct json_hint){.expected = "one listener a port"},
                                      "port %u twice on host \"%.*s\", already that of \"%.*s\"",
                                      (unsigned)agent->ports[i], SLICE_ARG(host->id),
                                      SLICE_ARG(other->id));
    }
    return true;
}

/* Hosts and agents share one name space: --do and the check language name either. */
static bool claim_id(struct load *l, const struct shape_values *v, size_t number,
                     const struct topology_host *host, struct topology_agent *agent)
{
    agent->id = shape_text(v, "id");
    if (!shape_has(v, "id"))
        agent->id = arena_printf(&l->t->arena, "%s-%.*s", agent->role->name, SLICE_ARG(host->id));
    size_t *slot = name_index_at(l->ids, agent->id);
    if (*slot == SLICE_NONE) {
        *slot = number;
        return true;
    }
    struct shape_value id = {.node = shape_has(v, "id") ? shape_get(v, "id")->node : v->node,
                             .text = agent->id};
    return load_reject_duplicate(l, &id, "id",
                                 *slot < l->t->host_count ? "a host" : "another agent");
}

static bool read_agent(struct load *l, const cJSON *node, size_t number, struct topology_host *host)
{
    struct shape_values v;
    struct topology_agent *agent = &host->agents[host->agent_count];
    if (!shape_read(&l->reader, node, &format_agent, &v))
        return false;
    agent->role = registry_find(shape_text(&v, "role"));
    if (!agent->role)
        return reject_role(l, shape_get(&v, "role"));
    host->agent_count++;
    return claim_id(l, &v, number, host, agent) &&
           load_config(l, shape_get(&v, "config")->node, node, agent) &&
           read_ports(l, shape_get(&v, "listen"), agent) && check_ports(l, &v, host, agent);
}

bool load_agents(struct load *l, const cJSON *hosts)
{
    struct topology *t = l->t;
    size_t number = t->host_count, i = 0;
    const cJSON *host_node, *node;
    cJSON_ArrayForEach(host_node, hosts)
    {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(host_node, "agents");
        struct topology_host *host = &t->hosts[i++];
        host->agents = arena_take(&t->arena, load_count(list) * sizeof *host->agents);
        cJSON_ArrayForEach(node, list)
        {
            if (!read_agent(l, node, number++, host))
                return false;
        }
    }
    return true;
}

/* The values of a list setting, or NULL when the agent's role has no such setting. */
static const struct config_value *find_texts(const struct topology_agent *agent, const char *name)
{
    for (size_t i = 0; i < agent->config.count; i++) {
        const struct config_value *value = &agent->config.values[i];
        if (value->key->type == CONFIG_TEXTS && strcmp(value->key->name, name) == 0)
            return value;
    }
    return NULL;
}

/* Adds the local domains to `domains`, unless it is NULL; gives their number. */
static size_t walk_local_domains(const struct topology *t, const char **domains)
{
    size_t count = 0;
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t k = 0; k < t->hosts[i].agent_count; k++) {
            const struct config_value *local = find_texts(&t->hosts[i].agents[k], "local");
            for (size_t n = 0; local && n < local->text_count; n++, count++)
                if (domains)
                    domains[count] = local->texts[n].data;
        }
    return count;
}

size_t load_local_domains(struct load *l, const char ***domains)
{
    *domains = load_names(l, walk_local_domains(l->t, NULL));
    return walk_local_domains(l->t, *domains);
}
