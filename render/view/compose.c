#include "render/view/state.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const char *const names[FIELD_COUNT] = {"compose-from", "compose-to", "compose-subject",
                                               "compose-body"};
static const char *const labels[FIELD_COUNT] = {"From", "To", "Subject", "Text"};

/* The n-th person who has a mail program, from 0; 0 when there are fewer. */
static uint32_t person(const struct view *view, int n)
{
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        const struct event_agent *agent = event_as_agent(log_place(view->log, place));
        if (agent && agent->user && slice_equal(log_text(view->log, agent->role), SLICE("mua")) &&
            n-- == 0)
            return place;
    }
    return 0;
}

static void fill_empty(struct view *view, enum view_field field, uint32_t place,
                       struct slice otherwise)
{
    if (view->fields[field].size)
        return;
    const struct event *e = log_place(view->log, place);
    const struct event_agent *agent = e ? event_as_agent(e) : NULL;
    ui_edit_set(&view->fields[field], agent ? log_text(view->log, agent->user) : otherwise);
}

/* What was typed before stays; a new form starts with the first two people. */
void compose_open(struct view *view)
{
    fill_empty(view, FIELD_FROM, person(view, 0), SLICE(""));
    fill_empty(view, FIELD_TO, person(view, 1), SLICE(""));
    fill_empty(view, FIELD_SUBJECT, 0, SLICE("Hello"));
    snprintf(view->ui.focus, sizeof view->ui.focus, "%s", names[FIELD_SUBJECT]);
}

/* The people of this world, to be put into the field with one press. */
static void draw_people(struct view *view, struct draw_box row, enum view_field field)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    uint32_t place;
    for (int n = 0; (place = person(view, n)) != 0; n++) {
        struct slice user = log_text(view->log, event_as_agent(log_place(view->log, place))->user);
        float width = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, user) + 24;
        if (width > row.w)
            return;
        char name[UI_NAME];
        snprintf(name, sizeof name, "fill-%s-%d", field == FIELD_FROM ? "from" : "to", n + 1);
        struct draw_box chip = ui_cut_left(&row, width);
        ui_button(ui, name, chip, user.data,
                  field == FIELD_FROM ? ACTION_FILL_FROM : ACTION_FILL_TO, place, 0);
        ui_cut_left(&row, 8);
    }
}

static void draw_row(struct view *view, struct draw_box *inside, enum view_field field,
                     float height)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box row = ui_cut_top(inside, height);
    struct draw_box label = ui_cut_left(&row, theme->size_text * 6);
    label.h = button_height(theme);
    ui_label(ui, label, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink_soft,
             slice_of(labels[field]));
    ui_field(ui, names[field], row, &view->fields[field], field == FIELD_BODY, ACTION_FOCUS_FIELD,
             field);
    ui_cut_top(inside, 8);
    if (field != FIELD_FROM && field != FIELD_TO)
        return;
    struct draw_box people = ui_cut_top(inside, button_height(theme));
    ui_cut_left(&people, theme->size_text * 6);
    draw_people(view, people, field);
    ui_cut_top(inside, 12);
}

void compose_draw(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float line = button_height(theme);
    struct draw_box inside =
        overlay_frame(view, all, theme->size_text * 50, line * 13 + 130, "Write a message");
    struct draw_box foot = ui_cut_bottom(&inside, line);
    ui_cut_bottom(&inside, 12);
    for (int field = FIELD_FROM; field < FIELD_BODY; field++)
        draw_row(view, &inside, (enum view_field)field, line);
    draw_row(view, &inside, FIELD_BODY, fmaxf(inside.h - 8, line));
    float width =
        draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, SLICE("Send  Ctrl + Enter")) + 32;
    ui_button(ui, "compose-send", ui_cut_right(&foot, width), "Send  Ctrl + Enter", ACTION_SEND, 0,
              UI_PRIMARY);
}
