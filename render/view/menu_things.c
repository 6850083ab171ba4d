/* What can be done to a host, a link, an agent, a person, a message, a connection, an event. */
#include <stdio.h>
#include <string.h>

#include "render/view/commands.h"
#include "render/view/compose.h"
#include "render/view/console.h"
#include "render/view/docks.h"
#include "render/view/doing.h"
#include "render/view/field_words.h"
#include "render/view/map_path.h"
#include "render/view/words.h"

/* ---- faults ---- */

static bool has_word(const char *words, struct slice word)
{
    struct slice rest = slice_of(words), part;
    if (rest.size == 0)
        return true;
    while (slice_cut(&rest, ' ', &part))
        if (slice_equal(part, word))
            return true;
    return false;
}

/* The number of a kind, and what it is about: an agent or host, a link, a person. */
static uint32_t pack(size_t kind, uint32_t number)
{
    return (uint32_t)kind << 24 | (number & 0xFFFFFF);
}

static struct slice link_id(const struct view *view, uint32_t link)
{
    const struct event_link *l = log_link(view->log, link);
    struct arena *arena = &view->doing->menu.arena;
    return l ? arena_printf(arena, "%.*s:%.*s", SLICE_ARG(scene_place_id(&view->scene, l->a)),
                            SLICE_ARG(scene_place_id(&view->scene, l->b)))
             : SLICE("");
}

static struct slice target_of(const struct view *view, const struct view_fault_kind *kind,
                              uint32_t number)
{
    switch (kind->target) {
    case VIEW_TARGET_HOST:
    case VIEW_TARGET_AGENT:
        return scene_place_id(&view->scene, number);
    case VIEW_TARGET_LINK:
        return link_id(view, number);
    case VIEW_TARGET_USER:
        return doing_agent(view, number) ? log_text(view->log, doing_agent(view, number)->user)
                                         : SLICE("");
    }
    return SLICE("");
}

/* The names of a link's ends come in either order. */
static bool find_on(const struct view *view, const struct view_fault_kind *kind,
                    struct slice target, struct slice *id)
{
    struct slice name = slice_of(kind->name), b = target, a;
    if (doing_find_fault(view, name, target, id))
        return true;
    if (kind->target != VIEW_TARGET_LINK || !slice_cut(&b, ':', &a))
        return false;
    struct slice turned =
        arena_printf(&view->doing->menu.arena, "%.*s:%.*s", SLICE_ARG(b), SLICE_ARG(a));
    return doing_find_fault(view, name, turned, id);
}

static void ask_fault(struct view *view, uint32_t arg)
{
    const struct view_fault_kind *kind = forms_fault(view, arg >> 24);
    if (kind)
        forms_open_fault(view, kind, target_of(view, kind, arg & 0xFFFFFF));
}

/* On: a press ends it. Off: a press begins it, or asks for its details first. */
static void add_fault(struct view *view, struct menu *menu, size_t i, uint32_t number)
{
    const struct view_fault_kind *kind = forms_fault(view, i);
    struct slice target = target_of(view, kind, number), id = SLICE("");
    char name[UI_NAME];
    snprintf(name, sizeof name, "fault-%s", kind->name);
    struct field_words words = field_words(&menu->arena, kind->name, slice_of(tr(kind->meaning)));
    struct slice label = arena_printf(&menu->arena, "%.*s%s", SLICE_ARG(words.title),
                                      kind->field_count ? " ..." : "");
    struct menu_row *row;
    if (find_on(view, kind, target, &id)) {
        struct slice line = id.size ? arena_printf(&menu->arena, "fault %.*s off", SLICE_ARG(id))
                                    : arena_printf(&menu->arena, "fault %s %.*s off", kind->name,
                                                   SLICE_ARG(target));
        row = menu_line(menu, name, words.title.data, line, true);
    } else if (kind->field_count) {
        row = menu_act(menu, name, label.data, ask_fault, pack(i, number));
    } else {
        struct slice line =
            arena_printf(&menu->arena, "fault %s %.*s on", kind->name, SLICE_ARG(target));
        row = menu_line(menu, name, words.title.data, line, false);
    }
    row->keys = slice_of(kind->name); /* as a line of a script calls it */
    row->note = words.rest;
}

