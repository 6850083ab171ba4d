#include "support_match.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>

#include "agents/mail/header.h"
#include "agents/mail/received.h"

enum { TEXTS = 8, TEXT_MAX = 256 };

/* ---- events ---- */

static enum event_kind kind_of(struct slice name, const char *pattern)
{
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
        if (slice_equal(slice_of(event_kinds[kind].name), name))
            return (enum event_kind)kind;
    cr_assert_fail("no such event: %s", pattern);
    return EVENT_KIND_COUNT;
}

static bool has_value(const struct log *log, enum event_type type, uint32_t got,
                      struct slice wanted, bool is_part)
{
    uint64_t number;
    switch (type) {
    case EVENT_TYPE_PLACE:
        return log_find_place(log, wanted) && log_place_is(log, got, log_find_place(log, wanted));
    case EVENT_TYPE_TEXT:
        return is_part ? slice_find(log_text(log, got), wanted, 0) != SLICE_NONE
                       : slice_equal(log_text(log, got), wanted);
    case EVENT_TYPE_BOOL:
        return (got != 0) == slice_equal(wanted, SLICE("true"));
    case EVENT_TYPE_LINK:
    case EVENT_TYPE_CONN:
    case EVENT_TYPE_MSG:
    case EVENT_TYPE_NUMBER:
    case EVENT_TYPE_MICROS:
        break;
    }
    return slice_to_u64(wanted, &number) && number == got;
}

static bool has_field(const struct log *log, const struct event *e, struct slice word,
                      const char *pattern)
{
    enum event_type type;
    uint32_t value;
    size_t mark = slice_find_either(word, '=', '~', 0);
    cr_assert_lt(mark, word.size, "%s", pattern);
    struct slice name = slice_part(word, 0, mark), wanted = slice_part(word, mark + 1, word.size);
    return log_field(log, e, name, &type, &value) &&
           has_value(log, type, value, wanted, word.data[mark] == '~');
}

const struct event *support_match(const struct log *log, uint32_t from, const char *pattern)
{
    struct slice fields = slice_of(pattern), name, word;
    slice_cut(&fields, ' ', &name);
    enum event_kind kind = kind_of(name, pattern);
    for (uint32_t id = from; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        struct slice rest = fields;
        bool fits = e->kind == kind;
        while (fits && slice_cut(&rest, ' ', &word))
            fits = has_field(log, e, word, pattern);
        if (fits)
            return e;
    }
    return NULL;
}

bool support_exists(const struct log *log, const char *pattern)
{
    return support_match(log, 0, pattern) != NULL;
}

static uint32_t id_of(const struct log *log, const struct event *e)
{
    uint32_t id = 0;
    while (log_at(log, id) != e)
        id++;
    return id;
}

uint32_t support_matches(const struct log *log, const char *pattern)
{
    uint32_t count = 0;
    for (const struct event *e = support_match(log, 0, pattern); e;
         e = support_match(log, id_of(log, e) + 1, pattern))
        count++;
    return count;
}

bool support_before(const struct log *log, const char *first, const char *second)
{
    const struct event *a = support_match(log, 0, first), *b = support_match(log, 0, second);
    return a && b && id_of(log, a) < id_of(log, b);
}

int64_t support_between(const struct log *log, const char *first, const char *second)
{
    const struct event *a = support_match(log, 0, first), *b = support_match(log, 0, second);
    cr_assert(a, "%s", first);
    cr_assert(b, "%s", second);
    return (b->t - a->t) / VTIME_S;
}

/* ---- copies ---- */

static const struct event_deliver *copy_of(const struct log *log, uint32_t msg, const char *box,
                                           uint32_t n)
{
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_deliver *e = event_as_deliver(log_at(log, id));
        if (e && e->msg == msg && slice_equal(log_text(log, e->box), slice_of(box)) && n-- == 0)
            return e;
    }
    return NULL;
}

static struct slice header_of(const struct log *log, uint32_t msg, const char *box)
{
    const struct event_deliver *e = copy_of(log, msg, box, 0);
    return e ? log_text(log, e->header) : SLICE("");
}

uint32_t support_copies(const struct log *log, uint32_t msg, const char *box)
{
    uint32_t count = 0;
    while (copy_of(log, msg, box, count))
        count++;
    return count;
}

unsigned support_received(const struct log *log, uint32_t msg, const char *box)
{
    return header_count(header_of(log, msg, box), SLICE("Received"));
}

const char *support_path(const struct log *log, uint32_t msg, const char *box)
{
    static char texts[TEXTS][TEXT_MAX];
    static unsigned next;
    char *text = texts[next++ % TEXTS];
    size_t size = 0;
    struct slice header = header_of(log, msg, box);
    text[0] = '\0';
    for (unsigned n = header_count(header, SLICE("Received")); n > 0; n--) {
        struct header_field field;
        struct received r;
        struct slice by;
        if (!header_find(header, SLICE("Received"), n, &field) || !received_read(field.value, &r))
            continue;
        slice_cut(&r.by, '.', &by);
        size += (size_t)snprintf(text + size, TEXT_MAX - size, "%s%.*s", size ? " " : "",
                                 SLICE_ARG(slice_part(by, 0, 30)));
        cr_assert_lt(size, (size_t)TEXT_MAX);
    }
    return text;
}

bool support_header_has(const struct log *log, uint32_t msg, const char *box, const char *name,
                        unsigned n, const char *part)
{
    struct header_field field;
    return header_find(header_of(log, msg, box), slice_of(name), n, &field) &&
           slice_find(field.value, slice_of(part), 0) != SLICE_NONE;
}

uint32_t support_message(const struct log *log, const char *subject)
{
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_message *e = event_as_message(log_at(log, id));
        if (e && slice_equal(log_text(log, e->subject), slice_of(subject)))
            return e->msg;
    }
    cr_assert_fail("no message \"%s\"", subject);
    return 0;
}
