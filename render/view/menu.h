/*
 * Private to this folder: a small menu of what can be done to one thing, where that thing is. A row
 * sends an action line or calls an act; a tick stands before what is on.
 *
 *     struct menu *menu = menu_begin(view, title);
 *     menu_line(menu, "down", tr("Switch it off"), line, is_on);
 *     menu_act(menu, "rename", tr("Rename ..."), tools_rename_act, place);
 *     menu_show(view);
 *
 * Texts are copied. Rows beyond MENU_ROWS are left out.
 */
#ifndef RENDER_VIEW_MENU_H
#define RENDER_VIEW_MENU_H

#include "render/view/state.h"

enum { MENU_ROWS = 64 };

struct menu_row {
    char name[UI_NAME]; /* of its widget: "menu-NAME" */
    struct slice label, keys, line;
    struct slice note; /* a sentence, shown below while the row is pointed at; borrowed
                          until the menu is begun anew */
    ui_act *act;
    uint32_t arg;
    bool is_on, is_head, goes_on; /* a title within; another menu follows */
};

struct menu {
    struct arena arena;
    struct slice title;
    struct menu_row rows[MENU_ROWS + 1];
    size_t count;
    float x, y;
    float scroll;
    bool is_placed; /* the next one comes where this one is */
};

/* Empty, and beside the mouse or what has the focus, or where the menu is that leads to it. */
struct menu *menu_begin(struct view *view, struct slice title);
struct menu_row *menu_act(struct menu *menu, const char *name, const char *label, ui_act *act,
                          uint32_t arg);
struct menu_row *menu_line(struct menu *menu, const char *name, const char *label,
                           struct slice line, bool is_on);
/* Another menu. */
void menu_more(struct menu *menu, const char *name, const char *label, ui_act *act, uint32_t arg);
void menu_head(struct menu *menu, const char *label);
/* The command of this name, with its key; nothing when there is none. */
void menu_command(struct menu *menu, const char *name);
void menu_show(struct view *view);
bool menu_is_open(const struct view *view);
void menu_finish(struct menu *menu); /* of a view that ends */

/* ---- menu_things.c: which menus there are ---- */

/* The area of an organisation, or its card: arg is the first of its hosts. */
ui_act menu_area;
ui_act menu_host, menu_link, menu_agent, menu_person, menu_message, menu_conn, menu_event,
    menu_ground;
/* What can go wrong with it, with a tick at what does now. */
ui_act menu_host_faults;
ui_act menu_settings_act; /* of the chosen host's programs */

/* ---- menu_find.c ---- */

/* Of what has the focus, or the chosen host. */
ui_act menu_key_act;
ui_act menu_main_act; /* all commands */
/* The link that is under the mouse on the map; 0 none. */
uint32_t menu_link_under_mouse(const struct view *view);
/* Of this widget; without one, of what of the map is under the mouse. */
void menu_at(struct view *view, const struct ui_widget *w);

#endif
