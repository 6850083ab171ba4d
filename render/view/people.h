/*
 * Private to this folder: who there is at the moment shown that can write, by mail program or in a
 * browser. Each is an agent's place.
 */
#ifndef RENDER_VIEW_PEOPLE_H
#define RENDER_VIEW_PEOPLE_H

#include "render/view/state.h"

/* The next one behind `place` (0: the first); 0 at the end. */
uint32_t people_next(const struct view *view, uint32_t place);
/* The first one at the host, or 0. */
uint32_t people_at(const struct view *view, uint32_t host);
/* The address; "" of an agent that is nobody's. */
struct slice people_user(const struct view *view, uint32_t place);
/* Who has several programs is one person: is this not the first of them? */
bool people_is_repeated(const struct view *view, uint32_t place);
/* Who writes with this agent: an address means the first of a person's mail programs, another one
   goes by its id. */
struct slice people_author(const struct view *view, uint32_t place);
/* The address of the first one who is somebody else than the author; "" there is none. */
struct slice people_other(const struct view *view, struct slice author);

#endif
