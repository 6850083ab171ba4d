#include "render/draw/svg.h"

#include <math.h>

#include "render/draw/print.h"
#include "render/draw/shown.h"

struct writer {
    const struct draw_list *list;
    struct bytes *out;
    bool is_good;       /* false once the output was full */
    int clips, hatches; /* made so far: their names */
    int depth;
};

static void put(struct writer *w, const char *text)
{
    w->is_good = w->is_good && bytes_append(w->out, slice_of(text));
}

static void put_attribute(struct writer *w, const char *name, float value)
{
    w->is_good = w->is_good && bytes_printf(w->out, " %s=\"", name) &&
                 print_number(w->out, value) && bytes_append_octet(w->out, '"');
}

static void put_box(struct writer *w, struct draw_box box)
{
    put_attribute(w, "x", box.x);
    put_attribute(w, "y", box.y);
    put_attribute(w, "width", fmaxf(box.w, 0));
    put_attribute(w, "height", fmaxf(box.h, 0));
}

/* fill="#0072b2", and its opacity when it is not full. */
static void put_paint(struct writer *w, const char *name, uint32_t colour)
{
    uint32_t alpha = colour & 0xFF;
    w->is_good = w->is_good && bytes_printf(w->out, " %s=\"", name);
    if (alpha == 0)
        put(w, "none");
    else
        w->is_good = w->is_good && print_colour(w->out, colour);
    put(w, "\"");
    if (alpha == 0 || alpha == 0xFF)
        return;
    w->is_good = w->is_good && bytes_printf(w->out, " %s-opacity=\"", name) &&
                 print_number(w->out, (float)alpha / 255) && bytes_append_octet(w->out, '"');
}

static void put_stroke(struct writer *w, const struct draw_item *item)
{
    if ((item->stroke & 0xFF) == 0 || item->width <= 0)
        return;
    put_paint(w, "stroke", item->stroke);
    put_attribute(w, "stroke-width", item->width);
    if (item->dash > 0)
        put_attribute(w, "stroke-dasharray", item->dash);
}

/* Outside text: shown.h leaves nothing that XML forbids, the five marks of XML are ours. */
static void put_escaped(struct writer *w, struct slice text)
{
    char shown[SHOWN_OCTETS];
    uint32_t code;
    size_t size;
    while (w->is_good && (size = shown_next(&text, shown, &code)) > 0) {
        const char *entity = code == '&'    ? "&amp;"
                             : code == '<'  ? "&lt;"
                             : code == '>'  ? "&gt;"
                             : code == '"'  ? "&quot;"
                             : code == '\'' ? "&#39;"
                                            : NULL;
        if (entity)
            put(w, entity);
        else
            w->is_good = bytes_append(w->out, (struct slice){shown, size});
    }
}

/* As in paint.c the stroke lies inside of the box. */
static void write_rect(struct writer *w, const struct draw_item *item)
{
    struct draw_box box = item->box;
    float radius = item->radius;
    if ((item->stroke & 0xFF) && item->width > 0) {
        box.x += item->width / 2;
        box.y += item->width / 2;
        box.w -= item->width;
        box.h -= item->width;
        radius = fmaxf(0, radius - item->width / 2);
    }
    put(w, "<rect");
    put_box(w, box);
    if (radius > 0)
        put_attribute(w, "rx", radius);
    put_paint(w, "fill", item->fill);
    put_stroke(w, item);
    put(w, "/>\n");
}

static void write_oval(struct writer *w, const struct draw_item *item)
{
    put(w, "<ellipse");
    put_attribute(w, "cx", item->box.x + item->box.w / 2);
    put_attribute(w, "cy", item->box.y + item->box.h / 2);
    put_attribute(w, "rx", fmaxf(item->box.w / 2, 0));
    put_attribute(w, "ry", fmaxf(item->box.h / 2, 0));
    put_paint(w, "fill", item->fill);
    put_stroke(w, item);
    put(w, "/>\n");
}

static void put_point(struct writer *w, const struct draw_item *item, size_t i)
{
    w->is_good = w->is_good && print_number(w->out, item->points[2 * i]) &&
                 bytes_append_octet(w->out, ' ') && print_number(w->out, item->points[2 * i + 1]);
}

static void write_path(struct writer *w, const struct draw_item *item)
{
    /* A curve takes its points by threes; what is left over is not drawn, here as in paint.c. */
    bool is_curve = item->is_curve && item->point_count > 2;
    size_t count = is_curve ? (item->point_count - 1) / 3 * 3 + 1 : item->point_count;
    if (count < 2)
        return;
    put(w, "<path d=\"M");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            put(w, is_curve && i % 3 == 1 ? "C" : is_curve ? " " : "L");
        put_point(w, item, i);
    }
    put(w, item->is_closed ? "Z\"" : "\"");
    put_paint(w, "fill", item->fill);
    put_stroke(w, item);
    put(w, "/>\n");
}

static void put_text_place(struct writer *w, const struct draw_item *item)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    static const char *const classes[] = {"", " class=\"b\"", " class=\"m\""};
    float x = item->box.x, room = fmaxf(item->box.w, 0);
    if (item->align == DRAW_ALIGN_CENTER)
        x += room / 2;
    else if (item->align == DRAW_ALIGN_RIGHT)
        x += room;
    put_attribute(w, "x", x);
    put_attribute(w, "y", item->box.y + draw_baseline(item->size));
    put_attribute(w, "font-size", item->size);
    put(w, anchors[item->align]);
    put(w, classes[item->font]);
}

