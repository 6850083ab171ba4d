/*
 * The client side of a POP3 session (RFC 1939, 2449, 2595, 5034): log in, list, fetch what the role
 * wants, remove what the role says, quit.
 *
 *     while (pop3_client_next(&c, &e))
 *         switch (e.kind) {
 *         case POP3_CLIENT_LISTED:  look at c.messages, set .wanted; then pop3_client_go(&c)
 *         case POP3_CLIENT_MESSAGE: e.content is message e.message; may set .remove
 *         case POP3_CLIENT_DONE:    QUIT was answered: removals count
 *         case POP3_CLIENT_FAILED:  refused or lost; nothing is removed
 *         }
 *
 * DONE or FAILED is the last event, and one of them always comes once the peer has answered or
 * closed. A login or LIST that is refused is followed by QUIT, then FAILED with the refusal's text.
 *
 * TLS from the first octet (port 995): set base.tls to SESSION_TLS_FIRST after init or restart.
 */
#ifndef AGENTS_PROTO_POP3_CLIENT_H
#define AGENTS_PROTO_POP3_CLIENT_H

#include "agents/proto/sasl.h"
#include "agents/proto/session.h"

enum pop3_client_state {
    POP3_CLIENT_STATE_GREETING,
    POP3_CLIENT_STATE_CAPA,
    POP3_CLIENT_STATE_STLS,
    POP3_CLIENT_STATE_TLS, /* the handshake is awaited */
    POP3_CLIENT_STATE_AUTH,
    POP3_CLIENT_STATE_APOP,
    POP3_CLIENT_STATE_USER,
    POP3_CLIENT_STATE_PASS,
    POP3_CLIENT_STATE_STAT,
    POP3_CLIENT_STATE_LIST,
    POP3_CLIENT_STATE_UIDL,
    POP3_CLIENT_STATE_CHOOSE, /* LISTED was reported */
    POP3_CLIENT_STATE_RETR,
    POP3_CLIENT_STATE_TOP,
    POP3_CLIENT_STATE_DELE,
    POP3_CLIENT_STATE_QUIT,
    POP3_CLIENT_STATE_CLOSED,
    POP3_CLIENT_STATE_COUNT
};
const char *pop3_client_state_name(enum pop3_client_state state);

enum pop3_client_login {
    POP3_CLIENT_LOGIN_PASS, /* USER and PASS */
    POP3_CLIENT_LOGIN_APOP,
    POP3_CLIENT_LOGIN_SASL, /* AUTH with `mechanism`, else the strongest that is offered; without
                               TLS none that shows the password, unless that was asked for */
    POP3_CLIENT_LOGIN_AUTO  /* the strongest of all these */
};

/* Borrowed for the session's life. */
struct pop3_client_options {
    struct slice user, password;
    enum session_tls_policy tls; /* REQUIRED: no name and no password is said before it */
    enum pop3_client_login login;
    enum sasl_mechanism mechanism;    /* of LOGIN_SASL */
    struct slice nonce;               /* for SCRAM, see sasl.h; "": SCRAM is not used */
    struct sasl_scram_memory *memory; /* sasl.h; NULL none */
    bool pipelines;                   /* where the server does, too: several commands at a time */
};

struct pop3_client_message {
    uint32_t number; /* the server's, from 1 */
    uint64_t size;
    char uid[71]; /* "" when the server has no UIDL */
    bool wanted;  /* set by the role at LISTED */
    bool is_top;  /* likewise: the header only, by TOP (RFC 1939 7) */
    bool remove;  /* set by the role at LISTED or MESSAGE: DELE before QUIT. Taken back when RETR or
                     DELE was refused, so that at DONE it says what the server has removed */
    bool is_held; /* set by the role at MESSAGE: whether to remove it is not known yet. No DELE and
                     no QUIT is said before pop3_client_settle */
};

enum pop3_client_event_kind {
    POP3_CLIENT_REPLY, /* for the trace: each +OK or -ERR */
    POP3_CLIENT_LISTED,
    POP3_CLIENT_MESSAGE,
    POP3_CLIENT_DONE,
    POP3_CLIENT_FAILED
};

struct pop3_client_event {
    enum pop3_client_event_kind kind;
    const char *verb;     /* REPLY: "CONNECT", "USER", ... */
    bool ok;              /* REPLY */
    struct slice text;    /* REPLY, FAILED: behind +OK or -ERR */
    size_t message;       /* MESSAGE: index into messages; also REPLY to RETR, TOP, DELE */
    struct slice content; /* MESSAGE: dots unstuffed, CRLF lines */
    bool is_lost;         /* FAILED: the connection ended or spoke nonsense */
};
/* Slices are borrowed until the next call. */

struct pop3_client {
    struct session base;
    struct pop3_client_options options;
    enum pop3_client_state state;
    VECTOR(struct pop3_client_message) messages;
    /* private */
    int step;
    size_t current;     /* the message of RETR, TOP or DELE */
    size_t sent;        /* messages before this one had their command sent */
    size_t flying;      /* commands sent, but the current one, whose replies are awaited */
    size_t lines;       /* of this reply, read so far */
    bool ok;            /* the status of this reply */
    bool at_line_start; /* of the content */
    bool is_refused;    /* QUIT is said because of a refusal, which `text` keeps */
    bool is_lost;
    bool has_stls, has_pipelining; /* from CAPA, as are the mechanisms */
    bool is_cancelled;             /* AUTH: "*" was said */
    bool has_initial;              /* AUTH: the first response is said */
    unsigned mechanisms;
    struct sasl_client *sasl; /* NULL unless an exchange is under way */
    struct bytes content, text, stamp;
};

enum {
    POP3_CLIENT_CONTENT_MAX = 64 * 1024 * 1024, /* a larger message is not fetched */
    POP3_CLIENT_MESSAGES_MAX = 100000,          /* more in a maildrop are passed over */
    POP3_CLIENT_FLYING_MAX = 16                 /* commands sent ahead at most */
};

void pop3_client_init(struct pop3_client *c, const struct pop3_client_options *options);
void pop3_client_restart(struct pop3_client *c, const struct pop3_client_options *options);
void pop3_client_finish(struct pop3_client *c);
bool pop3_client_next(struct pop3_client *c, struct pop3_client_event *event);
/* After LISTED: fetch the wanted, remove those marked, quit. Nothing happens once the session
 * failed. */
void pop3_client_go(struct pop3_client *c);
/* Of a message that is held. The driver sends what is said then (pump_flush). */
void pop3_client_settle(struct pop3_client *c, size_t message, bool remove);
/* Seconds to wait for the reply that is awaited now; 0 when none is. */
int64_t pop3_client_timeout_s(const struct pop3_client *c);

#endif
