/*
 * A lesson before a class: large letters, one thing at a time, and two keys, on and back, as
 * presenters' remote controls send them. A question fills the picture; on reveals its answer.
 */
#include <math.h>
#include <string.h>

#include "render/view/docks.h"
#include "render/view/lesson_panel.h"
#include "render/view/words.h"

enum { LECTURE_PERCENT = 150 };

bool lecture_is_on(const struct view *view)
{
    const struct view_course *course = lesson_course(view);
    return course && course->is_lecture;
}

int lecture_percent(const struct view *view)
{
    int percent = view->settings.scale_percent;
    return lecture_is_on(view) && percent < LECTURE_PERCENT ? LECTURE_PERCENT : percent;
}

void lecture_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (!lesson_course(view)) {
        view_notify(view, slice_of(tr("Open a lesson first")));
        return;
    }
    lesson_panel_of(view)->part = LECTURE_BOTH;
    lesson_panel_of(view)->is_blank = false;
    lesson_send(view, lecture_is_on(view) ? "lecture off" : "lecture");
}

/* ---- keys ---- */

static bool is_on_key(int key)
{
    return key == INPUT_KEY_PAGE_DOWN || key == INPUT_KEY_RIGHT || key == ' ' ||
           key == INPUT_KEY_ENTER;
}

static bool is_back_key(int key)
{
    return key == INPUT_KEY_PAGE_UP || key == INPUT_KEY_LEFT || key == INPUT_KEY_BACKSPACE;
}

void lecture_blank_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (lecture_is_on(view))
        view->lesson->is_blank = !view->lesson->is_blank;
}

/* The keys of a class are others than those that the table of commands has. */
static const struct {
    const char *keys, *title;
} lecture_keys[] = {
    {TR("\xE2\x86\x92   Page Down   Space"),
     TR("On: what the step does, its question, the answer")},
    {TR("\xE2\x86\x90   Page Up"), TR("Back to the page before")},
    {"\xE2\x86\x91   \xE2\x86\x93", TR("What is longer than the picture, up and down")},
    {TR("Shift + \xE2\x86\x92   Shift + \xE2\x86\x90"), TR("One hop on, one hop back")},
    {"B   .", TR("Nothing is seen, or as before")},
    {"F", TR("The map, the dialogue or the message alone")},
    {"Esc", TR("The end: the window as before")},
};

static void draw_keys(struct view *view, struct draw_box all)
{
    enum { COUNT = sizeof lecture_keys / sizeof *lecture_keys };
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float size = theme->size_text, step = draw_line_height(size) + 10, keys = 0, titles = 0;
    for (int i = 0; i < COUNT; i++) {
        struct slice key = slice_of(tr(lecture_keys[i].keys));
        struct slice title = slice_of(tr(lecture_keys[i].title));
        keys = fmaxf(keys, draw_width(ui->list, DRAW_FONT_BOLD, size, key) + 24);
        titles = fmaxf(titles, draw_width(ui->list, DRAW_FONT_SANS, size, title));
    }
    struct draw_box inside =
        overlay_frame(view, all, keys + titles + 64, step * COUNT + button_height(theme) + 68,
                      tr("Keys before a class"));
    for (int i = 0; i < COUNT; i++) {
        struct draw_box row = ui_cut_top(&inside, step);
        ui_label(ui, ui_cut_left(&row, keys), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, size, theme->accent,
                 slice_of(tr(lecture_keys[i].keys)));
        ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, size, theme->ink,
                 slice_of(tr(lecture_keys[i].title)));
    }
}

static void close_keys(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_close(view);
}

static const struct overlay keys_overlay = {
    .name = "lecture-keys", .draw = draw_keys, .submit = close_keys};

/* ---- a question that is longer than the picture ---- */

/* A question fills the picture, but one about the picture does so with its answer only. */
static bool is_asked(const struct view *view)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = lesson_step_shown(course);
    return step && step->ask && course->is_asked && view->lesson->part == LECTURE_BOTH &&
           (step->ask->type != QUESTION_CLICK || course->is_revealed);
}

