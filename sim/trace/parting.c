#include "sim/trace/parting.h"

#include <stdlib.h>

#include "sim/base/memory.h"

/* ---- what an event says ---- */

/* Fields that are drawn by lot, or texts that have such names in them. */
static bool is_lot(const char *field)
{
    static const char *const names[] = {"id",      "seq",  "ack",   "data",   "path",      "header",
                                        "body",    "arg",  "text",  "line",   "was",       "now",
                                        "content", "what", "ports", "reason", "local_port"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(field, names[i]) == 0)
            return true;
    return false;
}

/* What was declared and what a person asked for are never drawn by lot. */
static bool is_said(enum event_kind kind)
{
    return kind == EVENT_ADMD || kind == EVENT_HOST || kind == EVENT_AGENT || kind == EVENT_LINK ||
           kind == EVENT_NAT || kind == EVENT_PALETTE || kind == EVENT_INPUT ||
           kind == EVENT_FAULT || kind == EVENT_RECORD || kind == EVENT_CONF ||
           kind == EVENT_RENAME || kind == EVENT_TITLE;
}

struct reader {
    const struct log *log;
    unsigned lots[EVENT_KIND_COUNT]; /* a bit a field */
    uint64_t *conns, *msgs;          /* the keys of what declared them */
};

static void reader_init(struct reader *r, const struct log *log, bool has_lots)
{
    *r = (struct reader){.log = log};
    r->conns = memory_take((log->conns.count + 1) * sizeof *r->conns);
    r->msgs = memory_take((log->msgs.count + 1) * sizeof *r->msgs);
    for (int kind = 0; has_lots && kind < EVENT_KIND_COUNT; kind++)
        for (int i = 0; i < event_kinds[kind].field_count && !is_said((enum event_kind)kind); i++)
            if (is_lot(event_kinds[kind].fields[i].name))
                r->lots[kind] |= 1u << i;
}

static void reader_finish(struct reader *r)
{
    free(r->conns);
    free(r->msgs);
}

static uint64_t key_of_number(const uint64_t *keys, size_t count, uint32_t number)
{
    return number - 1 < count ? keys[number - 1] : 0;
}

static uint64_t mix_field(const struct reader *r, uint64_t key, uint32_t id, int i)
{
    const struct event *e = log_at(r->log, id);
    const struct event_link *link;
    bool is_drawn = r->lots[e->kind] >> i & 1;
    uint32_t value = e->v[i];
    switch (event_kinds[e->kind].fields[i].type) {
    case EVENT_TYPE_PLACE:
        return pairing_mix(key, log_place_name_at(r->log, value, id));
    case EVENT_TYPE_LINK:
        link = log_link(r->log, value);
        return pairing_mix(key, log_text(r->log, link ? link->id : 0));
    case EVENT_TYPE_CONN:
        return pairing_mix_number(key, key_of_number(r->conns, r->log->conns.count, value));
    case EVENT_TYPE_MSG:
        return pairing_mix_number(key, key_of_number(r->msgs, r->log->msgs.count, value));
    case EVENT_TYPE_TEXT:
        return is_drawn ? pairing_mix_number(key, log_text(r->log, value).size)
                        : pairing_mix(key, log_text(r->log, value));
    case EVENT_TYPE_NUMBER:
    case EVENT_TYPE_BOOL:
    case EVENT_TYPE_MICROS:
        return is_drawn ? key : pairing_mix_number(key, value);
    }
    return key;
}

/* Events have to be read in order: later ones are about what earlier ones declare. */
static uint64_t read_event(struct reader *r, uint32_t id)
{
    const struct event *e = log_at(r->log, id);
    uint64_t key = pairing_mix_number(pairing_mix_number(PAIRING_KEY, e->kind), e->flags);
    key = pairing_mix_number(key, (uint64_t)e->t);
    if (e->kind == EVENT_RUN || e->kind == EVENT_TOPOLOGY)
        return key; /* they are compared by themselves */
    for (int i = 0; i < event_kinds[e->kind].field_count; i++)
        key = mix_field(r, key, id, i);
    if (event_as_tcp_connect(e) && event_as_tcp_connect(e)->conn - 1 < r->log->conns.count)
        r->conns[event_as_tcp_connect(e)->conn - 1] = key;
    if (event_as_message(e) && event_as_message(e)->msg - 1 < r->log->msgs.count)
        r->msgs[event_as_message(e)->msg - 1] = key;
    return key;
}

static struct pairing_item *read_all(const struct log *log, bool has_lots)
{
    struct pairing_item *items = memory_take((log_count(log) + 1) * sizeof *items);
    struct reader r;
    reader_init(&r, log, has_lots);
    for (uint32_t id = 0; id < log_count(log); id++)
        items[id] = (struct pairing_item){read_event(&r, id), id};
    reader_finish(&r);
    return items;
}

/* ---- the whole ---- */

static struct slice topology_of(const struct log *log)
{
    for (uint32_t id = 0; id < log_count(log) && id < 2; id++)
        if (event_as_topology(log_at(log, id)))
            return log_text(log, event_as_topology(log_at(log, id))->json);
    return SLICE("");
}

static bool has_other_text(const struct parting *p, int field)
{
    struct slice texts[PARTING_RUNS];
    for (int run = 0; run < PARTING_RUNS; run++) {
        const struct log *log = p->logs[run];
        bool is_run = log_count(log) > 0 && event_as_run(log_at(log, 0));
        texts[run] = log_text(log, is_run ? log_at(log, 0)->v[field] : 0);
    }
    return !slice_equal(texts[0], texts[1]);
}

