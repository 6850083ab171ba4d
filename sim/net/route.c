#include "sim/net/net_inner.h"

#include "sim/base/check.h"

/* Beyond this many the routes are found anew: memory must not grow with the square of the hosts. */
enum { ROUTES_MAX = 1 << 16 };

void route_forget(struct net *net)
{
    table_clear(&net->route_table);
    vector_clear(&net->routes);
    vector_clear(&net->hops);
    net->route_version++;
}

const struct route *route_at(const struct net *net, uint32_t index)
{
    return &net->routes.items[index];
}

/*
 * A host with one link is never in the middle of a route. The search only walks over the others,
 * which in a network of 10,000 hosts are few.
 */
static void link_core(struct net *net)
{
    for (size_t i = 0; i < net->hosts.count; i++)
        net->hosts.items[i].first_core = 0;
    for (uint32_t number = (uint32_t)net->links.count; number > 0; number--) {
        struct net_link *link = net_link(net, number);
        struct net_host *a = net_host(net, link->end[0]), *b = net_host(net, link->end[1]);
        if (a->degree < 2 || b->degree < 2)
            continue;
        link->next_core[0] = a->first_core;
        link->next_core[1] = b->first_core;
        a->first_core = b->first_core = number;
    }
    net->is_core_stale = false;
}

/* ---- the search: Dijkstra's, by latency, then hops, then host numbers ---- */

static bool is_before(const struct route_entry *a, const struct route_entry *b)
{
    if (a->distance_us != b->distance_us)
        return a->distance_us < b->distance_us;
    return a->hops != b->hops ? a->hops < b->hops : a->host < b->host;
}

