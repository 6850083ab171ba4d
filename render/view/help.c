/* All keys, made from the table of commands; a list that can be longer than the window. */
#include <math.h>
#include <stdio.h>

#include "render/view/commands.h"

static const struct command *next_of_help(int *i)
{
    for (; *i < commands_count; ++*i)
        if (commands[*i].title && commands[*i].key)
            return &commands[(*i)++];
    return NULL;
}

/* The keys of a row, with those of the rows for the same that follow it. */
static struct slice keys_of(struct view *view, const struct command *command)
{
    struct arena *arena = &view->ui.list->arena;
    struct slice keys = command_keys(command, arena);
    for (command++; command < commands + commands_count && !command->title; command++)
        keys = arena_printf(arena, "%.*s   %.*s", SLICE_ARG(keys),
                            SLICE_ARG(command_keys(command, arena)));
    return keys;
}

struct columns {
    float keys, titles; /* how wide they are */
    int rows;           /* of the whole list */
};

static struct columns measure(struct view *view)
{
    struct ui *ui = &view->ui;
    float size = ui->theme->size_text;
    struct columns c = {0};
    const struct command *command;
    for (int i = 0; (command = next_of_help(&i)); c.rows++) {
        c.keys = fmaxf(c.keys, draw_width(ui->list, DRAW_FONT_BOLD, size, keys_of(view, command)));
        c.titles = fmaxf(c.titles,
                         draw_width(ui->list, DRAW_FONT_SANS, size, slice_of(tr(command->title))));
    }
    c.keys += 20;
    c.titles += 24;
    return c;
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    view->scroll_help -= lines;
}

static bool help_key(struct view *view, uint32_t arg, int key)
{
    enum { PAGE = 10 };
    (void)arg;
    float by = key == INPUT_KEY_DOWN        ? 1
               : key == INPUT_KEY_UP        ? -1
               : key == INPUT_KEY_PAGE_DOWN ? PAGE
               : key == INPUT_KEY_PAGE_UP   ? -PAGE
                                            : 0;
    view->scroll_help += by;
    return by != 0;
}

/* A press does no more than give the list the focus, for the keys that move it. */
static void press_list(struct view *view, uint32_t arg)
{
    (void)view;
    (void)arg;
}

static void draw_row(struct view *view, struct draw_box row, const struct command *command,
                     const struct columns *c)
{
    struct ui *ui = &view->ui;
    float size = ui->theme->size_text;
    ui_label(ui, ui_cut_left(&row, c->keys), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, size,
             ui->theme->accent, keys_of(view, command));
    ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, size, ui->theme->ink,
             slice_of(tr(command->title)));
}

static void draw_help(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct columns c = measure(view);
    float step = draw_line_height(theme->size_text) + 6, column = c.keys + c.titles;
    bool has_two = 2 * column + 60 <= all.w - 32;
    int rows = has_two ? (c.rows + 1) / 2 : c.rows;
    rows = rows > 0 ? rows : 1;
    struct draw_box inside =
        overlay_frame(view, all, (has_two ? 2 : 1) * column + 60,
                      step * (float)rows + button_height(theme) + 68, tr("Keys"));
    float seen = floorf(inside.h / step);
    view->scroll_help = fmaxf(fminf(floorf(view->scroll_help), (float)rows - seen), 0);
    struct ui_state state = ui_region(ui, "help-list", inside, press_list, 0);
    ui_on_key(ui, help_key);
    ui_wheel(ui, "help-wheel", inside, turn, 0);
    if (state.is_focus)
        draw_rect(ui->list, ui_inset(inside, -4), 4, 0, theme->accent, 2);
    const struct command *command;
    for (int i = 0, n = 0; (command = next_of_help(&i)); n++) {
        float y = (float)(n % rows) - view->scroll_help;
        if (y >= 0 && y < seen)
            draw_row(view,
                     (struct draw_box){inside.x + (n >= rows ? column : 0), inside.y + y * step,
                                       column, step},
                     command, &c);
    }
    scroll_bar_draw(view, inside, (float)rows * step, view->scroll_help * step);
}

static void open_help(struct view *view)
{
    view->scroll_help = 0;
    snprintf(view->ui.focus, sizeof view->ui.focus, "help-list");
}

const struct overlay help_overlay = {
    .name = "help", .open = open_help, .draw = draw_help, .keeps_keys = true};

void help_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &help_overlay);
}
