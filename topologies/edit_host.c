/* host add, remove, rename, move, set; admd add, remove, set. */
#include <string.h>

#include "sim/trace/event.h"
#include "topologies/edit_part.h"

/* ---- where a new host stands ---- */

enum { GRID = 1000, GRID_STEP = 40, GRID_EDGE = 40, APART = 150 };

static int64_t square(int64_t ax, int64_t ay, int64_t bx, int64_t by)
{
    return (ax - bx) * (ax - bx) + (ay - by) * (ay - by);
}

static int64_t nearest_square(const struct topology *t, int64_t x, int64_t y)
{
    int64_t nearest = INT64_MAX;
    for (size_t i = 0; i < t->host_count; i++) {
        int64_t s = square(x, y, t->hosts[i].x, t->hosts[i].y);
        nearest = s < nearest ? s : nearest;
    }
    return nearest;
}

/* The middle of the organisation's hosts, or of all. False: some have no place at all. */
static bool find_middle(const struct topology *t, struct slice admd, int64_t *x, int64_t *y)
{
    int64_t own = 0, all[2] = {0, 0}, of_admd[2] = {0, 0};
    if (t->host_count == 0)
        return false;
    for (size_t i = 0; i < t->host_count; i++) {
        const struct topology_host *h = &t->hosts[i];
        if (h->x == EVENT_UNSET)
            return false;
        all[0] += h->x, all[1] += h->y;
        if (admd.size > 0 && slice_equal(h->admd, admd))
            own++, of_admd[0] += h->x, of_admd[1] += h->y;
    }
    const int64_t count = own ? own : (int64_t)t->host_count, *sum = own ? of_admd : all;
    *x = sum[0] / count;
    *y = sum[1] / count;
    return true;
}

/* Where all others have a place it gets one, too: near its organisation, and free. */
static bool find_place(const struct topology *t, struct slice admd, int64_t place[2])
{
    int64_t x, y, best_free = -1, best_way = INT64_MAX;
    if (!find_middle(t, admd, &x, &y))
        return false;
    for (int64_t gy = GRID_EDGE; gy <= GRID - GRID_EDGE; gy += GRID_STEP)
        for (int64_t gx = GRID_EDGE; gx <= GRID - GRID_EDGE; gx += GRID_STEP) {
            int64_t room = nearest_square(t, gx, gy), way = square(gx, gy, x, y);
            room = room > APART * APART ? APART * APART : room;
            if (room < best_free || (room == best_free && way >= best_way))
                continue;
            best_free = room;
            best_way = way;
            place[0] = gx, place[1] = gy;
        }
    return true;
}

/* ---- add ---- */

static void pair_if(struct edit *e, struct slice *pairs, const char *key, const char *given)
{
    if (action_has(e->a, given))
        edit_pair(e, pairs, key,
                  strcmp(key, "zone") == 0 ? json_splice_quote(e->arena, action_value(e->a, given))
                                           : edit_value(e, action_value(e->a, given)));
}

static bool host_add(struct edit *e)
{
    struct slice pairs = SLICE("");
    int64_t place[2] = {0, 0};
    edit_pair(e, &pairs, "id", json_splice_quote(e->arena, e->a->words[1]));
    pair_if(e, &pairs, "name", "name");
    pair_if(e, &pairs, "addr", "addr");
    pair_if(e, &pairs, "admd", "admd");
    pair_if(e, &pairs, "x", "x");
    pair_if(e, &pairs, "y", "y");
    if (!action_has(e->a, "x") && !action_has(e->a, "y") &&
        find_place(e->t, action_value(e->a, "admd"), place)) {
        edit_pair(e, &pairs, "x", arena_printf(e->arena, "%d", (int)place[0]));
        edit_pair(e, &pairs, "y", arena_printf(e->arena, "%d", (int)place[1]));
    }
    pair_if(e, &pairs, "resolver", "resolver");
    pair_if(e, &pairs, "behind", "behind");
    pair_if(e, &pairs, "zone", "zone");
    pair_if(e, &pairs, "skew_s", action_has(e->a, "skew") ? "skew" : "skew_s");
    edit_add(e, "hosts", arena_printf(e->arena, "{%.*s}", SLICE_ARG(pairs)));
    return true;
}

