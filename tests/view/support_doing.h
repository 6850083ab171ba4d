/* A person who does things in the window, and the action lines that come of it. */
#ifndef TESTS_VIEW_SUPPORT_DOING_H
#define TESTS_VIEW_SUPPORT_DOING_H

#include "render/view/forms.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

struct doer {
    struct story story;
    struct draw_list list;
    struct view *view;
};

/* The two towns before anything has happened; with forms for a few roles and faults. */
void doer_begin(struct doer *d);
/* What was added to the story's log is shown, at its end. */
void doer_follow(struct doer *d);
void doer_end(struct doer *d);

void doer_draw(struct doer *d);
void doer_press(struct doer *d, const char *widget);
/* The right button on it. */
void doer_menu(struct doer *d, const char *widget);
void doer_key(struct doer *d, int key);
/* Whatever is in the field with the focus makes place. */
void doer_fill(struct doer *d, const char *text);
bool doer_has(struct doer *d, const char *widget);
bool doer_shows(struct doer *d, const char *text);
/* The oldest action line that is asked for must be this one; "" none. */
void doer_expect(struct doer *d, const char *line);

extern const struct view_forms support_forms;

#endif
