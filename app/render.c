/* mailflow render: a moment as a picture, or a script played, without a display. */
#include "app/commands.h"
#include "app/output.h"
#include "app/picture.h"
#include "app/ui_script.h"
#include "app/work.h"

struct rendering {
    struct command_line *line;
    struct source_options source;
    struct picture_options options;
    const char *path, *script; /* NULL: none */
};

static bool read_options(struct rendering *r, struct problem *problem)
{
    r->path = command_value(r->line, "output");
    r->script = command_value(r->line, "script");
    if (!r->path && !r->script)
        return problem_set(problem, "where to? Say -o FILE.png or -o FILE.svg");
    if (r->path && !picture_is_name(slice_of(r->path)))
        return problem_set(problem, "-o %s: unknown ending; known are .png, .svg", r->path);
    return source_read_options(r->line, &r->source, problem) &&
           picture_read_options(r->line, &r->options, problem);
}

static int render_moment(struct rendering *r, struct problem *problem)
{
    struct source source;
    struct bytes picture;
    if (!source_open(&source, r->line->operands[0], &r->source, r->line->in, problem))
        return command_fail(r->line, problem);
    bytes_init(&picture, SIZE_MAX);
    bool ok =
        picture_make(source_log(&source), slice_of(r->path), &r->options, &picture, problem) &&
        output_save(r->path, r->line->out, bytes_slice(&picture), problem);
    bytes_finish(&picture);
    source_close(&source);
    return ok ? APP_DONE : command_fail(r->line, problem);
}

static int play(struct rendering *r, const struct ui_script *script, struct problem *problem)
{
    struct work work;
    if (!work_open(&work, r->line->operands[0], &r->source, r->line->in, false, problem))
        return command_fail(r->line, problem);
    struct screen_ways ways = work_ways(&work);
    struct screen *screen = screen_create(&r->options, &ways, NULL);
    view_seek(screen_view(screen), r->options.t == PICTURE_END ? 0 : r->options.t);
    int status = APP_DONE;
    if (ui_script_play(script, screen, problem) == UI_SCRIPT_NO) {
        (void)command_fail(r->line, problem);
        status = APP_NO;
    } else if (r->path && !screen_picture(screen, r->path, (float)r->options.scale, problem)) {
        status = command_fail(r->line, problem);
    }
    screen_destroy(screen);
    work_close(&work);
    return status;
}

int render_command(struct command_line *line)
{
    struct problem problem = {0};
    struct rendering r = {.line = line};
    struct ui_script script;
    if (!read_options(&r, &problem))
        return command_fail(line, &problem);
    if (!r.script)
        return render_moment(&r, &problem);
    int status = ui_script_load(&script, r.script, line->in, &problem)
                     ? play(&r, &script, &problem)
                     : command_fail(line, &problem);
    ui_script_finish(&script);
    return status;
}
