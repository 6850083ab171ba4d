#include "topologies/world_inner.h"

static const struct world_verb *const verbs[ACTION_COUNT] = {
    [ACTION_SEND] = &world_send,       [ACTION_FETCH] = &world_fetch,
    [ACTION_FAULT] = &world_fault,     [ACTION_FLUSH] = &world_flush,
    [ACTION_BROWSE] = &world_browse,   [ACTION_SET] = &world_set,
    [ACTION_ROBOT] = &world_robot,     [ACTION_REPLY] = &world_reply,
    [ACTION_FORWARD] = &world_forward, [ACTION_READ] = &world_deed,
    [ACTION_FLAG] = &world_deed,       [ACTION_MOVE] = &world_deed,
    [ACTION_DELETE] = &world_deed,     [ACTION_EXPUNGE] = &world_deed,
    [ACTION_FOLDER] = &world_deed,     [ACTION_IDLE] = &world_idle,
    [ACTION_DNS] = &world_dns,         [ACTION_WRITE] = &world_write,
    [ACTION_REMOVE] = &world_remove,   [ACTION_USER] = &world_user,
    [ACTION_HOST] = &world_edit,       [ACTION_AGENT] = &world_edit,
    [ACTION_LINK] = &world_edit,       [ACTION_ADMD] = &world_edit,
    [ACTION_NETWORK] = &world_edit,    [ACTION_CUT] = &world_cut,
    [ACTION_TYPE] = &world_type,       [ACTION_STORE] = &world_store,
};

static void forget_plan(struct world *w, uint32_t slot)
{
    arena_reset(&w->planned.items[slot].arena);
    *vector_add(&w->free_planned) = slot;
}

/* An edit is checked against what the others before it make of the topology. */
static bool is_own_check(const struct planned *p)
{
    return verbs[p->action.verb] == &world_edit;
}

static void carry_out(void *context, uint64_t slot, uint64_t unused)
{
    struct world *w = context;
    const struct planned *p = &w->planned.items[slot];
    struct problem problem = {0};
    (void)unused;
    sim_emit(&w->sim, EVENT_INPUT, &(struct event_input){world_text(w, p->text)});
    const struct world_verb *verb = verbs[p->action.verb];
    bool ok = (!w->is_edited || is_own_check(p) || verb->check(w, &p->action, &problem)) &&
              verb->act(w, &p->action, &problem);
    world_edit_done(w, p, ok);
    if (!ok)
        sim_emit(&w->sim, EVENT_UI,
                 &(struct event_ui){world_text(w, SLICE("refused")),
                                    world_text(w, slice_of(problem.what))});
    forget_plan(w, (uint32_t)slot);
}

static uint32_t take_plan(struct world *w)
{
    if (w->free_planned.count > 0)
        return w->free_planned.items[--w->free_planned.count];
    (void)vector_add(&w->planned);
    return (uint32_t)w->planned.count - 1;
}

/* While an edit is still to come, what an action names may be there by the time of the action: it
   is looked at then. */
static bool check_plan(struct world *w, const struct planned *p, struct problem *problem)
{
    struct problem found = {0};
    if (is_own_check(p) || w->edits.names == 0) {
        if (!verbs[p->action.verb]->check(w, &p->action, problem))
            return false;
    } else if (!verbs[p->action.verb]->check(w, &p->action, &found)) {
        w->is_edited = true;
    }
    world_edit_planned(w, p);
    return true;
}

bool world_do(struct world *w, int64_t t, struct slice words, struct problem *problem)
{
    uint32_t slot = take_plan(w);
    struct planned *p = &w->planned.items[slot];
    bool ok = action_read(words, &p->arena, &p->action, problem);
    p->text = arena_copy(&p->arena, words);
    if (!ok || !check_plan(w, p, problem)) {
        forget_plan(w, slot);
        return false;
    }
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
