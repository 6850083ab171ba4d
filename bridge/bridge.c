#include "bridge/bridge.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "bridge/bridge_inner.h"
#include "sim/base/memory.h"

enum {
    HURRY_TASKS = 10000, /* what is due within a millisecond is not waited for, up to so many */
    CHORE_LEAST_MS = 50,
    CHORE_MOST_MS = 5000,
    TOLD_MAX = 400
};
#define AFTER_THE_END (2 * VTIME_S) /* time in which the last segments arrive */

struct net *bridge_net(struct bridge *b)
{
    return world_net(b->options.world);
}

void bridge_tell(struct bridge *b, const char *format, ...)
{
    char line[TOLD_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (b->options.told)
        b->options.told(b->options.context, line);
}

/* ---- time ---- */

int64_t bridge_now(const struct bridge *b)
{
    int64_t now = pace_virtual(&b->pace, (int64_t)uv_hrtime());
    return now < b->options.until ? now : b->options.until;
}

uint32_t bridge_cause(struct bridge *b)
{
    return world_sim(b->options.world)->cause;
}

void bridge_set_cause(struct bridge *b, uint32_t cause)
{
    world_sim(b->options.world)->cause = cause;
}

void bridge_advance(struct bridge *b, uint32_t cause)
{
    struct world *world = b->options.world;
    int64_t now = bridge_now(b), near = now + b->pace.per_mille * (VTIME_MS / PACE_NORMAL);
    near = near < b->options.until ? near : b->options.until;
    world_run_until(world, now);
    for (int i = 0; i < HURRY_TASKS && world_next(world) <= near; i++)
        world_run_until(world, world_next(world));
    if (now >= b->options.until)
        b->is_over = true;
    bridge_set_cause(b, cause);
}

void bridge_advance_for(struct bridge *b, const char *what, const struct port_row *row)
{
    char text[200];
    const struct topology_host *host = &b->options.topology->hosts[row->host];
    bridge_advance(b, 0);
    int size = snprintf(text, sizeof text, "%s %.80s:%u", what, host->id.data, row->port);
    world_note(b->options.world, (struct slice){text, (size_t)size});
}

/* ---- the loop ---- */

void bridge_lend_buffer(uv_handle_t *handle, size_t size, uv_buf_t *buffer)
{
    struct bridge *b = handle->loop->data;
    (void)size;
    *buffer = uv_buf_init(b->buffer, sizeof b->buffer); /* it is read before anybody else reads */
}

/* The timer is there only to wake the loop. */
static void wake(uv_timer_t *timer)
{
    (void)timer;
}

static void do_chores(uv_timer_t *timer)
{
    struct bridge *b = timer->data;
    splice_end_idle(b);
    flow_end_idle(b);
}

/* From now on signals do what they do to any program: a second one ends it at once. */
static void on_signal(uv_signal_t *signal, int number)
{
    struct bridge *b = signal->data;
    (void)number;
    b->is_over = true;
    for (size_t i = 0; i < sizeof b->signals / sizeof *b->signals; i++)
        (void)uv_signal_stop(&b->signals[i]);
}

static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* SIGHUP that somebody has ignored (nohup) stays so. */
static void watch_signals(struct bridge *b)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    (void)signal(SIGPIPE, SIG_IGN); /* a peer that is gone is an error of the write */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        (void)uv_signal_init(&b->loop, &b->signals[i]);
        b->signals[i].data = b;
        if (numbers[i] != SIGHUP || !is_ignored(SIGHUP))
            (void)uv_signal_start(&b->signals[i], on_signal, numbers[i]);
    }
}

static void start_clock(struct bridge *b)
{
    int64_t chore_ms = b->options.idle_ms / 4;
    chore_ms = chore_ms < CHORE_LEAST_MS ? CHORE_LEAST_MS : chore_ms;
    chore_ms = chore_ms > CHORE_MOST_MS ? CHORE_MOST_MS : chore_ms;
    b->chores.data = b;
    (void)uv_timer_start(&b->chores, do_chores, (uint64_t)chore_ms, (uint64_t)chore_ms);
    b->pace = (struct pace){(int64_t)uv_hrtime(), b->options.pace_per_mille};
}

void bridge_turn(struct bridge *b, int64_t most_ms)
{
    bridge_advance(b, 0);
    splice_resume_all(b);
    if (b->is_over)
        return;
    int64_t next = world_next(b->options.world);
    next = next < b->options.until ? next : b->options.until;
    int64_t wait_ms = pace_wait_ms(&b->pace, (int64_t)uv_hrtime(), next, most_ms);
    uv_update_time(&b->loop);
    (void)uv_timer_start(&b->timer, wake, (uint64_t)wait_ms, 0);
    (void)uv_run(&b->loop, UV_RUN_ONCE);
    bridge_advance(b, 0);
    splice_resume_all(b);
}

bool bridge_is_over(const struct bridge *b)
{
    return b->is_over;
}

bool bridge_has_ipv6(const struct bridge *b)
{
    return b->has_ipv6;
}

/* ---- life cycle ---- */

static void close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void destroy(struct bridge *b)
{
    uv_walk(&b->loop, close_handle, NULL);
    (void)uv_run(&b->loop, UV_RUN_DEFAULT); /* until all are closed */
    (void)uv_loop_close(&b->loop);
    free(b->listeners);
    free(b->gates);
    free(b);
}

struct bridge *bridge_open(const struct bridge_options *options, struct problem *problem)
{
    struct bridge *b = memory_take(sizeof *b);
    b->options = *options;
    int status = uv_loop_init(&b->loop);
    if (status != 0) {
        problem_set(problem, "no sockets here: %s", uv_strerror(status));
        free(b);
        return NULL;
    }
    b->loop.data = b;
    (void)uv_timer_init(&b->loop, &b->timer);
    (void)uv_timer_init(&b->loop, &b->chores);
    if (!listen_open(b, problem)) {
        destroy(b);
        return NULL;
    }
    watch_signals(b);
    gate_open_all(b);
    start_clock(b);
    return b;
}

void bridge_close(struct bridge *b)
{
    if (!b)
        return;
    gate_close_all(b);
    splice_end_all(b);
    int64_t end = world_now(b->options.world) + AFTER_THE_END;
    world_run_until(b->options.world, end < b->options.until ? end : b->options.until);
    destroy(b);
}
