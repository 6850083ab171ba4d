/*
 * Colours, sizes and shapes in one place: light, dark, and projector (large, strong contrast). The
 * palette is Okabe and Ito's; a role always has its shape and letter beside its colour, so nothing
 * is said by colour alone (curriculum 5.4).
 */
#ifndef RENDER_DRAW_THEME_H
#define RENDER_DRAW_THEME_H

#include "sim/base/slice.h"

enum theme_id { THEME_LIGHT, THEME_DARK, THEME_PROJECTOR, THEME_COUNT };

enum theme_shape {
    THEME_SHAPE_CIRCLE,    /* MUA */
    THEME_SHAPE_PENTAGON,  /* MSA */
    THEME_SHAPE_SQUARE,    /* MTA */
    THEME_SHAPE_DIAMOND,   /* MDA */
    THEME_SHAPE_CYLINDER,  /* store */
    THEME_SHAPE_TAB,       /* access server */
    THEME_SHAPE_HEXAGON,   /* MRA */
    THEME_SHAPE_TRAPEZIUM, /* mediator, filter */
    THEME_SHAPE_TRIANGLE,  /* attacker, tap, middlebox */
    THEME_SHAPE_OCTAGON,   /* name server */
    THEME_SHAPE_WALL       /* firewall: bricks */
};

struct theme_mark {
    const char *role, *letter, *label; /* "mta", "T", "MTA" */
    enum theme_shape shape;
    uint32_t fill, outline, ink; /* ink: of the letter; outline: see mark_edge */
};

struct theme {
    const char *name;
    uint32_t ground, panel, panel_edge, card, card_edge, ink, ink_soft, ink_faint;
    uint32_t accent, accent_soft; /* selection and focus */
    uint32_t push, pull;          /* the lines; push is solid, pull dashed */
    uint32_t good, waiting, bad;  /* with a tick, a clock, a cross beside them */
    uint32_t link, link_cut, shadow;
    uint32_t token, token_edge, slip; /* token_edge is also the ink on token and slip */
    uint32_t tints[6];                /* organisations, each with a hatch of its own */
    float size_small, size_text, size_title, size_mono;
    float line;         /* width of a meaningful line */
    uint32_t mark_edge; /* outline of a mark on this theme's ground, instead of the mark's own,
                           which is for white paper */
};

const struct theme *theme_get(enum theme_id id);
/* False when there is no theme of that name. */
bool theme_find(struct slice name, enum theme_id *id);
/* By role name; a role without a row gets a plain circle with "?". Cannot fail. */
const struct theme_mark *theme_mark(struct slice role);
/* All rows, for a legend: i from 0 to theme_mark_count() - 1. */
size_t theme_mark_count(void);
const struct theme_mark *theme_mark_at(size_t i);

#endif
