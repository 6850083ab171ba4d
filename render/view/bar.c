#include "render/view/state.h"

#include <math.h>

#include "render/view/words.h"
#include "sim/base/vtime.h"

struct bar_button {
    const char *name, *label, *brief;
    enum view_action action;
    uint32_t arg;
};

static const struct bar_button buttons[] = {
    {"help", "Keys  ?", "?", ACTION_OVERLAY, OVERLAY_HELP},
    {"theme", "Theme  T", "T", ACTION_THEME, 0},
    {"faults", "Faults  F", "Faults", ACTION_OVERLAY, OVERLAY_FAULTS},
    {"get-mail", "Get mail  G", "Get mail", ACTION_OVERLAY, OVERLAY_FETCH},
    {"compose", "Write a message  M", "Write", ACTION_OVERLAY, OVERLAY_COMPOSE},
};
enum { BUTTON_COUNT = sizeof buttons / sizeof buttons[0] };

static float button_width(const struct view *view, const char *label)
{
    return draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_text, slice_of(label)) +
           28;
}

/* The title, and what a person can do to the world; the labels get short when room is scarce. */
void bar_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float whole = 0;
    for (size_t i = 0; i < BUTTON_COUNT; i++)
        whole += button_width(view, buttons[i].label) + 8;
    bool is_brief = whole > box.w * 0.66f;
    for (size_t i = 0; i < BUTTON_COUNT; i++) {
        const char *label = is_brief ? buttons[i].brief : buttons[i].label;
        struct draw_box place = ui_cut_right(&box, button_width(view, label));
        place.h = button_height(theme);
        ui_button(ui, buttons[i].name, place, label, buttons[i].action, buttons[i].arg,
                  i + 1 == BUTTON_COUNT ? UI_PRIMARY : 0);
        ui_cut_right(&box, 8);
    }
    ui_cut_left(&box, 8);
    ui_label(ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_title, theme->ink,
             ui->list->title);
}

/* The state of the chosen message, or what to press, in a second line. */
static struct slice second_line(struct view *view)
{
    struct arena *arena = &view->ui.list->arena;
    if (view->has_hint)
        return SLICE("Space plays   \xE2\x86\x92 steps   Shift + \xE2\x86\x92 next hop   "
                     "M writes a message   ? all keys");
    struct slice state = words_state(&view->scene, arena, view->msg);
    if (state.size == 0)
        return SLICE("");
    struct slice subject = words_subject(view->log, arena, view->msg);
    return arena_printf(arena, "\xE2\x80\x9C%.*s\xE2\x80\x9D: %.*s", SLICE_ARG(subject),
                        SLICE_ARG(state));
}

static void draw_second_line(struct view *view, struct draw_box line)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    if (view->has_hint)
        ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->accent,
                 second_line(view));
    else
        ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                 second_line(view));
}

/* What happens now, in words, large enough for the last row; silence that was leapt over beside it.
 */
void caption_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    draw_rect(ui->list, box, 8, theme->accent_soft, 0, 0);
    draw_rect(ui->list, (struct draw_box){box.x, box.y, 5, box.h}, 2, theme->accent, 0, 0);
    struct draw_box inside = {box.x + 18, box.y + 4, box.w - 30, box.h - 8};
    if (view->leap_ms > 0) {
        char wait[VTIME_TEXT];
        struct slice note =
            arena_printf(&ui->list->arena, "leapt over %.*s",
                         SLICE_ARG(vtime_print(view->leap_ns / VTIME_MS * VTIME_MS, wait)));
        float width = draw_width(ui->list, DRAW_FONT_BOLD, theme->size_text, note) + 8;
        ui_label(ui, ui_cut_right(&inside, width), DRAW_ALIGN_RIGHT, DRAW_FONT_BOLD,
                 theme->size_text, theme->waiting, note);
        ui_cut_right(&inside, 12);
    }
    struct slice text = words_sentence(view->log, &ui->list->arena,
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
