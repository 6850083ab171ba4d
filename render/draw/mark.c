#include "render/draw/mark.h"

#include <math.h>

/* Corners of a shape within the square from -1 to 1, y down. */
struct outline {
    size_t count;
    float points[16];
};

static const struct outline outlines[] = {
    [THEME_SHAPE_PENTAGON] = {5, {0, -1, .98f, -.29f, .61f, .87f, -.61f, .87f, -.98f, -.29f}},
    [THEME_SHAPE_DIAMOND] = {4, {0, -1, 1, 0, 0, 1, -1, 0}},
    [THEME_SHAPE_HEXAGON] = {6, {-1, 0, -.5f, -.87f, .5f, -.87f, 1, 0, .5f, .87f, -.5f, .87f}},
    [THEME_SHAPE_TRAPEZIUM] = {4, {-1, -.72f, 1, -.72f, .6f, .72f, -.6f, .72f}},
    [THEME_SHAPE_TRIANGLE] = {3, {0, -.95f, 1, .8f, -1, .8f}},
    [THEME_SHAPE_OCTAGON] = {8,
                             {-.41f, -.95f, .41f, -.95f, .95f, -.41f, .95f, .41f, .41f, .95f, -.41f,
                              .95f, -.95f, .41f, -.95f, -.41f}},
};

/* Where a mark is drawn. */
struct spot {
    struct draw_list *list;
    float x, y, r; /* centre and half the size */
    uint32_t fill, edge;
    float line;
};

static struct draw_box spot_box(const struct spot *s, float half_w, float half_h)
{
    return (struct draw_box){s->x - half_w * s->r, s->y - half_h * s->r, 2 * half_w * s->r,
                             2 * half_h * s->r};
}

static void draw_outline(const struct spot *s, const struct outline *outline)
{
    float points[16];
    for (size_t i = 0; i < outline->count; i++) {
        points[2 * i] = s->x + outline->points[2 * i] * s->r;
        points[2 * i + 1] = s->y + outline->points[2 * i + 1] * s->r;
    }
    draw_polygon(s->list, points, outline->count, s->fill, s->edge, s->line);
}

/* A body with a round bottom, and the lid as an oval on it. */
static void draw_cylinder(const struct spot *s)
{
    float w = .8f * s->r, lid = .3f * s->r, top = s->y - .66f * s->r, bottom = s->y + .66f * s->r;
    const float k = .5523f; /* a quarter of an ellipse as a Bezier curve */
    struct draw_box body = {s->x - w, top, 2 * w, bottom - top};
    const float rim[] = {
        s->x - w, top,          s->x - w,     bottom,           s->x - w,     bottom,
        s->x - w, bottom,       s->x - w,     bottom + k * lid, s->x - k * w, bottom + lid,
        s->x,     bottom + lid, s->x + k * w, bottom + lid,     s->x + w,     bottom + k * lid,
        s->x + w, bottom,       s->x + w,     bottom,           s->x + w,     bottom,
        s->x + w, top};
    draw_oval(s->list, (struct draw_box){s->x - w, bottom - lid, 2 * w, 2 * lid}, s->fill, 0, 0);
    draw_rect(s->list, body, 0, s->fill, 0, 0);
    draw_curve(s->list, rim, sizeof rim / sizeof rim[0] / 2, s->edge, s->line, 0);
    draw_oval(s->list, (struct draw_box){s->x - w, top - lid, 2 * w, 2 * lid}, s->fill, s->edge,
              s->line);
}

/* A folder's tab: the sheet with a smaller piece standing out on its upper left. */
static void draw_tab(const struct spot *s)
{
    static const struct outline tab = {
        8,
        {-.9f, -.85f, 0, -.85f, .22f, -.5f, .9f, -.5f, .9f, .85f, -.9f, .85f, -.9f, 0, -.9f, -.5f}};
    draw_outline(s, &tab);
}

/* Three rows of bricks. */
static void draw_wall(const struct spot *s)
{
    static const float joints[][4] = {{-.95f, -.25f, .95f, -.25f}, {-.95f, .25f, .95f, .25f},
                                      {0, -.75f, 0, -.25f},        {-.5f, -.25f, -.5f, .25f},
                                      {.5f, -.25f, .5f, .25f},     {0, .25f, 0, .75f}};
    draw_rect(s->list, spot_box(s, .95f, .75f), 1, s->fill, s->edge, s->line);
    for (size_t i = 0; i < sizeof joints / sizeof joints[0]; i++)
        draw_line(s->list, s->x + joints[i][0] * s->r, s->y + joints[i][1] * s->r,
                  s->x + joints[i][2] * s->r, s->y + joints[i][3] * s->r, s->edge, s->line * .7f,
                  0);
}

