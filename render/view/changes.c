/*
 * What each agent changed: the stages of the message, and of the chosen one its header and body
 * against the stage that it came from, line by line: added with a plus sign, removed with a minus.
 */
#include <inttypes.h>
#include <stdio.h>

#include "render/view/inspector.h"
#include "render/view/words.h"

enum { STAGES_SHOWN = 60, LINES_SHOWN = 400, LINE_MAX = 600 };

/* Its host lights up on the map and, where it is a hop, its slip. */
static void press_stage(struct view *view, uint32_t event)
{
    struct inspector *inspector = inspector_get(view);
    const struct stages *stages = &inspector->stages;
    inspector->stage = inspector->stage == event ? INDEX_NO_EVENT : event;
    for (size_t i = 0; inspector->stage == event && i < stages->ids.count; i++) {
        if (stages->ids.items[i] != event)
            continue;
        uint32_t host = log_host_of(view->log, stages_at(stages, view->log, i).place);
        if (host && host != view->chosen_host)
            select_host(view, host);
    }
}

/* The difference is worked out when another stage is chosen. */
static void compare(struct view *view, size_t at)
{
    struct inspector *inspector = inspector_get(view);
    const struct stages *stages = &inspector->stages;
    if (inspector->diff_event == stages->ids.items[at])
        return;
    size_t before = stages_before(stages, view->log, at);
    struct stage now = stages_at(stages, view->log, at);
    struct stage then = stages_at(stages, view->log, before);
    inspector->diff_event = now.event;
    diff_headers(&inspector->fields, before == at ? SLICE("") : then.header, now.header);
    diff_bodies(&inspector->lines, before == at ? SLICE("") : then.body, now.body);
}

/* ---- words ---- */

static struct slice stage_text(struct page *page, const struct stage *stage)
{
    const struct log *log = page->view->log;
    struct slice who = inspector_who(page->view, page->arena, stage->place);
    struct slice clock = words_clock(log, page->arena, log_at(log, stage->event)->t);
    const struct event *e = log_at(log, stage->event);
    return arena_printf(page->arena,
                        e->kind == EVENT_MESSAGE   ? tr("%.*s  %.*s wrote it")
                        : e->kind == EVENT_ACCEPT  ? tr("%.*s  %.*s accepted it")
                        : e->kind == EVENT_DELIVER ? tr("%.*s  %.*s put it into the store")
                                                   : tr("%.*s  %.*s fetched it"),
                        SLICE_ARG(clock), SLICE_ARG(who));
}

static struct slice sum_text(struct page *page, const struct diff *diff, bool is_header)
{
    struct arena *arena = page->arena;
    if (diff->added == 0 && diff->removed == 0)
        return slice_of(is_header ? tr("Header: not changed.") : tr("Body: not changed."));
    return arena_printf(arena,
                        is_header ? tr("Header: +%zu \xE2\x88\x92%zu fields")
                                  : tr("Body: +%zu \xE2\x88\x92%zu lines"),
                        diff->added, diff->removed);
}

/* ---- drawing ---- */

/* The sign stands before the line, and the ground is tinted. */
static void put_line(struct page *page, const struct diff_line *line)
{
    bool is_same = line->kind == DIFF_SAME, is_added = line->kind == DIFF_ADDED;
    const char *sign = is_same ? "  " : is_added ? "+ " : "\xE2\x88\x92 ";
    struct slice text = page_flat(page->arena, line->text, LINE_MAX);
    text = arena_printf(page->arena, "%s%.*s", sign, SLICE_ARG(text));
    if (page->out) {
        page_mono(page, text, 0);
        return;
    }
    const struct theme *theme = page->theme;
    size_t item = page->ui->list->items.count;
    uint32_t colour = is_same ? theme->ink_soft : is_added ? theme->good : theme->bad;
    draw_rect(page->ui->list, (struct draw_box){page->x, page->y, page->w, 1}, 2,
              is_same ? 0 : ui_fade(colour, 0.12f), 0, 0);
    float y = page->y;
    page_indent(page, 4);
    page_mono(page, text, is_same ? theme->ink_soft : theme->ink);
    page_indent(page, -4);
    page->ui->list->items.items[item].box.h = page->y - y;
    if (!is_same && page->y > y)
        draw_rect(page->ui->list, (struct draw_box){page->x, y, 2, page->y - y}, 0, colour, 0, 0);
}

/* Of what is the same only what is around a change. */
static bool is_near_change(const struct diff *diff, size_t i)
{
    enum { AROUND = 2 };
    size_t from = i > AROUND ? i - AROUND : 0;
    for (size_t k = from; k < diff->lines.count && k <= i + AROUND; k++)
        if (diff->lines.items[k].kind != DIFF_SAME)
            return true;
    return false;
}

