/*
 * What the parts of the mail user agent share: mua.c writes and submits, mua_fetch.c gets mail.
 */
#ifndef AGENTS_ROLES_MUA_PART_H
#define AGENTS_ROLES_MUA_PART_H

#include "agents/proto/pop3_client.h"
#include "agents/roles/mua.h"
#include "agents/roles/queue.h"

enum { MUA_UID_MAX = 71 };

struct mua {
    struct office *office;
    uint32_t agent;
    struct slice user, incoming, outgoing;
    uint32_t incoming_port;
    struct pop3_client_options pop3; /* how to fetch; user, password and nonce are set each time */
    bool is_incoming_tls_first, verifies_incoming;
    char nonce[OFFICE_NONCE];
    bool deletes;
    int64_t check_every;
    struct queue *outbox; /* NULL without an outgoing server */
    unsigned notify;      /* notices to ask for: SMTP_NOTIFY_...; 0 nothing is said */
    enum smtp_return ret;
    /* one fetch at a time */
    bool is_fetching, is_told; /* told: the person knows how the fetch ended */
    struct pop3_client client;
    struct pump *pump;
    char (*seen)[MUA_UID_MAX]; /* uids fetched already and left on the server, in order of octets */
    size_t seen_count, seen_capacity;
    uint32_t kept; /* messages in the local folder so far */
};

uint32_t mua_text(const struct mua *mua, struct slice s);
/* What the person sees on the screen. */
void mua_show(const struct mua *mua, struct slice what);
/* A message has arrived whole: it goes into the local folder. False: there is no room. */
bool mua_keep(struct mua *mua, struct slice content, uint32_t msg, struct slice protocol);
/* The settings of fetching. */
#define MUA_INCOMING_TLS_WORDS "never if-offered required verify implicit"
#define MUA_INCOMING_AUTH_WORDS "auto plain login cram-md5 scram-sha-256 apop pass"
void mua_fetch_configure(struct mua *mua, const struct config *config);
void mua_fetch_finish(struct mua *mua);

#endif
