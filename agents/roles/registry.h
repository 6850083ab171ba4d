/*
 * The roles that exist: one row each, the only place that lists them.
 */
#ifndef AGENTS_ROLES_REGISTRY_H
#define AGENTS_ROLES_REGISTRY_H

#include "agents/roles/config.h"
#include "agents/roles/office.h"

struct queue;

struct role {
    const char *name; /* "mta" */
    const char *meaning;
    const struct config_key *keys;
    size_t key_count;
    const char *default_listen; /* ports when the topology lists none: "25"; "" for a role that
                                   never listens */
    /* Whether it listens at all with these settings. NULL: it does. */
    bool (*listens)(const struct config *config);
    /* Makes the agent and lets it listen. Settings live as long as the office. */
    void *(*create)(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count);
    void (*destroy)(void *agent);
    /* One of its settings has changed in the config that create was given: what was made of it is
       to be made anew; what is under way goes on. NULL: each is read when it is needed. */
    void (*changed)(void *agent, const struct config_key *key);
    /* Its host, or it alone, has gone down or come up. What it keeps in memory only is gone when it
       goes down; connections end by themselves. NULL: it keeps nothing. */
    void (*running)(void *agent, bool is_up);
    /* A line of its host that is not always there has opened. NULL: what waits in its queue is
       tried. */
    void (*online)(void *agent);
    /* The agent's queue, or NULL; the office tells it when the host is up again. NULL: no queues.
     */
    struct queue *(*queue)(void *agent);
};

extern const struct role *const registry_roles[];
extern const size_t registry_role_count;
const struct role *registry_find(struct slice name); /* NULL when there is none */

#endif
