/*
 * What both sides of IMAP share (RFC 9051, 3501): the commands, the states, and the table of which
 * command is legal in which state. The server session obeys the table; the state diagram, the docs
 * and the quiz are made from it.
 */
#ifndef AGENTS_PROTO_IMAP_H
#define AGENTS_PROTO_IMAP_H

#include "sim/base/slice.h"

enum imap_verb {
    IMAP_VERB_CAPABILITY,
    IMAP_VERB_NOOP,
    IMAP_VERB_LOGOUT,
    IMAP_VERB_ID,
    IMAP_VERB_STARTTLS,
    IMAP_VERB_AUTHENTICATE,
    IMAP_VERB_LOGIN,
    IMAP_VERB_ENABLE,
    IMAP_VERB_SELECT,
    IMAP_VERB_EXAMINE,
    IMAP_VERB_CREATE,
    IMAP_VERB_DELETE,
    IMAP_VERB_RENAME,
    IMAP_VERB_SUBSCRIBE,
    IMAP_VERB_UNSUBSCRIBE,
    IMAP_VERB_LIST,
    IMAP_VERB_LSUB,
    IMAP_VERB_NAMESPACE,
    IMAP_VERB_STATUS,
    IMAP_VERB_APPEND,
    IMAP_VERB_IDLE,
    IMAP_VERB_GETQUOTA,
    IMAP_VERB_GETQUOTAROOT,
    IMAP_VERB_SETQUOTA,
    IMAP_VERB_CHECK,
    IMAP_VERB_CLOSE,
    IMAP_VERB_UNSELECT,
    IMAP_VERB_EXPUNGE,
    IMAP_VERB_SEARCH,
    IMAP_VERB_SORT,
    IMAP_VERB_THREAD,
    IMAP_VERB_FETCH,
    IMAP_VERB_STORE,
    IMAP_VERB_COPY,
    IMAP_VERB_MOVE,
    IMAP_VERB_UID_EXPUNGE, /* RFC 9051 6.4.9: the commands with UIDs */
    IMAP_VERB_UID_SEARCH,
    IMAP_VERB_UID_SORT,
    IMAP_VERB_UID_THREAD,
    IMAP_VERB_UID_FETCH,
    IMAP_VERB_UID_STORE,
    IMAP_VERB_UID_COPY,
    IMAP_VERB_UID_MOVE,
    IMAP_VERB_UNKNOWN,
    IMAP_VERB_COUNT /* also: no command (the greeting, what comes unasked) */
};

enum imap_state {                       /* RFC 9051 3 */
                  IMAP_STATE_CONNECTED, /* greeting not sent yet */
                  IMAP_STATE_NOT_AUTHENTICATED,
                  IMAP_STATE_AUTHENTICATED,
                  IMAP_STATE_SELECTED,
                  IMAP_STATE_LOGOUT,
                  IMAP_STATE_COUNT
};

struct imap_rule {
    const char *verb, *argument; /* argument as a person reads it; "" takes none */
    unsigned legal_states;       /* 1u << state, or-ed */
    const char *clause;
};
/* The row of IMAP_VERB_UNKNOWN has no verb and no legal state. */
extern const struct imap_rule imap_rules[IMAP_VERB_COUNT];

const char *imap_verb_name(enum imap_verb verb); /* "UID FETCH" */
const char *imap_state_name(enum imap_state state);
/* By name, letters in any case: "select", "UID copy". UNKNOWN when there is none. */
enum imap_verb imap_verb_find(struct slice name);
/* "UID " and a message command: its arguments and what it answers are in UIDs. */
bool imap_verb_is_uid(enum imap_verb verb);

enum imap_status { IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_PREAUTH, IMAP_BYE };
const char *imap_status_name(enum imap_status status);

/* Where a session is, for who only hears its replies; see smtp_progress in smtp.h. The greeting's
   verb is IMAP_VERB_COUNT; BYE ends a session whenever it comes. */
enum imap_state imap_progress_reply(enum imap_state state, enum imap_verb verb,
                                    enum imap_status status);

enum {
    IMAP_TAG_MAX = 64,             /* octets; a longer one is no command */
    IMAP_COMMAND_MAX = 64 * 1024,  /* a command with its literals, but for the messages of APPEND */
    IMAP_LITERAL_MINUS_MAX = 4096, /* RFC 7888 5: of a literal that nobody waits for */
    IMAP_LITERALS_MAX = 1000,      /* in one command */
    IMAP_ERRORS_MAX = 20,          /* so many BADs end the session */
    IMAP_AUTOLOGOUT_S = 1800,      /* RFC 9051 5.4: at least; once logged in */
    IMAP_LOGIN_WAIT_S = 180        /* before the login it may be shorter */
};

#endif
