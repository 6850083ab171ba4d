#include "app/trail_way.h"

#include "agents/mail/mime.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"

enum { NAME_MOST = 255, ID_MOST = 40, SAME_NAMES_MOST = 1000 };

/* Two steps in the same second are this far from each other, in the order of their lines. */
#define STEP_NS (300 * VTIME_MS)

/* ---- names ---- */

struct slice trail_way_safe(struct arena *arena, struct slice text)
{
    struct slice safe = arena_copy(arena, slice_part(text, 0, NAME_MOST));
    char *octets = (char *)safe.data;
    for (size_t i = 0; i < safe.size; i++)
        if (octets[i] <= ' ' || octets[i] > '~')
            octets[i] = '?';
    return safe;
}

/* "[IPv6:2001:db8::1]" is 2001:db8::1. */
static struct slice plain_addr(struct slice addr)
{
    if (slice_starts(addr, SLICE("[")) && slice_ends(addr, SLICE("]")))
        addr = slice_part(addr, 1, addr.size - 1);
    return slice_starts_fold(addr, SLICE("IPv6:")) ? slice_part(addr, 5, addr.size) : addr;
}

static bool has_id(const struct trail_way *way, struct slice id)
{
    for (size_t i = 0; i < way->hosts.count; i++)
        if (slice_equal(way->hosts.items[i].id, id))
            return true;
    return false;
}

/* The first word of its name, or its address; of a long one both ends. */
static struct slice short_name(struct arena *arena, struct slice name)
{
    enum { ADDR_MOST = 18, ADDR_START = 9, ADDR_END = 5 };
    struct slice rest = name, first = name;
    if (!trail_is_addr(name))
        slice_cut(&rest, '.', &first);
    else if (name.size > ADDR_MOST)
        first = arena_printf(arena, "%.*s..%.*s", SLICE_ARG(slice_part(name, 0, ADDR_START)),
                             SLICE_ARG(slice_part(name, name.size - ADDR_END, name.size)));
    return first.size ? slice_part(first, 0, ID_MOST) : SLICE("unknown");
}

/* With a number behind it where another host has that already. */
static struct slice new_id(const struct trail_way *way, struct arena *arena, struct slice name)
{
    struct slice base = short_name(arena, name), id = base;
    for (int n = 2; has_id(way, id) && n < SAME_NAMES_MOST; n++)
        id = arena_printf(arena, "%.*s-%d", SLICE_ARG(base), n);
    return id;
}

/* ---- hosts ---- */

static bool is_host(const struct trail_way_host *host, struct slice name, struct slice addr)
{
    bool is_by_addr = trail_is_addr(name) || trail_is_addr(host->name);
    return slice_equal_fold(host->name, name) ||
           (is_by_addr && addr.size && slice_equal(host->addr, addr));
}

/* The host of that name, or where it has none of that address; made when it is new. */
static int host_of(struct trail_way *way, struct arena *arena, struct slice name, struct slice addr)
{
    name = trail_way_safe(arena, trail_is_addr(name) ? plain_addr(name) : name);
    addr = trail_way_safe(arena, plain_addr(addr));
    if (!addr.size && trail_is_addr(name))
        addr = name;
    if (!name.size)
        name = addr;
    for (size_t i = 0; i < way->hosts.count; i++) {
        struct trail_way_host *host = &way->hosts.items[i];
        if (!is_host(host, name, addr))
            continue;
        host->addr = host->addr.size ? host->addr : addr;
        return (int)i;
    }
    struct slice id = new_id(way, arena, name);
    *vector_add(&way->hosts) = (struct trail_way_host){
        .id = id, .name = name, .addr = addr, .domain = trail_domain(name), .is_claimed = true};
    return (int)way->hosts.count - 1;
}

/* Which of its roles that is. */
static int role_at(struct trail_way *way, int host, const char *role)
{
    struct trail_way_host *h = &way->hosts.items[host];
    for (int i = 0; i < h->role_count; i++)
        if (strcmp(h->roles[i], role) == 0)
            return i;
    if (h->role_count == TRAIL_WAY_ROLES)
        return 0;
    h->roles[h->role_count] = role;
    return h->role_count++;
}

/* What a host is that took the message in by this line. HTTP is a person at a page where it is how
   the way begins; later it is what servers of one house speak among themselves. */
static const char *role_of(const struct trail_hop *hop, bool is_first)
{
    struct slice with = hop->received.with;
    if (hop->is_submission)
        return "msa";
    if (slice_starts_fold(with, SLICE("LMTP")) || slice_starts_fold(with, SLICE("UTF8LMTP")))
        return "mda";
    if (slice_starts_fold(with, SLICE("POP")) || slice_starts_fold(with, SLICE("IMAP")))
        return "mra";
    if (is_first && slice_starts_fold(with, SLICE("HTTP")))
        return "web";
    return "mta";
}

/* ---- steps ---- */

static bool is_here(struct slice name)
{
    return slice_equal_fold(name, SLICE("localhost")) ||
           slice_starts_fold(name, SLICE("localhost.")) || slice_starts(name, SLICE("127.")) ||
           slice_equal(name, SLICE("::1"));
}

static struct slice from_name(const struct received *r)
{
    return r->from_name.size ? r->from_name : r->from;
}

/* Who handed it over, by this line: the host that had it last, as long as nothing speaks against
   it. NONE: nobody, it came into being there. */
