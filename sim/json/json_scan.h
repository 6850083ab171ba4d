/*
 * Where things are in a JSON text. cJSON builds the tree but keeps no positions and is lenient;
 * this walks the same text strictly (RFC 8259), meets each value in the order of the file, and
 * knows at each one where it stands. It builds nothing.
 *
 *     struct json_scan scan;
 *     json_scan_init(&scan, text);
 *     while (json_scan_next(&scan))
 *         ... scan.value_at is the offset of a value, scan.key_at that of its key ...
 *     if (scan.error) ... at scan.error_at
 *
 * Stricter than RFC 8259 in what a topology never needs: no \u0000, no lone surrogate, numbers of
 * at most JSON_SCAN_NUMBER_MAX characters, at most JSON_SCAN_DEPTH_MAX levels.
 */
#ifndef SIM_JSON_JSON_SCAN_H
#define SIM_JSON_JSON_SCAN_H

#include "sim/base/slice.h"

enum { JSON_SCAN_DEPTH_MAX = 64, JSON_SCAN_NUMBER_MAX = 60 };

struct json_scan_level {
    bool is_object;
    size_t count;     /* members begun so far */
    struct slice key; /* of the latest, as written, without the quotes */
    size_t key_at;
};

struct json_scan {
    struct slice text;
    size_t at;
    struct json_scan_level levels[JSON_SCAN_DEPTH_MAX];
    size_t depth;
    bool is_started;
    size_t value_at;    /* offset of the latest value */
    size_t value_depth; /* levels around it */
    const char *error;  /* NULL, or what was expected */
    size_t error_at;
};

/* `text` is borrowed. A byte order mark at its front is passed over. */
void json_scan_init(struct json_scan *s, struct slice text);
/* The next value; false at the end and at an error. An error stays. */
bool json_scan_next(struct json_scan *s);
/* Passes over all that is in the latest value and gives the offset behind it, or SLICE_NONE at an
   error. */
size_t json_scan_pass(struct json_scan *s);
/* The offset of the key of the latest value, or of the value itself when it has none. */
size_t json_scan_key_at(const struct json_scan *s);

/* Line and column of an offset, from 1; columns count characters, not octets. */
void json_scan_position(struct slice text, size_t offset, int *line, int *column);

#endif
