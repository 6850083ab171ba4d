#include "render/view/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/inspector.h"

void scroll_bar_draw(struct view *view, struct draw_box box, float whole, float above)
{
    const struct theme *theme = view->ui.theme;
    if (whole <= box.h + 1)
        return;
    struct draw_box track = {box.x + box.w + 3, box.y, 5, box.h};
    float h = fmaxf(track.h * box.h / whole, 16);
    float share = fminf(above / (whole - box.h), 1);
    draw_rect(view->ui.list, track, 2.5f, theme->panel_edge, 0, 0);
    draw_rect(view->ui.list,
              (struct draw_box){track.x, track.y + (track.h - h) * share, track.w, h}, 2.5f,
              theme->ink_faint, 0, 0);
}

static void turn(struct view *view, uint32_t id, float lines)
{
    *inspector_scroll(view, (enum page_id)id) -= 2 * lines;
}

void page_begin(struct page *page, struct view *view, struct draw_box box, enum page_id id)
{
    const struct theme *theme = view->ui.theme;
    char name[UI_NAME];
    snprintf(name, sizeof name, "wheel-page-%d", (int)id);
    ui_wheel(&view->ui, name, box, turn, (uint32_t)id);
    float *scroll = inspector_scroll(view, id);
    *scroll = fmaxf(*scroll, 0);
    if (id != PAGE_DNS)
        inspector_get(view)->paged = id;
    *page = (struct page){.view = view,
                          .ui = &view->ui,
                          .theme = theme,
                          .arena = &view->ui.list->arena,
                          .id = id,
                          .room = box,
                          .x = box.x,
                          .w = box.w,
                          .y = box.y - *scroll * draw_line_height(theme->size_mono)};
    ui_clip(&view->ui, box);
}

void page_mark(struct page *page)
{
    page->marked_y = page->y;
}

void page_bring(struct page *page, page_put *put)
{
    const float far = 1e5f; /* out of the room, and still exact to a part of a pixel */
    struct ui *ui = page->ui;
    struct page measured = *page;
    size_t count = ui->list->items.count;
    measured.y = page->room.y + far;
    measured.marked_y = measured.y;
    put(&measured);
    ui->list->items.count = count;
    float step = draw_line_height(page->theme->size_mono);
    float lines = (measured.marked_y - page->room.y - far) / step;
    float most = ceilf((measured.y - page->room.y - far - page->room.h) / step);
    *inspector_scroll(page->view, page->id) = lines = fmaxf(fminf(lines, most), 0);
    page->y = page->room.y - lines * step;
}

void page_begin_told(struct page *page, struct view *view, struct arena *arena, struct bytes *out,
                     enum page_id id)
{
    *page = (struct page){.view = view, .ui = &view->ui, .arena = arena, .out = out, .id = id};
}

void page_end(struct page *page)
{
    if (page->out)
        return;
    ui_unclip(page->ui);
    float step = draw_line_height(page->theme->size_mono);
    float *scroll = inspector_scroll(page->view, page->id);
    float height = page->y - page->room.y + step * *scroll;
    scroll_bar_draw(page->view, page->room, height, step * *scroll);
    *scroll = fminf(*scroll, fmaxf(ceilf((height - page->room.h) / step), 0));
}

bool page_is_seen(const struct page *page, struct draw_box box)
{
    return !page->out && box.y + box.h > page->room.y && box.y < page->room.y + page->room.h;
}

struct draw_box page_take(struct page *page, float h)
{
    struct draw_box box = {page->x, page->y, page->w, h};
    page->y += h;
    return box;
}

void page_indent(struct page *page, float by)
{
    page->x += by;
    page->w -= by;
}

void page_gap(struct page *page, float share)
{
    if (!page->out)
        page->y += share * draw_line_height(page->theme->size_text);
}

float page_width(const struct page *page, enum draw_font font, float size, struct slice text)
{
    return page->out ? 0 : draw_width(page->ui->list, font, size, text);
}

/* ---- texts ---- */

struct slice page_cut(struct arena *arena, struct slice text, size_t most)
{
    if (text.size <= most)
        return text;
    while (most && ((unsigned char)text.data[most] & 0xC0) == 0x80)
        most--; /* not within a character */
    return arena_printf(arena, tr("%.*s\xE2\x80\xA6 (%zu octets in all)"), (int)most, text.data,
                        text.size);
}

struct slice page_flat(struct arena *arena, struct slice text, size_t most)
{
    struct slice copy = arena_copy(arena, slice_part(text, 0, most));
    char *to = (char *)copy.data; /* the copy is ours */
    size_t size = 0;
    for (size_t i = 0; i < copy.size; i++) {
        bool is_blank = (unsigned char)copy.data[i] <= ' ' || copy.data[i] == 0x7F;
        if (!is_blank)
            to[size++] = copy.data[i];
        else if (size && to[size - 1] != ' ')
            to[size++] = ' ';
    }
    copy.size = size;
    if (text.size <= most)
        return copy;
    return arena_printf(arena, tr("%.*s\xE2\x80\xA6 (%zu octets in all)"), SLICE_ARG(copy),
                        text.size);
}

/* What is copied ends at a NUL, so none is let through. */
static void tell(struct page *page, struct slice text)
{
    struct slice copy = arena_copy(page->arena, page_cut(page->arena, text, PAGE_TEXT_MAX));
    char *octets = (char *)copy.data; /* the copy is ours */
    for (size_t i = 0; i < copy.size; i++)
        if (octets[i] == '\0')
            octets[i] = '?';
    (void)bytes_append_all(page->out, (struct slice[]){copy, SLICE("\n")}, 2);
}

