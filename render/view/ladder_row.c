#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/ladder.h"
#include "render/view/words.h"

float ladder_row_height(const struct view *view)
{
    return draw_line_height(view->ui.theme->size_small) + 6;
}

/* The parts at the left of the columns. */
struct left {
    float clock, handle, protocol;
};

static struct left left_of(const struct view *view)
{
    const struct theme *theme = view->ui.theme;
    bool has_days = log_end(view->log) >= VTIME_DAY / 2;
    struct slice clock = has_days ? SLICE("+1d 00:00:00.000 ") : SLICE("00:00:00.000 ");
    return (struct left){
        .clock = draw_width(view->ui.list, DRAW_FONT_MONO, theme->size_small, clock) + 4,
        .handle = theme->size_small * 1.4f,
        .protocol = draw_width(view->ui.list, DRAW_FONT_BOLD, theme->size_small, SLICE("SMTP ")),
    };
}

float ladder_left_width(const struct view *view)
{
    struct left left = left_of(view);
    return left.clock + left.handle + left.protocol;
}

/* ---- colours ---- */

static uint32_t ink_of(const struct theme *theme, enum ladder_style style, bool is_later)
{
    if (is_later)
        return theme->ink_faint;
    switch (style) {
    case LADDER_PLAIN:
    case LADDER_STRONG:
        return theme->ink;
    case LADDER_DIM:
        return theme->ink_soft;
    case LADDER_GOOD:
        return theme->good;
    case LADDER_WAITING:
        return theme->waiting;
    case LADDER_BAD:
        return theme->bad;
    }
    return theme->ink;
}

static enum draw_font font_of(const struct ladder_line *line)
{
    return line->style == LADDER_STRONG || line->is_folded ? DRAW_FONT_BOLD : DRAW_FONT_SANS;
}

/* ---- what a row is made of ---- */

struct row {
    struct view *view;
    struct ladder *ladder;
    struct draw_box box;
    struct ladder_line line;
    uint32_t ink, ground;
    float shaft; /* the height of the arrow */
};

/* Text on ground of its own, so that no line goes through it. */
static void put_text(const struct row *r, float x, float w, enum draw_align align)
{
    const struct theme *theme = r->view->ui.theme;
    struct draw_list *list = r->view->ui.list;
    enum draw_font font = font_of(&r->line);
    float width = fminf(draw_width(list, font, theme->size_small, r->line.text), w);
    float left = align == DRAW_ALIGN_CENTER  ? x + (w - width) / 2
                 : align == DRAW_ALIGN_RIGHT ? x + w - width
                                             : x;
    if (w < theme->size_small * 2)
        return;
    struct draw_box ground = {left - 2, r->box.y + 2, width + 4,
                              draw_line_height(theme->size_small)};
    draw_rect(list, ground, 2, r->ground, 0, 0);
    list->may_cut = true; /* the tip has all of it */
    draw_string(list, left, r->box.y + 1, w, DRAW_ALIGN_LEFT, font, theme->size_small, r->ink,
                r->line.text);
    list->may_cut = false;
}

/* Beside left..right, on the side with room for all of it, or with more room. */
static void put_beside(const struct row *r, float left, float right)
{
    struct draw_box area = r->ladder->area;
    float need = draw_width(r->view->ui.list, font_of(&r->line), r->view->ui.theme->size_small,
                            r->line.text);
    float room_right = area.x + area.w - right - 8, room_left = left - area.x - 8;
    if (need <= room_right || room_right >= room_left)
        put_text(r, right + 8, room_right, DRAW_ALIGN_LEFT);
    else
        put_text(r, area.x, room_left, DRAW_ALIGN_RIGHT);
}

/* Above the arrow if it is long enough, else from its start on beyond its end. */
static void put_above(const struct row *r, float left, float right)
{
    struct draw_box area = r->ladder->area;
    float need = draw_width(r->view->ui.list, font_of(&r->line), r->view->ui.theme->size_small,
                            r->line.text);
    left = fminf(fmaxf(left, area.x), area.x + area.w); /* the part of it that is in sight */
    right = fminf(fmaxf(right, area.x), area.x + area.w);
    float inner = right - left - 12;
    if (need <= inner) {
        put_text(r, left + 6, inner, DRAW_ALIGN_CENTER);
        return;
    }
    float room_right = area.x + area.w - left - 6, room_left = right - 6 - area.x;
    if (need <= room_right || room_right >= room_left)
        put_text(r, left + 6, room_right, DRAW_ALIGN_LEFT);
    else
        put_text(r, area.x, room_left, DRAW_ALIGN_RIGHT);
}

