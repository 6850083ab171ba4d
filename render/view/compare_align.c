/*
 * What happened to mail in both runs after the fork, side by side: the n-th time that something
 * befalls a message at a host in one run belongs to the n-th time in the other.
 */
#include <stdlib.h>

#include "render/view/time_panels.h"
#include "sim/base/memory.h"

struct hop {
    uint64_t key;
    uint32_t event;
};

/* Texts have other numbers in the other log: they are compared by their octets (FNV-1a). */
static uint64_t mix(uint64_t key, const void *octets, size_t size)
{
    const unsigned char *at = octets;
    for (size_t i = 0; i < size; i++)
        key = (key ^ at[i]) * UINT64_C(0x100000001b3);
    return (key ^ 0xff) * UINT64_C(0x100000001b3);
}

static uint64_t mix_text(uint64_t key, const struct log *log, uint32_t text)
{
    struct slice s = log_text(log, text);
    return mix(key, s.data, s.size);
}

static uint64_t key_of(const struct log *log, const struct event *e)
{
    const struct event_message *msg = log_msg(log, index_msg_of(e));
    uint64_t key = mix(UINT64_C(0xcbf29ce484222325), &e->kind, sizeof e->kind);
    struct slice host = log_place_name(log, log_host_of(log, e->v[0]));
    key = mix(key, host.data, host.size);
    if (msg) {
        key = mix_text(key, log, msg->from);
        key = mix_text(key, log, msg->to);
        key = mix_text(key, log, msg->subject);
    }
    return key;
}

static int by_key(const void *a, const void *b)
{
    const struct hop *p = a, *q = b;
    if (p->key != q->key)
        return p->key < q->key ? -1 : 1;
    return p->event < q->event ? -1 : p->event > q->event;
}

/* The hops from t on. */
static struct hop *hops_of(const struct view *view, int64_t t, size_t *count)
{
    const struct index_list *list = &view->index.hops;
    size_t first = index_below(list, log_count_until(view->log, t - 1));
    *count = list->ids.count - first;
    struct hop *hops = memory_take((*count + 1) * sizeof *hops);
    for (size_t i = 0; i < *count; i++) {
        uint32_t id = list->ids.items[first + i];
        hops[i] = (struct hop){key_of(view->log, log_at(view->log, id)), id};
    }
    if (*count)
        qsort(hops, *count, sizeof *hops, by_key);
    return hops;
}

static void pair(struct compare *compare, const struct hop *a, size_t a_count, const struct hop *b,
                 size_t b_count)
{
    vector_clear(&compare->rows);
    for (size_t i = 0, j = 0; i < a_count || j < b_count;) {
        struct compare_row *row = vector_add(&compare->rows);
        bool has_a = i < a_count && (j == b_count || a[i].key <= b[j].key);
        bool has_b = j < b_count && (i == a_count || b[j].key <= a[i].key);
        row->here = has_a ? a[i].event + 1 : 0;
        row->there = has_b ? b[j].event + 1 : 0;
        i += has_a;
        j += has_b;
    }
}

struct timed {
    int64_t t;
    struct compare_row row;
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
                      const struct compare_row *row)
{
    return row->here ? log_at(here->log, row->here - 1)->t : log_at(there->log, row->there - 1)->t;
}

static void sort(struct compare *compare, const struct view *here, const struct view *there)
{
    size_t count = compare->rows.count;
    struct timed *timed = memory_take((count + 1) * sizeof *timed);
    for (size_t i = 0; i < count; i++)
        timed[i] = (struct timed){compare_row_t(here, there, &compare->rows.items[i]),
                                  compare->rows.items[i]};
    qsort(timed, count, sizeof *timed, by_time);
    for (size_t i = 0; i < count; i++)
        compare->rows.items[i] = timed[i].row;
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
    struct hop *a = hops_of(here, here->fork_t, &a_count);
    struct hop *b = hops_of(there, here->fork_t, &b_count);
    pair(compare, a, a_count, b, b_count);
    sort(compare, here, there);
    find_line(compare, here, there);
    free(a);
    free(b);
}
