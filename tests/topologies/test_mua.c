/* What a person does at a mail program, and what the program does of itself: two-towns, played with
   other settings. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "support_small.h"
#include "support_world.h"

#define BOB "\"incoming\": \"mx1.example.org\""

/* `more`: further settings of Bob's program, with a comma in front. */
static struct world *make(const char *more)
{
    struct arena arena;
    arena_init(&arena);
    struct slice json = support_file(&arena, "topologies/two-towns.json");
    size_t at = slice_find(json, SLICE(BOB), 0);
    cr_assert_neq(at, SLICE_NONE);
    const struct slice parts[] = {slice_part(json, 0, at + strlen(BOB)), slice_of(more),
                                  slice_part(json, at + strlen(BOB), json.size)};
    struct world *world = support_world_of(arena_join(&arena, parts, 3), 1);
    arena_finish(&arena);
    return world;
}

static void run(struct world *world)
{
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
}

#define SEND "send from=alice@example.com to=bob@example.org "

/* What was delivered last. */
static struct slice last_body(const struct log *log, struct slice *header)
{
    struct slice body = SLICE("");
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_deliver *e = event_as_deliver(log_at(log, id));
        if (e) {
            *header = log_text(log, e->header);
            body = log_text(log, e->body);
        }
    }
    return body;
}

static bool has(struct slice text, const char *part)
{
    return slice_find(text, slice_of(part), 0) != SLICE_NONE;
}

/* RFC 2045, 2183: what is attached is a part of its own; one of octets is in base64. */
Test(mua, attachments_are_parts_of_a_multipart)
{
    struct world *world = make("");
    struct slice header;
    support_do(world, 0, SEND "subject=s body=Look attach=photo.png:3000 attach=note.txt:Hello");
    run(world);
    struct slice body = last_body(world_log(world), &header);
    cr_expect(has(header, "Content-Type: multipart/mixed"));
    cr_expect(has(body, "Content-Type: image/png"));
    cr_expect(has(body, "filename=\"photo.png\"") || has(body, "filename=photo.png"));
    cr_expect(has(body, "Content-Type: text/plain"));
    cr_expect(has(body, "SGVsbG8="), "Hello");
    cr_expect_gt(body.size, 4000);
    world_destroy(world);
}

/* RFC 5322 3.6.4 */
Test(mua, an_answer_goes_to_the_author_with_the_quoted_text_and_the_thread)
{
    struct world *world = make("");
    struct slice header;
    support_do(world, 0, SEND "subject=Lunch body=\"At one?\"");
    support_do(world, 10 * VTIME_S, "fetch by=pc-bob");
    support_do(world, 20 * VTIME_S, "reply by=pc-bob message=1 body=Gladly");
    run(world);
    struct slice body = last_body(world_log(world), &header);
    cr_expect(has(header, "Subject: Re: Lunch"));
    cr_expect(has(header, "In-Reply-To: <"));
    cr_expect(has(header, "Delivered-To: alice@example.com"));
    cr_expect(has(body, "> At one?"));
    cr_expect_eq(support_count(world_log(world), EVENT_FLAG), 1, "\\Answered");
    world_destroy(world);
}

Test(mua, what_is_forwarded_is_whole_within_the_new_message)
{
    struct world *world = make("");
    struct slice header;
    support_do(world, 0, SEND "subject=Lunch body=\"At one?\"");
    support_do(world, 10 * VTIME_S, "fetch by=pc-bob");
    support_do(world, 20 * VTIME_S,
               "forward by=pc-bob message=Lunch to=alice@example.com body=\"See below\"");
    run(world);
    struct slice body = last_body(world_log(world), &header);
    cr_expect(has(header, "Subject: Fwd: Lunch"));
    cr_expect(has(body, "Content-Type: message/rfc822"));
    cr_expect(has(body, "Return-Path: <alice@example.com>"), "of the original");
    world_destroy(world);
}

/* RFC 1939 8: a site or a person may let messages stay for some time. */
Test(mua, what_was_fetched_leaves_the_server_after_its_days)
{
    struct world *world = make(", \"pop_keep\": \"7d\"");
    const struct log *log = world_log(world);
    support_do(world, 0, SEND "subject=s body=b");
    support_do(world, VTIME_H, "fetch by=pc-bob");
    support_do(world, 6 * VTIME_DAY, "fetch by=pc-bob");
    run(world);
    cr_expect_eq(support_count(log, EVENT_REMOVE), 0);
    support_do(world, 8 * VTIME_DAY, "fetch by=pc-bob");
    run(world);
    cr_expect_eq(support_count(log, EVENT_REMOVE), 1);
    cr_expect_eq(support_count(log, EVENT_FETCH), 1);
    world_destroy(world);
}

/* A program that stays with its server keeps no run alive, also not beside one that polls. */
Test(mua, who_idles_or_polls_does_not_keep_a_run_going)
{
    struct world *world =
        make(", \"incoming_protocol\": \"imap\", \"idle\": true, \"check_every\": \"5min\"");
    support_do(world, 0, "fetch by=pc-bob");
    support_do(world, VTIME_MIN, SEND "subject=s body=b");
    run(world);
    cr_expect_eq(support_count(world_log(world), EVENT_FETCH), 1);
    cr_expect_lt(world_now(world), 10 * VTIME_MIN);
    world_run_until(world, 3 * VTIME_H);
    cr_expect_eq(support_count(world_log(world), EVENT_TCP_CLOSE) > 0, true);
    world_destroy(world);
}

/* What a person wants while the server is away is done at the next visit (RFC 4549 3). */
Test(mua, a_wish_waits_for_the_server)
{
    struct world *world = make(", \"incoming_protocol\": \"imap\"");
    const struct log *log = world_log(world);
    support_do(world, 0, SEND "subject=Lunch body=b");
    support_do(world, VTIME_MIN, "fetch by=pc-bob");
    support_do(world, 2 * VTIME_MIN, "fault mx1-down on");
    support_do(world, 3 * VTIME_MIN, "flag by=pc-bob message=Lunch flag=Flagged on");
    support_do(world, 10 * VTIME_MIN, "fault mx1-down off");
    support_do(world, 20 * VTIME_MIN, "fetch by=pc-bob");
    run(world);
    const struct event *flag = support_find(log, EVENT_FLAG, 0);
    cr_assert_not_null(flag);
    cr_expect_gt(flag->t, 20 * VTIME_MIN);
    world_destroy(world);
}

Test(mua, words_that_make_no_sense_are_refused)
{
    static const struct {
        const char *action, *what;
    } cases[] = {{"read by=mx1 message=1", "is no mail program"},
                 {"flag by=pc-bob message=1 flag=Blue on", "is no flag"},
                 {"flag by=pc-bob message=1 flag=Seen maybe", "expected on or off"},
                 {"send from=alice@example.com to=bob@example.org attach=photo", "no attachment"},
                 {"reply by=pc-bob", "needs message="}};
    struct world *world = make("");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem problem = {0};
        cr_expect_not(world_do(world, 0, slice_of(cases[i].action), &problem), "%s",
                      cases[i].action);
        cr_expect(has(slice_of(problem.what), cases[i].what), "%s: %s", cases[i].action,
                  problem.what);
    }
    world_destroy(world);
}
