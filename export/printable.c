#include "export/printable.h"

#include <stdio.h>

#include "sim/base/check.h"
#include "sim/base/utf8.h"

struct range {
    uint32_t from, to;
};

static bool is_in(uint32_t code, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].from && code <= ranges[i].to)
            return true;
    return false;
}

#define IS_IN(code, ranges) is_in(code, ranges, sizeof(ranges) / sizeof *(ranges))

/* Controls, and characters without a shape of their own that change how others are shown. */
static const struct range hidden[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},     {0x180e, 0x180e},
    {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff},   {0xfff9, 0xfffb},
    {0xfdd0, 0xfdef}, {0xfffe, 0xffff}, {0xe000, 0xf8ff}, {0xe0000, 0x10ffff}};

static const struct range combining[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},
                                         {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff},
                                         {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};

static const struct range wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},
                                    {0x4e00, 0xa4cf},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
                                    {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
                                    {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

unsigned printable_width(uint32_t code)
{
    if (code < 0x300)
        return 1;
    return IS_IN(code, combining) ? 0 : IS_IN(code, wide) ? 2 : 1;
}

enum { PIECE_TEXT = 16 };

/* What is shown for one character or one octet that is none. */
struct piece {
    char text[PIECE_TEXT];
    size_t size;
    unsigned columns;
};

/* Gives how many octets of `text` the piece stands for. */
static size_t next_piece(struct slice text, size_t at, unsigned flags, struct piece *piece)
{
    uint32_t code;
    size_t taken = utf8_next(text, at, &code);
    int size;
    if (taken == 0) {
        size = snprintf(piece->text, PIECE_TEXT, "\\x%02x", (unsigned char)text.data[at]);
        taken = 1;
    } else if (code == '\t') {
        size = snprintf(piece->text, PIECE_TEXT, " ");
    } else if (IS_IN(code, hidden) || (code > 0x7e && (flags & PRINTABLE_ASCII))) {
        size =
            snprintf(piece->text, PIECE_TEXT, code < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned)code);
    } else {
        size = snprintf(piece->text, PIECE_TEXT, "%.*s", (int)taken, text.data + at);
        piece->columns = printable_width(code);
        piece->size = (size_t)size;
        return taken;
    }
    piece->columns = (unsigned)size;
    piece->size = (size_t)size;
    return taken;
}

/* Length of a line end at `at`: 2 for CRLF, 1 for LF, 0 otherwise. */
static size_t line_end(struct slice text, size_t at)
{
    if (text.data[at] == '\n')
        return 1;
    return slice_starts(slice_part(text, at, text.size), SLICE("\r\n")) ? 2 : 0;
}

size_t printable_append(struct bytes *out, struct slice text, size_t columns, unsigned flags)
{
    struct slice dots = flags & PRINTABLE_ASCII ? SLICE("...") : SLICE("\xe2\x80\xa6");
    size_t dots_columns = flags & PRINTABLE_ASCII ? 3 : 1;
    size_t used = 0, cut_used = 0, cut_size = bytes_size(out);
    for (size_t at = 0, taken; at < text.size; at += taken) {
        struct piece piece = {.text = " / ", .size = 3, .columns = 3};
        taken = flags & PRINTABLE_LINES ? line_end(text, at) : 0;
        if (taken && at + taken == text.size)
            break;
        if (taken == 0)
            taken = next_piece(text, at, flags, &piece);
        if (columns != PRINTABLE_ALL && used + piece.columns > columns) {
            bytes_truncate(out, cut_size);
            if (columns < dots_columns)
                return cut_used;
            check(bytes_append(out, dots));
            return cut_used + dots_columns;
        }
        check(bytes_append(out, (struct slice){piece.text, piece.size}));
        used += piece.columns;
        if (used + dots_columns <= columns) {
            cut_used = used;
            cut_size = bytes_size(out);
        }
    }
    return used;
}
