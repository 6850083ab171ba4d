/* Texts with `code` and *emphasis*, wrapped. */
#include <math.h>

#include "render/view/lesson_flow.h"

enum { TEXT_MOST = 8192, WORD_PIECES = 8 };

enum rich_style { RICH_PLAIN, RICH_CODE, RICH_STRONG };

/* A part of a word in one style. */
struct piece {
    struct slice text;
    enum rich_style style;
    float w;
};

struct rich {
    struct ui *ui;
    struct draw_box box;
    enum draw_font font;
    float size, x, y; /* from the box's corner */
    uint32_t colour;
    bool draws, has_line;        /* something stands in the line */
    enum rich_style style, last; /* now, and of what stands last in the line */
    /* what is drawn in one go: pieces of one style that follow each other in the text */
    struct slice run;
    enum rich_style run_style;
    float run_x;
    enum rich_style around; /* of code */
};

static enum draw_font font_of(const struct rich *r, enum rich_style style)
{
    return style == RICH_CODE ? DRAW_FONT_MONO : style == RICH_STRONG ? DRAW_FONT_BOLD : r->font;
}

static float width_of(const struct rich *r, enum rich_style style, struct slice text)
{
    return draw_width(r->ui->list, font_of(r, style), r->size, text);
}

static void flush(struct rich *r)
{
    if (r->draws && r->run.size > 0) {
        float x = r->box.x + r->run_x, y = r->box.y + r->y, h = draw_line_height(r->size);
        float w = width_of(r, r->run_style, r->run);
        if (r->run_style == RICH_CODE)
            draw_rect(r->ui->list, (struct draw_box){x - 2, y + 1, w + 4, h - 2}, 3,
                      ui_fade(r->ui->theme->accent_soft, 0.7f), 0, 0);
        draw_string(r->ui->list, x, y, 0, DRAW_ALIGN_LEFT, font_of(r, r->run_style), r->size,
                    r->colour, r->run);
    }
    r->run.size = 0;
}

static void end_line(struct rich *r)
{
    flush(r);
    r->x = 0;
    r->y += draw_line_height(r->size);
    r->has_line = false;
}

/* Behind what stands there already; one string with it where it goes on in the same style. */
static void place(struct rich *r, const struct piece *piece)
{
    size_t gap = r->run.size ? (size_t)(piece->text.data - (r->run.data + r->run.size)) : 0;
    if (r->run.size && r->run_style == piece->style && gap <= 1) {
        r->run.size += gap + piece->text.size;
        r->x = r->run_x + width_of(r, piece->style, r->run); /* not the sum of its words */
    } else {
        flush(r);
        r->run = piece->text;
        r->run_style = piece->style;
        r->run_x = r->x;
        r->x += piece->w;
    }
    r->last = piece->style;
    r->has_line = true;
}

/* A word that is wider than the whole line is divided where it must be. */
static void place_divided(struct rich *r, struct piece piece)
{
    while (piece.text.size > 0) {
        size_t size = piece.text.size;
        struct piece part = piece;
        while (size > 1 && width_of(r, piece.style, slice_part(piece.text, 0, size)) > r->box.w)
            for (size--; size > 1 && (piece.text.data[size] & 0xC0) == 0x80;)
                size--;
        part.text = slice_part(piece.text, 0, size);
        part.w = width_of(r, piece.style, part.text);
        if (r->has_line && r->x + part.w > r->box.w)
            end_line(r);
        place(r, &part);
        piece.text = slice_part(piece.text, size, piece.text.size);
    }
}

