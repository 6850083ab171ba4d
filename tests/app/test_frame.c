/*
 * What a frame may depend on and what it may cost. The picture at a moment is the same whichever
 * way that moment was reached, also in a network that is edited as it runs, and with a fork beside
 * it. And once everything was seen a first time, a frame takes no memory: each taking is counted,
 * as this program is linked with --wrap for the two functions that take it.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "app/live.h"
#include "render/draw/paint.h"
#include "render/view/docks.h"
#include "sim/base/memory.h"
#include "sim/base/random.h"
#include "sim/base/vtime.h"
#include "support_app.h"
#include "tests/view/support_course.h"

enum { W = 1920, H = 1080, SEEKS = 24, TICKS = 40, TICK_MS = 16, STEP = 240 };

static unsigned long taken;

void *__real_memory_take(size_t size);
void *__real_memory_resize(void *block, size_t size);
void *__wrap_memory_take(size_t size);
void *__wrap_memory_resize(void *block, size_t size);

void *__wrap_memory_take(size_t size)
{
    taken++;
    return __real_memory_take(size);
}

void *__wrap_memory_resize(void *block, size_t size)
{
    taken++;
    return __real_memory_resize(block, size);
}

/* ---- a world, perhaps with a fork, and who looks at it ---- */

static struct live live;
static struct glyphs *glyphs;
static struct problem problem;

static void open_world(const char *word)
{
    problem = (struct problem){0};
    cr_assert(live_open(&live, word, &(struct source_options){.seed = 1}, NULL, &problem), "%s",
              problem.what);
    glyphs = glyphs_create();
}

static void close_world(void)
{
    glyphs_destroy(glyphs);
    live_close(&live);
}

struct look {
    struct view *view;
    struct draw_list list;
};

static void look_begin(struct look *look)
{
    look->view = view_create(live_log(&live, 0));
    if (live.has_fork)
        view_set_other(look->view, live_log(&live, 1), live.fork_t);
    draw_init(&look->list, glyphs_measure, glyphs);
    view_draw(look->view, &look->list, W, H);
}

static void look_end(struct look *look)
{
    draw_finish(&look->list);
    view_destroy(look->view);
}

/* This tab, and in each other dock one that depends on nothing but this. */
static void show_tabs(struct view *view, int tab)
{
    for (int i = 1; i <= tab_count; i++)
        docks_show(view, tabs[(tab + i) % tab_count].name);
}

/* The picture of a view with the same tabs that was never anywhere else. */
static void write_fresh(int64_t t, int tab, struct bytes *out)
{
    struct look fresh;
    look_begin(&fresh);
    show_tabs(fresh.view, tab);
    view_seek(fresh.view, t);
    view_draw(fresh.view, &fresh.list, W, H);
    cr_assert(draw_text(&fresh.list, out));
    look_end(&fresh);
}

/* ---- the same picture ---- */

/* By playing from a little before; the clock is stopped where it then is. */
static int64_t play_near(struct look *look, int64_t t)
{
    view_seek(look->view, t);
    view_set_playing(look->view, true);
    for (int i = 0; i < TICKS; i++) {
        view_tick(look->view, TICK_MS);
        view_draw(look->view, &look->list, W, H);
    }
    view_set_playing(look->view, false);
    return view_t(look->view);
}

static void expect_same(struct look *look, int64_t t, int tab, const char *way)
{
    struct bytes fresh, here;
    bytes_init(&fresh, SIZE_MAX);
    bytes_init(&here, SIZE_MAX);
    view_draw(look->view, &look->list, W, H);
    cr_assert(draw_text(&look->list, &here));
    write_fresh(t, tab, &fresh);
    cr_assert(slice_equal(bytes_slice(&here), bytes_slice(&fresh)),
              "%s: the picture at %lld is another one with the tab %s", way, (long long)t,
              tabs[tab].name);
    bytes_finish(&here);
    bytes_finish(&fresh);
}

/* To and fro, with frames in between, and on by playing; each time a view that comes straight from
   the start must show the same. */
static void check_ways(void)
{
    struct look look;
    struct random random;
    int64_t end = log_end(live_log(&live, 0));
    random_init(&random, 1, SLICE("frame"));
    look_begin(&look);
    for (int i = 0; i < SEEKS; i++) {
        int tab = i % tab_count;
        int64_t t = (int64_t)random_below(&random, (uint64_t)end + 1);
        show_tabs(look.view, tab);
        view_seek(look.view, t);
        expect_same(&look, t, tab, "there by a leap");
        if (i % 4)
            continue;
        t = play_near(&look, t);
        for (int ms = 0; ms < 4000; ms += TICK_MS)
            view_tick(look.view, TICK_MS); /* the note of a leap goes away by itself */
        expect_same(&look, t, tab, "there by playing");
    }
    look_end(&look);
}

static const char *const edits[] = {
    "host add mx2 name=mx2.example.org addr=203.0.113.26",
    "link add mx1:mx2",
    "host rename out relay",
    "host move dns x=500 y=120",
    "host remove mx2",
};

static void edit(void)
{
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++)
        cr_assert(live_do(&live, (int64_t)(i + 1) * 100 * VTIME_MS, slice_of(edits[i]), &problem),
                  "%s: %s", edits[i], problem.what);
}

Test(frame, the_picture_is_the_same_whichever_way_its_moment_was_reached, .timeout = 0)
{
    open_world(SUPPORT_TWO_TOWNS);
    check_ways();
    edit();
    check_ways();
    cr_assert(live_fork(&live, 250 * VTIME_MS, SLICE("fault mx1-down on"), &problem), "%s",
              problem.what);
    check_ways();
    close_world();
}

