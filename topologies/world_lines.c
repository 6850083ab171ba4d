/*
 * Lines that are there at certain hours of the day only: a telephone line by night. Each opens and
 * closes by itself, in the background; the map shows it cut in between. When one opens, the host
 * that calls is told, as a Unix machine's script would be, and tries what waits there.
 */
#include "sim/base/check.h"
#include "topologies/world_inner.h"

enum { DAY_S = 24 * 60 * 60 };

static int64_t second_of_day(const struct world *w)
{
    return (w->sim.epoch_s + w->sim.now / VTIME_S) % DAY_S;
}

/* At its last second it is still there, at its end no more. */
static bool is_within(const struct topology_hours *hours, int64_t second)
{
    if (hours->from_s < hours->to_s)
        return second >= hours->from_s && second < hours->to_s;
    return second >= hours->from_s || second < hours->to_s;
}

static bool is_hour_of(const struct world_line *line, int64_t second)
{
    for (size_t i = 0; i < line->up_count; i++)
        if (is_within(&line->up[i], second))
            return true;
    return false;
}

static void note(struct world *w, struct slice id, const char *kind, const struct world_line *line,
                 bool is_on)
{
    sim_emit(&w->sim, EVENT_FAULT,
             &(struct event_fault){world_text(w, id), world_text(w, slice_of(is_on ? "on" : "off")),
                                   world_text(w, slice_of(kind)), world_text(w, line->id),
                                   world_text(w, line->hours)});
}

static void set_open(struct world *w, struct world_line *line, bool is_open)
{
    if (line->is_open == is_open)
        return;
    line->is_open = is_open;
    net_set_link_open(w->net, line->link, is_open);
    note(w, SLICE("off-hours"), "link-cut", line, !is_open);
    if (is_open)
        office_line_up(&w->office, line->caller);
}

/* The call that failed is over; the next one will get through. */
static void end_busy(struct world *w, struct world_line *line)
{
    line->is_busy = line->was_busy = false;
    note(w, line->busy_id, "line-busy", line, false);
}

static void look(struct world *w, struct world_line *line)
{
    bool is_hour = is_hour_of(line, second_of_day(w));
    if (is_hour && !line->is_open && line->is_busy)
        line->was_busy = true;
    else if (!is_hour && line->was_busy)
        end_busy(w, line);
    set_open(w, line, is_hour && !line->was_busy);
}

static int64_t seconds_until(int64_t second, int64_t moment)
{
    int64_t wait = (moment - second + DAY_S) % DAY_S;
    return wait ? wait : DAY_S;
}

static void turn(void *context, uint64_t index, uint64_t unused)
{
    struct world *w = context;
    struct world_line *line = &w->lines.items[index];
    int64_t second = second_of_day(w), wait = DAY_S;
    (void)unused;
    if (line->is_gone)
        return;
    look(w, line);
    for (size_t i = 0; i < line->up_count; i++) {
        int64_t from = seconds_until(second, line->up[i].from_s);
        int64_t to = seconds_until(second, line->up[i].to_s);
        wait = from < wait ? from : wait;
        wait = to < wait ? to : wait;
    }
    w->sim.cause = 0;
    sim_after_background(&w->sim, wait * VTIME_S - w->sim.now % VTIME_S, turn, w, index, 0);
}

/* Which end calls: who has no other line; the first where that is true of both or of none. */
static uint32_t find_caller(const struct topology *t, size_t link, const uint32_t *places)
{
    size_t ends[2] = {t->links[link].a, t->links[link].b}, others[2] = {0, 0};
    for (size_t i = 0; i < t->link_count; i++)
        for (size_t end = 0; i != link && end < 2; end++)
            others[end] += t->links[i].a == ends[end] || t->links[i].b == ends[end];
    bool is_second = others[0] > 0 && others[1] == 0;
    return places[ends[is_second]];
}

void world_add_line(struct world *w, const struct topology *t, size_t link, uint32_t number,
                    const uint32_t *places)
{
    const struct topology_link *l = &t->links[link];
    struct world_line *line = vector_add(&w->lines);
    struct topology_hours *up = arena_take(&w->arena, l->up_count * sizeof *up);
    memcpy(up, l->up, l->up_count * sizeof *up);
    *line =
        (struct world_line){.link = number,
                            .id = arena_printf(&w->arena, "%.*s:%.*s", SLICE_ARG(t->hosts[l->a].id),
                                               SLICE_ARG(t->hosts[l->b].id)),
                            .hours = arena_copy(&w->arena, l->hours),
                            .up = up,
                            .up_count = l->up_count,
                            .caller = find_caller(t, link, places),
                            .is_open = true};
    sim_after_background(&w->sim, 0, turn, w, w->lines.count - 1, 0);
}

static struct world_line *find_line(const struct world *w, uint32_t link)
{
    for (size_t i = 0; i < w->lines.count; i++)
        if (w->lines.items[i].link == link && !w->lines.items[i].is_gone)
            return &w->lines.items[i];
    return NULL;
}

void world_remove_line(struct world *w, uint32_t link)
{
    struct world_line *line = find_line(w, link);
    if (line)
        line->is_gone = true;
}

bool world_has_line(const struct world *w, uint32_t link)
{
    return find_line(w, link) != NULL;
}

void world_set_line_busy(struct world *w, uint32_t link, struct slice id, bool is_busy)
{
    struct world_line *line = find_line(w, link);
    if (!line) /* it was taken away since */
        return;
    line->busy_id = arena_copy(&w->arena, id);
    line->is_busy = is_busy;
    line->was_busy = is_busy && line->was_busy;
    look(w, line);
}
