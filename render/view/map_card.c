#include "render/view/map_path.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/words.h"

enum { NAMED_DOTS = 24 };

static uint32_t count_agents(const struct view *view, uint32_t host)
{
    uint32_t count = 0;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        const struct event_agent *agent = event_as_agent(log_place(view->log, place));
        count += agent && agent->at == host;
    }
    return count;
}

/* A mark with its label below it, or on a small card beside it; gives how far it reaches. */
static float draw_role(struct view *view, const struct theme_mark *mark, float x, float y,
                       bool is_alone)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float size = map_mark_size(view, view->map.detail), cell = size;
    bool is_below = view->map.detail < MAP_MINI;
    struct slice label = slice_of(mark->label);
    if (is_below)
        cell = fmaxf(cell, draw_width(ui->list, DRAW_FONT_SANS, theme->size_small, label));
    mark_draw(ui->list, theme, mark, x + cell / 2, y + size / 2, size);
    if (is_below)
        draw_string(ui->list, x, y + size + 2, cell + 2, DRAW_ALIGN_CENTER, DRAW_FONT_SANS,
                    theme->size_small, theme->ink_soft, label);
    else if (is_alone)
        draw_string(ui->list, x + cell + 6, y + (size - draw_line_height(theme->size_small)) / 2, 0,
                    DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small, theme->ink_soft, label);
    return cell + (is_below ? 8 : 4);
}

/* An agent that is stopped on a host that runs: its mark fades, with a cross over it. */
static void draw_stopped(struct view *view, float x, float y, float size, float cell)
{
    const struct theme *theme = view->ui.theme;
    if (view->map.detail < MAP_MINI) /* there the mark stands in the middle over its label */
        x += fmaxf(cell - 4 - size, 0) / 2;
    draw_rect(view->ui.list, (struct draw_box){x - 1, y - 1, size + 2, size + 2}, 2,
              ui_fade(theme->card, 0.7f), 0, 0);
    mark_sign(view->ui.list, theme, MARK_CROSS, x + size / 2, y + size / 2, size, theme->bad);
}

/* The roles of a host's agents in a row, each as shape, letter and (room given) label. */
static void draw_marks(struct view *view, uint32_t host, struct draw_box row)
{
    bool is_alone = count_agents(view, host) == 1;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        const struct event_agent *agent = event_as_agent(log_place(view->log, place));
        if (!agent || agent->at != host)
            continue;
        const struct theme_mark *mark = theme_mark(log_text(view->log, agent->role));
        float at = row.x, size = map_mark_size(view, view->map.detail);
        row.x += draw_role(view, mark, row.x, row.y, is_alone);
        if (!scene_is_up(&view->scene, place) && scene_is_up(&view->scene, host))
            draw_stopped(view, at, row.y, size, row.x - at - 4);
    }
}

/* What a card says on its lower edge. */
struct count {
    enum mark_sign sign;
    uint32_t number;
    const char *word;
};

static float count_height(const struct theme *theme)
{
    return draw_line_height(theme->size_small) + 4;
}

static struct slice count_text(struct view *view, const struct count *count, bool has_word)
{
    struct arena *arena = &view->ui.list->arena;
    return has_word ? arena_printf(arena, "%" PRIu32 " %s", count->number, count->word)
                    : arena_printf(arena, "%" PRIu32, count->number);
}

static float count_width(struct view *view, const struct count *count, bool has_word)
{
    const struct theme *theme = view->ui.theme;
    return draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_small,
                      count_text(view, count, has_word)) +
           count_height(theme) + 14;
}

/* A small stack of letters and a count, e.g. "2 waiting". */
static void draw_count(struct view *view, float x, float y, float width, const struct count *count,
                       bool has_word)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float height = count_height(theme), icon = height - 6;
    uint32_t colour = count->sign == MARK_CLOCK  ? theme->waiting
                      : count->sign == MARK_TICK ? theme->good
                                                 : theme->ink;
    for (int i = count->number > 3 ? 2 : (int)count->number - 1; i > 0; i--) /* those behind it */
        draw_rect(ui->list, (struct draw_box){x + 2 * (float)i, y + 2 * (float)i, width, height}, 4,
                  theme->slip, colour, 1);
    struct draw_box box = {x, y, width, height};
    draw_rect(ui->list, box, 4, theme->panel, colour, 1);
    mark_sign(ui->list, theme, count->sign, x + 6 + icon / 2, y + height / 2, icon, colour);
    ui_label(ui, (struct draw_box){x + icon + 11, y, width - icon - 12, height}, DRAW_ALIGN_LEFT,
             DRAW_FONT_SANS, theme->size_small, theme->ink, count_text(view, count, has_word));
}

static struct draw_box down_box(const struct view *view, const struct map_host *host)
{
    const struct theme *theme = view->ui.theme;
    float h = count_height(theme), icon = h - 8;
    float w =
        draw_width(view->ui.list, DRAW_FONT_BOLD, theme->size_small, SLICE("down")) + icon + 20;
    return (struct draw_box){host->card.x + host->card.w - w - 10,
                             floorf(host->card.y + host->card.h - h / 2), w, h};
}

/* On the lower edge: what waits, what lies in the store, what was read; in words where there is
 * room for all of them. */
