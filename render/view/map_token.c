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

/* A thin line from the thing to a label that is not close by. */
static void draw_leader(struct view *view, const struct map_label *label, struct draw_box box,
                        uint32_t edge)
{
    float x = fminf(fmaxf(label->x, box.x), box.x + box.w);
    float y = fminf(fmaxf(label->y, box.y), box.y + box.h);
    float dx = x - label->x, dy = y - label->y;
    if (fabsf(dx) < label->reach_x + 10 && fabsf(dy) < label->reach_y + 10)
        return;
    float length = fmaxf(hypotf(dx, dy), 1), reach = fminf(label->reach_x, label->reach_y);
    draw_line(view->ui.list, label->x + dx / length * reach, label->y + dy / length * reach, x, y,
              edge, 1, 0);
}

/* A thing at x, y says `text`. */
static void draw_label(struct view *view, const struct scene_flight *flight, struct draw_box thing,
                       enum draw_font font, struct slice text, uint32_t edge)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float size = font == DRAW_FONT_MONO ? theme->size_mono : theme->size_small;
    struct map_leg leg;
    struct map_label label = {
        .x = thing.x + thing.w / 2,
        .y = thing.y + thing.h / 2,
        .reach_x = thing.w / 2,
        .reach_y = thing.h / 2,
        .w = fminf(draw_width(ui->list, font, size, text) + 16, theme->size_text * 20),
        .h = draw_line_height(size) + 6};
    if (map_leg_at(view, flight->path, flight->path_count, flight->position, &leg)) {
        label.leg = &leg;
        label.is_steep = map_is_steep(&leg);
    }
    struct draw_box box = map_label_place(view, &label, theme->size_text * 11);
    draw_leader(view, &label, box, edge);
    draw_rect(ui->list, box, 4, theme->panel, edge, 1);
    ui_label(ui, (struct draw_box){box.x + 8, box.y, box.w - 15, box.h}, DRAW_ALIGN_LEFT, font,
             size, theme->ink, text);
}

static struct draw_box around(float x, float y, float reach)
{
    return (struct draw_box){x - reach, y - reach, 2 * reach, 2 * reach};
}

static void draw_message_flight(struct view *view, const struct scene_flight *flight, float x,
                                float y)
{
    const struct scene_message *message = scene_find_message(&view->scene, flight->msg);
    float size = map_id_size(view, view->map.detail), w = size * 3, h = size * 2;
    struct draw_box letter = map_kept(view, (struct draw_box){x - w / 2, y - h / 2, w, h});
    uint32_t slips = message ? message->received_count : 0;
    draw_letter(view, letter, slips, true);
    struct draw_box thing = ui_inset(letter, 0); /* with the room of its slips */
    thing.y -= h * 0.4f;
    thing.h += h * 0.8f;
    draw_label(view, flight, thing, DRAW_FONT_SANS, slip_words(view, flight->msg),
               view->ui.theme->ink_soft);
    char name[UI_NAME];
    snprintf(name, sizeof name, "flight-%" PRIu32, flight->msg);
    ui_region(&view->ui, name, letter, ACTION_CHOOSE_MESSAGE, flight->msg);
}

static void draw_lost(struct view *view, const struct scene_flight *flight, float x, float y)
{
    const struct theme *theme = view->ui.theme;
    mark_sign(view->ui.list, theme, MARK_CROSS, x, y, theme->size_text * 2, theme->bad);
    draw_label(view, flight, around(x, y, theme->size_text * 1.2f), DRAW_FONT_SANS, SLICE("lost"),
               theme->bad);
}

static void draw_dot(struct view *view, float x, float y, float radius, bool is_filled)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box dot = {x - radius, y - radius, 2 * radius, 2 * radius};
    draw_oval(view->ui.list, dot, is_filled ? theme->accent : theme->panel, theme->accent,
              theme->line);
}

static bool is_plain_ack(const struct view *view, const struct scene_flight *flight)
{
    const unsigned telling = EVENT_SEGMENT_SYN | EVENT_SEGMENT_FIN | EVENT_SEGMENT_RST;
    return flight->cargo == SCENE_CARGO_CONTROL &&
           !(log_at(view->log, flight->event)->flags & telling);
}

static void draw_flight(struct view *view, const struct scene_flight *flight)
{
    const struct theme *theme = view->ui.theme;
    float x, y, radius = theme->size_text * 0.45f;
    if (!map_point(view, flight->path, flight->path_count, flight->position, &x, &y))
        return;
    if (flight->is_lost) {
        draw_lost(view, flight, x, y);
        return;
    }
    if (is_plain_ack(view, flight)) {
        draw_dot(view, x, y, radius * 0.5f, false);
        return;
    }
    if (flight->cargo == SCENE_CARGO_MESSAGE) {
        draw_message_flight(view, flight, x, y);
        return;
    }
    draw_dot(view, x, y, radius, flight->cargo != SCENE_CARGO_CONTROL);
    if (view->map.detail == MAP_DOT)
        return;
    struct slice label = words_flight_label(&view->scene, &view->ui.list->arena, flight);
    enum draw_font font = flight->cargo == SCENE_CARGO_TALK ? DRAW_FONT_MONO : DRAW_FONT_SANS;
    draw_label(view, flight, around(x, y, radius), font, label, theme->accent);
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
        text = arena_printf(&ui->list->arena, "%s \xC2\xB7 %" PRIu32 " slip%s", word, slips,
                            slips == 1 ? "" : "s");
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

static void draw_resting(struct view *view, uint32_t place, const char *word, bool is_held)
{
    const struct map_host *host = map_find(view, place);
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    if (!host || view->map.detail == MAP_DOT)
        return;
    float h = map_letter_size(view), w = floorf(h * 1.5f);
    struct draw_box letter = {floorf(host->card.x + host->card.w - w - 8),
                              floorf(host->card.y - h / 2), w, h};
    draw_letter(view, letter, message->received_count, is_held);
    draw_tag(view, host, letter, word, is_held);
}

static void draw_held(struct view *view)
{
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    if (!message)
        return;
    bool at_holder = false;
    for (uint32_t i = message->first_hold; i; i = view->scene.now.holds.items[i - 1].next) {
        draw_resting(view, view->scene.now.holds.items[i - 1].place, "holds", true);
        at_holder = true;
    }
    if (at_holder)
        return;
    if (message->store)
        draw_resting(view, message->store, "stored", false);
    if (message->reader)
        draw_resting(view, message->reader, "fetched", false);
}

/* The segments of one message that leave together are one letter. */
static bool is_same_letter(const struct scene_flight *a, const struct scene_flight *b)
{
    return a->cargo == SCENE_CARGO_MESSAGE && b->cargo == SCENE_CARGO_MESSAGE &&
           a->conn == b->conn && a->msg == b->msg && fabs(a->position - b->position) < 0.02 &&
           !a->is_lost && !b->is_lost;
}

void map_token_draw(struct view *view)
{
    struct scene_flight flight, last = {0};
    draw_held(view);
    for (size_t i = 0; scene_flight(&view->scene, i, &flight); i++) {
        if (!is_same_letter(&flight, &last))
            draw_flight(view, &flight);
        last = flight;
    }
}
