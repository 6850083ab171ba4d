/*
 * What every protocol session has in common. A session is sans-IO: it owns no socket, clock, log
 * or mail decision. Its driver (agents/drive/pump.h) feeds it bytes, pulls its events, answers
 * those that ask for a verdict, and sends what it leaves in `out`.
 *
 * Each session struct (struct smtp_server, ...) starts with a struct session:
 *
 *     session_feed(&s->base, bytes)          what has arrived
 *     while (smtp_server_next(s, &event))    parse; look at event.kind, give a verdict
 *         ...
 *     bytes_slice(&s->base.out)              to be sent; session_sent() takes it off
 *     s->base.is_closing                     close the connection once out is empty
 *
 * next() gives false when it needs more bytes or waits for a verdict. The result does not depend
 * on how the bytes were split over feeds.
 */
#ifndef AGENTS_PROTO_SESSION_H
#define AGENTS_PROTO_SESSION_H

#include "sim/base/bytes.h"
#include "sim/base/vector.h"

/*
 * TLS is put between session and wire by the driver (agents/drive/pump.h); the session always reads
 * and writes clear text. It asks for TLS by setting `tls`, and starts afresh when told of it.
 */
enum session_tls {
    SESSION_TLS_NONE,
    SESSION_TLS_WANTED, /* STARTTLS was agreed on: what is in out goes in clear, then TLS begins.
                           Whoever sets it empties `in` first: what came pipelined behind the
                           command, or behind its reply, is thrown away (RFC 3207 4.2,
                           CVE-2011-0411) */
    SESSION_TLS_FIRST, /* before the connection: TLS from the first octet (RFC 8314 3), out waits */
    SESSION_TLS_ON     /* set by the driver when the handshake is done, before its next turn */
};

/* What a client does about TLS, as its role was told. */
enum session_tls_policy {
    SESSION_TLS_POLICY_NEVER,
    SESSION_TLS_POLICY_IF_OFFERED, /* who stands between can take the offer away unseen */
    SESSION_TLS_POLICY_REQUIRED    /* no TLS, no session */
};

struct session {
    struct bytes in;  /* fed and not parsed yet */
    struct bytes out; /* to be sent */
    /*
     * Ascending positions in out at which a new segment is to start, counted from the session's
     * first octet: out's front is at `sent`. A message's header, body and final dot so travel in
     * segments of their own, and a body has the same segments on every hop; the trace then keeps it
     * once.
     */
    VECTOR(size_t) cuts;
    size_t sent; /* octets that have left out by its front */
    enum session_tls tls;
    bool is_closing; /* nothing more will be said: close after out */
    bool is_eof;     /* the peer has closed its side: no more bytes will be fed */
};

/* Ceilings in octets. */
void session_init(struct session *s, size_t in_ceiling, size_t out_ceiling);
void session_finish(struct session *s);
/*
 * A new session in the place of one that is over, or in zeroed memory: like init, but small buffers
 * are used again. Each session has such a function: who serves one connection after the other
 * allocates nothing for the next.
 */
void session_restart(struct session *s, size_t in_ceiling, size_t out_ceiling);
/* False when `in` would pass its ceiling: nothing was taken. The driver then aborts the connection.
 */
bool session_feed(struct session *s, struct slice bytes);
/* The next segment starts here. */
void session_cut(struct session *s);
/* What to send next: out up to the first cut. Empty when there is nothing. Borrowed. */
struct slice session_to_send(const struct session *s);
/* The first n octets of out are on their way. */
void session_sent(struct session *s, size_t n);

/*
 * One line off the front of `in`, which ends with <CR><LF> and nothing else: a bare CR or LF is
 * part of the line. The slice (without CRLF) is borrowed until the next feed or line.
 */
enum session_line { SESSION_LINE_NONE, SESSION_LINE_OK, SESSION_LINE_TOO_LONG };
enum session_line session_take_line(struct session *s, size_t octets_max, struct slice *line);

#endif
