/*
 * What a person did, as views see it: no SDL here, so that a script or a test can be the person.
 * Coordinates are CSS pixels (the scale is taken out already).
 */
#ifndef RENDER_DRAW_INPUT_H
#define RENDER_DRAW_INPUT_H

#include "sim/base/slice.h"

enum input_kind {
    INPUT_MOVE,  /* x, y */
    INPUT_PRESS, /* button 1 left, 2 middle, 3 right */
    INPUT_RELEASE,
    INPUT_WHEEL,  /* wheel: lines, up is positive */
    INPUT_KEY,    /* key, with modifiers; repeats come again */
    INPUT_TEXT,   /* text: what was typed, UTF-8 */
    INPUT_RESIZE, /* w, h */
    INPUT_DROP,   /* a file was dropped: path in text, cut to its size */
    INPUT_QUIT
};

/* Printable keys are their ASCII character in lower case ('a', '?', ' '); the others: */
enum input_key {
    INPUT_KEY_ENTER = 256,
    INPUT_KEY_ESCAPE,
    INPUT_KEY_TAB,
    INPUT_KEY_BACKSPACE,
    INPUT_KEY_DELETE,
    INPUT_KEY_LEFT,
    INPUT_KEY_RIGHT,
    INPUT_KEY_UP,
    INPUT_KEY_DOWN,
    INPUT_KEY_HOME,
    INPUT_KEY_END,
    INPUT_KEY_PAGE_UP,
    INPUT_KEY_PAGE_DOWN,
    INPUT_KEY_F1,
    INPUT_KEY_F2,
    INPUT_KEY_F10,
    INPUT_KEY_MENU /* the key for what the right button does */
};

struct input_event {
    enum input_kind kind;
    float x, y, w, h, wheel;
    int button, key;
    bool shift, ctrl, alt;
    char text[256];
};

#endif
