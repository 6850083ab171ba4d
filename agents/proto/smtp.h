/*
 * What SMTP's two sides share: verbs, replies, and the table of which command is legal in which
 * state (RFC 5321 4.1, 4.1.4, 4.2). The server obeys the table; diagrams, documentation and quiz
 * questions are made from it. LMTP (RFC 2033) is SMTP with another greeting command and a reply
 * for each recipient behind the message: the same table has both.
 */
#ifndef AGENTS_PROTO_SMTP_H
#define AGENTS_PROTO_SMTP_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

enum smtp_verb {
    SMTP_VERB_EHLO,
    SMTP_VERB_HELO,
    SMTP_VERB_LHLO,
    SMTP_VERB_MAIL,
    SMTP_VERB_RCPT,
    SMTP_VERB_DATA,
    SMTP_VERB_BDAT,
    SMTP_VERB_RSET,
    SMTP_VERB_NOOP,
    SMTP_VERB_QUIT,
    SMTP_VERB_VRFY,
    SMTP_VERB_EXPN,
    SMTP_VERB_HELP,
    SMTP_VERB_AUTH,
    SMTP_VERB_STARTTLS,
    SMTP_VERB_ETRN,
    SMTP_VERB_UNKNOWN,
    SMTP_VERB_COUNT
};

/* The server's states, in the order in which a session usually passes them. */
enum smtp_state {
    SMTP_STATE_CONNECTED,  /* greeting not sent yet */
    SMTP_STATE_READY,      /* greeted; no EHLO yet */
    SMTP_STATE_TLS,        /* 220 to STARTTLS is said, the handshake goes on (RFC 3207) */
    SMTP_STATE_GREETED,    /* EHLO, HELO or LHLO done */
    SMTP_STATE_AUTH,       /* within an AUTH exchange (RFC 4954) */
    SMTP_STATE_SENDER,     /* MAIL accepted */
    SMTP_STATE_RECIPIENTS, /* at least one RCPT accepted */
    SMTP_STATE_DATA,       /* 354 sent; the message comes */
    SMTP_STATE_CHUNK,      /* the octets behind a BDAT come (RFC 3030) */
    SMTP_STATE_CHUNKS,     /* one or more chunks are there, the last is not */
    SMTP_STATE_CLOSED,
    SMTP_STATE_COUNT
};

/* Which protocols know a verb. */
enum { SMTP_SPOKEN_BY_SMTP = 1, SMTP_SPOKEN_BY_LMTP = 2, SMTP_SPOKEN_BY_BOTH = 3 };

struct smtp_rule {
    const char *verb, *argument; /* argument: as HELP shows it, "" for none */
    unsigned legal_states;       /* 1 << enum smtp_state, or-ed */
    unsigned spoken_by;          /* SMTP_SPOKEN_BY_... */
    const char *clause;          /* "RFC 5321 4.1.1.2" */
};
extern const struct smtp_rule smtp_rules[SMTP_VERB_COUNT];

const char *smtp_verb_name(enum smtp_verb verb);
const char *smtp_state_name(enum smtp_state state);
/* By the first word of a command line, letters in any case. */
enum smtp_verb smtp_verb_find(struct slice word);

/*
 * Where a session is, for who only hears its replies: the diagram of a recorded dialogue. The
 * server and this are held together by a test that feeds both the same dialogues.
 */
struct smtp_progress {
    enum smtp_state state;
    bool is_lmtp;
    enum smtp_state before;         /* within CHUNK: where BDAT came */
    unsigned recipients, concluded; /* accepted by RCPT; answered behind the message (LMTP) */
    bool is_last;                   /* of the chunks */
};
/* A command was read. A verb that is not legal in this state changes nothing. */
void smtp_progress_command(struct smtp_progress *p, enum smtp_verb verb, struct slice argument);
/* Its reply was written. SMTP_VERB_COUNT: the greeting, or the reply to the end of data. */
void smtp_progress_reply(struct smtp_progress *p, enum smtp_verb verb, int code);
/* The handshake behind STARTTLS is done. */
void smtp_progress_secured(struct smtp_progress *p);

/* A reply: code, enhanced code "2.1.5" (RFC 3463; "" for none), text of one or more lines
   separated by \n. On the wire each line gets the code, and the enhanced code if there is one. */
struct smtp_reply {
    int code;
    struct slice esc, text;
};
/* Writes the wire form, every line ended by CRLF (RFC 5321 4.2). False when out is full. */
bool smtp_reply_write(const struct smtp_reply *reply, bool with_esc, struct bytes *out);

/*
 * Reads one line of a reply. Multi-line replies are put together by the client session.
 * False when the line is no reply line: not 3 digits 2xx to 5xx and then '-', ' ' or the end.
 */
bool smtp_reply_read_line(struct slice line, int *code, bool *is_last, struct slice *rest);

/* DSN (RFC 3461): how much of a message a notice shows, and when there is to be one. */
enum smtp_return { SMTP_RETURN_UNSAID, SMTP_RETURN_FULL, SMTP_RETURN_HEADERS };
enum {
    SMTP_NOTIFY_NEVER = 1, /* alone */
    SMTP_NOTIFY_SUCCESS = 2,
    SMTP_NOTIFY_FAILURE = 4,
    SMTP_NOTIFY_DELAY = 8
};

enum {
    SMTP_LINE_MAX = 512,        /* a command line with CRLF (RFC 5321 4.5.3.1.4) */
    SMTP_REPLY_LINE_MAX = 512,  /* 4.5.3.1.5 */
    SMTP_AUTH_LINE_MAX = 12288, /* within an AUTH exchange, in both directions (RFC 4954 4) */
    SMTP_TEXT_LINE_MAX = 1000,  /* a line of the message with CRLF (4.5.3.1.6) */
    SMTP_PATH_MAX = 256,        /* 4.5.3.1.3 */
    SMTP_RECIPIENTS_MIN = 100,  /* 4.5.3.1.8: a server takes at least so many */
};

#endif
