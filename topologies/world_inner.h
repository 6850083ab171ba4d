/*
 * What the files of the world share: world.c makes and runs it, world_act.c plans what people do,
 * which world_mail.c (at mail programs and queues), world_set.c (settings) and world_fault.c (what
 * goes wrong) carry out; world_live.c lets real programs in.
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

uint32_t world_text(struct world *w, struct slice s);

/*
 * What a verb does: `check` when it is planned, true when whom and what it names are there; `act`
 * when its time has come, with the problem set where it turns out that it can't be done.
 */
struct world_verb {
    bool (*check)(struct world *w, const struct action *a, struct problem *problem);
    bool (*act)(struct world *w, const struct action *a, struct problem *problem);
};
extern const struct world_verb world_send, world_fetch, world_flush, world_set, world_fault;

#endif
