/*
 * An agent's settings as its role declares them: one row a key, with type, limits, default and a
 * sentence. The topology loader checks files against these rows, the JSON Schema and the forms of
 * the window are made from them, and the role reads its values by key.
 */
#ifndef AGENTS_ROLES_CONFIG_H
#define AGENTS_ROLES_CONFIG_H

#include "sim/base/slice.h"

enum config_type {
    CONFIG_BOOL,
    CONFIG_NUMBER,   /* min .. max */
    CONFIG_DURATION, /* a number of seconds or a text like "30min"; kept in nanoseconds; min .. max
                        in seconds */
    CONFIG_WORD,     /* one of `words` */
    CONFIG_TEXT,
    CONFIG_HOST,    /* a DNS name or a host id of the topology; kept as the name */
    CONFIG_ADDRESS, /* a mail address */
    CONFIG_TEXTS    /* a list of texts */
};

struct config_key {
    const char *name;
    enum config_type type;
    const char *words;    /* CONFIG_WORD: allowed words, separated by spaces */
    int64_t min, max;     /* CONFIG_NUMBER, CONFIG_DURATION */
    const char *fallback; /* the default, as text: "true", "25", "classroom"; "" for none */
    const char *meaning;
};

struct config_value {
    const struct config_key *key;
    int64_t number;            /* BOOL (0, 1), NUMBER, DURATION (ns) */
    struct slice text;         /* WORD, TEXT, HOST, ADDRESS */
    const struct slice *texts; /* TEXTS */
    size_t text_count;
};

/* One value for each key of the role, defaults filled in, in the order of the keys. A value may
   change while its agent runs (registry.h, `changed`). */
struct config {
    const struct config_value *values;
    size_t count;
};

/* By name; it is a mistake of ours (check) to ask for a key that the role does not declare. */
const struct config_value *config_get(const struct config *c, const char *name);
bool config_bool(const struct config *c, const char *name);
int64_t config_number(const struct config *c, const char *name);
struct slice config_text(const struct config *c, const char *name);

#endif
