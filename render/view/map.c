#include "render/view/map_path.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/words.h"

/* ---- ways ---- */

/* Where the line from the middle of `box` to x, y leaves the box. */
static void leave_box(struct draw_box box, float x, float y, float *out_x, float *out_y)
{
    float cx = box.x + box.w / 2, cy = box.y + box.h / 2, dx = x - cx, dy = y - cy;
    float share_x = fabsf(dx) > 0.01f ? box.w / 2 / fabsf(dx) : 1e9f;
    float share_y = fabsf(dy) > 0.01f ? box.h / 2 / fabsf(dy) : 1e9f;
    float share = fminf(fminf(share_x, share_y), 1);
    *out_x = cx + dx * share;
    *out_y = cy + dy * share;
}

bool map_leg(const struct view *view, uint32_t from, uint32_t to, struct map_leg *leg)
{
    const struct map_host *a = map_find(view, from), *b = map_find(view, to);
    if (!a || !b || a == b)
        return false;
    leave_box(a->card, b->card.x + b->card.w / 2, b->card.y + b->card.h / 2, &leg->x1, &leg->y1);
    leave_box(b->card, a->card.x + a->card.w / 2, a->card.y + a->card.h / 2, &leg->x2, &leg->y2);
    return true;
}

bool map_is_steep(const struct map_leg *leg)
{
    return fabsf(leg->x2 - leg->x1) < 2 * fabsf(leg->y2 - leg->y1);
}

/* Which leg, and how far along it. */
static size_t leg_number(size_t count, double position, float *share)
{
    double along = fmin(fmax(position, 0), 1) * (double)(count - 1);
    size_t at = (size_t)along < count - 2 ? (size_t)along : count - 2;
    *share = (float)(along - (double)at);
    return at;
}

bool map_leg_at(const struct view *view, const uint32_t *hosts, size_t count, double position,
                struct map_leg *leg)
{
    float share;
    if (count < 2)
        return false;
    size_t at = leg_number(count, position, &share);
    return map_leg(view, hosts[at], hosts[at + 1], leg);
}

bool map_point(const struct view *view, const uint32_t *hosts, size_t count, double position,
               float *x, float *y)
{
    struct map_leg leg;
    float share;
    if (count < 2)
        return false;
    size_t at = leg_number(count, position, &share);
    if (map_leg(view, hosts[at], hosts[at + 1], &leg)) {
        *x = leg.x1 + (leg.x2 - leg.x1) * share;
        *y = leg.y1 + (leg.y2 - leg.y1) * share;
        return true;
    }
    const struct map_host *host = map_find(view, hosts[at]);
    if (!host) /* both ends on one host: it stays above the card */
        return false;
    *x = host->card.x + host->card.w / 2;
    *y = host->all.y - draw_line_height(view->ui.theme->size_text);
    return true;
}

/* ---- organisations ---- */

static bool area_of(const struct view *view, uint32_t admd, struct draw_box *area)
{
    float left = 1e9f, top = 1e9f, right = -1e9f, bottom = -1e9f;
    for (size_t i = 0; i < view->map.hosts.count; i++) {
        const struct map_host *host = &view->map.hosts.items[i];
        if (event_as_host(log_place(view->log, host->place))->admd != admd)
            continue;
        left = fminf(left, host->all.x);
        top = fminf(top, host->all.y);
        right = fmaxf(right, host->all.x + host->all.w);
        bottom = fmaxf(bottom, host->all.y + host->all.h);
    }
    float pad = MAP_AREA_PADDING, title = map_area_title(view);
    *area = (struct draw_box){left - pad, top - title, right - left + 2 * pad,
                              bottom - top + title + pad / 2};
    return right > left;
}

/* How many of the links go through the box. */
static int crossings(const struct view *view, struct draw_box box)
{
    enum { LINKS_LOOKED_AT = 300 };
    int count = 0;
    struct map_leg leg;
    for (uint32_t i = 1; i <= view->scene.now.link_cuts.count && i < LINKS_LOOKED_AT; i++) {
        const struct event_link *link = log_link(view->log, i);
        if (map_leg(view, link->a, link->b, &leg))
            count += map_crosses(box, leg.x1, leg.y1, leg.x2, leg.y2);
    }
    return count;
}

/* At the left of the upper edge, or where no link goes through it. */
static struct draw_box title_box(const struct view *view, struct draw_box area, float w, float h)
{
    struct draw_box best = {area.x + 10, area.y + 3, w, h};
    int least = crossings(view, best);
    for (int i = 1; i <= 6 && least > 0; i++) {
        struct draw_box box = best;
        box.x = area.x + 10 + (area.w - 20 - w) * (float)i / 6;
        int count = crossings(view, box);
        if (count < least)
            least = count, best = box;
    }
    return best;
}

