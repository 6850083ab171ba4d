/*
 * What both sides of POP3 say about text: which characters may stand where, and the form in which a
 * message travels (RFC 1939 3, 7).
 */
#ifndef AGENTS_PROTO_POP3_TEXT_H
#define AGENTS_PROTO_POP3_TEXT_H

#include "sim/base/bytes.h"

/* No control characters: it can stand in a command line without ending it. */
bool pop3_text_is_plain(struct slice text);

/* A unique-id (RFC 1939 7): one to 70 characters from 0x21 to 0x7E. */
bool pop3_text_is_uid(struct slice text);

/*
 * Appends whole lines: a dot in front of each dot that starts one, CRLF at the end if it is
 * missing; nothing for the empty text. False when out is full, which may then hold a part.
 */
bool pop3_text_stuff(struct slice text, struct bytes *out);

/* The first lines of a body (TOP); all of it when it has no more. */
struct slice pop3_text_top(struct slice body, uint64_t lines);

#endif
