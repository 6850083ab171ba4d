/*
 * Who looks on while a file is written, and may break it off.
 *
 *     static bool go_on(void *context, uint64_t octets) { return !is_asked_to_stop(context); }
 *     struct export_options options = {.watch = &(struct export_watch){go_on, context}};
 *     if (!export_write(log, "big.jsonl", &options, &problem)) ... not written, nothing left of it
 *
 * What is written is counted by the stream; what computes for long without writing asks by itself.
 */
#ifndef EXPORT_WATCHED_H
#define EXPORT_WATCHED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct export_watch {
    /* Asked again and again, with how much is written so far; false breaks off. */
    bool (*go_on)(void *context, uint64_t octets);
    void *context;
};

/* A stream on its way to another one. */
struct watched {
    FILE *out; /* to be written to; NULL: the stream itself is, as nobody looks on */
    FILE *to;
    const struct export_watch *watch;
    uint64_t octets;
    bool is_broken_off;
};

/* Gives what to write to. `watch` may be NULL; both are borrowed. */
FILE *watched_begin(struct watched *w, FILE *to, const struct export_watch *watch);
/* Passes on what is left. False when it was broken off, and then nothing more is passed on; a fault
   of the stream itself is left to ferror(to). */
bool watched_end(struct watched *w);

/* For what takes long without writing anything. */
bool watched_go_on(const struct export_watch *watch, uint64_t octets);

#endif
