#include "render/sdl/window.h"

#include <SDL.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/sdl/keys.h"
#include "sim/base/memory.h"

enum { WINDOW_CURSORS = 4 };

struct window {
    SDL_Window *sdl;
    SDL_Surface *canvas; /* for screens with pixels unlike Cairo's; else NULL */
    SDL_Cursor *cursors[WINDOW_CURSORS];
    enum window_cursor cursor;
    struct input_event waiting; /* the second half of an SDL event that is two of ours */
    bool has_waiting, is_stale;
    Uint64 opened_ms;
};

/* Drivers that show nothing to anybody. */
static bool is_unseen_driver(const char *driver)
{
    return !driver || strcmp(driver, "dummy") == 0 || strcmp(driver, "offscreen") == 0 ||
           strcmp(driver, "evdev") == 0;
}

static bool no_display(struct problem *problem)
{
    return problem_set(problem, "there is no display to open a window on; `mailflow run` shows "
                                "the same in the terminal, `mailflow render` as a picture");
}

static bool start_video(bool may_be_unseen, struct problem *problem)
{
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    SDL_SetHint(SDL_HINT_APP_NAME, "mailflow");
#ifdef __linux__
    /* Without it there is no Wayland, and trying makes its library complain on standard error. */
    if (!getenv("XDG_RUNTIME_DIR"))
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11");
#endif
    bool is_up = SDL_InitSubSystem(SDL_INIT_VIDEO) == 0;
    if (!is_up && may_be_unseen) {
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
        is_up = SDL_InitSubSystem(SDL_INIT_VIDEO) == 0;
    }
    if (!is_up)
        return no_display(problem);
    const char *driver = SDL_GetCurrentVideoDriver();
    if (is_unseen_driver(driver) && !may_be_unseen) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return no_display(problem);
    }
    /* We paint in memory: on X11 the shortest way to the screen leads past the graphics card, and
       works without one. */
    if (driver && strcmp(driver, "x11") == 0)
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    return true;
}

static void make_cursors(struct window *window)
{
    static const SDL_SystemCursor names[WINDOW_CURSORS] = {
        [WINDOW_CURSOR_ARROW] = SDL_SYSTEM_CURSOR_ARROW,
        [WINDOW_CURSOR_HAND] = SDL_SYSTEM_CURSOR_HAND,
        [WINDOW_CURSOR_TEXT] = SDL_SYSTEM_CURSOR_IBEAM,
        [WINDOW_CURSOR_SIDEWAYS] = SDL_SYSTEM_CURSOR_SIZEWE,
    };
    for (int i = 0; i < WINDOW_CURSORS; i++)
        window->cursors[i] = SDL_CreateSystemCursor(names[i]);
}

/* Not larger than the screen: what lies outside could not be reached. */
static void fit_screen(int *w, int *h)
{
    SDL_Rect room;
    if (is_unseen_driver(SDL_GetCurrentVideoDriver()) || SDL_GetDisplayUsableBounds(0, &room) != 0)
        return;
    *w = *w < room.w ? *w : room.w;
    *h = *h < room.h ? *h : room.h;
}

struct window *window_open(const char *title, int w, int h, bool may_be_unseen,
                           struct problem *problem)
{
    if (!start_video(may_be_unseen, problem))
        return NULL;
    struct window *window = memory_take(sizeof *window);
    window->opened_ms = SDL_GetTicks64();
    fit_screen(&w, &h);
    window->sdl = SDL_CreateWindow(title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, w, h,
                                   SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!window->sdl) {
        problem_set(problem, "cannot open a window: %s", SDL_GetError());
        window_close(window);
        return NULL;
    }
    SDL_SetWindowMinimumSize(window->sdl, 480, 320);
    make_cursors(window);
    SDL_EventState(SDL_DROPFILE, SDL_ENABLE);
    SDL_StartTextInput();
    return window;
}

void window_close(struct window *window)
{
    if (!window)
        return;
    for (int i = 0; i < WINDOW_CURSORS; i++)
        if (window->cursors[i])
            SDL_FreeCursor(window->cursors[i]);
    SDL_FreeSurface(window->canvas);
    if (window->sdl)
        SDL_DestroyWindow(window->sdl);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    free(window);
}

