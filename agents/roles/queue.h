/*
 * A queue of accepted mail: each recipient of each message waits here until it is delivered here,
 * taken by the next server, refused for good, or too old. Who refuses or gives up tells the
 * reverse-path (RFC 5321 4.5.4, 6.1); nothing leaves a queue without an event that says where to.
 *
 * MTA, MSA and an MUA's outbox have one each; struct queue_options says what differs.
 */
#ifndef AGENTS_ROLES_QUEUE_H
#define AGENTS_ROLES_QUEUE_H

#include "agents/proto/smtp.h"
#include "agents/roles/office.h"
#include "agents/roles/sending.h"

struct queue;

/* What was asked of notices about one recipient (RFC 3461 4.1, 4.2). */
struct queue_notify {
    unsigned when;      /* SMTP_NOTIFY_..., or-ed; 0: not said */
    struct slice orcpt; /* "rfc822;alice@example.com", decoded; "" not said */
};

struct queue_mail {
    struct slice id; /* shown in replies, Received and events */
    uint32_t msg;
    struct slice reverse_path; /* "" null */
    const struct slice *forward_paths;
    size_t recipient_count;
    struct slice header, body; /* the header with its empty line */
    bool is_8bit;
    bool is_utf8; /* an address or the header needs SMTPUTF8 (RFC 6531 3.4) */
    /* What the sender asked of notices (RFC 3461): how much a notice shows, 0 not said; an id to be
       named in it, decoded, "" none. */
    enum smtp_return ret;
    struct slice envid;
    /* One for each recipient; NULL: nothing was asked for any. */
    const struct queue_notify *notify;
};

/* When to try again, when to warn, when to give up. */
struct queue_plan {
    const char *name;
    int64_t first_s, then_s; /* after the first attempt; after each further one */
    int64_t warn_s;          /* 0: never */
    int64_t expire_s;        /* 0: never */
};
/* By name; NULL when there is none. "classroom": RFC 5321 4.5.4.1's advice, +30 min, then every 2
   h, a warning at 4 h, the end at 5 days. "outbox": after 5 minutes, then every half hour, the end
   at 5 days. "once": a single attempt. */
const struct queue_plan *queue_plan_find(struct slice name);

/* One step of the way. */
struct queue_hop {
    struct slice next; /* a DNS name; "": the MX decides */
    uint32_t port;
    bool is_lmtp; /* the host that delivers (RFC 2033) */
    struct sending sending;
    struct smtp_reply refusal; /* code 0: none; else it goes nowhere, for this reason */
};

struct queue_options {
    uint32_t agent;
    const struct queue_plan *plan;
    struct slice next; /* fixed next hop, a DNS name; "": the MX decides */
    uint32_t next_port;
    struct sending sending;
    struct sending_limits limits;
    bool is_unsynced; /* files are written and not synced: a crash may lose accepted mail */
    bool is_outbox;   /* an MUA's: events say submit, and nobody is sent a notice */
    /*
     * Local mail: true when this recipient's mail is delivered here; then *reply is the outcome.
     * NULL: nothing is local.
     */
    bool (*deliver)(void *context, const struct queue_mail *mail, struct slice rcpt,
                    struct smtp_reply *reply);
    /* Where mail for a domain goes, when that differs from one domain to the next: `hop` holds what
       the options say, and may be changed. NULL: it does not differ. */
    void (*hop)(void *context, struct slice domain, struct queue_hop *hop);
    /* An outbox's recipient was refused for good. NULL: only the event tells. */
    void (*refused)(void *context, uint32_t msg, struct slice rcpt, struct slice reason);
    void *context;
    /* Places that take turns in making the connections. None: `agent` makes them all. */
    const uint32_t *sources;
    size_t source_count;
};
/* Slices and arrays are borrowed for the queue's life. */

struct queue *queue_create(struct office *office, const struct queue_options *options);
void queue_destroy(struct queue *queue); /* accepts NULL */
/* Other options from now on, for what waits already, too; what is under way goes on as it began. */
void queue_configure(struct queue *queue, const struct queue_options *options);

/*
 * Takes a message in (everything is copied) and tries it at once, in a task of its own. It is in a
 * file of the host's disk, and synced, when this returns (agents/roles/queue_spool.c): a crash does
 * not lose it. When the disk is full it is in memory only.
 */
void queue_add(struct queue *queue, const struct queue_mail *mail);
/* For who is about to answer 250: writes and syncs the file of a message, to be followed by
   queue_add of the same. False when it can't be made durable: then it must not be taken. */
bool queue_secure(struct queue *queue, const struct queue_mail *mail);
/* Takes a message in only to give it back: all its recipients have failed, for this reason. */
void queue_return(struct queue *queue, const struct queue_mail *mail,
                  const struct smtp_reply *reason);
/* Tries everything that waits now, whatever the plan says. */
void queue_flush(struct queue *queue);
/* The same for messages that wait for this domain (ETRN, RFC 1985); gives how many. */
size_t queue_flush_domain(struct queue *queue, struct slice domain);
/* The agent alone is stopped, or started: meanwhile mail may come in, and waits. */
void queue_set_running(struct queue *queue, bool is_running);
void queue_host_changed(struct queue *queue, bool is_up);
/* So many recipients wait, in memory or, while the host is down, in files. */
size_t queue_count(struct queue *queue);
/* Its agent is gone for good: nothing waits any more, and there are no files. */
void queue_abandon(struct queue *queue);
/* Appends what waits, for people: id, size, age, reverse-path; each recipient and why it is still
   here; the next attempt. Stops where out is full. */
void queue_print(const struct queue *queue, struct bytes *out);
/* The host name of the agent that the queue is of; for notices and EHLO. */
struct slice queue_host_name(const struct queue *queue);

#endif