static void put_diff(struct page *page, const struct diff *diff, bool is_header)
{
    page_gap(page, 0.4f);
    page_title(page, sum_text(page, diff, is_header));
    if (diff->added == 0 && diff->removed == 0)
        return;
    size_t shown = 0, hidden = 0;
    for (size_t i = 0; i < diff->lines.count && shown < LINES_SHOWN; i++) {
        if (!is_near_change(diff, i)) {
            hidden++;
            continue;
        }
        if (hidden)
            page_note(page, arena_printf(page->arena, tr("\xE2\x80\xA6 %zu the same"), hidden));
        hidden = 0;
        put_line(page, &diff->lines.items[i]);
        shown++;
    }
    if (shown == LINES_SHOWN)
        page_note(page, slice_of(tr("\xE2\x80\xA6 and more")));
    else if (hidden)
        page_note(page, arena_printf(page->arena, tr("\xE2\x80\xA6 %zu the same"), hidden));
}

/* Below the chosen stage stands what it changed. */
static void put_change(struct page *page, size_t i)
{
    struct view *view = page->view;
    struct inspector *inspector = inspector_get(view);
    size_t before = stages_before(&inspector->stages, view->log, i);
    struct stage from = stages_at(&inspector->stages, view->log, before);
    compare(view, i);
    page_indent(page, page->out ? 0 : page->theme->size_text);
    page_note(page, before == i
                        ? slice_of(tr("As it was written:"))
                        : arena_printf(page->arena, tr("Since %.*s had it:"),
                                       SLICE_ARG(inspector_who(view, page->arena, from.place))));
    put_diff(page, &inspector->fields, true);
    put_diff(page, &inspector->lines, false);
    page_indent(page, page->out ? 0 : -page->theme->size_text);
    page_gap(page, 0.5f);
}

static void put_stage(struct page *page, size_t i, bool is_shown)
{
    struct stage stage = stages_at(&inspector_get(page->view)->stages, page->view->log, i);
    char name[UI_NAME];
    snprintf(name, sizeof name, "stage-%zu", i + 1);
    if (is_shown)
        page_mark(page);
    page_row_begin(page, name, is_shown);
    float size = page->out ? 0 : page->theme->size_text;
    struct draw_box mark = {page->x, page->y, size, size * 1.3f};
    if (page_is_seen(page, mark))
        mark_draw(page->ui->list, page->theme,
                  theme_mark(inspector_role(page->view->log, stage.place)), mark.x + size / 2,
                  mark.y + mark.h / 2, size);
    page_indent(page, size * 1.5f);
    page_text(page, stage_text(page, &stage));
    page_indent(page, -size * 1.5f);
    page_row_end(page, press_stage, stage.event, slice_of(tr("What it changed")));
    if (is_shown)
        put_change(page, i);
}

/* A page of them around the chosen one. */
static void put_stages(struct page *page, size_t chosen, size_t count)
{
    size_t first = chosen > STAGES_SHOWN / 2 ? chosen - STAGES_SHOWN / 2 : 0;
    first = count > STAGES_SHOWN && first > count - STAGES_SHOWN ? count - STAGES_SHOWN : first;
    first = count > STAGES_SHOWN ? first : 0;
    if (first)
        page_note(page, arena_printf(page->arena, tr("%zu before"), first));
    for (size_t i = first; i < count && i < first + STAGES_SHOWN; i++)
        put_stage(page, i, i == chosen);
    if (first + STAGES_SHOWN < count)
        page_note(page,
                  arena_printf(page->arena, tr("and %zu more"), count - first - STAGES_SHOWN));
}

static void put_all(struct page *page)
{
    struct view *view = page->view;
    size_t chosen = inspector_stage(view);
    if (chosen == SLICE_NONE) {
        page_text(page, slice_of(tr("What each agent changed in the message stands here, hop by "
                                    "hop.")));
        return;
    }
    put_stages(page, chosen,
               stages_count(&inspector_get(view)->stages, view->log, view->msg, view->t));
}

/* When another stage is chosen the page turns to it. */
static void follow(struct page *page)
{
    struct inspector *inspector = inspector_get(page->view);
    size_t chosen = inspector_stage(page->view);
    uint32_t event = chosen == SLICE_NONE ? INDEX_NO_EVENT : inspector->stages.ids.items[chosen];
    if (inspector->turned_to != event)
        page_bring(page, put_all);
    inspector->turned_to = event;
}

void changes_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    struct page page;
    page_begin_told(&page, view, arena, out, PAGE_CHANGES);
    put_all(&page);
}

void changes_draw(struct view *view, struct draw_box box, struct draw_box *tools)
{
    struct page page;
    inspector_copy_button(view, tools, PAGE_CHANGES);
    page_begin(&page, view, box, PAGE_CHANGES);
    follow(&page);
    put_all(&page);
    page_end(&page);
}
