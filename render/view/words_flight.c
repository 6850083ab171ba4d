#include "render/view/tr.h"
#include "render/view/words.h"
#include "render/view/words_say.h"

#include <inttypes.h>

/* The question that a datagram carries, as its server reads it a little later. */
static const struct event_dns_query *asked_by(const struct log *log, uint32_t id)
{
    enum { LOOK_AHEAD = 200 };
    const struct event_udp_datagram *d = event_as_udp_datagram(log_at(log, id));
    for (uint32_t i = id + 1; d && i < log_count(log) && i < id + LOOK_AHEAD; i++) {
        const struct event_dns_query *q = event_as_dns_query(log_at(log, i));
        if (q && log_host_of(log, q->from) == log_host_of(log, d->from) &&
            log_host_of(log, q->to) == log_host_of(log, d->to))
            return q;
    }
    return NULL;
}

/* The answer that a datagram carries, as the asker reads it; the trace has it by then or never. */
static const struct event_dns_answer *answered_by(const struct log *log, uint32_t id)
{
    enum { LOOK_AHEAD = 200 };
    const struct event_udp_datagram *d = event_as_udp_datagram(log_at(log, id));
    for (uint32_t i = id + 1; d && i < log_count(log) && i < id + LOOK_AHEAD; i++) {
        const struct event_dns_answer *a = event_as_dns_answer(log_at(log, i));
        if (a && log_host_of(log, a->from) == log_host_of(log, d->from) &&
            log_host_of(log, a->to) == log_host_of(log, d->to))
            return a;
    }
    return NULL;
}

static bool is_name_server(const struct log *log, uint32_t place)
{
    for (uint32_t p = 1; p <= log_place_count(log); p++) {
        const struct event_agent *agent = event_as_agent(log_place(log, p));
        if (agent && log_place_is(log, p, log_host_of(log, place)) &&
            slice_equal(log_text(log, agent->role), SLICE("dns")))
            return true;
    }
    return false;
}

static struct slice said(const struct log *log, uint32_t event)
{
    const struct event *e = log_at(log, event);
    bool is_hidden = false;
    struct slice clear = event_as_tcp_segment(e) ? turn_said(log, e, &is_hidden) : SLICE("");
    return is_hidden ? slice_of(tr("(octets of TLS)")) : clear;
}

/* The bracket that ends a message in IMAP may travel in a segment of its own, together with what is
   said next (RFC 9051 7.5.2): that is worth telling, the bracket is not. */
static struct slice told(const struct log *log, uint32_t event)
{
    struct slice data = said(log, event);
    if (!slice_starts(data, SLICE(")\r\n")))
        return data;
    return data.size > 3 ? slice_part(data, 3, data.size)
                         : slice_of(tr("(the end of the message)"));
}

static struct slice first_words(const struct log *log, uint32_t event)
{
    return words_first_line(told(log, event));
}

/* The lines after the first: of several commands, or of a reply, in one segment. */
static uint32_t count_more(const struct log *log, uint32_t event)
{
    struct slice data = told(log, event);
    uint32_t lines = 0;
    for (size_t i = 0; i < data.size; i++)
        lines += data.data[i] == '\n';
    return lines > 1 ? lines - 1 : 0;
}

static const char *control_words(const struct event *e)
{
    if (e->flags & EVENT_SEGMENT_RST)
        return "RST";
    if (e->flags & EVENT_SEGMENT_SYN)
        return e->flags & EVENT_SEGMENT_ACK ? "SYN ACK" : "SYN";
    return e->flags & EVENT_SEGMENT_FIN ? "FIN" : "ACK";
}

