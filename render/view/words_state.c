#include <ctype.h>
#include <inttypes.h>

#include "render/view/tr.h"
#include "render/view/words.h"
#include "render/view/words_say.h"
#include "sim/base/vtime.h"

/* When its host tries again, without the fraction of the second; empty when that is not known. */
static struct slice next_try(const struct scene *scene, struct arena *arena,
                             const struct scene_message *message)
{
    const struct event *e = log_at(scene->log, message->last_event);
    const struct event_queue_defer *defer = event_as_queue_defer(e);
    if (!defer)
        return SLICE("");
    struct slice clock = words_clock(scene->log, arena, e->t + (int64_t)defer->next_s * VTIME_S);
    return slice_part(clock, 0, slice_find_octet(clock, '.', 0));
}

static struct slice held_words(const struct scene *scene, struct arena *arena,
                               const struct scene_message *message, struct slice holder)
{
    bool is_deferred = message->state == SCENE_STATE_DEFERRED;
    struct slice time = is_deferred ? next_try(scene, arena, message) : SLICE("");
    return WORDS_SAY(
        arena,
        is_deferred && time.size                ? tr("{host} holds it; next try {time}")
        : is_deferred                           ? tr("{host} holds it; it waits for the next try")
        : message->state == SCENE_STATE_TRYING  ? tr("{host} holds it and tries to hand it on")
        : message->state == SCENE_STATE_WRITTEN ? tr("written at {host}, not yet taken by a server")
                                                : tr("{host} holds it"),
        {"host", holder}, {"time", time});
}

/* Nobody has to fear for it any more: where it ended. */
static struct slice ended_words(const struct scene *scene, struct arena *arena,
                                const struct scene_message *message)
{
    struct slice reader = words_host(scene->log, message->reader),
                 store = words_host(scene->log, message->store);
    uint32_t at = message->last_event ? log_at(scene->log, message->last_event)->v[0] : 0;
    struct slice last = words_host(scene->log, at);
    const char *words = scene_state_name(message->state);
    switch (message->state) {
    case SCENE_STATE_DELIVERED:
        words = tr("delivered: it lies in the store at {store}");
        break;
    case SCENE_STATE_FETCHED:
        words = message->store ? tr("{reader} has fetched a copy; one lies in the store at {store}")
                               : tr("{reader} has fetched it");
        break;
    case SCENE_STATE_REJECTED:
        words = tr("refused by {host}");
        break;
    case SCENE_STATE_BOUNCED:
        words = tr("bounced: {host} gave it up and a notice tells its author");
        break;
    case SCENE_STATE_DISCARDED:
        words = tr("discarded by {host}");
        break;
    case SCENE_STATE_WRITTEN:
    case SCENE_STATE_ACCEPTED:
    case SCENE_STATE_QUEUED:
    case SCENE_STATE_TRYING:
    case SCENE_STATE_DEFERRED:
    case SCENE_STATE_COUNT:
        break;
    }
    return WORDS_SAY(arena, words, {"reader", reader}, {"store", store}, {"host", last});
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
