/* Characters and constants of the language, and problems with them. */
#include "lessons/predicate_scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/vtime.h"

enum { CANDIDATES_MAX = 512 };

/* ---- problems ---- */

const struct node *scan_fail(struct reader *r, size_t at, const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    problem_at(r->problem, r->problem->file, r->problem->line ? r->problem->line : 1, (int)at + 1);
    problem_set(r->problem, "%s", what);
    return NULL;
}

/* "unknown WHAT "name"; did you mean "nearest"?" */
const struct node *scan_fail_unknown(struct reader *r, size_t at, const char *what,
                                     struct slice name, const char *const *candidates, size_t count)
{
    const char *nearest = problem_nearest(name, candidates, count);
    if (nearest)
        return scan_fail(r, at, "unknown %s \"%.*s\"; did you mean \"%s\"?", what, SLICE_ARG(name),
                         nearest);
    return scan_fail(r, at, "unknown %s \"%.*s\"", what, SLICE_ARG(name));
}

const struct node *scan_fail_name(struct reader *r, size_t at, const char *what, struct slice name,
                                  const struct predicate_names *names)
{
    const char *candidates[CANDIDATES_MAX];
    size_t count = 0;
    for (; count < names->count && count < CANDIDATES_MAX; count++)
        candidates[count] = arena_copy(r->arena, names->items[count]).data;
    return scan_fail_unknown(r, at, what, name, candidates, count);
}

bool scan_is_among(const struct predicate_names *names, struct slice name)
{
    for (size_t i = 0; i < names->count; i++)
        if (slice_equal(names->items[i], name))
            return true;
    return !names->is_known;
}

const struct node *scan_fail_place(struct reader *r, size_t at, struct slice name)
{
    const char *candidates[CANDIDATES_MAX];
    size_t count = 0;
    for (uint32_t p = 1; p <= log_place_count(r->scope->log) && count < CANDIDATES_MAX; p++)
        candidates[count++] = arena_copy(r->arena, log_place_name(r->scope->log, p)).data;
    return scan_fail_unknown(r, at, "host or agent", name, candidates, count);
}

/* ---- characters ---- */

bool scan_is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c)
{
    return scan_is_name_start(c) || (c >= '0' && c <= '9') || c == '-';
}

char scan_peek(struct reader *r)
{
    while (r->at < r->text.size && (r->text.data[r->at] == ' ' || r->text.data[r->at] == '\n' ||
                                    r->text.data[r->at] == '\t' || r->text.data[r->at] == '\r'))
        r->at++;
    return r->at < r->text.size ? r->text.data[r->at] : '\0';
}

bool scan_take(struct reader *r, const char *sign)
{
    scan_peek(r);
    if (!slice_starts(slice_part(r->text, r->at, r->text.size), slice_of(sign)))
        return false;
    r->at += strlen(sign);
    return true;
}

/* A name off the text; "" when none begins here. Dots belong to it when it names an event. */
struct slice scan_name(struct reader *r, bool has_dots)
{
    scan_peek(r);
    size_t from = r->at;
    if (from < r->text.size && scan_is_name_start(r->text.data[from]))
        while (r->at < r->text.size &&
               (is_name(r->text.data[r->at]) || (has_dots && r->text.data[r->at] == '.')))
            r->at++;
    return slice_part(r->text, from, r->at);
}

bool scan_word(struct reader *r, const char *word)
{
    size_t before = r->at;
    if (slice_equal(scan_name(r, false), slice_of(word)))
        return true;
    r->at = before;
    return false;
}

struct node *scan_node(struct reader *r, enum node_kind kind, enum value_type type, size_t from)
{
    struct node *n = arena_take(r->arena, sizeof *n);
    n->kind = kind;
    n->type = n->value.type = type;
    n->column = (uint32_t)from + 1;
    return n;
}

const struct node *scan_end(struct reader *r, struct node *n)
{
    n->source = slice_trim(slice_part(r->text, n->column - 1, r->at));
    return n;
}

/* ---- terms ---- */

const struct node *scan_number(struct reader *r)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"ms", VTIME_MS},
                 {"min", VTIME_MIN},
                 {"s", VTIME_S},
                 {"h", 60 * VTIME_MIN},
                 {"d", 24 * 60 * VTIME_MIN}};
    const int64_t most = INT64_MAX / 10 - 9;
    struct node *n = scan_node(r, NODE_CONSTANT, VALUE_NUMBER, r->at);
    while (r->at < r->text.size && r->text.data[r->at] >= '0' && r->text.data[r->at] <= '9') {
        if (n->value.number > most)
            return scan_fail(r, n->column - 1, "a number that is too large");
        n->value.number = n->value.number * 10 + (r->text.data[r->at++] - '0');
    }
    size_t before = r->at;
    struct slice unit = scan_name(r, false);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (slice_equal(unit, slice_of(units[i].name))) {
            if (n->value.number > INT64_MAX / units[i].ns)
                return scan_fail(r, n->column - 1, "a duration that is too long");
            n->type = n->value.type = VALUE_TIME;
            n->value.number *= units[i].ns;
            return scan_end(r, n);
        }
    r->at = before;
    return scan_end(r, n);
}

/* In double quotes; \" and \\ stand for what follows the backslash. */
const struct node *scan_string(struct reader *r)
{
    struct node *n = scan_node(r, NODE_CONSTANT, VALUE_TEXT, r->at++);
    char *out = arena_take(r->arena, r->text.size - r->at + 1);
    size_t size = 0;
    while (r->at < r->text.size && r->text.data[r->at] != '"') {
        if (r->text.data[r->at] == '\\' && r->at + 1 < r->text.size)
            r->at++;
        out[size++] = r->text.data[r->at++];
    }
    if (r->at >= r->text.size)
        return scan_fail(r, n->column - 1, "a text without its closing \"");
    r->at++;
    n->value.text = (struct slice){out, size};
    return scan_end(r, n);
}

const struct node *scan_list(struct reader *r)
{
    enum { ITEMS_MAX = 64 };
    struct slice items[ITEMS_MAX];
    struct node *n = scan_node(r, NODE_CONSTANT, VALUE_LIST, r->at++);
    while (scan_peek(r) != ']') {
        if (n->value.count == ITEMS_MAX)
            return scan_fail(r, r->at, "a list of more than %d", ITEMS_MAX);
        if (scan_peek(r) != '"')
            return scan_fail(r, r->at, "expected a text in the list");
        const struct node *item = scan_string(r);
        if (!item)
            return NULL;
        items[n->value.count++] = item->value.text;
        if (!scan_take(r, ",") && scan_peek(r) != ']')
            return scan_fail(r, r->at, "expected , or ] in the list");
    }
    r->at++;
    n->value.items = arena_take(r->arena, n->value.count * sizeof items[0] + 1);
    memcpy(n->value.items, items, n->value.count * sizeof items[0]);
    return scan_end(r, n);
}

const struct node *scan_variable(struct reader *r)
{
    struct node *n = scan_node(r, NODE_VARIABLE, VALUE_MESSAGE, r->at++);
    n->value.text = scan_name(r, false);
    if (n->value.text.size == 0)
        return scan_fail(r, n->column - 1, "expected a name behind $");
    if (!scan_is_among(&r->scope->variables, n->value.text))
        return scan_fail_name(r, n->column - 1, "message, which no step binds:", n->value.text,
                              &r->scope->variables);
    return scan_end(r, n);
}
