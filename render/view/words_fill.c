#include "render/view/words_fill.h"

#include <inttypes.h>

#include "render/view/tr.h"
#include "render/view/words.h"
#include "render/view/words_say.h"
#include "sim/base/vtime.h"

static const char *const templates[EVENT_KIND_COUNT] = {
    [EVENT_CONF] = TR("{at}: {program} now has {key} set to {value}"),
    [EVENT_POSITION] = TR("{at} has another place on the map"),
    [EVENT_TITLE] = TR("the network is called \xE2\x80\x9C{title}\xE2\x80\x9D from now on"),
    [EVENT_RENAME] = TR("another name: {id}[, \xE2\x80\x9C{name}\xE2\x80\x9D]"),
    [EVENT_RECORD] = TR("the DNS record {name} {type} is added: {data}"),
    [EVENT_ACCOUNT] = TR("{address} gets a mailbox"),
    [EVENT_CRASH] = TR("{at} stops"),
    [EVENT_BOOT] = TR("{at} starts again"),
    [EVENT_STOP] = TR("{at}: the program {program} is stopped"),
    [EVENT_START] = TR("{at}: the program {program} runs again"),
    [EVENT_BLOCK] = TR("{at} lets nothing pass from {from} to {to}[, port {port}][ ({how})]"),
    [EVENT_TAP] = TR("{at} overhears: {text}"),
    [EVENT_TAMPER] = TR("{at} changes what passes[: {was}][ becomes {now}]"),
    [EVENT_ALLOW] =
        TR("{at} lets {addr} send for {for_s}, because {user} has just read mail there"),
    [EVENT_MESSAGE] = TR("{by}: \xE2\x80\x9C{msg}\xE2\x80\x9D is written, from {from} to {to}"),
    [EVENT_GROUP] = TR("\xE2\x80\x9C{msg}\xE2\x80\x9D is one of the group {name}"),
    [EVENT_SUBMIT] = TR("{at} has submitted \xE2\x80\x9C{msg}\xE2\x80\x9D for {rcpt}"),
    [EVENT_ACCEPT] = TR("{at} takes responsibility for \xE2\x80\x9C{msg}\xE2\x80\x9D"),
    [EVENT_REJECT] = TR("{at} refuses {rcpt}: {code} {text}"),
    [EVENT_COMPLETE] = TR("{at} completes the header: {what}"),
    [EVENT_QUEUE_ADD] = TR("\xE2\x80\x9C{msg}\xE2\x80\x9D waits in the queue of {at}"),
    [EVENT_QUEUE_TRY] = TR("{at} tries to hand on \xE2\x80\x9C{msg}\xE2\x80\x9D, attempt {n}"),
    [EVENT_QUEUE_DEFER] =
        TR("{at} keeps \xE2\x80\x9C{msg}\xE2\x80\x9D waiting: {reason}; next try in {next_s}"),
    [EVENT_QUEUE_GIVEUP] = TR("{at} gives up \xE2\x80\x9C{msg}\xE2\x80\x9D: {reason}"),
    [EVENT_QUEUE_REMOVE] = TR("\xE2\x80\x9C{msg}\xE2\x80\x9D has left the queue of {at}"),
    [EVENT_RELAY] = TR("{at} has handed \xE2\x80\x9C{msg}\xE2\x80\x9D for {rcpt} on to {to}"),
    [EVENT_EXPAND] = TR("{at}: {rcpt} stands for {to} ({how})"),
    [EVENT_FILTER] = TR("{at} judges \xE2\x80\x9C{msg}\xE2\x80\x9D: {verdict}[, {what}]"),
    [EVENT_SPF] = TR("{at}: SPF {result}[: {addr} for {domain}]"),
    [EVENT_DKIM] = TR("{at}: DKIM {result}[, signed by {domain}][: {what}]"),
    [EVENT_DMARC] = TR("{at}: DMARC {result}[, {domain} asks for {policy}]"),
    [EVENT_GREY] = TR("{at}: greylist, {from} to {rcpt} from {addr}: {state}"),
    [EVENT_DELIVER] = TR("{at} delivers \xE2\x80\x9C{msg}\xE2\x80\x9D into {box}"),
    [EVENT_DSN] =
        TR("{at} writes a notice ({action}) to {to} about \xE2\x80\x9C{about}\xE2\x80\x9D"),
    [EVENT_DISCARD] = TR("{at} drops it: {reason}"),
    [EVENT_FETCH] = TR("{by} has fetched \xE2\x80\x9C{msg}\xE2\x80\x9D by {proto}"),
    [EVENT_REMOVE] = TR("{by} removes \xE2\x80\x9C{msg}\xE2\x80\x9D from {box}"),
    [EVENT_COPY] = TR("{by} has \xE2\x80\x9C{msg}\xE2\x80\x9D put into {box}"),
    [EVENT_FLAG] = TR("{by} marks \xE2\x80\x9C{msg}\xE2\x80\x9D as {name}"),
    [EVENT_FILE] = "{at}: {op} {path}", /* nothing to translate */
    [EVENT_UI] = "{step} {what}",
    [EVENT_LOCK] = TR("{at}: {path}, lock: {result}"),
};

