#include "agents/drive/pump_part.h"
#include "sim/base/check.h"

enum { FAREWELL_S = 10, CHANCE_NAME_MAX = 160 };

/* ---- the trace ---- */

static uint32_t text(const struct pump *p, struct slice s)
{
    return sim_text(p->pool->sim, s);
}

/* Once a connection: the client's end does, or the server's when the client is a real program. */
static bool is_witness(const struct pump *p)
{
    return p->is_client || p->is_real;
}

static void note_keys(struct pump *p)
{
    struct slice line;
    while (is_witness(p) && tls_next_key(p->tls, &line))
        sim_note(p->pool->sim, EVENT_TLS_KEY,
                 &(struct event_tls_key){.conn = pump_conn(p), .line = text(p, line)});
}

static void emit_up(struct pump *p)
{
    if (is_witness(p))
        sim_emit(p->pool->sim, EVENT_TLS_UP,
                 &(struct event_tls_up){.conn = pump_conn(p),
                                        .version = text(p, tls_version(p->tls)),
                                        .cipher = text(p, tls_cipher(p->tls)),
                                        .name = text(p, tls_name(p->tls)),
                                        .check = text(p, tls_verdict(p->tls))});
    note_keys(p);
}

/* Who was told by an alert says nothing: the other end has said why, unless it is a real program.
 */
static void emit_fail(struct pump *p, struct slice reason)
{
    if (!p->tls || !tls_is_told(p->tls) || p->is_real)
        sim_emit(p->pool->sim, EVENT_TLS_FAIL,
                 &(struct event_tls_fail){.conn = pump_conn(p), .reason = text(p, reason)});
    if (p->tls)
        note_keys(p);
}

static void emit_data(struct pump *p, struct slice cleartext, uint32_t msg, bool is_back)
{
    sim_emit(p->pool->sim, EVENT_TLS_DATA,
             &(struct event_tls_data){
                 .conn = pump_conn(p), .data = text(p, cleartext), .msg = msg, .back = is_back});
}

/* ---- sending ---- */

/* After our FIN nothing can follow; what TLS has to say of its own then is left unsaid. */
static void send_wire(struct pump *p, uint32_t msg)
{
    struct bytes *wire = tls_wire(p->tls);
    if (!p->is_closing)
        net_send(p->pool->net, p->wire, bytes_slice(wire), msg);
    bytes_clear(wire);
}

void pump_tls_say(struct pump *p, struct slice cleartext, uint32_t msg)
{
    emit_data(p, cleartext, msg, !p->is_client);
    tls_say(p->tls, cleartext);
    send_wire(p, msg);
}

void pump_tls_close(struct pump *p)
{
    tls_close(p->tls);
    send_wire(p, 0);
}

void pump_tls_fail(struct pump *p, struct slice reason)
{
    emit_fail(p, reason);
    if (p->tls)
        send_wire(p, 0); /* the alert */
    p->deadline = VTIME_NEVER;
    pump_wait(p, FAREWELL_S);
    p->is_failed = true;
    if (p->is_closing)
        return;
    p->is_closing = true;
    net_close(p->pool->net, p->wire);
}

/* ---- the handshake ---- */

static struct random *chance_of(struct pump_pool *pool, uint32_t host)
{
    check(host > 0);
    while (pool->chances.count < host)
        (void)vector_add(&pool->chances);
    struct pump_chance *chance = &pool->chances.items[host - 1];
    if (!chance->is_started) {
        char name[CHANCE_NAME_MAX] = "tls ";
        struct slice id = slice_part(net_host_id(pool->net, host), 0, CHANCE_NAME_MAX - 4);
        memcpy(name + 4, id.data, id.size);
        sim_random(pool->sim, (struct slice){name, 4 + id.size}, &chance->random);
        chance->is_started = true;
    }
    return &chance->random;
}

void pump_tls_start(struct pump *p)
{
    struct pump_pool *pool = p->pool;
    if (!pool->tls) {
        pump_tls_fail(p, SLICE("there is no TLS here"));
        return;
    }
    uint32_t host = net_host_of(pool->net, net_place(pool->net, p->wire));
    struct slice name = p->user.tls_name;
    p->is_real = net_is_real(pool->net, p->wire);
    p->tls = tls_create(
        pool->tls, &(struct tls_options){
                       .is_server = !p->is_client,
                       .is_real = p->is_real,
                       .name = p->is_client || name.size ? name : net_host_name(pool->net, host),
                       .check = p->user.tls_check,
                       .flaw = p->user.tls_flaw,
                       .now_s = pool->sim->epoch_s + pool->sim->now / VTIME_S,
                       .random = chance_of(pool, host)});
    if (tls_state(p->tls) == TLS_STATE_FAILED)
        pump_tls_fail(p, tls_reason(p->tls));
    else
        send_wire(p, 0);
}

/* ---- receiving ---- */

static bool take_clear(struct pump *p)
{
    struct bytes *clear = tls_clear(p->tls);
    if (bytes_size(clear) == 0)
        return true;
    if (p->is_real) /* nobody else can say in the trace what it said */
        emit_data(p, bytes_slice(clear), p->msg_in, p->is_client);
    bool is_there = pump_take_in(p, bytes_slice(clear));
    if (is_there)
        bytes_clear(clear);
    return is_there;
}

static bool take_piece(struct pump *p, struct slice bytes)
{
    bool was_up = p->session->tls == SESSION_TLS_ON;
    uint32_t cause = p->pool->sim->cause;
    tls_feed(p->tls, bytes);
    enum tls_state state = tls_state(p->tls);
    if (state == TLS_STATE_FAILED) {
        pump_tls_fail(p, tls_reason(p->tls));
        return false;
    }
    send_wire(p, 0);
    if (state == TLS_STATE_HANDSHAKE)
        return true;
    if (!was_up) {
        emit_up(p);
        p->session->tls = SESSION_TLS_ON;
        if (!pump_turn(p))
            return false;
    } else {
        p->pool->sim->cause = cause;
    }
    if (!take_clear(p))
        return false;
    return state != TLS_STATE_CLOSED || p->session->is_eof || pump_take_end(p);
}

void pump_tls_received(struct pump *p, struct slice bytes)
{
    if (p->is_closing && p->session->tls != SESSION_TLS_ON)
        return; /* given up before the handshake was done */
    while (bytes.size > 0) {
        struct slice piece = slice_part(bytes, 0, TLS_FEED_MAX);
        bytes = slice_part(bytes, piece.size, bytes.size);
        if (!take_piece(p, piece))
            return;
    }
}
