#include "app/picture.h"

#include <string.h>

#include "render/draw/paint.h"
#include "render/draw/svg.h"
#include "render/view/view.h"
#include "sim/base/vtime.h"

bool picture_is_name(struct slice path)
{
    return slice_ends_fold(path, SLICE(".png")) || slice_ends_fold(path, SLICE(".svg"));
}

/* ---- options ---- */

enum { SIDE_LEAST = 320, SIDE_MOST = 8000 };

static bool read_size(const char *text, struct picture_options *options, struct problem *problem)
{
    struct slice h = slice_of(text), w;
    uint64_t width = 0, height = 0;
    if (!slice_cut(&h, 'x', &w) || !slice_to_u64(w, &width) || !slice_to_u64(h, &height) ||
        width < SIDE_LEAST || width > SIDE_MOST || height < SIDE_LEAST || height > SIDE_MOST)
        return problem_set(problem,
                           "--size: expected WxH, both from %d to %d, like 1280x800, not \"%s\"",
                           SIDE_LEAST, SIDE_MOST, text);
    options->w = (unsigned)width;
    options->h = (unsigned)height;
    return true;
}

static bool read_panel(const char *name, struct picture_options *options, struct problem *problem)
{
    struct bytes known;
    const char *panel;
    if (!name)
        return true;
    bytes_init(&known, sizeof problem->what);
    for (size_t i = 0; (panel = view_panel_name(i)); i++) {
        (void)bytes_printf(&known, "%s%s", i ? ", " : "", panel);
        if (strcmp(name, panel) == 0)
            snprintf(options->panel, sizeof options->panel, "%s", panel);
    }
    bool ok = strcmp(options->panel, name) == 0 ||
              problem_set(problem, "--panel: expected one of %.*s, not \"%s\"",
                          SLICE_ARG(bytes_slice(&known)), name);
    bytes_finish(&known);
    return ok;
}

/* Of serve --at is a host: its pictures are of the end. */
static const char *moment_given(const struct command_line *line)
{
    for (size_t i = line->given.count; i-- > 0;) {
        const struct command_option *option = line->given.items[i].option;
        if (strcmp(option->name, "at") == 0)
            return strcmp(option->argument, "T") == 0 ? line->given.items[i].value : NULL;
    }
    return NULL;
}

bool picture_read_options(const struct command_line *line, struct picture_options *options,
                          struct problem *problem)
{
    const char *size = command_value(line, "size"), *theme = command_value(line, "theme");
    const char *at = moment_given(line), *language = command_value(line, "language");
    uint64_t scale, message;
    *options = (struct picture_options){.t = PICTURE_END,
                                        .w = 1280,
                                        .h = 800,
                                        .panel = "window",
                                        .has_theme = theme,
                                        .has_size = size};
    if (size && !read_size(size, options, problem))
        return false;
    if (theme && !theme_find(slice_of(theme), &options->theme))
        return problem_set(problem, "--theme: expected light, dark or projector, not \"%s\"",
                           theme);
    if (language && !language_read(language, options->language, problem))
        return false;
    if (at && !vtime_parse(slice_of(at), &options->t))
        return problem_set(problem, "--at: expected a time like 300ms or 2h30min, not \"%s\"", at);
    if (!command_number(line, "scale", 1, 4, 1, &scale, problem) ||
        !command_number(line, "message", 1, UINT32_MAX, 0, &message, problem) ||
        !read_panel(command_value(line, "panel"), options, problem))
        return false;
    options->scale = (unsigned)scale;
    options->message = (uint32_t)message;
    return true;
}

/* ---- the picture ---- */

/* When the message lay in a store, or without that, when something last happened to it. */
static int64_t moment_of(const struct log *log, uint32_t message)
{
    int64_t last = log_end(log);
    bool is_seen = false;
    for (uint32_t id = log_count(log); id-- > 0;) {
        const struct event *e = log_at(log, id);
        enum event_type type;
        uint32_t msg;
        if (!log_field(log, e, SLICE("msg"), &type, &msg) || msg != message)
            continue;
        if (e->kind == EVENT_DELIVER)
            return e->t;
        if (!is_seen)
            last = e->t;
        is_seen = true;
    }
    return last;
}

static bool check_message(const struct log *log, uint32_t message, struct problem *problem)
{
    if (message == 0 || log_msg(log, message))
        return true;
    return problem_set(problem, "there is no message %u; there are %zu", (unsigned)message,
                       log->msgs.count);
}

/* A description is one paragraph. */
static struct slice one_line(struct draw_list *list, struct slice text)
{
    char *to = arena_take(&list->arena, text.size + 1);
    for (size_t i = 0; i < text.size; i++)
        to[i] = text.data[i] == '\n' ? ' ' : text.data[i];
    return (struct slice){to, text.size};
}

bool picture_set_up(struct view *view, const struct log *log, const struct picture_options *options,
                    struct problem *problem)
{
    struct view_settings settings = *view_settings(view);
    if (!check_message(log, options->message, problem))
        return false;
    settings.theme = options->theme;
    snprintf(settings.language, sizeof settings.language, "%s",
             options->language[0] ? options->language : "en");
    view_set_settings(view, &settings);
    (void)view_show_only(view, options->panel);
    return true;
}

static int64_t time_of(const struct log *log, const struct picture_options *options)
{
    if (options->t != PICTURE_END)
        return options->t;
    return options->message ? moment_of(log, options->message) : log_end(log);
}

/* As high as it is asked for; when nobody has asked, so high that nothing is left out, if such a
   picture can be made at all. Gives the height. */
static float draw(struct view *view, struct draw_list *list, const struct picture_options *options)
{
    float w = (float)options->w, h = (float)options->h;
    view_draw(view, list, w, h);
    float wanted = view_height_wanted(view), most = SIDE_MOST / (float)options->scale;
    if (options->has_size || wanted <= 0)
        return h;
    h = wanted > most ? most : wanted < SIDE_LEAST ? SIDE_LEAST : wanted;
    view_draw(view, list, w, h);
    return h;
}

bool picture_make(const struct log *log, struct slice name, const struct picture_options *options,
                  struct bytes *out, struct problem *problem)
{
    struct glyphs *glyphs = glyphs_create();
    struct painter *painter = paint_create(glyphs);
    struct view *view = view_create(log);
    struct draw_list list;
    draw_init(&list, glyphs_measure, glyphs);
    bool ok = picture_set_up(view, log, options, problem);
    if (ok) {
        view_seek(view, time_of(log, options));
        if (options->message)
            view_choose_message(view, options->message);
        float w = (float)options->w, h = draw(view, &list, options);
        list.description = one_line(&list, view_told(view, &list.arena));
        ok = slice_ends_fold(name, SLICE(".svg"))
                 ? svg_write(&list, w, h, out)
                 : paint_png_bytes(painter, &list, w, h, (float)options->scale, out, problem);
    }
    draw_finish(&list);
    view_destroy(view);
    paint_destroy(painter);
    glyphs_destroy(glyphs);
    return ok;
}
