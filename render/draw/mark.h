/*
 * The marks of the roles and the small signs, drawn as shapes: no icon font, no picture files. Each
 * has its meaning by its form alone; colour comes on top (curriculum 5.4).
 */
#ifndef RENDER_DRAW_MARK_H
#define RENDER_DRAW_MARK_H

#include "render/draw/draw.h"
#include "render/draw/theme.h"

/* A role's shape with its letter, centred at x, y, within a square of `size`. */
void mark_draw(struct draw_list *list, const struct theme *theme, const struct theme_mark *mark,
               float x, float y, float size);

enum mark_sign {
    MARK_TICK,     /* accepted */
    MARK_CLOCK,    /* waiting */
    MARK_CROSS,    /* refused */
    MARK_LOCK,     /* TLS */
    MARK_EYE,      /* who listens */
    MARK_WALL,     /* a firewall */
    MARK_WARNING,  /* something is wrong here */
    MARK_ENVELOPE, /* a message; filled with the token's colours */
    MARK_PLAY,
    MARK_PAUSE,
    MARK_NEXT,
    MARK_PREVIOUS
};
/* Centred at x, y, within a square of `size`, in `colour`. */
void mark_sign(struct draw_list *list, const struct theme *theme, enum mark_sign sign, float x,
               float y, float size, uint32_t colour);

/* An arrow head with its point at x, y, flying along the direction dx, dy (any length but 0).
   Filled for push, open for pull. */
void mark_arrow(struct draw_list *list, float x, float y, float dx, float dy, float size,
                bool is_filled, uint32_t colour, float width);

/* A pennant on a pole that stands at x, y. */
void mark_flag(struct draw_list *list, float x, float y, float size, uint32_t colour, float width);

#endif
