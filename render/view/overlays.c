#include "render/view/state.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/mark.h"
#include "render/view/doing.h"
#include "render/view/lesson_panel.h"
#include "render/view/sheet.h"
#include "render/view/words.h"

/* ---- opening and closing ---- */

/* What was open before is seen again. */
void overlay_close(struct view *view)
{
    struct doing *doing = doing_of(view);
    doing->asking.why[0] = '\0';
    if (view->overlay == &quiz_overlay)
        quiz_closed(view);
    if (doing->depth > 0) {
        doing->depth--;
        view->overlay = doing->below[doing->depth].overlay;
        memcpy(view->ui.focus, doing->below[doing->depth].focus, sizeof view->ui.focus);
        return;
    }
    view->overlay = NULL;
    memcpy(view->ui.focus, view->focus_before, sizeof view->ui.focus);
}

void overlay_close_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_close(view);
}

const struct overlay *overlay_below(const struct view *view)
{
    const struct doing *doing = view->doing;
    return doing && doing->depth > 0 ? doing->below[doing->depth - 1].overlay : NULL;
}

/* Over another one; a menu makes place for what was chosen in it. */
static void push(struct view *view)
{
    struct doing *doing = doing_of(view);
    if (menu_is_open(view) || doing->depth == DOING_BELOW)
        return;
    doing->below[doing->depth].overlay = view->overlay;
    memcpy(doing->below[doing->depth].focus, view->ui.focus, sizeof view->ui.focus);
    doing->depth++;
}

void overlay_reopen(struct view *view, const struct overlay *overlay)
{
    if (view->overlay)
        push(view);
    else {
        memcpy(view->focus_before, view->ui.focus, sizeof view->focus_before);
        doing_of(view)->depth = 0;
    }
    doing_of(view)->asking.why[0] = '\0';
    view->overlay = overlay;
    view->ui.focus[0] = '\0';
}

void overlay_open(struct view *view, const struct overlay *overlay)
{
    if (view->overlay == overlay) {
        overlay_close(view);
        return;
    }
    overlay_reopen(view, overlay);
    if (overlay->open)
        overlay->open(view);
}

enum { FRAME_PAD = 24 };

struct draw_box overlay_frame(struct view *view, struct draw_box all, float w, float h,
                              const char *title)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    w = fminf(w, all.w - 32);
    float said = asking_height(view, w - 2 * FRAME_PAD);
    h = fminf(h + said, all.h - 32);
    struct draw_box box = {floorf(all.x + (all.w - w) / 2), floorf(all.y + (all.h - h) / 2), w, h};
    draw_shadow(ui->list, box, 12, theme->shadow);
    draw_rect(ui->list, box, 12, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = ui_inset(box, FRAME_PAD);
    struct draw_box line = ui_cut_top(&inside, button_height(theme));
    float width =
        draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(tr("Close  Esc"))) + 24;
    ui_button(ui, "close", ui_cut_right(&line, width), tr("Close  Esc"), overlay_close_act, 0, 0);
    ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_title, theme->ink,
             slice_of(title));
    ui_cut_top(&inside, 16);
    asking_draw(view, ui_cut_top(&inside, said));
    return inside;
}

/* ---- lists to choose from: faults, and whose mail to get ---- */

static bool is_on(const struct view *view, const struct event_palette *p)
{
    for (size_t i = 0; i < view->scene.now.faults.count; i++) {
        const struct scene_fault *f = &view->scene.now.faults.items[i];
        if (f->id == p->id || (f->fault == p->fault && f->target == p->target))
            return true;
    }
    return false;
}

/* A list that has just been opened starts at its first row, not at the button that closes it. */
static void focus_first(struct ui *ui, const char *name)
{
    if (!ui->focus[0])
        snprintf(ui->focus, sizeof ui->focus, "%s", name);
}

/* Switches an entry of the palette, by its event. */
static void switch_fault(struct view *view, uint32_t id)
{
    struct bytes line;
    const struct event_palette *p =
        id < log_count(view->log) ? event_as_palette(log_at(view->log, id)) : NULL;
    if (!p)
        return;
    bytes_init(&line, VIEW_REQUEST_MAX);
    if (bytes_printf(&line, "fault %.*s %s", SLICE_ARG(log_text(view->log, p->id)),
                     is_on(view, p) ? "off" : "on"))
        doing_do(view, bytes_slice(&line));
    bytes_finish(&line);
}

