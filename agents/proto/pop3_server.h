/*
 * The server side of a POP3 session (RFC 1939, 2449, 2595, 3206, 5034). The maildrop itself is its
 * role's: the session asks for a user's password, and judges who knows it; then for the list of
 * messages, for a message's content, and keeps the marks of DELE until QUIT makes them count.
 *
 * Not offered: UTF8 and LANG (RFC 6856), CAPA does not name them.
 */
#ifndef AGENTS_PROTO_POP3_SERVER_H
#define AGENTS_PROTO_POP3_SERVER_H

#include "agents/proto/sasl.h"
#include "agents/proto/session.h"

enum pop3_verb {
    POP3_VERB_USER,
    POP3_VERB_PASS,
    POP3_VERB_APOP,
    POP3_VERB_AUTH,
    POP3_VERB_STLS,
    POP3_VERB_STAT,
    POP3_VERB_LIST,
    POP3_VERB_UIDL,
    POP3_VERB_RETR,
    POP3_VERB_TOP,
    POP3_VERB_DELE,
    POP3_VERB_RSET,
    POP3_VERB_NOOP,
    POP3_VERB_QUIT,
    POP3_VERB_CAPA,
    POP3_VERB_UNKNOWN,
    POP3_VERB_COUNT
};

enum pop3_state {
    POP3_STATE_CONNECTED, /* greeting not sent yet */
    POP3_STATE_AUTHORIZATION,
    POP3_STATE_EXCHANGE, /* within AUTH: lines are responses, not commands (RFC 5034 4) */
    POP3_STATE_STARTTLS, /* STLS was agreed on; nothing is read until TLS is there */
    POP3_STATE_TRANSACTION,
    POP3_STATE_UPDATE, /* QUIT was given; removals are being carried out */
    POP3_STATE_CLOSED,
    POP3_STATE_COUNT
};

struct pop3_rule {
    const char *verb, *argument;
    unsigned legal_states;
    const char *clause;
};
/* The row of POP3_VERB_UNKNOWN has no verb and no legal state. */
extern const struct pop3_rule pop3_rules[POP3_VERB_COUNT];
const char *pop3_verb_name(enum pop3_verb verb);
const char *pop3_state_name(enum pop3_state state);
/* By the first word of a line, letters in any case. */
enum pop3_verb pop3_verb_find(struct slice word);

/* Where a session is, for who only hears its replies; see smtp_progress in smtp.h. The greeting's
   verb is POP3_VERB_COUNT. */
enum pop3_state pop3_progress_command(enum pop3_state state, enum pop3_verb verb);
enum pop3_state pop3_progress_reply(enum pop3_state state, enum pop3_verb verb, bool ok);
enum pop3_state pop3_progress_secured(enum pop3_state state);

enum {
    POP3_LINE_MAX = 255,     /* a command line with CRLF (RFC 2449 4) */
    POP3_ERRORS_MAX = 20,    /* so many commands refused end the session */
    POP3_AUTOLOGOUT_S = 600, /* a driver closes no earlier, and says nothing then (RFC 1939 3) */
    POP3_EXPIRE_NEVER = -1,
    POP3_EXPIRE_UNSAID = -2
};

/* What is offered. Zeroed: no way in at all. Borrowed for the session's life. */
struct pop3_server_options {
    struct slice hostname;            /* named in the timestamp and in CRAM-MD5's challenge */
    struct slice nonce;               /* see sasl.h; used for this connection only. "": no APOP */
    struct sasl_scram_memory *memory; /* sasl.h; NULL none */
    struct slice implementation;      /* "" is not announced */
    bool has_pass, has_apop;          /* USER and PASS; APOP */
    unsigned mechanisms;              /* of AUTH: a set, see sasl.h */
    bool is_tls_available;            /* STLS is offered until there is TLS */
    bool requires_tls;                /* no way in before there is TLS */
    int64_t expire_days;    /* how long messages stay at least (RFC 2449 6.7). 0: who fetches
                               one has it removed */
    uint32_t login_delay_s; /* announced; the role refuses who comes earlier. 0: none */
};

