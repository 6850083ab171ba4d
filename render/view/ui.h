/*
 * A small immediate-mode layer: each frame a view draws its widgets again, and each one that can be
 * pointed at says its name, where it is and what it means. What a person does is then looked up in
 * the widgets of the last frame, so that a test or a script can press a widget by its name.
 *
 *     ui_begin(ui, list, theme);
 *     ui_button(ui, "play", box, tr("Play"), play_toggle_act, 0, 0);
 *     ui_tip(ui, slice_of(tr("Space")));                     says more about the last widget
 *     ui_end(ui);
 *     ...
 *     const struct ui_widget *w = ui_find_at(ui, x, y);      w->act(view, w->arg): do it
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

struct view;

/* What a widget does; `arg` is the widget's. */
typedef void ui_act(struct view *view, uint32_t arg);
/* The wheel was turned over it, by so many lines; up is positive. */
typedef void ui_turn(struct view *view, uint32_t arg, float lines);
/* It is drawn with the mouse, which is at x, y (units of the widgets' boxes). */
enum ui_drag_phase { UI_DRAG_BEGIN, UI_DRAG_MOVE, UI_DRAG_END };
typedef void ui_drag(struct view *view, uint32_t arg, enum ui_drag_phase phase, float x, float y);
/* A key was pressed while it has the focus: true when that is all it means. */
typedef bool ui_key(struct view *view, uint32_t arg, int key);

struct ui_edit;
struct ui_past;

struct ui_widget {
    char name[UI_NAME];
    struct draw_box box;
    ui_act *act; /* pressed, or Enter while it has the focus; NULL: it can't be pressed */
    ui_drag *drag;
    ui_act *menu; /* the right button, or the menu key */
    ui_turn *turn;
    uint32_t arg;
    struct slice tip; /* in the list's arena: until the next frame */
    ui_key *key;
    /* of a field: */
    struct ui_edit *edit;
    ui_act *submit;
    bool is_lines;
    bool can_focus, is_button;
    bool of_other; /* it belongs to the second run of a fork (compare.c) */
};

struct ui {
    struct draw_list *list; /* NULL between frames */
    draw_measure *measure;  /* that of the last one */
    void *measure_context;
    const struct theme *theme;
    VECTOR(struct ui_widget) widgets; /* of this frame; after ui_end of the last */
    size_t modal_from; /* only these can be pointed at: a dialogue lies over the rest */
    size_t modal_item; /* and what of the list is drawn over the rest */
    struct draw_box clip[8];
    int clip_count;
    float mouse_x, mouse_y;
    bool mouse_down;
    /* what was pressed, and is drawn once the mouse has moved a few pixels from there */
    ui_drag *drag;
    uint32_t drag_arg;
    bool drag_of_other;
    bool is_dragging;
    float press_x, press_y;
    /* how often a field was pressed, one press soon after the other */
    const struct ui_edit *pressed;
    int presses, press_age_ms;
    struct ui_past *past; /* what can be taken back in the field that was last typed in */
    char focus[UI_NAME];
    char hover[UI_NAME]; /* of the last frame; "" none */
};

void ui_init(struct ui *ui);
void ui_finish(struct ui *ui);
void ui_begin(struct ui *ui, struct draw_list *list, const struct theme *theme);
void ui_end(struct ui *ui);

/* The topmost widget there that is not for the wheel alone (is_wheel: that takes the wheel); NULL
   when none. Until the next frame. */
const struct ui_widget *ui_find_at(const struct ui *ui, float x, float y, bool is_wheel);
const struct ui_widget *ui_find(const struct ui *ui, const char *name);
/* The widget before or after the focused one; wraps around. Sets the focus. */
void ui_move_focus(struct ui *ui, int step);
/* This one comes behind all that were drawn until now, for Tab. It lies below none of them. */
void ui_move_last(struct ui *ui, const char *name);

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
struct ui_state ui_region(struct ui *ui, const char *name, struct draw_box box, ui_act *act,
                          uint32_t arg);