/* With other details than the palette has. */
static void change_fault(struct view *view, uint32_t id)
{
    const struct event_palette *p =
        id < log_count(view->log) ? event_as_palette(log_at(view->log, id)) : NULL;
    const struct view_fault_kind *kind =
        p ? forms_find_fault(view, log_text(view->log, p->fault)) : NULL;
    if (kind)
        forms_open_offer(view, kind, log_text(view->log, p->target), log_text(view->log, p->id));
}

static void draw_change(struct view *view, struct draw_box *row, uint32_t id,
                        const struct event_palette *p)
{
    struct ui *ui = &view->ui;
    const struct view_fault_kind *kind = forms_find_fault(view, log_text(view->log, p->fault));
    struct slice label = slice_of(tr("Change \xE2\x80\xA6")), fault = log_text(view->log, p->id);
    char name[UI_NAME];
    if (!kind || kind->field_count == 0)
        return;
    snprintf(name, sizeof name, "change-%.*s", SLICE_ARG(slice_part(fault, 0, UI_NAME - 8)));
    ui_cut_right(row, 8);
    float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, label) + 24;
    ui_button(ui, name, ui_cut_right(row, w), label.data, change_fault, id, 0);
    ui_tip(ui, slice_of(tr("The same fault with other details")));
}

static void fault_row(struct view *view, struct draw_box row, uint32_t id,
                      const struct event_palette *p)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice fault = log_text(view->log, p->id);
    bool on = is_on(view, p);
    char name[UI_NAME];
    snprintf(name, sizeof name, "fault-%.*s", SLICE_ARG(slice_part(fault, 0, UI_NAME - 7)));
    focus_first(ui, name);
    struct draw_box toggle = ui_cut_right(&row, theme->size_text * 5);
    ui_button(ui, name, toggle, tr(on ? TR("On") : TR("Off")), switch_fault, id, on ? UI_ON : 0);
    if (on) /* no tick before the others: beside "mx1 loses power" it would say that it has */
        mark_sign(ui->list, theme, MARK_CROSS, row.x + 12, row.y + row.h / 2,
                  theme->size_text * 1.2f, theme->bad);
    else
        draw_change(view, &row, id, p);
    ui_cut_left(&row, 32);
    struct slice label = log_text(view->log, p->label);
    ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink,
             label.size ? label : fault);
}

/* One that was put together in a menu, and is on. */
static void end_fault(struct view *view, uint32_t i)
{
    struct bytes line;
    if (i >= view->scene.now.faults.count)
        return;
    const struct scene_fault *f = &view->scene.now.faults.items[i];
    bytes_init(&line, VIEW_REQUEST_MAX);
    if (bytes_printf(&line, "fault %.*s %.*s off", SLICE_ARG(log_text(view->log, f->fault)),
                     SLICE_ARG(log_text(view->log, f->target))))
        doing_do(view, bytes_slice(&line));
    bytes_finish(&line);
}

static bool is_of_palette(const struct view *view, const struct scene_fault *f)
{
    for (uint32_t id = 0; id < log_count(view->log) && log_at(view->log, id)->t == 0; id++) {
        const struct event_palette *p = event_as_palette(log_at(view->log, id));
        if (p && (p->id == f->id || (p->fault == f->fault && p->target == f->target)))
            return true;
    }
    return false;
}

