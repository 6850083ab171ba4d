/*
 * Every topology that is shipped, at many moments of its demonstration, in every theme: on the map
 * no word is covered or cut off, and no label stands on another, on a card or on the name of an
 * organisation. What flies past may cover a word for a moment.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/glyphs.h"
#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "tests/view/support_lint.h"
#include "topologies/world.h"

enum { MOMENTS = 12, DAYS = 10 };

struct way {
    float w, h;
    enum theme_id theme;
};

static const struct way ways[] = {{1280, 800, THEME_LIGHT},
                                  {1024, 768, THEME_PROJECTOR},
                                  {1920, 1080, THEME_DARK},
                                  {1280, 800, THEME_PROJECTOR}};

static struct world *play(const char *path)
{
    struct topology topology;
    struct problem problem = {0};
    cr_assert(topology_load(&topology, path, &problem), "%s", problem.what);
    struct world *world = world_create(&topology, &(struct world_options){.seed = 1});
    topology_finish(&topology);
    cr_assert(world_demo(world, &problem), "%s: %s", path, problem.what);
    world_run_quiet(world, DAYS * 24 * VTIME_H);
    return world;
}

static struct draw_box zoomed(struct draw_box box, float zoom)
{
    return (struct draw_box){box.x * zoom, box.y * zoom, box.w * zoom, box.h * zoom};
}

static bool is_of_flight(const struct view *view, struct draw_box box)
{
    for (size_t i = 0; i < view->ui.widgets.count; i++) {
        const struct ui_widget *w = &view->ui.widgets.items[i];
        if ((strncmp(w->name, "flight-", 7) == 0 || strncmp(w->name, "talk-", 5) == 0) &&
            lint_is_over(zoomed(w->box, view->zoom), box))
            return true;
    }
    return false;
}

static void check_words(const struct view *view, const struct draw_list *list, const char *what)
{
    struct lint lint = {.part = zoomed(view->map.box, view->zoom)};
    lint_picture(&lint, list);
    for (size_t i = 0; i < lint.count && i < LINT_FOUND_MAX; i++) {
        const struct lint_found *found = &lint.found[i];
        cr_expect(is_of_flight(view, found->box), "%s: \"%.*s\" is %s at %.0f,%.0f", what,
                  SLICE_ARG(found->text), lint_name(found->kind), found->box.x, found->box.y);
    }
}

static void check_labels(const struct view *view, const char *what)
{
    const struct map *map = &view->map;
    for (size_t i = 0; i < map->taken.count; i++)
        for (size_t k = 0; k < i; k++) {
            struct draw_box a = map->taken.items[i], b = map->taken.items[k];
            cr_expect(!lint_is_over(a, b), "%s: labels %.0f,%.0f %.0fx%.0f and %.0f,%.0f %.0fx%.0f",
                      what, a.x, a.y, a.w, a.h, b.x, b.y, b.w, b.h);
        }
}

static int64_t moment(const struct log *log, int i)
{
    uint32_t id = (uint32_t)((uint64_t)(log_count(log) - 1) * (uint64_t)i / MOMENTS);
    return log_at(log, id)->t + i % 3 * 7 * VTIME_MS;
}

static void look(const struct log *log, struct glyphs *glyphs, const struct way *way,
                 const char *path)
{
    struct draw_list list;
    struct view *view = view_create(log);
    char what[200];
    draw_init(&list, glyphs_measure, glyphs);
    view_set_theme(view, way->theme);
    for (int i = 0; i <= MOMENTS; i++) {
        view_seek(view, moment(log, i));
        view_draw(view, &list, way->w, way->h);
        snprintf(what, sizeof what, "%s, %s %.0fx%.0f, %.3f s", strrchr(path, '/') + 1,
                 theme_get(way->theme)->name, way->w, way->h,
                 (double)view_t(view) / (double)VTIME_S);
        check_words(view, &list, what);
        check_labels(view, what);
    }
    view_destroy(view);
    draw_finish(&list);
}

static void check_topology(const char *path, struct glyphs *glyphs)
{
    if (strstr(path, "schema.json"))
        return;
    struct world *world = play(path);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        look(world_log(world), glyphs, &ways[i], path);
    world_destroy(world);
}

Test(map_lint, all_words_on_the_map_of_every_shipped_topology_can_be_read)
{
    glob_t found;
    struct glyphs *glyphs = glyphs_create();
    cr_assert_eq(glob(SOURCE_DIR "/topologies/*.json", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_topology(found.gl_pathv[i], glyphs);
    globfree(&found);
    glyphs_destroy(glyphs);
}
