/*
 * The server side of an SMTP, submission or LMTP session (RFC 5321, 6409, 2033) with its service
 * extensions: SIZE (1870), 8BITMIME (6152), PIPELINING (2920), SMTPUTF8 (6531), CHUNKING (3030),
 * DSN (3461), enhanced codes (2034), STARTTLS (3207), AUTH (4954), ETRN (1985). It parses
 * commands, keeps the state, refuses what is out of order by itself (503, 500, 501, ...), and asks
 * its role for a verdict on everything that is a decision about mail.
 *
 *     struct smtp_server s;
 *     smtp_server_init(&s, &options);
 *     smtp_server_answer(&s, &(struct smtp_reply){220, ...});   the greeting; or 554, 421
 *     ... session_feed, then:
 *     while (smtp_server_next(&s, &e))
 *         switch (e.kind) { case SMTP_SERVER_RCPT: smtp_server_answer(&s, &reply); ... }
 *
 * Only <CR><LF>.<CR><LF> ends a message behind DATA, and only the count of octets one behind BDAT.
 * A bare CR or a bare LF within it is refused with 550 5.5.2 at the end of data (RFC 5321 2.3.8,
 * 4.1.1.4), so no message can be smuggled. What is pipelined behind STARTTLS is thrown away.
 *
 * For TLS from the first octet (RFC 8314 3.3) set s.base.tls to SESSION_TLS_FIRST before the
 * greeting.
 */
#ifndef AGENTS_PROTO_SMTP_SERVER_H
#define AGENTS_PROTO_SMTP_SERVER_H

#include "agents/proto/sasl.h"
#include "agents/proto/session.h"
#include "agents/proto/smtp.h"
#include "agents/proto/smtp_data.h"

struct smtp_server_options {
    struct slice hostname; /* for the EHLO reply; borrowed for the session's life */
    uint64_t size_max;     /* SIZE; 0 advertises none, the ceiling is still there */
    bool is_lmtp;          /* LHLO instead of EHLO and HELO; a verdict on MESSAGE a recipient */
    bool is_submission;    /* port 587: names without a domain are let through (RFC 6409 4.2) */
    bool offers_auth;
    unsigned mechanisms;   /* a set (sasl.h); 0: all of them */
    bool hides_clear_auth; /* PLAIN and LOGIN only within TLS (RFC 4954 4) */
    bool auth_required;    /* 530 before MAIL unless authenticated */
    bool tls_required;     /* 530 for nearly everything before TLS (RFC 3207 4) */
    bool offers_pipelining, offers_8bitmime, offers_esc, offers_starttls, offers_smtputf8,
        offers_chunking, offers_dsn, offers_etrn, offers_expn, offers_help;
    unsigned recipients_max; /* 0: SMTP_RECIPIENTS_MIN; one more is answered 452 4.5.3 */
    uint64_t seed;           /* of what AUTH's challenges are made of: another for each session */
    struct sasl_scram_memory *memory; /* sasl.h; NULL none */
};

enum smtp_server_event_kind {
    /* No verdict: for the trace. A command line was read, before it is judged. */
    SMTP_SERVER_COMMAND,
    /* No verdict: a reply was written (also those the session gives by itself). */
    SMTP_SERVER_REPLIED,
    /* Verdict wanted (smtp_server_answer). For HELO/EHLO/LHLO a 250 answer's text is ignored: the
       session writes hostname and extensions itself. */
    SMTP_SERVER_HELO,
    SMTP_SERVER_STARTTLS, /* 220, or 454 when it can't be now; after 220 SECURED follows */
    SMTP_SERVER_AUTH,     /* the password of `user`: answered by smtp_server_password */
    SMTP_SERVER_MAIL,    /* 250 or a refusal; SIZE above size_max was refused already (552 5.3.4) */
    SMTP_SERVER_RCPT,    /* 250 or a refusal, for this recipient */
    SMTP_SERVER_VRFY,    /* 252 by habit */
    SMTP_SERVER_EXPN,    /* 250 with a line a member, or 550 */
    SMTP_SERVER_ETRN,    /* 250 to 253, 458, 459 (RFC 1985 5.3) */
    SMTP_SERVER_MESSAGE, /* 250: responsibility is taken; or 4xx, 5xx. With LMTP once for each RCPT
                            that had a 2xx, in their order (RFC 2033 4.2) */
    /* No verdict. */
    SMTP_SERVER_SECURED,   /* TLS is on after STARTTLS: what the client had said is forgotten */
    SMTP_SERVER_AUTH_DONE, /* `user` has proved who it is, or failed to: is_ok */
    SMTP_SERVER_RESET,     /* the transaction was given up: RSET, EHLO, or the connection ended */
    SMTP_SERVER_QUIT       /* 221 is written, the session closes */
};

