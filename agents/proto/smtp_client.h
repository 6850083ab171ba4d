/*
 * The client side of an SMTP, submission or LMTP session: one connection, one or more transactions
 * after each other (RFC 5321, 6409, 2033). It turns TLS on (3207), logs in (4954), pipelines
 * (2920), stuffs dots or sends chunks (3030), passes on what was asked of notices (3461), and
 * reports each reply and each recipient's fate. Replies of any server that keeps to RFC 5321 4.2
 * are understood, whatever their text.
 *
 * Two functions carry it, side by side in smtp_client.c: what is sent on entering a state, and
 * where a reply leads.
 *
 *     smtp_client_init(&c, &options);
 *     ... session_feed, then:
 *     while (smtp_client_next(&c, &e))
 *         switch (e.kind) {
 *         case SMTP_CLIENT_READY: smtp_client_send(&c, &transaction) or smtp_client_quit(&c);
 *         case SMTP_CLIENT_RECIPIENT: recipient e.recipient got e.reply
 *         case SMTP_CLIENT_DONE: the end of data got e.reply; READY comes again
 *         case SMTP_CLIENT_FAILED: no transaction is possible on this connection; e.reply says why
 *         case SMTP_CLIENT_REPLY: for the trace
 *         }
 */
#ifndef AGENTS_PROTO_SMTP_CLIENT_H
#define AGENTS_PROTO_SMTP_CLIENT_H

#include "agents/proto/sasl.h"
#include "agents/proto/session.h"
#include "agents/proto/smtp.h"
#include "agents/proto/smtp_reply_reader.h"

struct smtp_client_options {
    struct slice hostname;       /* for EHLO */
    bool is_lmtp;                /* LHLO, and a reply for each recipient at the end (RFC 2033) */
    enum session_tls_policy tls; /* STARTTLS; where it is refused IF_OFFERED goes on in clear */
    bool is_tls_first;           /* TLS from the first octet (RFC 8314 3.3) */
    /* AUTH when user is not empty; FAILED when there is no way to log in that may be used */
    struct slice user, password;
    enum sasl_mechanism mechanism;    /* preferred; SASL_MECHANISM_COUNT: the strongest */
    bool allows_clear;                /* PLAIN and LOGIN without TLS, too */
    struct slice nonce;               /* for SCRAM: as sasl_client_begin wants it */
    struct sasl_scram_memory *memory; /* sasl.h; NULL none */
    /* Send the message by BDAT in chunks of so many octets where CHUNKING is offered; 0: by DATA */
    size_t chunk_octets;
    /* What is above the server's SIZE is announced all the same, and its refusal heard (RFC 1870
       6.1); else it is not even tried */
    bool announces_size;
    int64_t final_dot_s; /* how long the reply to the end of data is waited for; 0: 10 minutes */
};
/* All borrowed for the session's life. */

/* What was asked of notices about one recipient (RFC 3461 4.1, 4.2). */
struct smtp_client_notify {
    unsigned when;      /* SMTP_NOTIFY_..., or-ed; 0: not said */
    struct slice orcpt; /* decoded; "" not said */
};

struct smtp_client_transaction {
    struct slice reverse_path;         /* without <>; "" is the null reverse-path */
    const struct slice *forward_paths; /* without <> */
    size_t recipient_count;            /* at least 1 */
    struct slice header, body;         /* CRLF lines; the header ends with its empty line */
    bool is_8bit;
    bool is_utf8; /* an address or the header needs SMTPUTF8 (RFC 6531) */
    /* Said only to a server that offers DSN (RFC 3461 5.2.1) */
    enum smtp_return ret;
    struct slice envid;                      /* decoded; "" none */
    const struct smtp_client_notify *notify; /* one for each recipient; NULL: nothing asked */
};
/* Borrowed until DONE, FAILED or the session's end. */

enum smtp_client_state {
    SMTP_CLIENT_STATE_GREETING,
    SMTP_CLIENT_STATE_EHLO, /* with LMTP LHLO */
    SMTP_CLIENT_STATE_HELO, /* EHLO was refused (RFC 5321 3.2) */
    SMTP_CLIENT_STATE_STARTTLS,
    SMTP_CLIENT_STATE_HANDSHAKE, /* the driver makes TLS */
    SMTP_CLIENT_STATE_AUTH,
    SMTP_CLIENT_STATE_IDLE, /* READY was reported */
    SMTP_CLIENT_STATE_MAIL,
    SMTP_CLIENT_STATE_RCPT,
    SMTP_CLIENT_STATE_DATA,
    SMTP_CLIENT_STATE_DOT,  /* the message is sent, its reply awaited; LMTP: its replies */
    SMTP_CLIENT_STATE_BDAT, /* likewise a chunk */
    SMTP_CLIENT_STATE_RSET, /* no recipient was accepted */
    SMTP_CLIENT_STATE_ASK,  /* a command of smtp_client_ask */
    SMTP_CLIENT_STATE_QUIT,
    SMTP_CLIENT_STATE_CLOSED,
    SMTP_CLIENT_STATE_COUNT
};
const char *smtp_client_state_name(enum smtp_client_state state);

