#include "render/view/tools.h"

#include <stdio.h>

#include "render/view/doing.h"
#include "render/view/map_path.h"

static struct tools *tools_of(struct view *view)
{
    return &doing_of(view)->tools;
}

static struct slice host_id(const struct view *view, uint32_t host)
{
    return scene_place_id(&view->scene, host);
}

/* The host that is meant: this one, or the chosen one; 0 with a word about it. */
static uint32_t meant(struct view *view, uint32_t host)
{
    host = host ? host : view->chosen_host;
    if (!host)
        view_notify(view, slice_of(tr("Choose a host first")));
    return host;
}

/* Sends verb, id and what follows. */
static void do_about(struct view *view, const char *verb, struct slice id)
{
    struct arena arena;
    arena_init(&arena);
    doing_do(view, arena_printf(&arena, "%s %.*s", verb, SLICE_ARG(id)));
    arena_finish(&arena);
}

/* ---- hosts ---- */

static void submit_rename(struct view *view, struct sheet *sheet)
{
    struct slice id = sheet_value(sheet, "id"), name = sheet_value(sheet, "name");
    struct slice line = arena_printf(&sheet->arena, "host rename %.*s %.*s",
                                     SLICE_ARG(sheet->subject), SLICE_ARG(id));
    if (sheet_is_changed(&sheet->rows[1]))
        line = arena_printf(&sheet->arena, "%.*s%.*s", SLICE_ARG(line),
                            SLICE_ARG(request_value(&sheet->arena, "name", name)));
    (void)doing_ask(view, line);
}

void tools_rename(struct view *view, uint32_t host)
{
    if (!(host = meant(view, host)))
        return;
    struct sheet *sheet = sheet_begin(view, tr("Rename a host"), SLICE(""), submit_rename);
    struct sheet_row *id = sheet_add(sheet, "id", tr("Id"), host_id(view, host));
    sheet_need_word(id);
    sheet_explain(sheet, id, tr("what it is called here: letters, digits, - and _"));
    struct sheet_row *name =
        sheet_add(sheet, "name", tr("DNS name"), scene_host_name(&view->scene, host));
    sheet_explain(sheet, name, tr("what others call it"));
    sheet->subject = arena_copy(&sheet->arena, host_id(view, host));
    sheet_show(view);
}

void tools_remove(struct view *view, uint32_t host)
{
    if (!(host = meant(view, host)))
        return;
    do_about(view, "host remove", host_id(view, host));
    view->chosen_host = 0;
}

/* ---- agents ---- */

void tools_remove_agent(struct view *view, uint32_t agent)
{
    do_about(view, "agent remove", host_id(view, agent));
}

static void submit_agent(struct view *view, struct sheet *sheet)
{
    struct slice id = sheet_value(sheet, "id");
    struct slice line =
        arena_printf(&sheet->arena, "agent add %.*s %.*s role=%.*s", SLICE_ARG(sheet->subject),
                     SLICE_ARG(id), SLICE_ARG(sheet_value(sheet, "role")));
    static const char *const keys[] = {"listen", "user"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct slice value = sheet_value(sheet, keys[i]);
        if (value.size)
            line = arena_printf(&sheet->arena, "%.*s%.*s", SLICE_ARG(line),
                                SLICE_ARG(request_value(&sheet->arena, keys[i], value)));
    }
    (void)doing_ask(view, line);
}

/* What the chosen role is; and the id that a file gives by default (docs/topologies.md). */
static void follow_role(struct view *view, struct sheet *sheet)
{
    struct arena *arena = &sheet->arena;
    struct slice name = sheet_value(sheet, "role");
    const struct view_role *role = forms_role(view, name);
    sheet->rows[0].meaning = slice_of(role ? tr(role->meaning) : "");
    if (slice_equal(sheet->second, name))
        return;
    sheet->second = arena_copy(arena, name);
    struct slice id = arena_printf(arena, "%.*s-%.*s", SLICE_ARG(name), SLICE_ARG(sheet->subject));
    sheet_propose(sheet, "id", tools_free_id(view, id.data, arena));
}

