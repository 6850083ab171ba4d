/* A recursive descent over the text, with the types of what it finds. */
#include <stdlib.h>

#include "lessons/predicate_scan.h"
#include "sim/base/memory.h"

enum { DEPTH_MAX = 40, CANDIDATES_MAX = 512 };

static const struct node *read_or(struct reader *r);

/* ---- patterns ---- */

static bool field_takes(enum value_type field, enum value_type value)
{
    return field == value || (field == VALUE_MESSAGE && value == VALUE_TEXT) ||
           (field == VALUE_LIST && value == VALUE_TEXT) ||
           (field == VALUE_NUMBER && value == VALUE_MESSAGE);
}

static bool is_place_field(enum event_kind kind, struct slice name)
{
    const struct event_kind_row *row = &event_kinds[kind];
    for (int i = 0; i < row->field_count; i++)
        if (slice_equal(name, slice_of(row->fields[i].name)))
            return row->fields[i].type == EVENT_TYPE_PLACE;
    return kind != EVENT_DSN &&
           (slice_equal(name, SLICE("from")) || slice_equal(name, SLICE("to")));
}

/* Whom or what a constant names must be there. */
static bool check_constant(struct reader *r, const struct node *pattern,
                           const struct pattern_field *field)
{
    const struct node *v = field->value;
    if (v->kind != NODE_CONSTANT || v->type != VALUE_TEXT)
        return true;
    if (r->scope->log && is_place_field(pattern->event_kind, field->name) &&
        !log_find_place(r->scope->log, v->value.text))
        return scan_fail_place(r, v->column, v->value.text) != NULL;
    if (slice_equal(field->name, SLICE("during")) &&
        !scan_is_among(&r->scope->phases, v->value.text))
        return scan_fail_name(r, v->column, "fault or phase", v->value.text, &r->scope->phases) !=
               NULL;
    return true;
}

static bool fail_field(struct reader *r, size_t at, enum event_kind kind, struct slice name)
{
    const char *candidates[EVENT_FIELDS_MAX + 6];
    size_t count = 0;
    const struct event_kind_row *row = &event_kinds[kind];
    for (int i = 0; i < row->field_count; i++)
        candidates[count++] = row->fields[i].name;
    static const char *const derived[] = {"from", "to", "port", "tls", "t", "during"};
    enum value_type unused;
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++)
        if (predicate_field_type(kind, slice_of(derived[i]), &unused))
            candidates[count++] = derived[i];
    struct slice text = arena_printf(r->arena, "field of %s", row->name);
    return scan_fail_unknown(r, at, text.data, name, candidates, count) != NULL;
}

static bool read_field(struct reader *r, struct node *n)
{
    enum value_type type;
    if (n->field_count == FIELDS_MAX)
        return scan_fail(r, r->at, "more than %d fields", FIELDS_MAX) != NULL;
    struct pattern_field *field = &n->fields[n->field_count++];
    scan_peek(r);
    size_t at = r->at;
    field->name = scan_name(r, false);
    if (field->name.size == 0)
        return scan_fail(r, at, "expected a field of %s", event_kinds[n->event_kind].name) != NULL;
    if (!predicate_field_type(n->event_kind, field->name, &type))
        return fail_field(r, at, n->event_kind, field->name);
    field->op = scan_take(r, "!=")  ? COMPARE_UNEQUAL
                : scan_take(r, "=") ? COMPARE_EQUAL
                : scan_take(r, "~") ? COMPARE_HAS
                : scan_take(r, "<") ? COMPARE_LESS
                : scan_take(r, ">") ? COMPARE_MORE
                                    : COMPARE_LESS_EQUAL;
    if (field->op == COMPARE_LESS_EQUAL)
        return scan_fail(r, r->at, "expected =, !=, ~, < or > behind %.*s",
                         SLICE_ARG(field->name)) != NULL;
    scan_peek(r);
    size_t value_at = r->at;
    field->value = read_or(r);
    if (!field->value)
        return false;
    if (!field_takes(type, field->value->type))
        return scan_fail(r, value_at, "%.*s of %s is not of this kind", SLICE_ARG(field->name),
                         event_kinds[n->event_kind].name) != NULL;
    return check_constant(r, n, field);
}

