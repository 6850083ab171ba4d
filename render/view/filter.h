/*
 * Private to this folder: lists that are narrowed by typing.
 */
#ifndef RENDER_VIEW_FILTER_H
#define RENDER_VIEW_FILTER_H

#include "sim/base/slice.h"

/* Each word of `typed` is somewhere in one of the texts, small letters and capitals alike. */
bool filter_lets(struct slice typed, const struct slice *texts, size_t count);

#endif