void tools_add_agent(struct view *view, uint32_t host)
{
    if (!(host = meant(view, host)))
        return;
    const struct view_forms *forms = doing_of(view)->forms;
    struct sheet *sheet = sheet_begin(
        view, tr("Add a program"),
        slice_of(tr("Its settings can be changed as soon as it is there.")), submit_agent);
    struct slice roles = SLICE("");
    for (size_t i = 0; forms && i < forms->role_count; i++)
        roles = arena_printf(&sheet->arena, "%.*s%s%s", SLICE_ARG(roles), i ? " " : "",
                             forms->roles[i].name);
    sheet->subject = arena_copy(&sheet->arena, host_id(view, host));
    struct sheet_row *role = sheet_add(sheet, "role", tr("Role"), SLICE("mta"));
    sheet_offer(sheet, role, roles);
    sheet_need_word(sheet_add(sheet, "id", tr("Id"), SLICE("")));
    sheet_explain(sheet, sheet_add(sheet, "listen", tr("Ports"), SLICE("")),
                  tr("where it listens, such as 25,587; empty: as its role does"));
    sheet_explain(sheet, sheet_add(sheet, "user", tr("Person"), SLICE("")),
                  tr("of a mail program: the address of who uses it"));
    sheet->follow = follow_role;
    follow_role(view, sheet);
    sheet_show(view);
}

/* ---- links ---- */

static void submit_link(struct view *view, struct sheet *sheet)
{
    struct slice other = sheet_value(sheet, "with");
    (void)doing_ask(view, arena_printf(&sheet->arena, "link add %.*s:%.*s",
                                       SLICE_ARG(sheet->subject), SLICE_ARG(other)));
}

static bool is_linked(const struct view *view, uint32_t one, uint32_t other)
{
    const struct event_link *l;
    for (uint32_t link = 1; (l = log_link(view->log, link)); link++)
        if (scene_has_link(&view->scene, link) &&
            ((l->a == one && l->b == other) || (l->a == other && l->b == one)))
            return true;
    return false;
}

/* With few hosts they are offered, else the id is typed. */
void tools_link(struct view *view, uint32_t host)
{
    enum { OFFERED_MAX = 12 };
    if (!(host = meant(view, host)))
        return;
    struct sheet *sheet = sheet_begin(view, tr("Add a link"), SLICE(""), submit_link);
    struct slice ids = SLICE("");
    uint32_t count = 0;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        if (log_host_of(view->log, place) != place || place == host ||
            !scene_is_there(&view->scene, place) || is_linked(view, host, place))
            continue;
        if (count++ < OFFERED_MAX)
            ids = arena_printf(&sheet->arena, "%.*s%s%.*s", SLICE_ARG(ids), ids.size ? " " : "",
                               SLICE_ARG(host_id(view, place)));
    }
    sheet->subject = arena_copy(&sheet->arena, host_id(view, host));
    sheet->title = arena_printf(&sheet->arena, tr("Connect %.*s"), SLICE_ARG(sheet->subject));
    struct sheet_row *row = sheet_add(sheet, "with", tr("With"), SLICE(""));
    sheet_need_word(row);
    if (count <= OFFERED_MAX)
        sheet_offer(sheet, row, ids);
    sheet_show(view);
}

static struct slice link_ends(const struct view *view, uint32_t link, struct arena *arena)
{
    const struct event_link *l = log_link(view->log, link);
    return l ? arena_printf(arena, "%.*s:%.*s", SLICE_ARG(host_id(view, l->a)),
                            SLICE_ARG(host_id(view, l->b)))
             : SLICE("");
}

static void submit_link_settings(struct view *view, struct sheet *sheet)
{
    sheet_do(view, sheet, SHEET_CHANGED,
             arena_printf(&sheet->arena, "link set %.*s", SLICE_ARG(sheet->subject)));
}

