/* Eavesdroppers and STARTTLS (lesson L20): who reads along, who meddles, and what helps. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "support_run.h"

#define BOB "bob@example.org/INBOX"
#define SEND "send from=alice@example.com to=bob@example.org subject="

static struct world *start(const char *setting)
{
    struct world *world = support_world_shipped("t20-eavesdroppers", 1);
    support_do(world, 0, setting);
    return world;
}

/* Nothing of what Alice says may be in the notebook. */
static void expect_locked(const struct log *log)
{
    cr_expect(support_exists(log, "tap at=cafe-gw text~[TLS,"));
    cr_expect_eq(support_matches(log, "tap at=cafe-gw text~AUTH back=false"), 0);
    cr_expect_eq(support_matches(log, "tap at=cafe-gw text~Subject"), 0);
}

Test(t20_eavesdroppers, without_tls_the_notebook_has_the_password_and_the_letter)
{
    struct world *world = start("set mua-alice tls=never");
    support_do(world, VTIME_S, SEND "M body=\"Dear Bob\\n\"");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "tap at=cafe-gw text~AUTH"), "C2001");
    cr_expect(support_exists(log, "tap at=cafe-gw text~PLAIN"), "C2001");
    cr_expect(support_exists(log, "tap at=cafe-gw text~Dear msg=1"));
    world_destroy(world);
}

Test(t20_eavesdroppers, tls_if_offered_locks_the_line)
{
    struct world *world = start("set mua-alice tls=if-offered");
    support_do(world, VTIME_S, SEND "M2");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "tls.up from=pc-alice to=submit port=587"), "C2001");
    cr_expect_eq(support_matches(log, "smtp.cmd from=pc-alice verb=EHLO"), 2, "C2002");
    cr_expect(support_before(log, "tls.up from=pc-alice to=submit",
                             "auth from=pc-alice mech=PLAIN result=ok tls=true"),
              "C2002");
    expect_locked(log);
    world_destroy(world);
}

Test(t20_eavesdroppers, who_takes_tls_only_if_offered_does_not_notice_that_the_offer_is_gone)
{
    struct world *world = start("set mua-alice tls=if-offered");
    support_do(world, VTIME_S, "fault strip-starttls on");
    support_do(world, 2 * VTIME_S, SEND "M3");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "tamper at=cafe-gw was~STARTTLS now~XXXXXXXX"));
    cr_expect_eq(support_copies(log, 1, BOB), 1, "C2003");
    cr_expect(support_exists(log, "tap at=cafe-gw msg=1 text~Subject"), "C2003");
    cr_expect_not(support_exists(log, "tls.up from=pc-alice"));
    cr_expect_not(support_exists(log, "smtp.reply from=submit text~STARTTLS"),
                  "what her program has read");
    world_destroy(world);
}

Test(t20_eavesdroppers, who_requires_tls_does_not_send_and_port_465_can_not_be_stripped)
{
    struct world *world = start("set mua-alice tls=required");
    support_do(world, VTIME_S, "fault strip-starttls on");
    support_do(world, 2 * VTIME_S, SEND "M4");
    world_run_until(world, VTIME_MIN);
    const struct log *log = world_log(world);
    cr_expect_not(support_exists(log, "accept at=submit msg=1"), "C2004");
    cr_expect_not(support_exists(log, "auth from=pc-alice"));
    support_do(world, VTIME_MIN, "set mua-alice tls=implicit port=465");
    support_do(world, VTIME_MIN + VTIME_S, SEND "M5");
    world_run_until(world, 2 * VTIME_MIN);
    cr_expect(support_exists(log, "tls.up from=pc-alice to=submit port=465"), "C2004");
    cr_expect_eq(support_copies(log, 2, BOB), 1, "C2004");
    support_check_conservation(log);
    world_destroy(world);
}

/* RFC 8461: the policy says that mx1 has TLS and a good certificate, whatever a box shows. */
Test(t20_eavesdroppers, between_servers_a_policy_notices_what_if_offered_does_not)
{
    struct world *world = start("fault strip-mx on");
    support_do(world, VTIME_S, SEND "clear");
    support_do(world, VTIME_MIN, "set mta-out tls=verify");
    support_do(world, VTIME_MIN + VTIME_S, SEND "M6");
    world_run_until(world, 2 * VTIME_MIN);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "tamper at=exchange"));
    cr_expect(support_exists(log, "tap at=exchange msg=1 text~Subject"), "the first went in clear");
    cr_expect_eq(support_copies(log, 1, BOB), 1);
    cr_expect(support_exists(log, "queue.defer at=out msg=2"), "C2005");
    cr_expect_eq(support_copies(log, 2, BOB), 0, "C2005");
    support_do(world, 3 * VTIME_MIN, "fault strip-mx off");
    log = support_run(world);
    cr_expect_eq(support_copies(log, 2, BOB), 1, "and goes when the box is gone");
    world_destroy(world);
}

/* ---- a certificate of the box's own ---- */