static void draw_arrow(const struct row *r, float from, float to)
{
    const struct theme *theme = r->view->ui.theme;
    struct draw_list *list = r->view->ui.list;
    float way = from < to ? 1 : -1, y = r->shaft, end = r->line.is_lost ? (from + to) / 2 : to;
    float width = r->line.style == LADDER_STRONG ? 2.5f : 1.5f;
    put_above(r, fminf(from, to), fmaxf(from, to));
    draw_line(list, from, y, end - way * 5, y, r->ink, width, r->line.is_pull ? 5 : 0);
    if (r->line.is_lost)
        mark_sign(list, theme, MARK_CROSS, end, y, 9, r->ink);
    else
        mark_arrow(list, to - way, y, way, 0, 7, !r->line.is_pull, r->ink, 1.5f);
}

/* A whole connection: a beam between its ends. */
static void draw_beam(const struct row *r, float from, float to)
{
    struct draw_list *list = r->view->ui.list;
    float left = fminf(from, to), w = fmaxf(fabsf(to - from), 6);
    put_above(r, left, left + w);
    draw_rect(list, (struct draw_box){left, r->shaft - 3, w, 5}, 2, ui_fade(r->ink, 0.25f), r->ink,
              1);
}

/* Within one column an arrow has no length: a dot, and who spoke when it says so. */
static void draw_dot(const struct row *r, float x)
{
    struct draw_list *list = r->view->ui.list;
    float y = r->box.y + r->box.h / 2, d = 7;
    bool is_note = r->line.kind == LADDER_NOTE;
    draw_oval(list, (struct draw_box){x - d / 2, y - d / 2, d, d}, is_note ? r->ink : r->ground,
              r->ink, 1.5f);
    put_beside(r, x, x);
}

static void draw_bar(const struct row *r)
{
    const struct theme *theme = r->view->ui.theme;
    struct draw_box area = r->ladder->area;
    struct draw_box band = {area.x, r->box.y + 1, area.w, r->box.h - 3};
    draw_rect(r->view->ui.list, band, 3, theme->card, r->ink, 1);
    ui_label(&r->view->ui, ui_inset(band, 4), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_small,
             r->ink, r->line.text);
}

/* Silence: the columns are broken. */
static void draw_gap(const struct row *r)
{
    const struct theme *theme = r->view->ui.theme;
    struct draw_box area = r->ladder->area;
    struct draw_box band = {area.x, r->box.y + 3, area.w, r->box.h - 6};
    draw_rect(r->view->ui.list, band, 0, r->ground, 0, 0);
    draw_line(r->view->ui.list, area.x, band.y, area.x + area.w, band.y, theme->ink_faint, 1, 3);
    draw_line(r->view->ui.list, area.x, band.y + band.h, area.x + area.w, band.y + band.h,
              theme->ink_faint, 1, 3);
    ui_label(&r->view->ui, band, DRAW_ALIGN_CENTER, DRAW_FONT_SANS, theme->size_small, r->ink,
             r->line.text);
}

static void draw_chart(const struct row *r)
{
    int from = ladder_column_of(r->view, r->ladder, r->line.from);
    int to = ladder_column_of(r->view, r->ladder, r->line.to);
    if (r->line.kind == LADDER_GAP)
        draw_gap(r);
    else if (r->line.kind == LADDER_BAR || from < 0 || to < 0)
        draw_bar(r);
    else if (from == to)
        draw_dot(r, ladder_x(r->ladder, from));
    else if (r->line.is_folded)
        draw_beam(r, ladder_x(r->ladder, from), ladder_x(r->ladder, to));
    else
        draw_arrow(r, ladder_x(r->ladder, from), ladder_x(r->ladder, to));
}

/* ---- at the left ---- */

