#include "render/sdl/keys.h"

static void set_modifiers(struct input_event *event, unsigned mod)
{
    event->shift = (mod & KMOD_SHIFT) != 0;
    event->ctrl = (mod & (KMOD_CTRL | KMOD_GUI)) != 0;
    event->alt = (mod & KMOD_LALT) != 0;
}

/* Right Alt is AltGr: on many keyboards it is the way to type @ and {. */
bool keys_is_typing(SDL_Keymod mod)
{
    bool is_altgr = (mod & (KMOD_RALT | KMOD_MODE)) != 0;
    return is_altgr || (mod & (KMOD_CTRL | KMOD_LALT | KMOD_GUI)) == 0;
}

static int key_of(SDL_Keycode code)
{
    static const struct {
        SDL_Keycode code;
        int key;
    } keys[] = {
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
        {SDLK_F2, INPUT_KEY_F2},
        {SDLK_F10, INPUT_KEY_F10},
        {SDLK_APPLICATION, INPUT_KEY_MENU},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i].code == code)
            return keys[i].key;
    return 0;
}

/* Keys of the number block, for what the same sign does elsewhere. */
static SDL_Keycode plain_code(SDL_Keycode code)
{
    return code == SDLK_KP_PLUS    ? SDLK_PLUS
           : code == SDLK_KP_MINUS ? SDLK_MINUS
           : code == SDLK_KP_0     ? SDLK_0
                                   : code;
}

static bool is_printing(SDL_Keycode code)
{
    return code >= ' ' && code < 0x7F;
}

bool keys_of_press(const SDL_KeyboardEvent *press, struct input_event *event)
{
    SDL_Keycode code = press->keysym.sym;
    int key = key_of(code);
    code = plain_code(code);
    if (key == 0 && is_printing(code) && !keys_is_typing((SDL_Keymod)press->keysym.mod))
        key = (unsigned char)slice_lower((char)code);
    if (key == 0)
        return false;
    *event = (struct input_event){.kind = INPUT_KEY, .key = key};
    set_modifiers(event, press->keysym.mod);
    return true;
}

bool keys_of_text(const char *text, SDL_Keymod mod, struct input_event *event)
{
    if (text[0] < ' ' || text[0] == 0x7F || text[1] != '\0')
        return false;
    *event = (struct input_event){.kind = INPUT_KEY, .key = (unsigned char)slice_lower(text[0])};
    set_modifiers(event, mod);
    event->ctrl = event->alt = false;
    return true;
}
