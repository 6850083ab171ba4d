/* The link that a setting names as "a:b", the ids of its hosts in either order. */
#ifndef AGENTS_ROLES_LINE_H
#define AGENTS_ROLES_LINE_H

#include "agents/roles/office.h"

/* 0 when there is none, or the text is empty. */
uint32_t line_find(const struct office *office, struct slice text);

#endif
