#include "render/draw/mark.h"
#include "render/view/time_panels.h"
#include "render/view/words.h"

/* In a low window the strip has thin lanes without names. */
static bool timeline_is_thin(const struct view *view)
{
    enum { LINES = 42 };
    return view->frame_h < LINES * draw_line_height(theme_get(view->theme)->size_text);
}

float timeline_height(const struct view *view)
{
    const struct theme *theme = theme_get(view->theme);
    return button_height(theme) + strip_height(view, timeline_is_thin(view)) + 28;
}

struct step_button {
    const char *name, *label;
    enum play_step back, next;
};

static const struct step_button steps[] = {
    {"event", TR("event"), STEP_EVENT_BACK, STEP_EVENT_NEXT},
    {"turn", TR("turn"), STEP_TURN_BACK, STEP_TURN_NEXT},
    {"hop", TR("hop"), STEP_HOP_BACK, STEP_HOP_NEXT},
};

static void sign_button(struct view *view, const char *name, struct draw_box box,
                        enum mark_sign sign, ui_act *act, uint32_t arg, unsigned flags)
{
    struct ui *ui = &view->ui;
    ui_button(ui, name, box, "", act, arg, flags);
    mark_sign(ui->list, ui->theme, sign, box.x + box.w / 2, box.y + box.h / 2, box.h * 0.45f,
              flags & UI_PRIMARY ? ui->theme->panel : ui->theme->ink);
}

/* "< hop >": a word between the two directions; where there is no room the keys do the same. */
static void draw_step(struct view *view, struct draw_box *row, const struct step_button *step)
{
    static const char *const back[] = {"event-back", "turn-back", "hop-back"};
    static const char *const next[] = {"event-next", "turn-next", "hop-next"};
    struct ui *ui = &view->ui;
    size_t i = (size_t)(step - steps);
    float h = row->h, word = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text,
                                        slice_of(tr(step->label))) +
                             12;
    if (row->w < 2 * h + word)
        return;
    sign_button(view, back[i], ui_cut_left(row, h), MARK_PREVIOUS, play_step_act, step->back, 0);
    ui_label(ui, ui_cut_left(row, word), DRAW_ALIGN_CENTER, DRAW_FONT_SANS, ui->theme->size_text,
             ui->theme->ink, slice_of(tr(step->label)));
    sign_button(view, next[i], ui_cut_left(row, h), MARK_NEXT, play_step_act, step->next, 0);
    ui_cut_left(row, 14);
}

/* Room for the slowest pace, so that the buttons stay where they are. */
static float pace_width(const struct view *view, float h)
{
    const struct theme *theme = view->ui.theme;
    struct slice longest = arena_printf(&view->ui.list->arena, tr("pace 1/%d"), 16);
    return draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_text, longest) + 12 + 2 * h;
}

static void draw_pace(struct view *view, struct draw_box *row)
{
    struct ui *ui = &view->ui;
    float h = row->h, speed = play_speed(view), word = pace_width(view, h) - 2 * h;
    struct draw_box all = {row->x, row->y, 2 * h + word, h};
    ui_button(ui, "slower", ui_cut_left(row, h), "\xE2\x88\x92", play_slower_act, 0, 0);
    struct slice text = speed < 1
                            ? arena_printf(&ui->list->arena, tr("pace 1/%d"), (int)(1 / speed))
                            : arena_printf(&ui->list->arena, tr("pace %d"), (int)speed);
    ui_label(ui, ui_cut_left(row, word), DRAW_ALIGN_CENTER, DRAW_FONT_SANS, ui->theme->size_text,
             ui->theme->ink, text);
    ui_button(ui, "faster", ui_cut_left(row, h), "+", play_faster_act, 0, 0);
    ui_wheel(ui, "wheel-pace", all, play_pace_turn, 0);
}

static void draw_clock(struct view *view, struct draw_box *row)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice clock = words_clock(view->log, &ui->list->arena, view->t);
    float size = theme->size_title * 1.35f,
          width = draw_width(ui->list, DRAW_FONT_MONO, size, clock);
    ui_label(ui, ui_cut_right(row, width + 2), DRAW_ALIGN_RIGHT, DRAW_FONT_MONO, size, theme->ink,
             clock);
    ui_cut_right(row, 16);
}

/* What has a key, too, and a button where there is room. */
static void draw_extras(struct view *view, struct draw_box row)
{
    static const struct {
        const char *name, *label;
        ui_act *act;
    } extras[] = {
        {"until", TR("Until  U"), until_act},
        {"bookmark", TR("Bookmark  D"), bookmarks_act},
    };
    struct ui *ui = &view->ui;
    ui_cut_left(&row, 14);
    for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
        const char *label = tr(extras[i].label);
        float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 20;
        if (row.w < w)
            return;
        ui_button(ui, extras[i].name, ui_cut_left(&row, w), label, extras[i].act, 0, 0);
        ui_cut_left(&row, 8);
    }
}

static void draw_buttons(struct view *view, struct draw_box row)
{
    struct ui *ui = &view->ui;
    float h = row.h;
    draw_clock(view, &row);
    sign_button(view, "play", ui_cut_left(&row, h * 1.6f),
                view->is_playing ? MARK_PAUSE : MARK_PLAY, play_toggle_act, 0, UI_PRIMARY);
    ui_cut_left(&row, 14);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        draw_step(view, &row, &steps[i]);
    const char *label = tr("Next of message  N");
    float width = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 20;
    float pace = pace_width(view, h);
    if (row.w > width + pace + 14) { /* the key does the same where there is no room */
        ui_button(ui, "message-next", ui_cut_left(&row, width), label, play_step_act,
                  STEP_MESSAGE_NEXT, view->msg ? 0 : UI_DISABLED);
        ui_cut_left(&row, 14);
    }
    if (row.w >= pace)
        draw_pace(view, &row);
    draw_extras(view, row);
}

void timeline_draw(struct view *view, struct draw_box box)
{
    bool is_thin = timeline_is_thin(view);
    (void)ui_panel(&view->ui, box, SLICE(""));
    struct draw_box inside = {box.x + 14, box.y + 10, box.w - 28, box.h - 16};
    strip_draw(view, ui_cut_top(&inside, strip_height(view, is_thin)), is_thin);
    ui_cut_top(&inside, 6);
    draw_buttons(view, ui_cut_top(&inside, button_height(view->ui.theme)));
}
