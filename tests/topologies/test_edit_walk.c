/* Random edits of running worlds: the file that would be saved makes the same world. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/random.h"
#include "sim/base/vtime.h"
#include "sim/net/net_inner.h"
#include "support_world.h"
#include "topologies/setting.h"
#include "topologies/world_inner.h"

/* ---- the edited world is the world of the edited file ---- */

struct lines {
    struct arena arena;
    VECTOR(struct slice) items;
};

static int compare(const void *a, const void *b)
{
    return slice_order(*(const struct slice *)a, *(const struct slice *)b);
}

static void note_agents(struct lines *l, const struct world *w)
{
    for (size_t i = 0; i < w->office.agents.count; i++) {
        const struct office_agent *a = &w->office.agents.items[i];
        if (a->is_gone)
            continue;
        struct slice id = log_place_name(&w->sim.log, a->place);
        const struct event_agent *e = event_as_agent(log_place(&w->sim.log, a->place));
        *vector_add(&l->items) =
            arena_printf(&l->arena, "agent %.*s of %.*s: %s %.*s", SLICE_ARG(id),
                         SLICE_ARG(net_host_id(w->net, a->host)), a->role->name,
                         SLICE_ARG(log_text(&w->sim.log, e->listen)));
        for (size_t k = 0; k < a->config->count; k++)
            *vector_add(&l->items) = arena_printf(
                &l->arena, "setting %.*s %s=%.*s", SLICE_ARG(id), a->role->keys[k].name,
                SLICE_ARG(setting_print(&a->config->values[k], &l->arena)));
    }
}

static void note_hosts(struct lines *l, const struct world *w)
{
    for (uint32_t place = 1; place <= log_place_count(&w->sim.log); place++) {
        if (net_is_gone(w->net, place) || net_host_of(w->net, place) != place)
            continue;
        uint32_t asks =
            place <= w->office.hosts.count ? w->office.hosts.items[place - 1].dns_address : 0;
        *vector_add(&l->items) = arena_printf(
            &l->arena, "host %.*s %.*s %u, asks %u, zone %d, clock %d, up %d",
            SLICE_ARG(net_host_id(w->net, place)), SLICE_ARG(net_host_name(w->net, place)),
            net_address(w->net, place), asks ? asks : w->office.dns_address,
            office_zone(&w->office, place),
            (int)(office_now_s(&w->office, place) - w->sim.epoch_s - w->sim.now / VTIME_S),
            net_host_is_up(w->net, place));
    }
}

/* In the order of the names of its ends: a link has no first end. */
static void note_links(struct lines *l, const struct world *w)
{
    for (uint32_t number = 1; number <= w->net->links.count; number++) {
        const struct net_link *link = &w->net->links.items[number - 1];
        if (link->is_gone)
            continue;
        struct slice a = w->net->hosts.items[link->end[0] - 1].id;
        struct slice b = w->net->hosts.items[link->end[1] - 1].id;
        bool is_turned = slice_order(a, b) > 0;
        struct slice first = is_turned ? b : a, second = is_turned ? a : b;
        *vector_add(&l->items) =
            arena_printf(&l->arena, "link %.*s:%.*s %u %u %u %u, hours %d", SLICE_ARG(first),
                         SLICE_ARG(second), link->latency_us, link->jitter_us, link->kbps,
                         link->loss_ppm, world_has_line(w, number));
    }
    for (size_t i = 0; i < w->net->hosts.count; i++) {
        const struct net_host *h = &w->net->hosts.items[i];
        if (!h->is_gone && h->outside)
            *vector_add(&l->items) =
                arena_printf(&l->arena, "host %.*s behind %.*s", SLICE_ARG(h->id),
                             SLICE_ARG(w->net->hosts.items[h->outside - 1].id));
    }
}

static void note_rest(struct lines *l, const struct world *w, const struct topology *t)
{
    for (size_t i = 0; i < w->office.accounts.count; i++) {
        const struct office_account *a = &w->office.accounts.items[i];
        if (!a->is_gone)
            *vector_add(&l->items) =
                arena_printf(&l->arena, "user %.*s %.*s %.*s", SLICE_ARG(a->address),
                             SLICE_ARG(a->password), SLICE_ARG(a->name));
    }
    for (size_t i = 0; i < w->faults.count; i++)
        *vector_add(&l->items) =
            arena_printf(&l->arena, "fault %.*s", SLICE_ARG(w->faults.items[i].id));
    /* Those of the file are all there, and there are no more of them. */
    for (size_t i = 0; i < t->record_count; i++) {
        const struct dns_record *wanted = &t->records[i];
        const struct records_owner *owner = records_find(&w->office.records, wanted->name);
        size_t count = 0, same = 0;
        for (const struct dns_record *r = NULL;
             (r = records_next(&w->office.records, owner, r, wanted->type)); count++)
            same += records_have_same_data(r, wanted) && r->ttl_s == wanted->ttl_s;
        *vector_add(&l->items) =
            arena_printf(&l->arena, "record %.*s %u %.*s: %zu of %zu", SLICE_ARG(wanted->name),
                         wanted->type, SLICE_ARG(dns_record_print(wanted, &l->arena)), same, count);
    }
}

