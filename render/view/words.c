#include "render/view/words.h"

#include <inttypes.h>

#include "render/view/deed.h"
#include "render/view/tr.h"
#include "render/view/words_fill.h"
#include "render/view/words_say.h"
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
    return subject.size
               ? words_first_line(subject)
               : WORDS_SAY(arena, tr("message {number}"), {"number", words_number(arena, msg)});
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

/* "out → mx1, port 25, push: RCPT TO:<bob@example.org>" */
static struct slice on_route(const struct log *log, struct arena *arena, const struct event *e,
                             struct slice what)
{
    struct log_parties p;
    if (!log_parties(log, e, &p))
        return what;
    bool is_pull = turn_is_pull(turn_protocol_of_port(p.port));
    return WORDS_SAY(arena,
                     is_pull ? tr("{from} \xE2\x86\x92 {to}, port {port}, pull: {what}")
                             : tr("{from} \xE2\x86\x92 {to}, port {port}, push: {what}"),
                     {"from", words_host(log, p.from)}, {"to", words_host(log, p.to)},
                     {"port", words_number(arena, p.port)}, {"what", what});
}

#define TEXT(number) log_text(log, (number))

/* The first line of what is said: the rest of a POP3 or IMAP reply is the message itself. */
static struct slice turn_words(const struct log *log, struct arena *arena, const struct event *e)
{
    struct turn turn;
    struct slice said;
    (void)turn_read(log, e, &turn);
    struct slice first = words_first_line(turn.text);
    if (!turn.is_reply)
        said = arena_printf(arena, "%.*s %.*s", SLICE_ARG(turn.verb),
                            SLICE_ARG(words_first_line(turn.arg)));
    else if (turn.code)
        said = arena_printf(arena, "%.*s \xE2\x80\x93 %" PRIu32 "%s%.*s %.*s", SLICE_ARG(turn.verb),
                            turn.code, turn.esc.size ? " " : "", SLICE_ARG(turn.esc),
                            SLICE_ARG(first));
    else
        said =
            arena_printf(arena, "%.*s \xE2\x80\x93 %.*s", SLICE_ARG(turn.verb), SLICE_ARG(first));
    return on_route(log, arena, e, said);
}

static struct slice tls_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_tls_up *up = event_as_tls_up(e);
    const struct event_tls_fail *fail = event_as_tls_fail(e);
    struct slice words;
    if (up)
        words = WORDS_SAY(arena, tr("{version}, {cipher}; certificate {check}"),
                          {"version", TEXT(up->version)}, {"cipher", TEXT(up->cipher)},
                          {"check", TEXT(up->check)});
    else if (fail)
        words = WORDS_SAY(arena, tr("TLS fails: {reason}"), {"reason", TEXT(fail->reason)});
    else
        words =
            slice_of(event_as_tls_data(e) ? tr("said within TLS") : tr("a key of this connection"));
    return on_route(log, arena, e, words);
}

static struct slice connect_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_tcp_connect *c = event_as_tcp_connect(e);
    return WORDS_SAY(arena, tr("{from} asks {to} for a connection to port {port}"),
                     {"from", words_host(log, c->from)}, {"to", words_host(log, c->to)},
                     {"port", words_number(arena, c->port)});
}

static struct slice open_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_tcp_open *open = event_as_tcp_open(e);
    const struct event_tcp_connect *c = log_conn(log, open->conn);
    struct slice result = log_text(log, open->result);
    return WORDS_SAY(
        arena,
        slice_equal(result, SLICE("ok")) ? tr("{from} and {to} are connected, port {port}")
        : slice_equal(result, SLICE("timeout"))
            ? tr("{from} could not connect to {to}: no answer")
            : tr("{from} could not connect to {to}, port {port}: {result}"),
        {"from", words_host(log, c ? c->from : 0)}, {"to", words_host(log, c ? c->to : 0)},
        {"port", words_number(arena, c ? c->port : 0)}, {"result", result});
}

static struct slice close_words(const struct log *log, struct arena *arena,
                                const struct event_tcp_close *e, struct slice from, struct slice to)
{
    struct slice how = log_text(log, e->how);
    return WORDS_SAY(arena,
                     slice_equal(how, SLICE("closed"))
                         ? tr("{from} and {to} have closed their connection")
                     : slice_equal(how, SLICE("timeout"))
                         ? tr("{from} gets no answer from {to} and drops the connection")
                     : slice_equal(how, SLICE("reset"))
                         ? tr("the connection of {from} and {to} is cut off (reset)")
                         : tr("the connection of {from} and {to} is over"),
                     {"from", from}, {"to", to});
}

