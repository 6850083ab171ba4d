/*
 * Private to transfers: what the attempts themselves (transfer.c), finding servers
 * (transfer_find.c) and the connections to them (transfer_line.c) share.
 */
#ifndef AGENTS_ROLES_TRANSFER_PART_H
#define AGENTS_ROLES_TRANSFER_PART_H

#include "agents/roles/route.h"
#include "agents/roles/transfer.h"
#include "sim/net/table.h"

enum { TRANSFER_ADDRESSES_MAX = 8, TRANSFER_NAMES_MAX = ROUTE_SERVERS_MAX * (DNS_NAME_MAX + 1) };

struct transfer_line;

/* A reply that is kept with the name of who gave it, all of it in `text`. Code 0: none yet. */
struct transfer_reason {
    struct smtp_reply reply;
    bool is_smtp;
    struct slice server;
    struct bytes text;
};

struct transfer {
    struct transfer_pool *pool;
    struct transfer_options options;
    struct transfer_user user;
    struct bytes servers; /* the names still to try, each ended by a blank */
    struct slice server;  /* the one being tried, in server_text; "" before the first */
    struct bytes server_text;
    uint32_t addresses[TRANSFER_ADDRESSES_MAX];
    size_t address_count, address_next;
    uint32_t address;
    struct transfer_line *line; /* NULL when no connection is had */
    bool *is_told;              /* by recipient: its outcome was reported */
    size_t told_capacity;
    struct bytes accepted;       /* one octet a recipient: 1 when RCPT was accepted */
    bool is_sent;                /* this connection was given the transaction */
    bool is_answered;            /* this connection ended with an answer */
    bool is_login_refused;       /* the last one did at AUTH */
    bool is_second;              /* this connection had served other messages before */
    bool has_reply;              /* and has said something to this one */
    bool wants_fresh;            /* it must be a new connection */
    bool avoids_tls;             /* TLS with this address has failed, and was only wished for */
    struct transfer_reason last; /* why it came to nothing so far */
    uint32_t cause;              /* while it waits for a connection */
    struct transfer *next_free, *next, *next_waiting;
};

/* A server as connections see it. */
struct transfer_site {
    uint32_t open;                          /* connections */
    struct transfer *waiting, *waiting_end; /* for one of them, first come first served */
    struct transfer_line *idle;             /* those with nothing to do now */
};

/* One connection. */
struct transfer_line {
    struct transfer_pool *pool;
    struct smtp_client client;
    struct pump *pump;
    struct transfer *job; /* NULL: it waits for one, or the farewell goes on */
    /* to whom, and how */
    uint32_t site, address;          /* site: its index */
    struct transfer_options options; /* of the one it was made for; the transaction is not its */
    struct bytes server;
    bool avoids_tls;
    char nonce[OFFICE_NONCE];
    uint32_t served;                      /* messages */
    uint32_t msg;                         /* the last one's */
    uint32_t life;                        /* counts its connections and pauses */
    bool is_idle, has_heard, has_expired; /* has_heard: a reply came over it */
    size_t unsent;  /* octets that were not acknowledged when a wait ended; SIZE_MAX: none has ended
                       yet */
    int64_t sent_t; /* since when the reply is waited for */
    struct transfer_line *next, *next_free, *next_idle;
};

struct transfer_pool {
    struct office *office;
    struct sending_limits limits;
    struct random random; /* the order of servers */
    struct transfer *all, *free;
    struct transfer_line *lines, *free_lines;
    VECTOR(struct transfer_site) sites;
    struct table by_address; /* address << 16 | port to the site's index + 1 */
};

/* Begins to look for servers, or for the one that is given. */
void transfer_find(struct transfer *t);
/* The next address, of this server or the next one; without any the transfer is over. */
void transfer_next_address(struct transfer *t);
/* Over a connection that is there, or a new one; waits for one where there are too many. */
void transfer_connect(struct transfer *t, uint32_t address);
/* Keeps our own reason, should no further server do better. */
void transfer_remember_text(struct transfer *t, int code, const char *esc, const char *text);
void transfer_remember(struct transfer *t, const struct smtp_reply *reply, bool is_smtp);
/* No server is left: everybody who was not told yet is told the reason. */
void transfer_give_up(struct transfer *t);

/* What became of it on its line, told by that. */
void transfer_on_event(struct transfer *t, const struct smtp_client_event *e);
/* The line is gone. */
void transfer_on_end(struct transfer *t, enum net_end why);

void transfer_lines_finish(struct transfer_pool *pool);

#endif
