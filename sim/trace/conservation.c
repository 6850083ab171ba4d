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
    uint32_t promised; /* under a queue id, by an expansion on this host; 0 not */
    uint32_t ways;     /* by which it was addressed to that recipient */
    uint32_t notices;
    uint32_t instead; /* of that connection */
    uint32_t last;    /* index + 1 of the last entry of a queue id */
    /* of a host; of a recipient in its queue: those that are counted in already; of a promise:
       those before it, for the next one makes it void */
    uint32_t crashes;
    uint32_t back;  /* so many of those that waited at that crash are still to come back */
    uint32_t again; /* that came back though they were settled: each explains one more copy */
};

/* The kinds of key are kept apart by a tag in the upper bits of `a`. */
enum tally_tag {
    TALLY_QUEUE = 1,
    TALLY_CONN = 2,
    TALLY_COPY = 3,
    TALLY_NOTICE = 4,
    TALLY_TAKER = 5,
    TALLY_ID = 6,        /* a host's queue id */
    TALLY_PLACE = 7,     /* a recipient under a queue id */
    TALLY_EXPANSION = 8, /* of one recipient, by the event that led to it */
    TALLY_CRASH = 10,    /* a host */
    TALLY_ONTO = 9       /* a connection that a middlebox made in the place of another one */
};

struct entry {
    uint32_t key;      /* the tally of one recipient of a queue id */
    uint32_t previous; /* index + 1 of another of the same id */
    uint32_t at, id;   /* whose queue; the queue id */
};

