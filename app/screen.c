#include "app/screen.h"

#include <unistd.h>

enum { WAIT_MOVING_MS = 8, WAIT_STILL_MS = 200, TICK_MOST_MS = 100, PICTURES_MAX = 1000 };

struct screen {
    const struct screen_ways *ways;
    struct view *view;
    struct window *window;
    struct painter *painter;
    struct draw_list list;
    struct view_request request;
    int64_t shown_ms;
    bool is_over;
};

static void notify(struct screen *s, const struct problem *problem)
{
    char text[PROBLEM_LINE];
    view_notify(s->view, slice_of(problem_line(problem, text)));
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

static void save_picture(struct screen *s)
{
    struct problem problem = {0};
    char path[64], text[128];
    float w, h;
    window_size(s->window, &w, &h);
    if (!free_name(path))
        problem_set(&problem, "there are %d pictures here already", PICTURES_MAX);
    else if (paint_png(s->painter, &s->list, w, h, 2, path, &problem))
        snprintf(text, sizeof text, "Saved %s", path);
    if (problem.what[0])
        notify(s, &problem);
    else
        view_notify(s->view, slice_of(text));
}

static const struct log *log_of(const struct screen *s)
{
    return s->ways->log(s->ways->context);
}

/* Shows the log as it is after a change at t, and plays on from there. */
static void show_change(struct screen *s, const struct screen_change *change)
{
    if (change->is_new_log)
        view_follow_log(s->view, log_of(s), change->t);
    else
        view_seek(s->view, change->t);
    view_set_playing(s->view, true);
}

/* The world has nothing more to do: playing ends with it. */
static void show_end(struct screen *s, const struct problem *problem)
{
    view_set_playing(s->view, false);
    notify(s, problem);
}

static void copy_words(struct screen *s)
{
    struct arena arena;
    arena_init(&arena);
    bool is_copied = window_copy(s->window, view_told(s->view, &arena));
    view_notify(s->view, is_copied ? SLICE("Copied in words") : SLICE("There is no clipboard"));
    arena_finish(&arena);
}

/* What was written just now is what the person wants to see. */
static void choose_new(struct screen *s, int64_t t)
{
    const struct log *log = log_of(s);
    for (uint32_t msg = (uint32_t)log->msgs.count; msg > 0; msg--)
        if (log_at(log, log->msgs.items[msg - 1])->t == t) {
            view_choose_message(s->view, msg);
            return;
        }
}

static void act(struct screen *s, const struct view_request *request)
{
    struct problem problem = {0};
    struct screen_change change = {0};
    if (!s->ways->act(s->ways->context, request, &change, &problem)) {
        notify(s, &problem);
        return;
    }
    show_change(s, &change);
    if (request->kind == VIEW_REQUEST_SEND)
        choose_new(s, change.t);
}

static void carry_out(struct screen *s, const struct view_request *request)
{
    struct problem problem = {0};
    switch (request->kind) {
    case VIEW_REQUEST_SEND:
    case VIEW_REQUEST_FETCH:
    case VIEW_REQUEST_FAULT:
        act(s, request);
        return;
    case VIEW_REQUEST_MORE:
        if (!s->ways->run_on(s->ways->context, &problem))
            show_end(s, &problem);
        return;
    case VIEW_REQUEST_COPY:
        copy_words(s);
        return;
    case VIEW_REQUEST_PICTURE:
        save_picture(s);
        return;
    case VIEW_REQUEST_QUIT:
        s->is_over = true;
        return;
    }
}

static void open_dropped(struct screen *s, const char *path)
{
    struct problem problem = {0};
    if (s->ways->open(s->ways->context, path, s->view, &problem))
        view_show_hint(s->view);
    else
        notify(s, &problem);
}

static void take_input(struct screen *s)
{
    struct input_event event;
    while (window_poll(s->window, &event)) {
        if (event.kind == INPUT_QUIT)
            s->is_over = true;
        else if (event.kind == INPUT_DROP)
            open_dropped(s, event.text);
        else
            view_input(s->view, &event);
    }
}

static void frame(struct screen *s)
{
    float w, h;
    take_input(s);
    int64_t now_ms = window_time_ms(s->window);
    int64_t passed = now_ms - s->shown_ms;
    s->shown_ms = now_ms;
    view_tick(s->view, passed > TICK_MOST_MS ? TICK_MOST_MS : (int)passed);
    while (view_take_request(s->view, &s->request))
        carry_out(s, &s->request);
    window_size(s->window, &w, &h);
    view_draw(s->view, &s->list, w, h);
    window_show(s->window, s->painter, &s->list);
    int most_ms = view_is_moving(s->view) ? WAIT_MOVING_MS : WAIT_STILL_MS;
    s->is_over |= !s->ways->wait(s->ways->context, s->window, s->view, most_ms);
}

static void show(struct screen *s, const struct picture_options *options)
{
    struct glyphs *glyphs = glyphs_create();
    s->painter = paint_create(glyphs);
    s->view = view_create(log_of(s));
    draw_init(&s->list, glyphs_measure, glyphs);
    view_set_theme(s->view, options->theme);
    view_show_hint(s->view);
    if (s->ways->is_live) {
        view_seek(s->view, log_end(log_of(s)));
        view_set_playing(s->view, true);
    }
    while (!s->is_over)
        frame(s);
    draw_finish(&s->list);
    view_destroy(s->view);
    paint_destroy(s->painter);
    glyphs_destroy(glyphs);
}

bool screen_run(const struct picture_options *options, const struct screen_ways *ways,
                struct problem *problem)
{
    struct screen s = {.ways = ways};
    s.window = window_open("mailflow", (int)options->w, (int)options->h, false, problem);
    if (!s.window)
        return false;
    show(&s, options);
    window_close(s.window);
    return true;
}
