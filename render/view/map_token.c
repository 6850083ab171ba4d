#include "render/view/map_path.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/words.h"

/* ---- the letter ---- */

/* Received slips stick out behind the letter, one each, and are counted beside it. */
static void draw_slips(struct view *view, struct draw_box letter, uint32_t count)
{
    const struct theme *theme = view->ui.theme;
    uint32_t shown = count > 5 ? 5 : count;
    float step = fminf(letter.h * 0.16f, letter.h * 0.4f / fmaxf((float)shown, 1));
    for (uint32_t i = shown; i > 0; i--) {
        struct draw_box slip = {letter.x + letter.w * 0.12f, letter.y - step * (float)i,
                                letter.w * 0.76f, letter.h * 0.5f};
        draw_rect(view->ui.list, slip, 2, theme->slip, theme->token_edge, 1);
    }
}

static void draw_letter(struct view *view, struct draw_box letter, uint32_t slips, bool is_held)
{
    const struct theme *theme = view->ui.theme;
    draw_slips(view, letter, slips);
    draw_rect(view->ui.list, letter, 3, theme->token, theme->token_edge,
              is_held ? theme->line * 1.5f : 1);
    const float flap[] = {letter.x + 1,
                          letter.y + 1,
                          letter.x + letter.w / 2,
                          letter.y + letter.h * 0.58f,
                          letter.x + letter.w - 1,
                          letter.y + 1};
    draw_line(view->ui.list, flap[0], flap[1], flap[2], flap[3], theme->token_edge, 1.2f, 0);
    draw_line(view->ui.list, flap[2], flap[3], flap[4], flap[5], theme->token_edge, 1.2f, 0);
}

static struct slice slip_words(struct view *view, uint32_t msg)
{
    const struct scene_message *message = scene_find_message(&view->scene, msg);
    uint32_t slips = message ? message->received_count : 0;
    if (slips == 0)
        return words_subject(view->log, &view->ui.list->arena, msg);
    struct slice subject = words_subject(view->log, &view->ui.list->arena, msg);
    return arena_printf(&view->ui.list->arena, "%.*s \xC2\xB7 %" PRIu32 " Received",
                        SLICE_ARG(subject), slips);
}

/* ---- on its way ---- */

/* Beside each leg one label in each direction: of what is most worth telling. */
enum { LABELS_MAX = 12, FLIGHTS_MAX = 200 };

struct thing {
    struct scene_flight flight;
    uint32_t from, to; /* of its leg: places of cards */
    float x, y;
    int rank;
};

static bool is_plain_ack(const struct view *view, const struct scene_flight *flight)
{
    const unsigned telling = EVENT_SEGMENT_SYN | EVENT_SEGMENT_FIN | EVENT_SEGMENT_RST;
    return flight->cargo == SCENE_CARGO_CONTROL &&
           !(log_at(view->log, flight->event)->flags & telling);
}

/* What is chosen comes first, then mail and what is lost, then what is said. */
static int rank_of(const struct view *view, const struct scene_flight *flight)
{
    bool is_chosen =
        (flight->msg && flight->msg == view->msg) || (flight->conn && flight->conn == view->conn);
    if (is_plain_ack(view, flight))
        return -1;
    return 4 * is_chosen + (flight->cargo == SCENE_CARGO_MESSAGE || flight->is_lost ? 2
                            : flight->cargo == SCENE_CARGO_CONTROL                  ? 0
                                                                                    : 1);
}

static float reach_of(const struct view *view, const struct scene_flight *flight)
{
    float size = map_id_size(view, view->map.detail);
    if (flight->cargo == SCENE_CARGO_MESSAGE && !flight->is_lost)
        return size * 1.5f;
    return view->ui.theme->size_text * (flight->is_lost ? 1 : 0.5f);
}

