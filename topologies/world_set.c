/*
 * "set submit require_auth=false": an agent's settings, changed while it runs, from now on. A value
 * is read as a topology file's is.
 */
#include "topologies/setting.h"
#include "topologies/world_inner.h"

const struct config_key *world_find_key(const struct office_agent *a, struct slice name)
{
    for (size_t i = 0; i < a->role->key_count; i++)
        if (slice_equal(name, slice_of(a->role->keys[i].name)))
            return &a->role->keys[i];
    return NULL;
}

/* The agent that is named, or the first on the host that is named which has this setting. */
const struct office_agent *world_find_setting(const struct world *w, struct slice who,
                                              struct slice key)
{
    uint32_t place = world_find_place(w, who);
    const struct office_agent *a = NULL;
    while ((a = office_next_at(&w->office, place, a)))
        if (world_find_key(a, key))
            return a;
    return NULL;
}

/* A host's id stands for its name. */
static bool find_host(struct world *w, struct slice *text, struct problem *problem)
{
    uint32_t place = world_find_place(w, *text);
    if (place && log_host_of(&w->sim.log, place) == place)
        *text = net_host_name(w->net, place);
    else if (text->size > 0 && slice_find_octet(*text, '.', 0) == SLICE_NONE)
        return problem_set(problem, "no host \"%.*s\" here; expected the id or DNS name of one",
                           SLICE_ARG(slice_part(*text, 0, 60)));
    return true;
}

bool world_read_setting(struct world *w, const struct config_key *key, struct slice text,
                        struct arena *arena, struct config_value *value, struct problem *problem)
{
    return setting_read(key, text, arena, value, problem) &&
           (key->type != CONFIG_HOST || find_host(w, &value->text, problem));
}

static bool change(struct world *w, const struct action *a, bool is_check, struct problem *problem)
{
    struct arena arena;
    bool ok = true;
    arena_init(&arena);
    for (size_t i = 0; ok && i < a->value_count; i++) {
        const struct action_value *v = &a->values[i];
        const struct office_agent *agent = world_find_setting(w, a->words[0], v->key);
        struct config_value value;
        ok =
            world_read_setting(w, world_find_key(agent, v->key), v->value, &arena, &value, problem);
        if (ok && !is_check)
            office_change(&w->office, agent->place, &value, v->value);
    }
    arena_finish(&arena);
    return ok;
}

static bool reject_key(const struct world *w, struct slice who, struct slice key,
                       struct problem *problem)
{
    uint32_t place = world_find_place(w, who);
    const char *names[256];
    size_t count = 0;
    const struct office_agent *a = NULL;
    while ((a = office_next_at(&w->office, place, a)))
        for (size_t k = 0; k < a->role->key_count; k++)
            if (count < 256)
                names[count++] = a->role->keys[k].name;
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
        if (!world_find_setting(w, a->words[0], a->values[i].key))
            return reject_key(w, a->words[0], a->values[i].key, problem);
    return change(w, a, true, problem);
}

static bool set(struct world *w, const struct action *a, struct problem *problem)
{
    return change(w, a, false, problem);
}

const struct world_verb world_set = {check_set, set};
