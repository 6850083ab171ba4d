/* mailflow open: the window on a topology, a lesson, a saved trace or two, a message's header. */
#include "app/beside.h"
#include "app/commands.h"
#include "app/course.h"
#include "app/picker.h"
#include "app/screen.h"
#include "app/ui_script.h"
#include "app/work.h"

struct opening {
    struct command_line *line;
    struct picture_options options;
    struct source_options source;
    struct settings settings;
    struct work work;
    struct ui_script script;
    bool has_script, keeps;
};

/* A script finds the same every time: nobody's settings, files and work. */
static bool read_options(struct opening *o, struct problem *problem)
{
    const char *script = command_value(o->line, "script");
    o->has_script = script != NULL;
    o->keeps = !script && !command_has(o->line, "no-journal");
    return picture_read_options(o->line, &o->options, problem) &&
           source_read_options(o->line, &o->source, problem) &&
           (!script || ui_script_load(&o->script, script, o->line->in, problem));
}

static int play(struct opening *o, struct screen *screen, struct problem *problem)
{
    switch (ui_script_play(&o->script, screen, problem)) {
    case UI_SCRIPT_DONE:
        screen_loop(screen);
        return APP_DONE;
    case UI_SCRIPT_QUIT:
        return APP_DONE;
    case UI_SCRIPT_NO:
        (void)command_fail(o->line, problem);
        return APP_NO;
    }
    return APP_FAULT;
}

static int show(struct opening *o)
{
    struct problem problem = {0}, unread = {0};
    char text[PROBLEM_LINE];
    bool is_read = o->has_script || settings_find(&o->settings, &unread);
    struct screen_ways ways = work_ways(&o->work);
    struct screen *screen = screen_create(&o->options, &ways, o->has_script ? NULL : &o->settings);
    int status = APP_DONE;
    if (!screen_open_window(screen, &problem)) {
        status = command_fail(o->line, &problem);
    } else {
        work_greet(&o->work, screen_view(screen));
        if (!is_read)
            view_notify(screen_view(screen), slice_of(problem_line(&unread, text)));
        if (o->line->operand_count == 0)
            picker_show(screen_view(screen), o->keeps);
        if (o->has_script)
            status = play(o, screen, &problem);
        else
            screen_loop(screen);
    }
    screen_destroy(screen);
    settings_finish(&o->settings);
    return status;
}

/* What is said of a lesson's work is for lessons only. */
static bool open_word(struct opening *o, const char *word, bool keeps, struct problem *problem)
{
    struct course_options course = {
        .seed = o->source.seed,
        .work_path = command_value(o->line, "work"),
        .learner = command_value(o->line, "learner"),
        .is_lecture = command_has(o->line, "lecture"),
    };
    bool is_said = course.work_path || course.learner || course.is_lecture;
    if (course_is_lesson(word) && command_has(o->line, "store"))
        return problem_set(problem, "%s is a lesson: --store is for topologies", word);
    if (course_is_lesson(word))
        return work_open_lesson(&o->work, word, &course, keeps, problem);
    if (is_said)
        return problem_set(
            problem, "%s is no lesson: --work, --learner and --lecture are for lessons", word);
    return work_open(&o->work, word, &o->source, o->line->in, keeps, problem);
}

int open_command(struct command_line *line)
{
    struct problem problem = {0};
    struct opening o = {.line = line};
    const char *word = line->operand_count ? line->operands[0] : "two-towns";
    int status;
    if (!read_options(&o, &problem) ||
        !open_word(&o, word, o.keeps && line->operand_count > 0, &problem)) {
        status = command_fail(line, &problem);
    } else if (line->operand_count > 1 && !beside_open(&o.work, line->operands[1], &problem)) {
        status = command_fail(line, &problem);
        work_close(&o.work);
    } else {
        if (o.keeps && line->operand_count == 0)
            work_keep(&o.work);
        status = show(&o);
        work_close(&o.work);
    }
    ui_script_finish(&o.script);
    return status;
}