static struct slice words_of(struct view *view, const struct scene_flight *flight)
{
    if (flight->is_lost)
        return slice_of(tr("lost"));
    if (flight->cargo == SCENE_CARGO_MESSAGE)
        return slip_words(view, flight->msg);
    return words_flight_label(&view->scene, &view->ui.list->arena, flight);
}

/* What goes back stands on the other side of the line. */
static void draw_label(struct view *view, const struct thing *thing)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct scene_flight *flight = &thing->flight;
    bool is_talk = flight->cargo == SCENE_CARGO_TALK && !flight->is_lost;
    enum draw_font font = is_talk ? DRAW_FONT_MONO : DRAW_FONT_SANS;
    float size = is_talk ? theme->size_mono : theme->size_small;
    uint32_t edge = flight->is_lost                        ? theme->bad
                    : flight->cargo == SCENE_CARGO_MESSAGE ? theme->ink_soft
                                                           : theme->accent;
    struct slice text = words_of(view, flight);
    struct map_label label = {
        .reach = reach_of(view, flight),
        .w = fminf(draw_width(ui->list, font, size, text) + 16, theme->size_text * 20),
        .h = draw_line_height(size) + 6,
        .share = flight->is_back ? 0.4f : 0.5f,
        .side = flight->is_back ? -1 : 1};
    struct draw_box box;
    if (!map_leg(view, thing->from, thing->to, &label.leg) ||
        !map_label_place(view, &label, theme->size_text * 11, &box))
        return;
    map_leader_draw(view, box, thing->x, thing->y, label.reach, edge);
    draw_rect(ui->list, box, 4, theme->panel, edge, 1);
    ui_label(ui, (struct draw_box){box.x + 8, box.y, box.w - 15, box.h}, DRAW_ALIGN_LEFT, font,
             size, theme->ink, text);
}

static void draw_message(struct view *view, const struct thing *thing)
{
    const struct scene_message *message = scene_find_message(&view->scene, thing->flight.msg);
    float size = map_id_size(view, view->map.detail), w = size * 3, h = size * 2;
    struct draw_box letter =
        map_kept(view, (struct draw_box){thing->x - w / 2, thing->y - h / 2, w, h});
    draw_letter(view, letter, message ? message->received_count : 0, true);
    char name[UI_NAME];
    snprintf(name, sizeof name, "flight-%" PRIu32, thing->flight.msg);
    letter.y -= h * 0.4f; /* with its slips */
    letter.h += h * 0.4f;
    ui_region(&view->ui, name, letter, select_message, thing->flight.msg);
}

static void draw_dot(struct view *view, float x, float y, float radius, bool is_filled)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box dot = {x - radius, y - radius, 2 * radius, 2 * radius};
    draw_oval(view->ui.list, dot, is_filled ? theme->accent : theme->panel, theme->accent,
              theme->line);
}

/* A press on what flies chooses its connection, of a datagram its event; Tab goes past it, since it
   is gone soon. */
static void press_dot(struct view *view, const struct thing *thing, float radius)
{
    char name[UI_NAME];
    struct draw_box box = {thing->x - radius, thing->y - radius, 2 * radius, 2 * radius};
    bool has_conn = thing->flight.conn != 0;
    snprintf(name, sizeof name, "talk-%" PRIu32, thing->flight.event);
    ui_region(&view->ui, name, box, has_conn ? select_conn : select_event,
              has_conn ? thing->flight.conn : thing->flight.event);
    view->ui.widgets.items[view->ui.widgets.count - 1].can_focus = false;
}

static void draw_thing(struct view *view, const struct thing *thing)
{
    const struct theme *theme = view->ui.theme;
    float radius = theme->size_text * 0.45f;
    if (thing->flight.is_lost)
        mark_sign(view->ui.list, theme, MARK_CROSS, thing->x, thing->y, theme->size_text * 2,
                  theme->bad);
    else if (thing->flight.cargo == SCENE_CARGO_MESSAGE)
        draw_message(view, thing);
    else if (thing->rank < 0)
        draw_dot(view, thing->x, thing->y, radius * 0.5f, false);
    else
        draw_dot(view, thing->x, thing->y, radius, thing->flight.cargo != SCENE_CARGO_CONTROL);
    if (thing->flight.cargo != SCENE_CARGO_MESSAGE)
        press_dot(view, thing, radius);
}

