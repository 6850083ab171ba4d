/*
 * What can be opened, for the window's picker: interrupted work, recent files, and the topologies
 * that come with mailflow.
 */
#ifndef APP_PICKER_H
#define APP_PICKER_H

#include "render/view/view.h"

/* In front of the path of interrupted work that is to be taken up again. */
#define PICKER_WORK "work:"

/* Gives the view its rows and opens the picker. `keeps`: interrupted work and recent files are
   known, as they are to a person but not to a script. */
void picker_show(struct view *view, bool keeps);

#endif
