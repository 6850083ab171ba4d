/*
 * The palette: all commands, hosts, messages and files in one list that is narrowed by typing.
 * Enter does the chosen row. What it lists is asked for anew in every frame, as far as it is shown.
 */
#include "render/view/palette.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/view/commands.h"
#include "render/view/doing.h"
#include "render/view/filter.h"
#include "render/view/lesson_panel.h"
#include "render/view/words.h"
#include "sim/base/memory.h"

enum { ROWS_MAX = 200 };

enum row_kind { ROW_COMMAND, ROW_TOOL, ROW_TOPIC, ROW_HOST, ROW_MESSAGE, ROW_FILE, ROW_KINDS };

struct row {
    enum row_kind kind;
    uint32_t number; /* of the row in commands.c or of the picker; a topic; a place; a message */
};

struct palette {
    struct ui_edit filter;
    size_t filter_size; /* for which the row was chosen */
    struct row rows[ROWS_MAX];
    size_t count, chosen;
    float scroll; /* rows */
    bool is_followed;
};

static struct palette *palette_of(struct view *view)
{
    if (!view->palette)
        view->palette = memory_take(sizeof *view->palette);
    return view->palette;
}

void palette_finish(struct view *view)
{
    free(view->palette);
    view->palette = NULL;
}

/* ---- what a row says ---- */

struct row_words {
    struct slice title, detail; /* at the left, at the right */
    char name[UI_NAME];         /* of its widget */
};

static const char *const kinds[ROW_KINDS] = {TR("Command"), TR("Command"), TR("Quiz"),
                                             TR("Host"),    TR("Message"), TR("Open")};

static void name_row(struct row_words *words, const char *kind, struct slice id)
{
    snprintf(words->name, sizeof words->name, "palette-%s%.*s", kind,
             SLICE_ARG(slice_part(id, 0, 24)));
}

static struct row_words words_of(const struct view *view, struct arena *arena, struct row row)
{
    struct row_words words = {0};
    char number[16];
    snprintf(number, sizeof number, "%" PRIu32, row.number);
    switch (row.kind) {
    case ROW_COMMAND:
        words.title = slice_of(tr(commands[row.number].title));
        words.detail = command_keys(&commands[row.number], arena);
        name_row(&words, "", slice_of(commands[row.number].name));
        break;
    case ROW_TOOL:
        words.title = arena_printf(arena, tr("Add: %s"), tr(tools_kinds[row.number].label));
        name_row(&words, "add-", slice_of(tools_kinds[row.number].name));
        break;
    case ROW_TOPIC:
        words.title = arena_printf(arena, tr("Questions about %s"), question_topics[row.number]);
        name_row(&words, "quiz-", slice_of(question_topics[row.number]));
        break;
    case ROW_HOST:
        words.title = scene_place_id(&view->scene, row.number);
        words.detail = scene_host_name(&view->scene, row.number);
        name_row(&words, "host-", words.title);
        break;
    case ROW_MESSAGE:
        words.title = words_subject(view->log, arena, row.number);
        words.detail = arena_printf(arena, tr("message %" PRIu32), row.number);
        name_row(&words, "message-", slice_of(number));
        break;
    case ROW_FILE: {
        const struct view_choice *choice = picker_choice(view, row.number);
        words.title = slice_of(choice->title);
        words.detail = slice_of(choice->word);
        name_row(&words, "open-", slice_of(number));
        break;
    }
    case ROW_KINDS:
        break;
    }
    return words;
}

/* ---- which rows there are ---- */

static bool is_host(const struct view *view, uint32_t place)
{
    return log_host_of(view->log, place) == place && scene_is_there(&view->scene, place);
}