static const struct node *read_pattern(struct reader *r, size_t from, struct slice name)
{
    struct node *n = scan_node(r, NODE_PATTERN, VALUE_EVENT, from);
    int kind = 0;
    while (kind < EVENT_KIND_COUNT && !slice_equal(slice_of(event_kinds[kind].name), name))
        kind++;
    if (kind == EVENT_KIND_COUNT) {
        const char *candidates[EVENT_KIND_COUNT];
        for (int i = 0; i < EVENT_KIND_COUNT; i++)
            candidates[i] = event_kinds[i].name;
        return scan_fail_unknown(r, from, "event", name, candidates, EVENT_KIND_COUNT);
    }
    n->event_kind = (enum event_kind)kind;
    if (scan_peek(r) != '}')
        do
            if (!read_field(r, n))
                return NULL;
        while (scan_take(r, ","));
    if (!scan_take(r, "}"))
        return scan_fail(r, r->at, "expected , or } in %s{...}", event_kinds[kind].name);
    return scan_end(r, n);
}

/* ---- calls ---- */

static bool takes(enum argument argument, enum value_type type)
{
    switch (argument) {
    case ARGUMENT_EVENT:
        return type == VALUE_EVENT;
    case ARGUMENT_MESSAGE:
        return type == VALUE_MESSAGE;
    case ARGUMENT_NUMBER:
        return type == VALUE_NUMBER;
    case ARGUMENT_BOX:
    case ARGUMENT_PLACE:
    case ARGUMENT_STEP:
    case ARGUMENT_QUESTION:
    case ARGUMENT_SETTING:
    case ARGUMENT_TEXT:
        return type == VALUE_TEXT;
    case ARGUMENT_NONE:
        return false;
    }
    return false;
}

static const char *argument_name(enum argument argument)
{
    static const char *const names[] = {
        [ARGUMENT_NONE] = "nothing",
        [ARGUMENT_EVENT] = "an event such as deliver{msg=$M}",
        [ARGUMENT_MESSAGE] = "a message such as $M",
        [ARGUMENT_BOX] = "a mailbox such as \"bob@example.org/INBOX\"",
        [ARGUMENT_PLACE] = "a host or agent in quotes",
        [ARGUMENT_STEP] = "a step in quotes",
        [ARGUMENT_QUESTION] = "a step with a question, in quotes",
        [ARGUMENT_SETTING] = "the name of a setting in quotes",
        [ARGUMENT_TEXT] = "a text in quotes",
        [ARGUMENT_NUMBER] = "a number",
    };
    return names[argument];
}

static bool is_box(struct slice text)
{
    size_t at = slice_find_octet(text, '@', 0);
    return slice_ends_fold(text, SLICE(":Local")) ||
           (at != SLICE_NONE && slice_find_octet(text, '/', at) != SLICE_NONE);
}

static bool check_argument(struct reader *r, enum argument argument, const struct node *n)
{
    if (!takes(argument, n->type))
        return scan_fail(r, n->column - 1, "expected %s here", argument_name(argument)) != NULL;
    if (n->kind != NODE_CONSTANT)
        return true;
    if (argument == ARGUMENT_PLACE && r->scope->log &&
        !log_find_place(r->scope->log, n->value.text))
        return scan_fail_place(r, n->column, n->value.text) != NULL;
    if ((argument == ARGUMENT_STEP || argument == ARGUMENT_QUESTION) &&
        !scan_is_among(&r->scope->steps, n->value.text))
        return scan_fail_name(r, n->column, "step", n->value.text, &r->scope->steps) != NULL;
    if (argument == ARGUMENT_QUESTION && !scan_is_among(&r->scope->asking, n->value.text))
        return scan_fail(r, n->column, "step \"%.*s\" asks nothing", SLICE_ARG(n->value.text)) !=
               NULL;
    if (argument == ARGUMENT_SETTING && !scan_is_among(&r->scope->settings, n->value.text))
        return scan_fail_name(r, n->column, "setting", n->value.text, &r->scope->settings) != NULL;
    if (argument == ARGUMENT_BOX && !is_box(n->value.text))
        return scan_fail(r, n->column, "a mailbox is written user@domain/FOLDER or HOST:Local") !=
               NULL;
    return true;
}

