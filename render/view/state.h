/*
 * Private to this folder: the state of a view, the actions of its widgets, and its panels.
 */
#ifndef RENDER_VIEW_STATE_H
#define RENDER_VIEW_STATE_H

#include "render/scene/layout.h"
#include "render/scene/scene.h"
#include "render/view/index.h"
#include "render/view/map.h"
#include "render/view/rows.h"
#include "render/view/tr.h"
#include "render/view/ui.h"
#include "render/view/view.h"

enum { VIEW_REQUESTS = 8, VIEW_NOTICE = 256, VIEW_PACE_STEPS = 9 };

/* Where tabs are shown, one of them at a time; which there are says docks.c. */
enum view_dock { DOCK_TALK, DOCK_MESSAGE, DOCK_RUN, DOCK_COUNT };

/* What lies over all: a form, a list, a help. Each says its row as `extern const struct overlay`.
 */
struct overlay {
    const char *name;
    void (*open)(struct view *view); /* NULL: nothing to prepare */
    void (*draw)(struct view *view, struct draw_box all);
    ui_act *submit;  /* Ctrl + Enter; NULL */
    bool keeps_keys; /* the keys of commands still work */
    /* On Esc: false where that would lose something, and has just been said; NULL: it may go. */
    bool (*may_close)(struct view *view);
    /* What it asked for was not done, and it is open again; NULL */
    void (*refused)(struct view *view, struct slice why);
};

/* The steps through time: forward at even, back at odd numbers. */
enum play_step {
    STEP_EVENT_NEXT,
    STEP_EVENT_BACK,
    STEP_TURN_NEXT,
    STEP_TURN_BACK,
    STEP_HOP_NEXT,
    STEP_HOP_BACK,
    STEP_MESSAGE_NEXT,
    STEP_NONE
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
    struct zoom stretch;  /* of the last frame; texts are measured with it between frames, too */
    float zoom_w, zoom_h; /* for which, and with which hosts and theme, it was found */
    enum theme_id zoom_theme;
    uint32_t zoom_places, zoom_hosts;
    bool zoom_saw_map;  /* there was one to make room for */
    bool zoom_is_alone; /* a panel took its place */
    int zoom_percent;

    /* the moment */
    int64_t t;
    int64_t reach; /* the end, when that is later than the last event */
    bool is_playing;
    bool plays_a_while; /* for something that was done: a long silence ends it */
    int64_t stood_t;    /* where it stopped for a console that waits for its person; -1 nowhere */
    int pace;           /* step of the pace, see play.c */
    bool is_gliding;    /* a step forward is shown as a short glide */
    int64_t glide_to;
    float glide_speed; /* times the plain pace */
    float carry_ms;
    int64_t leap_ns;             /* the silence that is or was just leapt over */
    int leap_ms;                 /* how long the note of it stays */
    enum play_step waiting_step; /* asked for at the end of the log; STEP_NONE */

    /* what is chosen; 0 is "follow what happens" */
    uint32_t chosen_msg, chosen_conn, chosen_host, chosen_hop;
    uint32_t chosen_event; /* INDEX_NO_EVENT: none */
    /* and what follows from it for this frame */
    uint32_t msg, conn, event;
    uint32_t hover_host, hover_hop;

    bool show_packets;
    bool is_compact;      /* too low for all docks: the last one shows its tabs in the one before */
    bool is_tight;        /* too low for two: all tabs are in the first one */
    int tabs[DOCK_COUNT]; /* the tab that is shown: its place among those of docks.c */
    int only;             /* the whole picture is this panel: a number of only.c; 0: all */
    int big;              /* this dock has all the room; -1: the map; -2: each has its own */
    float split_right, split_talk,
        split_run; /* shares of the room, drawn with the mouse; 0 plain */
    float scroll_events, scroll_dialogue, scroll_header; /* lines away from where they would be */
    struct rows_scroll scroll_choices;                   /* of the lists of faults and readers */
    float scroll_help;                                   /* rows from its top */
    const struct overlay *overlay;                       /* NULL: none */
    struct compose_form *compose;
    struct doing *doing;             /* doing.h; NULL: nothing was done yet */
    struct picker_list *picker;      /* NULL until it is opened */
    struct palette *palette;         /* likewise */
    struct lesson_panel *lesson;     /* NULL: there never was a lesson */
    struct view_console *console;    /* NULL until its tab is drawn */
    struct inspector *inspector;     /* NULL until one of its panels is drawn */
    struct dialogue_panel *dialogue; /* likewise */
    bool swallows_text;         /* the letter of a key that opened the form is not for its fields */
    char focus_before[UI_NAME]; /* restored when the overlay closes */
    struct view_settings settings;
    struct time_panels *time;
    float frame_h;      /* in units of ours */
    struct view *other; /* the other run of a fork, drawn beside this one; NULL */
    int64_t fork_t;     /* up to there they are the same */

    struct view_request requests[VIEW_REQUESTS];
    size_t request_count;
    char notice[VIEW_NOTICE];
    int notice_ms;
    struct draw_box caption_box; /* of this frame; w 0: none is drawn */
    bool has_hint;               /* what to press is said until the first key or press */
    char caption[1024];
    size_t caption_size;
};

/* ---- notice.c ---- */
void notice_draw(struct view *view, float w, float h);

