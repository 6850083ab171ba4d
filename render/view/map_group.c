/* Which hosts belong together, and which of those groups are folded into one card. */
#include "render/view/map_path.h"
#include "sim/base/memory.h"

/* Above so many hosts organisations are folded until a person opens them. */
enum { OPEN_HOSTS_MAX = 60 };

/* ---- organisations ---- */

/* Those that were declared since the last look; nothing else in the log is of interest here. */
static void read_admds(struct view *view)
{
    struct map *map = &view->map;
    for (; map->admd_events < log_count(view->log); map->admd_events++) {
        if (event_as_admd(log_at(view->log, map->admd_events)))
            *vector_add(&map->admds) = map->admd_events;
    }
}

/* The number of the first that names it, which gives its colour; 0 none. *name is what it is called
   at the moment shown. */
static size_t find_admd(const struct view *view, uint32_t id, uint32_t *name)
{
    const struct map *map = &view->map;
    size_t first = 0;
    for (size_t i = 0; i < map->admds.count; i++) {
        const struct event_admd *admd = event_as_admd(log_at(view->log, map->admds.items[i]));
        if (admd->id != id || (first && map->admds.items[i] >= view->scene.now.event_count))
            continue;
        first = first ? first : i + 1;
        *name = admd->name;
    }
    return first;
}

static void name_group(struct view *view, struct map_group *group, struct slice domain)
{
    uint32_t name = 0;
    size_t number = group->admd ? find_admd(view, group->admd, &name) : 0;
    group->tint = (uint32_t)(number ? number - 1 : view->map.groups.count);
    group->name = domain;
    if (group->admd)
        group->name = log_text(view->log, name ? name : group->admd);
}

/* ---- hosts to groups ---- */

/* By what a host is grouped: its organisation, in a crowd without one its domain, else itself. */
struct key {
    uint32_t admd;
    struct slice domain;
};

struct table {
    uint32_t *slots; /* group plus 1 */
    size_t size;     /* a power of two */
};

static struct key key_of(const struct view *view, uint32_t place, bool is_crowd)
{
    const struct scene_place *p = &view->scene.now.places.items[place - 1];
    struct key key = {.admd = p->admd};
    struct slice name = log_text(view->log, p->name), first;
    if (!p->admd && is_crowd && slice_cut(&name, '.', &first))
        key.domain = name;
    return key;
}

static size_t hash_of(struct key key)
{
    uint64_t hash = 1469598103934665603u ^ key.admd * UINT64_C(2654435761);
    for (size_t i = 0; i < key.domain.size; i++)
        hash = (hash ^ (unsigned char)key.domain.data[i]) * 1099511628211u;
    return (size_t)(hash ^ hash >> 29);
}

static struct map_group *add_group(struct view *view, struct key key, uint32_t place)
{
    struct map_group *group = vector_add(&view->map.groups);
    group->admd = key.admd;
    group->first = place;
    name_group(view, group, key.domain);
    return group;
}

/* The group of this host, made if it is the first. */
static uint32_t group_for(struct view *view, struct table *table, uint32_t place, bool is_crowd)
{
    struct map *map = &view->map;
    struct key key = key_of(view, place, is_crowd);
    if (!key.admd && key.domain.size == 0) {
        add_group(view, key, place);
        return (uint32_t)map->groups.count;
    }
    size_t slot = hash_of(key) & (table->size - 1);
    for (; table->slots[slot]; slot = (slot + 1) & (table->size - 1)) {
        const struct map_group *group = &map->groups.items[table->slots[slot] - 1];
        if (group->admd == key.admd && (key.admd || slice_equal(group->name, key.domain)))
            return table->slots[slot];
    }
    add_group(view, key, place);
    table->slots[slot] = (uint32_t)map->groups.count;
    return table->slots[slot];
}

/* Hosts behind each other by their groups. */
static void list_members(struct map *map)
{
    uint32_t next = 0;
    vector_clear(&map->members);
    for (uint32_t i = 0; i < map->host_count; i++)
        *vector_add(&map->members) = 0;
    for (size_t i = 0; i < map->groups.count; i++) {
        map->groups.items[i].member = next;
        next += map->groups.items[i].host_count;
        map->groups.items[i].host_count = 0;
    }
    for (size_t place = 1; place <= map->group_of.count; place++) {
        if (!map->group_of.items[place - 1])
            continue;
        struct map_group *group = &map->groups.items[map->group_of.items[place - 1] - 1];
        map->members.items[group->member + group->host_count++] = (uint32_t)place;
    }
}

/* Agents in the order of their declaration. */
static void list_agents(struct view *view)
{
    struct map *map = &view->map;
    uint32_t count = (uint32_t)view->scene.now.places.count;
    vector_clear(&map->agents);
    for (uint32_t place = 1; place <= count; place++)
        *vector_add(&map->agents) = 0;
    for (uint32_t place = count; place > 0; place--) {
        uint32_t host = log_host_of(view->log, place);
        if (host == place || host - 1 >= count || !scene_is_there(&view->scene, place))
            continue;
        map->agents.items[place - 1] = map->agents.items[host - 1];
        map->agents.items[host - 1] = place;
    }
}

