/*
 * The state diagram of a session, drawn from the rules that agents/proto exports: a box a state
 * from left to right, an arrow for what leads on. The state at the moment shown is lit, the way
 * there is thick.
 */
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/dialogue_panel.h"
#include "render/view/states_diagram.h"

/* ---- layout ---- */

static float box_width(const struct view *view, enum turn_protocol protocol, float size)
{
    float w = 0;
    for (int i = 0; i < states_count(protocol); i++)
        w = fmaxf(
            w, draw_width(view->ui.list, DRAW_FONT_BOLD, size, slice_of(states_name(protocol, i))));
    return w + 16;
}

/* False when the whole has no room here. */
static bool lay_out(struct view *view, struct diagram *d, struct draw_box room, float *size)
{
    const struct theme *theme = view->ui.theme;
    int column[STATES_MAX], row[STATES_MAX];
    int columns = states_diagram_columns(d, column), rows = states_diagram_rows(d, column, row);
    float gap_least = theme->size_small * 4.6f, w = 0, h = 0;
    for (*size = theme->size_title; *size >= theme->size_small; *size -= 1) {
        w = box_width(view, d->protocol, *size);
        h = draw_line_height(*size) + 12;
        if (w * (float)columns + gap_least * (float)(columns - 1) <= room.w &&
            h * 2 * (float)rows + h <= room.h)
            break;
    }
    if (*size < theme->size_small)
        return false;
    float gap = columns > 1 ? (room.w - w * (float)columns) / (float)(columns - 1) : 0;
    float step = rows > 1 ? fminf((room.h - 2 * h) / (float)(rows - 1), h * 2.8f) : 0;
    float top = room.y + fmaxf(room.h - step * (float)(rows - 1) - h, 0) / 2;
    for (int i = 0; i < states_count(d->protocol); i++)
        d->boxes[i] = (struct draw_box){floorf(room.x + (w + gap) * (float)column[i]),
                                        floorf(top + step * (float)row[i]), w, h};
    return true;
}

/* ---- drawing ---- */

struct pen {
    uint32_t colour;
    float width;
};

static struct pen pen_of(const struct view *view, const struct edge *edge)
{
    const struct theme *theme = view->ui.theme;
    if (edge->is_last)
        return (struct pen){theme->accent, theme->line + 2};
    if (edge->passed)
        return (struct pen){theme->ink, theme->line + 1};
    return (struct pen){theme->ink_faint, 1};
}

static void draw_edge_label(struct view *view, const struct edge *edge, float x, float y, float w)
{
    const struct theme *theme = view->ui.theme;
    struct slice text = slice_of(edge->label);
    enum draw_font font = edge->passed ? DRAW_FONT_BOLD : DRAW_FONT_SANS;
    float h = draw_line_height(theme->size_small);
    float width = fminf(draw_width(view->ui.list, font, theme->size_small, text), w);
    struct draw_box box = {x - width / 2, y - h, width, h};
    /* no higher than its letters: the next one may stand close */
    draw_rect(view->ui.list, (struct draw_box){box.x - 2, box.y + h * 0.2f, box.w + 4, h * 0.6f}, 2,
              theme->panel, 0, 0);
    ui_label(&view->ui, box, DRAW_ALIGN_CENTER, font, theme->size_small,
             edge->passed ? theme->ink : theme->ink_soft, text);
}

/* To the next box in the row: straight. */
static void draw_straight(struct view *view, const struct edge *edge, struct draw_box a,
                          struct draw_box b)
{
    struct pen pen = pen_of(view, edge);
    float y = a.y + a.h / 2, x1 = a.x + a.w, x2 = b.x;
    draw_line(view->ui.list, x1, y, x2 - 6, y, pen.colour, pen.width, 0);
    mark_arrow(view->ui.list, x2 - 1, y, 1, 0, 8 + pen.width, true, pen.colour, pen.width);
    draw_edge_label(view, edge, (x1 + x2) / 2, y - 3, x2 - x1 - 4);
}

/* In the same row: an arc over what lies between, forward above it and back below it. */
static void draw_arc(struct view *view, const struct edge *edge, struct draw_box a,
                     struct draw_box b)
{
    struct pen pen = pen_of(view, edge);
    float side = b.x > a.x ? -1 : 1, inner = b.x > a.x ? 0.8f : 0.2f;
    float x1 = a.x + a.w * inner, x2 = b.x + b.w * (1 - inner);
    float y = side > 0 ? a.y + a.h : a.y, bend = a.h * 1.1f;
    const float points[] = {x1, y, x1, y + side * bend, x2, y + side * bend, x2, y + side * 6};
    draw_curve(view->ui.list, points, 4, pen.colour, pen.width, edge->passed ? 0 : 4);
    mark_arrow(view->ui.list, x2, y + side, 0, -side, 8 + pen.width, true, pen.colour, pen.width);
    draw_edge_label(view, edge, (x1 + x2) / 2,
                    y + side * bend * 0.75f + draw_line_height(view->ui.theme->size_small) / 2,
                    fabsf(x2 - x1));
}

