#include <SDL.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "render/sdl/window.h"

static struct window *window;
static struct problem problem;

static void start(void)
{
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    window = window_open("test", 640, 480, true, &problem);
    cr_assert_not_null(window, "%s", problem.what);
    struct input_event event;
    for (int i = 0; i < 100 && window_poll(window, &event); i++)
        ;
}

static void finish(void)
{
    window_close(window);
}

TestSuite(window, .init = start, .fini = finish);

static void send(SDL_Event event)
{
    cr_assert_eq(SDL_PushEvent(&event), 1);
}

static void send_text(const char *text)
{
    SDL_Event event = {.type = SDL_TEXTINPUT};
    strncpy(event.text.text, text, sizeof event.text.text - 1);
    send(event);
}

static void send_key(SDL_Keycode code, int mod)
{
    send((SDL_Event){.key = {.type = SDL_KEYDOWN, .keysym = {.sym = code, .mod = (Uint16)mod}}});
}

/* The next event of a kind; others before it are dropped. A poll without an event need not be the
   end: SDL says so once after each look at the system. */
static struct input_event next(enum input_kind kind)
{
    struct input_event event = {.kind = INPUT_QUIT};
    for (int i = 0; i < 100; i++)
        if (window_poll(window, &event) && event.kind == kind)
            return event;
    cr_assert_fail("no event of kind %d", (int)kind);
    return event;
}

Test(window_open, refuses_a_screen_that_nobody_sees)
{
    static const char *const drivers[] = {"dummy", "offscreen", "no such driver"};
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    for (size_t i = 0; i < 3; i++) {
        setenv("SDL_VIDEODRIVER", drivers[i], 1);
        memset(&problem, 0, sizeof problem);
        cr_expect_null(window_open("test", 640, 480, false, &problem));
        cr_expect_not_null(strstr(problem.what, "no display"), "%s", problem.what);
        cr_expect_not_null(strstr(problem.what, "mailflow run"), "%s", problem.what);
    }
}

Test(window_open, refuses_without_any_display_and_goes_unseen_when_asked)
{
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    unsetenv("SDL_VIDEODRIVER");
    cr_expect_null(window_open("test", 640, 480, false, &problem));
    struct window *unseen = window_open("test", 640, 480, true, &problem);
    cr_expect_not_null(unseen);
    window_close(unseen);
}

Test(window, has_the_size_that_was_asked_for)
{
    float w, h;
    window_size(window, &w, &h);
    cr_expect_float_eq(w, 640, 0);
    cr_expect_float_eq(h, 480, 0);
}

Test(window, a_typed_character_is_a_key_and_a_text)
{
    struct input_event event;
    send_text("?");
    send_text("\xC3\xBC");
    cr_assert(window_poll(window, &event));
    cr_expect(event.kind == INPUT_KEY && event.key == '?');
    cr_assert(window_poll(window, &event));
    cr_expect(event.kind == INPUT_TEXT && strcmp(event.text, "?") == 0);
    cr_assert(window_poll(window, &event));
    cr_expect(event.kind == INPUT_TEXT && strcmp(event.text, "\xC3\xBC") == 0);
    cr_expect_not(window_poll(window, &event));
}

Test(window, mouse_and_wheel_come_in_units_of_the_picture)
{
    send((SDL_Event){.motion = {.type = SDL_MOUSEMOTION, .x = 30, .y = 40}});
    send((SDL_Event){.button = {.type = SDL_MOUSEBUTTONDOWN, .button = 3, .x = 31, .y = 41}});
    send((SDL_Event){.button = {.type = SDL_MOUSEBUTTONUP, .button = 1, .x = 32, .y = 42}});
    send((SDL_Event){.wheel = {.type = SDL_MOUSEWHEEL, .y = -2, .preciseY = -1.5f, .mouseX = 7}});
    struct input_event event = next(INPUT_MOVE);
    cr_expect(event.x == 30 && event.y == 40);
    event = next(INPUT_PRESS);
    cr_expect(event.x == 31 && event.y == 41 && event.button == 3);
    event = next(INPUT_RELEASE);
    cr_expect(event.x == 32 && event.button == 1);
    event = next(INPUT_WHEEL);
    cr_expect(event.wheel == -1.5f && event.x == 7);
}

/* How large everything is drawn is the view's to say. */
Test(window, ctrl_and_plus_is_a_key_like_any_other)
{
    send_key(SDLK_PLUS, KMOD_LCTRL);
    struct input_event event = next(INPUT_KEY);
    cr_expect(event.key == '+' && event.ctrl && !event.shift);
}

Test(window, a_dropped_file_comes_with_its_path_cut_to_its_room)
{
    SDL_Event drop = {.drop = {.type = SDL_DROPFILE}};
    drop.drop.file = SDL_strdup("/home/alice/trace.jsonl");
    send(drop);
    struct input_event event = next(INPUT_DROP);
    cr_expect_str_eq(event.text, "/home/alice/trace.jsonl");
    char *longer = SDL_malloc(1000);
    memset(longer, 'x', 999);
    longer[999] = '\0';
    drop.drop.file = longer;
    send(drop);
    event = next(INPUT_DROP);
    cr_expect_eq(strlen(event.text), 255);
}

Test(window, closing_it_is_an_event)
{
    send((SDL_Event){.type = SDL_QUIT});
    next(INPUT_QUIT);
}

Test(window, shows_a_list_and_then_only_what_changed)
{
    struct glyphs *glyphs = glyphs_create();
    struct painter *painter = paint_create(glyphs);
    struct draw_list list;
    draw_init(&list, glyphs_measure, glyphs);
    for (int frame = 0; frame < 5; frame++) {
        draw_clear(&list);
        draw_rect(&list, (struct draw_box){0, 0, 640, 480}, 0, 0xFFFFFFFF, 0, 0);
        draw_rect(&list, (struct draw_box){100 + 20 * (float)frame, 100, 20, 20}, 0, 0x0072B2FF, 0,
                  0);
        window_show(window, painter, &list);
    }
    SDL_Window *sdl = SDL_GetWindowFromID(1);
    cr_assert_not_null(sdl);
    SDL_Surface *screen = SDL_GetWindowSurface(sdl);
    cr_assert_eq(screen->format->BytesPerPixel, 4);
    const uint32_t *row = (const uint32_t *)(const void *)((const char *)screen->pixels +
                                                           (size_t)110 * (size_t)screen->pitch);
    cr_expect_eq(row[190] & 0xFFFFFF, 0x0072B2);
    cr_expect_eq(row[110] & 0xFFFFFF, 0xFFFFFF);
    draw_finish(&list);
    paint_destroy(painter);
    glyphs_destroy(glyphs);
}

Test(window, waiting_ends_when_something_happens_and_time_goes_on)
{
    int64_t before = window_time_ms(window);
    send_text("x");
    window_wait(window, 5000);
    cr_expect_lt(window_time_ms(window) - before, 4000);
    struct input_event event;
    cr_expect(window_poll(window, &event));
    cr_expect(window_poll(window, &event));
    window_wait(window, 20);
    cr_expect_geq(window_time_ms(window), before);
}

Test(window, a_text_can_be_copied_and_the_cursor_changed)
{
    cr_expect(window_copy(window, SLICE("Received: from out")));
    char *copied = SDL_GetClipboardText();
    cr_expect_str_eq(copied, "Received: from out");
    SDL_free(copied);
    window_cursor(window, WINDOW_CURSOR_HAND);
    window_cursor(window, WINDOW_CURSOR_ARROW);
}