void tools_link_settings(struct view *view, uint32_t link)
{
    const struct scene_now *now = &view->scene.now;
    if (link == 0 || link > now->links.count)
        return;
    const struct scene_link *l = &now->links.items[link - 1];
    struct sheet *sheet = sheet_begin(view, "", SLICE(""), submit_link_settings);
    struct arena *arena = &sheet->arena;
    sheet->is_of_settings = true;
    sheet->subject = link_ends(view, link, arena);
    sheet->title = arena_printf(arena, tr("The link %.*s"), SLICE_ARG(sheet->subject));
    sheet_explain(sheet,
                  sheet_add(sheet, "latency", tr("Latency"),
                            arena_printf(arena, "%g", (double)l->latency_us / 1000)),
                  tr("milliseconds from end to end"));
    sheet_explain(sheet,
                  sheet_add(sheet, "kbps", tr("Bandwidth"), arena_printf(arena, "%u", l->kbps)),
                  tr("kilobits a second; 0: without limit"));
    sheet_explain(sheet,
                  sheet_add(sheet, "loss", tr("Loss"),
                            arena_printf(arena, "%g", (double)l->loss_ppm / 10000)),
                  tr("percent of the segments"));
    sheet_show(view);
}

void tools_remove_link(struct view *view, uint32_t link)
{
    struct arena arena;
    arena_init(&arena);
    do_about(view, "link remove", link_ends(view, link, &arena));
    arena_finish(&arena);
}

static void submit_tap(struct view *view, struct sheet *sheet)
{
    (void)doing_ask(view,
                    arena_printf(&sheet->arena, "agent add %.*s %.*s role=tap%.*s",
                                 SLICE_ARG(sheet_value(sheet, "host")),
                                 SLICE_ARG(sheet_value(sheet, "id")),
                                 SLICE_ARG(request_value(&sheet->arena, "link", sheet->subject))));
}

void tools_tap(struct view *view, uint32_t link)
{
    const struct event_link *l = log_link(view->log, link);
    if (!l)
        return;
    struct sheet *sheet =
        sheet_begin(view, tr("Listen on a link"),
                    slice_of(tr("Who sits at one of its ends reads all that crosses it in clear.")),
                    submit_tap);
    sheet->subject = link_ends(view, link, &sheet->arena);
    struct sheet_row *row = sheet_add(sheet, "host", tr("At"), host_id(view, l->a));
    sheet_offer(sheet, row,
                arena_printf(&sheet->arena, "%.*s %.*s", SLICE_ARG(host_id(view, l->a)),
                             SLICE_ARG(host_id(view, l->b))));
    sheet_need_word(sheet_add(sheet, "id", tr("Id"), tools_free_id(view, "tap", &sheet->arena)));
    sheet_show(view);
}

/* ---- the network ---- */

static void submit_title(struct view *view, struct sheet *sheet)
{
    sheet_do(view, sheet, SHEET_CHANGED, SLICE("network set"));
}

void tools_title(struct view *view, uint32_t arg)
{
    struct sheet *sheet =
        sheet_begin(view, tr("The title of the network"), SLICE(""), submit_title);
    uint32_t title = view->scene.now.title;
    (void)arg;
    struct sheet_row *row =
        sheet_add(sheet, "title", tr("Title"), title ? log_text(view->log, title) : SLICE(""));
    row->is_required = true;
    sheet_explain(sheet, row, tr("what the window and the list of networks call it"));
    sheet_explain(sheet, sheet_add(sheet, "look", tr("What to look at"), SLICE("")),
                  tr("a sentence for the list of networks; empty: as it is"));
    sheet_show(view);
}

/* ---- the row ---- */

void tools_act(struct view *view, uint32_t arg)
{
    struct tools *tools = tools_of(view);
    (void)arg;
    (void)tools_escape(view);
    *tools = (struct tools){.is_open = !tools->is_open};
}

void tools_save(struct view *view, uint32_t arg)
{
    (void)arg;
    request_add(view, VIEW_REQUEST_SAVE, SLICE(""));
}

static void submit_export(struct view *view, struct sheet *sheet)
{
    struct slice path = arena_copy(&sheet->arena, sheet_value(sheet, "path"));
    if (path.size == 0)
        return;
    (void)asking_send(view, VIEW_REQUEST_EXPORT, path);
}

