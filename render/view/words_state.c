#include <ctype.h>
#include <inttypes.h>

#include "render/view/words.h"
#include "sim/base/vtime.h"

/* "next try 09:31:02", without the fraction. */
static struct slice next_try(const struct scene *scene, struct arena *arena,
                             const struct scene_message *message)
{
    const struct event *e = log_at(scene->log, message->last_event);
    const struct event_queue_defer *defer = event_as_queue_defer(e);
    if (!defer)
        return SLICE("it waits for the next try");
    struct slice clock = words_clock(scene->log, arena, e->t + (int64_t)defer->next_s * VTIME_S),
                 dot = clock;
    size_t end = slice_find_octet(dot, '.', 0);
    clock = slice_part(clock, 0, end == SLICE_NONE ? clock.size : end);
    return arena_printf(arena, "next try %.*s", SLICE_ARG(clock));
}

static struct slice held_words(const struct scene *scene, struct arena *arena,
                               const struct scene_message *message, struct slice holder)
{
    if (message->state == SCENE_STATE_DEFERRED)
        return arena_printf(arena, "%.*s holds it; %.*s", SLICE_ARG(holder),
                            SLICE_ARG(next_try(scene, arena, message)));
    return arena_printf(
        arena,
        message->state == SCENE_STATE_TRYING    ? "%.*s holds it and tries to hand it on"
        : message->state == SCENE_STATE_WRITTEN ? "written at %.*s, not yet taken by a server"
                                                : "%.*s holds it",
        SLICE_ARG(holder));
}

/* Nobody has to fear for it any more: where it ended. */
static struct slice ended_words(const struct scene *scene, struct arena *arena,
                                const struct scene_message *message)
{
    struct slice reader = words_host(scene->log, message->reader),
                 store = words_host(scene->log, message->store);
    uint32_t at = message->last_event ? log_at(scene->log, message->last_event)->v[0] : 0;
    struct slice last = words_host(scene->log, at);
    switch (message->state) {
    case SCENE_STATE_DELIVERED:
        return arena_printf(arena, "delivered: it lies in the store at %.*s", SLICE_ARG(store));
    case SCENE_STATE_FETCHED:
        return message->store
                   ? arena_printf(arena, "%.*s has fetched a copy; one lies in the store at %.*s",
                                  SLICE_ARG(reader), SLICE_ARG(store))
                   : arena_printf(arena, "%.*s has fetched it", SLICE_ARG(reader));
    case SCENE_STATE_REJECTED:
        return arena_printf(arena, "refused by %.*s", SLICE_ARG(last));
    case SCENE_STATE_BOUNCED:
        return arena_printf(arena, "bounced: %.*s gave it up and a notice tells its author",
                            SLICE_ARG(last));
    case SCENE_STATE_DISCARDED:
        return arena_printf(arena, "discarded by %.*s", SLICE_ARG(last));
    case SCENE_STATE_WRITTEN:
    case SCENE_STATE_ACCEPTED:
    case SCENE_STATE_QUEUED:
    case SCENE_STATE_TRYING:
    case SCENE_STATE_DEFERRED:
    case SCENE_STATE_COUNT:
        break;
    }
    return slice_of(scene_state_name(message->state));
}

struct slice words_state(const struct scene *scene, struct arena *arena, uint32_t msg)
{
    const struct scene_message *message = scene_find_message(scene, msg);
    uint32_t holder = scene_holder(scene, msg);
    if (!message)
        return SLICE("");
    if (holder)
        return held_words(scene, arena, message, words_host(scene->log, holder));
    return ended_words(scene, arena, message);
}

static bool starts_with_a_host(const struct log *log, struct slice text)
{
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        struct slice name = log_place_name(log, place);
        bool is_whole =
            text.size <= name.size || text.data[name.size] == ' ' || text.data[name.size] == ':';
        if (name.size && slice_starts(text, name) && is_whole)
            return true;
    }
    return false;
}

struct slice words_sentence(const struct log *log, struct arena *arena, struct slice text)
{
    if (text.size == 0 || !islower((unsigned char)text.data[0]) || starts_with_a_host(log, text))
        return text;
    char first = (char)toupper((unsigned char)text.data[0]);
    struct slice rest = slice_part(text, 1, text.size);
    return arena_printf(arena, "%c%.*s", first, SLICE_ARG(rest));
}