/* The segments of one message that leave together are one letter. */
static bool is_same_letter(const struct scene_flight *a, const struct scene_flight *b)
{
    return a->cargo == SCENE_CARGO_MESSAGE && b->cargo == SCENE_CARGO_MESSAGE &&
           a->conn == b->conn && a->msg == b->msg && fabs(a->position - b->position) < 0.02 &&
           !a->is_lost && !b->is_lost;
}

/* The leg that it is on now, and where; false when it is out of sight. A letter is as wide as the
   room that it needs: it starts and ends beside the cards. */
static bool find_leg(const struct view *view, struct thing *thing)
{
    const struct scene_flight *f = &thing->flight;
    double along = fmin(fmax(f->position, 0), 1) * (double)(f->path_count - 1);
    size_t at = (size_t)along < f->path_count - 2 ? (size_t)along : f->path_count - 2;
    const struct map_host *a = map_find(view, f->path[at]), *b = map_find(view, f->path[at + 1]);
    bool is_letter = f->cargo == SCENE_CARGO_MESSAGE && !f->is_lost;
    float size = map_id_size(view, view->map.detail), dot = view->ui.theme->size_text * 0.9f;
    if (!a || !b)
        return false;
    thing->from = a->place;
    thing->to = b->place;
    if (a == b)
        return map_point(view, f->path, f->path_count, f->position, &thing->x, &thing->y);
    map_thing_at(a, b, (float)(along - (double)at), is_letter ? size * 3 : dot,
                 is_letter ? size * 2.6f : dot, &thing->x, &thing->y);
    return ui_is_inside(view->map.box, thing->x, thing->y);
}

/* Of all on the same leg in the same direction the one with the highest rank, the newest. */
static void note_best(struct thing *best, size_t *count, const struct thing *thing)
{
    for (size_t i = 0; i < *count; i++)
        if (best[i].from == thing->from && best[i].to == thing->to) {
            if (thing->rank >= best[i].rank)
                best[i] = *thing;
            return;
        }
    if (*count < LABELS_MAX)
        best[(*count)++] = *thing;
}

/* In the order of their rank, so that what is most worth telling finds the best place. */
static void draw_labels(struct view *view, const struct thing *best, size_t count)
{
    for (int rank = 6; rank >= 0; rank--)
        for (size_t i = 0; i < count; i++)
            if (best[i].rank == rank)
                draw_label(view, &best[i]);
}

/* Within one card nothing is seen to move: a fold, or programs of one host. */
static bool is_within(const struct view *view, const struct scene_flight *flight)
{
    const struct map_host *a = map_find(view, flight->from), *b = map_find(view, flight->to);
    return a && a == b && a->is_fold;
}

/* Words come last: what moves past them does not cover them. */
static void draw_flights(struct view *view)
{
    struct thing best[LABELS_MAX], thing;
    struct scene_flight last = {0};
    size_t count = 0;
    for (size_t i = 0; i < FLIGHTS_MAX && scene_flight(&view->scene, i, &thing.flight); i++) {
        const struct scene_flight *f = &thing.flight;
        bool is_double = is_same_letter(f, &last);
        last = *f;
        if (is_double || is_within(view, f) || f->path_count < 2 || !find_leg(view, &thing))
            continue;
        thing.rank = rank_of(view, f);
        draw_thing(view, &thing);
        if (thing.rank >= 0)
            note_best(best, &count, &thing);
    }
    map_ports_draw(view);
    draw_labels(view, best, count);
}

/* ---- at rest: on the upper edge of the card of who has it ---- */

