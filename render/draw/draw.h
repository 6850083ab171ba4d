/*
 * A display list: what a picture is made of, flat and in painting order. Views write it; backends
 * (render/draw/paint.h with Cairo for the window and PNG, render/draw/svg.h) read it. It knows
 * nothing of mail, and compares as text (draw_text) in tests.
 *
 * Units are CSS pixels as float; the backend applies the scale. Colours are 0xRRGGBBAA.
 */
#ifndef RENDER_DRAW_DRAW_H
#define RENDER_DRAW_DRAW_H

#include "sim/base/arena.h"
#include "sim/base/bytes.h"
#include "sim/base/vector.h"

struct draw_box {
    float x, y, w, h;
};

enum draw_font { DRAW_FONT_SANS, DRAW_FONT_BOLD, DRAW_FONT_MONO };
enum draw_align { DRAW_ALIGN_LEFT, DRAW_ALIGN_CENTER, DRAW_ALIGN_RIGHT };

enum draw_kind {
    DRAW_RECT, /* box, radius, fill, stroke */
    DRAW_OVAL, /* box, fill, stroke */
    DRAW_PATH, /* points; closed or not; straight or, when is_curve, points are cubic Bézier triples
                  after the first */
    DRAW_TEXT,   /* in fill colour; box.x, box.y is the top of the line; box.w > 0: draw_string has
                    cut the text to it with an ellipsis, so that all backends show the same */
    DRAW_HATCH,  /* box, radius: diagonal lines in stroke colour, `gap` pixels apart; they rise to
                    the right, with a gap below 0 they fall */
    DRAW_SHADOW, /* soft shadow of a box with radius; fill is its colour */
    DRAW_CLIP,   /* to box, until DRAW_UNCLIP; nests */
    DRAW_UNCLIP
};

struct draw_item {
    enum draw_kind kind;
    struct draw_box box;
    float radius;
    uint32_t fill, stroke; /* alpha 0: not filled, not stroked */
    float width;           /* of the stroke */
    float dash;            /* length of dash and gap; 0 solid */
    const float *points;   /* DRAW_PATH: x, y pairs; in the list's arena */
    size_t point_count;
    bool is_closed, is_curve;
    struct slice text; /* in the list's arena; UTF-8, any octets are shown somehow */
    enum draw_font font;
    enum draw_align align; /* within box.w when that is > 0, else about box.x */
    float size;            /* of the font, pixels */
    bool is_cut;           /* an ellipsis stands for a part that had to be seen */
    float gap;
};

/* How wide a text is; given by a backend, so that views can lay out without knowing it. Whole
   pixels of the font at that size; the same in every backend. */
typedef float draw_measure(void *context, enum draw_font font, float size, struct slice text);

struct draw_list {
    struct arena arena; /* a frame's lifetime */
    VECTOR(struct draw_item) items;
    draw_measure *measure; /* NULL: each character is 0.6 of the size wide */
    void *measure_context;
    struct slice title, description; /* the text twin: SVG's <title> and <desc> */
    bool may_cut; /* for the texts that follow an ellipsis is no fault: they can be of any length */
};

void draw_init(struct draw_list *list, draw_measure *measure, void *measure_context);
void draw_finish(struct draw_list *list);
/* Empties the list; its memory stays, so that drawing again allocates nothing. */
void draw_clear(struct draw_list *list);

void draw_rect(struct draw_list *list, struct draw_box box, float radius, uint32_t fill,
               uint32_t stroke, float width);
void draw_oval(struct draw_list *list, struct draw_box box, uint32_t fill, uint32_t stroke,
               float width);
void draw_line(struct draw_list *list, float x1, float y1, float x2, float y2, uint32_t stroke,
               float width, float dash);
/* Points are copied. */
void draw_polygon(struct draw_list *list, const float *points, size_t point_count, uint32_t fill,
                  uint32_t stroke, float width);
void draw_curve(struct draw_list *list, const float *points, size_t point_count, uint32_t stroke,
                float width, float dash);
/* Copied; gives the width that it takes, at most box_w when that is > 0. */
float draw_string(struct draw_list *list, float x, float y, float box_w, enum draw_align align,
                  enum draw_font font, float size, uint32_t colour, struct slice text);
void draw_hatch(struct draw_list *list, struct draw_box box, float radius, uint32_t colour,
                float gap);
void draw_shadow(struct draw_list *list, struct draw_box box, float radius, uint32_t colour);
void draw_clip(struct draw_list *list, struct draw_box box);
void draw_unclip(struct draw_list *list);
float draw_width(const struct draw_list *list, enum draw_font font, float size, struct slice text);
/* The height of a line of this size, for stacking lines. */
float draw_line_height(float size);
/* From the top of the line down to where the letters stand, whatever the font. */
float draw_baseline(float size);

/* One item a line, for tests. */
bool draw_text(const struct draw_list *list, struct bytes *out);

#endif