static void draw_other_faults(struct view *view, struct draw_box inside)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float step = button_height(theme) + 10;
    for (uint32_t i = 0; i < view->scene.now.faults.count && inside.h >= step; i++) {
        const struct scene_fault *f = &view->scene.now.faults.items[i];
        if (is_of_palette(view, f))
            continue;
        struct draw_box row = ui_cut_top(&inside, step);
        row.h -= 10;
        char name[UI_NAME];
        snprintf(name, sizeof name, "fault-on-%" PRIu32, i + 1);
        ui_button(ui, name, ui_cut_right(&row, theme->size_text * 5), tr("On"), end_fault, i,
                  UI_ON);
        mark_sign(ui->list, theme, MARK_CROSS, row.x + 12, row.y + row.h / 2,
                  theme->size_text * 1.2f, theme->bad);
        ui_cut_left(&row, 32);
        ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink,
                 arena_printf(&ui->list->arena, "%.*s %.*s",
                              SLICE_ARG(log_text(view->log, f->fault)),
                              SLICE_ARG(log_text(view->log, f->target))));
    }
    ui_paragraph(ui, inside, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                 slice_of(tr("Any other: the right button, or the key . on a host, link or "
                             "program.")),
                 2);
}

static void draw_faults(struct view *view, struct draw_box inside)
{
    float step = button_height(view->ui.theme) + 10;
    for (uint32_t id = 0; id < log_count(view->log) && log_at(view->log, id)->t == 0; id++) {
        const struct event_palette *p = event_as_palette(log_at(view->log, id));
        if (!p || inside.h < step)
            continue;
        struct draw_box row = ui_cut_top(&inside, step);
        row.h -= 10;
        fault_row(view, row, id, p);
    }
    draw_other_faults(view, inside);
}

static void get_mail(struct view *view, uint32_t place)
{
    struct bytes line;
    bytes_init(&line, VIEW_REQUEST_MAX);
    if (bytes_printf(&line, "fetch by=%.*s", SLICE_ARG(log_place_name(view->log, place))))
        doing_do(view, bytes_slice(&line));
    bytes_finish(&line);
    if (view->overlay == &readers_overlay)
        overlay_close(view);
}

static void draw_readers(struct view *view, struct draw_box inside)
{
    struct ui *ui = &view->ui;
    float step = button_height(ui->theme) + 10;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        const struct event_agent *agent = event_as_agent(log_place(view->log, place));
        if (!agent || !slice_equal(log_text(view->log, agent->role), SLICE("mua")) ||
            inside.h < step)
            continue;
        struct draw_box row = ui_cut_top(&inside, step);
        row.h -= 10;
        struct slice id = log_place_name(view->log, place), user = log_text(view->log, agent->user);
        struct slice host = words_host(view->log, place);
        struct slice label =
            arena_printf(&ui->list->arena, tr("%.*s on %.*s"), SLICE_ARG(user), SLICE_ARG(host));
        char name[UI_NAME];
        snprintf(name, sizeof name, "fetch-%.*s", SLICE_ARG(slice_part(id, 0, UI_NAME - 7)));
        focus_first(ui, name);
        ui_button(ui, name, row, label.data, get_mail, place, 0);
    }
}

static int count_rows(const struct view *view)
{
    bool is_faults = view->overlay == &faults_overlay;
    int count = 0;
    for (uint32_t id = 0; id < log_count(view->log) && log_at(view->log, id)->t == 0; id++) {
        const struct event *e = log_at(view->log, id);
        const struct event_agent *agent = event_as_agent(e);
        bool is_reader = agent && slice_equal(log_text(view->log, agent->role), SLICE("mua"));
        count += is_faults ? e->kind == EVENT_PALETTE : is_reader;
    }
    for (size_t i = 0; is_faults && i < view->scene.now.faults.count; i++)
        count += !is_of_palette(view, &view->scene.now.faults.items[i]);
    return (count > 1 ? count : 2) + is_faults;
}

static void draw_lists(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    bool is_faults = view->overlay == &faults_overlay;
    float height =
        (float)count_rows(view) * (button_height(theme) + 10) + button_height(theme) + 72;
    struct draw_box inside = overlay_frame(view, all, theme->size_text * 40, height,
                                           tr(is_faults ? TR("Faults") : TR("Whose mail?")));
    if (is_faults)
        draw_faults(view, inside);
    else
        draw_readers(view, inside);
}

const struct overlay faults_overlay = {.name = "faults", .draw = draw_lists, .keeps_keys = true};
const struct overlay readers_overlay = {.name = "readers", .draw = draw_lists};

void faults_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &faults_overlay);
}

void readers_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &readers_overlay);
}
