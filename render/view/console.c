#include "render/view/console.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/view/doing.h"
#include "render/view/words.h"
#include "sim/base/memory.h"

static struct view_console *get(struct view *view)
{
    if (!view->console)
        view->console = memory_take(sizeof *view->console);
    return view->console;
}

void console_forget(struct view *view)
{
    if (view->console)
        console_screen_finish(&view->console->screen);
}

bool console_was_used(const struct view *view)
{
    return view->console && view->console->was_used;
}

void console_finish(struct view *view)
{
    console_forget(view);
    free(view->console);
    view->console = NULL;
}

/* ---- whose console ---- */

/* Where the topology puts a person, or the first host. */
static uint32_t first_host(const struct view *view)
{
    uint32_t first = 0;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        const struct event_agent *agent = event_as_agent(log_place(view->log, place));
        if (agent && slice_equal(log_text(view->log, agent->role), SLICE("console")))
            return log_host_of(view->log, place);
        if (!first && !agent)
            first = place;
    }
    return first;
}

/* A host that is chosen on the map takes the console over. */
static uint32_t host_of(struct view *view)
{
    struct view_console *c = get(view);
    if (view->chosen_host && view->chosen_host != c->followed)
        c->host = view->chosen_host;
    c->followed = view->chosen_host;
    if (c->host == 0 || c->host > log_place_count(view->log))
        c->host = first_host(view);
    return c->host;
}

void console_act(struct view *view, uint32_t arg)
{
    static const char field[] = "console-line";
    (void)arg;
    docks_show(view, "console");
    memcpy(view->ui.focus, field, sizeof field);
}

static void choose(struct view *view, uint32_t host)
{
    get(view)->host = host;
    get(view)->scroll = 0;
    console_act(view, 0);
}

static void choose_menu(struct view *view, uint32_t arg)
{
    struct menu *menu = menu_begin(view, slice_of(tr("Whose console?")));
    (void)arg;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        struct slice id = log_place_name(view->log, place);
        if (log_host_of(view->log, place) != place)
            continue;
        struct slice name = arena_printf(&menu->arena, "at-%.*s", SLICE_ARG(id));
        struct menu_row *row =
            menu_act(menu, name.data, arena_copy(&menu->arena, id).data, choose, place);
        if (row)
            row->is_on = place == get(view)->host;
    }
    menu_show(view);
}

/* ---- typing ---- */

static void ask(struct view *view, const char *key, struct slice value)
{
    struct arena arena;
    arena_init(&arena);
    struct slice texts[] = {SLICE("type "), log_place_name(view->log, get(view)->host),
                            request_value(&arena, key, value)};
    request_do(view, arena_join(&arena, texts, 3));
    get(view)->scroll = 0;
    get(view)->was_used = true;
    arena_finish(&arena);
}

static void submit(struct view *view, uint32_t arg)
{
    struct view_console *c = get(view);
    char line[UI_FIELD_MAX + 1];
    size_t size = c->edit.size;
    (void)arg;
    memcpy(line, c->edit.text, size);
    line[size++] = '\n';
    ask(view, "text", (struct slice){line, size});
    ui_edit_set(&c->edit, SLICE(""));
    c->recalled = 0;
}

void console_leave_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (host_of(view))
        ask(view, "key", SLICE("escape"));
}

/* Up: the line that was typed before; down: the one after. */
static bool recall(struct view *view, int step)
{
    struct view_console *c = get(view);
    size_t n = step > 0 ? c->recalled + 1 : c->recalled - (c->recalled > 0);
    struct slice typed = n > 0 ? console_screen_typed(&c->screen, n) : SLICE("");
    if (n > 0 && typed.size == 0)
        return true; /* the first one stays */
    c->recalled = n;
    ui_edit_set(&c->edit, typed);
    return true;
}

static bool complete(struct view *view)
{
    struct view_console *c = get(view);
    struct slice candidates;
    struct arena arena;
    if (c->edit.size == 0)
        return false; /* on to the next widget */
    arena_init(&arena);
    if (!console_complete(view->log, &c->edit, &arena, &candidates) && candidates.size > 0)
        view_notify(view, candidates);
    arena_finish(&arena);
    return true;
}

