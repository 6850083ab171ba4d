#include "tests/view/support_map.h"

#include <criterion/criterion.h>

#include "tests/view/support_list.h"

void support_map_draw(struct support_map *f)
{
    view_draw(f->view, &f->list, 1280, 800);
}

void support_map_start(struct support_map *f)
{
    support_list_init(&f->list);
    f->view = view_create(&f->story.log);
    support_map_draw(f);
}

void support_map_begin(struct support_map *f)
{
    story_world(&f->story, true);
    story_first_mail(&f->story);
    support_map_start(f);
}

void support_map_end(struct support_map *f)
{
    view_destroy(f->view);
    draw_finish(&f->list);
    story_finish(&f->story);
}

void support_map_mouse(struct view *view, enum input_kind kind, float x, float y, float wheel)
{
    view_input(
        view,
        &(struct input_event){
            .kind = kind, .x = x * view->zoom, .y = y * view->zoom, .button = 1, .wheel = wheel});
}

void support_map_drag(struct support_map *f, float x, float y, float to_x, float to_y)
{
    support_map_mouse(f->view, INPUT_MOVE, x, y, 0);
    support_map_mouse(f->view, INPUT_PRESS, x, y, 0);
    support_map_mouse(f->view, INPUT_MOVE, to_x, to_y, 0);
    support_map_draw(f);
    support_map_mouse(f->view, INPUT_RELEASE, to_x, to_y, 0);
    support_map_draw(f);
}

const struct map_host *support_map_host(const struct support_map *f, uint32_t place)
{
    const struct map_host *found = map_find(f->view, place);
    cr_assert(found);
    return found;
}

struct draw_box support_map_middle(struct draw_box box)
{
    return (struct draw_box){box.x + box.w / 2, box.y + box.h / 2, 0, 0};
}
