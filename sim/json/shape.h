/*
 * What an object of one of our files may look like: one row a key, with type, limits, default and a
 * sentence. Loaders read every object through these rows, so that a wrong type, an unknown, a
 * missing or a doubled key is found in one place; JSON Schemas are printed from the same rows
 * (shape_schema.h).
 *
 *     struct shape_values v;
 *     if (!shape_read(&reader, node, &format_link, &v)) return false;   the problem is set
 *     shape_number(&v, "latency_ms")   in microseconds: the row says 3 decimals
 */
#ifndef SIM_JSON_SHAPE_H
#define SIM_JSON_SHAPE_H

#include "sim/json/json_reader.h"

enum shape_type {
    SHAPE_TEXT,      /* min .. max octets, no control characters */
    SHAPE_PROSE,     /* the same, in paragraphs: line ends may be in it */
    SHAPE_ID,        /* letters, digits, '-' and '_' */
    SHAPE_DOMAIN,    /* a DNS name; a final dot is taken off */
    SHAPE_FULL_NAME, /* a DNS name of at least two labels */
    SHAPE_IPV4,      /* the address of a host; its number in host byte order */
    SHAPE_ADDRESS,   /* a mail address with a domain */
    SHAPE_ZONE,      /* "+0100": minutes east of UTC */
    SHAPE_WORD,      /* one of `words` */
    SHAPE_BOOL,
    SHAPE_NUMBER,   /* min .. max; kept times 10^decimals */
    SHAPE_DURATION, /* a number of seconds or a text like "30min"; min .. max seconds, kept in ns */
    SHAPE_NUMBERS,  /* a list of whole numbers, each min .. max */
    SHAPE_TEXTS,    /* a list of texts */
    SHAPE_LIST,     /* at most max items, each an object of the shape `of` */
    SHAPE_OBJECT,   /* of the shape `of`, or of a shape that another key decides */
};

struct shape_key {
    const char *name;
    enum shape_type type;
    bool is_required;
    int64_t min, max;
    int decimals;
    const char *words;    /* separated by blanks */
    const char *fallback; /* NULL for none */
    const char *meaning;
    const char *expected; /* what a problem says was expected; NULL: what goes with the type */
    const struct shape *of;
    int64_t items_max; /* NUMBERS, TEXTS: how many; 0 any number */
    const char
        *references; /* OBJECT without `of`, for its JSON Schema: the schemas it may follow */
    const char *text_format; /* for the JSON Schema: the format of what takes_text allows */
    bool takes_text; /* LIST: an item may also be a text; TEXTS, OBJECT: a text alone will do */
};

struct shape {
    const char *name; /* "host" */
    const struct shape_key *keys;
    size_t key_count;
};

struct shape_value {
    const cJSON *node; /* NULL when the file does not give it */
    int64_t number;    /* BOOL, NUMBER, DURATION, IPV4; WORD: which one */
    struct slice text; /* the text types; with a NUL behind it, in the reader's arena */
};

enum { SHAPE_KEYS_MAX = 32 };

struct shape_values {
    const struct shape *shape;
    const cJSON *node;
    struct shape_value values[SHAPE_KEYS_MAX]; /* in the order of the keys; defaults filled in */
};

/* `node` may be NULL for an object that is not given: all defaults. */
bool shape_read(struct json_reader *r, const cJSON *node, const struct shape *shape,
                struct shape_values *v);
/* One value alone. */
bool shape_read_value(struct json_reader *r, const cJSON *node, const struct shape_key *key,
                      struct shape_value *value);
/* The default as a value. A row with a bad one is a mistake of ours. */
void shape_read_fallback(const struct shape_key *key, struct shape_value *value);

/* By name; to ask for a key that the shape does not have is a mistake of ours. */
const struct shape_value *shape_get(const struct shape_values *v, const char *name);
int64_t shape_number(const struct shape_values *v, const char *name);
struct slice shape_text(const struct shape_values *v, const char *name);
bool shape_has(const struct shape_values *v, const char *name); /* the file gives it */

/* Problems of any object or value; return false. */
bool shape_reject_type(struct json_reader *r, const cJSON *node, const char *expected);
bool shape_reject_key(struct json_reader *r, const cJSON *node, const char *const *names,
                      size_t count);
bool shape_reject_twice(struct json_reader *r, const cJSON *node);
/* "a whole number from 1 to 65535": what the row takes. */
const char *shape_expected(struct json_reader *r, const struct shape_key *key);
/* "a, b, c". */
const char *shape_join(struct json_reader *r, const char *const *names, size_t count);

/* Letters, digits, '-' and '_' in labels of 1 to 63, 253 in all, no final dot (RFC 1035 2.3.4). */
bool shape_is_domain(struct slice text);
/* "198.51.100.10", nothing shorter; host byte order. */
bool shape_is_ipv4(struct slice text, uint32_t *address);

#endif
