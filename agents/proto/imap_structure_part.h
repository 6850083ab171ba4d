/*
 * What the files of imap_structure share.
 */
#ifndef AGENTS_PROTO_IMAP_STRUCTURE_PART_H
#define AGENTS_PROTO_IMAP_STRUCTURE_PART_H

#include "agents/proto/imap_writer.h"
#include "agents/proto/imap_structure.h"

void imap_structure_put_envelope(struct imap_writer *w, struct slice header);
/* The value of the first field of that name, or NIL. */
void imap_structure_put_field(struct imap_writer *w, struct slice header, const char *name);

#endif
