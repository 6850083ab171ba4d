/* A window with a small network in it, and a hand on its map. */
#ifndef TESTS_VIEW_SUPPORT_MAP_H
#define TESTS_VIEW_SUPPORT_MAP_H

#include "render/view/map_path.h"
#include "tests/scene/support_log.h"

struct support_map {
    struct story story;
    struct draw_list list;
    struct view *view;
};

/* The story as it is, or with its first mail. */
void support_map_start(struct support_map *f);
void support_map_begin(struct support_map *f);
void support_map_end(struct support_map *f);
void support_map_draw(struct support_map *f);
void support_map_mouse(struct view *view, enum input_kind kind, float x, float y, float wheel);
/* Frame by frame from one point of the screen to the other. */
void support_map_drag(struct support_map *f, float x, float y, float to_x, float to_y);
/* Fails where it is not on the map. */
const struct map_host *support_map_host(const struct support_map *f, uint32_t place);
/* Without width and height. */
struct draw_box support_map_middle(struct draw_box box);

#endif
