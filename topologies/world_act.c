#include "agents/mail/address.h"
#include "agents/roles/mua.h"
#include "agents/roles/queue.h"
#include "topologies/action.h"
#include "topologies/world_inner.h"

static uint32_t text(struct world *w, struct slice s)
{
    return sim_text(&w->sim, s);
}

/* ---- whom an action is about ---- */

static struct mua *find_mua(const struct world *w, struct slice who)
{
    uint32_t place = log_find_place(&w->sim.log, who);
    for (size_t i = 0; i < w->office.agents.count; i++) {
        const struct office_agent *a = &w->office.agents.items[i];
        if (a->role == &mua_role &&
            (a->place == place || a->host == place || address_equal(mua_user(a->self), who)))
            return a->self;
    }
    return NULL;
}

/* Every queue of this agent, or of all agents of this host; with `flushes` they are flushed. */
static size_t find_queues(const struct world *w, struct slice where, bool flushes)
{
    uint32_t place = log_find_place(&w->sim.log, where);
    size_t count = 0;
    for (size_t i = 0; place && i < w->office.agents.count; i++) {
        const struct office_agent *a = &w->office.agents.items[i];
        struct queue *queue = a->role->queue ? a->role->queue(a->self) : NULL;
        if (!queue || (a->place != place && a->host != place))
            continue;
        count++;
        if (flushes)
            queue_flush(queue);
    }
    return count;
}

static bool check_action(struct world *w, const struct action *a, struct problem *problem)
{
    switch (a->verb) {
    case ACTION_SEND:
        return find_mua(w, a->from) ||
               problem_set(problem,
                           "nobody here writes mail as \"%.*s\"; expected the address of an MUA",
                           SLICE_ARG(slice_part(a->from, 0, 80)));
    case ACTION_FETCH:
        return find_mua(w, a->by) ||
               problem_set(problem,
                           "\"%.*s\" is no mail program, host of one, or address of its user",
                           SLICE_ARG(slice_part(a->by, 0, 80)));
    case ACTION_FAULT:
        return world_fault_check(w, a, problem);
    case ACTION_FLUSH:
        return find_queues(w, a->words[0], false) > 0 ||
               problem_set(problem, "\"%.*s\" has no queue",
                           SLICE_ARG(slice_part(a->words[0], 0, 60)));
    }
    return false;
}

static bool act(struct world *w, const struct action *a, struct problem *problem)
{
    switch (a->verb) {
    case ACTION_SEND:
        return mua_send(find_mua(w, a->from),
                        &(struct mua_letter){a->to, a->cc, a->bcc, a->subject, a->body}, problem);
    case ACTION_FETCH:
        return mua_fetch(find_mua(w, a->by), problem);
    case ACTION_FAULT:
        world_fault_set(w, a);
        return true;
    case ACTION_FLUSH:
        find_queues(w, a->words[0], true);
        return true;
    }
    return true;
}

static void forget_plan(struct world *w, uint32_t slot)
{
    arena_reset(&w->planned.items[slot].arena);
    *vector_add(&w->free_planned) = slot;
}

static void carry_out(void *context, uint64_t slot, uint64_t unused)
{
    struct world *w = context;
    const struct planned *p = &w->planned.items[slot];
    struct problem problem = {0};
    (void)unused;
    sim_emit(&w->sim, EVENT_INPUT, &(struct event_input){text(w, p->text)});
    if (!act(w, &p->action, &problem))
        sim_emit(&w->sim, EVENT_UI,
                 &(struct event_ui){text(w, SLICE("screen")), text(w, slice_of(problem.what))});
    forget_plan(w, (uint32_t)slot);
}

static uint32_t take_plan(struct world *w)
{
    if (w->free_planned.count > 0)
        return w->free_planned.items[--w->free_planned.count];
    (void)vector_add(&w->planned);
    return (uint32_t)w->planned.count - 1;
}

bool world_do(struct world *w, int64_t t, struct slice words, struct problem *problem)
{
    uint32_t slot = take_plan(w);
    struct planned *p = &w->planned.items[slot];
    if (!action_read(words, &p->arena, &p->action, problem) ||
        !check_action(w, &p->action, problem)) {
        forget_plan(w, slot);
        return false;
    }
    p->text = arena_copy(&p->arena, words);
    w->sim.cause = 0;
    sim_after(&w->sim, t > w->sim.now ? t - w->sim.now : 0, carry_out, w, slot, 0);
    return true;
}

bool world_demo(struct world *w, struct problem *problem)
{
    for (size_t i = 0; i < w->demo.count; i++)
        if (!world_do(w, w->demo.items[i].t, w->demo.items[i].action, problem))
            return false;
    return true;
}