static float left_below(const struct lesson_panel *panel)
{
    return panel->whole - panel->room - panel->scroll;
}

/* Up and down move what is too long for the picture, and the key that goes on shows the rest of it
   before it goes on. False: there is nothing further that way. */
static bool move_ask(const struct view *view, int by)
{
    struct lesson_panel *panel = view->lesson;
    if (!is_asked(view) || (by > 0 ? left_below(panel) : panel->scroll) < 1)
        return false;
    panel->scroll = fmaxf(panel->scroll + 0.8f * (float)by * panel->room, 0);
    return true;
}

/* While nothing is seen any key but those of the remote control brings it back. */
bool lecture_key(struct view *view, const struct input_event *event)
{
    struct lesson_panel *panel = view->lesson;
    int key = event->key;
    if (!lecture_is_on(view) || view->overlay || event->ctrl || event->alt)
        return false;
    if (panel->is_blank || key == 'b' || key == '.') {
        panel->is_blank = !panel->is_blank;
        return true;
    }
    if (key == INPUT_KEY_ESCAPE)
        lecture_act(view, 0);
    else if (key == '?')
        overlay_open(view, &keys_overlay);
    else if (key == 'f' && !event->shift)
        panel->part = (panel->part + 1) % LECTURE_PARTS;
    else if ((key == INPUT_KEY_UP || key == INPUT_KEY_DOWN) && !event->shift)
        return move_ask(view, key == INPUT_KEY_UP ? -1 : 1);
    else if (is_on_key(key) && !event->shift && move_ask(view, 1))
        return true;
    else if (is_on_key(key) && !event->shift)
        lesson_next_act(view, 0);
    else if (is_back_key(key) && !event->shift)
        lesson_back_act(view, 0);
    else
        return false;
    return true;
}

/* ---- what is seen ---- */

/* As large as the last row needs: so many lines fill the picture. */
static float letters(const struct view *view, struct draw_box all)
{
    enum { LINES = 22 };
    const struct theme *theme = view->ui.theme;
    return floorf(fmaxf(theme->size_title, all.h / LINES));
}

/* The same on each page, however large the rest of it is. */
static float title_letters(const struct view *view, struct draw_box all)
{
    enum { LINES = 28 };
    return floorf(fmaxf(view->ui.theme->size_title, all.h / LINES));
}

static void draw_top(struct view *view, struct draw_box row, float size)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    row.h = draw_line_height(size) + 6; /* as the tag */
    const struct view_course *course = lesson_course(view);
    size_t count = course->scene->step_count;
    struct slice far = arena_printf(&ui->list->arena, "%zu / %zu",
                                    course->step < count ? course->step + 1 : count, count);
    float w = ceilf(draw_width(ui->list, DRAW_FONT_BOLD, size, far)) + 8;
    ui_label(ui, ui_cut_right(&row, w), DRAW_ALIGN_RIGHT, DRAW_FONT_BOLD, size, theme->ink_soft,
             far);
    const struct lesson_step *step = lesson_step_shown(course);
    if (step)
        ui_cut_left(&row, lesson_kind_draw(ui, row.x, row.y, size, step->kind) + 16);
    ui_label_any(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, size, theme->ink_soft,
                 course->scene_count > 1 ? course->scene->title : course->lesson->title);
}

/* The keys that a caption may speak of are not those of a class. */
static struct slice caption_of(const struct view *view, struct arena *arena)
{
    if (view->event == INDEX_NO_EVENT)
        return slice_of(tr("Nothing has happened yet"));
    return words_sentence(view->log, arena, arena_copy(arena, view_caption(view)));
}

