#include "render/view/map_path.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/words.h"

/* Keeps a box of this size within the map. */
static struct draw_box kept(const struct view *view, float x, float y, float w, float h)
{
    struct draw_box map = ui_inset(view->map.box, 4);
    return (struct draw_box){floorf(fminf(fmaxf(x, map.x), map.x + map.w - w)),
                             floorf(fminf(fmaxf(y, map.y), map.y + map.h - h)), w, h};
}

/* ---- the letter ---- */

/* Received slips stick out behind the letter, one each, and are counted beside it. */
static void draw_slips(struct view *view, struct draw_box letter, uint32_t count)
{
    const struct theme *theme = view->ui.theme;
    uint32_t shown = count > 5 ? 5 : count;
    float step = letter.h * 0.16f;
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

/* Where a label of w by h stands: right of a steep way, else above it; above both cards when it is
   wider than the way between them. `reach` is how far the thing itself goes from its middle. */
static struct draw_box label_box(const struct view *view, const struct scene_flight *flight,
                                 float x, float y, float reach, float w, float h)
{
    const struct map_host *a = map_find(view, flight->from), *b = map_find(view, flight->to);
    struct map_leg leg;
    float bottom = y - reach - 4;
    if (!a || !b || !map_leg(view, flight->from, flight->to, &leg))
        return kept(view, x - w / 2, bottom - h, w, h);
    if (map_is_steep(&leg)) {
        float right = x + reach * 1.5f + 4, end = view->map.box.x + view->map.box.w - 4;
        return kept(view, right + w < end ? right : x - reach * 1.5f - 4 - w, y - h / 2, w, h);
    }
    if (fabsf(leg.x2 - leg.x1) < 1.6f * w)
        bottom = fminf(fminf(a->all.y, b->all.y) - 2, bottom);
    return kept(view, x - w / 2, bottom - h, w, h);
}

/* A thing at x, y says `text`; a thin line leads to a label that is further up. */
static void draw_label(struct view *view, const struct scene_flight *flight, float x, float y,
                       float reach, enum draw_font font, struct slice text, uint32_t edge)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float size = font == DRAW_FONT_MONO ? theme->size_mono : theme->size_small;
    float width = fminf(draw_width(ui->list, font, size, text) + 16, theme->size_text * 18);
    struct draw_box box = label_box(view, flight, x, y, reach, width, draw_line_height(size) + 6);
    if (y - reach > box.y + box.h + 8)
        draw_line(ui->list, x, box.y + box.h, x, y - reach, edge, 1, 0);
    draw_rect(ui->list, box, 4, theme->panel, edge, 1);
    ui_label(ui, (struct draw_box){box.x + 8, box.y, box.w - 15, box.h}, DRAW_ALIGN_LEFT, font,
             size, theme->ink, text);
}

static void draw_message_flight(struct view *view, const struct scene_flight *flight, float x,
                                float y)
{
    const struct scene_message *message = scene_find_message(&view->scene, flight->msg);
    float size = map_id_size(view, view->map.detail), w = size * 3, h = size * 2;
    struct draw_box letter = kept(view, x - w / 2, y - h / 2, w, h);
    uint32_t slips = message ? message->received_count : 0;
    draw_letter(view, letter, slips, true);
    float reach = h / 2 + h * 0.16f * (float)(slips > 5 ? 5 : slips);
    draw_label(view, flight, x, y, reach, DRAW_FONT_SANS, slip_words(view, flight->msg),
               view->ui.theme->token_edge);
    char name[UI_NAME];
    snprintf(name, sizeof name, "flight-%" PRIu32, flight->msg);
    ui_region(&view->ui, name, letter, ACTION_CHOOSE_MESSAGE, flight->msg);
}

static void draw_lost(struct view *view, const struct scene_flight *flight, float x, float y)
{
    const struct theme *theme = view->ui.theme;
    mark_sign(view->ui.list, theme, MARK_CROSS, x, y, theme->size_text * 2, theme->bad);
    draw_label(view, flight, x, y, theme->size_text * 1.2f, DRAW_FONT_SANS, SLICE("lost"),
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
    draw_label(view, flight, x, y, radius, font, label, theme->accent);
}

/* ---- at rest: above the card of who has it ---- */

static void draw_resting(struct view *view, uint32_t place, const char *word, bool is_held)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct map_host *host = map_find(view, place);
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    if (!host || view->map.detail == MAP_DOT)
        return;
    float h = draw_line_height(theme->size_small) - 2, w = h * 1.5f;
    struct draw_box letter = {host->card.x + 2, host->card.y - h - 4, w, h};
    if (view->map.detail != MAP_FULL)
        letter.x = host->card.x + host->card.w - w - 8, letter.y = host->card.y + 9;
    draw_letter(view, letter, message->received_count, is_held);
    if (view->map.detail == MAP_SHORT && is_held)
        ui_label(ui, (struct draw_box){letter.x - 66, letter.y, 60, h}, DRAW_ALIGN_RIGHT,
                 DRAW_FONT_BOLD, theme->size_small, theme->ink, SLICE("holds"));
    if (view->map.detail != MAP_FULL)
        return;
    struct slice text =
        message->received_count
            ? arena_printf(&ui->list->arena, "%s \xC2\xB7 %" PRIu32 " slip%s", word,
                           message->received_count, message->received_count == 1 ? "" : "s")
            : slice_of(word);
    float x = letter.x + w + 6, room = host->card.x + host->card.w - x;
    if (draw_width(ui->list, DRAW_FONT_BOLD, theme->size_small, text) > room)
        text = slice_of(word); /* the slips can be counted */
    ui_label(ui, (struct draw_box){x, letter.y, room, h}, DRAW_ALIGN_LEFT,
             is_held ? DRAW_FONT_BOLD : DRAW_FONT_SANS, theme->size_small, theme->ink, text);
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

void map_token_draw(struct view *view)
{
    struct scene_flight flight;
    draw_held(view);
    for (size_t i = 0; scene_flight(&view->scene, i, &flight); i++)
        draw_flight(view, &flight);
}
