#include "render/view/state.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/words.h"

/* One line of the dialogue as it is shown. */
struct talk_line {
    uint32_t event;
    bool is_server;
    bool is_first; /* of its turn: it carries the time */
    struct slice text;
    enum turn_outcome outcome;
};

/* The lines of a turn, one after the other: a reply may have several. */
struct talk {
    const struct view *view;
    uint32_t turn;     /* place in turns plus 1 */
    struct slice rest; /* of the current turn's text */
    int line;
    bool is_content_told;
};

static struct talk talk_of(const struct view *view, uint32_t conn)
{
    const struct index *index = &view->index;
    uint32_t first = conn - 1 < index->conn_first.count ? index->conn_first.items[conn - 1] : 0;
    return (struct talk){.view = view, .turn = first};
}

static struct slice arena_line(struct view *view, const char *before, struct slice after)
{
    return arena_printf(&view->ui.list->arena, "%s%.*s", before, SLICE_ARG(after));
}

/* "250-first" for all lines of a reply but the last: "250 last" (RFC 5321 4.2.1). */
static struct slice code_line(struct view *view, const struct turn *turn, struct slice line,
                              bool is_last)
{
    struct slice text = slice_trim(line);
    bool has_esc = turn->esc.size == 0 || slice_starts(text, turn->esc);
    return arena_printf(&view->ui.list->arena, "%03" PRIu32 "%c%.*s%s%.*s", turn->code,
                        is_last ? ' ' : '-', has_esc ? 0 : (int)turn->esc.size, turn->esc.data,
                        has_esc ? "" : " ", SLICE_ARG(text));
}

static void fill_reply(struct view *view, struct talk *talk, struct talk_line *line,
                       const struct turn *turn)
{
    struct slice part = SLICE("");
    bool is_first = talk->line == 0;
    if (is_first)
        talk->rest = turn->text;
    slice_cut(&talk->rest, '\n', &part);
    line->is_server = true;
    line->outcome = is_first ? turn->outcome : TURN_OUTCOME_NONE;
    if (turn->code)
        line->text = code_line(view, turn, part, talk->rest.size == 0);
    else
        line->text = arena_printf(&view->ui.list->arena, "%s %.*s%s%.*s%s%.*s", turn_status(turn),
                                  SLICE_ARG(turn->number), turn->number.size ? " " : "",
                                  turn->is_data ? (int)turn->verb.size : 0, turn->verb.data,
                                  turn->is_data ? " " : "", SLICE_ARG(slice_trim(part)));
    if (!turn->code) /* the rest is the message; the header panel shows it */
        talk->rest = SLICE("");
}

static void fill_command(struct view *view, struct talk_line *line, const struct turn *turn)
{
    line->text = arena_printf(&view->ui.list->arena, "%.*s%s%.*s", SLICE_ARG(turn->verb),
                              turn->arg.size ? " " : "", SLICE_ARG(turn->arg));
}

/* The reply to the final dot is preceded by what it answers. */
static bool is_content_due(const struct talk *talk, const struct turn *turn)
{
    return turn->is_reply && !talk->is_content_told && talk->line == 0 &&
           slice_equal(turn->verb, SLICE("DOT"));
}

static bool talk_next(struct view *view, struct talk *talk, struct talk_line *line)
{
    if (!talk->turn)
        return false;
    uint32_t id = view->index.turns.ids.items[talk->turn - 1];
    const struct event *e = log_at(view->log, id);
    *line = (struct talk_line){.event = id, .is_first = talk->line == 0};
    struct turn turn;
    (void)turn_read(view->log, e, &turn); /* the index of turns has nothing else */
    if (is_content_due(talk, &turn)) {
        talk->is_content_told = true;
        line->text = arena_line(view, "(the message, then a line with a dot)", SLICE(""));
        return true;
    }
    if (turn.is_reply)
        fill_reply(view, talk, line, &turn);
    else
        fill_command(view, line, &turn);
    talk->line++;
    if (talk->rest.size == 0) {
        talk->turn = view->index.turn_next.items[talk->turn - 1];
        talk->line = 0;
        talk->is_content_told = false;
    }
    return true;
}

/* ---- drawing ---- */

static enum mark_sign sign_of(const struct talk_line *line, const struct theme *theme,
                              uint32_t *colour)
{
    bool good = line->outcome == TURN_OUTCOME_GOOD, waits = line->outcome == TURN_OUTCOME_LATER;
    *colour = good ? theme->good : waits ? theme->waiting : theme->bad;
    return good ? MARK_TICK : waits ? MARK_CLOCK : MARK_CROSS;
}

