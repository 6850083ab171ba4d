/*
 * "fault mx1-down on", "fault reject mta-mx1 on code=452": what goes wrong, by the rows of fault.c.
 * The world keeps what is on: switching it off puts things back as they were, whatever else is on.
 */
#include <stdlib.h>

#include "sim/base/memory.h"
#include "topologies/world_inner.h"

/* ---- who can be meant ---- */

/* From what the world has declared, as it is now. */
static struct fault_map map_of(const struct world *w, struct arena *arena)
{
    const struct log *log = &w->sim.log;
    uint32_t places = log_place_count(log), link = 0;
    const struct event_link *l;
    while (log_link(log, link + 1))
        link++;
    struct slice *hosts = arena_take(arena, places * sizeof *hosts);
    struct slice *links = arena_take(arena, link * sizeof *links);
    bool *has_hours = arena_take(arena, link * sizeof *has_hours);
    struct slice *users = arena_take(arena, w->office.accounts.count * sizeof *users);
    struct fault_agent *agents = arena_take(arena, w->office.agents.count * sizeof *agents);
    struct fault_map map = {
        .hosts = hosts, .links = links, .has_hours = has_hours, .users = users, .agents = agents};
    for (uint32_t place = 1; place <= places; place++)
        if (log_host_of(log, place) == place && !net_is_gone(w->net, place))
            hosts[map.host_count++] = arena_copy(arena, log_place_name(log, place));
    for (uint32_t i = 1; (l = log_link(log, i)); i++) {
        if (net_link_is_gone(w->net, i))
            continue;
        has_hours[map.link_count] = world_has_line(w, i);
        links[map.link_count++] =
            arena_printf(arena, "%.*s:%.*s", SLICE_ARG(log_place_name(log, l->a)),
                         SLICE_ARG(log_place_name(log, l->b)));
    }
    for (size_t i = 0; i < w->office.accounts.count; i++)
        users[map.user_count++] = w->office.accounts.items[i].address;
    for (size_t i = 0; i < w->office.agents.count; i++) {
        const struct office_agent *a = &w->office.agents.items[i];
        if (a->is_gone)
            continue;
        agents[map.agent_count++] =
            (struct fault_agent){arena_copy(arena, log_place_name(log, a->place)),
                                 arena_copy(arena, log_place_name(log, a->host)), a->role};
    }
    return map;
}

static uint32_t place_of(const struct world *w, const struct fault *f)
{
    struct slice b = f->target, a;
    switch (f->kind->target) {
    case FAULT_HOST:
    case FAULT_AGENT:
        return world_find_place(w, f->target);
    case FAULT_LINK:
        slice_cut(&b, ':', &a);
        return net_find_link(w->net, world_find_place(w, a), world_find_place(w, b));
    case FAULT_USER:
        return 0;
    }
    return 0;
}

/* ---- what an action says ---- */

static const struct fault *find_fault(const struct world *w, struct slice id)
{
    for (size_t i = 0; i < w->faults.count; i++)
        if (slice_equal(w->faults.items[i].id, id))
            return &w->faults.items[i];
    return NULL;
}

static cJSON *make_value(const struct fault_kind *kind, const struct action_value *v,
                         struct arena *arena)
{
    const char *text = arena_copy(arena, v->value).data;
    for (size_t i = 0; i < kind->args.key_count; i++) {
        const struct shape_key *key = &kind->args.keys[i];
        bool is_plain = key->type == SHAPE_NUMBER || key->type == SHAPE_BOOL;
        if (is_plain && v->value.size > 0 && slice_equal(v->key, slice_of(key->name)))
            return cJSON_CreateRaw(text);
    }
    return cJSON_CreateString(text);
}