void tools_export(struct view *view, uint32_t arg)
{
    (void)arg;
    struct sheet *sheet = sheet_begin(view, tr("Write a file"), SLICE(""), submit_export);
    struct sheet_row *row = sheet_add(sheet, "path", tr("File"), SLICE("run.pcapng"));
    sheet_explain(sheet, row,
                  tr("its ending says what: .jsonl the trace, .pcapng packets for Wireshark, .mbox "
                     "or a folder/ all messages, .eml one, .txt the ladder, .mmd a diagram, .csv "
                     "the events, .html a page that plays it, .svg or .png a picture"));
    sheet->button = TR("Write it");
    sheet_show(view);
}

bool tools_escape(struct view *view)
{
    struct tools *tools = view->doing ? &view->doing->tools : NULL;
    if (!tools || (!tools->armed && !tools->link_from && !tools->is_moving))
        return false;
    if (tools->is_moving)
        map_move_end(view, false);
    tools->armed = tools->link_from = 0;
    tools->is_moving = false;
    return true;
}

static void arm(struct view *view, uint32_t kind)
{
    struct tools *tools = tools_of(view);
    bool was_armed = tools->armed == kind + 1;
    (void)tools_escape(view);
    tools->armed = was_armed ? 0 : kind + 1;
}

static void arm_link(struct view *view, uint32_t arg)
{
    struct tools *tools = tools_of(view);
    bool was_drawn = tools->link_from != 0;
    (void)arg;
    (void)tools_escape(view);
    tools->link_from = was_drawn ? 0 : meant(view, 0);
}

struct tool {
    const char *name, *label;
    ui_act *act;
};
static const struct tool tools[] = {
    {"tool-link", TR("Link"), arm_link},
    {"tool-firewall", TR("Firewall"), tools_firewall},
    {"tool-people", TR("People"), tools_people},
    {"tool-records", TR("DNS"), tools_records},
    {"tool-admds", TR("Organisations"), tools_admds},
    {"tool-title", TR("Title"), tools_title},
    {"tool-save", TR("Save"), tools_save},
};
enum { TOOL_COUNT = sizeof tools / sizeof tools[0] };

static float label_width(const struct view *view, const char *label)
{
    return draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_text, slice_of(label)) +
           20;
}

/* All buttons in rows from left to right; `draws` false: only how many rows. */
static int lay_out(struct view *view, struct draw_box box, bool draws)
{
    struct ui *ui = &view->ui;
    const struct tools *t = &view->doing->tools;
    float h = button_height(ui->theme), x = 0;
    int rows = 1;
    for (size_t i = 0; i < tools_kind_count + TOOL_COUNT; i++) {
        bool is_kind = i < tools_kind_count;
        const struct tool *tool = &tools[is_kind ? 0 : i - tools_kind_count];
        const char *label = tr(is_kind ? tools_kinds[i].label : tool->label);
        char name[UI_NAME];
        float w = label_width(view, label);
        if (x + w > box.w) {
            x = 0;
            rows++;
        }
        struct draw_box place = {box.x + x, box.y + (float)(rows - 1) * (h + 6), w, h};
        snprintf(name, sizeof name, "%s%s", is_kind ? "tool-" : "",
                 is_kind ? tools_kinds[i].name : tool->name);
        bool is_on = is_kind ? t->armed == i + 1 : tool->act == arm_link && t->link_from;
        if (draws) {
            ui_button(ui, name, place, label, is_kind ? arm : tool->act, is_kind ? (uint32_t)i : 0,
                      is_on ? UI_ON : 0);
            if (is_kind)
                ui_tip(ui, slice_of(tr(tools_kinds[i].about)));
        }
        x += w + 6 + (i + 1 == tools_kind_count ? 14 : 0);
    }
    return rows;
}

float tools_height(struct view *view, float w)
{
    if (!view->doing || !view->doing->tools.is_open)
        return 0;
    int rows = lay_out(view, (struct draw_box){0, 0, w - 16, 0}, false);
    return (float)rows * (button_height(view->ui.theme) + 6) + 8;
}

void tools_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    draw_rect(ui->list, box, 8, ui->theme->panel, ui->theme->panel_edge, 1);
    struct draw_box inside = {box.x + 8, box.y + 7, box.w - 16, box.h - 14};
    (void)lay_out(view, inside, true);
}
