/* What two hosts say to each other. */
#include <inttypes.h>
#include <math.h>

#include "render/draw/mark.h"
#include "render/view/dialogue_panel.h"
#include "render/view/words.h"

static void turn_wheel(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    view->scroll_dialogue += 2 * lines;
}

/* ---- the head and the foot ---- */

static struct slice title_of(struct view *view, uint32_t conn)
{
    const struct event_tcp_connect *asked = log_conn(view->log, conn);
    if (!asked)
        return slice_of(tr("Dialogue"));
    struct slice from = words_host(view->log, asked->from), to = words_host(view->log, asked->to);
    return arena_printf(&view->ui.list->arena, "%.*s \xE2\x86\x92 %.*s   %" PRIu32 " %s",
                        SLICE_ARG(from), SLICE_ARG(to), asked->port,
                        words_protocol(&view->scene, conn));
}

/* Is there a connection behind the shown one by now? */
static bool has_next(const struct view *view)
{
    uint32_t next = view->conn + 1;
    return log_conn(view->log, next) &&
           log_at(view->log, view->log->conns.items[next - 1])->t <= view->t;
}

static void draw_arrows(struct view *view, struct draw_box *line)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float side = line->h;
    struct draw_box next = ui_cut_right(line, side);
    ui_cut_right(line, 6);
    struct draw_box back = ui_cut_right(line, side);
    ui_cut_right(line, 6);
    bool goes_back = view->conn > 1, goes_on = has_next(view);
    ui_button(ui, "conn-back", back, "", select_conn, view->conn - 1, goes_back ? 0 : UI_DISABLED);
    ui_tip(ui, slice_of(tr("The connection before")));
    ui_button(ui, "conn-next", next, "", select_conn, view->conn + 1, goes_on ? 0 : UI_DISABLED);
    ui_tip(ui, slice_of(tr("The next connection")));
    mark_sign(ui->list, theme, MARK_PREVIOUS, back.x + side / 2, back.y + side / 2, side * 0.5f,
              goes_back ? theme->ink : theme->card_edge);
    mark_sign(ui->list, theme, MARK_NEXT, next.x + side / 2, next.y + side / 2, side * 0.5f,
              goes_on ? theme->ink : theme->card_edge);
}

float dialogue_title_draw(struct view *view, struct draw_box *inside)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box line = ui_cut_top(inside, draw_line_height(theme->size_text) + 8);
    ui_cut_top(inside, 6);
    if (view->conn)
        draw_arrows(view, &line);
    ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink,
             title_of(view, view->conn));
    return line.h + 6;
}

/* ---- switches ---- */

static const struct switch_row {
    const char *name, *label, *tip;
    enum dialogue_show show;
} switches[] = {
    {"show-message", TR("Message"), TR("Messages in their place, as they are on the way"),
     DIALOGUE_MESSAGE},
    {"show-crlf", TR("CRLF"), TR("The ends of lines as signs"), DIALOGUE_CRLF},
    {"show-dots", TR("Dots"), TR("Messages without the dots that are only for the way"),
     DIALOGUE_UNSTUFF},
    {"show-logins", TR("Logins"), TR("What the base64 of a login says"), DIALOGUE_LOGINS},
    {"show-words", TR("Words"), TR("Encoded words in header fields decoded"), DIALOGUE_WORDS},
    {"show-bodies", TR("Bodies"), TR("Base64 and quoted-printable bodies decoded"),
     DIALOGUE_BODIES},
    {"show-wire", TR("Wire"), TR("What somebody on the way can read of it"), DIALOGUE_WIRE},
};
enum { SWITCHES = sizeof switches / sizeof *switches };

void dialogue_switch_draw(struct view *view, struct draw_box box, const char *name,
                          const char *label, const char *tip, ui_act *act, uint32_t arg, bool is_on)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct ui_state state = ui_region(ui, name, box, act, arg);
    ui_tip(ui, slice_of(tip));
    draw_rect(ui->list, box, 4, is_on ? theme->accent_soft : 0,
              state.is_focus || state.is_hover || is_on ? theme->accent : theme->card_edge,
              state.is_focus ? 2 : 1);
    ui_label(ui, box, DRAW_ALIGN_CENTER, is_on ? DRAW_FONT_BOLD : DRAW_FONT_SANS, theme->size_small,
             is_on ? theme->ink : theme->ink_soft, slice_of(label));
}

float dialogue_switch_width(const struct view *view, const char *label)
{
    return draw_width(view->ui.list, DRAW_FONT_BOLD, view->ui.theme->size_small, slice_of(label)) +
           12;
}

static float switches_width(const struct view *view)
{
    float w = 0;
    for (int i = 0; i < SWITCHES; i++)
        w += dialogue_switch_width(view, tr(switches[i].label)) + 4;
    return w;
}

