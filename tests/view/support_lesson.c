#include "support_lesson.h"

#include <criterion/criterion.h>
#include <stdio.h>

struct stage stage;

void stage_start(void)
{
    doer_begin(&stage.d);
    support_course_begin(&stage.c, stage.d.view, &stage.d.story.log,
                         SOURCE_DIR "/tests/view/lesson_kinds.json");
    doer_draw(&stage.d);
}

void stage_stop(void)
{
    support_course_end(&stage.c);
    doer_end(&stage.d);
}

void stage_at(const char *step)
{
    char line[100];
    snprintf(line, sizeof line, "goto %s", step);
    support_course_line(&stage.c, line);
    doer_draw(&stage.d);
}

void stage_sent(const char *line)
{
    int lines = support_course_serve(&stage.c);
    cr_expect_eq(lines, 1, "%d lines were sent; the last one: %s", lines, stage.c.line);
    cr_expect_str_eq(stage.c.line, line);
    doer_draw(&stage.d);
}

void stage_sent_nothing(void)
{
    cr_expect_eq(support_course_serve(&stage.c), 0, "%s was sent", stage.c.line);
    doer_draw(&stage.d);
}

void stage_deed(const char *line)
{
    support_course_deed(&stage.c, 0, line);
    doer_draw(&stage.d);
}
