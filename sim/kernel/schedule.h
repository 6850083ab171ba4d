/*
 * What is still to happen, ordered by (time, sequence): two tasks of the same moment run in the
 * order in which they were put in. Tasks can't be taken back; who no longer wants one lets it run
 * and do nothing. That keeps the schedule flat: no handles, no search.
 *
 * A background task (a mail reader's next poll, a stale timer) does not keep a run alive.
 */
#ifndef SIM_KERNEL_SCHEDULE_H
#define SIM_KERNEL_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct task {
    int64_t t;
    void (*run)(void *context, uint64_t a, uint64_t b);
    void *context;
    uint64_t a, b;  /* for run, as it likes */
    uint32_t cause; /* the event that led to it */
    bool is_background;
};

struct schedule_entry;
struct schedule_slot;

struct schedule {
    struct schedule_entry *heap; /* 4-ary, by (t, sequence) */
    struct schedule_slot *slots; /* where heap entries point */
    uint32_t *free_slots;
    uint32_t count, capacity, free_count, foreground;
    uint64_t sequence;
    bool is_rootless; /* the heap's first place is free: its entry was taken out last */
};

void schedule_init(struct schedule *s);
void schedule_finish(struct schedule *s);

void schedule_push(struct schedule *s, const struct task *task);
/* The earliest task, taken out; false when there is none. */
bool schedule_pop(struct schedule *s, struct task *task);
/* Time of the earliest task, or VTIME_NEVER. */
int64_t schedule_next_t(const struct schedule *s);
/* How many tasks that are not in the background wait. */
uint32_t schedule_foreground(const struct schedule *s);

/* Somebody waits, whose task is in the background only because it may be overtaken: as long as he
   does it counts as one in the foreground. Each hold has its release. */
void schedule_hold(struct schedule *s);
void schedule_release(struct schedule *s);

#endif
