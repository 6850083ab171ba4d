/*
 * A host that crashes between any two changes of its disk: mail is never lost, nobody ever sees
 * half a message, and a message comes twice only where the crash fell between storing it and saying
 * so (RFC 1047's gap, here within one host or between two).
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/roles/store.h"
#include "support_world.h"
#include "topologies/world_inner.h"

static const char json[] =
    "{\"format\": 1, \"id\": \"crash\", \"title\": \"Crash\", \"look\": \"What is left?\","
    "\"hosts\": ["
    " {\"id\": \"pc\", \"name\": \"pc.example.com\", \"addr\": \"198.51.100.10\", \"agents\": ["
    "  {\"id\": \"mua\", \"role\": \"mua\", \"config\": {\"user\": \"alice@example.com\","
    "   \"outgoing\": \"out.example.com\", \"port\": 25, \"auth\": false}}]},"
    " {\"id\": \"out\", \"name\": \"out.example.com\", \"addr\": \"198.51.100.26\", \"agents\": ["
    "  {\"id\": \"mta-out\", \"role\": \"mta\", \"listen\": [25], \"config\": {"
    "   \"local\": [\"example.com\"], \"relay_from\": [\"198.51.100.0/24\"]%s}},"
    "  {\"id\": \"mda-out\", \"role\": \"mda\"}, {\"id\": \"store-out\", \"role\": \"store\"}]},"
    " {\"id\": \"dns\", \"name\": \"ns.example.net\", \"addr\": \"192.0.2.53\", \"agents\": ["
    "  {\"id\": \"ns\", \"role\": \"dns\", \"listen\": [53]}]},"
    " {\"id\": \"mx1\", \"name\": \"mx1.example.org\", \"addr\": \"203.0.113.25\", \"agents\": ["
    "  {\"id\": \"mta-mx1\", \"role\": \"mta\", \"listen\": [25], \"config\": {"
    "   \"local\": [\"example.org\"]%s}},"
    "  {\"id\": \"mda-mx1\", \"role\": \"mda\"},"
    "  {\"id\": \"store-mx1\", \"role\": \"store\", \"config\": {\"format\": \"%s\"}},"
    "  {\"id\": \"access\", \"role\": \"access\", \"listen\": [110, 143]}]},"
    " {\"id\": \"pc-bob\", \"name\": \"pc-bob.example.org\", \"addr\": \"203.0.113.10\","
    "  \"agents\": [{\"id\": \"mua-bob\", \"role\": \"mua\", \"config\": {"
    "   \"user\": \"bob@example.org\", \"incoming\": \"mx1.example.org\"}}]}],"
    "\"links\": [{\"a\": \"pc\", \"b\": \"out\"}, {\"a\": \"out\", \"b\": \"dns\"},"
    " {\"a\": \"dns\", \"b\": \"mx1\"}, {\"a\": \"out\", \"b\": \"mx1\"},"
    " {\"a\": \"mx1\", \"b\": \"pc-bob\"}],"
    "\"dns\": [{\"name\": \"example.com\", \"type\": \"MX\", \"pref\": 10,"
    "  \"data\": \"out.example.com\"},"
    " {\"name\": \"example.org\", \"type\": \"MX\", \"pref\": 10, \"data\": \"mx1.example.org\"}],"
    "\"users\": [{\"address\": \"alice@example.com\"}, {\"address\": \"bob@example.org\"},"
    " {\"address\": \"bea@example.org\"}]}";

static struct world *create(const char *format, const char *setting)
{
    char text[sizeof json + 200];
    snprintf(text, sizeof text, json, setting, setting, format);
    return support_world_of(slice_of(text), 1);
}

static uint32_t host_of(const struct world *w, const char *id)
{
    return log_find_place(world_log(w), slice_of(id));
}

/* The copies that a person has, each of which must be the whole message. */
static unsigned copies(struct world *w, const char *host, const char *address)
{
    struct store *store = store_find(&w->office, host_of(w, host));
    struct account *account = store_open(store, slice_of(address));
    const struct account_folder *inbox = account_find(account, SLICE("INBOX"));
    for (size_t i = 0; i < inbox->items.count; i++) {
        struct slice content = inbox->items.items[i].content;
        cr_expect(slice_starts(content, SLICE("Return-Path: <alice@example.com>\r\n")));
        cr_expect_neq(slice_find(content, SLICE("Subject: whole\r\n"), 0), SLICE_NONE);
        cr_expect(slice_ends(content, SLICE("\r\n\r\nfirst line\r\nFrom here on\r\nlast line\r\n")),
                  "\"%.*s\"", SLICE_ARG(content));
        cr_expect_neq(inbox->items.items[i].msg, 0);
    }
    return (unsigned)inbox->items.count;
}

