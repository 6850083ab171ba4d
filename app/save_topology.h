/*
 * The topology of a live world as a file: the text that was opened, with all that was changed since
 * folded into it (topologies/edit.h).
 */
#ifndef APP_SAVE_TOPOLOGY_H
#define APP_SAVE_TOPOLOGY_H

#include "app/live.h"

/*
 * Writes the chosen run's topology to `path`, which must be new, or that of the last time, or where
 * it came from. With "" it goes there; but what comes with mailflow, and standard input, are never
 * written to: then it is NAME-2.json, or the next number that is free, in the current folder.
 * live->saved says where it went. The file is written whole or not at all.
 *
 * An edit that a file can't say is left out, and `left_out` says the first of them ("" none).
 */
bool save_topology(struct live *live, const char *path, struct problem *left_out,
                   struct problem *problem);
/* True when something was changed that no file has yet. */
bool save_topology_is_due(const struct live *live);
/* Appends the topology as it is now. */
bool save_topology_text(const struct live *live, struct bytes *out, struct problem *left_out,
                        struct problem *problem);

#endif
