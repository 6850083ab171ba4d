/* Who must not lose a message: its author, each server that took it, for each recipient that waits
 * there. */
#include "render/scene/fold.h"

#define ANY_ID UINT32_MAX

/* ---- look-ups; numbers out of range (a foreign trace) give NULL ---- */

struct scene_place *fold_place(struct scene_now *now, uint32_t place)
{
    return place - 1 < now->places.count ? &now->places.items[place - 1] : NULL;
}

struct scene_message *fold_message(struct scene_now *now, uint32_t msg)
{
    return msg - 1 < now->messages.count ? &now->messages.items[msg - 1] : NULL;
}

/* ---- responsibility ---- */

static struct scene_hold *hold_find(struct scene_now *now, struct scene_message *message,
                                    const struct log *log, uint32_t place, bool by_host)
{
    for (uint32_t i = message->first_hold; i; i = now->holds.items[i - 1].next) {
        struct scene_hold *hold = &now->holds.items[i - 1];
        if (hold->place == place ||
            (by_host && log_host_of(log, hold->place) == log_host_of(log, place)))
            return hold;
    }
    return NULL;
}

/* The newest holder comes first. */
struct scene_hold *fold_hold(struct scene_now *now, struct scene_message *message,
                             const struct log *log, uint32_t place)
{
    struct scene_hold *hold = hold_find(now, message, log, place, false);
    if (hold)
        return hold;
    uint32_t number = now->free_hold;
    if (number) {
        hold = &now->holds.items[number - 1];
        now->free_hold = hold->next;
    } else {
        hold = vector_add(&now->holds);
        number = (uint32_t)now->holds.count;
    }
    *hold = (struct scene_hold){.next = message->first_hold, .place = place};
    message->first_hold = number;
    return hold;
}

static void waits_drop(struct scene_now *now, struct scene_hold *hold, uint32_t id);

static void hold_drop(struct scene_now *now, struct scene_message *message, struct scene_hold *hold)
{
    uint32_t number = (uint32_t)(hold - now->holds.items) + 1;
    uint32_t *link = &message->first_hold;
    while (*link != number)
        link = &now->holds.items[*link - 1].next;
    *link = hold->next;
    waits_drop(now, hold, ANY_ID);
    struct scene_place *place = fold_place(now, hold->place);
    if (hold->is_queued && place && place->queued)
        place->queued--;
    *hold = (struct scene_hold){.next = now->free_hold};
    now->free_hold = number;
}

void fold_hand_over(struct scene_now *now, struct scene_message *message, const struct log *log,
                    uint32_t conn)
{
    const struct event_tcp_connect *c = log_conn(log, conn);
    struct scene_hold *hold = c ? hold_find(now, message, log, c->from, false) : NULL;
    if (hold && !hold->is_queued)
        hold_drop(now, message, hold);
}

/* One recipient less; with the last one the responsibility ends. */
static void hold_less(struct scene_now *now, struct scene_message *message, struct scene_hold *hold)
{
    if (hold->recipients > 1)
        hold->recipients--;
    else
        hold_drop(now, message, hold);
}

/* ---- who waits in a queue: a recipient under a queue id ---- */

static struct scene_wait *wait_of(struct scene_now *now, uint32_t number)
{
    return number ? &now->waits.items[number - 1] : NULL;
}

/* What an outcome event names is the recipient: of several ids with it, the one tried last. */
static struct scene_wait *wait_find(struct scene_now *now, const struct scene_hold *hold,
                                    uint32_t rcpt, bool is_settled)
{
    struct scene_wait *found = NULL;
    for (uint32_t i = hold->first_wait; i; i = now->waits.items[i - 1].next) {
        struct scene_wait *wait = wait_of(now, i);
        if (wait->rcpt == rcpt && wait->is_settled == is_settled &&
            (!found || wait->tried > found->tried))
            found = wait;
    }
    return found;
}

static struct scene_wait *wait_of_id(struct scene_now *now, const struct scene_hold *hold,
                                     uint32_t id, uint32_t rcpt)
{
    for (uint32_t i = hold->first_wait; i; i = now->waits.items[i - 1].next) {
        struct scene_wait *wait = wait_of(now, i);
        if (wait->id == id && wait->rcpt == rcpt)
            return wait;
    }
    return NULL;
}

static void wait_add(struct scene_now *now, struct scene_hold *hold, uint32_t id, uint32_t rcpt)
{
    uint32_t number = now->free_wait;
    struct scene_wait *wait = wait_of(now, number);
    if (wait) {
        now->free_wait = wait->next;
    } else {
        wait = vector_add(&now->waits);
        number = (uint32_t)now->waits.count;
    }
    *wait = (struct scene_wait){.next = hold->first_wait, .id = id, .rcpt = rcpt};
    hold->first_wait = number;
}

