#include "app/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/film.h"
#include "app/folder.h"
#include "app/lesson_page.h"
#include "app/looking_on.h"
#include "app/output.h"
#include "render/draw/svg.h"
#include "render/view/tr.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

enum { WAIT_MOVING_MS = 8, WAIT_STILL_MS = 200, TICK_MOST_MS = 100, SAID = 512 };
enum { CLIPBOARD_MAX = 1024 * 1024, FRAME_MS = 16 };

struct screen {
    const struct screen_ways *ways;
    struct settings *settings;
    struct view *view;
    struct window *window; /* NULL: none */
    struct glyphs *glyphs;
    struct painter *painter;
    struct draw_list list;
    struct view_request request;
    struct film *film;   /* NULL: none is made */
    struct bytes copied; /* the clipboard where there is no window */
    float w, h;
    int64_t shown_ms;
    bool is_over;
    char said[SAID];
};

/* ---- what is said ---- */

static void say(struct screen *s, struct slice text)
{
    snprintf(s->said, sizeof s->said, "%.*s", SLICE_ARG(slice_part(text, 0, SAID - 1)));
    view_notify(s->view, text);
}

static void say_problem(struct screen *s, const struct problem *problem)
{
    char text[PROBLEM_LINE];
    say(s, slice_of(problem_line(problem, text)));
}

static void say_path(struct screen *s, const char *what, const char *path)
{
    char text[SAID];
    snprintf(text, sizeof text, "%s %s", what, path);
    say(s, slice_of(text));
}

const char *screen_said(const struct screen *s)
{
    return s->said;
}

/* ---- files ---- */

static bool write_svg(struct screen *s, const char *path, struct problem *problem)
{
    struct bytes out;
    bytes_init(&out, SIZE_MAX);
    bool ok = (svg_write(&s->list, s->w, s->h, &out) ||
               problem_set(problem, "%s: the picture is too large", path)) &&
              output_save(path, stdout, bytes_slice(&out), problem);
    bytes_finish(&out);
    return ok;
}

bool screen_picture(struct screen *s, const char *path, float scale, struct problem *problem)
{
    return slice_ends_fold(slice_of(path), SLICE(".svg"))
               ? write_svg(s, path, problem)
               : paint_png(s->painter, &s->list, s->w, s->h, scale, path, problem);
}

static bool save_picture(struct screen *s, const char *path, struct problem *problem)
{
    char name[64];
    if (!path[0] && !folder_free_name(name, sizeof name, SLICE("mailflow"), 1, ".png", problem))
        return false;
    path = path[0] ? path : name;
    if (!picture_is_name(slice_of(path)))
        return problem_set(problem, "%s: a picture ends in .png or .svg", path);
    if (!screen_picture(s, path, 2, problem))
        return false;
    say_path(s, tr("Saved"), path);
    return true;
}

/* ---- films ---- */

static bool end_film(struct screen *s, struct problem *problem)
{
    char path[256];
    snprintf(path, sizeof path, "%s", film_path(s->film));
    bool ok = film_finish(s->film, problem);
    s->film = NULL;
    if (ok)
        say_path(s, tr("Saved"), path);
    return ok;
}

static bool begin_or_end_film(struct screen *s, const char *path, struct problem *problem)
{
    char name[64];
    if (s->film)
        return end_film(s, problem);
    if (!path[0] && !folder_free_name(name, sizeof name, SLICE("mailflow"), 1, ".webm", problem))
        return false;
    s->film = film_start(path[0] ? path : name, s->glyphs, s->w, s->h, problem);
    if (s->film)
        say_path(s, tr("Recording, until this is pressed again:"), film_path(s->film));
    return s->film != NULL;
}

static void add_to_film(struct screen *s, int passed_ms)
{
    struct problem problem = {0};
    if (s->film && !film_show(s->film, &s->list, passed_ms) && !end_film(s, &problem))
        say_problem(s, &problem);
}

static void draw_now(void *context)
{
    struct screen *s = context;
    view_draw(s->view, &s->list, s->w, s->h);
    if (s->window)
        window_show(s->window, s->painter, &s->list);
}

static bool export_to(struct screen *s, const char *path, struct problem *problem)
{
    const struct view_course *course = lesson_course(screen_view(s));
    struct export_options options = {.width = EXPORT_WIDTH_DEFAULT};
    struct arena arena;
    if (picture_is_name(slice_of(path)))
        return save_picture(s, path, problem);
    if (film_is_name(slice_of(path)))
        return begin_or_end_film(s, path, problem);
    struct looking_on looking = {
        .window = s->window, .view = s->view, .draw = draw_now, .context = s};
    arena_init(&arena);
    options.lesson = course ? lesson_page(course, &arena) : NULL;
    options.watch = looking_on_begin(&looking);
    bool ok = export_write(s->ways->log(s->ways->context), path, &options, problem);
    s->is_over |= looking.is_over;
    arena_finish(&arena);
    if (ok)
        say_path(s, tr("Saved"), path);
    return ok;
}

/* ---- the clipboard ---- */

