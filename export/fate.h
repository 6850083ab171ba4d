/*
 * What became of each recipient of each message: one pass over a trace, event by event in order; a
 * fate is what the events so far say of it.
 *
 *     struct fates fates;
 *     fates_init(&fates, log);
 *     for (uint32_t id = 0; id < log_count(log); id++) fates_note(&fates, id);
 *     for (const struct fate *f = fates_first(&fates, msg); f; f = fates_next(&fates, f)) ...
 *     fates_finish(&fates);
 */
#ifndef EXPORT_FATE_H
#define EXPORT_FATE_H

#include "sim/base/bytes.h"
#include "sim/base/vector.h"
#include "sim/trace/log.h"

enum fate_state {
    FATE_TAKEN,   /* a server has taken it, or is about to hand it on */
    FATE_WAITING, /* in the queue of `holder` */
    FATE_DELIVERED,
    FATE_REFUSED, /* to its author's face */
    FATE_GIVEN_UP,
    FATE_REPLACED, /* others stand for it: an alias, a forwarding, a list */
    FATE_DROPPED   /* a notice that could not be delivered */
};

/* One recipient of one message. */
struct fate {
    uint32_t msg, rcpt, next; /* rcpt: a text; next: the message's next recipient, + 1 */
    enum fate_state state;
    uint32_t holder; /* a host in whose queue it waits; 0 none */
    uint32_t event;  /* the event that made the state */
    uint32_t attempts;
    uint32_t fetch; /* the event of the first fetch of the copy, + 1 */
    uint32_t copies, notice;
};

struct fates {
    const struct log *log;
    VECTOR(struct fate) items;
    uint32_t *first; /* of each message: index of its first fate, + 1 */
};

void fates_init(struct fates *fates, const struct log *log);
void fates_finish(struct fates *fates);
void fates_note(struct fates *fates, uint32_t id);
/* In the order in which recipients were first spoken of; NULL behind the last. */
const struct fate *fates_first(const struct fates *fates, uint32_t msg);
const struct fate *fates_next(const struct fates *fates, const struct fate *fate);

/* "delivered into bob at 09:00:00.734, after 734ms; 3 Received fields". Flags of printable.h. */
void fate_words(const struct log *log, const struct fate *fate, unsigned flags, struct bytes *out);
/* In a word or two: "delivered", "waits at out". */
void fate_brief(const struct log *log, const struct fate *fate, unsigned flags, struct bytes *out);

#endif
