#include "lessons/predicate_part.h"

static struct value truth(bool is_true)
{
    return (struct value){.type = VALUE_BOOL, .number = is_true};
}

/* ---- comparing ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters of either case: what a learner writes, and what protocols don't tell apart. */
static bool has_part(struct slice text, struct slice part)
{
    for (size_t at = 0; at + part.size <= text.size; at++) {
        size_t i = 0;
        while (i < part.size && lower(text.data[at + i]) == lower(part.data[i]))
            i++;
        if (i == part.size)
            return true;
    }
    return false;
}

static bool has_member(const struct value *list, struct slice member)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal_fold(list->items[i], member))
            return true;
    return false;
}

static bool same_list(const struct value *a, const struct value *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (!slice_equal(a->items[i], b->items[i]))
            return false;
    return a->count == b->count;
}

/* A setting is a text: its type is that of what it is compared with. */
static struct value as_type(const struct value *v, enum value_type type)
{
    uint64_t number;
    struct value result = *v;
    if (v->type != VALUE_TEXT || type == VALUE_TEXT)
        return result;
    if (type == VALUE_BOOL &&
        (slice_equal(v->text, SLICE("true")) || slice_equal(v->text, SLICE("false"))))
        return truth(slice_equal(v->text, SLICE("true")));
    if (type == VALUE_NUMBER && slice_to_u64(v->text, &number) && number <= INT64_MAX)
        return (struct value){.type = VALUE_NUMBER, .number = (int64_t)number};
    return result;
}

static bool is_equal(const struct value *a, const struct value *b)
{
    if (a->type != b->type || a->type == VALUE_NONE)
        return false;
    if (a->type == VALUE_TEXT)
        return slice_equal(a->text, b->text);
    return a->type == VALUE_LIST ? same_list(a, b) : a->number == b->number;
}

bool predicate_compare(struct eval *e, enum compare_op op, const struct value *left,
                       const struct value *right)
{
    (void)e;
    struct value a = as_type(left, right->type), b = as_type(right, left->type);
    if (op == COMPARE_EQUAL)
        return is_equal(&a, &b);
    if (op == COMPARE_UNEQUAL)
        return !is_equal(&a, &b);
    if (op == COMPARE_HAS)
        return b.type == VALUE_TEXT &&
               (a.type == VALUE_LIST ? has_member(&a, b.text)
                                     : a.type == VALUE_TEXT && has_part(a.text, b.text));
    if (a.type != b.type || (a.type != VALUE_NUMBER && a.type != VALUE_TIME))
        return false; /* what is not there is neither more nor less */
    return op == COMPARE_LESS         ? a.number < b.number
           : op == COMPARE_MORE       ? a.number > b.number
           : op == COMPARE_LESS_EQUAL ? a.number <= b.number
                                      : a.number >= b.number;
}

/* ---- evaluating ---- */

static struct value message_of(struct eval *e, struct slice name)
{
    uint32_t msg = e->learner ? e->learner->message(e->learner->context, name) : 0;
    return (struct value){.type = msg ? VALUE_MESSAGE : VALUE_NONE, .number = msg};
}

struct value predicate_value(struct eval *e, const struct node *n)
{
    switch (n->kind) {
    case NODE_OR:
        return truth(predicate_value(e, n->parts[0]).number ||
                     predicate_value(e, n->parts[1]).number);
    case NODE_AND:
        return truth(predicate_value(e, n->parts[0]).number &&
                     predicate_value(e, n->parts[1]).number);
    case NODE_NOT:
        return truth(!predicate_value(e, n->parts[0]).number);
    case NODE_COMPARE: {
        struct value a = predicate_value(e, n->parts[0]), b = predicate_value(e, n->parts[1]);
        return truth(predicate_compare(e, n->op, &a, &b));
    }
    case NODE_CONSTANT:
        return n->value;
    case NODE_VARIABLE:
        return message_of(e, n->value.text);
    case NODE_CALL:
        return n->function->run(e, n);
    case NODE_PATTERN:
        break;
    }
    return (struct value){.type = VALUE_NONE};
}

bool predicate_holds(const struct predicate *p, const struct facts *facts,
                     const struct predicate_learner *learner, struct arena *arena,
                     struct predicate_reason *reason)
{
    struct eval e = {facts, learner, arena};
    if (predicate_value(&e, p->root).number)
        return true;
    *reason = (struct predicate_reason){.event = PREDICATE_NO_EVENT};
    predicate_explain(&e, p->root, reason);
    return false;
}

static uint32_t first_named(struct eval *e, const struct node *n)
{
    uint32_t event = n->kind == NODE_PATTERN ? predicate_find(e, n, 0) : PREDICATE_NO_EVENT;
    for (size_t i = 0; i < n->count && event == PREDICATE_NO_EVENT; i++)
        event = first_named(e, n->parts[i]);
    return event;
}

uint32_t predicate_event(const struct predicate *p, const struct facts *facts,
                         const struct predicate_learner *learner, struct arena *arena)
{
    struct eval e = {facts, learner, arena};
    return first_named(&e, p->root);
}
