/*
 * Which parts of a picture changed between two frames: compares what was painted with what is to
 * be painted, item by item in painting order. Pure; paint_changes is its user.
 */
#ifndef RENDER_DRAW_DAMAGE_H
#define RENDER_DRAW_DAMAGE_H

#include "render/draw/paint.h"

struct damage_mark {
    uint64_t hash; /* of everything that decides the item's pixels */
    struct paint_area area;
};

struct damage_frame {
    VECTOR(struct damage_mark) marks;
};

/* Of all that decides an item's pixels within this clip. */
uint64_t damage_hash(const struct draw_item *item, struct paint_area clip);

/*
 * The areas outside of which both frames look the same; gives their number. Items that both have in
 * the same order are not in them; all others are, old and new.
 */
int damage_find(const struct damage_frame *before, const struct damage_frame *now,
                struct paint_area areas[PAINT_AREAS]);

/* Empty when they have no pixel in common. */
struct paint_area damage_common(struct paint_area a, struct paint_area b);
bool damage_is_empty(struct paint_area a);
/* Does the line between two points of a list come nearer than `reach` pixels to the area? Never
   false for one that does; true for some that only nearly do. */
bool damage_meets_line(struct paint_area area, const float *a, const float *b, float scale,
                       float reach);

#endif
