/* The lines of a dialogue, with the states of both ends and what the chosen one means. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/dialogue_panel.h"
#include "render/view/explain.h"
#include "render/view/words.h"

static float state_width(const struct view *view, enum turn_protocol protocol)
{
    const struct theme *theme = view->ui.theme;
    float widest = 0;
    for (int i = 0; i < states_count(protocol); i++)
        widest = fmaxf(widest, draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_small,
                                          slice_of(states_name(protocol, i))));
    return widest + 18;
}

struct dialogue_columns dialogue_columns(const struct view *view,
                                         const struct dialogue_panel *panel, float w)
{
    const struct draw_list *list = view->ui.list;
    const struct theme *theme = view->ui.theme;
    struct dialogue_columns c = {
        .clock = draw_width(list, DRAW_FONT_MONO, theme->size_small, SLICE("00:00.000")) + 6,
        .side = draw_width(list, DRAW_FONT_MONO, theme->size_mono, SLICE("S: ")),
        .mark = theme->size_mono + 6};
    c.text = fmaxf(w - 6 - c.clock - c.side - c.mark, theme->size_mono);
    float state = state_width(view, panel->turns.protocol);
    if (states_count(panel->turns.protocol) && c.text - 2 * state > theme->size_text * 28) {
        c.state = state;
        c.text -= 2 * state;
    }
    return c;
}

static float row_step(const struct view *view)
{
    return draw_line_height(view->ui.theme->size_mono) + 4;
}

/* ---- why ---- */

/* What stands below the chosen turn. */
struct why {
    struct slice text, foot;
    float height;
    size_t behind; /* line */
    uint32_t rows; /* 0: none */
};

static struct slice why_text(struct view *view, const struct turn *turn, const struct explain *why,
                             bool is_illegal)
{
    struct arena *arena = &view->ui.list->arena;
    struct slice code = turn->esc;
    const char *out_of_order = is_illegal ? tr("It is not legal in this state. ") : "";
    if (!why->more)
        return arena_printf(arena, "%s%s", out_of_order, tr(why->says));
    return arena_printf(arena, "%s%s %.*s%s%s.", out_of_order, tr(why->says), SLICE_ARG(code),
                        code.size ? ": " : "", tr(why->more));
}

static struct slice why_foot(struct view *view, const struct dialogue_turns *turns, size_t place,
                             const struct explain *why)
{
    struct arena *arena = &view->ui.list->arena;
    const struct dialogue_turn *t = &turns->turns.items[place];
    struct slice clause = why->more_clause
                              ? arena_printf(arena, "%s, %s", why->clause, why->more_clause)
                              : slice_of(why->clause);
    if (!states_count(turns->protocol))
        return clause;
    return arena_printf(arena, tr("%.*s   client: %s   server: %s"), SLICE_ARG(clause),
                        states_client(turns->protocol, dialogue_turns_client_behind(turns, place)),
                        states_name(turns->protocol, t->state));
}

static bool explained(struct view *view, size_t place, struct turn *turn, struct explain *why)
{
    const struct dialogue_turn *t = &view->dialogue->turns.turns.items[place];
    return turn_read(view->log, log_at(view->log, t->event), turn) && explain_turn(turn, why);
}

static struct why find_why(struct view *view, float w)
{
    const struct dialogue_panel *panel = view->dialogue;
    const struct theme *theme = view->ui.theme;
    int64_t place = dialogue_chosen_turn(view);
    struct explain words;
    struct turn turn;
    struct why why = {0};
    if (place == DIALOGUE_TURNS_NONE || !explained(view, (size_t)place, &turn, &words))
        return why;
    const struct dialogue_turn *t = &panel->turns.turns.items[place];
    why.text = why_text(view, &turn, &words, t->is_illegal);
    why.foot = why_foot(view, &panel->turns, (size_t)place, &words);
    struct slice rest = why.text, line;
    why.height = 10;
    while (ui_wrap(&view->ui, DRAW_FONT_SANS, theme->size_text, w - 28, &rest, &line))
        why.height += draw_line_height(theme->size_text);
    rest = why.foot;
    while (ui_wrap(&view->ui, DRAW_FONT_SANS, theme->size_small, w - 28, &rest, &line))
        why.height += draw_line_height(theme->size_small);
    why.rows = (uint32_t)ceilf(why.height / row_step(view));
    why.behind = dialogue_lines_of_turns(&panel->lines, (size_t)place + 1);
    return why;
}

