/*
 * The window's picture and what a person can do with it: a reader of the trace. It owns all state
 * of the user interface (the moment shown, what is chosen, what is open) and nothing of the mail.
 * No SDL: display lists out, input events in, so a test or a script can be the person.
 *
 *     struct view *view = view_create(log);
 *     view_input(view, &event);              any number of these
 *     view_tick(view, 16);                   milliseconds of screen time
 *     view_draw(view, &list, 1280, 800);
 *     while (view_take_request(view, &request)) ... what only the program can do
 *     view_destroy(view);
 *
 * The log is borrowed and may grow between calls. The same state gives the same picture.
 */
#ifndef RENDER_VIEW_VIEW_H
#define RENDER_VIEW_VIEW_H

#include "render/draw/draw.h"
#include "render/draw/input.h"
#include "render/draw/theme.h"
#include "sim/trace/log.h"

struct view;

struct view *view_create(const struct log *log);
void view_destroy(struct view *view); /* accepts NULL */
/* Another log in place of the first; what was chosen is forgotten. */
void view_set_log(struct view *view, const struct log *log);
/* Another log that is the same up to t, as after an action in the past: what was chosen stays, if
   it was there by then. */
void view_follow_log(struct view *view, const struct log *log, int64_t t);

void view_input(struct view *view, const struct input_event *event);
/* Moves the virtual clock when playing. */
void view_tick(struct view *view, int milliseconds);
/* Clears the list and draws a frame. Below 640 by 480 things are cut off. */
void view_draw(struct view *view, struct draw_list *list, float w, float h);
/* True when the next frame would look different although nobody did anything: it plays. */
bool view_is_moving(const struct view *view);

enum view_request_kind {
    VIEW_REQUEST_SEND,    /* from, to, subject, body; at t */
    VIEW_REQUEST_FETCH,   /* agent; at t */
    VIEW_REQUEST_FAULT,   /* fault, is_on; at t */
    VIEW_REQUEST_MORE,    /* the log ended at t and the person wants to go on: run the world on */
    VIEW_REQUEST_PICTURE, /* save what is shown */
    VIEW_REQUEST_COPY,    /* put view_told on the clipboard */
    VIEW_REQUEST_QUIT
};

/* What only the program can do. Texts end with a NUL. */
struct view_request {
    enum view_request_kind kind;
    int64_t t;
    char from[256], to[1024], subject[512], body[4096];
    char agent[128], fault[128];
    bool is_on;
};
/* The oldest request, once; false when there is none. */
bool view_take_request(struct view *view, struct view_request *request);
/* Says what to press, until the person does something. */
void view_show_hint(struct view *view);
/* Shows a line for a few seconds: that a picture was saved, or why a request failed. Copied. */
void view_notify(struct view *view, struct slice text);

/* ---- what is shown; also for pictures without a window ---- */

void view_set_theme(struct view *view, enum theme_id theme);
enum theme_id view_theme(const struct view *view);
/* Any t; stops playing. */
void view_seek(struct view *view, int64_t t);
int64_t view_t(const struct view *view);
/* 0: again whatever the last event is about. */
void view_choose_message(struct view *view, uint32_t msg);
void view_choose_conn(struct view *view, uint32_t conn);
void view_set_playing(struct view *view, bool is_playing);
bool view_is_playing(const struct view *view);
/* What happens at the moment shown, in words; valid until the next frame. */
struct slice view_caption(const struct view *view);
/* The whole picture in words, several lines: its text twin. In `arena`. */
struct slice view_told(const struct view *view, struct arena *arena);

/* ---- for scripts and tests ---- */

/* The middle of a widget of the last frame, by its name ("play", "host-mx1", "compose-send"). */
bool view_find_widget(const struct view *view, const char *name, float *x, float *y);
/* Moves there, presses and releases. False when there is no such widget. */
bool view_press_widget(struct view *view, const char *name);

#endif
