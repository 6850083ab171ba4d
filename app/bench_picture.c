/* mailflow bench: what looking at a trace costs. */
#include <stdlib.h>
#include <time.h>

#include "app/bench.h"
#include "app/source.h"
#include "render/draw/paint.h"
#include "render/scene/scene.h"
#include "render/view/view.h"
#include "sim/base/memory.h"
#include "sim/base/random.h"
#include "sim/base/vtime.h"

enum { SCENE_EVENTS = 100000, MAILS_STEP = 200 };

/* Of the processor: what else runs on the machine does not count. */
static int64_t spent_ns(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return spent.tv_sec * VTIME_S + spent.tv_nsec;
}

static double ms_of(int64_t ns, int rounds)
{
    return (double)ns / (double)VTIME_MS / rounds;
}

/* A world whose trace has at least so many events. */
static struct world *world_of(uint32_t events, struct problem *problem)
{
    for (uint32_t mails = MAILS_STEP;; mails *= 2) {
        struct world *world = bench_world(mails, problem);
        if (!world || log_count(world_log(world)) >= events)
            return world;
        world_destroy(world);
    }
}

bool bench_scene(FILE *out, struct problem *problem)
{
    enum { ROUNDS = 20 };
    struct world *world = world_of(SCENE_EVENTS, problem);
    if (!world)
        return false;
    const struct log *log = world_log(world);
    int64_t end = log_at(log, SCENE_EVENTS - 1)->t, took = 0;
    struct random random;
    random_init(&random, 1, SLICE("bench"));
    for (int i = 0; i < ROUNDS; i++) {
        struct scene scene;
        int64_t start = spent_ns();
        scene_init(&scene, log);
        scene_seek(&scene, end);
        took += spent_ns() - start;
        scene_finish(&scene);
    }
    bench_line(out, "scene-1e5", ms_of(took, ROUNDS), "ms");
    struct scene scene;
    scene_init(&scene, log);
    scene_seek(&scene, end);
    int64_t start = spent_ns();
    for (int i = 0; i < ROUNDS; i++)
        scene_seek(&scene, (int64_t)random_below(&random, (uint64_t)end));
    bench_line(out, "scene-1e5-any-t", ms_of(spent_ns() - start, ROUNDS), "ms");
    scene_finish(&scene);
    world_destroy(world);
    return true;
}

enum { FRAME_W = 1920, FRAME_H = 1080 };

struct frames {
    struct glyphs *glyphs;
    struct painter *painter;
    struct view *view;
    struct draw_list list;
    void *pixels;
};

/* Everything painted, or only what has changed; or what has changed while a person looks closer and
   further away, so that all of the map moves. */
enum way { WAY_WHOLE, WAY_CHANGES, WAY_MOVED };

/* In and out again over the middle of the map. */
static void turn_wheel(struct view *view, int round)
{
    view_input(view, &(struct input_event){.kind = INPUT_MOVE, .x = 500, .y = 300});
    view_input(view, &(struct input_event){
                         .kind = INPUT_WHEEL, .x = 500, .y = 300, .wheel = round / 4 % 2 ? -1 : 1});
}

/* Milliseconds a frame, playing from a moment. */
static double frame_ms(struct frames *f, int64_t from, enum way way)
{
    enum { ROUNDS = 80, WARM = 8, STEP_MS = 16 };
    struct paint_area areas[PAINT_AREAS];
    int64_t took = 0;
    view_seek(f->view, from);
    view_set_playing(f->view, true);
    for (int i = 0; i < ROUNDS + WARM; i++) {
        int64_t start = spent_ns();
        if (way == WAY_MOVED)
            turn_wheel(f->view, i);
        view_tick(f->view, STEP_MS);
        view_draw(f->view, &f->list, FRAME_W, FRAME_H);
        if (way == WAY_WHOLE)
            paint_list(f->painter, &f->list, f->pixels, FRAME_W, FRAME_H, 4 * FRAME_W, 1);
        else
            paint_changes(f->painter, &f->list, f->pixels, FRAME_W, FRAME_H, 4 * FRAME_W, 1, areas);
        took += i < WARM ? 0 : spent_ns() - start;
    }
    return ms_of(took, ROUNDS);
}

/* To any moment, with the picture that is shown then; nothing of it is painted. */
static double seek_ms(struct frames *f, const struct log *log)
{
    enum { ROUNDS = 40 };
    struct random random;
    random_init(&random, 1, SLICE("bench"));
    view_seek(f->view, log_end(log));
    view_draw(f->view, &f->list, FRAME_W, FRAME_H);
    int64_t start = spent_ns();
    for (int i = 0; i < ROUNDS; i++) {
        view_seek(f->view, (int64_t)random_below(&random, (uint64_t)log_end(log)));
        view_draw(f->view, &f->list, FRAME_W, FRAME_H);
    }
    return ms_of(spent_ns() - start, ROUNDS);
}

static void put_line(FILE *out, const char *what, const char *name, double ms)
{
    char line[64];
    snprintf(line, sizeof line, "%s%s%s", what, *name ? "-" : "", name);
    bench_line(out, line, ms, "ms");
}

static void measure_frames(FILE *out, const char *name, const struct log *log, int64_t from)
{
    struct frames f = {.glyphs = glyphs_create()};
    f.painter = paint_create(f.glyphs);
    f.view = view_create(log);
    f.pixels = memory_take((size_t)FRAME_W * FRAME_H * 4);
    draw_init(&f.list, glyphs_measure, f.glyphs);
    put_line(out, "frame-whole", name, frame_ms(&f, from, WAY_WHOLE));
    put_line(out, "frame-changes", name, frame_ms(&f, from, WAY_CHANGES));
    put_line(out, "frame-moved", name, frame_ms(&f, from, WAY_MOVED));
    put_line(out, "seek", name, seek_ms(&f, log));
    draw_finish(&f.list);
    view_destroy(f.view);
    paint_destroy(f.painter);
    glyphs_destroy(f.glyphs);
    free(f.pixels);
}

/* The shipped network of 100 domains, with its demonstration. */
static struct world *internet(struct problem *problem)
{
    struct topology topology;
    if (!source_load_topology(&topology, "internet-100", NULL, problem))
        return NULL;
    struct world *world = world_create(&topology, &(struct world_options){.seed = 1});
    topology_finish(&topology);
    if (world_demo(world, problem)) {
        world_run_quiet(world, VTIME_NEVER);
        return world;
    }
    world_destroy(world);
    return NULL;
}

static bool measure_world(FILE *out, const char *name, struct world *world, int64_t from)
{
    if (!world)
        return false;
    measure_frames(out, name, world_log(world), from);
    world_destroy(world);
    return true;
}

/* Each from where much is on its way; one is long: a million events. */
bool bench_frame(FILE *out, struct problem *problem)
{
    enum { LONG_EVENTS = 1000000 };
    return measure_world(out, "", bench_world(1, problem), 0) &&
           measure_world(out, "1000-hosts", bench_star(1000, problem), 2 * VTIME_S) &&
           measure_world(out, "10000-hosts", bench_star(10000, problem), 2 * VTIME_S) &&
           measure_world(out, "1e6-events", world_of(LONG_EVENTS, problem), 8 * VTIME_S) &&
           measure_world(out, "internet-100", internet(problem), 8 * VTIME_S);
}
