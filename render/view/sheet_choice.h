/*
 * Private to this folder: one row of a form (sheet.h) by its widgets: its field, or its choices,
 * which are one stop for Tab: left and right choose, up and down go to the next row.
 */
#ifndef RENDER_VIEW_SHEET_CHOICE_H
#define RENDER_VIEW_SHEET_CHOICE_H

#include "render/view/sheet.h"

void sheet_row_name(const struct sheet_row *row, char name[UI_NAME]);
struct slice sheet_row_text(const struct sheet_row *row); /* trimmed */
bool sheet_row_has_focus(const struct ui *ui, const struct sheet_row *row);
/* To its field, or its choice that holds now. */
void sheet_row_focus(struct view *view, const struct sheet_row *row);
ui_key sheet_row_key; /* of the row that has the focus; no arg */

/* The choices side by side, or one at a time where there are too many for the room. */
void sheet_choices_draw(struct view *view, struct draw_box box, const struct sheet_row *row,
                        uint32_t i);

#endif
