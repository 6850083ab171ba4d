/*
 * The ladder: a column a host or agent, in the map's order from left to right; a turn a row. What
 * is later than the moment shown is faint. A frame's cost goes by the rows that are seen.
 */
#include "render/view/ladder.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/view/docks.h"
#include "render/view/words.h"
#include "sim/base/memory.h"

enum { HEAD_GAP = 3 };

struct ladder *ladder_of(struct view *view)
{
    if (!view->time->ladder)
        view->time->ladder = memory_take(sizeof *view->time->ladder);
    ladder_rows_update(&view->time->ladder->rows, view->log);
    return view->time->ladder;
}

void ladder_finish(struct ladder *ladder)
{
    if (!ladder)
        return;
    ladder_rows_finish(&ladder->rows);
    vector_finish(&ladder->columns);
    vector_finish(&ladder->column_of);
    free(ladder);
}

/* ---- columns ---- */

static int by_place(const void *a, const void *b)
{
    const struct ladder_column *p = a, *q = b;
    if (p->map_x != q->map_x)
        return p->map_x < q->map_x ? -1 : 1;
    return p->place < q->place ? -1 : p->place > q->place;
}

/* Hosts, or agents with those hosts that speak for themselves (a host asks for names, too). */
static bool is_column(const struct view *view, const struct ladder *ladder, uint32_t place)
{
    const struct event *e = log_place(view->log, place);
    if (!ladder->rows.took_part.items[place - 1] || !e)
        return false;
    return ladder->by_agents ? ladder->rows.has_spoken.items[place - 1] : event_as_host(e) != NULL;
}

static void find_columns(struct view *view, struct ladder *ladder)
{
    if (ladder->parts_seen == ladder->rows.part_count + 1 &&
        ladder->seen_agents == ladder->by_agents &&
        ladder->seen_layout == view->layout.points.items)
        return;
    ladder->parts_seen = ladder->rows.part_count + 1;
    ladder->seen_agents = ladder->by_agents;
    ladder->seen_layout = view->layout.points.items;
    ladder->columns_for = SIZE_MAX; /* they lie elsewhere now */
    vector_clear(&ladder->columns);
    vector_clear(&ladder->column_of);
    for (uint32_t place = 1; place <= ladder->rows.took_part.count; place++) {
        *vector_add(&ladder->column_of) = 0;
        if (!is_column(view, ladder, place))
            continue;
        struct layout_point p = layout_at(&view->layout, place);
        *vector_add(&ladder->columns) = (struct ladder_column){.place = place, .map_x = p.x};
    }
    if (ladder->columns.count)
        qsort(ladder->columns.items, ladder->columns.count, sizeof ladder->columns.items[0],
              by_place);
    for (size_t i = 0; i < ladder->columns.count; i++)
        ladder->column_of.items[ladder->columns.items[i].place - 1] = (uint32_t)i + 1;
}

/* The column of a place: its own, or that of its host; -1 none. */
int ladder_column_of(const struct view *view, const struct ladder *ladder, uint32_t place)
{
    uint32_t shown = ladder->by_agents ? place : log_host_of(view->log, place);
    if (shown - 1 >= ladder->column_of.count)
        return -1;
    return (int)ladder->column_of.items[shown - 1] - 1;
}

float ladder_x(const struct ladder *ladder, int column)
{
    return ladder->area.x + ladder->step * ((float)column + 0.5f) - ladder->scroll_x;
}

/* As wide as there is room for; from some number on they no longer fit and are scrolled. */
static void fit_columns(struct view *view, struct ladder *ladder, struct draw_box area)
{
    const struct theme *theme = view->ui.theme;
    float count = fmaxf((float)ladder->columns.count, 1), least = theme->size_text * 6.5f;
    ladder->area = area;
    ladder->step = fminf(fmaxf(area.w / count, least), theme->size_text * 26);
    float most = fmaxf(ladder->step * count - area.w, 0);
    ladder->scroll_x = fminf(fmaxf(ladder->scroll_x, 0), most);
    ladder->most_x = most;
}