static void draw_area(struct view *view, const struct event_admd *admd, int number)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box area;
    if (!area_of(view, admd->id, &area))
        return;
    draw_rect(view->ui.list, area, 12, theme->tints[number % 6], theme->card_edge, 1);
    draw_hatch(view->ui.list, area, 12, ui_fade(theme->ink_faint, 0.14f),
               10 + 5 * (float)(number % 4));
}

/* Over the links and the hatch, on ground of its own. */
static void draw_area_title(struct view *view, const struct event_admd *admd, int number)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box area;
    if (!area_of(view, admd->id, &area))
        return;
    struct slice name = log_text(view->log, admd->name ? admd->name : admd->id);
    float w = draw_width(view->ui.list, DRAW_FONT_BOLD, theme->size_text, name) + 12;
    struct draw_box box =
        title_box(view, area, fminf(w, area.w - 16), draw_line_height(theme->size_text) + 2);
    draw_rect(view->ui.list, box, 4, theme->tints[number % 6], 0, 0);
    ui_label(&view->ui, (struct draw_box){box.x + 4, box.y, box.w - 4, box.h}, DRAW_ALIGN_LEFT,
             DRAW_FONT_BOLD, theme->size_text, theme->ink_soft, name);
    *vector_add(&view->map.taken) = box;
}

/* Organisations are declared before their hosts; those without a name show their id. */
static void draw_areas(struct view *view, bool is_title)
{
    int number = 0;
    for (uint32_t id = 0; id < log_count(view->log); id++) {
        const struct event *e = log_at(view->log, id);
        const struct event_admd *admd = event_as_admd(e);
        if (admd && is_title)
            draw_area_title(view, admd, number++);
        else if (admd)
            draw_area(view, admd, number++);
        else if (e->t > 0 || id > 2 * log_place_count(view->log) + 4096)
            return;
    }
}

/* ---- links and connections ---- */

static void draw_link(struct view *view, uint32_t number)
{
    const struct theme *theme = view->ui.theme;
    const struct event_link *link = log_link(view->log, number);
    bool is_up = view->scene.now.link_cuts.items[number - 1] == 0;
    struct map_leg leg;
    if (!map_leg(view, link->a, link->b, &leg))
        return;
    draw_line(view->ui.list, leg.x1, leg.y1, leg.x2, leg.y2, is_up ? theme->link : theme->link_cut,
              view->map.detail == MAP_DOT ? 1 : theme->line, is_up ? 0 : 4);
    if (!is_up)
        mark_sign(view->ui.list, theme, MARK_CROSS, (leg.x1 + leg.x2) / 2, (leg.y1 + leg.y2) / 2,
                  theme->size_text * 1.6f, theme->link_cut);
}

/* Within TLS a line is double: what is said is between the two ends alone. */
static void draw_way(struct view *view, const struct map_leg *leg, float x2, float y2,
                     uint32_t colour, float width, bool is_pull, bool has_tls)
{
    float dash = is_pull ? view->ui.theme->line * 3 : 0;
    float dx = x2 - leg->x1, dy = y2 - leg->y1, length = fmaxf(hypotf(dx, dy), 1);
    float side = has_tls ? view->ui.theme->line * 1.4f : 0;
    float off_x = -dy / length * side, off_y = dx / length * side;
    draw_line(view->ui.list, leg->x1 + off_x, leg->y1 + off_y, x2 + off_x, y2 + off_y, colour,
              has_tls ? width * 0.6f : width, dash);
    if (has_tls)
        draw_line(view->ui.list, leg->x1 - off_x, leg->y1 - off_y, x2 - off_x, y2 - off_y, colour,
                  width * 0.6f, dash);
}

