/*
 * What lets real programs into a running world: its network and its clock. Only the bridge and the
 * console, which have a person or a socket at their other end, reach in here; what they do starts
 * between two tasks of the simulation and is part of the trace like all else.
 */
#ifndef TOPOLOGIES_WORLD_LIVE_H
#define TOPOLOGIES_WORLD_LIVE_H

#include "agents/drive/pump.h"
#include "topologies/world.h"

/* Both live as long as the world. */
struct net *world_net(struct world *world);
struct sim *world_sim(struct world *world);
/* Where connections with sessions of one's own are made; lives as long as the world. */
struct pump_pool *world_pumps(struct world *world);
/* The place of this host of the topology. */
uint32_t world_place(const struct world *world, const struct topology_host *host);
/* When the next thing is due; VTIME_NEVER when nothing is left. */
int64_t world_next(const struct world *world);
/* Something that came from outside, in words: an input in the trace. What is done next follows from
   it. */
void world_note(struct world *world, struct slice what);

#endif
