/*
 * Where a person's files lie on a host's disk: /home/DOMAIN/USER/. Made from an address that comes
 * from outside: nothing in it leads elsewhere.
 */
#ifndef AGENTS_MAIL_HOME_H
#define AGENTS_MAIL_HOME_H

#include "sim/base/arena.h"
#include "sim/base/slice.h"

/* "/home/example.org/bob/.forward"; in the arena. */
struct slice home_path(struct arena *arena, struct slice address, struct slice file);

#endif