/* The details are read as a topology file's are. */
static bool read_args(struct fault *f, const struct action *a, struct arena *arena,
                      struct problem *problem)
{
    struct json_reader r;
    struct problem found = {0};
    cJSON *args = cJSON_CreateObject();
    for (size_t i = 0; i < a->value_count; i++)
        cJSON_AddItemToObject(args, arena_copy(arena, a->values[i].key).data,
                              make_value(f->kind, &a->values[i], arena));
    char *printed = cJSON_PrintUnformatted(args);
    bool ok = json_reader_init(&r, arena_copy(arena, slice_of(printed)), "", arena, &found);
    if (ok) {
        ok = fault_read_args(&r, r.root, f->kind, f);
        json_reader_finish(&r);
    }
    cJSON_free(printed);
    cJSON_Delete(args);
    return ok || problem_set(problem, "%s: %s", f->kind->name, found.what);
}

static bool reject_name(const struct world *w, struct slice name, struct problem *problem)
{
    const char *names[128];
    size_t count = 0;
    for (size_t i = 0; i < fault_kind_count && count < 128; i++)
        names[count++] = fault_kinds[i].name;
    for (size_t i = 0; i < w->faults.count && count < 128; i++)
        names[count++] = w->faults.items[i].id.data; /* copies of the arena end with NUL */
    const char *nearest = problem_nearest(name, names, count);
    return problem_set(problem,
                       "unknown fault \"%.*s\"%s%s%s; expected one of the topology's, or a kind "
                       "and a target, such as host-down mx1",
                       SLICE_ARG(slice_part(name, 0, 60)), nearest ? "; did you mean \"" : "",
                       nearest ? nearest : "", nearest ? "\"?" : "");
}

static bool is_on(const struct action *a)
{
    return slice_equal(a->words[a->word_count - 1], SLICE("on"));
}

/* "fault reject mta-mx1 off": whoever switches a kind off need not repeat the details; then all of
   that kind end. */
static bool is_bare_off(const struct action *a)
{
    return a->word_count == 3 && a->value_count == 0 && !is_on(a);
}

/* One of the palette, or KIND TARGET put together here; the last word is on or off. */
static bool read_fault(const struct world *w, const struct action *a, struct arena *arena,
                       struct fault *f, struct problem *problem)
{
    const struct fault *known = find_fault(w, a->words[0]);
    if (known && a->word_count == 2) {
        *f = *known;
        return a->value_count == 0 ||
               problem_set(problem, "\"%.*s\" has its details in the topology",
                           SLICE_ARG(known->id));
    }
    *f = (struct fault){.kind = fault_find_kind(a->words[0]), .id = a->words[0]};
    if (!f->kind)
        return reject_name(w, a->words[0], problem);
    if (a->word_count != 3)
        return problem_set(problem, "%s needs %s, as in: fault %s TARGET on", f->kind->name,
                           fault_target_words(f->kind, arena), f->kind->name);
    f->target = a->words[1];
    return is_bare_off(a) || read_args(f, a, arena, problem);
}

static bool check_whole(const struct world *w, const struct fault *f, bool has_args,
                        struct arena *arena, struct problem *problem)
{
    struct fault_map map = map_of(w, arena);
    struct fault_wrong wrong;
    if (fault_check_target(f, &map, arena, &wrong) &&
        (!has_args || fault_check_args(f, &map, arena, &wrong)))
        return true;
    return problem_set(problem, "%s: %.*s%s%s%s%s%s", f->kind->name, SLICE_ARG(wrong.what),
                       wrong.expected ? ", expected " : "", wrong.expected ? wrong.expected : "",
                       wrong.nearest ? "; did you mean \"" : "", wrong.nearest ? wrong.nearest : "",
                       wrong.nearest ? "\"?" : "");
}

static bool check_fault(struct world *w, const struct action *a, struct problem *problem)
{
    struct slice state = a->words[a->word_count - 1];
    struct arena arena;
    struct fault f;
    if (!slice_equal(state, SLICE("on")) && !slice_equal(state, SLICE("off")))
        return problem_set(problem, "fault needs %s, as in: %s", action_forms[ACTION_FAULT].needs,
                           action_forms[ACTION_FAULT].example);
    arena_init(&arena);
    bool ok = read_fault(w, a, &arena, &f, problem) &&
              check_whole(w, &f, !is_bare_off(a), &arena, problem);
    arena_finish(&arena);
    return ok;
}

