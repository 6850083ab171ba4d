/*
 * A small immediate-mode layer: each frame a view draws its widgets again, and each one that can be
 * pointed at says its name, where it is and what it means. What a person does is then looked up in
 * the widgets of the last frame, so that a test or a script can press a widget by its name.
 *
 *     ui_begin(ui, list, theme);
 *     ui_button(ui, "play", box, "Play", ACTION_PLAY, 0, 0);
 *     ui_end(ui);
 *     ...
 *     const struct ui_widget *w = ui_find_at(ui, x, y);    w->action, w->arg: what to do
 *
 * Names are shown to nobody and are unique in a frame. Nothing is allocated once a frame as full as
 * this one has been drawn.
 */
#ifndef RENDER_VIEW_UI_H
#define RENDER_VIEW_UI_H

#include "render/draw/draw.h"
#include "render/draw/theme.h"
#include "sim/base/vector.h"

enum { UI_NAME = 40, UI_UNIT = 8 };

struct ui_widget {
    char name[UI_NAME];
    struct draw_box box;
    int action; /* the view's; 0: it only shows that it is pointed at, or scrolls */
    uint32_t arg;
    bool can_focus;
    bool is_wheel; /* takes the wheel for `action` instead of the press */
};

struct ui {
    struct draw_list *list;
    const struct theme *theme;
    VECTOR(struct ui_widget) widgets; /* of this frame; after ui_end of the last */
    size_t modal_from; /* only these can be pointed at: a dialogue lies over the rest */
    struct draw_box clip[8];
    int clip_count;
    float mouse_x, mouse_y;
    bool mouse_down;
    char focus[UI_NAME];
    char hover[UI_NAME]; /* of the last frame; "" none */
};

void ui_init(struct ui *ui);
void ui_finish(struct ui *ui);
void ui_begin(struct ui *ui, struct draw_list *list, const struct theme *theme);
void ui_end(struct ui *ui);

/* The topmost widget with an action (or with is_wheel) there; NULL when none. Until the next frame.
 */
const struct ui_widget *ui_find_at(const struct ui *ui, float x, float y, bool is_wheel);
const struct ui_widget *ui_find(const struct ui *ui, const char *name);
/* The widget before or after the focused one; wraps around. Sets the focus. */
void ui_move_focus(struct ui *ui, int step);

/* ---- widgets ---- */

enum ui_flag {
    UI_ON = 1,       /* shown as pressed in */
    UI_DISABLED = 2, /* shown faint, does nothing */
    UI_PRIMARY = 4,
};

struct ui_state {
    bool is_hover, is_focus;
};

/* Registers a part of the picture that can be pointed at; drawing it is the caller's business. */
struct ui_state ui_region(struct ui *ui, const char *name, struct draw_box box, int action,
                          uint32_t arg);
/* The wheel over box gives `action`. */
void ui_wheel(struct ui *ui, const char *name, struct draw_box box, int action);
struct ui_state ui_button(struct ui *ui, const char *name, struct draw_box box, const char *label,
                          int action, uint32_t arg, unsigned flags);
/* Ground, edge and a title; gives the room inside. */
struct draw_box ui_panel(struct ui *ui, struct draw_box box, struct slice title);
/* Dims what was drawn so far and takes it out of reach. */
void ui_modal(struct ui *ui, struct draw_box all);
void ui_clip(struct ui *ui, struct draw_box box);
void ui_unclip(struct ui *ui);

/* ---- text ---- */

/* One line, its middle at the box's; the ellipsis cuts it to the box. */
float ui_label(struct ui *ui, struct draw_box box, enum draw_align align, enum draw_font font,
               float size, uint32_t colour, struct slice text);
/* Takes the first line of at most `width` off the front of *text, at a blank if there is one. */
bool ui_wrap(const struct ui *ui, enum draw_font font, float size, float width, struct slice *text,
             struct slice *line);
/* Draws at most `lines_max` lines from the top of box; gives the height used. */
float ui_paragraph(struct ui *ui, struct draw_box box, enum draw_font font, float size,
                   uint32_t colour, struct slice text, int lines_max);
/* Text with ground and edge around it, its top left at x, y; gives its box. */
struct draw_box ui_pill(struct ui *ui, float x, float y, float size, uint32_t fill, uint32_t edge,
                        uint32_t ink, struct slice text);

/* ---- boxes ---- */

struct draw_box ui_inset(struct draw_box box, float by);
struct draw_box ui_cut_top(struct draw_box *box, float h);
struct draw_box ui_cut_bottom(struct draw_box *box, float h);
struct draw_box ui_cut_left(struct draw_box *box, float w);
struct draw_box ui_cut_right(struct draw_box *box, float w);
bool ui_is_inside(struct draw_box box, float x, float y);
uint32_t ui_fade(uint32_t colour, float share); /* the alpha times share */

/* A text that a person edits. */
enum { UI_FIELD_MAX = 4096 };
struct ui_edit {
    char text[UI_FIELD_MAX];
    size_t size, cursor;
};
void ui_edit_set(struct ui_edit *edit, struct slice text);
/* Whole UTF-8 characters; what does not fit is left out. Control characters but '\n' are dropped.
 */
void ui_edit_type(struct ui_edit *edit, struct slice text);
/* INPUT_KEY_* of moving and erasing; false when the key means nothing here. */
bool ui_edit_key(struct ui_edit *edit, int key);
void ui_field(struct ui *ui, const char *name, struct draw_box box, const struct ui_edit *edit,
              bool is_lines, int action, uint32_t arg);

#endif
