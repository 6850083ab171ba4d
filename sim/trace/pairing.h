/*
 * Two runs side by side: things of two logs belong together when they say the same, the n-th of
 * them in the one to the n-th in the other. What "the same" is, the caller says by a key: a number
 * mixed from what counts. Numbers of texts, places, connections and messages are another log's own,
 * so names and octets are mixed instead.
 *
 *     struct pairing_item here[], there[];                  key and number of each thing
 *     pairing_make(&pairing, here, here_count, there, there_count);
 *     for (size_t i = 0; i < pairing.rows.count; i++) ... pairing.rows.items[i].here, .there
 *     pairing_finish(&pairing);
 */
#ifndef SIM_TRACE_PAIRING_H
#define SIM_TRACE_PAIRING_H

#include "sim/base/slice.h"
#include "sim/base/vector.h"

#define PAIRING_KEY UINT64_C(0xcbf29ce484222325) /* of nothing */

/* FNV-1a, with the end of each text marked. */
uint64_t pairing_mix(uint64_t key, struct slice octets);
uint64_t pairing_mix_number(uint64_t key, uint64_t number);

struct pairing_item {
    uint64_t key;
    uint32_t number;
};

struct pairing_row {
    uint32_t here, there; /* numbers plus 1; 0: only the other run has it */
};

struct pairing {
    VECTOR(struct pairing_row) rows;
};

/* Replaces the rows, in no order that means anything; sorts the items, equal ones by number. */
void pairing_make(struct pairing *pairing, struct pairing_item *here, size_t here_count,
                  struct pairing_item *there, size_t there_count);
void pairing_finish(struct pairing *pairing);

#endif