static void draw_column_head(struct view *view, struct ladder *ladder, struct draw_box head, int i)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    uint32_t place = ladder->columns.items[i].place, host = log_host_of(view->log, place);
    struct draw_box box = {ladder_x(ladder, i) - ladder->step / 2 + 2, head.y, ladder->step - 4,
                           head.h};
    char name[UI_NAME];
    struct slice id = log_place_name(view->log, place);
    snprintf(name, sizeof name, "ladder-%.*s", SLICE_ARG(slice_part(id, 0, UI_NAME - 8)));
    struct ui_state state = ui_region(ui, name, box, select_host, host);
    ui_on_drag(ui, ladder_pan);
    bool is_lit = view->chosen_host == host || view->hover_host == host;
    draw_rect(ui->list, box, 4, is_lit || state.is_hover ? theme->accent_soft : theme->card,
              is_lit || state.is_focus ? theme->accent : theme->card_edge, state.is_focus ? 2 : 1);
    struct draw_box area = ladder->area;
    if (box.x >= area.x - 1 && box.x + box.w <= area.x + area.w + 1) /* half a name misleads */
        ui_label(ui, ui_inset(box, 3), DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, theme->size_small,
                 theme->ink, id);
}

/* What is between the middle of the first and behind the last column that is seen. */
static void columns_seen(const struct ladder *ladder, int *first, int *last)
{
    int count = (int)ladder->columns.count;
    *first = (int)(ladder->scroll_x / ladder->step);
    *last = (int)((ladder->scroll_x + ladder->area.w) / ladder->step) + 1;
    *last = *last < count ? *last : count;
}

static void draw_heads(struct view *view, struct ladder *ladder, struct draw_box head)
{
    int first, last;
    columns_seen(ladder, &first, &last);
    struct draw_box clip = {ladder->area.x, head.y - 2, ladder->area.w, head.h + 4};
    ui_clip(&view->ui, clip);
    for (int i = first; i < last; i++)
        draw_column_head(view, ladder, head, i);
    ui_unclip(&view->ui);
}

static void draw_lives(struct view *view, struct ladder *ladder)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box area = ladder->area;
    int first, last;
    columns_seen(ladder, &first, &last);
    for (int i = first; i < last; i++) {
        uint32_t host = log_host_of(view->log, ladder->columns.items[i].place);
        float x = ladder_x(ladder, i);
        if (view->chosen_host == host || view->hover_host == host)
            draw_rect(view->ui.list,
                      (struct draw_box){x - ladder->step / 2 + 2, area.y, ladder->step - 4, area.h},
                      0, ui_fade(theme->accent_soft, 0.55f), 0, 0);
        draw_line(view->ui.list, floorf(x) + 0.5f, area.y, floorf(x) + 0.5f, area.y + area.h,
                  theme->link, 1, 0);
    }
}

void ladder_pan(struct view *view, uint32_t arg, enum ui_drag_phase phase, float x, float y)
{
    struct ladder *ladder = view->time->ladder;
    (void)arg;
    (void)y;
    if (!ladder)
        return;
    if (phase == UI_DRAG_BEGIN) {
        ladder->pan_from = ladder->scroll_x;
        ladder->pan_x = x;
    }
    ladder->scroll_x = fminf(fmaxf(ladder->pan_from + ladder->pan_x - x, 0), ladder->most_x);
}

static void aside(struct view *view, uint32_t is_right)
{
    struct ladder *ladder = view->time->ladder;
    ladder->scroll_x += is_right ? ladder->step : -ladder->step;
}

/* ---- the buttons ---- */

static void switch_agents(struct view *view, uint32_t arg)
{
    (void)arg;
    view->time->ladder->by_agents = !view->time->ladder->by_agents;
    view->time->ladder->columns_for = SIZE_MAX;
}

static void fold_all(struct view *view, uint32_t is_folded)
{
    ladder_rows_fold_all(&view->time->ladder->rows, is_folded);
    view->time->ladder->scroll = 0;
}

static void tool(struct view *view, struct draw_box *tools, const char *name, const char *label,
                 ui_act *act, uint32_t arg, unsigned flags)
{
    struct ui *ui = &view->ui;
    float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 20;
    if (tools->w < w)
        return;
    ui_button(ui, name, ui_inset(ui_cut_right(tools, w), 1), label, act, arg, flags);
    ui_cut_right(tools, 4);
}

