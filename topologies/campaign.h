/*
 * A campaign: what goes on in one run of many, drawn from the run's seed. People of the topology
 * write to each other, and to nobody; hosts, lines and servers fail in the middle of it, several at
 * a time; in the end all is mended. Then every message must be accounted for.
 *
 * The same topology, profile and seed always give the same plan, so that a run that went wrong can
 * be looked at.
 */
#ifndef TOPOLOGIES_CAMPAIGN_H
#define TOPOLOGIES_CAMPAIGN_H

#include "sim/base/vector.h"
#include "topologies/world.h"

struct campaign_profile {
    const char *name, *meaning;
    unsigned mails, faults; /* at most; at least a third of it */
    bool is_harsh;          /* everything that can go wrong may, and the demonstration is played */
};
extern const struct campaign_profile campaign_profiles[];
extern const size_t campaign_profile_count;
/* NULL when there is none. */
const struct campaign_profile *campaign_find_profile(struct slice name);

struct campaign_step {
    int64_t t;
    struct slice action; /* in the words of --do */
};

struct campaign {
    struct arena arena;
    VECTOR(struct campaign_step) steps; /* not in order of time */
    int64_t mended_t;                   /* from here on nothing is wrong any more */
};

/* To be given back with campaign_finish. */
void campaign_init(struct campaign *campaign, const struct topology *topology,
                   const struct campaign_profile *profile, uint64_t seed);
void campaign_finish(struct campaign *campaign);
/* Plans all steps. Those that this world can't do are dropped. */
void campaign_plan(struct campaign *campaign, struct world *world);

#endif
