/*
 * L24, the exam: all of T01 to T23 at once. Each ticket's fault makes its complaint true, and after
 * the repair that is accepted a regression mail arrives.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "support_mediators.h"
#include "support_run.h"

#define BOB "bob@example.org/INBOX"
#define BEA "bea@hub.example.org/INBOX"

static struct world *world;
static const struct log *trace;

static void open_world(void)
{
    world = support_world_shipped("t24-outage", 1);
    trace = world_log(world);
}

static void close_world(void)
{
    support_check_conservation(trace);
    world_destroy(world);
}

TestSuite(t24, .init = open_world, .fini = close_world, .timeout = 120);

static void act(const char *action)
{
    support_do(world, world_now(world), action);
}

static void wait_for(int64_t time)
{
    world_run_until(world, world_now(world) + time);
}

/* Somebody writes; the world runs for a minute. Gives the message's number. */
static uint32_t send(const char *from, const char *to, const char *subject)
{
    char action[256];
    snprintf(action, sizeof action, "send from=%s to=%s subject=%s body=Hello", from, to, subject);
    act(action);
    wait_for(VTIME_MIN);
    return support_message(trace, subject);
}

static uint32_t from_alice(const char *to, const char *subject)
{
    return send("alice@example.com", to, subject);
}

static uint32_t copies(uint32_t msg)
{
    return support_copies(trace, msg, BOB);
}

static bool exists(const char *form, uint32_t msg)
{
    return support_exists(trace, support_pattern(form, msg));
}

static bool has_left(const char *host, uint32_t msg)
{
    char pattern[80];
    snprintf(pattern, sizeof pattern, "queue.remove at=%s msg=%u", host, (unsigned)msg);
    return support_exists(trace, pattern);
}

Test(t24, with_all_faults_cleared_every_road_is_open)
{
    static const struct {
        const char *subject, *box;
    } arrivals[] = {
        {"Monday", BOB},
        {"From my desk", BOB},
        {"To the class", BOB},
        {"To the class", "alice@example.com/INBOX"},
        {"To the class", "bea@example.org/INBOX"},
        {"To the class", BEA},
        {"To the class", "carol@desk.example.com/INBOX"},
        {"By a detour", BOB},
        {"To the staff", BOB},
        {"To the staff", "carol@example.net/INBOX"},
        {"Re: Monday", "alice@example.com/INBOX"},
        {"Hello desk", "amir@desk.example.com/INBOX"},
        {"From a new customer", BOB},
        {"Tuesday", "amir@example.com/INBOX"},
    };
    struct problem problem = {0};
    cr_assert(world_demo(world, &problem), "%s", problem.what);
    world_run_quiet(world, VTIME_NEVER);
    for (size_t i = 0; i < sizeof arrivals / sizeof *arrivals; i++)
        cr_expect_eq(
            support_copies(trace, support_message(trace, arrivals[i].subject), arrivals[i].box), 1,
            "%s", arrivals[i].subject);
    static const char *const readers[] = {"mua-alice", "mua-amir",  "mua-bob",  "mua-phone",
                                          "mra-desk",  "mua-carol", "mua-desk", "mua1"};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        char pattern[40];
        snprintf(pattern, sizeof pattern, "fetch by=%s", readers[i]);
        cr_expect(support_exists(trace, pattern), "%s", readers[i]);
    }
    cr_expect(!support_exists(trace, "reject") && !support_exists(trace, "dsn"));
    cr_expect(!support_exists(trace, "queue.defer"));
    cr_expect(support_exists(trace, "fetch by=webmail") ||
              support_exists(trace, "http.reply code=200"));
    cr_expect_str_eq(support_path(trace, 1, BOB), "submit out mx1 store");
    cr_expect_str_eq(support_path(trace, 2, BOB), "desk relay mx1 store");
}

Test(t24, x1_the_password_for_the_smart_host_has_expired)
{
    act("fault x1 on");
    uint32_t m = send("amir@desk.example.com", "bob@example.org", "M");
    cr_expect_eq(copies(m), 0);
    cr_expect(exists("queue.defer at=desk msg=# rcpt=bob@example.org", m), "it waits at the desk");
    cr_expect(!support_exists(trace, "dsn"));
    (void)send("bob@example.org", "amir@desk.example.com", "Read");
    act("fetch by=mua-desk");
    wait_for(VTIME_MIN);
    cr_expect(support_exists(trace, "fetch by=mua-desk"), "he can read");
    act("set desk next_password=secret-amir");
    act("flush desk");
    wait_for(VTIME_MIN);
    cr_expect_eq(copies(m), 1, "and has left the queue");
    uint32_t regression = send("amir@desk.example.com", "bob@example.org", "M2");
    cr_expect(support_before(trace, "smtp.reply code=535", "auth from=desk result=ok"));
    cr_expect(has_left("desk", regression));
    cr_expect_eq(copies(regression), 1);
}

