/*
 * A JSON file as a cJSON tree that remembers where it came from, so that whatever is wrong with a
 * value can be said with file, line, column and path.
 *
 *     struct json_reader r;
 *     if (!json_reader_init(&r, text, "two-towns.json", &arena, problem)) return false;
 *     cJSON_ArrayForEach(host, hosts)
 *         if (!cJSON_IsObject(host))
 *             return json_reader_reject(&r, host, (struct json_hint){.expected = "an object"},
 * "..."); json_reader_finish(&r);
 *
 * Numbers are read from their text, not from cJSON's double, so that 0.3 ms is exactly 300 us.
 */
#ifndef SIM_JSON_JSON_READER_H
#define SIM_JSON_JSON_READER_H

#include <cjson/cJSON.h>

#include "sim/base/arena.h"
#include "sim/base/problem.h"

/* A tree costs about 64 octets a value, whatever the file's size: "[1,1,1,..." is bounded too. */
enum { JSON_READER_VALUES_MAX = 2000000 };

struct json_reader {
    struct slice text;       /* borrowed */
    const char *name;        /* borrowed; the file as problems show it; "": nowhere, so that they
                                don't say where in it either */
    struct arena *arena;     /* borrowed; for the words of problems */
    struct problem *problem; /* borrowed */
    cJSON *root;
};

/* `text` must have a NUL behind it (arena_copy). False: the problem is set, nothing to finish. */
bool json_reader_init(struct json_reader *r, struct slice text, const char *name,
                      struct arena *arena, struct problem *problem);
void json_reader_finish(struct json_reader *r);

struct json_hint {
    const char *expected; /* or NULL */
    const char *nearest;  /* the valid name that may have been meant, or NULL */
    bool is_at_key;       /* the key is wrong, not the value */
};
/* Fills in the problem: WHAT (PATH), expected EXPECTED; did you mean "NEAREST"? Returns false. */
bool json_reader_reject(struct json_reader *r, const cJSON *node, struct json_hint hint,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same of one character of a text: the one at this octet of it, wherever escapes put that in
   the file. */
bool json_reader_reject_in(struct json_reader *r, const cJSON *node, size_t octet,
                           const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The text in quotes, cut when long; in the arena. */
const char *json_reader_quote(struct json_reader *r, struct slice text);
/* "number", "text", "list" ... */
const char *json_reader_type(const cJSON *node);
/* The number as the file has it. */
struct slice json_reader_number_text(const struct json_reader *r, const cJSON *node);

/* A value as the file has it, octet for octet; borrowed from the text. */
struct slice json_reader_source(const struct json_reader *r, const cJSON *node);

enum json_decimal {
    JSON_DECIMAL_EXACT,
    JSON_DECIMAL_TOO_FINE, /* more decimals than `decimals` */
    JSON_DECIMAL_TOO_LARGE /* beyond 18 digits */
};
/* value = number * 10^decimals, without rounding. `text` follows the grammar of JSON numbers. */
enum json_decimal json_reader_decimal(struct slice text, int decimals, int64_t *value);

#endif
