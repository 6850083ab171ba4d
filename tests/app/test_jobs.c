#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "app/jobs.h"

enum { ITEMS = 23 };

struct told {
    uint64_t next;          /* the item that is to come */
    uint64_t broken[ITEMS]; /* how often each was said to have broken down */
    size_t large;           /* octets of the largest result */
};

/* The even ones take longer: who is quicker is not to be seen in the order. */
static void square(void *context, uint64_t item, struct bytes *result)
{
    (void)context;
    if (item % 2 == 0)
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    if (item == 5 || item == 6)
        _exit(1);
    if (item == 7) /* far more than a pipe holds */
        for (int i = 0; i < 300000; i++)
            bytes_append_octet(result, 'x');
    else
        bytes_printf(result, "%" PRIu64, item * item);
}

static void take(void *context, uint64_t item, const struct slice *result)
{
    struct told *told = context;
    uint64_t number;
    cr_assert(eq(u64, item, told->next));
    told->next++;
    if (!result) {
        told->broken[item]++;
        return;
    }
    if (result->size > told->large)
        told->large = result->size;
    if (item == 7)
        return;
    cr_assert(slice_to_u64(*result, &number));
    cr_assert(eq(u64, number, item * item));
}

static void run(uint64_t count, uint32_t processes, struct told *told)
{
    struct problem problem = {0};
    struct jobs jobs = {
        .count = count, .processes = processes, .work = square, .take = take, .context = told};
    *told = (struct told){0};
    cr_assert(jobs_run(&jobs, &problem), "%s", problem.what);
    cr_assert(eq(u64, told->next, count));
}

Test(jobs, results_come_back_in_order_whoever_was_quicker_and_a_breakdown_is_said_of_its_item_alone)
{
    static const uint32_t processes[] = {1, 2, 3, 8, JOBS_PROCESSES_MAX};
    for (size_t i = 0; i < sizeof processes / sizeof *processes; i++) {
        struct told told;
        run(ITEMS, processes[i], &told);
        for (size_t item = 0; item < ITEMS; item++)
            cr_expect(eq(u64, told.broken[item], item == 5 || item == 6), "item %zu with %u", item,
                      processes[i]);
        cr_expect(eq(sz, told.large, 300000));
    }
}

Test(jobs, nothing_to_do_is_done_at_once)
{
    struct told told;
    run(0, 4, &told);
    run(1, 4, &told);
}