static const struct function *find_function(struct slice name)
{
    for (size_t i = 0; i < predicate_function_count; i++)
        if (slice_equal(slice_of(predicate_functions[i].name), name))
            return &predicate_functions[i];
    return NULL;
}

static const struct node *fail_function(struct reader *r, size_t from, struct slice name)
{
    const char *candidates[CANDIDATES_MAX];
    for (size_t i = 0; i < predicate_function_count; i++)
        candidates[i] = predicate_functions[i].name;
    return scan_fail_unknown(r, from, "function", name, candidates, predicate_function_count);
}

static const struct node *read_call(struct reader *r, size_t from, struct slice name)
{
    struct node *n = scan_node(r, NODE_CALL, VALUE_NONE, from);
    n->function = find_function(name);
    if (!n->function)
        return fail_function(r, from, name);
    n->type = n->function->result;
    if (scan_peek(r) != ')')
        do {
            if (n->count == ARGS_MAX || n->function->args[n->count] == ARGUMENT_NONE)
                return scan_fail(r, r->at, "too many arguments of %s", n->function->name);
            const struct node *arg = read_or(r);
            if (!arg || !check_argument(r, n->function->args[n->count], arg))
                return NULL;
            n->parts[n->count++] = arg;
        } while (scan_take(r, ","));
    if (!scan_take(r, ")"))
        return scan_fail(r, r->at, "expected , or ) in %s(...)", n->function->name);
    if (n->count < n->function->needed)
        return scan_fail(r, r->at - 1, "%s wants %s", n->function->name,
                         argument_name(n->function->args[n->count]));
    return scan_end(r, n);
}

static const struct node *read_named(struct reader *r)
{
    size_t from = r->at;
    struct slice name = scan_name(r, true);
    if (scan_take(r, "{"))
        return read_pattern(r, from, name);
    if (scan_take(r, "("))
        return read_call(r, from, name);
    if (slice_equal(name, SLICE("true")) || slice_equal(name, SLICE("false"))) {
        struct node *n = scan_node(r, NODE_CONSTANT, VALUE_BOOL, from);
        n->value.number = slice_equal(name, SLICE("true"));
        return scan_end(r, n);
    }
    return scan_fail(r, from, "expected ( or { behind \"%.*s\"", SLICE_ARG(name));
}

static const struct node *read_term(struct reader *r)
{
    char c = scan_peek(r);
    if (c == '(') {
        r->at++;
        const struct node *n = read_or(r);
        if (n && !scan_take(r, ")"))
            return scan_fail(r, r->at, "expected )");
        return n;
    }
    if (c >= '0' && c <= '9')
        return scan_number(r);
    if (c == '"')
        return scan_string(r);
    if (c == '[')
        return scan_list(r);
    if (c == '$')
        return scan_variable(r);
    if (scan_is_name_start(c))
        return read_named(r);
    return c ? scan_fail(r, r->at, "expected a value, not \"%c\"", c)
             : scan_fail(r, r->at, "expected a value, not the end");
}

/* ---- operators ---- */

