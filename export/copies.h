/*
 * The copies of messages that were delivered, in the order of the trace.
 *
 *     uint32_t id = 0;
 *     struct copy copy;
 *     while (copies_next(log, message, &id, &copy)) ...
 */
#ifndef EXPORT_COPIES_H
#define EXPORT_COPIES_H

#include "sim/base/bytes.h"
#include "sim/trace/log.h"

struct copy {
    uint32_t at; /* a place: who delivered it */
    int64_t t;
    struct slice sender;       /* of the envelope, "" for a notice; as Return-Path says */
    struct slice header, body; /* in the log */
};

/* The next copy from event *id on, of this message or of any (0). */
bool copies_next(const struct log *log, uint32_t message, uint32_t *id, struct copy *copy);
/* Why there is none: a problem's sentence. Gives false. */
struct problem;
bool copies_none(uint32_t message, struct problem *problem);

#endif