static void draw_why(struct view *view, struct draw_box box, const struct why *why)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box place = {box.x + 8, box.y + 1, box.w - 8, why->height};
    draw_rect(ui->list, place, 4, theme->accent_soft, 0, 0);
    draw_rect(ui->list, (struct draw_box){place.x, place.y, 4, place.h}, 2, theme->accent, 0, 0);
    struct draw_box inside = {place.x + 12, place.y + 4, place.w - 20, place.h - 8};
    float h = ui_paragraph(ui, inside, DRAW_FONT_SANS, theme->size_text, theme->ink, why->text, 12);
    ui_cut_top(&inside, h);
    ui_paragraph(ui, inside, DRAW_FONT_SANS, theme->size_small, theme->ink_soft, why->foot, 4);
}

/* ---- marks ---- */

static void draw_outcome(struct view *view, struct draw_box box, enum turn_outcome outcome)
{
    const struct theme *theme = view->ui.theme;
    bool good = outcome == TURN_OUTCOME_GOOD, waits = outcome == TURN_OUTCOME_LATER;
    uint32_t colour = good ? theme->good : waits ? theme->waiting : theme->bad;
    mark_sign(view->ui.list, theme,
              good    ? MARK_TICK
              : waits ? MARK_CLOCK
                      : MARK_CROSS,
              box.x + theme->size_mono / 2, box.y + box.h / 2, theme->size_mono, colour);
}

/* A password: a lock where it is within TLS, else a warning that anybody on the way reads it. */
static void draw_secret(struct view *view, struct draw_box box, bool is_secure)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float size = theme->size_mono, x = box.x + size / 2, y = box.y + box.h / 2;
    if (is_secure) {
        mark_sign(ui->list, theme, MARK_LOCK, x, y, size, theme->good);
        return;
    }
    const float corners[] = {
        x, y - size * 0.55f, x + size * 0.6f, y + size * 0.5f, x - size * 0.6f, y + size * 0.5f};
    draw_polygon(ui->list, corners, 3, theme->panel, theme->bad, 1.5f);
    ui_label(ui, (struct draw_box){x - size / 2, y - size * 0.35f, size, size * 0.9f},
             DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, theme->size_small * 0.85f, theme->bad, SLICE("!"));
}

static void draw_chip(struct view *view, struct draw_box box, const char *text, bool is_lit,
                      bool is_bad)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float h = draw_line_height(theme->size_small) + 2;
    struct draw_box chip = {box.x + 3, box.y + (box.h - h) / 2, box.w - 6, h};
    uint32_t edge = is_bad ? theme->bad : is_lit ? theme->accent : theme->card_edge;
    draw_rect(ui->list, chip, h / 2, is_lit ? theme->accent_soft : 0, edge, is_lit ? 1.5f : 1);
    ui_label(ui, chip, DRAW_ALIGN_CENTER, DRAW_FONT_SANS, theme->size_small,
             is_lit ? theme->ink : theme->ink_soft, slice_of(text));
}

