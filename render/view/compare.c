/*
 * The second run of a fork beside the first: another view of its own log, which shows the same
 * moment and draws into the same picture. What is pressed in its part is done in it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/docks.h"
#include "render/view/deed.h"
#include "render/view/doing.h"
#include "render/view/time_panels.h"
#include "render/view/words.h"

#define PREFIX "other-"

struct view *compare_shown(struct view *view)
{
    return view->other && view->time->compare.chosen == 1 ? view->other : view;
}

int64_t compare_end(const struct view *view)
{
    int64_t end = log_end(view->log);
    int64_t other = view->other ? log_end(view->other->log) : 0;
    end = other > end ? other : end;
    return view->reach > end ? view->reach : end;
}

void view_set_other(struct view *view, const struct log *log, int64_t t)
{
    struct compare *compare = &view->time->compare;
    doing_forget(view); /* the mail that is listed may be the other run's */
    view_destroy(view->other);
    view->other = log ? view_create(log) : NULL;
    view->fork_t = t;
    compare->here_count = compare->there_count = 0;
    vector_clear(&compare->hops.rows);
    compare->scroll = 0;
    compare->is_beside = false;
    if (!view->other)
        compare->chosen = 0;
    else if (!compare
                  ->has_fork) /* the next step goes to the fork, until the person says otherwise */
        compare->chosen = 1;
    compare->has_fork = view->other != NULL;
    compare_update(view);
}

void view_set_beside(struct view *view, const char *const names[VIEW_RUNS],
                     const uint32_t first[VIEW_RUNS])
{
    struct compare *compare = &view->time->compare;
    compare->is_beside = view->other != NULL;
    for (int run = 0; run < VIEW_RUNS; run++) {
        snprintf(compare->names[run], COMPARE_NAME, "%s", names[run]);
        compare->first[run] = first[run];
    }
}

void compare_update(struct view *view)
{
    struct compare *compare = &view->time->compare;
    if (!view->other)
        return;
    view_refresh(view->other);
    if (compare->here_count == log_count(view->log) &&
        compare->there_count == log_count(view->other->log))
        return;
    compare->here_count = log_count(view->log);
    compare->there_count = log_count(view->other->log);
    compare_align(compare, view, view->other);
}

/* ---- one moment, one choice ---- */

/* The message of that number in the other run, when it is the same one. */
static uint32_t same_message(const struct view *view, uint32_t msg)
{
    const struct event_message *a = log_msg(view->log, msg), *b = log_msg(view->other->log, msg);
    bool is_same =
        a && b && slice_equal(log_text(view->log, a->from), log_text(view->other->log, b->from)) &&
        slice_equal(log_text(view->log, a->to), log_text(view->other->log, b->to)) &&
        slice_equal(log_text(view->log, a->subject), log_text(view->other->log, b->subject));
    return is_same ? msg : 0;
}

/* What both runs are compared by: the message of the moment that both have. A notice that only one
   of them has is not beside the other's message; the message that it is about came before it. */
static uint32_t common_message(const struct view *view)
{
    uint32_t here = view->msg, there = view->other->msg;
    if (view->chosen_msg || same_message(view, here))
        return here;
    if (same_message(view, there))
        return there;
    for (uint32_t msg = here > there ? here : there; msg > 0; msg--)
        if (same_message(view, msg))
            return msg;
    return 0;
}

static uint32_t same_conn(const struct view *view, uint32_t conn)
{
    const struct log *log = view->log;
    if (conn - 1 >= log->conns.count || conn - 1 >= view->other->log->conns.count)
        return 0;
    return log_at(log, log->conns.items[conn - 1])->t < view->fork_t ? conn : 0;
}

/* The host of that name; in a run that is no fork it may have another number, or not be there. */
static uint32_t same_host(const struct view *view, const struct view *of, uint32_t host)
{
    const struct view *other = of == view ? view->other : view;
    return view->time->compare.is_beside && host
               ? log_find_place(other->log, scene_place_id(&of->scene, host))
               : host;
}

/* What the person has set up holds for both. */
static void copy_manners(struct view *to, const struct view *from)
{
    to->settings = from->settings;
    to->theme = from->theme;
    to->zoom = from->zoom;
    to->show_packets = from->show_packets;
    to->is_compact = from->is_compact;
    to->big = from->big;
    to->is_playing = from->is_playing;
    to->is_gliding = from->is_gliding;
    memcpy(to->tabs, from->tabs, sizeof to->tabs);
}

