/*
 * A running world: the simulation made of one topology. It owns everything that runs. Data goes one
 * way: topology in, inputs in, trace out.
 *
 *     struct world *w = world_create(&topology, &(struct world_options){.seed = 1});
 *     world_do(w, 0, SLICE("send from=alice@example.com to=bob@example.org subject=Hello"),
 * &problem); world_run_quiet(w, VTIME_NEVER);
 *     ... read world_log(w) ...
 *     world_destroy(w);
 */
#ifndef TOPOLOGIES_WORLD_H
#define TOPOLOGIES_WORLD_H

#include "agents/proto/sasl_scram.h"
#include "sim/trace/log.h"
#include "topologies/topology.h"

struct world;

/*
 * Keys and certificates, kept from world to world: for who makes many, one after the other. What
 * happens in them is the same as without. Zeroed is empty.
 */
struct world_memory {
    struct sasl_scram_memory logins_made;
    struct tls_authority *tls; /* of the last seed; NULL none */
};
void world_memory_finish(struct world_memory *memory);

struct world_options {
    uint64_t seed;   /* 0 counts as 1 */
    int64_t epoch_s; /* 0: VTIME_DEFAULT_EPOCH_S */
    bool has_no_tls; /* nobody offers it */
    /* Real programs are to come in and to trust the run's authority: certificates name localhost,
       too, and are made from the system's randomness instead of the seed. */
    bool lets_real_in;
    struct world_memory *memory; /* borrowed, by one world at a time; NULL: it begins without */
};

/* Cannot fail for a topology that was loaded. The topology is not needed afterwards. */
struct world *world_create(const struct topology *topology, const struct world_options *options);
void world_destroy(struct world *world); /* accepts NULL */

const struct log *world_log(const struct world *world);
/* The certificate of the run's authority, PEM; "" without TLS. Borrowed for the world's life. */
struct slice world_tls_pem(const struct world *world);
int64_t world_now(const struct world *world);

/*
 * Plans an action at time t (not before now). False, with nothing planned, when its words are
 * wrong. Which verbs there are, and what each wants, is in action.c; for example:
 *
 *   send from=A to=B[,C...] [subject=TEXT] [body=TEXT] [cc=D]   a person writes, and presses send
 *   fetch by=AGENT|HOST|ADDRESS                                 a person presses "get mail"
 *   fault ID on|off                                             a fault of the topology's palette
 *   fault KIND TARGET on|off [key=value...]                     any fault (fault.c)
 *   user add|remove ADDRESS, cut A:B                            people, and cables
 *   host|agent|link|admd add|remove|set ...                     the topology itself (edit.h)
 *
 * A value with blanks is put in double quotes, with \" \\ \n \t inside.
 */
bool world_do(struct world *world, int64_t t, struct slice action, struct problem *problem);
/* The topology as a file, with everything in it that has been edited so far: edit.h says what a
   file can say. Borrowed until the next edit. */
struct slice world_topology(struct world *world);
/* Plans the topology's own demonstration. False at the first action that this world can't do. */
bool world_demo(struct world *world, struct problem *problem);

/* Runs up to and including t. */
void world_run_until(struct world *world, int64_t t);
/* Runs until nothing is on its way any more (queues that wait for a retry are), or until t_max. */
void world_run_quiet(struct world *world, int64_t t_max);
/* Up to and including t, or until nothing is on its way, but at most so many tasks: for what nobody
   vouches for. False: there was more to do. */
bool world_run_some(struct world *world, int64_t t, bool until_quiet, uint64_t tasks_max);
/* Runs the tasks of the next moment at which something happens; false when nothing is left. */
bool world_step(struct world *world);

#endif
