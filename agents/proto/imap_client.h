/*
 * The client side of an IMAP session (RFC 9051, and RFC 3501 for servers that know no more): log
 * in, then one command after the other as its role wants them, IDLE in between, log out. Responses
 * of any server are understood, whatever its texts; what is not known is passed over.
 *
 *     while (imap_client_next(&c, &e))
 *         switch (e.kind) {
 *         case IMAP_CLIENT_READY:   logged in, or the last command is done:
 * imap_client_select(...), imap_client_fetch(...), ..., imap_client_idle or _logout case
 * IMAP_CLIENT_MESSAGE: e.uid, e.flags, e.content ... of a FETCH response case IMAP_CLIENT_FOLDER:
 * e.name, e.flags of a LIST response case IMAP_CLIENT_EXISTS, _EXPUNGE: what the server says of the
 * selected mailbox case IMAP_CLIENT_DONE:    the command's end: e.status, e.text; READY comes next
 *         case IMAP_CLIENT_DATA, _REPLY: for the trace
 *         case IMAP_CLIENT_FAILED, _CLOSED: the last event
 *         }
 */
#ifndef AGENTS_PROTO_IMAP_CLIENT_H
#define AGENTS_PROTO_IMAP_CLIENT_H

#include "agents/proto/imap.h"
#include "agents/proto/imap_args.h"
#include "agents/proto/sasl.h"
#include "agents/proto/session.h"

enum imap_client_state {
    IMAP_CLIENT_STATE_GREETING,
    IMAP_CLIENT_STATE_CAPABILITY, /* asked where the greeting, or the login, did not tell */
    IMAP_CLIENT_STATE_STARTTLS,
    IMAP_CLIENT_STATE_TLS, /* OK came: the driver's turn */
    IMAP_CLIENT_STATE_AUTHENTICATE,
    IMAP_CLIENT_STATE_LOGIN,
    IMAP_CLIENT_STATE_READY,
    IMAP_CLIENT_STATE_COMMAND, /* one is under way */
    IMAP_CLIENT_STATE_IDLE,    /* the server has said that it idles */
    IMAP_CLIENT_STATE_LOGOUT,
    IMAP_CLIENT_STATE_CLOSED,
    IMAP_CLIENT_STATE_COUNT
};
const char *imap_client_state_name(enum imap_client_state state);

struct imap_client_options {
    struct slice user, password;
    enum session_tls_policy tls;
    /* SASL's mechanism, or COUNT: LOGIN, the command. IMAP_CLIENT_AUTO: the best that is offered */
    int mechanism;
    bool allows_clear;  /* the password may be shown to the wire when there is no TLS */
    struct slice nonce; /* for SASL (sasl.h) */
    struct sasl_scram_memory *memory; /* sasl.h; NULL none */
};
enum { IMAP_CLIENT_AUTO = -1 };
/* All borrowed for the session's life. */

enum imap_client_event_kind {
    IMAP_CLIENT_DATA,  /* for the trace: an untagged response */
    IMAP_CLIENT_REPLY, /* for the trace: the tagged end of a command, or the greeting */
    IMAP_CLIENT_READY,
    IMAP_CLIENT_FOLDER,
    IMAP_CLIENT_EXISTS,  /* e.number messages are in the selected mailbox */
    IMAP_CLIENT_EXPUNGE, /* message e.number is gone; with VANISHED e.text is a set of UIDs */
    IMAP_CLIENT_MESSAGE, /* what a FETCH response tells of message e.number */
    IMAP_CLIENT_SEARCH,  /* e.text: the numbers found, as SEARCH or ESEARCH gave them */
    IMAP_CLIENT_IDLING,  /* IDLE was taken: EXISTS and EXPUNGE come when they happen */
    IMAP_CLIENT_DONE,    /* the command's end */
    IMAP_CLIENT_FAILED,  /* greeting, TLS or login failed, BYE came unasked, or the peer closed or
                            spoke nonsense (is_lost); e.text says why */
    IMAP_CLIENT_CLOSED   /* LOGOUT was answered */
};

struct imap_client_event {
    enum imap_client_event_kind kind;
    const char *verb;        /* REPLY, DONE: "LOGIN", "UID FETCH", ...; CONNECT for the greeting */
    struct slice what;       /* DATA: the response's name: "EXISTS", "FETCH", "CAPABILITY" */
    struct slice text;       /* what stands behind it; of REPLY and DONE with the response code */
    struct slice code;       /* DONE: within the brackets, "" none: "APPENDUID 1 5" */
    enum imap_status status; /* REPLY, DONE */
    uint32_t number;         /* EXISTS, EXPUNGE, MESSAGE; DATA with has_number */
    bool has_number;
    struct slice name;       /* FOLDER: UTF-8 */
    char delimiter;          /* FOLDER; '\0' a flat name */
    struct imap_names flags; /* FOLDER: attributes; MESSAGE, with has_flags */
    bool has_flags, has_content;
    uint32_t uid;         /* MESSAGE: 0 not told */
    uint64_t size;        /* MESSAGE: RFC822.SIZE; 0 not told */
    struct slice section; /* MESSAGE: of which part the content is: "" the whole, "HEADER", "1.2" */
    struct slice content; /* MESSAGE: the octets of BODY[...], RFC822 or BINARY[...] */
    bool is_lost;         /* FAILED */
};
/* Slices are borrowed until the next call on this session. */

