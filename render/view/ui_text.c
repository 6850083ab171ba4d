#include "render/view/ui.h"

#include <math.h>
#include <string.h>

#include "render/draw/input.h"

float ui_label(struct ui *ui, struct draw_box box, enum draw_align align, enum draw_font font,
               float size, uint32_t colour, struct slice text)
{
    float y = box.y + (box.h - draw_line_height(size)) / 2;
    return draw_string(ui->list, box.x, y, box.w > 1 ? box.w : 1, align, font, size, colour, text);
}

float ui_label_any(struct ui *ui, struct draw_box box, enum draw_align align, enum draw_font font,
                   float size, uint32_t colour, struct slice text)
{
    ui->list->may_cut = true;
    float width = ui_label(ui, box, align, font, size, colour, text);
    ui->list->may_cut = false;
    return width;
}

/* The most octets of `text` that fit into width, whole UTF-8 characters, at least one. */
static size_t fitting(const struct ui *ui, enum draw_font font, float size, float width,
                      struct slice text)
{
    size_t low = 1, high = text.size;
    if (draw_width(ui->list, font, size, text) <= width)
        return high;
    while (low < high) { /* widths grow with the length, so halves find the limit */
        size_t middle = low + (high - low + 1) / 2;
        if (draw_width(ui->list, font, size, slice_part(text, 0, middle)) <= width)
            low = middle;
        else
            high = middle - 1;
    }
    while (low > 1 && ((unsigned char)text.data[low] & 0xC0) == 0x80)
        low--;
    return low;
}

bool ui_wrap(const struct ui *ui, enum draw_font font, float size, float width, struct slice *text,
             struct slice *line)
{
    enum { LINE_MAX_OCTETS = 600 };
    if (text->size == 0)
        return false;
    size_t end = slice_find_octet(*text, '\n', 0);
    struct slice rest = slice_part(*text, 0, end == SLICE_NONE ? text->size : end);
    if (end != SLICE_NONE && rest.size && rest.data[rest.size - 1] == '\r')
        rest.size--; /* CRLF ends a line in mail (RFC 5322 2.1); a CR alone is shown */
    size_t fit =
        rest.size ? fitting(ui, font, size, width, slice_part(rest, 0, LINE_MAX_OCTETS)) : 0;
    if (fit == rest.size) {
        *line = rest;
        *text = slice_part(*text, end == SLICE_NONE ? text->size : end + 1, text->size);
        return true;
    }
    size_t blank = fit;
    while (blank > 0 && rest.data[blank] != ' ')
        blank--;
    size_t taken = blank > fit / 3 ? blank : fit;
    *line = slice_part(rest, 0, taken);
    *text = slice_part(*text, taken + (rest.data[taken] == ' '), text->size);
    return true;
}

float ui_paragraph(struct ui *ui, struct draw_box box, enum draw_font font, float size,
                   uint32_t colour, struct slice text, int lines_max)
{
    float step = draw_line_height(size), y = box.y;
    struct slice line;
    for (int i = 0; i < lines_max; i++, y += step) {
        struct slice before = text;
        if (!ui_wrap(ui, font, size, box.w, &text, &line))
            break;
        bool is_cut = i + 1 == lines_max && text.size; /* the rest goes behind the ellipsis */
        draw_string(ui->list, box.x, y, box.w, DRAW_ALIGN_LEFT, font, size, colour,
                    is_cut ? before : line);
    }
    return y - box.y;
}

struct draw_box ui_pill(struct ui *ui, float x, float y, float size, uint32_t fill, uint32_t edge,
                        uint32_t ink, struct slice text)
{
    float height = draw_line_height(size) + 4;
    struct draw_box box = {x, y, draw_width(ui->list, DRAW_FONT_SANS, size, text) + 14, height};
    draw_rect(ui->list, box, height / 2, fill, edge, 1);
    ui_label(ui, (struct draw_box){x + 7, y, box.w - 13, height}, DRAW_ALIGN_LEFT, DRAW_FONT_SANS,
             size, ink, text);
    return box;
}

/* ---- editing ---- */

static bool is_inner(char octet)
{
    return ((unsigned char)octet & 0xC0) == 0x80;
}

void ui_edit_set(struct ui_edit *edit, struct slice text)
{
    edit->size = edit->cursor = edit->anchor = 0;
    ui_edit_type(edit, text);
}

