/* Private to this folder: the parts of the map, and ways between its cards. */
#ifndef RENDER_VIEW_MAP_PATH_H
#define RENDER_VIEW_MAP_PATH_H

#include "render/view/state.h"

/* ---- map_group.c: who belongs together ---- */

void map_find_groups(struct view *view);
/* It is drawn as an area with a title. */
bool map_has_area(const struct map_group *group);
ui_act map_fold_act; /* arg: the first host of a group: folds or opens it */
/* Sums over a host and its agents. */
struct scene_place map_counts(const struct view *view, uint32_t host);
/* Forgets the sums that the events since the last frame have changed. */
void map_update_sums(struct view *view);
const struct scene_place *map_group_counts(struct view *view, struct map_group *group);

/* ---- map_size.c: how large cards are ---- */

enum { MAP_FOLD_MARKS = 4 };

float map_id_size(const struct view *view, enum map_detail detail);
/* The side of a role's mark. */
float map_mark_size(const struct view *view, enum map_detail detail);
const struct theme_mark *map_agent_mark(const struct view *view, uint32_t agent);
const char *map_agent_label(const struct view *view, uint32_t agent);
/* The width of the sign on a NAT box's card; 0: it is none. */
float map_nat_width(const struct view *view, uint32_t host);
/* The agents of a host that have a mark, one after the other; `agent` 0: the first. 0: no more. */
uint32_t map_next_agent(const struct view *view, uint32_t host, uint32_t agent);
struct slice map_fold_words(const struct view *view, const struct map_group *group);
void map_measure_host(const struct view *view, struct map_host *host);

/* ---- map_push.c: apart ---- */

/* The area of an organisation keeps this around its hosts, and its title above. */
#define MAP_AREA_PADDING 12.0f
float map_area_title(const struct view *view);
void map_box_groups(struct view *view);
/*
 * Moves hosts until none overlaps another, and no organisation another or a stranger; linked hosts
 * stand further apart by `gap`, 1 is plenty. The more `across` is above 1, the rather they move up
 * and down than to the sides. False when they do not get apart within the room.
 */
bool map_push_apart(struct view *view, struct draw_box room, float gap, float across);
/* They are apart as they stand, if only by a little. */
bool map_is_apart(struct view *view, struct draw_box room);

/* ---- map_arrange.c, map_camera.c: where ---- */

void map_arrange(struct view *view, struct draw_box box);
/* Which thing stands for each place. */
void map_index_places(struct view *view);
const struct map_host *map_find(const struct view *view, uint32_t place);
/* From which zoom on a group shows how much of its hosts. */
void map_find_zooms(struct view *view);
/* Brings the boxes on the screen up to the camera. */
void map_project(struct view *view);
/* What is looked at now, the message followed. */
struct map_camera map_look(const struct view *view);
void map_from_screen(const struct view *view, float x, float y, float *out_x, float *out_y);
ui_turn map_wheel_turn;
ui_drag map_pan_drag;

/* ---- map_move.c: a person puts a host elsewhere ---- */

/* Where the trace, the layout or a person has this host. */
struct layout_point map_host_point(const struct view *view, uint32_t host);
/* The point of the grid where something at x, y of the map, as of map_host, is seen. */
struct layout_point map_grid_at(const struct map *map, float x, float y);
ui_drag map_host_drag;
/* The same in steps: what has begun moves by so much of the screen, and is put down or given up. */
bool map_move_begin(struct view *view, uint32_t host); /* false: it is not on the map by itself */
void map_move_by(struct view *view, float x, float y);
void map_move_to(struct view *view, float x, float y);
void map_move_end(struct view *view, bool is_kept);

/* ---- map_way.c ---- */

struct map_leg {
    float x1, y1, x2, y2; /* from the edge of one card to the edge of the other */
};
/* False when one is not on the map, or both are the same. */
bool map_leg(const struct view *view, uint32_t from, uint32_t to, struct map_leg *leg);
/* The leg of a way of `count` hosts on which that position lies; false: it is not on the map. */
bool map_leg_at(const struct view *view, const uint32_t *hosts, size_t count, double position,
                struct map_leg *leg);
/* The point at `position` of 0..1 of a way over these hosts, each leg taking an equal share. */
bool map_point(const struct view *view, const uint32_t *hosts, size_t count, double position,
               float *x, float *y);
/* Where a thing w by h is that has come so far on its way from one card to the other: beside both,
   off their letters and counts. */
void map_thing_at(const struct map_host *a, const struct map_host *b, float share, float w, float h,
                  float *x, float *y);
/* The same between the middles of the cards, where all of the map is shown. */
bool map_middle_at(const struct view *view, const uint32_t *hosts, size_t count, double position,
                   float *x, float *y);
/* Who has the chosen message: its holder, else its store or reader; 0 nobody. */
uint32_t map_message_place(const struct view *view);
/* The line from 1 to 2 goes through the box. */
bool map_crosses(struct draw_box box, float x1, float y1, float x2, float y2);

/* ---- map_label.c ---- */

/* A label w by h that tells of something on a leg, which reaches so far from it. */
struct map_label {
    struct map_leg leg;
    float reach, w, h;
    float share; /* of the leg, beside which it stands best */
    float side;  /* 1: above or right of it, -1: below or left, if there is room */
};
/*
 * Where it stands: beside its leg, off the cards, the names of organisations and the labels placed
 * before; noted in view->map.taken. No wider than `narrow` where there is not enough room for all
 * of it. False, with nothing noted, when there is no room at all.
 */
bool map_label_place(struct view *view, const struct map_label *label, float narrow,
                     struct draw_box *box);
/* A thin line from a thing at x, y to its label, if that is not close by. */
void map_leader_draw(struct view *view, struct draw_box box, float x, float y, float reach,
                     uint32_t colour);
/* The box moved into the map. */
struct draw_box map_kept(const struct view *view, struct draw_box box);

/* ---- what is drawn, from the ground up ---- */

/* map_area.c */
void map_areas_draw(struct view *view);
void map_titles_draw(struct view *view);
void map_title_regions(struct view *view);
/* Finds where they stand, off the lines. */
void map_place_titles(struct view *view);

/* map_link.c */
void map_lines_draw(struct view *view);
void map_connections_draw(struct view *view);
void map_ports_draw(struct view *view);
/* No name of an organisation and nothing noted in `taken` stands there. */
bool map_is_free(const struct view *view, struct draw_box box);
bool map_is_cut(const struct view *view, const struct map_line *line);

/* map_card.c: what stays the same, and what may change with every event */
void map_card_ground(struct view *view, const struct map_host *host);
void map_card_draw(struct view *view, const struct map_host *host);
void map_counts_draw(struct view *view, const struct map_host *host);

/* map_sign.c */
void map_signs_draw(struct view *view);
void map_fit_sign(struct ui *ui, struct draw_box box);
void map_follow_sign(struct ui *ui, struct draw_box box);

/* map_stack.c */
void map_stack_draw(struct view *view);
ui_act map_queue_act, map_store_act; /* arg: a host; opens or closes its list */

/* map_token.c */
void map_token_draw(struct view *view);
/* The letter of a message at rest: its height; it sits on the upper edge of its card. */
float map_letter_size(const struct view *view);

#endif
