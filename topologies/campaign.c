#include "topologies/campaign.h"

#include <inttypes.h>

#include "agents/mail/address.h"
#include "agents/roles/mua.h"
#include "sim/base/random.h"
#include "sim/base/vtime.h"

const struct campaign_profile campaign_profiles[] = {
    {"none", "mail, and nothing goes wrong", 12, 0, false},
    {"mild", "one thing at a time: hosts, lines, name servers", 12, 3, false},
    {"harsh", "everything that can go wrong, much of it at once", 16, 12, true},
};
const size_t campaign_profile_count = sizeof campaign_profiles / sizeof *campaign_profiles;

const struct campaign_profile *campaign_find_profile(struct slice name)
{
    for (size_t i = 0; i < campaign_profile_count; i++)
        if (slice_equal(name, slice_of(campaign_profiles[i].name)))
            return &campaign_profiles[i];
    return NULL;
}

/* People write in the first hours; what fails is mended after a day and a half, so that some mail
   waits through several retries and is warned about. */
#define MAIL_SPAN_NS (6 * VTIME_H)
#define FAULT_SPAN_NS (30 * VTIME_H)

struct drawing {
    struct campaign *campaign;
    const struct topology *topology;
    struct random random;
};

static uint64_t draw(struct drawing *d, uint64_t limit)
{
    return random_below(&d->random, limit);
}

static int64_t draw_t(struct drawing *d, int64_t span)
{
    return (int64_t)draw(d, (uint64_t)(span / VTIME_MS)) * VTIME_MS;
}

static struct slice *add_step(struct drawing *d, int64_t t)
{
    struct campaign_step *step = vector_add(&d->campaign->steps);
    step->t = t;
    return &step->action;
}

/* ---- mail ---- */

/* One of the mail programs that send; NULL when there is none. */
static const struct topology_agent *draw_mua(struct drawing *d)
{
    const struct topology *t = d->topology;
    const struct topology_agent *chosen = NULL;
    uint64_t seen = 0;
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t k = 0; k < t->hosts[i].agent_count; k++)
            if (t->hosts[i].agents[k].role == &mua_role && draw(d, ++seen) == 0)
                chosen = &t->hosts[i].agents[k];
    return chosen;
}

/* Somebody, or now and then nobody: of a domain that is there, or of none. */
static struct slice draw_rcpt(struct drawing *d)
{
    const struct topology *t = d->topology;
    const struct topology_user *user = &t->users[draw(d, t->user_count)];
    uint64_t kind = draw(d, 20);
    if (kind == 0)
        return arena_printf(&d->campaign->arena, "nobody-%u@%.*s", (unsigned)draw(d, 100),
                            SLICE_ARG(address_domain(user->address)));
    if (kind == 1)
        return SLICE("somebody@nowhere.test");
    return user->address;
}

static void add_mail(struct drawing *d, unsigned number)
{
    struct arena *arena = &d->campaign->arena;
    const struct topology_agent *mua = draw_mua(d);
    struct slice to = draw_rcpt(d);
    if (!mua)
        return;
    for (uint64_t more = draw(d, 4) == 0 ? 1 + draw(d, 3) : 0; more > 0; more--) {
        struct slice further = draw_rcpt(d);
        to = arena_printf(arena, "%.*s,%.*s", SLICE_ARG(to), SLICE_ARG(further));
    }
    *add_step(d, draw_t(d, MAIL_SPAN_NS)) =
        arena_printf(arena, "send from=%.*s to=%.*s subject=\"Mail %u\" body=\"Line one\\n.\\n\"",
                     SLICE_ARG(config_text(&mua->config, "user")), SLICE_ARG(to), number);
    if (draw(d, 2) == 0)
        *add_step(d, draw_t(d, FAULT_SPAN_NS)) =
            arena_printf(arena, "fetch by=%.*s", SLICE_ARG(mua->id));
}

/* ---- what goes wrong ---- */

enum { ARGUMENTS_MAX = 10 };

struct trouble {
    const char *kind; /* of fault.h */
    struct slice (*target)(struct drawing *d);
    const char *arguments[ARGUMENTS_MAX]; /* one of them is taken */
    bool is_harsh;
};

static struct slice draw_host(struct drawing *d)
{
    return d->topology->hosts[draw(d, d->topology->host_count)].id;
}

static struct slice draw_link(struct drawing *d)
{
    const struct topology *t = d->topology;
    if (t->link_count == 0)
        return SLICE("");
    const struct topology_link *link = &t->links[draw(d, t->link_count)];
    return arena_printf(&d->campaign->arena, "%.*s:%.*s", SLICE_ARG(t->hosts[link->a].id),
                        SLICE_ARG(t->hosts[link->b].id));
}

/* An agent whose role is one of those. */
static struct slice draw_agent(struct drawing *d, const char *roles)
{
    const struct topology *t = d->topology;
    struct slice chosen = SLICE("");
    uint64_t seen = 0;
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t k = 0; k < t->hosts[i].agent_count; k++) {
            const struct topology_agent *agent = &t->hosts[i].agents[k];
            struct slice role, rest = slice_of(roles);
            while (slice_cut(&rest, ' ', &role))
                if (slice_equal(role, slice_of(agent->role->name)) && draw(d, ++seen) == 0)
                    chosen = agent->id;
        }
    return chosen;
}

static struct slice draw_nameserver(struct drawing *d)
{
    return draw_agent(d, "dns");
}

static struct slice draw_server(struct drawing *d)
{
    return draw_agent(d, "msa mta mda access dns list filter web");
}

static struct slice draw_smtp_server(struct drawing *d)
{
    return draw_agent(d, "msa mta");
}

static struct slice draw_access_server(struct drawing *d)
{
    return draw_agent(d, "access");
}

