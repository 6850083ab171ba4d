#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "render/view/index.h"
#include "render/view/ladder_rows.h"
#include "render/view/tr.h"
#include "render/view/words.h"
#include "sim/base/vtime.h"
#include "sim/trace/turn.h"

/*
 * What is said of an event that is no turn. {field} is the value, {host} and {agent} the place that
 * it is about; what stands in [] is left out when a field in it is empty.
 */
struct said {
    enum event_kind event;
    enum ladder_kind kind;
    enum ladder_style style;
    const char *template;
};

static const struct said said[] = {
    {EVENT_INPUT, LADDER_BAR, LADDER_STRONG, "{text}"},
    {EVENT_FAULT, LADDER_BAR, LADDER_BAD, TR("fault[ {id}] {state}: {fault} {target}")},
    {EVENT_CRASH, LADDER_NOTE, LADDER_BAD, TR("{host} stops")},
    {EVENT_BOOT, LADDER_NOTE, LADDER_GOOD, TR("{host} starts again")},
    {EVENT_STOP, LADDER_NOTE, LADDER_BAD, TR("{agent} is stopped")},
    {EVENT_START, LADDER_NOTE, LADDER_GOOD, TR("{agent} runs again")},
    {EVENT_CONF, LADDER_NOTE, LADDER_STRONG, TR("{agent}: {key} is now {value}")},
    {EVENT_BLOCK, LADDER_NOTE, LADDER_BAD, TR("nothing passes to port {port}: {how}")},
    {EVENT_TAMPER, LADDER_NOTE, LADDER_BAD, TR("changes what passes[: {was}][ becomes {now}]")},
    {EVENT_EXPAND, LADDER_NOTE, LADDER_PLAIN, TR("{rcpt} stands for {to}: {how}")},
    {EVENT_FILTER, LADDER_NOTE, LADDER_PLAIN, TR("filter: {verdict}[, {what}]")},
    {EVENT_MESSAGE, LADDER_NOTE, LADDER_STRONG,
     TR("message {msg} to {to}[, \xE2\x80\x9C{subject}\xE2\x80\x9D]")},
    {EVENT_ACCEPT, LADDER_NOTE, LADDER_GOOD, TR("{host} is responsible now[, id {id}]")},
    {EVENT_REJECT, LADDER_NOTE, LADDER_BAD, TR("refuses[ {rcpt}]: {code} {text}")},
    {EVENT_COMPLETE, LADDER_NOTE, LADDER_PLAIN, TR("completes the header: {what}")},
    {EVENT_QUEUE_ADD, LADDER_NOTE, LADDER_PLAIN, TR("into the queue, for {rcpt}")},
    {EVENT_QUEUE_TRY, LADDER_NOTE, LADDER_PLAIN, TR("attempt {n} for {rcpt}")},
    {EVENT_QUEUE_DEFER, LADDER_NOTE, LADDER_WAITING,
     TR("waits, next attempt in {next_s}: {reason}")},
    {EVENT_QUEUE_GIVEUP, LADDER_NOTE, LADDER_BAD, TR("gives up on {rcpt}: {reason}")},
    {EVENT_DELIVER, LADDER_NOTE, LADDER_GOOD, TR("delivered into {box}")},
    {EVENT_DSN, LADDER_NOTE, LADDER_WAITING, TR("notice to {to}: {action} {status}")},
    {EVENT_DISCARD, LADDER_NOTE, LADDER_BAD, TR("drops message {msg}: {reason}")},
    {EVENT_FETCH, LADDER_NOTE, LADDER_GOOD, TR("{agent} has fetched message {msg}")},
    {EVENT_DNS_QUERY, LADDER_ARROW, LADDER_PLAIN, "{name} {type}?"},
    {EVENT_DNS_ANSWER, LADDER_ARROW, LADDER_PLAIN, "{type}[ {data}][: {failed}]"},
    {EVENT_TCP_LOST, LADDER_ARROW, LADDER_BAD, TR("a segment is lost")},
    {EVENT_UDP_LOST, LADDER_ARROW, LADDER_BAD, TR("a datagram is lost")},
    {EVENT_TCP_OPEN, LADDER_ARROW, LADDER_DIM, TR("connects to port {port}[: {failed}]")},
    {EVENT_TCP_CLOSE, LADDER_ARROW, LADDER_BAD, TR("connection to port {port}: {how}")},
    {EVENT_TLS_UP, LADDER_ARROW, LADDER_GOOD, TR("{version}, certificate {check}")},
    {EVENT_TLS_FAIL, LADDER_ARROW, LADDER_BAD, TR("TLS fails: {reason}")},
};

