#include "sim/trace/conservation.h"

#include <stdlib.h>

#include "sim/base/memory.h"
#include "sim/base/vector.h"

/* What is counted under one key: (host, message, recipient), (message, connection), ... */
struct tally {
    uint32_t a, b, c;
    uint32_t added, settled, removed, given_up; /* of a recipient in a queue */
    uint32_t accepted, confirmed;               /* of a message over a connection, by an agent */
    uint32_t copies;                            /* of a message for a recipient */
    uint32_t notices;
};

/* The kinds of key are kept apart by a tag in the upper bits of `a`. */
enum tally_tag {
    TALLY_QUEUE = 1,
    TALLY_CONN = 2,
    TALLY_COPY = 3,
    TALLY_NOTICE = 4,
    TALLY_TAKER = 5
};

struct entry {
    uint32_t id, key; /* a queue id and the tally of one of its recipients */
};

struct check {
    const struct log *log;
    struct conservation *counts;
    struct problem *problem;
    VECTOR(struct tally) tallies;
    uint32_t *table; /* index + 1 of a tally */
    size_t table_size;
    VECTOR(struct entry) entries; /* of what waits now */
    uint32_t event;
};

static uint64_t mix(uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t h = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u;
    h = (h ^ (h >> 29) ^ c) * 0xBF58476D1CE4E5B9u;
    return h ^ (h >> 32);
}

static size_t place_of(const struct check *k, uint32_t a, uint32_t b, uint32_t c)
{
    size_t mask = k->table_size - 1, place = mix(a, b, c) & mask;
    for (; k->table[place]; place = (place + 1) & mask) {
        const struct tally *t = &k->tallies.items[k->table[place] - 1];
        if (t->a == a && t->b == b && t->c == c)
            break;
    }
    return place;
}

static void grow(struct check *k)
{
    free(k->table);
    k->table_size *= 2;
    k->table = memory_take(k->table_size * sizeof *k->table);
    for (uint32_t i = 0; i < k->tallies.count; i++) {
        const struct tally *t = &k->tallies.items[i];
        k->table[place_of(k, t->a, t->b, t->c)] = i + 1;
    }
}

static struct tally *tally(struct check *k, enum tally_tag tag, uint32_t a, uint32_t b, uint32_t c)
{
    a |= (uint32_t)tag << 28;
    size_t place = place_of(k, a, b, c);
    if (!k->table[place]) {
        *vector_add(&k->tallies) = (struct tally){.a = a, .b = b, .c = c};
        k->table[place] = (uint32_t)k->tallies.count;
        if (k->tallies.count * 2 > k->table_size)
            grow(k);
        return &k->tallies.items[k->tallies.count - 1];
    }
    return &k->tallies.items[k->table[place] - 1];
}

static bool broken(struct check *k, uint32_t at, uint32_t msg, uint32_t rcpt, const char *what)
{
    struct slice name = log_place_name(k->log, at), to = log_text(k->log, rcpt);
    return problem_set(k->problem, "event %u: %s (message %u at %.*s for %.*s)", k->event, what,
                       msg, SLICE_ARG(name), SLICE_ARG(to));
}

static struct tally *queued(struct check *k, uint32_t at, uint32_t msg, uint32_t rcpt)
{
    return tally(k, TALLY_QUEUE, log_host_of(k->log, at), msg, rcpt);
}

/* ---- one function a kind ---- */

static bool on_add(struct check *k, const struct event_queue_add *e)
{
    struct tally *t = queued(k, e->at, e->msg, e->rcpt);
    t->added++;
    *vector_add(&k->entries) = (struct entry){e->id, (uint32_t)(t - k->tallies.items)};
    k->counts->accepted++;
    return true;
}

/* Delivered, relayed, submitted or given up: it must have been waiting. */
static bool settle(struct check *k, uint32_t at, uint32_t msg, uint32_t rcpt, uint32_t *count)
{
    struct tally *t = queued(k, at, msg, rcpt);
    ++*count;
    if (++t->settled > t->added)
        return broken(k, at, msg, rcpt, "an outcome for a recipient that was not waiting");
    return true;
}

static bool on_handed_on(struct check *k, uint32_t at, uint32_t msg, uint32_t rcpt, uint32_t conn)
{
    struct tally *t = tally(k, TALLY_CONN, 0, msg, conn);
    t->confirmed++;
    if (t->accepted == 0)
        return broken(k, at, msg, rcpt, "handed on, but nobody accepted it over that connection");
    return settle(k, at, msg, rcpt, &k->counts->relayed);
}

/* Who takes a message over by LMTP and delivers it has no queue: it waited at the client's, where
   the relay that follows is its outcome (RFC 2033). */
static bool on_deliver(struct check *k, const struct event_deliver *e)
{
    tally(k, TALLY_COPY, 0, e->msg, e->rcpt)->copies++;
    if (tally(k, TALLY_TAKER, e->at, e->msg, 0)->accepted > 0) {
        k->counts->delivered++;
        return true;
    }
    return settle(k, e->at, e->msg, e->rcpt, &k->counts->delivered);
}