static void choose(struct view *view, uint32_t row)
{
    const struct ladder *ladder = ladder_of(view);
    if (row < ladder->rows.rows.count)
        select_event(view, ladder->rows.rows.items[row].event);
}

static void fold(struct view *view, uint32_t conn)
{
    struct ladder_rows *rows = &ladder_of(view)->rows;
    ladder_rows_fold(rows, conn, !ladder_rows_is_folded(rows, conn));
}

/* Plus and minus, as in a tree; only the first row of a connection has one. */
static void draw_handle(const struct row *r, struct draw_box box, const struct ladder_row *row)
{
    struct ui *ui = &r->view->ui;
    const struct theme *theme = ui->theme;
    float side = floorf(fminf(box.w, box.h) - 2);
    struct draw_box square = {box.x, floorf(box.y + (box.h - side) / 2), side, side};
    char name[UI_NAME];
    snprintf(name, sizeof name, "fold-%" PRIu32, row->conn);
    struct ui_state state =
        ui_region(ui, name, (struct draw_box){box.x - 4, box.y, box.w + 8, box.h}, fold, row->conn);
    ui_tip(ui, slice_of(r->line.is_folded ? tr("Show all turns of this connection")
                                          : tr("One row for this connection")));
    uint32_t edge = state.is_hover || state.is_focus ? theme->accent : theme->ink_soft;
    draw_rect(ui->list, square, 2, theme->panel, edge, state.is_focus ? 2 : 1);
    float cx = square.x + side / 2, cy = square.y + side / 2, arm = side / 2 - 3;
    draw_line(ui->list, cx - arm, cy, cx + arm, cy, edge, 1.5f, 0);
    if (r->line.is_folded)
        draw_line(ui->list, cx, cy - arm, cx, cy + arm, edge, 1.5f, 0);
}

static void draw_left(const struct row *r, const struct ladder_row *row, int64_t before,
                      bool is_first)
{
    struct ui *ui = &r->view->ui;
    const struct theme *theme = ui->theme;
    struct left left = left_of(r->view);
    struct draw_box box = r->box;
    int64_t t = log_at(r->view->log, row->event)->t;
    uint32_t soft = t > r->view->t ? theme->ink_faint : theme->ink_soft;
    struct draw_box clock = ui_cut_left(&box, left.clock);
    ui_cut_left(&clock, 4);
    if (t != before)
        ui_label(ui, clock, DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_small, soft,
                 words_clock(r->view->log, &ui->list->arena, t));
    struct draw_box handle = ui_cut_left(&box, left.handle);
    if (is_first)
        draw_handle(r, handle, row);
    ui_label(ui, ui_cut_left(&box, left.protocol), DRAW_ALIGN_LEFT, DRAW_FONT_SANS,
             theme->size_small, soft, slice_of(r->line.protocol));
}

void ladder_row_draw(struct view *view, struct ladder *ladder, struct draw_box box, size_t row,
                     bool is_now, int64_t before)
{
    struct ui *ui = &view->ui;
    const struct ladder_row *item = &ladder->rows.rows.items[row];
    struct row r = {.view = view, .ladder = ladder, .box = box};
    char name[UI_NAME];
    r.line = ladder_line_of(&ladder->rows, view->log, &ui->list->arena, row);
    r.ink = ink_of(ui->theme, r.line.style, log_at(view->log, item->event)->t > view->t);
    r.ground = is_now ? ui->theme->accent_soft : ui->theme->panel;
    r.shaft = box.y + box.h - 3.5f;
    snprintf(name, sizeof name, "ladder-row-%zu", row);
    struct ui_state state = ui_region(ui, name, box, choose, (uint32_t)row);
    ui_tip(ui, r.line.text);
    if ((state.is_hover || state.is_focus) && !is_now)
        draw_rect(ui->list, box, 4, 0, ui->theme->accent, state.is_focus ? 2 : 1);
    bool is_first = item->conn && ladder->rows.conns.items[item->conn - 1].first == row + 1;
    draw_left(&r, item, before, is_first);
    if (ladder->most_x > 0)
        ui_clip(ui, ladder->area);
    draw_chart(&r);
    if (ladder->most_x > 0)
        ui_unclip(ui);
}
