#include "render/scene/fold.h"

#include <string.h>

/* ---- messages ---- */

static uint32_t count_received(struct slice header)
{
    uint32_t count = 0;
    for (struct slice line; slice_cut(&header, '\n', &line);)
        if (slice_starts_fold(line, SLICE("Received:")))
            count++;
    return count;
}

static void set_content(struct scene_message *message, const struct log *log, uint32_t header,
                        uint32_t body)
{
    if (header != message->header)
        message->received_count = count_received(log_text(log, header));
    message->header = header;
    message->body = body;
}

/* How many addresses an author's To field of commas names. */
static uint32_t count_addresses(struct slice to)
{
    uint32_t count = 0;
    for (struct slice part; slice_cut(&to, ',', &part);)
        count += slice_trim(part).size > 0;
    return count ? count : 1;
}

static void split_content(const struct log *log, struct scene_message *message, uint32_t content)
{
    message->header = content; /* a reader finds the empty line itself */
    message->received_count = count_received(log_text(log, content));
}

static void message_born(struct scene_now *now, const struct log *log, uint32_t id,
                         const struct event_message *e)
{
    while (e->msg > now->messages.count && e->msg <= log->msgs.count)
        *vector_add(&now->messages) = (struct scene_message){0};
    struct scene_message *message = fold_message(now, e->msg);
    struct scene_place *place = fold_place(now, e->by);
    if (!message)
        return;
    message->state = SCENE_STATE_WRITTEN;
    message->last_event = id;
    split_content(log, message, e->content);
    fold_hold(now, message, log, e->by)->recipients += count_addresses(log_text(log, e->to));
    if (place)
        place->written++;
}

static void accepted(struct scene_now *now, const struct log *log, const struct event_accept *e)
{
    struct scene_message *message = fold_message(now, e->msg);
    if (!message)
        return;
    fold_hold(now, message, log, e->at);
    fold_hand_over(now, message, log, e->conn);
    set_content(message, log, e->header, e->body);
}

static struct scene_box *box_get(struct scene_now *now, uint32_t box)
{
    size_t low = 0, high = now->boxes.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (now->boxes.items[middle].box < box)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < now->boxes.count && now->boxes.items[low].box == box)
        return &now->boxes.items[low];
    (void)vector_add(&now->boxes);
    struct scene_box *place = &now->boxes.items[low];
    memmove(place + 1, place, (now->boxes.count - 1 - low) * sizeof *place);
    *place = (struct scene_box){.box = box};
    return place;
}

static void delivered(struct scene_now *now, const struct log *log, const struct event_deliver *e)
{
    struct scene_box *box = box_get(now, e->box);
    struct scene_place *place = fold_place(now, e->at);
    box->count++;
    box->place = e->at;
    if (place)
        place->stored++;
    struct scene_message *message = fold_message(now, e->msg);
    if (!message)
        return;
    message->copies++;
    message->store = e->at;
    set_content(message, log, e->header, e->body);
}

static void copied(struct scene_now *now, const struct event_copy *e)
{
    struct scene_box *box = box_get(now, e->box);
    struct scene_place *place = fold_place(now, e->at);
    struct scene_message *message = fold_message(now, e->msg);
    box->count++;
    box->place = e->at;
    if (place)
        place->stored++;
    if (message) {
        message->copies++;
        message->store = e->at;
    }
}

static void fetched(struct scene_now *now, const struct log *log, const struct event_fetch *e)
{
    struct scene_place *place = fold_place(now, e->by);
    if (place)
        place->fetched++;
    struct scene_message *message = fold_message(now, e->msg);
    if (!message)
        return;
    message->reader = e->by;
    if (e->header) /* a browser sees a page, and no header */
        set_content(message, log, e->header, e->body);
}

static void removed(struct scene_now *now, const struct event_remove *e)
{
    struct scene_box *box = box_get(now, e->box);
    struct scene_place *place = fold_place(now, box->place);
    if (box->count)
        box->count--;
    if (place && place->stored)
        place->stored--;
    struct scene_message *message = fold_message(now, e->msg);
    if (message && message->copies && --message->copies == 0)
        message->store = 0;
}

/* The state that an event puts its message in, plus 1; 0 leaves it as it was. */
static const uint8_t state_after[EVENT_KIND_COUNT] = {
    [EVENT_MESSAGE] = SCENE_STATE_WRITTEN + 1,      [EVENT_ACCEPT] = SCENE_STATE_ACCEPTED + 1,
    [EVENT_QUEUE_ADD] = SCENE_STATE_QUEUED + 1,     [EVENT_QUEUE_TRY] = SCENE_STATE_TRYING + 1,
    [EVENT_QUEUE_DEFER] = SCENE_STATE_DEFERRED + 1, [EVENT_QUEUE_GIVEUP] = SCENE_STATE_BOUNCED + 1,
    [EVENT_DELIVER] = SCENE_STATE_DELIVERED + 1,    [EVENT_FETCH] = SCENE_STATE_FETCHED + 1,
    [EVENT_REJECT] = SCENE_STATE_REJECTED + 1,      [EVENT_DISCARD] = SCENE_STATE_DISCARDED + 1,
};

static void note_state(struct scene_now *now, const struct event *e, uint32_t id)
{
    uint8_t state = state_after[e->kind];
    if (!state)
        return;
    struct scene_message *message =
        fold_message(now, e->v[1]); /* MSG comes second in all of them */
    if (!message)
        return;
    message->state = (enum scene_state)(state - 1);
    message->last_event = id;
}

void fold_mail(struct scene_now *now, const struct log *log, const struct event *e, uint32_t id)
{
    const struct event_message *message = event_as_message(e);
    if (message)
        message_born(now, log, id, message);
    else if (e->kind == EVENT_ACCEPT)
        accepted(now, log, event_as_accept(e));
    else if (e->kind == EVENT_DELIVER)
        delivered(now, log, event_as_deliver(e));
    else if (e->kind == EVENT_FETCH)
        fetched(now, log, event_as_fetch(e));
    else if (e->kind == EVENT_COPY)
        copied(now, event_as_copy(e));
    else if (e->kind == EVENT_REMOVE)
        removed(now, event_as_remove(e));
    fold_waiting(now, log, e, id);
    note_state(now, e, id);
}