/* Where something is switched off. */
static const char *const templates_off[EVENT_KIND_COUNT] = {
    [EVENT_RECORD] = TR("the DNS record {name} {type} is taken away: {data}"),
    [EVENT_ACCOUNT] = TR("{address} has no longer a mailbox"),
    [EVENT_FLAG] = TR("{by} no longer marks \xE2\x80\x9C{msg}\xE2\x80\x9D as {name}"),
};

/* Of the settings of a host the one that is NAT. */
static const char *nat_template(const struct log *log, const struct event_conf *e)
{
    if (!e || !slice_equal(log_text(log, e->key), SLICE("behind")))
        return NULL;
    return log_text(log, e->value).size ? TR("others see {at} under the address of {value}")
                                        : TR("others see {at} under its own address again");
}

static const char *template_of(const struct log *log, const struct event *e)
{
    enum event_type type;
    uint32_t on;
    const char *off = templates_off[e->kind];
    if (off && log_field(log, e, SLICE("on"), &type, &on) && !on)
        return tr(off);
    const char *nat = nat_template(log, event_as_conf(e));
    if (nat)
        return tr(nat);
    return templates[e->kind] ? tr(templates[e->kind]) : "";
}

static struct slice value_of(const struct log *log, struct arena *arena, enum event_type type,
                             struct slice name, uint32_t value)
{
    char time[VTIME_TEXT];
    switch (type) {
    case EVENT_TYPE_PLACE:
        return words_host(log, value);
    case EVENT_TYPE_MSG:
        return words_subject(log, arena, value);
    case EVENT_TYPE_TEXT:
        return words_first_line(log_text(log, value));
    case EVENT_TYPE_NUMBER:
    case EVENT_TYPE_BOOL:
    case EVENT_TYPE_LINK:
    case EVENT_TYPE_CONN:
    case EVENT_TYPE_MICROS:
        break;
    }
    if (slice_ends(name, SLICE("_s")))
        return arena_copy(arena, vtime_print(value * VTIME_S, time));
    return words_number(arena, value);
}

static struct slice join(struct arena *arena, struct slice a, struct slice b)
{
    return a.size == 0   ? b
           : b.size == 0 ? a
                         : arena_printf(arena, "%.*s%.*s", SLICE_ARG(a), SLICE_ARG(b));
}

/* False when a field that stands in it is empty. */
static bool put_part(const struct log *log, struct arena *arena, const struct event *e,
                     struct slice part, struct slice *out)
{
    bool is_whole = true;
    while (part.size > 0) {
        size_t open = slice_find_octet(part, '{', 0), close = slice_find_octet(part, '}', 0);
        struct slice text = {"", 0};
        enum event_type type;
        uint32_t value;
        *out = join(arena, *out, slice_part(part, 0, open));
        if (open == SLICE_NONE || close == SLICE_NONE)
            break;
        struct slice name = slice_part(part, open + 1, close);
        if (slice_equal(name, SLICE("program"))) /* the agent that the event is about */
            text = log_place_name(log, e->v[0]);
        else if (log_field(log, e, name, &type, &value))
            text = value_of(log, arena, type, name, value);
        *out = join(arena, *out, text);
        is_whole &= text.size > 0;
        part = slice_part(part, close + 1, part.size);
    }
    return is_whole;
}

struct slice words_fill(const struct log *log, struct arena *arena, const struct event *e)
{
    struct slice rest = slice_of(template_of(log, e)), words = {"", 0};
    while (rest.size > 0) {
        bool is_optional = rest.data[0] == '[';
        size_t end = slice_find_octet(rest, is_optional ? ']' : '[', 0);
        struct slice part = slice_part(rest, is_optional, end), before = words;
        if (!put_part(log, arena, e, part, &words) && is_optional)
            words = before;
        rest = slice_part(rest, end == SLICE_NONE ? rest.size : end + is_optional, rest.size);
    }
    return arena_copy(arena, words);
}
