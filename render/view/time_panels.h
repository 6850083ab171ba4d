/*
 * Private to this folder: what the panels about time keep between frames: the strip above the time
 * line, the ladder, bookmarks, a run until something happens, and the second run of a fork. One of
 * these belongs to each view.
 */
#ifndef RENDER_VIEW_TIME_PANELS_H
#define RENDER_VIEW_TIME_PANELS_H

#include "render/view/ladder_rows.h"
#include "render/view/state.h"
#include "sim/trace/pairing.h"

/* ---- timeline_cells.c: what the strip shows, a pixel a cell; worked out when something changed
   ---- */

struct strip_cell {
    uint32_t hop, trouble, leap; /* events plus 1 that stand for this pixel; 0 none */
    uint32_t open;               /* connections */
    bool is_mine;                /* the hop is one of the chosen message */
    bool differs;                /* something happens here that does not in the other run */
};

struct strip {
    double from, to; /* the part of the time line that is shown: shares; both 0: all of it */
    int64_t t;       /* for which the part was last moved to show it */
    double pan_from; /* where it began when it is drawn with the mouse, and the mouse then */
    float pan_x;
    VECTOR(struct strip_cell) cells;
    uint32_t open_most;
    /* for which the cells are right: */
    const struct log *log;
    uint32_t count, msg;
    size_t compared;
    double cells_from, cells_to;
};

/* The part that is shown. */
double strip_from(const struct view *view);
double strip_to(const struct view *view);
float strip_x(const struct view *view, struct draw_box bar, int64_t t);
int64_t strip_at_x(const struct view *view, struct draw_box bar, float x);
void strip_update(struct view *view, size_t pixels);
/* What ends something is worth more than what goes on; 0 to 3. */
int strip_weight(const struct event *e);
/* Zooms by so many steps of the wheel around this share of the part. */
void strip_zoom(struct view *view, float lines, double around);
void strip_move(struct view *view, double from);

/* ---- timeline_strip.c ---- */
float strip_height(const struct view *view, bool is_thin);
void strip_draw(struct view *view, struct draw_box box, bool is_thin);
void strip_hover_draw(struct view *view); /* after all else: it lies over the other panels */
/* Where its lanes are. */
struct strip_lanes {
    struct draw_box ruler, faults, mail, line, trouble;
    float gutter; /* at the left, for the lanes' names; 0 none */
    float whole;  /* of the ruler at its right, for the button that shows all of it; 0 none */
};
void strip_ticks_draw(struct view *view, const struct strip_lanes *lanes); /* timeline_ruler.c */
void strip_spans_draw(struct view *view, struct draw_box all);             /* timeline_spans.c */
void strip_moments_draw(struct view *view, const struct strip_lanes *lanes);
ui_act strip_whole_act;
ui_act strip_zoom_act; /* around the moment shown; arg: 0 out, 1 in */

/* ---- bookmarks.c ---- */
enum { BOOKMARKS_MAX = 64, BOOKMARK_NAME = 64 };
struct bookmark {
    int64_t t;
    char name[BOOKMARK_NAME];
};
struct bookmarks {
    struct bookmark items[BOOKMARKS_MAX]; /* in order of time */
    size_t count;
    struct ui_edit name;
    struct rows_scroll scroll;
};
/* False when there is no room for one more. */
ui_act bookmark_go_act; /* arg: which one */
bool bookmark_add(struct view *view, int64_t t, struct slice name);
extern const struct overlay bookmarks_overlay;

