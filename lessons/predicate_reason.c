/* Why a check does not hold, in words that help. */
#include <inttypes.h>

#include "lessons/predicate_part.h"

/* ---- values in words ---- */

static struct slice list_words(struct eval *e, const struct value *v)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < v->count; i++)
        all = arena_printf(e->arena, "%.*s%s%.*s", SLICE_ARG(all), i ? ", " : "",
                           SLICE_ARG(v->items[i]));
    return v->count ? all : SLICE("nothing");
}

static struct slice time_words(struct eval *e, int64_t ns)
{
    static const struct {
        const char *name;
        int64_t s;
    } units[] = {{"d", 86400}, {"h", 3600}, {"min", 60}};
    int64_t s = ns / 1000000000, ms = ns / 1000000 % 1000;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (s >= units[i].s && s % units[i].s == 0)
            return arena_printf(e->arena, "%" PRId64 " %s", s / units[i].s, units[i].name);
    return ms ? arena_printf(e->arena, "%" PRId64 ".%03" PRId64 " s", s, ms)
              : arena_printf(e->arena, "%" PRId64 " s", s);
}

static struct slice words(struct eval *e, const struct value *v)
{
    switch (v->type) {
    case VALUE_NONE:
        return SLICE("nothing");
    case VALUE_BOOL:
        return v->number ? SLICE("true") : SLICE("false");
    case VALUE_NUMBER:
        return arena_printf(e->arena, "%" PRId64, v->number);
    case VALUE_TIME:
        return time_words(e, v->number);
    case VALUE_TEXT:
        return v->text.size ? v->text : SLICE("empty");
    case VALUE_LIST:
        return list_words(e, v);
    case VALUE_MESSAGE:
        return arena_printf(e->arena, "message %" PRId64, v->number);
    case VALUE_EVENT:
    case VALUE_ANY:
        break;
    }
    return SLICE("");
}

/* ---- patterns ---- */

/* The event of that kind of which most fields fit. */
static uint32_t nearest(struct eval *e, const struct node *pattern,
                        const struct pattern_field **unfit)
{
    uint32_t best = UINT32_MAX;
    size_t most = 0;
    *unfit = NULL;
    for (uint32_t id = 0; id < e->facts->count; id++) {
        const struct pattern_field *f;
        if (log_at(e->facts->log, id)->kind != pattern->event_kind)
            continue;
        size_t fitting = predicate_fitting(e, pattern, id, &f) + 1;
        if (fitting > most) {
            most = fitting;
            best = id;
            *unfit = f;
        }
    }
    return best;
}

static struct slice field_words(struct eval *e, uint32_t event, struct slice name)
{
    enum event_type type;
    uint32_t raw;
    const struct log *log = e->facts->log;
    if (!log_field(log, log_at(log, event), name, &type, &raw)) /* when it happened */
        return words(e, &(struct value){.type = VALUE_TIME, .number = log_at(log, event)->t});
    if (type == EVENT_TYPE_PLACE)
        return log_place_name_at(log, raw, event);
    if (type == EVENT_TYPE_TEXT)
        return words(e, &(struct value){.type = VALUE_TEXT, .text = log_text(log, raw)});
    if (type == EVENT_TYPE_BOOL)
        return raw ? SLICE("true") : SLICE("false");
    enum value_type of = raw == EVENT_UNSET       ? VALUE_NONE
                         : type == EVENT_TYPE_MSG ? VALUE_MESSAGE
                                                  : VALUE_NUMBER;
    return words(e, &(struct value){.type = of, .number = raw});
}

/* What the nearest one has instead. */
static struct slice unfit_words(struct eval *e, uint32_t event, const struct pattern_field *f)
{
    if (!slice_equal(f->name, SLICE("during")))
        return arena_printf(e->arena, "in the one that comes nearest, %.*s is %.*s",
                            SLICE_ARG(f->name), SLICE_ARG(field_words(e, event, f->name)));
    return arena_printf(e->arena, "the one that comes nearest is %sduring %.*s",
                        f->op == COMPARE_UNEQUAL ? "" : "not ", SLICE_ARG(f->value->source));
}