/* Between rows: from below the upper box to the near side of the lower one, or back the same way.
 */
static void draw_bend(struct view *view, const struct edge *edge, struct draw_box a,
                      struct draw_box b)
{
    struct pen pen = pen_of(view, edge);
    bool is_down = b.y > a.y, is_right = is_down ? b.x > a.x : a.x > b.x;
    struct draw_box high = is_down ? a : b, low = is_down ? b : a;
    float x1 = high.x + high.w * (is_down ? 0.65f : 0.35f), y1 = high.y + high.h;
    float x2 = is_right ? low.x : low.x + low.w;
    float y2 = low.y + low.h * (is_down ? 0.35f : 0.7f), away = is_right ? -6 : 6;
    float d = is_down ? away : 0;
    const float points[] = {x1, is_down ? y1 : y1 + 6, x1, y2, x1, y2, x2 + d, y2};
    draw_curve(view->ui.list, points, 4, pen.colour, pen.width, edge->passed ? 0 : 4);
    if (is_down)
        mark_arrow(view->ui.list, x2, y2, is_right ? 1 : -1, 0, 8 + pen.width, true, pen.colour,
                   pen.width);
    else
        mark_arrow(view->ui.list, x1, y1 + 1, 0, -1, 8 + pen.width, true, pen.colour, pen.width);
    draw_edge_label(view, edge, (x1 * 0.35f + x2 * 0.65f), y2 + (is_down ? -2.0f : 16.0f),
                    fabsf(x2 - x1) + low.w * 0.4f);
}

static void draw_edge(struct view *view, const struct diagram *d, const struct edge *edge)
{
    struct draw_box a = d->boxes[edge->from], b = d->boxes[edge->to];
    float step = b.x - a.x, next = a.w + a.w;
    bool is_back_far = !edge->passed && a.y > b.y && step < -2 * next;
    if (is_back_far) /* it would cross what lies between: the words name it */
        return;
    bool is_between = false;
    for (int i = 0; i < states_count(d->protocol); i++)
        is_between = is_between ||
                     (d->boxes[i].y == a.y && d->boxes[i].x > a.x + 1 && d->boxes[i].x < b.x - 1);
    if (a.y == b.y && step > 0 && !is_between)
        draw_straight(view, edge, a, b);
    else if (a.y == b.y)
        draw_arc(view, edge, a, b);
    else
        draw_bend(view, edge, a, b);
}

static void draw_box_of(struct view *view, const struct diagram *d, int state, struct draw_box box,
                        float size)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    bool is_now = state == d->now, is_seen = d->is_seen[state];
    char name[UI_NAME];
    snprintf(name, sizeof name, "state-%d", state);
    ui_region(ui, name, box, NULL, 0);
    draw_rect(ui->list, box, 6, is_now ? theme->accent : theme->card,
              is_now || is_seen ? theme->accent : theme->card_edge,
              is_now || is_seen ? theme->line : 1);
    ui_label(ui, ui_inset(box, 3), DRAW_ALIGN_CENTER, is_now ? DRAW_FONT_BOLD : DRAW_FONT_SANS,
             size,
             is_now    ? theme->panel
             : is_seen ? theme->ink
                       : theme->ink_soft,
             slice_of(states_name(d->protocol, state)));
}

static void draw_whole(struct view *view, const struct diagram *d, float size)
{
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < d->edge_count; i++)
            if ((d->edges[i].passed > 0) == (round == 1))
                draw_edge(view, d, &d->edges[i]);
    for (int i = 0; i < states_count(d->protocol); i++)
        draw_box_of(view, d, i, d->boxes[i], size);
}

/* ---- where the whole has no room: where it came from, where it is, where it can go ---- */

struct exit_of {
    int to;
    char label[80];
};

static int find_exits(const struct diagram *d, struct exit_of exits[STATES_MAX])
{
    int count = 0, from, to;
    const char *label;
    for (int state = 0; state < states_count(d->protocol); state++) {
        struct edge all = {.from = d->now, .to = state};
        for (int verb = 0; verb < states_verb_count(d->protocol); verb++)
            if (states_is_legal(d->protocol, d->now, verb) && state != d->now &&
                states_after(d->protocol, d->now, verb) == state)
                states_diagram_label(&all, states_verb(d->protocol, verb));
        for (int i = 0; states_way(d->protocol, i, &from, &to, &label); i++)
            if (from == d->now && to == state)
                states_diagram_label(&all, label);
        if (all.label[0]) {
            exits[count].to = state;
            snprintf(exits[count++].label, sizeof exits->label, "%s", all.label);
        }
    }
    return count;
}

