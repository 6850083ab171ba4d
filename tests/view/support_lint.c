#include "tests/view/support_lint.h"

#include <math.h>

/* So many pixels may be shared: letters do not fill their boxes. */
#define TOUCHES 2.0f

enum { CLIPS_MAX = 16 };

/* A text that is to be seen so far. */
struct seen {
    struct draw_box box;
    struct slice text;
};

struct walk {
    struct lint *lint;
    VECTOR(struct seen) texts;
    struct draw_box clips[CLIPS_MAX];
    int clip_count;
};

static struct draw_box common(struct draw_box a, struct draw_box b)
{
    float x = fmaxf(a.x, b.x), y = fmaxf(a.y, b.y);
    return (struct draw_box){x, y, fminf(a.x + a.w, b.x + b.w) - x,
                             fminf(a.y + a.h, b.y + b.h) - y};
}

bool lint_is_over(struct draw_box a, struct draw_box b)
{
    struct draw_box c = common(a, b);
    return c.w > TOUCHES && c.h > TOUCHES;
}

const char *lint_name(enum lint_kind kind)
{
    static const char *const names[] = {
        "covered", "over another text",      "cut off", "shortened", "too faint",
        "small",   "in the place of another"};
    return names[kind];
}

static void note(struct lint *lint, enum lint_kind kind, struct draw_box box, struct slice text,
                 struct slice other)
{
    if (!lint_is_over(box, lint->part))
        return;
    if (lint->count < LINT_FOUND_MAX)
        lint->found[lint->count] = (struct lint_found){kind, text, other, box};
    lint->count++;
}

static void report(struct walk *walk, enum lint_kind kind, const struct seen *seen,
                   struct slice other)
{
    note(walk->lint, kind, seen->box, seen->text, other);
}

/* From the top of capitals to the foot of a "g". */
struct draw_box lint_text_box(const struct draw_list *list, const struct draw_item *item)
{
    float w = draw_width(list, item->font, item->size, item->text), x = item->box.x;
    float base = item->box.y + draw_baseline(item->size);
    if (item->align == DRAW_ALIGN_CENTER)
        x += item->box.w > 0 ? (item->box.w - w) / 2 : -w / 2;
    else if (item->align == DRAW_ALIGN_RIGHT)
        x += item->box.w > 0 ? item->box.w - w : -w;
    return (struct draw_box){x, base - 0.72f * item->size, w, 0.9f * item->size};
}

/* What lies under something opaque is gone when nothing of it is left to be seen. */
static void cover(struct walk *walk, struct draw_box box)
{
    size_t kept = 0;
    for (size_t i = 0; i < walk->texts.count; i++) {
        struct seen seen = walk->texts.items[i];
        struct draw_box c = common(seen.box, box);
        if (c.w > seen.box.w - TOUCHES && c.h > seen.box.h - TOUCHES)
            continue;
        if (lint_is_over(seen.box, box))
            report(walk, LINT_COVERED, &seen, SLICE(""));
        walk->texts.items[kept++] = seen;
    }
    walk->texts.count = kept;
}

static struct draw_box clipped(const struct walk *walk, struct draw_box box)
{
    return walk->clip_count ? common(box, walk->clips[walk->clip_count - 1]) : box;
}

/* The same word twice in one place, as over a faded card, or the first of a line in another
   colour. */
static bool is_same(const struct seen *a, const struct seen *b)
{
    return (slice_starts(a->text, b->text) || slice_starts(b->text, a->text)) &&
           fabsf(a->box.x - b->box.x) < 1 && fabsf(a->box.y - b->box.y) < 1;
}

