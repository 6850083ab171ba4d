/*
 * Private to this folder: the row of tools with which the network is changed while it runs: hosts
 * are put on the map, links drawn from card to card, names, accounts and DNS records edited.
 */
#ifndef RENDER_VIEW_TOOLS_H
#define RENDER_VIEW_TOOLS_H

#include "render/view/state.h"

enum tools_list { TOOLS_PEOPLE, TOOLS_RECORDS, TOOLS_ADMDS };

struct tools {
    bool is_open;
    uint32_t armed;     /* kind of host that the next press on the map puts there, plus 1; 0 none */
    uint32_t link_from; /* the host from which a link is drawn; 0 none */
    bool is_drawing;    /* with the mouse held down */
    bool is_moving;     /* the host that the map has under way: by keys */
    uint32_t x, y;      /* where the host of the form that is open goes; grid of 0 to 1000 */
    bool is_anywhere;   /* it goes where there is room */
    enum tools_list list;
    struct rows_scroll scroll;
};

/* For this width; 0 when closed. Within a frame. */
float tools_height(struct view *view, float w);
void tools_draw(struct view *view, struct draw_box box);
/* What lies over the map: the place that is pointed at, handles of hosts. Behind the docks. */
void tools_map_draw(struct view *view);

/* arg: a host, or 0: the chosen one */
ui_act tools_act, tools_rename, tools_remove, tools_move, tools_link, tools_add_agent;
ui_act tools_link_settings, tools_remove_link, tools_tap; /* arg: a link */
ui_act tools_remove_agent;                                /* arg: an agent */
ui_act tools_add_here;              /* arg: kind of host; where the mouse is */
ui_act tools_place, tools_firewall; /* arg: a host; of the second also 0, as above */
ui_act tools_firewall_link;         /* arg: a link */
ui_act tools_people, tools_records, tools_admds;
/* The ids of the organisations that there are at the moment shown, with blanks between them. */
struct slice tools_admd_words(const struct view *view, struct arena *arena);
/* The form of a host of this kind, which gets a free place. */
ui_act tools_add_somewhere;
void tools_rename_admd(struct view *view, struct slice id, struct slice name);
ui_act tools_title; /* asks for another one */
ui_act tools_save, tools_export;
ui_act tools_new; /* opens the topology that has a name server only */
/* True when it was under way, and is given up. */
bool tools_escape(struct view *view);

/* ---- tools_add.c: new hosts ---- */

struct tools_kind {
    const char *name, *label, *about;
    const char *roles; /* of its agents, separated by blanks */
};
extern const struct tools_kind tools_kinds[];
extern const size_t tools_kind_count;
/* The form for a host of this kind at x, y of the grid, filled in as far as can be guessed. */
void tools_add_form(struct view *view, uint32_t kind, uint32_t x, uint32_t y);
/* A free id "prefix2" of host or agent; in `arena`. */
struct slice tools_free_id(const struct view *view, const char *prefix, struct arena *arena);

/* ---- tools_list.c: lists of what is no host ---- */

/* Is there a record of this name and type at the moment shown? */
bool tools_has_record(const struct view *view, struct slice name, struct slice type);
/* Is there a server for the domain of this address, or does DNS say so? */
bool tools_takes_mail(const struct view *view, struct slice address);
void tools_list_open(struct view *view, enum tools_list list);

#endif
