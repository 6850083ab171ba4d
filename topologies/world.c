#include "topologies/world.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/roles/mta.h"
#include "agents/roles/mua.h"
#include "agents/roles/nameserver.h"
#include "agents/roles/queue.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"
#include "topologies/action.h"

/* A fault of the palette, its target found. */
struct fault {
    struct slice id, label, kind, target;
    struct slice rcpt, esc;
    uint32_t code, extra_ms;
};

/* Used again once it is carried out. */
struct planned {
    struct arena arena; /* of its texts */
    struct slice text;
    struct action action;
};

struct world {
    struct sim sim;
    struct net *net;
    struct office office;
    struct arena arena;
    VECTOR(struct fault) faults;
    VECTOR(struct planned) planned;
    VECTOR(uint32_t) free_planned;
    VECTOR(struct topology_demo) demo;
};

static uint32_t text(struct world *w, struct slice s)
{
    return sim_text(&w->sim, s);
}

/* ---- declarations ---- */

static void declare_run(struct world *w, const struct topology *t)
{
    char digits[DIGITS_MAX];
    struct slice seed = {digits, digits_put(digits, w->sim.seed, 10, 0)};
    sim_emit(&w->sim, EVENT_RUN,
             &(struct event_run){text(w, t->title), text(w, seed), (uint32_t)w->sim.epoch_s,
                                 text(w, SLICE("mailflow " MAILFLOW_VERSION))});
    sim_note(&w->sim, EVENT_TOPOLOGY, &(struct event_topology){text(w, t->json)});
    for (size_t i = 0; i < t->admd_count; i++)
        sim_note(&w->sim, EVENT_ADMD,
                 &(struct event_admd){text(w, t->admds[i].id), text(w, t->admds[i].name)});
}

static void declare_faults(struct world *w, const struct topology *t)
{
    for (size_t i = 0; i < t->fault_count; i++) {
        const struct topology_fault *f = &t->faults[i];
        *vector_add(&w->faults) = (struct fault){arena_copy(&w->arena, f->id),
                                                 arena_copy(&w->arena, f->label),
                                                 arena_copy(&w->arena, f->kind),
                                                 arena_copy(&w->arena, f->target),
                                                 arena_copy(&w->arena, f->rcpt),
                                                 arena_copy(&w->arena, f->esc),
                                                 f->code,
                                                 f->extra_ms};
        sim_note(&w->sim, EVENT_PALETTE,
                 &(struct event_palette){text(w, f->id), text(w, f->label), text(w, f->kind),
                                         text(w, f->target)});
    }
}

static void add_hosts(struct world *w, const struct topology *t, uint32_t *places)
{
    for (size_t i = 0; i < t->host_count; i++) {
        const struct topology_host *h = &t->hosts[i];
        places[i] = net_add_host(
            w->net, &(struct net_host_options){h->id, h->name, h->address, h->admd, h->x, h->y});
    }
    for (size_t i = 0; i < t->link_count; i++) {
        const struct topology_link *l = &t->links[i];
        struct slice id = arena_printf(&w->arena, "%.*s:%.*s", SLICE_ARG(t->hosts[l->a].id),
                                       SLICE_ARG(t->hosts[l->b].id));
        net_add_link(w->net,
                     &(struct net_link_options){id, places[l->a], places[l->b], l->latency_us,
                                                l->jitter_us, l->kbps, l->loss_ppm});
    }
}

static void copy_records(struct world *w, const struct topology *t)
{
    struct dns_record *records = arena_take(&w->arena, t->record_count * sizeof *records);
    for (size_t i = 0; i < t->record_count; i++) {
        records[i] = t->records[i];
        records[i].name = arena_copy(&w->arena, records[i].name);
        records[i].target = arena_copy(&w->arena, records[i].target);
        records[i].mailbox = arena_copy(&w->arena, records[i].mailbox);
        records[i].data = arena_copy(&w->arena, records[i].data);
    }
    w->office.records = records;
    w->office.record_count = t->record_count;
}