static const struct said *said_of(const struct event *e)
{
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        if (said[i].event == (enum event_kind)e->kind)
            return &said[i];
    return NULL;
}

/* ---- which events have a row ---- */

static bool is_worth_it(const struct log *log, const struct event *e,
                        const struct ladder_conn *conn)
{
    const struct event_tcp_close *close = event_as_tcp_close(e);
    const struct event_queue_try *attempt = event_as_queue_try(e);
    const struct event_reject *reject = event_as_reject(e);
    if (close)
        return conn && !conn->has_failed &&
               !slice_equal(log_text(log, close->how), SLICE("closed"));
    if (attempt)
        return attempt->n > 1;
    return !reject || !reject->conn;
}

bool ladder_is_row(const struct log *log, const struct event *e, const struct ladder_conn *conn,
                   enum ladder_kind *kind)
{
    struct turn turn;
    const struct said *row = said_of(e);
    *kind = row ? row->kind : LADDER_ARROW;
    return row ? is_worth_it(log, e, conn) : turn_read(log, e, &turn);
}

void ladder_sides(const struct log *log, const struct event *e, enum ladder_kind kind,
                  uint32_t *from, uint32_t *to)
{
    struct log_parties p;
    *from = *to = 0;
    if (kind == LADDER_BAR || kind == LADDER_GAP)
        return;
    if (kind == LADDER_NOTE) {
        *from = *to = e->v[0];
    } else if (event_as_tcp_lost(e)) {
        *from = event_as_tcp_lost(e)->from;
        *to = event_as_tcp_lost(e)->to;
    } else if (log_parties(log, e, &p)) {
        *from = p.from;
        *to = p.to;
    } else {
        *from = e->v[0];
        *to = e->v[1];
    }
}

/* ---- what it says ---- */

struct text {
    char octets[400]; /* more than fits into any row */
    size_t size;
};

static void put(struct text *text, struct slice s)
{
    size_t room = sizeof text->octets - text->size;
    if (s.size > room)
        s.size = room;
    memcpy(text->octets + text->size, s.data, s.size);
    text->size += s.size;
}

static void put_number(struct text *text, uint32_t value, struct slice name)
{
    char digits[VTIME_TEXT];
    if (slice_equal(name, SLICE("next_s"))) {
        put(text, vtime_print(value * VTIME_S, digits));
        return;
    }
    int n = snprintf(digits, sizeof digits, "%" PRIu32, value);
    put(text, (struct slice){digits, (size_t)n});
}

/* What an answer or an attempt to connect says when it is not what was wanted. */
static struct slice failure(const struct log *log, const struct event *e)
{
    const struct event_dns_answer *answer = event_as_dns_answer(e);
    const struct event_tcp_open *open = event_as_tcp_open(e);
    struct slice result = log_text(log, answer ? answer->rcode : open ? open->result : 0);
    bool ok = slice_equal(result, SLICE("ok")) || slice_equal(result, SLICE("NOERROR"));
    return ok ? SLICE("") : result;
}

static void put_field(struct text *text, const struct log *log, const struct event *e,
                      struct slice name)
{
    enum event_type type;
    uint32_t value;
    if (slice_equal(name, SLICE("host")))
        put(text, words_host(log, e->v[0]));
    else if (slice_equal(name, SLICE("agent")))
        put(text, log_place_name(log, e->v[0]));
    else if (slice_equal(name, SLICE("failed")))
        put(text, failure(log, e));
    else if (!log_field(log, e, name, &type, &value))
        return;
    else if (type == EVENT_TYPE_TEXT)
        put(text, words_first_line(log_text(log, value)));
    else if (type == EVENT_TYPE_PLACE)
        put(text, words_host(log, value));
    else
        put_number(text, value, name);
}

