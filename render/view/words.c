#include "render/view/words.h"

#include <inttypes.h>

#include "render/view/words_fill.h"
#include "sim/base/vtime.h"

struct slice words_host(const struct log *log, uint32_t place)
{
    struct slice name = log_place_name(log, log_host_of(log, place));
    return name.size ? name : SLICE("?");
}

struct slice words_clock(const struct log *log, struct arena *arena, int64_t t)
{
    char text[VTIME_TEXT];
    return arena_copy(arena, vtime_print_clock(log_epoch_s(log), t < 0 ? 0 : t, text));
}

struct slice words_first_line(struct slice text)
{
    size_t end = 0;
    while (end < text.size && text.data[end] != '\r' && text.data[end] != '\n')
        end++;
    return slice_part(text, 0, end);
}

struct slice words_subject(const struct log *log, struct arena *arena, uint32_t msg)
{
    const struct event_message *message = log_msg(log, msg);
    struct slice subject = message ? log_text(log, message->subject) : SLICE("");
    return subject.size ? words_first_line(subject) : arena_printf(arena, "message %" PRIu32, msg);
}

const char *words_protocol(const struct scene *scene, uint32_t conn)
{
    const struct scene_conn *open = scene_find_conn(scene, conn);
    const struct event_tcp_connect *asked = log_conn(scene->log, conn);
    enum turn_protocol protocol = open && open->protocol ? open->protocol
                                  : asked                ? turn_protocol_of_port(asked->port)
                                                         : TURN_NONE;
    return turn_protocol_name(protocol);
}

/* ---- events of a connection ---- */

/* "out → mx1, port 25, push: " */
static struct slice route(const struct log *log, struct arena *arena, const struct event *e)
{
    struct log_parties p;
    if (!log_parties(log, e, &p))
        return SLICE("");
    struct slice from = words_host(log, p.from), to = words_host(log, p.to);
    return arena_printf(arena, "%.*s \xE2\x86\x92 %.*s, port %" PRIu32 ", %s: ", SLICE_ARG(from),
                        SLICE_ARG(to), p.port,
                        turn_is_pull(turn_protocol_of_port(p.port)) ? "pull" : "push");
}

#define TEXT(number) SLICE_ARG(log_text(log, (number)))

/* The first line of what is said: the rest of a POP3 or IMAP reply is the message itself. */
static struct slice turn_words(const struct log *log, struct arena *arena, const struct event *e)
{
    struct slice way = route(log, arena, e);
    struct turn turn;
    (void)turn_read(log, e, &turn);
    if (!turn.is_reply)
        return arena_printf(arena, "%.*s%.*s %.*s", SLICE_ARG(way), SLICE_ARG(turn.verb),
                            SLICE_ARG(words_first_line(turn.arg)));
    struct slice first = words_first_line(turn.text);
    if (turn.code)
        return arena_printf(arena, "%.*s%.*s \xE2\x80\x93 %" PRIu32 "%s%.*s %.*s", SLICE_ARG(way),
                            SLICE_ARG(turn.verb), turn.code, turn.esc.size ? " " : "",
                            SLICE_ARG(turn.esc), SLICE_ARG(first));
    return arena_printf(arena, "%.*s%.*s \xE2\x80\x93 %.*s", SLICE_ARG(way), SLICE_ARG(turn.verb),
                        SLICE_ARG(first));
}

static struct slice tls_words(const struct log *log, struct arena *arena, const struct event *e)
{
    struct slice way = route(log, arena, e);
    const struct event_tls_up *up = event_as_tls_up(e);
    if (up)
        return arena_printf(arena, "%.*s%.*s, %.*s; certificate %.*s", SLICE_ARG(way),
                            TEXT(up->version), TEXT(up->cipher), TEXT(up->check));
    if (event_as_tls_fail(e))
        return arena_printf(arena, "%.*sTLS fails: %.*s", SLICE_ARG(way),
                            TEXT(event_as_tls_fail(e)->reason));
    return arena_printf(arena, "%.*s%s", SLICE_ARG(way),
                        event_as_tls_data(e) ? "said within TLS" : "a key of this connection");
}

static struct slice connect_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_tcp_connect *c = event_as_tcp_connect(e);
    struct slice from = words_host(log, c->from), to = words_host(log, c->to);
    return arena_printf(arena, "%.*s asks %.*s for a connection to port %" PRIu32, SLICE_ARG(from),
                        SLICE_ARG(to), c->port);
}

