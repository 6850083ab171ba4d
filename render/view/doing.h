/*
 * Private to this folder: what a person does to the world. Each way of doing ends in an action
 * line.
 */
#ifndef RENDER_VIEW_DOING_H
#define RENDER_VIEW_DOING_H

#include "render/view/mail_program.h"
#include "render/view/menu.h"
#include "render/view/reading.h"
#include "render/view/sheet.h"
#include "render/view/tools.h"

enum { DOING_BELOW = 4 };

struct asking {
    char why[VIEW_NOTICE]; /* what the open form asked for was refused; "" it was not */
    char focus[UI_NAME];   /* in the form when it asked */
};

struct doing {
    struct {
        const struct overlay *overlay;
        char focus[UI_NAME];
    } below[DOING_BELOW]; /* what is open under the overlay that is seen */
    int depth;
    const struct view_forms *forms; /* NULL: none */
    struct menu menu;
    struct sheet sheet;
    struct mail_program mail;
    struct tools tools;
    struct reading reading;
    struct asking asking;
};

/* What is open under the overlay that is seen; NULL: nothing. */
const struct overlay *overlay_below(const struct view *view);

/* Made when it is first asked for. */
struct doing *doing_of(struct view *view);
void doing_finish(struct view *view); /* also of one that never did anything */
/* What is remembered of the log is forgotten: there is another one. */
void doing_forget(struct view *view);

/* Asks for it at the moment shown, and says what was done and how to take it back; a refusal, which
   comes later, takes that place. */
void doing_do(struct view *view, struct slice line);

/* The same by the form that is open: it closes, and a refusal opens it again as it was left. False
   when the line is too long: the form stays, and says so. */
bool doing_ask(struct view *view, struct slice line);

/* ---- asking.c: what a form asks for ---- */

/* The request by the form that is open, which closes; false as above. */
bool asking_send(struct view *view, enum view_request_kind kind, struct slice text);
/* In the form that is open, until it closes or asks again; a notice where none is. */
void asking_say(struct view *view, struct slice why);
/* `why` speaks of the field with this key, or with this value in it. */
bool asking_blames(struct slice why, struct slice key, struct slice value);
/* Of what is said, with the room below it; 0: nothing is. */
float asking_height(struct view *view, float w);
void asking_draw(struct view *view, struct draw_box box);

/* ---- whom there is ---- */

/* The next agent of a host that is there now, behind `after` (0: the first); 0 at the end. */
uint32_t doing_next_agent(const struct view *view, uint32_t host, uint32_t after);
const struct event_agent *doing_agent(const struct view *view, uint32_t place); /* NULL: none */
bool doing_has_role(const struct view *view, uint32_t place, const char *role);
/* Is this fault of the palette on at the moment shown, by whichever name? */
bool doing_is_offer_on(const struct view *view, const struct event_palette *p);
/* The id of a fault of this kind at this target that is on now: its palette id, or "" when it was
   put together; false when none is. */
bool doing_find_fault(const struct view *view, struct slice kind, struct slice target,
                      struct slice *id);

#endif
