/*
 * Private to this folder: the panels beside and below the map. Each dock shows one of its tabs; a
 * tab is a row of the table in docks.c.
 */
#ifndef RENDER_VIEW_DOCKS_H
#define RENDER_VIEW_DOCKS_H

#include "render/view/state.h"

struct tab {
    const char *name; /* of its widget: "tab-NAME" */
    const char *label;
    enum view_dock dock;
    /* Draws itself into `box`. `tools` is what is left at the right of the row with the tabs'
       names: what a tab takes of it for its own buttons it cuts off. */
    void (*draw)(struct view *view, struct draw_box box, struct draw_box *tools);
    /* Its text twin, appended as lines; what does not fit is left out. NULL: it has none. */
    void (*tell)(struct view *view, struct arena *arena, struct bytes *out);
};

extern const struct tab tabs[];
extern const int tab_count;

/* ---- only.c ---- */
bool only_is_on(const struct view *view);
/* The tab that is all of the picture; NULL: none is. */
const struct tab *only_tab(const struct view *view);
struct slice only_title(const struct view *view, struct arena *arena, struct slice title);
void only_draw(struct view *view, struct draw_box all);

/* The words of the tabs that are shown. */
void docks_tell(struct view *view, struct arena *arena, struct bytes *out);

#endif
