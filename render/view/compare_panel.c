/* The hops of both runs side by side. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/view/docks.h"
#include "render/view/time_panels.h"
#include "render/view/words.h"

/* ---- the list ---- */

static bool is_same(const struct pairing_row *row)
{
    return row->here && row->there;
}

static void choose_here(struct view *view, uint32_t event)
{
    select_event(view, event);
}

static void choose_there(struct view *view, uint32_t event)
{
    const struct event *e =
        view->other && event < log_count(view->other->log) ? log_at(view->other->log, event) : NULL;
    if (!e)
        return;
    select_event(view->other, event);
    compare_after(view);
}

/* One run's half of a row: a sign for what it has alone, the clock, and what happened. */
static void draw_half(struct view *view, struct view *run, struct draw_box box, uint32_t event,
                      bool is_alone, const char *name)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct event *e = log_at(run->log, event);
    struct ui_state state =
        ui_region(ui, name, box, run == view ? choose_here : choose_there, event);
    bool is_later = e->t > view->t;
    if (is_alone)
        draw_rect(ui->list, box, 4, ui_fade(theme->accent_soft, is_later ? 0.5f : 1), 0, 0);
    if (state.is_hover || state.is_focus)
        draw_rect(ui->list, box, 4, 0, theme->accent, state.is_focus ? 2 : 1);
    ui_cut_left(&box, 6);
    ui_label(ui, ui_cut_left(&box, theme->size_text), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
             theme->size_text, theme->accent, slice_of(is_alone ? "+" : "="));
    struct slice clock = words_clock(run->log, &ui->list->arena, e->t);
    float w = draw_width(ui->list, DRAW_FONT_MONO, theme->size_small, clock) + 8;
    ui_label(ui, ui_cut_left(&box, w), DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_small,
             is_later ? theme->ink_faint : theme->ink_soft, clock);
    ui_label(ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text,
             is_later ? theme->ink_faint : theme->ink,
             words_event(run->log, &ui->list->arena, event));
}

/* Where a run has nothing: a faint dash. */
static void draw_nothing(struct view *view, struct draw_box box)
{
    const struct theme *theme = view->ui.theme;
    ui_cut_left(&box, 6 + theme->size_text);
    ui_label(&view->ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink_faint,
             SLICE("\xE2\x80\x93"));
}

static void draw_pair(struct view *view, struct draw_box row, const struct pairing_row *item,
                      bool is_same_thing, const char *number)
{
    struct draw_box left = ui_cut_left(&row, floorf((row.w - 8) / 2));
    char name[UI_NAME];
    ui_cut_left(&row, 8);
    snprintf(name, sizeof name, "here-%s", number);
    if (item->here)
        draw_half(view, view, left, item->here - 1, !is_same_thing, name);
    else
        draw_nothing(view, left);
    snprintf(name, sizeof name, "there-%s", number);
    if (item->there)
        draw_half(view, view->other, row, item->there - 1, !is_same_thing, name);
    else
        draw_nothing(view, row);
}

static void draw_hop(struct view *view, struct draw_box row, size_t number)
{
    const struct pairing_row *item = &view->time->compare.hops.rows.items[number];
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", number);
    draw_pair(view, row, item, is_same(item), digits);
}

/* The first event that only this run has: what everything else follows from, mail or not. */
static void draw_first(struct view *view, struct draw_box *box, float step)
{
    const struct compare *compare = &view->time->compare;
    struct pairing_row row = {compare->first[0] + 1, compare->first[1] + 1}; /* none + 1 is 0 */
    if (!compare->is_beside || (!row.here && !row.there) || box->h < 4 * step)
        return;
    ui_label(&view->ui, ui_cut_top(box, step), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
             view->ui.theme->size_text, view->ui.theme->ink_soft, slice_of(tr("Here they part")));
    draw_pair(view, ui_cut_top(box, step), &row, false, "first");
    ui_label(&view->ui, ui_cut_top(box, step), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
             view->ui.theme->size_text, view->ui.theme->ink_soft,
             slice_of(tr("What befalls the messages from there on")));
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    view->time->compare.scroll -= 3 * lines;
}

static void switch_same(struct view *view, uint32_t arg)
{
    (void)arg;
    view->time->compare.hides_same = !view->time->compare.hides_same;
    view->time->compare.scroll = 0;
}

static void draw_heads(struct view *view, struct draw_box row)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box left = ui_cut_left(&row, floorf((row.w - 8) / 2));
    ui_cut_left(&row, 8);
    ui_label(ui, left, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink_soft,
             compare_title(view, &ui->list->arena, 0));
    ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink_soft,
             compare_title(view, &ui->list->arena, 1));
}