static void compare_runs(struct parting *p)
{
    p->has_other_seed = has_other_text(p, 1);
    p->has_other_program = has_other_text(p, 3);
    p->has_other_epoch = log_epoch_s(p->logs[0]) != log_epoch_s(p->logs[1]);
    p->has_other_file = !slice_equal(topology_of(p->logs[0]), topology_of(p->logs[1]));
}

/* The events that only say what there is. */
static uint32_t count_declared(const struct log *log)
{
    uint32_t id = 0;
    for (; id < log_count(log); id++) {
        enum event_kind kind = (enum event_kind)log_at(log, id)->kind;
        if (kind > EVENT_PALETTE || log_at(log, id)->t != 0)
            break;
    }
    return id;
}

static void match(struct parting *p)
{
    struct pairing pairing = {0};
    struct pairing_item *items[PARTING_RUNS];
    for (int run = 0; run < PARTING_RUNS; run++) {
        items[run] = read_all(p->logs[run], p->has_other_seed);
        for (uint32_t id = 0; id < log_count(p->logs[run]); id++)
            *vector_add(&p->match[run]) = 0;
    }
    pairing_make(&pairing, items[0], log_count(p->logs[0]), items[1], log_count(p->logs[1]));
    for (size_t i = 0; i < pairing.rows.count; i++) {
        const struct pairing_row *row = &pairing.rows.items[i];
        if (row->here)
            p->match[0].items[row->here - 1] = row->there;
        if (row->there)
            p->match[1].items[row->there - 1] = row->here;
    }
    pairing_finish(&pairing);
    free(items[0]);
    free(items[1]);
}

static void find_first(struct parting *p, int run)
{
    uint32_t id = 0, count = log_count(p->logs[run]);
    for (; id < p->declared[run]; id++)
        p->has_other_network |= !parting_has_both(p, run, id);
    while (id < count && p->match[run].items[id])
        id++;
    p->first[run] = id < count ? id : PARTING_NONE;
    p->is_parted |= id < count;
}

/* They part at the first thing that only one of them has; what is the same up to then is counted in
   that one. */
static void find_moment(struct parting *p)
{
    int run = 0;
    if (p->first[0] == PARTING_NONE)
        run = 1;
    else if (p->first[1] != PARTING_NONE)
        run = log_at(p->logs[1], p->first[1])->t < log_at(p->logs[0], p->first[0])->t;
    uint32_t end = p->is_parted ? p->first[run] : log_count(p->logs[0]);
    run = p->is_parted ? run : 0;
    p->t = p->is_parted ? log_at(p->logs[run], end)->t : log_end(p->logs[0]);
    p->same = end > p->declared[run] ? end - p->declared[run] : 0;
    p->same_t = p->same ? log_at(p->logs[run], end - 1)->t : 0;
}

void parting_find(struct parting *parting, const struct log *here, const struct log *there)
{
    *parting = (struct parting){.logs = {here, there}};
    compare_runs(parting);
    match(parting);
    for (int run = 0; run < PARTING_RUNS; run++) {
        parting->declared[run] = count_declared(parting->logs[run]);
        find_first(parting, run);
    }
    find_moment(parting);
}

void parting_finish(struct parting *parting)
{
    vector_finish(&parting->match[0]);
    vector_finish(&parting->match[1]);
}

bool parting_is_same(const struct parting *p)
{
    return !p->is_parted && !p->has_other_network && !p->has_other_file && !p->has_other_epoch;
}

bool parting_has_both(const struct parting *p, int run, uint32_t event)
{
    enum event_kind kind = (enum event_kind)log_at(p->logs[run], event)->kind;
    return kind == EVENT_RUN || kind == EVENT_TOPOLOGY || p->match[run].items[event] != 0;
}

uint32_t parting_cause(const struct parting *p, int run, uint32_t event)
{
    const struct log *log = p->logs[run];
    if (parting_has_both(p, run, event))
        return PARTING_NONE;
    while (event > 0 && !parting_has_both(p, run, log_at(log, event)->cause))
        event = log_at(log, event)->cause;
    return event;
}

static struct pairing_item *read_messages(const struct log *log)
{
    struct pairing_item *items = memory_take((log->msgs.count + 1) * sizeof *items);
    for (uint32_t i = 0; i < log->msgs.count; i++) {
        const struct event_message *msg = log_msg(log, i + 1);
        uint64_t key = pairing_mix(PAIRING_KEY, log_text(log, msg->from));
        key = pairing_mix(key, log_text(log, msg->to));
        items[i] = (struct pairing_item){pairing_mix(key, log_text(log, msg->subject)), i};
    }
    return items;
}

static int by_number(const void *a, const void *b)
{
    const struct pairing_row *p = a, *q = b;
    uint32_t x = p->here ? p->here : UINT32_MAX, y = q->here ? q->here : UINT32_MAX;
    if (x != y)
        return x < y ? -1 : 1;
    return p->there < q->there ? -1 : p->there > q->there;
}

void parting_pair_messages(const struct log *here, const struct log *there, struct pairing *pairing)
{
    struct pairing_item *a = read_messages(here), *b = read_messages(there);
    pairing_make(pairing, a, here->msgs.count, b, there->msgs.count);
    if (pairing->rows.count)
        qsort(pairing->rows.items, pairing->rows.count, sizeof *pairing->rows.items, by_number);
    free(a);
    free(b);
}
