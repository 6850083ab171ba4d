/*
 * Private to the SMTP server session. smtp_server.c is its core: states, replies, verdicts;
 * smtp_server_input.c reads lines, messages and chunks; smtp_server_verb.c is what each verb does
 * once the rule table has let it pass, with the parameters of MAIL and RCPT in
 * smtp_server_parameter.c and AUTH in smtp_server_auth.c.
 */
#ifndef AGENTS_PROTO_SMTP_SERVER_PART_H
#define AGENTS_PROTO_SMTP_SERVER_PART_H

#include "agents/proto/smtp_server.h"

enum {
    /*
     * Octets that extensions allow a line beyond SMTP_LINE_MAX. MAIL: SIZE 26 (RFC 1870 3), BODY 17
     * (RFC 6152 3), AUTH 500 (RFC 4954 3), SMTPUTF8 10 (RFC 6531 3.1), RET and ENVID, which has
     * up to 100 octets (RFC 3461 4.4). RCPT: NOTIFY, and ORCPT of up to 500 octets (RFC 3461 4.2).
     * VRFY and EXPN: SMTPUTF8.
     */
    SMTP_SERVER_UTF8_EXTRA = 10,
    SMTP_SERVER_MAIL_EXTRA = 26 + 17 + 500 + SMTP_SERVER_UTF8_EXTRA + 9 + 7 + 100,
    SMTP_SERVER_RCPT_EXTRA = 29 + 7 + 500,
};

enum smtp_server_step {
    SMTP_SERVER_STEP_WAIT,  /* more bytes are needed */
    SMTP_SERVER_STEP_AGAIN, /* something was read */
    SMTP_SERVER_STEP_EVENT  /* and the event is set */
};

/* ---- smtp_server_input.c ---- */

/* Reads what lies in `in` as the state wants it. */
enum smtp_server_step smtp_server_read(struct smtp_server *s, struct smtp_server_event *event);
/* The octets of the chunk that s->chunk describes come next. */
void smtp_server_expect_chunk(struct smtp_server *s);

/* ---- smtp_server_verb.c ---- */

/* A command line without its CRLF. True when *event is set. */
bool smtp_server_command(struct smtp_server *s, struct slice line, struct smtp_server_event *event);
/* Splits a command line at its first space; blanks at its end don't count (RFC 5321 4.1.1). */
enum smtp_verb smtp_server_split(struct slice line, struct slice *argument);

/* ---- smtp_server_parameter.c ---- */

/* The parameters behind the path of MAIL or RCPT. False when they were refused. */
bool smtp_server_parameters(struct smtp_server *s, struct slice rest,
                            struct smtp_server_event *event);

/* ---- smtp_server_auth.c ---- */

/* The mechanisms that may be used now. */
unsigned smtp_server_mechanisms(const struct smtp_server *s);
bool smtp_server_auth(struct smtp_server *s, struct slice argument,
                      struct smtp_server_event *event);
/* A line within an AUTH exchange. */
bool smtp_server_auth_line(struct smtp_server *s, struct slice line,
                           struct smtp_server_event *event);

/* ---- smtp_server.c ---- */

/* Writes a reply of the session's own and notes it for the trace; always false. */
bool smtp_server_say(struct smtp_server *s, enum smtp_verb verb, int code, const char *esc,
                     const char *text);
/* The same for a mistake of the client's; after too many of them it is 421, and the end. */
bool smtp_server_refuse(struct smtp_server *s, enum smtp_verb verb, int code, const char *esc,
                        const char *text);
/* 501, which counts as a mistake. */
bool smtp_server_refuse_syntax(struct smtp_server *s, const char *text);
/* The same with a text of any kind. */
void smtp_server_reply(struct smtp_server *s, enum smtp_verb verb, const struct smtp_reply *reply);
void smtp_server_note(struct smtp_server *s, enum smtp_server_event_kind kind, enum smtp_verb verb,
                      int code);
/* The one place where the state changes. */
void smtp_server_enter(struct smtp_server *s, enum smtp_state state);
/* Ends the transaction, if there is one, with RESET. */
void smtp_server_give_up(struct smtp_server *s);
/* The client has said QUIT. */
void smtp_server_quit(struct smtp_server *s);
/* Says that a verdict is wanted; always true. */
bool smtp_server_ask(struct smtp_server *s, enum smtp_server_event_kind kind,
                     struct smtp_server_event *event);
bool smtp_server_is_secure(const struct smtp_server *s);
/* How many verdicts a complete message needs. */
unsigned smtp_server_verdicts(const struct smtp_server *s);

#endif
