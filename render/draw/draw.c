#include "render/draw/draw.h"

#include <math.h>
#include <string.h>

#include "render/draw/print.h"
#include "render/draw/shown.h"

/* A line of protocol is at most 1000 octets (RFC 5321, 4.5.3.1.6); what is longer is cut, so that
   no text can blow up a picture. */
enum { DRAW_STRING_OCTETS = 1024 };

static const struct slice ellipsis = {"\xE2\x80\xA6", 3};

void draw_init(struct draw_list *list, draw_measure *measure, void *measure_context)
{
    *list = (struct draw_list){.measure = measure, .measure_context = measure_context};
    arena_init(&list->arena);
}

void draw_finish(struct draw_list *list)
{
    arena_finish(&list->arena);
    vector_finish(&list->items);
}

void draw_clear(struct draw_list *list)
{
    arena_reset(&list->arena);
    vector_clear(&list->items);
    list->title = list->description = (struct slice){0};
}

static struct draw_item *add(struct draw_list *list, enum draw_kind kind, struct draw_box box)
{
    struct draw_item *item = vector_add(&list->items);
    item->kind = kind;
    item->box = box;
    return item;
}

void draw_rect(struct draw_list *list, struct draw_box box, float radius, uint32_t fill,
               uint32_t stroke, float width)
{
    struct draw_item *item = add(list, DRAW_RECT, box);
    item->radius = radius;
    item->fill = fill;
    item->stroke = stroke;
    item->width = width;
}

void draw_oval(struct draw_list *list, struct draw_box box, uint32_t fill, uint32_t stroke,
               float width)
{
    struct draw_item *item = add(list, DRAW_OVAL, box);
    item->fill = fill;
    item->stroke = stroke;
    item->width = width;
}

/* The box around all points; a curve stays inside the box of its control points. */
static struct draw_box around(const float *points, size_t point_count)
{
    if (point_count == 0)
        return (struct draw_box){0};
    float left = points[0], right = left, top = points[1], bottom = top;
    for (size_t i = 1; i < point_count; i++) {
        left = fminf(left, points[2 * i]);
        right = fmaxf(right, points[2 * i]);
        top = fminf(top, points[2 * i + 1]);
        bottom = fmaxf(bottom, points[2 * i + 1]);
    }
    return (struct draw_box){left, top, right - left, bottom - top};
}

static struct draw_item *add_path(struct draw_list *list, const float *points, size_t point_count,
                                  uint32_t stroke, float width)
{
    struct draw_item *item = add(list, DRAW_PATH, around(points, point_count));
    size_t size = point_count * 2 * sizeof *points;
    float *copy = arena_take(&list->arena, size);
    if (size)
        memcpy(copy, points, size);
    item->points = copy;
    item->point_count = point_count;
    item->stroke = stroke;
    item->width = width;
    return item;
}

void draw_line(struct draw_list *list, float x1, float y1, float x2, float y2, uint32_t stroke,
               float width, float dash)
{
    const float points[] = {x1, y1, x2, y2};
    add_path(list, points, 2, stroke, width)->dash = dash;
}

void draw_polygon(struct draw_list *list, const float *points, size_t point_count, uint32_t fill,
                  uint32_t stroke, float width)
{
    struct draw_item *item = add_path(list, points, point_count, stroke, width);
    item->fill = fill;
    item->is_closed = true;
}

void draw_curve(struct draw_list *list, const float *points, size_t point_count, uint32_t stroke,
                float width, float dash)
{
    struct draw_item *item = add_path(list, points, point_count, stroke, width);
    item->dash = dash;
    item->is_curve = true;
}

float draw_width(const struct draw_list *list, enum draw_font font, float size, struct slice text)
{
    if (text.size > DRAW_STRING_OCTETS)
        text.size = DRAW_STRING_OCTETS;
    if (list->measure)
        return list->measure(list->measure_context, font, size, text);
    size_t count = 0;
    for (size_t at = 0; at < text.size; at += shown_step(slice_part(text, at, text.size)))
        count++;
    return 0.6f * size * (float)count;
}

float draw_line_height(float size)
{
    return roundf(1.4f * size);
}

float draw_baseline(float size)
{
    /* Capital letters are 0.72 of the size in these fonts: their middle is the line's middle. */
    return roundf(0.7f * size + 0.36f * size);
}

/* A cut may not fall inside a character: back to where the one at `at` starts. */
static size_t character_start(struct slice text, size_t at)
{
    for (int i = 0; i < 3 && at > 0 && at < text.size; i++) {
        if (((unsigned char)text.data[at] & 0xC0) != 0x80)
            break;
        at--;
    }
    return at;
}

static struct slice with_ellipsis(struct draw_list *list, struct slice text, size_t kept)
{
    while (kept > 0 && text.data[kept - 1] == ' ')
        kept--;
    char *cut = arena_take(&list->arena, kept + ellipsis.size + 1);
    if (kept > 0)
        memcpy(cut, text.data, kept);
    memcpy(cut + kept, ellipsis.data, ellipsis.size);
    return (struct slice){cut, kept + ellipsis.size};
}

/* The longest beginning of the text that fits with an ellipsis behind it, by halving. */
static struct slice cut_to(struct draw_list *list, enum draw_font font, float size,
                           struct slice text, float box_w)
{
    float room = box_w - draw_width(list, font, size, ellipsis);
    size_t fits = 0, too_long = text.size;
    while (fits + 1 < too_long) {
        size_t middle = fits + (too_long - fits) / 2;
        struct slice part = slice_part(text, 0, character_start(text, middle));
        if (draw_width(list, font, size, part) <= room)
            fits = middle;
        else
            too_long = middle;
    }
    return with_ellipsis(list, text, character_start(text, fits));
}

