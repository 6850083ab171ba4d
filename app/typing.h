/*
 * What a person types at a prompt, line by line: at a terminal with the keys of a line (left and
 * right, Home and End), the lines before (up and down) and Tab, which completes a word. From a
 * pipe, at a dumb terminal, or where mailflow was built without libedit, plain lines.
 *
 *     struct typing typing;
 *     typing_open(&typing, in, out, names, context);
 *     while (typing_line(&typing, "09:00> ", text, sizeof text)) ...
 *     typing_close(&typing);
 */
#ifndef APP_TYPING_H
#define APP_TYPING_H

#include <stdio.h>

#include "sim/base/slice.h"

/* The i-th word that may stand there, first in a line or behind others; "" behind the last. Until
   the next call. */
typedef void typing_names(void *context, bool is_first, size_t i, struct slice *name);

struct typing {
    FILE *in, *out;
    typing_names *names;
    void *context;
    const char *prompt;
    void *edit, *history; /* libedit's; NULL: plain lines */
};

/* Borrowed until it is closed. */
void typing_open(struct typing *typing, FILE *in, FILE *out, typing_names *names, void *context);
void typing_close(struct typing *typing);
/* With its line end, cut where it does not fit; false: there is no more. The prompt is for who sees
   it: not shown where nobody is at the other end. */
bool typing_line(struct typing *typing, const char *prompt, char *text, size_t room);

#endif
