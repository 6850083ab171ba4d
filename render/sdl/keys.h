/* From SDL's events to ours (render/draw/input.h); pure, but for what SDL's structs are. */
#ifndef RENDER_SDL_KEYS_H
#define RENDER_SDL_KEYS_H

#include <SDL_events.h>

#include "render/draw/input.h"

/*
 * A key that prints comes to us as the text that it makes, since only that knows the keyboard's
 * layout ('?' is Shift and something else on each); keys_of_text makes a key event of it. With Ctrl
 * or Alt it makes no text: then, and for keys that do not print, keys_of_press gives the event.
 * False: nothing for us.
 */
bool keys_of_press(const SDL_KeyboardEvent *press, struct input_event *event);
/* A key event for one ASCII character; false for other text. */
bool keys_of_text(const char *text, SDL_Keymod mod, struct input_event *event);
/* False when Ctrl or Alt is held, so that the text belongs to a press that was told already. */
bool keys_is_typing(SDL_Keymod mod);

#endif
