/*
 * What a person works at: a view, what it asks for and gets, its pictures, films and settings. With
 * a window it is the program; without one it is the same for scripts and tests, frame by frame.
 *
 *     struct screen *screen = screen_create(&options, &ways);
 *     screen_input(screen, &event);                  any number of these
 *     screen_frame(screen, 16);                      milliseconds of screen time
 *     ... screen_view(screen), screen_picture(screen, ...): what is shown
 *     screen_destroy(screen);
 */
#ifndef APP_SCREEN_H
#define APP_SCREEN_H

#include "app/picture.h"
#include "app/settings.h"
#include "render/sdl/window.h"
#include "render/view/forms.h"
#include "render/view/view.h"

/* What only whoever runs the world can do. */
struct screen_ways {
    const struct log *(*log)(void *context);
    /* What the view asks of the world: DO to SAVE of enum view_request_kind. The view has been told
       of what came of it, and `said` is set where more is to be said. False: nothing has changed.
     */
    bool (*carry_out)(void *context, struct view *view, const struct view_request *request,
                      struct slice *said, struct problem *problem);
    /* A text that was pasted where no field waits for one. NULL: nothing is done with it. */
    bool (*take_text)(void *context, struct view *view, struct slice text, struct problem *problem);
    /* Called once a frame, before it is drawn. NULL: nothing is to be done. */
    void (*before_frame)(void *context, struct view *view);
    /* Called once a frame, to wait for what happens at most so long; the window is NULL when there
       is none. False ends the loop. NULL: nothing is waited for but the person. */
    bool (*wait)(void *context, struct window *window, struct view *view, int most_ms);
    /* What its forms and menus are made of. NULL: nothing can be changed. */
    const struct view_forms *(*forms)(void *context);
    void *context;
    bool is_live; /* begins at the end of the log, playing */
};

struct screen;

/* Without a window; `settings` NULL: those by default, and nothing is kept. Borrows both. */
struct screen *screen_create(const struct picture_options *options, const struct screen_ways *ways,
                             struct settings *settings);
void screen_destroy(struct screen *screen); /* accepts NULL */

void screen_input(struct screen *screen, const struct input_event *event);
/* Lets so much screen time pass, does what was asked for, and draws. With a window it is shown. */
void screen_frame(struct screen *screen, int passed_ms);
/* The same in frames; with a window at the pace of the clock. False when it is over. */
bool screen_pass(struct screen *screen, int ms);
/* Does what a view asks for, at the moment shown. False with a problem: nothing has changed. */
bool screen_request(struct screen *screen, enum view_request_kind kind, struct slice text,
                    struct problem *problem);
struct view *screen_view(struct screen *screen);
const struct log *screen_log(const struct screen *screen);
/* As CSS pixels; of a window what the person makes of it. */
void screen_set_size(struct screen *screen, float w, float h);
/* What was said to the person last: done, or why not. "" nothing yet. */
const char *screen_said(const struct screen *screen);
/* Puts a text on the clipboard where there is no window, and pastes it. */
bool screen_paste(struct screen *screen, struct slice text, struct problem *problem);
bool screen_is_over(const struct screen *screen);
/* The picture shown, PNG or SVG as the path ends; `scale` pixels of a PNG for a CSS pixel. */
bool screen_picture(struct screen *screen, const char *path, float scale, struct problem *problem);

/* Opens the window. False with a problem when there is no display. */
bool screen_open_window(struct screen *screen, struct problem *problem);
/* Until the person closes the window. */
void screen_loop(struct screen *screen);
/* One round of it: what the person did, a frame, and a wait. False when it is over. */
bool screen_turn(struct screen *screen);

#endif
