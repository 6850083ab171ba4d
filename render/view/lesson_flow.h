/*
 * Private to this folder: things one below the other in a column that can be longer than its room,
 * for lessons and questions; and their texts, which have `code` and *emphasis*.
 *
 *     struct flow flow = flow_begin(view, box, scroll, theme->size_text);
 *     flow_text(&flow, DRAW_FONT_SANS, theme->ink, text);
 *     struct draw_box row = flow_item(&flow, "answer-a", height, pick, 0, &state);
 *     float whole = flow_end(&flow, &scroll);       the room below it is where it ends
 *
 * What lies outside is not seen but has its place for Tab: what gets the focus comes into sight
 * with the next frame.
 */
#ifndef RENDER_VIEW_LESSON_FLOW_H
#define RENDER_VIEW_LESSON_FLOW_H

#include "render/view/state.h"

struct flow {
    struct view *view;
    struct draw_box box; /* what is seen */
    float x, w, y, top;  /* where the next thing goes, and where the first one went */
    float size;          /* of the letters */
    float row_x, row_h;  /* of buttons beside each other; row_h 0: no row is begun */
    float focus_y, focus_h;
    bool has_focus; /* something of it */
    bool must_show; /* or of what is to be seen now */
};

struct flow flow_begin(struct view *view, struct draw_box box, float scroll, float size);
/* Brings *scroll within its limits, and what has just got the focus into sight; gives the height of
   all. `followed` is the name of the widget that was brought into sight last. */
float flow_end(struct flow *flow, float *scroll, char followed[UI_NAME]);

void flow_gap(struct flow *flow, float h);
void flow_text(struct flow *flow, enum draw_font font, uint32_t colour, struct slice text);
void flow_line(struct flow *flow); /* a thin one across */
/* Cuts h off the top; act NULL: nothing to press. */
struct draw_box flow_item(struct flow *flow, const char *name, float h, ui_act *act, uint32_t arg,
                          struct ui_state *state);
/* Beside the last button if there is room, else below; flow_gap ends the row. */
void flow_button(struct flow *flow, const char *name, const char *label, ui_act *act, uint32_t arg,
                 unsigned flags);
float flow_button_width(const struct flow *flow, const char *label); /* as it would like */
/* A line that opens and folds what comes below it, and how high it is. */
float flow_fold_height(struct flow *flow, struct slice text);
void flow_fold(struct flow *flow, const char *name, struct slice text, bool is_open, ui_act *act);
/* What comes next, h high, is brought into sight. */
void flow_show(struct flow *flow, float h);
/* The last widget keeps its place for Tab though it is not seen. */
void flow_keep_focus(struct flow *flow, struct draw_box box);

/* The text in lines of this width; gives the height. draws: false to find out. */
float rich_text(struct ui *ui, struct draw_box box, enum draw_font font, float size,
                uint32_t colour, struct slice text, bool draws);
/* Without its marks, for the text twin. */
struct slice rich_plain(struct arena *arena, struct slice text);
/* As high as it must be. */
static inline float rich_height(struct ui *ui, float w, enum draw_font font, float size,
                                struct slice text)
{
    return rich_text(ui, (struct draw_box){0, 0, w, 0}, font, size, 0, text, false);
}

#endif
