/* The functions of the language: a row each. */
#include "agents/mail/header.h"
#include "agents/mail/received.h"
#include "lessons/flow.h"
#include "lessons/predicate_part.h"

static struct value truth(bool is_true)
{
    return (struct value){.type = VALUE_BOOL, .number = is_true};
}

static struct value number(int64_t n)
{
    return (struct value){.type = VALUE_NUMBER, .number = n};
}

static struct value text(struct slice s)
{
    return (struct value){.type = VALUE_TEXT, .text = s};
}

static const struct value nothing = {.type = VALUE_NONE};

static struct slice text_arg(const struct node *call, size_t i)
{
    return call->parts[i]->value.text;
}

/* ---- events ---- */

static struct value run_exists(struct eval *e, const struct node *call)
{
    return truth(predicate_find(e, call->parts[0], 0) != UINT32_MAX);
}

static struct value run_never(struct eval *e, const struct node *call)
{
    return truth(predicate_find(e, call->parts[0], 0) == UINT32_MAX);
}

static struct value run_count(struct eval *e, const struct node *call)
{
    int64_t count = 0;
    for (uint32_t id = predicate_find(e, call->parts[0], 0); id != UINT32_MAX;
         id = predicate_find(e, call->parts[0], id + 1))
        count++;
    return number(count);
}

static struct value time_of(struct eval *e, uint32_t id)
{
    if (id == UINT32_MAX)
        return nothing;
    return (struct value){.type = VALUE_TIME, .number = log_at(e->facts->log, id)->t};
}

static struct value run_time(struct eval *e, const struct node *call)
{
    return time_of(e, predicate_find(e, call->parts[0], 0));
}

static struct value run_last(struct eval *e, const struct node *call)
{
    uint32_t last = UINT32_MAX;
    for (uint32_t id = predicate_find(e, call->parts[0], 0); id != UINT32_MAX;
         id = predicate_find(e, call->parts[0], id + 1))
        last = id;
    return time_of(e, last);
}

static struct value run_before(struct eval *e, const struct node *call)
{
    uint32_t a = predicate_find(e, call->parts[0], 0), b = predicate_find(e, call->parts[1], 0);
    return truth(b != UINT32_MAX && a < b);
}

static struct value run_between(struct eval *e, const struct node *call)
{
    struct value a = time_of(e, predicate_find(e, call->parts[0], 0));
    struct value b = time_of(e, predicate_find(e, call->parts[1], 0));
    if (a.type == VALUE_NONE || b.type == VALUE_NONE)
        return nothing;
    b.number -= a.number;
    return b;
}

/* Of the first event that matches: "push", "pull", or nothing. */
static struct value run_flow(struct eval *e, const struct node *call)
{
    uint32_t id = predicate_find(e, call->parts[0], 0);
    enum flow flow = id == UINT32_MAX ? FLOW_NONE : flow_of(e->facts->log, id);
    if (flow == FLOW_NONE)
        return nothing;
    return text(flow == FLOW_PUSH ? SLICE("push") : SLICE("pull"));
}

/* ---- mailboxes ---- */

static uint32_t message_arg(struct eval *e, const struct node *call)
{
    struct value v = predicate_value(e, call->parts[0]);
    return v.type == VALUE_MESSAGE ? (uint32_t)v.number : 0;
}

/* A message that was never bound lies nowhere, though 0 would be any. */
static const struct fact_copy *copy_arg(struct eval *e, const struct node *call)
{
    uint32_t msg = message_arg(e, call);
    return msg ? facts_copy(e->facts, msg, text_arg(call, 1), 0) : NULL;
}

static struct value run_copies(struct eval *e, const struct node *call)
{
    uint32_t msg = message_arg(e, call);
    return number(msg ? facts_copies(e->facts, msg, text_arg(call, 1)) : 0);
}

static struct value run_in(struct eval *e, const struct node *call)
{
    return truth(copy_arg(e, call) != NULL);
}

static struct value run_messages(struct eval *e, const struct node *call)
{
    return number(facts_copies(e->facts, 0, text_arg(call, 0)));
}

