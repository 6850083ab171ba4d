/* mailflow render: a moment as a picture, without a display. */
#include "app/commands.h"
#include "app/output.h"
#include "app/picture.h"
#include "app/source.h"

static bool read_options(const struct command_line *line, const char **path,
                         struct source_options *source, struct picture_options *options,
                         struct problem *problem)
{
    *path = command_value(line, "output");
    if (!*path)
        return problem_set(problem, "where to? Say -o FILE.png or -o FILE.svg");
    if (!picture_is_name(slice_of(*path)))
        return problem_set(problem, "-o %s: unknown ending; known are .png, .svg", *path);
    return source_read_options(line, source, problem) &&
           picture_read_options(line, options, problem);
}

int render_command(struct command_line *line)
{
    struct problem problem = {0};
    struct picture_options options;
    struct source source;
    struct bytes picture;
    const char *path = NULL;
    struct source_options how = {0};
    if (!read_options(line, &path, &how, &options, &problem) ||
        !source_open(&source, line->operands[0], &how, line->in, &problem))
        return command_fail(line, &problem);
    bytes_init(&picture, SIZE_MAX);
    bool ok = picture_make(source_log(&source), slice_of(path), &options, &picture, &problem) &&
              output_save(path, line->out, bytes_slice(&picture), &problem);
    bytes_finish(&picture);
    source_close(&source);
    return ok ? APP_DONE : command_fail(line, &problem);
}