/* The columns of a line: time, side, mark; what is left is for the text. */
struct columns {
    float clock, side, mark, text;
};

static struct columns columns_of(const struct view *view, float w)
{
    const struct draw_list *list = view->ui.list;
    const struct theme *theme = view->ui.theme;
    struct columns c = {
        .clock = draw_width(list, DRAW_FONT_MONO, theme->size_small, SLICE("00:00.000")) + 6,
        .side = draw_width(list, DRAW_FONT_MONO, theme->size_mono, SLICE("S: ")),
        .mark = theme->size_mono + 6};
    c.text = fmaxf(w - 6 - c.clock - c.side - c.mark, theme->size_mono);
    return c;
}

/* A long line goes on in the next row, rather than being cut; a page of it is enough. */
enum { ROWS_MAX = 12 };

static bool next_row(const struct view *view, float w, struct slice *text, struct slice *row)
{
    return ui_wrap(&view->ui, DRAW_FONT_MONO, view->ui.theme->size_mono, w, text, row);
}

static int rows_of(const struct view *view, float w, struct slice text)
{
    struct slice row;
    int rows = 0;
    while (rows < ROWS_MAX && next_row(view, w, &text, &row))
        rows++;
    return rows ? rows : 1;
}

static float row_step(const struct view *view)
{
    return draw_line_height(view->ui.theme->size_mono) + 4;
}

/* Minutes, seconds and below: the hour stands in the clock. */
static void draw_time(struct view *view, struct draw_box box, uint32_t event)
{
    const struct theme *theme = view->ui.theme;
    struct slice t = words_clock(view->log, &view->ui.list->arena, log_at(view->log, event)->t);
    ui_label(&view->ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_small, theme->ink_faint,
             slice_part(t, t.size > 9 ? t.size - 9 : 0, t.size));
}

static void draw_turn_ground(struct view *view, struct draw_box box, const struct talk_line *line)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    char name[UI_NAME];
    snprintf(name, sizeof name, "turn-%" PRIu32, line->event);
    if (line->event == view->event)
        draw_rect(ui->list, box, 4, theme->accent_soft, theme->accent, 1);
    struct ui_state state = ui_region(ui, name, box, ACTION_CHOOSE_EVENT, line->event);
    if (state.is_hover || state.is_focus)
        draw_rect(ui->list, box, 4, 0, theme->accent, state.is_focus ? 2 : 1);
}

static void draw_line_of_talk(struct view *view, struct draw_box box, const struct talk_line *line)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct columns c = columns_of(view, box.w);
    uint32_t colour = line->is_server ? theme->ink_soft : theme->ink;
    struct draw_box row = {box.x + 6, box.y, box.w - 6, row_step(view)};
    if (line->is_first) {
        draw_turn_ground(view, box, line);
        draw_time(view, row, line->event);
    }
    ui_cut_left(&row, c.clock);
    ui_label(ui, ui_cut_left(&row, c.side), DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_mono,
             line->is_server ? theme->ink : theme->accent,
             line->is_server ? SLICE("S:") : SLICE("C:"));
    struct draw_box mark = ui_cut_left(&row, c.mark);
    if (line->outcome != TURN_OUTCOME_NONE) {
        enum mark_sign sign = sign_of(line, theme, &colour);
        mark_sign(ui->list, theme, sign, mark.x + theme->size_mono / 2, mark.y + mark.h / 2,
                  theme->size_mono, colour);
    }
    struct slice text = line->text, part;
    for (int i = 0; i < ROWS_MAX && next_row(view, c.text, &text, &part); i++, row.y += row.h)
        ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_mono, colour, part);
}

/* How many rows are filled by what was said by now, and how many turns are still to come. */
static int count_rows(struct view *view, float w, uint32_t *to_come)
{
    uint32_t events = log_count_until(view->log, view->t);
    float text_w = columns_of(view, w).text;
    struct talk talk = talk_of(view, view->conn);
    struct talk_line line;
    int rows = 0;
    *to_come = 0;
    while (talk.turn && view->index.turns.ids.items[talk.turn - 1] < events &&
           talk_next(view, &talk, &line))
        rows += rows_of(view, text_w, line.text);
    for (uint32_t turn = talk.turn; turn; turn = view->index.turn_next.items[turn - 1])
        ++*to_come;
    return rows;
}

