/*
 * The map, from the ground up. What stays the same from frame to frame (areas, links, names, the
 * ground of the cards) is drawn once into a list of its own, and taken over from there until
 * something about it changes.
 */
#include "render/view/map_path.h"

#include <math.h>
#include <string.h>

enum layer { LAYER_LINES, LAYER_TITLES, LAYER_CARDS, LAYER_COUNT };

/* ---- what stays the same ---- */

static uint64_t mix(uint64_t hash, uint32_t word)
{
    return (hash ^ word) * UINT64_C(1099511628211);
}

static uint64_t mix_float(uint64_t hash, float value)
{
    uint32_t word;
    memcpy(&word, &value, sizeof word);
    return mix(hash, word);
}

/* Everything that the kept part of the picture depends on. */
static uint64_t layer_stamp(const struct view *view)
{
    const struct map *map = &view->map;
    uint64_t hash = mix_float(UINT64_C(1469598103934665603), map->shown.x);
    hash = mix_float(mix_float(hash, map->shown.y), map->shown.zoom);
    hash = mix_float(mix_float(hash, map->drag.at_x), map->drag.at_y);
    hash = mix(mix(mix(hash, map->serial), (uint32_t)map->theme), map->drag.place);
    for (size_t i = 0; i < view->scene.now.faults.count; i++) { /* they cut links */
        const struct scene_fault *f = &view->scene.now.faults.items[i];
        hash = mix(mix(mix(hash, f->id), f->fault), f->target);
    }
    return hash;
}

static void draw_layer(struct view *view, enum layer layer)
{
    const struct map *map = &view->map;
    if (layer == LAYER_LINES) {
        map_areas_draw(view);
        map_lines_draw(view);
    } else if (layer == LAYER_TITLES) {
        map_titles_draw(view);
    } else {
        for (size_t i = 0; i < map->seen.count; i++)
            map_card_ground(view, &map->hosts.items[map->seen.items[i]]);
    }
}

static void keep_layers(struct view *view)
{
    struct map *map = &view->map;
    struct draw_list *list = view->ui.list;
    uint64_t stamp = layer_stamp(view);
    if (map->layer_stamp == stamp)
        return;
    map->layer_stamp = stamp;
    draw_clear(&map->layer);
    map->layer.measure = list->measure;
    map->layer.measure_context = list->measure_context;
    view->ui.list = &map->layer;
    for (int layer = 0; layer < LAYER_COUNT; layer++) {
        draw_layer(view, (enum layer)layer);
        map->layer_ends[layer] = map->layer.items.count;
    }
    view->ui.list = list;
}

static void take_layer(struct view *view, enum layer layer)
{
    const struct map *map = &view->map;
    for (size_t i = layer ? map->layer_ends[layer - 1] : 0; i < map->layer_ends[layer]; i++)
        *vector_add(&view->ui.list->items) = map->layer.items.items[i];
}

/* ---- the buttons ---- */

static void draw_buttons(struct view *view)
{
    struct ui *ui = &view->ui;
    const struct map *map = &view->map;
    float side = button_height(ui->theme), gap = 4;
    struct draw_box at = {map->box.x + map->box.w - side - 8, map->box.y + 8, side, side};
    if (view->only) /* a picture of the map alone: nobody can press anything in it */
        return;
    struct {
        const char *name, *label, *tip;
        ui_act *act;
        uint32_t arg;
        unsigned flags;
    } const buttons[] = {
        {"zoom-in", "+", tr("Closer"), map_zoom_act, 1, 0},
        {"zoom-out", "\xE2\x88\x92", tr("Further away"), map_zoom_act, 0, 0},
        {"fit", "", tr("All of the map"), map_fit_act, 0, 0},
        {"follow", "", tr("Follow the message"), map_follow_act, 0,
         map->camera.is_following ? UI_ON : 0},
    };
    for (size_t i = 0; i < sizeof buttons / sizeof buttons[0]; i++) {
        ui_button(ui, buttons[i].name, at, buttons[i].label, buttons[i].act, buttons[i].arg,
                  buttons[i].flags);
        ui_tip(ui, slice_of(buttons[i].tip));
        *vector_add(&view->map.taken) = at;
        if (i == 2)
            map_fit_sign(ui, at);
        else if (i == 3)
            map_follow_sign(ui, at);
        at.y += side + gap;
    }
}

static void draw_cards(struct view *view)
{
    const struct map *map = &view->map;
    take_layer(view, LAYER_CARDS);
    for (size_t i = 0; i < map->seen.count; i++)
        map_card_draw(view, &map->hosts.items[map->seen.items[i]]);
}

void map_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    draw_rect(ui->list, box, 8, ui->theme->panel, ui->theme->panel_edge, 1);
    map_arrange(view, box);
    map_project(view);
    map_update_sums(view);
    keep_layers(view);
    vector_clear(&view->map.taken);
    ui_clip(ui, box);
    ui_wheel(ui, "map-wheel", box, map_wheel_turn, 0);
    ui_region(ui, "map", box, NULL, 0);
    ui_on_drag(ui, map_pan_drag);
    take_layer(view, LAYER_LINES);
    map_connections_draw(view);
    take_layer(view, LAYER_TITLES);
    map_title_regions(view);
    draw_cards(view);
    map_signs_draw(view);
    draw_buttons(view);
    map_token_draw(view);
    map_stack_draw(view);
    ui_unclip(ui);
}
