/*
 * What MSA, MTA and an MDA that is fed by LMTP share as servers: they listen, keep a session a
 * connection, write the Received field (RFC 5321 4.4), take responsibility by putting the message
 * into a queue or into the store, and say all of it in the trace. What they allow is their policy.
 */
#ifndef AGENTS_ROLES_SMTP_LISTENER_H
#define AGENTS_ROLES_SMTP_LISTENER_H

#include "agents/proto/smtp_server.h"
#include "agents/roles/queue.h"

/* The transaction that a policy judges. */
struct smtp_transaction {
    uint32_t conn, msg;
    uint32_t peer_address;
    struct slice helo;
    bool is_extended, is_authenticated, is_8bit, is_utf8, is_tls;
    struct slice user; /* who logged in */
    struct slice reverse_path;
    const struct slice *forward_paths;
    size_t recipient_count;
    struct slice note; /* what the host's filter found out at MAIL, in its own words */
};

struct smtp_policy {
    /* Each may leave *reply as it is (a 250) or put a refusal there. NULL: all are fine. `path` may
       be replaced by a completed one, kept in the arena. */
    void (*mail)(void *role, const struct smtp_transaction *t, struct slice *path,
                 struct arena *arena, struct smtp_reply *reply);
    void (*rcpt)(void *role, const struct smtp_transaction *t, struct slice *path,
                 struct arena *arena, struct smtp_reply *reply);
    /* Judges the header and appends what is to be kept of it to `out`, its empty line too. NULL: it
       is kept as it is. */
    void (*header)(void *role, const struct smtp_transaction *t, struct slice header,
                   struct bytes *out, struct smtp_reply *reply);
    /* The answer to VRFY; *reply is a 252 that says nothing (RFC 5321 3.5.3). Texts in the arena.
       NULL: that it is. */
    void (*vrfy)(void *role, struct slice name, struct arena *arena, struct smtp_reply *reply);
    /*
     * LMTP: puts the message into the store for one recipient, by its number among
     * mail->forward_paths; *reply is what the client is told. `conn` is the connection it came by,
     * to be named when responsibility is taken for the first of them. NULL: SMTP, and a queue.
     */
    void (*deliver)(void *role, const struct queue_mail *mail, size_t recipient, uint32_t conn,
                    bool is_accepted, struct smtp_reply *reply);
    /* The queue that mail is put into. NULL: the options' one. */
    struct queue *(*queue)(void *role);
};

enum smtp_listener_tls {
    SMTP_LISTENER_TLS_OFFERED, /* STARTTLS, where there are certificates */
    SMTP_LISTENER_TLS_REQUIRED,
    SMTP_LISTENER_TLS_NONE
};

struct smtp_listener_options {
    uint32_t agent;
    const struct smtp_policy *policy;
    void *role;
    bool is_submission, auth_required;
    bool offers_auth;      /* also where mail is not submitted */
    bool is_loopback;      /* only programs of the same host get in (127.0.0.1) */
    bool hides_clear_auth; /* PLAIN and LOGIN only within TLS */
    enum smtp_listener_tls tls;
    const struct config_value *without; /* keywords of extensions that are not offered; or NULL */
    uint64_t size_max;
    unsigned hops_max;   /* a message with so many Received fields is refused (RFC 5321 6.3); 0: no
                            limit */
    struct queue *queue; /* NULL with policy->deliver */
};

/* The settings that every listener has; smtp_listener_read takes them. */
#define SMTP_LISTENER_KEYS                                                                         \
    {"starttls",                                                                                   \
     CONFIG_WORD,                                                                                  \
     "offered required none",                                                                      \
     0,                                                                                            \
     0,                                                                                            \
     "offered",                                                                                    \
     "TLS for those who connect; \"required\" refuses mail in clear, which a server that the MX "  \
     "of a domain names must not do (RFC 3207 4)"},                                                \
    {                                                                                              \
        "without", CONFIG_TEXTS, NULL, 0, 0, "",                                                   \
            "service extensions that are not offered: PIPELINING, 8BITMIME, SMTPUTF8, CHUNKING, "  \
            "DSN, ENHANCEDSTATUSCODES, ETRN, HELP"                                                 \
    }
void smtp_listener_read(struct smtp_listener_options *options, const struct config *config);

struct smtp_listener;

/* Listens on the ports; on 465 with TLS from the first octet (RFC 8314 3.3). Options are copied,
   what they point to must outlive it. */
struct smtp_listener *smtp_listener_create(struct office *office,
                                           const struct smtp_listener_options *options,
                                           const uint32_t *ports, size_t port_count);
/* Other options from now on, for connections that come from now on; the agent stays the same. */
void smtp_listener_configure(struct smtp_listener *listener,
                             const struct smtp_listener_options *options);
/* After the pumps are finished. Accepts NULL. */
void smtp_listener_destroy(struct smtp_listener *listener);

#endif
