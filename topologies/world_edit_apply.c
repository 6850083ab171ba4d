/* What an edit of the file makes of the running world: see world_edit.c. */
#include <inttypes.h>

#include "topologies/fault_part.h"
#include "topologies/name_index.h"
#include "topologies/setting.h"
#include "topologies/world_inner.h"

/* One edit: the topology before and after it. */
struct change {
    struct world *w;
    const struct topology *before, *after;
    const struct action *a;
    struct arena arena;
};

static uint32_t place_of(const struct change *c, const struct topology *t, size_t host)
{
    return world_find_place(c->w, t->hosts[host].id);
}

static void emit_conf(struct world *w, uint32_t at, uint32_t link, const char *key,
                      struct slice value)
{
    sim_emit(&w->sim, EVENT_CONF,
             &(struct event_conf){.at = at,
                                  .key = world_text(w, slice_of(key)),
                                  .value = world_text(w, value),
                                  .link = link});
}

/* ---- records ---- */

static struct slice print_record(struct change *c, const struct dns_record *r)
{
    struct slice name = name_index_fold(&c->arena, r->name);
    struct slice data = dns_record_print(r, &c->arena);
    return arena_printf(&c->arena, "%.*s %u %" PRIu32 " %.*s", SLICE_ARG(name), r->type, r->ttl_s,
                        SLICE_ARG(data));
}

static void index_records(struct change *c, const struct topology *t, struct name_index *index)
{
    name_index_init(index, &c->arena, t->record_count);
    for (size_t i = 0; i < t->record_count; i++)
        *name_index_at(index, print_record(c, &t->records[i])) = i;
}

static bool has_record(const struct records *set, const struct dns_record *record)
{
    const struct records_owner *owner = records_find(set, record->name);
    for (const struct dns_record *r = NULL; (r = records_next(set, owner, r, record->type));)
        if (records_have_same_data(r, record))
            return true;
    return false;
}

/* A record whose data has two names is the same whichever way it is written: as the file has it. */
static void change_records(struct change *c)
{
    struct records *set = &c->w->office.records;
    struct name_index before, after;
    index_records(c, c->before, &before);
    index_records(c, c->after, &after);
    for (size_t i = 0; i < c->before->record_count; i++) {
        const struct dns_record *r = &c->before->records[i];
        if (name_index_find(&after, print_record(c, r)) == SLICE_NONE &&
            records_remove(set, r->name, r->type, r) > 0) {
            world_emit_record(c->w, r, false, &c->arena);
            records_note_change(set, r->name);
        }
    }
    for (size_t i = 0; i < c->after->record_count; i++) {
        const struct dns_record *r = &c->after->records[i];
        if (name_index_find(&before, print_record(c, r)) == SLICE_NONE && !has_record(set, r)) {
            records_add(set, r);
            world_emit_record(c->w, r, true, &c->arena);
            records_note_change(set, r->name);
        }
    }
}

/* ---- settings ---- */

static bool is_same_value(const struct config_value *a, const struct config_value *b)
{
    bool is_same =
        a->number == b->number && slice_equal(a->text, b->text) && a->text_count == b->text_count;
    for (size_t i = 0; is_same && i < a->text_count; i++)
        is_same = slice_equal(a->texts[i], b->texts[i]);
    return is_same;
}

static void change_settings(struct change *c, const struct topology_host *was,
                            const struct topology_host *now)
{
    for (size_t i = 0; i < now->agent_count && i < was->agent_count; i++)
        for (size_t k = 0; k < now->agents[i].config.count; k++) {
            const struct config_value *value = &now->agents[i].config.values[k];
            if (!is_same_value(value, &was->agents[i].config.values[k]))
                office_change(&c->w->office, world_find_place(c->w, now->agents[i].id), value,
                              setting_print(value, &c->arena));
        }
}

/* ---- what a host has ---- */

static uint32_t address_of(const struct topology *t, size_t host)
{
    return host == SLICE_NONE ? 0 : t->hosts[host].address;
}

/* A fault may have set the clock, too: only what is edited is added. */
static void change_clock(struct world *w, uint32_t place, const struct topology_host *was,
                         const struct topology_host *now)
{
    int64_t clear_s = w->sim.epoch_s + w->sim.now / VTIME_S;
    int32_t skew_s = (int32_t)(office_now_s(&w->office, place) - clear_s);
    if (was->skew_s != now->skew_s || was->zone_minutes != now->zone_minutes)
        office_set_clock(&w->office, place, skew_s + now->skew_s - was->skew_s,
                         office_zone(&w->office, place) + now->zone_minutes - was->zone_minutes);
}

static void change_host(struct change *c, const struct topology_host *was,
                        const struct topology_host *now)
{
    uint32_t place = world_find_place(c->w, now->id);
    uint32_t asks = address_of(c->after, now->resolver);
    change_clock(c->w, place, was, now);
    if (asks != address_of(c->before, was->resolver))
        office_set_resolver(&c->w->office, place, asks);
    if (address_of(c->after, now->behind) != address_of(c->before, was->behind))
        net_set_outside(c->w->net, place,
                        now->behind == SLICE_NONE ? 0 : place_of(c, c->after, now->behind));
    change_settings(c, was, now);
}

