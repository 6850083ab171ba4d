/* Links, the connections that go over them, and what is wrong with them. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/map_path.h"
#include "render/view/words.h"

/* ---- lines ---- */

/* A line between folds is cut when all its links are. */
bool map_is_cut(const struct view *view, const struct map_line *line)
{
    const struct scene_now *now = &view->scene.now;
    return line->count == 1 && now->link_cuts.items[line->link - 1] > 0;
}

static bool line_leg(const struct view *view, const struct map_line *line, struct map_leg *leg)
{
    return map_leg(view, view->map.hosts.items[line->a].place, view->map.hosts.items[line->b].place,
                   leg) &&
           map_crosses(view->map.box, leg->x1, leg->y1, leg->x2, leg->y2);
}

/* A gap in the middle, with a cross in it. */
static void draw_cut(struct view *view, const struct map_leg *leg)
{
    const struct theme *theme = view->ui.theme;
    float dx = leg->x2 - leg->x1, dy = leg->y2 - leg->y1, size = theme->size_text * 1.4f;
    float share = fminf(size / fmaxf(hypotf(dx, dy), 1), 0.5f);
    float from = 0.5f - share, to = 0.5f + share;
    draw_line(view->ui.list, leg->x1, leg->y1, leg->x1 + dx * from, leg->y1 + dy * from,
              theme->link_cut, theme->line, 4);
    draw_line(view->ui.list, leg->x1 + dx * to, leg->y1 + dy * to, leg->x2, leg->y2,
              theme->link_cut, theme->line, 4);
    mark_sign(view->ui.list, theme, MARK_CROSS, leg->x1 + dx / 2, leg->y1 + dy / 2, size,
              theme->link_cut);
}

/* Nobody who can be trusted tells that mail went over it: broken, with a question mark. */
static bool is_claimed(const struct view *view, const struct map_line *line)
{
    return line->count == 1 && view->scene.now.links.items[line->link - 1].is_claimed;
}

static void draw_claimed(struct view *view, const struct map_leg *leg)
{
    const struct theme *theme = view->ui.theme;
    float h = draw_line_height(theme->size_text), x = (leg->x1 + leg->x2) / 2,
          y = (leg->y1 + leg->y2) / 2;
    struct draw_box box = {x - h / 2, y - h / 2, h, h};
    draw_line(view->ui.list, leg->x1, leg->y1, leg->x2, leg->y2, theme->link, theme->line,
              theme->line * 3);
    if (hypotf(leg->x2 - leg->x1, leg->y2 - leg->y1) < 3 * h)
        return;
    draw_oval(view->ui.list, box, theme->panel, theme->link, 1);
    ui_label(&view->ui, box, DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, theme->size_text, theme->ink_soft,
             SLICE("?"));
}

/* Between dots lines are thin, and the more there are the paler, so that a crowd of them is no
   black spot. */
static void draw_plain(struct view *view, const struct map_line *line, const struct map_leg *leg)
{
    enum { CROWD = 300 };
    const struct theme *theme = view->ui.theme;
    bool is_thin = view->map.hosts.items[line->a].detail == MAP_DOT;
    float part = is_thin ? (float)CROWD / (float)view->map.lines.count : 1;
    draw_line(view->ui.list, leg->x1, leg->y1, leg->x2, leg->y2,
              part < 1 ? ui_fade(theme->link, fmaxf(part, 0.05f)) : theme->link,
              is_thin ? 1 : theme->line, 0);
}

void map_lines_draw(struct view *view)
{
    struct map_leg leg;
    for (size_t i = 0; i < view->map.lines.count; i++) {
        const struct map_line *line = &view->map.lines.items[i];
        if (!line_leg(view, line, &leg))
            continue;
        if (map_is_cut(view, line))
            draw_cut(view, &leg);
        else if (is_claimed(view, line))
            draw_claimed(view, &leg);
        else
            draw_plain(view, line, &leg);
    }
}

/* ---- connections ---- */

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