static void send(struct world *w, const char *to)
{
    char action[200];
    snprintf(action, sizeof action,
             "send from=alice@example.com to=%s subject=whole "
             "body=\"first line\\nFrom here on\\nlast line\\n\"",
             to);
    support_do(w, world_now(w), action);
}

/* One message to Bob and Bea, while `host` crashes behind its n-th change and starts again ten
   minutes later. False when it had no n-th change to make. */
static bool run_with_crash(struct world *w, const char *host, uint32_t n)
{
    uint32_t place = host_of(w, host);
    office_crash_after(&w->office, place, n, DISK_LOSES_UNSYNCED);
    send(w, "bob@example.org,bea@example.org");
    world_run_until(w, VTIME_S * 600);
    bool is_down = !net_host_is_up(w->net, place);
    office_crash_after(&w->office, place, 0, DISK_LOSES_UNSYNCED);
    w->sim.cause = 0;
    office_set_host_up(&w->office, place, true);
    world_run_quiet(w, VTIME_S * 86400 * 10);
    return is_down;
}

struct tally {
    uint32_t crashes, twice;
};

/* `taken`: from this crash on somebody had taken responsibility for the message. */
static void crash_everywhere(const char *host, const char *format, uint32_t taken,
                             struct tally *tally)
{
    bool has_crashed = true;
    *tally = (struct tally){0};
    for (uint32_t n = 1; has_crashed; n++) {
        struct world *w = create(format, "");
        struct conservation counts;
        struct problem problem = {0};
        has_crashed = run_with_crash(w, host, n);
        tally->crashes += has_crashed;
        bool is_kept = conservation_check(world_log(w), &counts, &problem);
        cr_expect(is_kept, "%s %s, crash %u: %s", host, format, n, problem.what);
        unsigned bob = copies(w, "mx1", "bob@example.org"),
                 bea = copies(w, "mx1", "bea@example.org");
        cr_expect(n < taken || (bob >= 1 && bea >= 1), "%s %s, crash %u: lost", host, format, n);
        cr_expect_leq(bob + bea, 4);
        cr_expect_eq(counts.waiting, 0, "%s %s, crash %u: %u wait", host, format, n,
                     counts.waiting);
        cr_expect_eq(counts.repeated, n < taken ? 0 : bob + bea - 2);
        cr_expect_eq(counts.lost, 0);
        tally->twice += bob + bea > 2;
        cr_expect(has_crashed || bob + bea == 2);
        cr_assert_leq(n, 200);
        world_destroy(w);
    }
}

Test(crash, mail_for_a_maildir_survives_a_crash_of_its_server_at_every_change, .timeout = 60)
{
    struct tally t;
    crash_everywhere("mx1", "maildir", 1, &t);
    /* queue file: write, sync; each of the two copies: write, sync, rename, sync; removal */
    cr_expect_eq(t.crashes, 11);
    /* when one copy was durable and the queue did not know so yet, or the 250 was not said */
    cr_expect_gt(t.twice, 0);
    cr_expect_lt(t.twice, t.crashes);
}

Test(crash, mail_for_an_mbox_survives_a_crash_of_its_server_at_every_change, .timeout = 60)
{
    struct tally t;
    crash_everywhere("mx1", "mbox", 1, &t);
    cr_expect_eq(t.crashes, 7);
    cr_expect_gt(t.twice, 0);
    cr_expect_lt(t.twice, t.crashes);
}

Test(crash, mail_survives_a_crash_of_the_relay_at_every_change, .timeout = 60)
{
    struct tally t;
    crash_everywhere("out", "maildir", 1, &t);
    cr_expect_eq(t.crashes, 3, "write, sync, removal: %u", t.crashes);
}

