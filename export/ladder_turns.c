#include "export/ladder_turns.h"

#include <stdlib.h>

#include "export/phrase.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"
#include "sim/trace/turn.h"

/* A message on its way over a connection: between the reply to DATA and the reply to its end. */
struct content {
    bool is_open;
    uint64_t octets;
    int64_t arrival;
    bool has_failed; /* the connection never opened: its close goes without saying */
};
#define GAP_NS (10 * VTIME_S) /* a longer silence gets a line of its own */
enum { END_OF_DATA = 3 };     /* ".<CRLF>" is no part of the message (RFC 5321 4.1.1.4) */

struct collector {
    struct ladder_turns *turns;
    const struct log *log;
    unsigned flags;
    struct content *contents; /* one a connection */
    struct bytes line;
    uint32_t event; /* that is being taken */
};

static struct ladder_turn *add(struct collector *c, const struct event *e, enum ladder_kind kind,
                               uint32_t from, uint32_t to, const char *template)
{
    bytes_clear(&c->line);
    phrase_fill(c->log, e, template, c->flags, &c->line);
    struct ladder_turn *turn = vector_add(&c->turns->items);
    *turn = (struct ladder_turn){
        .t = e->t,
        .event = c->event,
        .kind = kind,
        .from = log_host_of(c->log, from),
        .to = log_host_of(c->log, to),
        .text = arena_copy(&c->turns->arena, bytes_slice(&c->line)),
    };
    return turn;
}

static void note(struct collector *c, const struct event *e, uint32_t at, enum canvas_style style,
                 const char *template)
{
    add(c, e, LADDER_NOTE, at, at, template)->style = style;
}

/* An arrow; within one host its agents are named, since it has no length to show them by. */
static struct ladder_turn *arrow(struct collector *c, const struct event *e, enum ladder_kind kind,
                                 uint32_t from, uint32_t to, const char *template)
{
    if (log_host_of(c->log, from) == log_host_of(c->log, to))
        template = arena_printf(&c->turns->arena, "{from} > {to}: %s", template).data;
    return add(c, e, kind, from, to, template);
}

static enum canvas_style style_of_code(uint32_t code)
{
    return code >= 500 ? CANVAS_BAD : code >= 400 ? CANVAS_WAITING : CANVAS_PLAIN;
}

/* The message itself as an arrow, once its last octet is there. */
static void end_content(struct collector *c, const struct event *e, uint32_t conn)
{
    struct content *content = conn ? &c->contents[conn - 1] : NULL;
    const struct event_tcp_connect *connect = log_conn(c->log, conn);
    if (!content || !connect || !content->is_open || content->octets == 0)
        return;
    struct ladder_turn *turn =
        arrow(c, e, LADDER_PUSH, connect->from, connect->to, "the message, ");
    uint64_t octets = content->octets > END_OF_DATA ? content->octets - END_OF_DATA : 0;
    turn->text = arena_printf(&c->turns->arena, "%.*s%llu octets", SLICE_ARG(turn->text),
                              (unsigned long long)octets);
    turn->style = CANVAS_STRONG;
    if (content->arrival < turn->t)
        turn->t = content->arrival;
    *content = (struct content){0};
}

static void collect_segment(struct collector *c, const struct event *e,
                            const struct event_tcp_segment *segment)
{
    struct content *content = segment->conn ? &c->contents[segment->conn - 1] : NULL;
    size_t octets = log_text(c->log, segment->data).size;
    if (!content || !content->is_open || octets == 0 || (e->flags & EVENT_SEGMENT_BACK))
        return;
    if (!(e->flags & EVENT_SEGMENT_AGAIN))
        content->octets += octets;
    content->arrival = e->t + segment->travel * VTIME_US;
}

static void collect_code(struct collector *c, const struct event *e, const struct turn *turn,
                         const struct log_parties *parties)
{
    if (slice_equal(turn->verb, SLICE("DOT")))
        end_content(c, e, turn->conn);
    arrow(c, e, LADDER_PUSH, parties->from, parties->to, "{code}[ {esc}][ {text}]")->style =
        style_of_code(turn->code);
    if (slice_equal(turn->verb, SLICE("DATA")) && turn->code == 354 && turn->conn)
        c->contents[turn->conn - 1] = (struct content){.is_open = true};
}

