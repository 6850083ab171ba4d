#include "export/canvas.h"

#include <stdlib.h>

#include "export/printable.h"
#include "sim/base/memory.h"
#include "sim/base/utf8.h"

void canvas_init(struct canvas *c, size_t width, bool has_colour)
{
    *c = (struct canvas){.width = width, .has_colour = has_colour};
    c->cells = memory_take(width * sizeof *c->cells);
    canvas_clear(c);
}

void canvas_finish(struct canvas *c)
{
    free(c->cells);
    *c = (struct canvas){0};
}

void canvas_clear(struct canvas *c)
{
    for (size_t i = 0; i < c->width; i++)
        c->cells[i] = (struct canvas_cell){.code = ' '};
}

void canvas_put(struct canvas *c, size_t x, uint32_t code, enum canvas_style style)
{
    if (x < c->width)
        c->cells[x] = (struct canvas_cell){code, style};
}

size_t canvas_text(struct canvas *c, size_t x, struct slice text, enum canvas_style style)
{
    uint32_t code;
    for (size_t at = 0, size; (size = utf8_next(text, at, &code)) > 0; at += size) {
        unsigned width = printable_width(code);
        if (width == 0 || x + width > c->width)
            continue; /* a mark has no cell of its own */
        canvas_put(c, x, code, style);
        if (width == 2)
            canvas_put(c, x + 1, 0, style);
        x += width;
    }
    return x;
}

static void put_utf8(uint32_t code, FILE *out)
{
    if (code < 0x80) {
        putc((int)code, out);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned lead[] = {0, 0xc0, 0xe0, 0xf0};
    putc((int)(lead[more] | code >> 6 * more), out);
    while (more-- > 0)
        putc((int)(0x80 | (code >> 6 * more & 0x3f)), out);
}

static const char *sequence(enum canvas_style style)
{
    switch (style) {
    case CANVAS_PLAIN:
        return "\x1b[0m";
    case CANVAS_DIM:
        return "\x1b[0;2m";
    case CANVAS_STRONG:
        return "\x1b[0;1m";
    case CANVAS_GOOD:
        return "\x1b[0;32m";
    case CANVAS_WAITING:
        return "\x1b[0;33m";
    case CANVAS_BAD:
        return "\x1b[0;31m";
    }
    return "";
}

void canvas_print(const struct canvas *c, FILE *out)
{
    enum canvas_style style = CANVAS_PLAIN;
    size_t end = c->width;
    while (end > 0 && c->cells[end - 1].code == ' ')
        end--;
    for (size_t i = 0; i < end; i++) {
        if (c->has_colour && c->cells[i].code != ' ' && c->cells[i].style != style) {
            style = c->cells[i].style;
            fputs(sequence(style), out);
        }
        if (c->cells[i].code)
            put_utf8(c->cells[i].code, out);
    }
    if (style != CANVAS_PLAIN)
        fputs(sequence(CANVAS_PLAIN), out);
    putc('\n', out);
}
