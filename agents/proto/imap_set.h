/*
 * Sets of message numbers or UIDs (sequence-set of RFC 9051 9): "2,4:7,9,12:*", and "$" for what a
 * search has saved (RFC 5182). A set from a client is read, then resolved against the mailbox as
 * the session shows it; from then on its ranges ascend and do not touch, whatever was asked for,
 * and to walk over it costs no more than the messages there are, however large its numbers:
 *
 *     struct imap_set set = {0};
 *     imap_set_read(&set, SLICE("3:*,1"));
 *     imap_set_resolve(&set, view_count);
 *     struct imap_set_walk walk = imap_set_walk_numbers(&set, view_count);
 *     for (size_t place; imap_set_walk_next(&walk, &place);)   0, 2, 3, ...
 *     imap_set_finish(&set);
 */
#ifndef AGENTS_PROTO_IMAP_SET_H
#define AGENTS_PROTO_IMAP_SET_H

#include "sim/base/bytes.h"
#include "sim/base/vector.h"

/* '*' in a set that is not resolved: the highest number in use. 0 is no message's number. */
enum { IMAP_SET_STAR = 0 };

struct imap_range {
    uint32_t first, last; /* both in the set */
};

/* Zeroed is empty. */
struct imap_set {
    VECTOR(struct imap_range) ranges;
    bool is_saved; /* it was "$" */
};
void imap_set_finish(struct imap_set *set);
/* Empty, memory kept. */
void imap_set_clear(struct imap_set *set);

/* sequence-set; adds to the set. Ranges may be in either order ("4:2"), numbers not 0. False when
   the text is none; the set may then hold a part. */
bool imap_set_read(struct imap_set *set, struct slice text);

/*
 * '*' becomes `highest`, the ranges ascend, and those that overlap or touch become one. In an empty
 * mailbox (highest 0) '*' stands for nothing.
 */
void imap_set_resolve(struct imap_set *set, uint32_t highest);
/* As a set of message numbers before it is resolved: false when it names one that is not there, '*'
   in an empty mailbox too (RFC 9051 9, seq-number: BAD). */
bool imap_set_is_within(const struct imap_set *set, uint32_t count);

/* ---- a resolved set ---- */

/* Adds one number. Cheap when numbers come in ascending order; others need imap_set_resolve before
   the set is asked. */
void imap_set_add(struct imap_set *set, uint32_t number);
void imap_set_copy(struct imap_set *to, const struct imap_set *from);
bool imap_set_contains(const struct imap_set *set, uint32_t number);
static inline bool imap_set_is_empty(const struct imap_set *set)
{
    return set->ranges.count == 0;
}
/* How many numbers it has. */
uint64_t imap_set_count(const struct imap_set *set);
/* The lowest and the highest; 0 when it is empty. */
uint32_t imap_set_first(const struct imap_set *set);
uint32_t imap_set_last(const struct imap_set *set);

/* Appends "1:3,7"; nothing for an empty set. False: out is full, and unchanged. */
bool imap_set_write(const struct imap_set *set, struct bytes *out);
/* Appends the numbers each by itself with `before` in front: "* SEARCH" wants " 1 2 3 7". */
bool imap_set_write_numbers(const struct imap_set *set, struct slice before, struct bytes *out);

/*
 * The messages of a set, as places (from 0) in the session's view, ascending. Of a set of message
 * numbers, or of UIDs: `uids` are the view's in ascending order. All is borrowed while walking.
 */
struct imap_set_walk {
    /* private */
    const struct imap_set *set;
    const uint32_t *uids;
    size_t count, range, place;
};
struct imap_set_walk imap_set_walk_numbers(const struct imap_set *set, size_t count);
struct imap_set_walk imap_set_walk_uids(const struct imap_set *set, const uint32_t *uids,
                                        size_t count);
bool imap_set_walk_next(struct imap_set_walk *walk, size_t *place);

#endif
