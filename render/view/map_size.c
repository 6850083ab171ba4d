/* How much room a card takes, in each degree of detail. */
#include <inttypes.h>
#include <math.h>

#include "render/view/map_path.h"
#include "render/view/role_words.h"

float map_mark_size(const struct view *view, enum map_detail detail)
{
    const struct theme *theme = theme_get(view->theme);
    return detail < MAP_MINI    ? theme->size_text * 1.7f
           : detail == MAP_MINI ? theme->size_small * 1.6f
                                : theme->size_small * 1.2f;
}

float map_id_size(const struct view *view, enum map_detail detail)
{
    const struct theme *theme = theme_get(view->theme);
    return detail < MAP_NAME ? theme->size_text : theme->size_small;
}

static float text_width(const struct view *view, enum draw_font font, float size, struct slice text)
{
    return draw_width(view->ui.list, font, size, text);
}

static struct slice role_of(const struct view *view, uint32_t agent)
{
    return log_text(view->log, event_as_agent(log_place(view->log, agent))->role);
}

const struct theme_mark *map_agent_mark(const struct view *view, uint32_t agent)
{
    struct slice role = role_of(view, agent);
    bool is_one_box = view->settings.is_classic && role_is_incoming(role);
    return theme_mark(is_one_box ? SLICE("store") : role);
}

const char *map_agent_label(const struct view *view, uint32_t agent)
{
    return role_label(role_of(view, agent), view->settings.is_classic);
}

/* Under the classic labels delivery, store and access of a host are one box. */
static bool is_within_another(const struct view *view, uint32_t host, uint32_t agent)
{
    const struct map *map = &view->map;
    if (!view->settings.is_classic || !role_is_incoming(role_of(view, agent)))
        return false;
    for (uint32_t i = map->agents.items[host - 1]; i && i != agent; i = map->agents.items[i - 1])
        if (role_is_incoming(role_of(view, i)))
            return true;
    return false;
}

uint32_t map_next_agent(const struct view *view, uint32_t host, uint32_t agent)
{
    const struct map *map = &view->map;
    do
        agent = map->agents.items[(agent ? agent : host) - 1];
    while (agent && is_within_another(view, host, agent));
    return agent;
}

float map_nat_width(const struct view *view, uint32_t host)
{
    if (!view->scene.now.places.items[host - 1].insides)
        return 0;
    return text_width(view, DRAW_FONT_BOLD, view->ui.theme->size_small, SLICE("NAT")) + 18;
}

/* The width of the row of role marks of a host. */
static float marks_width(const struct view *view, uint32_t host, enum map_detail detail)
{
    const struct theme *theme = view->ui.theme;
    float width = 0;
    for (uint32_t agent = 0; (agent = map_next_agent(view, host, agent));) {
        float cell = map_mark_size(view, detail);
        if (detail < MAP_MINI)
            cell = fmaxf(cell, text_width(view, DRAW_FONT_SANS, theme->size_small,
                                          slice_of(map_agent_label(view, agent))));
        width += cell + (detail < MAP_MINI ? 8 : 4);
    }
    return width + map_nat_width(view, host);
}

static struct map_extent dot_extent(const struct view *view)
{
    float side = theme_get(view->theme)->size_small * 1.15f;
    return (struct map_extent){side, side, 2, 2};
}

/* One line: the first mark and the id. */
static struct map_extent name_extent(const struct view *view, float id)
{
    float h = draw_line_height(theme_get(view->theme)->size_small) + 8;
    return (struct map_extent){ceilf(id + map_mark_size(view, MAP_NAME) + 20), ceilf(h), 3, 3};
}

/* The letter and its tag sit on the upper edge; the counts on the lower one. */
static struct map_extent host_extent(const struct view *view, uint32_t host, enum map_detail detail)
{
    const struct theme *theme = view->ui.theme;
    float small = draw_line_height(theme->size_small), id_size = map_id_size(view, detail);
    float id = text_width(view, DRAW_FONT_BOLD, id_size, scene_place_id(&view->scene, host));
    if (detail == MAP_NAME)
        return name_extent(view, id);
    float marks = marks_width(view, host, detail) - 8, letter = map_letter_size(view);
    float tag = text_width(view, DRAW_FONT_BOLD, theme->size_small, slice_of(tr("fetched"))) + 14;
    float w = fmaxf(fmaxf(id, tag) + 1.5f * letter, marks);
    float h = draw_line_height(id_size) + map_mark_size(view, detail) + 24;
    bool has_marks = view->map.agents.items[host - 1] || map_nat_width(view, host) > 0;
    if (!has_marks && detail >= MAP_SHORT)
        h = draw_line_height(id_size) + 24; /* a router has no marks */
    else if (detail < MAP_MINI)
        h += small + 5;
    if (detail == MAP_FULL) {
        float name = text_width(view, DRAW_FONT_SANS, theme->size_small,
                                scene_host_name(&view->scene, host));
        w = fmaxf(w, fminf(name, theme->size_small * 14));
        h += 2 * small;
    }
    return (struct map_extent){.w = ceilf(w + 24),
                               .h = ceilf(h),
                               .above = ceilf(fmaxf(0.9f * letter, small + 3)),
                               .below = ceilf(small / 2 + 4)};
}

struct slice map_fold_words(const struct view *view, const struct map_group *group)
{
    return arena_printf(&view->ui.list->arena, trn("%u host", "%u hosts", group->host_count),
                        (unsigned)group->host_count);
}

/* A fold: the organisation's name, how many hosts, and the marks of its roles. */
static struct map_extent fold_extent(const struct view *view, const struct map_group *group,
                                     enum map_detail detail)
{
    const struct theme *theme = view->ui.theme;
    float small = draw_line_height(theme->size_small), id_size = map_id_size(view, detail);
    float name = fminf(text_width(view, DRAW_FONT_BOLD, id_size, group->name), id_size * 11);
    if (detail == MAP_NAME)
        return name_extent(view, name);
    float hosts = text_width(view, DRAW_FONT_SANS, theme->size_small, map_fold_words(view, group));
    float letter = map_letter_size(view),
          marks = MAP_FOLD_MARKS * (map_mark_size(view, MAP_MINI) + 4);
    float w = fmaxf(fmaxf(name, hosts) + (detail < MAP_MINI ? 1.5f * letter : 0),
                    detail < MAP_MINI ? marks : 0);
    float h = draw_line_height(id_size) + small + 24;
    if (detail < MAP_MINI)
        h += map_mark_size(view, MAP_MINI) + 4;
    return (struct map_extent){.w = ceilf(w + 24),
                               .h = ceilf(h),
                               .above = ceilf(fmaxf(0.9f * letter, small + 3)),
                               .below = ceilf(small / 2 + 4)};
}

void map_measure_host(const struct view *view, struct map_host *host)
{
    for (int detail = 0; detail < MAP_DOT; detail++)
        host->sizes[detail] = host->is_fold
                                  ? fold_extent(view, &view->map.groups.items[host->group], detail)
                                  : host_extent(view, host->place, detail);
    host->sizes[MAP_DOT] = dot_extent(view);
}
