#include "lessons/lesson_schema.h"

#include "lessons/lesson_part.h"
#include "sim/json/shape_schema.h"

bool lesson_schema_print(struct bytes *out)
{
    static const struct shape *const shapes[] = {&lesson_scene_shape, &lesson_step_shape,
                                                 &lesson_check_shape, &lesson_way_shape,
                                                 &lesson_use_shape};
    struct shape_schema w;
    shape_schema_begin(&w, out, "mailflow lesson, format 1");
    shape_schema_members(&w, &lesson_shape);
    shape_schema_enter(&w, "$defs", "{");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        shape_schema_enter(&w, shapes[i]->name, "{");
        shape_schema_members(&w, shapes[i]);
        shape_schema_leave(&w, "}");
    }
    shape_schema_leave(&w, "}");
    return shape_schema_end(&w);
}
