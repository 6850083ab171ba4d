#include "render/scene/place.h"

#include <graphviz/gvc.h>
#include <stdio.h>

/* Graphviz takes texts that it may change. */
static void set(void *object, const char *name, const char *value)
{
    char n[32], v[64], none[1] = "";
    snprintf(n, sizeof n, "%s", name);
    snprintf(v, sizeof v, "%s", value);
    agsafeset(object, n, v, none);
}

static Agnode_t *node_of(Agraph_t *graph, uint32_t place, bool create)
{
    char name[16];
    snprintf(name, sizeof name, "h%u", (unsigned)place);
    return agnode(graph, name, create);
}

/* Hosts in their order; those of an organisation also in its cluster. */
static void add_hosts(Agraph_t *graph, const struct log *log)
{
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        const struct event_host *host = event_as_host(log_place(log, place));
        if (!host)
            continue;
        Agnode_t *node = node_of(graph, place, true);
        set(node, "label", "");
        set(node, "shape", "box");
        set(node, "width", "2.2");
        set(node, "height", "1.4");
        if (host->admd == 0)
            continue;
        char cluster[32];
        snprintf(cluster, sizeof cluster, "cluster_%u", (unsigned)host->admd);
        agsubnode(agsubg(graph, cluster, true), node, true);
    }
}

static void add_links(Agraph_t *graph, const struct log *log)
{
    const struct event_link *link;
    for (uint32_t i = 1; (link = log_link(log, i)) != NULL; i++) {
        Agnode_t *a = node_of(graph, link->a, false), *b = node_of(graph, link->b, false);
        if (a && b && a != b)
            agedge(graph, a, b, NULL, true);
    }
}

bool place_by_dot(const struct log *log, struct layout_point *points)
{
    GVC_t *context = gvContext();
    char title[] = "map";
    Agraph_t *graph = agopen(title, Agdirected, NULL);
    agseterr(AGMAX);
    set(graph, "rankdir", "LR");
    set(graph, "splines", "false");
    set(graph, "nodesep", "0.5");
    set(graph, "ranksep", "1.2");
    add_hosts(graph, log);
    add_links(graph, log);
    bool placed = gvLayout(context, graph, "dot") == 0;
    for (uint32_t place = 1; placed && place <= log_place_count(log); place++) {
        Agnode_t *node = node_of(graph, place, false);
        if (node) /* its y grows upwards, ours downwards */
            points[place - 1] =
                (struct layout_point){(float)ND_coord(node).x, (float)-ND_coord(node).y};
    }
    if (placed)
        gvFreeLayout(context, graph);
    agclose(graph);
    gvFreeContext(context);
    return placed;
}
