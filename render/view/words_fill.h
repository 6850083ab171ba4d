/*
 * Sentences as templates, one a kind of event: {at} stands for a field, put in as people read it: a
 * place as its host's id, a message as its subject, a text up to its first line end.
 */
#ifndef RENDER_VIEW_WORDS_FILL_H
#define RENDER_VIEW_WORDS_FILL_H

#include "sim/base/arena.h"
#include "sim/trace/log.h"

/* "" for a kind that has none here. What stands between [ and ] is left out when a field in it is
   empty. */
struct slice words_fill(const struct log *log, struct arena *arena, const struct event *e);

#endif