static int giver_of(struct trail_way *way, struct arena *arena, uint32_t i, int last)
{
    const struct received *r = &way->trail->hops[i].received;
    struct slice name = from_name(r);
    bool is_named = name.size > 0 || r->from_addr.size > 0;
    if (last == TRAIL_WAY_NONE)
        return is_named ? host_of(way, arena, name, r->from_addr) : TRAIL_WAY_NONE;
    enum trail_link link = way->trail->hops[i - 1].link;
    bool is_same = !is_named || link == TRAIL_LINK_NAME || link == TRAIL_LINK_UNKNOWN ||
                   is_here(name) || is_here(plain_addr(r->from_addr));
    if (!is_same)
        return host_of(way, arena, name, r->from_addr);
    struct trail_way_host *host = &way->hosts.items[last];
    if (!host->addr.size && !is_here(plain_addr(r->from_addr)))
        host->addr = trail_way_safe(arena, plain_addr(r->from_addr));
    return last;
}

static int taker_of(struct trail_way *way, struct arena *arena, uint32_t i, int last)
{
    const struct trail_hop *hop = &way->trail->hops[i];
    struct slice by = hop->received.by;
    if (by.size && !(is_here(by) && last != TRAIL_WAY_NONE))
        return host_of(way, arena, by, hop->received.by_addr);
    if (last != TRAIL_WAY_NONE)
        return last;
    return host_of(way, arena, arena_printf(arena, "line-%u", (unsigned)hop->number), SLICE(""));
}

/* A line that is true makes both its hosts known: who wrote it, and whom that one saw. */
static void believe(struct trail_way *way, const struct trail_hop *hop, int from, int to)
{
    if (hop->trust == TRAIL_LOOSE)
        return;
    way->hosts.items[to].is_claimed = false;
    if (from != TRAIL_WAY_NONE)
        way->hosts.items[from].is_claimed = false;
}

/* Nothing tells how it came from the one to the other. */
static void add_gap(struct trail_way *way, int from, int to, int from_role, int to_role)
{
    *vector_add(&way->steps) = (struct trail_way_step){.from = from,
                                                       .to = to,
                                                       .hop = TRAIL_WAY_NONE,
                                                       .from_role = from_role,
                                                       .to_role = to_role,
                                                       .is_claimed = true};
}

static void add_steps(struct trail_way *way, struct arena *arena)
{
    int last = TRAIL_WAY_NONE, last_role = 0;
    for (uint32_t i = 0; i < way->trail->hop_count; i++) {
        const struct trail_hop *hop = &way->trail->hops[i];
        int from = giver_of(way, arena, i, last);
        int to = taker_of(way, arena, i, from != TRAIL_WAY_NONE ? from : last);
        int to_role = role_at(way, to, role_of(hop, i == 0)), from_role = last_role;
        if (from != last && from != TRAIL_WAY_NONE) {
            bool is_author = last == TRAIL_WAY_NONE && hop->is_submission;
            from_role = way->hosts.items[from].role_count && !is_author
                            ? 0
                            : role_at(way, from, is_author ? "mua" : "");
        }
        if (from != last && last != TRAIL_WAY_NONE)
            add_gap(way, last, from, last_role, from_role);
        *vector_add(&way->steps) = (struct trail_way_step){
            from, to, (int)i, from_role, to_role, 0, hop->trust == TRAIL_LOOSE};
        believe(way, hop, from, to);
        last = to;
        last_role = to_role;
    }
}

static void find_author(struct trail_way *way, struct arena *arena)
{
    if (way->steps.count == 0) {
        way->author = host_of(way, arena, SLICE("author"), SLICE(""));
        way->author_role = role_at(way, way->author, "mua");
        return;
    }
    const struct trail_way_step *first = &way->steps.items[0];
    bool is_local = first->from == TRAIL_WAY_NONE;
    way->author = is_local ? first->to : first->from;
    way->author_role = is_local ? first->to_role : first->from_role;
}

/* ---- times ---- */

static int64_t clamp_s(int64_t unix_s)
{
    return unix_s < 0 ? 0 : unix_s > UINT32_MAX ? UINT32_MAX : unix_s;
}

/* Seconds, for now, of each step: that of its line, or of the next newer one that has one and is
   earlier. *found is false when no line has any. */
static void set_bounds(struct trail_way *way, int64_t *first_s, bool *found)
{
    int64_t bound = INT64_MAX;
    for (size_t i = way->steps.count; i-- > 0;) {
        struct trail_way_step *step = &way->steps.items[i];
        const struct received *r =
            step->hop == TRAIL_WAY_NONE ? NULL : &way->trail->hops[step->hop].received;
        if (r && r->has_date && clamp_s(r->unix_s) < bound)
            bound = clamp_s(r->unix_s);
        step->arrives = bound;
    }
    int64_t written_s = way->trail->has_date ? clamp_s(way->trail->date_s) : bound;
    *first_s = written_s < bound ? written_s : bound;
    *found = *first_s != INT64_MAX;
    *first_s = *found ? *first_s : 0;
}

/* The newest lines may be without a date when older ones have one. */
static void set_times(struct trail_way *way)
{
    bool found;
    set_bounds(way, &way->epoch_s, &found);
    int64_t t = way->written = 0;
    for (size_t i = 0; i < way->steps.count; i++) {
        struct trail_way_step *step = &way->steps.items[i];
        int64_t wanted = step->arrives == INT64_MAX ? t : (step->arrives - way->epoch_s) * VTIME_S;
        t = step->arrives = wanted > t + STEP_NS ? wanted : t + STEP_NS;
    }
}

void trail_way_find(struct trail_way *way, const struct trail *trail, struct arena *arena)
{
    *way = (struct trail_way){.trail = trail};
    add_steps(way, arena);
    find_author(way, arena);
    set_times(way);
    check(TRAIL_WAY_TRAVEL_US * VTIME_US < STEP_NS);
}

void trail_way_finish(struct trail_way *way)
{
    vector_finish(&way->hosts);
    vector_finish(&way->steps);
}