static struct slice open_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_tcp_open *open = event_as_tcp_open(e);
    const struct event_tcp_connect *c = log_conn(log, open->conn);
    struct slice from = words_host(log, c ? c->from : 0), to = words_host(log, c ? c->to : 0);
    struct slice result = log_text(log, open->result);
    if (slice_equal(result, SLICE("ok")))
        return arena_printf(arena, "%.*s and %.*s are connected, port %" PRIu32, SLICE_ARG(from),
                            SLICE_ARG(to), c ? c->port : 0);
    if (slice_equal(result, SLICE("timeout")))
        return arena_printf(arena, "%.*s could not connect to %.*s: no answer", SLICE_ARG(from),
                            SLICE_ARG(to));
    return arena_printf(arena, "%.*s could not connect to %.*s, port %" PRIu32 ": %.*s",
                        SLICE_ARG(from), SLICE_ARG(to), c ? c->port : 0, SLICE_ARG(result));
}

static struct slice close_words(const struct log *log, struct arena *arena,
                                const struct event_tcp_close *e, struct slice from, struct slice to)
{
    struct slice how = log_text(log, e->how);
    return arena_printf(
        arena,
        slice_equal(how, SLICE("closed")) ? "%.*s and %.*s have closed their connection"
        : slice_equal(how, SLICE("timeout"))
            ? "%.*s gets no answer from %.*s and drops the connection"
        : slice_equal(how, SLICE("reset")) ? "the connection of %.*s and %.*s is cut off (reset)"
                                           : "the connection of %.*s and %.*s is over",
        SLICE_ARG(from), SLICE_ARG(to));
}

static struct slice tcp_words(const struct log *log, struct arena *arena, const struct event *e)
{
    struct log_parties p = {0};
    log_parties(log, e, &p);
    struct slice from = words_host(log, p.from), to = words_host(log, p.to);
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_tcp_lost *lost = event_as_tcp_lost(e);
    if (lost)
        return arena_printf(arena,
                            lost->link ? "a segment from %.*s to %.*s is lost on the way"
                                       : "a segment from %.*s to %.*s finds nobody there",
                            SLICE_ARG(words_host(log, lost->from)),
                            SLICE_ARG(words_host(log, lost->to)));
    if (!segment)
        return close_words(log, arena, event_as_tcp_close(e), from, to);
    struct slice data = words_first_line(log_text(log, segment->data));
    bool syn = e->flags & EVENT_SEGMENT_SYN, fin = e->flags & EVENT_SEGMENT_FIN;
    return arena_printf(arena, "segment %.*s \xE2\x86\x92 %.*s%s%s%s: %.*s", SLICE_ARG(from),
                        SLICE_ARG(to), syn ? " SYN" : "", fin ? " FIN" : "",
                        e->flags & EVENT_SEGMENT_RST   ? " RST"
                        : e->flags & EVENT_SEGMENT_ACK ? " ACK"
                                                       : "",
                        SLICE_ARG(data));
}

/* ---- the name service ---- */

static struct slice question(const struct log *log, struct arena *arena, uint32_t name,
                             uint32_t type)
{
    struct slice t = log_text(log, type);
    if (slice_equal(t, SLICE("MX")))
        return arena_printf(arena, "who takes mail for %.*s?", TEXT(name));
    if (slice_equal(t, SLICE("A")))
        return arena_printf(arena, "what is the address of %.*s?", TEXT(name));
    return arena_printf(arena, "%.*s of %.*s?", SLICE_ARG(t), TEXT(name));
}

/* RFC 1035 4.1.1: the name is not there, or has no record of that type, or the server fails. */
static struct slice no_data_words(struct slice rcode)
{
    if (slice_equal(rcode, SLICE("NXDOMAIN")))
        return SLICE("unknown: there is no such name (NXDOMAIN)");
    return slice_equal(rcode, SLICE("NOERROR")) ? SLICE("not there") : rcode;
}

