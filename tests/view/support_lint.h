/*
 * Looks for what cannot be read in a picture: text under something else, text over text, text cut
 * off at a border. It knows the display list only, so it holds for every panel.
 *
 *     struct lint lint = {.part = box};              only what lies in this part of the picture
 *     lint_picture(&lint, &list);
 *     for (size_t i = 0; i < lint.count; i++) ... lint.found[i]
 */
#ifndef TESTS_VIEW_SUPPORT_LINT_H
#define TESTS_VIEW_SUPPORT_LINT_H

#include "render/draw/draw.h"
#include "render/view/ui.h"

enum lint_kind {
    LINT_COVERED, /* something opaque was painted over a part of it */
    LINT_OVER,    /* two texts in one place */
    LINT_CUT,     /* it goes beyond the border of its panel, or of the picture */
    LINT_SHORT,   /* an ellipsis stands for a part of it, and it is not of any length by nature */
    LINT_FAINT,   /* WCAG 2.2 1.4.3: less than 4.5 : 1, or 3 : 1 for large letters */
    LINT_SMALL,   /* WCAG 2.2 2.5.8: something to press that is less than 24 by 24 */
    LINT_CLASH    /* two things to press share a place */
};

enum { LINT_FOUND_MAX = 64 };

struct lint_found {
    enum lint_kind kind;
    struct slice text, other; /* in the list or the widgets; other: "" when there is none */
    struct draw_box box;      /* of the text */
};

struct lint {
    struct draw_box part; /* given */
    size_t first;         /* given: of the texts only those from this item on */
    struct lint_found found[LINT_FOUND_MAX];
    size_t count; /* beyond LINT_FOUND_MAX they are only counted */
};

void lint_picture(struct lint *lint, const struct draw_list *list);
/* These add to what is found. */
void lint_words(struct lint *lint, const struct draw_list *list);
/* Of the widgets that can be reached; `zoom`: pixels in a unit of theirs. */
void lint_widgets(struct lint *lint, const struct ui *ui, float zoom);
const char *lint_name(enum lint_kind kind);
struct draw_box lint_text_box(const struct draw_list *list, const struct draw_item *item);
/* So much of two boxes is shared that a reader is disturbed. */
bool lint_is_over(struct draw_box a, struct draw_box b);

#endif