void compare_follow(struct view *view)
{
    struct compare *compare = &view->time->compare;
    struct view *other = view->other;
    if (!other)
        return;
    copy_manners(other, view);
    if (other->t != view->t) {
        other->t = view->t;
        other->chosen_event = INDEX_NO_EVENT;
        other->scroll_events = other->scroll_dialogue = 0;
    }
    other->chosen_host = same_host(view, view, view->chosen_host);
    other->chosen_hop = view->chosen_hop;
    if (compare->followed_msg != view->chosen_msg)
        other->chosen_msg = same_message(view, view->chosen_msg);
    if (compare->followed_conn != view->chosen_conn)
        other->chosen_conn = same_conn(view, view->chosen_conn);
    compare->followed_msg = view->chosen_msg;
    compare->followed_conn = view->chosen_conn;
    compare_update(view);
}

/* Something was done in the other run's part: the first one follows. */
void compare_after(struct view *view)
{
    struct compare *compare = &view->time->compare;
    struct view *other = view->other;
    if (!other)
        return;
    for (size_t i = 0; i < other->request_count; i++) {
        request_add(view, other->requests[i].kind, slice_of(other->requests[i].text));
        view->requests[view->request_count - 1].t = other->requests[i].t;
        view->requests[view->request_count - 1].form = other->requests[i].form;
    }
    other->request_count = 0;
    if (other->t != view->t)
        play_seek(view, other->t);
    view->chosen_host = same_host(view, other, other->chosen_host);
    view->chosen_hop = other->chosen_hop;
    if (other->chosen_msg && same_message(view, other->chosen_msg))
        compare->followed_msg = view->chosen_msg = other->chosen_msg;
    if (other->overlay)
        view->overlay = other->overlay;
    other->overlay = NULL;
}

struct view *compare_owner(struct view *view, bool of_other)
{
    if (!of_other || !view->other)
        return view;
    view->other->ui.mouse_x = view->ui.mouse_x;
    view->other->ui.mouse_y = view->ui.mouse_y;
    return view->other;
}

/* ---- drawing into the same picture ---- */

static void begin(struct view *view)
{
    struct view *other = view->other;
    size_t prefix = strlen(PREFIX);
    bool has_focus = strncmp(view->ui.focus, PREFIX, prefix) == 0;
    other->ui.mouse_x = view->overlay ? -1 : view->ui.mouse_x;
    other->ui.mouse_y = view->overlay ? -1 : view->ui.mouse_y;
    snprintf(other->ui.focus, sizeof other->ui.focus, "%s",
             has_focus ? view->ui.focus + prefix : "");
    const struct ui_widget *w = ui_find_at(&other->ui, other->ui.mouse_x, other->ui.mouse_y, false);
    other->hover_host =
        w && w->act == select_host ? w->arg : same_host(view, view, view->hover_host);
    other->hover_hop = w && w->act == select_hop ? w->arg : view->hover_hop;
    if (!view->hover_host)
        view->hover_host = same_host(view, other, other->hover_host);
    ui_begin(&other->ui, view->ui.list, view->ui.theme);
}

/* Its widgets become those of the picture, under names of their own. */
static void end(struct view *view)
{
    struct ui *ui = &view->other->ui;
    for (size_t i = 0; i < ui->widgets.count; i++) {
        const struct ui_widget *from = &ui->widgets.items[i];
        struct ui_widget *to = vector_add(&view->ui.widgets);
        *to = *from;
        to->of_other = true;
        snprintf(to->name, sizeof to->name, PREFIX "%.*s", (int)(sizeof to->name - sizeof PREFIX),
                 from->name);
    }
}

/* The other's widgets are those of all its parts in a frame: they are taken over once. */
void compare_frame_begin(struct view *view)
{
    if (!view->other)
        return;
    compare_follow(view);
    begin(view);
}

void compare_frame_end(struct view *view)
{
    if (!view->other)
        return;
    end(view);
    ui_end(&view->other->ui);
}

/* ---- the two maps ---- */

