#include "app/film_run.h"

#include <stdlib.h>

#include "app/film.h"
#include "sim/base/memory.h"

enum {
    FRAME_MS = 1000 / FILM_FRAMES_A_S,
    FIRST_MS = 1000, /* the first and the last picture stand still for so long */
    LAST_MS = 2000,
    TICK_MOST_MS = 5000, /* of the view's time in one go */
};

struct shooting {
    const struct log *log;
    const struct picture_options *options;
    const struct export_watch *watch;
    struct glyphs *glyphs;
    struct view *view;
    struct draw_list list;
    struct view_request request;
    struct film *film;
    bool is_broken_off;
};

/* How many milliseconds of the view's time pass in a frame. */
static int64_t frame_time(const struct shooting *s)
{
    const int64_t most = (int64_t)FILM_MOST_S * 1000 - FIRST_MS - LAST_MS;
    int64_t whole = view_play_ms(s->view);
    return whole <= most ? FRAME_MS : FRAME_MS * (whole / most + 1);
}

static bool show(struct shooting *s, int ms)
{
    view_draw(s->view, &s->list, (float)s->options->w, (float)s->options->h);
    return film_show(s->film, &s->list, ms);
}

/* What is asked of the world is left undone: the run is over. */
static void pass(struct shooting *s, int64_t ms)
{
    for (int64_t part; ms > 0; ms -= part) {
        part = ms < TICK_MOST_MS ? ms : TICK_MOST_MS;
        view_tick(s->view, (int)part);
    }
    while (view_take_request(s->view, &s->request))
        ;
}

/* True: all of it was taken. */
static bool shoot(struct shooting *s)
{
    int64_t step = frame_time(s), end = log_end(s->log);
    if (!show(s, FIRST_MS))
        return false;
    view_set_playing(s->view, true);
    while (view_t(s->view) < end) {
        s->is_broken_off = !watched_go_on(s->watch, film_octets(s->film));
        if (s->is_broken_off)
            return false;
        pass(s, step);
        if (!show(s, FRAME_MS))
            return false;
    }
    return show(s, LAST_MS);
}

/* False with a problem when nothing came of it. */
static bool shoot_all(struct shooting *s, struct problem *problem)
{
    bool is_whole = shoot(s);
    if (is_whole || !s->is_broken_off) /* ffmpeg says why it has ended */
        return film_finish(s->film, problem) &&
               (is_whole || problem_set(problem, "ffmpeg has ended too early"));
    film_abandon(s->film);
    return problem_set(problem, "broken off, not written");
}

bool film_run(const struct log *log, const char *path, const struct picture_options *options,
              const struct export_watch *watch, struct problem *problem)
{
    struct shooting *s = memory_take(sizeof *s);
    *s = (struct shooting){.log = log, .options = options, .watch = watch};
    s->glyphs = glyphs_create();
    s->view = view_create(log);
    draw_init(&s->list, glyphs_measure, s->glyphs);
    bool ok = picture_set_up(s->view, log, options, problem);
    if (ok) {
        view_seek(s->view, options->t == PICTURE_END ? 0 : options->t);
        if (options->message)
            view_choose_message(s->view, options->message);
        s->film = film_start(path, s->glyphs, (float)options->w, (float)options->h, problem);
        ok = s->film && shoot_all(s, problem);
    }
    draw_finish(&s->list);
    view_destroy(s->view);
    glyphs_destroy(s->glyphs);
    free(s);
    return ok;
}
