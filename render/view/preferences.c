/*
 * What a person likes: theme, size, language, motion and labels, each a row of choices. They apply
 * at once and are kept by the program.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/palette.h"

enum { SCALE_LEAST = 100, SCALE_MOST = 300, SCALE_STEP = 25 };

static void change(struct view *view, const struct view_settings *settings)
{
    view_set_settings(view, settings);
    request_add(view, VIEW_REQUEST_SETTINGS, SLICE(""));
}

/* ---- as commands ---- */

void scale_act(struct view *view, uint32_t arg)
{
    struct view_settings settings = view->settings;
    int step = arg == 1 ? SCALE_STEP : -SCALE_STEP;
    int percent = arg == 0 ? SCALE_LEAST : settings.scale_percent + step;
    settings.scale_percent = percent < SCALE_LEAST  ? SCALE_LEAST
                             : percent > SCALE_MOST ? SCALE_MOST
                                                    : percent;
    change(view, &settings);
    char text[64];
    snprintf(text, sizeof text, tr("Size: %d %%"), settings.scale_percent);
    view_notify(view, slice_of(text));
}

void calm_act(struct view *view, uint32_t arg)
{
    struct view_settings settings = view->settings;
    (void)arg;
    settings.is_calm = !settings.is_calm;
    change(view, &settings);
    view_notify(view, slice_of(settings.is_calm ? tr("Reduced motion") : tr("All motion")));
}

void classic_act(struct view *view, uint32_t arg)
{
    struct view_settings settings = view->settings;
    (void)arg;
    settings.is_classic = !settings.is_classic;
    change(view, &settings);
    view_notify(view, slice_of(settings.is_classic ? tr("The labels of the classic texts")
                                                   : tr("The labels of the RFCs")));
}

/* ---- the form ---- */

enum like { LIKE_THEME, LIKE_SIZE, LIKE_LANGUAGE, LIKE_MOTION, LIKE_LABELS, LIKE_COUNT };
enum { CHOICES_MAX = 5, ARG_CHOICES = 16 };

static const char *const titles[LIKE_COUNT] = {TR("Theme"), TR("Size"), TR("Language"),
                                               TR("Motion"), TR("Labels")};
/* A language is called as those call it who speak it. */
static const struct {
    const char *code, *name;
} languages[] = {
    {"", TR("System")}, {"en", "English"}, {"de", "Deutsch"}, {"es", "Espa\xC3\xB1ol"}};
static const int sizes[] = {100, 150, 200, 250, 300};

static int choice_count(enum like like)
{
    static const int counts[LIKE_COUNT] = {THEME_COUNT, sizeof sizes / sizeof sizes[0],
                                           sizeof languages / sizeof languages[0], 2, 2};
    return like < LIKE_COUNT ? counts[like] : 0;
}

static const char *choice_label(struct view *view, enum like like, int i)
{
    static const char *const themes[THEME_COUNT] = {TR("Light"), TR("Dark"), TR("Projector")};
    static const char *const motions[] = {TR("All"), TR("Reduced")};
    static const char *const labels[] = {TR("RFC"), TR("Classic")};
    if (like == LIKE_SIZE)
        return arena_printf(&view->ui.list->arena, "%d %%", sizes[i]).data;
    return tr(like == LIKE_THEME      ? themes[i]
              : like == LIKE_LANGUAGE ? languages[i].name
              : like == LIKE_MOTION   ? motions[i]
                                      : labels[i]);
}

static bool is_chosen(const struct view_settings *s, enum like like, int i)
{
    switch (like) {
    case LIKE_THEME:
        return (int)s->theme == i;
    case LIKE_SIZE:
        return s->scale_percent == sizes[i];
    case LIKE_LANGUAGE:
        return strcmp(s->language, languages[i].code) == 0;
    case LIKE_MOTION:
        return s->is_calm == (i == 1);
    case LIKE_LABELS:
        return s->is_classic == (i == 1);
    case LIKE_COUNT:
        break;
    }
    return false;
}

static void choose(struct view *view, uint32_t arg)
{
    struct view_settings s = view->settings;
    uint32_t i = arg % ARG_CHOICES;
    switch ((enum like)(arg / ARG_CHOICES)) {
    case LIKE_THEME:
        s.theme = (enum theme_id)i;
        break;
    case LIKE_SIZE:
        s.scale_percent = sizes[i];
        break;
    case LIKE_LANGUAGE:
        snprintf(s.language, sizeof s.language, "%s", languages[i].code);
        break;
    case LIKE_MOTION:
        s.is_calm = i == 1;
        break;
    case LIKE_LABELS:
        s.is_classic = i == 1;
        break;
    case LIKE_COUNT:
        break;
    }
    change(view, &s);
}

static const char *const names[LIKE_COUNT] = {"theme", "size", "language", "motion", "labels"};

static float title_width(const struct view *view)
{
    float width = 0;
    for (int i = 0; i < LIKE_COUNT; i++)
        width = fmaxf(width, draw_width(view->ui.list, DRAW_FONT_BOLD, view->ui.theme->size_text,
                                        slice_of(tr(titles[i]))));
    return width + 16;
}

static float choice_width(struct view *view, enum like like, int i)
{
    return draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_text,
                      slice_of(choice_label(view, like, i))) +
           24;
}

static float row_width(struct view *view, enum like like)
{
    float width = title_width(view);
    for (int i = 0; i < choice_count(like); i++)
        width += choice_width(view, like, i) + 8;
    return width;
}

static void draw_like(struct view *view, struct draw_box row, enum like like)
{
    struct ui *ui = &view->ui;
    ui_label(ui, ui_cut_left(&row, title_width(view)), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
             ui->theme->size_text, ui->theme->ink, slice_of(tr(titles[like])));
    float gap = fminf((row.w - (row_width(view, like) - title_width(view))) / 8, 0) + 8;
    for (int i = 0; i < choice_count(like); i++) {
        char name[UI_NAME];
        snprintf(name, sizeof name, "like-%s-%d", names[like], i + 1);
        ui_button(ui, name, ui_cut_left(&row, choice_width(view, like, i)),
                  choice_label(view, like, i), choose, (uint32_t)(like * ARG_CHOICES + i),
                  is_chosen(&view->settings, like, i) ? UI_ON : 0);
        ui_cut_left(&row, gap);
    }
}

static void draw_preferences(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    float step = button_height(theme) + 12, width = 0;
    for (int i = 0; i < LIKE_COUNT; i++)
        width = fmaxf(width, row_width(view, (enum like)i));
    struct draw_box inside = overlay_frame(
        view, all, width + 48, LIKE_COUNT * step + button_height(theme) + 64, tr("Settings"));
    for (int i = 0; i < LIKE_COUNT; i++) {
        struct draw_box row = ui_cut_top(&inside, fminf(step, inside.h / (float)(LIKE_COUNT - i)));
        row.h = fminf(row.h, button_height(theme));
        draw_like(view, row, (enum like)i);
    }
}

static const struct overlay preferences_overlay = {
    .name = "preferences", .draw = draw_preferences, .keeps_keys = true};

/* The next one. */
void language_act(struct view *view, uint32_t arg)
{
    enum { COUNT = sizeof languages / sizeof languages[0] };
    struct view_settings settings = view->settings;
    size_t i = 0;
    (void)arg;
    while (i + 1 < COUNT && strcmp(languages[i].code, settings.language) != 0)
        i++;
    i = (i + 1) % COUNT;
    snprintf(settings.language, sizeof settings.language, "%s", languages[i].code);
    change(view, &settings);
    view_notify(view, slice_of(tr(languages[i].name)));
}

void preferences_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &preferences_overlay);
}