static struct slice title_of(struct view *view, uint32_t conn)
{
    const struct event_tcp_connect *asked = log_conn(view->log, conn);
    if (!asked)
        return SLICE("Dialogue");
    struct slice from = words_host(view->log, asked->from), to = words_host(view->log, asked->to);
    return arena_printf(&view->ui.list->arena, "%.*s \xE2\x86\x92 %.*s   %" PRIu32 " %s",
                        SLICE_ARG(from), SLICE_ARG(to), asked->port,
                        words_protocol(&view->scene, conn));
}

/* To the connection before and behind the shown one, among those that there are by now. */
static void draw_arrows(struct view *view, struct draw_box *inside)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    uint32_t known = 0;
    for (uint32_t conn = view->conn; log_conn(view->log, conn + 1); conn++) {
        if (log_at(view->log, view->log->conns.items[conn])->t > view->t)
            break;
        known = conn + 1;
        if (known > view->conn)
            break;
    }
    float side = draw_line_height(theme->size_text) + 4, y = inside->y - side - 6;
    struct draw_box next = {inside->x + inside->w - side, y, side, side};
    struct draw_box back = {next.x - side - 6, y, side, side};
    bool has_back = view->conn > 1, has_next = known > view->conn;
    ui_button(ui, "conn-back", back, "", ACTION_CHOOSE_CONN, view->conn - 1,
              has_back ? 0 : UI_DISABLED);
    ui_button(ui, "conn-next", next, "", ACTION_CHOOSE_CONN, view->conn + 1,
              has_next ? 0 : UI_DISABLED);
    mark_sign(ui->list, theme, MARK_PREVIOUS, back.x + side / 2, back.y + side / 2, side * 0.5f,
              has_back ? theme->ink : theme->card_edge);
    mark_sign(ui->list, theme, MARK_NEXT, next.x + side / 2, next.y + side / 2, side * 0.5f,
              has_next ? theme->ink : theme->card_edge);
}

/* The last rows, unless the wheel moved them; only whole lines are shown at the top. */
static void draw_talk(struct view *view, struct draw_box box, int rows)
{
    float step = row_step(view), text_w = columns_of(view, box.w).text;
    int room = (int)(box.h / step), over = rows > room ? rows - room : 0;
    view->scroll_dialogue = fminf(fmaxf(view->scroll_dialogue, 0), (float)over);
    int first = over - (int)view->scroll_dialogue;
    struct talk talk = talk_of(view, view->conn);
    struct talk_line line;
    for (int at = 0; at < first + room && at < rows && talk_next(view, &talk, &line);) {
        int high = rows_of(view, text_w, line.text);
        struct draw_box place = {box.x, box.y + step * (float)(at - first), box.w,
                                 step * (float)high};
        if (at + high > first)
            draw_line_of_talk(view, place, &line);
        at += high;
    }
    scroll_bar_draw(view, box, step * (float)rows, step * (float)first);
}

void dialogue_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box title_room = box;
    title_room.w -= 2 * draw_line_height(theme->size_text) + 24; /* the arrows stand at the right */
    draw_rect(ui->list, box, 8, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = ui_inset(box, 12);
    struct draw_box line = ui_cut_top(&inside, draw_line_height(theme->size_text) + 4);
    line.w = title_room.w - 12;
    ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink,
             title_of(view, view->conn));
    ui_cut_top(&inside, 6);
    ui_wheel(ui, "wheel-dialogue", box, ACTION_WHEEL_DIALOGUE);
    if (!view->conn) {
        ui_paragraph(ui, inside, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                     SLICE("What two hosts say to each other stands here once they are connected."),
                     3);
        return;
    }
    draw_arrows(view, &inside);
    uint32_t to_come;
    int rows = count_rows(view, inside.w, &to_come);
    struct draw_box foot = ui_cut_bottom(&inside, draw_line_height(theme->size_small) + 2);
    if (rows == 0)
        ui_paragraph(ui, inside, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                     SLICE("Nothing has been said on this connection yet."), 2);
    ui_clip(ui, (struct draw_box){inside.x, inside.y, inside.w + 10, inside.h});
    draw_talk(view, inside, rows);
    ui_unclip(ui);
    struct slice note =
        to_come ? arena_printf(&ui->list->arena, "%" PRIu32 " turn%s to come: what is said next?",
                               to_come, to_come == 1 ? "" : "s")
                : SLICE("C: the side that connected   S: the side that answers");
    ui_label(ui, foot, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small, theme->ink_faint, note);
}
