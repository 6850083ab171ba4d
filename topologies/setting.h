/*
 * A role's setting as people write it on one line: "require_auth=false",
 * "local=a.example,b.example". It is read as a topology file's is.
 */
#ifndef TOPOLOGIES_SETTING_H
#define TOPOLOGIES_SETTING_H

#include "agents/roles/config.h"
#include "sim/base/arena.h"
#include "sim/base/problem.h"

/* The value of this key; that the hosts it names are there is not looked at. In the arena, or
   borrowed from `text`. */
bool setting_read(const struct config_key *key, struct slice text, struct arena *arena,
                  struct config_value *value, struct problem *problem);
/* The same as a topology file has it: numbers and truths as they are, a list between commas, all
   else in quotes. What is none of its type is in quotes, too. */
struct slice setting_json(const struct config_key *key, struct slice text, struct arena *arena);
/* And back. */
struct slice setting_print(const struct config_value *value, struct arena *arena);

#endif