/* "09:00:00.200 SMTP submit -> pc-alice: 220 ..." */
static bool tell_row(const struct view *view, const struct ladder *ladder, struct arena *arena,
                     size_t row, struct bytes *out)
{
    struct ladder_line line = ladder_line_of(&ladder->rows, view->log, arena, row);
    uint32_t event = ladder->rows.rows.items[row].event;
    struct slice clock = words_clock(view->log, arena, log_at(view->log, event)->t);
    struct slice from = log_place_name(view->log, line.from);
    struct slice to = log_place_name(view->log, line.to);
    bool is_way = line.from != line.to;
    return bytes_printf(
        out, "%.*s%s%s%s%.*s%s%.*s%s%.*s\n", SLICE_ARG(clock), line.protocol[0] ? " " : "",
        line.protocol, from.size ? " " : "", SLICE_ARG(from), is_way ? " \xE2\x86\x92 " : "",
        SLICE_ARG(is_way ? to : SLICE("")), from.size ? ": " : " ", SLICE_ARG(line.text));
}

void ladder_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    enum { ROWS_MAX = 120 };
    struct ladder *ladder = ladder_of(view);
    uint32_t count = log_count_until(view->log, view->t);
    size_t last =
        count ? ladder_rows_before(&ladder->rows, ladder_rows_until(&ladder->rows, count - 1)) : 0;
    bool has_room = true;
    for (size_t n = last > ROWS_MAX ? last - ROWS_MAX : 0; has_room && n < last; n++)
        has_room = tell_row(view, ladder, arena, ladder_rows_at(&ladder->rows, n), out);
}

/* The text twin: the rows up to the moment shown, as many of the last ones as a request holds. */
static void copy(struct view *view, uint32_t arg)
{
    struct arena arena;
    struct bytes out;
    (void)arg;
    arena_init(&arena);
    bytes_init(&out, VIEW_REQUEST_MAX - 1);
    ladder_tell(view, &arena, &out);
    request_add(view, VIEW_REQUEST_COPY, bytes_slice(&out));
    bytes_finish(&out);
    arena_finish(&arena);
}

static void draw_tools(struct view *view, struct ladder *ladder, struct draw_box *tools)
{
    bool is_wide = ladder->most_x > 0;
    tool(view, tools, "ladder-unfold", tr("Unfold all"), fold_all, 0, 0);
    tool(view, tools, "ladder-fold", tr("Fold all"), fold_all, 1,
         ladder->rows.folds_new ? UI_ON : 0);
    tool(view, tools, "ladder-copy", tr("Copy"), copy, 0, 0);
    tool(view, tools, "ladder-agents", tr(ladder->by_agents ? TR("Agents") : TR("Hosts")),
         switch_agents, 0, 0);
    if (!is_wide)
        return;
    tool(view, tools, "ladder-right", "\xE2\x96\xB8", aside, 1, 0);
    tool(view, tools, "ladder-left", "\xE2\x97\x82", aside, 0, 0);
}

/* ---- all of it ---- */

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    view->time->ladder->scroll -= 3 * lines;
}

/* The row of the moment shown, or of the chosen event: its number among those that are shown. */
static size_t now_shown(const struct view *view, const struct ladder *ladder, size_t *row)
{
    uint32_t count = log_count_until(view->log, view->t);
    uint32_t event = view->chosen_event != INDEX_NO_EVENT ? view->chosen_event : count - 1;
    size_t until =
        count || view->chosen_event != INDEX_NO_EVENT ? ladder_rows_until(&ladder->rows, event) : 0;
    size_t shown = ladder_rows_before(&ladder->rows, until);
    *row = until ? until - 1 : SIZE_MAX;
    return shown ? shown - 1 : SIZE_MAX;
}

/* What a row is about, from the left of all columns; 0 when it is about none. */
static float middle_of(struct view *view, const struct ladder *ladder, size_t row)
{
    struct ladder_line line = ladder_line_of(&ladder->rows, view->log, &view->ui.list->arena, row);
    int from = ladder_column_of(view, ladder, line.from);
    int to = ladder_column_of(view, ladder, line.to);
    return from < 0 || to < 0 ? 0 : ladder->step * ((float)(from + to) / 2 + 0.5f);
}

/* The columns between which something happens now, or last did, stand in the middle, until the
   person draws them elsewhere. */