static void collect_word(struct collector *c, const struct event *e, const struct turn *turn,
                         const struct log_parties *parties)
{
    struct turn asked = {.protocol = turn->protocol, .verb = turn->verb};
    bool ok = turn->outcome != TURN_OUTCOME_BAD;
    bool is_message = turn->protocol == TURN_POP3 ? ok && turn_carries_message(&asked, NULL)
                                                  : turn->is_data && turn->msg;
    const char *template = "{ok}[ {text}]";
    if (turn->is_data)
        template = turn->number.size && !turn->text.size ? "* {text} {verb}" : "* {verb}[ {text}]";
    else if (turn->protocol == TURN_IMAP)
        template = "{ok}[ {text}] ({verb})";
    else if (is_message)
        template = "{ok}[ {text}], the message";
    arrow(c, e, is_message ? LADDER_PULL : LADDER_PUSH, parties->from, parties->to, template)
        ->style = !ok          ? CANVAS_BAD
                  : is_message ? CANVAS_STRONG
                               : CANVAS_PLAIN;
}

static void collect_turn(struct collector *c, const struct event *e, const struct turn *turn,
                         const struct log_parties *parties)
{
    if (!turn->is_reply)
        arrow(c, e, LADDER_PUSH, parties->from, parties->to,
              e->kind == EVENT_HTTP_REQUEST ? "{method} {path}" : "{verb}[ {arg}]");
    else if (turn->code)
        collect_code(c, e, turn, parties);
    else
        collect_word(c, e, turn, parties);
}

static void collect_tls(struct collector *c, const struct event *e,
                        const struct log_parties *parties)
{
    if (event_as_tls_up(e))
        arrow(c, e, LADDER_PUSH, parties->from, parties->to, "{version}, certificate {check}")
            ->style = CANVAS_GOOD;
    else if (event_as_tls_fail(e))
        arrow(c, e, LADDER_PUSH, parties->from, parties->to, "TLS fails: {reason}")->style =
            CANVAS_BAD;
}

static void collect_open(struct collector *c, const struct event *e,
                         const struct event_tcp_open *open, const struct log_parties *parties)
{
    bool ok = slice_equal(log_text(c->log, open->result), SLICE("ok"));
    struct ladder_turn *turn = arrow(c, e, LADDER_PUSH, parties->from, parties->to,
                                     ok ? "connects to port {port}" : "port {port}: {result}");
    turn->is_lost = !ok;
    turn->style = ok ? CANVAS_DIM : CANVAS_BAD;
    turn->opens = ok;
    turn->conn = open->conn;
    c->contents[open->conn - 1].has_failed = !ok;
}

static void collect_close(struct collector *c, const struct event *e,
                          const struct event_tcp_close *close, const struct log_parties *parties)
{
    if (c->contents[close->conn - 1].has_failed)
        return;
    if (!slice_equal(log_text(c->log, close->how), SLICE("closed")))
        arrow(c, e, LADDER_PUSH, parties->from, parties->to, "connection to port {port}: {how}")
            ->style = CANVAS_BAD;
    add(c, e, LADDER_CLOSE, parties->from, parties->to, "")->conn = close->conn;
}

/* Events of a connection in which somebody speaks. */
static void collect_dialogue(struct collector *c, const struct event *e)
{
    struct log_parties p;
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    if (segment) {
        collect_segment(c, e, segment);
        return;
    }
    if (!log_parties(c->log, e, &p))
        return;
    const struct event_tcp_open *open = event_as_tcp_open(e);
    const struct event_tcp_close *close = event_as_tcp_close(e);
    struct turn turn;
    collect_tls(c, e, &p);
    if (turn_read(c->log, e, &turn)) {
        collect_turn(c, e, &turn, &p);
    } else if (open) {
        collect_open(c, e, open, &p);
    } else if (close && close->conn) {
        collect_close(c, e, close, &p);
    }
}

