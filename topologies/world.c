#include "topologies/world.h"

#include <stdlib.h>

#include "agents/roles/nameserver.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"
#include "topologies/world_inner.h"

uint32_t world_text(struct world *w, struct slice s)
{
    return sim_text(&w->sim, s);
}

uint32_t world_find_place(const struct world *w, struct slice id)
{
    uint32_t place = log_find_place(&w->sim.log, id);
    return place && !net_is_gone(w->net, place) ? place : 0;
}

/* ---- declarations ---- */

static void declare_run(struct world *w, const struct topology *t)
{
    char digits[DIGITS_MAX];
    struct slice seed = {digits, digits_put(digits, w->sim.seed, 10, 0)};
    sim_emit(&w->sim, EVENT_RUN,
             &(struct event_run){world_text(w, t->title), world_text(w, seed),
                                 (uint32_t)w->sim.epoch_s,
                                 world_text(w, SLICE("mailflow " MAILFLOW_VERSION))});
    uint32_t json = world_text(w, t->json);
    w->json = log_text(&w->sim.log, json);
    sim_note(&w->sim, EVENT_TOPOLOGY, &(struct event_topology){json});
    for (size_t i = 0; i < t->admd_count; i++)
        sim_note(&w->sim, EVENT_ADMD,
                 &(struct event_admd){world_text(w, t->admds[i].id),
                                      world_text(w, t->admds[i].name), 0});
}

void world_keep_fault(struct world *w, const struct fault *f)
{
    *vector_add(&w->faults) = fault_copy(f, &w->arena);
}

static void declare_faults(struct world *w, const struct topology *t)
{
    for (size_t i = 0; i < t->fault_count; i++) {
        const struct fault *f = &t->faults[i];
        world_keep_fault(w, f);
        sim_note(&w->sim, EVENT_PALETTE,
                 &(struct event_palette){world_text(w, f->id), world_text(w, f->label),
                                         world_text(w, slice_of(f->kind->name)),
                                         world_text(w, f->target)});
    }
}

uint32_t world_add_host(struct world *w, const struct topology_host *h)
{
    uint32_t place = net_add_host(
        w->net, &(struct net_host_options){h->id, h->name, h->address, h->admd, h->x, h->y});
    if (h->skew_s || h->zone_minutes)
        office_set_clock(&w->office, place, h->skew_s, h->zone_minutes);
    return place;
}

void world_add_link(struct world *w, const struct topology *t, size_t link, const uint32_t *places)
{
    const struct topology_link *l = &t->links[link];
    struct slice id = arena_printf(&w->arena, "%.*s:%.*s", SLICE_ARG(t->hosts[l->a].id),
                                   SLICE_ARG(t->hosts[l->b].id));
    uint32_t number = net_add_link(
        w->net, &(struct net_link_options){id, places[l->a], places[l->b], l->latency_us,
                                           l->jitter_us, l->kbps, l->loss_ppm});
    *vector_add(&w->link_loss) = l->loss_ppm;
    if (l->up_count > 0)
        world_add_line(w, t, link, number, places);
}

static void add_map(struct world *w, const struct topology *t, uint32_t *places)
{
    for (size_t i = 0; i < t->host_count; i++)
        places[i] = world_add_host(w, &t->hosts[i]);
    for (size_t i = 0; i < t->link_count; i++)
        world_add_link(w, t, i, places);
}

uint32_t world_dns_address(const struct topology *t)
{
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t j = 0; j < t->hosts[i].agent_count; j++)
            if (t->hosts[i].agents[j].role == &nameserver_role)
                return t->hosts[i].address;
    return 0;
}

/* A host asks the one that it names, or the first name server of the file. */
static void set_resolvers(struct world *w, const struct topology *t, const uint32_t *places)
{
    office_set_dns(&w->office, world_dns_address(t));
    for (size_t i = 0; i < t->host_count; i++)
        if (t->hosts[i].resolver != SLICE_NONE)
            office_set_resolver(&w->office, places[i], t->hosts[t->hosts[i].resolver].address);
}

static void set_gateways(struct world *w, const struct topology *t, const uint32_t *places)
{
    for (size_t i = 0; i < t->host_count; i++)
        if (t->hosts[i].behind != SLICE_NONE)
            net_set_outside(w->net, places[i], places[t->hosts[i].behind]);
}

void world_add_agent(struct world *w, uint32_t host, const struct topology_agent *a)
{
    office_add_agent(&w->office, host, a->id, a->role, &a->config, a->ports, a->port_count);
}

static void add_agents(struct world *w, const struct topology *t, const uint32_t *places)
{
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t j = 0; j < t->hosts[i].agent_count; j++) {
            w->sim.cause = 0;
            world_add_agent(w, places[i], &t->hosts[i].agents[j]);
        }
}

