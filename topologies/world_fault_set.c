/*
 * What a fault does to the world, and how it is undone: the `set` of each row of fault.c. When one
 * ends, it is no longer among those that are on (w->on), and the others still count.
 */
#include "sim/net/disk.h"
#include "topologies/fault_part.h"
#include "topologies/setting.h"
#include "topologies/world_inner.h"

/* The next one that is on, of this kind and about the same; start with *i 0. */
static struct world_fault *next_on(const struct world *w, const struct world_fault *f, size_t *i)
{
    while (*i < w->on.count) {
        struct world_fault *other = w->on.items[(*i)++];
        if (other->fault.kind == f->fault.kind && other->place == f->place)
            return other;
    }
    return NULL;
}

/* ---- hosts ---- */

/* Is it kept down by a fault? */
static bool is_down(const struct world *w, uint32_t host)
{
    for (size_t i = 0; i < w->on.count; i++) {
        const struct world_fault *f = w->on.items[i];
        if (f->place == host && (f->fault.kind->set == fault_set_host_down ||
                                 f->fault.kind->set == fault_set_host_crash ||
                                 (f->fault.kind->set == fault_set_file_crash && f->is_over)))
            return true;
    }
    return false;
}

void fault_set_host_down(struct world *w, struct world_fault *f, bool on)
{
    (void)on;
    office_set_host_up(&w->office, f->place, !is_down(w, f->place));
}

static enum disk_loss loss_of(const struct world_fault *f)
{
    return fault_number(&f->fault, "torn") ? DISK_TEARS_LAST : DISK_LOSES_UNSYNCED;
}

static void crash(struct world *w, uint32_t host, enum disk_loss loss)
{
    if (!net_host_is_up(w->net, host))
        return; /* it was switched off before, in order */
    office_crash(&w->office, host, loss);
}

void fault_set_host_crash(struct world *w, struct world_fault *f, bool on)
{
    if (on)
        crash(w, f->place, loss_of(f));
    else
        office_set_host_up(&w->office, f->place, !is_down(w, f->place));
}

/* The fault may have been switched off in between: then the host is up again at once. */
static void crash_now(void *context, uint64_t host, uint64_t loss)
{
    struct world *w = context;
    office_crash(&w->office, (uint32_t)host, (enum disk_loss)loss);
    office_set_host_up(&w->office, (uint32_t)host, !is_down(w, (uint32_t)host));
}

static void dead(void *context)
{
    struct world_fault *f = context;
    f->is_over = true;
    net_freeze_host(f->world->net, f->place);
    sim_after(&f->world->sim, 0, crash_now, f->world, f->place, loss_of(f));
}

void fault_set_file_crash(struct world *w, struct world_fault *f, bool on)
{
    struct disk *disk = office_disk(&w->office, f->place);
    if (on)
        disk_crash_after(disk, (uint32_t)fault_number(&f->fault, "after"), loss_of(f), dead, f);
    else if (!f->is_over)
        disk_crash_after(disk, 0, DISK_LOSES_UNSYNCED, NULL, NULL);
    if (!on && f->is_over)
        office_set_host_up(&w->office, f->place, !is_down(w, f->place));
}

void fault_set_disk_full(struct world *w, struct world_fault *f, bool on)
{
    struct disk *disk = office_disk(&w->office, f->place);
    uint64_t most = 0; /* no limit */
    size_t i = 0;
    const struct world_fault *other;
    (void)on;
    while ((other = next_on(w, f, &i))) {
        uint64_t octets = (uint64_t)fault_number(&other->fault, "octets");
        most = most == 0 || octets < most ? octets : most;
        most = most < disk_used(disk) ? disk_used(disk) : most;
        most = most == 0 ? 1 : most;
    }
    disk_set_max(disk, most);
}

/* Several add up; each takes away what it has added. */
void fault_set_clock_skew(struct world *w, struct world_fault *f, bool on)
{
    int64_t epoch_s = w->sim.epoch_s + w->sim.now / VTIME_S;
    int32_t skew_s = (int32_t)(office_now_s(&w->office, f->place) - epoch_s);
    int32_t zone = office_zone(&w->office, f->place);
    const struct fault_value *value = fault_get(&f->fault, "zone");
    if (on) {
        f->skew_s = (int32_t)fault_number(&f->fault, "seconds");
        f->zone_minutes = value->is_given ? (int32_t)value->number - zone : 0;
        office_set_clock(&w->office, f->place, skew_s + f->skew_s, zone + f->zone_minutes);
    } else {
        office_set_clock(&w->office, f->place, skew_s - f->skew_s, zone - f->zone_minutes);
    }
}

/* ---- agents ---- */

void fault_set_agent_down(struct world *w, struct world_fault *f, bool on)
{
    size_t i = 0;
    (void)on;
    office_set_agent_up(&w->office, f->place, !next_on(w, f, &i));
}

/* ---- links ---- */

void fault_set_link_cut(struct world *w, struct world_fault *f, bool on)
{
    size_t i = 0;
    (void)on;
    net_set_link_up(w->net, f->place, !next_on(w, f, &i));
}

