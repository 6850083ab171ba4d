#include "agents/roles/talk.h"

/* ---- what the pump tells ---- */

static void open_up(struct talk *talk)
{
    talk->is_open = true;
    if (talk->user.opened)
        talk->user.opened(talk->user.context);
}

static void secure(struct talk *talk)
{
    talk->is_secured = true;
    spoken_secured(&talk->spoken);
    if (talk->user.secured)
        talk->user.secured(talk->user.context);
}

/* It is read first: what the person does next follows from the answer, not from its octets. */
static void hear(struct talk *talk, struct slice octets)
{
    uint32_t msg = talk->pump->msg_in;
    if (talk->is_server)
        spoken_asked(&talk->spoken, octets, msg);
    else
        spoken_answered(&talk->spoken, octets, msg);
    if (talk->spoken.is_tls_granted && talk->session.tls == SESSION_TLS_NONE)
        talk->session.tls = SESSION_TLS_WANTED; /* the next octets are its handshake */
    talk->user.heard(talk->user.context, octets);
}

static void turn(void *context)
{
    struct talk *talk = context;
    struct slice in = bytes_slice(&talk->session.in);
    if (!talk->is_open)
        open_up(talk);
    if (talk->session.tls == SESSION_TLS_ON && !talk->is_secured)
        secure(talk);
    if (in.size > 0)
        hear(talk, in);
    bytes_clear(&talk->session.in);
    talk->session.is_closing |= talk->session.is_eof;
}

static void ended(void *context, enum net_end why)
{
    struct talk *talk = context;
    talk->pump = NULL;
    talk->is_open = false;
    talk->user.ended(talk->user.context, why);
}

/* ---- life ---- */

static void start(struct talk *talk, struct pump_pool *pool, const struct talk_user *user)
{
    talk_finish(talk);
    *talk = (struct talk){.pool = pool, .user = *user};
    session_init(&talk->session, TALK_UNREAD_MAX, TALK_UNSENT_MAX);
}

void talk_connect(struct talk *talk, struct pump_pool *pool, const struct talk_target *target,
                  const struct talk_user *user)
{
    start(talk, pool, user);
    if (target->is_tls)
        talk->session.tls = SESSION_TLS_FIRST;
    talk->pump = pump_connect(pool, target->agent, target->address, target->port, &talk->session,
                              &(struct pump_user){.turn = turn,
                                                  .ended = ended,
                                                  .context = talk,
                                                  .tls_name = target->name,
                                                  .tls_check = TLS_CHECK_NONE});
    spoken_start(&talk->spoken, pool->sim, pump_conn(talk->pump), target->port, false);
}

void talk_accept(struct talk *talk, struct pump_pool *pool, uint32_t wire, uint32_t port,
                 const struct talk_user *user, struct net_user *net_user)
{
    start(talk, pool, user);
    talk->is_server = talk->is_open = true;
    talk->pump =
        pump_accept(pool, wire, &talk->session,
                    &(struct pump_user){.turn = turn, .ended = ended, .context = talk}, net_user);
    spoken_start(&talk->spoken, pool->sim, net_conn(pool->net, wire), port, true);
}

bool talk_say(struct talk *talk, struct slice octets)
{
    if (!talk->pump || !bytes_append(&talk->session.out, octets))
        return false;
    if (talk->is_server)
        spoken_answered(&talk->spoken, octets, 0);
    else
        spoken_asked(&talk->spoken, octets, 0);
    pump_flush(talk->pump);
    return true;
}

void talk_close(struct talk *talk)
{
    if (!talk->pump)
        return;
    talk->session.is_closing = true;
    if (talk->is_open)
        pump_flush(talk->pump);
    else
        pump_abort(talk->pump); /* it would wait for an answer */
}

void talk_finish(struct talk *talk)
{
    session_finish(&talk->session);
    spoken_finish(&talk->spoken);
}

const char *talk_end_name(enum net_end why)
{
    static const char *const names[] = {
        [NET_END_CLOSED] = "Connection closed",
        [NET_END_REFUSED] = "Connection refused",
        [NET_END_TIMEOUT] = "Connection timed out",
        [NET_END_BLOCKED] = "Connection blocked by a firewall",
        [NET_END_RESET] = "Connection reset by the other side",
        [NET_END_CRASHED] = "Connection lost: this host went down",
        [NET_END_TLS] = "TLS failed",
    };
    return names[why];
}
