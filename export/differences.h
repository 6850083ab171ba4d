/*
 * Two runs in words, or as JSON: where they part (sim/trace/parting.h), what led to it, and what
 * became of each message in both. The first run is called A, the second B.
 */
#ifndef EXPORT_DIFFERENCES_H
#define EXPORT_DIFFERENCES_H

#include "export/export.h"
#include "sim/trace/parting.h"

/* `names` are those of the files. */
void differences_write(const struct parting *parting, const char *const names[PARTING_RUNS],
                       FILE *out, const struct export_options *options);
/* One object on one line. */
void differences_write_json(const struct parting *parting, const char *const names[PARTING_RUNS],
                            FILE *out);

/* ---- shared by both ---- */

/* The chain of causes of an event: ids from the first on; to be given back with vector_finish. */
struct differences_chain {
    VECTOR(uint32_t) ids;
};
/* Without segments and datagrams on the way, for which the events they lead to stand. */
void differences_chain(const struct parting *parting, int run, struct differences_chain *chain);

/* The first lines of the two topologies that are not the same; 0: there are none. */
size_t differences_file(const struct parting *parting, struct slice lines[PARTING_RUNS]);

/* A recipient of a message in both runs. */
struct differences_fate {
    uint32_t msg[PARTING_RUNS];            /* 0: the message is not in this run */
    const struct fate *fate[PARTING_RUNS]; /* NULL: nothing is known of it there */
    struct slice rcpt;                     /* "": it still is with its author */
    enum {
        DIFFERENCES_SAME,
        DIFFERENCES_IN_TIME, /* the same came of it at another time */
        DIFFERENCES_OTHER
    } kind;
};
struct differences_fates {
    struct fates *fates[PARTING_RUNS];
    VECTOR(struct differences_fate) rows;
};
void differences_fates(const struct parting *parting, struct differences_fates *fates);
void differences_fates_finish(struct differences_fates *fates);
/* What made it so in this run and is not in the other; PARTING_NONE. */
uint32_t differences_cause(const struct parting *parting, const struct differences_fate *row,
                           int run);

#endif