static struct slice draw_tls_server(struct drawing *d)
{
    return draw_agent(d, "msa mta access");
}

static struct slice draw_user(struct drawing *d)
{
    const struct topology *t = d->topology;
    return t->user_count ? t->users[draw(d, t->user_count)].address : SLICE("");
}

static const struct trouble troubles[] = {
    {"host-down", draw_host, {""}, false},
    {"host-crash", draw_host, {"", "torn=true"}, true},
    {"file-crash",
     draw_host,
     {"after=1", "after=2", "after=3 torn=true", "after=5", "after=8 torn=true"},
     true},
    {"disk-full", draw_host, {"", "octets=2000"}, true},
    {"clock-skew", draw_host, {"seconds=7200", "seconds=-86400"}, true},
    {"agent-down", draw_server, {""}, true},
    {"link-cut", draw_link, {""}, false},
    {"link-slow", draw_link, {"extra_ms=500", "extra_ms=40000", "extra_ms=150000"}, false},
    {"link-lossy", draw_link, {"percent=2", "percent=20", "percent=60"}, false},
    {"dns-silent", draw_nameserver, {""}, false},
    {"dns-servfail", draw_nameserver, {""}, false},
    {"reject", draw_smtp_server, {"code=550", "code=450", "code=452 esc=4.2.2"}, false},
    {"mailbox-full", draw_smtp_server, {"", "code=552"}, true},
    {"reply",
     draw_smtp_server,
     {"verb=EHLO code=421", "verb=MAIL code=451", "verb=RCPT code=550", "verb=DATA code=451",
      "verb=DOT code=451", "verb=DOT code=554", "verb=CONNECT code=554"},
     true},
    {"slow",
     draw_smtp_server,
     {"verb=DOT delay=180s", "verb=DOT delay=900s", "verb=RCPT delay=400s", "verb=EHLO delay=20s"},
     true},
    {"cut",
     draw_smtp_server,
     {"at=before-greeting", "at=after-ehlo", "at=after-mail", "at=after-rcpt", "at=in-data",
      "at=after-dot-before-250", "at=after-dot-before-250 times=2", "at=after-reply"},
     true},
    {"cut", draw_access_server, {"at=before-quit", "at=before-greeting"}, true},
    {"cert-expired", draw_tls_server, {""}, true},
    {"cert-wrong-name", draw_tls_server, {""}, true},
    {"mailbox-gone", draw_user, {""}, true},
    {"user-gone", draw_user, {""}, true},
};

static uint64_t argument_count(const struct trouble *trouble)
{
    uint64_t count = 0;
    while (count < ARGUMENTS_MAX && trouble->arguments[count])
        count++;
    return count;
}

/* Most often when a mail is on its way, for there is little else to hit. */
static int64_t draw_fault_t(struct drawing *d)
{
    const struct campaign *c = d->campaign;
    if (c->steps.count == 0 || draw(d, 4) == 0)
        return draw_t(d, FAULT_SPAN_NS);
    int64_t t = c->steps.items[draw(d, c->steps.count)].t + draw_t(d, 3 * VTIME_S);
    return t < c->mended_t ? t : draw_t(d, FAULT_SPAN_NS); /* a demonstration may last longer */
}

static void add_trouble(struct drawing *d, bool is_harsh)
{
    struct arena *arena = &d->campaign->arena;
    const struct trouble *trouble = &troubles[draw(d, sizeof troubles / sizeof *troubles)];
    int64_t from = draw_fault_t(d);
    /* short ones hit a dialogue, long ones a retry */
    int64_t span = draw_t(d, draw(d, 2) ? 2 * VTIME_MIN : FAULT_SPAN_NS / 2);
    struct slice target = trouble->target(d);
    const char *arguments = trouble->arguments[draw(d, argument_count(trouble))];
    if (target.size == 0 || (trouble->is_harsh && !is_harsh))
        return;
    int64_t to = from + span < d->campaign->mended_t ? from + span : d->campaign->mended_t;
    *add_step(d, from) =
        arena_printf(arena, "fault %s %.*s on %s", trouble->kind, SLICE_ARG(target), arguments);
    *add_step(d, to) =
        arena_printf(arena, "fault %s %.*s off %s", trouble->kind, SLICE_ARG(target), arguments);
}

void campaign_init(struct campaign *campaign, const struct topology *topology,
                   const struct campaign_profile *profile, uint64_t seed)
{
    struct drawing d = {.campaign = campaign, .topology = topology};
    *campaign = (struct campaign){.mended_t = FAULT_SPAN_NS};
    arena_init(&campaign->arena);
    random_init(&d.random, seed, SLICE("campaign"));
    for (size_t i = 0; profile->is_harsh && i < topology->demo_count; i++)
        *add_step(&d, topology->demo[i].t) = arena_copy(&campaign->arena, topology->demo[i].action);
    uint64_t mails = profile->mails / 3 + draw(&d, profile->mails - profile->mails / 3 + 1);
    for (unsigned i = 1; topology->user_count > 0 && i <= mails; i++)
        add_mail(&d, i);
    uint64_t faults = profile->faults / 3 + draw(&d, profile->faults - profile->faults / 3 + 1);
    while (faults-- > 0)
        add_trouble(&d, profile->is_harsh);
}

void campaign_finish(struct campaign *campaign)
{
    vector_finish(&campaign->steps);
    arena_finish(&campaign->arena);
}

void campaign_plan(struct campaign *campaign, struct world *world)
{
    size_t kept = 0;
    for (size_t i = 0; i < campaign->steps.count; i++) {
        struct problem problem = {0};
        struct campaign_step step = campaign->steps.items[i];
        if (world_do(world, step.t, step.action, &problem))
            campaign->steps.items[kept++] = step;
    }
    campaign->steps.count = kept;
}
