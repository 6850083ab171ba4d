/*
 * Private to this folder: what the panels about a message, about DNS and about a host have worked
 * out from the log, kept from frame to frame so that a frame works out only what is new. It is made
 * when the first of these panels is drawn.
 */
#ifndef RENDER_VIEW_INSPECTOR_H
#define RENDER_VIEW_INSPECTOR_H

#include "agents/mail/mime.h"
#include "render/scene/authors.h"
#include "render/view/decoded.h"
#include "render/view/diff.h"
#include "render/view/dns_asks.h"
#include "render/view/host_facts.h"
#include "render/view/page.h"

enum { INSPECTOR_FIELDS_MAX = AUTHORS_FIELDS_MAX };

/* The content of a message as its parts, and the one that is shown. */
struct inspector_parts {
    struct slice header, body; /* of which it was made; borrowed from the log */
    struct bytes content;
    struct mime mime;
    bool is_read;
    VECTOR(unsigned) faults; /* of the first parts: see part_faults.h */
    uint32_t shown;          /* the part that is decoded, plus 1; 0 none */
    struct bytes decoded, text;
    bool is_decoded;
};

struct inspector {
    struct stages stages;
    struct authors authors; /* of the last stage by t */
    struct inspector_parts parts;
    struct diff fields, lines; /* of the chosen stage and the one before it */
    uint32_t diff_event;       /* the stage that they are about; INDEX_NO_EVENT none */
    struct dns_asks dns;
    struct dns_cache cache;
    struct host_facts host;
    struct bytes scratch; /* for a moment, so that a frame takes no memory */
    struct decoded decoded;
    float scroll[PAGE_COUNT];
    enum page_id paged; /* the page that the page keys turn; with the focus in DNS, that one */
    /* what the person has opened: 0 nothing, or the number of a row plus 1 */
    uint32_t open_field, open_part, open_ask, open_role;
    uint32_t stage;     /* the event of the stage that is shown; INDEX_NO_EVENT: by t and host */
    uint32_t turned_to; /* the stage to which the page of changes was turned */
    bool asks_are_all;  /* DNS: not only those of the chosen message or host */
};

/* Made when first needed; its indexes are up to the log's end. */
struct inspector *inspector_get(struct view *view);
void inspector_forget(struct view *view); /* the log is another one; what is open stays */
void inspector_finish(struct view *view);
float *inspector_scroll(struct view *view, enum page_id id);

/* Of the header of the chosen stage, else of the last by t; none when there is no stage. */
const struct authors *inspector_authors(struct view *view);

/* The role of an agent: "mta"; "" of a host. */
struct slice inspector_role(const struct log *log, uint32_t place);
/* "mta-out (MTA)". */
struct slice inspector_who(const struct view *view, struct arena *arena, uint32_t place);

/* The stage that is shown: the one that was pressed, else the chosen host's last, else that of the
   chosen event, else the last of all. SLICE_NONE: the message has had none. */
size_t inspector_stage(struct view *view);

/* A button for the words of this tab alone, where there is room for it. */
void inspector_copy_button(struct view *view, struct draw_box *tools, enum page_id id);

/* ---- the tabs, and their words ---- */

void layers_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void parts_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void changes_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void dns_panel_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void host_panel_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void header_tell(struct view *view, struct arena *arena, struct bytes *out);
void layers_tell(struct view *view, struct arena *arena, struct bytes *out);
void parts_tell(struct view *view, struct arena *arena, struct bytes *out);
void changes_tell(struct view *view, struct arena *arena, struct bytes *out);
void dns_panel_tell(struct view *view, struct arena *arena, struct bytes *out);
void host_panel_tell(struct view *view, struct arena *arena, struct bytes *out);

#endif