/* All kinds that can be about it. */
static void add_faults(struct view *view, struct menu *menu, enum view_target target,
                       struct slice role, uint32_t number)
{
    const struct view_fault_kind *kind;
    for (size_t i = 0; (kind = forms_fault(view, i)); i++)
        if (kind->target == target && (target != VIEW_TARGET_AGENT || has_word(kind->roles, role)))
            add_fault(view, menu, i, number);
}

void menu_host_faults(struct view *view, uint32_t host)
{
    struct menu *menu = menu_begin(view, SLICE(""));
    menu->title = arena_printf(&menu->arena, tr("%.*s: faults"),
                               SLICE_ARG(scene_place_id(&view->scene, host)));
    add_faults(view, menu, VIEW_TARGET_HOST, SLICE(""), host);
    menu_show(view);
}

/* ---- a host ---- */

static void write_as(struct view *view, uint32_t agent)
{
    compose_open(view, &(struct compose_answer){.agent = agent});
}

static void open_console(struct view *view, uint32_t host)
{
    if (view->chosen_host != host)
        select_host(view, host);
    console_act(view, 0);
}

static bool has_tab(const char *name)
{
    for (int i = 0; i < tab_count; i++)
        if (strcmp(tabs[i].name, name) == 0)
            return true;
    return false;
}

static void add_person(struct view *view, struct menu *menu, uint32_t agent)
{
    struct slice user = log_text(view->log, doing_agent(view, agent)->user);
    struct slice id = scene_place_id(&view->scene, agent);
    bool is_web = doing_has_role(view, agent, "browser");
    menu_head(menu, user.data);
    menu_act(menu, "mail", is_web ? tr("Web mail") : tr("Mail program"), mail_program_open, agent);
    menu_act(menu, "write", tr("Write a message"), write_as, agent);
    menu_line(menu, "fetch", tr("Get mail"),
              is_web ? arena_printf(&menu->arena, "browse by=%.*s page=inbox", SLICE_ARG(id))
                     : arena_printf(&menu->arena, "fetch by=%.*s", SLICE_ARG(id)),
              false);
    if (forms_fault(view, 0))
        menu_more(menu, "person", tr("The mailbox"), menu_person, agent);
}

static void add_agents(struct view *view, struct menu *menu, uint32_t host)
{
    uint32_t agent = 0;
    while ((agent = doing_next_agent(view, host, agent)))
        if (doing_has_role(view, agent, "mua") || doing_has_role(view, agent, "browser"))
            add_person(view, menu, agent);
    menu_head(menu, tr("Programs"));
    while ((agent = doing_next_agent(view, host, agent))) {
        struct slice id = scene_place_id(&view->scene, agent);
        struct slice role = log_text(view->log, doing_agent(view, agent)->role);
        struct slice label =
            arena_printf(&menu->arena, "%.*s (%.*s)", SLICE_ARG(id), SLICE_ARG(role));
        char name[UI_NAME];
        snprintf(name, sizeof name, "agent-%.*s", SLICE_ARG(slice_part(id, 0, 24)));
        menu_more(menu, name, label.data, menu_agent, agent);
    }
    menu_act(menu, "add-agent", tr("Add a program ..."), tools_add_agent, host);
}

static void add_links(struct view *view, struct menu *menu, uint32_t host)
{
    const struct event_link *l;
    for (uint32_t link = 1; (l = log_link(view->log, link)); link++) {
        if ((l->a != host && l->b != host) || !scene_has_link(&view->scene, link))
            continue;
        struct slice other = scene_place_id(&view->scene, l->a == host ? l->b : l->a);
        char name[UI_NAME];
        snprintf(name, sizeof name, "link-%.*s", SLICE_ARG(slice_part(other, 0, 24)));
        menu_more(menu, name, arena_printf(&menu->arena, tr("Link to %.*s"), SLICE_ARG(other)).data,
                  menu_link, link);
    }
    menu_act(menu, "link", tr("Connect with ..."), tools_link, host);
    menu_act(menu, "firewall", tr("Put a firewall here ..."), tools_firewall, host);
    menu_act(menu, "host-place", tr("Organisation, NAT ..."), tools_place, host);
}