static void waits_drop(struct scene_now *now, struct scene_hold *hold, uint32_t id)
{
    for (uint32_t *link = &hold->first_wait; *link;) {
        uint32_t number = *link;
        struct scene_wait *wait = wait_of(now, number);
        if (id != ANY_ID && wait->id != id) {
            link = &wait->next;
            continue;
        }
        *link = wait->next;
        *wait = (struct scene_wait){.next = now->free_wait};
        now->free_wait = number;
    }
}

/* After a crash a queue is added again under its old ids: whoever still waits is not new. */
static void queue_add(struct scene_now *now, const struct log *log, const struct event_queue_add *e)
{
    struct scene_message *message = fold_message(now, e->msg);
    struct scene_place *place = fold_place(now, e->at);
    if (!message || !place)
        return;
    struct scene_hold *hold = fold_hold(now, message, log, e->at);
    if (!hold->is_queued) { /* till now it was only guessed for whom */
        hold->recipients = 0;
        place->queued++;
    }
    hold->is_queued = true;
    struct scene_wait *known = wait_of_id(now, hold, e->id, e->rcpt);
    if (!known)
        wait_add(now, hold, e->id, e->rcpt);
    if (!known || known->is_settled)
        hold->recipients++;
    if (known)
        known->is_settled = false;
}

static void queue_try(struct scene_now *now, const struct log *log, const struct event_queue_try *e,
                      uint32_t event)
{
    struct scene_message *message = fold_message(now, e->msg);
    struct scene_hold *hold = message ? hold_find(now, message, log, e->at, false) : NULL;
    struct scene_wait *wait = hold ? wait_of_id(now, hold, e->id, e->rcpt) : NULL;
    if (wait)
        wait->tried = event;
}

/* Who left under this id has had an outcome; when it was counted for another id, that one waits. */
static void leave_id(struct scene_now *now, struct scene_hold *hold, uint32_t id)
{
    for (uint32_t i = hold->first_wait; i; i = now->waits.items[i - 1].next) {
        struct scene_wait *wait = wait_of(now, i);
        if (wait->id != id || wait->is_settled)
            continue;
        wait->is_settled = true;
        for (uint32_t k = hold->first_wait; k; k = now->waits.items[k - 1].next) {
            struct scene_wait *other = wait_of(now, k);
            if (other->id != id && other->rcpt == wait->rcpt && other->is_settled) {
                other->is_settled = false;
                hold->recipients++;
                break;
            }
        }
        hold->recipients -= hold->recipients > 0;
    }
    waits_drop(now, hold, id);
}

static void left_queue(struct scene_now *now, const struct log *log, uint32_t msg, uint32_t at,
                       uint32_t id)
{
    struct scene_message *message = fold_message(now, msg);
    struct scene_hold *hold = message ? hold_find(now, message, log, at, true) : NULL;
    if (!hold)
        return;
    leave_id(now, hold, id);
    if (hold->first_wait == 0 || hold->recipients == 0)
        hold_drop(now, message, hold);
}

/* A crash has taken a queue's file, and with it all who waited under its id. */
static void file_lost(struct scene_now *now, const struct log *log, const struct event_file *e)
{
    struct slice path = log_text(log, e->path), part;
    uint32_t id;
    while (slice_find_octet(path, '/', 0) != SLICE_NONE)
        (void)slice_cut(&path, '/', &part);
    struct scene_message *message = fold_message(now, e->msg);
    if (!message || !slice_equal(log_text(log, e->op), SLICE("lost")) ||
        !pool_find(&log->pool, path, &id))
        return;
    for (uint32_t i = message->first_hold; i;) {
        const struct scene_hold *hold = &now->holds.items[i - 1];
        uint32_t place = hold->place;
        i = hold->next;
        if (log_host_of(log, place) == log_host_of(log, e->at) && hold->is_queued)
            left_queue(now, log, e->msg, place, id);
    }
}

/* Where this recipient waits: at the place itself, or in the queue of its host. */
static struct scene_hold *hold_of_rcpt(struct scene_now *now, struct scene_message *message,
                                       const struct log *log, uint32_t at, uint32_t rcpt,
                                       struct scene_wait **wait)
{
    struct scene_hold *found = NULL;
    for (uint32_t i = message->first_hold; i; i = now->holds.items[i - 1].next) {
        struct scene_hold *hold = &now->holds.items[i - 1];
        if (log_host_of(log, hold->place) != log_host_of(log, at) || (found && hold->place != at))
            continue;
        struct scene_wait *here = wait_find(now, hold, rcpt, false);
        if (here)
            *wait = here, found = hold;
    }
    return found;
}

