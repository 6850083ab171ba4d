#include "topologies/load.h"

#include "sim/trace/event.h"

size_t load_host(struct load *l, const struct shape_value *value)
{
    const struct topology *t = l->t;
    size_t found = name_index_find(l->ids, value->text);
    if (found < t->host_count)
        return found;
    const char **names = load_names(l, t->host_count);
    for (size_t i = 0; i < t->host_count; i++)
        names[i] = t->hosts[i].id.data;
    load_reject_unknown(l, value, "host", "the id of a host", names, t->host_count);
    return SLICE_NONE;
}

static bool check_admd(struct load *l, const struct shape_value *admd)
{
    const struct topology *t = l->t;
    if (!admd->node || name_index_find(&l->admds, admd->text) != SLICE_NONE)
        return true;
    const char **names = load_names(l, t->admd_count);
    for (size_t i = 0; i < t->admd_count; i++)
        names[i] = t->admds[i].id.data;
    return load_reject_unknown(l, admd, "admd", "an id of \"admds\"", names, t->admd_count);
}

static bool read_place(struct load *l, const struct shape_values *v, struct topology_host *host)
{
    const struct shape_value *x = shape_get(v, "x"), *y = shape_get(v, "y");
    struct json_hint hint = {.expected = "both or neither", .is_at_key = true};
    host->x = x->node ? (uint32_t)x->number : EVENT_UNSET;
    host->y = y->node ? (uint32_t)y->number : EVENT_UNSET;
    if (x->node && !y->node)
        return json_reader_reject(&l->reader, x->node, hint, "\"x\" without \"y\"");
    if (y->node && !x->node)
        return json_reader_reject(&l->reader, y->node, hint, "\"y\" without \"x\"");
    return true;
}

/* An id, a name or an address belongs to one host. */
static bool claim(struct load *l, const struct shape_value *value, const char *what,
                  struct name_index *index, struct slice word)
{
    struct topology *t = l->t;
    size_t *slot = name_index_at(index, word);
    if (*slot == SLICE_NONE) {
        *slot = t->host_count;
        return true;
    }
    struct slice owner = arena_printf(&l->scratch, "host \"%.*s\"", SLICE_ARG(t->hosts[*slot].id));
    return load_reject_duplicate(l, value, what, owner.data);
}

static bool read_host(struct load *l, const cJSON *node, struct name_index *addresses)
{
    struct topology *t = l->t;
    struct shape_values v;
    if (!shape_read(&l->reader, node, &format_host, &v))
        return false;
    struct slice folded = name_index_fold(&t->arena, shape_text(&v, "name"));
    if (!claim(l, shape_get(&v, "id"), "id", l->ids, shape_text(&v, "id")) ||
        !claim(l, shape_get(&v, "name"), "name", l->names, folded) ||
        !claim(l, shape_get(&v, "addr"), "address", addresses, shape_text(&v, "addr")) ||
        !check_admd(l, shape_get(&v, "admd")))
        return false;
    struct topology_host *host = &t->hosts[t->host_count++];
    host->id = shape_text(&v, "id");
    host->name = shape_text(&v, "name");
    host->admd = shape_text(&v, "admd");
    host->address = (uint32_t)shape_number(&v, "addr");
    host->zone_minutes = (int32_t)shape_number(&v, "zone");
    host->skew_s = (int32_t)shape_number(&v, "skew_s");
    host->resolver = host->behind = SLICE_NONE;
    return read_place(l, &v, host);
}

/* Another host that a host names, if it does. */
static bool read_other(struct load *l, const cJSON *node, const char *key, size_t *other)
{
    struct shape_value id = {.node = cJSON_GetObjectItemCaseSensitive(node, key)};
    if (!id.node)
        return true;
    id.text = slice_of(id.node->valuestring);
    *other = load_host(l, &id);
    return *other != SLICE_NONE;
}

/* Once all hosts are known. */
static bool read_others(struct load *l, const cJSON *list)
{
    struct topology_host *host = l->t->hosts;
    const cJSON *node;
    cJSON_ArrayForEach(node, list)
    {
        if (!read_other(l, node, "resolver", &host->resolver) ||
            !read_other(l, node, "behind", &host->behind))
            return false;
        host++;
    }
    return true;
}

/* Of all hosts, before their types are checked. */
static size_t count_agents(const cJSON *hosts)
{
    size_t count = 0;
    const cJSON *node;
    cJSON_ArrayForEach(node, hosts)
    {
        count += load_count(cJSON_GetObjectItemCaseSensitive(node, "agents"));
    }
    return count;
}

