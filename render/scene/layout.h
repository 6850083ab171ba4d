/*
 * Where hosts stand on the map, on a grid of 0 to 1000 in both directions. Positions that the trace
 * gives are used; for hosts that lack one they are worked out from the whole map: up to
 * LAYOUT_DOT_MAX hosts by Graphviz's dot (left to right along the links, organisations kept
 * together), more as rings of leaves around their hubs. The same trace gives the same positions.
 * They are the reader's business and are never written to the trace. Where a person has put a host
 * since, the scene knows (scene_position).
 */
#ifndef RENDER_SCENE_LAYOUT_H
#define RENDER_SCENE_LAYOUT_H

#include "sim/base/vector.h"
#include "sim/trace/log.h"

enum { LAYOUT_DOT_MAX = 200, LAYOUT_GRID = 1000 };

struct layout_point {
    float x, y;
};

struct layout {
    VECTOR(struct layout_point)
    points; /* [0] stands for place 1; agents stand where their host does */
};

/* Made from the declarations that the log has now; the log is not kept. Cannot fail. */
void layout_init(struct layout *layout, const struct log *log);
void layout_finish(struct layout *layout);
/* The middle of the grid for 0 and unknown numbers. */
struct layout_point layout_at(const struct layout *layout, uint32_t place);

#endif
