#include "export/phrase.h"

#include <string.h>

#include "export/printable.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"

enum { PHRASE_TEXT_COLUMNS = 160 };

static const char *const templates[EVENT_KIND_COUNT] = {
    [EVENT_RUN] = "the run \"{title}\" starts, seed {seed}",
    [EVENT_TOPOLOGY] = "the topology file, {json#}",
    [EVENT_ADMD] = "organisation {id}[, {name}]",
    [EVENT_HOST] = "host {id}[ is {name}][, {addr}][, of {admd}]",
    [EVENT_AGENT] = "agent {id}: {role} on {at}[ for {user}][, listens on {listen}]",
    [EVENT_LINK] =
        "link {id}: {a} to {b}, {latency}[, {kbps} kbit/s][, loses {loss_ppm} in a million]",
    [EVENT_NAT] = "others see {at} under the address of {to}",
    [EVENT_PALETTE] = "on offer: fault {id}[, {label}]: {fault} {target}",
    [EVENT_INPUT] = "asked for: {text}",
    [EVENT_FAULT] = "fault[ {id}] {state}: {fault} {target}[ {args}]",
    [EVENT_POSITION] = "{at} is put at {x}, {y} on the map",
    [EVENT_TITLE] = "the network is called \"{title}\" from now on",
    [EVENT_RENAME] = "{at} is called {id} from now on[, {name}]",
    [EVENT_GONE] = "[{at}][link {link}] is taken away for good[, and {n} waiting with it]",
    [EVENT_CONF] = "[{at}][link {link}]: {key} is now {value}",
    [EVENT_RECORD] = "DNS record {name} {type} {data}: {on}",
    [EVENT_ACCOUNT] = "account {address}: {on}",
    [EVENT_CRASH] = "{at} stops; its connections are gone",
    [EVENT_BOOT] = "{at} starts again",
    [EVENT_STOP] = "{at} is stopped",
    [EVENT_START] = "{at} runs again",
    [EVENT_TCP_CONNECT] = "{from} asks {to} for a connection to port {port} (connection {conn})",
    [EVENT_TCP_OPEN] = "{from} -> {to} port {port}: {result}",
    [EVENT_TCP_SEGMENT] =
        "{from} -> {to}: segment {flags}, seq {seq}, ack {ack}[, {data#}], {travel}",
    [EVENT_TCP_LOST] = "{from} -> {to}: segment with seq {seq} is lost[ on link {link}]",
    [EVENT_TCP_CLOSE] = "connection {conn}, {from} -> {to}: {how}",
    [EVENT_UDP_DATAGRAM] = "{from} -> {to}: datagram, ports {ports}, {data#}, {travel}",
    [EVENT_UDP_LOST] = "{from} -> {to}: datagram is lost[ on link {link}]",
    [EVENT_BLOCK] = "{at} lets nothing pass from {from} to {to} port {port}: {how}",
    [EVENT_TAP] = "{at} overhears: {text}",
    [EVENT_TAMPER] = "{at} changes what passes[: \"{was}\"][ becomes \"{now}\"]",
    [EVENT_DNS_QUERY] = "{from} asks {to}: {name} {type}?",
    [EVENT_DNS_ANSWER] = "{to} has the answer from {from}: {name} {type} {rcode}[: {data}]",
    [EVENT_SMTP_CMD] = "{from} -> {to}: {verb}[ {arg}]",
    [EVENT_SMTP_REPLY] = "{from} -> {to}: {code}[ {esc}][ {text}] (to {verb})",
    [EVENT_POP_CMD] = "{from} -> {to}: {verb}[ {arg}]",
    [EVENT_POP_REPLY] = "{from} -> {to}: {ok}[ {text}] (to {verb})",
    [EVENT_LMTP_CMD] = "{from} -> {to}: {verb}[ {arg}]",
    [EVENT_LMTP_REPLY] = "{from} -> {to}: {code}[ {esc}][ {text}] (to {verb})",
    [EVENT_IMAP_CMD] = "{from} -> {to}: {verb}[ {arg}]",
    [EVENT_IMAP_DATA] = "{from} -> {to}: * {verb}[ {text}]",
    [EVENT_IMAP_REPLY] = "{from} -> {to}: {ok}[ {text}] (to {verb})",
    [EVENT_TLS_UP] = "{from} and {to} speak {version}, {cipher}[, certificate {name}][: {check}]",
    [EVENT_TLS_FAIL] = "{from} and {to} can't agree on TLS: {reason}",
    [EVENT_TLS_DATA] = "{from} -> {to}: within TLS, {data#}",
    [EVENT_TLS_KEY] = "a key of connection {conn}: {line}",
    [EVENT_HTTP_REQUEST] = "{from} -> {to}: {method} {path}",
    [EVENT_HTTP_REPLY] = "{from} -> {to}: {code}[ {text}] (to {method})",
    [EVENT_AUTH] = "{from} -> {to}: {user} by {mech}, {result}",
    [EVENT_MESSAGE] = "{by} has message {msg}: from <{from}> to {to}[, subject \"{subject}\"]",
    [EVENT_ALLOW] = "{at} lets {addr} send for {for_s}: {user} has read mail from there",
    [EVENT_GROUP] = "message {msg} is one of the group {name}",
    [EVENT_SUBMIT] = "message {msg} for {rcpt} has left {at}",
    [EVENT_ACCEPT] = "{at} takes responsibility for message {msg}[ as {id}]",
    [EVENT_REJECT] = "{at} refuses message {msg}[ for {rcpt}]: {code} {text}",
    [EVENT_COMPLETE] = "{at} completes message {msg}: {what}",
    [EVENT_QUEUE_ADD] = "{at} queues message {msg} for {rcpt}",
    [EVENT_QUEUE_TRY] = "{at} tries message {msg} for {rcpt}, attempt {n}",
    [EVENT_QUEUE_DEFER] =
        "{at} keeps message {msg} for {rcpt} after attempt {n}: {reason}; next in {next_s}",
    [EVENT_QUEUE_GIVEUP] = "{at} gives up on message {msg} for {rcpt} after attempt {n}: {reason}",
    [EVENT_QUEUE_REMOVE] = "message {msg} leaves the queue of {at}",
    [EVENT_RELAY] = "{at} has passed message {msg} for {rcpt}[ to {to}]",
    [EVENT_EXPAND] = "{at} sends message {msg} for {rcpt} on to {to}: {how}",
    [EVENT_FILTER] = "{at} judges message {msg}: {verdict}[, {what}]",
    [EVENT_SPF] = "{at}: SPF {result}[, {addr} for {domain}]",
    [EVENT_DKIM] = "{at}: DKIM {result} for message {msg}[, signed by {domain}][: {what}]",
    [EVENT_DMARC] = "{at}: DMARC {result} for message {msg}[, {domain} asks for {policy}]",
    [EVENT_GREY] = "{at}: greylist, {addr} from <{from}> for {rcpt}: {state}",
    [EVENT_DELIVER] = "{at} delivers message {msg} for {rcpt} into {box}",
    [EVENT_DSN] = "{at} writes notice {msg} about message {about}: {action} {status}, to {to}",
    [EVENT_DISCARD] = "{at} drops message {msg} for {rcpt}: {reason}",
    [EVENT_FETCH] = "{by} has message {msg} from {box} by {proto}",
    [EVENT_REMOVE] = "{by} has message {msg} removed from {box}",
    [EVENT_COPY] = "{by} has message {msg} put into {box}",
    [EVENT_FLAG] = "{by} changes {name} of message {msg} in {box}: {on}",
    [EVENT_FILE] = "{at}: {op} {path}, {size} octets",
    [EVENT_LOCK] = "{who} locks {path} at {at}: {result}",
    [EVENT_CONSOLE] = "the console of {at} {typed}: {text}",
    [EVENT_UI] = "step {step}: {what}",
};