static void collect_network(struct collector *c, const struct event *e)
{
    const struct event_dns_query *query = event_as_dns_query(e);
    const struct event_dns_answer *answer = event_as_dns_answer(e);
    const struct event_tcp_lost *lost = event_as_tcp_lost(e);
    const struct event_udp_lost *gone = event_as_udp_lost(e);
    struct ladder_turn *turn = NULL;
    if (query) {
        arrow(c, e, LADDER_PUSH, query->from, query->to, "{name} {type}?");
    } else if (answer) {
        bool ok = slice_equal(log_text(c->log, answer->rcode), SLICE("NOERROR"));
        arrow(c, e, LADDER_PUSH, answer->from, answer->to,
              ok && answer->data ? "{type} {data}" : "{name} {type}: {rcode}[ {data}]")
            ->style = ok ? CANVAS_PLAIN : CANVAS_BAD;
    } else if (lost) {
        turn = arrow(c, e, LADDER_PUSH, lost->from, lost->to, "a segment is lost");
    } else if (gone) {
        turn = arrow(c, e, LADDER_PUSH, gone->from, gone->to, "a datagram is lost");
    }
    if (turn) {
        turn->is_lost = true;
        turn->style = CANVAS_BAD;
    }
}

static void collect_world(struct collector *c, const struct event *e)
{
    if (event_as_input(e))
        add(c, e, LADDER_BAR, 0, 0, "{text}")->style = CANVAS_STRONG;
    else if (event_as_fault(e))
        add(c, e, LADDER_BAR, 0, 0, "fault[ {id}] {state}: {fault} {target}")->style = CANVAS_BAD;
    else if (event_as_crash(e))
        note(c, e, event_as_crash(e)->at, CANVAS_BAD, "{at} stops");
    else if (event_as_boot(e))
        note(c, e, event_as_boot(e)->at, CANVAS_GOOD, "{at} starts again");
}

/* What is done to mail or to a line at a place; `at` is the first field of all of these. */
static void collect_deed(struct collector *c, const struct event *e)
{
    static const struct {
        enum event_kind kind;
        enum canvas_style style;
        const char *template;
    } deeds[] = {
        {EVENT_STOP, CANVAS_BAD, "{at} is stopped"},
        {EVENT_START, CANVAS_GOOD, "{at} runs again"},
        {EVENT_CONF, CANVAS_STRONG, "[{at}][link {link}]: {key} is now {value}"},
        {EVENT_GONE, CANVAS_BAD, "taken away for good[, and {n} waiting with it]"},
        {EVENT_RENAME, CANVAS_STRONG, "is called {id} from now on[, {name}]"},
        {EVENT_BLOCK, CANVAS_BAD, "nothing passes from {from} to {to} port {port}: {how}"},
        {EVENT_TAMPER, CANVAS_BAD, "changes what passes[: {was}][ becomes {now}]"},
        {EVENT_EXPAND, CANVAS_PLAIN, "{rcpt} stands for {to}: {how}"},
        {EVENT_FILTER, CANVAS_PLAIN, "filter: {verdict}[, {what}]"},
    };
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (e->kind == deeds[i].kind)
            note(c, e, e->v[0], deeds[i].style, deeds[i].template);
}

/* A command at a prompt; what is said over a connection has its own arrow. */
static void collect_console(struct collector *c, const struct event *e)
{
    const struct event_console *console = event_as_console(e);
    if (console && console->typed && console->conn == 0 &&
        slice_trim(log_text(c->log, console->text)).size > 0)
        note(c, e, console->at, CANVAS_STRONG, "$ {text}");
}

static void collect_queue(struct collector *c, const struct event *e)
{
    const struct event_queue_try *attempt = event_as_queue_try(e);
    if (attempt && attempt->n > 1)
        note(c, e, attempt->at, CANVAS_PLAIN, "attempt {n} for {rcpt}");
    else if (event_as_queue_defer(e))
        note(c, e, event_as_queue_defer(e)->at, CANVAS_WAITING,
             "waits, next attempt in {next_s}: {reason}");
    else if (event_as_queue_giveup(e))
        note(c, e, event_as_queue_giveup(e)->at, CANVAS_BAD, "gives up on {rcpt}: {reason}");
}

