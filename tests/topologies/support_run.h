/* Runs, to their end, and what must be so of each. */
#ifndef TESTS_TOPOLOGIES_SUPPORT_RUN_H
#define TESTS_TOPOLOGIES_SUPPORT_RUN_H

#include "tests/topologies/support_match.h"

/* Until nothing is on its way; no mail may be lost. */
const struct log *support_run(struct world *world);
/* A shipped topology's demonstration, twice: equal traces, and nothing lost. */
struct world *support_run_demo(const char *name);
/* Why this action is refused; "" when it is not. */
const char *support_refusal(struct world *world, const char *action, struct problem *problem);

#endif