/* ---- remove ---- */

static void remove_links(struct edit *e, size_t host)
{
    for (size_t i = e->t->link_count; i-- > 0;)
        if (e->t->links[i].a == host || e->t->links[i].b == host)
            edit_remove(e, "links", i);
}

static void remove_references(struct edit *e, size_t host)
{
    for (size_t i = 0; i < e->t->host_count; i++) {
        if (i != host && e->t->hosts[i].resolver == host)
            edit_put(e, edit_item(e, "hosts", i), "resolver", SLICE(""));
        if (i != host && e->t->hosts[i].behind == host)
            edit_put(e, edit_item(e, "hosts", i), "behind", SLICE(""));
    }
}

static void drop_ids(struct edit *e, const struct topology_host *h)
{
    struct slice *ids = arena_take(e->arena, (h->agent_count + 1) * sizeof *ids);
    for (size_t i = 0; i < h->agent_count; i++)
        ids[i] = h->agents[i].id;
    ids[h->agent_count] = h->id;
    edit_drop_ids(e, ids, h->agent_count + 1);
}

/* Does the file itself say where this name is? Records of the file come first, then those of hosts
   that have none. */
static bool has_address(struct edit *e, struct slice name)
{
    struct json_span list;
    size_t count = edit_section(e, "dns", &list) ? json_splice_count(&e->json, list) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct dns_record *r = &e->t->records[i];
        if ((r->type == DNS_TYPE_A || r->type == DNS_TYPE_AAAA || r->type == DNS_TYPE_CNAME) &&
            slice_equal_fold(r->name, name))
            return true;
    }
    return false;
}

/* The machine is carried away; what names it goes on naming it, and DNS knows where it was. */
static bool host_remove(struct edit *e)
{
    size_t host = edit_find_host(e, e->a->words[1]);
    if (host == SLICE_NONE)
        return false;
    const struct topology_host *h = &e->t->hosts[host];
    if (e->t->host_count == 1)
        return problem_set(e->problem, "%.*s is the only host; a network has at least one",
                           SLICE_ARG(h->id));
    drop_ids(e, h);
    bool is_named = edit_unlink_names(e, host) && !has_address(e, h->name);
    remove_links(e, host);
    remove_references(e, host);
    edit_remove(e, "hosts", host);
    if (is_named)
        edit_add(e, "dns",
                 arena_printf(e->arena,
                              "{\"name\": %s, \"type\": \"A\", \"data\": \"%u.%u.%u.%u\"}",
                              json_splice_quote(e->arena, h->name).data, h->address >> 24,
                              h->address >> 16 & 255, h->address >> 8 & 255, h->address & 255));
    return true;
}

/* ---- rename, move, set ---- */

static bool host_rename(struct edit *e)
{
    size_t host = edit_find_host(e, e->a->words[1]);
    if (host == SLICE_NONE)
        return false;
    struct slice id = json_splice_quote(e->arena, e->a->words[2]);
    struct slice name = action_has(e->a, "name") ? action_value(e->a, "name") : SLICE("");
    bool is_plain = id.size == e->a->words[2].size + 2 && slice_equal(slice_trim(name), name) &&
                    json_splice_quote(e->arena, name).size == name.size + 2;
    if (!is_plain)
        return problem_set(e->problem, "\"%.*s\" is no id and no DNS name",
                           SLICE_ARG(slice_part(name.size ? name : e->a->words[2], 0, 60)));
    edit_rename_all(e, host, e->a->words[2], name);
    return true;
}

static bool host_move(struct edit *e)
{
    size_t host = edit_find_host(e, e->a->words[1]);
    if (host == SLICE_NONE)
        return false;
    if (!action_has(e->a, "x") || !action_has(e->a, "y"))
        return problem_set(e->problem,
                           "host move needs x= and y=, each from 0 to %d, as in: host "
                           "move mx1 x=300 y=200",
                           GRID);
    edit_put(e, edit_item(e, "hosts", host), "x", edit_value(e, action_value(e->a, "x")));
    edit_put(e, edit_item(e, "hosts", host), "y", edit_value(e, action_value(e->a, "y")));
    return true;
}