/* All who were there before, with their other names and neighbours. */
static void change_hosts(struct change *c)
{
    for (size_t i = 0; i < c->before->host_count; i++) {
        bool is_renamed = c->after->host_count == c->before->host_count;
        size_t now = is_renamed ? i : topology_find_host(c->after, c->before->hosts[i].id);
        if (now != SLICE_NONE)
            change_host(c, &c->before->hosts[i], &c->after->hosts[now]);
    }
}

/* The palette is that of the file; what is on ends where that is gone which it is about. */
static void change_faults(struct change *c)
{
    c->w->faults.count = 0;
    for (size_t i = 0; i < c->after->fault_count; i++)
        world_keep_fault(c->w, &c->after->faults[i]);
    world_end_faults(c->w);
}

static void change_dns(struct change *c)
{
    uint32_t address = world_dns_address(c->after);
    if (address != c->w->office.dns_address)
        office_set_dns(&c->w->office, address);
}

/* ---- host ---- */

static void host_add(struct change *c)
{
    const struct topology_host *h = &c->after->hosts[c->after->host_count - 1];
    uint32_t place = world_add_host(c->w, h);
    if (h->resolver != SLICE_NONE)
        office_set_resolver(&c->w->office, place, address_of(c->after, h->resolver));
    if (h->behind != SLICE_NONE)
        net_set_outside(c->w->net, place, place_of(c, c->after, h->behind));
    change_records(c);
}

static void remove_link(struct change *c, size_t link)
{
    const struct topology_link *l = &c->before->links[link];
    uint32_t number =
        net_find_link(c->w->net, place_of(c, c->before, l->a), place_of(c, c->before, l->b));
    world_remove_line(c->w, number);
    net_remove_link(c->w->net, number);
}

static void host_remove(struct change *c)
{
    size_t host = topology_find_host(c->before, c->a->words[1]);
    uint32_t place = place_of(c, c->before, host), cause = c->w->sim.cause;
    for (size_t i = 0; i < c->before->link_count; i++)
        if (c->before->links[i].a == host || c->before->links[i].b == host) {
            remove_link(c, i);
            c->w->sim.cause = cause;
        }
    office_remove_host(&c->w->office, place);
    change_hosts(c);
    change_dns(c);
    change_records(c);
    change_faults(c);
}

static void host_rename(struct change *c)
{
    size_t host = topology_find_host(c->before, c->a->words[1]);
    const struct topology_host *now = &c->after->hosts[host];
    net_rename_host(c->w->net, place_of(c, c->before, host), now->id, now->name);
    change_hosts(c);
    change_records(c);
    change_faults(c);
}

static void host_move(struct change *c)
{
    size_t host = topology_find_host(c->after, c->a->words[1]);
    const struct topology_host *now = &c->after->hosts[host];
    sim_emit(&c->w->sim, EVENT_POSITION,
             &(struct event_position){place_of(c, c->after, host), now->x, now->y});
}

static void host_set(struct change *c)
{
    size_t host = topology_find_host(c->after, c->a->words[1]);
    const struct topology_host *was = &c->before->hosts[host], *now = &c->after->hosts[host];
    for (size_t i = 0; i < c->a->value_count; i++) {
        bool is_skew = slice_equal(c->a->values[i].key, SLICE("skew"));
        struct slice key = is_skew ? SLICE("skew_s") : c->a->values[i].key;
        emit_conf(c->w, place_of(c, c->after, host), 0, arena_copy(&c->arena, key).data,
                  c->a->values[i].value);
    }
    change_host(c, was, now);
}

/* ---- agent ---- */

/* Not its role, and not its ports: only an address is the setting `listen`. */
static bool is_setting(const struct topology_agent *agent, const struct action_value *v)
{
    bool is_ports =
        slice_equal(v->key, SLICE("listen")) && slice_find_octet(v->value, '.', 0) == SLICE_NONE;
    for (size_t i = 0; i < agent->role->key_count; i++)
        if (!is_ports && slice_equal(v->key, slice_of(agent->role->keys[i].name)))
            return true;
    return false;
}

/* The file does not tell of it, so the trace has to: who reads it knows the settings. */
static void agent_add(struct change *c)
{
    const struct topology_host *h = &c->after->hosts[topology_find_host(c->after, c->a->words[1])];
    const struct topology_agent *agent = &h->agents[h->agent_count - 1];
    world_add_agent(c->w, world_find_place(c->w, h->id), agent);
    for (size_t i = 0; i < c->a->value_count; i++)
        if (is_setting(agent, &c->a->values[i]))
            emit_conf(c->w, world_find_place(c->w, agent->id), 0,
                      arena_copy(&c->arena, c->a->values[i].key).data, c->a->values[i].value);
    change_dns(c);
}

