/* The stage on which a scene of a lesson is played. */
#include <criterion/criterion.h>
#include <unistd.h>

#include "app/stage.h"
#include "lessons/lesson.h"

/* How many faults the first scene of this lesson offers, and whether the world is all there. */
static size_t palette_of(const char *path)
{
    struct lesson lesson;
    struct problem problem = {0};
    struct stage stage;
    char line[PROBLEM_LINE];
    size_t count = 0;
    cr_assert_eq(chdir(SOURCE_DIR), 0);
    cr_assert(lesson_load(&lesson, path, &problem), "%s", problem_line(&problem, line));
    cr_assert(stage_open(&stage, &lesson.scenes[0], 1, NULL, &problem), "%s", problem.what);
    const struct log *log = stage_log(&stage);
    for (uint32_t id = 0; id < log_count(log); id++)
        count += event_as_palette(log_at(log, id)) != NULL;
    cr_expect(log_find_place(log, SLICE("mx1")));
    stage_close(&stage);
    lesson_finish(&lesson);
    return count;
}

Test(stage, an_exam_does_not_show_what_can_be_made_to_go_wrong)
{
    cr_expect_eq(palette_of("lessons/L24.json"), 0);
    cr_expect_eq(palette_of("lessons/L07.json"), 3, "a lesson does");
}