struct check {
    const struct log *log;
    struct conservation *counts;
    struct problem *problem;
    VECTOR(struct tally) tallies;
    uint32_t *table; /* index + 1 of a tally */
    size_t table_size;
    VECTOR(struct entry) entries;
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

static bool has_role(const struct check *k, uint32_t place, const char *role)
{
    const struct event *e = log_place(k->log, place);
    const struct event_agent *agent = e ? event_as_agent(e) : NULL;
    return agent && slice_equal(log_text(k->log, agent->role), slice_of(role));
}

/* ---- one function a kind ---- */

/* Queue ids are those of a run: no two hosts have the same one. */
static struct tally *place(struct check *k, uint32_t id, uint32_t rcpt)
{
    return tally(k, TALLY_PLACE, 0, id, rcpt);
}

static uint32_t crash_count(struct check *k, uint32_t host)
{
    return tally(k, TALLY_CRASH, host, 0, 0)->crashes;
}

/*
 * What a queue held when its host crashed is added again when that has read its files. Who waited
 * waits on; who was settled, but whose file was still there, is to be settled once more. So is who
 * was written down right before the crash: the sender was not told, and comes again.
 */
static bool has_come_back(struct check *k, const struct event_queue_add *e, uint32_t cause)
{
    uint32_t crashes = crash_count(k, log_host_of(k->log, e->at));
    bool is_known = place(k, e->id, e->rcpt)->added > 0;
    struct tally *t = queued(k, e->at, e->msg, e->rcpt);
    if (t->crashes != crashes) {
        t->crashes = crashes;
        t->back = t->added - t->settled;
    }
    if (!is_known && log_at(k->log, cause)->kind == EVENT_BOOT)
        tally(k, TALLY_COPY, 0, e->msg, e->rcpt)->again++; /* written, and nobody was told of it */
    if (crashes == 0 || !is_known)
        return false;
    if (t->back > 0) {
        t->back--;
        return true;
    }
    tally(k, TALLY_COPY, 0, e->msg, e->rcpt)->again++;
    place(k, e->id, e->rcpt)->given_up = 0; /* the crash came before its notice */
    return false;
}

/* All who wait under a queue id of this host are gone; gives how many. */
static uint32_t drop_id(struct check *k, uint32_t host, uint32_t id)
{
    uint32_t count = 0;
    struct tally *ids = tally(k, TALLY_ID, host, id, 0);
    for (uint32_t i = ids->last; i; i = k->entries.items[i - 1].previous) {
        struct tally *t = &k->tallies.items[k->entries.items[i - 1].key];
        if (t->settled == t->added)
            continue;
        t->settled++;
        t->removed++;
        count++;
    }
    ids->last = 0;
    return count;
}

static void on_gone(struct check *k, const struct event_gone *e)
{
    for (size_t i = 0; e->at && i < k->entries.count; i++) {
        const struct entry *entry = &k->entries.items[i];
        if (log_place_is(k->log, entry->at, e->at))
            k->counts->gone += drop_id(k, log_host_of(k->log, e->at), entry->id);
    }
}

/* The file of a queue id that is gone takes with it all who wait under that id. */
static void on_lost(struct check *k, const struct event_file *e)
{
    struct slice path = log_text(k->log, e->path), part;
    uint32_t id;
    while (slice_find_octet(path, '/', 0) != SLICE_NONE)
        (void)slice_cut(&path, '/', &part);
    if (!slice_equal(log_text(k->log, e->op), SLICE("lost")) ||
        !pool_find(&k->log->pool, path, &id))
        return;
    k->counts->lost += drop_id(k, log_host_of(k->log, e->at), id);
}

/* Whom nobody else stands for was named by the author: that is one way to it. */
static bool on_add(struct check *k, const struct event_queue_add *e, uint32_t cause)
{
    if (has_come_back(k, e, cause))
        return true;
    struct tally *copies = tally(k, TALLY_COPY, 0, e->msg, e->rcpt);
    if (copies->ways == 0)
        copies->ways = 1;
    place(k, e->id, e->rcpt)->added++;
    struct tally *t = queued(k, e->at, e->msg, e->rcpt);
    t->added++;
    uint32_t key = (uint32_t)(t - k->tallies.items);
    struct tally *id = tally(k, TALLY_ID, log_host_of(k->log, e->at), e->id, 0);
    *vector_add(&k->entries) = (struct entry){key, id->last, e->at, e->id};
    id->last = (uint32_t)k->entries.count;
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

/* Did a queue's attempt lead to it, and not what came over a connection? */
static bool is_from_queue(const struct check *k, uint32_t cause)
{
    const struct event *e = log_at(k->log, cause);
    while (e->kind != EVENT_QUEUE_TRY && e->kind != EVENT_TCP_SEGMENT && cause > 0) {
        cause = e->cause;
        e = log_at(k->log, cause);
    }
    return e->kind == EVENT_QUEUE_TRY;
}

/* Who takes a message over by LMTP and delivers it has no queue: it waited at the client's, where
   the relay that follows is its outcome (RFC 2033). */
static bool is_taker(struct check *k, uint32_t at, uint32_t msg, uint32_t cause)
{
    return tally(k, TALLY_TAKER, at, msg, 0)->accepted > 0 && !is_from_queue(k, cause);
}

static bool on_deliver(struct check *k, const struct event_deliver *e, uint32_t cause)
{
    tally(k, TALLY_COPY, 0, e->msg, e->rcpt)->copies++;
    if (is_taker(k, e->at, e->msg, cause)) {
        k->counts->delivered++;
        return true;
    }
    return settle(k, e->at, e->msg, e->rcpt, &k->counts->delivered);
}

/*
 * All `expand` events of one expansion have the same cause. One that names the recipient itself
 * comes first: it has a copy, too, and its delivery is the outcome; else they are the outcome
 * together. Each further one who is named is to be queued under that id, or has been.
 */
static bool on_expand(struct check *k, const struct event_expand *e, uint32_t cause)
{
    struct tally *expansion = tally(k, TALLY_EXPANSION, 0, cause, e->rcpt);
    bool is_first = expansion->added++ == 0;
    if (e->to == e->rcpt)
        return is_first || broken(k, e->at, e->msg, e->rcpt, "stands for itself, said too late");
    if (place(k, e->id, e->to)->added == 0) {
        uint32_t host = log_host_of(k->log, e->at), crashes = crash_count(k, host);
        struct tally *promise = place(k, e->id, e->to);
        promise->promised = host;
        promise->crashes = crashes;
        tally(k, TALLY_COPY, 0, e->msg, e->to)->ways++;
    }
    if (!is_first)
        return true;
    tally(k, TALLY_COPY, 0, e->msg, e->rcpt)->copies++;
    if (is_taker(k, e->at, e->msg, cause)) {
        k->counts->expanded++;
        return true;
    }
    return settle(k, e->at, e->msg, e->rcpt, &k->counts->expanded);
}

/* A rule or a list drops a message that was waiting; after giving up it was not waiting any more,
   and what a server's filter drops never was. */
static bool on_discard(struct check *k, const struct event_discard *e, uint32_t cause)
{
    uint32_t unused = 0;
    k->counts->discarded++;
    tally(k, TALLY_NOTICE, log_host_of(k->log, e->at), e->msg, 0)->notices++;
    if (log_at(k->log, cause)->kind == EVENT_QUEUE_GIVEUP || !is_from_queue(k, cause))
        return true;
    return settle(k, e->at, e->msg, e->rcpt, &unused);
}

/* Who writes mail learns on the spot what became of it, and is sent no notice. */
static bool is_author(const struct check *k, uint32_t place)
{
    return has_role(k, place, "mua") || has_role(k, place, "robot");
}

static bool on_giveup(struct check *k, const struct event_queue_giveup *e)
{
    place(k, e->id, e->rcpt)->given_up++;
    if (!is_author(k, e->at))
        tally(k, TALLY_COPY, 0, e->msg, e->rcpt)->given_up++;
    return settle(k, e->at, e->msg, e->rcpt, &k->counts->given_up);
}

/* All recipients of this queue id must be settled, and those given up told of. */
static bool on_remove(struct check *k, const struct event_queue_remove *e)
{
    struct tally *id = tally(k, TALLY_ID, log_host_of(k->log, e->at), e->id, 0);
    uint32_t entry = id->last;
    id->last = 0;
    for (; entry; entry = k->entries.items[entry - 1].previous) {
        struct tally *t = &k->tallies.items[k->entries.items[entry - 1].key];
        uint32_t rcpt = t->c;
        if (++t->removed > t->settled)
            return broken(k, e->at, e->msg, rcpt, "left the queue without an outcome");
        if (place(k, e->id, rcpt)->given_up && !is_author(k, e->at) &&
            tally(k, TALLY_NOTICE, log_host_of(k->log, e->at), e->msg, 0)->notices == 0)
            return broken(k, e->at, e->msg, rcpt, "given up without a notice");
    }
    return true;
}

/* ---- the whole trace ---- */

static bool look_at_queue(struct check *k, const struct event *e)
{
    const struct event_expand *expand = event_as_expand(e);
    const struct event_discard *discard = event_as_discard(e);
    const struct event_queue_add *add = event_as_queue_add(e);
    const struct event_queue_giveup *giveup = event_as_queue_giveup(e);
    const struct event_queue_remove *removal = event_as_queue_remove(e);
    const struct event_crash *crash = event_as_crash(e);
    const struct event_file *file = event_as_file(e);
    const struct event_gone *gone = event_as_gone(e);
    if (gone)
        on_gone(k, gone);
    if (crash)
        tally(k, TALLY_CRASH, crash->at, 0, 0)->crashes++;
    if (file)
        on_lost(k, file);
    if (add)
        return on_add(k, add, e->cause);
    if (giveup)
        return on_giveup(k, giveup);
    if (expand)
        return on_expand(k, expand, e->cause);
    if (discard)
        return on_discard(k, discard, e->cause);
    return !removal || on_remove(k, removal);
}

static bool look_at_transfer(struct check *k, const struct event *e)
{
    const struct event_accept *accept = event_as_accept(e);
    const struct event_relay *relay = event_as_relay(e);
    const struct event_submit *submit = event_as_submit(e);
    const struct event_deliver *delivery = event_as_deliver(e);
    const struct event_tamper *tamper = event_as_tamper(e);
    if (tamper && tamper->onto)
        tally(k, TALLY_ONTO, 0, 0, tamper->onto)->instead = tamper->conn;
    if (accept) {
        uint32_t instead = tally(k, TALLY_ONTO, 0, 0, accept->conn)->instead;
        tally(k, TALLY_CONN, 0, accept->msg, instead ? instead : accept->conn)->accepted++;
        tally(k, TALLY_TAKER, accept->at, accept->msg, 0)->accepted++;
    }
    if (relay)
        return on_handed_on(k, relay->at, relay->msg, relay->rcpt, relay->conn);
    if (submit)
        return on_handed_on(k, submit->at, submit->msg, submit->rcpt, submit->conn);
    return !delivery || on_deliver(k, delivery, e->cause);
}

static void look_at_notice(struct check *k, const struct event *e)
{
    const struct event_dsn *dsn = event_as_dsn(e);
    if (dsn)
        k->counts->notices++;
    if (dsn && slice_equal(log_text(k->log, dsn->action), SLICE("failed")))
        tally(k, TALLY_NOTICE, log_host_of(k->log, dsn->at), dsn->about, 0)->notices++;
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

/* No more copies than ways to the recipient, and replies that were lost. */
static bool check_copies(struct check *k, const struct tally *t)
{
    uint32_t ways = t->ways ? t->ways : 1;
    if (t->copies && t->copies + t->given_up > ways + t->again && t->given_up &&
        !lost_replies(k, t->b))
        return broken(k, 0, t->b, t->c, "delivered, and given up as well");
    if (t->copies <= ways)
        return true;
    k->counts->repeated += t->copies - ways;
    return t->copies - ways <= t->again + lost_replies(k, t->b) ||
           broken(k, 0, t->b, t->c, "delivered more than once, and no reply was lost");
}

/* The host of a promise: its queue still has the recipient that was to be replaced. */
static bool has_crashed_since(struct check *k, const struct tally *promise)
{
    uint32_t before = promise->crashes;
    return crash_count(k, promise->promised) != before;
}

static bool check_end(struct check *k)
{
    for (size_t i = 0; i < k->tallies.count; i++) {
        const struct tally *t = &k->tallies.items[i];
        if (t->a >> 28 == TALLY_QUEUE)
            k->counts->waiting += t->added - t->settled;
        if (t->a >> 28 == TALLY_PLACE && t->promised && t->added == 0 && !has_crashed_since(k, t))
            return problem_set(
                k->problem, "%.*s stands in for somebody as %.*s, and never waited there",
                SLICE_ARG(log_text(k->log, t->c)), SLICE_ARG(log_text(k->log, t->b)));
        if (t->a >> 28 == TALLY_COPY && !check_copies(k, t))
            return false;
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
