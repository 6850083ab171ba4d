/*
 * Worlds for tests: from a shipped topology, or from a text; with what tests ask of their traces.
 */
#ifndef TESTS_TOPOLOGIES_SUPPORT_WORLD_H
#define TESTS_TOPOLOGIES_SUPPORT_WORLD_H

#include "sim/trace/conservation.h"
#include "topologies/world.h"

/* Ends the test with the problem when the topology is bad. `name`: "two-towns". */
struct world *support_world_shipped(const char *name, uint64_t seed);
struct world *support_world_of(struct slice json, uint64_t seed);
/* Plans an action; ends the test with the problem when it is refused. */
void support_do(struct world *world, int64_t t, const char *action);

/* How many events of a kind; the first of a kind at or after `from`, or NULL. */
uint32_t support_count(const struct log *log, enum event_kind kind);
const struct event *support_find(const struct log *log, enum event_kind kind, uint32_t from);
/* A hash over every event and every text it names. */
uint64_t support_hash(const struct log *log);
/* Ends the test unless no mail was lost or doubled. */
void support_check_conservation(const struct log *log);

#endif