/* What happens now, on a ground of its own: in one line, smaller when it is long. */
static void draw_now(struct view *view, struct draw_box *all, float size)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice text = caption_of(view, &ui->list->arena);
    struct draw_box box = ui_cut_bottom(all, draw_line_height(size) + 12);
    draw_rect(ui->list, box, 8, theme->accent_soft, 0, 0);
    draw_rect(ui->list, (struct draw_box){box.x, box.y, 6, box.h}, 2, theme->accent, 0, 0);
    box = (struct draw_box){box.x + 20, box.y, box.w - 36, box.h};
    while (draw_width(ui->list, DRAW_FONT_BOLD, size, text) > box.w && size > theme->size_text)
        size = fmaxf(floorf(size * 0.9f), theme->size_text);
    ui->list->may_cut = true; /* subjects can be of any length */
    ui_label(ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, size, theme->ink, text);
    ui->list->may_cut = false;
    ui_cut_bottom(all, 8);
}

/* What the step shows is said when it was seen. */
static struct slice words_of(const struct view *view, struct arena *arena)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = lesson_step_shown(course);
    if (!step)
        return course->lesson->objective;
    if (course->is_asked && step->ask) /* what is pointed at is seen on the map */
        return arena_printf(arena, "%.*s *%.*s*", SLICE_ARG(step->text),
                            SLICE_ARG(step->ask->prompt));
    bool is_over = view->lesson->has_seen && !step->ask;
    return is_over && step->reveal.size > 0 ? step->reveal : step->text;
}

const struct lesson_step *lecture_looked_at(const struct view *view)
{
    const struct lesson_panel *panel = view->lesson;
    if (!lecture_is_on(view) || panel->is_blank || panel->part != LECTURE_BOTH || is_asked(view))
        return NULL;
    const struct lesson_step *step = lesson_step_shown(lesson_course(view));
    return step && step->look.size > 0 ? step : NULL;
}

bool lecture_is_asking(const struct view *view)
{
    return lecture_is_on(view) && !view->lesson->is_blank && is_asked(view);
}

bool lecture_hides_map(const struct view *view)
{
    const struct lesson_panel *panel = view->lesson;
    return lecture_is_on(view) &&
           (panel->is_blank || is_asked(view) || panel->part == LECTURE_TALK ||
            panel->part == LECTURE_MESSAGE || lecture_looked_at(view));
}

/* The text of the step below the map. It has the same room in each step, so that hosts stay where
   they are from one to the next; what is long has smaller letters. */
static void draw_words(struct view *view, struct draw_box *all, float size)
{
    struct ui *ui = &view->ui;
    const struct lesson_scene *scene = lesson_course(view)->scene;
    struct slice text = words_of(view, &ui->list->arena);
    float w = all->w - 24, room = ceilf(2.4f * draw_line_height(size));
    if (scene->complaint.size > 0) { /* what the user says who has called */
        text = arena_printf(&ui->list->arena, "*%.*s*\n%.*s", SLICE_ARG(scene->complaint),
                            SLICE_ARG(text));
        room += draw_line_height(size);
    }
    float h = rich_height(ui, w, DRAW_FONT_SANS, size, text);
    while (h > room && size > ui->theme->size_text) {
        size = fmaxf(size - 1, ui->theme->size_text);
        h = rich_height(ui, w, DRAW_FONT_SANS, size, text);
    }
    struct draw_box box = ui_cut_bottom(all, fmaxf(h, room) + 12);
    rich_text(ui, (struct draw_box){box.x + 12, box.y + 6, w, h}, DRAW_FONT_SANS, size,
              ui->theme->ink, text, true);
}

static void draw_dock(struct view *view, struct draw_box box, enum view_dock dock)
{
    int big = view->big;
    view->big = (int)dock;
    docks_draw(view, box);
    view->big = big;
}

static void draw_map_page(struct view *view, struct draw_box all, float size)
{
    enum lecture_part part = view->lesson->part;
    if (part == LECTURE_TALK || part == LECTURE_MESSAGE) {
        draw_dock(view, all, part == LECTURE_TALK ? DOCK_TALK : DOCK_MESSAGE);
        return;
    }
    if (part == LECTURE_BOTH)
        draw_words(view, &all, size);
    draw_now(view, &all, floorf(size * 0.85f));
    if (!lecture_look_draw(view, &all))
        map_draw(view, all);
}