static void draw_shape(const struct spot *s, enum theme_shape shape)
{
    switch (shape) {
    case THEME_SHAPE_CIRCLE:
        draw_oval(s->list, spot_box(s, .95f, .95f), s->fill, s->edge, s->line);
        break;
    case THEME_SHAPE_SQUARE:
        draw_rect(s->list, spot_box(s, .85f, .85f), .16f * s->r, s->fill, s->edge, s->line);
        break;
    case THEME_SHAPE_CYLINDER:
        draw_cylinder(s);
        break;
    case THEME_SHAPE_TAB:
        draw_tab(s);
        break;
    case THEME_SHAPE_WALL:
        draw_wall(s);
        break;
    case THEME_SHAPE_PENTAGON:
    case THEME_SHAPE_DIAMOND:
    case THEME_SHAPE_HEXAGON:
    case THEME_SHAPE_TRAPEZIUM:
    case THEME_SHAPE_TRIANGLE:
    case THEME_SHAPE_OCTAGON:
        draw_outline(s, &outlines[shape]);
        break;
    }
}

/* Shapes whose middle is not the middle of their square. */
static float letter_drop(enum theme_shape shape)
{
    return shape == THEME_SHAPE_TRIANGLE   ? .2f
           : shape == THEME_SHAPE_TAB      ? .17f
           : shape == THEME_SHAPE_PENTAGON ? .04f
                                           : 0;
}

void mark_draw(struct draw_list *list, const struct theme *theme, const struct theme_mark *mark,
               float x, float y, float size)
{
    float inset = theme->line / 2;
    /* White needs its dark outline on dark ground too, or the lines within it are lost. */
    uint32_t edge = mark->fill == 0xFFFFFFFF ? mark->outline : theme->mark_edge;
    struct spot s = {list, x, y, size / 2 - inset, mark->fill, edge, theme->line * .75f};
    draw_shape(&s, mark->shape);
    if (!mark->letter[0])
        return;
    bool is_narrow = mark->shape == THEME_SHAPE_TRIANGLE || mark->shape == THEME_SHAPE_DIAMOND;
    float letter = roundf(size * (is_narrow ? .42f : .54f));
    float top = y + letter_drop(mark->shape) * s.r - draw_line_height(letter) / 2;
    draw_string(list, x, top, 0, DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, letter, mark->ink,
                slice_of(mark->letter));
}

/* A line through points of the square from -1 to 1. */
static void draw_strokes(const struct spot *s, const float *points, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        draw_line(s->list, s->x + points[2 * i] * s->r, s->y + points[2 * i + 1] * s->r,
                  s->x + points[2 * i + 2] * s->r, s->y + points[2 * i + 3] * s->r, s->edge,
                  s->line, 0);
}

static void draw_clock(const struct spot *s)
{
    static const float hands[] = {0, -.5f, 0, 0, .38f, .22f};
    draw_oval(s->list, spot_box(s, .85f, .85f), 0, s->edge, s->line);
    draw_strokes(s, hands, 3);
}

static void draw_lock(const struct spot *s)
{
    const float x = s->x, y = s->y, r = s->r;
    const float bow[] = {x - .45f * r, y, x - .45f * r, y - 1.1f * r, x + .45f * r, y - 1.1f * r,
                         x + .45f * r, y};
    draw_curve(s->list, bow, 4, s->edge, s->line, 0);
    draw_rect(s->list, (struct draw_box){x - .7f * r, y - .1f * r, 1.4f * r, r}, .15f * r, s->edge,
              0, 0);
}

static void draw_eye(const struct spot *s)
{
    const float x = s->x, y = s->y, r = s->r;
    const float lids[] = {x - r, y, x - .4f * r, y - .9f * r, x + .4f * r, y - .9f * r,
                          x + r, y, x + .4f * r, y + .9f * r, x - .4f * r, y + .9f * r,
                          x - r, y};
    draw_curve(s->list, lids, 7, s->edge, s->line, 0);
    draw_oval(s->list, spot_box(s, .32f, .32f), s->edge, 0, 0);
}

