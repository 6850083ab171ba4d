/* mailflow open: the window. One round of the loop is one frame. */
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/live.h"
#include "app/output.h"
#include "app/picture.h"
#include "render/sdl/window.h"
#include "render/view/view.h"

enum { WAIT_MOVING_MS = 8, WAIT_STILL_MS = 200, TICK_MOST_MS = 100, PICTURES_MAX = 1000 };

struct opened {
    struct live live;
    struct view *view;
    struct window *window;
    struct painter *painter;
    struct draw_list list;
    struct view_request request;
    int64_t shown_ms;
    bool is_over;
};

static void notify(struct opened *o, const struct problem *problem)
{
    char text[PROBLEM_LINE];
    view_notify(o->view, slice_of(problem_line(problem, text)));
}

/* The first of mailflow-1.png, mailflow-2.png, ... that is not there yet. */
static bool free_name(char path[64])
{
    for (int i = 1; i <= PICTURES_MAX; i++) {
        snprintf(path, 64, "mailflow-%d.png", i);
        if (access(path, F_OK) != 0)
            return true;
    }
    return false;
}

static void save_picture(struct opened *o)
{
    struct problem problem = {0};
    char path[64], text[128];
    float w, h;
    window_size(o->window, &w, &h);
    if (!free_name(path))
        problem_set(&problem, "there are %d pictures here already", PICTURES_MAX);
    else if (paint_png(o->painter, &o->list, w, h, 2, path, &problem))
        snprintf(text, sizeof text, "Saved %s", path);
    if (problem.what[0])
        notify(o, &problem);
    else
        view_notify(o->view, slice_of(text));
}

/* Shows the log as it is after a change at t, and plays on from there. */
static void show_change(struct opened *o, int64_t t)
{
    if (o->live.is_new_log)
        view_follow_log(o->view, live_log(&o->live), t);
    else
        view_seek(o->view, t);
    o->live.is_new_log = false;
    view_set_playing(o->view, true);
}

/* The world has nothing more to do: playing ends with it. */
static void show_end(struct opened *o, const struct problem *problem)
{
    view_set_playing(o->view, false);
    notify(o, problem);
}

static void copy_words(struct opened *o)
{
    struct arena arena;
    arena_init(&arena);
    bool is_copied = window_copy(o->window, view_told(o->view, &arena));
    view_notify(o->view, is_copied ? SLICE("Copied in words") : SLICE("There is no clipboard"));
    arena_finish(&arena);
}

/* What was written just now is what the person wants to see. */
static void choose_new(struct opened *o, int64_t t)
{
    const struct log *log = live_log(&o->live);
    for (uint32_t msg = (uint32_t)log->msgs.count; msg > 0; msg--)
        if (log_at(log, log->msgs.items[msg - 1])->t == t) {
            view_choose_message(o->view, msg);
            return;
        }
}

static void carry_out(struct opened *o, const struct view_request *request)
{
    struct problem problem = {0};
    switch (request->kind) {
    case VIEW_REQUEST_SEND:
    case VIEW_REQUEST_FETCH:
    case VIEW_REQUEST_FAULT:
        if (!live_do(&o->live, request, &problem)) {
            notify(o, &problem);
            return;
        }
        show_change(o, request->t);
        if (request->kind == VIEW_REQUEST_SEND)
            choose_new(o, request->t);
        return;
    case VIEW_REQUEST_MORE:
        if (!live_run_on(&o->live, &problem))
            show_end(o, &problem);
        return;
    case VIEW_REQUEST_COPY:
        copy_words(o);
        return;
    case VIEW_REQUEST_PICTURE:
        save_picture(o);
        return;
    case VIEW_REQUEST_QUIT:
        o->is_over = true;
        return;
    }
}

/* A file was dropped on the window: it takes the place of what is shown. */
static void open_dropped(struct opened *o, const char *path)
{
    struct problem problem = {0};
    struct live live;
    if (!live_open(&live, path, o->live.seed, NULL, &problem)) {
        notify(o, &problem);
        return;
    }
    view_set_log(o->view, live_log(&live));
    live_close(&o->live);
    o->live = live;
    o->live.is_new_log = false;
    view_show_hint(o->view);
}

static void take_input(struct opened *o)
{
    struct input_event event;
    while (window_poll(o->window, &event)) {
        if (event.kind == INPUT_QUIT)
            o->is_over = true;
        else if (event.kind == INPUT_DROP)
            open_dropped(o, event.text);
        else
            view_input(o->view, &event);
    }
}

static void frame(struct opened *o)
{
    float w, h;
    take_input(o);
    int64_t now_ms = window_time_ms(o->window);
    int64_t passed = now_ms - o->shown_ms;
    o->shown_ms = now_ms;
    view_tick(o->view, passed > TICK_MOST_MS ? TICK_MOST_MS : (int)passed);
    while (view_take_request(o->view, &o->request))
        carry_out(o, &o->request);
    window_size(o->window, &w, &h);
    view_draw(o->view, &o->list, w, h);
    window_show(o->window, o->painter, &o->list);
    window_wait(o->window, view_is_moving(o->view) ? WAIT_MOVING_MS : WAIT_STILL_MS);
}

static void show(struct opened *o, const struct picture_options *options)
{
    struct glyphs *glyphs = glyphs_create();
    o->painter = paint_create(glyphs);
    o->view = view_create(live_log(&o->live));
    draw_init(&o->list, glyphs_measure, glyphs);
    view_set_theme(o->view, options->theme);
    view_show_hint(o->view);
    o->live.is_new_log = false;
    while (!o->is_over)
        frame(o);
    draw_finish(&o->list);
    view_destroy(o->view);
    paint_destroy(o->painter);
    glyphs_destroy(glyphs);
}

int open_command(struct command_line *line)
{
    struct problem problem = {0};
    struct picture_options options;
    struct opened o = {0};
    uint64_t seed;
    const char *word = line->operand_count ? line->operands[0] : "two-towns";
    if (!picture_read_options(line, &options, &problem) ||
        !command_number(line, "seed", 1, UINT64_MAX, 1, &seed, &problem) ||
        !live_open(&o.live, word, seed, line->in, &problem))
        return command_fail(line, &problem);
    o.window = window_open("mailflow", (int)options.w, (int)options.h, false, &problem);
    if (o.window)
        show(&o, &options);
    window_close(o.window);
    live_close(&o.live);
    return problem.what[0] ? command_fail(line, &problem) : APP_DONE;
}