/* A row that a list shows only in part is no fault; a word that ends in the middle is one. */
static void add_text(struct walk *walk, const struct draw_list *list, const struct draw_item *item)
{
    struct seen seen = {lint_text_box(list, item), item->text};
    struct draw_box visible = clipped(walk, seen.box);
    if (visible.h <= TOUCHES || item->text.size == 0)
        return;
    if (visible.w < seen.box.w - TOUCHES)
        report(walk, LINT_CUT, &seen, SLICE(""));
    if (visible.w <= TOUCHES)
        return;
    seen.box = visible;
    for (size_t i = 0; i < walk->texts.count; i++)
        if (lint_is_over(walk->texts.items[i].box, seen.box) &&
            !is_same(&walk->texts.items[i], &seen))
            report(walk, LINT_OVER, &walk->texts.items[i], seen.text);
    *vector_add(&walk->texts) = seen;
}

static void push_clip(struct walk *walk, struct draw_box box)
{
    struct draw_box inner = clipped(walk, box);
    if (walk->clip_count < CLIPS_MAX)
        walk->clips[walk->clip_count++] = inner;
}

static bool is_opaque(const struct draw_item *item)
{
    return (item->fill & 0xFF) == 0xFF;
}

static struct draw_box middle_of(struct draw_box box)
{
    return (struct draw_box){box.x + 0.15f * box.w, box.y + 0.15f * box.h, 0.7f * box.w,
                             0.7f * box.h};
}

void lint_picture(struct lint *lint, const struct draw_list *list)
{
    struct walk walk = {.lint = lint};
    lint->count = 0;
    for (size_t i = 0; i < list->items.count; i++) {
        const struct draw_item *item = &list->items.items[i];
        if (item->kind == DRAW_CLIP)
            push_clip(&walk, item->box);
        else if (item->kind == DRAW_UNCLIP)
            walk.clip_count -= walk.clip_count > 0;
        else if (item->kind == DRAW_TEXT && i >= lint->first)
            add_text(&walk, list, item);
        else if (item->kind == DRAW_RECT && is_opaque(item))
            cover(&walk, clipped(&walk, item->box));
        else if (item->kind == DRAW_OVAL && is_opaque(item))
            cover(&walk, clipped(&walk, middle_of(item->box)));
    }
    vector_finish(&walk.texts);
}

/* ---- shortened, or too faint ---- */

/* What was painted with a fill: a text lies on the last of them that is below its middle. */
struct ground {
    struct draw_box box;
    uint32_t fill;
};

struct words {
    struct lint *lint;
    VECTOR(struct ground) grounds;
    struct draw_box clips[CLIPS_MAX];
    int clip_count;
};

