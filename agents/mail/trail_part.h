/*
 * The parts of reading a trail; only for trail_*.c.
 */
#ifndef AGENTS_MAIL_TRAIL_PART_H
#define AGENTS_MAIL_TRAIL_PART_H

#include "agents/mail/header.h"
#include "agents/mail/trail.h"

/* How two lines meet, whose lines are believed, and how long each step took. */
void trail_join(struct trail *trail);

/* Each takes one field; the arrays have room, or it is counted as left out. */
void trail_read_auth(struct trail *trail, const struct header_field *field, bool is_arc);
void trail_read_arc(struct trail *trail, const struct header_field *field, bool is_seal);
void trail_read_signature(struct trail *trail, const struct header_field *field);
void trail_read_spf(struct trail *trail, const struct header_field *field);

/* The fields of the message/delivery-status part, if the content is a notice. */
void trail_read_notice(struct trail *trail);
/* One more of trail->fields. */
void trail_add_field(struct trail *trail, enum trail_kind kind, uint32_t block,
                     const struct header_field *field);

#endif
