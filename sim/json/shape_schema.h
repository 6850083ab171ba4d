/*
 * A JSON Schema printed from shapes (shape.h), so that an editor knows a file as its loader does.
 *
 *     struct shape_schema w;
 *     shape_schema_begin(&w, &bytes, "mailflow topology, format 1");
 *     shape_schema_members(&w, &format_topology);
 *     shape_schema_enter(&w, "$defs", "{");
 *     ... shape_schema_enter(&w, shape->name, "{"), members, leave ...
 *     shape_schema_leave(&w, "}");
 *     if (!shape_schema_end(&w)) ... the bytes' ceiling was too low ...
 */
#ifndef SIM_JSON_SHAPE_SCHEMA_H
#define SIM_JSON_SHAPE_SCHEMA_H

#include "sim/base/bytes.h"
#include "sim/json/shape.h"

enum { SHAPE_SCHEMA_DEPTH_MAX = 16 };

struct shape_schema {
    struct bytes *out; /* borrowed */
    bool is_good;
    unsigned depth;
    bool has_member[SHAPE_SCHEMA_DEPTH_MAX];
};

void shape_schema_begin(struct shape_schema *w, struct bytes *out, const char *title);
/* False when there was no room for all. */
bool shape_schema_end(struct shape_schema *w);

/* What an object of this shape has: "type", "required", "properties" ... of the object that was
   entered last. */
void shape_schema_members(struct shape_schema *w, const struct shape *shape);
/* One key of "properties". */
void shape_schema_key(struct shape_schema *w, const struct shape_key *key);

/* By hand. The key is NULL in a list; a bracket is "{" or "[", and that which closes it. */
void shape_schema_enter(struct shape_schema *w, const char *key, const char *bracket);
void shape_schema_leave(struct shape_schema *w, const char *bracket);
void shape_schema_text(struct shape_schema *w, const char *key, const char *text);
/* Something that JSON writes without quotes: a number, true, false. */
void shape_schema_plain(struct shape_schema *w, const char *key, const char *plain);

#endif