/* Off and on again, as often as it is wanted. */
static void add_power(struct view *view, struct menu *menu, uint32_t host)
{
    static const struct {
        const char *kind, *name, *off, *on;
    } rows[] = {{"host-down", "down", TR("Switch it off"), TR("Switch it on again")},
                {"host-crash", "crash", TR("Cut its power"), TR("Start it again")}};
    struct slice id = scene_place_id(&view->scene, host), fault;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool is_on = doing_find_fault(view, slice_of(rows[i].kind), id, &fault);
        struct slice what = is_on && fault.size ? fault
                                                : arena_printf(&menu->arena, "%s %.*s",
                                                               rows[i].kind, SLICE_ARG(id));
        menu_line(
            menu, rows[i].name, tr(is_on ? rows[i].on : rows[i].off),
            arena_printf(&menu->arena, "fault %.*s %s", SLICE_ARG(what), is_on ? "off" : "on"),
            is_on);
    }
}

void menu_host(struct view *view, uint32_t host)
{
    struct slice id = scene_place_id(&view->scene, host);
    struct menu *menu = menu_begin(view, id);
    add_agents(view, menu, host);
    menu_head(menu, tr("The machine"));
    if (scene_host(&view->scene, host).queued)
        menu_line(menu, "flush", tr("Try what waits in its queue now"),
                  arena_printf(&menu->arena, "flush %.*s", SLICE_ARG(id)), false);
    if (has_tab("console"))
        menu_act(menu, "console", tr("Console"), open_console, host);
    add_power(view, menu, host);
    if (forms_fault(view, 0))
        menu_more(menu, "faults", tr("Other faults"), menu_host_faults, host);
    menu_head(menu, tr("The network"));
    add_links(view, menu, host);
    menu_act(menu, "move", tr("Move on the map"), tools_move, host)->keys =
        arena_printf(&menu->arena, "%sF2", tr("Shift + "));
    menu_act(menu, "rename", tr("Rename ..."), tools_rename, host)->keys = SLICE("F2");
    menu_act(menu, "remove", tr("Remove"), tools_remove, host)->keys = slice_of(tr("Delete"));
    menu_show(view);
}

/* ---- an organisation ---- */

static const struct map_group *group_of(const struct view *view, uint32_t host)
{
    uint32_t group = host - 1 < view->map.group_of.count ? view->map.group_of.items[host - 1] : 0;
    return group ? &view->map.groups.items[group - 1] : NULL;
}

static void rename_area(struct view *view, uint32_t first)
{
    const struct map_group *group = group_of(view, first);
    if (group)
        tools_rename_admd(view, log_text(view->log, group->admd), group->name);
}

void menu_area(struct view *view, uint32_t first)
{
    enum { HOSTS_MAX = 24 };
    const struct map_group *group = group_of(view, first);
    if (!group)
        return;
    struct menu *menu = menu_begin(view, group->name);
    if (group->host_count > 1)
        menu_act(menu, "fold",
                 group->is_folded ? tr("Open it into its hosts") : tr("Fold into one card"),
                 map_fold_act, first);
    if (group->admd)
        menu_act(menu, "rename-admd", tr("Rename ..."), rename_area, first);
    menu_head(menu, tr("Hosts"));
    for (uint32_t i = 0; i < group->host_count && i < HOSTS_MAX; i++) {
        uint32_t host = view->map.members.items[group->member + i];
        struct slice id = scene_place_id(&view->scene, host);
        char name[UI_NAME];
        snprintf(name, sizeof name, "host-%.*s", SLICE_ARG(slice_part(id, 0, 24)));
        menu_more(menu, name, arena_copy(&menu->arena, id).data, menu_host, host);
    }
    menu_head(menu, tr("The network"));
    menu_command(menu, "admds");
    menu_show(view);
}

/* The area under the mouse. */
static const struct map_group *group_under_mouse(const struct view *view)
{
    for (size_t i = 0; i < view->map.groups.count; i++) {
        const struct map_group *group = &view->map.groups.items[i];
        if (map_has_area(group) && ui_is_inside(group->box, view->ui.mouse_x, view->ui.mouse_y))
            return group;
    }
    return NULL;
}

