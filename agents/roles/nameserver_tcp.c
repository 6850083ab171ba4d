#include <stdlib.h>

#include "agents/roles/nameserver_part.h"
#include "sim/base/memory.h"

/*
 * DNS over TCP (RFC 7766): each message has its length in two octets before it; questions may
 * follow each other without waiting, and are answered in order, but for those that have to be asked
 * elsewhere (6.2.1.1).
 */

enum {
    LENGTH_OCTETS = 2, /* RFC 1035 4.2.2 */
    IN_OCTETS_MAX = 2 * (LENGTH_OCTETS + DNS_MESSAGE_MAX),
    IDLE_S = 20,           /* RFC 7766 6.2.3: a few seconds at least */
    UNREAD_MAX = 4 * 65536 /* who asks and never reads is left */
};

struct nameserver_visit {
    struct session base; /* first: the pump knows it by that */
    struct nameserver *ns;
    struct pump *pump;
    uint32_t peer_address;
    uint32_t life;    /* counts the connections it has served */
    uint32_t awaited; /* answers that come later */
    struct nameserver_visit *next, *next_free;
};

/* The next whole message, without its length. Borrowed until more is fed. */
static bool take_message(struct session *s, struct slice *message)
{
    struct slice in = bytes_slice(&s->in);
    if (in.size < LENGTH_OCTETS)
        return false;
    size_t size = (size_t)(unsigned char)in.data[0] << 8 | (unsigned char)in.data[1];
    if (in.size - LENGTH_OCTETS < size)
        return false;
    *message = slice_part(in, LENGTH_OCTETS, LENGTH_OCTETS + size);
    bytes_consume(&s->in, LENGTH_OCTETS + size); /* the octets stay until the next feed */
    return true;
}

/* Puts the length before the message that begins at `at`, behind room for it. */
static void put_length(struct nameserver_visit *v, size_t at)
{
    struct bytes *out = &v->base.out;
    size_t size = bytes_size(out) - at - LENGTH_OCTETS;
    char *length = bytes_tail(out, size + LENGTH_OCTETS);
    length[0] = (char)(size >> 8);
    length[1] = (char)size;
    session_cut(&v->base);
}

/* What is no question ends the connection: nobody knows where the next one would begin. */
static void answer(struct nameserver_visit *v, struct slice question)
{
    struct bytes *out = &v->base.out;
    struct nameserver_asker asker = {.address = v->peer_address, .visit = v, .life = v->life};
    size_t at = bytes_size(out);
    if (office_is_silent(v->ns->office, v->ns->agent))
        return;
    v->awaited++; /* an answer that is known already may come within this call */
    enum nameserver_outcome outcome = NAMESERVER_IGNORES;
    if (bytes_append(out, (struct slice){"\0\0", LENGTH_OCTETS}))
        outcome = nameserver_answer(v->ns, &asker, question, out);
    if (outcome == NAMESERVER_ANSWERS)
        put_length(v, at);
    else
        bytes_truncate(out, at);
    v->awaited -= outcome != NAMESERVER_ANSWERS_LATER;
    v->base.is_closing |= outcome == NAMESERVER_IGNORES;
}

bool nameserver_say_by_tcp(const struct nameserver_asker *asker, struct slice message)
{
    struct nameserver_visit *v = asker->visit;
    if (!v || v->life != asker->life || !v->pump)
        return v != NULL;
    size_t at = bytes_size(&v->base.out);
    v->awaited--;
    if (bytes_append_all(&v->base.out, (struct slice[]){{"\0\0", LENGTH_OCTETS}, message}, 2))
        put_length(v, at);
    v->base.is_closing |= v->base.is_eof && v->awaited == 0;
    pump_flush(v->pump);
    return true;
}

static void turn(void *context)
{
    struct nameserver_visit *v = context;
    struct slice question;
    if (net_unacknowledged(v->ns->office->net, v->pump->wire) > UNREAD_MAX) {
        pump_abort(v->pump);
        return;
    }
    uint32_t cause = v->ns->office->sim->cause;
    while (!v->base.is_closing && take_message(&v->base, &question)) {
        v->ns->office->sim->cause = cause;
        answer(v, question);
    }
    if (v->base.is_eof && v->awaited == 0)
        v->base.is_closing = true;
    pump_wait(v->pump, IDLE_S);
}

static void expired(void *context)
{
    struct nameserver_visit *v = context;
    v->base.is_closing = true;
}

static void ended(void *context, enum net_end why)
{
    struct nameserver_visit *v = context;
    (void)why;
    v->pump = NULL;
    v->next_free = v->ns->free_visits;
    v->ns->free_visits = v;
}

static struct nameserver_visit *take_visit(struct nameserver *ns)
{
    struct nameserver_visit *v = ns->free_visits;
    if (v) {
        ns->free_visits = v->next_free;
    } else {
        v = memory_take(sizeof *v);
        v->ns = ns;
        v->next = ns->visits;
        ns->visits = v;
    }
    session_restart(&v->base, IN_OCTETS_MAX, SIZE_MAX);
    v->life++;
    v->awaited = 0;
    return v;
}

bool nameserver_accept(void *context, uint32_t wire, uint32_t peer_address, struct net_user *user)
{
    struct nameserver *ns = context;
    struct nameserver_visit *v = take_visit(ns);
    v->peer_address = peer_address;
    v->pump = pump_accept(
        &ns->office->pumps, wire, &v->base,
        &(struct pump_user){.turn = turn, .expired = expired, .ended = ended, .context = v}, user);
    pump_wait(v->pump, IDLE_S);
    return true;
}

void nameserver_finish_visits(struct nameserver *ns)
{
    while (ns->visits) {
        struct nameserver_visit *v = ns->visits;
        ns->visits = v->next;
        session_finish(&v->base);
        free(v);
    }
}
