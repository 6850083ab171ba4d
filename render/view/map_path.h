/* Private to this folder: ways between the cards of the map. */
#ifndef RENDER_VIEW_MAP_PATH_H
#define RENDER_VIEW_MAP_PATH_H

#include "render/view/state.h"

struct map_leg {
    float x1, y1, x2, y2; /* from the edge of one card to the edge of the other */
};
/* False when one is not on the map, or both are the same. */
bool map_leg(const struct view *view, uint32_t from, uint32_t to, struct map_leg *leg);
/* More up and down than across: labels stand beside it. */
bool map_is_steep(const struct map_leg *leg);
/* The leg of a way of `count` hosts on which that position lies; false: it is not on the map. */
bool map_leg_at(const struct view *view, const uint32_t *hosts, size_t count, double position,
                struct map_leg *leg);
/* The point at `position` of 0..1 of a way over these hosts, each leg taking an equal share. */
bool map_point(const struct view *view, const uint32_t *hosts, size_t count, double position,
               float *x, float *y);
/* The area of an organisation keeps this around its hosts, and its title above. */
#define MAP_AREA_PADDING 12.0f
/* The side of a role's mark. */
float map_id_size(const struct view *view, enum map_detail detail);
float map_mark_size(const struct view *view, enum map_detail detail);
float map_area_title(const struct view *view);
/* Fills in the groups and the hosts' place in them. */
void map_find_groups(struct view *view);
/*
 * Moves hosts until none overlaps another, and no organisation another or a stranger; linked hosts
 * stand further apart by `gap`, 1 is plenty. The more `across` is above 1, the rather they move up
 * and down than to the sides. False when they do not get apart within the room.
 */
bool map_push_apart(struct view *view, struct draw_box room, float gap, float across);

/* A label w by h for a thing at x, y that reaches so far from its middle. */
struct map_label {
    float x, y, reach_x, reach_y, w, h;
    const struct map_leg *leg; /* on which the thing moves; NULL: it does not */
    bool is_steep;             /* rather beside the thing than above it */
    bool is_low;               /* rather below or left than above or right */
};
/* Where it stands, within the map; noted in view->map.taken. No wider than `narrow` where there is
   not enough room for all of it. */
struct draw_box map_label_place(struct view *view, const struct map_label *label, float narrow);
/* The box moved into the map. */
struct draw_box map_kept(const struct view *view, struct draw_box box);
/* The line from 1 to 2 goes through the box. */
bool map_crosses(struct draw_box box, float x1, float y1, float x2, float y2);

/* The letter of a message at rest: its height; it sits on the upper edge of its card. */
float map_letter_size(const struct view *view);

/* map_card.c */
void map_card_draw(struct view *view, const struct map_host *host);

#endif
