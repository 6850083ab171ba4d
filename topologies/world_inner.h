/*
 * What the files of the world share: world.c makes and runs it, world_act.c carries out what people
 * do, world_fault.c what goes wrong, world_live.c lets real programs in.
 */
#ifndef TOPOLOGIES_WORLD_INNER_H
#define TOPOLOGIES_WORLD_INNER_H

#include "agents/roles/office.h"
#include "sim/base/arena.h"
#include "sim/base/vector.h"
#include "sim/kernel/sim.h"
#include "topologies/action.h"
#include "topologies/world.h"

/* A fault of the palette, its target found. */
struct fault {
    struct slice id, label, kind, target;
    struct slice rcpt, esc;
    uint32_t code, extra_ms;
};

/* Used again once it is carried out. */
struct planned {
    struct arena arena; /* of its texts */
    struct slice text;
    struct action action;
};

struct world {
    struct sim sim;
    struct net *net;
    struct office office;
    struct tls_authority *tls; /* the office's pumps have it; NULL without TLS */
    struct arena arena;
    VECTOR(struct fault) faults;
    VECTOR(struct planned) planned;
    VECTOR(uint32_t) free_planned;
    VECTOR(struct topology_demo) demo;
};

/* True when the fault that the action names, and what it is about, are there. */
bool world_fault_check(struct world *w, const struct action *a, struct problem *problem);
/* Sets or clears it, and says so in the trace. It must have been checked. */
void world_fault_set(struct world *w, const struct action *a);

#endif
