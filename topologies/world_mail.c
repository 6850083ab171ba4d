#include "agents/mail/address.h"
#include "agents/roles/mua.h"
#include "agents/roles/queue.h"
#include "topologies/world_inner.h"

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

/* ---- what people do at a mail program ---- */

static bool check_send(struct world *w, const struct action *a, struct problem *problem)
{
    return find_mua(w, action_value(a, "from")) ||
           problem_set(problem,
                       "nobody here writes mail as \"%.*s\"; expected the address of an MUA",
                       SLICE_ARG(slice_part(action_value(a, "from"), 0, 80)));
}

static bool send(struct world *w, const struct action *a, struct problem *problem)
{
    const struct mua_letter letter = {.to = action_value(a, "to"),
                                      .cc = action_value(a, "cc"),
                                      .bcc = action_value(a, "bcc"),
                                      .subject = action_value(a, "subject"),
                                      .body = action_value(a, "body")};
    return mua_send(find_mua(w, action_value(a, "from")), &letter, problem);
}

static bool check_fetch(struct world *w, const struct action *a, struct problem *problem)
{
    return find_mua(w, action_value(a, "by")) ||
           problem_set(problem, "\"%.*s\" is no mail program, host of one, or address of its user",
                       SLICE_ARG(slice_part(action_value(a, "by"), 0, 80)));
}

static bool fetch(struct world *w, const struct action *a, struct problem *problem)
{
    return mua_fetch(find_mua(w, action_value(a, "by")), problem);
}

static bool check_flush(struct world *w, const struct action *a, struct problem *problem)
{
    return find_queues(w, a->words[0], false) > 0 ||
           problem_set(problem, "\"%.*s\" has no queue", SLICE_ARG(slice_part(a->words[0], 0, 60)));
}

static bool flush(struct world *w, const struct action *a, struct problem *problem)
{
    (void)problem;
    find_queues(w, a->words[0], true);
    return true;
}

const struct world_verb world_send = {check_send, send};
const struct world_verb world_fetch = {check_fetch, fetch};
const struct world_verb world_flush = {check_flush, flush};