static struct slice tcp_words(const struct log *log, struct arena *arena, const struct event *e)
{
    struct log_parties p = {0};
    log_parties(log, e, &p);
    struct slice from = words_host(log, p.from), to = words_host(log, p.to);
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_tcp_lost *lost = event_as_tcp_lost(e);
    if (lost)
        return WORDS_SAY(arena,
                         lost->link ? tr("a segment from {from} to {to} is lost on the way")
                                    : tr("a segment from {from} to {to} finds nobody there"),
                         {"from", words_host(log, lost->from)}, {"to", words_host(log, lost->to)});
    if (!segment)
        return close_words(log, arena, event_as_tcp_close(e), from, to);
    struct slice data = words_first_line(log_text(log, segment->data));
    bool syn = e->flags & EVENT_SEGMENT_SYN, fin = e->flags & EVENT_SEGMENT_FIN;
    struct slice flags = arena_printf(arena, "%s%s%s", syn ? " SYN" : "", fin ? " FIN" : "",
                                      e->flags & EVENT_SEGMENT_RST   ? " RST"
                                      : e->flags & EVENT_SEGMENT_ACK ? " ACK"
                                                                     : "");
    return WORDS_SAY(arena, tr("segment {from} \xE2\x86\x92 {to}{flags}: {data}"), {"from", from},
                     {"to", to}, {"flags", flags}, {"data", data});
}

/* ---- the name service ---- */

static struct slice question(const struct log *log, struct arena *arena, uint32_t name,
                             uint32_t type)
{
    struct slice t = log_text(log, type);
    return WORDS_SAY(arena,
                     slice_equal(t, SLICE("MX"))  ? tr("who takes mail for {name}?")
                     : slice_equal(t, SLICE("A")) ? tr("what is the address of {name}?")
                                                  : tr("{type} of {name}?"),
                     {"type", t}, {"name", TEXT(name)});
}

/* RFC 1035 4.1.1: the name is not there, or has no record of that type, or the server fails. */
static struct slice no_data_words(struct slice rcode)
{
    if (slice_equal(rcode, SLICE("NXDOMAIN")))
        return slice_of(tr("unknown: there is no such name (NXDOMAIN)"));
    return slice_equal(rcode, SLICE("NOERROR")) ? slice_of(tr("not there")) : rcode;
}

static struct slice answer_words(const struct log *log, struct arena *arena,
                                 const struct event_dns_answer *a)
{
    struct slice from = words_host(log, a->from), to = words_host(log, a->to);
    struct slice data = log_text(log, a->data), rcode = log_text(log, a->rcode);
    if (slice_equal(rcode, SLICE("TIMEOUT")))
        return WORDS_SAY(arena, tr("{to} gets no answer from {from} about {name}"), {"from", from},
                         {"to", to}, {"name", TEXT(a->name)});
    return WORDS_SAY(arena, tr("{from} answers {to}: {type} {name} is {data}"), {"from", from},
                     {"to", to}, {"type", TEXT(a->type)}, {"name", TEXT(a->name)},
                     {"data", data.size ? words_first_line(data) : no_data_words(rcode)});
}

static struct slice dns_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_dns_query *q = event_as_dns_query(e);
    struct slice from = words_host(log, e->v[0]), to = words_host(log, e->v[1]);
    if (q)
        return WORDS_SAY(arena, tr("{from} asks {to}: {question}"), {"from", from}, {"to", to},
                         {"question", question(log, arena, q->name, q->type)});
    if (event_as_dns_answer(e))
        return answer_words(log, arena, event_as_dns_answer(e));
    return WORDS_SAY(arena,
                     event_as_udp_datagram(e) ? tr("a datagram from {from} to {to} leaves")
                                              : tr("a datagram from {from} to {to} is lost"),
                     {"from", from}, {"to", to});
}

/* ---- the world ---- */

/* As the palette of the topology calls it: "mx1 loses power". */
static struct slice fault_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_fault *fault = event_as_fault(e);
    bool is_on = slice_equal(log_text(log, fault->state), SLICE("on"));
    for (uint32_t id = 0; id < log_count(log) && log_at(log, id)->t == 0; id++) {
        const struct event_palette *p = event_as_palette(log_at(log, id));
        if (p && p->id == fault->id && p->label)
            return WORDS_SAY(arena, is_on ? tr("fault: {what}") : tr("no longer: {what}"),
                             {"what", TEXT(p->label)});
    }
    return WORDS_SAY(
        arena, is_on ? tr("fault begins: {fault} {target}") : tr("fault ends: {fault} {target}"),
        {"fault", TEXT(fault->fault)}, {"target", TEXT(fault->target)});
}

