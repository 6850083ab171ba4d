/*
 * The lessons about mail programs: where the queue lives, POP3, IMAP, the errand runner. Each plays
 * the demonstration of its topology; what must have happened is said in the words of the lesson.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/mail/header.h"
#include "support_world.h"

static struct world *play(const char *name)
{
    struct problem problem = {0};
    struct world *world = support_world_shipped(name, 1);
    cr_assert(world_demo(world, &problem), "%s", problem.what);
    world_run_quiet(world, 60 * VTIME_H);
    support_check_conservation(world_log(world));
    return world;
}

/* The number of the first message with this subject. */
static uint32_t message(const struct log *log, const char *subject)
{
    uint32_t msg = 0;
    for (uint32_t id = 0; id < log_count(log) && !msg; id++) {
        const struct event_message *e = event_as_message(log_at(log, id));
        if (e && slice_equal(log_text(log, e->subject), slice_of(subject)))
            msg = e->msg;
    }
    cr_assert_neq(msg, 0, "no message \"%s\"", subject);
    return msg;
}

/* One field of an event against what is looked for; NULL and 0 fit everything. */
struct what {
    enum event_kind kind;
    uint32_t msg;
    const char *place, *text[2][2]; /* whose doing; fields and what they contain */
};

static bool has_field(const struct log *log, const struct event *e, const char *name,
                      const char *part)
{
    const struct event_kind_row *row = &event_kinds[e->kind];
    for (int i = 0; i < row->field_count; i++)
        if (slice_equal(slice_of(row->fields[i].name), slice_of(name)))
            return slice_find(log_text(log, e->v[i]), slice_of(part), 0) != SLICE_NONE;
    return false;
}

/* The place and the message of an event, whatever their fields are called. */
static bool is_about(const struct log *log, const struct event *e, const struct what *w)
{
    const struct event_kind_row *row = &event_kinds[e->kind];
    bool has_msg = w->msg == 0, has_place = w->place == NULL;
    for (int i = 0; i < row->field_count; i++) {
        if (row->fields[i].type == EVENT_TYPE_MSG)
            has_msg |= e->v[i] == w->msg;
        if (row->fields[i].type == EVENT_TYPE_PLACE && w->place)
            has_place |= log_place_is(log, e->v[i], log_find_place(log, slice_of(w->place)));
        if (row->fields[i].type == EVENT_TYPE_CONN && w->place &&
            row->fields[0].type == EVENT_TYPE_CONN)
            for (uint32_t id = 0; id < log_count(log) && !has_place; id++) {
                const struct event_tcp_connect *c = event_as_tcp_connect(log_at(log, id));
                has_place = c && c->conn == e->v[i] &&
                            log_place_is(log, c->from, log_find_place(log, slice_of(w->place)));
            }
    }
    return has_msg && has_place;
}

/* How many events; *first is the time of the first, VTIME_NEVER without one. */
static unsigned count(const struct log *log, struct what w, int64_t *first)
{
    unsigned n = 0;
    if (first)
        *first = VTIME_NEVER;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        bool fits = e->kind == w.kind && is_about(log, e, &w);
        for (int i = 0; fits && i < 2; i++)
            fits = !w.text[i][0] || has_field(log, e, w.text[i][0], w.text[i][1]);
        n += fits;
        if (fits && first && *first == VTIME_NEVER)
            *first = e->t;
    }
    return n;
}

/* Received fields on the copy in that box. */
static unsigned received(const struct log *log, uint32_t msg, const char *box)
{
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_deliver *e = event_as_deliver(log_at(log, id));
        if (e && e->msg == msg && slice_equal(log_text(log, e->box), slice_of(box)))
            return header_count(log_text(log, e->header), SLICE("Received"));
    }
    return 0;
}

static int64_t between(const struct log *log, uint32_t msg)
{
    int64_t queued, accepted;
    (void)count(log, (struct what){EVENT_QUEUE_ADD, msg, "desk", {{0}}}, &queued);
    (void)count(log, (struct what){EVENT_ACCEPT, msg, "relay", {{0}}}, &accepted);
    cr_assert_neq(accepted, VTIME_NEVER);
    return accepted - queued;
}

/* C1401: the desk's queue waits for the night. */
Test(t14, what_was_written_by_day_leaves_at_two_in_the_night)
{
    struct world *world = play("t14-where-the-queue-lives");
    const struct log *log = world_log(world);
    cr_expect_geq(between(log, message(log, "At ten")), 16 * VTIME_H);
    cr_expect_leq(between(log, message(log, "At ten at night")), 5 * VTIME_H);
    /* C1402: desk asks, relay connects */
    uint32_t for_desk = message(log, "For the night");
    cr_expect_gt(count(log, (struct what){EVENT_SMTP_CMD, 0, "desk", {{"verb", "ETRN"}}}, NULL), 0);
    cr_expect_eq(count(log,
                       (struct what){
                           EVENT_DELIVER, for_desk, NULL, {{"box", "amir@desk.example.com/INBOX"}}},
                       NULL),
                 1);
    cr_expect_eq(
        count(log, (struct what){EVENT_FETCH, for_desk, "mua-amir", {{"proto", "file"}}}, NULL), 1);
    cr_expect_eq(count(log, (struct what){EVENT_SMTP_CMD, 0, "mua-amir", {{0}}}, NULL), 0);
    world_destroy(world);
}