struct slice words_flight_label(const struct scene *scene, struct arena *arena,
                                const struct scene_flight *flight)
{
    const struct log *log = scene->log;
    switch (flight->cargo) {
    case SCENE_CARGO_CONTROL:
        return slice_of(control_words(log_at(log, flight->event)));
    case SCENE_CARGO_TALK:
        return first_words(log, flight->event);
    case SCENE_CARGO_MESSAGE:
        return words_subject(log, arena, flight->msg);
    case SCENE_CARGO_DATAGRAM:
        break;
    }
    if (!is_name_server(log, flight->to)) {
        const struct event_dns_answer *a = answered_by(log, flight->event);
        return a ? words_first_line(log_text(log, a->data)) : slice_of(tr("answer"));
    }
    const struct event_dns_query *q = asked_by(log, flight->event);
    if (!q)
        return SLICE("DNS?");
    struct slice type = log_text(log, q->type), name = log_text(log, q->name);
    return arena_printf(arena, "%.*s %.*s?", SLICE_ARG(type), SLICE_ARG(name));
}

static struct slice datagram_words(const struct scene *scene, struct arena *arena,
                                   const struct scene_flight *flight)
{
    const struct log *log = scene->log;
    struct slice from = words_host(log, flight->from), to = words_host(log, flight->to);
    const struct event_dns_query *q = asked_by(log, flight->event);
    if (!is_name_server(log, flight->to))
        return WORDS_SAY(arena, tr("{from} answers {to}: {what}"), {"from", from}, {"to", to},
                         {"what", words_flight_label(scene, arena, flight)});
    if (!q)
        return WORDS_SAY(arena, tr("{from} asks {to}"), {"from", from}, {"to", to});
    return WORDS_SAY(arena,
                     slice_equal(log_text(log, q->type), SLICE("MX"))
                         ? tr("{from} asks {to}: who takes mail for {name}?")
                         : tr("{from} asks {to}: what is the address of {name}?"),
                     {"from", from}, {"to", to}, {"name", log_text(log, q->name)});
}

static struct slice talk_words(const struct scene *scene, struct arena *arena,
                               const struct scene_flight *flight)
{
    const struct log *log = scene->log;
    uint32_t more = count_more(log, flight->event);
    return WORDS_SAY(arena,
                     more ? trn("{from} says to {to}: {what} and {count} line more",
                                "{from} says to {to}: {what} and {count} lines more", more)
                          : tr("{from} says to {to}: {what}"),
                     {"from", words_host(log, flight->from)}, {"to", words_host(log, flight->to)},
                     {"what", first_words(log, flight->event)},
                     {"count", words_number(arena, more)});
}

static const char *flight_sentence(const struct scene_flight *flight)
{
    if (flight->is_lost)
        return tr("What {from} sent to {to} is lost on the way");
    if (flight->cargo == SCENE_CARGO_CONTROL)
        return tr("{from} to {to}: {flags} of the connection to port {port}");
    return flight->is_pull
               ? tr("{to} pulls \xE2\x80\x9C{msg}\xE2\x80\x9D out of {from}, port {port}")
               : tr("{from} pushes \xE2\x80\x9C{msg}\xE2\x80\x9D to {to}, port {port}");
}

struct slice words_flight(const struct scene *scene, struct arena *arena,
                          const struct scene_flight *flight)
{
    const struct log *log = scene->log;
    const struct event_tcp_connect *conn = log_conn(log, flight->conn);
    if (!flight->is_lost && flight->cargo == SCENE_CARGO_DATAGRAM)
        return datagram_words(scene, arena, flight);
    if (!flight->is_lost && flight->cargo == SCENE_CARGO_TALK)
        return talk_words(scene, arena, flight);
    bool is_message = flight->cargo == SCENE_CARGO_MESSAGE;
    return WORDS_SAY(arena, flight_sentence(flight), {"from", words_host(log, flight->from)},
                     {"to", words_host(log, flight->to)},
                     {"port", words_number(arena, conn ? conn->port : 0)},
                     {"flags", slice_of(control_words(log_at(log, flight->event)))},
                     {"msg", is_message ? words_subject(log, arena, flight->msg) : SLICE("")});
}