Test(crash, mail_in_an_outbox_survives_a_crash_of_the_computer_at_every_change, .timeout = 60)
{
    struct tally t;
    /* behind its first change the message is not in the outbox yet: it is being written */
    crash_everywhere("pc", "maildir", 2, &t);
    cr_expect_eq(t.crashes, 3);
}

/* What a server has taken over and not synced is gone with a crash, and the trace says so. */
Test(crash, a_queue_that_does_not_sync_loses_mail_and_says_so)
{
    struct world *w = create("maildir", ", \"sync\": false");
    struct conservation counts;
    struct problem problem = {0};
    send(w, "bob@example.org,bea@example.org");
    w->sim.cause = 0;
    world_run_until(w, VTIME_MS * 300);
    while (support_count(world_log(w), EVENT_ACCEPT) < 1)
        cr_assert(world_step(w));
    cr_assert_eq(event_as_accept(support_find(world_log(w), EVENT_ACCEPT, 0))->at,
                 host_of(w, "mta-out"));
    office_crash(&w->office, host_of(w, "out"), DISK_LOSES_UNSYNCED);
    office_set_host_up(&w->office, host_of(w, "out"), true);
    world_run_quiet(w, VTIME_S * 86400 * 10);
    const struct event *lost = NULL;
    for (uint32_t id = 0; id < log_count(world_log(w)); id++) {
        const struct event_file *file = event_as_file(log_at(world_log(w), id));
        if (file && slice_equal(log_text(world_log(w), file->op), SLICE("lost")))
            lost = log_at(world_log(w), id);
    }
    cr_assert_not_null(lost);
    cr_expect_eq(event_as_file(lost)->msg, 1);
    cr_expect(conservation_check(world_log(w), &counts, &problem), "%s", problem.what);
    /* the PC may not have heard the 250: then it sends again, else the mail is lost for good */
    cr_expect_eq(counts.lost, 2);
    world_destroy(w);
}

/* What a queue knows of its attempts comes back as well: it gives up when it would have. */
Test(crash, a_queue_counts_attempts_and_days_over_a_crash)
{
    struct world *w = create("maildir", "");
    uint32_t out = host_of(w, "out"), retries = 0;
    office_crash(&w->office, host_of(w, "mx1"), DISK_LOSES_UNSYNCED);
    send(w, "bob@example.org");
    for (int64_t hour = 1; hour < 24; hour += 5) {
        world_run_until(w, VTIME_S * 3600 * hour);
        w->sim.cause = 0;
        office_crash(&w->office, out, DISK_LOSES_UNSYNCED);
        office_set_host_up(&w->office, out, true);
    }
    world_run_quiet(w, VTIME_S * 86400 * 10);
    const struct log *log = world_log(w);
    uint32_t notices = 0, delayed = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_queue_try *try = event_as_queue_try(log_at(log, id));
        const struct event_dsn *dsn = event_as_dsn(log_at(log, id));
        if (try && log_host_of(log, try->at) == out && try->msg == 1)
            cr_expect_eq(try->n, ++retries);
        delayed += dsn && slice_equal(log_text(log, dsn->action), SLICE("delayed"));
        notices += dsn != NULL;
        if (dsn && slice_equal(log_text(log, dsn->action), SLICE("failed")))
            cr_expect_eq(log_at(log, id)->t / (VTIME_S * 3600), 5 * 24);
    }
    cr_expect_gt(retries, 60);
    cr_expect_eq(delayed, 1);
    cr_expect_eq(notices, 2);
    support_check_conservation(log);
    world_destroy(w);
}

/* A disk without room takes no message over: the sender keeps it, and tries again. */
Test(crash, a_server_whose_disk_is_full_takes_nothing_over)
{
    struct world *w = create("maildir", "");
    struct disk *disk = office_disk(&w->office, host_of(w, "mx1"));
    disk_set_max(disk, 50);
    send(w, "bob@example.org");
    world_run_until(w, VTIME_S * 600);
    cr_expect_eq(copies(w, "mx1", "bob@example.org"), 0);
    cr_expect_eq(event_as_reject(support_find(world_log(w), EVENT_REJECT, 0))->code, 452);
    disk_set_max(disk, 0);
    world_run_quiet(w, VTIME_S * 86400);
    cr_expect_eq(copies(w, "mx1", "bob@example.org"), 1);
    support_check_conservation(world_log(w));
    world_destroy(w);
}