bool load_hosts(struct load *l, const cJSON *list)
{
    struct topology *t = l->t;
    size_t count = load_count(list);
    struct name_index addresses;
    const cJSON *node;
    if (count == 0)
        return json_reader_reject(&l->reader, list, (struct json_hint){.expected = "at least one"},
                                  "no hosts");
    t->ids = l->ids = arena_take(&t->arena, sizeof *l->ids);
    t->names = l->names = arena_take(&t->arena, sizeof *l->names);
    name_index_init(l->ids, &t->arena, count + count_agents(list));
    name_index_init(l->names, &t->arena, count);
    name_index_init(&addresses, &l->scratch, count);
    t->hosts = arena_take(&t->arena, count * sizeof *t->hosts);
    cJSON_ArrayForEach(node, list)
    {
        if (!read_host(l, node, &addresses))
            return false;
    }
    return read_others(l, list);
}

/* A link joins two hosts, and two hosts have at most one. */
static bool check_ends(struct load *l, const struct shape_values *v, size_t a, size_t b)
{
    const struct topology *t = l->t;
    const cJSON *node = shape_get(v, "b")->node;
    if (a == b)
        return json_reader_reject(&l->reader, node, (struct json_hint){.expected = "another host"},
                                  "link of \"%.*s\" to itself", SLICE_ARG(t->hosts[a].id));
    struct slice pair = arena_printf(&l->scratch, "%zu:%zu", a < b ? a : b, a < b ? b : a);
    size_t *slot = name_index_at(&l->links, pair);
    if (*slot != SLICE_NONE)
        return json_reader_reject(&l->reader, v->node,
                                  (struct json_hint){.expected = "one link between two hosts"},
                                  "second link between \"%.*s\" and \"%.*s\"",
                                  SLICE_ARG(t->hosts[a].id), SLICE_ARG(t->hosts[b].id));
    *slot = t->link_count;
    return true;
}

/* "02:20": seconds since midnight. */
static bool read_moment(struct slice text, uint32_t *moment)
{
    uint64_t hours, minutes;
    if (text.size != 5 || text.data[2] != ':' || !slice_to_u64(slice_part(text, 0, 2), &hours) ||
        !slice_to_u64(slice_part(text, 3, 5), &minutes) || hours > 23 || minutes > 59)
        return false;
    *moment = (uint32_t)(hours * 60 + minutes) * 60;
    return true;
}

static bool read_hours(struct load *l, const struct shape_value *text, struct topology_link *link)
{
    struct slice part, rest = text->text;
    struct json_hint hint = {.expected = "hours such as 02:00-02:20, a blank between two"};
    link->hours = text->text;
    link->up = arena_take(&l->t->arena, (text->text.size / 11 + 1) * sizeof *link->up);
    while (slice_cut(&rest, ' ', &part)) {
        struct topology_hours *up = &link->up[link->up_count++];
        if (part.size != 11 || part.data[5] != '-' ||
            !read_moment(slice_part(part, 0, 5), &up->from_s) ||
            !read_moment(slice_part(part, 6, 11), &up->to_s) || up->from_s == up->to_s)
            return json_reader_reject(&l->reader, text->node, hint, "bad hours %s",
                                      json_reader_quote(&l->reader, part));
    }
    return true;
}

static bool read_link(struct load *l, const cJSON *node)
{
    struct topology *t = l->t;
    struct shape_values v;
    if (!shape_read(&l->reader, node, &format_link, &v))
        return false;
    size_t a = load_host(l, shape_get(&v, "a"));
    size_t b = a == SLICE_NONE ? SLICE_NONE : load_host(l, shape_get(&v, "b"));
    if (b == SLICE_NONE || !check_ends(l, &v, a, b))
        return false;
    /* Rows keep milliseconds with 3 decimals and percent with 4: microseconds and millionths. */
    struct topology_link *link = &t->links[t->link_count++];
    *link = (struct topology_link){.a = a,
                                   .b = b,
                                   .latency_us = (uint32_t)shape_number(&v, "latency_ms"),
                                   .jitter_us = (uint32_t)shape_number(&v, "jitter_ms"),
                                   .kbps = (uint32_t)shape_number(&v, "kbps"),
                                   .loss_ppm = (uint32_t)shape_number(&v, "loss_percent")};
    return !shape_has(&v, "up") || read_hours(l, shape_get(&v, "up"), link);
}

bool load_links(struct load *l, const cJSON *list)
{
    struct topology *t = l->t;
    size_t count = load_count(list);
    const cJSON *node;
    name_index_init(&l->links, &l->scratch, count);
    t->links = arena_take(&t->arena, count * sizeof *t->links);
    cJSON_ArrayForEach(node, list)
    {
        if (!read_link(l, node))
            return false;
    }
    return true;
}
