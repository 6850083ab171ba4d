#include "render/view/time_panels.h"

#include "render/view/ladder.h"
#include "sim/base/memory.h"

struct time_panels *time_panels_create(void)
{
    return memory_take(sizeof(struct time_panels));
}

void time_panels_destroy(struct time_panels *panels)
{
    if (!panels)
        return;
    ladder_finish(panels->ladder);
    vector_finish(&panels->strip.cells);
    pairing_finish(&panels->compare.hops);
    free(panels);
}

/* Bookmarks stay where the new log reaches; what is set up stays anyway. */
static void keep_bookmarks(struct bookmarks *marks, int64_t end)
{
    size_t kept = 0;
    while (kept < marks->count && marks->items[kept].t <= end)
        kept++;
    marks->count = kept;
}

void time_panels_new_log(struct view *view, bool is_same_run)
{
    struct time_panels *time = view->time;
    bool by_agents = time->ladder && time->ladder->by_agents;
    bool folds = time->ladder && time->ladder->rows.folds_new;
    ladder_finish(time->ladder);
    time->ladder = NULL;
    if (by_agents || folds) {
        struct ladder *ladder = ladder_of(view);
        ladder->by_agents = by_agents;
        ladder_rows_fold_all(&ladder->rows, folds);
    }
    time->strip.log = NULL;
    time->until.is_running = false;
    if (!is_same_run)
        time->compare.has_fork = false, time->compare.chosen = 0;
    time->compare.here_count = time->compare.there_count = 0;
    vector_clear(&time->compare.hops.rows);
    if (!is_same_run)
        time->strip.from = time->strip.to = 0;
    keep_bookmarks(&time->bookmarks, is_same_run ? log_end(view->log) : -1);
}
