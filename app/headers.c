/* mailflow headers: what the header of a real message tells of its way. */
#include <errno.h>
#include <string.h>

#include "app/commands.h"
#include "app/output.h"
#include "export/trail_text.h"

/* A header is far smaller; but a whole message may be given, or an mbox. */
#define HEADERS_MOST ((size_t)64 * 1024 * 1024)

static bool read_format(const struct command_line *line, bool *is_json, struct problem *problem)
{
    const char *format = command_value(line, "format");
    *is_json = format && strcmp(format, "json") == 0;
    return !format || *is_json || strcmp(format, "text") == 0 ||
           problem_set(problem, "--format: unknown format \"%s\"; there are text and json", format);
}

/* What is beyond HEADERS_MOST is not looked at. */
static bool read_all(FILE *in, struct bytes *content)
{
    char chunk[16384];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, in)) > 0)
        if (!bytes_append(content, (struct slice){chunk, n}))
            break;
    return !ferror(in);
}

static bool load(const struct command_line *line, struct bytes *content, struct problem *problem)
{
    const char *path = line->operands[0];
    bool is_standard = output_is_standard(path);
    FILE *in = is_standard ? line->in : fopen(path, "rb");
    bool is_good = in && read_all(in, content);
    int error = errno;
    if (in && !is_standard)
        fclose(in);
    return is_good || problem_set(problem, "%s cannot be read: %s", path, strerror(error));
}

static bool check_content(const char *path, struct slice content, struct problem *problem)
{
    if (trail_is_header(content))
        return true;
    return problem_set(problem,
                       "%s: there is no header of a message at its beginning; a line such as "
                       "\"Received: ...\" or \"From: ...\" is expected",
                       path);
}

int headers_command(struct command_line *line)
{
    struct problem problem = {0};
    struct export_options options;
    struct bytes content;
    struct arena arena;
    struct trail trail;
    bool is_json;
    if (!output_read_terminal(line, &options, &problem) || !read_format(line, &is_json, &problem))
        return command_fail(line, &problem);
    bytes_init(&content, HEADERS_MOST);
    bool is_good = load(line, &content, &problem) &&
                   check_content(line->operands[0], bytes_slice(&content), &problem);
    if (is_good) {
        arena_init(&arena);
        trail_read(&trail, bytes_slice(&content), &arena);
        if (is_json)
            trail_json_write(&trail, line->out);
        else
            trail_text_write(&trail, line->out, &options);
        arena_finish(&arena);
    }
    bytes_finish(&content);
    return is_good ? APP_DONE : command_fail(line, &problem);
}