/* The line along the path of a connection; its head points where the message goes. */
static void draw_connection(struct view *view, const struct scene_conn *conn)
{
    const struct theme *theme = view->ui.theme;
    const struct event_tcp_connect *asked = log_conn(view->log, conn->conn);
    uint32_t path[SCENE_PATH_MAX];
    size_t count = scene_path(view->log, log_text(view->log, asked->path), path);
    bool is_pull = scene_is_pull(&view->scene, conn->conn), is_chosen = conn->conn == view->conn;
    uint32_t colour = is_pull ? theme->pull : theme->push;
    float width = theme->line * (conn->is_open ? is_chosen ? 2 : 1.3f : 0.8f),
          head = theme->line * 7;
    struct map_leg leg;
    for (size_t i = 0; i + 1 < count; i++) {
        uint32_t from = is_pull ? path[count - 1 - i] : path[i];
        uint32_t to = is_pull ? path[count - 2 - i] : path[i + 1];
        if (!map_leg(view, from, to, &leg))
            continue;
        float dx = leg.x2 - leg.x1, dy = leg.y2 - leg.y1, length = fmaxf(hypotf(dx, dy), 1);
        float short_x = leg.x2 - dx / length * head * 0.6f,
              short_y = leg.y2 - dy / length * head * 0.6f;
        draw_way(view, &leg, short_x, short_y, colour, width, is_pull, conn->has_tls);
        mark_arrow(view->ui.list, leg.x2, leg.y2, dx, dy, head, !is_pull, colour, theme->line);
    }
}

static void draw_connections(struct view *view)
{
    for (size_t i = 0; i < view->scene.now.conns.count; i++)
        draw_connection(view, &view->scene.now.conns.items[i]);
}

enum { NAMED_CONNS = 4 };

/* "SMTP 587 TLS push" beside the middle of the chosen connection; a press chooses it. */
static void draw_port(struct view *view, const struct scene_conn *conn)
{
    const struct theme *theme = view->ui.theme;
    const struct event_tcp_connect *asked = log_conn(view->log, conn->conn);
    uint32_t path[SCENE_PATH_MAX];
    size_t count = scene_path(view->log, log_text(view->log, asked->path), path);
    float x, y;
    bool is_crowd = view->map.detail == MAP_DOT || view->scene.now.conns.count > NAMED_CONNS;
    if ((is_crowd && conn->conn != view->conn) || !map_point(view, path, count, 0.5, &x, &y))
        return; /* the dialogue's title says it too */
    bool is_pull = scene_is_pull(&view->scene, conn->conn);
    struct slice text = arena_printf(&view->ui.list->arena, "%s %" PRIu32 "%s %s",
                                     words_protocol(&view->scene, conn->conn), asked->port,
                                     conn->has_tls ? " TLS" : "", is_pull ? "pull" : "push");
    float width = draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_small, text) + 14;
    struct map_leg leg;
    struct map_label label = {.x = x,
                              .y = y,
                              .reach_x = theme->size_text * 1.2f,
                              .reach_y = theme->size_text * 0.4f,
                              .w = width,
                              .h = draw_line_height(theme->size_small) + 4,
                              .is_low = true};
    label.is_steep = map_leg_at(view, path, count, 0.5, &leg) && map_is_steep(&leg);
    struct draw_box at = map_label_place(view, &label, width);
    struct draw_box box =
        ui_pill(&view->ui, at.x, at.y, theme->size_small, theme->panel,
                conn->conn == view->conn ? theme->accent : theme->card_edge, theme->ink, text);
    char name[UI_NAME];
    snprintf(name, sizeof name, "conn-%" PRIu32, conn->conn);
    ui_region(&view->ui, name, box, ACTION_CHOOSE_CONN, conn->conn);
}

/* The hop that a Received field tells of, when one is pointed at or chosen. */
static void draw_hop(struct view *view)
{
    uint32_t hop = view->hover_hop ? view->hover_hop : view->chosen_hop, from, by;
    struct map_leg leg;
    if (!hop || !header_hop(view, hop, &from, &by) || !map_leg(view, from, by, &leg))
        return;
    const struct theme *theme = view->ui.theme;
    draw_line(view->ui.list, leg.x1, leg.y1, leg.x2, leg.y2, ui_fade(theme->accent, 0.45f),
              theme->line * 6, 0);
}

void map_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    draw_rect(ui->list, box, 8, ui->theme->panel, ui->theme->panel_edge, 1);
    map_arrange(view, box);
    vector_clear(&view->map.taken);
    ui_clip(ui, box);
    draw_areas(view, false);
    for (uint32_t link = 1; link <= view->scene.now.link_cuts.count; link++)
        draw_link(view, link);
    draw_hop(view);
    draw_connections(view);
    draw_areas(view, true);
    for (size_t i = 0; i < view->map.hosts.count; i++)
        map_card_draw(view, &view->map.hosts.items[i]);
    for (size_t i = 0; i < view->scene.now.conns.count; i++)
        draw_port(view, &view->scene.now.conns.items[i]);
    map_token_draw(view);
    ui_unclip(ui);
}
