/* Moments with a name, to come back to. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/doing.h"
#include "render/view/time_panels.h"
#include "render/view/words.h"

/* At the moment of one that is there, that one gets the name. */
bool bookmark_add(struct view *view, int64_t t, struct slice name)
{
    struct bookmarks *marks = &view->time->bookmarks;
    size_t i = marks->count;
    while (i > 0 && marks->items[i - 1].t >= t)
        i--;
    bool is_there = i < marks->count && marks->items[i].t == t;
    if (!is_there && marks->count == BOOKMARKS_MAX)
        return false;
    if (!is_there)
        memmove(&marks->items[i + 1], &marks->items[i],
                (marks->count++ - i) * sizeof marks->items[0]);
    struct bookmark *mark = &marks->items[i];
    mark->t = t;
    size_t size = name.size < sizeof mark->name - 1 ? name.size : sizeof mark->name - 1;
    while (size > 0 && size < name.size && ((unsigned char)name.data[size] & 0xC0) == 0x80)
        size--; /* whole characters only */
    memcpy(mark->name, name.data, size);
    mark->name[size] = '\0';
    return true;
}

void bookmark_go_act(struct view *view, uint32_t number)
{
    const struct bookmarks *marks = &view->time->bookmarks;
    if (number >= marks->count)
        return;
    view->is_playing = false;
    play_seek(view, marks->items[number].t);
}

void bookmark_step_act(struct view *view, uint32_t is_next)
{
    const struct bookmarks *marks = &view->time->bookmarks;
    size_t i = 0;
    while (i < marks->count &&
           (is_next ? marks->items[i].t <= view->t : marks->items[i].t < view->t))
        i++;
    if (is_next ? i < marks->count : i > 0) {
        size_t number = is_next ? i : i - 1;
        bookmark_go_act(view, (uint32_t)number);
        view_notify(view, slice_of(marks->items[number].name));
    } else {
        view_notify(view, slice_of(marks->count == 0 ? tr("No bookmark yet: D sets one")
                                   : is_next         ? tr("No later bookmark")
                                                     : tr("No earlier bookmark")));
    }
}

/* ---- the list, with a field for the name of the next one ---- */

static void open_list(struct view *view)
{
    struct bookmarks *marks = &view->time->bookmarks;
    ui_edit_set(&marks->name, SLICE(""));
    for (size_t i = 0; i < marks->count; i++)
        if (marks->items[i].t == view->t)
            ui_edit_set(&marks->name, slice_of(marks->items[i].name));
    marks->scroll = (struct rows_scroll){0};
    snprintf(view->ui.focus, sizeof view->ui.focus, "bookmark-name");
}

static void set_here(struct view *view, uint32_t arg)
{
    const struct ui_edit *edit = &view->time->bookmarks.name;
    struct slice name = slice_trim((struct slice){edit->text, edit->size});
    (void)arg;
    if (!bookmark_add(view, view->t, name.size ? name : view_caption(view))) {
        asking_say(view, slice_of(tr("There are too many bookmarks: remove one first")));
        return;
    }
    view_notify(view, slice_of(tr("Bookmark set: J and K go to the next and the one before")));
    overlay_close(view);
}

static void go(struct view *view, uint32_t number)
{
    bookmark_go_act(view, number);
    overlay_close(view);
}

static void remove_mark(struct view *view, uint32_t number)
{
    struct bookmarks *marks = &view->time->bookmarks;
    if (number >= marks->count)
        return;
    marks->count--;
    memmove(&marks->items[number], &marks->items[number + 1],
            (marks->count - number) * sizeof marks->items[0]);
}

static void draw_mark(struct view *view, struct draw_box row, size_t number)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct bookmark *mark = &view->time->bookmarks.items[number];
    char name[UI_NAME];
    const char *remove = tr("Remove");
    float w = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(remove)) + 24;
    snprintf(name, sizeof name, "bookmark-remove-%zu", number + 1);
    ui_button(ui, name, ui_cut_right(&row, w), remove, remove_mark, (uint32_t)number, 0);
    ui_cut_right(&row, 8);
    snprintf(name, sizeof name, "bookmark-%zu", number + 1);
    struct ui_state state = ui_region(ui, name, row, go, (uint32_t)number);
    draw_rect(ui->list, row, 6, state.is_hover || state.is_focus ? theme->accent_soft : theme->card,
              state.is_focus ? theme->accent : theme->card_edge, state.is_focus ? 2 : 1);
    ui_cut_left(&row, 10);
    struct slice clock = words_clock(view->log, &ui->list->arena, mark->t);
    float wide = draw_width(ui->list, DRAW_FONT_MONO, theme->size_mono, clock) + 12;
    ui_label(ui, ui_cut_left(&row, wide), DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_mono,
             theme->ink_soft, clock);
    ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink,
             slice_of(mark->name));
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    view->time->bookmarks.scroll.above -= lines;
}

static ptrdiff_t focused_mark(const struct ui *ui)
{
    unsigned number;
    bool is_mark = sscanf(ui->focus, "bookmark-%u", &number) == 1 ||
                   sscanf(ui->focus, "bookmark-remove-%u", &number) == 1;
    return is_mark ? (ptrdiff_t)number - 1 : ROWS_NO_FOCUS;
}

enum { GAP = 8 };

static void draw_marks(struct view *view, struct draw_box inside)
{
    struct bookmarks *marks = &view->time->bookmarks;
    const struct theme *theme = view->ui.theme;
    size_t i;
    struct draw_box row;
    struct rows_seen rows = rows_begin(view, inside, button_height(theme) + GAP, marks->count,
                                       &marks->scroll, focused_mark(&view->ui));
    ui_wheel(&view->ui, "wheel-bookmarks", inside, turn, 0);
    while (rows_next(&rows, &i, &row)) {
        row.h -= GAP;
        draw_mark(view, row, i);
    }
    if (marks->count == 0)
        ui_paragraph(&view->ui, inside, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                     slice_of(tr("No bookmarks yet. A bookmark is a moment with a name: it stands "
                                 "as a flag on the time line.")),
                     3);
}

static void draw_list(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float h = button_height(theme);
    size_t rows = view->time->bookmarks.count;
    rows = rows < 3 ? 3 : rows > 9 ? 9 : rows;
    struct draw_box inside = overlay_frame(view, all, theme->size_text * 44,
                                           (float)(rows + 2) * (h + 8) + 90, tr("Bookmarks"));
    struct draw_box row = ui_cut_top(&inside, h);
    const char *label = tr("Set here");
    float w = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(label)) + 28;
    ui_button(ui, "bookmark-set", ui_cut_right(&row, w), label, set_here, 0, UI_PRIMARY);
    ui_cut_right(&row, 8);
    ui_field(
        ui, "bookmark-name", row, &view->time->bookmarks.name,
        &(struct ui_field_ways){.submit = set_here,
                                .hint = arena_copy(&ui->list->arena, view_caption(view)).data});
    ui_cut_top(&inside, 14);
    draw_marks(view, inside);
}

const struct overlay bookmarks_overlay = {
    .name = "bookmarks", .open = open_list, .draw = draw_list, .submit = set_here};

void bookmarks_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &bookmarks_overlay);
}
