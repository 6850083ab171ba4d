/*
 * A host for programs from outside, put into a topology that was loaded and is not running yet:
 * `visitor`, on a line to one of its hosts, with an address, a name, and where the others have
 * their places a place on the map near that host.
 */
#ifndef TOPOLOGIES_VISITOR_H
#define TOPOLOGIES_VISITOR_H

#include "topologies/topology.h"

/* By id or DNS name; false with a problem that names the nearest, or those there are. */
bool visitor_find_host(const struct topology *t, struct slice word, size_t *host,
                       struct problem *problem);
/* The host with the most links, the first of them in the file: where a visitor is put. */
size_t visitor_hub(const struct topology *t);
/* Adds it next to the host `at`, unless the topology has a host with the id "visitor" itself: then
   it is that one. Gives its index. */
size_t visitor_add(struct topology *t, size_t at);
/* All links become immediate, without jitter; bandwidth and losses stay. */
void visitor_hasten(struct topology *t);

#endif