Test(t20_eavesdroppers, who_does_not_check_certificates_has_a_man_in_the_middle)
{
    static const struct {
        const char *setting;
        uint32_t port;
    } rows[] = {{"set mua-alice tls=required", 587}, {"set mua-alice tls=if-offered", 587}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world *world = start(rows[i].setting);
        support_do(world, VTIME_S, "fault bad-certificate on");
        support_do(world, 2 * VTIME_S, SEND "Secret");
        const struct log *log = support_run(world);
        cr_expect(support_exists(log, "tls.up from=pc-alice to=cafe-gw port=587"));
        cr_expect(support_exists(log, "tls.up from=cafe-gw to=submit port=587"));
        cr_expect_eq(support_copies(log, 1, BOB), 1, "%s", rows[i].setting);
        cr_expect(support_exists(log, "tap at=cafe-gw text~AUTH"), "%s", rows[i].setting);
        cr_expect(support_exists(log, "tap at=cafe-gw text~Subject"), "%s", rows[i].setting);
        cr_expect(support_exists(log, "tamper at=cafe-gw was=198.51.100.25:587"));
        world_destroy(world);
    }
}

Test(t20_eavesdroppers, who_checks_them_refuses_and_the_box_learns_nothing)
{
    static const char *const rows[] = {"untrusted", "wrong-name", "expired"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char setting[64];
        struct world *world = start("set mua-alice tls=verify");
        snprintf(setting, sizeof setting, "set box-cafe certificate=%s", rows[i]);
        support_do(world, 0, setting);
        support_do(world, VTIME_S, "fault bad-certificate on");
        support_do(world, 2 * VTIME_S, SEND "Secret");
        world_run_until(world, VTIME_MIN);
        const struct log *log = world_log(world);
        cr_expect(support_exists(log, "tls.fail from=pc-alice to=cafe-gw"), "%s", rows[i]);
        cr_expect_not(support_exists(log, "auth from=pc-alice"), "%s", rows[i]);
        cr_expect_not(support_exists(log, "accept at=submit"), "%s", rows[i]);
        cr_expect_eq(support_matches(log, "tap at=cafe-gw text~Subject"), 0);
        support_do(world, 2 * VTIME_MIN, "fault bad-certificate off");
        log = support_run(world);
        cr_expect_eq(support_copies(log, 1, BOB), 1, "it waited in the outbox");
        world_destroy(world);
    }
}

/* POP3 and IMAP have words of their own for it (RFC 2595 4, RFC 9051 6.2.1). With TLS from the
   first octet the program checks certificates (RFC 8314 5.1): all that the box hears is the server.
 */
Test(t20_eavesdroppers, the_man_in_the_middle_speaks_all_protocols)
{
    static const struct {
        const char *setting, *tls, *heard;
        bool is_fetched;
    } rows[] = {
        {"set mua-alice incoming_tls=required", "tls.up from=pc-alice to=cafe-gw port=110",
         "tap at=cafe-gw text~Subject", true},
        {"set mua-alice incoming_tls=required incoming_protocol=imap",
         "tls.up from=pc-alice to=cafe-gw port=143", "tap at=cafe-gw text~Subject", true},
        {"set mua-alice incoming_tls=implicit incoming_port=995",
         "tls.fail from=pc-alice to=cafe-gw port=995", "tap at=cafe-gw text~+OK", false},
        {"set mua-alice incoming_tls=implicit incoming_protocol=imap incoming_port=993",
         "tls.fail from=pc-alice to=cafe-gw port=993", "tap at=cafe-gw text~CAPABILITY", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world *world = start(rows[i].setting);
        support_do(world, 0, "send from=alice@example.com to=alice@example.com subject=Note");
        support_do(world, 5 * VTIME_S, "fault bad-certificate on");
        support_do(world, 10 * VTIME_S, "fetch by=pc-alice");
        const struct log *log = support_run(world);
        const struct event *fault = support_match(log, 0, "fault id=bad-certificate state=on");
        uint32_t after = 0;
        while (log_at(log, after) != fault)
            after++;
        cr_expect(support_match(log, after, rows[i].tls), "%s", rows[i].setting);
        cr_expect(support_match(log, after, rows[i].heard), "%s", rows[i].setting);
        cr_expect_eq(support_exists(log, "fetch by=pc-alice msg=1"), rows[i].is_fetched, "%s",
                     rows[i].setting);
        world_destroy(world);
    }
}

Test(t20_eavesdroppers, a_box_that_is_stopped_does_nothing)
{
    struct world *world = start("set mua-alice tls=if-offered");
    support_do(world, 0, "fault strip-starttls on");
    support_do(world, 0, "fault agent-down box-cafe on");
    support_do(world, 0, "fault agent-down tap-cafe on");
    support_do(world, VTIME_S, SEND "Free");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "tls.up from=pc-alice to=submit port=587"));
    cr_expect_eq(support_matches(log, "tap at=cafe-gw"), 0);
    world_destroy(world);
}
