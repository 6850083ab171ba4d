/* What is worth saying of two runs, before it is said in any form. */
#include <stdlib.h>

#include "export/differences.h"
#include "export/fate.h"
#include "sim/base/memory.h"

/* ---- causes ---- */

static bool is_packet(const struct event *e)
{
    return e->kind == EVENT_TCP_SEGMENT || e->kind == EVENT_UDP_DATAGRAM;
}

void differences_chain(const struct parting *p, int run, struct differences_chain *chain)
{
    const struct log *log = p->logs[run];
    uint32_t id = p->first[run];
    *chain = (struct differences_chain){0};
    for (; id != PARTING_NONE; id = id ? log_at(log, id)->cause : PARTING_NONE)
        if (id == p->first[run] || !is_packet(log_at(log, id)))
            *vector_add(&chain->ids) = id;
    for (size_t i = 0, j = chain->ids.count; i + 1 < j; i++) {
        uint32_t swap = chain->ids.items[--j];
        chain->ids.items[j] = chain->ids.items[i];
        chain->ids.items[i] = swap;
    }
}

/* ---- the topology's text ---- */

static struct slice text_of(const struct log *log)
{
    const struct event_topology *topology =
        log_count(log) > 1 ? event_as_topology(log_at(log, 1)) : NULL;
    return log_text(log, topology ? topology->json : 0);
}

size_t differences_file(const struct parting *p, struct slice lines[PARTING_RUNS])
{
    struct slice a = text_of(p->logs[0]), b = text_of(p->logs[1]);
    for (size_t number = 1; a.size || b.size; number++) {
        if (!slice_cut(&a, '\n', &lines[0]))
            lines[0] = SLICE("");
        if (!slice_cut(&b, '\n', &lines[1]))
            lines[1] = SLICE("");
        if (!slice_equal(lines[0], lines[1]))
            return number;
    }
    return 0;
}

/* ---- fates ---- */

static struct slice rcpt_of(const struct parting *p, int run, const struct fate *fate)
{
    return log_text(p->logs[run], fate->rcpt);
}

static const struct fate *find_rcpt(const struct parting *p, const struct fates *fates, int run,
                                    uint32_t msg, struct slice rcpt)
{
    const struct fate *fate = msg ? fates_first(fates, msg) : NULL;
    while (fate && !slice_equal(rcpt_of(p, run, fate), rcpt))
        fate = fates_next(fates, fate);
    return fate;
}

static bool is_same_end(const struct parting *p, const struct fate *a, const struct fate *b)
{
    if (a->state != b->state || a->copies != b->copies || !a->fetch != !b->fetch ||
        !a->notice != !b->notice)
        return false;
    return slice_equal(log_place_name(p->logs[0], a->holder),
                       log_place_name(p->logs[1], b->holder));
}

static int64_t end_t(const struct parting *p, int run, const struct fate *fate)
{
    return log_at(p->logs[run], fate->event)->t;
}

static void judge(const struct parting *p, struct differences_fate *row)
{
    const struct fate *a = row->fate[0], *b = row->fate[1];
    if (!row->msg[0] != !row->msg[1] || !a != !b || (a && !is_same_end(p, a, b)))
        row->kind = DIFFERENCES_OTHER;
    else if (a && end_t(p, 0, a) != end_t(p, 1, b))
        row->kind = DIFFERENCES_IN_TIME;
}

/* A message's recipients: those of the first run, then those that only the second one knows. */
static void add_message(const struct parting *p, struct differences_fates *f, uint32_t here,
                        uint32_t there)
{
    const uint32_t msgs[] = {here, there};
    size_t before = f->rows.count;
    for (int run = 0; run < PARTING_RUNS; run++) {
        const struct fate *fate = msgs[run] ? fates_first(f->fates[run], msgs[run]) : NULL;
        for (; fate; fate = fates_next(f->fates[run], fate)) {
            struct slice rcpt = rcpt_of(p, run, fate);
            const struct fate *other =
                find_rcpt(p, f->fates[1 - run], 1 - run, msgs[1 - run], rcpt);
            if (run == 1 && other)
                continue;
            struct differences_fate *row = vector_add(&f->rows);
            *row = (struct differences_fate){.msg = {here, there}, .rcpt = rcpt};
            row->fate[run] = fate;
            row->fate[1 - run] = other;
            judge(p, row);
        }
    }
    if (f->rows.count > before)
        return;
    struct differences_fate *row = vector_add(&f->rows);
    *row = (struct differences_fate){.msg = {here, there}};
    judge(p, row);
}

void differences_fates(const struct parting *p, struct differences_fates *f)
{
    struct pairing pairing = {0};
    *f = (struct differences_fates){0};
    for (int run = 0; run < PARTING_RUNS; run++) {
        f->fates[run] = memory_take(sizeof *f->fates[run]);
        fates_init(f->fates[run], p->logs[run]);
        for (uint32_t id = 0; id < log_count(p->logs[run]); id++)
            fates_note(f->fates[run], id);
    }
    parting_pair_messages(p->logs[0], p->logs[1], &pairing);
    for (size_t i = 0; i < pairing.rows.count; i++)
        add_message(p, f, pairing.rows.items[i].here, pairing.rows.items[i].there);
    pairing_finish(&pairing);
}

void differences_fates_finish(struct differences_fates *f)
{
    for (int run = 0; run < PARTING_RUNS; run++) {
        fates_finish(f->fates[run]);
        free(f->fates[run]);
    }
    vector_finish(&f->rows);
}

uint32_t differences_cause(const struct parting *p, const struct differences_fate *row, int run)
{
    const struct fate *fate = row->fate[run];
    if (fate)
        return parting_cause(p, run, fate->event);
    return row->msg[run] ? parting_cause(p, run, p->logs[run]->msgs.items[row->msg[run] - 1])
                         : PARTING_NONE;
}
