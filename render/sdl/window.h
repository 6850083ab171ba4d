/*
 * The one window, and the only code that knows SDL's video. It shows display lists and hands on
 * what a person did as input.h says it. The loop belongs to the caller, one frame a round:
 *
 *     struct window *window = window_open("mailflow", 1280, 800, false, &problem);
 *     if (!window) ... problem says why and what to run instead
 *     while (window_poll(window, &event)) view_input(...);
 *     draw_clear(&list); view_draw(...);
 *     window_show(window, painter, &list);
 *     window_wait(window, 15);
 *     window_close(window);
 *
 * Units are CSS pixels: the display's scale is taken out before the caller sees them. F11 (full
 * screen) is the window's own key.
 */
#ifndef RENDER_SDL_WINDOW_H
#define RENDER_SDL_WINDOW_H

#include "render/draw/input.h"
#include "render/draw/paint.h"

struct window;

/* NULL, with the problem set, when there is no display; SDL would then open an invisible window
   without a word. `may_be_unseen` allows that, for measurements. One window at a time. */
struct window *window_open(const char *title, int w, int h, bool may_be_unseen,
                           struct problem *problem);
/* Accepts NULL. */
void window_close(struct window *window);

/* Takes the next event; false when there is none. Does not wait. */
bool window_poll(struct window *window, struct input_event *event);
/* Sleeps until something happens, at most so long. */
void window_wait(struct window *window, int most_ms);
/* Since the window was opened; never goes back. */
int64_t window_time_ms(const struct window *window);

/* The room there is to draw in. */
void window_size(const struct window *window, float *w, float *h);
/* Asks for another size; whether it is granted is the desktop's to say. */
void window_set_size(struct window *window, int w, int h);
/* Paints what changed since the last call and shows it. */
void window_show(struct window *window, struct painter *painter, const struct draw_list *list);

enum window_cursor {
    WINDOW_CURSOR_ARROW,
    WINDOW_CURSOR_HAND,
    WINDOW_CURSOR_TEXT,
    WINDOW_CURSOR_SIDEWAYS
};
void window_cursor(struct window *window, enum window_cursor cursor);
/* Puts a text on the clipboard; false when the system does not take it. */
bool window_copy(struct window *window, struct slice text);
/* The text on the clipboard, in `arena`; "" when there is none. */
struct slice window_paste(struct window *window, struct arena *arena);

#endif
