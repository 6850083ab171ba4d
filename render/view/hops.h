/* Private to this folder: the hops of a header (render/scene/hops.h) in words. */
#ifndef RENDER_VIEW_HOPS_H
#define RENDER_VIEW_HOPS_H

#include "render/scene/hops.h"
#include "render/view/state.h"

/* "2 min 31 s", "3 d 4 h", "0 s"; below 0 with a minus sign. */
struct slice hops_duration(struct arena *arena, int64_t seconds);

#endif
