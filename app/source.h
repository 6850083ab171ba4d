/*
 * What a command works on: a topology, made into a world, a saved trace, or a message, whose header
 * is made into a trace. A word on the command line names a file, standard input (-), or a topology
 * that comes with mailflow (two-towns).
 */
#ifndef APP_SOURCE_H
#define APP_SOURCE_H

#include <stdio.h>

#include "app/command.h"
#include "topologies/campaign.h"

enum { SOURCE_PATH = 4096, SOURCE_NAMES = 256, SOURCE_NAME = 64 };

struct source {
    char path[SOURCE_PATH];   /* "-" standard input */
    bool is_trace, is_mail;   /* is_mail: a trace that was made from a message's header */
    struct log trace;         /* of a saved trace */
    struct problem lost;      /* what a damaged one has lost; what[0] '\0': nothing */
    struct topology topology; /* of a world */
    struct world *world;      /* whoever takes it over puts NULL here */
    struct campaign plan;     /* what was planned in it */
};

/* Kinds of files that come with mailflow, which are the folders that they are in. */
#define SOURCE_TOPOLOGIES "topologies"
#define SOURCE_LESSONS "lessons"
#define SOURCE_BANKS "lessons/quiz"

/* The file of that kind that is meant. False with a problem when there is none. */
bool source_find_file(const char *kind, const char *word, char path[SOURCE_PATH],
                      struct problem *problem);
/* The topology or trace that is meant. False with a problem when there is none; it names the
 * nearest that is. */
bool source_find(const char *word, char path[SOURCE_PATH], struct problem *problem);
/* The names of the files of that kind that come with mailflow, sorted, and the folder that they are
   in; 0 when it is not found. */
size_t source_list(const char *kind, char folder[SOURCE_PATH],
                   char names[SOURCE_NAMES][SOURCE_NAME]);
/* True for a file in such a folder: it is not to be written over. */
bool source_is_shipped(const char *path);
/* By its ending, or by its first octets. */
bool source_is_trace(const char *path);
/* A JSON Schema lies beside the files that it describes. */
bool source_is_schema(const char *path);

/* On success to be given back with topology_finish, log_finish. `in` is standard input. */
bool source_load_topology(struct topology *topology, const char *word, FILE *in,
                          struct problem *problem);
/* A saved trace, or a message, of whose header one is made. */
bool source_load_trace(struct log *log, const char *word, FILE *in, struct problem *problem);
/* Of a cut or damaged trace what comes before the damage; `lost`, empty before, then says where
   that is. NULL: none of such a trace is taken. */
bool source_salvage_trace(struct log *log, const char *word, FILE *in, struct problem *lost,
                          struct problem *problem);

/* How a world is made, and what is to happen in it. */
struct source_options {
    uint64_t seed;
    const struct campaign_profile *faults; /* a run of that campaign; NULL: the demonstration */
    struct slice text; /* the topology or the header of a message itself, with the word only as its
                          name; "":  found by the word */
    bool has_no_demo;  /* nothing is planned in it */
    const struct command_line *line; /* its --store options are planned first; NULL: none */
    bool salvages;                   /* a damaged trace is read as far as it goes */
    uint64_t tasks_max; /* so far it is run when it does not come to rest before; 0: no limit */
};
/* The options --seed, --faults, --salvage and --store. `line` is borrowed. */
bool source_read_options(const struct command_line *line, struct source_options *options,
                         struct problem *problem);

/* Loads either. A world has that planned and run until it is quiet, or tasks_max. */
bool source_open(struct source *source, const char *word, const struct source_options *options,
                 FILE *in, struct problem *problem);
void source_close(struct source *source);
/* The world of an opened topology once more, with all planned, for the caller to run on. */
struct world *source_make_world(const struct source *source, const struct source_options *options);
const struct log *source_log(const struct source *source);

#endif
