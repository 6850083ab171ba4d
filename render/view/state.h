/*
 * Private to this folder: the state of a view, the actions of its widgets, and its panels.
 */
#ifndef RENDER_VIEW_STATE_H
#define RENDER_VIEW_STATE_H

#include "render/scene/layout.h"
#include "render/scene/scene.h"
#include "render/view/index.h"
#include "render/view/ui.h"
#include "render/view/view.h"

enum view_action {
    ACTION_NONE,
    ACTION_HOVER, /* a region that only lights things up */
    ACTION_PLAY,
    ACTION_EVENT_NEXT,
    ACTION_EVENT_BACK,
    ACTION_TURN_NEXT,
    ACTION_TURN_BACK,
    ACTION_HOP_NEXT,
    ACTION_HOP_BACK,
    ACTION_MESSAGE_NEXT,
    ACTION_HOME,
    ACTION_END,
    ACTION_FASTER,
    ACTION_SLOWER,
    ACTION_SCRUB,
    ACTION_THEME,
    ACTION_OVERLAY, /* arg: enum view_overlay */
    ACTION_CLOSE,
    ACTION_PACKETS,
    ACTION_TAB, /* arg: 0 the header, 1 the events; 2 the other one */
    ACTION_CHOOSE_HOST,
    ACTION_CHOOSE_CONN,
    ACTION_CHOOSE_MESSAGE,
    ACTION_CHOOSE_HOP, /* arg: number of the Received field from the oldest, from 1 */
    ACTION_CHOOSE_EVENT,
    ACTION_FOCUS_FIELD, /* arg: enum view_field */
    ACTION_FILL_FROM,   /* arg: place of the agent whose user is meant */
    ACTION_FILL_TO,
    ACTION_SEND,
    ACTION_FETCH, /* arg: place */
    ACTION_FAULT, /* arg: event id of the palette entry */
    ACTION_PICTURE,
    ACTION_COPY,
    ACTION_QUIT,
    ACTION_PAGE_UP, /* of the header */
    ACTION_PAGE_DOWN,
    ACTION_WHEEL_EVENTS,
    ACTION_WHEEL_DIALOGUE,
    ACTION_WHEEL_HEADER,
    ACTION_WHEEL_PACE
};

enum view_overlay {
    OVERLAY_NONE,
    OVERLAY_COMPOSE,
    OVERLAY_HELP,
    OVERLAY_FAULTS,
    OVERLAY_FETCH,
    OVERLAY_WORDS
};
enum view_field { FIELD_FROM, FIELD_TO, FIELD_SUBJECT, FIELD_BODY, FIELD_COUNT };

enum { VIEW_REQUESTS = 8, VIEW_NOTICE = 256, VIEW_PACE_STEPS = 9 };

/* How a host is shown, from the full card down to a dot. */
enum map_detail { MAP_FULL, MAP_SHORT, MAP_MINI, MAP_DOT };

struct map_host {
    uint32_t place;
    uint32_t group; /* index into groups */
    struct draw_box card;
    struct draw_box all; /* with the room for its token above and its counts below */
};

/* The hosts of an organisation, or one host that has none. */
struct map_group {
    uint32_t admd;       /* text; 0 none */
    struct draw_box box; /* around its hosts, with its edge and title */
};

struct map {
    VECTOR(struct map_group) groups;
    VECTOR(struct map_host) hosts; /* in reading order: left to right, top to bottom */
    VECTOR(uint32_t) by_place;     /* [place - 1]: index into hosts plus 1 */
    enum map_detail detail;
    VECTOR(struct draw_box) taken; /* by labels, in this frame: the next ones keep off */
    struct draw_box box;           /* for which the above was worked out */
    enum theme_id theme;
    uint32_t place_count;
    bool is_ready;
};

/* How the list of a frame is stretched; see zoom.c. */
struct zoom {
    float factor;
    draw_measure *measure;
    void *context;
};

struct view {
    const struct log *log;
    struct scene scene;
    struct layout layout;
    uint32_t layout_places;
    struct index index;
    struct ui ui;
    struct map map;
    enum theme_id theme;
    float zoom;           /* units of the caller in one of ours */
    float zoom_w, zoom_h; /* for which, and with which hosts and theme, it was found */
    enum theme_id zoom_theme;
    uint32_t zoom_places;