struct smtp_server_event {
    enum smtp_server_event_kind kind;
    enum smtp_verb verb;   /* COMMAND, REPLIED; SMTP_VERB_COUNT for the greeting and end of data */
    struct slice line;     /* COMMAND: the line; an AUTH secret is shown as it came */
    struct slice argument; /* COMMAND: behind the verb */
    int code;              /* REPLIED */
    struct slice name;     /* HELO: the client's name, as given */
    bool is_extended;      /* HELO: it was EHLO or LHLO */
    struct slice user;     /* AUTH, AUTH_DONE */
    enum sasl_mechanism mechanism; /* likewise */
    bool is_ok;                    /* AUTH_DONE */
    struct slice path; /* MAIL, RCPT: the address without <>; "" is the null reverse-path. VRFY,
                          EXPN, ETRN: what was asked about */
    uint64_t size;     /* MAIL: the SIZE parameter, 0 when not given */
    bool is_8bit;      /* MAIL: BODY=8BITMIME */
    bool is_utf8;      /* MAIL: SMTPUTF8; VRFY, EXPN: the reply may have UTF-8 */
    /* DSN (RFC 3461), decoded: what is to be done about notices. */
    enum smtp_return ret; /* MAIL */
    struct slice envid;   /* MAIL; "" not given */
    unsigned notify;      /* RCPT: SMTP_NOTIFY_..., or-ed; 0 not given */
    struct slice orcpt;   /* RCPT: "rfc822;bob@example.org"; "" not given */
    struct slice content; /* MESSAGE: header and body, dots unstuffed, CRLF lines; the last one may
                             lack its CRLF when it came by BDAT */
    size_t recipient;     /* MESSAGE: with LMTP the recipient's number among the accepted; else 0 */
};
/* All slices are borrowed until the next call on this session. */

/* Private: an event that is to be reported. */
struct smtp_server_note {
    enum smtp_server_event_kind kind;
    enum smtp_verb verb;
    int code;
};

/* Private: a refusal of the session's own. code 0: none. */
struct smtp_server_refusal {
    int code;
    const char *esc, *text;
    bool is_counted; /* as one of the errors that make it 421 in the end */
};

/* Private: a chunk that is being read (RFC 3030). */
struct smtp_server_chunk {
    uint64_t size, left;
    bool is_read, is_last;              /* is_read: its octets are coming */
    struct smtp_server_refusal refusal; /* what is said behind it; then they are thrown away */
};

struct smtp_server {
    struct session base;
    struct smtp_server_options options;
    enum smtp_state state;
    bool is_extended; /* the client said EHLO or LHLO */
    bool is_authenticated;
    /* the rest is private to smtp_server*.c */
    bool awaits_verdict;
    bool is_refusing;   /* the greeting was no 220: nothing but QUIT is served */
    bool is_announced;  /* COMMAND was reported for the line at the front of in */
    bool is_discarding; /* within a line that is too long; its beginning is in text */
    bool sender_refused;
    bool is_utf8;     /* the transaction's */
    bool is_complete; /* the message is there; what is left are the verdicts */
    enum smtp_server_event_kind verdict_for;
    enum smtp_verb verb;
    size_t line_size; /* of the line that was announced */
    unsigned recipient_count, recipients_refused, concluded;
    unsigned error_count;
    struct smtp_server_note notes[6]; /* what next() reports first */
    unsigned note_count;
    enum smtp_data_fault fault; /* of the complete message */
    struct smtp_data_reader reader;
    struct smtp_server_chunk chunk;
    struct bytes content, text;
    struct sasl_server *sasl; /* NULL until the first AUTH */
    unsigned auth_count;
};

void smtp_server_init(struct smtp_server *s, const struct smtp_server_options *options);
void smtp_server_restart(struct smtp_server *s, const struct smtp_server_options *options);
void smtp_server_finish(struct smtp_server *s);

/* The next event, or false: more bytes or a verdict are needed. */
bool smtp_server_next(struct smtp_server *s, struct smtp_server_event *event);
/* The verdict on the event that asked for one; the first call of a session is the greeting. An
   answer of 421 closes the session (RFC 5321 3.8). */
void smtp_server_answer(struct smtp_server *s, const struct smtp_reply *reply);
/* What a verdict is wanted on: "CONNECT" for the greeting, "DOT" for a message, else the verb. */
const char *smtp_server_question(const struct smtp_server *s);
/* Right behind a COMMAND event: that command is refused with this reply, whatever it says, and
   changes nothing. Not for BDAT, whose octets come anyhow. */
void smtp_server_overrule(struct smtp_server *s, const struct smtp_reply *reply);
/* The verdict on AUTH: the user's password, or NULL when there is no such user. */
void smtp_server_password(struct smtp_server *s, const struct slice *password);
/* Says 421 and closes, at any moment (a time-out, a shutdown). */
void smtp_server_shut_down(struct smtp_server *s, struct slice text);

#endif
