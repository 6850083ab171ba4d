#include "app/lecture.h"

#include "render/view/view.h"

void lecture_begin(struct lecture *l, const struct lecture_page *page)
{
    l->count = 1;
    l->shown = 0;
    l->pages[0] = *page;
}

struct lecture_page *lecture_page(struct lecture *l)
{
    return &l->pages[l->shown];
}

void lecture_cut(struct lecture *l)
{
    l->count = l->shown + 1;
}

void lecture_add(struct lecture *l, const struct lecture_page *page)
{
    if (l->shown + 1 == LECTURE_PAGES_MAX) {
        lecture_begin(l, page);
        return;
    }
    l->pages[++l->shown] = *page;
    lecture_cut(l);
}

bool lecture_on(struct lecture *l)
{
    if (l->shown + 1 >= l->count)
        return false;
    l->shown++;
    return true;
}

bool lecture_back(struct lecture *l)
{
    if (l->shown == 0)
        return false;
    l->shown--;
    return true;
}

/* Does it do anything but answer? */
static bool has_deeds(const struct lesson_step *step)
{
    for (size_t i = 0; i < step->solve.count; i++)
        if (!slice_starts(step->solve.items[i], SLICE("answer ")))
            return true;
    return false;
}

struct lecture_page lecture_first(const struct lesson_step *step, size_t index, int64_t t)
{
    return (struct lecture_page){.step = index,
                                 .t = t,
                                 .look = PREDICATE_NO_EVENT,
                                 .is_asked =
                                     step && step->ask && step->look.size == 0 && !has_deeds(step)};
}

/* Does the page stand at the moment that the step speaks of? Not while it is done. */
static bool looks_back(const struct lesson_step *step, const struct lecture_page *page)
{
    return step && step->at.count > 0 && (page->is_asked || page->is_recalled || !has_deeds(step));
}

uint32_t lecture_moment(struct course *c, const struct log *log, const struct lecture_page *page)
{
    const struct lesson_step *step = course_step(c);
    uint32_t event;
    if (!looks_back(step, page))
        return PREDICATE_NO_EVENT;
    if (c->seen < page->t)
        c->seen = page->t;
    course_judge(c);
    bool is_there = verdict_look(&c->verdicts[c->scene], step->moments[page->moment], log,
                                 log_count_until(log, page->t), &event, NULL);
    return is_there ? event : PREDICATE_NO_EVENT;
}

/* Of several moments each has a page, as long as the question does not fill the picture. */
static bool next_moment(const struct lesson_step *step, struct lecture_page *page)
{
    bool is_over = page->moment + 1 >= step->at.count || (step->ask && page->is_asked);
    if (is_over || !looks_back(step, page))
        return false;
    page->moment++;
    return true;
}

bool lecture_next(const struct lesson_step *step, struct lecture_page *page)
{
    if (!step)
        return false;
    if (next_moment(step, page))
        return true;
    if (step->ask && !page->is_asked && !has_deeds(step)) { /* it was looked at */
        page->is_asked = true;
        return true;
    }
    if (!page->is_solved && (step->solve.count > 0 || step->ask)) {
        page->is_solved = true;
        page->is_revealed = page->is_asked;
        return true;
    }
    if (!step->ask && step->at.count > 0 && has_deeds(step) && !page->is_recalled) {
        page->is_recalled = true;
        return true;
    }
    if (!step->ask || page->is_revealed)
        return false;
    page->is_revealed = page->is_asked;
    page->is_asked = true;
    return true;
}

void lecture_show(const struct lecture_page *page, struct view *view)
{
    view_set_playing(view, false);
    view_choose_message(view, 0);
    view_choose_conn(view, 0);
    if (page->look != PREDICATE_NO_EVENT)
        view_choose_event(view, page->look);
    else
        view_seek(view, page->t);
}
