/*
 * What the parts of the mail user agent share: mua.c writes and submits; mua_fetch.c gets mail, by
 * mua_pop3.c or mua_imap.c.
 */
#ifndef AGENTS_ROLES_MUA_PART_H
#define AGENTS_ROLES_MUA_PART_H

#include "agents/roles/mua.h"
#include "agents/roles/queue.h"

struct mua_pop3;
struct mua_imap;

/* How mail is fetched. */
struct mua_fetching {
    uint32_t port;
    enum session_tls_policy tls;
    bool is_tls_first, verifies, pipelines;
    struct slice login; /* one of MUA_INCOMING_AUTH_WORDS */
};

struct mua {
    struct office *office;
    uint32_t agent;
    struct slice user, incoming, outgoing;
    struct mua_fetching fetching;
    char nonce[OFFICE_NONCE];
    bool deletes;
    int64_t check_every;
    struct queue *outbox; /* NULL without an outgoing server */
    unsigned notify;      /* notices to ask for: SMTP_NOTIFY_...; 0 nothing is said */
    enum smtp_return ret;
    bool is_fetching;      /* one visit to the incoming server at a time */
    struct mua_pop3 *pop3; /* the one that is used, the other is NULL */
    struct mua_imap *imap;
    uint32_t kept; /* messages in the local folder so far */
};

/* Who logs in; borrowed for the visit. */
struct mua_login {
    struct slice user, password, nonce;
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
/* How a visit is driven, and how it says that it is over: is_told, the person knows why. */
struct pump_user mua_visitor(const struct mua *mua, void (*turn)(void *),
                             void (*ended)(void *, enum net_end), void *context);
void mua_visit_ended(struct mua *mua, bool is_told, enum net_end why);

struct mua_pop3 *mua_pop3_create(struct mua *mua);
void mua_pop3_destroy(struct mua_pop3 *pop3); /* accepts NULL */
void mua_pop3_visit(struct mua_pop3 *pop3, uint32_t address, const struct mua_login *login);

struct mua_imap *mua_imap_create(struct mua *mua);
void mua_imap_destroy(struct mua_imap *imap); /* accepts NULL */
void mua_imap_visit(struct mua_imap *imap, uint32_t address, const struct mua_login *login);

#endif
