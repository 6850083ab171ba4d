/*
 * The server side of an IMAP session (RFC 9051 and 3501 with the extensions that CAPABILITY names).
 * It parses commands, keeps the state and its own view of the selected mailbox, and does all that
 * is about mail on a `struct account` by itself. Its role says who may log in, and into which
 * account, and sets the time.
 *
 *     imap_server_restart(&s, &options);     s zeroed or used before
 *     imap_server_greet(&s, text);           or s.base.tls = SESSION_TLS_FIRST before, port 993
 *     ... each turn:
 *     s.now_s = ...; s.zone_min = ...;
 *     do {
 *         while (imap_server_next(&s, &e))
 *             switch (e.kind) { case IMAP_SERVER_PASSWORD: imap_server_password(&s, ...); ... }
 *         send what is in out
 *     } while (imap_server_has_more(&s));
 *
 * A long answer is written piece by piece: next() stops when `out` holds enough, and goes on once
 * that is sent. So no answer is ever in memory as a whole, whatever a client asks for.
 *
 * When a folder changes (account_watch), the role calls imap_server_wake() and gives the session a
 * turn; what the client may be told without asking (it is within IDLE) is then sent.
 */
#ifndef AGENTS_PROTO_IMAP_SERVER_H
#define AGENTS_PROTO_IMAP_SERVER_H

#include "agents/mail/account.h"
#include "agents/proto/imap.h"
#include "agents/proto/sasl.h"
#include "agents/proto/session.h"

/* Slices are borrowed until the session is over. */
struct imap_server_options {
    struct slice host;  /* for the greeting and CRAM-MD5 */
    struct slice nonce; /* printable, another one each connection (sasl.h); a count is added */
    struct sasl_scram_memory *memory; /* sasl.h; NULL none */
    unsigned mechanisms;              /* of sasl.h; 0: LOGIN only */
    bool offers_tls;                  /* STARTTLS, until TLS is on */
    bool needs_tls;        /* LOGINDISABLED, no AUTH=PLAIN and AUTH=LOGIN until TLS is on */
    uint64_t append_limit; /* octets of a message, APPENDLIMIT (RFC 7889); 0: IMAP_APPEND_MAX */
    const char *id;        /* its name and version for ID (RFC 2971): "mailflow 1.0"; NULL: none */
};
enum { IMAP_APPEND_MAX = 64 * 1024 * 1024 };

enum imap_server_event_kind {
    IMAP_SERVER_COMMAND,  /* no verdict, for the trace: a command is read, before it is judged */
    IMAP_SERVER_REPLIED,  /* no verdict, for the trace: its tagged reply, or the greeting */
    IMAP_SERVER_PASSWORD, /* verdict: imap_server_password */
    IMAP_SERVER_DENIED,   /* no verdict, for the trace: that login has failed */
    IMAP_SERVER_LOGIN, /* the user has proved who it is; verdict: imap_server_welcome or _refuse */
    /* No verdict. The whole text (BODY[], RFC822, BODY[TEXT], BINARY[]) of a message is what is
       written next: what is in out already can be sent under another tag. Then: it is written. */
    IMAP_SERVER_FETCHING,
    IMAP_SERVER_FETCHED,
    IMAP_SERVER_STATE, /* no verdict: s->state has changed */
    IMAP_SERVER_BYE    /* no verdict, the last: LOGOUT, or the session was broken off */
};

struct imap_server_event {
    enum imap_server_event_kind kind;
    enum imap_verb verb;     /* COMMAND, REPLIED; IMAP_VERB_COUNT: the greeting */
    struct slice tag;        /* COMMAND, REPLIED */
    struct slice argument;   /* COMMAND: behind the verb, as it came, each literal cut to its
                                first line; the whole line when the verb is UNKNOWN */
    enum imap_status status; /* REPLIED */
    struct slice text;       /* REPLIED: response code and text */
    struct slice user;       /* PASSWORD, DENIED, LOGIN */
    const char *mechanism;   /* PASSWORD, DENIED, LOGIN: "LOGIN" for the command, else SASL's name;
                                the two LOGINs are told apart by verb */
    uint32_t uid, msg;       /* FETCHING, FETCHED */
    bool is_whole;           /* FETCHING, FETCHED: header and body, else body only */
    bool is_by_client;       /* BYE: it said LOGOUT */
};
/* Slices are borrowed until the next call on this session. */

struct imap_server_part;

struct imap_server {
    struct session base;
    struct imap_server_options options;
    /* Set by the driver before each turn: the Unix second, and the zone of dates it makes. */
    int64_t now_s;
    int zone_min;
    enum imap_state state;
    struct account *account;       /* NULL until LOGIN is welcomed */
    struct account_folder *folder; /* the selected one, or NULL */
    bool is_read_only;             /* it was EXAMINEd */
    struct imap_server_part *part; /* private: imap_server_part.h */
};

/* `*s` is zeroed, or was restarted before: then the old session is over, and memory is used again.
 */
void imap_server_restart(struct imap_server *s, const struct imap_server_options *options);
/* Leaves the account (which must still be there). A zeroed struct is fine. */
void imap_server_finish(struct imap_server *s);
/* "* OK [CAPABILITY ...] text". */
void imap_server_greet(struct imap_server *s, struct slice text);
/* "* BYE text" instead of the greeting; the session closes. */
void imap_server_turn_away(struct imap_server *s, struct slice text);

bool imap_server_next(struct imap_server *s, struct imap_server_event *event);
/* True when next() stopped only because `out` holds enough. */
bool imap_server_has_more(const struct imap_server *s);

/* The password of the user asked for; NULL: there is no such user. */
void imap_server_password(struct imap_server *s, const struct slice *password);
/* The account, borrowed until restart or finish. */
void imap_server_welcome(struct imap_server *s, struct account *account);
/* "NO text" to the login, the text with a response code if any: "[UNAVAILABLE] ...". */
void imap_server_refuse(struct imap_server *s, struct slice text);

/* Right behind a COMMAND event: that command is answered NO or BAD and changes nothing; with BYE
   the session closes. */
void imap_server_overrule(struct imap_server *s, enum imap_status status, struct slice text);

/* Something in the account has changed. Cheap; says nothing outside of IDLE. */
void imap_server_wake(struct imap_server *s);
/* IDLE was taken, and DONE has not come. */
bool imap_server_is_idling(const struct imap_server *s);
/* Says "* BYE text" and closes, at any moment (autologout, shutdown; RFC 9051 7.1.5). */
void imap_server_shut_down(struct imap_server *s, struct slice text);

#endif
