/*
 * The kinds of fault: one row each, the only place that lists them. From a row come what a topology
 * file may say of its palette, what --do "fault KIND TARGET on key=value" takes, what is checked
 * before, what then happens in the world, the JSON Schema, and the table in docs/topologies.md.
 *
 * A fault is something about a target: a host, a link, an agent, a user. Its details are `args`,
 * read through rows like every other object of a file (shape.h).
 */
#ifndef TOPOLOGIES_FAULT_H
#define TOPOLOGIES_FAULT_H

#include "agents/roles/registry.h"
#include "sim/json/shape.h"

enum fault_target {
    FAULT_HOST,
    FAULT_LINK,  /* "out:mx1", either way round */
    FAULT_AGENT, /* of one of the kind's roles; or a host with such an agent, and all of them */
    FAULT_USER   /* a mail address */
};

enum { FAULT_ARGS_MAX = 8 };

struct fault_kind;

struct fault_value {
    bool is_given;
    int64_t number; /* as in struct shape_value */
    struct slice text;
};

/* A fault, on or not. Texts live as long as the arena it was read with. */
struct fault {
    const struct fault_kind *kind;
    struct slice id, label, target;
    struct slice args;                         /* in words: "rcpt=bob@example.org code=452" */
    struct fault_value values[FAULT_ARGS_MAX]; /* in the order of the kind's rows */
};

/* Whom a fault can be about. Every text ends with a NUL. */
struct fault_agent {
    struct slice id, host; /* its host's id */
    const struct role *role;
};
struct fault_map {
    const struct slice *hosts, *links, *users; /* ids; "a:b"; addresses */
    const bool *has_hours;                     /* by link: a dial-up line */
    const struct fault_agent *agents;
    size_t host_count, link_count, user_count, agent_count;
};

/* What is wrong with a fault that reads well. */
struct fault_wrong {
    const char *arg;      /* the detail's key; NULL: the target */
    struct slice what;    /* "unknown host "mx"" */
    const char *expected; /* or NULL */
    const char *nearest;  /* or NULL */
};

struct world;
struct world_fault;

struct fault_kind {
    const char *name;
    enum fault_target target;
    const char *roles; /* AGENT: separated by blanks; "": any, and no host stands for it */
    struct shape args;
    const char *meaning;
    bool is_once; /* it happens when it is switched on, and is not "on" afterwards */
    /* What the rows can't say of its details. NULL: they say all. */
    bool (*judge)(const struct fault *f, const struct fault_map *map, struct arena *arena,
                  struct fault_wrong *wrong);
    /* Makes it so, or as it was; other faults about the same may be on. */
    void (*set)(struct world *w, struct world_fault *f, bool on);
};
extern const struct fault_kind fault_kinds[];
extern const size_t fault_kind_count;

const struct fault_kind *fault_find_kind(struct slice name); /* NULL when there is none */
/* "a link, as a:b": what its target is. In the arena. */
const char *fault_target_words(const struct fault_kind *kind, struct arena *arena);

/* The details of a kind into f->values and f->args. `node` NULL: there are none. */
bool fault_read_args(struct json_reader *r, const cJSON *node, const struct fault_kind *kind,
                     struct fault *f);
/* Is the target there? Are the details right for it? False with `wrong` filled in. */
bool fault_check_target(const struct fault *f, const struct fault_map *map, struct arena *arena,
                        struct fault_wrong *wrong);
bool fault_check_args(const struct fault *f, const struct fault_map *map, struct arena *arena,
                      struct fault_wrong *wrong);
/* Everything copied into the arena. */
struct fault fault_copy(const struct fault *f, struct arena *arena);

/* By key; to ask for one that the kind does not have is a mistake of ours. */
const struct fault_value *fault_get(const struct fault *f, const char *key);
int64_t fault_number(const struct fault *f, const char *key);
struct slice fault_text(const struct fault *f, const char *key);

#endif
