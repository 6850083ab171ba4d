/*
 * What a fault makes of a server's answers: another reply than it would give, one that comes late,
 * a connection that breaks at a certain moment of the dialogue; a name server that is silent, fails
 * or lies; a certificate that is not in order. The office keeps a list of all that is so now, and
 * servers ask for it at the few points where an answer is given. With an empty list that costs a
 * look at its length.
 *
 *     on a COMMAND event:   disturb_command(office, agent, verb, pump);
 *                           if (disturb_reply(office, agent, verb, rcpt, &forced)) ... overrule it
 *     on an answer:         give it to the session; disturb_answered(office, agent, verb, pump);
 *
 * A verb is named as the trace does: "MAIL", "UID FETCH"; CONNECT is the greeting, DOT the end of
 * data, also of data that came by BDAT.
 */
#ifndef AGENTS_ROLES_DISTURB_H
#define AGENTS_ROLES_DISTURB_H

#include "agents/drive/pump.h"
#include "agents/proto/dns_message.h"

struct office;

enum disturb_kind {
    DISTURB_REPLY,      /* `code`, `esc` or `word`, and `text` instead of what it would say */
    DISTURB_SLOW,       /* it answers `delay_ns` later */
    DISTURB_CUT,        /* the connection is broken off at `moment` */
    DISTURB_FLAW,       /* its certificate */
    DISTURB_DNS_SILENT, /* it does not answer */
    DISTURB_DNS_FAIL,   /* SERVFAIL (RFC 1035 4.1.1) */
    DISTURB_DNS_FALSE   /* `record` instead of what its zone has */
};

/* Of the dialogue, as the server sees it. A reply that comes "before" is not said any more. */
enum disturb_moment {
    DISTURB_BEFORE_GREETING,
    DISTURB_AFTER_EHLO,
    DISTURB_AFTER_MAIL,
    DISTURB_AFTER_RCPT,
    DISTURB_IN_DATA,
    DISTURB_AFTER_DOT, /* the server has taken the message; its 250 is never said (RFC 1047) */
    DISTURB_AFTER_REPLY,
    DISTURB_BEFORE_QUIT
};

#define DISTURB_ALWAYS UINT32_MAX

/* Texts are borrowed until disturb_end. */
struct disturbance {
    uint32_t owner; /* who began it: all of an owner's end together */
    uint32_t place; /* an agent, or a host and so all agents on it */
    enum disturb_kind kind;
    uint32_t times; /* so often it still happens */
    struct slice verb;
    struct slice rcpt; /* RCPT: only this one; "": any */
    int code;
    struct slice esc, text, word; /* word: of IMAP, NO, BAD or BYE */
    int64_t delay_ns;
    enum disturb_moment moment;
    enum tls_flaw flaw;
    struct slice name;        /* DNS: only what is asked about this name; "": any */
    struct dns_record record; /* its name and type say to which question it is the answer */
};

void disturb_begin(struct office *office, const struct disturbance *disturbance);
void disturb_end(struct office *office, uint32_t owner);
/* The latest of a kind that is in force at an agent, or NULL. */
const struct disturbance *disturb_find(const struct office *office, uint32_t agent,
                                       enum disturb_kind kind);

/* What is forced on this command, and so happens once more; NULL: nothing. `rcpt` "" when the verb
   is not RCPT. */
const struct disturbance *disturb_reply(struct office *office, uint32_t agent, struct slice verb,
                                        struct slice rcpt);
/* Behind the COMMAND event, before it is judged: the pump may be held or cut. */
void disturb_command(struct office *office, uint32_t agent, struct slice verb, struct pump *pump);
/* Behind an answer that the session has and the pump has not sent yet. */
void disturb_answered(struct office *office, uint32_t agent, struct slice verb, struct pump *pump);
/* For pump_accept. */
void disturb_greeting(struct office *office, uint32_t agent, struct pump_user *user);

/* A name server's answer: true when *m was filled in, so that its zones are not asked. */
bool disturb_lookup(struct office *office, uint32_t agent, struct dns_message *m);

#endif
