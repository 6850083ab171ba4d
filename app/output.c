#include "app/output.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/film.h"
#include "app/film_run.h"
#include "app/picture.h"
#include "app/progress.h"
#include "sim/trace/save.h"

/* ---- the terminal ---- */

static bool is_terminal(FILE *out)
{
    int fd = fileno(out);
    return fd >= 0 && isatty(fd);
}

/* NO_COLOR counts when it is set to something (no-color.org). */
static bool wants_colour(FILE *out)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return is_terminal(out) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
}

static unsigned width_of(FILE *out)
{
    struct winsize size;
    if (is_terminal(out) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return EXPORT_WIDTH_DEFAULT;
}

/* ---- options ---- */

static bool is_export(const struct command_given *given)
{
    return strcmp(given->option->name, "export") == 0;
}

bool output_is_standard(const char *path)
{
    return strcmp(path, "-") == 0 || strncmp(path, "-.", 2) == 0;
}

/* The row that writes this file; "-" alone is the trace. NULL for pictures and unknown endings. */
static const struct export_row *row_of(const char *path)
{
    return export_find_ending(strcmp(path, "-") == 0 ? SLICE(".jsonl") : slice_of(path));
}

static bool is_topology(const char *path)
{
    return slice_ends(slice_of(path), SLICE(".json"));
}

static bool check_endings(const struct command_line *line, struct problem *problem)
{
    for (size_t i = 0; i < line->given.count; i++) {
        const struct command_given *given = &line->given.items[i];
        if (!is_export(given) || row_of(given->value) || is_topology(given->value) ||
            picture_is_name(slice_of(given->value)) || film_is_name(slice_of(given->value)))
            continue;
        char known[256];
        int size = 0;
        for (size_t row = 0; row < export_row_count; row++)
            if (export_rows[row].ending)
                size += snprintf(known + size, sizeof known - (size_t)size, "%s%s, ",
                                 export_rows[row].save ? "FOLDER" : "", export_rows[row].ending);
        return problem_set(
            problem,
            "--export %s: unknown ending; known are %s.json, .png, .svg, .webm, .gif, "
            ".mp4",
            given->value, known);
    }
    return true;
}

static bool find_format(const char *name, const struct export_row **format, struct problem *problem)
{
    const char *names[16];
    size_t count = 0;
    *format = export_find_format(slice_of(name));
    if (*format)
        return true;
    for (size_t i = 0; i < export_row_count && count < 16; i++)
        if (export_rows[i].name)
            names[count++] = export_rows[i].name;
    const char *nearest = problem_nearest(slice_of(name), names, count);
    if (nearest)
        return problem_set(problem, "--format: unknown format \"%s\"; did you mean %s?", name,
                           nearest);
    return problem_set(problem,
                       "--format: unknown format \"%s\"; there are ladder, dialogue, events, "
                       "summary and json",
                       name);
}

bool output_read_terminal(const struct command_line *line, struct export_options *options,
                          struct problem *problem)
{
    uint64_t width;
    if (!command_number(line, "width", EXPORT_WIDTH_LEAST, EXPORT_WIDTH_MOST, width_of(line->out),
                        &width, problem))
        return false;
    *options = (struct export_options){.width = (unsigned)width,
                                       .is_ascii = command_has(line, "ascii") ||
                                                   strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
                                       .has_colour = wants_colour(line->out)};
    return true;
}

static bool is_capture(const struct command_given *given)
{
    return is_export(given) && slice_ends_fold(slice_of(given->value), SLICE(".pcapng"));
}

/* Which names there are is only known when it has run. */
static bool read_captures(const struct command_line *line, struct output *output,
                          struct problem *problem)
{
    struct export_options *file = &output->file;
    bool has_capture = false;
    file->captures = output->captures;
    file->has_tls_keys = command_has(line, "tls-keys");
    for (size_t i = 0; i < line->given.count; i++) {
        const struct command_given *given = &line->given.items[i];
        has_capture |= is_capture(given);
        if (strcmp(given->option->name, "capture") != 0)
            continue;
        if (file->capture_count == OUTPUT_CAPTURES_MOST)
            return problem_set(problem, "--capture: at most %d times; all is everything",
                               OUTPUT_CAPTURES_MOST);
        output->captures[file->capture_count++] = slice_of(given->value);
    }
    if (has_capture || (file->capture_count == 0 && !file->has_tls_keys))
        return true;
    return problem_set(problem, "--%s is about a capture, and there is none: --export FILE.pcapng",
                       file->has_tls_keys ? "tls-keys" : "capture");
}

bool output_read_options(const struct command_line *line, struct output *output,
                         struct problem *problem)
{
    const char *format = command_value(line, "format");
    struct picture_options picture; /* read here to be checked; used when one is made */
    bool is_taken = false;
    uint64_t message;
    for (size_t i = 0; i < line->given.count; i++)
        is_taken |=
            is_export(&line->given.items[i]) && output_is_standard(line->given.items[i].value);
    *output = (struct output){0};
    if (!check_endings(line, problem) || !picture_read_options(line, &picture, problem) ||
        ((format || !is_taken) &&
         !find_format(format ? format : "ladder", &output->format, problem)) ||
        !output_read_terminal(line, &output->terminal, problem) ||
        !command_number(line, "message", 1, UINT32_MAX, 0, &message, problem))
        return false;
    output->terminal.message = (uint32_t)message;
    output->file = (struct export_options){.width = output->terminal.width,
                                           .is_ascii = command_has(line, "ascii"),
                                           .message = (uint32_t)message};
    return read_captures(line, output, problem);
}

/* ---- writing ---- */

bool output_save(const char *path, FILE *out, struct slice data, struct problem *problem)
{
    struct save save;
    if (output_is_standard(path)) {
        fwrite(data.data, 1, data.size, out);
        return true; /* the stream is looked at in the end */
    }
    if (!save_open(&save, path, problem))
        return false;
    fwrite(data.data, 1, data.size, save.out);
    return save_commit(&save, problem);
}

static bool write_picture(const struct command_line *line, const struct log *log, const char *path,
                          struct problem *problem)
{
    struct picture_options options;
    struct bytes picture;
    bytes_init(&picture, SIZE_MAX);
    bool ok = picture_read_options(line, &options, problem) &&
              picture_make(log, slice_of(path), &options, &picture, problem) &&
              output_save(path, line->out, bytes_slice(&picture), problem);
    bytes_finish(&picture);
    return ok;
}

static bool write_film(struct command_line *line, const struct log *log, const char *path,
                       struct problem *problem)
{
    struct picture_options options;
    struct progress progress;
    if (!picture_read_options(line, &options, problem))
        return false;
    const struct export_watch *watch = progress_begin(&progress, line->err, path);
    bool ok = film_run(log, path, &options, watch, problem);
    line->is_broken_off = progress_end(&progress) && !ok;
    return ok;
}

/* What is as long as the trace, and so may take long. */
static bool write_trace(struct command_line *line, const struct output *output,
                        const struct log *log, const char *path, struct problem *problem)
{
    struct export_options options = output->file;
    struct progress progress;
    options.watch = progress_begin(&progress, line->err, path);
    bool ok = export_write(log, path, &options, problem);
    line->is_broken_off = progress_end(&progress) && !ok;
    return ok;
}

static bool can_stream(const char *path)
{
    const struct export_row *row = row_of(path);
    return row && row->write;
}

static bool write_export(struct command_line *line, const struct output *output,
                         const struct log *log, const char *path, struct problem *problem)
{
    if (is_topology(path))
        return output->topology.size > 0
                   ? output_save(path, line->out, output->topology, problem)
                   : problem_set(problem, "--export %s: only run writes the topology", path);
    if (picture_is_name(slice_of(path)))
        return write_picture(line, log, path, problem);
    if (output_is_standard(path) && !can_stream(path))
        return problem_set(problem, "--export %s: this can't be standard output", path);
    if (film_is_name(slice_of(path)))
        return write_film(line, log, path, problem);
    if (output_is_standard(path))
        return row_of(path)->write(log, line->out, &output->file, problem);
    return write_trace(line, output, log, path, problem);
}

bool output_write(struct command_line *line, const struct output *output, const struct log *log,
                  struct problem *problem)
{
    if (output->format && !output->format->write(log, line->out, &output->terminal, problem))
        return false;
    for (size_t i = 0; i < line->given.count; i++) {
        const struct command_given *given = &line->given.items[i];
        if (!is_export(given))
            continue;
        if (!write_export(line, output, log, given->value, problem))
            return false;
        if (!output_is_standard(given->value)) {
            fflush(line->out); /* a line about a file comes after what was printed before it */
            fprintf(line->err, "wrote %s\n", given->value);
        }
    }
    return true;
}
