/*
 * Who reads along where a person speaks a protocol by hand. A session of ours tells the trace what
 * it has read; a person does not, so this does it in the person's place: at the end that connected
 * it finds the replies and which command each answers (smtp.reply, lmtp.reply, pop.reply,
 * imap.data, imap.reply); at the end that was connected to it finds the commands (smtp.cmd and so
 * on), and what was taken over with a 2xx behind the final dot.
 *
 *     spoken_start(&s, sim, conn, port, false);
 *     spoken_asked(&s, octets);            all that the side that connected says, when it says it
 *     spoken_answered(&s, octets, msg);    all that the other one says
 *
 * It decides nothing and changes no octet. What it can't follow any more (nonsense, or too much
 * without an answer) it leaves alone from there on: no events rather than wrong ones.
 */
#ifndef AGENTS_ROLES_SPOKEN_H
#define AGENTS_ROLES_SPOKEN_H

#include "agents/proto/smtp_reply_reader.h"
#include "sim/base/vector.h"
#include "sim/kernel/sim.h"
#include "sim/trace/turn.h"

enum spoken_state {
    SPOKEN_COMMAND,
    SPOKEN_CONTENT, /* behind a 354, up to the dot */
    SPOKEN_DOT,     /* the dot has come, its replies have not */
    SPOKEN_AUTH,    /* behind a 334 or "+": the next line is an answer to a challenge */
    SPOKEN_LINES,   /* POP3: the lines behind an +OK, up to the dot */
};

/* A message that the person took over. Borrowed for the call. */
struct spoken_mail {
    struct slice content; /* dots taken away (RFC 5321 4.5.2); cut at its ceiling */
    const struct slice *paths;
    size_t path_count;
    uint32_t msg;
};

struct spoken {
    struct sim *sim;
    uint32_t conn;
    enum turn_protocol protocol;
    bool is_server;      /* the person is the side that was connected to */
    bool is_lost;        /* it can't follow any more */
    bool is_tls_granted; /* STARTTLS or STLS was answered with yes (RFC 3207, 2595, 9051) */
    bool is_greeted, is_mid_line;
    enum spoken_state state;
    struct bytes asked;    /* and not read yet */
    struct bytes answered; /* likewise */
    struct smtp_reply_reader reply;
    uint64_t skip, skip_answer; /* octets of a BDAT or a literal that are still to come */
    uint32_t replies_left;      /* LMTP: to the dot */
    uint32_t msg;               /* of the content that is on its way */
    struct bytes waiting;       /* commands that were read and not answered, a line each */
    struct bytes content;       /* IMAP: a response whose literals are to come */
    /* a server's */
    struct bytes paths; /* that were answered with 2xx, a line each */
    void (*taken)(void *context, const struct spoken_mail *mail); /* NULL: nobody cares */
    void *context;
};

/* In zeroed memory, or after finish. The port tells the protocol; the greeting corrects it. */
void spoken_start(struct spoken *s, struct sim *sim, uint32_t conn, uint32_t port, bool is_server);
void spoken_finish(struct spoken *s);
void spoken_asked(struct spoken *s, struct slice octets, uint32_t msg);
void spoken_answered(struct spoken *s, struct slice octets, uint32_t msg);
/* TLS is on: who is asked starts afresh, without a greeting (RFC 3207 4.2). */
void spoken_secured(struct spoken *s);

#endif