/* Pixels in a unit of the display list. */
static float scale_of(const struct window *window)
{
    int w = 0, pixels = 0;
    SDL_GetWindowSize(window->sdl, &w, NULL);
    SDL_GetWindowSizeInPixels(window->sdl, &pixels, NULL);
    return w > 0 && pixels > 0 ? (float)pixels / (float)w : 1;
}

void window_size(const struct window *window, float *w, float *h)
{
    int wide = 0, high = 0;
    SDL_GetWindowSize(window->sdl, &wide, &high);
    *w = (float)wide;
    *h = (float)high;
}

void window_set_size(struct window *window, int w, int h)
{
    SDL_SetWindowSize(window->sdl, w, h);
}

static bool resize_event(const struct window *window, struct input_event *event)
{
    *event = (struct input_event){.kind = INPUT_RESIZE};
    window_size(window, &event->w, &event->h);
    return true;
}

static bool take_press(struct window *window, const SDL_KeyboardEvent *press,
                       struct input_event *event)
{
    if (press->keysym.sym != SDLK_F11)
        return keys_of_press(press, event);
    bool is_full = (SDL_GetWindowFlags(window->sdl) & SDL_WINDOW_FULLSCREEN_DESKTOP) != 0;
    SDL_SetWindowFullscreen(window->sdl, is_full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
    return false;
}

/* One text makes a key event, when it is one character of ASCII, and then a text event. */
static bool take_text(struct window *window, const SDL_TextInputEvent *typed,
                      struct input_event *event)
{
    SDL_Keymod mod = SDL_GetModState();
    if (!keys_is_typing(mod))
        return false;
    struct input_event text = {.kind = INPUT_TEXT};
    snprintf(text.text, sizeof text.text, "%s", typed->text);
    if (!keys_of_text(typed->text, mod, event)) {
        *event = text;
        return true;
    }
    window->waiting = text;
    window->has_waiting = true;
    return true;
}

static bool take_button(const SDL_MouseButtonEvent *button, struct input_event *event)
{
    *event = (struct input_event){
        .kind = button->type == SDL_MOUSEBUTTONDOWN ? INPUT_PRESS : INPUT_RELEASE,
        .x = (float)button->x,
        .y = (float)button->y,
        .button = button->button,
        .shift = (SDL_GetModState() & KMOD_SHIFT) != 0,
        .ctrl = (SDL_GetModState() & KMOD_CTRL) != 0,
    };
    return button->button >= SDL_BUTTON_LEFT && button->button <= SDL_BUTTON_RIGHT;
}

static bool take_wheel(const SDL_MouseWheelEvent *wheel, struct input_event *event)
{
    float lines = wheel->preciseY != 0 ? wheel->preciseY : (float)wheel->y;
    *event = (struct input_event){
        .kind = INPUT_WHEEL,
        .x = (float)wheel->mouseX,
        .y = (float)wheel->mouseY,
        .wheel = wheel->direction == SDL_MOUSEWHEEL_FLIPPED ? -lines : lines,
        .shift = (SDL_GetModState() & KMOD_SHIFT) != 0,
        .ctrl = (SDL_GetModState() & KMOD_CTRL) != 0,
    };
    return lines != 0;
}

static bool take_drop(SDL_DropEvent *drop, struct input_event *event)
{
    *event = (struct input_event){.kind = INPUT_DROP};
    if (drop->file)
        snprintf(event->text, sizeof event->text, "%s", drop->file);
    SDL_free(drop->file);
    return event->text[0] != '\0';
}

static bool take_window_event(struct window *window, const SDL_WindowEvent *from,
                              struct input_event *event)
{
    if (from->event == SDL_WINDOWEVENT_EXPOSED || from->event == SDL_WINDOWEVENT_SIZE_CHANGED)
        window->is_stale = true;
    return from->event == SDL_WINDOWEVENT_SIZE_CHANGED && resize_event(window, event);
}

/* False: SDL's event is nothing for us. */
static bool take(struct window *window, SDL_Event *from, struct input_event *event)
{
    if (from->type == SDL_QUIT) {
        *event = (struct input_event){.kind = INPUT_QUIT};
        return true;
    }
    if (from->type == SDL_MOUSEMOTION) {
        *event = (struct input_event){
            .kind = INPUT_MOVE, .x = (float)from->motion.x, .y = (float)from->motion.y};
        return true;
    }
    if (from->type == SDL_MOUSEBUTTONDOWN || from->type == SDL_MOUSEBUTTONUP)
        return take_button(&from->button, event);
    if (from->type == SDL_MOUSEWHEEL)
        return take_wheel(&from->wheel, event);
    if (from->type == SDL_KEYDOWN)
        return take_press(window, &from->key, event);
    if (from->type == SDL_TEXTINPUT)
        return take_text(window, &from->text, event);
    if (from->type == SDL_DROPFILE)
        return take_drop(&from->drop, event);
    return from->type == SDL_WINDOWEVENT && take_window_event(window, &from->window, event);
}

bool window_poll(struct window *window, struct input_event *event)
{
    if (window->has_waiting) {
        *event = window->waiting;
        window->has_waiting = false;
        return true;
    }
    SDL_Event from;
    while (SDL_PollEvent(&from))
        if (take(window, &from, event))
            return true;
    return false;
}

void window_wait(struct window *window, int most_ms)
{
    if (!window->has_waiting && most_ms > 0)
        SDL_WaitEventTimeout(NULL, most_ms);
}

int64_t window_time_ms(const struct window *window)
{
    return (int64_t)(SDL_GetTicks64() - window->opened_ms);
}

static bool is_ours(Uint32 format)
{
    return format == SDL_PIXELFORMAT_ARGB8888 || format == SDL_PIXELFORMAT_RGB888;
}

/* Where to paint: the screen's own pixels if they are as Cairo wants them, else a canvas of its
   size that is converted. NULL when there is neither. */
static SDL_Surface *surface_to_paint(struct window *window, SDL_Surface *screen)
{
    if (is_ours(screen->format->format))
        return screen;
    if (window->canvas && window->canvas->w == screen->w && window->canvas->h == screen->h)
        return window->canvas;
    SDL_FreeSurface(window->canvas);
    window->canvas =
        SDL_CreateRGBSurfaceWithFormat(0, screen->w, screen->h, 32, SDL_PIXELFORMAT_ARGB8888);
    if (window->canvas)
        SDL_SetSurfaceBlendMode(window->canvas, SDL_BLENDMODE_NONE);
    return window->canvas;
}

void window_show(struct window *window, struct painter *painter, const struct draw_list *list)
{
    SDL_Surface *screen = SDL_GetWindowSurface(window->sdl);
    SDL_Surface *to = screen ? surface_to_paint(window, screen) : NULL;
    if (!to)
        return;
    /* After a change of size the new pixels may lie where the old ones did. */
    if (window->is_stale)
        paint_forget(painter);
    window->is_stale = false;
    struct paint_area areas[PAINT_AREAS];
    SDL_Rect rects[PAINT_AREAS];
    int count =
        paint_changes(painter, list, to->pixels, to->w, to->h, to->pitch, scale_of(window), areas);
    for (int i = 0; i < count; i++) {
        rects[i] = (SDL_Rect){areas[i].left, areas[i].top, areas[i].right - areas[i].left,
                              areas[i].bottom - areas[i].top};
        if (to != screen)
            SDL_BlitSurface(to, &rects[i], screen, &rects[i]);
    }
    if (count > 0)
        SDL_UpdateWindowSurfaceRects(window->sdl, rects, count);
}

void window_cursor(struct window *window, enum window_cursor cursor)
{
    if (cursor == window->cursor || !window->cursors[cursor])
        return;
    window->cursor = cursor;
    SDL_SetCursor(window->cursors[cursor]);
}

bool window_copy(struct window *window, struct slice text)
{
    (void)window;
    char *copy = memory_take(text.size + 1);
    if (text.size)
        memcpy(copy, text.data, text.size);
    bool good = SDL_SetClipboardText(copy) == 0;
    free(copy);
    return good;
}

struct slice window_paste(struct window *window, struct arena *arena)
{
    (void)window;
    char *text = SDL_GetClipboardText();
    struct slice copy = arena_copy(arena, slice_of(text));
    SDL_free(text);
    return copy;
}