static bool key(struct view *view, uint32_t arg, int key_number)
{
    (void)arg;
    if (key_number == INPUT_KEY_UP)
        return recall(view, 1);
    if (key_number == INPUT_KEY_DOWN)
        return recall(view, -1);
    if (key_number == INPUT_KEY_PAGE_UP)
        get(view)->scroll += 5;
    else if (key_number == INPUT_KEY_PAGE_DOWN)
        get(view)->scroll = fmaxf(get(view)->scroll - 5, 0);
    else if (key_number == INPUT_KEY_TAB)
        return complete(view);
    else
        return false;
    return true;
}

/* ---- the screen ---- */

struct rows {
    const struct console_screen *screen;
    size_t columns; /* a row has at most so many letters */
    float letter, step;
};

static bool is_start(char octet)
{
    return ((unsigned char)octet & 0xc0) != 0x80;
}

/* Behind the last letter that has room in a row. */
static size_t row_end(const struct rows *r, struct slice line, size_t at)
{
    size_t letters = 0;
    while (at < line.size) {
        if (is_start(line.data[at]) && letters++ == r->columns)
            break;
        at++;
    }
    return at;
}

static size_t row_count(const struct rows *r, struct slice line)
{
    size_t count = 1;
    for (size_t at = row_end(r, line, 0); at < line.size; at = row_end(r, line, at))
        count++;
    return count;
}

static size_t run_at(const struct console_screen *s, size_t offset)
{
    size_t low = 0, high = s->runs.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->runs.items[middle].start <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* A row in pieces: what was typed stands out by weight and colour. */
static void draw_row(struct view *view, const struct rows *r, struct draw_box box, size_t start,
                     size_t end)
{
    const struct theme *theme = view->ui.theme;
    const struct console_screen *s = r->screen;
    struct slice all = bytes_slice(&s->text);
    for (size_t i = run_at(s, start); start < end && i < s->runs.count; i++) {
        size_t stop = i + 1 < s->runs.count ? s->runs.items[i + 1].start : all.size;
        stop = stop < end ? stop : end;
        bool is_typed = s->runs.items[i].is_typed;
        struct slice part = slice_part(all, start, stop);
        float x = ui_label(&view->ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_mono,
                           is_typed ? theme->accent : theme->ink, part);
        box.x += x;
        box.w -= x;
        start = stop;
    }
}

/* The rows of one line, the first of them at y; half a row can't be read. */
static void draw_line_rows(struct view *view, const struct rows *r, struct draw_box box, float y,
                           size_t start, struct slice line)
{
    size_t at = 0, next;
    do {
        next = row_end(r, line, at);
        if (y >= box.y - 0.5f)
            draw_row(view, r, (struct draw_box){box.x, y, box.w, r->step}, start + at,
                     start + next);
        at = next;
        y += r->step;
    } while (next < line.size && y < box.y + box.h);
}

/* From the last line upwards, until the room is full. */
static void draw_screen(struct view *view, struct draw_box box)
{
    const struct theme *theme = view->ui.theme;
    struct view_console *c = get(view);
    struct rows r = {&c->screen, 1, 0, 0};
    r.letter = draw_width(view->ui.list, DRAW_FONT_MONO, theme->size_mono, SLICE("M"));
    r.step = draw_line_height(theme->size_mono) + 1;
    r.columns = box.w > 2 * r.letter ? (size_t)(box.w / r.letter) - 1 : 1;
    struct slice all = bytes_slice(&c->screen.text);
    size_t end = all.size - console_screen_prompt(&c->screen).size;
    float y = box.y + box.h + r.step * floorf(c->scroll);
    ui_clip(&view->ui, box);
    while (end > 0 && y > box.y) {
        size_t start = end - 1, first = end - 1;
        while (start > 0 && all.data[start - 1] != '\n')
            start--;
        struct slice line = slice_part(all, start, first);
        y -= r.step * (float)row_count(&r, line);
        draw_line_rows(view, &r, box, y, start, line);
        end = start;
    }
    if (end == 0 && y > box.y) /* nothing is above: no further */
        c->scroll = fmaxf(c->scroll - ceilf((y - box.y) / r.step), 0);
    ui_unclip(&view->ui);
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    get(view)->scroll = fmaxf(get(view)->scroll + 3 * lines, 0);
}

/* ---- the tab ---- */

static void draw_tools(struct view *view, struct draw_box *tools, struct slice id)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const char *leave = tr("Leave  Ctrl-]");
    struct slice at = arena_printf(&ui->list->arena, tr("At %.*s"), SLICE_ARG(id));
    float w = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, at) + 20;
    if (tools->w < w)
        return;
    ui_button(ui, "console-host", ui_inset(ui_cut_right(tools, w), 1), at.data, choose_menu, 0, 0);
    ui_tip(ui, slice_of(tr("Another host's console; or choose a host on the map")));
    w = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(leave)) + 20;
    if (tools->w < w)
        return;
    ui_button(ui, "console-escape", ui_inset(ui_cut_right(tools, w), 1), leave, console_leave_act,
              0, 0);
    ui_tip(ui, slice_of(tr("Ends the connection, or what is waited for: back to the prompt")));
}

