/*
 * The server side of an SMTP or submission session (RFC 5321, 6409, 4954, 1870, 2920, 2034).
 * It parses commands, keeps the state, refuses what is out of order by itself (503, 500, 501, ...),
 * and asks its role for a verdict on everything that is a decision about mail.
 *
 *     struct smtp_server s;
 *     smtp_server_init(&s, &options);
 *     smtp_server_answer(&s, &(struct smtp_reply){220, ...});   the greeting; or 554, 421
 *     ... session_feed, then:
 *     while (smtp_server_next(&s, &e))
 *         switch (e.kind) { case SMTP_SERVER_RCPT: smtp_server_answer(&s, &reply); ... }
 *
 * Only <CR><LF>.<CR><LF> ends a message. A bare CR or a bare LF within it is refused with
 * 550 5.5.2 at the end of data (RFC 5321 2.3.8, 4.1.1.4), so no message can be smuggled.
 */
#ifndef AGENTS_PROTO_SMTP_SERVER_H
#define AGENTS_PROTO_SMTP_SERVER_H

#include "agents/proto/session.h"
#include "agents/proto/smtp.h"
#include "agents/proto/smtp_data.h"

struct smtp_server_options {
    struct slice hostname; /* for the EHLO reply; borrowed for the session's life */
    uint64_t size_max;     /* SIZE; 0 advertises none, the ceiling is still there */
    bool is_submission;    /* port 587: 530 before MAIL unless authenticated, when auth_required */
    bool offers_auth;      /* AUTH PLAIN is advertised */
    bool auth_required;
    bool offers_pipelining, offers_8bitmime, offers_esc;
    unsigned recipients_max; /* 0: SMTP_RECIPIENTS_MIN; one more is answered 452 4.5.3 */
};

enum smtp_server_event_kind {
    /* No verdict: for the trace. A command line was read, before it is judged. */
    SMTP_SERVER_COMMAND,
    /* No verdict: a reply was written (also those the session gives by itself). */
    SMTP_SERVER_REPLIED,
    /* Verdict wanted (smtp_server_answer). For HELO/EHLO a 250 answer's text is ignored: the
       session writes hostname and extensions itself. */
    SMTP_SERVER_HELO,
    SMTP_SERVER_AUTH,    /* 235 or 535 */
    SMTP_SERVER_MAIL,    /* 250 or a refusal; SIZE above size_max was refused already (552 5.3.4) */
    SMTP_SERVER_RCPT,    /* 250 or a refusal, for this recipient */
    SMTP_SERVER_VRFY,    /* 252 by habit */
    SMTP_SERVER_MESSAGE, /* 250: responsibility is taken; or 4xx, 5xx */
    /* No verdict. */
    SMTP_SERVER_RESET, /* the transaction was given up: RSET, EHLO, or the connection ended */
    SMTP_SERVER_QUIT   /* 221 is written, the session closes */
};

struct smtp_server_event {
    enum smtp_server_event_kind kind;
    enum smtp_verb verb;   /* COMMAND, REPLIED; SMTP_VERB_COUNT for the greeting and end of data */
    struct slice line;     /* COMMAND: the line; an AUTH secret is shown as it came */
    struct slice argument; /* COMMAND: behind the verb */
    int code;              /* REPLIED */
    struct slice name;     /* HELO: the client's name, as given */
    bool is_extended;      /* HELO: it was EHLO */
    struct slice user, password, mechanism; /* AUTH */
    struct slice path;    /* MAIL, RCPT: the address without <>; "" is the null reverse-path */
    uint64_t size;        /* MAIL: the SIZE parameter, 0 when not given */
    bool is_8bit;         /* MAIL: BODY=8BITMIME */
    struct slice content; /* MESSAGE: header and body, dots unstuffed, CRLF lines */
};
/* All slices are borrowed until the next call on this session. */

/* Private: an event that is to be reported. */
struct smtp_server_note {
    enum smtp_server_event_kind kind;
    enum smtp_verb verb;
    int code;
};

struct smtp_server {
    struct session base;
    struct smtp_server_options options;
    enum smtp_state state;
    bool is_extended; /* the client said EHLO */
    bool is_authenticated;
    /* the rest is private to smtp_server*.c */
    bool awaits_verdict;
    bool is_refusing;   /* the greeting was no 220: nothing but QUIT is served */
    bool is_announced;  /* COMMAND was reported for the line at the front of in */
    bool is_discarding; /* within a line that is too long; its beginning is in text */
    bool sender_refused;
    enum smtp_server_event_kind verdict_for;
    enum smtp_verb verb;
    size_t line_size; /* of the line that was announced */
    unsigned recipient_count, recipients_refused;
    unsigned error_count;
    struct smtp_server_note notes[6]; /* what next() reports first */
    unsigned note_count;
    struct smtp_data_reader reader;
    struct bytes content, text;
};

void smtp_server_init(struct smtp_server *s, const struct smtp_server_options *options);
void smtp_server_restart(struct smtp_server *s, const struct smtp_server_options *options);
void smtp_server_finish(struct smtp_server *s);

/* The next event, or false: more bytes or a verdict are needed. */
bool smtp_server_next(struct smtp_server *s, struct smtp_server_event *event);
/* The verdict on the event that asked for one; the first call of a session is the greeting. An
   answer of 421 closes the session (RFC 5321 3.8). */
void smtp_server_answer(struct smtp_server *s, const struct smtp_reply *reply);
/* Says 421 and closes, at any moment (a time-out, a shutdown). */
void smtp_server_shut_down(struct smtp_server *s, struct slice text);

#endif