/* In the row of the tabs where there is room, else in a row of their own; those that don't fit are
   among the commands. */
static void draw_switches(struct view *view, struct draw_box *inside, struct draw_box *tools)
{
    float h = draw_line_height(view->ui.theme->size_small) + 10, w = switches_width(view);
    bool is_in_tools = tools->w > w + 40;
    struct draw_box row = is_in_tools ? ui_cut_right(tools, w) : ui_cut_top(inside, h);
    row.y += (row.h - h) / 2;
    row.h = h;
    if (!is_in_tools)
        ui_cut_top(inside, 4);
    for (int i = 0; i < SWITCHES; i++) {
        const struct switch_row *s = &switches[i];
        float width = dialogue_switch_width(view, tr(s->label));
        if (width > row.w)
            return;
        dialogue_switch_draw(view, ui_cut_left(&row, width), s->name, tr(s->label), tr(s->tip),
                             dialogue_show_act, s->show, view->dialogue->shows & s->show);
        ui_cut_left(&row, 4);
    }
}

static struct slice foot_text(struct view *view, size_t known)
{
    size_t to_come = view->dialogue->turns.turns.count - known;
    if (!to_come)
        return slice_of(tr("C: the side that connected   S: the side that answers"));
    return arena_printf(&view->ui.list->arena,
                        trn("%zu turn to come: what is said next?",
                            "%zu turns to come: what is said next?", to_come),
                        to_come);
}

static void draw_foot(struct view *view, struct draw_box foot, size_t known)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float w = dialogue_switch_width(view, tr("Copy"));
    struct draw_box copy = ui_cut_right(&foot, w);
    dialogue_switch_draw(view, copy, "dialogue-copy", tr("Copy"),
                         tr("The dialogue as C: and S: lines to the clipboard"), dialogue_copy_act,
                         0, false);
    struct slice text = foot_text(view, known);
    if (draw_width(ui->list, DRAW_FONT_SANS, theme->size_small, text) <= foot.w) /* else: no room */
        ui_label(ui, foot, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small, theme->ink_faint,
                 text);
}

/* Over the columns of the states. */
static void draw_heads(struct view *view, struct draw_box line, float w)
{
    const struct theme *theme = view->ui.theme;
    static const char *const heads[] = {TR("server"), TR("client")};
    for (int i = 0; i < 2; i++)
        ui_label(&view->ui, ui_cut_right(&line, w), DRAW_ALIGN_CENTER, DRAW_FONT_SANS,
                 theme->size_small, theme->ink_faint, slice_of(tr(heads[i])));
}

static void draw_nothing(struct view *view, struct draw_box inside, const char *text)
{
    ui_paragraph(&view->ui, inside, DRAW_FONT_SANS, view->ui.theme->size_text,
                 view->ui.theme->ink_soft, slice_of(text), 3);
}

/* Why there is nothing to read. A trace that was made from a message's header has no seed. */
static const char *silence(const struct view *view)
{
    const struct event_run *run = log_count(view->log) ? event_as_run(log_at(view->log, 0)) : NULL;
    if (run && slice_equal(log_text(view->log, run->seed), SLICE("none")))
        return TR("The header of a message does not tell what was said.");
    return view->conn && !scene_find_conn(&view->scene, view->conn)
               ? TR("Not a word was said here: the connection did not come about, or ended before.")
               : TR("Nothing has been said on this connection yet.");
}

void dialogue_draw(struct view *view, struct draw_box inside, struct draw_box *tools)
{
    struct ui *ui = &view->ui;
    struct dialogue_panel *panel = dialogue_panel(view);
    ui_wheel(ui, "wheel-dialogue", inside, turn_wheel, 0);
    dialogue_title_draw(view, &inside);
    if (!view->conn) {
        draw_nothing(view, inside,
                     tr("What two hosts say to each other stands here once they are connected."));
        return;
    }
    draw_switches(view, &inside, tools);
    struct dialogue_columns c = dialogue_columns(view, panel, inside.w);
    dialogue_lines_update(&panel->lines, ui, &panel->turns, panel->shows, c.text);
    size_t known = dialogue_turns_below(&panel->turns, log_count_until(view->log, view->t));
    size_t count = dialogue_lines_of_turns(&panel->lines, known);
    struct draw_box foot = ui_cut_bottom(&inside, draw_line_height(ui->theme->size_small) + 10);
    ui_cut_bottom(&inside, 4);
    draw_foot(view, foot, known);
    if (count == 0) {
        draw_nothing(view, inside, tr(silence(view)));
        return;
    }
    if (c.state > 0)
        draw_heads(view, ui_cut_top(&inside, draw_line_height(ui->theme->size_small)), c.state);
    ui_clip(ui, (struct draw_box){inside.x, inside.y, inside.w + 10, inside.h});
    dialogue_talk_draw(view, inside, &c, count);
    ui_unclip(ui);
}
