/*
 * The JSON Schema (draft 2020-12) of topology files, printed from the rows that the loader reads by
 * and from the settings that each role declares. topologies/schema.json is this text; a test holds
 * it fresh. A schema can't say everything: the loader also knows which names exist.
 */
#ifndef TOPOLOGIES_SCHEMA_H
#define TOPOLOGIES_SCHEMA_H

#include "sim/base/bytes.h"

/* Appends the whole schema. False when out is full. */
bool schema_print(struct bytes *out);
/* The table of faults as docs/topologies.md has it, Markdown. */
bool schema_print_faults(struct bytes *out);

#endif