/* ---- an agent, a person, a link ---- */

void menu_agent(struct view *view, uint32_t agent)
{
    struct slice id = scene_place_id(&view->scene, agent), fault;
    struct menu *menu = menu_begin(view, id);
    bool is_down = doing_find_fault(view, SLICE("agent-down"), id, &fault);
    menu_act(menu, "settings", tr("Settings ..."), forms_settings_act, agent);
    menu_line(menu, "stop", is_down ? tr("Start it again") : tr("Stop it"),
              arena_printf(&menu->arena, "fault %.*s%s%.*s %s",
                           SLICE_ARG(is_down && fault.size ? fault : SLICE("agent-down")),
                           is_down && fault.size ? "" : " ",
                           SLICE_ARG(is_down && fault.size ? SLICE("") : id),
                           is_down ? "off" : "on"),
              is_down);
    if (doing_has_role(view, agent, "robot"))
        menu_line(menu, "robot", tr("Start its mails"),
                  arena_printf(&menu->arena, "robot %.*s", SLICE_ARG(id)), false);
    if (doing_has_role(view, agent, "mra"))
        menu_line(menu, "fetch", tr("Get mail"),
                  arena_printf(&menu->arena, "fetch by=%.*s", SLICE_ARG(id)), false);
    if (forms_fault(view, 0)) {
        menu_head(menu, tr("Faults"));
        add_faults(view, menu, VIEW_TARGET_AGENT,
                   log_text(view->log, doing_agent(view, agent)->role), agent);
    }
    menu_head(menu, tr("The network"));
    menu_act(menu, "remove-agent", tr("Remove"), tools_remove_agent, agent);
    menu_show(view);
}

void menu_person(struct view *view, uint32_t agent)
{
    struct menu *menu = menu_begin(view, log_text(view->log, doing_agent(view, agent)->user));
    menu_head(menu, tr("Faults"));
    add_faults(view, menu, VIEW_TARGET_USER, SLICE(""), agent);
    menu_show(view);
}

void menu_link(struct view *view, uint32_t link)
{
    if (!log_link(view->log, link))
        return;
    struct menu *menu = menu_begin(view, SLICE(""));
    struct slice id = menu->title = link_id(view, link);
    menu_head(menu, tr("Faults"));
    add_faults(view, menu, VIEW_TARGET_LINK, SLICE(""), link);
    menu_line(menu, "cut", tr("Break off its connections"),
              arena_printf(&menu->arena, "cut %.*s", SLICE_ARG(id)), false);
    menu_head(menu, tr("The network"));
    menu_act(menu, "link-settings", tr("Latency, bandwidth, loss ..."), tools_link_settings, link);
    menu_act(menu, "tap", tr("Listen on it ..."), tools_tap, link);
    menu_act(menu, "firewall", tr("Put a firewall on it ..."), tools_firewall_link, link);
    menu_act(menu, "remove-link", tr("Remove"), tools_remove_link, link);
    menu_show(view);
}

/* ---- what happens ---- */

static void next_of(struct view *view, uint32_t msg)
{
    select_message(view, msg);
    play_step(view, STEP_MESSAGE_NEXT);
}

static void copy_subject(struct view *view, uint32_t msg)
{
    const struct event_message *m = log_msg(view->log, msg);
    if (m)
        request_add(view, VIEW_REQUEST_COPY, log_text(view->log, m->content));
}

void menu_message(struct view *view, uint32_t msg)
{
    select_message(view, msg);
    struct menu *menu = menu_begin(view, SLICE(""));
    menu->title = words_subject(view->log, &menu->arena, msg);
    menu_act(menu, "next", tr("Its next event"), next_of, msg);
    menu_command(menu, "until");
    menu_command(menu, "follow");
    menu_act(menu, "copy", tr("Copy it as it was written"), copy_subject, msg);
    menu_show(view);
}

