/*
 * Private to this folder: what an action line has done, in a sentence for the person who pressed
 * something: "Fault on: mx1-down" for "fault mx1-down on".
 */
#ifndef RENDER_VIEW_DEED_H
#define RENDER_VIEW_DEED_H

#include "sim/base/arena.h"
#include "sim/trace/log.h"

struct view_forms;

/* Of several lines, the first. Translated, in the arena; the line itself where it is of no kind
   that is known. A program is called by its host, as on the map, and a fault as in the palette,
   where the log (or NULL) has them; other faults by what the forms (or NULL) say of their kind. */
struct slice deed_done(struct arena *arena, const struct log *log, const struct view_forms *forms,
                       struct slice lines);

struct view;
/* The same in fewer words, for a title: of a fault only what it does to whom. */
struct slice view_deed_brief(const struct view *view, struct arena *arena, struct slice lines);

#endif