/* A triangle with a stroke and a point in it. */
static void draw_warning(const struct spot *s)
{
    static const float stroke[] = {0, -.3f, 0, .25f};
    draw_outline(s, &outlines[THEME_SHAPE_TRIANGLE]);
    draw_strokes(s, stroke, 2);
    draw_oval(s->list, (struct draw_box){s->x - s->line / 2, s->y + .45f * s->r, s->line, s->line},
              s->edge, 0, 0);
}

static void draw_envelope(const struct spot *s)
{
    static const float flap[] = {-.86f, -.5f, 0, .14f, .86f, -.5f};
    draw_rect(s->list, spot_box(s, .95f, .66f), .14f * s->r, s->fill, s->edge, s->line);
    draw_strokes(s, flap, 3);
}

static void draw_solid(const struct spot *s, const struct outline *outline)
{
    struct spot solid = *s;
    solid.fill = s->edge;
    solid.edge = 0;
    draw_outline(&solid, outline);
}

/* A triangle, and a bar at its point (to +1) or behind it (to -1). */
static void draw_step(const struct spot *s, float to)
{
    const struct outline triangle = {3, {-.6f * to, -.7f, -.6f * to, .7f, .4f * to, 0}};
    const struct outline bar = {4,
                                {.45f * to, -.7f, .7f * to, -.7f, .7f * to, .7f, .45f * to, .7f}};
    draw_solid(s, &triangle);
    draw_solid(s, &bar);
}

static void draw_pause(const struct spot *s)
{
    static const struct outline left = {4, {-.55f, -.7f, -.15f, -.7f, -.15f, .7f, -.55f, .7f}};
    static const struct outline right = {4, {.15f, -.7f, .55f, -.7f, .55f, .7f, .15f, .7f}};
    draw_solid(s, &left);
    draw_solid(s, &right);
}

void mark_sign(struct draw_list *list, const struct theme *theme, enum mark_sign sign, float x,
               float y, float size, uint32_t colour)
{
    static const float tick[] = {-.75f, .05f, -.2f, .6f, .8f, -.6f};
    static const float down[] = {-.65f, -.65f, .65f, .65f}, up[] = {-.65f, .65f, .65f, -.65f};
    static const struct outline play = {3, {-.5f, -.75f, .75f, 0, -.5f, .75f}};
    struct spot s = {list, x, y, size / 2, theme->token, colour, fmaxf(theme->line, size / 8)};
    switch (sign) {
    case MARK_TICK:
        draw_strokes(&s, tick, 3);
        break;
    case MARK_CLOCK:
        draw_clock(&s);
        break;
    case MARK_CROSS:
        draw_strokes(&s, down, 2);
        draw_strokes(&s, up, 2);
        break;
    case MARK_LOCK:
        draw_lock(&s);
        break;
    case MARK_EYE:
        draw_eye(&s);
        break;
    case MARK_WALL:
        s.fill = theme->panel;
        s.line = theme->line * .75f;
        draw_wall(&s);
        break;
    case MARK_WARNING:
        s.fill = theme->panel;
        s.line = fmaxf(theme->line * .75f, size / 10);
        draw_warning(&s);
        break;
    case MARK_ENVELOPE:
        s.line = theme->line * .75f;
        s.edge = theme->token_edge; /* on the token's own ground, whatever lies around it */
        draw_envelope(&s);
        break;
    case MARK_PLAY:
        draw_solid(&s, &play);
        break;
    case MARK_PAUSE:
        draw_pause(&s);
        break;
    case MARK_NEXT:
        draw_step(&s, 1);
        break;
    case MARK_PREVIOUS:
        draw_step(&s, -1);
        break;
    }
}

void mark_flag(struct draw_list *list, float x, float y, float size, uint32_t colour, float width)
{
    const float points[] = {x, y - size, x + size * .7f, y - size * .75f, x, y - size * .5f};
    draw_line(list, x, y, x, y - size, colour, width, 0);
    draw_polygon(list, points, 3, colour, 0, 0);
}

void mark_arrow(struct draw_list *list, float x, float y, float dx, float dy, float size,
                bool is_filled, uint32_t colour, float width)
{
    float length = hypotf(dx, dy);
    if (!(length > 0))
        return;
    dx *= size / length;
    dy *= size / length;
    const float points[] = {x - dx - dy * .5f, y - dy + dx * .5f, x, y,
                            x - dx + dy * .5f, y - dy - dx * .5f};
    if (is_filled) {
        draw_polygon(list, points, 3, colour, 0, 0);
        return;
    }
    draw_line(list, points[0], points[1], x, y, colour, width, 0);
    draw_line(list, x, y, points[4], points[5], colour, width, 0);
}