static void put(struct bytes *out, const char *text)
{
    check(bytes_append(out, slice_of(text)));
}

static void put_flags(const struct event *e, struct bytes *out)
{
    static const char *const names[] = {"FIN", "SYN", "RST", "PSH", "ACK"};
    const char *between = "";
    for (int i = 0; i < 5; i++)
        if (e->flags & 1u << i) {
            check(bytes_printf(out, "%s%s", between, names[i]));
            between = "+";
        }
    if (e->flags & EVENT_SEGMENT_AGAIN)
        put(out, " again");
}

static void put_number(struct slice name, uint32_t value, struct bytes *out)
{
    char time[VTIME_TEXT];
    if (slice_equal(name, SLICE("ports")))
        check(bytes_printf(out, "%u to %u", (unsigned)(value >> 16), (unsigned)(value & 0xffff)));
    else if (slice_equal(name, SLICE("next_s")) || slice_equal(name, SLICE("for_s")))
        check(bytes_append(out, vtime_print(value * VTIME_S, time)));
    else
        check(bytes_printf(out, "%u", (unsigned)value));
}

/* How the protocol of this event says yes and no. */
static const char *truth(const struct event *e, struct slice name, uint32_t value)
{
    if (slice_equal(name, SLICE("typed")))
        return value ? "is told" : "shows";
    if (!slice_equal(name, SLICE("ok")))
        return value ? "yes" : "no";
    if (e->kind == EVENT_POP_REPLY)
        return value ? "+OK" : "-ERR";
    return value ? "OK" : "NO";
}