Test(frame, the_picture_of_a_large_network_is_the_same_on_every_way, .timeout = 0)
{
    open_world(SOURCE_DIR "/topologies/internet-100.json");
    check_ways();
    close_world();
}

/* ---- no memory ---- */

struct stage {
    struct look look;
    struct painter *painter;
    uint32_t *pixels;
};

static void show(struct stage *s)
{
    struct paint_area areas[PAINT_AREAS];
    view_draw(s->look.view, &s->look.list, W, H);
    paint_changes(s->painter, &s->look.list, s->pixels, W, H, 4 * W, 1, areas);
}

static void play(struct stage *s)
{
    view_seek(s->look.view, log_end(live_log(&live, 0)) / 4);
    view_set_playing(s->look.view, true);
    for (int i = 0; i < TICKS; i++) {
        view_tick(s->look.view, TICK_MS);
        show(s);
    }
    view_set_playing(s->look.view, false);
}

/* The mouse goes over all of the window and its wheel is turned there and back. */
static void hover_and_scroll(struct stage *s)
{
    static const float turns[] = {0, -3, 3};
    for (float y = STEP / 2.0f; y < H; y += STEP)
        for (float x = STEP / 2.0f; x < W; x += STEP)
            for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
                view_input(s->look.view, &(struct input_event){.kind = INPUT_MOVE, .x = x, .y = y});
                if (turns[i] != 0)
                    view_input(s->look.view,
                               &(struct input_event){
                                   .kind = INPUT_WHEEL, .x = x, .y = y, .wheel = turns[i]});
                view_tick(s->look.view, TICK_MS);
                show(s);
            }
}

/* Everything is done twice with each tab: the first time may take memory, the second may not. */
static void expect_none(struct stage *s, void (*deed)(struct stage *s), const char *name)
{
    for (int i = 0; i < 2 * tab_count; i++) {
        const char *tab = tabs[i % tab_count].name;
        docks_show(s->look.view, tab);
        show(s); /* another tab may leave the map another room, for which it is arranged anew */
        unsigned long before = taken;
        deed(s);
        cr_expect(i < tab_count || taken == before, "%s with the tab %s took memory %lu times",
                  name, tab, taken - before);
    }
}

/* Frames of what is shown now; another page may take memory first, but not when it comes again. */
static void expect_page_takes_none(struct stage *s, const char *page, bool is_again)
{
    show(s);
    unsigned long before = taken;
    for (int i = 0; i < TICKS; i++) {
        view_tick(s->look.view, TICK_MS);
        show(s);
    }
    cr_expect(!is_again || taken == before, "%s took memory %lu times", page, taken - before);
}

static void turn_pages(struct stage *s, struct support_course *c, bool is_again)
{
    char line[100];
    for (size_t i = 0; i < c->course.scene->step_count; i++) {
        snprintf(line, sizeof line, "goto %.*s",
                 SLICE_ARG(slice_part(c->course.scene->steps[i].id, 0, 80)));
        support_course_line(c, line);
        expect_page_takes_none(s, line, is_again);
    }
    support_course_line(c, "next");
    expect_page_takes_none(s, "the result", is_again);
    support_course_line(c, "goto p1");
    support_course_line(c, "lecture");
    expect_page_takes_none(s, "a lecture", is_again);
    support_course_line(c, "lecture off");
    support_course_line(c, "quiz");
    for (int i = 0; c->quiz.question; i++) {
        expect_page_takes_none(s, "a question", is_again);
        support_course_line(c, "reply a");
        expect_page_takes_none(s, "its answer", is_again);
        support_course_line(c, "reply next");
    }
    expect_page_takes_none(s, "the round's result", is_again);
    support_course_line(c, "quiz end");
}

static void begin_stage(struct stage *s)
{
    look_begin(&s->look);
    s->painter = paint_create(glyphs);
    s->pixels = memory_take(sizeof *s->pixels * W * H);
}

static void end_stage(struct stage *s)
{
    free(s->pixels);
    paint_destroy(s->painter);
    look_end(&s->look);
}

Test(frame, takes_no_memory_in_a_lesson, .timeout = 0)
{
    struct stage s;
    struct support_course c;
    open_world(SOURCE_DIR "/topologies/t07-next-hop.json");
    begin_stage(&s);
    support_course_begin(&c, s.look.view, live_log(&live, 0), SOURCE_DIR "/lessons/L07.json");
    support_course_bank(&c, SOURCE_DIR "/lessons/quiz/L02.json");
    turn_pages(&s, &c, false);
    turn_pages(&s, &c, true);
    support_course_end(&c);
    end_stage(&s);
    close_world();
}

static void check_taken(const char *word, bool does_hover)
{
    struct stage s;
    open_world(word);
    begin_stage(&s);
    cr_assert(taken > 0, "the count works");
    expect_none(&s, play, "playing");
    if (does_hover)
        expect_none(&s, hover_and_scroll, "hovering and scrolling");
    end_stage(&s);
    close_world();
}

Test(frame, takes_no_memory_when_everything_was_seen_once, .timeout = 0)
{
    check_taken(SUPPORT_TWO_TOWNS, true);
}

Test(frame, takes_no_memory_in_a_large_network, .timeout = 0)
{
    check_taken(SOURCE_DIR "/topologies/internet-100.json", false);
}
