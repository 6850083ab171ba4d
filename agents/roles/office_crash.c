/* A host's crash, also in the middle of its work: between two changes of its disk. */
#include "agents/roles/office.h"

struct crash_plan {
    struct office *office;
    uint32_t host;
};

/* The disk comes last: until then its agents look at what is there. */
void office_crash(struct office *office, uint32_t host, enum disk_loss loss)
{
    office_set_host_up(office, host, false);
    disk_crash(office_disk(office, host), loss);
}

static void fall(void *context, uint64_t a, uint64_t b)
{
    const struct crash_plan *plan = context;
    (void)a, (void)b;
    office_crash(plan->office, plan->host, DISK_LOSES_UNSYNCED);
}

/* The agents that are at work now get to the end of their task, but nobody hears of it any more:
   not the disk, not the network. */
static void die(void *context)
{
    const struct crash_plan *plan = context;
    net_freeze_host(plan->office->net, plan->host);
    sim_after(plan->office->sim, 0, fall, context, 0, 0);
}

void office_crash_after(struct office *office, uint32_t host, uint32_t n, enum disk_loss loss)
{
    struct crash_plan *plan = arena_take(&office->arena, sizeof *plan);
    *plan = (struct crash_plan){office, host};
    disk_crash_after(office_disk(office, host), n, loss, die, plan);
}