/* Whether there is such a row at all; `number` counts from 0. */
static bool read_row(const struct view *view, enum row_kind kind, uint32_t number, struct row *row)
{
    *row = (struct row){kind, number};
    if (kind == ROW_COMMAND)
        return commands[number].title && commands[number].act != palette_act;
    if (kind == ROW_FILE) /* topics are rows of their own where a lesson is open */
        return !picker_choice(view, number)->then || !lesson_course(view);
    if (kind == ROW_TOPIC || kind == ROW_TOOL)
        return true;
    row->number++;
    return kind == ROW_MESSAGE || is_host(view, row->number);
}

static uint32_t count_of(const struct view *view, enum row_kind kind)
{
    return kind == ROW_COMMAND   ? (uint32_t)commands_count
           : kind == ROW_TOOL    ? (uint32_t)tools_kind_count
           : kind == ROW_TOPIC   ? lesson_course(view) ? (uint32_t)question_topic_count : 0
           : kind == ROW_HOST    ? log_place_count(view->log)
           : kind == ROW_MESSAGE ? (uint32_t)view->log->msgs.count
                                 : (uint32_t)picker_count(view);
}

static bool begins(struct slice title, struct slice typed)
{
    return typed.size > 0 && slice_starts_fold(title, typed);
}

/* First those whose title begins with what was typed, then all others that have it. */
static void collect(const struct view *view, struct palette *p, struct arena *arena, bool is_first)
{
    struct slice typed = slice_trim((struct slice){p->filter.text, p->filter.size});
    for (enum row_kind kind = ROW_COMMAND; kind < ROW_KINDS; kind++)
        for (uint32_t i = 0; i < count_of(view, kind) && p->count < ROWS_MAX; i++) {
            struct row row;
            if (!read_row(view, kind, i, &row))
                continue;
            struct row_words words = words_of(view, arena, row);
            const struct slice texts[] = {words.title, words.detail, slice_of(tr(kinds[kind]))};
            if (begins(words.title, typed) == is_first && filter_lets(typed, texts, 3))
                p->rows[p->count++] = row;
        }
}

static void update(struct view *view, struct palette *p)
{
    struct arena *arena = &view->ui.list->arena;
    p->count = 0;
    collect(view, p, arena, true);
    collect(view, p, arena, false);
    if (p->filter.size != p->filter_size) { /* other rows: the first of them is meant */
        p->filter_size = p->filter.size;
        p->chosen = 0;
        p->is_followed = true;
    }
    if (p->chosen >= p->count)
        p->chosen = p->count ? p->count - 1 : 0;
}

/* ---- what is done with them ---- */

static void carry_out(struct view *view, uint32_t i)
{
    struct palette *p = palette_of(view);
    if (i >= p->count)
        return;
    struct row row = p->rows[i];
    overlay_close(view);
    switch (row.kind) {
    case ROW_COMMAND:
        commands[row.number].act(view, commands[row.number].arg);
        return;
    case ROW_TOOL:
        tools_add_somewhere(view, row.number);
        return;
    case ROW_TOPIC:
        quiz_topic_act(view, row.number);
        return;
    case ROW_HOST:
        select_host(view, row.number);
        return;
    case ROW_MESSAGE:
        select_message(view, row.number);
        return;
    case ROW_FILE:
        picker_open(view, picker_choice(view, row.number));
        return;
    case ROW_KINDS:
        return;
    }
}

static void submit(struct view *view, uint32_t arg)
{
    (void)arg;
    carry_out(view, (uint32_t)palette_of(view)->chosen);
}

static bool move_choice(struct view *view, uint32_t arg, int key)
{
    enum { PAGE = 8 };
    struct palette *p = palette_of(view);
    size_t by = key == INPUT_KEY_PAGE_UP || key == INPUT_KEY_PAGE_DOWN ? PAGE : 1;
    (void)arg;
    if (key == INPUT_KEY_DOWN || key == INPUT_KEY_PAGE_DOWN)
        p->chosen += by; /* update() keeps it within the rows */
    else if (key == INPUT_KEY_UP || key == INPUT_KEY_PAGE_UP)
        p->chosen -= by < p->chosen ? by : p->chosen;
    else
        return false;
    p->is_followed = true;
    return true;
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    palette_of(view)->scroll -= lines;
}

