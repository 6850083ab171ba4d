/*
 * Private to the SMTP client session: how it gets from the greeting to READY (smtp_client_hello.c),
 * what is written to the server (smtp_client_put.c), and what is reported to the role
 * (smtp_client_report.c). The states are in smtp_client.c.
 */
#ifndef AGENTS_PROTO_SMTP_CLIENT_PART_H
#define AGENTS_PROTO_SMTP_CLIENT_PART_H

#include "agents/proto/smtp_client.h"

enum { SMTP_CLIENT_MESSAGE_MAX = 64 * 1024 * 1024 };

/* What is known of a recipient: bits of an item of fates. */
enum { SMTP_CLIENT_IS_ADDRESS = 1, SMTP_CLIENT_IS_ACCEPTED = 2, SMTP_CLIENT_IS_REFUSED = 4 };

/* The recipient at or after i that is an address; the others are never sent. */
size_t smtp_client_skip_invalid(const struct smtp_client *c, size_t i);

/* ---- the states (smtp_client.c) ---- */

void smtp_client_enter(struct smtp_client *c, enum smtp_client_state state);
/* No transaction is possible: FAILED with this reply, or with our own words (code 0). */
void smtp_client_fail(struct smtp_client *c, const struct smtp_reply *reply);
void smtp_client_lose(struct smtp_client *c, const char *why);

/* ---- from the greeting to READY ---- */

/* EHLO's or HELO's 250. */
void smtp_client_on_hello(struct smtp_client *c, const struct smtp_reply *reply);
void smtp_client_on_starttls(struct smtp_client *c, const struct smtp_reply *reply);
/* The driver has made TLS: everything starts again (RFC 3207 4.2). */
void smtp_client_on_tls(struct smtp_client *c);
/* AUTH, with the first response if there is one that fits into the line (RFC 4954 4). */
void smtp_client_put_auth(struct smtp_client *c);
void smtp_client_on_auth(struct smtp_client *c, const struct smtp_reply *reply);

/* ---- what is written; when out is full, is_full is set ---- */

void smtp_client_put(struct smtp_client *c, struct slice text);
/* before, text, CRLF */
void smtp_client_put_line(struct smtp_client *c, const char *before, struct slice text);
void smtp_client_put_mail(struct smtp_client *c);
/*
 * RCPT and DATA, as far as they may go out now: one at a time, or with PIPELINING a whole group
 * behind MAIL (RFC 2920 3.1). Once MAIL is refused no more is added to a group that is on its way.
 */
void smtp_client_put_more(struct smtp_client *c);
/*
 * Header, body and dot start segments of their own. When the server asks for data although it took
 * no recipient, it gets the dot alone (RFC 2920 3.1).
 */
void smtp_client_put_message(struct smtp_client *c);
/* True when this transaction goes by BDAT. */
bool smtp_client_is_chunked(const struct smtp_client *c);
/* The next chunk (RFC 3030 2); says whether it is the last in is_last_chunk. */
void smtp_client_put_chunk(struct smtp_client *c);
/* As SIZE counts it (RFC 1870 3): dots once, line ends as two. */
uint64_t smtp_client_message_size(const struct smtp_client_transaction *t);

/* ---- what is reported, in the order of happening ---- */

enum smtp_client_report {
    SMTP_CLIENT_REPORT_REPLY,
    SMTP_CLIENT_REPORT_READY,
    SMTP_CLIENT_REPORT_RECIPIENT, /* one, with RCPT's reply */
    SMTP_CLIENT_REPORT_FATE,      /* one, with its reply at the end of data (LMTP) */
    SMTP_CLIENT_REPORT_INVALID,   /* each that is no address */
    SMTP_CLIENT_REPORT_REST,      /* each that is not refused yet, with the refusal */
    SMTP_CLIENT_REPORT_DONE,      /* with the reply */
    SMTP_CLIENT_REPORT_REFUSED,   /* DONE, with the refusal */
    SMTP_CLIENT_REPORT_FAILED,    /* with the refusal; so are LOST and CLOSED */
    SMTP_CLIENT_REPORT_LOST,
    SMTP_CLIENT_REPORT_CLOSED
};
void smtp_client_report(struct smtp_client *c, enum smtp_client_report what);
/* Makes reply the refusal, which outlives the next reply. Its text is copied. */
void smtp_client_remember(struct smtp_client *c, const struct smtp_reply *reply);
/* Takes the first report; false when there was nothing in it. */
bool smtp_client_take_report(struct smtp_client *c, struct smtp_client_event *event);

/* Our own reply to a recipient that is no mail address. */
extern const struct smtp_reply smtp_client_no_address;

#endif