static void describe(struct lines *l, const struct world *w, const struct topology *t)
{
    *l = (struct lines){0};
    arena_init(&l->arena);
    note_hosts(l, w);
    note_agents(l, w);
    note_links(l, w);
    note_rest(l, w, t);
    qsort(l->items.items, l->items.count, sizeof *l->items.items, compare);
}

static void forget(struct lines *l)
{
    arena_finish(&l->arena);
    vector_finish(&l->items);
}

/* A fresh world of the file that the edited one would save is the same. */
static void compare_with_file(struct world *edited, const char *name, const char *line)
{
    struct topology t;
    struct problem problem = {0};
    struct lines one, other;
    cr_assert(topology_read(&t, world_topology(edited), "edited", &problem), "%s", problem.what);
    struct world *fresh = world_create(&t, &(struct world_options){.seed = 1});
    describe(&one, edited, &t);
    describe(&other, fresh, &t);
    for (size_t i = 0; i < one.items.count || i < other.items.count; i++) {
        struct slice a = i < one.items.count ? one.items.items[i] : SLICE("nothing");
        struct slice b = i < other.items.count ? other.items.items[i] : SLICE("nothing");
        cr_assert(slice_equal(a, b), "%s after %s:\nedited: %.*s\nfile:   %.*s", name, line,
                  SLICE_ARG(a), SLICE_ARG(b));
    }
    forget(&one);
    forget(&other);
    world_destroy(fresh);
    topology_finish(&t);
}

/* ---- any sequence of edits ---- */

struct walk {
    struct random random;
    struct arena arena;
    const struct topology *t;
    unsigned step;
};

static size_t pick(struct walk *w, size_t count)
{
    return (size_t)(random_u64(&w->random) % count);
}

static const struct topology_host *any_host(struct walk *w)
{
    return &w->t->hosts[pick(w, w->t->host_count)];
}

static struct slice any_agent(struct walk *w)
{
    const struct topology_host *h = any_host(w);
    return h->agent_count ? h->agents[pick(w, h->agent_count)].id : SLICE("nobody");
}

static struct slice map_line(struct walk *w)
{
    const struct topology_host *h = any_host(w), *other = any_host(w);
    unsigned n = w->step;
    switch (pick(w, 13)) {
    case 0:
        return arena_printf(&w->arena, "host add n%u name=n%u.new.test addr=10.1.%u.%u zone=+0100",
                            n, n, n >> 8, n & 255);
    case 1:
        return arena_printf(&w->arena, "host remove %.*s", SLICE_ARG(h->id));
    case 2:
        return arena_printf(&w->arena, "host rename %.*s r%u name=r%u.new.test", SLICE_ARG(h->id),
                            n, n);
    case 3:
        return arena_printf(&w->arena, "host rename %.*s r%u", SLICE_ARG(h->id), n);
    case 4:
        return arena_printf(&w->arena, "host move %.*s x=%u y=7", SLICE_ARG(h->id), n % 1000);
    case 5:
        return arena_printf(&w->arena, "host set %.*s zone=-0%u00 skew=%u resolver=%.*s",
                            SLICE_ARG(h->id), n % 10, n, SLICE_ARG(other->id));
    case 6:
        return arena_printf(&w->arena, "host set %.*s behind=%.*s resolver=", SLICE_ARG(h->id),
                            n % 2 ? 0 : (int)other->id.size, other->id.data);
    case 7:
    case 8:
        return arena_printf(&w->arena, "link add %.*s:%.*s latency=%u.5 jitter=1", SLICE_ARG(h->id),
                            SLICE_ARG(other->id), n % 90);
    case 9:
        return arena_printf(&w->arena, "link set %.*s:%.*s latency=%u loss=0.25 kbps=64",
                            SLICE_ARG(h->id), SLICE_ARG(other->id), n % 90);
    case 10:
        return arena_printf(&w->arena, "link remove %.*s:%.*s", SLICE_ARG(h->id),
                            SLICE_ARG(other->id));
    case 11:
        return arena_printf(&w->arena, "network set title=\"Net %u\"", n);
    default:
        return arena_printf(&w->arena, "admd %s e%u%s",
                            n % 3 == 0   ? "remove"
                            : n % 3 == 1 ? "add"
                                         : "set",
                            n % 8, n % 3 ? " name=Elm" : "");
    }
}

