#include "topologies/load.h"

#include "topologies/fault.h"

/* ---- who can be meant ---- */

static void list_hosts(struct load *l, struct fault_map *map)
{
    const struct topology *t = l->t;
    struct slice *hosts = arena_take(&l->scratch, t->host_count * sizeof *hosts);
    struct slice *links = arena_take(&l->scratch, t->link_count * sizeof *links);
    struct slice *users = arena_take(&l->scratch, t->user_count * sizeof *users);
    for (size_t i = 0; i < t->host_count; i++)
        hosts[i] = t->hosts[i].id;
    bool *has_hours = arena_take(&l->scratch, t->link_count * sizeof *has_hours);
    for (size_t i = 0; i < t->link_count; i++) {
        const struct topology_link *link = &t->links[i];
        has_hours[i] = link->up_count > 0;
        links[i] = arena_printf(&l->scratch, "%.*s:%.*s", SLICE_ARG(t->hosts[link->a].id),
                                SLICE_ARG(t->hosts[link->b].id));
    }
    for (size_t i = 0; i < t->user_count; i++)
        users[i] = t->users[i].address;
    *map = (struct fault_map){.hosts = hosts,
                              .links = links,
                              .has_hours = has_hours,
                              .users = users,
                              .host_count = t->host_count,
                              .link_count = t->link_count,
                              .user_count = t->user_count};
}

static void list_agents(struct load *l, struct fault_map *map)
{
    const struct topology *t = l->t;
    size_t count = 0;
    for (size_t i = 0; i < t->host_count; i++)
        count += t->hosts[i].agent_count;
    struct fault_agent *agents = arena_take(&l->scratch, count * sizeof *agents);
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t k = 0; k < t->hosts[i].agent_count; k++)
            agents[map->agent_count++] = (struct fault_agent){
                t->hosts[i].agents[k].id, t->hosts[i].id, t->hosts[i].agents[k].role};
    map->agents = agents;
}

/* ---- one fault ---- */

static bool find_kind(struct load *l, const struct shape_value *value,
                      const struct fault_kind **kind)
{
    *kind = fault_find_kind(value->text);
    if (*kind)
        return true;
    const char **names = load_names(l, fault_kind_count);
    for (size_t i = 0; i < fault_kind_count; i++)
        names[i] = fault_kinds[i].name;
    const char *expected =
        arena_printf(&l->scratch, "one of %s", shape_join(&l->reader, names, fault_kind_count))
            .data;
    return load_reject_unknown(l, value, "kind", expected, names, fault_kind_count);
}

/* Is what it says right for this network? */
static bool check_fault(struct load *l, const struct shape_values *v, const struct fault *fault,
                        const struct fault_map *map)
{
    struct fault_wrong wrong;
    if (fault_check_target(fault, map, &l->scratch, &wrong) &&
        fault_check_args(fault, map, &l->scratch, &wrong))
        return true;
    const cJSON *node = shape_get(v, "target")->node;
    if (wrong.arg)
        node = cJSON_GetObjectItemCaseSensitive(shape_get(v, "args")->node, wrong.arg);
    return json_reader_reject(
        &l->reader, node, (struct json_hint){.expected = wrong.expected, .nearest = wrong.nearest},
        "%.*s", SLICE_ARG(wrong.what));
}

static bool read_fault(struct load *l, const cJSON *node, const struct fault_map *map,
                       struct name_index *ids)
{
    struct topology *t = l->t;
    struct shape_values v;
    if (!shape_read(&l->reader, node, &format_fault, &v))
        return false;
    size_t *slot = name_index_at(ids, shape_text(&v, "id"));
    if (*slot != SLICE_NONE)
        return load_reject_duplicate(l, shape_get(&v, "id"), "id", "another fault");
    *slot = t->fault_count;
    struct fault *fault = &t->faults[t->fault_count++];
    fault->id = shape_text(&v, "id");
    fault->label = shape_text(&v, "label");
    fault->target = shape_text(&v, "target");
    return find_kind(l, shape_get(&v, "kind"), &fault->kind) &&
           fault_read_args(&l->reader, shape_get(&v, "args")->node, fault->kind, fault) &&
           check_fault(l, &v, fault, map);
}

bool load_faults(struct load *l, const cJSON *list)
{
    struct topology *t = l->t;
    size_t count = load_count(list);
    struct fault_map map = {0};
    struct name_index ids;
    const cJSON *node;
    if (count == 0)
        return true;
    list_hosts(l, &map);
    list_agents(l, &map);
    name_index_init(&ids, &l->scratch, count);
    t->faults = arena_take(&t->arena, count * sizeof *t->faults);
    cJSON_ArrayForEach(node, list)
    {
        if (!read_fault(l, node, &map, &ids))
            return false;
    }
    return true;
}
