#include "app/beside.h"

#include <stdlib.h>
#include <string.h>

#include "render/view/tr.h"
#include "sim/base/memory.h"
#include "sim/trace/parting.h"

static bool load(struct beside *beside, const char *word, struct problem *problem)
{
    return source_find(word, beside->path, problem) &&
           (strcmp(beside->path, "-") != 0 ||
            problem_set(problem, "what is compared with has to be a file")) &&
           source_load_trace(&beside->log, beside->path, NULL, problem);
}

bool beside_open(struct work *work, const char *word, struct problem *problem)
{
    if (work->live->has_fork)
        return problem_set(problem, "%s", tr("There is a second run already: drop it first"));
    struct beside *beside = memory_take(sizeof *beside);
    if (!load(beside, word, problem)) {
        free(beside);
        return false;
    }
    beside_drop(work);
    work->beside = beside;
    if (work->view) /* else it is shown with the first frame */
        beside_show(work, work->view, true);
    return true;
}

void beside_close(struct work *work)
{
    if (work->beside)
        log_finish(&work->beside->log);
    free(work->beside);
    work->beside = NULL;
}

void beside_drop(struct work *work)
{
    if (!work->beside)
        return;
    if (work->view)
        view_set_other(work->view, NULL, 0);
    work->shown[1] = 0;
    beside_close(work);
}

/* Files of the same name in two folders are told apart by their folders. */
static void name_runs(const char *const paths[VIEW_RUNS], const char *names[VIEW_RUNS])
{
    for (int run = 0; run < VIEW_RUNS; run++) {
        const char *slash = strrchr(paths[run], '/');
        names[run] = slash ? slash + 1 : paths[run];
    }
    if (strcmp(names[0], names[1]) == 0)
        memcpy(names, paths, VIEW_RUNS * sizeof *names);
}

void beside_show(struct work *work, struct view *view, bool goes_there)
{
    const char *const paths[VIEW_RUNS] = {work->live->source.path, work->beside->path};
    const struct log *log = &work->beside->log;
    const char *names[VIEW_RUNS];
    struct parting parting;
    parting_find(&parting, live_log(work->live, 0), log);
    name_runs(paths, names);
    view_set_other(view, log, parting.is_parted ? parting.t : INT64_MAX);
    view_set_beside(view, names, parting.first);
    if (goes_there && parting.is_parted)
        view_seek(view, parting.t);
    work->shown[1] = BESIDE_NUMBER;
    parting_finish(&parting);
}

bool beside_end(struct work *work, struct view *view, bool is_kept, struct problem *problem)
{
    char path[SOURCE_PATH];
    snprintf(path, sizeof path, "%s", work->beside->path);
    if (is_kept)
        return work_open_other(work, view, path, SLICE(""), problem);
    beside_drop(work);
    return true;
}

bool beside_is_meant(const struct work *work, const struct view_request *request)
{
    return request->kind == VIEW_REQUEST_COMPARE ||
           (request->kind == VIEW_REQUEST_BRING && work->live->source.is_trace &&
            !work->live->source.is_mail && source_is_trace(request->text));
}