static struct slice header_arg(struct eval *e, const struct node *call)
{
    const struct fact_copy *copy = copy_arg(e, call);
    return copy ? log_text(e->facts->log, copy->header) : SLICE("");
}

static struct value run_received(struct eval *e, const struct node *call)
{
    return number(header_count(header_arg(e, call), SLICE("Received")));
}

/* The id of the host that has this DNS name; the name itself when none has. */
static struct slice host_called(struct eval *e, struct slice name)
{
    const struct log *log = e->facts->log;
    for (uint32_t place = 1; place <= log_place_count(log); place++)
        if (event_as_host(log_place(log, place)) &&
            slice_equal_fold(log_host_name(log, place), name))
            return log_place_name(log, place);
    return name;
}

static struct value run_path(struct eval *e, const struct node *call)
{
    enum { HOPS_MAX = 200 };
    struct slice header = header_arg(e, call);
    unsigned hops = header_count(header, SLICE("Received"));
    hops = hops < HOPS_MAX ? hops : HOPS_MAX;
    struct value list = {.type = VALUE_LIST};
    list.items = arena_take(e->arena, (hops + 1) * sizeof *list.items);
    for (unsigned n = hops; n > 0; n--) {
        struct header_field field;
        struct received r;
        if (header_find(header, SLICE("Received"), n, &field) && received_read(field.value, &r))
            list.items[list.count++] = host_called(e, r.by);
    }
    return list;
}

/*
 * What a grader looks for in a body that was typed by hand: a line of one dot, and one that begins
 * with two (RFC 5321 4.5.2). It is no field of the message.
 */
static struct value dots_of(struct eval *e, const struct node *call)
{
    const struct fact_copy *copy = copy_arg(e, call);
    struct slice body = copy ? log_text(e->facts->log, copy->body) : SLICE(""), line;
    bool has_one = false, has_two = false;
    while (slice_cut(&body, '\n', &line)) {
        if (slice_ends_fold(line, SLICE("\r")))
            line.size--;
        has_one |= slice_equal(line, SLICE("."));
        has_two |= slice_starts(line, SLICE(".."));
    }
    return text(has_one && has_two ? SLICE("ok") : SLICE(""));
}

static struct value run_header(struct eval *e, const struct node *call)
{
    struct header_field field;
    struct bytes out;
    unsigned n = call->count > 3 ? (unsigned)call->parts[3]->value.number : 1;
    if (slice_equal_fold(text_arg(call, 2), SLICE("X-Sim-Body-Dots")))
        return dots_of(e, call);
    if (!header_find(header_arg(e, call), text_arg(call, 2), n, &field))
        return text(SLICE(""));
    bytes_init(&out, SIZE_MAX);
    (void)header_unfold(field.value, &out);
    struct slice value = arena_copy(e->arena, bytes_slice(&out));
    bytes_finish(&out);
    return text(value);
}

static struct value run_size(struct eval *e, const struct node *call)
{
    const struct fact_copy *copy = copy_arg(e, call);
    if (!copy)
        return nothing;
    return number((int64_t)(log_text(e->facts->log, copy->header).size +
                            log_text(e->facts->log, copy->body).size));
}

static struct value run_flags(struct eval *e, const struct node *call)
{
    uint32_t msg = message_arg(e, call);
    const struct facts *f = e->facts;
    struct value list = {.type = VALUE_LIST};
    list.items = arena_take(e->arena, (f->flags.count + 1) * sizeof *list.items);
    for (size_t i = 0; i < f->flags.count; i++)
        if (f->flags.items[i].msg == msg &&
            slice_equal(log_text(f->log, f->flags.items[i].box), text_arg(call, 1)))
            list.items[list.count++] = log_text(f->log, f->flags.items[i].name);
    return list;
}

/* ---- hosts ---- */

static struct value run_queue(struct eval *e, const struct node *call)
{
    return number(facts_waiting(e->facts, text_arg(call, 0), false));
}

static struct value run_outbox(struct eval *e, const struct node *call)
{
    return number(facts_waiting(e->facts, text_arg(call, 0), true));
}