static void collect_mail(struct collector *c, const struct event *e)
{
    const struct event_accept *accept = event_as_accept(e);
    const struct event_reject *reject = event_as_reject(e);
    if (event_as_message(e)) {
        note(c, e, event_as_message(e)->by, CANVAS_STRONG,
             "message {msg} to {to}[, \"{subject}\"]");
    } else if (accept) {
        end_content(c, e, accept->conn);
        note(c, e, accept->at, CANVAS_GOOD, "{at} is responsible now[, id {id}]");
    } else if (reject && !reject->conn) {
        note(c, e, reject->at, style_of_code(reject->code), "refuses[ {rcpt}]: {code} {text}");
    } else if (event_as_complete(e)) {
        note(c, e, event_as_complete(e)->at, CANVAS_PLAIN, "completes the header: {what}");
    } else if (event_as_deliver(e)) {
        note(c, e, event_as_deliver(e)->at, CANVAS_GOOD, "delivered into {box}");
    } else if (event_as_dsn(e)) {
        note(c, e, event_as_dsn(e)->at, CANVAS_WAITING, "notice to {to}: {action} {status}");
    } else if (event_as_discard(e)) {
        note(c, e, event_as_discard(e)->at, CANVAS_BAD, "drops message {msg}: {reason}");
    } else if (event_as_fetch(e)) {
        note(c, e, event_as_fetch(e)->by, CANVAS_GOOD, "{by} has fetched message {msg}");
    }
}

static int by_time(const void *a, const void *b)
{
    const struct ladder_turn *x = *(const struct ladder_turn *const *)a;
    const struct ladder_turn *y = *(const struct ladder_turn *const *)b;
    if (x->t != y->t)
        return x->t < y->t ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* A message's arrow has its own time, which may be before the last turns: sorts, keeping ties. */
static void sort(struct ladder_turns *turns)
{
    size_t count = turns->items.count;
    const struct ladder_turn **order = memory_take(count * sizeof *order);
    struct ladder_turn *sorted = memory_take(count * sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        order[i] = &turns->items.items[i];
    qsort(order, count, sizeof *order, by_time);
    for (size_t i = 0; i < count; i++)
        sorted[i] = *order[i];
    free(order);
    free(turns->items.items);
    turns->items.items = sorted;
    turns->items.capacity = count ? count : 1;
}

void ladder_turns_collect(struct ladder_turns *turns, const struct log *log, unsigned flags)
{
    struct collector c = {.turns = turns, .log = log, .flags = flags};
    *turns = (struct ladder_turns){0};
    arena_init(&turns->arena);
    c.contents = memory_take(log->conns.count * sizeof *c.contents);
    bytes_init(&c.line, SIZE_MAX);
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        c.event = id;
        collect_world(&c, e);
        collect_deed(&c, e);
        collect_network(&c, e);
        collect_dialogue(&c, e);
        collect_console(&c, e);
        collect_queue(&c, e);
        collect_mail(&c, e);
    }
    sort(turns);
    free(c.contents);
    bytes_finish(&c.line);
}

void ladder_turns_finish(struct ladder_turns *turns)
{
    arena_finish(&turns->arena);
    vector_finish(&turns->items);
}

/* Days since the run's first day. */
static int64_t day_of(const struct log *log, int64_t t)
{
    int64_t epoch_s = log_epoch_s(log);
    return (epoch_s + t / VTIME_S) / 86400 - epoch_s / 86400;
}

bool ladder_gap(const struct log *log, int64_t from, int64_t to, struct bytes *out)
{
    int64_t silence = to - from, day = day_of(log, to);
    char text[VTIME_TEXT];
    if (silence < GAP_NS && day == day_of(log, from))
        return false;
    int64_t unit = silence >= VTIME_H ? VTIME_MIN : silence >= VTIME_S ? VTIME_S : VTIME_MS;
    bytes_printf(out, "%.*s later", SLICE_ARG(vtime_print(silence / unit * unit, text)));
    if (day != day_of(log, from))
        bytes_printf(out, ", day %lld", (long long)day + 1);
    return true;
}
