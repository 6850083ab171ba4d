/*
 * The knocker: a program that tries the doors of a host, one port after the other, as a worm or
 * somebody curious does. At an open door it says the words it was given, a line for each reply,
 * and leaves. It can do no more than knock: the trace shows who answered, and what.
 */
#ifndef AGENTS_ROLES_KNOCKER_H
#define AGENTS_ROLES_KNOCKER_H

#include "agents/roles/registry.h"

extern const struct role knocker_role;

#define KNOCKER_DOOR_EXPECTED                                                                      \
    "a port, and what is said there if anything, such as 79 or 25 DEBUG; | stands between lines"

/* "25 DEBUG", "25 HELO pc|EXPN bob", "79". `words` points into text. */
bool knocker_read_door(struct slice text, uint32_t *port, struct slice *words);

#endif