static struct slice dns_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_dns_query *q = event_as_dns_query(e);
    const struct event_dns_answer *a = event_as_dns_answer(e);
    const struct event_udp_datagram *d = event_as_udp_datagram(e);
    struct slice from = words_host(log, e->v[0]), to = words_host(log, e->v[1]);
    if (q)
        return arena_printf(arena, "%.*s asks %.*s: %.*s", SLICE_ARG(from), SLICE_ARG(to),
                            SLICE_ARG(question(log, arena, q->name, q->type)));
    if (a && slice_equal(log_text(log, a->rcode), SLICE("TIMEOUT")))
        return arena_printf(arena, "%.*s gets no answer from %.*s about %.*s", SLICE_ARG(to),
                            SLICE_ARG(from), TEXT(a->name));
    if (a) {
        struct slice data = log_text(log, a->data);
        if (data.size == 0)
            data = no_data_words(log_text(log, a->rcode));
        return arena_printf(arena, "%.*s answers %.*s: %.*s %.*s is %.*s", SLICE_ARG(from),
                            SLICE_ARG(to), TEXT(a->type), TEXT(a->name),
                            SLICE_ARG(words_first_line(data)));
    }
    return arena_printf(arena, "a datagram from %.*s to %.*s %s", SLICE_ARG(from), SLICE_ARG(to),
                        d ? "leaves" : "is lost");
}

/* ---- mail ---- */

static struct slice hand_words(const struct log *log, struct arena *arena, const struct event *e)
{
    struct slice at = words_host(log, e->v[0]), subject = words_subject(log, arena, e->v[1]);
    const struct event_accept *accept = event_as_accept(e);
    const struct event_submit *submit = event_as_submit(e);
    const struct event_relay *relay = event_as_relay(e);
    const struct event_deliver *deliver = event_as_deliver(e);
    const struct event_fetch *fetch = event_as_fetch(e);
    const struct event_message *message = event_as_message(e);
    if (message)
        return arena_printf(
            arena, "%.*s: \xE2\x80\x9C%.*s\xE2\x80\x9D is written, from %.*s to %.*s",
            SLICE_ARG(at), SLICE_ARG(subject), TEXT(message->from), TEXT(message->to));
    if (accept)
        return arena_printf(arena, "%.*s takes responsibility for \xE2\x80\x9C%.*s\xE2\x80\x9D",
                            SLICE_ARG(at), SLICE_ARG(subject));
    if (submit)
        return arena_printf(arena, "%.*s has submitted \xE2\x80\x9C%.*s\xE2\x80\x9D for %.*s",
                            SLICE_ARG(at), SLICE_ARG(subject), TEXT(submit->rcpt));
    if (relay)
        return arena_printf(arena,
                            "%.*s has handed \xE2\x80\x9C%.*s\xE2\x80\x9D for %.*s on to %.*s",
                            SLICE_ARG(at), SLICE_ARG(subject), TEXT(relay->rcpt),
                            SLICE_ARG(words_host(log, relay->to)));
    if (deliver)
        return arena_printf(arena, "%.*s delivers \xE2\x80\x9C%.*s\xE2\x80\x9D into %.*s",
                            SLICE_ARG(at), SLICE_ARG(subject), TEXT(deliver->box));
    if (fetch)
        return arena_printf(arena, "%.*s has fetched \xE2\x80\x9C%.*s\xE2\x80\x9D by %.*s",
                            SLICE_ARG(at), SLICE_ARG(subject), TEXT(fetch->proto));
    if (event_as_copy(e))
        return arena_printf(arena, "%.*s has \xE2\x80\x9C%.*s\xE2\x80\x9D put into %.*s",
                            SLICE_ARG(words_host(log, event_as_copy(e)->by)), SLICE_ARG(subject),
                            TEXT(event_as_copy(e)->box));
    if (event_as_flag(e))
        return arena_printf(arena, "%.*s %s \xE2\x80\x9C%.*s\xE2\x80\x9D as %.*s", SLICE_ARG(at),
                            event_as_flag(e)->on ? "marks" : "no longer marks", SLICE_ARG(subject),
                            TEXT(event_as_flag(e)->name));
    return arena_printf(arena, "%.*s removes \xE2\x80\x9C%.*s\xE2\x80\x9D from %.*s", SLICE_ARG(at),
                        SLICE_ARG(subject), TEXT(event_as_remove(e)->box));
}

