/*
 * Private to this folder: forms that ask for a file to look at: a real message, whose header can be
 * pasted instead, and a saved trace that is to be shown beside what is open.
 */
#ifndef RENDER_VIEW_READING_H
#define RENDER_VIEW_READING_H

#include "render/view/state.h"

struct reading {
    struct ui_edit path;
};

ui_act reading_header_act, reading_compare_act;
/* Is the form open in which a pasted text is the header itself? */
bool reading_wants_header(const struct view *view);

#endif