/* C1403 */
Test(t14, one_program_keeps_it_the_other_says_an_error_and_forgets)
{
    struct world *world = play("t14-where-the-queue-lives");
    const struct log *log = world_log(world);
    struct what to_bob = {
        EVENT_DELIVER, message(log, "From Careful"), NULL, {{"box", "bob@example.org/INBOX"}}};
    cr_expect_eq(count(log, to_bob, NULL), 1);
    to_bob.msg = message(log, "From Hasty");
    cr_expect_eq(count(log, to_bob, NULL), 0);
    cr_expect_eq(
        count(log, (struct what){EVENT_UI, 0, NULL, {{"what", "error-dialog-hasty"}}}, NULL), 1);
    world_destroy(world);
}

/* C1501, C1503, C1504 */
Test(t15, what_is_not_followed_by_quit_is_not_removed_and_what_is_left_is_there_for_others)
{
    struct world *world = play("t15-pop3");
    const struct log *log = world_log(world);
    int64_t lost, removed;
    cr_expect_gt(count(log, (struct what){EVENT_TCP_LOST, 0, "you", {{0}}}, &lost), 0);
    cr_expect_eq(count(log, (struct what){EVENT_REMOVE, 0, "you", {{0}}}, &removed), 1);
    cr_expect_lt(lost, removed);
    cr_expect_gt(count(log, (struct what){EVENT_POP_CMD, 0, "you", {{"verb", "DELE"}}}, NULL), 0);
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, 0, "phone-bob", {{0}}}, NULL), 7);
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, 0, "pc-bob", {{0}}}, NULL), 7);
    cr_expect_eq(count(log, (struct what){EVENT_REMOVE, 0, "pc-bob", {{0}}}, NULL), 7);
    cr_expect_gt(count(log, (struct what){EVENT_SMTP_REPLY, 0, NULL, {{"esc", "4.2.2"}}}, NULL), 0);
    world_destroy(world);
}

/* C1601 to C1604 */
Test(t16, what_one_screen_does_the_other_is_told_of)
{
    struct world *world = play("t16-imap");
    const struct log *log = world_log(world);
    uint32_t lunch = message(log, "Lunch"), old = message(log, "Old news");
    int64_t exists, fetched;
    (void)count(log,
                (struct what){EVENT_IMAP_DATA, 0, "pc-bob", {{"verb", "EXISTS"}, {"text", "1"}}},
                &exists);
    (void)count(log, (struct what){EVENT_FETCH, lunch, "pc-bob", {{0}}}, &fetched);
    cr_expect_lt(exists, fetched);
    cr_expect_eq(
        count(log, (struct what){EVENT_FLAG, lunch, "phone-bob", {{"name", "\\Seen"}}}, NULL), 1);
    cr_expect_gt(
        count(log,
              (struct what){EVENT_IMAP_DATA, 0, "pc-bob", {{"verb", "FETCH"}, {"text", "\\Seen"}}},
              NULL),
        0);
    cr_expect_eq(
        count(log, (struct what){EVENT_COPY, lunch, "pc-bob", {{"box", "bob@example.org/Done"}}},
              NULL),
        1);
    cr_expect_eq(count(log, (struct what){EVENT_REMOVE, old, "pc-bob", {{0}}}, NULL), 1);
    cr_expect_eq(
        count(log, (struct what){EVENT_IMAP_DATA, 0, "phone-bob", {{"verb", "EXPUNGE"}}}, NULL), 2,
        "the phone hears of it when it has its network again");
    cr_expect_gt(
        count(log, (struct what){EVENT_IMAP_CMD, 0, "phone-bob", {{"verb", "APPEND"}}}, NULL), 0);
    cr_expect_gt(
        count(log, (struct what){EVENT_SMTP_CMD, 0, "phone-bob", {{"verb", "MAIL"}}}, NULL), 0);
    world_destroy(world);
}

/* Step 6, RFC 9051 2.3.1.1: the server's list of UIDs is lost, and it says so by another
   UIDVALIDITY; what the client knew of the old UIDs is worth nothing. */
Test(t16, copies_of_a_mailbox_with_another_uidvalidity_are_thrown_away)
{
    struct world *world = support_world_shipped("t16-imap", 1);
    const struct log *log = world_log(world);
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=X");
    support_do(world, VTIME_MIN, "fetch by=pc-bob");
    support_do(world, 2 * VTIME_MIN, "remove store /home/example.org/bob/Maildir/mailflow-uidlist");
    support_do(world, 2 * VTIME_MIN, "fault host-crash store on");
    support_do(world, 3 * VTIME_MIN, "fault host-crash store off");
    support_do(world, 10 * VTIME_MIN, "fetch by=pc-bob");
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(log);
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, 0, "pc-bob", {{0}}}, NULL), 2);
    cr_expect_eq(count(log, (struct what){EVENT_FILE, 0, "pc-bob", {{"op", "remove"}}}, NULL), 1);
    world_destroy(world);
}

