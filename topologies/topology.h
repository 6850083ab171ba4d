/*
 * A topology as its file says it, checked: who is there, where, how they are connected, what the
 * name server answers. Pure data; topologies/world.h makes it run.
 *
 * The file is JSON; its shape is published in topologies/schema.json and described in
 * docs/topologies.md. Input is hostile: any file gives a checked topology or one clear problem with
 * file, line and column, and the nearest valid name where a name is wrong.
 */
#ifndef TOPOLOGIES_TOPOLOGY_H
#define TOPOLOGIES_TOPOLOGY_H

#include "agents/proto/dns_message.h"
#include "agents/roles/registry.h"
#include "sim/base/arena.h"
#include "sim/base/problem.h"
#include "topologies/fault.h"

struct topology_admd {
    struct slice id, name;
};

enum { TOPOLOGY_PORTS_MAX = 8 };

struct topology_agent {
    struct slice id;
    const struct role *role;
    uint32_t ports[TOPOLOGY_PORTS_MAX]; /* listen, or the role's default */
    size_t port_count;
    struct config config;
};

struct topology_host {
    struct slice id, name, admd;  /* admd: "" or the id of one */
    uint32_t address;             /* host byte order */
    uint32_t x, y;                /* 0..1000, or EVENT_UNSET both */
    int32_t zone_minutes, skew_s; /* its clock: east of UTC; ahead */
    size_t behind;                /* index of the host whose address others see; SLICE_NONE */
    size_t resolver;              /* index of the host that it asks for names; SLICE_NONE */
    struct topology_agent *agents;
    size_t agent_count;
};

/* Each day from one moment to the other, in seconds since midnight; `to` is the smaller one where
   midnight lies between them. */
struct topology_hours {
    uint32_t from_s, to_s;
};

struct topology_link {
    size_t a, b; /* indexes of hosts */
    uint32_t latency_us, jitter_us, kbps, loss_ppm;
    struct topology_hours *up; /* when it is there; none: always */
    size_t up_count;
    struct slice hours; /* the same as the file has it */
};

struct topology_user {
    struct slice address, password; /* password "secret-USER" when the file gives none */
    struct slice name;              /* "Alice"; "" when not given */
    struct slice forward, rules;    /* what is in these files of the home at first; "" no file */
};

/* A step of the demonstration that `mailflow run` plays when nothing else is asked. */
struct topology_demo {
    int64_t t;
    struct slice action; /* in the words of --do */
};

struct name_index;

struct topology {
    struct arena arena;                   /* everything below lives here */
    const struct name_index *ids, *names; /* private, for topology_find_host */
    struct slice json;                    /* the whole file, as it came */
    struct slice id, title, look;         /* look: a sentence on what to look at */
    struct topology_admd *admds;
    struct topology_host *hosts;
    struct topology_link *links;
    struct dns_record *records; /* all zones, in file order; names without the final dot */
    struct topology_user *users;
    struct fault *faults; /* the palette */
    struct topology_demo *demo;
    size_t admd_count, host_count, link_count, record_count, user_count, fault_count, demo_count;
};

enum { TOPOLOGY_FILE_MAX = 16 * 1024 * 1024, TOPOLOGY_HOSTS_MAX = 20000 };

/*
 * On success the topology is to be given back with topology_finish. On failure nothing is, and the
 * problem says where and what. `name` is shown in problems.
 */
bool topology_load(struct topology *t, const char *path, struct problem *problem);
bool topology_read(struct topology *t, struct slice json, const char *name,
                   struct problem *problem);
void topology_finish(struct topology *t);

/* Index of the host with this id or DNS name, or SLICE_NONE. */
size_t topology_find_host(const struct topology *t, struct slice id);

#endif
