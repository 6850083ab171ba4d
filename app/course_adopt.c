/* A lesson's work after an undo: its deeds are those that are still planned. */
#include <time.h>

#include "app/course.h"
#include "app/live.h"

static bool is_same(const struct workbook_deed *deed, const struct live_action *action)
{
    return deed->kind == WORKBOOK_DO && deed->t == action->t &&
           slice_equal(deed->text, action->text) && slice_equal(deed->step, action->tag);
}

/* One that is done twice at the same moment counts twice: on, off, on again. */
static size_t count_planned(const struct live_plan *plan, size_t until,
                            const struct workbook_deed *deed)
{
    size_t count = 0;
    for (size_t i = 0; i < until; i++)
        count += is_same(deed, &plan->items[i]);
    return count;
}

static size_t count_deeds(const struct workbook_attempt *a, size_t until,
                          const struct live_action *action)
{
    size_t count = 0;
    for (size_t i = 0; i < until; i++)
        count += is_same(&a->deeds.items[i], action);
    return count;
}

/* So many of them as are planned stay; of a deed done twice the earlier one. */
static void drop_undone(struct workbook_attempt *a, const struct live_plan *plan)
{
    size_t kept = 0;
    for (size_t i = 0; i < a->deeds.count; i++) {
        struct workbook_deed deed = a->deeds.items[i];
        const struct live_action as_action = {.t = deed.t, .text = deed.text, .tag = deed.step};
        if (deed.kind != WORKBOOK_DO ||
            count_deeds(a, kept, &as_action) < count_planned(plan, plan->count, &deed))
            a->deeds.items[kept++] = deed;
    }
    a->deeds.count = kept;
}

void course_adopt(struct course *c, const struct live_plan *plan, int64_t t)
{
    struct workbook_attempt *a = &c->book.attempts.items[c->attempts[c->scene]];
    drop_undone(a, plan);
    for (size_t i = 0; i < plan->count; i++) {
        const struct workbook_deed deed = {.kind = WORKBOOK_DO,
                                           .t = plan->items[i].t,
                                           .wall_s = (int64_t)time(NULL),
                                           .step = plan->items[i].tag,
                                           .text = plan->items[i].text};
        if (count_deeds(a, a->deeds.count, &plan->items[i]) < count_planned(plan, i + 1, &deed))
            workbook_add(&c->book, a, &deed);
    }
    if (c->seen > t)
        c->seen = t;
    course_judge(c);
    course_save(c);
}