/* ---- on and off ---- */

void world_emit_fault(struct world *w, const struct fault *f, const char *state)
{
    sim_emit(&w->sim, EVENT_FAULT,
             &(struct event_fault){world_text(w, f->id), world_text(w, slice_of(state)),
                                   world_text(w, slice_of(f->kind->name)), world_text(w, f->target),
                                   world_text(w, f->args)});
}

static void destroy(struct world_fault *on)
{
    arena_finish(&on->arena);
    free(on);
}

void world_finish_faults(struct world *w)
{
    for (size_t i = 0; i < w->on.count; i++)
        destroy(w->on.items[i]);
    vector_finish(&w->on);
}

static bool is_same(const struct world *w, const struct world_fault *on, const struct fault *f,
                    bool with_args)
{
    bool is_target = f->kind->target == FAULT_USER ? slice_equal_fold(on->fault.target, f->target)
                                                   : on->place == place_of(w, f);
    return on->fault.kind == f->kind && is_target &&
           (!with_args || slice_equal(on->fault.args, f->args));
}

static struct world_fault *create(struct world *w, const struct fault *f)
{
    struct world_fault *on = memory_take(sizeof *on);
    arena_init(&on->arena);
    on->world = w;
    on->fault = fault_copy(f, &on->arena);
    on->number = ++w->fault_count;
    on->place = place_of(w, f);
    return on;
}

static bool switch_on(struct world *w, const struct fault *f, struct problem *problem)
{
    for (size_t i = 0; i < w->on.count; i++)
        if (is_same(w, w->on.items[i], f, true))
            return problem_set(problem, "the fault %.*s is on already", SLICE_ARG(f->id));
    struct world_fault *on = create(w, f);
    world_emit_fault(w, f, "on");
    if (!f->kind->is_once)
        *vector_add(&w->on) = on;
    f->kind->set(w, on, true);
    if (f->kind->is_once)
        destroy(on);
    return true;
}

/* What is switched off is no longer among those that are on when its row puts things back. */
static void end_at(struct world *w, size_t i)
{
    struct world_fault *on = w->on.items[i];
    vector_remove(&w->on, i);
    world_emit_fault(w, &on->fault, "off");
    on->fault.kind->set(w, on, false);
    destroy(on);
}

void world_end_faults(struct world *w)
{
    for (size_t i = w->on.count; i-- > 0;) {
        const struct world_fault *f = w->on.items[i];
        enum fault_target target = f->fault.kind->target;
        bool is_place = target == FAULT_HOST || target == FAULT_AGENT;
        if ((is_place && net_is_gone(w->net, f->place)) ||
            (target == FAULT_LINK && net_link_is_gone(w->net, f->place)))
            end_at(w, i);
    }
}

static bool switch_off(struct world *w, const struct fault *f, bool with_args,
                       struct problem *problem)
{
    bool is_found = f->kind->is_once;
    if (f->kind->is_once) {
        struct world_fault *once = create(w, f);
        f->kind->set(w, once, false);
        destroy(once);
    }
    for (size_t i = w->on.count; i-- > 0;)
        if (is_same(w, w->on.items[i], f, with_args)) {
            is_found = true;
            end_at(w, i);
        }
    return is_found || problem_set(problem, "the fault %.*s is not on", SLICE_ARG(f->id));
}

static bool set_fault(struct world *w, const struct action *a, struct problem *problem)
{
    struct arena arena;
    struct fault f;
    arena_init(&arena);
    bool ok = read_fault(w, a, &arena, &f, problem);
    if (ok && is_on(a))
        ok = switch_on(w, &f, problem);
    else if (ok)
        ok = switch_off(w, &f, !is_bare_off(a), problem);
    arena_finish(&arena);
    return ok;
}

const struct world_verb world_fault = {check_fault, set_fault};
