#include "render/view/hops.h"

#include <inttypes.h>

#include "render/scene/stages.h"

struct slice header_text(const struct view *view)
{
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    struct slice header = SLICE(""), body;
    struct stage chosen;
    if (stages_read(view->log, view->chosen_event, &chosen) &&
        index_msg_of(log_at(view->log, view->chosen_event)) == view->msg)
        return chosen.header; /* of several copies that lie in stores by then */
    if (message)
        header_split(log_text(view->log, message->header), &header, &body);
    return header;
}

uint32_t header_host(const struct log *log, struct slice name)
{
    return hops_host(log, name);
}

bool header_hop(const struct view *view, uint32_t n, uint32_t *from, uint32_t *by)
{
    struct slice header = header_text(view);
    unsigned count = header_count(header, SLICE("Received"));
    struct header_field field;
    return n >= 1 && n <= count && header_find(header, SLICE("Received"), count - n + 1, &field) &&
           hops_hosts(view->log, &field, from, by);
}

struct slice hops_duration(struct arena *arena, int64_t seconds)
{
    const char *minus = seconds < 0 ? "\xE2\x88\x92" : "";
    uint64_t s = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    if (s < 60)
        return arena_printf(arena, tr("%s%" PRIu64 " s"), minus, s);
    if (s < 3600)
        return arena_printf(arena, tr("%s%" PRIu64 " min %" PRIu64 " s"), minus, s / 60, s % 60);
    if (s < 86400)
        return arena_printf(arena, tr("%s%" PRIu64 " h %" PRIu64 " min"), minus, s / 3600,
                            s % 3600 / 60);
    return arena_printf(arena, tr("%s%" PRIu64 " d %" PRIu64 " h"), minus, s / 86400,
                        s % 86400 / 3600);
}
