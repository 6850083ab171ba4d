/* The form that asks for a second run: what would be if, at this moment, one thing were otherwise?
 */
#include <inttypes.h>
#include <stdio.h>

#include "render/view/doing.h"
#include "render/view/time_panels.h"
#include "render/view/words.h"

enum { ROWS_MAX = 9, LINKS_LOOKED_AT = 4000 };

static void fork(struct view *view, struct slice line)
{
    if (view->overlay != &what_if_overlay)
        request_add(view, VIEW_REQUEST_FORK, line);
    else if (!asking_send(view, VIEW_REQUEST_FORK, line))
        return;
    view->is_playing = view->is_gliding = false;
}

static void fork_fault(struct view *view, const char *kind, struct slice target, bool is_on)
{
    struct arena arena;
    arena_init(&arena);
    fork(view,
         arena_printf(&arena, "fault %s%.*s %s", kind, SLICE_ARG(target), is_on ? "on" : "off"));
    arena_finish(&arena);
}

/* ---- what can be chosen ---- */

static bool is_on(const struct view *view, const struct event_palette *p)
{
    for (size_t i = 0; i < view->scene.now.faults.count; i++)
        if (view->scene.now.faults.items[i].id == p->id)
            return true;
    return false;
}

static void palette_act(struct view *view, uint32_t id)
{
    const struct event_palette *p =
        id < log_count(view->log) ? event_as_palette(log_at(view->log, id)) : NULL;
    if (p)
        fork_fault(view, "", log_text(view->log, p->id), !is_on(view, p));
}

static void host_act(struct view *view, uint32_t host)
{
    fork_fault(view, "host-down ", log_place_name(view->log, host), true);
}

static void link_act(struct view *view, uint32_t number)
{
    const struct event_link *link = log_link(view->log, number);
    struct arena arena;
    if (!link)
        return;
    arena_init(&arena);
    struct slice a = log_place_name(view->log, link->a), b = log_place_name(view->log, link->b);
    fork_fault(view, "link-cut ", arena_printf(&arena, "%.*s:%.*s", SLICE_ARG(a), SLICE_ARG(b)),
               true);
    arena_finish(&arena);
}

static void typed_act(struct view *view, uint32_t arg)
{
    const struct ui_edit *edit = &view->time->compare.what_if;
    (void)arg;
    struct slice line = slice_trim((struct slice){edit->text, edit->size});
    if (line.size)
        fork(view, line);
    else
        asking_say(view,
                   slice_of(tr("Say what is to be done, such as: fault link-cut out:mx1 on")));
}

struct choice {
    char name[UI_NAME];
    struct slice label;
    ui_act *act;
    uint32_t arg;
};

struct choices {
    struct choice items[ROWS_MAX];
    size_t count;
};

static void add(struct choices *c, const char *name, ui_act *act, uint32_t arg, struct slice label)
{
    if (c->count == ROWS_MAX)
        return;
    struct choice *choice = &c->items[c->count++];
    *choice = (struct choice){.label = label, .act = act, .arg = arg};
    snprintf(choice->name, sizeof choice->name, "%s-%" PRIu32, name, arg);
}

/* What is about the chosen host comes first. */
static void add_host(struct view *view, struct choices *c)
{
    struct arena *arena = &view->ui.list->arena;
    uint32_t host = view->chosen_host;
    const struct event_link *link;
    if (!host)
        return;
    add(c, "if-host", host_act, host,
        arena_printf(arena, tr("%.*s goes down"), SLICE_ARG(words_host(view->log, host))));
    for (uint32_t n = 1; n < LINKS_LOOKED_AT && (link = log_link(view->log, n)) != NULL; n++)
        if (link->a == host || link->b == host)
            add(c, "if-link", link_act, n,
                arena_printf(arena, tr("the line between %.*s and %.*s is cut"),
                             SLICE_ARG(words_host(view->log, link->a)),
                             SLICE_ARG(words_host(view->log, link->b))));
}

static void add_palette(struct view *view, struct choices *c)
{
    for (uint32_t id = 0; id < log_count(view->log) && log_at(view->log, id)->t == 0; id++) {
        const struct event_palette *p = event_as_palette(log_at(view->log, id));
        if (!p)
            continue;
        struct slice label = log_text(view->log, p->label);
        label = label.size ? label : log_text(view->log, p->id);
        if (is_on(view, p))
            label = arena_printf(&view->ui.list->arena, tr("no more: %.*s"), SLICE_ARG(label));
        add(c, "if-fault", palette_act, id, label);
    }
}

/* ---- the form ---- */

static void draw_choice(struct view *view, struct draw_box row, const struct choice *choice)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    ui_button(ui, choice->name, row, "", choice->act, choice->arg, 0);
    if (!ui->focus[0])
        snprintf(ui->focus, sizeof ui->focus, "%s", choice->name);
    ui_label(ui, ui_inset(row, 10), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink,
             choice->label);
}

static void draw_typed(struct view *view, struct draw_box row)
{
    struct ui *ui = &view->ui;
    const char *label = tr("Fork");
    float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 28;
    ui_button(ui, "if-do", ui_cut_right(&row, w), label, typed_act, 0, UI_PRIMARY);
    ui_cut_right(&row, 8);
    ui_field(
        ui, "if-line", row, &view->time->compare.what_if,
        &(struct ui_field_ways){
            .submit = typed_act,
            .hint = tr("or in words: send from=\xE2\x80\xA6 to=\xE2\x80\xA6, set \xE2\x80\xA6")});
}

static void draw_form(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    struct choices c = {.count = 0};
    add_host(view, &c);
    add_palette(view, &c);
    float h = button_height(theme), gap = 8;
    float line = draw_line_height(theme->size_text);
    float wanted = (float)(c.count + 2) * (h + gap) + 2 * line + 84;
    struct draw_box inside =
        overlay_frame(view, all, theme->size_text * 44, wanted, tr("What if \xE2\x80\xA6"));
    struct slice clock = words_clock(view->log, &view->ui.list->arena, view->t);
    ui_paragraph(&view->ui, ui_cut_top(&inside, 2 * line + gap), DRAW_FONT_SANS, theme->size_text,
                 theme->ink_soft,
                 arena_printf(&view->ui.list->arena,
                              tr("A second run, the same up to %.*s, in which from then on one "
                                 "thing is otherwise:"),
                              SLICE_ARG(clock)),
                 2);
    struct draw_box foot = ui_cut_bottom(&inside, h);
    ui_cut_bottom(&inside, gap);
    for (size_t i = 0; i < c.count && inside.h >= h; i++) {
        draw_choice(view, ui_cut_top(&inside, h), &c.items[i]);
        ui_cut_top(&inside, gap);
    }
    draw_typed(view, foot);
}

const struct overlay what_if_overlay = {.name = "what-if", .draw = draw_form, .submit = typed_act};

void what_if_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &what_if_overlay);
}
