/*
 * Private to the SMTP server session: what each verb does once the rule table has let it pass
 * (smtp_server_verb.c), and what it uses of the session's core (smtp_server.c).
 */
#ifndef AGENTS_PROTO_SMTP_SERVER_VERB_H
#define AGENTS_PROTO_SMTP_SERVER_VERB_H

#include "agents/proto/smtp_server.h"

enum {
    /*
     * Octets that extensions allow a MAIL line beyond SMTP_LINE_MAX: SIZE 26 (RFC 1870 3), BODY 17
     * (RFC 6152 3), AUTH 500 (RFC 4954 3).
     */
    SMTP_SERVER_MAIL_EXTRA = 26 + 17 + 500,
    SMTP_SERVER_AUTH_LINE_MAX = 12288, /* a line within an AUTH exchange, with CRLF (RFC 4954 4) */
};

/* A command line without its CRLF, and a line within an AUTH exchange. True when *event is set. */
bool smtp_server_command(struct smtp_server *s, struct slice line, struct smtp_server_event *event);
bool smtp_server_auth_line(struct smtp_server *s, struct slice line,
                           struct smtp_server_event *event);
/* Splits a command line at its first space; blanks at its end don't count (RFC 5321 4.1.1). */
enum smtp_verb smtp_server_split(struct slice line, struct slice *argument);

/* Writes a reply of the session's own and notes it for the trace; always false. */
bool smtp_server_say(struct smtp_server *s, enum smtp_verb verb, int code, const char *esc,
                     const char *text);
/* The same for a mistake of the client's; after too many of them it is 421, and the end. */
bool smtp_server_refuse(struct smtp_server *s, enum smtp_verb verb, int code, const char *esc,
                        const char *text);
/* The reply to EHLO or HELO, with what is offered (RFC 5321 4.1.1.1). */
void smtp_server_say_hello(struct smtp_server *s);
/* The one place where the state changes. */
void smtp_server_enter(struct smtp_server *s, enum smtp_state state);
/* Ends the transaction, if there is one, with RESET. */
void smtp_server_give_up(struct smtp_server *s);
/* The client has said QUIT. */
void smtp_server_quit(struct smtp_server *s);
/* Says that a verdict is wanted; always true. */
bool smtp_server_ask(struct smtp_server *s, enum smtp_server_event_kind kind,
                     struct smtp_server_event *event);

#endif