static void draw_input(struct view *view, struct draw_box row)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct view_console *c = get(view);
    struct slice prompt = console_screen_prompt(&c->screen);
    prompt = slice_part(prompt, prompt.size > 40 ? prompt.size - 40 : 0, prompt.size);
    if (prompt.size == 0 && c->screen.runs.count == 0)
        prompt =
            arena_printf(&ui->list->arena, "%.*s$ ", SLICE_ARG(log_place_name(view->log, c->host)));
    float w = draw_width(ui->list, DRAW_FONT_MONO, theme->size_mono, prompt);
    ui_label(ui, ui_cut_left(&row, fminf(w, row.w * 0.4f)), DRAW_ALIGN_LEFT, DRAW_FONT_MONO,
             theme->size_mono, theme->ink_soft, prompt);
    ui_cut_left(&row, 4);
    ui_field(ui, "console-line", row, &c->edit,
             &(struct ui_field_ways){
                 .submit = submit, .key = key, .hint = tr("Type here; help lists the commands")});
}

/* Does a person do more behind this moment? What merely happens by itself goes without saying. */
static bool is_past(const struct view *view, uint32_t known)
{
    enum { LOOKED_AT = 2000 };
    for (uint32_t id = known; id < log_count(view->log); id++)
        if (id - known == LOOKED_AT || log_at(view->log, id)->kind == EVENT_INPUT)
            return true;
    return false;
}

void console_panel_draw(struct view *view, struct draw_box box, struct draw_box *tools)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    uint32_t host = host_of(view);
    struct view_console *c = get(view);
    uint32_t known = log_count_until(view->log, view->t);
    console_screen_update(&c->screen, view->log, host, known);
    draw_tools(view, tools, log_place_name(view->log, host));
    draw_input(view, ui_cut_bottom(&box, button_height(theme)));
    ui_cut_bottom(&box, 4);
    if (is_past(view, known)) {
        struct slice text =
            slice_of(tr("This moment is past: what is typed here starts from it anew."));
        float line = draw_line_height(theme->size_small);
        bool is_long = draw_width(ui->list, DRAW_FONT_SANS, theme->size_small, text) > box.w;
        ui_paragraph(ui, ui_cut_bottom(&box, (is_long ? 2 : 1) * line + 2), DRAW_FONT_SANS,
                     theme->size_small, theme->ink_soft, text, 2);
    }
    ui_wheel(ui, "wheel-console", box, turn, 0);
    draw_screen(view, box);
}

/* The last lines of the screen. */
void console_panel_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    enum { TOLD_LINES = 20 };
    struct view_console *c = get(view);
    uint32_t host = host_of(view);
    (void)arena;
    console_screen_update(&c->screen, view->log, host, log_count_until(view->log, view->t));
    struct slice all = bytes_slice(&c->screen.text);
    size_t start = all.size;
    for (int lines = 0; start > 0 && lines <= TOLD_LINES; start--)
        if (all.data[start - 1] == '\n' && ++lines > TOLD_LINES)
            break;
    struct slice name = log_place_name(view->log, host);
    if (bytes_printf(out, tr("The console of %.*s:"), SLICE_ARG(name)) &&
        bytes_append(out, SLICE("\n")))
        (void)(bytes_append(out, slice_part(all, start, all.size)) &&
               bytes_append(out, SLICE("\n")));
}
