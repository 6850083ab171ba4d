/* Lists to choose from: faults to switch on and off, and whose mail to get. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/mark.h"
#include "render/view/deed.h"
#include "render/view/doing.h"
#include "render/view/rows.h"
#include "render/view/sheet.h"
#include "render/view/words.h"

/* What a row is about: an event of the palette; a fault of the scene, by its index, that was put
   together in a menu; or a mail program. */
struct choice {
    enum { CHOICE_OFFERED, CHOICE_OTHER, CHOICE_READER } kind;
    uint32_t id;
};

enum { CHOICES_MAX = 1000, ROW_GAP = 10 };

struct choices {
    struct choice *items;
    size_t count;
};

/* ---- what there is ---- */

static bool is_of_palette(const struct view *view, const struct scene_fault *f)
{
    for (uint32_t id = 0; id < log_count(view->log) && log_at(view->log, id)->t == 0; id++) {
        const struct event_palette *p = event_as_palette(log_at(view->log, id));
        if (p && (p->id == f->id || (p->fault == f->fault && p->target == f->target)))
            return true;
    }
    return false;
}

static void add(struct choices *choices, int kind, uint32_t id)
{
    if (choices->count < CHOICES_MAX)
        choices->items[choices->count++] = (struct choice){.kind = kind, .id = id};
}

static struct choices list_faults(struct view *view)
{
    struct arena *arena = &view->ui.list->arena;
    struct choices choices = {arena_take(arena, CHOICES_MAX * sizeof *choices.items), 0};
    for (uint32_t id = 0; id < log_count(view->log) && log_at(view->log, id)->t == 0; id++)
        if (event_as_palette(log_at(view->log, id)))
            add(&choices, CHOICE_OFFERED, id);
    for (uint32_t i = 0; i < view->scene.now.faults.count; i++)
        if (!is_of_palette(view, &view->scene.now.faults.items[i]))
            add(&choices, CHOICE_OTHER, i);
    return choices;
}

static struct choices list_readers(struct view *view)
{
    struct arena *arena = &view->ui.list->arena;
    struct choices choices = {arena_take(arena, CHOICES_MAX * sizeof *choices.items), 0};
    for (uint32_t place = 1; place <= log_place_count(view->log); place++)
        if (doing_has_role(view, place, "mua") && scene_is_there(&view->scene, place))
            add(&choices, CHOICE_READER, place);
    return choices;
}

/* Of the widget that a press on the row is for. */
static void choice_name(const struct view *view, const struct choice *choice, char name[UI_NAME])
{
    struct slice id;
    switch (choice->kind) {
    case CHOICE_OFFERED:
        id = log_text(view->log, event_as_palette(log_at(view->log, choice->id))->id);
        snprintf(name, UI_NAME, "fault-%.*s", SLICE_ARG(slice_part(id, 0, UI_NAME - 7)));
        return;
    case CHOICE_OTHER:
        snprintf(name, UI_NAME, "fault-on-%" PRIu32, choice->id + 1);
        return;
    case CHOICE_READER:
        id = log_place_name(view->log, choice->id);
        snprintf(name, UI_NAME, "fetch-%.*s", SLICE_ARG(slice_part(id, 0, UI_NAME - 7)));
        return;
    }
}

/* ---- what a press does ---- */

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
                     doing_is_offer_on(view, p) ? "off" : "on"))
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

/* ---- drawing ---- */

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

static void draw_switch(struct view *view, struct draw_box *row, const char *name, bool is_on,
                        ui_act *act, uint32_t arg)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box toggle = ui_cut_right(row, theme->size_text * 5);
    ui_button(ui, name, toggle, tr(is_on ? TR("On") : TR("Off")), act, arg, is_on ? UI_ON : 0);
    if (is_on) /* no tick before the others: beside "mx1 loses power" it would say that it has */
        mark_sign(ui->list, theme, MARK_CROSS, row->x + 12, row->y + row->h / 2,
                  theme->size_text * 1.2f, theme->bad);
}

static void draw_offered(struct view *view, struct draw_box row, const char *name, uint32_t id)
{
    const struct theme *theme = view->ui.theme;
    const struct event_palette *p = event_as_palette(log_at(view->log, id));
    struct slice label = log_text(view->log, p->label);
    bool on = doing_is_offer_on(view, p);
    draw_switch(view, &row, name, on, switch_fault, id);
    if (!on)
        draw_change(view, &row, id, p);
    ui_cut_left(&row, 32);
    ui_label(&view->ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink,
             label.size ? label : log_text(view->log, p->id));
}

