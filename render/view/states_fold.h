/*
 * Private to this folder: the states that a session passes, worked out from the turns of its
 * dialogue by the rules that agents/proto exports. One face for SMTP, LMTP, POP3 and IMAP; HTTP has
 * no states.
 *
 *     struct states_fold fold;
 *     states_begin(&fold, TURN_SMTP);
 *     for each turn, in the order in which the server answers: states_command, states_reply
 *     states_name(fold.protocol, fold.state)
 */
#ifndef RENDER_VIEW_STATES_FOLD_H
#define RENDER_VIEW_STATES_FOLD_H

#include "agents/proto/smtp.h"
#include "sim/trace/turn.h"

struct states_fold {
    enum turn_protocol protocol;
    int state; /* of the server: enum smtp_state, pop3_state or imap_state */
    struct smtp_progress smtp;
};

void states_begin(struct states_fold *fold, enum turn_protocol protocol);
void states_command(struct states_fold *fold, const struct turn *command);
void states_reply(struct states_fold *fold, const struct turn *reply);
/* The TLS handshake is done. */
void states_secured(struct states_fold *fold);

/* ---- the rules ---- */

/* 0 for a protocol without states. */
int states_count(enum turn_protocol protocol);
const char *states_name(enum turn_protocol protocol, int state);
/* Where the session is over; states without a legal verb are passed through on the way. */
bool states_is_end(enum turn_protocol protocol, int state);
int states_verb_count(enum turn_protocol protocol);
/* NULL: this protocol does not have it, or it is no command. */
const char *states_verb(enum turn_protocol protocol, int verb);
bool states_is_legal(enum turn_protocol protocol, int state, int verb);
/* The number of a verb; -1 when it is unknown. */
int states_find_verb(enum turn_protocol protocol, struct slice verb);
/* Where a good reply to the verb leads from there; the state itself where it leads nowhere. */
int states_after(enum turn_protocol protocol, int state, int verb);
/*
 * Ways that no command makes: the greeting, the end of the message, the handshake. The i-th: from,
 * to and its label; false behind the last.
 */
bool states_way(enum turn_protocol protocol, int i, int *from, int *to, const char **label);

/* The state of a client that waits for the reply to `verb`; "" it waits for none. */
const char *states_client(enum turn_protocol protocol, struct slice verb);

#endif
