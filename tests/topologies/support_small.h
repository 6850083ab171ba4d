/* A small topology that is right in every way, and ways to spoil it. */
#ifndef TESTS_TOPOLOGIES_SUPPORT_SMALL_H
#define TESTS_TOPOLOGIES_SUPPORT_SMALL_H

#include "topologies/topology.h"

extern const char support_small[];

/* The small one with the first `from` in it made into `to`; in the arena. It must be there. */
struct slice support_changed(struct arena *arena, const char *from, const char *to);
/* The problem's line for this text as "t.json", or "" when it loads. */
const char *support_problem(struct slice json, char line[PROBLEM_LINE]);
/* A whole file of the tree, by its path from the root; in the arena. */
struct slice support_file(struct arena *arena, const char *path);

#endif