static void draw_invitation(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float used = ui_paragraph(
        ui, box, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
        slice_of(tr("Here two runs stand side by side. They are the same up to this moment; then "
                    "one thing is changed in the second one.")),
        6);
    ui_cut_top(&box, used + 8);
    const char *label = tr("What if \xE2\x80\xA6  V");
    float w = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(label)) + 28;
    if (box.h >= button_height(theme))
        ui_button(ui, "what-if", (struct draw_box){box.x, box.y, w, button_height(theme)}, label,
                  what_if_act, 0, 0);
}

static void draw_tools(struct view *view, struct draw_box *tools)
{
    struct ui *ui = &view->ui;
    const char *label = tr("Differences only");
    float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 20;
    if (tools->w >= w)
        ui_button(ui, "compare-same", ui_inset(ui_cut_right(tools, w), 1), label, switch_same, 0,
                  view->time->compare.hides_same ? UI_ON : 0);
}

/* The n-th row that is shown, from where the last one was found. */
static bool next_row(const struct compare *compare, size_t *at)
{
    while (*at < compare->hops.rows.count && compare->hides_same &&
           is_same(&compare->hops.rows.items[*at]))
        ++*at;
    return *at < compare->hops.rows.count;
}

/* How many rows happen by t: the list stands there unless the wheel has moved it. */
static size_t rows_until(const struct view *view, int64_t t)
{
    const struct compare *compare = &view->time->compare;
    size_t low = 0, high = compare->hops.rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_row_t(view, view->other, &compare->hops.rows.items[middle]) <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void compare_draw(struct view *view, struct draw_box box, struct draw_box *tools)
{
    struct compare *compare = &view->time->compare;
    const struct theme *theme = view->ui.theme;
    if (!view->other) {
        draw_invitation(view, box);
        return;
    }
    draw_tools(view, tools);
    float step = draw_line_height(theme->size_text) + 4;
    draw_heads(view, ui_cut_top(&box, step));
    draw_first(view, &box, step);
    ui_wheel(&view->ui, "wheel-compare", box, turn, 0);
    if (compare->hops.rows.count == 0)
        ui_label(&view->ui, ui_cut_top(&box, step), DRAW_ALIGN_LEFT, DRAW_FONT_SANS,
                 theme->size_text, theme->ink_soft,
                 slice_of(compare->is_beside
                              ? tr("Since they parted nothing has happened to a message.")
                              : tr("Since the fork nothing has happened to a message.")));
    float room = floorf(box.h / step), count = (float)compare->hops.rows.count;
    if (compare->scroll_t != view->t)
        compare->scroll = 0;
    compare->scroll_t = view->t;
    float first = (float)rows_until(view, view->t) - floorf(room * 2 / 3);
    float shown = fminf(fmaxf(first + compare->scroll, 0), fmaxf(count - room, 0));
    if (compare->scroll != 0)
        compare->scroll = shown - first;
    ui_clip(&view->ui, box);
    size_t at = (size_t)shown;
    for (int i = 0; i < (int)room && next_row(compare, &at); i++, at++)
        draw_hop(view, ui_cut_top(&box, step), at);
    ui_unclip(&view->ui);
}

/* ---- in words ---- */

static void tell_event(struct arena *arena, struct bytes *out, struct slice whose,
                       const struct view *run, uint32_t event)
{
    struct slice clock = words_clock(run->log, arena, log_at(run->log, event)->t);
    (void)bytes_printf(out, "%.*s: %.*s %.*s\n", SLICE_ARG(whose), SLICE_ARG(clock),
                       SLICE_ARG(words_event(run->log, arena, event)));
}

static void tell_pair(struct view *view, struct arena *arena, struct bytes *out,
                      const struct pairing_row *row)
{
    if (is_same(row)) {
        tell_event(arena, out, slice_of(tr("In both")), view, row->here - 1);
        return;
    }
    if (row->here)
        tell_event(arena, out, compare_title(view, arena, 0), view, row->here - 1);
    if (row->there)
        tell_event(arena, out, compare_title(view, arena, 1), view->other, row->there - 1);
}

/* Up to the moment shown. */
void compare_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    const struct compare *compare = &view->time->compare;
    if (!view->other) {
        (void)bytes_printf(out, "%s\n", tr("There is one run only: nothing stands beside it."));
        return;
    }
    struct pairing_row first = {compare->first[0] + 1, compare->first[1] + 1};
    if (compare->is_beside && (first.here || first.there)) {
        (void)bytes_printf(out, "%s\n", tr("Here they part"));
        if (first.here)
            tell_event(arena, out, compare_title(view, arena, 0), view, first.here - 1);
        if (first.there)
            tell_event(arena, out, compare_title(view, arena, 1), view->other, first.there - 1);
    }
    size_t count = rows_until(view, view->t);
    for (size_t at = 0; next_row(compare, &at) && at < count; at++)
        tell_pair(view, arena, out, &compare->hops.rows.items[at]);
}