static bool is_mua(const struct check *k, uint32_t place)
{
    const struct event *e = log_place(k->log, place);
    const struct event_agent *agent = e ? event_as_agent(e) : NULL;
    return agent && slice_equal(log_text(k->log, agent->role), SLICE("mua"));
}

static bool on_giveup(struct check *k, const struct event_queue_giveup *e)
{
    queued(k, e->at, e->msg, e->rcpt)->given_up++;
    if (!is_mua(k, e->at))
        tally(k, TALLY_COPY, 0, e->msg, e->rcpt)->given_up++;
    return settle(k, e->at, e->msg, e->rcpt, &k->counts->given_up);
}

/* All recipients of this queue id must be settled, and those given up told of. */
static bool on_remove(struct check *k, const struct event_queue_remove *e)
{
    for (size_t i = k->entries.count; i-- > 0;) {
        if (k->entries.items[i].id != e->id)
            continue;
        struct tally *t = &k->tallies.items[k->entries.items[i].key];
        uint32_t rcpt = t->c, given_up = t->given_up;
        if (++t->removed > t->settled)
            return broken(k, e->at, e->msg, rcpt, "left the queue without an outcome");
        if (given_up && !is_mua(k, e->at) &&
            tally(k, TALLY_NOTICE, log_host_of(k->log, e->at), e->msg, 0)->notices == 0)
            return broken(k, e->at, e->msg, rcpt, "given up without a notice");
        vector_remove(&k->entries, i);
    }
    return true;
}

/* ---- the whole trace ---- */

static bool look_at_queue(struct check *k, const struct event *e)
{
    const struct event_queue_add *add = event_as_queue_add(e);
    const struct event_queue_giveup *giveup = event_as_queue_giveup(e);
    const struct event_queue_remove *removal = event_as_queue_remove(e);
    if (add)
        return on_add(k, add);
    if (giveup)
        return on_giveup(k, giveup);
    return !removal || on_remove(k, removal);
}

static bool look_at_transfer(struct check *k, const struct event *e)
{
    const struct event_accept *accept = event_as_accept(e);
    const struct event_relay *relay = event_as_relay(e);
    const struct event_submit *submit = event_as_submit(e);
    const struct event_deliver *delivery = event_as_deliver(e);
    if (accept) {
        tally(k, TALLY_CONN, 0, accept->msg, accept->conn)->accepted++;
        tally(k, TALLY_TAKER, accept->at, accept->msg, 0)->accepted++;
    }
    if (relay)
        return on_handed_on(k, relay->at, relay->msg, relay->rcpt, relay->conn);
    if (submit)
        return on_handed_on(k, submit->at, submit->msg, submit->rcpt, submit->conn);
    return !delivery || on_deliver(k, delivery);
}

static void look_at_notice(struct check *k, const struct event *e)
{
    const struct event_dsn *dsn = event_as_dsn(e);
    const struct event_discard *discard = event_as_discard(e);
    if (dsn)
        k->counts->notices++;
    if (dsn && slice_equal(log_text(k->log, dsn->action), SLICE("failed")))
        tally(k, TALLY_NOTICE, log_host_of(k->log, dsn->at), dsn->about, 0)->notices++;
    if (discard) {
        tally(k, TALLY_NOTICE, log_host_of(k->log, discard->at), discard->msg, 0)->notices++;
        k->counts->discarded++;
    }
}

/* Accepted over a connection whose 250 never came back: each explains one more copy (RFC 1047). */
static uint32_t lost_replies(const struct check *k, uint32_t msg)
{
    uint32_t lost = 0;
    for (size_t i = 0; i < k->tallies.count; i++) {
        const struct tally *t = &k->tallies.items[i];
        if (t->a >> 28 == TALLY_CONN && t->b == msg && t->confirmed == 0)
            lost += t->accepted;
    }
    return lost;
}

static bool check_end(struct check *k)
{
    for (size_t i = 0; i < k->tallies.count; i++) {
        const struct tally *t = &k->tallies.items[i];
        if (t->a >> 28 == TALLY_QUEUE)
            k->counts->waiting += t->added - t->settled;
        if (t->a >> 28 != TALLY_COPY)
            continue;
        if (t->copies && t->given_up && !lost_replies(k, t->b))
            return broken(k, 0, t->b, t->c, "delivered, and given up as well");
        if (t->copies < 2)
            continue;
        k->counts->repeated += t->copies - 1;
        if (t->copies - 1 > lost_replies(k, t->b))
            return broken(k, 0, t->b, t->c, "delivered more than once, and no reply was lost");
    }
    return true;
}

bool conservation_check(const struct log *log, struct conservation *counts, struct problem *problem)
{
    struct check k = {.log = log, .counts = counts, .problem = problem, .table_size = 1024};
    bool ok = true;
    *counts = (struct conservation){0};
    k.table = memory_take(k.table_size * sizeof *k.table);
    for (uint32_t id = 0; ok && id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        k.event = id;
        ok = look_at_queue(&k, e) && look_at_transfer(&k, e);
        look_at_notice(&k, e);
    }
    ok = ok && check_end(&k);
    free(k.table);
    vector_finish(&k.tallies);
    vector_finish(&k.entries);
    return ok;
}