static void choose(struct view *view, uint32_t run)
{
    view->time->compare.chosen = run;
    request_add(view, VIEW_REQUEST_CHOOSE, run ? SLICE("1") : SLICE("0"));
}

void compare_choose_at_mouse(struct view *view)
{
    const struct ui *ui = &view->ui;
    if (!view->other || view->overlay)
        return;
    uint32_t chosen = view->time->compare.chosen;
    if (chosen != 0 && ui_is_inside(view->map.box, ui->mouse_x, ui->mouse_y))
        choose(view, 0);
    if (chosen != 1 && ui_is_inside(view->other->map.box, ui->mouse_x, ui->mouse_y))
        choose(view, 1);
}

void view_choose_run(struct view *view, uint32_t run)
{
    if (view->other)
        view->time->compare.chosen = run;
}

struct slice compare_title(const struct view *view, struct arena *arena, uint32_t run)
{
    const struct compare *compare = &view->time->compare;
    if (compare->is_beside)
        return slice_of(compare->names[run]);
    if (run == 0)
        return slice_of(tr("First run"));
    if (!compare->line[0])
        return slice_of(tr("Second run, the same so far"));
    struct slice deed = view_deed_brief(view, arena, slice_of(compare->line));
    return arena_printf(arena, tr("What if: %.*s"), SLICE_ARG(deed));
}

static float button_width(const struct view *view, const char *label)
{
    return draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_text, slice_of(label)) +
           20;
}

static void draw_button(struct view *view, struct draw_box *row, const char *name,
                        const char *label, const char *brief, enum view_request_kind kind)
{
    struct ui *ui = &view->ui;
    if (button_width(view, label) > row->w * 0.35f)
        label = brief;
    float w = button_width(view, label);
    ui_button(ui, name, ui_cut_right(row, w), label, request_act, kind, 0);
    ui_cut_right(row, 6);
}

/* The name of a run: a press lets further actions go to it, and shows its panels. */
static void draw_title(struct view *view, struct draw_box row, uint32_t run)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    bool is_chosen = view->time->compare.chosen == run;
    bool is_beside = view->time->compare.is_beside;
    if (run == 1 && is_beside) {
        draw_button(view, &row, "fork-drop", tr("Close"), tr("Close"), VIEW_REQUEST_DROP);
        draw_button(view, &row, "fork-keep", tr("Open this one"), tr("Open"), VIEW_REQUEST_KEEP);
    } else if (run == 1) {
        draw_button(view, &row, "fork-drop", tr("Drop"), tr("Drop"), VIEW_REQUEST_DROP);
        draw_button(view, &row, "fork-keep", tr("Keep this one"), tr("Keep"), VIEW_REQUEST_KEEP);
    }
    struct ui_state state = ui_region(ui, run ? "run-other" : "run-first", row, choose, run);
    ui_tip(ui, slice_of(is_beside ? tr("The panels show this run")
                                  : tr("What is done next is done in this run, and the panels "
                                       "show it")));
    draw_rect(ui->list, row, 6, is_chosen ? theme->accent_soft : theme->card,
              is_chosen || state.is_hover || state.is_focus ? theme->accent : theme->card_edge,
              state.is_focus ? 3
              : is_chosen    ? 2
                             : 1);
    struct draw_box dot = ui_cut_left(&row, row.h);
    float d = row.h * 0.4f;
    struct draw_box ring = {dot.x + (dot.w - d) / 2, dot.y + (dot.h - d) / 2, d, d};
    draw_oval(ui->list, ring, theme->panel, theme->accent, 2);
    if (is_chosen)
        draw_oval(ui->list, ui_inset(ring, d * 0.28f), theme->accent, 0, 0);
    ui_cut_right(&row, 8);
    ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink,
             compare_title(view, &ui->list->arena, run));
}

/* Where the message is in each of two runs, when that is not the same. */
static struct slice both_captions(const struct view *view, struct arena *arena, struct slice a,
                                  struct slice b)
{
    if (!view->time->compare.is_beside)
        return arena_printf(arena, tr("First run: %.*s. What if: %.*s."), SLICE_ARG(a),
                            SLICE_ARG(b));
    return arena_printf(arena, "%s: %.*s. %s: %.*s.", view->time->compare.names[0], SLICE_ARG(a),
                        view->time->compare.names[1], SLICE_ARG(b));
}

