/*
 * The worlds of the lessons L01 to L06, played by their own demonstrations: what must happen, in
 * the words of the lessons' checks.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "support_match.h"

#define BOB "bob@example.org/INBOX"
#define ALICE "alice@example.com/INBOX"

static struct world *played(const char *name)
{
    struct world *world = support_world_shipped(name, 1);
    struct problem problem = {0};
    cr_assert(world_demo(world, &problem), "%s: %s", name, problem.what);
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
    return world;
}

static const char *pattern(const char *form, uint32_t msg)
{
    static char texts[8][160];
    static unsigned next;
    char *text = texts[next++ % 8];
    size_t at = strcspn(form, "%"); /* where %u stands */
    snprintf(text, sizeof texts[0], "%.*s%u%s", (int)at, form, (unsigned)msg,
             form[at] ? form + at + 2 : "");
    return text;
}

Test(lessons, t01_one_message_passes_six_stops)
{
    struct world *world = played("t01-one-message");
    const struct log *log = world_log(world);
    uint32_t m = support_message(log, "Hello"), m2 = support_message(log, "Are you there?");
    cr_expect_eq(support_received(log, m, BOB), 3, "C0101");
    cr_expect(support_before(log, "dns.query from=out name=example.org type=MX",
                             "tcp.open from=out to=mx1 port=25 result=ok"),
              "C0102");
    cr_expect_str_eq(support_path(log, m, BOB), "submit out mx1", "C0103");
    cr_expect(support_before(log, pattern("accept at=submit port=587 msg=%u", m),
                             pattern("accept at=mx1 port=25 msg=%u", m)),
              "C0104");
    cr_expect(
        support_before(log, pattern("deliver msg=%u", m), pattern("fetch by=pc-bob msg=%u", m)),
        "C0104");
    cr_expect(support_before(log, "fault id=pc-bob-off state=on", pattern("deliver msg=%u", m2)),
              "C0105");
    cr_expect(support_before(log, pattern("deliver msg=%u", m2), "fault id=pc-bob-off state=off"),
              "C0105");
    world_destroy(world);
}

/* R1 to R3 of the Received rule: merged agents write one field, LMTP one of its own. */
Test(lessons, t02_merging_and_splitting_agents_changes_what_is_written)
{
    struct world *world = played("t02-agents");
    const struct log *log = world_log(world);
    uint32_t m = support_message(log, "Three slips"), m2 = support_message(log, "Two slips"),
             m3 = support_message(log, "LMTP");
    cr_expect_eq(support_received(log, m, BOB), 3, "C0201");
    cr_expect_eq(support_received(log, m2, BOB), 2, "C0201");
    cr_expect_str_eq(support_path(log, m2, BOB), "submit mx1");
    cr_expect_eq(support_received(log, m3, BOB), 3, "C0202");
    cr_expect(support_header_has(log, m3, BOB, "Received", 1, "with LMTP"), "C0202");
    cr_expect(support_exists(log, "conf at=msa-submit key=combined value=true"), "C0203");
    cr_expect(support_exists(log, "conf at=mta-mx1 key=delivery value=lmtp:store"), "C0203");
    cr_expect(support_exists(log, pattern("fetch by=pc-bob msg=%u", m3)));
    world_destroy(world);
}

Test(lessons, t03_sending_and_fetching_need_different_servers)
{
    struct world *world = played("t03-sending-fetching");
    const struct log *log = world_log(world);
    uint32_t m = support_message(log, "Yes");
    cr_expect(support_exists(log, pattern("accept at=submit msg=%u", m)), "C0301");
    cr_expect_eq(support_copies(log, m, BOB), 1, "C0301");
    cr_expect(support_exists(log, "fetch by=pc-alice"), "C0302");
    cr_expect(support_exists(log, "tcp.open from=pc-alice to=submit result=timeout"), "C0302");
    cr_expect_eq(support_copies(log, support_message(log, "One more thing"), BOB), 1);
    cr_expect(support_exists(log, "deliver at=imap-a rcpt=alice@example.com"));
    cr_expect(support_exists(log, "lmtp.reply from=imap-a code=250"));
    world_destroy(world);
}

