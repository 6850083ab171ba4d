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

enum lint_kind {
    LINT_COVERED, /* something opaque was painted over a part of it */
    LINT_OVER,    /* two texts in one place */
    LINT_CUT      /* it goes beyond the border of its panel, or of the picture */
};

enum { LINT_FOUND_MAX = 32 };

struct lint_found {
    enum lint_kind kind;
    struct slice text, other; /* in the list; other: "" when it is no text */
    struct draw_box box;      /* of the text */
};

struct lint {
    struct draw_box part; /* given */
    struct lint_found found[LINT_FOUND_MAX];
    size_t count; /* beyond LINT_FOUND_MAX they are only counted */
};

void lint_picture(struct lint *lint, const struct draw_list *list);
const char *lint_name(enum lint_kind kind);
/* So much of two boxes is shared that a reader is disturbed. */
bool lint_is_over(struct draw_box a, struct draw_box b);

#endif
