/*
 * Part of agents/roles/smtp_listener.c: one connection to it, and what is done about a mail
 * transaction on it: its envelope and what a filter says (smtp_reception.c), its message
 * (smtp_reception_message.c).
 */
#ifndef AGENTS_ROLES_SMTP_RECEPTION_H
#define AGENTS_ROLES_SMTP_RECEPTION_H

#include "agents/roles/filter.h"

/* What a filter has before it; the session's answer waits for it. */
struct reception_trial {
    enum filter_stage stage;
    struct smtp_transaction transaction;
    struct smtp_reply reply; /* what the client is told when the filter has nothing against it */
    struct slice rcpt;       /* whom it is about; "" nobody */
    struct bytes header;     /* as the policy has it */
    struct slice body;
    uint32_t msg_in;    /* tag of what the client said last when it began */
    uint32_t judgement; /* its number; 0: it does not go on */
    bool is_on;
};

/* One connection. */
struct reception {
    struct smtp_listener *listener;
    struct smtp_server server;
    struct pump *pump; /* NULL until it is accepted */
    uint32_t conn, peer_address;
    struct bytes helo, user;
    struct reception_trial trial;
    bool is_in_turn;
    /* the transaction's */
    struct arena arena;
    bool is_8bit, is_utf8, has_notify;
    enum smtp_return ret;
    struct slice reverse_path, envid, note;
    VECTOR(struct slice) recipients;
    VECTOR(struct queue_notify) notify; /* one a recipient */
    VECTOR(int) outcomes;               /* LMTP: the code each recipient got so far */
    char id_text[OFFICE_ID];
    struct slice id;
    uint32_t msg;
    struct reception *next, *next_free;
};

/* A port, as the network's callback needs it. */
struct smtp_port {
    struct smtp_listener *listener;
    uint32_t port;
};

struct smtp_listener {
    struct office *office;
    struct smtp_listener_options options;
    struct slice greeting;
    struct smtp_server_options server; /* of every session */
    struct random random;              /* of AUTH's challenges */
    struct filter *filter;             /* of its host; NULL: none, or has_looked is false */
    bool has_looked;                   /* for the filter, which may be made after its server */
    struct bytes header;               /* of the message that is being taken over */
    struct reception *all, *free;
};

/* The next commands, up to one whose answer waits. */
void smtp_reception_turn(struct reception *r);

/* The transaction; a filter that still thinks about it is told so. */
void smtp_reception_forget(struct reception *r);
/* The one way by which a verdict gets to the session, so that all can be told of in one place. */
void smtp_reception_answer(struct reception *r, const struct smtp_reply *reply);
void smtp_reception_greet(struct reception *r);
void smtp_reception_mail(struct reception *r, const struct smtp_server_event *e);
void smtp_reception_rcpt(struct reception *r, const struct smtp_server_event *e);
void smtp_reception_message(struct reception *r, const struct smtp_server_event *e);

/* ---- between smtp_reception.c and smtp_reception_message.c ---- */

struct smtp_transaction smtp_reception_transaction(const struct reception *r);
/* An answer that is about mail; a refusal is told in the trace. */
void smtp_reception_conclude(struct reception *r, const struct smtp_reply *reply,
                             struct slice rcpt);
/* What a fault lets this server say instead. */
bool smtp_reception_is_forced(const struct reception *r, const char *verb, struct slice rcpt,
                              struct smtp_reply *reply);
/* NULL: there is none. */
struct filter *smtp_reception_filter(const struct reception *r);
/* The policy has let it pass, with this reply. */
void smtp_reception_ask_filter(struct reception *r, enum filter_stage stage,
                               const struct smtp_reply *reply, struct slice rcpt);
/* The filter has judged the message; `reply` is what the client is told. */
void smtp_reception_finish_message(struct reception *r, const struct filter_verdict *verdict,
                                   struct smtp_reply *reply);

#endif
