/* A display list with letters of one width, and what tests ask of it. */
#ifndef TESTS_VIEW_SUPPORT_LIST_H
#define TESTS_VIEW_SUPPORT_LIST_H

#include "render/draw/draw.h"
#include "render/view/view.h"

/* 0.55 of the size a character, whatever the font. */
float support_measure(void *context, enum draw_font font, float size, struct slice text);
void support_list_init(struct draw_list *list);
/* Draws, and gives whether some text of the picture contains `text`. */
bool support_shows(struct view *view, struct draw_list *list, const char *text);
/* The picture as text, copied into `out`. */
void support_picture(struct view *view, struct draw_list *list, struct bytes *out);
void support_key(struct view *view, int key);
void support_type(struct view *view, const char *text);
/* Ticks until nothing moves any more, a minute of screen time at most. */
void support_settle(struct view *view);

#endif
