#include <criterion/criterion.h>
#include <math.h>

#include "render/draw/theme.h"

/* WCAG 2.2, definition of relative luminance. */
static double channel(uint32_t value)
{
    double c = value / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t colour)
{
    return 0.2126 * channel(colour >> 24) + 0.7152 * channel(colour >> 16 & 0xFF) +
           0.0722 * channel(colour >> 8 & 0xFF);
}

static double contrast(uint32_t a, uint32_t b)
{
    double la = luminance(a), lb = luminance(b);
    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

static void expect_contrast(const struct theme *theme, const char *what, uint32_t on_top,
                            uint32_t below, double least)
{
    double found = contrast(on_top, below);
    cr_expect(found >= least, "%s: %s #%08x on #%08x is %.2f, less than %.1f", theme->name, what,
              on_top, below, found, least);
}

Test(theme, contrast_is_computed_as_wcag_says)
{
    cr_expect_float_eq(contrast(0x000000FF, 0xFFFFFFFF), 21, 0.001);
    cr_expect_float_eq(contrast(0x777777FF, 0xFFFFFFFF), 4.48, 0.01);
}

/* WCAG 2.2, 1.4.3: text at least 4.5 : 1 against what it stands on. */
Test(theme, text_can_be_read_wherever_it_stands)
{
    for (int i = 0; i < THEME_COUNT; i++) {
        const struct theme *t = theme_get((enum theme_id)i);
        const uint32_t grounds[] = {t->ground,   t->panel,    t->card,     t->accent_soft,
                                    t->tints[0], t->tints[1], t->tints[2], t->tints[3],
                                    t->tints[4], t->tints[5]};
        for (size_t g = 0; g < sizeof grounds / sizeof grounds[0]; g++) {
            expect_contrast(t, "ink", t->ink, grounds[g], 7);
            expect_contrast(t, "ink_soft", t->ink_soft, grounds[g], 4.5);
        }
        for (size_t g = 0; g < 3; g++) {
            expect_contrast(t, "ink_faint", t->ink_faint, grounds[g], 4.5);
            expect_contrast(t, "good", t->good, grounds[g], 4.5);
            expect_contrast(t, "waiting", t->waiting, grounds[g], 4.5);
            expect_contrast(t, "bad", t->bad, grounds[g], 4.5);
            expect_contrast(t, "accent", t->accent, grounds[g], 4.5);
        }
        expect_contrast(t, "panel as ink on accent", t->panel, t->accent, 4.5);
        expect_contrast(t, "token_edge on token", t->token_edge, t->token, 4.5);
        expect_contrast(t, "token_edge on slip", t->token_edge, t->slip, 4.5);
    }
}

/* WCAG 2.2, 1.4.11: lines and symbols that carry meaning at least 3 : 1. */
Test(theme, lines_that_mean_something_can_be_seen)
{
    for (int i = 0; i < THEME_COUNT; i++) {
        const struct theme *t = theme_get((enum theme_id)i);
        const uint32_t grounds[] = {t->ground,   t->panel,    t->card,     t->tints[0], t->tints[1],
                                    t->tints[2], t->tints[3], t->tints[4], t->tints[5]};
        for (size_t g = 0; g < sizeof grounds / sizeof grounds[0]; g++) {
            expect_contrast(t, "push", t->push, grounds[g], 4.5);
            expect_contrast(t, "pull", t->pull, grounds[g], 4.5);
            expect_contrast(t, "link", t->link, grounds[g], 3);
            expect_contrast(t, "link_cut", t->link_cut, grounds[g], 3);
            expect_contrast(t, "accent", t->accent, grounds[g], 3);
        }
        cr_expect_geq(t->line, 1.5f);
    }
}

Test(theme, a_mark_can_be_read_and_seen_on_every_theme)
{
    for (size_t m = 0; m < theme_mark_count(); m++) {
        const struct theme_mark *mark = theme_mark_at(m);
        const struct theme *light = theme_get(THEME_LIGHT);
        expect_contrast(light, mark->role, mark->ink, mark->fill, 4.5);
        for (int i = 0; i < THEME_COUNT; i++) {
            const struct theme *t = theme_get((enum theme_id)i);
            double seen = fmax(contrast(mark->fill, t->card), contrast(t->mark_edge, t->card));
            cr_expect_geq(seen, 3, "%s in %s", mark->role, t->name);
        }
    }
}

/* Curriculum 5.4: colour never says anything alone. */
Test(theme, no_two_kinds_of_agent_share_shape_and_letter)
{
    for (size_t a = 0; a < theme_mark_count(); a++) {
        for (size_t b = a + 1; b < theme_mark_count(); b++) {
            const struct theme_mark *first = theme_mark_at(a), *second = theme_mark_at(b);
            bool is_same = first->shape == second->shape &&
                           slice_equal(slice_of(first->letter), slice_of(second->letter));
            /* A middlebox and a tap are one sign: somebody who should not be there. */
            bool is_intruder = first->shape == THEME_SHAPE_TRIANGLE;
            cr_expect(!is_same || is_intruder, "%s and %s", first->role, second->role);
        }
    }
}

Test(theme, the_marks_are_those_of_the_curriculum)
{
    static const struct {
        const char *role, *letter;
        enum theme_shape shape;
        uint32_t fill;
    } rows[] = {
        {"mua", "U", THEME_SHAPE_CIRCLE, 0x0072B2FF},
        {"msa", "S", THEME_SHAPE_PENTAGON, 0x56B4E9FF},
        {"mta", "T", THEME_SHAPE_SQUARE, 0x009E73FF},
        {"mda", "D", THEME_SHAPE_DIAMOND, 0xCC79A7FF},
        {"store", "", THEME_SHAPE_CYLINDER, 0xFFFFFFFF},
        {"access", "A", THEME_SHAPE_TAB, 0xFFFFFFFF},
        {"mra", "R", THEME_SHAPE_HEXAGON, 0xE69F00FF},
        {"list", "M", THEME_SHAPE_TRAPEZIUM, 0xF0E442FF},
        {"filter", "F", THEME_SHAPE_TRAPEZIUM, 0xF0E442FF},
        {"middlebox", "X", THEME_SHAPE_TRIANGLE, 0xD55E00FF},
        {"something new", "?", THEME_SHAPE_CIRCLE, 0xD9DDE2FF},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct theme_mark *mark = theme_mark(slice_of(rows[i].role));
        cr_expect_str_eq(mark->letter, rows[i].letter);
        cr_expect_eq(mark->shape, rows[i].shape, "%s", rows[i].role);
        cr_expect_eq(mark->fill, rows[i].fill, "%s", rows[i].role);
    }
}

Test(theme, a_theme_is_found_by_its_name)
{
    enum theme_id id = THEME_LIGHT;
    cr_expect(theme_find(SLICE("projector"), &id));
    cr_expect_eq(id, THEME_PROJECTOR);
    cr_expect_not(theme_find(SLICE("Projector"), &id));
    cr_expect_not(theme_find(SLICE(""), &id));
    cr_expect_eq(id, THEME_PROJECTOR);
}

Test(theme, the_projector_is_read_from_the_back_row)
{
    const struct theme *near = theme_get(THEME_LIGHT), *far = theme_get(THEME_PROJECTOR);
    cr_expect_geq(far->size_text, 1.35f * near->size_text);
    cr_expect_geq(far->size_small, 1.35f * near->size_small);
    cr_expect_geq(far->size_mono, 1.35f * near->size_mono);
    cr_expect_gt(far->line, near->line);
}
