/* On the lower edge of a card: what waits, what lies in the store, what was read; and "down". */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/map_path.h"

struct count {
    enum mark_sign sign;
    uint32_t number;
    const char *word, *name;
    ui_act *act;
};

enum { COUNTS = 3 };

static float count_height(const struct theme *theme)
{
    return draw_line_height(theme->size_small) + 4;
}

static struct slice count_text(struct view *view, const struct count *count, bool has_word)
{
    struct arena *arena = &view->ui.list->arena;
    return has_word ? arena_printf(arena, "%" PRIu32 " %s", count->number, tr(count->word))
                    : arena_printf(arena, "%" PRIu32, count->number);
}

static float count_width(struct view *view, const struct count *count, bool has_word)
{
    const struct theme *theme = view->ui.theme;
    return draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_small,
                      count_text(view, count, has_word)) +
           count_height(theme) + 14;
}

static uint32_t colour_of(const struct theme *theme, enum mark_sign sign)
{
    return sign == MARK_CLOCK ? theme->waiting : sign == MARK_TICK ? theme->good : theme->ink;
}

/* A small stack of letters and a count, e.g. "2 waiting". */
static void draw_count(struct view *view, struct draw_box box, const struct count *count,
                       bool has_word, bool is_lit)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float icon = box.h - 6;
    uint32_t colour = colour_of(theme, count->sign);
    for (int i = count->number > 3 ? 2 : (int)count->number - 1; i > 0; i--) /* those behind it */
        draw_rect(ui->list,
                  (struct draw_box){box.x + 2 * (float)i, box.y + 2 * (float)i, box.w, box.h}, 4,
                  theme->slip, colour, 1);
    draw_rect(ui->list, box, 4, is_lit ? theme->accent_soft : theme->panel, colour, 1);
    mark_sign(ui->list, theme, count->sign, box.x + 6 + icon / 2, box.y + box.h / 2, icon, colour);
    ui_label(ui, (struct draw_box){box.x + icon + 11, box.y, box.w - icon - 12, box.h},
             DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small, theme->ink,
             count_text(view, count, has_word));
}

/* What can be opened has a name and is pressed; of a fold the press goes to its card. */
static bool press_count(struct view *view, struct draw_box box, const struct map_host *host,
                        const struct count *count)
{
    char name[UI_NAME];
    if (!count->act || host->is_fold)
        return false;
    snprintf(name, sizeof name, "%s-%.*s", count->name,
             SLICE_ARG(slice_part(scene_place_id(&view->scene, host->place), 0, UI_NAME - 8)));
    struct ui_state state = ui_region(&view->ui, name, box, count->act, host->place);
    ui_tip(&view->ui, slice_of(tr("Press to see them")));
    return state.is_hover || state.is_focus;
}

static struct draw_box down_box(const struct view *view, const struct map_host *host)
{
    const struct theme *theme = view->ui.theme;
    float h = count_height(theme), icon = h - 8;
    float w = draw_width(view->ui.list, DRAW_FONT_BOLD, theme->size_small, slice_of(tr("down"))) +
              icon + 20;
    return (struct draw_box){host->card.x + host->card.w - w - 10,
                             floorf(host->card.y + host->card.h - h / 2), w, h};
}

static void draw_down(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float w = box.w, h = box.h, icon = h - 8;
    draw_rect(ui->list, box, 4, theme->panel, theme->bad, theme->line / 2);
    mark_sign(ui->list, theme, MARK_CROSS, box.x + 6 + icon / 2, box.y + h / 2, icon, theme->bad);
    ui_label(ui, (struct draw_box){box.x + icon + 11, box.y, w - icon - 12, h}, DRAW_ALIGN_LEFT,
             DRAW_FONT_BOLD, theme->size_small, theme->bad, slice_of(tr("down")));
}

static void draw_row(struct view *view, const struct map_host *host, const struct count *counts,
                     float end)
{
    float y = floorf(host->card.y + host->card.h - count_height(view->ui.theme) / 2);
    float x = host->card.x + 10, words = 0, numbers = 0;
    for (size_t i = 0; i < COUNTS; i++) {
        words += counts[i].number ? count_width(view, &counts[i], true) + 8 : 0;
        numbers += counts[i].number ? count_width(view, &counts[i], false) + 8 : 0;
    }
    bool has_words = x + words - 8 <= end;
    if (!has_words)
        x = fmaxf(fminf(x, end - numbers + 8), host->card.x - 16);
    for (size_t i = 0; i < COUNTS; i++) {
        if (!counts[i].number)
            continue;
        struct draw_box box = {floorf(x), y, count_width(view, &counts[i], has_words),
                               count_height(view->ui.theme)};
        bool is_lit = press_count(view, box, host, &counts[i]);
        draw_count(view, box, &counts[i], has_words, is_lit);
        *vector_add(&view->map.taken) = box;
        x += box.w + 8;
    }
}

/* In words where there is room for all of them. */
void map_counts_draw(struct view *view, const struct map_host *host)
{
    struct scene_place sum = host->is_fold
                                 ? *map_group_counts(view, &view->map.groups.items[host->group])
                                 : map_counts(view, host->place);
    const struct count counts[COUNTS] = {
        {MARK_CLOCK, sum.queued, TR("waiting"), "queue", map_queue_act},
        {MARK_ENVELOPE, sum.stored, TR("in store"), "store", map_store_act},
        {MARK_TICK, sum.fetched, TR("fetched"), "read", NULL}};
    float end = host->card.x + host->card.w - 2;
    bool is_up = host->is_fold ? sum.is_up : scene_is_up(&view->scene, host->place);
    if (!is_up) {
        struct draw_box down = down_box(view, host);
        draw_down(view, down);
        *vector_add(&view->map.taken) = down;
        end = down.x - 4;
    }
    draw_row(view, host, counts, end);
}