/* ---- until.c, until_goal.c: run until something happens ---- */
enum until_kind {
    UNTIL_DELIVERED,
    UNTIL_BOUNCED,
    UNTIL_REFUSED, /* a 5xx, -ERR or NO */
    UNTIL_LATER,   /* a 4xx */
    UNTIL_HOST,
    UNTIL_MESSAGE,
    UNTIL_FAULT,
    UNTIL_EVENT,
    UNTIL_TIME,
    UNTIL_KIND_COUNT
};
struct until_goal {
    enum until_kind kind;
    uint32_t host, msg;    /* of HOST and MESSAGE; msg also of others when it is not 0 */
    enum event_kind event; /* of EVENT */
    int64_t t;             /* of TIME */
};
struct until {
    struct ui_edit event, time;
    bool of_message; /* only what happens to the chosen message */
    bool is_running; /* the log did not have it yet: the world is asked for more */
    struct until_goal goal;
    uint32_t seen; /* events looked at */
    int asked, idle;
};
bool until_is_met(const struct log *log, const struct event *e, const struct until_goal *goal);
/* The next event after t that meets it, or the last one before; INDEX_NO_EVENT. */
uint32_t until_find(const struct log *log, int64_t t, const struct until_goal *goal, bool is_back);
/* "09:03:00", "+5m", "-10s", "2h": a clock time of the day of t, a way from t, or from the start.
 */
bool until_parse_time(const struct log *log, int64_t t, struct slice text, int64_t *target);
void until_start(struct view *view, const struct until_goal *goal, bool is_back);
void until_tick(struct view *view);
/* True when it was running: Esc means that. */
bool until_break(struct view *view);
extern const struct overlay until_overlay;

/* ---- compare.c, compare_align.c: the second run of a fork ---- */
enum { COMPARE_NAME = 96 };
struct compare {
    char line[256];  /* what was changed */
    uint32_t chosen; /* 0: further actions go to the first run; 1 to the other */
    bool has_fork;
    /* Of two runs of which neither was forked from the other: their names, and the first event that
       only this one has, INDEX_NO_EVENT none. */
    bool is_beside;
    char names[VIEW_RUNS][COMPARE_NAME];
    uint32_t first[VIEW_RUNS];
    struct pairing hops;              /* events after the fork, aligned, in order of time */
    uint32_t here_count, there_count; /* events of each log for which the rows are right */
    uint32_t followed_msg, followed_conn;
    float scroll;
    int64_t scroll_t;
    bool hides_same;
    struct ui_edit what_if;
};
/* The run whose panels are shown: the view, or its other one when that is chosen. */
struct view *compare_shown(struct view *view);
/* Up to date with both logs. */
void compare_update(struct view *view);
void compare_align(struct compare *compare, const struct view *here, const struct view *there);
int64_t compare_row_t(const struct view *here, const struct view *there,
                      const struct pairing_row *row);
/* Around all parts of a frame that the other run may draw. */
void compare_frame_begin(struct view *view);
void compare_frame_end(struct view *view);
/* What it is called; in `arena`. */
struct slice compare_title(const struct view *view, struct arena *arena, uint32_t run);
/* Both maps, with their names and what differs; a tab, of the chosen run or of both when it has all
   the room. False without a second run: nothing is drawn. */
bool compare_draw_maps(struct view *view, struct draw_box box);
struct tab;
bool compare_draw_tab(struct view *view, const struct tab *tab, struct draw_box box,
                      struct draw_box *tools);
/* The second run shows the same moment and the same choice, and after something was done in its
   part, the first one does. */
void compare_follow(struct view *view);
void compare_after(struct view *view);
/* The run that a widget belongs to; the mouse is where it is in both. */
struct view *compare_owner(struct view *view, bool of_other);
/* What is done on a map is done in the run that it shows. */
void compare_choose_at_mouse(struct view *view);
int64_t compare_end(const struct view *view); /* the later end of the two runs */
/* What is otherwise at this moment, in words; "" without a second run. In `arena`. */
struct slice compare_caption(const struct view *view, struct arena *arena);
extern const struct overlay what_if_overlay;

struct time_panels {
    struct strip strip;
    struct ladder *ladder;
    struct bookmarks bookmarks;
    struct until until;
    struct compare compare;
};

struct time_panels *time_panels_create(void);
void time_panels_destroy(struct time_panels *panels);
/* Another log; with `is_same_run` one that is the same up to t. */
void time_panels_new_log(struct view *view, bool is_same_run);

#endif
