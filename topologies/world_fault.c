#include "agents/roles/mta.h"
#include "agents/roles/nameserver.h"
#include "topologies/world_inner.h"

/* ---- finding what a fault is about ---- */

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

/* At an agent, or at all agents of a host. */
static bool set_flaw(struct world *w, struct slice target, const struct fault *f, bool on,
                     enum tls_flaw flaw)
{
    uint32_t place = log_find_place(&w->sim.log, target);
    if (place && f)
        office_set_flaw(&w->office, place, on ? flaw : TLS_FLAW_NONE);
    return place != 0;
}

static bool set_expired(struct world *w, struct slice target, const struct fault *f, bool on)
{
    return set_flaw(w, target, f, on, TLS_FLAW_EXPIRED);
}

static bool set_wrong_name(struct world *w, struct slice target, const struct fault *f, bool on)
{
    return set_flaw(w, target, f, on, TLS_FLAW_WRONG_NAME);
}

static bool set_untrusted(struct world *w, struct slice target, const struct fault *f, bool on)
{
    return set_flaw(w, target, f, on, TLS_FLAW_UNTRUSTED);
}

static const struct fault_kind fault_kinds[] = {
    {"host-down", "a host", set_host_down},
    {"link-cut", "a link: host:host", set_link_cut},
    {"link-slow", "a link: host:host", set_link_slow},
    {"dns-silent", "a name server", set_dns_silent},
    {"reject", "an MTA", set_reject},
    {"cert-expired", "a server or its host", set_expired},
    {"cert-wrong-name", "a server or its host", set_wrong_name},
    {"cert-untrusted", "a server or its host", set_untrusted},
};

static const struct fault_kind *find_fault_kind(struct slice name)
{
    for (size_t i = 0; i < sizeof fault_kinds / sizeof *fault_kinds; i++)
        if (slice_equal(name, slice_of(fault_kinds[i].name)))
            return &fault_kinds[i];
    return NULL;
}

/* The fault an action names: one of the palette, or KIND TARGET put together here. The last word is
   on or off. */
static struct fault fault_of(const struct world *w, const struct action *a)
{
    const struct fault *known = find_fault(w, a->words[0]);
    if (known && a->word_count == 2)
        return *known;
    return (struct fault){.id = a->words[0], .kind = a->words[0], .target = a->words[1]};
}

static bool set_fault(struct world *w, const struct action *a, struct problem *problem)
{
    struct fault f = fault_of(w, a);
    struct slice state = a->words[a->word_count - 1];
    (void)problem;
    sim_emit(&w->sim, EVENT_FAULT,
             &(struct event_fault){world_text(w, f.id), world_text(w, state), world_text(w, f.kind),
                                   world_text(w, f.target), world_text(w, SLICE(""))});
    find_fault_kind(f.kind)->set(w, f.target, &f, slice_equal(state, SLICE("on")));
    return true;
}

static bool check_fault(struct world *w, const struct action *a, struct problem *problem)
{
    struct fault f = fault_of(w, a);
    const struct fault_kind *kind = find_fault_kind(f.kind);
    struct slice state = a->words[a->word_count - 1];
    if (!slice_equal(state, SLICE("on")) && !slice_equal(state, SLICE("off")))
        return problem_set(problem, "fault needs %s, as in: %s", action_forms[ACTION_FAULT].needs,
                           action_forms[ACTION_FAULT].example);
    if (a->word_count == 2 && find_fault(w, a->words[0]))
        return true;
    if (a->word_count == 3 && kind) {
        if (kind->set(w, f.target, NULL, false))
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
                       "host-down, link-cut, link-slow, dns-silent, reject, cert-expired, "
                       "cert-wrong-name, cert-untrusted and a target",
                       SLICE_ARG(slice_part(a->words[0], 0, 60)),
                       nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                       nearest ? "\"?" : "");
}

const struct world_verb world_fault = {check_fault, set_fault};
