/*
 * Private to this folder: what reaches everything by typing, and what a person likes.
 */
#ifndef RENDER_VIEW_PALETTE_H
#define RENDER_VIEW_PALETTE_H

#include "render/view/state.h"

ui_act palette_act; /* opens the list of all commands, hosts, messages and files */
void palette_finish(struct view *view);

/* ---- picker.c: the files that it knows ---- */
size_t picker_count(const struct view *view);
const struct view_choice *picker_choice(const struct view *view, size_t i);
void picker_open(struct view *view, const struct view_choice *row); /* accepts NULL */

/* ---- preferences.c ---- */
ui_act preferences_act; /* opens the form */
ui_act scale_act;       /* arg: 0 as at first, 1 larger, 2 smaller */
ui_act calm_act, classic_act;
ui_act language_act; /* the next one */

#endif
