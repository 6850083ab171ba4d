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

/*
 * A server's lines with numbers in them, CRLF at their ends: +OK behind STAT, a login, RETR and
 * DELE; an item of LIST and of UIDL. False, and no change, when out is full.
 */
bool pop3_text_put_stat(struct bytes *out, uint64_t count, uint64_t octets);
bool pop3_text_put_maildrop(struct bytes *out, uint64_t count, uint64_t octets);
bool pop3_text_put_octets(struct bytes *out, uint64_t octets);
bool pop3_text_put_marked(struct bytes *out, uint64_t number);
bool pop3_text_put_size(struct bytes *out, uint64_t number, uint64_t size);
bool pop3_text_put_uid(struct bytes *out, uint64_t number, struct slice uid);

/* The first lines of a body (TOP); all of it when it has no more. */
struct slice pop3_text_top(struct slice body, uint64_t lines);

#endif