static struct slice queue_words(const struct log *log, struct arena *arena, const struct event *e)
{
    struct slice at = words_host(log, e->v[0]), subject = words_subject(log, arena, e->v[1]);
    const struct event_queue_defer *defer = event_as_queue_defer(e);
    const struct event_queue_giveup *giveup = event_as_queue_giveup(e);
    const struct event_queue_try *try = event_as_queue_try(e);
    char wait[VTIME_TEXT];
    if (defer) {
        struct slice in = vtime_print((int64_t)defer->next_s * VTIME_S, wait);
        return arena_printf(
            arena, "%.*s keeps \xE2\x80\x9C%.*s\xE2\x80\x9D waiting: %.*s; next try in %.*s",
            SLICE_ARG(at), SLICE_ARG(subject),
            SLICE_ARG(words_first_line(log_text(log, defer->reason))), SLICE_ARG(in));
    }
    if (giveup)
        return arena_printf(arena, "%.*s gives up \xE2\x80\x9C%.*s\xE2\x80\x9D: %.*s",
                            SLICE_ARG(at), SLICE_ARG(subject),
                            SLICE_ARG(words_first_line(log_text(log, giveup->reason))));
    if (try)
        return arena_printf(arena,
                            "%.*s tries to hand on \xE2\x80\x9C%.*s\xE2\x80\x9D, attempt %" PRIu32,
                            SLICE_ARG(at), SLICE_ARG(subject), try->n);
    return arena_printf(arena,
                        e->kind == EVENT_QUEUE_ADD
                            ? "\xE2\x80\x9C%.*s\xE2\x80\x9D waits in the queue of %.*s"
                            : "\xE2\x80\x9C%.*s\xE2\x80\x9D has left the queue of %.*s",
                        SLICE_ARG(subject), SLICE_ARG(at));
}

static struct slice refusal_words(const struct log *log, struct arena *arena, const struct event *e)
{
    struct slice at = words_host(log, e->v[0]);
    const struct event_reject *reject = event_as_reject(e);
    const struct event_dsn *dsn = event_as_dsn(e);
    const struct event_complete *complete = event_as_complete(e);
    if (reject)
        return arena_printf(arena, "%.*s refuses %.*s: %" PRIu32 " %.*s", SLICE_ARG(at),
                            TEXT(reject->rcpt), reject->code,
                            SLICE_ARG(words_first_line(log_text(log, reject->text))));
    if (dsn)
        return arena_printf(
            arena, "%.*s writes a notice (%.*s) to %.*s about \xE2\x80\x9C%.*s\xE2\x80\x9D",
            SLICE_ARG(at), TEXT(dsn->action), TEXT(dsn->to),
            SLICE_ARG(words_subject(log, arena, dsn->about)));
    if (complete)
        return arena_printf(arena, "%.*s completes the header: %.*s", SLICE_ARG(at),
                            SLICE_ARG(words_first_line(log_text(log, complete->what))));
    const struct event_discard *discard = event_as_discard(e);
    return arena_printf(arena, "%.*s drops it: %.*s", SLICE_ARG(at),
                        SLICE_ARG(words_first_line(log_text(log, discard->reason))));
}

/* ---- the world ---- */

/* As the palette of the topology calls it: "mx1 loses power". */
static struct slice fault_words(const struct log *log, struct arena *arena,
                                const struct event_fault *fault)
{
    bool is_on = slice_equal(log_text(log, fault->state), SLICE("on"));
    for (uint32_t id = 0; id < log_count(log) && log_at(log, id)->t == 0; id++) {
        const struct event_palette *p = event_as_palette(log_at(log, id));
        if (p && p->id == fault->id && p->label)
            return arena_printf(arena, is_on ? "fault: %.*s" : "no longer: %.*s", TEXT(p->label));
    }
    return arena_printf(arena, "fault %s: %.*s %.*s", is_on ? "begins" : "ends", TEXT(fault->fault),
                        TEXT(fault->target));
}

