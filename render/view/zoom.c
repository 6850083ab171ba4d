#include <math.h>

#include "render/view/state.h"

/*
 * A large window gets larger letters rather than emptier panels, and the large letters of the
 * projector's theme shrink a little where they would leave no room for the map: all is laid out in
 * units of its own and the finished list is stretched. Texts are measured at the size at which they
 * will be painted, so that what fits when it is laid out fits on the screen too.
 */
#define GROWS_FROM_W 1600.0f
#define GROWS_FROM_H 900.0f
#define PROJECTOR_W 1280.0f
#define PROJECTOR_H 800.0f
#define LEAST 0.75f
/* What is asked for by a person (curriculum 5.3) is granted as long as so much room is left, in
   units of a theme with letters of this size. */
#define ROOM_W 640.0f
#define ROOM_H 360.0f
#define ROOM_LETTERS 14.0f

float zoom_of(enum theme_id theme, int percent, float w, float h)
{
    float zoom = fminf(w / GROWS_FROM_W, h / GROWS_FROM_H);
    if (zoom < 1)
        zoom = theme == THEME_PROJECTOR
                   ? fmaxf(fminf(fminf(w / PROJECTOR_W, h / PROJECTOR_H), 1), LEAST)
                   : 1;
    if (percent <= 100)
        return zoom;
    float letters = theme_get(theme)->size_text / ROOM_LETTERS;
    float most = fminf(w / (ROOM_W * letters), h / (ROOM_H * letters));
    return fmaxf(fminf(zoom * (float)percent / 100, most), zoom);
}

static float measure_zoomed(void *context, enum draw_font font, float size, struct slice text)
{
    const struct zoom *zoom = context;
    return zoom->measure(zoom->context, font, size * zoom->factor, text) / zoom->factor;
}

void zoom_begin(struct zoom *zoom, struct draw_list *list, float factor)
{
    *zoom = (struct zoom){factor, list->measure, list->measure_context};
    if (factor == 1 || !list->measure)
        return;
    list->measure = measure_zoomed;
    list->measure_context = zoom;
}

static void stretch(struct draw_list *list, struct draw_item *item, float factor)
{
    item->box = (struct draw_box){item->box.x * factor, item->box.y * factor, item->box.w * factor,
                                  item->box.h * factor};
    item->radius *= factor;
    item->width *= factor;
    item->dash *= factor;
    item->size *= factor;
    item->gap *= factor;
    if (item->point_count == 0)
        return;
    float *points = arena_take(&list->arena, 2 * item->point_count * sizeof *points);
    for (size_t i = 0; i < 2 * item->point_count; i++)
        points[i] = item->points[i] * factor;
    item->points = points;
}

void zoom_end(struct zoom *zoom, struct draw_list *list)
{
    list->measure = zoom->measure;
    list->measure_context = zoom->context;
    for (size_t i = 0; zoom->factor != 1 && i < list->items.count; i++)
        stretch(list, &list->items.items[i], zoom->factor);
}
