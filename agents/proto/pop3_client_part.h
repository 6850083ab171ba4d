/*
 * What the parts of the POP3 client share: pop3_client.c says what is sent in a state and where a
 * reply leads, pop3_client_login.c does so for what comes before the maildrop is open,
 * pop3_client_read.c reads the replies.
 */
#ifndef AGENTS_PROTO_POP3_CLIENT_PART_H
#define AGENTS_PROTO_POP3_CLIENT_PART_H

#include "agents/proto/pop3_client.h"

enum {
    POP3_CLIENT_LINE_MAX = 255 - 2, /* what we send, without CRLF (RFC 2449 4) */
    POP3_CLIENT_REPLY_MAX = 1000    /* what we read; servers go beyond the 512 of RFC 1939 3 */
};

/* What next() is to do: wait for the server, act on a reply that is whole, wait for the role. */
enum pop3_client_step {
    POP3_CLIENT_STEP_STATUS,  /* a status line is awaited */
    POP3_CLIENT_STEP_LINES,   /* the lines of a multi-line reply are */
    POP3_CLIENT_STEP_LEAD,    /* the reply is whole */
    POP3_CLIENT_STEP_FETCHED, /* a message was reported: on to the next */
    POP3_CLIENT_STEP_TLS,     /* the handshake is awaited */
    POP3_CLIENT_STEP_ROLE,    /* pop3_client_go is awaited */
    POP3_CLIENT_STEP_HELD,    /* pop3_client_settle is */
    POP3_CLIENT_STEP_FAILED,  /* FAILED is to be reported */
    POP3_CLIENT_STEP_OVER
};

/* What a reply in this state answers, and whether +OK brings lines behind it. */
struct pop3_client_row {
    const char *name, *verb;
    bool is_multiline;
};
const struct pop3_client_row *pop3_client_row(enum pop3_client_state state);

/* Into this state: its command is sent. */
void pop3_client_enter(struct pop3_client *c, enum pop3_client_state state);
/* It ends here, by our own decision or the peer's. The first reason given is the one reported. */
void pop3_client_fail(struct pop3_client *c, struct slice text, bool is_lost);
void pop3_client_fail_nonsense(struct pop3_client *c);
/* The session is of no use, but it is ended in order: QUIT, its answer, then FAILED. The reason is
   the last -ERR, or this one. */
void pop3_client_refuse(struct pop3_client *c);
void pop3_client_refuse_because(struct pop3_client *c, struct slice text);
/* The state's command; the words behind it. */
void pop3_client_say(struct pop3_client *c, struct slice argument);

/* ---- pop3_client_login.c ---- */

/* The greeting's timestamp, if it has one. */
void pop3_client_note_greeting(struct pop3_client *c, struct slice text);
void pop3_client_forget_capabilities(struct pop3_client *c);
void pop3_client_note_capability(struct pop3_client *c, struct slice line);
/* After CAPA: TLS, or the login. */
void pop3_client_begin_login(struct pop3_client *c);
void pop3_client_say_auth(struct pop3_client *c);
void pop3_client_say_apop(struct pop3_client *c);
/* "+ ...": a challenge within AUTH, in base64. */
void pop3_client_take_challenge(struct pop3_client *c, struct slice text);
void pop3_client_lead_stls(struct pop3_client *c);
void pop3_client_lead_auth(struct pop3_client *c);
void pop3_client_end_exchange(struct pop3_client *c);

/* ---- pop3_client_read.c ---- */

/* A status line. True: the REPLY event is made. */
bool pop3_client_read_status(struct pop3_client *c, struct pop3_client_event *event);
/* The lines behind it. True at the final dot. */
bool pop3_client_read_rest(struct pop3_client *c);

#endif