/* The first name server of the file answers for everybody. */
static uint32_t dns_address(const struct topology *t)
{
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t j = 0; j < t->hosts[i].agent_count; j++)
            if (t->hosts[i].agents[j].role == &nameserver_role)
                return t->hosts[i].address;
    return 0;
}

static void add_agents(struct world *w, const struct topology *t, const uint32_t *places)
{
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t j = 0; j < t->hosts[i].agent_count; j++) {
            const struct topology_agent *a = &t->hosts[i].agents[j];
            w->sim.cause = 0;
            office_add_agent(&w->office, places[i], a->id, a->role, &a->config, a->ports,
                             a->port_count);
        }
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
    uint32_t *places = memory_take(t->host_count * sizeof *places);
    add_hosts(w, t, places);
    for (size_t i = 0; i < t->user_count; i++)
        office_add_account(&w->office, t->users[i].address, t->users[i].password, t->users[i].name);
    copy_records(w, t);
    w->office.dns_address = dns_address(t);
    add_agents(w, t, places);
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
    net_destroy(w->net);
    sim_finish(&w->sim);
    vector_finish(&w->faults);
    for (size_t i = 0; i < w->planned.count; i++)
        arena_finish(&w->planned.items[i].arena);
    vector_finish(&w->planned);
    vector_finish(&w->free_planned);
    vector_finish(&w->demo);
    arena_finish(&w->arena);
    free(w);
}

const struct log *world_log(const struct world *w)
{
    return &w->sim.log;
}

int64_t world_now(const struct world *w)
{
    return w->sim.now;
}

/* ---- finding whom an action is about ---- */

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

static bool find_link(const struct world *w, struct slice target, uint32_t *link)
{
    struct slice rest = target, a;
    if (!slice_cut(&rest, ':', &a))
        return false;
    *link =
        net_find_link(w->net, log_find_place(&w->sim.log, a), log_find_place(&w->sim.log, rest));
    return *link != 0;
}

/* The agent with this id, or the first agent of that role on the host with this id. */
static uint32_t find_agent(const struct world *w, struct slice target, const struct role *role)
{
    uint32_t place = log_find_place(&w->sim.log, target);
    const struct office_agent *a = office_agent_at(&w->office, place);
    if (!a)
        a = office_find_agent(&w->office, place, role);
    return a && a->role == role ? a->place : 0;
}

static const struct fault *find_fault(const struct world *w, struct slice id)
{
    for (size_t i = 0; i < w->faults.count; i++)
        if (slice_equal(w->faults.items[i].id, id))
            return &w->faults.items[i];
    return NULL;
}

/* ---- faults ---- */

static void set_refusal(struct world *w, const struct fault *f, uint32_t agent, bool on)
{
    for (size_t i = w->office.refusals.count; i-- > 0;)
        if (w->office.refusals.items[i].agent == agent &&
            slice_equal(w->office.refusals.items[i].rcpt, f->rcpt))
            vector_remove(&w->office.refusals, i);
    if (on)
        *vector_add(&w->office.refusals) = (struct office_refusal){
            agent, f->rcpt, f->code ? (int)f->code : 550, f->esc.size ? f->esc : SLICE("5.1.1")};
}

static void set_silent(struct world *w, uint32_t agent, bool on)
{
    for (size_t i = w->office.silent.count; i-- > 0;)
        if (w->office.silent.items[i] == agent)
            vector_remove(&w->office.silent, i);
    if (on)
        *vector_add(&w->office.silent) = agent;
}

struct fault_kind {
    const char *name, *target;
    /* With `f` NULL: only says whether the target is there. */
    bool (*set)(struct world *w, struct slice target, const struct fault *f, bool on);
};

static bool set_host_down(struct world *w, struct slice target, const struct fault *f, bool on)
{
    uint32_t place = log_find_place(&w->sim.log, target);
    if (!place || log_host_of(&w->sim.log, place) != place)
        return false;
    if (f)
        office_set_host_up(&w->office, place, !on);
    return true;
}

static bool set_link_cut(struct world *w, struct slice target, const struct fault *f, bool on)
{
    uint32_t link;
    if (!find_link(w, target, &link))
        return false;
    if (f)
        net_set_link_up(w->net, link, !on);
    return true;
}

