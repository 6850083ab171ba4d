/* A message of one's own in the small world of the scene's tests, and the words of a tab about it.
 */
#ifndef TESTS_VIEW_SUPPORT_LETTER_H
#define TESTS_VIEW_SUPPORT_LETTER_H

#include "render/view/view.h"
#include "sim/base/arena.h"
#include "tests/scene/support_log.h"

struct letter {
    struct story story;
    struct draw_list list;
    struct view *view; /* NULL until letter_show */
    struct arena arena;
};

void letter_begin(struct letter *letter);
void letter_end(struct letter *letter);
/* Events of message 1; each is 1 s later and caused by the one before. */
uint32_t letter_add(struct letter *letter, enum event_kind kind, const void *fields);
void letter_written(struct letter *letter, struct slice content);
uint32_t letter_conn(struct letter *letter, uint32_t from, uint32_t to, uint32_t port);
void letter_command(struct letter *letter, uint32_t conn, const char *verb, const char *arg);
void letter_reply(struct letter *letter, uint32_t conn, const char *verb, uint32_t code);
void letter_accepted(struct letter *letter, uint32_t at, uint32_t conn, struct slice header,
                     struct slice body);
void letter_delivered(struct letter *letter, struct slice header, struct slice body);
/* Draws the tab with all the room for its dock, at the end of the log. */
void letter_show(struct letter *letter, const char *tab);
void letter_draw(struct letter *letter);
/* The words of all that is shown; until the next call. */
struct slice letter_told(struct letter *letter);
bool letter_tells(struct letter *letter, const char *text);

#endif