static bool is_touching(struct draw_box a, struct draw_box b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* Neither on a name nor on another sign. */
bool map_is_free(const struct view *view, struct draw_box box)
{
    const struct map *map = &view->map;
    for (size_t i = 0; i < map->titled.count; i++)
        if (is_touching(box, map->groups.items[map->titled.items[i]].title))
            return false;
    for (size_t i = 0; i < map->taken.count; i++)
        if (is_touching(box, map->taken.items[i]))
            return false;
    return true;
}

/* A lock on the line, in the middle if that is free; labels keep off. */
static void draw_lock(struct view *view, const struct map_leg *leg, uint32_t colour)
{
    static const float shares[] = {0.5f, 0.38f, 0.62f, 0.26f, 0.74f};
    const struct theme *theme = view->ui.theme;
    float size = theme->size_text * 1.15f, radius = size * 0.85f;
    float dx = leg->x2 - leg->x1, dy = leg->y2 - leg->y1;
    if (hypotf(dx, dy) < 5 * size)
        return; /* the double line says it */
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        float x = leg->x1 + dx * shares[i], y = leg->y1 + dy * shares[i];
        struct draw_box box = {x - radius, y - radius, 2 * radius, 2 * radius};
        if (!map_is_free(view, box))
            continue;
        draw_oval(view->ui.list, box, theme->panel, colour, theme->line / 2);
        mark_sign(view->ui.list, theme, MARK_LOCK, x, y + size * 0.06f, size, colour);
        *vector_add(&view->map.taken) = box;
        return;
    }
}

static void draw_leg(struct view *view, const struct scene_conn *conn, const struct map_leg *leg,
                     bool is_pull)
{
    const struct theme *theme = view->ui.theme;
    bool is_chosen = conn->conn == view->conn;
    uint32_t colour = is_pull ? theme->pull : theme->push;
    float width = theme->line * (conn->is_open ? is_chosen ? 2 : 1.3f : 0.8f);
    float head = theme->line * 7;
    float dx = leg->x2 - leg->x1, dy = leg->y2 - leg->y1, length = fmaxf(hypotf(dx, dy), 1);
    float short_x = leg->x2 - dx / length * head * 0.6f,
          short_y = leg->y2 - dy / length * head * 0.6f;
    draw_way(view, leg, short_x, short_y, colour, width, is_pull, conn->has_tls);
    mark_arrow(view->ui.list, leg->x2, leg->y2, dx, dy, head, !is_pull, colour, theme->line);
    if (conn->has_tls)
        draw_lock(view, leg, colour);
}

/* The hosts that it goes over, from who has the mail to who gets it. */
static size_t conn_path(const struct view *view, uint32_t conn, uint32_t path[SCENE_PATH_MAX])
{
    const struct event_tcp_connect *asked = log_conn(view->log, conn);
    return scene_path_at(view->log, log_text(view->log, asked->path),
                         view->log->conns.items[conn - 1], path);
}

/* So far in from the tail of a leg, or from its head. */
static void point_in(const struct map_leg *leg, bool is_head, float in, float *x, float *y)
{
    float dx = leg->x2 - leg->x1, dy = leg->y2 - leg->y1;
    float share = fminf(in / fmaxf(hypotf(dx, dy), 1), 0.4f);
    share = is_head ? 1 - share : share;
    *x = leg->x1 + dx * share;
    *y = leg->y1 + dy * share;
}

/* A dot where the message is held, a flag where the connection was opened: at the same end they
   say push, at opposite ends pull (curriculum L03). */
static void draw_ends(struct view *view, const struct map_leg *first, const struct map_leg *last,
                      bool is_pull)
{
    const struct theme *theme = view->ui.theme;
    uint32_t colour = is_pull ? theme->pull : theme->push;
    float line = theme->line, radius = line * 2.2f, x, y;
    point_in(first, false, line * (is_pull ? 9 : 14), &x, &y);
    struct draw_box dot = {x - radius, y - radius, 2 * radius, 2 * radius};
    draw_oval(view->ui.list, dot, colour, theme->panel, line / 2);
    if (is_pull)
        point_in(last, true, line * 11, &x, &y);
    mark_flag(view->ui.list, x, y, line * 9, colour, line * 0.8f);
}

