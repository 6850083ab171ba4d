/*
 * "set submit require_auth=false": an agent's settings, changed while it runs, from now on. A value
 * is read as a topology file's is.
 */
#include <string.h>

#include "topologies/format.h"
#include "topologies/load.h"
#include "topologies/world_inner.h"

static const struct config_key *find_key(const struct office_agent *a, struct slice name)
{
    for (size_t i = 0; i < a->role->key_count; i++)
        if (slice_equal(name, slice_of(a->role->keys[i].name)))
            return &a->role->keys[i];
    return NULL;
}

/* The agent that is named, or the first on the host that is named which has this setting. */
static const struct office_agent *find_agent(const struct world *w, struct slice who,
                                             struct slice key)
{
    uint32_t place = log_find_place(&w->sim.log, who);
    for (size_t i = 0; place && i < w->office.agents.count; i++) {
        const struct office_agent *a = &w->office.agents.items[i];
        if ((a->place == place || a->host == place) && find_key(a, key))
            return a;
    }
    return NULL;
}

/* As JSON has it: numbers and truths as they are, a list between commas, all else in quotes. */
static struct slice to_json(struct arena *arena, const struct config_key *key, struct slice text)
{
    cJSON *node = NULL;
    struct slice part, rest = text;
    if (key->type == CONFIG_BOOL || key->type == CONFIG_NUMBER)
        return arena_copy(arena, text);
    if (key->type == CONFIG_TEXTS) {
        node = cJSON_CreateArray();
        while (slice_cut(&rest, ',', &part))
            if (slice_trim(part).size > 0)
                cJSON_AddItemToArray(node,
                                     cJSON_CreateString(arena_copy(arena, slice_trim(part)).data));
    } else {
        node = cJSON_CreateString(arena_copy(arena, text).data);
    }
    char *printed = cJSON_PrintUnformatted(node);
    struct slice json = arena_copy(arena, slice_of(printed));
    cJSON_free(printed);
    cJSON_Delete(node);
    return json;
}

/* A host's id stands for its name. */
static bool find_host(struct world *w, struct slice *text, struct problem *problem)
{
    uint32_t place = log_find_place(&w->sim.log, *text);
    if (place && log_host_of(&w->sim.log, place) == place)
        *text = net_host_name(w->net, place);
    else if (text->size > 0 && slice_find_octet(*text, '.', 0) == SLICE_NONE)
        return problem_set(problem, "no host \"%.*s\" here; expected the id or DNS name of one",
                           SLICE_ARG(slice_part(*text, 0, 60)));
    return true;
}

static bool read_value(struct world *w, const struct config_key *key, struct slice text,
                       struct arena *arena, struct config_value *value, struct problem *problem)
{
    struct json_reader r;
    struct problem found = {0};
    *value = (struct config_value){.key = key};
    if (key->type == CONFIG_HOST || key->type == CONFIG_TEXT || key->type == CONFIG_ADDRESS) {
        value->text = text;
        return key->type != CONFIG_HOST || find_host(w, &value->text, problem);
    }
    if (!json_reader_init(&r, to_json(arena, key, text), "set", arena, &found))
        return problem_set(problem, "\"%.*s\" is no value for %s", SLICE_ARG(text), key->name);
    bool ok = load_config_value(&r, key, r.root, arena, value);
    json_reader_finish(&r);
    return ok || problem_set(problem, "%s: %s", key->name, found.what);
}

static bool change(struct world *w, const struct action *a, bool is_check, struct problem *problem)
{
    struct arena arena;
    bool ok = true;
    arena_init(&arena);
    for (size_t i = 0; ok && i < a->value_count; i++) {
        const struct action_value *v = &a->values[i];
        const struct office_agent *agent = find_agent(w, a->words[0], v->key);
        struct config_value value;
        ok = read_value(w, find_key(agent, v->key), v->value, &arena, &value, problem);
        if (ok && !is_check)
            office_change(&w->office, agent->place, &value, v->value);
    }
    arena_finish(&arena);
    return ok;
}

static bool reject_key(const struct world *w, struct slice who, struct slice key,
                       struct problem *problem)
{
    uint32_t place = log_find_place(&w->sim.log, who);
    const char *names[256];
    size_t count = 0;
    for (size_t i = 0; i < w->office.agents.count; i++) {
        const struct office_agent *a = &w->office.agents.items[i];
        for (size_t k = 0; (a->place == place || a->host == place) && k < a->role->key_count; k++)
            if (count < 256)
                names[count++] = a->role->keys[k].name;
    }
    const char *nearest = problem_nearest(key, names, count);
    if (place == 0)
        return problem_set(problem, "there is no agent or host \"%.*s\" here",
                           SLICE_ARG(slice_part(who, 0, 60)));
    return problem_set(problem, "%.*s has no setting \"%.*s\"%s%s%s",
                       SLICE_ARG(slice_part(who, 0, 60)), SLICE_ARG(slice_part(key, 0, 60)),
                       nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                       nearest ? "\"?" : "");
}

static bool check_set(struct world *w, const struct action *a, struct problem *problem)
{
    if (a->value_count == 0)
        return problem_set(problem, "set needs %s, as in: %s", action_forms[ACTION_SET].needs,
                           action_forms[ACTION_SET].example);
    for (size_t i = 0; i < a->value_count; i++)
        if (!find_agent(w, a->words[0], a->values[i].key))
            return reject_key(w, a->words[0], a->values[i].key, problem);
    return change(w, a, true, problem);
}

static bool set(struct world *w, const struct action *a, struct problem *problem)
{
    return change(w, a, false, problem);
}

const struct world_verb world_set = {check_set, set};