/* Client and server, where there is room; the server's is lit where it has changed. */
static void draw_states(struct view *view, struct draw_box row, float width, size_t place)
{
    const struct dialogue_turns *turns = &view->dialogue->turns;
    const struct dialogue_turn *t = &turns->turns.items[place];
    bool is_changed = place == 0 || t->state != turns->turns.items[place - 1].state;
    struct draw_box server = {row.x + row.w - width, row.y, width, row.h};
    struct draw_box client = {server.x - width, row.y, width, row.h};
    draw_chip(view, client,
              states_client(turns->protocol, dialogue_turns_client_behind(turns, place)), false,
              false);
    draw_chip(view, server, states_name(turns->protocol, t->state), is_changed && t->is_reply,
              t->is_illegal);
}

/* Where there is none: only the server's, where it has changed and the row has room. */
static void draw_change(struct view *view, struct draw_box row, float used, size_t place)
{
    const struct dialogue_turns *turns = &view->dialogue->turns;
    const struct dialogue_turn *t = &turns->turns.items[place];
    const char *name = states_name(turns->protocol, t->state);
    bool is_changed = place > 0 && t->is_reply && t->state != turns->turns.items[place - 1].state;
    float width =
        draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_small, slice_of(name)) + 18;
    if ((is_changed || t->is_illegal) && used + width + 8 < row.w)
        draw_chip(view, (struct draw_box){row.x + row.w - width, row.y, width, row.h}, name,
                  is_changed, t->is_illegal);
}

/* ---- a line ---- */

/* Minutes, seconds and below: the hour stands in the clock. */
static void draw_time(struct view *view, struct draw_box box, uint32_t event)
{
    const struct theme *theme = view->ui.theme;
    struct slice t = words_clock(view->log, &view->ui.list->arena, log_at(view->log, event)->t);
    ui_label(&view->ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_small, theme->ink_faint,
             slice_part(t, t.size > 9 ? t.size - 9 : 0, t.size));
}

static struct slice tip_text(struct view *view, size_t place)
{
    struct turn turn;
    struct explain why;
    if (!explained(view, place, &turn, &why))
        return SLICE("");
    struct slice text =
        why_text(view, &turn, &why, view->dialogue->turns.turns.items[place].is_illegal);
    return arena_printf(&view->ui.list->arena, "%.*s  %s", SLICE_ARG(text), why.clause);
}

/* All lines of the turn, or of the message before it, are one thing to be pressed. */
static void draw_turn_ground(struct view *view, struct draw_box box,
                             const struct dialogue_line *line)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    uint32_t event = view->dialogue->turns.turns.items[line->turn].event;
    char name[UI_NAME];
    snprintf(name, sizeof name, "%s-%" PRIu32, line->is_head ? "turn" : "said", event);
    if (event == view->event)
        draw_rect(ui->list, box, 4, theme->accent_soft, theme->accent, 1);
    struct ui_state state = ui_region(ui, name, box, select_event, event);
    if (state.is_hover)
        ui_tip(ui, tip_text(view, line->turn));
    if (state.is_hover || state.is_focus)
        draw_rect(ui->list, box, 4, 0, theme->accent, state.is_focus ? 2 : 1);
}

static void draw_ending(struct view *view, struct draw_box row, float x,
                        enum dialogue_ending ending)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float size = theme->size_small * 0.8f;
    struct slice text = ending == DIALOGUE_CR_LF ? SLICE("CRLF") : SLICE("LF");
    float w = draw_width(ui->list, DRAW_FONT_SANS, size, text) + 6, h = draw_line_height(size);
    struct draw_box box = {x + 3, row.y + (row.h - h) / 2, w, h};
    draw_rect(ui->list, box, 2, 0, theme->ink_faint, 1);
    ui_label(ui, box, DRAW_ALIGN_CENTER, DRAW_FONT_SANS, size, theme->ink_faint, text);
}

/* The dot that is only for the way has a frame around it. */
static void draw_dot(struct view *view, struct draw_box row)
{
    const struct theme *theme = view->ui.theme;
    float w = draw_width(view->ui.list, DRAW_FONT_MONO, theme->size_mono, SLICE("."));
    draw_rect(view->ui.list, (struct draw_box){row.x - 1, row.y + 2, w + 2, row.h - 4}, 2,
              theme->accent_soft, theme->accent, 1.5f);
}

