/*
 * What is wrong on the map or goes on unseen: faults of links and hosts, who listens on a line,
 * what a firewall has just stopped and a middlebox changed.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/map_path.h"
#include "sim/base/vtime.h"

/* How long what happened in a moment is still shown. */
#define SHOWN_NS (60 * VTIME_MS)
enum { EVENTS_LOOKED_AT = 200, SIGNS_MAX = 24 };

/* ---- the signs on the map's own buttons ---- */

void map_fit_sign(struct ui *ui, struct draw_box box)
{
    struct draw_box outer = ui_inset(box, box.h * 0.26f);
    float third = outer.w / 3, x2 = outer.x + outer.w, y2 = outer.y + outer.h;
    const float corners[4][6] = {
        {outer.x, outer.y + third, outer.x, outer.y, outer.x + third, outer.y},
        {x2 - third, outer.y, x2, outer.y, x2, outer.y + third},
        {outer.x, y2 - third, outer.x, y2, outer.x + third, y2},
        {x2 - third, y2, x2, y2, x2, y2 - third}};
    for (int i = 0; i < 4; i++) {
        const float *c = corners[i];
        draw_line(ui->list, c[0], c[1], c[2], c[3], ui->theme->ink, 1.8f, 0);
        draw_line(ui->list, c[2], c[3], c[4], c[5], ui->theme->ink, 1.8f, 0);
    }
}

void map_follow_sign(struct ui *ui, struct draw_box box)
{
    const struct theme *theme = ui->theme;
    mark_sign(ui->list, theme, MARK_ENVELOPE, box.x + box.w / 2, box.y + box.h / 2, box.h * 0.46f,
              theme->ink);
    draw_rect(ui->list, ui_inset(box, box.h * 0.17f), 3, 0, theme->ink, 1.2f);
}

/* ---- links ---- */

/* A small label with a sign, its middle at x, y. */
static struct draw_box draw_pill(struct view *view, float x, float y, enum mark_sign sign,
                                 uint32_t colour, struct slice text)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float h = draw_line_height(theme->size_small) + 4, icon = h - 6;
    float w = draw_width(ui->list, DRAW_FONT_SANS, theme->size_small, text) + icon + 17;
    struct draw_box box = map_kept(view, (struct draw_box){x - w / 2, y - h / 2, w, h});
    draw_rect(ui->list, box, 4, theme->panel, colour, theme->line / 2);
    mark_sign(ui->list, theme, sign, box.x + 5 + icon / 2, box.y + h / 2, icon, colour);
    ui_label(ui, (struct draw_box){box.x + icon + 9, box.y, w - icon - 10, h}, DRAW_ALIGN_LEFT,
             DRAW_FONT_SANS, theme->size_small, theme->ink, text);
    return box;
}

/* The same beside a link, where there is room. */
static void draw_beside(struct view *view, const struct map_leg *leg, enum mark_sign sign,
                        uint32_t colour, struct slice text)
{
    const struct theme *theme = view->ui.theme;
    float h = draw_line_height(theme->size_small) + 4;
    float w = draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_small, text) + h + 11;
    struct map_label label = {*leg, theme->size_small * 0.3f, w, h, 0.5f, 1};
    struct draw_box box;
    if (!map_label_place(view, &label, w, &box))
        return;
    map_leader_draw(view, box, (leg->x1 + leg->x2) / 2, (leg->y1 + leg->y2) / 2, 0, colour);
    draw_pill(view, box.x + w / 2, box.y + h / 2, sign, colour, text);
}

static bool target_leg(const struct view *view, struct slice target, struct map_leg *leg)
{
    struct slice a;
    uint32_t next = view->scene.now.event_count, at = next ? next - 1 : 0;
    return slice_cut(&target, ':', &a) && map_leg(view, log_find_place_at(view->log, a, at),
                                                  log_find_place_at(view->log, target, at), leg);
}

static const struct {
    const char *kind, *word;
    enum mark_sign sign;
} link_faults[] = {
    {"link-slow", TR("slow"), MARK_CLOCK},
    {"link-lossy", TR("lossy"), MARK_CROSS},
    {"line-busy", TR("busy"), MARK_CROSS},
};