void world_memory_finish(struct world_memory *memory)
{
    tls_authority_destroy(memory->tls);
    memory->tls = NULL;
}

static void set_authority(struct world *w, const struct world_options *options)
{
    const struct tls_authority_options wanted = {.seed = w->sim.seed,
                                                 .epoch_s = w->sim.epoch_s,
                                                 .has_localhost = options->lets_real_in,
                                                 .is_real = options->lets_real_in};
    struct tls_authority **kept = options->memory ? &options->memory->tls : &w->own_tls;
    if (*kept && !tls_authority_is_of(*kept, &wanted)) {
        tls_authority_destroy(*kept);
        *kept = NULL;
    }
    if (!*kept)
        *kept = tls_authority_create(&wanted);
    w->tls = *kept;
    w->office.pumps.tls = w->tls;
}

struct world *world_create(const struct topology *t, const struct world_options *options)
{
    struct world *w = memory_take(sizeof *w);
    sim_init(&w->sim, options->seed ? options->seed : 1,
             options->epoch_s ? options->epoch_s : VTIME_DEFAULT_EPOCH_S);
    arena_init(&w->arena);
    declare_run(w, t);
    w->net = net_create(&w->sim);
    office_init(&w->office, &w->sim, w->net);
    if (options->memory)
        w->office.logins_made = &options->memory->logins_made;
    if (!options->has_no_tls)
        set_authority(w, options);
    uint32_t *places = memory_take(t->host_count * sizeof *places);
    add_map(w, t, places);
    for (size_t i = 0; i < t->user_count; i++)
        office_add_account(&w->office, t->users[i].address, t->users[i].password, t->users[i].name);
    for (size_t i = 0; i < t->record_count; i++)
        records_add(&w->office.records, &t->records[i]);
    set_resolvers(w, t, places);
    set_gateways(w, t, places);
    add_agents(w, t, places);
    world_write_homes(w, t);
    declare_faults(w, t);
    free(places);
    for (size_t i = 0; i < t->demo_count; i++)
        *vector_add(&w->demo) =
            (struct topology_demo){t->demo[i].t, arena_copy(&w->arena, t->demo[i].action)};
    return w;
}

void world_destroy(struct world *w)
{
    if (!w)
        return;
    office_finish(&w->office);
    tls_authority_destroy(w->own_tls);
    net_destroy(w->net);
    sim_finish(&w->sim);
    vector_finish(&w->faults);
    world_finish_faults(w);
    for (size_t i = 0; i < w->planned.count; i++)
        arena_finish(&w->planned.items[i].arena);
    vector_finish(&w->planned);
    vector_finish(&w->free_planned);
    vector_finish(&w->demo);
    vector_finish(&w->lines);
    vector_finish(&w->link_loss);
    world_finish_edits(w);
    arena_finish(&w->arena);
    free(w);
}

const struct log *world_log(const struct world *w)
{
    return &w->sim.log;
}

struct slice world_tls_pem(const struct world *w)
{
    return w->tls ? tls_authority_pem(w->tls) : SLICE("");
}

int64_t world_now(const struct world *w)
{
    return w->sim.now;
}

/* ---- running ---- */

void world_run_until(struct world *w, int64_t t)
{
    sim_run(&w->sim, t, false, 0);
}

/* Timers that found nothing to do have moved the clock; what people see ends with the last event.
   Not before what has changed without one: who does the same at the same times gets the same run.
 */
static void set_clock_back(struct world *w)
{
    int64_t next = schedule_next_t(&w->sim.schedule), end = log_end(&w->sim.log);
    end = end > w->sim.changed_t ? end : w->sim.changed_t;
    if (end < w->sim.now && next >= w->sim.now)
        w->sim.now = end;
}

void world_run_quiet(struct world *w, int64_t t_max)
{
    world_run_some(w, t_max, true, 0);
}

bool world_run_some(struct world *w, int64_t t, bool until_quiet, uint64_t tasks_max)
{
    bool is_done = sim_run(&w->sim, t, until_quiet, tasks_max);
    if (until_quiet && schedule_foreground(&w->sim.schedule) == 0)
        set_clock_back(w);
    return is_done;
}

bool world_step(struct world *w)
{
    uint32_t count = log_count(&w->sim.log);
    while (schedule_foreground(&w->sim.schedule) > 0) {
        sim_run(&w->sim, schedule_next_t(&w->sim.schedule), false, 0);
        if (log_count(&w->sim.log) > count)
            return true;
    }
    set_clock_back(w);
    return false;
}