static void draw_counts(struct view *view, const struct map_host *host)
{
    enum { COUNTS = 3 };
    struct scene_place sum = scene_host(&view->scene, host->place);
    const struct count counts[COUNTS] = {{MARK_CLOCK, sum.queued, "waiting"},
                                         {MARK_ENVELOPE, sum.stored, "in store"},
                                         {MARK_TICK, sum.fetched, "read"}};
    float y = floorf(host->card.y + host->card.h - count_height(view->ui.theme) / 2);
    float end = host->card.x + host->card.w - 2, x = host->card.x + 10, words = 0, numbers = 0;
    if (!scene_is_up(&view->scene, host->place))
        end = down_box(view, host).x - 4;
    for (size_t i = 0; i < COUNTS; i++) {
        words += counts[i].number ? count_width(view, &counts[i], true) + 8 : 0;
        numbers += counts[i].number ? count_width(view, &counts[i], false) + 8 : 0;
    }
    bool has_words = x + words - 8 <= end;
    if (!has_words)
        x = fmaxf(fminf(x, end - numbers + 8), host->card.x + 2);
    for (size_t i = 0; i < COUNTS; i++) {
        if (!counts[i].number)
            continue;
        float width = count_width(view, &counts[i], has_words);
        draw_count(view, x, y, width, &counts[i], has_words);
        x += width + 8;
    }
}

static void draw_lines(struct view *view, const struct map_host *host, bool is_up)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct event_host *e = event_as_host(log_place(view->log, host->place));
    bool is_small = view->map.detail != MAP_FULL;
    float pad = 12, top = is_small ? 7 : 8, id_size = map_id_size(view, view->map.detail);
    struct draw_box inside = {host->card.x + pad, host->card.y + top, host->card.w - 2 * pad,
                              host->card.h - 2 * top};
    float small = draw_line_height(theme->size_small);
    ui_label(ui, ui_cut_top(&inside, draw_line_height(id_size)), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
             id_size, is_up ? theme->ink : theme->ink_soft, log_text(view->log, e->id));
    if (view->map.detail == MAP_FULL) {
        ui_label(ui, ui_cut_top(&inside, small), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
                 theme->ink_soft, log_text(view->log, e->name));
        ui_label(ui, ui_cut_top(&inside, small), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
                 theme->ink_soft, log_text(view->log, e->addr));
    }
    ui_cut_top(&inside, is_small ? 4 : 6);
    draw_marks(view, host->place, inside);
}

/* Down: what is on the card fades but for the id, and the lower edge says it with a cross. */
static void draw_down(struct view *view, const struct map_host *host)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float radius = view->map.detail == MAP_DOT ? host->card.w / 2 : 8;
    draw_rect(ui->list, host->card, radius, ui_fade(theme->panel, 0.55f), theme->bad, theme->line);
    if (view->map.detail == MAP_DOT) {
        mark_sign(ui->list, theme, MARK_CROSS, host->card.x + host->card.w / 2,
                  host->card.y + host->card.h / 2, host->card.w, theme->bad);
        return;
    }
    struct draw_box box = down_box(view, host);
    float w = box.w, h = box.h, icon = h - 8;
    draw_rect(ui->list, box, 4, theme->panel, theme->bad, theme->line / 2);
    mark_sign(ui->list, theme, MARK_CROSS, box.x + 6 + icon / 2, box.y + h / 2, icon, theme->bad);
    ui_label(ui, (struct draw_box){box.x + icon + 11, box.y, w - icon - 12, h}, DRAW_ALIGN_LEFT,
             DRAW_FONT_BOLD, theme->size_small, theme->bad, SLICE("down"));
    float size = map_id_size(view, view->map.detail);
    ui_label(
        ui,
        (struct draw_box){host->card.x + 12, host->card.y + (view->map.detail == MAP_FULL ? 8 : 7),
                          host->card.w - 24, draw_line_height(size)},
        DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, size, theme->ink, log_place_name(view->log, host->place));
}

static bool is_lit(const struct view *view, uint32_t host)
{
    uint32_t hop = view->hover_hop ? view->hover_hop : view->chosen_hop, from, by;
    if (host == view->hover_host || host == view->chosen_host)
        return true;
    return hop && header_hop(view, hop, &from, &by) && (host == from || host == by);
}

/* The name of a dot, below it. */
static void draw_name(struct view *view, const struct map_host *host)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box below = {host->card.x + host->card.w / 2 - 60, host->card.y + host->card.h + 2,
                             120, draw_line_height(theme->size_small)};
    ui_label(&view->ui, below, DRAW_ALIGN_CENTER, DRAW_FONT_SANS, theme->size_small, theme->ink,
             log_place_name(view->log, host->place));
}

void map_card_draw(struct view *view, const struct map_host *host)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    bool is_up = scene_is_up(&view->scene, host->place);
    bool holds = view->msg && scene_is_holder(&view->scene, view->msg, host->place);
    struct slice id = log_place_name(view->log, host->place);
    char name[UI_NAME];
    snprintf(name, sizeof name, "host-%.*s", SLICE_ARG(slice_part(id, 0, UI_NAME - 6)));
    struct ui_state state = ui_region(ui, name, host->card, ACTION_CHOOSE_HOST, host->place);
    float radius = view->map.detail == MAP_DOT ? host->card.w / 2 : 8;
    if (view->map.detail != MAP_DOT)
        draw_shadow(ui->list, host->card, radius, theme->shadow);
    draw_rect(ui->list, host->card, radius, theme->card, holds ? theme->ink : theme->card_edge,
              holds ? theme->line * 2 : 1);
    if (is_lit(view, host->place) || state.is_focus)
        draw_rect(ui->list, ui_inset(host->card, -4), radius + 4, 0, theme->accent, theme->line);
    if (view->map.detail != MAP_DOT) {
        draw_lines(view, host, is_up);
    } else if (view->map.hosts.count <= NAMED_DOTS || is_lit(view, host->place))
        draw_name(view, host);
    if (!is_up)
        draw_down(view, host);
    if (view->map.detail != MAP_DOT)
        draw_counts(view, host);
}