/* ---- drawing ---- */

static float row_step(const struct theme *theme)
{
    return row_height(theme) + 4;
}

static void draw_row(struct view *view, struct draw_box box, size_t i)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct palette *p = palette_of(view);
    struct row row = p->rows[i];
    struct row_words words = words_of(view, &ui->list->arena, row);
    bool is_chosen = i == p->chosen;
    struct ui_state state = ui_region(ui, words.name, box, carry_out, (uint32_t)i);
    if (is_chosen || state.is_hover || state.is_focus)
        draw_rect(ui->list, ui_inset(box, 1), 4, is_chosen ? theme->accent_soft : theme->card,
                  state.is_focus ? theme->accent : 0, 2);
    struct draw_box inside = {box.x + 10, box.y, box.w - 20, box.h};
    float kind = theme->size_text * 6;
    ui_label(ui, ui_cut_left(&inside, kind), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
             theme->ink_soft, slice_of(row.kind < ROW_KINDS ? tr(kinds[row.kind]) : ""));
    float detail = fminf(draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, words.detail) + 2,
                         inside.w / 3);
    ui_label_any(ui, ui_cut_right(&inside, detail), DRAW_ALIGN_RIGHT, DRAW_FONT_SANS,
                 theme->size_text, theme->ink_soft, words.detail);
    ui_cut_right(&inside, 8);
    ui_label_any(ui, inside, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink,
                 words.title);
}

static void keep_in_sight(struct palette *p, float seen)
{
    if (p->is_followed) {
        p->scroll = fminf(p->scroll, (float)p->chosen);
        p->scroll = fmaxf(p->scroll, (float)p->chosen + 1 - seen);
        p->is_followed = false;
    }
    p->scroll = fmaxf(fminf(p->scroll, (float)p->count - seen), 0);
}

static void draw_rows(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    struct palette *p = palette_of(view);
    float step = row_step(ui->theme), seen = fmaxf(floorf(box.h / step), 1);
    keep_in_sight(p, seen);
    p->scroll = floorf(p->scroll);
    if (p->count == 0)
        ui_paragraph(ui, ui_inset(box, 12), DRAW_FONT_SANS, ui->theme->size_text,
                     ui->theme->ink_soft, slice_of(tr("Nothing here has that in its name.")), 2);
    ui_wheel(ui, "palette-rows", box, turn, 0);
    for (size_t i = (size_t)p->scroll; i < p->count && (float)i < p->scroll + seen; i++)
        draw_row(view,
                 (struct draw_box){box.x, box.y + ((float)i - p->scroll) * step, box.w - 10, step},
                 i);
    scroll_bar_draw(view, box, (float)p->count * step, p->scroll * step);
}

static void draw_palette(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    struct palette *p = palette_of(view);
    update(view, p);
    struct draw_box inside =
        overlay_frame(view, all, theme->size_text * 54, all.h * 0.8f, tr("Commands"));
    struct draw_box field = ui_cut_top(&inside, button_height(theme) + 4);
    ui_field(&view->ui, "palette-filter", field, &p->filter,
             &(struct ui_field_ways){.submit = submit,
                                     .key = move_choice,
                                     .hint = tr("A part of its name; Enter does it")});
    ui_cut_top(&inside, 8);
    draw_rows(view, inside);
}

static void open_palette(struct view *view)
{
    struct palette *p = palette_of(view);
    ui_edit_set(&p->filter, SLICE(""));
    p->filter_size = 0;
    p->chosen = 0;
    p->scroll = 0;
    snprintf(view->ui.focus, sizeof view->ui.focus, "palette-filter");
}

static const struct overlay palette_overlay = {
    .name = "palette", .open = open_palette, .draw = draw_palette};

void palette_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &palette_overlay);
}