static void draw_exits(struct view *view, const struct diagram *d, struct draw_box now,
                       struct draw_box room, float size, const struct exit_of exits[STATES_MAX],
                       int count)
{
    float step = count ? fminf(room.h / (float)count, now.h * 1.6f) : 0;
    float y = room.y + (room.h - step * (float)count) / 2;
    float h = fminf(now.h, step - 2); /* many in a low dock stand close, and not on each other */
    for (int i = 0; i < count; i++, y += step) {
        struct draw_box box = {room.x + room.w - now.w, y + (step - h) / 2, now.w, h};
        struct edge edge = {.from = d->now, .to = exits[i].to};
        struct pen pen = pen_of(view, &edge);
        float x1 = now.x + now.w, y1 = now.y + now.h / 2, y2 = box.y + box.h / 2, x = x1 + 26;
        snprintf(edge.label, sizeof edge.label, "%.63s", exits[i].label);
        const float points[] = {x1, y1, x1 + 14, y1, x - 14, y2, x, y2};
        draw_curve(view->ui.list, points, 4, pen.colour, pen.width, 0);
        draw_line(view->ui.list, x, y2, box.x - 6, y2, pen.colour, pen.width, 0);
        mark_arrow(view->ui.list, box.x - 1, y2, 1, 0, 8, true, pen.colour, 1);
        draw_edge_label(view, &edge, (x + box.x - 6) / 2, y2 + draw_line_height(size) / 2,
                        box.x - x - 16);
        draw_box_of(view, d, exits[i].to, box, size);
    }
}

static struct edge last_edge(const struct diagram *d)
{
    for (int i = 0; i < d->edge_count; i++)
        if (d->edges[i].is_last)
            return d->edges[i];
    return (struct edge){.is_last = true};
}

static void draw_origin(struct view *view, const struct diagram *d, struct draw_box room,
                        struct draw_box now)
{
    struct edge edge = last_edge(d);
    struct draw_box line = {room.x, now.y - now.h, room.w, now.h};
    ui_label(&view->ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, view->ui.theme->size_small,
             view->ui.theme->ink_soft,
             arena_printf(&view->ui.list->arena, tr("from %s by %s"),
                          states_name(d->protocol, d->before), edge.label));
}

static void draw_near(struct view *view, const struct diagram *d, struct draw_box room)
{
    struct exit_of exits[STATES_MAX];
    int count = find_exits(d, exits);
    float size = view->ui.theme->size_small, label = size * 9;
    float w = fminf(box_width(view, d->protocol, size), room.w * 0.3f);
    float h = draw_line_height(size) + 8, middle = room.y + (room.h - h) / 2;
    struct draw_box now = {room.x, middle, w, h};
    bool has_room = 2 * w + label < room.w && (count == 0 || 3 * w + 2 * label < room.w);
    if (d->before >= 0 && has_room) {
        struct draw_box before = now;
        struct edge edge = last_edge(d);
        now.x += w + label;
        draw_box_of(view, d, d->before, before, size);
        draw_straight(view, &edge, before, now);
    } else if (d->before >= 0) {
        draw_origin(view, d, room, now);
    }
    draw_exits(view, d, now, room, size, exits, count);
    draw_box_of(view, d, d->now, now, size);
}

/* ---- in words ---- */

static struct slice legal_words(struct arena *arena, enum turn_protocol protocol, int state)
{
    struct slice words = SLICE("");
    for (int verb = 0; verb < states_verb_count(protocol); verb++)
        if (states_is_legal(protocol, state, verb) &&
            !slice_starts(slice_of(states_verb(protocol, verb)), SLICE("UID ")))
            words = arena_printf(arena, "%.*s%s%s", SLICE_ARG(words), words.size ? ", " : "",
                                 states_verb(protocol, verb));
    if (words.size == 0)
        return slice_of(states_is_end(protocol, state) ? tr("The session is over.")
                                                       : tr("Now no command: something else "
                                                            "comes first."));
    bool has_uid = protocol == TURN_IMAP &&
                   states_is_legal(protocol, state, states_find_verb(protocol, SLICE("UID FETCH")));
    return arena_printf(arena, tr("Now legal: %.*s%s"), SLICE_ARG(words),
                        has_uid ? tr(", and the last ones with UID in front") : "");
}