static struct value run_conf(struct eval *e, const struct node *call)
{
    struct slice value;
    if (!facts_setting(e->facts, text_arg(call, 0), text_arg(call, 1), e->arena, &value))
        return nothing;
    return text(value);
}

/* ---- the learner ---- */

static struct value run_predicted(struct eval *e, const struct node *call)
{
    const struct predicate_learner *l = e->learner;
    return truth(l && l->predicted(l->context, text_arg(call, 0)));
}

static struct value run_correct(struct eval *e, const struct node *call)
{
    const struct predicate_learner *l = e->learner;
    return truth(l && l->correct(l->context, text_arg(call, 0)));
}

static struct value run_did(struct eval *e, const struct node *call)
{
    const struct predicate_learner *l = e->learner;
    return truth(l && l->did(l->context, text_arg(call, 0)));
}

static struct value run_answer(struct eval *e, const struct node *call)
{
    const struct predicate_learner *l = e->learner;
    struct slice answer;
    return l && l->answer(l->context, text_arg(call, 0), &answer) ? text(answer) : nothing;
}

static struct value run_number(struct eval *e, const struct node *call)
{
    const struct predicate_learner *l = e->learner;
    int64_t n;
    return l && l->number(l->context, text_arg(call, 0), &n) ? number(n) : nothing;
}

#define MESSAGE_AND_BOX                                                                            \
    {                                                                                              \
        ARGUMENT_MESSAGE, ARGUMENT_BOX                                                             \
    }
const struct function predicate_functions[] = {
    {"exists", VALUE_BOOL, {ARGUMENT_EVENT}, 1, run_exists},
    {"never", VALUE_BOOL, {ARGUMENT_EVENT}, 1, run_never},
    {"count", VALUE_NUMBER, {ARGUMENT_EVENT}, 1, run_count},
    {"time", VALUE_TIME, {ARGUMENT_EVENT}, 1, run_time},
    {"last", VALUE_TIME, {ARGUMENT_EVENT}, 1, run_last},
    {"before", VALUE_BOOL, {ARGUMENT_EVENT, ARGUMENT_EVENT}, 2, run_before},
    {"between", VALUE_TIME, {ARGUMENT_EVENT, ARGUMENT_EVENT}, 2, run_between},
    {"flow", VALUE_TEXT, {ARGUMENT_EVENT}, 1, run_flow},
    {"in", VALUE_BOOL, MESSAGE_AND_BOX, 2, run_in},
    {"copies", VALUE_NUMBER, MESSAGE_AND_BOX, 2, run_copies},
    {"messages", VALUE_NUMBER, {ARGUMENT_BOX}, 1, run_messages},
    {"received", VALUE_NUMBER, MESSAGE_AND_BOX, 2, run_received},
    {"path", VALUE_LIST, MESSAGE_AND_BOX, 2, run_path},
    {"header",
     VALUE_TEXT,
     {ARGUMENT_MESSAGE, ARGUMENT_BOX, ARGUMENT_TEXT, ARGUMENT_NUMBER},
     3,
     run_header},
    {"size", VALUE_NUMBER, MESSAGE_AND_BOX, 2, run_size},
    {"flags", VALUE_LIST, MESSAGE_AND_BOX, 2, run_flags},
    {"queue", VALUE_NUMBER, {ARGUMENT_PLACE}, 1, run_queue},
    {"outbox", VALUE_NUMBER, {ARGUMENT_PLACE}, 1, run_outbox},
    {"conf", VALUE_ANY, {ARGUMENT_PLACE, ARGUMENT_SETTING}, 2, run_conf},
    {"predicted", VALUE_BOOL, {ARGUMENT_QUESTION}, 1, run_predicted},
    {"correct", VALUE_BOOL, {ARGUMENT_QUESTION}, 1, run_correct},
    {"did", VALUE_BOOL, {ARGUMENT_STEP}, 1, run_did},
    {"answer", VALUE_TEXT, {ARGUMENT_QUESTION}, 1, run_answer},
    {"number", VALUE_NUMBER, {ARGUMENT_QUESTION}, 1, run_number},
};
const size_t predicate_function_count = sizeof predicate_functions / sizeof predicate_functions[0];
