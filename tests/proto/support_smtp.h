/*
 * A role behind an SMTP server session, for tests: it knows a few users and writes down what it was
 * asked, so a test can compare the events of two runs as text.
 *
 *     RCPT  bob, bea, carol and postmaster at example.org: 250; busy: 450; bye: 421; others: 550
 *     MAIL  spam@...: 550; bye@...: 421; others: 250
 *     AUTH  alice with the password secret: 235; others: 535
 *     data  "X-Refuse:" in it: 554; "X-Defer:" in it: 451; else 250 and accepted goes up
 */
#ifndef TESTS_PROTO_SUPPORT_SMTP_H
#define TESTS_PROTO_SUPPORT_SMTP_H

#include "agents/proto/smtp_server.h"

struct smtp_role {
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