/* ---- play.c: time ---- */
void play_step(struct view *view, enum play_step step);
void play_seek(struct view *view, int64_t t);
void play_toggle(struct view *view);
bool play_rests(const struct view *view); /* nothing comes for long */
void play_pace(struct view *view, int steps);
float play_speed(const struct view *view);
/* Where a moment lies on the time line, 0 to 1, and back. */
float play_share(const struct view *view, int64_t t);
int64_t play_at_share(const struct view *view, float share);
/* The same where the trace is long and a part of it is looked at closely. */
double play_rank_share(const struct view *view, int64_t t);
int64_t play_at_rank_share(const struct view *view, double share);
const struct index_list *play_rows(const struct view *view);
ui_act play_step_act; /* arg: enum play_step */
ui_act play_toggle_act, play_home_act, play_end_act, play_faster_act, play_slower_act;
ui_act play_packets_act;
ui_act bookmarks_act, until_act, what_if_act; /* open their forms */
ui_act bookmark_step_act;                     /* arg: 1 the next one, 0 the one before */
ui_act until_goal_act;                        /* arg: enum until_kind (time_panels.h) */
ui_act ladder_act;                            /* shows the ladder */
ui_turn play_pace_turn;

/* ---- request.c: what only the program can do ---- */
/* Text is copied, and cut to its room. */
void request_add(struct view *view, enum view_request_kind kind, struct slice text);
/* An action line at the moment shown (topologies/action.h has the verbs). */
void request_do(struct view *view, struct slice line);
/* ` key="value"`, for such a line; in `arena`. */
struct slice request_value(struct arena *arena, const char *key, struct slice value);
ui_act request_act; /* arg: the kind; no text */

/* ---- select.c: what one panel chooses lights up in all ---- */
ui_act select_host, select_conn, select_message, select_hop, select_event;

/* ---- overlays.c ---- */
void overlay_open(struct view *view, const struct overlay *overlay); /* the open one: closes it */
void overlay_close(struct view *view);
/* One that has just been closed, with what is in it. */
void overlay_reopen(struct view *view, const struct overlay *overlay);
ui_act overlay_close_act;
extern const struct overlay compose_overlay, help_overlay, faults_overlay, readers_overlay,
    told_overlay;
extern const struct overlay picker_overlay; /* opened by view_set_picker */
void picker_finish(struct view *view);
void compose_finish(struct view *view);
ui_act compose_act, help_act, faults_act, readers_act, told_act; /* open them */

/* ---- docks.c ---- */
void docks_draw(struct view *view, struct draw_box all);
void docks_draw_map(struct view *view, struct draw_box box); /* with the caption below it */
ui_act docks_tab_act;                                        /* arg: a tab's number in docks.c */
ui_act docks_copy_act; /* the words of the tab with the focus, or of the whole picture */
ui_act docks_swap_act; /* where two docks share a place: to the other one's tab */
ui_act docks_big_act;  /* arg: enum view_dock + 1, 0 the map: all the room for it, or as before */
/* Shows the tab of this name, wherever it is. */
void docks_show(struct view *view, const char *name);

/* ---- zoom.c ---- */
float zoom_of(enum theme_id theme, int percent, float w, float h);
void zoom_begin(struct zoom *zoom, struct draw_list *list, float factor);
void zoom_end(struct zoom *zoom, struct draw_list *list);

/* ---- view.c ---- */
/* Brings scene, index and layout up to the moment shown. */
void view_refresh(struct view *view);

/* ---- panels: each draws itself into a box ---- */
void bar_draw(struct view *view, struct draw_box box);
void map_draw(struct view *view, struct draw_box box);
void caption_draw(struct view *view, struct draw_box box);
float caption_height(const struct view *view);
void timeline_draw(struct view *view, struct draw_box box);
float timeline_height(const struct view *view);

/* Tabs: the room is theirs alone, below the row with their names. `tools` is what is left of that
   row at the right; what is taken of it is cut off. */
void dialogue_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void states_draw(struct view *view, struct draw_box box, struct draw_box *tools);
/* In which state the shown session is, and what is legal now; "" when none was shown yet. */
struct slice states_told(const struct view *view, struct arena *arena);
void bytes_draw(struct view *view, struct draw_box box, struct draw_box *tools);
/* The log is another one: what is known of its connections is forgotten, not what is shown. */
void dialogue_forget(struct view *view);
void dialogue_finish(struct view *view);
ui_act dialogue_show_act; /* arg: enum dialogue_show, on or off */
ui_act dialogue_copy_act; /* the dialogue as C: and S: lines, to the clipboard */
void header_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void events_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void dialogue_tell(struct view *view, struct arena *arena, struct bytes *out);
void states_tell(struct view *view, struct arena *arena, struct bytes *out);
void bytes_tell(struct view *view, struct arena *arena, struct bytes *out);
void compare_tell(struct view *view, struct arena *arena, struct bytes *out);
void events_tell(struct view *view, struct arena *arena, struct bytes *out);
void ladder_tell(struct view *view, struct arena *arena, struct bytes *out);
void ladder_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void compare_draw(struct view *view, struct draw_box box, struct draw_box *tools);
ui_act header_page_act; /* arg: 0 up, 1 down */
ui_act view_theme_act;  /* the next one */

/* A thin bar at the right of `box` when `whole` is higher than it; `above` is what lies above. */
void scroll_bar_draw(struct view *view, struct draw_box box, float whole, float above);

/* ---- map_*.c ---- */
ui_act map_zoom_act; /* arg: 1 in, 0 out */
ui_act map_fit_act, map_follow_act;
ui_act map_unfold_all_act; /* opens all that are folded, or folds all */
/* Closes what is open on the map; false when nothing was. */
bool map_escape(struct view *view);
void map_finish(struct map *map);
/* For another log about the same hosts: takes over what the person looks at. */
void map_take_look(struct map *map, struct map *from);

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