/* The wrong outgoing server refuses, for it has no such door; put right, the mail goes. */
Test(lessons, t03_the_incoming_server_takes_no_mail)
{
    struct world *world = support_world_shipped("t03-sending-fetching", 1);
    support_do(world, 0, "set pc-alice outgoing=imap-a.example.com");
    support_do(world, VTIME_S, "send from=alice@example.com to=bob@example.org subject=Wrong");
    support_do(world, VTIME_MIN, "set pc-alice outgoing=submit.example.com");
    world_run_until(world, VTIME_H);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "tcp.open from=pc-alice to=imap-a port=587 result=refused"),
              "C0303");
    cr_expect(support_exists(log, "conf at=pc-alice key=outgoing value=submit.example.com"));
    cr_expect_eq(support_copies(log, support_message(log, "Wrong"), BOB), 1);
    world_destroy(world);
}

/* There is no mail program here: the learner is one end of the wire. What the other end knows. */
Test(lessons, t04_has_a_server_and_nobody_else)
{
    struct world *world = support_world_shipped("t04-be-the-mta", 1);
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    cr_expect(log_find_place(log, SLICE("mta-mx1")) > 0);
    cr_expect_eq(support_count(log, EVENT_MESSAGE), 0);
    world_destroy(world);
}

Test(lessons, t05_envelope_and_header_are_two_things)
{
    struct world *world = played("t05-three-layers");
    const struct log *log = world_log(world);
    uint32_t m = support_message(log, "Who else?");
    cr_expect_eq(support_copies(log, m, "carol@example.net/INBOX"), 1, "C0501");
    cr_expect_eq(support_copies(log, m, BOB), 1);
    cr_expect_not(support_header_has(log, m, BOB, "Bcc", 1, "carol"), "C0501");
    cr_expect(support_exists(log, "dsn to=alice@example.com action=failed status=5.1.1"), "C0503");
    cr_expect(support_exists(log, "reject at=mx1 code=550 rcpt=nobody@example.org"));
    uint32_t picture = support_message(log, "A picture"), film = support_message(log, "A film");
    const struct event *copy = support_match(log, 0, pattern("deliver msg=%u", picture));
    cr_assert_not_null(copy);
    size_t size = log_text(log, event_as_deliver(copy)->header).size +
                  log_text(log, event_as_deliver(copy)->body).size;
    cr_expect(size >= 78000 && size < 80000, "C0504: %zu", size);
    cr_expect(
        support_exists(log, pattern("smtp.reply from=submit verb=MAIL code=552 msg=%u", film)),
        "C0505");
    cr_expect_not(support_exists(log, pattern("smtp.cmd from=pc-alice verb=DATA msg=%u", film)),
                  "C0505: refused before any of it was sent (RFC 1870 6.1)");
    world_destroy(world);
}

/* RFC 6409: completed, not guessed at, refused at once or later. */
Test(lessons, t06_the_desk_completes_and_refuses)
{
    struct world *world = played("t06-submission");
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "complete at=submit what~Date"), "C0602");
    cr_expect(support_exists(log, "complete at=submit what~Message-ID"), "C0602");
    cr_expect(support_exists(log, "deliver box=" BOB));
    cr_expect(support_exists(log, "smtp.reply from=submit verb=RCPT code=554"), "C0603");
    uint32_t now = support_message(log, "Refused at once"),
             later = support_message(log, "Comes back later");
    cr_expect(support_exists(log, pattern("smtp.reply from=submit code=550 msg=%u", now)), "C0604");
    cr_expect_not(support_exists(log, pattern("accept msg=%u", now)));
    cr_expect(support_exists(log, pattern("dsn to=alice@example.com about=%u", later)), "C0604");
    world_destroy(world);
}