static double linear(uint32_t octet)
{
    double c = octet / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* WCAG 2.2, "relative luminance". */
static double luminance(uint32_t colour)
{
    return 0.2126 * linear(colour >> 24) + 0.7152 * linear(colour >> 16 & 0xFF) +
           0.0722 * linear(colour >> 8 & 0xFF);
}

static uint32_t blend(uint32_t over, uint32_t below)
{
    uint32_t alpha = over & 0xFF, mixed = 0xFF;
    for (int shift = 8; shift < 32; shift += 8) {
        uint32_t a = over >> shift & 0xFF, b = below >> shift & 0xFF;
        mixed |= ((a * alpha + b * (255 - alpha)) / 255) << shift;
    }
    return mixed;
}

static uint32_t ground_at(const struct words *words, size_t count, float x, float y)
{
    while (count-- > 0) {
        const struct ground *g = &words->grounds.items[count];
        if (!ui_is_inside(g->box, x, y))
            continue;
        return (g->fill & 0xFF) == 0xFF ? g->fill : blend(g->fill, ground_at(words, count, x, y));
    }
    return 0xFFFFFFFF;
}

static double contrast(uint32_t ink, uint32_t ground)
{
    double a = luminance(blend(ink, ground)), b = luminance(ground);
    return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

static void check_word(struct words *words, const struct draw_list *list,
                       const struct draw_item *item)
{
    struct draw_box box = lint_text_box(list, item);
    struct draw_box seen =
        words->clip_count ? common(box, words->clips[words->clip_count - 1]) : box;
    if (item->text.size == 0 || seen.w <= TOUCHES || seen.h <= TOUCHES)
        return;
    if (item->is_cut)
        note(words->lint, LINT_SHORT, seen, item->text, SLICE(""));
    bool is_large = item->size >= 24 || (item->size >= 18.66f && item->font == DRAW_FONT_BOLD);
    uint32_t ground =
        ground_at(words, words->grounds.count, seen.x + seen.w / 2, seen.y + seen.h / 2);
    if (contrast(item->fill, ground) < (is_large ? 3.0 : 4.5))
        note(words->lint, LINT_FAINT, seen, item->text, SLICE(""));
}

static struct draw_box points_box(const struct draw_item *item)
{
    float x = item->points[0], y = item->points[1], right = x, bottom = y;
    for (size_t i = 1; i < item->point_count; i++) {
        x = fminf(x, item->points[2 * i]);
        y = fminf(y, item->points[2 * i + 1]);
        right = fmaxf(right, item->points[2 * i]);
        bottom = fmaxf(bottom, item->points[2 * i + 1]);
    }
    return (struct draw_box){x, y, right - x, bottom - y};
}

static void add_ground(struct words *words, const struct draw_item *item)
{
    if ((item->fill & 0xFF) == 0 || (item->kind == DRAW_PATH && item->point_count == 0))
        return;
    struct draw_box box = item->kind == DRAW_PATH ? points_box(item) : item->box;
    if (words->clip_count)
        box = common(box, words->clips[words->clip_count - 1]);
    if (box.w > 0 && box.h > 0)
        *vector_add(&words->grounds) = (struct ground){box, item->fill};
}

static void clip_words(struct words *words, struct draw_box box)
{
    if (words->clip_count)
        box = common(box, words->clips[words->clip_count - 1]);
    if (words->clip_count < CLIPS_MAX)
        words->clips[words->clip_count++] = box;
}

void lint_words(struct lint *lint, const struct draw_list *list)
{
    struct words words = {.lint = lint};
    for (size_t i = 0; i < list->items.count; i++) {
        const struct draw_item *item = &list->items.items[i];
        switch (item->kind) {
        case DRAW_RECT:
        case DRAW_OVAL:
        case DRAW_PATH:
            add_ground(&words, item);
            break;
        case DRAW_TEXT:
            if (i >= lint->first)
                check_word(&words, list, item);
            break;
        case DRAW_CLIP:
            clip_words(&words, item->box);
            break;
        case DRAW_UNCLIP:
            words.clip_count -= words.clip_count > 0;
            break;
        case DRAW_HATCH:
        case DRAW_SHADOW:
            break;
        }
    }
    vector_finish(&words.grounds);
}

/* ---- what can be pressed ---- */

static bool is_within(struct draw_box a, struct draw_box b)
{
    return a.x >= b.x - 1 && a.y >= b.y - 1 && a.x + a.w <= b.x + b.w + 1 &&
           a.y + a.h <= b.y + b.h + 1;
}

void lint_widgets(struct lint *lint, const struct ui *ui, float zoom)
{
    const float least = 23.9f;
    for (size_t i = ui->modal_from; i < ui->widgets.count; i++) {
        const struct ui_widget *a = &ui->widgets.items[i];
        struct draw_box box = {a->box.x * zoom, a->box.y * zoom, a->box.w * zoom, a->box.h * zoom};
        if (!a->can_focus)
            continue;
        /* a line of text is as high as its letters ask for: 2.5.8, "inline" */
        bool is_line = !a->is_button && box.w > 4 * box.h;
        if ((box.w < least || box.h < least) && !is_line)
            note(lint, LINT_SMALL, box, slice_of(a->name), SLICE(""));
        for (size_t k = ui->modal_from; k < i; k++) {
            const struct ui_widget *b = &ui->widgets.items[k];
            if (b->can_focus && lint_is_over(a->box, b->box) && !is_within(a->box, b->box) &&
                !is_within(b->box, a->box))
                note(lint, LINT_CLASH, box, slice_of(a->name), slice_of(b->name));
        }
    }
}