/* At the moment at which they part: the first thing that only this one, or only that one has. */
static struct slice parting_caption(const struct view *view, struct arena *arena)
{
    const struct compare *compare = &view->time->compare;
    const struct log *const logs[] = {view->log, view->other->log};
    struct slice text = slice_of(tr("Here they part."));
    for (int run = 0; run < VIEW_RUNS; run++) {
        uint32_t id = compare->first[run];
        if (id < log_count(logs[run]) && log_at(logs[run], id)->t == view->t)
            text = arena_printf(arena, "%.*s %s: %.*s.", SLICE_ARG(text), compare->names[run],
                                SLICE_ARG(words_event(logs[run], arena, id)));
    }
    return text;
}

/* "No difference up to now", or where the message is in each. */
struct slice compare_caption(const struct view *view, struct arena *arena)
{
    const struct view *other = view->other;
    if (!other)
        return SLICE("");
    if (view->t < view->fork_t)
        return slice_of(view->time->compare.is_beside
                            ? tr("Before the runs part: both are the same")
                            : tr("Before the fork: both runs are the same"));
    if (view->time->compare.is_beside && view->t == view->fork_t)
        return parting_caption(view, arena);
    uint32_t common = common_message(view);
    uint32_t there = view->chosen_msg ? other->chosen_msg : common;
    struct slice a = words_state(&view->scene, arena, common ? common : view->msg);
    struct slice b = words_state(&other->scene, arena, there ? there : other->msg);
    if (slice_equal(a, b))
        return a.size ? arena_printf(arena, tr("In both runs: %.*s"), SLICE_ARG(a))
                      : slice_of(tr("No difference yet"));
    if (!a.size || !b.size)
        return arena_printf(
            arena, a.size ? tr("Only in the first run: %.*s") : tr("Only in the second run: %.*s"),
            SLICE_ARG(a.size ? a : b));
    return both_captions(view, arena, a, b);
}

static void draw_caption(struct view *view, struct draw_box row)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice text = compare_caption(view, &ui->list->arena);
    draw_rect(ui->list, row, 6, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = {row.x + 10, row.y + 4, row.w - 20, row.h - 8};
    ui_paragraph(ui, inside, DRAW_FONT_SANS, theme->size_text, theme->ink, text, 2);
}

bool compare_draw_maps(struct view *view, struct draw_box box)
{
    enum { GAP = 8 };
    const struct theme *theme = view->ui.theme;
    if (!view->other)
        return false;
    float line = draw_line_height(theme->size_text);
    draw_caption(view, ui_cut_bottom(&box, 2 * line + 8));
    ui_cut_bottom(&box, GAP);
    struct draw_box left = ui_cut_left(&box, floorf((box.w - GAP) / 2));
    ui_cut_left(&box, GAP);
    struct draw_box row = ui_cut_top(&left, button_height(theme));
    draw_title(view, row, 0);
    draw_title(view, ui_cut_top(&box, button_height(theme)), 1);
    ui_cut_top(&left, 4);
    ui_cut_top(&box, 4);
    map_draw(view, left);
    map_draw(view->other, box);
    return true;
}

bool compare_draw_tab(struct view *view, const struct tab *tab, struct draw_box box,
                      struct draw_box *tools)
{
    enum { GAP = 16 };
    if (!view->other || tab->draw == compare_draw)
        return false;
    if (view->big < 0) {
        tab->draw(compare_shown(view), box, tools);
        return true;
    }
    const struct theme *theme = view->ui.theme;
    struct draw_box left = ui_cut_left(&box, floorf((box.w - GAP) / 2));
    struct draw_box tools_left = ui_cut_left(tools, tools->w / 2);
    draw_line(view->ui.list, box.x + GAP / 2, box.y, box.x + GAP / 2, box.y + box.h,
              theme->panel_edge, 2, 0);
    ui_cut_left(&box, GAP);
    draw_title(view, ui_cut_top(&left, button_height(theme)), 0);
    draw_title(view, ui_cut_top(&box, button_height(theme)), 1);
    ui_cut_top(&left, 6);
    ui_cut_top(&box, 6);
    tab->draw(view, left, &tools_left);
    tab->draw(view->other, box, tools);
    return true;
}