/* The line along the path of a connection; its head points where the message goes. */
static void draw_connection(struct view *view, const struct scene_conn *conn)
{
    uint32_t path[SCENE_PATH_MAX];
    size_t count = conn_path(view, conn->conn, path);
    bool is_pull = scene_is_pull(&view->scene, conn->conn), is_first = false, is_last = false;
    struct map_leg leg, first;
    for (size_t i = 0; i + 1 < count; i++) {
        uint32_t from = is_pull ? path[count - 1 - i] : path[i];
        uint32_t to = is_pull ? path[count - 2 - i] : path[i + 1];
        is_last = map_leg(view, from, to, &leg);
        if (is_last && map_crosses(view->map.box, leg.x1, leg.y1, leg.x2, leg.y2))
            draw_leg(view, conn, &leg, is_pull);
        if (i == 0 && is_last) {
            first = leg;
            is_first = true;
        }
    }
    if (is_first && is_last && conn->is_open)
        draw_ends(view, &first, &leg, is_pull);
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

void map_connections_draw(struct view *view)
{
    enum { CONNS_DRAWN = 300 };
    size_t count = view->scene.now.conns.count;
    draw_hop(view);
    for (size_t i = count > CONNS_DRAWN ? count - CONNS_DRAWN : 0; i < count; i++)
        draw_connection(view, &view->scene.now.conns.items[i]);
}

/* ---- their names ---- */

enum { NAMED_CONNS = 4 };

static struct slice port_words(struct view *view, const struct scene_conn *conn)
{
    const struct event_tcp_connect *asked = log_conn(view->log, conn->conn);
    bool is_pull = scene_is_pull(&view->scene, conn->conn);
    return arena_printf(&view->ui.list->arena, "%s %" PRIu32 "%s %s",
                        words_protocol(&view->scene, conn->conn), asked->port,
                        conn->has_tls ? " TLS" : "", is_pull ? "pull" : "push");
}

/* "SMTP 587 TLS push" beside the middle of the connection; a press chooses it. */
static void draw_port(struct view *view, const struct scene_conn *conn)
{
    const struct theme *theme = view->ui.theme;
    uint32_t path[SCENE_PATH_MAX];
    size_t count = conn_path(view, conn->conn, path);
    struct slice text = port_words(view, conn);
    float width = draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_small, text) + 14;
    struct map_label label = {.reach = theme->size_text * 0.7f,
                              .w = width,
                              .h = draw_line_height(theme->size_small) + 4,
                              .share = 0.5f,
                              .side = -1};
    struct draw_box at;
    if (!map_leg_at(view, path, count, 0.5, &label.leg) ||
        !map_label_place(view, &label, width, &at))
        return; /* the dialogue's title says it too */
    map_leader_draw(view, at, (label.leg.x1 + label.leg.x2) / 2, (label.leg.y1 + label.leg.y2) / 2,
                    0, theme->card_edge);
    struct draw_box box =
        ui_pill(&view->ui, at.x, at.y, theme->size_small, theme->panel,
                conn->conn == view->conn ? theme->accent : theme->card_edge, theme->ink, text);
    char name[UI_NAME];
    snprintf(name, sizeof name, "conn-%" PRIu32, conn->conn);
    ui_region(&view->ui, name, box, select_conn, conn->conn);
}

void map_ports_draw(struct view *view)
{
    const struct scene_conn *chosen = scene_find_conn(&view->scene, view->conn);
    if (chosen)
        draw_port(view, chosen);
    if (view->scene.now.conns.count > NAMED_CONNS)
        return;
    for (size_t i = 0; i < view->scene.now.conns.count; i++)
        if (&view->scene.now.conns.items[i] != chosen)
            draw_port(view, &view->scene.now.conns.items[i]);
}
