/*
 * Private to this folder: what stands on the map and where, kept from frame to frame. It is worked
 * out anew when hosts come, go, move or are folded, or when the room or the theme changes
 * (map_arrange.c); where that lies on the screen follows from the camera (map_camera.c).
 */
#ifndef RENDER_VIEW_MAP_H
#define RENDER_VIEW_MAP_H

#include "render/draw/draw.h"
#include "render/draw/theme.h"
#include "render/scene/scene.h"

/* How a host is shown, from the full card down to a dot. */
enum map_detail { MAP_FULL, MAP_SHORT, MAP_MINI, MAP_NAME, MAP_DOT, MAP_DETAILS };

/* A card, and the room for its letter above and its counts below. */
struct map_extent {
    float w, h, above, below;
};

/* What stands on the map: a host, or all hosts of a group in one card. */
struct map_host {
    uint32_t place; /* of a fold: its first host */
    uint32_t group; /* index into groups */
    bool is_fold;
    bool is_seen; /* some of it is within the map's box */
    float x, y;   /* its middle where all fits: units of the box, without camera */
    enum map_detail detail;
    struct draw_box card, all; /* on the screen */
    struct map_extent sizes[MAP_DETAILS];
};

/* The hosts of an organisation, of a domain, or one host that has neither. */
struct map_group {
    uint32_t admd;               /* text; 0 none */
    uint32_t first;              /* the host that came first: by it a fold is known again */
    uint32_t host_count, member; /* its hosts: members[member], and so many */
    uint32_t tint;               /* number of the organisation, for colour and hatch */
    struct slice name;           /* in the log */
    bool is_folded;
    struct draw_box box;       /* around its hosts, with its edge and title; on the screen */
    struct draw_box title;     /* where its name stands; no width: not shown */
    float least_zoom[MAP_DOT]; /* from which there is room for its cards in this detail */
    struct scene_place sum;    /* of its hosts; of use for folds */
    bool is_counted;
};

/* All links between two things on the map. */
struct map_line {
    uint32_t a, b; /* indices into hosts */
    uint32_t link; /* the first of them */
    uint32_t count;
};

/* What one looks at: the middle as shares of the arranged map, and how much it is enlarged. */
struct map_camera {
    float x, y, zoom;  /* 0.5, 0.5, 1: all of it */
    bool is_following; /* the chosen message stays in sight */
};

enum map_stack_kind { MAP_STACK_QUEUE, MAP_STACK_STORE };

/* A queue or mailbox that is open: a list beside its card. */
struct map_stack {
    uint32_t place; /* a host; 0: none is open */
    enum map_stack_kind kind;
    uint32_t skipped; /* rows above */
};

struct map_drag {
    uint32_t place;   /* a host that is being moved; 0 none */
    float x, y;       /* from the mouse to its middle; of a drag of the ground: where it was */
    float at_x, at_y; /* its middle now, as in map_host */
};

struct map {
    VECTOR(struct map_group) groups;
    VECTOR(struct map_host) hosts; /* in reading order: left to right, top to bottom */
    VECTOR(struct map_line) lines;
    VECTOR(uint32_t) by_place;     /* [place - 1]: index into hosts plus 1 */
    VECTOR(uint32_t) group_of;     /* [place - 1]: index into groups plus 1 */
    VECTOR(uint32_t) members;      /* hosts, by their groups */
    VECTOR(uint32_t) agents;       /* [place - 1]: its first agent, or that agent's next; 0 none */
    VECTOR(uint32_t) admds;        /* the events that named one */
    VECTOR(uint32_t) toggled;      /* first hosts of groups that a person has folded or opened */
    VECTOR(uint8_t) linked;        /* [i * hosts + k]: while they are pushed apart */
    VECTOR(uint32_t) titled;       /* indices of groups whose names are in sight */
    VECTOR(uint32_t) seen;         /* indices of hosts that are within the box */
    VECTOR(struct draw_box) taken; /* by labels, in this frame: the next ones keep off */
    struct draw_list layer;        /* what stays the same from frame to frame */
    size_t layer_ends[3];          /* behind areas and links, names, cards */
    uint64_t layer_stamp;
    enum map_detail detail; /* of most, where all fits */
    struct map_camera camera;
    struct map_stack stack;
    struct map_drag drag;
    struct draw_box room;                 /* in which all cards are, where all of the map is seen */
    float room_x, room_y, room_w, room_h; /* where the grid from 0 to 1000 lies: their middles */
    struct map_camera shown;              /* for which the boxes on the screen were worked out */
    bool is_stale;                        /* they are worked out anew all the same */
    struct draw_box box;                  /* for which the above was worked out */
    enum theme_id theme;
    float zoom;           /* of the view */
    uint32_t admd_events; /* of the log that were searched for organisations */
    uint32_t map_event;   /* as in the scene */
    uint32_t counted;     /* events whose counts are in the sums */
    uint32_t serial;      /* of the arrangement */
    uint32_t host_count;  /* folded or not */
    bool is_ready;
};

#endif
