/*
 * What a command works on: a topology, made into a world, or a saved trace. A word on the command
 * line names a file, standard input (-), or a topology that comes with mailflow (two-towns).
 */
#ifndef APP_SOURCE_H
#define APP_SOURCE_H

#include <stdio.h>

#include "topologies/world.h"

struct source {
    bool is_trace;
    struct log trace;         /* of a saved trace */
    struct topology topology; /* of a world */
    struct world *world;
};

enum { SOURCE_PATH = 4096 };

/* The file that is meant. False with a problem when there is none; it names the nearest that is. */
bool source_find(const char *word, char path[SOURCE_PATH], struct problem *problem);
/* By its ending, or by its first octets. */
bool source_is_trace(const char *path);

/* On success to be given back with topology_finish, log_finish. `in` is standard input. */
bool source_load_topology(struct topology *topology, const char *word, FILE *in,
                          struct problem *problem);
bool source_load_trace(struct log *log, const char *word, FILE *in, struct problem *problem);

/* Loads either. A world has its demonstration planned and run until it is quiet. */
bool source_open(struct source *source, const char *word, uint64_t seed, FILE *in,
                 struct problem *problem);
void source_close(struct source *source);
const struct log *source_log(const struct source *source);

#endif
