/*
 * The parts of the loader, private to it. Each reads one section of the file through its rows
 * (format.h) into the topology and checks what it can; false when the problem is set. Sections are
 * read in the order in which they need each other, see topology_read.
 */
#ifndef TOPOLOGIES_LOAD_H
#define TOPOLOGIES_LOAD_H

#include "topologies/format.h"
#include "topologies/name_index.h"
#include "topologies/topology.h"

struct load {
    struct topology *t;
    struct json_reader reader; /* its arena is the topology's */
    struct arena scratch;      /* what only the loader needs */
    struct name_index *ids;    /* of hosts (their index) and agents (host count and up) */
    struct name_index *names;  /* folded names of hosts */
    struct name_index admds;   /* ids */
    struct name_index users;   /* folded addresses */
    struct name_index records; /* folded names: which types they have, by enum load_has */
    struct name_index links;   /* "3:7", the lower host first */
};

enum load_has { LOAD_HAS_ADDRESS = 1, LOAD_HAS_CNAME = 2, LOAD_HAS_OTHER = 4 };

bool load_admds(struct load *l, const cJSON *list);
bool load_users(struct load *l, const cJSON *list);
bool load_hosts(struct load *l, const cJSON *list);
bool load_records(struct load *l, const cJSON *list); /* and the A records of hosts */
bool load_agents(struct load *l, const cJSON *hosts);
bool load_links(struct load *l, const cJSON *list);
bool load_check_lines(struct load *l, const cJSON *hosts); /* links that settings name */
bool load_faults(struct load *l, const cJSON *list);
bool load_demo(struct load *l, const cJSON *list);

/* An agent's settings; `node` is NULL when the file gives none. */
bool load_config(struct load *l, const cJSON *node, const cJSON *agent_node,
                 struct topology_agent *agent);

/* One setting as a file has it, of whatever role; that the hosts and users it names are there is
   not looked at. Kept in the arena. */
bool load_config_value(struct json_reader *r, const struct config_key *key, const cJSON *node,
                       struct arena *arena, struct config_value *value);

/* The domains that mtas have in "local"; gives their number. Some may come twice. */
size_t load_local_domains(struct load *l, const char ***domains);

/* A record's data as a file has it; its type and preference are set already. False: `expected` says
   what was wanted. Kept in the arena. */
bool load_record_data(struct dns_record *record, struct slice data, struct arena *arena,
                      const char **expected);

/* One section against another. */
bool load_check_records(struct load *l, const cJSON *list);
bool load_check_users(struct load *l, const cJSON *list);

/* Number of items of a list; NULL is an empty one. */
size_t load_count(const cJSON *list);
/* Room for `count` names, for a problem's nearest name. */
const char **load_names(struct load *l, size_t count);
/* Refuses a word that none of the names is: unknown KIND "WORD" (...). Returns false. */
bool load_reject_unknown(struct load *l, const struct shape_value *value, const char *kind,
                         const char *expected, const char *const *names, size_t count);
/* Refuses what an earlier item has: duplicate WHAT "...", already that of OWNER. Returns false. */
bool load_reject_duplicate(struct load *l, const struct shape_value *value, const char *what,
                           const char *owner);
/* Index of the host with this id, or SLICE_NONE with the problem set. */
size_t load_host(struct load *l, const struct shape_value *value);
/* Is this a user's address? False with the problem set. */
bool load_user(struct load *l, const struct shape_value *value);

#endif