static void agent_remove(struct change *c)
{
    office_remove_agent(&c->w->office, world_find_place(c->w, c->a->words[1]));
    change_dns(c);
    change_faults(c);
}

/* ---- link ---- */

static void link_add(struct change *c)
{
    const struct topology_link *l = &c->after->links[c->after->link_count - 1];
    uint32_t *places = arena_take(&c->arena, c->after->host_count * sizeof *places);
    places[l->a] = place_of(c, c->after, l->a);
    places[l->b] = place_of(c, c->after, l->b);
    world_add_link(c->w, c->after, c->after->link_count - 1, places);
}

/* The index of the link that the words name, in any order of its ends. */
static size_t find_link(const struct change *c, const struct topology *t)
{
    struct slice b = c->a->words[1], a;
    slice_cut(&b, ':', &a);
    size_t one = topology_find_host(t, a), other = topology_find_host(t, b), i = 0;
    while (i < t->link_count && !((t->links[i].a == one && t->links[i].b == other) ||
                                  (t->links[i].a == other && t->links[i].b == one)))
        i++;
    return i;
}

static void link_remove(struct change *c)
{
    remove_link(c, find_link(c, c->before));
    change_faults(c);
}

/* What faults do to the link comes on top of the new figures. */
static void set_link(struct change *c, uint32_t number, const struct topology_link *l)
{
    struct world *w = c->w;
    w->link_loss.items[number - 1] = l->loss_ppm;
    net_set_link(w->net, number,
                 &(struct net_link_options){.latency_us = l->latency_us,
                                            .jitter_us = l->jitter_us,
                                            .kbps = l->kbps,
                                            .loss_ppm = l->loss_ppm});
    for (size_t i = 0; i < w->on.count; i++) {
        struct world_fault *f = w->on.items[i];
        if (f->place == number && f->fault.kind->set == fault_set_link_lossy)
            fault_set_link_lossy(w, f, true);
    }
}

static void link_set(struct change *c)
{
    static const struct {
        const char *given, *key;
    } keys[] = {{"latency", "latency_ms"}, {"jitter", "jitter_ms"}, {"loss", "loss_percent"}};
    size_t link = find_link(c, c->after);
    const struct topology_link *l = &c->after->links[link];
    uint32_t number =
        net_find_link(c->w->net, place_of(c, c->after, l->a), place_of(c, c->after, l->b));
    for (size_t i = 0; i < c->a->value_count; i++) {
        const char *key = arena_copy(&c->arena, c->a->values[i].key).data;
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            if (slice_equal(c->a->values[i].key, slice_of(keys[k].given)))
                key = keys[k].key;
        emit_conf(c->w, 0, number, key, c->a->values[i].value);
    }
    set_link(c, number, l);
}

/* ---- organisations ---- */

/* The trace tells of a new one and of another name alike: what was said last holds. */
static void admd_named(struct change *c)
{
    for (size_t i = 0; i < c->after->admd_count; i++) {
        const struct topology_admd *admd = &c->after->admds[i];
        if (slice_equal(admd->id, c->a->words[1]))
            sim_emit(
                &c->w->sim, EVENT_ADMD,
                &(struct event_admd){world_text(c->w, admd->id), world_text(c->w, admd->name), 0});
    }
}

static void admd_remove(struct change *c)
{
    sim_emit(&c->w->sim, EVENT_ADMD,
             &(struct event_admd){world_text(c->w, c->a->words[1]), 0, true});
}

static void network_set(struct change *c)
{
    if (action_value(c->a, "title").size > 0)
        sim_emit(&c->w->sim, EVENT_TITLE, &(struct event_title){world_text(c->w, c->after->title)});
}

/* ---- all ---- */

static const struct edit_effect {
    enum action_verb verb;
    const char *word;
    void (*apply)(struct change *c);
} effects[] = {
    {ACTION_HOST, "add", host_add},         {ACTION_HOST, "remove", host_remove},
    {ACTION_HOST, "rename", host_rename},   {ACTION_HOST, "move", host_move},
    {ACTION_HOST, "set", host_set},         {ACTION_AGENT, "add", agent_add},
    {ACTION_AGENT, "remove", agent_remove}, {ACTION_LINK, "add", link_add},
    {ACTION_LINK, "remove", link_remove},   {ACTION_LINK, "set", link_set},
    {ACTION_ADMD, "add", admd_named},       {ACTION_ADMD, "set", admd_named},
    {ACTION_ADMD, "remove", admd_remove},   {ACTION_NETWORK, "set", network_set},
};

void world_edit_apply(struct world *w, const struct topology *before, const struct topology *after,
                      const struct action *a)
{
    struct change c = {.w = w, .before = before, .after = after, .a = a};
    arena_init(&c.arena);
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (effects[i].verb == a->verb && slice_equal(a->words[0], slice_of(effects[i].word)))
            effects[i].apply(&c);
    arena_finish(&c.arena);
}
