/*
 * Part of agents/roles/smtp_listener.c: one connection to it, and what is done about a mail
 * transaction on it (smtp_reception.c).
 */
#ifndef AGENTS_ROLES_SMTP_RECEPTION_H
#define AGENTS_ROLES_SMTP_RECEPTION_H

#include "agents/roles/smtp_listener.h"

/* One connection. */
struct reception {
    struct smtp_listener *listener;
    struct smtp_server server;
    struct pump *pump;
    uint32_t conn, peer_address;
    struct bytes helo, user;
    /* the transaction's */
    struct arena arena;
    bool is_8bit, is_utf8, has_notify;
    enum smtp_return ret;
    struct slice reverse_path, envid;
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
    struct bytes header;               /* of the message that is being taken over */
    struct reception *all, *free;
};

void smtp_reception_forget(struct reception *r); /* the transaction */
void smtp_reception_mail(struct reception *r, const struct smtp_server_event *e);
void smtp_reception_rcpt(struct reception *r, const struct smtp_server_event *e);
void smtp_reception_message(struct reception *r, const struct smtp_server_event *e);

#endif