static bool copy(struct screen *s, struct slice text, struct problem *problem)
{
    struct arena arena;
    bool ok = true;
    arena_init(&arena);
    if (text.size == 0)
        text = view_told(s->view, &arena);
    bytes_clear(&s->copied);
    (void)bytes_append(&s->copied, slice_part(text, 0, CLIPBOARD_MAX));
    if (s->window && !window_copy(s->window, text))
        ok = problem_set(problem, "%s", tr("There is no clipboard"));
    arena_finish(&arena);
    if (ok)
        say(s, slice_of(tr("Copied")));
    return ok;
}

/* A clipboard may hold more than fits into one event. */
static void type(struct screen *s, struct slice text)
{
    while (text.size > 0) {
        struct input_event event = {.kind = INPUT_TEXT};
        size_t size = text.size < sizeof event.text - 1 ? text.size : sizeof event.text - 1;
        while (size > 1 && size < text.size && (text.data[size] & 0xC0) == 0x80)
            size--; /* whole characters */
        memcpy(event.text, text.data, size);
        text = slice_part(text, size, text.size);
        view_input(s->view, &event);
    }
}

/* Into the field that waits for it, or else it is something to open. */
static bool paste(struct screen *s, struct problem *problem)
{
    struct arena arena;
    bool ok = true;
    arena_init(&arena);
    struct slice text = s->window ? window_paste(s->window, &arena) : bytes_slice(&s->copied);
    text = slice_part(text, 0, CLIPBOARD_MAX);
    if (view_takes_text(s->view, text))
        type(s, text);
    else if (s->ways->take_text)
        ok = s->ways->take_text(s->ways->context, s->view, text, problem);
    arena_finish(&arena);
    return ok;
}

bool screen_paste(struct screen *s, struct slice text, struct problem *problem)
{
    bytes_clear(&s->copied);
    (void)bytes_append(&s->copied, slice_part(text, 0, CLIPBOARD_MAX));
    return paste(s, problem);
}

/* ---- requests ---- */

static bool keep_settings(struct screen *s, struct problem *problem)
{
    if (!s->settings)
        return true;
    s->settings->view = *view_settings(s->view);
    return settings_save(s->settings, problem);
}

static bool ask_world(struct screen *s, const struct view_request *request, struct problem *problem)
{
    struct slice said = SLICE("");
    if (!s->ways->carry_out(s->ways->context, s->view, request, &said, problem))
        return false;
    if (said.size > 0)
        say(s, said);
    return true;
}

static bool carry_out(struct screen *s, const struct view_request *request, struct problem *problem)
{
    switch (request->kind) {
    case VIEW_REQUEST_DO:
    case VIEW_REQUEST_FORK:
    case VIEW_REQUEST_KEEP:
    case VIEW_REQUEST_DROP:
    case VIEW_REQUEST_CHOOSE:
    case VIEW_REQUEST_UNDO:
    case VIEW_REQUEST_REDO:
    case VIEW_REQUEST_MORE:
    case VIEW_REQUEST_OPEN:
    case VIEW_REQUEST_BRING:
    case VIEW_REQUEST_COMPARE:
    case VIEW_REQUEST_SAVE:
    case VIEW_REQUEST_COURSE:
        return ask_world(s, request, problem);
    case VIEW_REQUEST_EXPORT:
        return export_to(s, request->text, problem);
    case VIEW_REQUEST_RECORD:
        return begin_or_end_film(s, request->text, problem);
    case VIEW_REQUEST_PICTURE:
        return save_picture(s, request->text, problem);
    case VIEW_REQUEST_COPY:
        return copy(s, slice_of(request->text), problem);
    case VIEW_REQUEST_PASTE:
        return paste(s, problem);
    case VIEW_REQUEST_SETTINGS:
        return keep_settings(s, problem);
    case VIEW_REQUEST_QUIT:
        s->is_over = true;
        return true;
    }
    return true;
}

/* In the form that it was asked by, if there is one. */
static void say_refused(struct screen *s, const struct problem *problem)
{
    say_problem(s, problem);
    view_refuse(s->view, &s->request, slice_of(s->said));
}

static void carry_out_all(struct screen *s)
{
    while (view_take_request(s->view, &s->request)) {
        struct problem problem = {0};
        /* that it rests now goes without saying while it is told what was done */
        bool is_told = s->request.kind == VIEW_REQUEST_MORE && view_has_notice(s->view);
        if (!carry_out(s, &s->request, &problem) && !is_told)
            say_refused(s, &problem);
    }
}

bool screen_request(struct screen *s, enum view_request_kind kind, struct slice text,
                    struct problem *problem)
{
    if (text.size >= sizeof s->request.text)
        return problem_set(problem, "this is too long");
    s->request = (struct view_request){.kind = kind, .t = view_t(s->view)};
    if (text.size > 0)
        memcpy(s->request.text, text.data, text.size);
    return carry_out(s, &s->request, problem);
}

/* A file that was brought to the window. */
static void take_file(struct screen *s, const char *path)
{
    struct problem problem = {0};
    struct view_request request = {.kind = VIEW_REQUEST_BRING};
    snprintf(request.text, sizeof request.text, "%s", path);
    if (!carry_out(s, &request, &problem))
        say_problem(s, &problem);
}