Test(t24, x2_a_greylist_keeps_new_customers_waiting)
{
    act("fault x2 on");
    act("robot pool");
    world_run_quiet(world, VTIME_NEVER);
    uint32_t m = support_message(trace, "From a new customer");
    cr_expect(exists("smtp.reply code=450 esc=4.7.1 msg=#", m));
    cr_expect_geq(support_between(trace, "message by=pool", "deliver msg=1"), 30 * 60);
    act("set filter-mx1 greylist=false");
    m = from_alice("bob@example.org", "M2");
    cr_expect_eq(copies(m), 1, "at once, from somebody whom mx1 has not seen");
}

Test(t24, x3_an_old_laptop_takes_everything_away)
{
    uint32_t m = from_alice("bob@example.org", "M");
    act("fault x3 on");
    act("fetch by=pc-bob");
    wait_for(VTIME_MIN);
    cr_expect(exists("remove by=pc-bob msg=#", m));
    act("fetch by=phone-bob");
    wait_for(VTIME_MIN);
    cr_expect(!exists("fetch by=phone-bob msg=#", m), "nothing is there for it");
    act("set pc-bob pop_delete=false");
    act("forward by=pc-bob message=1 to=bob@example.org");
    wait_for(VTIME_MIN);
    act("fetch by=pc-bob");
    wait_for(VTIME_MIN);
    act("fetch by=phone-bob");
    wait_for(VTIME_MIN);
    cr_expect(support_exists(trace, "conf at=mua-bob key=pop_delete value=false"));
    cr_expect_eq(support_matches(trace, "remove by=pc-bob"), 1);
    cr_expect_eq(support_matches(trace, "fetch by=phone-bob"), 1, "it is back from the laptop");
}

Test(t24, x4_the_mx_still_names_the_old_host)
{
    act("fault x4 on");
    uint32_t m = from_alice("bob@example.org", "M");
    cr_expect(exists("queue.defer at=out msg=#", m));
    cr_expect_eq(copies(m), 0);
    act("fault x4 off");
    uint32_t regression = send("carol@desk.example.com", "bob@example.org", "M2");
    world_run_quiet(world, VTIME_NEVER);
    cr_expect(support_exists(trace, "dns.answer name=example.org type=MX"));
    cr_expect_eq(copies(regression), 1);
    cr_expect_eq(copies(m), 1, "at the next try");
}

Test(t24, x5_the_answer_to_the_final_dot_comes_too_late)
{
    act("fault x5 on");
    uint32_t m = from_alice("bob@example.org", "M");
    wait_for(3 * VTIME_H);
    cr_expect_gt(copies(m), 1);
    act("set out final_dot_timeout=30min");
    wait_for(3 * VTIME_H);
    uint32_t regression = from_alice("bob@example.org", "M2");
    world_run_quiet(world, VTIME_NEVER);
    cr_expect_eq(copies(regression), 1);
}

Test(t24, x6_without_its_smart_host_the_desk_meets_a_closed_gate)
{
    act("fault x6 on");
    uint32_t m = send("amir@desk.example.com", "bob@example.org", "M");
    cr_expect(support_exists(trace, "block at=fw from=desk to=mx1 port=25"));
    cr_expect_eq(copies(m), 0);
    cr_expect_eq(copies(send("amir@example.com", "bob@example.org", "Graphical")), 1);
    act("set desk next=relay.example.net");
    act("flush desk");
    wait_for(VTIME_MIN);
    cr_expect(has_left("desk", m));
    cr_expect(support_exists(trace, "conf at=mta-desk key=next value=relay.example.net"));
    cr_expect_eq(copies(m), 1);
}

Test(t24, x7_a_backup_that_knows_nobody_sends_bounces_to_the_innocent)
{
    act("fault x7 on");
    act("robot bulk");
    world_run_quiet(world, VTIME_NEVER);
    uint32_t bounces = support_matches(trace, "dsn at=mx2 to=alice@example.com");
    cr_expect_eq(bounces, 3);
    cr_expect(support_exists(trace, "deliver at=imap-a rcpt=alice@example.com"));
    act("set mta-mx2 local=example.org");
    act("robot bulk");
    world_run_quiet(world, VTIME_NEVER);
    cr_expect(support_exists(trace, "smtp.reply from=mx2 verb=RCPT code=550"));
    cr_expect_eq(support_matches(trace, "dsn at=mx2"), bounces, "and no more");
    act("fault link-cut on");
    cr_expect_eq(copies(from_alice("bob@example.org", "M")), 1, "Bob it does know");
}

