/*
 * The robot: a program that sends groups of messages, for load and for lessons. It is nobody's mail
 * program: what it claims to be, in the envelope, in From and in invented header lines, is its own
 * affair. With a server it hands everything to that one; without it looks up the MX itself, as
 * those do who send bulk mail. Each message's group is told in the trace.
 */
#ifndef AGENTS_ROLES_ROBOT_H
#define AGENTS_ROLES_ROBOT_H

#include "agents/roles/registry.h"
#include "sim/base/problem.h"

extern const struct role robot_role;

struct robot;

enum { ROBOT_COUNT_MAX = 1000000 };

/* What one run is to differ in from the settings. */
struct robot_order {
    int64_t count;      /* messages; 0: as the settings say */
    int64_t every;      /* nanoseconds from one to the next; less than 0: likewise */
    struct slice group; /* "": likewise. Copied */
};

/* Starts a run. False, with the reason, when it can't. */
bool robot_start(struct robot *robot, const struct robot_order *order, struct problem *problem);

#endif