/* False when a field in it is empty. */
static bool put_part(struct text *text, const struct log *log, const struct event *e,
                     struct slice part)
{
    bool is_whole = true;
    while (part.size > 0) {
        size_t open = slice_find_octet(part, '{', 0), close = slice_find_octet(part, '}', 0);
        put(text, slice_part(part, 0, open));
        if (open == SLICE_NONE || close == SLICE_NONE)
            break;
        size_t before = text->size;
        put_field(text, log, e, slice_part(part, open + 1, close));
        is_whole &= text->size > before;
        part = slice_part(part, close + 1, part.size);
    }
    return is_whole;
}

static void fill(struct text *text, const struct log *log, const struct event *e,
                 const char *template)
{
    struct slice rest = slice_of(template);
    while (rest.size > 0) {
        bool is_optional = rest.data[0] == '[';
        size_t end = slice_find_octet(rest, is_optional ? ']' : '[', 0), before = text->size;
        if (!put_part(text, log, e, slice_part(rest, is_optional, end)) && is_optional)
            text->size = before;
        rest = slice_part(rest, end == SLICE_NONE ? rest.size : end + is_optional, rest.size);
    }
}

/* ---- lines ---- */

static enum ladder_style style_of_turn(const struct turn *turn)
{
    if (turn->outcome == TURN_OUTCOME_BAD)
        return LADDER_BAD;
    return turn->outcome == TURN_OUTCOME_LATER ? LADDER_WAITING : LADDER_PLAIN;
}

static void say_word_reply(struct ladder_line *line, struct text *text, const struct log *log,
                           const struct event *e, const struct turn *turn)
{
    struct turn asked = {.protocol = turn->protocol, .verb = turn->verb};
    bool ok = turn->outcome != TURN_OUTCOME_BAD;
    line->is_pull = turn->protocol == TURN_POP3 ? ok && turn_carries_message(&asked, NULL)
                                                : turn->is_data && turn->msg;
    const char *template = "[ {text}]";
    if (turn->is_data)
        template = turn->number.size && !turn->text.size ? "* {text} {verb}" : "* {verb}[ {text}]";
    else if (turn->protocol == TURN_IMAP)
        template = "[ {text}] ({verb})";
    else if (line->is_pull)
        template = TR("[ {text}], the message");
    if (!turn->is_data)
        put(text, slice_of(turn_status(turn)));
    fill(text, log, e, turn->is_data ? template : tr(template));
    if (line->is_pull && ok)
        line->style = LADDER_STRONG;
}

static void say_turn(struct ladder_line *line, struct text *text, const struct log *log,
                     const struct event *e, const struct turn *turn)
{
    line->style = style_of_turn(turn);
    line->protocol = turn_protocol_name(turn->protocol);
    if (!turn->is_reply)
        fill(text, log, e, e->kind == EVENT_HTTP_REQUEST ? "{method} {path}" : "{verb}[ {arg}]");
    else if (turn->code)
        fill(text, log, e, "{code}[ {esc}][ {text}]");
    else
        say_word_reply(line, text, log, e, turn);
}

static const char *protocol_of(const struct log *log, const struct event *e)
{
    struct log_parties p;
    if (e->kind == EVENT_DNS_QUERY || e->kind == EVENT_DNS_ANSWER || e->kind == EVENT_UDP_LOST)
        return "DNS";
    if (e->kind == EVENT_TLS_UP || e->kind == EVENT_TLS_FAIL)
        return "TLS";
    return log_parties(log, e, &p) ? turn_protocol_name(turn_protocol_of_port(p.port)) : "TCP";
}

