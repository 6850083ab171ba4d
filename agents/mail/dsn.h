/*
 * Delivery status notifications (RFC 3464, 6522): multipart/report with a text for people, the
 * message/delivery-status part for programs, and the message it is about, or its header alone.
 */
#ifndef AGENTS_MAIL_DSN_H
#define AGENTS_MAIL_DSN_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

struct dsn_recipient {
    struct slice address;    /* Final-Recipient */
    struct slice original;   /* "rfc822;bob@example.org" of ORCPT (RFC 3461 4.2); "" none */
    struct slice status;     /* "5.1.1" (RFC 3463) */
    struct slice remote_mta; /* name; "" when no server answered */
    struct slice diagnostic; /* the reply as it came: "550 5.1.1 no such user"; or a plain reason */
    bool is_smtp_reply;      /* diagnostic is a reply: Diagnostic-Code: smtp; ... */
};

struct dsn_report {
    struct slice reporting_mta; /* host name; also the From domain: MAILER-DAEMON@... */
    struct slice to;            /* the reverse-path it goes to */
    struct slice message_id;    /* of the notice, without <> */
    struct slice action;        /* "failed", "delayed", "delivered", "relayed" */
    struct slice envid;         /* Original-Envelope-Id, decoded; "" none */
    const struct dsn_recipient *recipients;
    size_t recipient_count;
    int64_t now_s;         /* Date, and Last-Attempt-Date */
    int64_t arrival_s;     /* Arrival-Date */
    int64_t retry_until_s; /* "delayed" only: Will-Retry-Until */
    struct slice header; /* of the original, with its empty line; returned as text/rfc822-headers */
    struct slice body;   /* with is_full returned behind it, all as message/rfc822 */
    bool is_full;
};

/*
 * Appends the whole notice. In names, addresses and diagnostics line ends become spaces, and what
 * is not printable ASCII becomes '?'; a status that is none (RFC 3463 2) becomes "5.0.0" or its
 * like. Equal reports give equal octets; no part holds the boundary. False: out is full, and
 * unchanged.
 */
bool dsn_write(const struct dsn_report *report, struct bytes *out);

/* The subject that dsn_write gives for this action. */
struct slice dsn_subject(struct slice action);

/* What a program finds in a notice; slices point into the content. For readers and tests. */
struct dsn_reading {
    struct slice action, status, final_recipient, original_recipient, remote_mta, diagnostic;
};
/* The n-th recipient's fields, n from 0; false when the content is no notice or has fewer. Types
   ("rfc822;", "dns;", "smtp;") are left off; folds may be inside. */
bool dsn_read(struct slice content, size_t n, struct dsn_reading *reading);

#endif