void screen_input(struct screen *s, const struct input_event *event)
{
    if (event->kind == INPUT_QUIT)
        s->is_over = true;
    else if (event->kind == INPUT_DROP)
        take_file(s, event->text);
    else
        view_input(s->view, event);
}

/* ---- frames ---- */

void screen_frame(struct screen *s, int passed_ms)
{
    view_tick(s->view, passed_ms);
    carry_out_all(s);
    if (s->ways->before_frame)
        s->ways->before_frame(s->ways->context, s->view);
    if (s->window)
        window_size(s->window, &s->w, &s->h);
    draw_now(s);
    add_to_film(s, passed_ms);
}

bool screen_turn(struct screen *s)
{
    struct input_event event;
    while (window_poll(s->window, &event))
        screen_input(s, &event);
    int64_t now_ms = window_time_ms(s->window), passed = now_ms - s->shown_ms;
    s->shown_ms = now_ms;
    screen_frame(s, passed > TICK_MOST_MS ? TICK_MOST_MS : (int)passed);
    int most_ms = view_is_moving(s->view) ? WAIT_MOVING_MS : WAIT_STILL_MS;
    if (!s->ways->wait)
        window_wait(s->window, most_ms);
    else
        s->is_over |= !s->ways->wait(s->ways->context, s->window, s->view, most_ms);
    return !s->is_over;
}

bool screen_pass(struct screen *s, int ms)
{
    int64_t end_ms = s->window ? window_time_ms(s->window) + ms : 0;
    if (!s->window || ms == 0)
        screen_frame(s, ms < FRAME_MS ? ms : FRAME_MS);
    for (int left = ms - FRAME_MS; !s->window && left > 0 && !s->is_over; left -= FRAME_MS)
        screen_frame(s, left < FRAME_MS ? left : FRAME_MS);
    while (s->window && window_time_ms(s->window) < end_ms && screen_turn(s))
        ;
    return !s->is_over;
}

void screen_loop(struct screen *s)
{
    while (screen_turn(s))
        ;
}

/* ---- life ---- */

static void set_up_view(struct screen *s, const struct picture_options *options)
{
    struct view_settings liked = s->settings ? s->settings->view : *view_settings(s->view);
    if (options->has_theme)
        liked.theme = options->theme;
    if (options->language[0] || !s->settings) /* a script finds the same words every time */
        snprintf(liked.language, sizeof liked.language, "%s",
                 options->language[0] ? options->language : "en");
    view_set_settings(s->view, &liked);
    if (s->ways->is_live) {
        view_seek(s->view, log_end(s->ways->log(s->ways->context)));
        view_set_playing(s->view, true);
    }
}

struct screen *screen_create(const struct picture_options *options, const struct screen_ways *ways,
                             struct settings *settings)
{
    struct screen *s = memory_take(sizeof *s);
    *s = (struct screen){.ways = ways, .settings = settings};
    bool is_kept = settings && settings->w && !options->has_size;
    s->w = is_kept ? (float)settings->w : (float)options->w;
    s->h = is_kept ? (float)settings->h : (float)options->h;
    s->glyphs = glyphs_create();
    s->painter = paint_create(s->glyphs);
    s->view = view_create(ways->log(ways->context));
    if (ways->forms)
        view_set_forms(s->view, ways->forms(ways->context));
    draw_init(&s->list, glyphs_measure, s->glyphs);
    bytes_init(&s->copied, CLIPBOARD_MAX);
    set_up_view(s, options);
    return s;
}

bool screen_open_window(struct screen *s, struct problem *problem)
{
    s->window = window_open("mailflow", (int)s->w, (int)s->h, false, problem);
    view_show_hint(s->view);
    return s->window != NULL;
}

/* How large the window was in the end is how large it is the next time. */
static void keep_size(struct screen *s)
{
    struct problem ignored;
    int w = (int)s->w, h = (int)s->h;
    if (!s->window || !s->settings || (s->settings->w == w && s->settings->h == h))
        return;
    s->settings->w = w;
    s->settings->h = h;
    (void)settings_save(s->settings, &ignored);
}

void screen_destroy(struct screen *s)
{
    struct problem ignored;
    if (!s)
        return;
    if (s->film)
        (void)end_film(s, &ignored);
    keep_size(s);
    window_close(s->window);
    draw_finish(&s->list);
    bytes_finish(&s->copied);
    view_destroy(s->view);
    paint_destroy(s->painter);
    glyphs_destroy(s->glyphs);
    free(s);
}

/* ---- asked from outside ---- */

struct view *screen_view(struct screen *s)
{
    return s->view;
}

const struct log *screen_log(const struct screen *s)
{
    return s->ways->log(s->ways->context);
}

void screen_set_size(struct screen *s, float w, float h)
{
    s->w = w;
    s->h = h;
    if (s->window)
        window_set_size(s->window, (int)w, (int)h);
}

bool screen_is_over(const struct screen *s)
{
    return s->is_over;
}