static bool take_op(struct reader *r, enum compare_op *op)
{
    static const struct {
        const char *sign;
        enum compare_op op;
    } signs[] = {{"==", COMPARE_EQUAL},      {"!=", COMPARE_UNEQUAL}, {"<=", COMPARE_LESS_EQUAL},
                 {">=", COMPARE_MORE_EQUAL}, {"<", COMPARE_LESS},     {">", COMPARE_MORE},
                 {"~", COMPARE_HAS}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (scan_take(r, signs[i].sign)) {
            *op = signs[i].op;
            return true;
        }
    return false;
}

static bool is_ordered(enum value_type type)
{
    return type == VALUE_NUMBER || type == VALUE_TIME || type == VALUE_ANY;
}

static bool fits(enum compare_op op, enum value_type a, enum value_type b)
{
    if (a == VALUE_EVENT || b == VALUE_EVENT)
        return false;
    if (op == COMPARE_HAS)
        return (a == VALUE_TEXT || a == VALUE_LIST || a == VALUE_ANY) && b == VALUE_TEXT;
    bool same = a == b || a == VALUE_ANY || b == VALUE_ANY;
    return same &&
           (op == COMPARE_EQUAL || op == COMPARE_UNEQUAL || (is_ordered(a) && is_ordered(b)));
}

static const struct node *read_compare(struct reader *r)
{
    scan_peek(r);
    size_t from = r->at;
    enum compare_op op;
    const struct node *a = read_term(r);
    scan_peek(r);
    size_t at = r->at;
    if (!a || !take_op(r, &op))
        return a;
    const struct node *b = read_term(r);
    if (!b)
        return NULL;
    if (!fits(op, a->type, b->type))
        return scan_fail(r, at,
                         a->type == VALUE_TIME || b->type == VALUE_TIME
                             ? "a duration is compared with a duration, such as 30 min"
                             : "these two can't be compared so");
    struct node *n = scan_node(r, NODE_COMPARE, VALUE_BOOL, from);
    n->op = op;
    n->parts[0] = a;
    n->parts[1] = b;
    n->count = 2;
    return scan_end(r, n);
}

static const struct node *want_truth(struct reader *r, const struct node *n)
{
    if (n && n->type != VALUE_BOOL)
        return scan_fail(r, n->column - 1, "expected something that is true or false");
    return n;
}

static const struct node *read_not(struct reader *r)
{
    scan_peek(r);
    size_t from = r->at;
    if (!scan_word(r, "not"))
        return read_compare(r);
    const struct node *part = want_truth(r, read_compare(r));
    if (!part)
        return NULL;
    struct node *n = scan_node(r, NODE_NOT, VALUE_BOOL, from);
    n->parts[0] = part;
    n->count = 1;
    return scan_end(r, n);
}

/* Operands on the same level become pairs: a and (b and c), so that a node has few parts. */
static const struct node *read_pairs(struct reader *r, enum node_kind kind)
{
    const char *word = kind == NODE_OR ? "or" : "and";
    scan_peek(r);
    size_t from = r->at;
    const struct node *first = kind == NODE_OR ? read_pairs(r, NODE_AND) : read_not(r);
    while (first && scan_word(r, word)) {
        if (!want_truth(r, first))
            return NULL;
        const struct node *second = kind == NODE_OR ? read_pairs(r, NODE_AND) : read_not(r);
        if (!want_truth(r, second))
            return NULL;
        struct node *n = scan_node(r, kind, VALUE_BOOL, from);
        n->parts[0] = first;
        n->parts[1] = second;
        n->count = 2;
        first = scan_end(r, n);
    }
    return first;
}

static const struct node *read_or(struct reader *r)
{
    if (r->depth == DEPTH_MAX)
        return scan_fail(r, r->at, "nested too deeply");
    r->depth++;
    const struct node *n = read_pairs(r, NODE_OR);
    r->depth--;
    return n;
}

struct predicate *predicate_compile(struct slice text, const struct predicate_scope *scope,
                                    struct problem *problem)
{
    struct predicate *p = memory_take(sizeof *p);
    arena_init(&p->arena);
    p->text = arena_copy(&p->arena, text);
    struct reader r = {.arena = &p->arena, .text = p->text, .scope = scope, .problem = problem};
    if (text.size > PREDICATE_TEXT_MAX)
        scan_fail(&r, 0, "longer than %d characters", PREDICATE_TEXT_MAX);
    else
        p->root = want_truth(&r, read_or(&r));
    if (p->root && scan_peek(&r))
        p->root = scan_fail(&r, r.at, "expected \"and\", \"or\" or the end");
    if (p->root)
        return p;
    predicate_destroy(p);
    return NULL;
}

void predicate_destroy(struct predicate *p)
{
    if (!p)
        return;
    arena_finish(&p->arena);
    free(p);
}
