/*
 * A greylist (RFC 6647 2): mail from an address, reverse-path and recipient that were not seen
 * together before is put off for a while. Honest servers come back.
 */
#ifndef AGENTS_ROLES_FILTER_GREY_H
#define AGENTS_ROLES_FILTER_GREY_H

#include "sim/base/arena.h"
#include "sim/base/vector.h"

struct filter_grey_entry {
    struct slice key;
    int64_t first_t, last_t;
    uint32_t next; /* of the same hash; index + 1 */
};

struct filter_grey {
    VECTOR(struct filter_grey_entry) entries;
    uint32_t *table; /* index + 1 */
    size_t table_size;
    struct arena arena; /* of the keys */
};

enum filter_grey_state {
    FILTER_GREY_NEW,   /* never seen, or too long ago */
    FILTER_GREY_EARLY, /* it has come back too soon */
    FILTER_GREY_KNOWN
};
const char *filter_grey_name(enum filter_grey_state state); /* "new" */

void filter_grey_init(struct filter_grey *grey);
void filter_grey_finish(struct filter_grey *grey);
/* Forgets everything. */
void filter_grey_clear(struct filter_grey *grey);

struct filter_grey_times {
    int64_t now, delay, forget; /* nanoseconds */
};
/* Looks a triple up and remembers it. What was not seen for `forget` was never seen. */
enum filter_grey_state filter_grey_see(struct filter_grey *grey, struct slice client,
                                       struct slice from, struct slice rcpt,
                                       const struct filter_grey_times *times);

#endif