enum smtp_client_event_kind {
    SMTP_CLIENT_REPLY,     /* for the trace: each reply, before what it leads to */
    SMTP_CLIENT_READY,     /* give a transaction, ask, or quit */
    SMTP_CLIENT_RECIPIENT, /* one an RCPT; also one for each recipient not refused so far when MAIL
                              or DATA is refused; with LMTP one more, is_final, for each accepted
                              one at the end of data */
    SMTP_CLIENT_DONE,      /* the transaction is over: a 2xx reply says the server has taken it for
                              every recipient whose RECIPIENT reply was 2xx. Comes also, with the
                              refusing reply, when no recipient was accepted or DATA was refused.
                              With LMTP it is the last of the replies, and each recipient's own
                              counts. */
    /* greeting, EHLO, TLS or AUTH failed, a 421 came at any moment (RFC 5321 3.8), the peer spoke
       nonsense, or it closed in the middle; is_lost says that no reply came. A transaction that had
       no DONE did not happen, as far as one can know. The session closes; it is the last event. */
    SMTP_CLIENT_FAILED,
    SMTP_CLIENT_CLOSED /* QUIT was answered, or the server closed after our QUIT; the last event */
};

struct smtp_client_event {
    enum smtp_client_event_kind kind;
    const char *verb;        /* REPLY: "CONNECT", "EHLO", ..., "DATA", "DOT" */
    size_t recipient;        /* RECIPIENT: its index */
    bool is_final;           /* RECIPIENT: nothing more will be heard of this one */
    struct smtp_reply reply; /* code 0 when no reply came, or we ourselves do not want: then its
                                text is ours and says why, its enhanced code of which kind it is */
    bool is_lost;            /* FAILED: the connection ended or spoke nonsense */
};
/* Slices are borrowed until the next call on this session. */

/* What the server's EHLO reply offers; forgotten when TLS begins (RFC 3207 4.2). */
struct smtp_client_offers {
    bool pipelining, eightbit, size, esc, starttls, chunking, utf8, dsn;
    unsigned mechanisms; /* of AUTH, a set (sasl.h) */
    uint64_t size_max;   /* what SIZE said; 0 unknown */
};

enum { SMTP_CLIENT_ASK_MAX = 510 }; /* octets of a command without CRLF (RFC 5321 4.5.3.1.4) */

struct smtp_client {
    struct session base;
    struct smtp_client_options options;
    enum smtp_client_state state;
    struct smtp_client_offers offers;
    /* the rest is private to smtp_client*.c */
    struct smtp_client_transaction transaction;
    VECTOR(unsigned char) fates; /* of each recipient */
    size_t next_sent, next_answered, next_reported, in_flight, accepted;
    bool is_data_sent, sender_refused, is_answered, is_full;
    bool is_tls_refused, is_cancelled, is_last_chunk;
    struct bytes chunks; /* the message as BDAT sends it */
    size_t chunks_sent;
    struct sasl_client sasl;
    struct bytes challenge;
    struct smtp_reply_reader reader;
    struct bytes refusal_text; /* the reply that a failed transaction ends with */
    int refusal_code;
    char refusal_esc[SMTP_ESC_MAX + 1];
    const char *verb; /* what the reply in reader answered */
    const char *asked;
    size_t recipient; /* the one that it was about */
    int reports[6];   /* what next() reports first */
    size_t report_count;
};

void smtp_client_init(struct smtp_client *c, const struct smtp_client_options *options);
void smtp_client_restart(struct smtp_client *c, const struct smtp_client_options *options);
void smtp_client_finish(struct smtp_client *c);
bool smtp_client_next(struct smtp_client *c, struct smtp_client_event *event);
/*
 * Only in answer to READY. A message above the server's SIZE is not sent: RECIPIENT and DONE carry
 * a 552 of our own making with the text "message size exceeds the server's limit". So does, with
 * 554 5.6.3, an 8-bit message for a server without 8BITMIME (RFC 6152 3), with 550 5.6.7 one that
 * needs SMTPUTF8 where that is not offered (RFC 6531 3.2), and with 553 an address that is none:
 * nothing but a path of RFC 5321 4.1.2 is ever written into a command.
 */
void smtp_client_send(struct smtp_client *c, const struct smtp_client_transaction *t);
/*
 * Only in answer to READY: one of VRFY, EXPN, HELP, NOOP, RSET, ETRN (RFC 5321 4.1.1, 1985). Its
 * reply comes as REPLY with that verb, then READY again. False, and nothing is sent, for any other
 * verb, a line that is too long, or one with an octet that is neither printable nor of UTF-8.
 */
bool smtp_client_ask(struct smtp_client *c, struct slice line);
void smtp_client_quit(struct smtp_client *c);
/* How long to wait for the reply that is awaited now, in seconds (RFC 5321 4.5.3.2): greeting,
   EHLO, MAIL, RCPT 5 min, DATA 2 min, a block of data 3 min, final dot 10 min. */
int64_t smtp_client_timeout_s(const struct smtp_client *c);

#endif
