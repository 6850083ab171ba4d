/*
 * The sender rewriting scheme: who forwards mail to another domain puts an address of its own into
 * the reverse-path, so that the next server finds the forwarder allowed to send for it (RFC 7208
 * D.3), and a notice comes back through the forwarder to who wrote. The author's address is within
 * it, with the day and a short keyed hash, so that nobody can have others' mail passed on by making
 * one up:
 *
 *     SRS0=HASH=DAY=example.com=alice@example.org
 *     SRS1=HASH=example.org==HASH=DAY=example.com=alice@example.net    forwarded once more
 */
#ifndef AGENTS_ROLES_SRS_H
#define AGENTS_ROLES_SRS_H

#include "sim/base/arena.h"
#include "sim/base/slice.h"

enum { SRS_DAYS_MAX = 21 }; /* so long a notice may come back: longer than any queue keeps mail */

/* The reverse-path for a copy that `domain` forwards; in the arena. "" stays "", and an address of
   `domain` itself as well as one that would be too long is given back as it is. */
struct slice srs_encode(struct slice reverse_path, struct slice domain, uint64_t key, int64_t now_s,
                        struct arena *arena);
/* Does it look like one? */
bool srs_is(struct slice address);
/* Whom a notice to such an address is for; in the arena. False when the hash is wrong or the day is
   too long ago. */
bool srs_decode(struct slice address, uint64_t key, int64_t now_s, struct arena *arena,
                struct slice *original);

#endif
