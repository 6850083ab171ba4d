/*
 * A queue or a mailbox that was opened: a list beside its card, whose rows choose the message. It
 * is made from the scene: what waits or lies there at the moment shown.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/map_path.h"
#include "render/view/words.h"

enum { ROWS_MAX = 6 };

/* ---- what is in it ---- */

static bool is_at(const struct view *view, uint32_t place, uint32_t host)
{
    return place && log_host_of(view->log, place) == host;
}

static const struct scene_hold *hold_at(const struct view *view,
                                        const struct scene_message *message, uint32_t host)
{
    for (uint32_t i = message->first_hold; i; i = view->scene.now.holds.items[i - 1].next) {
        const struct scene_hold *hold = &view->scene.now.holds.items[i - 1];
        if (hold->is_queued && is_at(view, hold->place, host))
            return hold;
    }
    return NULL;
}

static bool is_in(const struct view *view, const struct scene_message *message)
{
    const struct map_stack *stack = &view->map.stack;
    if (!message->last_event)
        return false;
    if (stack->kind == MAP_STACK_STORE)
        return message->copies && is_at(view, message->store, stack->place);
    return hold_at(view, message, stack->place) != NULL;
}

/* The rows from the first that is shown; gives how many there are in all. */
static uint32_t find_rows(const struct view *view, uint32_t rows[ROWS_MAX], uint32_t *shown)
{
    uint32_t count = 0;
    *shown = 0;
    for (uint32_t msg = 1; msg <= view->scene.now.messages.count; msg++) {
        if (!is_in(view, &view->scene.now.messages.items[msg - 1]))
            continue;
        if (count >= view->map.stack.skipped && *shown < ROWS_MAX)
            rows[(*shown)++] = msg;
        count++;
    }
    return count;
}

/* ---- why it is there ---- */

/* The last thing that its host said of it in the log: an attempt that failed, or that it came. */
static const struct event *last_word(const struct view *view, uint32_t msg, uint32_t host)
{
    enum { LOOK_BACK = 20000 };
    uint32_t count = view->scene.now.event_count;
    for (uint32_t i = 0; i < LOOK_BACK && i < count; i++) {
        const struct event *e = log_at(view->log, count - 1 - i);
        const struct event_queue_defer *defer = event_as_queue_defer(e);
        const struct event_queue_add *add = event_as_queue_add(e);
        const struct event_deliver *deliver = event_as_deliver(e);
        if ((defer && defer->msg == msg && is_at(view, defer->at, host)) ||
            (add && add->msg == msg && is_at(view, add->at, host)) ||
            (deliver && deliver->msg == msg && is_at(view, deliver->at, host)))
            return e;
    }
    return NULL;
}

static struct slice why_words(struct view *view, uint32_t msg)
{
    struct arena *arena = &view->ui.list->arena;
    const struct event *e = last_word(view, msg, view->map.stack.place);
    const struct event_queue_defer *defer = e ? event_as_queue_defer(e) : NULL;
    if (!e)
        return SLICE("");
    struct slice when = words_clock(view->log, arena, e->t);
    if (!defer)
        return arena_printf(arena, tr("since %.*s"), SLICE_ARG(when));
    struct slice next =
        words_clock(view->log, arena, e->t + (int64_t)defer->next_s * INT64_C(1000000000));
    struct slice why = words_first_line(log_text(view->log, defer->reason));
    return arena_printf(arena, tr("try %u failed: %.*s; next at %.*s"), (unsigned)defer->n,
                        SLICE_ARG(slice_part(why, 0, 60)), SLICE_ARG(next));
}

static struct slice who_words(struct view *view, uint32_t msg)
{
    const struct event_message *m = log_msg(view->log, msg);
    if (!m)
        return SLICE("");
    struct slice from = log_text(view->log, m->from);
    return arena_printf(&view->ui.list->arena, "%.*s \xE2\x86\x92 %.*s",
                        SLICE_ARG(from.size ? from : SLICE("<>")),
                        SLICE_ARG(log_text(view->log, m->to)));
}

/* ---- the list ---- */

static float line_of(const struct theme *theme)
{
    return draw_line_height(theme->size_small) + 1;
}

static float row_of(const struct theme *theme)
{
    return draw_line_height(theme->size_text) + 2 * line_of(theme) + 10;
}

static void draw_row(struct view *view, struct draw_box box, uint32_t msg)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    char name[UI_NAME];
    snprintf(name, sizeof name, "stack-%" PRIu32, msg);
    struct ui_state state = ui_region(ui, name, box, select_message, msg);
    if (msg == view->msg || state.is_hover || state.is_focus)
        draw_rect(ui->list, box, 4, theme->accent_soft,
                  msg == view->msg || state.is_focus ? theme->accent : 0, 1);
    struct draw_box in = {box.x + 8, box.y + 4, box.w - 16, box.h - 8};
    ui_label(ui, ui_cut_top(&in, draw_line_height(theme->size_text)), DRAW_ALIGN_LEFT,
             DRAW_FONT_BOLD, theme->size_text, theme->ink,
             words_subject(view->log, &ui->list->arena, msg));
    ui_label(ui, ui_cut_top(&in, line_of(theme)), DRAW_ALIGN_LEFT, DRAW_FONT_SANS,
             theme->size_small, theme->ink_soft, who_words(view, msg));
    ui_label(ui, ui_cut_top(&in, line_of(theme)), DRAW_ALIGN_LEFT, DRAW_FONT_SANS,
             theme->size_small, theme->ink_soft, why_words(view, msg));
}