static void write_text(struct writer *w, const struct draw_item *item)
{
    if (item->text.size == 0 || (item->fill & 0xFF) == 0)
        return;
    put(w, "<text");
    put_text_place(w, item);
    put_paint(w, "fill", item->fill);
    /* With another font in the reader's machine the words still end where they should. */
    if (item->text.size > 1) {
        put_attribute(w, "textLength", draw_width(w->list, item->font, item->size, item->text));
        put(w, " lengthAdjust=\"spacingAndGlyphs\"");
    }
    put(w, ">");
    put_escaped(w, item->text);
    put(w, "</text>\n");
}

static void write_hatch(struct writer *w, const struct draw_item *item)
{
    float period = fabsf(item->gap) * 1.41421356f;
    if (!(period >= 1) || (item->stroke & 0xFF) == 0)
        return;
    int name = w->hatches++;
    w->is_good = w->is_good &&
                 bytes_printf(w->out, "<pattern id=\"h%d\" patternUnits=\"userSpaceOnUse\"", name);
    put_box(w, (struct draw_box){item->box.x, item->box.y, period, period});
    put(w, "><path d=\"");
    for (int i = -1; i <= 1; i++) {
        struct draw_item line = {.point_count = 2};
        float from = item->gap < 0 ? -1 : period + 1, to = item->gap < 0 ? period + 1 : -1;
        float points[] = {-1 + (float)i * period, from, period + 1 + (float)i * period, to};
        line.points = points;
        put(w, "M");
        put_point(w, &line, 0);
        put(w, "L");
        put_point(w, &line, 1);
    }
    put(w, "\"");
    put_stroke(w, item);
    put(w, "/></pattern>\n<rect");
    put_box(w, item->box);
    if (item->radius > 0)
        put_attribute(w, "rx", item->radius);
    w->is_good = w->is_good && bytes_printf(w->out, " fill=\"url(#h%d)\"/>\n", name);
}

static void write_shadow(struct writer *w, const struct draw_item *item)
{
    struct draw_box box = item->box;
    box.y += 4;
    put(w, "<rect filter=\"url(#shadow)\"");
    put_box(w, box);
    if (item->radius > 0)
        put_attribute(w, "rx", item->radius);
    put_paint(w, "fill", item->fill);
    put(w, "/>\n");
}

static void open_clip(struct writer *w, const struct draw_item *item)
{
    int name = w->clips++;
    w->is_good = w->is_good && bytes_printf(w->out, "<clipPath id=\"c%d\"><rect", name);
    put_box(w, item->box);
    w->is_good =
        w->is_good && bytes_printf(w->out, "/></clipPath><g clip-path=\"url(#c%d)\">\n", name);
    w->depth++;
}

static void close_clip(struct writer *w)
{
    if (w->depth == 0)
        return; /* one too many */
    w->depth--;
    put(w, "</g>\n");
}

static void write_item(struct writer *w, const struct draw_item *item)
{
    switch (item->kind) {
    case DRAW_RECT:
        write_rect(w, item);
        break;
    case DRAW_OVAL:
        write_oval(w, item);
        break;
    case DRAW_PATH:
        write_path(w, item);
        break;
    case DRAW_TEXT:
        write_text(w, item);
        break;
    case DRAW_HATCH:
        write_hatch(w, item);
        break;
    case DRAW_SHADOW:
        write_shadow(w, item);
        break;
    case DRAW_CLIP:
        open_clip(w, item);
        break;
    case DRAW_UNCLIP:
        close_clip(w);
        break;
    }
}

static void write_twin(struct writer *w, const char *tag, struct slice text)
{
    if (text.size == 0)
        return;
    w->is_good = w->is_good && bytes_printf(w->out, "<%s>", tag);
    put_escaped(w, text);
    w->is_good = w->is_good && bytes_printf(w->out, "</%s>\n", tag);
}

static void write_head(struct writer *w, float width, float height)
{
    put(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" role=\"img\"");
    put_attribute(w, "width", width);
    put_attribute(w, "height", height);
    put(w, " viewBox=\"0 0 ");
    w->is_good = w->is_good && print_number(w->out, width) && bytes_append_octet(w->out, ' ') &&
                 print_number(w->out, height);
    put(w, "\">\n");
    write_twin(w, "title", w->list->title);
    write_twin(w, "desc", w->list->description);
    /* Ligatures are off: "->" in a mail stays two characters. */
    put(w, "<style>text{font-family:Inter,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif;"
           "white-space:pre;font-variant-ligatures:none}path{stroke-linejoin:round}"
           ".b{font-weight:600}"
           ".m{font-family:Hack,'DejaVu Sans Mono',Menlo,Consolas,monospace}</style>\n"
           "<filter id=\"shadow\" x=\"-50%\" y=\"-50%\" width=\"200%\" height=\"200%\">"
           "<feGaussianBlur stdDeviation=\"5\"/></filter>\n");
}

static void write_items(struct writer *w)
{
    for (size_t i = 0; i < w->list->items.count && w->is_good; i++)
        write_item(w, &w->list->items.items[i]);
    while (w->depth > 0)
        close_clip(w);
}

bool svg_write(const struct draw_list *list, float w, float h, struct bytes *out)
{
    struct writer writer = {.list = list, .out = out, .is_good = true};
    write_head(&writer, w, h);
    write_items(&writer);
    put(&writer, "</svg>\n");
    return writer.is_good;
}

bool svg_write_items(const struct draw_list *list, struct bytes *out)
{
    struct writer writer = {.list = list, .out = out, .is_good = true};
    write_items(&writer);
    return writer.is_good;
}
