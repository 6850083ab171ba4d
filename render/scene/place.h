/* Private to this folder: the two ways of working positions out. Points are by place - 1. */
#ifndef RENDER_SCENE_PLACE_H
#define RENDER_SCENE_PLACE_H

#include "render/scene/layout.h"

/* False when Graphviz can't do it (its plug-ins are missing); then nothing is changed. */
bool place_by_dot(const struct log *log, struct layout_point *points);
void place_in_rings(const struct log *log, struct layout_point *points);

#endif
