#include "render/scene/fold.h"

#include <string.h>

#include "sim/base/memory.h"

void fold_finish(struct scene_now *now)
{
    vector_finish(&now->places);
    vector_finish(&now->links);
    vector_finish(&now->link_cuts);
    vector_finish(&now->conns);
    vector_finish(&now->messages);
    vector_finish(&now->holds);
    vector_finish(&now->waits);
    vector_finish(&now->moves);
    vector_finish(&now->boxes);
    vector_finish(&now->faults);
    *now = (struct scene_now){0};
}

#define COPY(field)                                                                                \
    do {                                                                                           \
        if (to->field.capacity < from->field.count) {                                              \
            to->field.items =                                                                      \
                memory_resize(to->field.items, from->field.count * sizeof *from->field.items);     \
            to->field.capacity = from->field.count;                                                \
        }                                                                                          \
        if (from->field.count)                                                                     \
            memcpy(to->field.items, from->field.items,                                             \
                   from->field.count * sizeof *from->field.items);                                 \
        to->field.count = from->field.count;                                                       \
    } while (0)

void fold_copy(struct scene_now *to, const struct scene_now *from)
{
    COPY(places);
    COPY(links);
    COPY(link_cuts);
    COPY(conns);
    COPY(messages);
    COPY(holds);
    COPY(waits);
    COPY(moves);
    COPY(boxes);
    COPY(faults);
    to->free_hold = from->free_hold;
    to->free_wait = from->free_wait;
    to->expand_cause = from->expand_cause;
    to->expand_rcpt = from->expand_rcpt;
    to->event_count = from->event_count;
    to->title = from->title;
    to->map_event = from->map_event;
}

void fold_event(struct scene_now *now, const struct log *log, uint32_t id)
{
    const struct event *e = log_at(log, id);
    if (!fold_map(now, log, e, id))
        fold_net(now, log, e, id);
    else if (e->kind != EVENT_CONF ||
             log_host_of(log, event_as_conf(e)->at) == event_as_conf(e)->at)
        now->map_event = id + 1;
    fold_mail(now, log, e, id);
    now->event_count = id + 1;
}
