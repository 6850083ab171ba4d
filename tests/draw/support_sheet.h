/* A picture with one of everything that can be drawn, in a theme: what the tests paint, and what a
   person looks at when a theme changes. */
#ifndef TESTS_DRAW_SUPPORT_SHEET_H
#define TESTS_DRAW_SUPPORT_SHEET_H

#include "render/draw/draw.h"
#include "render/draw/theme.h"

#define SHEET_W 1280
#define SHEET_H 800

void sheet_draw(struct draw_list *list, const struct theme *theme);

#endif