static const struct host_key {
    const char *given, *key;
} host_keys[] = {{"admd", "admd"}, {"resolver", "resolver"}, {"behind", "behind"},
                 {"zone", "zone"}, {"skew", "skew_s"},       {"skew_s", "skew_s"}};

/* An empty value is as if the file gave none. */
static bool host_set(struct edit *e)
{
    size_t host = edit_find_host(e, e->a->words[1]);
    if (host == SLICE_NONE)
        return false;
    if (e->a->value_count == 0)
        return problem_set(e->problem, "host set needs what is to be changed: admd, resolver, "
                                       "behind, zone or skew, as in: host set mx1 zone=+0100");
    for (size_t i = 0; i < sizeof host_keys / sizeof *host_keys; i++) {
        struct slice text = action_value(e->a, host_keys[i].given);
        bool is_text = strcmp(host_keys[i].key, "skew_s") != 0;
        if (action_has(e->a, host_keys[i].given))
            edit_put(e, edit_item(e, "hosts", host), host_keys[i].key,
                     text.size == 0 ? text
                     : is_text      ? json_splice_quote(e->arena, text)
                                    : edit_value(e, text));
    }
    return true;
}

const struct edit_verb edit_host_verbs[] = {
    {"add", 2, "name addr admd x y resolver behind zone skew skew_s", host_add},
    {"remove", 2, "", host_remove},
    {"rename", 3, "name", host_rename},
    {"move", 2, "x y", host_move},
    {"set", 2, "admd resolver behind zone skew skew_s", host_set},
    {NULL, 0, NULL, NULL},
};

/* ---- organisations ---- */

static bool admd_add(struct edit *e)
{
    struct slice pairs = SLICE("");
    edit_pair(e, &pairs, "id", json_splice_quote(e->arena, e->a->words[1]));
    pair_if(e, &pairs, "name", "name");
    edit_add(e, "admds", arena_printf(e->arena, "{%.*s}", SLICE_ARG(pairs)));
    return true;
}

static size_t find_admd(struct edit *e)
{
    struct slice id = e->a->words[1];
    for (size_t i = 0; i < e->t->admd_count; i++)
        if (slice_equal(e->t->admds[i].id, id))
            return i;
    problem_set(e->problem, "unknown organisation \"%.*s\"", SLICE_ARG(slice_part(id, 0, 60)));
    return SLICE_NONE;
}

static bool admd_remove(struct edit *e)
{
    struct slice id = e->a->words[1];
    for (size_t i = 0; i < e->t->host_count; i++)
        if (slice_equal(e->t->hosts[i].admd, id))
            return problem_set(e->problem, "%.*s still has hosts, such as %.*s",
                               SLICE_ARG(slice_part(id, 0, 60)), SLICE_ARG(e->t->hosts[i].id));
    size_t admd = find_admd(e);
    if (admd != SLICE_NONE)
        edit_remove(e, "admds", admd);
    return admd != SLICE_NONE;
}

static bool admd_set(struct edit *e)
{
    size_t admd = find_admd(e);
    if (admd == SLICE_NONE)
        return false;
    if (action_value(e->a, "name").size == 0)
        return problem_set(e->problem, "admd set needs a name, as in: admd set elm "
                                       "name=\"Elm House\"");
    edit_put(e, edit_item(e, "admds", admd), "name",
             json_splice_quote(e->arena, action_value(e->a, "name")));
    return true;
}

const struct edit_verb edit_admd_verbs[] = {
    {"add", 2, "name", admd_add},
    {"remove", 2, "", admd_remove},
    {"set", 2, "name", admd_set},
    {NULL, 0, NULL, NULL},
};

/* ---- the network as a whole ---- */

static bool network_set(struct edit *e)
{
    struct slice title = action_value(e->a, "title"), look = action_value(e->a, "look");
    if (title.size == 0 && look.size == 0)
        return problem_set(e->problem, "network set needs a title, or a look, as in: %s",
                           action_forms[ACTION_NETWORK].example);
    if (title.size > 0)
        edit_put_text(e, "title", title);
    if (look.size > 0)
        edit_put_text(e, "look", look);
    return true;
}

const struct edit_verb edit_network_verbs[] = {
    {"set", 1, "title look", network_set},
    {NULL, 0, NULL, NULL},
};
