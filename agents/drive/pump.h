/*
 * The pump: the one loop that moves bytes between a session and a wire. It feeds what arrives,
 * lets the role pull the session's events and answer them, sends what the session leaves in `out`,
 * closes when the session is done, and keeps the timer.
 *
 * A pump lives in a pump_pool and is used again after its connection's end; a role keeps it only
 * until `ended`.
 */
#ifndef AGENTS_DRIVE_PUMP_H
#define AGENTS_DRIVE_PUMP_H

#include "agents/proto/session.h"
#include "sim/net/net.h"
#include "sim/net/tls.h"

struct pump_user {
    /* Something came: pull the session's events, give verdicts. What the session then has to say is
       sent afterwards. */
    void (*turn)(void *context);
    /* The wait that pump_wait began is over. NULL: the connection is broken off, and `ended` called
       with NET_END_TIMEOUT. */
    void (*expired)(void *context);
    /* The connection is gone, once, last: finish the session; the pump is no longer yours. */
    void (*ended)(void *context, enum net_end why);
    void *context;
    /*
     * TLS, when the session asks for it (session.h). A server's name is its host's when this is
     * empty; a client's is whom it wants to reach. A handshake that fails, as it does where the
     * pool has no authority, is told by `ended` with NET_END_TLS.
     */
    struct slice tls_name; /* borrowed until ended */
    enum tls_check tls_check;
    enum tls_flaw tls_flaw;
    /* Accepting: what the session says first waits so long (pump_hold), or is never said: the
       connection is broken off instead (pump_cut). */
    int64_t greets_after_ns;
    bool is_cut;
};

enum pump_cut { PUMP_CUT_NONE, PUMP_CUT_NOW, PUMP_CUT_AT_INPUT };

struct pump_pool;

struct pump {
    struct pump_pool *pool;
    struct session *session;
    struct pump_user user;
    uint32_t wire;
    uint32_t msg_in;  /* tag of the bytes that arrived last */
    uint32_t msg_out; /* tag of what is sent from now on; 0 to answer with msg_in */
    uint32_t life;    /* counts the connections this pump has served */
    bool is_open, is_closing;
    bool is_client;
    bool is_failed;  /* TLS did; only the other side's FIN is waited for */
    bool is_real;    /* with TLS: a real program is at the other end */
    struct tls *tls; /* from the handshake's start; NULL: in clear */
    int64_t deadline, timer_t, wait_ns;
    bool holds_run;      /* the run waits for what this waits for */
    uint32_t wait_cause; /* the event that the wait began with */
    int64_t held_until;  /* nothing goes in or out before; 0: it does */
    bool is_finished;    /* the other side will send no more */
    enum pump_cut cut;
    struct pump *next; /* all pumps of the pool */
    struct pump *next_free;
};

/* A host's chance for TLS: its connections' secrets come from it, one after the other, so that what
   happens elsewhere changes none of them. */
struct pump_chance {
    bool is_started;
    struct random random;
};

struct pump_pool {
    struct sim *sim;
    struct net *net;
    struct tls_authority *tls; /* NULL: nobody may offer TLS; owned by the world */
    struct pump *all, *free;
    VECTOR(struct pump_chance) chances; /* by place of the host - 1; as many as were needed */
};

void pump_pool_init(struct pump_pool *pool, struct sim *sim, struct net *net);
/* Ends what is still open, with NET_END_CRASHED, so that each session is finished. */
void pump_pool_finish(struct pump_pool *pool);

/* The session is borrowed until `ended`. */
struct pump *pump_connect(struct pump_pool *pool, uint32_t agent, uint32_t address, uint32_t port,
                          struct session *session, const struct pump_user *user);
/* To be called within a net_accept, which then gives net_user to the network. What the session has
   to say already (its greeting) is sent. */
struct pump *pump_accept(struct pump_pool *pool, uint32_t wire, struct session *session,
                         const struct pump_user *user, struct net_user *net_user);

/* Sends what the session has left in `out`. Needed only for changes made outside of `turn`, and to
   give what was said so far a tag of its own. */
void pump_flush(struct pump *p);
/* `expired` is called if nothing calls pump_wait again within that time. 0: no longer. */
void pump_wait(struct pump *p, int64_t seconds);
/* The same in the background: a run that waits for nothing else does not wait for this (IDLE). */
void pump_wait_quietly(struct pump *p, int64_t seconds);
/* Breaks the connection off. `ended` is called, with NET_END_RESET. */
void pump_abort(struct pump *p);
/*
 * What the session has not sent yet waits for so long, and what arrives meanwhile is not looked at
 * before. May be called within `turn`, which then asks the session for no more events: who is slow
 * has not read the next command.
 */
void pump_hold(struct pump *p, int64_t ns);
/* Breaks the connection off in a task of its own: NOW, with what was not sent yet thrown away; or
   when the next octets come. Within `turn` likewise. */
void pump_cut(struct pump *p, enum pump_cut when);
bool pump_is_held(const struct pump *p);
uint32_t pump_conn(const struct pump *p);

#endif