/* Right of the card if there is room, else left of it. */
static struct draw_box list_box(const struct view *view, const struct map_host *host, float h)
{
    const struct draw_box map = ui_inset(view->map.box, 6);
    float w = fminf(view->ui.theme->size_text * 24, map.w * 0.6f);
    struct draw_box box = {host->card.x + host->card.w + 10, host->card.y, w, fminf(h, map.h)};
    if (box.x + w > map.x + map.w)
        box.x = host->card.x - w - 10;
    box.x = floorf(fmaxf(fminf(box.x, map.x + map.w - w), map.x));
    box.y = floorf(fmaxf(fminf(box.y, map.y + map.h - box.h), map.y));
    return box;
}

static void close_act(struct view *view, uint32_t arg)
{
    (void)arg;
    view->map.stack.place = 0;
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    struct map_stack *stack = &view->map.stack;
    (void)arg;
    if (lines > 0 && stack->skipped > 0)
        stack->skipped--;
    else if (lines < 0)
        stack->skipped++;
}

static void draw_title(struct view *view, struct draw_box line, uint32_t count)
{
    struct ui *ui = &view->ui;
    const struct map_stack *stack = &view->map.stack;
    struct slice id = scene_place_id(&view->scene, stack->place);
    struct arena *arena = &ui->list->arena;
    struct slice text =
        stack->kind == MAP_STACK_QUEUE
            ? arena_printf(arena, trn("%u waits at %.*s", "%u wait at %.*s", count),
                           (unsigned)count, SLICE_ARG(id))
            : arena_printf(arena, tr("%u in the store of %.*s"), (unsigned)count, SLICE_ARG(id));
    struct draw_box close = ui_cut_right(&line, line.h);
    ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, ui->theme->size_text, ui->theme->ink, text);
    ui_button(ui, "stack-close", close, "", close_act, 0, 0);
    mark_sign(ui->list, ui->theme, MARK_CROSS, close.x + close.w / 2, close.y + close.h / 2,
              close.h * 0.4f, ui->theme->ink);
}

static void draw_list(struct view *view, const struct map_host *host, const uint32_t *rows,
                      uint32_t shown, uint32_t count)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float title = button_height(theme), foot = count > shown ? line_of(theme) + 6 : 0;
    struct draw_box box =
        list_box(view, host, title + 22 + row_of(theme) * fmaxf((float)shown, 1) + foot);
    draw_shadow(ui->list, box, 8, theme->shadow);
    draw_rect(ui->list, box, 8, theme->panel, theme->accent, 1.5f);
    ui_region(ui, "stack", box, close_act, 0);
    ui->widgets.items[ui->widgets.count - 1].act = NULL;
    ui->widgets.items[ui->widgets.count - 1].can_focus = false;
    ui_wheel(ui, "stack-wheel", box, turn, 0);
    struct draw_box in = ui_inset(box, 8);
    draw_title(view, ui_cut_top(&in, title), count);
    ui_cut_top(&in, 4);
    ui_clip(ui, in);
    for (uint32_t i = 0; i < shown; i++)
        draw_row(view, ui_cut_top(&in, row_of(theme)), rows[i]);
    if (foot > 0)
        ui_label(ui, ui_cut_top(&in, foot), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
                 theme->ink_soft,
                 arena_printf(&ui->list->arena, tr("%u to %u of %u: the wheel shows more"),
                              (unsigned)(view->map.stack.skipped + 1),
                              (unsigned)(view->map.stack.skipped + shown), (unsigned)count));
    ui_unclip(ui);
}

void map_stack_draw(struct view *view)
{
    struct map_stack *stack = &view->map.stack;
    uint32_t rows[ROWS_MAX], shown;
    const struct map_host *host = stack->place ? map_find(view, stack->place) : NULL;
    if (!host || host->is_fold || !host->is_seen)
        return;
    uint32_t count = find_rows(view, rows, &shown);
    if (shown == 0 && stack->skipped > 0) { /* scrolled beyond the end, or it got shorter */
        stack->skipped = count > ROWS_MAX ? count - ROWS_MAX : 0;
        count = find_rows(view, rows, &shown);
    }
    draw_list(view, host, rows, shown, count);
}

/* ---- opening and closing ---- */

static void open_stack(struct view *view, uint32_t host, enum map_stack_kind kind)
{
    struct map_stack *stack = &view->map.stack;
    bool is_same = stack->place == host && stack->kind == kind;
    *stack = (struct map_stack){is_same ? 0 : host, kind, 0};
}

void map_queue_act(struct view *view, uint32_t host)
{
    open_stack(view, host, MAP_STACK_QUEUE);
}

void map_store_act(struct view *view, uint32_t host)
{
    open_stack(view, host, MAP_STACK_STORE);
}

bool map_escape(struct view *view)
{
    bool is_open = view->map.stack.place != 0;
    view->map.stack.place = 0;
    return is_open;
}
