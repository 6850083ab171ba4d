/*
 * Where two runs part. Events of two logs are the same when they say the same at the same time: the
 * kind, the hosts and links by name, the texts by their octets, the numbers; never the numbers that
 * a log only counts with (places, links, connections, messages, events).
 *
 * Three things are no parting: the program's version, the seed, and, where the seeds differ, what
 * is drawn by lot (names in queues, sequence numbers, and texts that have such names in them; of
 * these only the length counts). The networks are compared by themselves: what was declared before
 * anything happened.
 *
 *     struct parting parting;
 *     parting_find(&parting, here, there);
 *     if (parting.first[0] || parting.first[1]) ... the first that only this or only that run has
 *     parting_finish(&parting);
 */
#ifndef SIM_TRACE_PARTING_H
#define SIM_TRACE_PARTING_H

#include "sim/trace/log.h"
#include "sim/trace/pairing.h"

enum { PARTING_RUNS = 2 };
#define PARTING_NONE UINT32_MAX

struct parting {
    const struct log *logs[PARTING_RUNS]; /* borrowed */
    bool has_other_seed, has_other_program, has_other_epoch;
    bool has_other_file;             /* the topologies' texts differ */
    bool has_other_network;          /* something declared at the start differs */
    uint32_t declared[PARTING_RUNS]; /* events of each before anything happened */
    /* The first that happens in this run and not in the other, at or after the moment t at which
       they part; PARTING_NONE: nothing more happens in it alone. */
    uint32_t first[PARTING_RUNS];
    bool is_parted; /* one of these is there */
    int64_t t;
    uint32_t same;  /* so many happenings are the same before */
    int64_t same_t; /* up to here */
    VECTOR(uint32_t)
    match[PARTING_RUNS]; /* of each event: the same one in the other run plus 1; 0: there is none */
};

void parting_find(struct parting *parting, const struct log *here, const struct log *there);
void parting_finish(struct parting *parting);

/* True when nothing but seed and program differs. */
bool parting_is_same(const struct parting *parting);
/* Of run 0 or 1: has the other run this event, too? Run and topology events count as the same. */
bool parting_has_both(const struct parting *parting, int run, uint32_t event);
/* Back along the causes of an event as long as only this run has them: the first of these is what
   led to all that follows. PARTING_NONE when the other run has the event, too. */
uint32_t parting_cause(const struct parting *parting, int run, uint32_t event);
/* Messages that have the same author, recipients and subject, the n-th such to the n-th; rows in
   the order of the first log, then what only the second one has. */
void parting_pair_messages(const struct log *here, const struct log *there,
                           struct pairing *pairing);

#endif
