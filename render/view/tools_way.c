/* What a host is in its network: whose it is, under which address others see it, and what stands
   on its way. */
#include "render/view/doing.h"

enum { OFFERED_MAX = 12 };

/* Of all hosts that are there, with blanks between them; "" when there are too many to choose. */
static struct slice host_ids(const struct view *view, struct arena *arena)
{
    struct slice ids = SLICE("");
    uint32_t count = 0;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++)
        if (log_host_of(view->log, place) == place && scene_is_there(&view->scene, place)) {
            if (++count > OFFERED_MAX)
                return SLICE("");
            ids = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(ids), ids.size ? " " : "",
                               SLICE_ARG(scene_place_id(&view->scene, place)));
        }
    return ids;
}

static void offer_hosts(const struct view *view, struct sheet *sheet, struct sheet_row *row)
{
    struct slice ids = host_ids(view, &sheet->arena);
    sheet_need_word(row);
    if (ids.size)
        sheet_offer(sheet, row, ids);
}

/* ---- a host's place ---- */

/* Behind itself: it is seen under its own address. */
static void submit_place(struct view *view, struct sheet *sheet)
{
    struct slice line = arena_printf(&sheet->arena, "host set %.*s", SLICE_ARG(sheet->subject));
    struct slice behind = sheet_value(sheet, "behind");
    bool is_changed = false;
    for (size_t i = 0; i < sheet->count; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        struct slice value = sheet_value(sheet, row->key);
        if (!sheet_is_changed(row))
            continue;
        if (slice_equal(value, behind) && slice_equal(value, sheet->subject))
            value = SLICE("");
        line = arena_printf(&sheet->arena, "%.*s%.*s", SLICE_ARG(line),
                            SLICE_ARG(request_value(&sheet->arena, row->key, value)));
        is_changed = true;
    }
    if (is_changed)
        (void)doing_ask(view, line);
    else
        asking_say(view, slice_of(tr("Nothing was changed")));
}

void tools_place(struct view *view, uint32_t host)
{
    if (!host || host > view->scene.now.places.count)
        return;
    const struct scene_place *place = &view->scene.now.places.items[host - 1];
    struct sheet *sheet = sheet_begin(view, "", SLICE(""), submit_place);
    struct arena *arena = &sheet->arena;
    sheet->is_of_settings = true;
    sheet->subject = arena_copy(arena, scene_place_id(&view->scene, host));
    sheet->title = arena_printf(arena, tr("The host %.*s"), SLICE_ARG(sheet->subject));
    struct sheet_row *admd =
        sheet_add(sheet, "admd", tr("Organisation"), log_text(view->log, place->admd));
    sheet_offer(sheet, admd, tools_admd_words(view, arena));
    struct sheet_row *behind =
        sheet_add(sheet, "behind", tr("Seen as"),
                  place->behind ? scene_place_id(&view->scene, place->behind) : sheet->subject);
    sheet_explain(sheet, behind,
                  tr("whose address others see when it connects: its own, or that of a NAT box "
                     "that stands before it"));
    offer_hosts(view, sheet, behind);
    sheet_show(view);
}

/* ---- a firewall ---- */

/* The one rule that it begins with, of what is filled in. */
static struct slice first_rule(struct sheet *sheet)
{
    struct arena *arena = &sheet->arena;
    struct slice rule = arena_copy(arena, sheet_value(sheet, "verdict"));
    struct slice way = sheet_value(sheet, "way"), port = sheet_value(sheet, "port");
    struct slice except = sheet_value(sheet, "except");
    if (!slice_equal(way, SLICE("both")))
        rule = arena_printf(arena, "%.*s %.*s", SLICE_ARG(rule), SLICE_ARG(way));
    if (port.size)
        rule = arena_printf(arena, "%.*s tcp port %.*s", SLICE_ARG(rule), SLICE_ARG(port));
    if (except.size)
        rule = arena_printf(arena, "%.*s except %.*s", SLICE_ARG(rule), SLICE_ARG(except));
    return rule;
}