static void place_word(struct rich *r, struct piece *pieces, size_t count, bool has_blank)
{
    enum rich_style between = pieces[0].style == r->last ? r->last : RICH_PLAIN;
    float blank = has_blank && r->has_line ? width_of(r, between, SLICE(" ")) : 0, w = 0;
    bool is_beside_code = pieces[0].style == RICH_CODE || r->last == RICH_CODE;
    if (blank > 0 && pieces[0].style != r->last)
        blank = fmaxf(blank, r->size * 0.3f) + (is_beside_code ? 2 : 0); /* its ground is wide */
    for (size_t i = 0; i < count; i++)
        w += pieces[i].w = width_of(r, pieces[i].style, pieces[i].text);
    if (r->has_line && r->x + blank + w > r->box.w)
        end_line(r);
    else
        r->x += blank;
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].w > r->box.w)
            place_divided(r, pieces[i]);
        else
            place(r, &pieces[i]);
    }
}

/* Does a mark here begin or end a style, or stand for itself, as in "2 * 3"? */
static bool is_mark(const struct rich *r, struct slice text, size_t at)
{
    char c = text.data[at];
    if (c == '`')
        return r->style == RICH_CODE || slice_find_octet(text, '`', at + 1) != SLICE_NONE;
    if (c != '*' || r->style == RICH_CODE)
        return false;
    if (r->style == RICH_STRONG)
        return true;
    size_t end = slice_find_octet(text, '*', at + 1);
    return end != SLICE_NONE && end > at + 1 && text.data[at + 1] != ' ' &&
           text.data[end - 1] != ' ' &&
           slice_find_octet(slice_part(text, at, end), '\n', 0) == SLICE_NONE;
}

static void turn_style(struct rich *r, char mark)
{
    if (mark == '*') {
        r->style = r->style == RICH_STRONG ? RICH_PLAIN : RICH_STRONG;
    } else if (r->style == RICH_CODE) {
        r->style = r->around; /* code may stand within emphasis */
    } else {
        r->around = r->style;
        r->style = RICH_CODE;
    }
}

/* One word from *at on, up to the blank or line end behind it. */
static size_t read_word(struct rich *r, struct slice text, size_t *at, struct piece *pieces)
{
    size_t count = 0, start = *at;
    for (; *at < text.size && text.data[*at] != ' ' && text.data[*at] != '\n'; ++*at) {
        if (!is_mark(r, text, *at))
            continue;
        if (*at > start && count < WORD_PIECES)
            pieces[count++] = (struct piece){slice_part(text, start, *at), r->style, 0};
        turn_style(r, text.data[*at]);
        start = *at + 1;
    }
    if (*at > start && count < WORD_PIECES)
        pieces[count++] = (struct piece){slice_part(text, start, *at), r->style, 0};
    return count;
}

float rich_text(struct ui *ui, struct draw_box box, enum draw_font font, float size,
                uint32_t colour, struct slice text, bool draws)
{
    struct rich r = {
        .ui = ui, .box = box, .font = font, .size = size, .colour = colour, .draws = draws};
    struct piece pieces[WORD_PIECES];
    text = slice_part(text, 0, TEXT_MOST);
    for (size_t at = 0; at < text.size;) {
        bool has_blank = text.data[at] == ' ';
        if (text.data[at] == '\n')
            end_line(&r);
        if (has_blank || text.data[at] == '\n') {
            at++;
            if (!has_blank || at == text.size || text.data[at] == ' ' || text.data[at] == '\n')
                continue;
        }
        size_t count = read_word(&r, text, &at, pieces);
        if (count > 0)
            place_word(&r, pieces, count, has_blank);
    }
    if (r.has_line)
        end_line(&r);
    return ceilf(r.y);
}

struct slice rich_plain(struct arena *arena, struct slice text)
{
    struct rich r = {0};
    text = slice_part(text, 0, TEXT_MOST);
    char *plain = arena_take(arena, text.size + 1);
    size_t size = 0;
    for (size_t at = 0; at < text.size; at++) {
        if (is_mark(&r, text, at))
            turn_style(&r, text.data[at]);
        else
            plain[size++] = text.data[at];
    }
    plain[size] = '\0';
    return (struct slice){plain, size};
}
