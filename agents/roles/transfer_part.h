/*
 * Private to transfers: what finding servers (transfer_find.c) and speaking to them (transfer.c)
 * share.
 */
#ifndef AGENTS_ROLES_TRANSFER_PART_H
#define AGENTS_ROLES_TRANSFER_PART_H

#include "agents/roles/route.h"
#include "agents/roles/transfer.h"

enum { TRANSFER_ADDRESSES_MAX = 8, TRANSFER_NAMES_MAX = ROUTE_SERVERS_MAX * (DNS_NAME_MAX + 1) };

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
    struct slice server;  /* the one being tried, within `server_text` */
    struct bytes server_text;
    uint32_t addresses[TRANSFER_ADDRESSES_MAX];
    size_t address_count, address_next;
    uint32_t address;
    struct smtp_client client;
    struct pump *pump; /* NULL when no connection is open */
    bool *is_told;     /* by recipient: its outcome was reported */
    size_t told_capacity;
    struct bytes accepted; /* one octet a recipient: 1 when RCPT was accepted */
    bool is_sent;          /* this connection was given the transaction */
    bool is_settled;       /* all recipients were told */
    bool is_answered;      /* this connection ended with an answer */
    bool has_expired;      /* it was broken off because nothing came */
    size_t unsent;         /* octets that were not acknowledged when a wait ended; SIZE_MAX: none
                              has ended yet */
    bool avoids_tls;       /* TLS with this address has failed, and was only wished for */
    char nonce[OFFICE_NONCE];
    struct transfer_reason last; /* why it came to nothing so far */
    struct transfer *next_free, *next;
};

struct transfer_pool {
    struct office *office;
    struct random random; /* the order of servers */
    struct transfer *all, *free;
};

/* Begins to look for servers, or for the one that is given. */
void transfer_find(struct transfer *t);
/* The next address, of this server or the next one; without any the transfer is over. */
void transfer_next_address(struct transfer *t);
void transfer_connect(struct transfer *t, uint32_t address);
/* Keeps our own reason, should no further server do better. */
void transfer_remember_text(struct transfer *t, int code, const char *esc, const char *text);
void transfer_remember(struct transfer *t, const struct smtp_reply *reply, bool is_smtp);
/* No server is left: everybody who was not told yet is told the reason. */
void transfer_give_up(struct transfer *t);

#endif
