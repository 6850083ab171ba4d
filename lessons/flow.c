#include "lessons/flow.h"

enum { CAUSES_MAX = 1000 };

/* ---- the connection ---- */

static uint32_t field(const struct log *log, const struct event *e, struct slice name)
{
    enum event_type type;
    uint32_t value;
    return log_field(log, e, name, &type, &value) ? value : 0;
}

/* The connection over which the event came about; 0 none. */
static uint32_t connection_of(const struct log *log, uint32_t event)
{
    for (int i = 0; i < CAUSES_MAX && event > 0; i++) {
        const struct event *e = log_at(log, event);
        uint32_t conn = e->kind == EVENT_INPUT ? 0 : field(log, e, SLICE("conn"));
        if (conn || e->kind == EVENT_INPUT)
            return conn;
        event = e->cause;
    }
    return 0;
}

/* The two ends of a connection; on one and the same host agents are told apart. */
struct ends {
    uint32_t opener, other;
};

static struct ends ends_of(const struct log *log, const struct event_tcp_connect *c)
{
    uint32_t from = log_host_of(log, c->from), to = log_host_of(log, c->to);
    return from == to ? (struct ends){c->from, c->to} : (struct ends){from, to};
}

/* ---- who held the message ---- */

/* Where an event says that the message is from now on; 0 it says nothing of it. */
static uint32_t holder_after(const struct event *e, uint32_t msg)
{
    const struct event_message *made = event_as_message(e);
    const struct event_accept *taken = event_as_accept(e);
    const struct event_deliver *stored = event_as_deliver(e);
    const struct event_fetch *fetched = event_as_fetch(e);
    const struct event_copy *copied = event_as_copy(e);
    if (made)
        return made->msg == msg ? made->by : 0;
    if (taken)
        return taken->msg == msg ? taken->at : 0;
    if (stored)
        return stored->msg == msg ? stored->at : 0;
    if (fetched)
        return fetched->msg == msg ? fetched->by : 0;
    return copied && copied->msg == msg ? copied->at : 0;
}

/* Who holds it because this very event says that another one has got it from there. */
static uint32_t holder_before(const struct event *e)
{
    const struct event_submit *given = event_as_submit(e);
    const struct event_relay *relayed = event_as_relay(e);
    return given ? given->at : relayed ? relayed->at : 0;
}

static enum flow flow_from(const struct log *log, struct ends ends, uint32_t holder)
{
    if (log_place_is(log, holder, ends.opener))
        return FLOW_PUSH;
    return log_place_is(log, holder, ends.other) ? FLOW_PULL : FLOW_NONE;
}

/* A copy that one of the two got from the other before: there the original still is. */
static bool is_copy_from(const struct log *log, uint32_t event, struct ends ends)
{
    const struct event_tcp_connect *c = log_conn(log, connection_of(log, event));
    if (!event_as_fetch(log_at(log, event)) || !c)
        return false;
    struct ends of = ends_of(log, c);
    return of.opener == ends.opener && of.other == ends.other;
}

/* The last that is said, before the event, of the message being at one of the two ends; not by what
   this connection itself has brought about. */
static enum flow flow_from_last(const struct log *log, uint32_t event, uint32_t conn,
                                struct ends ends, uint32_t msg)
{
    for (uint32_t id = event; id-- > 0;) {
        uint32_t holder = holder_after(log_at(log, id), msg);
        enum flow flow = holder ? flow_from(log, ends, holder) : FLOW_NONE;
        if (flow != FLOW_NONE && connection_of(log, id) != conn && !is_copy_from(log, id, ends))
            return flow;
    }
    return FLOW_NONE;
}

/* Who gave it says so, or who got it, or else what was said of it before. */
static enum flow flow_of_message(const struct log *log, uint32_t event, uint32_t conn, uint32_t msg)
{
    struct ends ends = ends_of(log, log_conn(log, conn));
    const struct event *e = log_at(log, event);
    enum flow got = FLOW_NONE;
    if (holder_before(e))
        return flow_from(log, ends, holder_before(e));
    if (e->kind == EVENT_ACCEPT || e->kind == EVENT_DELIVER || e->kind == EVENT_FETCH)
        got = flow_from(log, ends, holder_after(e, msg));
    return got == FLOW_PUSH   ? FLOW_PULL
           : got == FLOW_PULL ? FLOW_PUSH
                              : flow_from_last(log, event, conn, ends, msg);
}

/* ---- what is no message: a page, a form ---- */

/* Octets that one side has said in this event; `is_back`: the side that was connected to. */
static size_t octets_said(const struct log *log, const struct event *e, uint32_t conn, bool is_tls,
                          bool *is_back)
{
    const struct event_tls_data *secret = event_as_tls_data(e);
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    if (is_tls && secret && secret->conn == conn) {
        *is_back = secret->back;
        return log_text(log, secret->data).size;
    }
    if (is_tls || !segment || segment->conn != conn || (e->flags & EVENT_SEGMENT_AGAIN))
        return 0;
    *is_back = e->flags & EVENT_SEGMENT_BACK;
    return log_text(log, segment->data).size;
}

static bool is_request(const struct log *log, uint32_t id, uint32_t conn)
{
    const struct event_http_request *request = event_as_http_request(log_at(log, id));
    return request && request->conn == conn;
}

/* A request and its response: the side that said more of it had what was transferred. */
static enum flow flow_of_exchange(const struct log *log, uint32_t event, uint32_t conn)
{
    size_t asked = 0, answered = 0;
    struct log_parties parties;
    bool is_tls = log_parties(log, log_at(log, event), &parties) && parties.tls, is_back = false;
    for (uint32_t id = event; id-- > 0 && !is_request(log, id, conn);) {
        size_t octets = octets_said(log, log_at(log, id), conn, is_tls, &is_back);
        asked += is_back ? 0 : octets;
    }
    for (uint32_t id = event + 1; id < log_count(log) && !is_request(log, id, conn); id++) {
        size_t octets = octets_said(log, log_at(log, id), conn, is_tls, &is_back);
        answered += is_back ? octets : 0;
    }
    return asked == answered ? FLOW_NONE : asked > answered ? FLOW_PUSH : FLOW_PULL;
}

enum flow flow_of(const struct log *log, uint32_t event)
{
    uint32_t conn = connection_of(log, event);
    const struct event *e = log_at(log, event);
    if (!conn || !log_conn(log, conn))
        return FLOW_NONE;
    if (e->kind == EVENT_HTTP_REQUEST)
        return flow_of_exchange(log, event, conn);
    uint32_t msg = field(log, e, SLICE("msg"));
    return msg ? flow_of_message(log, event, conn, msg) : FLOW_NONE;
}