struct pop3_server_message {
    uint64_t size;   /* octets as sent by RETR, dots not counted twice (RFC 1939 11) */
    char uid[71];    /* RFC 1939 7: 1 to 70 characters 0x21..0x7E */
    bool is_deleted; /* marked by DELE */
    bool is_fetched; /* by RETR */
};

enum pop3_server_event_kind {
    POP3_SERVER_COMMAND,  /* no verdict; for the trace */
    POP3_SERVER_REPLIED,  /* no verdict; for the trace */
    POP3_SERVER_PASSWORD, /* verdict: pop3_server_password */
    POP3_SERVER_AUTH,     /* no verdict; for the trace: a user was let in, or was not */
    POP3_SERVER_LOGIN,    /* the maildrop is to be opened. Verdict: pop3_server_opened or
                             pop3_server_refuse */
    POP3_SERVER_RETRIEVE, /* verdict: pop3_server_content or pop3_server_refuse (RETR, TOP) */
    POP3_SERVER_UPDATE,   /* verdict: after removing the marked: pop3_server_updated(ok) */
    POP3_SERVER_ENDED     /* the session is over without QUIT: nothing is removed */
};

struct pop3_server_event {
    enum pop3_server_event_kind kind;
    enum pop3_verb verb;
    struct slice argument; /* COMMAND; the whole line when the verb is UNKNOWN */
    struct slice user;     /* PASSWORD, AUTH, LOGIN */
    const char *mechanism; /* AUTH: "PASS", "APOP" or a mechanism's name */
    size_t message;        /* RETRIEVE: index from 0 */
    bool ok;               /* REPLIED; its verb is POP3_VERB_COUNT for the greeting. AUTH */
};
/* Slices are borrowed until the next call. */

struct pop3_server {
    struct session base;
    enum pop3_state state;
    struct pop3_server_options options;
    VECTOR(struct pop3_server_message) messages;
    /* private */
    struct bytes line, user;
    struct sasl_server *sasl; /* NULL unless an exchange is under way */
    enum pop3_verb verb;
    enum pop3_server_event_kind verdict_for;
    bool awaits_verdict, is_asked;  /* a verdict is wanted; its event was given */
    bool has_command, is_too_long;  /* a line is read and not judged yet; it was cut */
    bool has_reply, reply_ok;       /* a reply is written and not reported yet */
    bool has_auth, auth_ok;         /* a login is judged and not reported yet */
    bool skips_line, is_broken_off; /* within a line that is too long; ENDED is to come */
    bool has_user;                  /* the command before was a USER that was taken */
    bool is_top;
    unsigned errors, exchanges;
    size_t message;
    uint64_t top_lines;
};

void pop3_server_init(struct pop3_server *s, const struct pop3_server_options *options);
void pop3_server_restart(struct pop3_server *s, const struct pop3_server_options *options);
void pop3_server_finish(struct pop3_server *s);
/* "+OK text": the greeting, with the timestamp that APOP needs behind it (RFC 1939 7). */
void pop3_server_greet(struct pop3_server *s, struct slice text);
bool pop3_server_next(struct pop3_server *s, struct pop3_server_event *event);
/* The user's password; NULL when there is no such user. */
void pop3_server_password(struct pop3_server *s, const struct slice *password);
/* The maildrop is open and locked; the messages, in order, are copied. */
void pop3_server_opened(struct pop3_server *s, const struct pop3_server_message *messages,
                        size_t count);
/* "-ERR text", the text with its response code if any: "[IN-USE] ..." (RFC 2449 8). */
void pop3_server_refuse(struct pop3_server *s, struct slice text);
/* Instead of the greeting: "-ERR text", and the session closes. */
void pop3_server_turn_away(struct pop3_server *s, struct slice text);
/* Right behind a COMMAND event: that command is answered "-ERR text" and changes nothing. */
void pop3_server_overrule(struct pop3_server *s, struct slice text);
/* Header (with its empty line) and body of the message asked for; copied, dot-stuffed, cut for TOP.
 */
void pop3_server_content(struct pop3_server *s, struct slice header, struct slice body);
/* "+OK" or "-ERR" to QUIT; then the session closes (RFC 1939 6). */
void pop3_server_updated(struct pop3_server *s, bool ok);

#endif
