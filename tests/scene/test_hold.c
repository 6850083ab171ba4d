/* Who waits at a server, as far as the events of its queue say. */
#include <criterion/criterion.h>

#include "render/scene/scene.h"
#include "tests/scene/support_log.h"

static void add(struct log *log, int64_t t, enum event_kind kind, const void *fields)
{
    log_add(log, t, 0, kind, 0, fields);
}

/* ---- queues: a recipient under a queue id waits until it has had an outcome ---- */

/* A message that mx1's MTA took; each event comes a nanosecond after the last and follows it. */
struct queue_story {
    struct story s;
    struct scene scene;
    int64_t t;
};

static void queue_story(struct queue_story *q)
{
    story_world(&q->s, true);
    struct event_message message = {q->s.alice, 1, 0, story_text(&q->s, "staff@example.org"), 0, 0};
    q->t = 0;
    add(&q->s.log, ++q->t, EVENT_MESSAGE, &message);
    add(&q->s.log, ++q->t, EVENT_SUBMIT, &(struct event_submit){q->s.alice, 1, message.to, 0});
    scene_init(&q->scene, &q->s.log);
}

static void queue_story_finish(struct queue_story *q)
{
    scene_finish(&q->scene);
    story_finish(&q->s);
}

static uint32_t then(struct queue_story *q, uint32_t cause, enum event_kind kind,
                     const void *fields)
{
    log_add(&q->s.log, ++q->t, cause, kind, 0, fields);
    return log_count(&q->s.log) - 1;
}

static void waits(struct queue_story *q, const char *id, const char *rcpt)
{
    struct event_queue_add e = {
        q->s.mta_mx1, 1, 1, story_text(&q->s, id), story_text(&q->s, rcpt), 0};
    then(q, 0, EVENT_QUEUE_ADD, &e);
}

static uint32_t tries(struct queue_story *q, const char *id, const char *rcpt)
{
    struct event_queue_try e = {q->s.mta_mx1, 1, 1, story_text(&q->s, id), story_text(&q->s, rcpt)};
    return then(q, 0, EVENT_QUEUE_TRY, &e);
}

static void leaves(struct queue_story *q, const char *id)
{
    then(q, 0, EVENT_QUEUE_REMOVE,
         &(struct event_queue_remove){q->s.mta_mx1, 1, story_text(&q->s, id)});
}

static void stands_for(struct queue_story *q, uint32_t cause, const char *rcpt, const char *to)
{
    struct event_expand e = {q->s.mta_mx1,          1, story_text(&q->s, rcpt),
                             story_text(&q->s, to), 0, story_text(&q->s, "B")};
    then(q, cause, EVENT_EXPAND, &e);
}

static void relayed(struct queue_story *q, const char *rcpt)
{
    then(q, 0, EVENT_RELAY,
         &(struct event_relay){q->s.mta_mx1, 1, story_text(&q->s, rcpt), q->s.mta_out, 0});
}

static void expect_waiting(struct queue_story *q, uint32_t recipients, const char *when)
{
    scene_seek(&q->scene, q->t);
    const struct scene_message *message = scene_find_message(&q->scene, 1);
    uint32_t hold = message->first_hold;
    uint32_t count = hold ? q->scene.now.holds.items[hold - 1].recipients : 0;
    cr_expect_eq(count, recipients, "%s: %u wait, not %u", when, count, recipients);
    cr_expect_eq(scene_host(&q->scene, q->s.mx1).queued, recipients > 0, "%s", when);
}

Test(hold, an_alias_that_is_replaced_waits_no_more_and_its_members_do)
{
    struct queue_story q;
    queue_story(&q);
    waits(&q, "A", "staff");
    uint32_t cause = tries(&q, "A", "staff");
    waits(&q, "B", "amir");
    stands_for(&q, cause, "staff", "amir");
    waits(&q, "B", "bea");
    stands_for(&q, cause, "staff", "bea");
    expect_waiting(&q, 2, "two stand for one");
    leaves(&q, "A");
    expect_waiting(&q, 2, "the old id is gone");
    relayed(&q, "amir");
    expect_waiting(&q, 1, "one is relayed");
    relayed(&q, "bea");
    expect_waiting(&q, 0, "both are relayed");
    leaves(&q, "B");
    expect_waiting(&q, 0, "nothing is left");
    queue_story_finish(&q);
}

/* Who keeps a copy stands for itself first: its delivery, not the expansion, is the outcome. */
Test(hold, a_forward_that_keeps_a_copy_waits_on_for_its_delivery)
{
    struct queue_story q;
    queue_story(&q);
    waits(&q, "A", "carol");
    uint32_t cause = tries(&q, "A", "carol");
    stands_for(&q, cause, "carol", "carol");
    waits(&q, "B", "carol2");
    stands_for(&q, cause, "carol", "carol2");
    expect_waiting(&q, 2, "the copy and the forward");
    struct event_deliver e = {q.s.store, 1, 0, story_text(&q.s, "carol"), 0, 0};
    then(&q, cause, EVENT_DELIVER, &e);
    expect_waiting(&q, 1, "the copy lies in the store");
    leaves(&q, "A");
    expect_waiting(&q, 1, "the forward still waits");
    queue_story_finish(&q);
}

Test(hold, one_queue_id_that_leaves_does_not_take_another_one_with_it)
{
    struct queue_story q;
    queue_story(&q);
    waits(&q, "A", "bob");
    waits(&q, "B", "bob");
    tries(&q, "B", "bob");
    relayed(&q, "bob");
    leaves(&q, "B");
    expect_waiting(&q, 1, "the newer is gone");
    waits(&q, "C", "bob");
    tries(&q, "C", "bob"); /* and its event says C, but it was A that was handed on */
    relayed(&q, "bob");
    leaves(&q, "A");
    expect_waiting(&q, 1, "the older is gone, too");
    queue_story_finish(&q);
}

Test(hold, what_is_read_back_after_a_crash_is_not_counted_twice)
{
    struct queue_story q;
    queue_story(&q);
    waits(&q, "A", "bob");
    waits(&q, "A", "bea");
    relayed(&q, "bea");
    then(&q, 0, EVENT_CRASH, &(struct event_crash){q.s.mx1});
    waits(&q, "A", "bob");
    expect_waiting(&q, 1, "bob waited, and waits");
    waits(&q, "A", "bea");
    expect_waiting(&q, 2, "bea's outcome was not written down");
    struct event_file lost = {q.s.mx1, story_text(&q.s, "lost"),
                              story_text(&q.s, "/var/spool/mta/A"), 0, 1};
    then(&q, 0, EVENT_FILE, &lost);
    expect_waiting(&q, 0, "the file is lost");
    queue_story_finish(&q);
}