static void draw_other(struct view *view, struct draw_box row, const char *name, uint32_t i)
{
    const struct theme *theme = view->ui.theme;
    const struct scene_fault *f = &view->scene.now.faults.items[i];
    struct arena *arena = &view->ui.list->arena;
    struct slice line =
        arena_printf(arena, "fault %.*s %.*s on", SLICE_ARG(log_text(view->log, f->fault)),
                     SLICE_ARG(log_text(view->log, f->target)));
    draw_switch(view, &row, name, true, end_fault, i);
    ui_cut_left(&row, 32);
    ui_label(&view->ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink,
             view_deed_brief(view, arena, line));
}

static void draw_reader(struct view *view, struct draw_box row, const char *name, uint32_t place)
{
    struct slice user = log_text(view->log, doing_agent(view, place)->user);
    struct slice host = words_host(view->log, place);
    struct slice label =
        arena_printf(&view->ui.list->arena, tr("%.*s on %.*s"), SLICE_ARG(user), SLICE_ARG(host));
    ui_button(&view->ui, name, row, label.data, get_mail, place, 0);
}

static void draw_choice(struct view *view, struct draw_box row, const struct choice *choice)
{
    char name[UI_NAME];
    choice_name(view, choice, name);
    row.h -= ROW_GAP;
    switch (choice->kind) {
    case CHOICE_OFFERED:
        draw_offered(view, row, name, choice->id);
        return;
    case CHOICE_OTHER:
        draw_other(view, row, name, choice->id);
        return;
    case CHOICE_READER:
        draw_reader(view, row, name, choice->id);
        return;
    }
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    view->scroll_choices.above -= lines;
}

/* The row whose switch has the focus, or the button beside it. */
static ptrdiff_t focused_row(const struct view *view, const struct choices *choices)
{
    const char *focus = view->ui.focus, *dash = strchr(focus, '-');
    for (size_t i = 0; dash && i < choices->count; i++) {
        char name[UI_NAME];
        choice_name(view, &choices->items[i], name);
        if (strcmp(strchr(name, '-'), dash) == 0)
            return (ptrdiff_t)i;
    }
    return ROWS_NO_FOCUS;
}

static void draw_choices(struct view *view, struct draw_box box, const struct choices *choices)
{
    size_t i;
    struct draw_box row;
    float step = button_height(view->ui.theme) + ROW_GAP;
    if (!view->ui.focus[0] && choices->count) /* not at the button that closes it */
        choice_name(view, &choices->items[0], view->ui.focus);
    struct rows_seen rows = rows_begin(view, box, step, choices->count, &view->scroll_choices,
                                       focused_row(view, choices));
    while (rows_next(&rows, &i, &row))
        draw_choice(view, row, &choices->items[i]);
    ui_wheel(&view->ui, "wheel-choices", box, turn, 0);
}

static float rows_height(const struct view *view, const struct choices *choices)
{
    return (float)(choices->count > 1 ? choices->count : 1) *
           (button_height(view->ui.theme) + ROW_GAP);
}

static void draw_faults(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    struct choices choices = list_faults(view);
    float foot = 2 * draw_line_height(theme->size_text), frame = button_height(theme) + 72;
    struct draw_box inside = overlay_frame(
        view, all, theme->size_text * 56, rows_height(view, &choices) + foot + frame, tr("Faults"));
    ui_paragraph(&view->ui, ui_cut_bottom(&inside, foot), DRAW_FONT_SANS, theme->size_text,
                 theme->ink_soft,
                 slice_of(tr("Any other: the right button, or the key . on a host, link or "
                             "program.")),
                 2);
    draw_choices(view, inside, &choices);
}

static void draw_readers(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    struct choices choices = list_readers(view);
    struct draw_box inside =
        overlay_frame(view, all, theme->size_text * 40,
                      rows_height(view, &choices) + button_height(theme) + 72, tr("Whose mail?"));
    draw_choices(view, inside, &choices);
}

static void open_list(struct view *view)
{
    view->scroll_choices = (struct rows_scroll){0};
}

const struct overlay faults_overlay = {
    .name = "faults", .open = open_list, .draw = draw_faults, .keeps_keys = true};
const struct overlay readers_overlay = {.name = "readers", .open = open_list, .draw = draw_readers};

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
