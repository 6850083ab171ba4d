#include <criterion/criterion.h>

#include "render/sdl/keys.h"

static bool press(SDL_Keycode code, int mod, struct input_event *event)
{
    SDL_KeyboardEvent from = {.type = SDL_KEYDOWN, .keysym = {.sym = code, .mod = (Uint16)mod}};
    return keys_of_press(&from, event);
}

Test(keys, keys_that_do_not_print_have_names_of_their_own)
{
    static const struct {
        SDL_Keycode code;
        int key;
    } rows[] = {
        {SDLK_RETURN, INPUT_KEY_ENTER},
        {SDLK_KP_ENTER, INPUT_KEY_ENTER},
        {SDLK_ESCAPE, INPUT_KEY_ESCAPE},
        {SDLK_TAB, INPUT_KEY_TAB},
        {SDLK_BACKSPACE, INPUT_KEY_BACKSPACE},
        {SDLK_DELETE, INPUT_KEY_DELETE},
        {SDLK_LEFT, INPUT_KEY_LEFT},
        {SDLK_RIGHT, INPUT_KEY_RIGHT},
        {SDLK_UP, INPUT_KEY_UP},
        {SDLK_DOWN, INPUT_KEY_DOWN},
        {SDLK_HOME, INPUT_KEY_HOME},
        {SDLK_END, INPUT_KEY_END},
        {SDLK_PAGEUP, INPUT_KEY_PAGE_UP},
        {SDLK_PAGEDOWN, INPUT_KEY_PAGE_DOWN},
        {SDLK_F1, INPUT_KEY_F1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct input_event event;
        cr_assert(press(rows[i].code, KMOD_LSHIFT, &event));
        cr_expect_eq(event.kind, INPUT_KEY);
        cr_expect_eq(event.key, rows[i].key);
        cr_expect(event.shift && !event.ctrl && !event.alt);
    }
}

Test(keys, a_printing_key_comes_by_its_text_and_with_ctrl_by_its_press)
{
    struct input_event event;
    cr_expect_not(press('a', KMOD_NONE, &event));
    cr_expect_not(press('/', KMOD_LSHIFT, &event));
    cr_expect(press('s', KMOD_LCTRL, &event));
    cr_expect(event.key == 's' && event.ctrl);
    cr_expect(press('s', KMOD_LALT, &event));
    cr_expect(event.key == 's' && event.alt && !event.ctrl);
    cr_expect_not(press(SDLK_LSHIFT, KMOD_LSHIFT, &event));
    cr_expect_not(press(SDLK_F7, KMOD_NONE, &event));
}

Test(keys, a_typed_character_is_the_key_that_it_shows)
{
    struct input_event event;
    cr_assert(keys_of_text("?", KMOD_LSHIFT, &event));
    cr_expect(event.kind == INPUT_KEY && event.key == '?' && event.shift);
    cr_assert(keys_of_text("A", KMOD_LSHIFT, &event));
    cr_expect_eq(event.key, 'a');
    cr_expect_not(keys_of_text("\xC3\xBC", KMOD_NONE, &event));
    cr_expect_not(keys_of_text("", KMOD_NONE, &event));
    cr_expect_not(keys_of_text("ab", KMOD_NONE, &event));
}

/* On many keyboards @ is AltGr and q; some systems report AltGr as Ctrl and right Alt. */
Test(keys, altgr_types_and_ctrl_does_not)
{
    cr_expect(keys_is_typing(KMOD_NONE));
    cr_expect(keys_is_typing(KMOD_LSHIFT | KMOD_CAPS));
    cr_expect(keys_is_typing(KMOD_RALT));
    cr_expect(keys_is_typing(KMOD_MODE));
    cr_expect(keys_is_typing((SDL_Keymod)(KMOD_RALT | KMOD_LCTRL)));
    cr_expect_not(keys_is_typing(KMOD_LCTRL));
    cr_expect_not(keys_is_typing(KMOD_LALT));
    cr_expect_not(keys_is_typing(KMOD_LGUI));
}