static void submit_firewall(struct view *view, struct sheet *sheet)
{
    struct arena *arena = &sheet->arena;
    struct slice link = sheet_value(sheet, "link");
    struct slice line =
        arena_printf(arena, "agent add %.*s %.*s role=firewall%.*s",
                     SLICE_ARG(sheet_value(sheet, "host")), SLICE_ARG(sheet_value(sheet, "id")),
                     SLICE_ARG(request_value(arena, "rules", first_rule(sheet))));
    if (link.size)
        line = arena_printf(arena, "%.*s%.*s", SLICE_ARG(line),
                            SLICE_ARG(request_value(arena, "link", link)));
    (void)doing_ask(view, line);
}

static void add_rule_rows(struct sheet *sheet)
{
    struct sheet_row *row = sheet_add(sheet, "verdict", tr("How it stops"), SLICE("reject"));
    sheet_offer(sheet, row, SLICE("reject drop"));
    sheet_explain(sheet, row,
                  tr("reject: who asks is told at once that it is blocked; drop: hears nothing, "
                     "and waits"));
    row = sheet_add(sheet, "way", tr("What goes"), SLICE("out"));
    sheet_offer(sheet, row, SLICE("out in both"));
    sheet_explain(sheet, row, tr("out of the network of its host, into it, or both ways"));
    sheet_explain(sheet, sheet_add(sheet, "port", tr("To ports"), SLICE("25")),
                  tr("such as 25 587-590; empty: all"));
    sheet_explain(sheet, sheet_add(sheet, "except", tr("But not"), SLICE("")),
                  tr("addresses or networks, with blanks between them, from and to which it lets "
                     "pass"));
}

/* `hosts`: those offered; of a host, or on one link of it. */
static void firewall_form(struct view *view, struct slice at, struct slice hosts, struct slice link)
{
    struct sheet *sheet =
        sheet_begin(view, "",
                    slice_of(tr("What its rules do not stop passes. It has one rule to "
                                "begin with; its settings take more.")),
                    submit_firewall);
    sheet->title = arena_printf(&sheet->arena, tr("The firewall at %.*s"), SLICE_ARG(at));
    sheet->button = TR("Add it");
    add_rule_rows(sheet);
    struct sheet_row *row = sheet_add(sheet, "host", tr("At"), at);
    sheet_need_word(row);
    if (hosts.size)
        sheet_offer(sheet, row, hosts);
    sheet_explain(sheet, sheet_add(sheet, "link", tr("On the link"), link),
                  tr("one alone, as a:b; empty: all that comes to its host or passes through it"));
    sheet_need_word(
        sheet_add(sheet, "id", tr("Id"), tools_free_id(view, "firewall", &sheet->arena)));
    sheet_show(view);
}

void tools_firewall(struct view *view, uint32_t host)
{
    struct arena arena;
    host = host ? host : view->chosen_host;
    if (!host) {
        view_notify(view, slice_of(tr("Choose a host first")));
        return;
    }
    arena_init(&arena);
    firewall_form(view, scene_place_id(&view->scene, host), host_ids(view, &arena), SLICE(""));
    arena_finish(&arena);
}

void tools_firewall_link(struct view *view, uint32_t link)
{
    const struct event_link *l = log_link(view->log, link);
    struct arena arena;
    if (!l)
        return;
    arena_init(&arena);
    struct slice a = scene_place_id(&view->scene, l->a), b = scene_place_id(&view->scene, l->b);
    firewall_form(view, a, arena_printf(&arena, "%.*s %.*s", SLICE_ARG(a), SLICE_ARG(b)),
                  arena_printf(&arena, "%.*s:%.*s", SLICE_ARG(a), SLICE_ARG(b)));
    arena_finish(&arena);
}