/* The last command that was not legal where it came, if the dialogue has one by now. */
static struct slice illegal_words(struct view *view, const struct dialogue_turns *turns)
{
    enum { LOOK_BACK = 400 };
    size_t known = dialogue_turns_below(turns, log_count_until(view->log, view->t));
    for (size_t i = known; i > 0 && i + LOOK_BACK > known; i--) {
        const struct dialogue_turn *t = &turns->turns.items[i - 1];
        struct turn turn;
        if (t->is_illegal && turn_read(view->log, log_at(view->log, t->event), &turn))
            return arena_printf(&view->ui.list->arena, tr("Not legal in %s: %.*s"),
                                states_name(turns->protocol, t->state), SLICE_ARG(turn.verb));
    }
    return SLICE("");
}

static struct slice client_words(struct view *view, const struct dialogue_turns *turns)
{
    struct slice verb = dialogue_turns_client_at(turns, view->t);
    const char *name = states_client(turns->protocol, verb);
    struct arena *arena = &view->ui.list->arena;
    if (!verb.size || slice_equal(verb, SLICE("CLOSED")))
        return arena_printf(arena, tr("Client: %s"), name);
    return arena_printf(arena, tr("Client: %s (it waits for the reply to %.*s)"), name,
                        SLICE_ARG(verb));
}

static float foot_height(struct view *view, float w, struct slice legal, bool has_illegal)
{
    const struct theme *theme = view->ui.theme;
    struct slice line;
    float h = draw_line_height(theme->size_text) * (has_illegal ? 2 : 1) + 10;
    while (ui_wrap(&view->ui, DRAW_FONT_SANS, theme->size_text, w, &legal, &line))
        h += draw_line_height(theme->size_text);
    return h;
}

static void draw_foot(struct view *view, struct draw_box foot, struct slice legal,
                      struct slice illegal)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float line = draw_line_height(theme->size_text);
    ui_cut_top(&foot, 6);
    ui_label(ui, ui_cut_top(&foot, line), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text,
             theme->ink_soft, client_words(view, &view->dialogue->turns));
    if (illegal.size) {
        struct draw_box row = ui_cut_top(&foot, line);
        struct draw_box mark = ui_cut_left(&row, line);
        mark_sign(ui->list, theme, MARK_CROSS, mark.x + line / 2, mark.y + line / 2,
                  theme->size_text, theme->bad);
        ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->bad, illegal);
    }
    ui_paragraph(ui, foot, DRAW_FONT_SANS, theme->size_text, theme->ink, legal,
                 (int)(foot.h / line));
}

static void draw_diagram(struct view *view, struct draw_box inside)
{
    struct dialogue_panel *panel = view->dialogue;
    struct diagram d = {.before = -1};
    float size;
    states_diagram_read(&d, panel->turns.protocol);
    states_diagram_follow(&d, &panel->turns, view->log, view->t);
    struct slice legal = legal_words(&view->ui.list->arena, d.protocol, d.now);
    struct slice illegal = illegal_words(view, &panel->turns);
    float h = foot_height(view, inside.w, legal, illegal.size > 0);
    struct draw_box foot = ui_cut_bottom(&inside, fminf(h, inside.h * 0.55f));
    if (lay_out(view, &d, inside, &size))
        draw_whole(view, &d, size);
    else
        draw_near(view, &d, inside);
    draw_foot(view, foot, legal, illegal);
}

void states_draw(struct view *view, struct draw_box inside, struct draw_box *tools)
{
    (void)tools;
    struct dialogue_panel *panel = dialogue_panel(view);
    dialogue_title_draw(view, &inside);
    if (view->conn && states_count(panel->turns.protocol)) {
        draw_diagram(view, inside);
        return;
    }
    bool is_http = panel->turns.protocol == TURN_HTTP;
    ui_paragraph(
        &view->ui, inside, DRAW_FONT_SANS, view->ui.theme->size_text, view->ui.theme->ink_soft,
        slice_of(is_http ? tr("HTTP has no states: each request stands for itself, and "
                              "what belongs together is told by a cookie.")
                         : tr("The states of a session are drawn here once it has begun.")),
        4);
}

struct slice states_told(const struct view *view, struct arena *arena)
{
    const struct dialogue_turns *turns = view->dialogue ? &view->dialogue->turns : NULL;
    if (!turns || !view->conn || turns->conn != view->conn || turns->log != view->log ||
        !states_count(turns->protocol))
        return SLICE("");
    int state = dialogue_turns_server_at(turns, view->t);
    struct slice legal = legal_words(arena, turns->protocol, state);
    return arena_printf(
        arena, tr("The session's server is in %s. %.*s.\n"), states_name(turns->protocol, state),
        SLICE_ARG(slice_part(legal, 0, legal.size - slice_ends(legal, SLICE(".")))));
}

void states_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    (void)bytes_append(out, states_told(view, arena));
}
