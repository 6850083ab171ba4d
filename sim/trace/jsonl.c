#include "sim/trace/jsonl.h"

#include <inttypes.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/base64.h"
#include "sim/trace/jsonl_words.h"
#include "sim/trace/save.h"
#include "sim/base/utf8.h"

static void put(struct bytes *line, const char *text)
{
    check(bytes_append(line, slice_of(text)));
}

static void put_escape(struct bytes *line, char c)
{
    static const char letters[] = "\"\"\\\\\nn\rr\tt"; /* a character, and its letter behind \ */
    for (size_t i = 0; i + 1 < sizeof letters; i += 2)
        if (letters[i] == c) {
            check(bytes_append(line, (struct slice){(char[]){'\\', letters[i + 1]}, 2}));
            return;
        }
    check(bytes_printf(line, "\\u%04x", (unsigned)c));
}

static bool needs_escape(char c)
{
    return (unsigned char)c < ' ' || c == '"' || c == '\\';
}

/* Runs without anything to escape are copied whole: bodies are most of a trace. */
static void put_string(struct bytes *line, struct slice s)
{
    put(line, "\"");
    for (size_t i = 0; i < s.size; i++) {
        size_t from = i;
        while (i < s.size && !needs_escape(s.data[i]))
            i++;
        check(bytes_append(line, slice_part(s, from, i)));
        if (i < s.size)
            put_escape(line, s.data[i]);
    }
    put(line, "\"");
}

void jsonl_text(struct slice s, struct bytes *line)
{
    if (utf8_is_valid(s) && slice_find_octet(s, '\0', 0) == SLICE_NONE) {
        put_string(line, s);
    } else {
        put(line, "{\"base64\":\"");
        check(base64_write(s, line));
        put(line, "\"}");
    }
}

static void put_number(struct bytes *line, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    check(bytes_append(line, (struct slice){digits + at, sizeof digits - at}));
}

/* As it was called then. One that had lost its name to another place by then is its number. */
static void put_place(const struct log *log, uint32_t event, uint32_t place, struct bytes *line)
{
    uint32_t before = event - 1; /* the first event names no place */
    struct slice name = log_place_name_at(log, place, before);
    if (log->names.count == 0 || place == 0 || log_find_place_at(log, name, before) == place)
        jsonl_text(name, line);
    else
        put_number(line, place);
}

static void put_value(const struct log *log, uint32_t id, enum event_type type, uint32_t value,
                      struct bytes *line)
{
    const struct event *e = log_at(log, id);
    switch (type) {
    case EVENT_TYPE_PLACE:
        put_place(log, id, value, line);
        return;
    case EVENT_TYPE_TEXT:
        jsonl_text(log_text(log, value), line);
        return;
    case EVENT_TYPE_BOOL:
        put(line, value ? "true" : "false");
        return;
    case EVENT_TYPE_NUMBER:
        if (e->kind == EVENT_HOST && value == EVENT_UNSET) {
            put(line, "null");
            return;
        }
        put_number(line, value);
        return;
    case EVENT_TYPE_LINK:
    case EVENT_TYPE_CONN:
    case EVENT_TYPE_MSG:
    case EVENT_TYPE_MICROS:
        put_number(line, value);
        return;
    }
}

static void put_field(const struct log *log, uint32_t id, const char *name, enum event_type type,
                      uint32_t value, struct bytes *line)
{
    put(line, ",\"");
    put(line, name);
    put(line, "\":");
    put_value(log, id, type, value, line);
}

bool jsonl_is_of_connection(enum event_kind kind)
{
    bool has_conn = false;
    for (int i = 0; i < event_kinds[kind].field_count; i++) {
        if (event_kinds[kind].fields[i].type == EVENT_TYPE_PLACE)
            return false;
        has_conn |= event_kinds[kind].fields[i].type == EVENT_TYPE_CONN;
    }
    return has_conn;
}

static void put_derived(const struct log *log, uint32_t id, struct bytes *line)
{
    const struct event *e = log_at(log, id);
    struct log_parties parties;
    if (!jsonl_is_of_connection((enum event_kind)e->kind) || !log_parties(log, e, &parties))
        return;
    put_field(log, id, "from", EVENT_TYPE_PLACE, parties.from, line);
    put_field(log, id, "to", EVENT_TYPE_PLACE, parties.to, line);
    put_field(log, id, "port", EVENT_TYPE_NUMBER, parties.port, line);
    if (parties.tls)
        put_field(log, id, "tls", EVENT_TYPE_BOOL, 1, line);
}

static void put_segment_flags(const struct event *e, struct bytes *line)
{
    static const char letters[] = "FSRPA"; /* from the lowest bit up */
    put(line, ",\"dir\":\"");
    put(line, e->flags & EVENT_SEGMENT_BACK ? "<-" : "->");
    put(line, "\",\"flags\":\"");
    for (int i = 0; letters[i]; i++)
        if (e->flags & 1u << i)
            check(bytes_append_octet(line, letters[i]));
    put(line, "\"");
    if (e->flags & EVENT_SEGMENT_AGAIN)
        put(line, ",\"again\":true");
}

/* Whole numbers above 2^53 are no longer exact in most JSON readers (RFC 7493 2.2): as a string. */
#define EXACT_MAX (INT64_C(1) << 53)

void jsonl_event(const struct log *log, uint32_t id, struct bytes *line)
{
    const struct event *e = log_at(log, id);
    const struct event_kind_row *row = &event_kinds[e->kind];
    const char *quote = e->t > EXACT_MAX ? "\"" : "";
    put(line, "{\"e\":");
    put_number(line, id);
    put(line, ",\"t\":");
    put(line, quote);
    put_number(line, (uint64_t)e->t);
    put(line, quote);
    if (id > 0) {
        put(line, ",\"cause\":");
        put_number(line, e->cause);
    }
    put(line, ",\"kind\":\"");
    put(line, row->name);
    put(line, "\"");
    put_derived(log, id, line);
    if (e->kind == EVENT_TCP_SEGMENT)
        put_segment_flags(e, line);
    for (int i = 0; i < row->field_count; i++)
        if (e->v[i] || !jsonl_is_quiet((enum event_kind)e->kind, i))
            put_field(log, id, row->fields[i].name, row->fields[i].type, e->v[i], line);
    put(line, "}\n");
}

void jsonl_write(const struct log *log, FILE *out)
{
    struct bytes line;
    bytes_init(&line, SIZE_MAX);
    fprintf(out, "{\"mailflow-trace\":%d,\"events\":%" PRIu32 "}\n", JSONL_VERSION, log_count(log));
    for (uint32_t id = 0; id < log_count(log) && !ferror(out); id++) {
        bytes_clear(&line);
        jsonl_event(log, id, &line);
        fwrite(bytes_slice(&line).data, 1, bytes_size(&line), out);
    }
    bytes_finish(&line);
}

bool jsonl_save(const struct log *log, const char *path, struct problem *problem)
{
    struct save save;
    if (!save_open(&save, path, problem))
        return false;
    jsonl_write(log, save.out);
    return save_commit(&save, problem);
}
