#include "sim/kernel/schedule.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

/*
 * The time is beside the heap's index, so that sifting never touches the tasks; the sequence is
 * looked up only where two times are equal. Four children then fill a line of the cache.
 */
struct schedule_entry {
    int64_t t;
    uint32_t slot;
};

struct schedule_slot {
    struct task task;
    uint64_t sequence;
};

void schedule_init(struct schedule *s)
{
    *s = (struct schedule){0};
}

void schedule_finish(struct schedule *s)
{
    free(s->heap);
    free(s->slots);
    free(s->free_slots);
    *s = (struct schedule){0};
}

static bool is_earlier(const struct schedule *s, const struct schedule_entry *a,
                       const struct schedule_entry *b)
{
    return a->t != b->t ? a->t < b->t : s->slots[a->slot].sequence < s->slots[b->slot].sequence;
}

static void grow(struct schedule *s)
{
    uint32_t old = s->capacity;
    check(old < UINT32_MAX / 2);
    s->capacity = old ? old * 2 : 64;
    s->heap = memory_resize(s->heap, s->capacity * sizeof *s->heap);
    s->slots = memory_resize(s->slots, s->capacity * sizeof *s->slots);
    s->free_slots = memory_resize(s->free_slots, s->capacity * sizeof *s->free_slots);
    for (uint32_t slot = s->capacity; slot-- > old;)
        s->free_slots[s->free_count++] = slot;
}

/* The earliest of the children from `child` on, in a heap of this size; most have all four. */
static uint32_t earliest_child(const struct schedule *s, uint32_t child, uint32_t size)
{
    const struct schedule_entry *heap = s->heap;
    if (child + 4 <= size) {
        uint32_t left = child + is_earlier(s, &heap[child + 1], &heap[child]);
        uint32_t right = child + 2 + is_earlier(s, &heap[child + 3], &heap[child + 2]);
        return is_earlier(s, &heap[right], &heap[left]) ? right : left;
    }
    uint32_t least = child;
    for (uint32_t c = child + 1; c < size; c++)
        if (is_earlier(s, &heap[c], &heap[least]))
            least = c;
    return least;
}

/* Puts an entry at the root, which is free, and lets it sink. */
static void fill_root(struct schedule *s, struct schedule_entry entry)
{
    uint32_t i = 0;
    for (;;) {
        uint32_t child = i * 4 + 1;
        if (child >= s->count)
            break;
        uint32_t least = earliest_child(s, child, s->count);
        if (!is_earlier(s, &s->heap[least], &entry))
            break;
        s->heap[i] = s->heap[least];
        i = least;
    }
    s->heap[i] = entry;
    s->is_rootless = false;
    __builtin_prefetch(&s->slots[s->heap[0].slot]); /* the next to be taken out */
}

/* Nothing was put in since the last was taken out: the last entry becomes the root. */
static void close_root(struct schedule *s)
{
    if (s->is_rootless && s->count > 0)
        fill_root(s, s->heap[s->count]);
    s->is_rootless = false;
}

static void rise(struct schedule *s, struct schedule_entry entry)
{
    uint32_t i = s->count - 1;
    while (i > 0) {
        uint32_t parent = (i - 1) / 4;
        if (!is_earlier(s, &entry, &s->heap[parent]))
            break;
        s->heap[i] = s->heap[parent];
        i = parent;
    }
    s->heap[i] = entry;
}

void schedule_push(struct schedule *s, const struct task *task)
{
    if (s->count == s->capacity)
        grow(s);
    uint32_t slot = s->free_slots[--s->free_count];
    s->slots[slot] = (struct schedule_slot){*task, s->sequence++};
    s->foreground += !task->is_background;
    s->count++;
    struct schedule_entry entry = {task->t, slot};
    if (s->is_rootless) /* what follows from a task mostly comes soon: it hardly sinks */
        fill_root(s, entry);
    else
        rise(s, entry);
}

bool schedule_pop(struct schedule *s, struct task *task)
{
    if (s->count == 0)
        return false;
    close_root(s);
    uint32_t slot = s->heap[0].slot;
    *task = s->slots[slot].task;
    s->free_slots[s->free_count++] = slot;
    s->foreground -= !task->is_background;
    s->count--;
    s->is_rootless = true;
    return true;
}

int64_t schedule_next_t(const struct schedule *s)
{
    if (s->count == 0)
        return VTIME_NEVER;
    return s->heap[s->is_rootless ? earliest_child(s, 1, s->count + 1) : 0].t;
}

uint32_t schedule_foreground(const struct schedule *s)
{
    return s->foreground;
}

void schedule_hold(struct schedule *s)
{
    s->foreground++;
}

void schedule_release(struct schedule *s)
{
    check(s->foreground > 0);
    s->foreground--;
}
