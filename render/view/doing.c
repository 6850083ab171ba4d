#include "render/view/doing.h"

#include <stdlib.h>

#include "render/view/words_say.h"
#include "sim/base/memory.h"

struct doing *doing_of(struct view *view)
{
    if (!view->doing)
        view->doing = memory_take(sizeof *view->doing);
    return view->doing;
}

void doing_finish(struct view *view)
{
    struct doing *doing = view->doing;
    if (!doing)
        return;
    menu_finish(&doing->menu);
    sheet_finish(&doing->sheet);
    mail_program_finish(&doing->mail);
    free(doing);
    view->doing = NULL;
}

void doing_forget(struct view *view)
{
    if (view->doing)
        mail_program_forget(&view->doing->mail);
}

void view_set_forms(struct view *view, const struct view_forms *forms)
{
    doing_of(view)->forms = forms;
}

static void say_done(struct view *view, struct slice line)
{
    struct arena arena;
    arena_init(&arena);
    view_notify(view, WORDS_SAY(&arena, tr("{deed} (Ctrl + Z takes it back)"),
                                {"deed", view_deed(view, &arena, line)}));
    arena_finish(&arena);
}

void doing_do(struct view *view, struct slice line)
{
    say_done(view, line);
    request_do(view, line);
}

bool doing_ask(struct view *view, struct slice line)
{
    if (!asking_send(view, VIEW_REQUEST_DO, line))
        return false;
    say_done(view, line);
    return true;
}

/* ---- whom there is ---- */

uint32_t doing_next_agent(const struct view *view, uint32_t host, uint32_t after)
{
    for (uint32_t place = after + 1; place <= log_place_count(view->log); place++)
        if (place != host && log_host_of(view->log, place) == host &&
            scene_is_there(&view->scene, place))
            return place;
    return 0;
}

const struct event_agent *doing_agent(const struct view *view, uint32_t place)
{
    const struct event *e = log_place(view->log, place);
    return e ? event_as_agent(e) : NULL;
}

bool doing_has_role(const struct view *view, uint32_t place, const char *role)
{
    const struct event_agent *agent = doing_agent(view, place);
    return agent && slice_equal(log_text(view->log, agent->role), slice_of(role));
}

bool doing_is_offer_on(const struct view *view, const struct event_palette *p)
{
    for (size_t i = 0; i < view->scene.now.faults.count; i++) {
        const struct scene_fault *f = &view->scene.now.faults.items[i];
        if (f->id == p->id || (f->fault == p->fault && f->target == p->target))
            return true;
    }
    return false;
}

bool doing_find_fault(const struct view *view, struct slice kind, struct slice target,
                      struct slice *id)
{
    const struct log *log = view->log;
    for (size_t i = 0; i < view->scene.now.faults.count; i++) {
        const struct scene_fault *f = &view->scene.now.faults.items[i];
        if (!slice_equal(log_text(log, f->fault), kind) ||
            !slice_equal(log_text(log, f->target), target))
            continue;
        *id = log_text(log, f->id);
        if (slice_equal(*id, kind))
            *id = SLICE("");
        return true;
    }
    return false;
}
