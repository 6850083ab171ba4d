/* agent add, remove; set. */
#include <string.h>

#include "topologies/edit_part.h"
#include "topologies/setting.h"

/* ---- add ---- */

static const struct config_key *find_key(const struct role *role, struct slice name)
{
    for (size_t i = 0; role && i < role->key_count; i++)
        if (slice_equal(name, slice_of(role->keys[i].name)))
            return &role->keys[i];
    return NULL;
}

/* listen=25,587 are ports; an address is the setting of that name that some roles have. */
static bool has_ports(const struct edit *e)
{
    return action_has(e->a, "listen") &&
           slice_find_octet(action_value(e->a, "listen"), '.', 0) == SLICE_NONE;
}

/* "25,587"; what is no number is left to who reads the file. */
static struct slice ports_json(struct edit *e, struct slice text)
{
    struct slice part, list = SLICE("[");
    while (slice_cut(&text, ',', &part))
        list = arena_printf(e->arena, "%.*s%s%.*s", SLICE_ARG(list), list.size > 1 ? ", " : "",
                            SLICE_ARG(edit_value(e, slice_trim(part))));
    return arena_printf(e->arena, "%.*s]", SLICE_ARG(list));
}

/* The settings; a key that the role does not have is written too, so that it is refused by name. */
struct settings {
    struct slice on_a_line, below; /* with and without line ends */
    size_t column;
};

static void add_setting(struct edit *e, struct settings *s, struct slice name, struct slice value,
                        int indent)
{
    struct slice pair = arena_printf(e->arena, "%s: %.*s", json_splice_quote(e->arena, name).data,
                                     SLICE_ARG(value));
    bool fits = s->column + pair.size + 5 <= EDIT_COLUMNS && s->below.size > 0;
    s->on_a_line = arena_printf(e->arena, "%.*s%s%.*s", SLICE_ARG(s->on_a_line),
                                s->on_a_line.size ? ", " : "", SLICE_ARG(pair));
    if (fits) {
        s->below = arena_printf(e->arena, "%.*s, %.*s", SLICE_ARG(s->below), SLICE_ARG(pair));
        s->column += pair.size + 2;
    } else {
        s->below = arena_printf(e->arena, "%.*s%s\n%*s%.*s", SLICE_ARG(s->below),
                                s->below.size ? "," : "", indent, "", SLICE_ARG(pair));
        s->column = (size_t)indent + pair.size;
    }
}

/* On one line, or with the settings below where that gets too long. */
static struct slice agent_json(struct edit *e, struct slice pairs, const struct settings *s,
                               int indent)
{
    if (s->on_a_line.size == 0)
        return arena_printf(e->arena, "{%.*s}", SLICE_ARG(pairs));
    bool fits = (size_t)indent + pairs.size + s->on_a_line.size + 16 + 4 <= EDIT_COLUMNS;
    struct slice config = fits ? s->on_a_line : s->below;
    return arena_printf(e->arena, "{%.*s, \"config\": {%.*s}}", SLICE_ARG(pairs),
                        SLICE_ARG(config));
}

static bool agent_add(struct edit *e)
{
    size_t host = edit_find_host(e, e->a->words[1]);
    const struct role *role = registry_find(action_value(e->a, "role"));
    struct slice pairs = SLICE("");
    struct settings s = {SLICE(""), SLICE(""), 0};
    if (host == SLICE_NONE)
        return false;
    if (!action_has(e->a, "role"))
        return problem_set(e->problem, "agent add needs role=, as in: %s",
                           action_forms[ACTION_AGENT].example);
    int column = (int)json_splice_column(&e->json, edit_item(e, "hosts", host).at) + 3;
    edit_pair(e, &pairs, "id", json_splice_quote(e->arena, e->a->words[2]));
    edit_pair(e, &pairs, "role", json_splice_quote(e->arena, action_value(e->a, "role")));
    if (has_ports(e))
        edit_pair(e, &pairs, "listen", ports_json(e, action_value(e->a, "listen")));
    for (size_t i = 0; i < e->a->value_count; i++) {
        const struct action_value *v = &e->a->values[i];
        const struct config_key *key = find_key(role, v->key);
        if (slice_equal(v->key, SLICE("role")) ||
            (has_ports(e) && slice_equal(v->key, SLICE("listen"))))
            continue;
        add_setting(e, &s, v->key,
                    key ? setting_json(key, v->value, e->arena)
                        : json_splice_quote(e->arena, v->value),
                    column + 2);
    }
    edit_add_agent(e, host, agent_json(e, pairs, &s, column));
    return true;
}

/* ---- remove ---- */

static bool agent_remove(struct edit *e)
{
    size_t host, agent;
    if (!edit_find_agent(e, e->a->words[1], &host, &agent))
        return false;
    edit_drop_ids(e, &e->t->hosts[host].agents[agent].id, 1);
    edit_remove_agent(e, host, agent);
    return true;
}

const struct edit_verb edit_agent_verbs[] = {
    {"add", 3, NULL, agent_add},
    {"remove", 2, "", agent_remove},
    {NULL, 0, NULL, NULL},
};

/* ---- set ---- */

/* The agent that is named, or the first of the host that has this setting. */
static bool find_setting(struct edit *e, struct slice key, size_t *host, size_t *agent)
{
    struct slice who = e->a->words[0];
    for (*host = 0; *host < e->t->host_count; ++*host) {
        const struct topology_host *h = &e->t->hosts[*host];
        for (*agent = 0; *agent < h->agent_count; ++*agent)
            if ((slice_equal(h->id, who) || slice_equal(h->agents[*agent].id, who)) &&
                find_key(h->agents[*agent].role, key))
                return true;
    }
    return problem_set(e->problem, "\"%.*s\" is no agent or host with a setting \"%.*s\"",
                       SLICE_ARG(slice_part(who, 0, 60)), SLICE_ARG(slice_part(key, 0, 60)));
}

bool edit_set(struct edit *e)
{
    for (size_t i = 0; i < e->a->value_count; i++) {
        const struct action_value *v = &e->a->values[i];
        size_t host = 0, agent = 0;
        if (!find_setting(e, v->key, &host, &agent))
            return false;
        const struct config_key *key = find_key(e->t->hosts[host].agents[agent].role, v->key);
        edit_put_setting(e, host, agent, key->name, setting_json(key, v->value, e->arena));
    }
    return true;
}