/* The cut ones are drawn with the lines. True: it was about a link. */
static bool draw_link_fault(struct view *view, struct slice kind, struct slice target)
{
    struct map_leg leg;
    for (size_t i = 0; i < sizeof link_faults / sizeof link_faults[0]; i++) {
        if (!slice_equal(kind, slice_of(link_faults[i].kind)))
            continue;
        if (target_leg(view, target, &leg))
            draw_beside(view, &leg, link_faults[i].sign, view->ui.theme->waiting,
                        slice_of(tr(link_faults[i].word)));
        return true;
    }
    return slice_equal(kind, SLICE("link-cut"));
}

/* ---- hosts ---- */

/* On the left or the right edge; what it is says the tip. Down is said at the lower edge. */
static void draw_host_fault(struct view *view, const struct map_host *host, struct slice kind)
{
    struct ui *ui = &view->ui;
    float size = ui->theme->size_text * 1.25f;
    float y = host->card.y + (host->card.h - size) / 2;
    struct draw_box box = {host->card.x - size / 2, y, size, size};
    if (!map_is_free(view, box))
        box.x += host->card.w;
    char name[UI_NAME];
    if (host->detail == MAP_DOT || !host->is_seen)
        return;
    mark_sign(ui->list, ui->theme, MARK_WARNING, box.x + size / 2, box.y + size / 2, size,
              ui->theme->bad);
    snprintf(name, sizeof name, "fault-%.*s",
             SLICE_ARG(slice_part(scene_place_id(&view->scene, host->place), 0, UI_NAME - 8)));
    ui_region(ui, name, box, NULL, 0);
    ui_tip(ui, kind);
    *vector_add(&view->map.taken) = box;
}

static void draw_faults(struct view *view)
{
    const struct scene_now *now = &view->scene.now;
    uint32_t at = now->event_count ? now->event_count - 1 : 0;
    for (size_t i = 0; i < now->faults.count && i < SIGNS_MAX; i++) {
        struct slice kind = log_text(view->log, now->faults.items[i].fault);
        struct slice target = log_text(view->log, now->faults.items[i].target);
        if (draw_link_fault(view, kind, target) || slice_equal(kind, SLICE("host-down")) ||
            slice_equal(kind, SLICE("agent-down")) || slice_equal(kind, SLICE("host-crash")))
            continue;
        const struct map_host *host = map_find(view, log_find_place_at(view->log, target, at));
        if (host)
            draw_host_fault(view, host, kind);
    }
}

/* ---- who listens ---- */

static uint32_t tap_at(const struct view *view, uint32_t host)
{
    if (host - 1 >= view->map.agents.count)
        return 0;
    for (uint32_t agent = view->map.agents.items[host - 1]; agent;
         agent = view->map.agents.items[agent - 1])
        if (slice_equal(log_text(view->log, event_as_agent(log_place(view->log, agent))->role),
                        SLICE("tap")) &&
            scene_is_up(&view->scene, agent))
            return agent;
    return 0;
}

/* An eye on the line where it comes to the host that listens, or where there is no room at the edge
   of its card; the tip has the listener's name. */
static void draw_tap(struct view *view, uint32_t tap, const struct map_host *host,
                     const struct map_leg *leg)
{
    const struct theme *theme = view->ui.theme;
    float size = theme->size_text * 1.5f, dx = leg->x2 - leg->x1, dy = leg->y2 - leg->y1;
    float length = fmaxf(hypotf(dx, dy), 1);
    struct draw_box eye = {host->card.x + host->card.w - size / 2, host->card.y + 4, size, size};
    enum { PLACES = 6 };
    for (int i = 0; i < PLACES; i++) {
        float back = 1.6f + 0.6f * (float)i, share = fminf(size * back / length, 0.6f);
        struct draw_box on_line = {leg->x2 - dx * share - size / 2, leg->y2 - dy * share - size / 2,
                                   size, size};
        if (!map_is_free(view, on_line))
            continue;
        eye = on_line;
        break;
    }
    float x = eye.x + size / 2, y = eye.y + size / 2;
    draw_oval(view->ui.list, ui_inset(eye, -1), theme->panel, theme->bad, theme->line / 2);
    mark_sign(view->ui.list, theme, MARK_EYE, x, y, size * 0.8f, theme->bad);
    char name[UI_NAME];
    struct slice id = scene_place_id(&view->scene, tap);
    snprintf(name, sizeof name, "tap-%.*s-%d", SLICE_ARG(slice_part(id, 0, 24)),
             (int)view->map.taken.count);
    ui_region(&view->ui, name, eye, NULL, 0);
    ui_tip(&view->ui,
           arena_printf(&view->ui.list->arena, tr("%.*s listens on this line"), SLICE_ARG(id)));
    *vector_add(&view->map.taken) = eye;
}