static bool is_host(const struct view *view, uint32_t place)
{
    return event_as_host(log_place(view->log, place)) && scene_is_there(&view->scene, place);
}

static uint32_t count_hosts(const struct view *view)
{
    uint32_t count = 0;
    for (uint32_t place = 1; place <= view->scene.now.places.count; place++)
        count += is_host(view, place);
    return count;
}

static bool is_toggled(const struct map *map, uint32_t first)
{
    for (size_t i = 0; i < map->toggled.count; i++)
        if (map->toggled.items[i] == first)
            return true;
    return false;
}

/* One group alone has nothing to fold for. */
static void fold_groups(struct map *map)
{
    bool is_crowd = map->host_count > OPEN_HOSTS_MAX && map->groups.count > 1;
    for (size_t i = 0; i < map->groups.count; i++) {
        struct map_group *group = &map->groups.items[i];
        group->is_folded = group->host_count > 1 && is_crowd != is_toggled(map, group->first);
    }
}

void map_find_groups(struct view *view)
{
    struct map *map = &view->map;
    struct table table = {.size = 64};
    read_admds(view);
    vector_clear(&map->groups);
    vector_clear(&map->group_of);
    map->host_count = count_hosts(view);
    while (table.size < 2 * (size_t)map->host_count)
        table.size *= 2;
    table.slots = memory_take(table.size * sizeof *table.slots);
    for (uint32_t place = 1; place <= view->scene.now.places.count; place++) {
        uint32_t group = 0;
        if (is_host(view, place))
            group = group_for(view, &table, place, map->host_count > OPEN_HOSTS_MAX);
        *vector_add(&map->group_of) = group;
        if (group)
            map->groups.items[group - 1].host_count++;
    }
    free(table.slots);
    list_members(map);
    list_agents(view);
    fold_groups(map);
}

bool map_has_area(const struct map_group *group)
{
    return !group->is_folded && (group->admd || group->host_count > 1);
}

/* ---- what a person does ---- */

void map_fold_act(struct view *view, uint32_t first)
{
    struct map *map = &view->map;
    map->is_ready = false;
    map->stack.place = 0;
    for (size_t i = 0; i < map->toggled.count; i++)
        if (map->toggled.items[i] == first) {
            vector_remove(&map->toggled, i);
            return;
        }
    *vector_add(&map->toggled) = first;
}

void map_unfold_all_act(struct view *view, uint32_t arg)
{
    struct map *map = &view->map;
    bool is_any_folded = false;
    (void)arg;
    for (size_t i = 0; i < map->groups.count; i++)
        is_any_folded = is_any_folded || map->groups.items[i].is_folded;
    for (size_t i = 0; i < map->groups.count; i++)
        if (map->groups.items[i].host_count > 1 && map->groups.items[i].is_folded == is_any_folded)
            map_fold_act(view, map->groups.items[i].first);
}

/* ---- counts ---- */

struct scene_place map_counts(const struct view *view, uint32_t host)
{
    struct scene_place sum = view->scene.now.places.items[host - 1];
    for (uint32_t agent = view->map.agents.items[host - 1]; agent;
         agent = view->map.agents.items[agent - 1]) {
        const struct scene_place *p = &view->scene.now.places.items[agent - 1];
        sum.queued += p->queued;
        sum.stored += p->stored;
        sum.fetched += p->fetched;
        sum.written += p->written;
    }
    return sum;
}

static void forget_sum(struct view *view, uint32_t place)
{
    uint32_t host = log_host_of(view->log, place);
    if (host - 1 < view->map.group_of.count && view->map.group_of.items[host - 1])
        view->map.groups.items[view->map.group_of.items[host - 1] - 1].is_counted = false;
}

static void forget_all(struct map *map)
{
    for (size_t i = 0; i < map->groups.count; i++)
        map->groups.items[i].is_counted = false;
}

/* Counts change at the places that an event names. */
static void forget_sums_of(struct view *view, const struct event *e)
{
    const struct event_kind_row *row = &event_kinds[e->kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].type == EVENT_TYPE_PLACE)
            forget_sum(view, e->v[i]);
}

void map_update_sums(struct view *view)
{
    enum { EVENTS_LOOKED_AT = 2000 };
    struct map *map = &view->map;
    uint32_t now = view->scene.now.event_count;
    if (now < map->counted || now - map->counted > EVENTS_LOOKED_AT)
        forget_all(map);
    else
        for (uint32_t id = map->counted; id < now; id++)
            forget_sums_of(view, log_at(view->log, id));
    map->counted = now;
}

const struct scene_place *map_group_counts(struct view *view, struct map_group *group)
{
    if (group->is_counted)
        return &group->sum;
    group->sum = (struct scene_place){.is_up = false};
    for (uint32_t i = 0; i < group->host_count; i++) {
        uint32_t host = view->map.members.items[group->member + i];
        struct scene_place p = map_counts(view, host);
        group->sum.queued += p.queued;
        group->sum.stored += p.stored;
        group->sum.fetched += p.fetched;
        group->sum.is_up = group->sum.is_up || p.is_up;
    }
    group->is_counted = true;
    return &group->sum;
}
