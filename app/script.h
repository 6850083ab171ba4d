/*
 * What is asked of a world on the command line: --script, lines of TIME ACTION, and the times in
 * front of actions.
 */
#ifndef APP_SCRIPT_H
#define APP_SCRIPT_H

#include "app/command.h"
#include "topologies/world.h"

/* "10s fetch by=pc-bob": the time off the front of *action. False when there is none. */
bool script_cut_time(struct slice *action, int64_t *t);
/* Plans all lines of all --script options. False with a problem at its line. */
bool script_plan(const struct command_line *line, struct world *world, struct problem *problem);

#endif
