#include "render/view/state.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/words.h"

struct draw_box overlay_frame(struct view *view, struct draw_box all, float w, float h,
                              const char *title)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    w = fminf(w, all.w - 32);
    h = fminf(h, all.h - 32);
    struct draw_box box = {floorf(all.x + (all.w - w) / 2), floorf(all.y + (all.h - h) / 2), w, h};
    draw_shadow(ui->list, box, 12, theme->shadow);
    draw_rect(ui->list, box, 12, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = ui_inset(box, 24);
    struct draw_box line = ui_cut_top(&inside, button_height(theme));
    float width = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, SLICE("Close  Esc")) + 24;
    ui_button(ui, "close", ui_cut_right(&line, width), "Close  Esc", ACTION_CLOSE, 0, 0);
    ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_title, theme->ink,
             slice_of(title));
    ui_cut_top(&inside, 16);
    return inside;
}

/* ---- keys ---- */

struct help_row {
    const char *keys, *meaning;
};

static const struct help_row help_rows[] = {
    {"Space", "play, pause"},
    {"\xE2\x86\x90  \xE2\x86\x92", "event back, forward"},
    {"\xE2\x86\x91  \xE2\x86\x93   or   [  ]", "turn of the dialogue back, forward"},
    {"Shift + \xE2\x86\x90  \xE2\x86\x92", "hop back, forward"},
    {"N", "next event of the message"},
    {"Home  End", "start, end"},
    {"+  \xE2\x88\x92", "pace"},
    {"Tab, Enter", "go to the next part, press it"},
    {"M", "write a message"},
    {"G", "get mail"},
    {"F", "faults on and off"},
    {"E", "header or events, where they share a place"},
    {"P", "show or hide packets"},
    {"Page \xE2\x86\x91  \xE2\x86\x93", "scroll the header"},
    {"T", "theme: light, dark, projector"},
    {"Ctrl + +  \xE2\x88\x92  0,  F11", "larger, smaller, as before; full screen"},
    {"W,  Ctrl + C", "the picture in words; copy them"},
    {"Ctrl + S", "save a picture"},
    {"Esc", "close; follow what happens again"},
    {"Q", "quit"},
};

void help_draw(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    enum { COUNT = sizeof help_rows / sizeof help_rows[0] };
    float step = draw_line_height(theme->size_text) + 8;
    struct draw_box inside = overlay_frame(view, all, theme->size_text * 42,
                                           step * COUNT + button_height(theme) + 72, "Keys");
    float fitting = fminf(step, inside.h / COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        struct draw_box row = ui_cut_top(&inside, fitting);
        ui_label(ui, ui_cut_left(&row, theme->size_text * 14), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
                 theme->size_text, theme->accent, slice_of(help_rows[i].keys));
        ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink,
                 slice_of(help_rows[i].meaning));
    }
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
    ui_button(ui, name, toggle, on ? "On" : "Off", ACTION_FAULT, id, on ? UI_ON : 0);
    mark_sign(ui->list, theme, on ? MARK_CROSS : MARK_TICK, row.x + 12, row.y + row.h / 2,
              theme->size_text * 1.2f, on ? theme->bad : theme->good);
    ui_cut_left(&row, 32);
    struct slice label = log_text(view->log, p->label);
    ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink,
             label.size ? label : fault);
}

static void draw_faults(struct view *view, struct draw_box inside)
{
    float step = button_height(view->ui.theme) + 10;
    int count = 0;
    for (uint32_t id = 0; id < log_count(view->log) && log_at(view->log, id)->t == 0; id++) {
        const struct event_palette *p = event_as_palette(log_at(view->log, id));
        if (!p || inside.h < step)
            continue;
        struct draw_box row = ui_cut_top(&inside, step);
        row.h -= 10;
        fault_row(view, row, id, p);
        count++;
    }
    if (!count)
        ui_paragraph(&view->ui, inside, DRAW_FONT_SANS, view->ui.theme->size_text,
                     view->ui.theme->ink_soft, SLICE("This topology offers no faults."), 2);
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
            arena_printf(&ui->list->arena, "%.*s on %.*s", SLICE_ARG(user), SLICE_ARG(host));
        char name[UI_NAME];
        snprintf(name, sizeof name, "fetch-%.*s", SLICE_ARG(slice_part(id, 0, UI_NAME - 7)));
        focus_first(ui, name);
        ui_button(ui, name, row, label.data, ACTION_FETCH, place, 0);
    }
}

static int count_rows(const struct view *view)
{
    int count = 0;
    for (uint32_t id = 0; id < log_count(view->log) && log_at(view->log, id)->t == 0; id++) {
        const struct event *e = log_at(view->log, id);
        const struct event_agent *agent = event_as_agent(e);
        bool is_reader = agent && slice_equal(log_text(view->log, agent->role), SLICE("mua"));
        count += view->overlay == OVERLAY_FAULTS ? e->kind == EVENT_PALETTE : is_reader;
    }
    return count > 1 ? count : 2;
}

void lists_draw(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    bool is_faults = view->overlay == OVERLAY_FAULTS;
    float height =
        (float)count_rows(view) * (button_height(theme) + 10) + button_height(theme) + 72;
    struct draw_box inside = overlay_frame(view, all, theme->size_text * 40, height,
                                           is_faults ? "Faults" : "Whose mail?");
    if (is_faults)
        draw_faults(view, inside);
    else
        draw_readers(view, inside);
}
