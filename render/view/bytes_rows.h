/*
 * Private to this folder: the octets of a connection as rows, and which of them are of which turn.
 * bytes.c draws them.
 */
#ifndef RENDER_VIEW_BYTES_ROWS_H
#define RENDER_VIEW_BYTES_ROWS_H

#include "render/view/dialogue_panel.h"

/* Brings the blocks up to the log, so many octets in a row: of the shown connection, or where a
   datagram is chosen, of those between its two hosts. */
void bytes_gather(struct view *view, struct dialogue_panel *panel, uint32_t octets);
/* How many blocks there are below this event, and the one that this row is of. */
size_t bytes_blocks_by(const struct dialogue_panel *panel, uint32_t events);
size_t bytes_block_at(const struct dialogue_panel *panel, size_t count, uint32_t row);

/* What is shown of a segment: its octets, or within TLS what they say. */
struct slice bytes_octets(const struct dialogue_panel *panel, const struct log *log,
                          uint32_t event);
bool bytes_is_record(struct slice data); /* of TLS */
/* Is there a row that says what the octets are: TLS records, or the head of a DNS message? */
bool bytes_has_info(const struct log *log, uint32_t event, struct slice octets);

/* The side of the stream that a segment is of. */
int bytes_side(const struct log *log, uint32_t event);
bool bytes_is_sealed(const struct dialogue_panel *panel, const struct log *log, uint32_t event);
/* The octets of a segment that are of the turn at this place; ciphertext is of it as a whole. */
bool bytes_lit(const struct view *view, uint32_t event, int64_t place, uint32_t *from,
               uint32_t *to);
/* The turn that this octet of a side is of, or DIALOGUE_TURNS_NONE. */
int64_t bytes_turn(const struct dialogue_turns *turns, int side, uint32_t octet);

#endif
