/*
 * What happened to mail in both runs after the fork, side by side: the n-th time that something
 * befalls a message at a host in one run belongs to the n-th time in the other.
 */
#include <stdlib.h>

#include "render/view/time_panels.h"
#include "sim/base/memory.h"

/* What befell which message where, without the time. */
static uint64_t key_of(const struct log *log, const struct event *e)
{
    const struct event_message *msg = log_msg(log, index_msg_of(e));
    uint64_t key = pairing_mix_number(PAIRING_KEY, e->kind);
    key = pairing_mix(key, log_place_name(log, log_host_of(log, e->v[0])));
    if (msg) {
        key = pairing_mix(key, log_text(log, msg->from));
        key = pairing_mix(key, log_text(log, msg->to));
        key = pairing_mix(key, log_text(log, msg->subject));
    }
    return key;
}

/* The hops from t on. */
static struct pairing_item *hops_of(const struct view *view, int64_t t, size_t *count)
{
    const struct index_list *list = &view->index.hops;
    size_t first = index_below(list, log_count_until(view->log, t - 1));
    *count = list->ids.count - first;
    struct pairing_item *hops = memory_take((*count + 1) * sizeof *hops);
    for (size_t i = 0; i < *count; i++) {
        uint32_t id = list->ids.items[first + i];
        hops[i] = (struct pairing_item){key_of(view->log, log_at(view->log, id)), id};
    }
    return hops;
}

struct timed {
    int64_t t;
    struct pairing_row row;
};

static int by_time(const void *a, const void *b)
{
    const struct timed *p = a, *q = b;
    if (p->t != q->t)
        return p->t < q->t ? -1 : 1;
    if (p->row.here != q->row.here)
        return p->row.here < q->row.here ? -1 : 1;
    return p->row.there < q->row.there ? -1 : p->row.there > q->row.there;
}

int64_t compare_row_t(const struct view *here, const struct view *there,
                      const struct pairing_row *row)
{
    return row->here ? log_at(here->log, row->here - 1)->t : log_at(there->log, row->there - 1)->t;
}

static void sort(struct compare *compare, const struct view *here, const struct view *there)
{
    size_t count = compare->hops.rows.count;
    struct timed *timed = memory_take((count + 1) * sizeof *timed);
    for (size_t i = 0; i < count; i++)
        timed[i] = (struct timed){compare_row_t(here, there, &compare->hops.rows.items[i]),
                                  compare->hops.rows.items[i]};
    qsort(timed, count, sizeof *timed, by_time);
    for (size_t i = 0; i < count; i++)
        compare->hops.rows.items[i] = timed[i].row;
    free(timed);
}

/* The line that the other run has more: the first input of its that is not in this one. */
static void find_line(struct compare *compare, const struct view *here, const struct view *there)
{
    const struct log *log = there->log;
    uint32_t id = log_count_until(log, here->fork_t - 1);
    compare->line[0] = '\0';
    for (; id < log_count(log) && log_at(log, id)->t == here->fork_t; id++) {
        const struct event_input *input = event_as_input(log_at(log, id));
        const struct event *same = id < log_count(here->log) ? log_at(here->log, id) : NULL;
        if (!input || (same && event_as_input(same) &&
                       slice_equal(log_text(log, input->text),
                                   log_text(here->log, event_as_input(same)->text))))
            continue;
        struct slice text = log_text(log, input->text);
        size_t size = text.size < sizeof compare->line - 1 ? text.size : sizeof compare->line - 1;
        memcpy(compare->line, text.data, size);
        compare->line[size] = '\0';
        return;
    }
}

void compare_align(struct compare *compare, const struct view *here, const struct view *there)
{
    size_t a_count, b_count;
    struct pairing_item *a = hops_of(here, here->fork_t, &a_count);
    struct pairing_item *b = hops_of(there, here->fork_t, &b_count);
    pairing_make(&compare->hops, a, a_count, b, b_count);
    sort(compare, here, there);
    find_line(compare, here, there);
    free(a);
    free(b);
}