static void write_lines(struct page *page, enum draw_font font, float size, uint32_t colour,
                        struct slice text)
{
    float step = draw_line_height(size), w = fmaxf(page->w, size * 4);
    struct slice line;
    text = page_cut(page->arena, text, PAGE_TEXT_MAX);
    while (ui_wrap(page->ui, font, size, w, &text, &line)) {
        struct draw_box box = page_take(page, step);
        if (page_is_seen(page, box))
            draw_string(page->ui->list, box.x, box.y, 0, DRAW_ALIGN_LEFT, font, size, colour, line);
    }
}

void page_title(struct page *page, struct slice text)
{
    if (page->out) {
        tell(page, text);
        return;
    }
    write_lines(page, DRAW_FONT_BOLD, page->theme->size_text, page->theme->ink, text);
    page->y += 2;
}

void page_text(struct page *page, struct slice text)
{
    if (page->out)
        tell(page, text);
    else
        write_lines(page, DRAW_FONT_SANS, page->theme->size_text, page->theme->ink, text);
}

void page_note(struct page *page, struct slice text)
{
    if (page->out)
        tell(page, text);
    else
        write_lines(page, DRAW_FONT_SANS, page->theme->size_small, page->theme->ink_soft, text);
}

void page_mono(struct page *page, struct slice text, uint32_t colour)
{
    if (page->out)
        tell(page, text);
    else
        write_lines(page, DRAW_FONT_MONO, page->theme->size_mono, colour, text);
}

static uint32_t sign_colour(const struct theme *theme, enum mark_sign sign)
{
    return sign == MARK_TICK    ? theme->good
           : sign == MARK_CROSS ? theme->bad
           : sign == MARK_CLOCK ? theme->waiting
                                : theme->ink_soft;
}

void page_sign(struct page *page, enum mark_sign sign, struct slice text)
{
    if (page->out) {
        tell(page, text);
        return;
    }
    float size = page->theme->size_text, line = draw_line_height(size);
    struct draw_box box = {page->x, page->y, line, line};
    if (page_is_seen(page, box))
        mark_sign(page->ui->list, page->theme, sign, box.x + size * 0.5f, box.y + line / 2,
                  size * 0.8f, sign_colour(page->theme, sign));
    page_indent(page, size * 1.4f);
    page_text(page, text);
    page_indent(page, -size * 1.4f);
}

void page_pair(struct page *page, const char *label, struct slice text)
{
    if (text.size == 0)
        return;
    if (page->out) {
        tell(page, arena_printf(page->arena, "%s: %.*s", label,
                                SLICE_ARG(page_cut(page->arena, text, PAGE_TEXT_MAX))));
        return;
    }
    const struct theme *theme = page->theme;
    float column = fminf(theme->size_text * 8, page->w * 0.4f);
    float top = page->y, line = draw_line_height(theme->size_text);
    bool is_wide = draw_width(page->ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(label)) >
                   column - 8; /* then it has a line of its own */
    struct draw_box box = {page->x, top, is_wide ? page->w : column - 8, line};
    if (is_wide)
        page->y += line;
    if (page_is_seen(page, box))
        draw_string(page->ui->list, box.x, box.y, box.w, DRAW_ALIGN_LEFT, DRAW_FONT_SANS,
                    theme->size_text, theme->ink_soft, slice_of(label));
    page_indent(page, column);
    page_text(page, text);
    page_indent(page, -column);
    page->y = fmaxf(page->y, top + line);
}

/* ---- rows ---- */

/* The ground lies below what the row says, and is as high as that turns out to be. */
static void row_begin(struct page *page, const char *name, bool is_on, uint32_t fill, uint32_t edge)
{
    if (page->out)
        return;
    const struct ui *ui = page->ui;
    const struct theme *theme = page->theme;
    snprintf(page->row_name, sizeof page->row_name, "%s", name);
    bool is_hover = name[0] && strcmp(ui->hover, page->row_name) == 0;
    bool is_focus = ui->focus[0] && strcmp(ui->focus, page->row_name) == 0;
    page->row_y = page->y;
    page->row_item = ui->list->items.count + 1;
    draw_rect(ui->list, (struct draw_box){page->x, page->y, page->w, 1}, 4,
              is_on || is_hover ? theme->accent_soft : fill,
              is_on || is_focus ? theme->accent : edge, is_focus ? 2 : 1);
    page_indent(page, 4);
    page->w -= 4;
    page->y += 3;
}

void page_row_begin(struct page *page, const char *name, bool is_on)
{
    row_begin(page, name, is_on, 0, 0);
}

void page_row_begin_card(struct page *page, const char *name, bool is_on)
{
    if (!page->out)
        row_begin(page, name, is_on, page->theme->card, page->theme->card_edge);
}

void page_row_end(struct page *page, ui_act *act, uint32_t arg, struct slice tip)
{
    if (page->out)
        return;
    page->y += 3;
    page_indent(page, -4);
    page->w += 4;
    struct draw_box box = {page->x, page->row_y, page->w, page->y - page->row_y};
    if (page->row_item <= page->ui->list->items.count)
        page->ui->list->items.items[page->row_item - 1].box = box;
    if (!act || !page_is_seen(page, box))
        return;
    ui_region(page->ui, page->row_name, box, act, arg);
    if (tip.size)
        ui_tip(page->ui, tip);
}