float map_letter_size(const struct view *view)
{
    return draw_line_height(theme_get(view->theme)->size_small) + 3;
}

/* "holds" stands white on black, so that it is seen first. */
static void draw_tag(struct view *view, const struct map_host *host, struct draw_box letter,
                     const char *word, bool is_held)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    uint32_t slips = message->received_count;
    float room = letter.x - 3 - host->card.x;
    struct slice text = slice_of(word);
    if (slips)
        text = arena_printf(&ui->list->arena,
                            trn("%s \xC2\xB7 %u slip", "%s \xC2\xB7 %u slips", slips), word,
                            (unsigned)slips);
    if (draw_width(ui->list, DRAW_FONT_BOLD, theme->size_small, text) + 14 > room)
        text = slice_of(word); /* the slips can be counted */
    float w = draw_width(ui->list, DRAW_FONT_BOLD, theme->size_small, text) + 14,
          h = draw_line_height(theme->size_small) + 2;
    struct draw_box tag = {floorf(letter.x - w - 3), floorf(host->card.y - h + 1), w, h};
    draw_rect(ui->list, tag, 4, is_held ? theme->ink : theme->panel, theme->ink, 1);
    ui_label(ui, (struct draw_box){tag.x + 7, tag.y, tag.w - 13, h}, DRAW_ALIGN_LEFT,
             DRAW_FONT_BOLD, theme->size_small, is_held ? theme->panel : theme->ink, text);
    *vector_add(&view->map.taken) = tag;
    *vector_add(&view->map.taken) = letter;
}

/* A dot or a name has no room for a tag: the letter stands beside it. */
static void draw_small_letter(struct view *view, const struct map_host *host, bool is_held)
{
    float h = map_letter_size(view) * 0.8f, w = h * 1.5f;
    struct draw_box letter = {host->card.x + host->card.w - w * 0.15f,
                              host->card.y + (host->card.h - h) / 2, w, h};
    draw_letter(view, letter, 0, is_held);
    *vector_add(&view->map.taken) = letter;
}

static void draw_resting(struct view *view, uint32_t place, const char *word, bool is_held)
{
    const struct map_host *host = map_find(view, place);
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    if (!host || !host->is_seen)
        return;
    if (host->detail >= MAP_NAME) {
        draw_small_letter(view, host, is_held);
        return;
    }
    float h = map_letter_size(view), w = floorf(h * 1.5f);
    struct draw_box letter = {floorf(host->card.x + host->card.w - w - 8),
                              floorf(host->card.y - h / 2), w, h};
    draw_letter(view, letter, message->received_count, is_held);
    draw_tag(view, host, letter, word, is_held);
}

/* Several programs of a host may be responsible; one card has room for one letter. */
static bool is_first_hold(const struct view *view, const struct scene_message *message,
                          uint32_t hold)
{
    const struct scene_hold *holds = view->scene.now.holds.items;
    const struct map_host *host = map_find(view, holds[hold - 1].place);
    for (uint32_t i = message->first_hold; i != hold; i = holds[i - 1].next)
        if (map_find(view, holds[i - 1].place) == host)
            return false;
    return true;
}

static void draw_held(struct view *view)
{
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    if (!message)
        return;
    for (uint32_t i = message->first_hold; i; i = view->scene.now.holds.items[i - 1].next)
        if (is_first_hold(view, message, i))
            draw_resting(view, view->scene.now.holds.items[i - 1].place, tr("holds"), true);
    if (message->first_hold)
        return;
    bool is_one =
        message->store && map_find(view, message->store) == map_find(view, message->reader);
    if (message->store && !is_one)
        draw_resting(view, message->store, tr("stored"), false);
    if (message->reader)
        draw_resting(view, message->reader, tr("fetched"), false);
}

void map_token_draw(struct view *view)
{
    draw_held(view);
    draw_flights(view);
}