void menu_conn(struct view *view, uint32_t conn)
{
    select_conn(view, conn);
    const struct event_tcp_connect *c = log_conn(view->log, conn);
    if (!c)
        return;
    struct slice to = scene_place_id(&view->scene, log_host_of(view->log, c->to));
    struct slice from = scene_place_id(&view->scene, log_host_of(view->log, c->from));
    struct menu *menu = menu_begin(view, SLICE(""));
    menu->title = arena_printf(&menu->arena, tr("%.*s to %.*s, port %u"), SLICE_ARG(from),
                               SLICE_ARG(to), c->port);
    if (scene_find_conn(&view->scene, conn))
        menu_line(menu, "cut", tr("Break it off"), arena_printf(&menu->arena, "cut %u", conn),
                  false);
    menu_more(menu, "host-from",
              arena_printf(&menu->arena, tr("What can be done to %.*s"), SLICE_ARG(from)).data,
              menu_host, log_host_of(view->log, c->from));
    menu_more(menu, "host-to",
              arena_printf(&menu->arena, tr("What can be done to %.*s"), SLICE_ARG(to)).data,
              menu_host, log_host_of(view->log, c->to));
    menu_show(view);
}

static void copy_event(struct view *view, uint32_t id)
{
    struct arena arena;
    arena_init(&arena);
    request_add(view, VIEW_REQUEST_COPY, words_event(view->log, &arena, id));
    arena_finish(&arena);
}

/* As --do and scripts take it. */
static void copy_action(struct view *view, uint32_t id)
{
    request_add(view, VIEW_REQUEST_COPY,
                log_text(view->log, event_as_input(log_at(view->log, id))->text));
}

void menu_event(struct view *view, uint32_t id)
{
    if (id >= log_count(view->log))
        return;
    struct menu *menu = menu_begin(view, SLICE(""));
    menu->title = slice_part(words_event(view->log, &menu->arena, id), 0, 60);
    menu_act(menu, "show", tr("Go to this moment"), select_event, id);
    menu_command(menu, "bookmark");
    menu_command(menu, "what-if");
    menu_act(menu, "copy", tr("Copy it in words"), copy_event, id);
    if (event_as_input(log_at(view->log, id)))
        menu_act(menu, "copy-action", tr("Copy it as an action"), copy_action, id);
    menu_show(view);
}

/* The map where nothing is. */
void menu_ground(struct view *view, uint32_t arg)
{
    (void)arg;
    struct menu *menu = menu_begin(view, slice_of(tr("The map")));
    menu_head(menu, tr("Add here"));
    for (uint32_t i = 0; i < tools_kind_count; i++) {
        char name[UI_NAME];
        snprintf(name, sizeof name, "add-%s", tools_kinds[i].name);
        menu_act(menu, name, tr(tools_kinds[i].label), tools_add_here, i);
    }
    menu_head(menu, tr("The network"));
    const struct map_group *group = group_under_mouse(view);
    if (group)
        menu_more(menu, "area", arena_copy(&menu->arena, group->name).data, menu_area,
                  group->first);
    menu_command(menu, "edit");
    menu_command(menu, "people");
    menu_command(menu, "records");
    menu_command(menu, "admds");
    menu_command(menu, "title");
    menu_command(menu, "save");
    menu_show(view);
}

/* Of one program at once, of several after a choice. */
void menu_settings_act(struct view *view, uint32_t arg)
{
    uint32_t host = view->chosen_host, agent = host ? doing_next_agent(view, host, 0) : 0;
    (void)arg;
    if (!agent) {
        view_notify(view, slice_of(tr("Choose a host with programs first")));
        return;
    }
    if (!doing_next_agent(view, host, agent)) {
        forms_settings_act(view, agent);
        return;
    }
    struct menu *menu = menu_begin(view, SLICE(""));
    menu->title = arena_printf(&menu->arena, tr("Settings on %.*s"),
                               SLICE_ARG(scene_place_id(&view->scene, host)));
    for (; agent; agent = doing_next_agent(view, host, agent)) {
        struct slice id = scene_place_id(&view->scene, agent);
        char name[UI_NAME];
        snprintf(name, sizeof name, "settings-%.*s", SLICE_ARG(slice_part(id, 0, 24)));
        menu_act(menu, name, arena_copy(&menu->arena, id).data, forms_settings_act, agent);
    }
    menu_show(view);
}