    /* the moment */
    int64_t t;
    bool is_playing;
    int pace;        /* step of the pace, see play.c */
    bool is_gliding; /* a step forward is shown as a short glide */
    int64_t glide_to;
    float glide_speed; /* times the plain pace */
    float carry_ms;
    int64_t leap_ns;               /* the silence that is or was just leapt over */
    int leap_ms;                   /* how long the note of it stays */
    enum view_action waiting_step; /* asked for at the end of the log */

    /* what is chosen; 0 is "follow what happens" */
    uint32_t chosen_msg, chosen_conn, chosen_host, chosen_hop;
    uint32_t chosen_event; /* INDEX_NO_EVENT: none */
    /* and what follows from it for this frame */
    uint32_t msg, conn, event;
    uint32_t hover_host, hover_hop;

    bool show_packets;
    bool is_compact;   /* too low for all panels: header and events share a place */
    bool shows_events; /* there, the events */
    float scroll_events, scroll_dialogue, scroll_header; /* lines away from where they would be */
    enum view_overlay overlay;
    struct ui_edit fields[FIELD_COUNT];
    bool swallows_text;         /* the letter of a key that opened the form is not for its fields */
    char focus_before[UI_NAME]; /* restored when the overlay closes */

    struct view_request requests[VIEW_REQUESTS];
    size_t request_count;
    char notice[VIEW_NOTICE];
    int notice_ms;
    bool has_hint; /* what to press is said until the first key or press */
    char caption[1024];
    size_t caption_size;
};

/* ---- play.c: time ---- */
void play_step(struct view *view, enum view_action step);
void play_seek(struct view *view, int64_t t);
void play_toggle(struct view *view);
void play_pace(struct view *view, int steps);
float play_speed(const struct view *view);
/* Where a moment lies on the time line, 0 to 1, and back. */
float play_share(const struct view *view, int64_t t);
int64_t play_at_share(const struct view *view, float share);
const struct index_list *play_rows(const struct view *view);

/* ---- act.c: what widgets and keys do ---- */
void act(struct view *view, enum view_action action, uint32_t arg);
struct view_request *act_request(struct view *view, enum view_request_kind kind);

/* ---- zoom.c ---- */
float zoom_of(enum theme_id theme, float w, float h);
void zoom_begin(struct zoom *zoom, struct draw_list *list, float factor);
void zoom_end(struct zoom *zoom, struct draw_list *list);

/* ---- view.c ---- */
/* Brings scene, index and layout up to the moment shown. */
void view_refresh(struct view *view);

/* ---- panels: each draws itself into a box ---- */
void bar_draw(struct view *view, struct draw_box box);
void map_draw(struct view *view, struct draw_box box);
void map_token_draw(struct view *view);
void caption_draw(struct view *view, struct draw_box box);
void dialogue_draw(struct view *view, struct draw_box box);
void header_draw(struct view *view, struct draw_box box);
void events_draw(struct view *view, struct draw_box box);
/* A panel with its title, or in a compact view with the tabs; gives the room inside. */
struct draw_box tabs_panel(struct view *view, struct draw_box box, struct slice title);
void timeline_draw(struct view *view, struct draw_box box);
float timeline_height(const struct view *view);
float caption_height(const struct view *view);
void compose_draw(struct view *view, struct draw_box all);
void compose_open(struct view *view);
void help_draw(struct view *view, struct draw_box all);
void told_draw(struct view *view, struct draw_box all);  /* the picture in words */
void lists_draw(struct view *view, struct draw_box all); /* faults, or whose mail to get */

/* A thin bar at the right of `box` when `whole` is higher than it; `above` is what lies above. */
void scroll_bar_draw(struct view *view, struct draw_box box, float whole, float above);

/* ---- map_arrange.c ---- */
void map_arrange(struct view *view, struct draw_box box);
const struct map_host *map_find(const struct view *view, uint32_t place);

/* The host that a Received field's `by` or `from` names, or 0. */
uint32_t header_host(const struct log *log, struct slice name);
/* The hop that the n-th Received field from the oldest stands for; false when there is none. */
bool header_hop(const struct view *view, uint32_t n, uint32_t *from, uint32_t *by);
/* The header fields of the chosen message at this moment; empty when there is none. */
struct slice header_text(const struct view *view);

/* A title, a close button and the room for the rest, in the middle of `all`. */
struct draw_box overlay_frame(struct view *view, struct draw_box all, float w, float h,
                              const char *title);

/* theme sizes that several panels use */
static inline float row_height(const struct theme *theme)
{
    return draw_line_height(theme->size_text) + 6;
}
static inline float button_height(const struct theme *theme)
{
    float h = draw_line_height(theme->size_text) + 10;
    return h < 28 ? 28 : h;
}

#endif