static void say_other(struct ladder_line *line, struct text *text, const struct log *log,
                      const struct event *e)
{
    const struct said *row = said_of(e);
    if (!row)
        return;
    line->style = row->style;
    line->is_lost = e->kind == EVENT_TCP_LOST || e->kind == EVENT_UDP_LOST;
    if (failure(log, e).size)
        line->style = LADDER_BAD, line->is_lost = e->kind == EVENT_TCP_OPEN;
    if (row->kind == LADDER_ARROW)
        line->protocol = protocol_of(log, e);
    fill(text, log, e, tr(row->template));
}

/* "SMTP 587, 12 turns, 1 message, 0.4 s" */
static struct slice folded_text(const struct ladder_rows *rows, const struct log *log,
                                struct arena *arena, const struct ladder_conn *conn,
                                uint32_t number, const char *protocol)
{
    const struct event_tcp_connect *asked = log_conn(log, number);
    const struct event *first = log_at(log, rows->rows.items[conn->first - 1].event);
    const struct event *last = log_at(log, rows->rows.items[conn->last - 1].event);
    char time[VTIME_TEXT];
    struct slice took = vtime_print(index_round(last->t - first->t), time);
    struct slice turns = arena_printf(arena, trn("%u turn", "%u turns", conn->turns), conn->turns);
    struct slice mail =
        arena_printf(arena, trn("%u message", "%u messages", conn->messages), conn->messages);
    if (!conn->messages)
        return arena_printf(arena, "%s %" PRIu32 ", %.*s, %.*s", protocol, asked ? asked->port : 0,
                            SLICE_ARG(turns), SLICE_ARG(took));
    return arena_printf(arena, "%s %" PRIu32 ", %.*s, %.*s, %.*s", protocol,
                        asked ? asked->port : 0, SLICE_ARG(turns), SLICE_ARG(mail),
                        SLICE_ARG(took));
}

static struct slice gap_text(const struct ladder_rows *rows, const struct log *log,
                             struct arena *arena, size_t row)
{
    char time[VTIME_TEXT];
    int64_t before = row ? log_at(log, rows->rows.items[row - 1].event)->t : 0;
    int64_t gap = log_at(log, rows->rows.items[row].event)->t - before;
    return arena_printf(arena, tr("nothing for %.*s"),
                        SLICE_ARG(vtime_print(index_round(gap), time)));
}

static void say_event(struct ladder_line *line, const struct log *log, struct arena *arena,
                      const struct event *e)
{
    struct text text = {.size = 0};
    struct turn turn;
    if (turn_read(log, e, &turn))
        say_turn(line, &text, log, e, &turn);
    else
        say_other(line, &text, log, e);
    line->text = arena_copy(arena, (struct slice){text.octets, text.size});
}

struct ladder_line ladder_line_of(const struct ladder_rows *rows, const struct log *log,
                                  struct arena *arena, size_t row)
{
    const struct ladder_row *r = &rows->rows.items[row];
    const struct event *e = log_at(log, r->event);
    const struct event_tcp_connect *asked = log_conn(log, r->conn);
    struct ladder_line line = {.kind = r->kind, .protocol = ""};
    ladder_sides(log, e, r->kind, &line.from, &line.to);
    if (r->kind == LADDER_GAP) {
        line.style = LADDER_DIM;
        line.text = gap_text(rows, log, arena, row);
    } else if (ladder_rows_is_folded(rows, r->conn) && asked) {
        line.is_folded = true;
        line.from = asked->from;
        line.to = asked->to;
        line.protocol = turn_protocol_name(turn_protocol_of_port(asked->port));
        line.text =
            folded_text(rows, log, arena, &rows->conns.items[r->conn - 1], r->conn, line.protocol);
    } else if (r->kind == LADDER_CONTENT && asked) {
        line.from = asked->from;
        line.to = asked->to;
        line.style = LADDER_STRONG;
        line.protocol = turn_protocol_name(turn_protocol_of_port(asked->port));
        line.text = arena_printf(arena, tr("the message, %u octets"), r->octets);
    } else {
        say_event(&line, log, arena, e);
    }
    return line;
}
