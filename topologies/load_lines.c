#include <string.h>

#include "topologies/load.h"

/* Settings that name a link, as a:b: it must be there. Links are read after agents. */

static bool has_link(struct load *l, struct slice text)
{
    struct slice rest = text, first;
    if (!slice_cut(&rest, ':', &first))
        return false;
    size_t a = name_index_find(l->ids, first), b = name_index_find(l->ids, rest);
    if (a >= l->t->host_count || b >= l->t->host_count)
        return false;
    struct slice pair = arena_printf(&l->scratch, "%zu:%zu", a < b ? a : b, a < b ? b : a);
    return name_index_find(&l->links, pair) != SLICE_NONE;
}

static bool reject_link(struct load *l, const cJSON *node, struct slice text)
{
    const struct topology *t = l->t;
    const struct shape_value value = {.node = node, .text = text};
    const char **names = load_names(l, t->link_count);
    for (size_t i = 0; i < t->link_count; i++)
        names[i] = arena_printf(&l->scratch, "%.*s:%.*s", SLICE_ARG(t->hosts[t->links[i].a].id),
                                SLICE_ARG(t->hosts[t->links[i].b].id))
                       .data;
    return load_reject_unknown(l, &value, "link", "two hosts with a link between them, as a:b",
                               names, t->link_count);
}

static bool check_agent(struct load *l, const struct topology_agent *agent, const cJSON *node)
{
    const cJSON *config = cJSON_GetObjectItemCaseSensitive(node, "config");
    for (size_t i = 0; i < agent->config.count; i++) {
        const struct config_value *value = &agent->config.values[i];
        if (strcmp(value->key->name, "link") == 0 && value->text.size > 0 &&
            !has_link(l, value->text))
            return reject_link(l, cJSON_GetObjectItemCaseSensitive(config, "link"), value->text);
    }
    return true;
}

bool load_check_lines(struct load *l, const cJSON *hosts)
{
    const struct topology_host *host = l->t->hosts;
    const cJSON *node, *agent;
    cJSON_ArrayForEach(node, hosts)
    {
        size_t i = 0;
        cJSON_ArrayForEach(agent, cJSON_GetObjectItemCaseSensitive(node, "agents"))
        {
            if (!check_agent(l, &host->agents[i++], agent))
                return false;
        }
        host++;
    }
    return true;
}