/* On every open connection that passes it or ends there. */
static void draw_taps_of(struct view *view, const struct scene_conn *conn)
{
    uint32_t path[SCENE_PATH_MAX];
    const struct event_tcp_connect *asked = log_conn(view->log, conn->conn);
    size_t count = scene_path_at(view->log, log_text(view->log, asked->path),
                                 view->log->conns.items[conn->conn - 1], path);
    struct map_leg leg;
    for (size_t i = 0; i < count; i++) {
        uint32_t tap = tap_at(view, path[i]);
        if (tap && map_leg(view, i ? path[i - 1] : path[i + 1 < count ? i + 1 : i], path[i], &leg))
            draw_tap(view, tap, map_find(view, path[i]), &leg);
    }
}

static void draw_taps(struct view *view)
{
    for (size_t i = 0; i < view->scene.now.conns.count && i < SIGNS_MAX; i++)
        draw_taps_of(view, &view->scene.now.conns.items[i]);
}

/* ---- what has just happened ---- */

/* It bumps into the wall before the host's card, on the side that it comes from. */
static void draw_block(struct view *view, const struct event_block *block)
{
    const struct theme *theme = view->ui.theme;
    const struct map_host *host = map_find(view, block->at), *from = map_find(view, block->from);
    struct map_leg leg;
    float size = theme->size_text * 1.7f;
    if (!host || !host->is_seen)
        return;
    if (from == host || !map_leg(view, block->from, block->at, &leg))
        leg = (struct map_leg){host->card.x, host->card.y - size, host->card.x + size / 2,
                               host->card.y};
    float dx = leg.x2 - leg.x1, dy = leg.y2 - leg.y1, length = fmaxf(hypotf(dx, dy), 1);
    float x = leg.x2 - dx / length * size * 0.7f, y = leg.y2 - dy / length * size * 0.7f;
    mark_sign(view->ui.list, theme, MARK_WALL, x, y, size, theme->bad);
    draw_beside(view, &leg, MARK_CROSS, theme->bad,
                arena_printf(&view->ui.list->arena, tr("port %u blocked"), (unsigned)block->port));
}

static void draw_tamper(struct view *view, const struct event_tamper *tamper)
{
    const struct map_host *host = map_find(view, tamper->at);
    if (host && host->is_seen)
        *vector_add(&view->map.taken) = draw_pill(
            view, host->card.x + host->card.w / 2, host->all.y - 4, MARK_WARNING,
            view->ui.theme->bad, slice_of(tamper->onto ? tr("taken over") : tr("changed")));
}

/* One sign a host: the newest. */
static void draw_happenings(struct view *view)
{
    uint32_t shown[SIGNS_MAX];
    int count = 0;
    uint32_t end = view->scene.now.event_count;
    for (uint32_t i = 0; i < EVENTS_LOOKED_AT && i < end && count < SIGNS_MAX; i++) {
        const struct event *e = log_at(view->log, end - 1 - i);
        const struct event_block *block = event_as_block(e);
        const struct event_tamper *tamper = event_as_tamper(e);
        uint32_t at = block ? block->at : tamper ? tamper->at : 0;
        bool is_new = at != 0;
        if (e->t < view->t - SHOWN_NS)
            return;
        for (int k = 0; k < count; k++)
            is_new = is_new && shown[k] != at;
        if (!is_new)
            continue;
        shown[count++] = at;
        if (block)
            draw_block(view, block);
        else
            draw_tamper(view, tamper);
    }
}

void map_signs_draw(struct view *view)
{
    draw_faults(view);
    draw_taps(view);
    draw_happenings(view);
}
