/*
 * One event of a JSON Lines trace, read: a parsed line becomes an event of the log, or a problem.
 * For jsonl_load.c only, which cuts the file into lines.
 */
#ifndef SIM_TRACE_JSONL_EVENT_H
#define SIM_TRACE_JSONL_EVENT_H

#include <cjson/cJSON.h>

#include "sim/trace/jsonl.h"
#include "sim/trace/jsonl_words.h"

/* From a place's name (its number in the pool) to its PLACE number. */
struct jsonl_places {
    struct {
        uint32_t text, place; /* place 0: free */
    } * slots;
    size_t size, count;
};

struct jsonl_loader {
    struct log *log;
    struct problem *problem;
    const char *name;
    struct jsonl_places places;
    struct jsonl_words words;
    struct bytes scratch; /* what base64 stood for */
    uint64_t line, octets;
    int64_t events_promised; /* -1: the first line doesn't say */
};

bool jsonl_event_read(struct jsonl_loader *l, const cJSON *object);
/* A number without a fraction, from 0 to `most` and at most 2^53. Accepts NULL: false. */
bool jsonl_whole(const cJSON *v, uint64_t most, uint64_t *whole);
/* Fills in the problem for the line that is being read; gives false. */
bool jsonl_fail_at(struct jsonl_loader *l, size_t column, const char *what);

#endif