/* What is gone may be a program of a host that stays. */
static struct slice gone_words(const struct log *log, struct arena *arena, const struct event *e)
{
    uint32_t at = event_as_gone(e)->at;
    if (!at)
        return slice_of(tr("a link is taken out of the network for good"));
    if (log_host_of(log, at) == at)
        return WORDS_SAY(arena, tr("{at} is taken out of the network for good"),
                         {"at", words_host(log, at)});
    return WORDS_SAY(arena, tr("{at}: the program {program} is taken away for good"),
                     {"at", words_host(log, at)}, {"program", log_place_name(log, at)});
}

static struct slice input_words(const struct log *log, struct arena *arena, const struct event *e)
{
    struct slice deed = deed_done(arena, log, NULL, TEXT(event_as_input(e)->text));
    return WORDS_SAY(arena, tr("asked for: {what}"), {"what", deed});
}

static struct slice auth_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_auth *auth = event_as_auth(e);
    bool is_ok = slice_equal(log_text(log, auth->result), SLICE("ok"));
    return on_route(log, arena, e,
                    WORDS_SAY(arena,
                              is_ok ? tr("AUTH {mech} proves that it is {user}")
                                    : tr("AUTH {mech} fails to prove that it is {user}"),
                              {"mech", TEXT(auth->mech)}, {"user", TEXT(auth->user)}));
}

/* The first line that has something in it. */
static struct slice console_words(const struct log *log, struct arena *arena, const struct event *e)
{
    const struct event_console *console = event_as_console(e);
    struct slice at = words_host(log, console->at), line = {"", 0};
    struct slice rest = log_text(log, console->text);
    while (slice_trim(line).size == 0 && slice_cut(&rest, '\n', &line))
        ;
    return WORDS_SAY(arena,
                     console->typed ? tr("typed at {at}: \xE2\x80\x9C{line}\xE2\x80\x9D")
                                    : tr("{at} shows: \xE2\x80\x9C{line}\xE2\x80\x9D"),
                     {"at", at}, {"line", slice_part(slice_trim(line), 0, 200)});
}

/* Kinds whose words take more than a sentence of their fields; those are in words_fill.c, and
   declarations have only their name. */
static struct slice (*const words_of_kind[EVENT_KIND_COUNT])(const struct log *, struct arena *,
                                                             const struct event *) = {
    [EVENT_SMTP_CMD] = turn_words,     [EVENT_SMTP_REPLY] = turn_words,
    [EVENT_LMTP_CMD] = turn_words,     [EVENT_LMTP_REPLY] = turn_words,
    [EVENT_POP_CMD] = turn_words,      [EVENT_POP_REPLY] = turn_words,
    [EVENT_IMAP_CMD] = turn_words,     [EVENT_IMAP_DATA] = turn_words,
    [EVENT_HTTP_REQUEST] = turn_words, [EVENT_HTTP_REPLY] = turn_words,
    [EVENT_IMAP_REPLY] = turn_words,   [EVENT_TLS_UP] = tls_words,
    [EVENT_TLS_FAIL] = tls_words,      [EVENT_TLS_DATA] = tls_words,
    [EVENT_TLS_KEY] = tls_words,       [EVENT_TCP_CONNECT] = connect_words,
    [EVENT_TCP_OPEN] = open_words,     [EVENT_TCP_SEGMENT] = tcp_words,
    [EVENT_TCP_LOST] = tcp_words,      [EVENT_TCP_CLOSE] = tcp_words,
    [EVENT_UDP_DATAGRAM] = dns_words,  [EVENT_UDP_LOST] = dns_words,
    [EVENT_DNS_QUERY] = dns_words,     [EVENT_DNS_ANSWER] = dns_words,
    [EVENT_FAULT] = fault_words,       [EVENT_INPUT] = input_words,
    [EVENT_GONE] = gone_words,         [EVENT_AUTH] = auth_words,
    [EVENT_CONSOLE] = console_words,
};

struct slice words_event(const struct log *log, struct arena *arena, uint32_t id)
{
    const struct event *e = log_at(log, id);
    if (words_of_kind[e->kind])
        return words_of_kind[e->kind](log, arena, e);
    struct slice words = words_fill(log, arena, e);
    return words.size ? words : slice_of(event_kinds[e->kind].name);
}