static bool set_link_slow(struct world *w, struct slice target, const struct fault *f, bool on)
{
    uint32_t link;
    if (!find_link(w, target, &link))
        return false;
    if (f)
        net_set_link_slow(w->net, link, on ? (f->extra_ms ? f->extra_ms : 1000) * 1000 : 0);
    return true;
}

static bool set_dns_silent(struct world *w, struct slice target, const struct fault *f, bool on)
{
    uint32_t agent = find_agent(w, target, &nameserver_role);
    if (agent && f)
        set_silent(w, agent, on);
    return agent != 0;
}

static bool set_reject(struct world *w, struct slice target, const struct fault *f, bool on)
{
    uint32_t agent = find_agent(w, target, &mta_role);
    if (agent && f)
        set_refusal(w, f, agent, on);
    return agent != 0;
}

static const struct fault_kind fault_kinds[] = {
    {"host-down", "a host", set_host_down},
    {"link-cut", "a link: host:host", set_link_cut},
    {"link-slow", "a link: host:host", set_link_slow},
    {"dns-silent", "a name server", set_dns_silent},
    {"reject", "an MTA", set_reject},
};

static const struct fault_kind *find_fault_kind(struct slice name)
{
    for (size_t i = 0; i < sizeof fault_kinds / sizeof *fault_kinds; i++)
        if (slice_equal(name, slice_of(fault_kinds[i].name)))
            return &fault_kinds[i];
    return NULL;
}

/* The fault an action names: one of the palette, or KIND TARGET put together here. */
static struct fault fault_of(const struct world *w, const struct action *a)
{
    const struct fault *known = find_fault(w, a->words[0]);
    if (known && a->word_count == 1)
        return *known;
    return (struct fault){.id = a->words[0], .kind = a->words[0], .target = a->words[1]};
}

static void set_fault(struct world *w, const struct action *a)
{
    struct fault f = fault_of(w, a);
    sim_emit(&w->sim, EVENT_FAULT,
             &(struct event_fault){text(w, f.id), text(w, a->on ? SLICE("on") : SLICE("off")),
                                   text(w, f.kind), text(w, f.target)});
    find_fault_kind(f.kind)->set(w, f.target, &f, a->on);
}

/* ---- actions ---- */

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

static bool check_fault(struct world *w, const struct action *a, struct problem *problem)
{
    struct fault f = fault_of(w, a);
    const struct fault_kind *kind = find_fault_kind(f.kind);
    if (a->word_count == 1 && find_fault(w, a->words[0]))
        return true;
    if (a->word_count == 2 && kind) {
        if (kind->set(w, f.target, NULL, a->on))
            return true;
        return problem_set(problem, "%s needs %s of this topology; \"%.*s\" is none", kind->name,
                           kind->target, SLICE_ARG(slice_part(f.target, 0, 60)));
    }
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < w->faults.count && count < 64; i++)
        names[count++] = w->faults.items[i].id.data; /* copies of the arena end with NUL */
    const char *nearest = problem_nearest(a->words[0], names, count);
    return problem_set(problem,
                       "unknown fault \"%.*s\"%s%s%s; expected one of the topology's, or "
                       "host-down, link-cut, link-slow, dns-silent, reject and a target",
                       SLICE_ARG(slice_part(a->words[0], 0, 60)),
                       nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                       nearest ? "\"?" : "");
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
        return check_fault(w, a, problem);
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
        set_fault(w, a);
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

/* ---- running ---- */

void world_run_until(struct world *w, int64_t t)
{
    sim_run(&w->sim, t, false, 0);
}

/* Timers that found nothing to do have moved the clock; what people see ends with the last event.
 */
static void set_clock_back(struct world *w)
{
    int64_t next = schedule_next_t(&w->sim.schedule);
    if (log_end(&w->sim.log) < w->sim.now && next >= w->sim.now)
        w->sim.now = log_end(&w->sim.log);
}

void world_run_quiet(struct world *w, int64_t t_max)
{
    sim_run(&w->sim, t_max, true, 0);
    if (schedule_foreground(&w->sim.schedule) == 0)
        set_clock_back(w);
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