static struct slice agent_line(struct walk *w)
{
    const struct topology_host *h = any_host(w), *other = any_host(w);
    struct slice user = w->t->user_count ? w->t->users[pick(w, w->t->user_count)].address
                                         : SLICE("nobody@new.test");
    unsigned n = w->step;
    switch (pick(w, 8)) {
    case 0:
        return arena_printf(&w->arena, "agent add %.*s m%u role=mta listen=%u local=new.test",
                            SLICE_ARG(h->id), n, 25 + n % 3);
    case 1:
        return arena_printf(&w->arena, "agent add %.*s u%u role=mua user=%.*s outgoing=%.*s",
                            SLICE_ARG(h->id), n, SLICE_ARG(user), SLICE_ARG(other->id));
    case 2:
        return arena_printf(&w->arena, "agent add %.*s s%u role=store format=mbox",
                            SLICE_ARG(h->id), n);
    case 3:
        return arena_printf(&w->arena, "agent add %.*s d%u role=dns listen=53", SLICE_ARG(h->id),
                            n);
    case 4:
    case 5:
        return arena_printf(&w->arena, "agent remove %.*s", SLICE_ARG(any_agent(w)));
    case 6:
        return arena_printf(&w->arena, "set %.*s incoming=%.*s", SLICE_ARG(any_agent(w)),
                            SLICE_ARG(other->id));
    default:
        return arena_printf(&w->arena, "set %.*s size_max=%u", SLICE_ARG(h->id), 1000 + n);
    }
}

static struct slice record_line(struct walk *w)
{
    const struct topology_host *h = any_host(w);
    unsigned n = w->step;
    switch (pick(w, 7)) {
    case 0:
        return arena_printf(&w->arena, "dns add new%u.test MX %.*s pref=%u ttl=1h", n % 5,
                            SLICE_ARG(h->name), n % 4);
    case 1:
        return arena_printf(&w->arena, "dns add new%u.test TXT data=\"a, \\\"b\\\" %u\"", n % 5, n);
    case 2:
        return arena_printf(&w->arena, "dns add %.*s A 10.9.8.%u", SLICE_ARG(h->name), n & 255);
    case 3:
        return arena_printf(&w->arena, "dns remove new%u.test MX", n % 5);
    case 4:
        return arena_printf(&w->arena, "dns remove %.*s A", SLICE_ARG(h->name));
    case 5:
        return arena_printf(&w->arena, "user add p%u@new.test name=P password=x%u", n % 9, n);
    default:
        return arena_printf(&w->arena, "user remove p%u@new.test", n % 9);
    }
}

static bool is_soft(struct slice line)
{
    return slice_starts(line, SLICE("dns")) || slice_starts(line, SLICE("user")) ||
           slice_starts(line, SLICE("set"));
}

/* What a file can't say of records, people and settings is not tried here: a world can. */
static bool try_line(struct world *w, struct slice line)
{
    struct edit_document doc;
    struct problem problem = {0};
    cr_assert(edit_open(&doc, world_topology(w), "now", &problem), "%s", problem.what);
    struct slice before = doc.topology.json;
    bool is_taken = edit_apply(&doc, line, &problem);
    cr_expect_eq(is_taken, edit_text(&doc).data != before.data, "%.*s", SLICE_ARG(line));
    bool is_done = (is_taken || !is_soft(line)) && world_do(w, world_now(w), line, &problem);
    cr_assert(is_done == is_taken || is_soft(line), "%.*s: %s", SLICE_ARG(line), problem.what);
    edit_close(&doc);
    return is_done;
}

static void send_something(struct walk *w, struct world *on)
{
    struct problem problem = {0};
    if (w->t->user_count == 0)
        return;
    struct slice from = w->t->users[pick(w, w->t->user_count)].address;
    struct slice to = w->t->users[pick(w, w->t->user_count)].address;
    (void)world_do(on, world_now(on),
                   arena_printf(&w->arena, "send from=%.*s to=%.*s subject=%u", SLICE_ARG(from),
                                SLICE_ARG(to), w->step),
                   &problem);
}

static void walk_over(const char *name, uint64_t seed, unsigned steps)
{
    struct world *w = support_world_shipped(name, 1);
    unsigned done = 0;
    for (unsigned step = 1; step <= steps; step++) {
        struct walk walk = {.step = step};
        struct topology t;
        struct problem problem = {0};
        random_init(&walk.random, seed * 1000 + step, SLICE("edits"));
        arena_init(&walk.arena);
        cr_assert(topology_read(&t, world_topology(w), "edited", &problem), "%s", problem.what);
        walk.t = &t;
        size_t kind = pick(&walk, 3);
        struct slice line = kind == 0   ? map_line(&walk)
                            : kind == 1 ? agent_line(&walk)
                                        : record_line(&walk);
        send_something(&walk, w);
        bool is_done = try_line(w, line);
        world_run_until(w, world_now(w) + 20 * VTIME_S);
        done += is_done;
        if (is_done)
            compare_with_file(w, name, line.data);
        topology_finish(&t);
        arena_finish(&walk.arena);
    }
    support_check_conservation(world_log(w));
    cr_expect_gt(done, steps / 4, "%s: %u", name, done);
    world_destroy(w);
}

Test(edit_walk, any_sequence_of_edits_gives_the_world_of_the_edited_file)
{
    static const char *const names[] = {"two-towns",   "one-host",          "t09-wait-retry",
                                        "t19-relay",   "t20-eavesdroppers", "t21-mediators",
                                        "t23-filters", "dial-up-unix",      "dns-tree"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (uint64_t seed = 1; seed <= 1; seed++)
            walk_over(names[i], seed, 40);
}