static void explain_missing(struct eval *e, const struct node *pattern,
                            struct predicate_reason *reason)
{
    const struct pattern_field *f;
    const char *kind = event_kinds[pattern->event_kind].name;
    reason->event = nearest(e, pattern, &f);
    if (reason->event == UINT32_MAX)
        reason->text = arena_printf(e->arena, "there is no %s (%s)", kind,
                                    event_kinds[pattern->event_kind].meaning);
    else if (f)
        reason->text = arena_printf(e->arena, "there is no %.*s; %.*s", SLICE_ARG(pattern->source),
                                    SLICE_ARG(unfit_words(e, reason->event, f)));
    else
        reason->text =
            arena_printf(e->arena, "there is %.*s, but not so", SLICE_ARG(pattern->source));
}

static bool is_missing(struct eval *e, const struct node *pattern)
{
    return predicate_find(e, pattern, 0) == UINT32_MAX;
}

/* ---- calls ---- */

static void explain_before(struct eval *e, const struct node *call, struct predicate_reason *reason)
{
    for (size_t i = 0; i < 2; i++)
        if (is_missing(e, call->parts[i])) {
            explain_missing(e, call->parts[i], reason);
            return;
        }
    reason->event = predicate_find(e, call->parts[0], 0);
    reason->text =
        arena_printf(e->arena, "%.*s comes after %.*s", SLICE_ARG(call->parts[0]->source),
                     SLICE_ARG(call->parts[1]->source));
}

static void explain_call(struct eval *e, const struct node *call, bool wanted,
                         struct predicate_reason *reason)
{
    const struct node *first = call->count ? call->parts[0] : NULL;
    bool is_pattern = first && first->type == VALUE_EVENT;
    if (is_pattern && call->count == 2 && wanted) {
        explain_before(e, call, reason);
    } else if (is_pattern && is_missing(e, first)) {
        explain_missing(e, first, reason);
    } else if (is_pattern) {
        reason->event = predicate_find(e, first, 0);
        reason->text = arena_printf(e->arena, "there is %.*s", SLICE_ARG(first->source));
    } else {
        reason->text = arena_printf(e->arena, "%.*s is %s", SLICE_ARG(call->source),
                                    wanted ? "false" : "true");
    }
}

/* count(...) and between(...) that are not what they should be: which event is missing, or what
   they are. */
static void explain_compare(struct eval *e, const struct node *n, struct predicate_reason *reason)
{
    for (size_t i = 0; i < n->count; i++) {
        const struct node *part = n->parts[i];
        for (size_t j = 0; part->kind == NODE_CALL && j < part->count; j++)
            if (part->parts[j]->type == VALUE_EVENT && is_missing(e, part->parts[j])) {
                explain_missing(e, part->parts[j], reason);
                return;
            }
    }
    struct value a = predicate_value(e, n->parts[0]);
    reason->text = arena_printf(e->arena, "%.*s is %.*s", SLICE_ARG(n->parts[0]->source),
                                SLICE_ARG(words(e, &a)));
}

static void explain(struct eval *e, const struct node *n, bool wanted,
                    struct predicate_reason *reason)
{
    reason->column = n->column;
    if (n->kind == NODE_NOT) {
        explain(e, n->parts[0], !wanted, reason);
    } else if (n->kind == NODE_AND || n->kind == NODE_OR) {
        bool is_first = (predicate_value(e, n->parts[0]).number != 0) != wanted;
        explain(e, n->parts[is_first ? 0 : 1], wanted, reason);
    } else if (n->kind == NODE_CALL) {
        explain_call(e, n, wanted, reason);
    } else if (n->kind == NODE_COMPARE) {
        explain_compare(e, n, reason);
    } else {
        reason->text = arena_printf(e->arena, "%.*s is false", SLICE_ARG(n->source));
    }
}

void predicate_explain(struct eval *e, const struct node *n, struct predicate_reason *reason)
{
    explain(e, n, true, reason);
}
