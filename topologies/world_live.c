#include "topologies/world_live.h"

#include "topologies/world_inner.h"

struct net *world_net(struct world *w)
{
    return w->net;
}

struct sim *world_sim(struct world *w)
{
    return &w->sim;
}

struct pump_pool *world_pumps(struct world *w)
{
    return &w->office.pumps;
}

uint32_t world_place(const struct world *w, const struct topology_host *host)
{
    return net_host_at(w->net, host->address);
}

int64_t world_next(const struct world *w)
{
    return schedule_next_t(&w->sim.schedule);
}

void world_note(struct world *w, struct slice what)
{
    w->sim.cause = 0;
    sim_emit(&w->sim, EVENT_INPUT, &(struct event_input){sim_text(&w->sim, what)});
}