/* Private: one BODY[...] of a FETCH response. */
struct imap_client_section {
    struct slice name, content;
};

struct imap_client {
    struct session base;
    struct imap_client_options options;
    enum imap_client_state state;
    bool is_rev2, has_idle, has_move, has_uidplus, has_literal_plus, has_literal_minus, has_sasl_ir,
        has_starttls, is_login_disabled;
    unsigned mechanisms; /* of sasl.h, as the server's capabilities have them */
    /* What SELECT told: */
    uint32_t uidvalidity, uidnext, exists;
    /* private */
    uint32_t tag_number;
    char tag[16], verb[24]; /* of the command under way */
    char told_verb[24];     /* of the reply that is told of */
    struct bytes pending;   /* what of it is to be said when the server says "+" */
    VECTOR(size_t) stops;   /* where in pending that is the case, ascending */
    struct bytes response;  /* the one that is read, its literals in it */
    uint64_t literal_left;  /* octets of a literal that are still to come */
    size_t line_octets;     /* of the response, without literals */
    struct bytes why;       /* the text for FAILED */
    struct arena arena;     /* the response's */
    struct sasl_client sasl;
    struct imap_client_event event; /* what is told next is part of it */
    VECTOR(struct imap_client_section) sections;
    enum imap_client_event_kind told[8];
    size_t told_count, told_next, section_next;
    bool is_authenticated, knows_capabilities, has_asked, has_begun, has_failed;
};

enum {
    IMAP_CLIENT_RESPONSE_MAX = 64 * 1024 * 1024, /* octets of one response; more ends the session */
    IMAP_CLIENT_LINE_MAX = 1024 * 1024           /* of them without literals */
};

/* `*c` is zeroed, or was used before. */
void imap_client_restart(struct imap_client *c, const struct imap_client_options *options);
void imap_client_finish(struct imap_client *c);
bool imap_client_next(struct imap_client *c, struct imap_client_event *event);

/*
 * Commands: only in answer to READY (and imap_client_done within IDLE). False when it could not be
 * written: a name that is none, or a message that is too large; nothing was said then.
 */
bool imap_client_select(struct imap_client *c, struct slice folder, bool is_read_only);
bool imap_client_list(struct imap_client *c);
bool imap_client_create(struct imap_client *c, struct slice folder);
/* UID FETCH set items: items as they stand in the command, "(UID FLAGS BODY.PEEK[])". */
bool imap_client_fetch(struct imap_client *c, struct slice uids, struct slice items);
/* UID STORE: how is "+FLAGS", "-FLAGS", "FLAGS", each also ".SILENT"; flags "\\Seen \\Deleted". */
bool imap_client_store(struct imap_client *c, struct slice uids, struct slice how,
                       struct slice flags);
/* UID MOVE, or where there is none what RFC 6851 3.3 has in its stead, in three commands of the
   role's own: false then. */
bool imap_client_move(struct imap_client *c, struct slice uids, struct slice folder);
bool imap_client_copy(struct imap_client *c, struct slice uids, struct slice folder);
/* UID EXPUNGE where there is UIDPLUS and uids are given, else EXPUNGE. */
bool imap_client_expunge(struct imap_client *c, struct slice uids);
bool imap_client_append(struct imap_client *c, struct slice folder, struct slice flags,
                        struct slice header, struct slice body);
/* UID SEARCH with criteria as they stand in the command. */
bool imap_client_search(struct imap_client *c, struct slice criteria);
/* Any other command: "NOOP", "STATUS INBOX (MESSAGES)". Without CR, LF or literals. */
bool imap_client_command(struct imap_client *c, struct slice line);
/* False when the server has no IDLE: a NOOP now and then does it. */
bool imap_client_idle(struct imap_client *c);
void imap_client_done(struct imap_client *c); /* ends IDLE; DONE, READY follow */
void imap_client_logout(struct imap_client *c);

/* Seconds to wait for what is awaited now; 0: nothing is. Within IDLE 29 minutes, when it is to be
   renewed (RFC 2177). */
int64_t imap_client_timeout_s(const struct imap_client *c);

#endif