#define SPOOL "carol@desk.example.com/INBOX"

/* C1701 to C1705 */
Test(t17, the_errand_runner_pulls_and_pushes_and_loses_nothing)
{
    struct world *world = play("t17-errand-runner");
    const struct log *log = world_log(world);
    uint32_t m = message(log, "By errand"), m2 = message(log, "Straight in");
    uint32_t waiting = message(log, "Nobody at home"), twice = message(log, "Twice");
    int64_t fetched, accepted, started, removed;
    (void)count(log, (struct what){EVENT_FETCH, m, "mra", {{"proto", "pop3"}}}, &fetched);
    (void)count(log, (struct what){EVENT_ACCEPT, m, "desk", {{0}}}, &accepted);
    cr_expect_leq(fetched, accepted);
    cr_expect_eq(received(log, m, SPOOL), 5, "submit, out, isp-mx, the runner, desk");
    cr_expect_eq(received(log, m2, SPOOL), 4, "no MTA at the end");
    cr_expect_eq(count(log, (struct what){EVENT_TCP_OPEN, 0, "mra", {{"result", "refused"}}}, NULL),
                 2);
    (void)count(log,
                (struct what){EVENT_FAULT, 0, NULL, {{"id", "local-mta-down"}, {"state", "off"}}},
                &started);
    (void)count(log, (struct what){EVENT_REMOVE, waiting, NULL, {{0}}}, &removed);
    cr_expect_lt(started, removed, "nothing leaves the server while nobody takes it");
    cr_expect_eq(count(log, (struct what){EVENT_DELIVER, twice, NULL, {{"box", SPOOL}}}, NULL), 2);
    cr_expect_eq(count(log, (struct what){EVENT_POP_CMD, 0, "mua1", {{0}}}, NULL), 0);
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, m, "mua1", {{"proto", "file"}}}, NULL), 1);
    world_destroy(world);
}

Test(t17, a_provider_s_mailbox_is_read_in_the_local_spool)
{
    struct world *world = play("isp-with-fetchmail");
    const struct log *log = world_log(world);
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, 0, "mra", {{0}}}, NULL), 2);
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, 0, "mua1", {{"proto", "file"}}}, NULL), 2);
    cr_expect_eq(count(log, (struct what){EVENT_FLAG, 0, "mua1", {{"name", "\\Seen"}}}, NULL), 1);
    world_destroy(world);
}

/* The call of the first night fails: another day on the shelf, and nothing is lost. */
Test(t14, a_busy_line_costs_a_day)
{
    struct world *world = play("dial-up-unix");
    const struct log *log = world_log(world);
    cr_expect_geq(between(log, message(log, "At ten at night")), 24 * VTIME_H);
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, 0, "mua-bob", {{0}}}, NULL), 3 + 1,
                 "and the notice that his own is late");
    world_destroy(world);
}

/* B61: what one program has got, removed or sent the others know nothing of. */
Test(t14, programs_of_a_pc_have_each_a_store_and_an_outbox_of_their_own)
{
    struct world *world = play("windows-pc");
    const struct log *log = world_log(world);
    uint32_t hello = message(log, "Hello");
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, hello, "careful", {{0}}}, NULL), 1);
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, hello, "hasty", {{0}}}, NULL), 1);
    cr_expect_eq(
        count(log,
              (struct what){
                  EVENT_FLAG, hello, "careful", {{"box", "pc-alice:Local"}, {"name", "\\Seen"}}},
              NULL),
        1);
    cr_expect_eq(
        count(log, (struct what){EVENT_REMOVE, hello, NULL, {{"box", "pc-alice:Local"}}}, NULL), 1);
    cr_expect_eq(count(log,
                       (struct what){EVENT_COPY,
                                     message(log, "From Careful"),
                                     "careful",
                                     {{"box", "pc-alice:Local/Sent"}}},
                       NULL),
                 1);
    cr_expect_eq(count(log, (struct what){EVENT_FETCH, 0, "mua-bob", {{0}}}, NULL), 2);
    cr_expect_eq(count(log,
                       (struct what){EVENT_SUBMIT, message(log, "From the third"), "third", {{0}}},
                       NULL),
                 1);
    world_destroy(world);
}

Test(t14_t17, played_twice_they_give_the_same_trace)
{
    static const char *const names[] = {
        "t14-where-the-queue-lives", "t15-pop3",     "t16-imap",  "t17-errand-runner",
        "isp-with-fetchmail",        "dial-up-unix", "windows-pc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        uint64_t hash[2];
        for (int run = 0; run < 2; run++) {
            struct world *world = play(names[i]);
            hash[run] = support_hash(world_log(world));
            world_destroy(world);
        }
        cr_expect_eq(hash[0], hash[1], "%s", names[i]);
    }
}
