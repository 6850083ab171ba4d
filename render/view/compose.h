/*
 * Private to this folder: the form in which a message is written: a new one, or one that a mail
 * program makes from one that it has. What was typed stays until it is sent.
 */
#ifndef RENDER_VIEW_COMPOSE_H
#define RENDER_VIEW_COMPOSE_H

#include "render/view/state.h"

enum compose_mode { COMPOSE_NEW, COMPOSE_REPLY, COMPOSE_REPLY_ALL, COMPOSE_FORWARD };

struct compose_answer {
    enum compose_mode mode;
    uint32_t agent; /* whose program: the author of a new one */
    uint32_t msg;   /* what is answered */
    /* ` message="1"`, which one that is for its program; and its text, which the program quotes.
       Both copied. */
    struct slice choice, text;
};
void compose_open(struct view *view, const struct compose_answer *about);

#endif