/* Letters of a question are not made smaller than this: what is longer still is moved. */
#define ASK_LETTERS_LEAST 0.7f         /* of those of a text */
enum { ASK_LEAST = 10, ASK_FOOT = 8 }; /* and never below; room below all */

static void turn_ask(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    lesson_panel_of(view)->scroll -= 3 * lines * row_height(view->ui.theme);
}

static void press_more(struct view *view, uint32_t arg)
{
    (void)arg;
    move_ask(view, 1);
}

/* Gives the height of it all. */
static float draw_asked(struct view *view, struct draw_box box, float size)
{
    struct ui *ui = &view->ui;
    const struct lesson_step *step = lesson_step_shown(lesson_course(view));
    struct lesson_panel *panel = view->lesson;
    struct flow flow = flow_begin(view, box, panel->scroll, size);
    flow_text(&flow, DRAW_FONT_SANS, ui->theme->ink, step->text);
    flow_gap(&flow, floorf(size * 0.5f));
    quiz_form_draw(&flow, QUIZ_FORM_STEP, "lecture");
    if (step->reveal.size > 0 && lesson_course(view)->is_revealed) {
        flow_text(&flow, DRAW_FONT_SANS, ui->theme->ink, step->reveal);
        flow_gap(&flow, ASK_FOOT);
    }
    return flow_end(&flow, &panel->scroll, panel->followed);
}

/* What is too long even so is moved. */
static void draw_long(struct view *view, struct draw_box box, float size)
{
    struct ui *ui = &view->ui;
    struct lesson_panel *panel = view->lesson;
    struct draw_box row = ui_cut_bottom(&box, lesson_more_height(view));
    ui_clip(ui, box);
    panel->whole = draw_asked(view, box, size);
    ui_unclip(ui);
    panel->room = box.h;
    ui_wheel(ui, "lecture-wheel", box, turn_ask, 0);
    scroll_bar_draw(view, box, panel->whole, panel->scroll);
    if (left_below(panel) >= 1)
        lesson_more_draw(view, row, "lecture-more", press_more);
}

/* As large as it all fits. */
static void draw_ask_page(struct view *view, struct draw_box all, float size)
{
    struct ui *ui = &view->ui;
    struct lesson_panel *panel = view->lesson;
    float side = fmaxf((all.w - size * 44) / 2, 12);
    struct draw_box box = {all.x + side, all.y, all.w - 2 * side, all.h + ASK_FOOT};
    float least = fmaxf(floorf(ui->theme->size_text * ASK_LETTERS_LEAST), ASK_LEAST);
    float scroll = panel->scroll;
    size_t items = ui->list->items.count, widgets = ui->widgets.count;
    while ((panel->whole = draw_asked(view, box, size)) > box.h) {
        ui->list->items.count = items;
        ui->widgets.count = widgets;
        if (size <= least) {
            panel->scroll = scroll;
            draw_long(view, box, size);
            return;
        }
        size = fmaxf(floorf(size * 0.9f), least);
    }
    panel->room = box.h;
}

static void do_nothing(struct view *view, uint32_t arg)
{
    (void)view;
    (void)arg;
}

/* A press of the mouse goes on, too, where nothing else is meant by it. */
static void press_ground(struct view *view, uint32_t arg)
{
    (void)arg;
    lesson_next_act(view, 0);
}

void lecture_draw(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    if (view->lesson->is_blank) {
        draw_rect(ui->list, all, 0, 0x000000FF, 0, 0);
        ui_region(ui, "lecture-blank", all, do_nothing, 0);
        return;
    }
    ui_region(ui, "lecture", all, press_ground, 0);
    ui->widgets.items[ui->widgets.count - 1].can_focus = false;
    all = ui_inset(all, 12);
    float title = title_letters(view, all);
    draw_top(view, ui_cut_top(&all, draw_line_height(title) + 26), title);
    float size = letters(view, all);
    if (is_asked(view))
        draw_ask_page(view, all, size);
    else
        draw_map_page(view, all, size);
}