static float draw_rows(struct view *view, struct draw_box row, float w,
                       const struct dialogue_line *line, uint32_t ink)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice text = dialogue_lines_text(&view->dialogue->lines, line), part = SLICE("");
    bool is_note = line->kind == DIALOGUE_NOTE;
    if (line->has_dot)
        draw_dot(view, row);
    for (int i = 0;
         i < DIALOGUE_ROWS_MAX && ui_wrap(ui, DRAW_FONT_MONO, theme->size_mono, w, &text, &part);
         i++) {
        ui_label(ui, row, DRAW_ALIGN_LEFT, is_note ? DRAW_FONT_SANS : DRAW_FONT_MONO,
                 is_note ? theme->size_small : theme->size_mono, ink, part);
        if (text.size)
            row.y += row.h;
    }
    float used = draw_width(ui->list, DRAW_FONT_MONO, theme->size_mono, part);
    if (line->ending && view->dialogue->shows & DIALOGUE_CRLF)
        draw_ending(view, row, row.x + used, line->ending);
    return line->rows > 1 ? w : used;
}

static void draw_head(struct view *view, struct draw_box row, struct draw_box mark,
                      const struct dialogue_line *line)
{
    const struct dialogue_turn *t = &view->dialogue->turns.turns.items[line->turn];
    struct turn turn;
    (void)turn_read(view->log, log_at(view->log, t->event), &turn);
    draw_time(view, row, t->event);
    if (turn.outcome != TURN_OUTCOME_NONE)
        draw_outcome(view, mark, turn.outcome);
    else if (line->is_secret &&
             !(view->dialogue->shows & DIALOGUE_WIRE && dialogue_is_secure(view, t->event)))
        draw_secret(view, mark, dialogue_is_secure(view, t->event));
}

static uint32_t ink_of(const struct view *view, const struct dialogue_line *line)
{
    const struct theme *theme = view->ui.theme;
    const struct dialogue_turn *t = &view->dialogue->turns.turns.items[line->turn];
    struct turn turn;
    if (line->kind != DIALOGUE_SAID)
        return theme->ink_soft;
    (void)turn_read(view->log, log_at(view->log, t->event), &turn);
    return turn.outcome == TURN_OUTCOME_GOOD    ? theme->good
           : turn.outcome == TURN_OUTCOME_LATER ? theme->waiting
           : turn.outcome == TURN_OUTCOME_BAD   ? theme->bad
           : line->is_server                    ? theme->ink_soft
                                                : theme->ink;
}

static void draw_line_of_talk(struct view *view, struct draw_box box,
                              const struct dialogue_columns *c, const struct dialogue_line *line)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box row = {box.x + 6, box.y, box.w - 6, row_step(view)}, whole = row;
    struct draw_box clock = ui_cut_left(&row, c->clock), side = ui_cut_left(&row, c->side);
    struct draw_box mark = ui_cut_left(&row, c->mark);
    if (line->is_head)
        draw_head(view, clock, mark, line);
    if (line->kind != DIALOGUE_NOTE)
        ui_label(ui, side, DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_mono,
                 line->is_server ? theme->ink : theme->accent,
                 line->is_server ? SLICE("S:") : SLICE("C:"));
    row.w = c->text;
    float used = draw_rows(view, row, c->text, line, ink_of(view, line));
    if (line->is_head && c->state > 0)
        draw_states(view, whole, c->state, line->turn);
    else if (line->is_head && states_count(view->dialogue->turns.protocol))
        draw_change(view, row, used, line->turn);
}

/* ---- all lines ---- */