static void erase(struct ui_edit *edit, size_t from, size_t to)
{
    memmove(edit->text + from, edit->text + to, edit->size - to);
    edit->size -= to - from;
    edit->cursor = edit->anchor = from;
}

struct slice ui_edit_selected(const struct ui_edit *edit)
{
    size_t from = edit->anchor < edit->cursor ? edit->anchor : edit->cursor;
    size_t to = edit->anchor < edit->cursor ? edit->cursor : edit->anchor;
    return (struct slice){edit->text + from, to - from};
}

void ui_edit_select_all(struct ui_edit *edit)
{
    edit->anchor = 0;
    edit->cursor = edit->size;
}

void ui_edit_erase_selected(struct ui_edit *edit)
{
    struct slice selected = ui_edit_selected(edit);
    size_t from = (size_t)(selected.data - edit->text);
    erase(edit, from, from + selected.size);
}

/* What is typed stands in the place of what is selected. */
void ui_edit_type(struct ui_edit *edit, struct slice text)
{
    ui_edit_erase_selected(edit);
    for (size_t i = 0; i < text.size;) {
        size_t size = 1;
        while (i + size < text.size && is_inner(text.data[i + size]))
            size++;
        unsigned char first = (unsigned char)text.data[i];
        if (edit->size + size >= sizeof edit->text)
            return;
        if (first >= ' ' || first == '\n') {
            char *at = edit->text + edit->cursor;
            memmove(at + size, at, edit->size - edit->cursor);
            memcpy(at, text.data + i, size);
            edit->size += size;
            edit->cursor += size;
            edit->anchor = edit->cursor;
        }
        i += size;
    }
}

static size_t before_cursor(const struct ui_edit *edit)
{
    size_t at = edit->cursor;
    while (at > 0 && is_inner(edit->text[--at]))
        ;
    return at;
}

static size_t after_cursor(const struct ui_edit *edit)
{
    size_t at = edit->cursor < edit->size ? edit->cursor + 1 : edit->size;
    while (at < edit->size && is_inner(edit->text[at]))
        at++;
    return at;
}

static bool is_of_word(char octet)
{
    return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') ||
           (octet >= 'A' && octet <= 'Z') || octet == '_' || (unsigned char)octet >= 0x80;
}

void ui_edit_move_word(struct ui_edit *edit, int step, bool shift)
{
    size_t at = edit->cursor;
    if (step > 0) {
        while (at < edit->size && !is_of_word(edit->text[at]))
            at++;
        while (at < edit->size && is_of_word(edit->text[at]))
            at++;
    } else {
        while (at > 0 && !is_of_word(edit->text[at - 1]))
            at--;
        while (at > 0 && is_of_word(edit->text[at - 1]))
            at--;
    }
    edit->cursor = at;
    edit->anchor = shift ? edit->anchor : at;
}

void ui_edit_select_word(struct ui_edit *edit, size_t at)
{
    size_t from = at, to = at;
    while (from > 0 && is_of_word(edit->text[from - 1]))
        from--;
    while (to < edit->size && is_of_word(edit->text[to]))
        to++;
    edit->anchor = from;
    edit->cursor = to;
}

static bool move_cursor(struct ui_edit *edit, int key)
{
    if (key == INPUT_KEY_LEFT)
        edit->cursor = before_cursor(edit);
    else if (key == INPUT_KEY_RIGHT)
        edit->cursor = after_cursor(edit);
    else if (key == INPUT_KEY_HOME)
        edit->cursor = 0;
    else if (key == INPUT_KEY_END)
        edit->cursor = edit->size;
    else
        return false;
    return true;
}

bool ui_edit_press(struct ui_edit *edit, int key, bool shift)
{
    bool is_back = key == INPUT_KEY_BACKSPACE;
    if (move_cursor(edit, key)) {
        if (!shift)
            edit->anchor = edit->cursor;
        return true;
    }
    if (!is_back && key != INPUT_KEY_DELETE)
        return false;
    if (ui_edit_selected(edit).size > 0)
        ui_edit_erase_selected(edit);
    else if (is_back)
        erase(edit, before_cursor(edit), edit->cursor);
    else
        erase(edit, edit->cursor, after_cursor(edit));
    return true;
}

bool ui_edit_key(struct ui_edit *edit, int key)
{
    return ui_edit_press(edit, key, false);
}
