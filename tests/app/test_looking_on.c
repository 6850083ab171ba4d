/* Who looks on in the window while a long file is written. */
#include "app/looking_on.h"

#include <SDL.h>
#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/trace/log.h"

struct stand {
    struct log log;
    struct view *view;
    struct window *window;
    int drawn;
};

static void count(void *context)
{
    ((struct stand *)context)->drawn++;
}

static const struct export_watch *set_up(struct stand *s, struct looking_on *looking)
{
    struct problem problem = {0};
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    *s = (struct stand){0};
    log_init(&s->log);
    log_add(&s->log, 0, 0, EVENT_RUN, 0, &(struct event_run){0});
    s->view = view_create(&s->log);
    s->window = window_open("test", 640, 480, true, &problem);
    cr_assert(s->window, "%s", problem.what);
    struct input_event event;
    while (window_poll(s->window, &event))
        ;
    *looking =
        (struct looking_on){.window = s->window, .view = s->view, .draw = count, .context = s};
    return looking_on_begin(looking);
}

static void tear_down(struct stand *s)
{
    window_close(s->window);
    view_destroy(s->view);
    log_finish(&s->log);
}

/* As if so much time had passed since it was asked, and since it began. */
static void age(struct looking_on *looking, int64_t ms)
{
    looking->asked_ms -= ms;
    looking->start_ms -= ms;
    looking->shown_ms -= looking->shown_ms ? ms : 0;
}

Test(looking_on, a_short_export_says_nothing_and_a_long_one_how_far_it_is)
{
    struct stand s;
    struct looking_on looking;
    const struct export_watch *watch = set_up(&s, &looking);
    cr_expect(watched_go_on(watch, 1));
    age(&looking, 100);
    cr_expect(watched_go_on(watch, 1));
    cr_expect(s.drawn == 0 && !view_has_notice(s.view));
    age(&looking, 1000);
    cr_expect(watched_go_on(watch, 5000000));
    cr_expect_eq(s.drawn, 1);
    cr_expect(view_has_notice(s.view));
    tear_down(&s);
}

Test(looking_on, escape_breaks_off_and_another_key_does_not)
{
    struct stand s;
    struct looking_on looking;
    const struct export_watch *watch = set_up(&s, &looking);
    SDL_Event key = {.key = {.type = SDL_KEYDOWN, .keysym = {.sym = SDLK_a}}};
    SDL_PushEvent(&key);
    age(&looking, 100);
    cr_expect(watched_go_on(watch, 1));
    key.key.keysym.sym = SDLK_ESCAPE;
    SDL_PushEvent(&key);
    age(&looking, 100);
    cr_expect(!watched_go_on(watch, 1));
    cr_expect(!watched_go_on(watch, 1), "once broken off, for ever");
    cr_expect(!looking.is_over);
    tear_down(&s);
}

Test(looking_on, closing_the_window_breaks_off_and_closes_it)
{
    struct stand s;
    struct looking_on looking;
    const struct export_watch *watch = set_up(&s, &looking);
    SDL_Event quit = {.type = SDL_QUIT};
    SDL_PushEvent(&quit);
    age(&looking, 100);
    cr_expect(!watched_go_on(watch, 1));
    cr_expect(looking.is_over);
    tear_down(&s);
}

Test(looking_on, without_a_window_nobody_looks_on)
{
    struct looking_on looking = {.window = NULL};
    cr_expect_null(looking_on_begin(&looking));
}