static void heap_push(struct net *net, struct route_entry entry)
{
    (void)vector_add(&net->heap);
    struct route_entry *heap = net->heap.items;
    size_t i = net->heap.count - 1;
    for (; i > 0 && is_before(&entry, &heap[(i - 1) / 2]); i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = entry;
}

static struct route_entry heap_pop(struct net *net)
{
    struct route_entry *heap = net->heap.items;
    struct route_entry first = heap[0], last = heap[--net->heap.count];
    size_t i = 0, count = net->heap.count;
    for (;;) {
        size_t child = i * 2 + 1;
        if (child >= count)
            break;
        if (child + 1 < count && is_before(&heap[child + 1], &heap[child]))
            child++;
        if (!is_before(&heap[child], &last))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return first;
}

static struct route_node *node_of(struct net *net, uint32_t host)
{
    struct route_node *node = &net->nodes.items[host - 1];
    if (node->stamp != net->search)
        *node = (struct route_node){.distance_us = UINT64_MAX, .stamp = net->search};
    return node;
}

/* True when the way that ends with `link` from `parent` is better than the one known so far. */
static bool is_better(const struct route_node *node, const struct route_entry *way, uint32_t parent,
                      uint32_t link)
{
    if (way->distance_us != node->distance_us)
        return way->distance_us < node->distance_us;
    if (way->hops != node->hops)
        return way->hops < node->hops;
    return parent != node->parent ? parent < node->parent : link < node->link;
}

static void relax(struct net *net, const struct route_entry *from, uint32_t number, uint32_t target)
{
    const struct net_link *link = net_link(net, number);
    uint32_t host = link->end[link->end[0] == from->host];
    if (!link->is_up || (host != target && !net_host(net, host)->is_up))
        return;
    struct route_node *node = node_of(net, host);
    struct route_entry way = {from->distance_us + link->latency_us, from->hops + 1, host};
    if (node->is_done || !is_better(node, &way, from->host, number))
        return;
    node->distance_us = way.distance_us;
    node->hops = way.hops;
    node->parent = from->host;
    node->link = number;
    heap_push(net, way);
}

/* After it the nodes lead from target back to source. */
static bool search(struct net *net, uint32_t source, uint32_t target)
{
    while (net->nodes.count < net->hosts.count)
        (void)vector_add(&net->nodes);
    if (net->is_core_stale)
        link_core(net);
    net->search++;
    vector_clear(&net->heap);
    node_of(net, source)->distance_us = 0;
    heap_push(net, (struct route_entry){.host = source});
    while (net->heap.count > 0) {
        struct route_entry entry = heap_pop(net);
        if (entry.host == target)
            return true;
        struct route_node *node = node_of(net, entry.host);
        if (node->is_done)
            continue;
        node->is_done = true;
        for (uint32_t link = net_host(net, entry.host)->first_core; link != 0;) {
            const struct net_link *l = net_link(net, link);
            uint32_t next = l->next_core[l->end[1] == entry.host];
            relax(net, &entry, link, target);
            link = next;
        }
    }
    return false;
}

/* ---- from the search to a route ---- */

static void add_hop(struct net *net, uint32_t number, uint32_t from)
{
    *vector_add(&net->hops) = number << 1 | (net_link(net, number)->end[1] == from);
}

static void turn_round(uint32_t *hops, size_t count)
{
    for (size_t i = 0; i < count; i++)
        hops[i] ^= 1;
    for (size_t i = 0; i < count / 2; i++) {
        uint32_t swapped = hops[i];
        hops[i] = hops[count - 1 - i];
        hops[count - 1 - i] = swapped;
    }
}

/*
 * Appends the hops from source to target. The search goes from the lower to the higher number, so
 * that of equally good ways both directions take the same.
 */
static bool add_searched(struct net *net, uint32_t source, uint32_t target)
{
    uint32_t low = source < target ? source : target;
    uint32_t high = source < target ? target : source;
    size_t first = net->hops.count;
    if (!search(net, low, high))
        return false;
    for (uint32_t host = high; host != low; host = node_of(net, host)->parent)
        add_hop(net, node_of(net, host)->link, host);
    if (source == low)
        turn_round(net->hops.items + first, net->hops.count - first);
    return true;
}

/* What remains of a way once the only link of a host at either end is taken off. */
struct way {
    uint32_t head, tail;
    uint32_t first_link, last_link; /* 0: nothing was taken off */
};

/* Takes off the only link of `host`, if so; false when there is no way over it. */
static bool take_leaf(const struct net *net, uint32_t *host, uint32_t other, uint32_t *taken)
{
    const struct net_host *leaf = net_host(net, *host);
    if (leaf->degree != 1)
        return true;
    const struct net_link *link = net_link(net, leaf->link);
    uint32_t neighbour = link->end[link->end[0] == *host];
    *taken = leaf->link;
    *host = neighbour;
    if (!link->is_up)
        return false;
    /* a neighbour that has but this link leads nowhere else */
    return neighbour == other ||
           (net_host(net, neighbour)->is_up && net_host(net, neighbour)->degree > 1);
}

static bool find_way(const struct net *net, uint32_t source, uint32_t target, struct way *way)
{
    *way = (struct way){.head = source, .tail = target};
    if (target == 0 || source == target)
        return target != 0;
    if (!take_leaf(net, &way->head, target, &way->first_link))
        return false;
    return way->head == way->tail || take_leaf(net, &way->tail, way->head, &way->last_link);
}

/* The ids of the hosts, source first. */
static uint32_t spell(struct net *net, uint32_t source, const struct route *route)
{
    struct bytes *text = &net->text;
    bytes_clear(text);
    bytes_append(text, net_host(net, source)->id);
    for (uint32_t i = 0; i < route->count; i++) {
        uint32_t hop = net->hops.items[route->first + i];
        bytes_append_octet(text, ' ');
        bytes_append(text, net_host(net, net_link(net, hop >> 1)->end[!(hop & 1)])->id);
    }
    return sim_text(net->sim, bytes_slice(text));
}

static uint32_t find(struct net *net, uint32_t source, uint32_t target);

/* Appends the hops between the two hosts that were left by find_way. */
static bool add_core(struct net *net, const struct way *way, uint32_t core)
{
    if (way->head == way->tail)
        return true;
    if (!way->first_link && !way->last_link)
        return add_searched(net, way->head, way->tail);
    struct route route = *route_at(net, core);
    for (uint32_t i = 0; i < route.count; i++) {
        uint32_t *hop = vector_add(&net->hops);
        *hop = net->hops.items[route.first + i];
    }
    return route.is_found;
}

static uint32_t make(struct net *net, uint32_t source, uint32_t target)
{
    struct way way;
    bool is_found = find_way(net, source, target, &way);
    uint32_t core = 0;
    if (is_found && way.head != way.tail && (way.first_link || way.last_link))
        core = find(net, way.head, way.tail); /* shared by all pairs of leaves of these two */
    struct route route = {.first = (uint32_t)net->hops.count};
    if (is_found && way.first_link)
        add_hop(net, way.first_link, source);
    is_found = is_found && add_core(net, &way, core);
    if (is_found && way.last_link)
        add_hop(net, way.last_link, way.tail);
    route.is_found = is_found;
    if (!is_found)
        net->hops.count = route.first;
    route.count = (uint32_t)net->hops.count - route.first;
    route.path = spell(net, source, &route);
    *vector_add(&net->routes) = route;
    return (uint32_t)net->routes.count - 1;
}

static uint32_t find(struct net *net, uint32_t source, uint32_t target)
{
    uint64_t key = (uint64_t)source << 32 | target;
    uint32_t known = table_get(&net->route_table, key);
    if (known != 0)
        return known - 1;
    uint32_t index = make(net, source, target);
    table_set(&net->route_table, key, index + 1);
    return index;
}

uint32_t route_find(struct net *net, uint32_t source, uint32_t target)
{
    check(source != 0);
    if (net->routes.count >= ROUTES_MAX)
        route_forget(net);
    return find(net, source, target);
}
