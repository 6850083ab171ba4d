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
#define SCRIPT_IN_ADVANCE INT64_C(-1)

/*
 * Plans all lines of all --script options. False with a problem at its line. Where one of them
 * changes the network itself, the world is run up to each line before it is read, at most until
 * then; not with SCRIPT_IN_ADVANCE, when the world's time is somebody else's.
 */
bool script_plan(const struct command_line *line, struct world *world, int64_t until,
                 struct problem *problem);

#endif
