/* Which events a pattern means. */
#include "lessons/predicate_part.h"

static enum value_type type_of(enum event_type type)
{
    switch (type) {
    case EVENT_TYPE_PLACE:
    case EVENT_TYPE_TEXT:
        return VALUE_TEXT;
    case EVENT_TYPE_LINK:
    case EVENT_TYPE_CONN:
    case EVENT_TYPE_NUMBER:
        return VALUE_NUMBER;
    case EVENT_TYPE_MSG:
        return VALUE_MESSAGE;
    case EVENT_TYPE_BOOL:
        return VALUE_BOOL;
    case EVENT_TYPE_MICROS:
        return VALUE_TIME;
    }
    return VALUE_NONE;
}

static bool is_of_connection(enum event_kind kind)
{
    const struct event_kind_row *row = &event_kinds[kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].type == EVENT_TYPE_CONN)
            return true;
    return false;
}

bool predicate_field_type(enum event_kind kind, struct slice name, enum value_type *type)
{
    const struct event_kind_row *row = &event_kinds[kind];
    for (int i = 0; i < row->field_count; i++)
        if (slice_equal(name, slice_of(row->fields[i].name))) {
            *type = type_of(row->fields[i].type);
            return true;
        }
    *type = VALUE_TEXT;
    if (slice_equal(name, SLICE("from")))
        return is_of_connection(kind) || kind == EVENT_DSN;
    if (slice_equal(name, SLICE("to")))
        return is_of_connection(kind);
    *type = slice_equal(name, SLICE("port"))     ? VALUE_NUMBER
            : slice_equal(name, SLICE("tls"))    ? VALUE_BOOL
            : slice_equal(name, SLICE("t"))      ? VALUE_TIME
            : slice_equal(name, SLICE("during")) ? VALUE_LIST
                                                 : VALUE_NONE;
    if (*type == VALUE_NUMBER || *type == VALUE_BOOL)
        return is_of_connection(kind);
    return *type != VALUE_NONE;
}

/* A robot's group stands for each of its messages. */
static bool is_in_group(const struct facts *facts, uint32_t msg, struct slice name)
{
    for (uint32_t id = 0; id < facts->count; id++) {
        const struct event_group *e = event_as_group(log_at(facts->log, id));
        if (e && e->msg == msg && slice_equal(log_text(facts->log, e->name), name))
            return true;
    }
    return false;
}

static bool is_place(const struct eval *e, uint32_t place, struct slice name, uint32_t event)
{
    uint32_t wanted = log_find_place_at(e->facts->log, name, event);
    if (!wanted)
        wanted = log_find_place(e->facts->log, name);
    return wanted && log_place_is(e->facts->log, place, wanted);
}

/* What an event's field holds, to be compared as any other value. */
static struct value field_value(const struct eval *e, enum event_type type, uint32_t raw)
{
    struct value v = {.type = type_of(type), .number = raw};
    if (type == EVENT_TYPE_TEXT)
        v.text = log_text(e->facts->log, raw);
    if (type == EVENT_TYPE_MICROS)
        v.number = (int64_t)raw * 1000;
    if (type == EVENT_TYPE_NUMBER && raw == EVENT_UNSET)
        v.type = VALUE_NONE;
    return v;
}

static bool fits_derived(struct eval *e, uint32_t event, const struct pattern_field *f,
                         const struct value *wanted)
{
    if (slice_equal(f->name, SLICE("during"))) {
        bool is_during = facts_is_during(e->facts, wanted->text, event);
        return is_during == (f->op != COMPARE_UNEQUAL);
    }
    struct value t = {.type = VALUE_TIME, .number = log_at(e->facts->log, event)->t};
    return slice_equal(f->name, SLICE("t")) && predicate_compare(e, f->op, &t, wanted);
}

/* The null reverse-path of a notice is written "<>". */
static bool fits_field(struct eval *e, uint32_t event, const struct pattern_field *f)
{
    enum event_type type;
    uint32_t raw;
    const struct event *ev = log_at(e->facts->log, event);
    struct value wanted = predicate_value(e, f->value);
    if (!log_field(e->facts->log, ev, f->name, &type, &raw))
        return fits_derived(e, event, f, &wanted);
    bool is_equality = f->op == COMPARE_EQUAL || f->op == COMPARE_UNEQUAL;
    if (type == EVENT_TYPE_PLACE && is_equality)
        return is_place(e, raw, wanted.text, event) == (f->op == COMPARE_EQUAL);
    if (type == EVENT_TYPE_MSG && wanted.type == VALUE_TEXT)
        return is_in_group(e->facts, raw, wanted.text) == (f->op != COMPARE_UNEQUAL);
    struct value got = field_value(e, type, raw);
    if (ev->kind == EVENT_DSN && slice_equal(f->name, SLICE("from")))
        got.text = SLICE("<>");
    if (type == EVENT_TYPE_PLACE)
        got.text = log_place_name_at(e->facts->log, raw, event);
    return predicate_compare(e, f->op, &got, &wanted);
}

size_t predicate_fitting(struct eval *e, const struct node *pattern, uint32_t event,
                         const struct pattern_field **unfit)
{
    size_t count = 0;
    *unfit = NULL;
    for (size_t i = 0; i < pattern->field_count; i++) {
        bool fits = fits_field(e, event, &pattern->fields[i]);
        count += fits;
        if (!fits && !*unfit)
            *unfit = &pattern->fields[i];
    }
    return count;
}

uint32_t predicate_find(struct eval *e, const struct node *pattern, uint32_t from)
{
    for (uint32_t id = from; id < e->facts->count; id++) {
        if (log_at(e->facts->log, id)->kind != pattern->event_kind)
            continue;
        size_t i = 0;
        while (i < pattern->field_count && fits_field(e, id, &pattern->fields[i]))
            i++;
        if (i == pattern->field_count)
            return id;
    }
    return UINT32_MAX;
}
