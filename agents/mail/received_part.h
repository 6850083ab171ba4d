/*
 * The two halves of reading a Received field: its clauses, and what servers say in comments. Only
 * for received_*.c.
 */
#ifndef AGENTS_MAIL_RECEIVED_PART_H
#define AGENTS_MAIL_RECEIVED_PART_H

#include "agents/mail/received.h"

/* The first run of octets that are neither blanks nor in `more`, taken off the front of *s. */
struct slice received_take_run(struct slice *s, const char *more);
/* Without a colon and port behind it; an IPv6 address has more colons, and stays. */
struct slice received_without_port(struct slice s);
/* The octets between the first '[' and the ']' behind it. */
bool received_find_bracketed(struct slice s, struct slice *inside);
/* An address, maybe marked as IPv6, maybe with a zone ("fe80::1%7"). */
bool received_is_ip(struct slice s);

/* A comment of the from clause, r->from being the word before it; false when it says nothing about
   the client. */
bool received_read_client(struct received *r, struct slice comment);
/* TLS, authentication and the envelope's sender, wherever a comment says so. False: none of it. */
bool received_read_note(struct received *r, struct slice comment);
/* The word or words of `with`: "ESMTPSA", "esmtps  tls TLS_AES_256_GCM_SHA384". */
void received_read_protocol(struct received *r);
/* Remembers the first thing that looks like the name of a cipher. */
void received_note_cipher(struct received *r, struct slice text);

#endif
