/*
 * A role behind an SMTP server session, for tests: it knows a few users and writes down what it was
 * asked, so a test can compare the events of two runs as text.
 *
 *     RCPT  bob, bea, carol, full and postmaster at example.org, and pelé@example.org: 250; busy:
 *           450; bye: 421; others: 550
 *     MAIL  spam@...: 550; bye@...: 421; others: 250
 *     AUTH  alice has the password secret
 *     data  "X-Refuse:" in it: 554; "X-Defer:" in it: 451; with LMTP 452 for full@...; else 250 and
 *           accepted goes up
 *     STARTTLS  220, or 454 when has_no_tls
 *     VRFY 252, EXPN staff: two members, else 550; ETRN example.org: 250, others 459
 */
#ifndef TESTS_PROTO_SUPPORT_SMTP_H
#define TESTS_PROTO_SUPPORT_SMTP_H

#include "agents/proto/smtp_server.h"

enum { SMTP_ROLE_RECIPIENTS = 200 };

struct smtp_role {
    bool has_no_tls, is_lmtp;
    bool is_full[SMTP_ROLE_RECIPIENTS]; /* of the transaction's accepted recipients */
    size_t recipient_count;
    struct bytes log;     /* a line an event, COMMAND and REPLIED left out */
    struct bytes content; /* of the last accepted message */
    unsigned accepted;
    unsigned commands, replies, late; /* late: events that came while a verdict was awaited */
};

void smtp_role_init(struct smtp_role *role);
void smtp_role_finish(struct smtp_role *role);
/* Answers all that the session asks for now. */
void smtp_role_serve(struct smtp_role *role, struct smtp_server *s);

/* Moves what a session has to send to the end of `to`, in segments as cut. */
void support_drain(struct session *s, struct bytes *to);

#endif