static void show_columns(struct view *view, struct ladder *ladder)
{
    enum { LOOK_BACK = 64 };
    size_t row;
    (void)now_shown(view, ladder, &row);
    if (ladder->most_x <= 0 ||
        (ladder->columns_for == row + 1 && ladder->area.w == ladder->columns_w))
        return;
    ladder->columns_for = row + 1;
    ladder->columns_w = ladder->area.w;
    float middle = 0;
    for (size_t i = 0; i < LOOK_BACK && middle <= 0 && row < ladder->rows.rows.count; i++)
        middle = middle_of(view, ladder, row--);
    ladder->scroll_x = fminf(fmaxf(middle - ladder->area.w / 2, 0), ladder->most_x);
}

/* How many rows lie above: the moment shown stands at two thirds of the height, unless the wheel
   has moved it away. */
static size_t first_shown(struct view *view, struct ladder *ladder, size_t now, int room)
{
    if (ladder->scroll_t != view->t || ladder->scroll_event != view->chosen_event)
        ladder->scroll = 0;
    ladder->scroll_t = view->t;
    ladder->scroll_event = view->chosen_event;
    float first = now == SIZE_MAX ? 0 : (float)now - (float)(room * 2 / 3);
    float most = fmaxf((float)ladder->rows.shown_count - (float)room, 0);
    float shown = fminf(fmaxf(first + ladder->scroll, 0), most);
    if (ladder->scroll != 0)
        ladder->scroll = shown - first;
    return (size_t)shown;
}

static void draw_rows(struct view *view, struct ladder *ladder, struct draw_box inside)
{
    float step = ladder_row_height(view);
    int room = (int)(inside.h / step);
    size_t row, now = now_shown(view, ladder, &row);
    size_t first = first_shown(view, ladder, now, room);
    ladder->first = first;
    ladder->end = first + (size_t)room < ladder->rows.shown_count ? first + (size_t)room
                                                                  : ladder->rows.shown_count;
    ui_clip(&view->ui, inside);
    struct draw_box band = {inside.x, inside.y + step * (float)(now - first), inside.w, step};
    if (now != SIZE_MAX && now >= first && now < first + (size_t)room)
        draw_rect(view->ui.list, band, 4, view->ui.theme->accent_soft, view->ui.theme->accent, 1);
    ui_clip(&view->ui, ladder->area);
    draw_lives(view, ladder);
    ui_unclip(&view->ui);
    int64_t before = -1;
    for (size_t n = first; n < ladder->end; n++) {
        struct draw_box box = {inside.x, inside.y + step * (float)(n - first), inside.w, step};
        size_t i = ladder_rows_at(&ladder->rows, n);
        ladder_row_draw(view, ladder, box, i, n == now, before);
        before = log_at(view->log, ladder->rows.rows.items[i].event)->t;
    }
    ui_unclip(&view->ui);
}

/* Before anything is drawn: heads, rows and tools go by it. */
static void place_columns(struct view *view, struct ladder *ladder, struct draw_box box)
{
    float left = ladder_left_width(view);
    find_columns(view, ladder);
    fit_columns(view, ladder, (struct draw_box){box.x + left, box.y, box.w - left, box.h});
    show_columns(view, ladder);
}

float ladder_head_height(const struct view *view)
{
    return draw_line_height(view->ui.theme->size_small) + 10 + HEAD_GAP;
}

static void draw_one(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    struct ladder *ladder = ladder_of(view);
    struct draw_box head = ui_cut_top(&box, ladder_head_height(view) - HEAD_GAP);
    ui_cut_top(&box, HEAD_GAP);
    ladder->area.y = box.y;
    ladder->area.h = box.h;
    ui_wheel(ui, "wheel-ladder", box, turn, 0);
    if (ladder->rows.rows.count == 0) {
        ui_label(ui, ui_cut_top(&box, head.h), DRAW_ALIGN_LEFT, DRAW_FONT_SANS,
                 ui->theme->size_text, ui->theme->ink_soft, slice_of(tr("Nothing yet.")));
        return;
    }
    draw_heads(view, ladder, head);
    draw_rows(view, ladder, box);
}

void ladder_draw(struct view *view, struct draw_box box, struct draw_box *tools)
{
    place_columns(view, ladder_of(view), box);
    draw_tools(view, ladder_of(view), tools);
    draw_one(view, box);
}

void ladder_act(struct view *view, uint32_t arg)
{
    (void)arg;
    docks_show(view, "ladder");
}