/* One recipient has had its outcome. */
static void settled(struct scene_now *now, const struct log *log, uint32_t msg, uint32_t at,
                    uint32_t rcpt)
{
    struct scene_message *message = fold_message(now, msg);
    struct scene_wait *wait = NULL;
    struct scene_hold *hold = message ? hold_of_rcpt(now, message, log, at, rcpt, &wait) : NULL;
    if (wait)
        wait->is_settled = true;
    if (message && !hold)
        hold = hold_find(now, message, log, at, false);
    if (message && !hold)
        hold = hold_find(now, message, log, at, true);
    if (hold && (wait || !hold->is_queued || !hold->first_wait))
        hold_less(now, message, hold);
}

/* Did a queue's attempt lead to it, and not what came over a connection? */
static bool is_from_queue(const struct log *log, const struct event *e)
{
    while (e->kind != EVENT_QUEUE_TRY && e->kind != EVENT_TCP_SEGMENT && e->cause > 0)
        e = log_at(log, e->cause);
    return e->kind != EVENT_TCP_SEGMENT;
}

/* Who delivers, replaces or drops at once what just came in has no queue: it held it for a moment
 * (LMTP, RFC 2033), and at the client's it waits on. */
static void settled_here(struct scene_now *now, const struct log *log, const struct event *e,
                         uint32_t rcpt)
{
    struct scene_message *message = fold_message(now, e->v[1]);
    struct scene_hold *own = message ? hold_find(now, message, log, e->v[0], false) : NULL;
    bool is_taker = !is_from_queue(log, e);
    if (is_taker && own && !own->is_queued)
        hold_less(now, message, own);
    else if (!is_taker || (own && own->is_queued && e->kind != EVENT_DISCARD))
        settled(now, log, e->v[1], e->v[0], rcpt);
}

/* All events of one expansion have the same cause. The first that names the recipient itself says
 * that it has a copy, too, and its delivery is the outcome. */
static void expanded(struct scene_now *now, const struct log *log, const struct event *e)
{
    const struct event_expand *expand = event_as_expand(e);
    bool is_first = now->expand_cause != e->cause || now->expand_rcpt != expand->rcpt;
    now->expand_cause = e->cause;
    now->expand_rcpt = expand->rcpt;
    if (is_first && expand->to != expand->rcpt)
        settled_here(now, log, e, expand->rcpt);
}

/* Given up is over: what is dropped after it waits no more. */
static void discarded(struct scene_now *now, const struct log *log, const struct event *e)
{
    if (log_at(log, e->cause)->kind != EVENT_QUEUE_GIVEUP)
        settled_here(now, log, e, event_as_discard(e)->rcpt);
}

void fold_waiting(struct scene_now *now, const struct log *log, const struct event *e, uint32_t id)
{
    const struct event_queue_remove *removal = event_as_queue_remove(e);
    if (e->kind == EVENT_QUEUE_ADD)
        queue_add(now, log, event_as_queue_add(e));
    else if (e->kind == EVENT_QUEUE_TRY)
        queue_try(now, log, event_as_queue_try(e), id);
    else if (removal)
        left_queue(now, log, removal->msg, removal->at, removal->id);
    else if (e->kind == EVENT_FILE)
        file_lost(now, log, event_as_file(e));
    else if (e->kind == EVENT_EXPAND)
        expanded(now, log, e);
    else if (e->kind == EVENT_DISCARD)
        discarded(now, log, e);
    else if (e->kind == EVENT_DELIVER)
        settled_here(now, log, e, event_as_deliver(e)->rcpt);
    else if (e->kind == EVENT_RELAY || e->kind == EVENT_SUBMIT)
        settled(now, log, e->v[1], e->v[0], e->v[2]); /* at, msg and rcpt come first in both */
    else if (e->kind == EVENT_QUEUE_GIVEUP)
        settled(now, log, e->v[1], e->v[0], event_as_queue_giveup(e)->rcpt);
}

static bool is_done(enum scene_state state)
{
    return state == SCENE_STATE_DELIVERED || state == SCENE_STATE_FETCHED ||
           state == SCENE_STATE_REJECTED || state == SCENE_STATE_BOUNCED;
}

/* A message that nobody has any more is lost. */
void fold_lose(struct scene_now *now, const struct log *log, uint32_t at, uint32_t id)
{
    for (size_t m = 0; m < now->messages.count; m++) {
        struct scene_message *message = &now->messages.items[m];
        bool is_hit = false;
        for (uint32_t i = message->first_hold; i;) {
            struct scene_hold *hold = &now->holds.items[i - 1];
            i = hold->next;
            if (!log_place_is(log, hold->place, at))
                continue;
            hold_drop(now, message, hold);
            is_hit = true;
        }
        if (message->store && log_place_is(log, message->store, at))
            message->store = 0;
        if (is_hit && message->first_hold == 0 && !is_done(message->state)) {
            message->state = SCENE_STATE_DISCARDED;
            message->last_event = id;
        }
    }
}
