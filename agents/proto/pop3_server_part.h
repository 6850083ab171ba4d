/*
 * What the parts of the POP3 server share: pop3_server.c reads and reports, pop3_server_login.c is
 * what may be said before the maildrop is open, pop3_server_verb.c what comes after.
 */
#ifndef AGENTS_PROTO_POP3_SERVER_PART_H
#define AGENTS_PROTO_POP3_SERVER_PART_H

#include "agents/proto/pop3_server.h"

/* The one place where the state changes. */
void pop3_server_enter(struct pop3_server *s, enum pop3_state state);

/* Where out stood before a reply, so that one that does not fit leaves nothing behind. */
struct pop3_server_mark {
    size_t size, cuts;
};
struct pop3_server_mark pop3_server_mark(const struct pop3_server *s);
void pop3_server_take_back(struct pop3_server *s, struct pop3_server_mark mark);
/* The reply is written, or out is so full that there is no way on. */
void pop3_server_conclude(struct pop3_server *s, struct pop3_server_mark mark, bool ok, bool fits);
/* A status line. What a role gave as text can't become a line of its own. */
void pop3_server_answer(struct pop3_server *s, bool ok, struct slice text);
void pop3_server_answer_maildrop(struct pop3_server *s);
/* The client's own mistake: some are forgiven, a flood of them ends the session. */
void pop3_server_fault(struct pop3_server *s, struct slice text);

/* A question to the role, and its answer. */
void pop3_server_ask(struct pop3_server *s, enum pop3_server_event_kind kind);
void pop3_server_take_verdict(struct pop3_server *s, enum pop3_server_event_kind kind);

/* What stands behind the verb: for PASS as it is, else without blanks around it. */
struct slice pop3_server_argument(const struct pop3_server *s);

/* What is said can't be read on the wire. */
bool pop3_server_is_secure(const struct pop3_server *s);
/* A response within AUTH (RFC 5034 4), without its CRLF. */
void pop3_server_respond(struct pop3_server *s, struct slice line, bool is_too_long);
/* The longest such line, without CRLF. */
enum { POP3_SERVER_RESPONSE_MAX = (SASL_MESSAGE_MAX + 2) / 3 * 4 };
/* No exchange is under way any more. */
void pop3_server_end_exchange(struct pop3_server *s);

/* One function a verb. The state is right; there is no argument where none is expected, and it has
   no blanks at its ends, but for PASS. */
typedef void pop3_server_verb(struct pop3_server *s, struct slice argument);
pop3_server_verb pop3_server_do_user, pop3_server_do_pass, pop3_server_do_apop, pop3_server_do_auth,
    pop3_server_do_stls, pop3_server_do_capa;
pop3_server_verb pop3_server_do_stat, pop3_server_do_list, pop3_server_do_retr, pop3_server_do_top,
    pop3_server_do_dele, pop3_server_do_rset, pop3_server_do_noop, pop3_server_do_quit;

#endif