void fault_set_link_slow(struct world *w, struct world_fault *f, bool on)
{
    uint64_t extra_us = 0;
    size_t i = 0;
    const struct world_fault *other;
    (void)on;
    while ((other = next_on(w, f, &i)))
        extra_us += (uint64_t)fault_number(&other->fault, "extra_ms") * 1000;
    net_set_link_slow(w->net, f->place, extra_us < UINT32_MAX ? (uint32_t)extra_us : UINT32_MAX);
}

/* The worst counts. */
void fault_set_link_lossy(struct world *w, struct world_fault *f, bool on)
{
    uint32_t loss_ppm = w->link_loss.items[f->place - 1];
    size_t i = 0;
    const struct world_fault *other;
    (void)on;
    while ((other = next_on(w, f, &i))) {
        uint32_t more = (uint32_t)fault_number(&other->fault, "percent");
        loss_ppm = more > loss_ppm ? more : loss_ppm;
    }
    net_set_link_loss(w->net, f->place, loss_ppm);
}

void fault_set_line_busy(struct world *w, struct world_fault *f, bool on)
{
    world_set_line_busy(w, f->place, f->fault.id, on);
}

/* ---- stores ---- */

/* In this folder and all within it. */
static void remove_uid_lists(struct disk *disk, struct slice folder)
{
    uint32_t position = 0;
    struct slice inner;
    struct arena arena;
    arena_init(&arena);
    struct slice path = arena_printf(&arena, "%.*smailflow-uidlist", SLICE_ARG(folder));
    (void)disk_remove(disk, path);
    arena_finish(&arena);
    while (disk_next_folder(disk, folder, &position, &inner))
        remove_uid_lists(disk, inner);
}

/* It ends by itself, when the host is up again. */
void fault_set_uidvalidity(struct world *w, struct world_fault *f, bool on)
{
    uint32_t host = net_host_of(w->net, f->place);
    if (!on)
        return;
    if (net_host_is_up(w->net, host)) {
        office_set_host_up(&w->office, host, false);
        remove_uid_lists(office_disk(&w->office, host), SLICE("/"));
        office_set_host_up(&w->office, host, true);
    }
    world_emit_fault(w, &f->fault, "off");
}

/* ---- users and settings ---- */

void fault_set_user_gone(struct world *w, struct world_fault *f, bool on)
{
    struct office *office = &w->office;
    const struct office_account *account = office_find_account(office, f->fault.target);
    uint32_t address = world_text(w, f->fault.target);
    if (on) {
        if (!account)
            return; /* somebody has taken it away: nothing is to be given back */
        f->account = (struct office_account){.address = arena_copy(&f->arena, account->address),
                                             .password = arena_copy(&f->arena, account->password),
                                             .name = arena_copy(&f->arena, account->name)};
        office_remove_account(office, f->fault.target);
        sim_emit(&w->sim, EVENT_ACCOUNT, &(struct event_account){address, false});
    } else if (f->account.address.size > 0 && !account) {
        office_add_account(office, f->account.address, f->account.password, f->account.name);
        sim_emit(&w->sim, EVENT_ACCOUNT, &(struct event_account){address, true});
    }
}

void fault_set_mailbox_gone(struct world *w, struct world_fault *f, bool on)
{
    office_set_mailbox(&w->office, f->fault.target, !on);
}

static struct config_value copy_value(const struct config_value *value, struct arena *arena)
{
    struct config_value copy = *value;
    struct slice *texts = arena_take(arena, value->text_count * sizeof *texts);
    copy.text = arena_copy(arena, value->text);
    for (size_t i = 0; i < value->text_count; i++)
        texts[i] = arena_copy(arena, value->texts[i]);
    copy.texts = texts;
    return copy;
}

static bool is_same_setting(const struct world_fault *a, const struct world_fault *b)
{
    return a->was.key == b->was.key && a->fault.kind == b->fault.kind && a->place == b->place;
}

/* Of several about one setting the latest counts; what the first one found is there in the end. */
void fault_set_setting(struct world *w, struct world_fault *f, bool on)
{
    const struct office_agent *agent = office_agent_at(&w->office, f->place);
    const struct config_key *key = world_find_key(agent, fault_text(&f->fault, "key"));
    struct config_value value;
    struct problem problem = {0};
    if (on) {
        f->was = copy_value(config_get(agent->config, key->name), &f->arena);
        if (world_read_setting(w, key, fault_text(&f->fault, "value"), &f->arena, &value, &problem))
            office_change(&w->office, f->place, &value, fault_text(&f->fault, "value"));
        return;
    }
    for (size_t i = 0; i < w->on.count; i++) {
        struct world_fault *later = w->on.items[i];
        if (is_same_setting(f, later) && later->number > f->number) {
            later->was = copy_value(&f->was, &later->arena);
            return;
        }
    }
    office_change(&w->office, f->place, &f->was, setting_print(&f->was, &f->arena));
}
