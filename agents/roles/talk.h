/*
 * A connection at one end of which a person speaks by hand. What is typed goes out as it is, what
 * comes is handed on as it is; there is no session in between. Only two things are done for the
 * person: TLS, when it was granted in words (STARTTLS, STLS) or wanted from the start, and reading
 * along for the trace (spoken.h).
 *
 *     talk_connect(&talk, pool, &(struct talk_target){agent, address, port, name, false}, &user);
 *     talk_say(&talk, SLICE("EHLO pc\r\n"));
 *     talk_close(&talk);                      `ended` follows
 *     talk_finish(&talk);                     after `ended`, or when it was never connected
 */
#ifndef AGENTS_ROLES_TALK_H
#define AGENTS_ROLES_TALK_H

#include "agents/drive/pump.h"
#include "agents/roles/spoken.h"

struct talk_user {
    void (*opened)(void *context); /* it was connected; NULL: nobody cares */
    void (*heard)(void *context, struct slice octets);
    void (*secured)(void *context); /* TLS is on: talk->pump->tls says which. NULL likewise */
    void (*ended)(void *context, enum net_end why); /* the talk may be started again */
    void *context;
};

struct talk_target {
    uint32_t agent, address, port;
    struct slice name; /* for TLS; borrowed until ended */
    bool is_tls;       /* from the first octet (RFC 8314 3) */
};

struct talk {
    struct session session;
    struct pump_pool *pool;
    struct pump *pump; /* NULL: no connection */
    struct talk_user user;
    struct spoken spoken;
    bool is_open, is_secured;
    bool is_server; /* the person's side was connected to */
};
enum { TALK_UNREAD_MAX = 4 * 1024 * 1024, TALK_UNSENT_MAX = 16 * 1024 * 1024 };

/* `*talk` is zeroed, or has ended. */
void talk_connect(struct talk *talk, struct pump_pool *pool, const struct talk_target *target,
                  const struct talk_user *user);
/* Within a net_accept, which then gives net_user to the network. */
void talk_accept(struct talk *talk, struct pump_pool *pool, uint32_t wire, uint32_t port,
                 const struct talk_user *user, struct net_user *net_user);
/* May be called before it is open; is dropped when there is no connection, or too much waits. */
bool talk_say(struct talk *talk, struct slice octets);
/* What was said still arrives. */
void talk_close(struct talk *talk);
void talk_finish(struct talk *talk);
/* How it ended, for a person: "Connection refused". */
const char *talk_end_name(enum net_end why);

#endif
