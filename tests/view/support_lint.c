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
    static const char *const names[] = {"covered", "over another text", "cut off"};
    return names[kind];
}

static void report(struct walk *walk, enum lint_kind kind, const struct seen *seen,
                   struct slice other)
{
    struct lint *lint = walk->lint;
    if (!lint_is_over(seen->box, lint->part))
        return;
    if (lint->count < LINT_FOUND_MAX)
        lint->found[lint->count] = (struct lint_found){kind, seen->text, other, seen->box};
    lint->count++;
}

/* From the top of capitals to the foot of a "g". */
static struct draw_box text_box(const struct draw_list *list, const struct draw_item *item)
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

/* The same word twice in one place, as over a faded card. */
static bool is_same(const struct seen *a, const struct seen *b)
{
    return slice_equal(a->text, b->text) && fabsf(a->box.x - b->box.x) < 1 &&
           fabsf(a->box.y - b->box.y) < 1;
}

/* A row that a list shows only in part is no fault; a word that ends in the middle is one. */
static void add_text(struct walk *walk, const struct draw_list *list, const struct draw_item *item)
{
    struct seen seen = {text_box(list, item), item->text};
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
        else if (item->kind == DRAW_TEXT)
            add_text(&walk, list, item);
        else if (item->kind == DRAW_RECT && is_opaque(item))
            cover(&walk, clipped(&walk, item->box));
        else if (item->kind == DRAW_OVAL && is_opaque(item))
            cover(&walk, clipped(&walk, middle_of(item->box)));
    }
    vector_finish(&walk.texts);
}
