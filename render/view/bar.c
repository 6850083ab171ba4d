#include "render/view/state.h"

#include <math.h>
#include <string.h>

#include "render/view/commands.h"
#include "render/view/doing.h"
#include "render/view/time_panels.h"
#include "render/view/words.h"
#include "render/view/words_say.h"
#include "sim/base/vtime.h"

/* A command with a place in the bar; from the left, in groups. Those of the lowest rank go first
   when room is scarce: the menu has them all. */
struct bar_button {
    const char *command, *label; /* of one without a row in commands.c there is no button */
    int rank, group;
};

static const struct bar_button buttons[] = {
    {"compose", TR("Write"), 8, 0},   {"get-mail", TR("Get mail"), 7, 0},
    {"mail", TR("Mail"), 6, 0},       {"faults", TR("Faults"), 5, 1},
    {"what-if", TR("What if"), 3, 1}, {"edit", TR("Edit"), 4, 1},
    {"open", TR("Open"), 1, 2},       {"palette", TR("Find"), 2, 2},
    {"main-menu", TR("Menu"), 9, 2},
};
#define GAP 6.0f
#define GAP_GROUP 18.0f
enum { BUTTON_COUNT = sizeof buttons / sizeof buttons[0] };

static const struct command *find_command(const char *name)
{
    for (int i = 0; i < commands_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* "Write  M", or without the key. */
static struct slice label_of(struct view *view, size_t i, bool has_key)
{
    struct arena *arena = &view->ui.list->arena;
    const struct command *command = find_command(buttons[i].command);
    struct slice key = command ? command_keys(command, arena) : SLICE("");
    return arena_printf(arena, "%s%s%.*s", tr(buttons[i].label), has_key && key.size ? "  " : "",
                        has_key ? (int)key.size : 0, key.data);
}

static float button_width(const struct view *view, struct slice label)
{
    return draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_text, label) + 24;
}

static bool is_shown(size_t i, int least_rank)
{
    return buttons[i].rank >= least_rank && find_command(buttons[i].command);
}

/* What is left free behind a button. */
static float gap_after(size_t i, int least_rank)
{
    for (size_t k = i + 1; k < BUTTON_COUNT; k++)
        if (is_shown(k, least_rank))
            return buttons[k].group == buttons[i].group ? GAP : GAP_GROUP;
    return 0;
}

static float whole_width(struct view *view, int least_rank, bool has_key)
{
    float whole = 0;
    for (size_t i = 0; i < BUTTON_COUNT; i++)
        if (is_shown(i, least_rank))
            whole += button_width(view, label_of(view, i, has_key)) + gap_after(i, least_rank);
    return whole;
}

static void draw_button(struct view *view, size_t i, struct draw_box place, struct slice label)
{
    const struct command *command = find_command(buttons[i].command);
    bool is_on = strcmp(command->name, "edit") == 0 && view->doing && view->doing->tools.is_open;
    ui_button(&view->ui, command->name, place, label.data, command->act, command->arg,
              i == 0  ? UI_PRIMARY
              : is_on ? UI_ON
                      : 0);
    ui_tip(&view->ui, slice_of(tr(command->title)));
}

/* The title, and what a person can do to the world; the labels get short, and then fewer, when room
   is scarce. */
void bar_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float room = box.w * 0.76f;
    bool has_key = whole_width(view, 0, true) <= room;
    int rank = 0;
    while (whole_width(view, rank, has_key) > room && rank < BUTTON_COUNT)
        rank++;
    struct draw_box row = ui_cut_right(&box, whole_width(view, rank, has_key));
    row.h = button_height(theme);
    for (size_t i = 0; i < BUTTON_COUNT; i++) {
        if (!is_shown(i, rank))
            continue;
        struct slice label = label_of(view, i, has_key);
        draw_button(view, i, ui_cut_left(&row, button_width(view, label)), label);
        ui_cut_left(&row, gap_after(i, rank));
    }
    ui_cut_left(&box, 8);
    ui_cut_right(&box, GAP_GROUP);
    ui_label_any(ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_title, theme->ink,
                 ui->list->title);
}

/* The state of the chosen message, or what to press, in a second line. */
static struct slice second_line(struct view *view)
{
    struct arena *arena = &view->ui.list->arena;
    if (view->has_hint)
        return slice_of(tr("Space plays   \xE2\x86\x92 steps   Shift + \xE2\x86\x92 next hop   "
                           "M writes a message   ? all keys"));
    const struct view *shown = compare_shown(view);
    struct slice state = words_state(&shown->scene, arena, shown->msg);
    if (state.size == 0)
        return SLICE("");
    struct slice subject = words_subject(shown->log, arena, shown->msg);
    return WORDS_SAY(arena, tr("\xE2\x80\x9C{msg}\xE2\x80\x9D: {state}"), {"msg", subject},
                     {"state", state});
}

static void draw_second_line(struct view *view, struct draw_box line)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    if (view->has_hint)
        ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->accent,
                 second_line(view));
    else
        ui_label_any(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                     second_line(view));
}

/* What happens now, in words, large enough for the last row; silence that was leapt over beside it.
 */
void caption_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    view->caption_box = box;
    draw_rect(ui->list, box, 8, theme->accent_soft, 0, 0);
    draw_rect(ui->list, (struct draw_box){box.x, box.y, 5, box.h}, 2, theme->accent, 0, 0);
    struct draw_box inside = {box.x + 18, box.y + 4, box.w - 30, box.h - 8};
    if (view->leap_ms > 0) {
        char wait[VTIME_TEXT];
        struct slice note =
            arena_printf(&ui->list->arena, tr("leapt over %.*s"),
                         SLICE_ARG(vtime_print(view->leap_ns / VTIME_MS * VTIME_MS, wait)));
        float width = draw_width(ui->list, DRAW_FONT_BOLD, theme->size_text, note) + 8;
        ui_label(ui, ui_cut_right(&inside, width), DRAW_ALIGN_RIGHT, DRAW_FONT_BOLD,
                 theme->size_text, theme->waiting, note);
        ui_cut_right(&inside, 12);
    }
    const struct view *shown = compare_shown(view); /* of two runs the one that is worked in */
    struct slice text = words_sentence(shown->log, &ui->list->arena,
                                       arena_copy(&ui->list->arena, view_caption(view)));
    float small = theme->size_text, step = draw_line_height(small);
    bool is_short = draw_width(ui->list, DRAW_FONT_BOLD, theme->size_title, text) <= inside.w;
    float size = is_short ? theme->size_title : small;
    if (draw_width(ui->list, DRAW_FONT_BOLD, size, text) > inside.w) {
        struct draw_box lines = {inside.x, inside.y + (inside.h - 2 * step) / 2, inside.w,
                                 inside.h};
        ui_paragraph(ui, lines, DRAW_FONT_BOLD, small, theme->ink, text, 2);
        return;
    }
    draw_second_line(view, ui_cut_bottom(&inside, step));
    ui_label(ui, inside, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, size, theme->ink, text);
}

float caption_height(const struct view *view)
{
    const struct theme *theme = theme_get(view->theme);
    return draw_line_height(theme->size_title) + draw_line_height(theme->size_text) + 14;
}
