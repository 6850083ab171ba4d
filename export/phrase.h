/*
 * Events in words, from templates: "{from} -> {to}: {verb}[ {arg}]". A {field} is replaced by its
 * value as people read it; {field#} by its size in octets; what is in [] is left out when a field
 * in it is empty or 0. Everything is safe for a terminal.
 */
#ifndef EXPORT_PHRASE_H
#define EXPORT_PHRASE_H

#include "export/export.h"
#include "sim/base/bytes.h"

void phrase_fill(const struct log *log, const struct event *e, const char *template, unsigned flags,
                 struct bytes *out);
/* One line without a newline that says what happened; for every kind. Flags of printable.h. */
void phrase_event(const struct log *log, const struct event *e, unsigned flags, struct bytes *out);

#endif
