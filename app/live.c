#include "app/live.h"

#include <string.h>

#include "sim/base/check.h"
#include "sim/base/vtime.h"

/* Steps without any event before it is said that nothing more will happen. */
enum { IDLE_STEPS_MAX = 100000 };

static void plan(struct live *live, int64_t t, struct slice text)
{
    *vector_add(&live->actions) = (struct live_action){t, arena_copy(&live->arena, text)};
}

bool live_open(struct live *live, const char *word, const struct source_options *options, FILE *in,
               struct problem *problem)
{
    *live = (struct live){.options = *options, .is_new_log = true};
    if (!source_open(&live->source, word, options, in, problem))
        return false;
    arena_init(&live->arena);
    for (size_t i = 0; i < live->source.plan.steps.count; i++)
        plan(live, live->source.plan.steps.items[i].t, live->source.plan.steps.items[i].action);
    return true;
}

void live_close(struct live *live)
{
    source_close(&live->source);
    vector_finish(&live->actions);
    arena_finish(&live->arena);
}

const struct log *live_log(const struct live *live)
{
    return source_log(&live->source);
}

/* ---- requests in the words of actions ---- */

/* In double quotes, with \" \\ \n \t, as world_do reads it. */
static void put_quoted(struct bytes *out, const char *name, const char *value)
{
    check(bytes_printf(out, " %s=\"", name));
    for (const char *c = value; *c; c++) {
        const char *escape = *c == '"'    ? "\\\""
                             : *c == '\\' ? "\\\\"
                             : *c == '\n' ? "\\n"
                             : *c == '\t' ? "\\t"
                                          : NULL;
        check(escape ? bytes_append(out, slice_of(escape)) : bytes_append_octet(out, *c));
    }
    check(bytes_append_octet(out, '"'));
}

void live_put_action(struct bytes *out, const struct view_request *request)
{
    if (request->kind == VIEW_REQUEST_SEND) {
        check(bytes_append(out, SLICE("send")));
        put_quoted(out, "from", request->from);
        put_quoted(out, "to", request->to);
        put_quoted(out, "subject", request->subject);
        put_quoted(out, "body", request->body);
    } else if (request->kind == VIEW_REQUEST_FETCH) {
        check(bytes_append(out, SLICE("fetch")));
        put_quoted(out, "by", request->agent);
    } else {
        check(bytes_printf(out, "fault %s %s", request->fault, request->is_on ? "on" : "off"));
    }
}

/* ---- the world ---- */

/* The same world again, with all actions, run to where the old one was. */
static bool make_anew(struct live *live, struct problem *problem)
{
    struct world *world =
        world_create(&live->source.topology, &(struct world_options){.seed = live->options.seed});
    for (size_t i = 0; i < live->actions.count; i++)
        if (!world_do(world, live->actions.items[i].t, live->actions.items[i].text, problem)) {
            world_destroy(world);
            return false;
        }
    world_run_until(world, world_now(live->source.world));
    world_run_quiet(world, VTIME_NEVER);
    world_destroy(live->source.world);
    live->source.world = world;
    live->is_new_log = true;
    return true;
}

static bool carry_out(struct live *live, int64_t t, struct slice action, struct problem *problem)
{
    plan(live, t, action);
    bool ok;
    if (t >= world_now(live->source.world)) {
        ok = world_do(live->source.world, t, action, problem);
        if (ok)
            world_run_quiet(live->source.world, VTIME_NEVER);
    } else {
        ok = make_anew(live, problem);
    }
    if (!ok)
        live->actions.count--;
    return ok;
}

bool live_do(struct live *live, const struct view_request *request, struct problem *problem)
{
    struct bytes action;
    if (live->source.is_trace)
        return problem_set(problem, "This is a saved trace: it can be watched, not changed");
    bytes_init(&action, SIZE_MAX);
    live_put_action(&action, request);
    bool ok = carry_out(live, request->t < 0 ? 0 : request->t, bytes_slice(&action), problem);
    bytes_finish(&action);
    return ok;
}

bool live_run_on(struct live *live, struct problem *problem)
{
    if (live->source.is_trace)
        return problem_set(problem, "The trace ends here");
    struct world *world = live->source.world;
    uint32_t before = log_count(world_log(world));
    for (int i = 0; i < IDLE_STEPS_MAX && log_count(world_log(world)) == before; i++)
        if (!world_step(world))
            break;
    world_run_quiet(world, VTIME_NEVER);
    if (log_count(world_log(world)) > before)
        return true;
    return problem_set(problem, "Nothing more is going to happen");
}