static struct slice world_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_fault *fault = event_as_fault(e);
    const struct event_auth *auth = event_as_auth(e);
    const struct event_file *file = event_as_file(e);
    const struct event_ui *ui = event_as_ui(e);
    if (fault)
        return fault_words(log, arena, fault);
    if (auth)
        return arena_printf(arena,
                            slice_equal(log_text(log, auth->result), SLICE("ok"))
                                ? "%.*sAUTH %.*s proves that it is %.*s"
                                : "%.*sAUTH %.*s fails to prove that it is %.*s",
                            SLICE_ARG(route(log, arena, e)), TEXT(auth->mech), TEXT(auth->user));
    if (file)
        return arena_printf(arena, "%.*s: %.*s %.*s", SLICE_ARG(words_host(log, file->at)),
                            TEXT(file->op), TEXT(file->path));
    if (ui)
        return arena_printf(arena, "%.*s %.*s", TEXT(ui->step), TEXT(ui->what));
    if (event_as_record(e))
        return arena_printf(arena, "the DNS record %.*s %.*s is %s: %.*s",
                            TEXT(event_as_record(e)->name), TEXT(event_as_record(e)->type),
                            event_as_record(e)->on ? "added" : "taken away",
                            TEXT(event_as_record(e)->data));
    if (event_as_account(e))
        return arena_printf(arena, "%.*s %s a mailbox", TEXT(event_as_account(e)->address),
                            event_as_account(e)->on ? "gets" : "has no longer");
    if (e->kind == EVENT_INPUT)
        return arena_printf(arena, "asked for: %.*s", TEXT(event_as_input(e)->text));
    return arena_printf(arena, e->kind == EVENT_CRASH ? "%.*s stops" : "%.*s starts again",
                        SLICE_ARG(words_host(log, e->v[0])));
}

/* Which words a kind is told in; declarations have none, only their name. */
static struct slice (*const words_of_kind[EVENT_KIND_COUNT])(const struct log *, struct arena *,
                                                             const struct event *) = {
    [EVENT_SMTP_CMD] = turn_words,      [EVENT_SMTP_REPLY] = turn_words,
    [EVENT_LMTP_CMD] = turn_words,      [EVENT_LMTP_REPLY] = turn_words,
    [EVENT_POP_CMD] = turn_words,       [EVENT_POP_REPLY] = turn_words,
    [EVENT_IMAP_CMD] = turn_words,      [EVENT_IMAP_DATA] = turn_words,
    [EVENT_HTTP_REQUEST] = turn_words,  [EVENT_HTTP_REPLY] = turn_words,
    [EVENT_IMAP_REPLY] = turn_words,    [EVENT_TLS_UP] = tls_words,
    [EVENT_TLS_FAIL] = tls_words,       [EVENT_TLS_DATA] = tls_words,
    [EVENT_TLS_KEY] = tls_words,        [EVENT_TCP_CONNECT] = connect_words,
    [EVENT_TCP_OPEN] = open_words,      [EVENT_TCP_SEGMENT] = tcp_words,
    [EVENT_TCP_LOST] = tcp_words,       [EVENT_TCP_CLOSE] = tcp_words,
    [EVENT_UDP_DATAGRAM] = dns_words,   [EVENT_UDP_LOST] = dns_words,
    [EVENT_DNS_QUERY] = dns_words,      [EVENT_DNS_ANSWER] = dns_words,
    [EVENT_MESSAGE] = hand_words,       [EVENT_ACCEPT] = hand_words,
    [EVENT_SUBMIT] = hand_words,        [EVENT_RELAY] = hand_words,
    [EVENT_DELIVER] = hand_words,       [EVENT_FETCH] = hand_words,
    [EVENT_REMOVE] = hand_words,        [EVENT_COPY] = hand_words,
    [EVENT_FLAG] = hand_words,          [EVENT_QUEUE_ADD] = queue_words,
    [EVENT_QUEUE_TRY] = queue_words,    [EVENT_QUEUE_DEFER] = queue_words,
    [EVENT_QUEUE_GIVEUP] = queue_words, [EVENT_QUEUE_REMOVE] = queue_words,
    [EVENT_REJECT] = refusal_words,     [EVENT_COMPLETE] = refusal_words,
    [EVENT_DSN] = refusal_words,        [EVENT_DISCARD] = refusal_words,
    [EVENT_INPUT] = world_words,        [EVENT_FAULT] = world_words,
    [EVENT_CRASH] = world_words,        [EVENT_BOOT] = world_words,
    [EVENT_RECORD] = world_words,       [EVENT_ACCOUNT] = world_words,
    [EVENT_AUTH] = world_words,         [EVENT_FILE] = world_words,
    [EVENT_UI] = world_words,
};

struct slice words_event(const struct log *log, struct arena *arena, uint32_t id)
{
    const struct event *e = log_at(log, id);
    if (words_of_kind[e->kind])
        return words_of_kind[e->kind](log, arena, e);
    struct slice words = words_fill(log, arena, e);
    return words.size ? words : slice_of(event_kinds[e->kind].name);
}