Test(t24, x8_a_list_that_changes_the_text_and_keeps_from)
{
    act("fault x8 on");
    uint32_t m = from_alice("class@lists.example.net", "M");
    cr_expect(exists("dmarc msg=# result=fail policy=reject", m));
    cr_expect(exists("reject at=mx1 code=550 msg=#", m));
    cr_expect_eq(copies(m), 0);
    act("set list-class footer=\"\"");
    uint32_t plain = from_alice("class@lists.example.net", "M2");
    cr_expect(exists("dmarc msg=# result=pass", plain), "one repair: no footer");
    cr_expect_eq(copies(plain), 1);
    act("set list-class footer=Members rewrite_from=true");
    uint32_t own = from_alice("class@lists.example.net", "M3");
    cr_expect(exists("dmarc msg=# result=pass", own), "the other: its own From");
    cr_expect_eq(copies(own), 1);
}

Test(t24, x9_bob_and_carol_forward_to_each_other)
{
    act("fault x9 on");
    uint32_t m = from_alice("bob@example.org", "M");
    world_run_quiet(world, VTIME_NEVER);
    cr_expect(exists("reject code=554 msg=# text~hops", m));
    cr_expect(exists("dsn about=# to=alice@example.com", m));
    cr_expect_eq(copies(m), 0);
    uint32_t refusals = support_matches(trace, "reject code=554");
    act("remove bob@example.org .forward");
    cr_expect_eq(copies(from_alice("bob@example.org", "M2")), 1);
    cr_expect_eq(support_matches(trace, "reject code=554"), refusals);
}

Test(t24, x10_the_box_at_the_cafe_strips_the_offer_of_tls)
{
    act("fault x10 on");
    uint32_t m = from_alice("bob@example.org", "M");
    cr_expect(!has_left("pc-alice", m));
    cr_expect(!support_exists(trace, "auth from=pc-alice"), "her program shows no password");
    act("set pc-alice tls=implicit port=465");
    uint32_t regression = from_alice("bob@example.org", "M2");
    cr_expect(support_exists(trace, "tls.up from=pc-alice port=465"));
    cr_expect_eq(copies(regression), 1);
    world_run_quiet(world, VTIME_NEVER);
    cr_expect_eq(copies(m), 1);
}

/* Bea's program writes the mailbox anew; a second behind it a delivery comes. */
static void write_over(const char *subject)
{
    char action[120];
    act("fetch by=mua1");
    wait_for(VTIME_MIN);
    act("delete by=mua1 message=1");
    act("expunge by=mua1");
    wait_for(VTIME_S);
    snprintf(action, sizeof action,
             "send from=bea@hub.example.org to=bea@hub.example.org subject=%s", subject);
    act(action);
    wait_for(2 * VTIME_MIN);
    act("fetch by=mua2");
    wait_for(VTIME_MIN);
}

Test(t24, x11_nobody_locks_the_mailbox_of_bea)
{
    act("fault x11 on");
    from_alice("bea@hub.example.org", "M1");
    from_alice("bea@hub.example.org", "M2");
    write_over("M3");
    uint32_t damages = support_matches(trace, "file at=hub op=corrupt path=/var/mail/bea");
    cr_expect_eq(damages, 1);
    cr_expect(!exists("fetch by=mua2 msg=#", support_message(trace, "M3")));
    act("set hub locking=true");
    from_alice("bea@hub.example.org", "M4");
    write_over("M5");
    cr_expect(support_exists(trace, "conf at=store-hub key=locking value=true"));
    cr_expect_eq(support_matches(trace, "file at=hub op=corrupt path=/var/mail/bea"), damages);
    cr_expect(exists("fetch by=mua2 msg=#", support_message(trace, "M5")));
}

Test(t24, x12_on_the_list_and_behind_an_alias_that_is_on_the_list)
{
    act("fault x12 on");
    cr_expect_eq(copies(from_alice("class@lists.example.net", "M")), 2);
    act("set list-class members=bob@example.org,bea@example.org");
    cr_expect_eq(copies(from_alice("class@lists.example.net", "M2")), 1);
}
