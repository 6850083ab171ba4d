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
/* Is there a field that this text goes into when it is typed now? Not where a form waits for the
   header of a message. */
bool view_takes_text(const struct view *view, struct slice text);
/* True when the next frame would look different although nobody did anything: it plays. */
bool view_is_moving(const struct view *view);

enum view_request_kind {
    VIEW_REQUEST_DO,   /* an action line, at t (topologies/action.h); also an edit. Several with
                          line ends between them are one step. */
    VIEW_REQUEST_FORK, /* a second run that is the same up to t; with this line in it, or "" */
    VIEW_REQUEST_KEEP, /* of the two runs the one that is shown at the right becomes the only one */
    VIEW_REQUEST_DROP, /* the second run is given up */
    VIEW_REQUEST_CHOOSE, /* further actions go to this run: "0" the first, "1" the second */
    VIEW_REQUEST_UNDO,   /* the last action or edit, whenever it was */
    VIEW_REQUEST_REDO,
    VIEW_REQUEST_MORE,     /* the log ended at t and the person wants to go on: run the world on */
    VIEW_REQUEST_OPEN,     /* a topology, lesson or trace by its word or path; "" : choose one */
    VIEW_REQUEST_BRING,    /* a file that was dropped on the window: opened, or a second trace
                              beside the first */
    VIEW_REQUEST_COMPARE,  /* a saved trace, by its path, beside what is shown */
    VIEW_REQUEST_SAVE,     /* the topology as it is now; to this path, or "" where it came from */
    VIEW_REQUEST_EXPORT,   /* to this path; its ending says what */
    VIEW_REQUEST_RECORD,   /* begin or end a film, to this path or "" */
    VIEW_REQUEST_PICTURE,  /* save what is shown */
    VIEW_REQUEST_COPY,     /* this text, or "": view_told, to the clipboard */
    VIEW_REQUEST_PASTE,    /* what is on the clipboard: to view_input as INPUT_TEXT where
                              view_takes_text, else it is read as a message's header */
    VIEW_REQUEST_COURSE,   /* a line about the lesson that is open (course.h) */
    VIEW_REQUEST_SETTINGS, /* view_settings has changed: keep it */
    VIEW_REQUEST_QUIT
};

enum { VIEW_REQUEST_MAX = 16384 };

struct overlay;

/* What only the program can do. The text ends with a NUL. */
struct view_request {
    enum view_request_kind kind;
    int64_t t;
    const struct overlay *form; /* by which it was asked for; NULL: by none */
    char text[VIEW_REQUEST_MAX];
};
/* The oldest request, once; false when there is none. */
bool view_take_request(struct view *view, struct view_request *request);
/* Says what to press, until the person does something. */
void view_show_hint(struct view *view);
/* Shows a line for a few seconds: that a picture was saved, or why a request failed. Copied. */
void view_notify(struct view *view, struct slice text);
/* The request could not be carried out: says why, and opens the form it came from as it was left.
   Before the next input. */
void view_refuse(struct view *view, const struct view_request *request, struct slice why);
/* What an action line does, in a sentence, as notices say it; in `arena`. */
struct slice view_deed(const struct view *view, struct arena *arena, struct slice lines);
bool view_has_notice(const struct view *view); /* it is still shown */

/* ---- what is shown; also for pictures without a window ---- */

/* What a person likes, kept from one start to the next. */
struct view_settings {
    enum theme_id theme;
    int scale_percent; /* 100 to 300 */
    bool is_calm;      /* reduced motion: nothing glides */
    bool is_classic;   /* the labels of the classic texts instead of those of the RFCs */
    char language[16]; /* "en", "de", "es"; "" as the system says */
};
void view_set_settings(struct view *view, const struct view_settings *settings);
const struct view_settings *view_settings(const struct view *view);

/* The log of a second run that is the same up to t: shown beside the first. NULL: no more. */
void view_set_other(struct view *view, const struct log *log, int64_t t);
/* Of a second run that is no fork, such as another saved trace: what the two are called (copied),
   and the first event that only this one of them has, UINT32_MAX: none. After view_set_other. */
enum { VIEW_RUNS = 2 };
void view_set_beside(struct view *view, const char *const names[VIEW_RUNS],
                     const uint32_t first[VIEW_RUNS]);
/* Which of the two runs further actions go to: 0 the first, 1 the second. Without a second run it
   does nothing. */
void view_choose_run(struct view *view, uint32_t run);

/* Something that can be opened: shown under its section as a title and a sentence. */
struct view_choice {
    const char *section, *title, *detail;
    const char *word; /* the text of the VIEW_REQUEST_OPEN that asks for it */
    const char *then; /* a line about the lesson that is then open (course.h); NULL none */
};
/* Opens the picker with these rows; they are copied. */
void view_set_picker(struct view *view, const struct view_choice *rows, size_t count);

void view_set_theme(struct view *view, enum theme_id theme);
/* Any t; stops playing. */
void view_seek(struct view *view, int64_t t);
/* Somebody has waited until t: the clock may stand there, though nothing has happened for a while.
   Another log ends it. */
void view_set_reach(struct view *view, int64_t t);
int64_t view_t(const struct view *view);
/* Likewise the moment of this event, which is what all panels are then about. */
void view_choose_event(struct view *view, uint32_t event);
/* 0: again whatever the last event is about. */
void view_choose_message(struct view *view, uint32_t msg);
void view_choose_conn(struct view *view, uint32_t conn);
void view_set_playing(struct view *view, bool is_playing);
/* As after something was done: up to the first long silence, not to the end of all. */
void view_play_a_while(struct view *view);
bool view_plays_a_while(const struct view *view);
bool view_is_playing(const struct view *view);
/* How much screen time playing takes from here to the end of the log. */
int64_t view_play_ms(const struct view *view);
/* What happens at the moment shown, in words; valid until the next frame. */
struct slice view_caption(const struct view *view);
/* The whole picture in words, several lines: its text twin. In `arena`. */
struct slice view_told(const struct view *view, struct arena *arena);

/* One panel is the whole picture: "map", "ladder", "header" and so on; "window" is all of them, as
   at the start. False when there is no such panel. */
bool view_show_only(struct view *view, const char *panel);
/* The names of these panels, from 0; NULL behind the last. */
const char *view_panel_name(size_t i);
/* How high the next picture would have to be to show all of that panel, going by the last one; 0:
   any height will do. */
float view_height_wanted(struct view *view);

/* ---- for scripts and tests ---- */

/* The middle of a widget of the last frame, by its name ("play", "host-mx1", "compose-send"). */
bool view_find_widget(const struct view *view, const char *name, float *x, float *y);
/* Moves there, presses and releases. False when there is no such widget. */
bool view_press_widget(struct view *view, const char *name);
/* The names of all that can be pointed at, from 0; NULL behind the last. Until the next frame. */
const char *view_widget_name(const struct view *view, size_t i);

#endif
