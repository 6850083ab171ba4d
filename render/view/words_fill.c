#include "render/view/words_fill.h"

#include <inttypes.h>

#include "render/view/words.h"
#include "sim/base/bytes.h"
#include "sim/base/vtime.h"

static const char *const templates[EVENT_KIND_COUNT] = {
    [EVENT_CONF] = "{at}: {program} now has {key} set to {value}",
    [EVENT_STOP] = "{at}: the program {program} is stopped",
    [EVENT_START] = "{at}: the program {program} runs again",
    [EVENT_BLOCK] = "{at} lets nothing pass from {from} to {to}[, port {port}][ ({how})]",
    [EVENT_TAP] = "{at} overhears: {text}",
    [EVENT_TAMPER] = "{at} changes what passes[: {was}][ becomes {now}]",
    [EVENT_ALLOW] = "{at} lets {addr} send for {for_s}, because {user} has just read mail there",
    [EVENT_GROUP] = "\xE2\x80\x9C{msg}\xE2\x80\x9D is one of the group {name}",
    [EVENT_EXPAND] = "{at}: {rcpt} stands for {to} ({how})",
    [EVENT_FILTER] = "{at} judges \xE2\x80\x9C{msg}\xE2\x80\x9D: {verdict}[, {what}]",
    [EVENT_SPF] = "{at}: SPF {result}[: {addr} for {domain}]",
    [EVENT_DKIM] = "{at}: DKIM {result}[, signed by {domain}][: {what}]",
    [EVENT_DMARC] = "{at}: DMARC {result}[, {domain} asks for {policy}]",
    [EVENT_GREY] = "{at}: greylist, {from} to {rcpt} from {addr}: {state}",
    [EVENT_LOCK] = "{at}: {path}, lock: {result}",
};

static void put_value(const struct log *log, struct arena *arena, enum event_type type,
                      struct slice name, uint32_t value, struct bytes *out)
{
    char time[VTIME_TEXT];
    struct slice text = {"", 0};
    switch (type) {
    case EVENT_TYPE_PLACE:
        text = words_host(log, value);
        break;
    case EVENT_TYPE_MSG:
        text = words_subject(log, arena, value);
        break;
    case EVENT_TYPE_TEXT:
        text = words_first_line(log_text(log, value));
        break;
    case EVENT_TYPE_NUMBER:
    case EVENT_TYPE_BOOL:
    case EVENT_TYPE_LINK:
    case EVENT_TYPE_CONN:
    case EVENT_TYPE_MICROS:
        text = slice_equal(name, SLICE("for_s")) ? vtime_print(value * VTIME_S, time)
                                                 : arena_printf(arena, "%" PRIu32, value);
        break;
    }
    (void)bytes_append(out, text);
}

/* False when a field that stands in it is empty. */
static bool put_part(const struct log *log, struct arena *arena, const struct event *e,
                     struct slice part, struct bytes *out)
{
    bool is_whole = true;
    while (part.size > 0) {
        size_t open = slice_find_octet(part, '{', 0), close = slice_find_octet(part, '}', 0);
        enum event_type type;
        uint32_t value;
        (void)bytes_append(out, slice_part(part, 0, open));
        if (open == SLICE_NONE || close == SLICE_NONE)
            break;
        struct slice name = slice_part(part, open + 1, close);
        size_t before = bytes_size(out);
        if (slice_equal(name, SLICE("program"))) /* the agent that the event is about */
            (void)bytes_append(out, log_place_name(log, e->v[0]));
        else if (log_field(log, e, name, &type, &value))
            put_value(log, arena, type, name, value, out);
        is_whole &= bytes_size(out) > before;
        part = slice_part(part, close + 1, part.size);
    }
    return is_whole;
}

struct slice words_fill(const struct log *log, struct arena *arena, const struct event *e)
{
    struct slice rest = slice_of(templates[e->kind] ? templates[e->kind] : "");
    struct bytes out;
    bytes_init(&out, SIZE_MAX);
    while (rest.size > 0) {
        bool is_optional = rest.data[0] == '[';
        size_t end = slice_find_octet(rest, is_optional ? ']' : '[', 0);
        struct slice part = slice_part(rest, is_optional, end);
        size_t before = bytes_size(&out);
        if (!put_part(log, arena, e, part, &out) && is_optional)
            bytes_truncate(&out, before);
        rest = slice_part(rest, end == SLICE_NONE ? rest.size : end + is_optional, rest.size);
    }
    struct slice words = arena_copy(arena, bytes_slice(&out));
    bytes_finish(&out);
    return words;
}