/* The wheel over box; registered behind those that it shall give way to. */
void ui_wheel(struct ui *ui, const char *name, struct draw_box box, ui_turn *turn, uint32_t arg);
struct ui_state ui_button(struct ui *ui, const char *name, struct draw_box box, const char *label,
                          ui_act *act, uint32_t arg, unsigned flags);

/* More about the widget registered last. */
void ui_on_drag(struct ui *ui, ui_drag *drag);
void ui_on_menu(struct ui *ui, ui_act *menu);
void ui_on_key(struct ui *ui, ui_key *key);    /* asked first while it has the focus */
void ui_tip(struct ui *ui, struct slice text); /* copied; shown when the mouse rests on it */
/* Ground, edge and a title; gives the room inside. */
struct draw_box ui_panel(struct ui *ui, struct draw_box box, struct slice title);
/* Takes what was drawn so far out of reach, and dims it. */
void ui_modal(struct ui *ui, struct draw_box all, bool dims);
void ui_clip(struct ui *ui, struct draw_box box);
void ui_unclip(struct ui *ui);

/* ---- text ---- */

/* One line, its middle at the box's; the ellipsis cuts it to the box. */
float ui_label(struct ui *ui, struct draw_box box, enum draw_align align, enum draw_font font,
               float size, uint32_t colour, struct slice text);
/* The same for what comes from outside, such as a subject: it may be longer than any room. */
float ui_label_any(struct ui *ui, struct draw_box box, enum draw_align align, enum draw_font font,
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
    size_t anchor; /* from here to the cursor is selected */
};
void ui_edit_set(struct ui_edit *edit, struct slice text);
/* Whole UTF-8 characters; what does not fit is left out. Control characters but '\n' are dropped.
 */
void ui_edit_type(struct ui_edit *edit, struct slice text);
/* INPUT_KEY_* of moving and erasing; false when the key means nothing here. */
bool ui_edit_key(struct ui_edit *edit, int key);
/* The same; with Shift moving selects. */
bool ui_edit_press(struct ui_edit *edit, int key, bool shift);
struct slice ui_edit_selected(const struct ui_edit *edit); /* borrowed; "" nothing */
void ui_edit_select_all(struct ui_edit *edit);
void ui_edit_erase_selected(struct ui_edit *edit);

/* Over the rest of a word and the gap before it; with `shift` it selects. */
void ui_edit_move_word(struct ui_edit *edit, int step, bool shift);
void ui_edit_select_word(struct ui_edit *edit, size_t at);

struct ui_field_ways {
    bool is_lines;  /* several; Enter makes one more, and Ctrl + Enter is `submit` */
    ui_act *submit; /* Enter; NULL: goes on to the next widget */
    ui_key *key;    /* asked before the field takes the key; NULL: not */
    uint32_t arg;
    const char *hint; /* shown while it is empty; NULL nothing */
};
/* While it has the focus, what is typed goes into `edit`. */
void ui_field(struct ui *ui, const char *name, struct draw_box box, struct ui_edit *edit,
              const struct ui_field_ways *ways);
/* The place in its text that is nearest to x, y. */
size_t ui_field_at(struct ui *ui, const struct ui_widget *field, float x, float y);
/* The line above or below, in a field of several. */
void ui_field_move_row(struct ui *ui, const struct ui_widget *field, int step, bool shift);
/* Pressed where the mouse is: the caret goes there; soon again: the word; once more: all. */
void ui_field_press(struct ui *ui, const struct ui_widget *field, bool shift);
void ui_field_drag(struct ui *ui, const struct ui_widget *field);

/* What a person does to a text can be taken back. Before each change, and after it; what is typed
   in one go is one step. Another field begins anew. */
void ui_past_add(struct ui *ui, const struct ui_edit *edit, bool is_typing);
void ui_past_added(struct ui *ui, const struct ui_edit *edit);
bool ui_past_step(struct ui *ui, struct ui_edit *edit, int step); /* -1 back, 1 again */
void ui_past_forget(struct ui *ui);

#endif