/* The first line that ends below this row. */
static size_t line_at_row(const struct dialogue_lines *lines, size_t count, uint32_t row)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lines->lines.items[middle].row + lines->lines.items[middle].rows <= row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The rows of the run of lines that begins here. */
static uint32_t run_rows(const struct dialogue_lines *lines, size_t count, size_t at)
{
    enum { LINES_MAX = 300 };
    uint32_t rows = lines->lines.items[at].rows;
    for (size_t i = at + 1; i < count && i < at + LINES_MAX && !lines->lines.items[i].is_first; i++)
        rows += lines->lines.items[i].rows;
    return rows;
}

/* How the rows lie in the panel. */
struct sheet_of_talk {
    struct draw_box box;
    float top; /* the row at the top edge */
    size_t count;
    struct why why;
};

static float y_of(const struct view *view, const struct sheet_of_talk *sheet, uint32_t row)
{
    return sheet->box.y + ((float)row - sheet->top) * row_step(view);
}

/* The first line to be drawn: the ground of a turn begins with the turn's first line. */
static size_t first_line(const struct dialogue_lines *lines, const struct sheet_of_talk *sheet)
{
    enum { BACK_MAX = 300 };
    float above = sheet->top - (float)sheet->why.rows;
    size_t first = line_at_row(lines, sheet->count, above > 0 ? (uint32_t)above : 0);
    for (int i = 0;
         i < BACK_MAX && first > 0 && first < sheet->count && !lines->lines.items[first].is_first;
         i++)
        first--;
    return first;
}

static void draw_turn_line(struct view *view, const struct sheet_of_talk *sheet,
                           const struct dialogue_columns *c, size_t i)
{
    const struct dialogue_lines *lines = &view->dialogue->lines;
    const struct dialogue_line *line = &lines->lines.items[i];
    uint32_t row = line->row + (i >= sheet->why.behind ? sheet->why.rows : 0);
    float step = row_step(view);
    struct draw_box place = {sheet->box.x, y_of(view, sheet, row), sheet->box.w,
                             step * (float)line->rows};
    if (line->is_first) {
        struct draw_box ground = place;
        ground.h = step * (float)run_rows(lines, sheet->count, i);
        draw_turn_ground(view, ground, line);
    }
    draw_line_of_talk(view, place, c, line);
}

static void draw_sheet(struct view *view, const struct sheet_of_talk *sheet,
                       const struct dialogue_columns *c)
{
    const struct dialogue_lines *lines = &view->dialogue->lines;
    for (size_t i = first_line(lines, sheet); i <= sheet->count; i++) {
        const struct dialogue_line *before = i ? &lines->lines.items[i - 1] : NULL;
        uint32_t row = before ? before->row + before->rows : 0;
        float y = y_of(view, sheet, row);
        if (sheet->why.rows && i == sheet->why.behind)
            draw_why(view, (struct draw_box){sheet->box.x, y, sheet->box.w, 0}, &sheet->why);
        if (i == sheet->count || y >= sheet->box.y + sheet->box.h)
            return;
        draw_turn_line(view, sheet, c, i);
    }
}

/* The last rows, unless the wheel moved them; only whole lines are shown at the top. */
void dialogue_talk_draw(struct view *view, struct draw_box box, const struct dialogue_columns *c,
                        size_t count)
{
    const struct dialogue_line *last = &view->dialogue->lines.lines.items[count - 1];
    struct sheet_of_talk sheet = {.box = box, .count = count, .why = find_why(view, box.w)};
    float step = row_step(view);
    if (sheet.why.behind > count)
        sheet.why.rows = 0;
    float rows = (float)(last->row + last->rows + sheet.why.rows);
    float over = fmaxf(rows - floorf(box.h / step), 0);
    view->scroll_dialogue = fminf(fmaxf(view->scroll_dialogue, 0), over);
    sheet.top = over - floorf(view->scroll_dialogue);
    draw_sheet(view, &sheet, c);
    scroll_bar_draw(view, box, step * rows, step * sheet.top);
}