float draw_string(struct draw_list *list, float x, float y, float box_w, enum draw_align align,
                  enum draw_font font, float size, uint32_t colour, struct slice text)
{
    bool is_long = text.size > DRAW_STRING_OCTETS;
    if (is_long)
        text.size = DRAW_STRING_OCTETS - ellipsis.size;
    float width = draw_width(list, font, size, text);
    struct slice copy;
    bool is_cut = box_w > 0 && width > box_w;
    if (is_cut)
        copy = cut_to(list, font, size, text, box_w);
    else if (is_long)
        copy = with_ellipsis(list, text, character_start(text, text.size - 1));
    else
        copy = arena_copy(&list->arena, text);
    struct draw_item *item =
        add(list, DRAW_TEXT, (struct draw_box){x, y, box_w, draw_line_height(size)});
    item->text = copy;
    item->font = font;
    item->align = align;
    item->size = size;
    item->fill = colour;
    item->is_cut = is_cut && !list->may_cut;
    return box_w > 0 ? fminf(width, box_w) : width;
}

void draw_hatch(struct draw_list *list, struct draw_box box, float radius, uint32_t colour,
                float gap)
{
    struct draw_item *item = add(list, DRAW_HATCH, box);
    item->radius = radius;
    item->stroke = colour;
    item->width = 1;
    item->gap = gap;
}

void draw_shadow(struct draw_list *list, struct draw_box box, float radius, uint32_t colour)
{
    struct draw_item *item = add(list, DRAW_SHADOW, box);
    item->radius = radius;
    item->fill = colour;
}

void draw_clip(struct draw_list *list, struct draw_box box)
{
    add(list, DRAW_CLIP, box);
}

void draw_unclip(struct draw_list *list)
{
    add(list, DRAW_UNCLIP, (struct draw_box){0});
}

static bool print_named(struct bytes *out, const char *name, float value)
{
    return bytes_printf(out, " %s ", name) && print_number(out, value);
}

static bool print_paint(struct bytes *out, const char *name, uint32_t colour)
{
    if ((colour & 0xFF) == 0)
        return true;
    return bytes_printf(out, " %s #%08x", name, (unsigned)colour);
}

static bool print_box(struct bytes *out, struct draw_box box)
{
    return bytes_append_octet(out, ' ') && print_number(out, box.x) &&
           bytes_append_octet(out, ',') && print_number(out, box.y) &&
           bytes_append_octet(out, ' ') && print_number(out, box.w) &&
           bytes_append_octet(out, 'x') && print_number(out, box.h);
}

static bool print_look(struct bytes *out, const struct draw_item *item)
{
    bool good = print_paint(out, "fill", item->fill) && print_paint(out, "stroke", item->stroke);
    if (item->radius > 0)
        good = good && print_named(out, "radius", item->radius);
    if ((item->stroke & 0xFF) && item->width > 0)
        good = good && print_named(out, "width", item->width);
    if (item->dash > 0)
        good = good && print_named(out, "dash", item->dash);
    if (item->kind == DRAW_HATCH)
        good = good && print_named(out, "gap", item->gap);
    return good;
}

static bool print_path(struct bytes *out, const struct draw_item *item)
{
    bool good = bytes_printf(out, "%s%s", item->is_curve ? " curve" : " straight",
                             item->is_closed ? " closed" : "");
    for (size_t i = 0; good && i < item->point_count; i++)
        good = bytes_append_octet(out, ' ') && print_number(out, item->points[2 * i]) &&
               bytes_append_octet(out, ',') && print_number(out, item->points[2 * i + 1]);
    return good && print_look(out, item);
}

static bool print_quoted(struct bytes *out, struct slice text)
{
    char shown[SHOWN_OCTETS];
    uint32_t code;
    size_t size;
    bool good = bytes_append(out, SLICE(" \""));
    while (good && (size = shown_next(&text, shown, &code)) > 0)
        good = (code != '"' || bytes_append_octet(out, '\\')) &&
               bytes_append(out, (struct slice){shown, size});
    return good && bytes_append_octet(out, '"');
}

static bool print_string(struct bytes *out, const struct draw_item *item)
{
    static const char *const fonts[] = {"sans", "bold", "mono"};
    static const char *const aligns[] = {"left", "center", "right"};
    return print_box(out, item->box) &&
           bytes_printf(out, " %s %s", aligns[item->align], fonts[item->font]) &&
           print_named(out, "size", item->size) && print_paint(out, "fill", item->fill) &&
           print_quoted(out, item->text);
}

static bool print_item(struct bytes *out, const struct draw_item *item)
{
    static const char *const names[] = {"rect",  "oval",   "path", "text",
                                        "hatch", "shadow", "clip", "unclip"};
    if (!bytes_append(out, slice_of(names[item->kind])))
        return false;
    switch (item->kind) {
    case DRAW_RECT:
    case DRAW_OVAL:
    case DRAW_HATCH:
    case DRAW_SHADOW:
        return print_box(out, item->box) && print_look(out, item);
    case DRAW_PATH:
        return print_path(out, item);
    case DRAW_TEXT:
        return print_string(out, item);
    case DRAW_CLIP:
        return print_box(out, item->box);
    case DRAW_UNCLIP:
        break;
    }
    return true;
}

bool draw_text(const struct draw_list *list, struct bytes *out)
{
    for (size_t i = 0; i < list->items.count; i++)
        if (!print_item(out, &list->items.items[i]) || !bytes_append_octet(out, '\n'))
            return false;
    return true;
}
