/*
 * Numbers and colours as text, the same whatever the user's language does to printf (a German
 * locale writes 1,5). For draw_text and the SVG writer. All give false when `out` is full.
 */
#ifndef RENDER_DRAW_PRINT_H
#define RENDER_DRAW_PRINT_H

#include "sim/base/bytes.h"

/* To a hundredth, without trailing zeros: "12.5", "-3". Not a number is "0"; clamped to 1e9. */
bool print_number(struct bytes *out, float value);
/* "#0072b2"; the alpha is left to the caller. */
bool print_colour(struct bytes *out, uint32_t colour);

#endif