static void put_value(const struct log *log, const struct event *e, enum event_type type,
                      struct slice name, uint32_t value, unsigned flags, struct bytes *out)
{
    char time[VTIME_TEXT];
    const struct event_link *link;
    switch (type) {
    case EVENT_TYPE_PLACE:
        printable_append(out, log_place_name(log, value), PHRASE_TEXT_COLUMNS, flags);
        return;
    case EVENT_TYPE_TEXT:
        printable_append(out, log_text(log, value), PHRASE_TEXT_COLUMNS, flags | PRINTABLE_LINES);
        return;
    case EVENT_TYPE_LINK:
        link = log_link(log, value);
        printable_append(out, log_text(log, link ? link->id : 0), PHRASE_TEXT_COLUMNS, flags);
        return;
    case EVENT_TYPE_MICROS:
        check(bytes_append(out, vtime_print(value * VTIME_US, time)));
        return;
    case EVENT_TYPE_BOOL:
        put(out, truth(e, name, value));
        return;
    case EVENT_TYPE_NUMBER:
    case EVENT_TYPE_CONN:
    case EVENT_TYPE_MSG:
        put_number(name, value, out);
        return;
    }
}

/* Puts the field that a {name} asks for; false when there is nothing to say. */
static bool put_field(const struct log *log, const struct event *e, struct slice name,
                      unsigned flags, struct bytes *out)
{
    enum event_type type;
    uint32_t value;
    bool octets = slice_ends(name, SLICE("#"));
    if (octets)
        name.size--;
    if (slice_equal(name, SLICE("flags"))) {
        put_flags(e, out);
        return true;
    }
    if (!log_field(log, e, name, &type, &value))
        return false;
    if (octets)
        check(bytes_printf(out, "%zu octets", log_text(log, value).size));
    else
        put_value(log, e, type, name, value, flags, out);
    return value != 0;
}

void phrase_fill(const struct log *log, const struct event *e, const char *template, unsigned flags,
                 struct bytes *out)
{
    struct slice t = slice_of(template);
    size_t optional_at = 0;
    bool is_said = true;
    for (size_t i = 0; i < t.size; i++) {
        if (t.data[i] == '[') {
            optional_at = bytes_size(out);
            is_said = true;
        } else if (t.data[i] == ']') {
            if (!is_said)
                bytes_truncate(out, optional_at);
        } else if (t.data[i] == '{') {
            size_t end = slice_find_octet(t, '}', i);
            check(end != SLICE_NONE);
            is_said &= put_field(log, e, slice_part(t, i + 1, end), flags, out);
            i = end;
        } else {
            check(bytes_append_octet(out, t.data[i]));
        }
    }
}

void phrase_event(const struct log *log, const struct event *e, unsigned flags, struct bytes *out)
{
    const char *template = templates[e->kind];
    phrase_fill(log, e, template ? template : event_kinds[e->kind].name, flags, out);
}
