/* Lesson 7, finding the next hop: its cards, its faults, its checks. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support_dns.h"

enum { CARD_MAX = 4 };

/* What is played at the name server after taking away the MX records of example.org. */
struct card {
    const char *name;
    const char *actions[CARD_MAX];
};

static const struct card cards[] = {
    {"a",
     {"dns add example.org MX mx1.example.org pref=10 ttl=60",
      "dns add example.org MX mx2.example.org pref=20 ttl=60"}},
    {"b",
     {"dns add example.org MX mx1.example.org pref=10 ttl=60",
      "dns add example.org MX mx2.example.org pref=10 ttl=60"}},
    {"c", {"dns add example.org A 203.0.113.25"}},
    {"d", {"dns add example.org MX . pref=0"}},
    {"e",
     {"dns add example.org MX mail.example.org pref=10", "dns add example.org A 203.0.113.80"}},
};

struct play {
    struct world *world;
    const struct log *log;
};

static void start(struct play *p, const char *card, uint64_t seed)
{
    p->world = support_world_shipped("t07-next-hop", seed);
    p->log = world_log(p->world);
    support_do(p->world, 0, "dns remove example.org MX");
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++)
        for (size_t k = 0; !strcmp(cards[i].name, card) && k < CARD_MAX && cards[i].actions[k]; k++)
            support_do(p->world, 0, cards[i].actions[k]);
}

static void finish(struct play *p)
{
    support_check_conservation(p->log);
    world_destroy(p->world);
}

static void send_to(struct play *p, const char *rcpt)
{
    char action[128];
    snprintf(action, sizeof action, "send from=alice@example.com to=%s subject=Hello", rcpt);
    support_do(p->world, world_now(p->world), action);
    world_run_quiet(p->world, world_now(p->world) + VTIME_MIN);
}

static void send(struct play *p)
{
    send_to(p, "bob@example.org");
}

static bool is_at(const struct log *log, uint32_t place, const char *host)
{
    return log_host_of(log, place) == log_find_place(log, slice_of(host));
}

/* path(M, ...): who accepted the message, one after the other, as "submit out mx1". */
static const char *path_of(const struct log *log, uint32_t msg, char text[64])
{
    size_t size = 0;
    text[0] = '\0';
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_accept *e = event_as_accept(log_at(log, id));
        if (!e || e->msg != msg)
            continue;
        struct slice host =
            log_text(log, event_as_host(log_place(log, log_host_of(log, e->at)))->id);
        size +=
            (size_t)snprintf(text + size, 64 - size, "%s%.*s", size ? " " : "", SLICE_ARG(host));
    }
    return text;
}

/* The status of the one notice that the mail could not be delivered; "" when there is none. */
static const char *dsn_status(const struct log *log)
{
    const struct event *e = support_find(log, EVENT_DSN, 0);
    return e && slice_equal(log_text(log, event_as_dsn(e)->action), SLICE("failed"))
               ? log_text(log, event_as_dsn(e)->status).data
               : "";
}

static bool is_delivered(const struct log *log)
{
    const struct event *e = support_find(log, EVENT_DELIVER, 0);
    return e && is_at(log, event_as_deliver(e)->at, "mx1");
}

Test(t07, c0701_the_best_host_gets_it)
{
    struct play p;
    char text[64];
    start(&p, "a", 1);
    send(&p);
    cr_expect_str_eq(path_of(p.log, 1, text), "submit out mx1");
    cr_expect(is_delivered(p.log));
    finish(&p);
}

Test(t07, c0702_the_backup_holds_it_until_the_best_host_is_back)
{
    struct play p;
    char text[64];
    start(&p, "a", 1);
    support_do(p.world, 0, "fault mx1-down on");
    send(&p);
    cr_expect_eq(support_opens(p.log, 0, "out", "mx1", "timeout"), 1);
    cr_expect_eq(support_opens(p.log, 0, "out", "mx2", "ok"), 1);
    cr_expect_str_eq(path_of(p.log, 1, text), "submit out mx2");
    support_do(p.world, world_now(p.world), "fault mx1-down off");
    world_run_until(p.world, VTIME_H);
    cr_expect_str_eq(path_of(p.log, 1, text), "submit out mx2 mx1");
    cr_expect(is_delivered(p.log));
    finish(&p);
}

/* A permanent no ends the search (RFC 5321 5.1). */
Test(t07, c0703_a_refusal_is_not_tried_elsewhere)
{
    struct play p;
    start(&p, "a", 1);
    support_do(p.world, 0, "fault mx1-refuses-user on");
    send(&p);
    cr_expect_eq(support_opens(p.log, 0, "out", "mx2", ""), 0);
    cr_expect_str_eq(dsn_status(p.log), "5.1.1");
    finish(&p);
}

/* RFC 5321 5.1: equal preferences share the load; over some seeds both come first. */
Test(t07, card_b_draws_between_equals)
{
    int first[2] = {0};
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct play p;
        start(&p, "b", seed);
        send(&p);
        bool has_mx1 = support_opens(p.log, 0, "out", "mx1", "ok") == 1;
        bool has_mx2 = support_opens(p.log, 0, "out", "mx2", "ok") == 1;
        cr_expect_neq(has_mx1, has_mx2, "one of them is enough");
        first[has_mx2]++;
        cr_expect(is_delivered(p.log), "mx2 passes it on");
        finish(&p);
    }
    cr_expect(first[0] > 0 && first[1] > 0, "%d and %d", first[0], first[1]);
}

Test(t07, c0704_no_mx_means_the_address_and_null_mx_means_no)
{
    struct play c, d;
    start(&c, "c", 1);
    send(&c);
    cr_expect(is_delivered(c.log), "the implicit MX");
    finish(&c);
    start(&d, "d", 1);
    send(&d);
    cr_expect_str_eq(dsn_status(d.log), "5.1.10");
    cr_expect_eq(support_opens(d.log, 0, "out", "mx1", ""), 0);
    finish(&d);
}

Test(t07, c0705_no_fall_back_to_the_address_no_domain_no_answer)
{
    struct play e, f, g;
    start(&e, "e", 1);
    send(&e);
    cr_expect_eq(support_opens(e.log, 0, "out", "www", ""), 0);
    cr_expect_str_eq(dsn_status(e.log), "5.4.4");
    finish(&e);
    start(&f, "a", 1);
    send_to(&f, "bob@example.invalid");
    cr_expect_eq(support_answers(f.log, 0, "dns", "out", "example.invalid", "NXDOMAIN"), 1);
    cr_expect_str_eq(dsn_status(f.log), "5.1.2");
    finish(&f);
    start(&g, "a", 1);
    send(&g);
    world_run_until(g.world, 2 * VTIME_MIN); /* what was known has become old */
    support_do(g.world, world_now(g.world), "fault dns-down on");
    send(&g);
    cr_expect_eq(support_count(g.log, EVENT_DSN), 0);
    cr_expect_eq(support_answers(g.log, 0, "dns", "out", "example.org", "TIMEOUT"), 1);
    cr_expect_geq(support_count(g.log, EVENT_QUEUE_DEFER), 1);
    support_do(g.world, world_now(g.world), "fault dns-down off");
    world_run_until(g.world, VTIME_H);
    cr_expect_eq(support_count(g.log, EVENT_DELIVER), 2, "silence waits");
    finish(&g);
}

/* RFC 5321 5.1, 2.3.5; RFC 7505; RFC 2181 10.3: what the list may still look like. */
static const struct {
    const char *clause, *actions[CARD_MAX];
    const char *tried;  /* hosts that out connects to, in order */
    const char *status; /* of the notice; "": delivered; "wait": neither */
} lists[] = {
    {"5321 5.1: a CNAME at the domain is followed",
     {"dns add mail.example.net MX mx1.example.org",
      "dns add alias.example.org CNAME mail.example.net"},
     "mx1",
     "alias"},
    {"5321 5.1: an MX whose name has no address is passed over",
     {"dns add example.org MX none.example.org pref=5",
      "dns add example.org MX mx1.example.org pref=10"},
     "mx1",
     ""},
    {"2181 10.3: an MX that is an alias is a mistake, and is followed all the same",
     {"dns add m.example.org CNAME mx1.example.org", "dns add example.org MX m.example.org pref=5"},
     "mx1",
     ""},
    {"7505 3: a null MX among others says nothing",
     {"dns add example.org MX . pref=0", "dns add example.org MX mx1.example.org pref=10"},
     "mx1",
     ""},
    {"5321 5.1: the next one when nobody listens at the first",
     {"dns add example.org MX www.example.org pref=1",
      "dns add example.org MX mx1.example.org pref=10"},
     "www mx1",
     ""},
    {"5321 5.1: the sender itself is in the list, with those behind it",
     {"dns add example.org MX out.example.com pref=1",
      "dns add example.org MX mx1.example.org pref=10"},
     "",
     "5.4.6"},
    {"5321 5.1: nobody listens anywhere: later",
     {"dns add example.org MX www.example.org pref=1"},
     "www",
     "wait"},
    {"4343: names in any case", {"dns add EXAMPLE.org MX MX1.example.ORG pref=1"}, "mx1", ""},
    {"5321 5.1: AAAA alone does not help a sender that has IPv4 only",
     {"dns add example.org MX six.example.org pref=1", "dns add six.example.org AAAA 2001:db8::25"},
     "",
     "5.4.4"},
};

Test(t07, other_lists_of_mail_hosts)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct play p;
        char tried[64] = "";
        bool is_alias = !strcmp(lists[i].status, "alias");
        start(&p, "none", 1);
        for (size_t k = 0; k < CARD_MAX && lists[i].actions[k]; k++)
            support_do(p.world, 0, lists[i].actions[k]);
        if (is_alias)
            support_do(p.world, 0, "set mta-mx1 local=example.org,alias.example.org");
        send_to(&p, is_alias ? "bob@alias.example.org" : "bob@example.org");
        for (uint32_t id = 0; id < log_count(p.log); id++) {
            const struct event_tcp_connect *c = event_as_tcp_connect(log_at(p.log, id));
            if (!c || !is_at(p.log, c->from, "out"))
                continue;
            struct slice host =
                log_text(p.log, event_as_host(log_place(p.log, log_host_of(p.log, c->to)))->id);
            size_t size = strlen(tried);
            snprintf(tried + size, sizeof tried - size, "%s%.*s", size ? " " : "", SLICE_ARG(host));
        }
        cr_expect_str_eq(tried, lists[i].tried, "%s: %s", lists[i].clause, tried);
        if (!strcmp(lists[i].status, "wait"))
            cr_expect(support_count(p.log, EVENT_QUEUE_DEFER) > 0 && !*dsn_status(p.log), "%s",
                      lists[i].clause);
        else if (!is_alias)
            cr_expect_str_eq(dsn_status(p.log), lists[i].status, "%s", lists[i].clause);
        support_check_conservation(p.log);
        world_destroy(p.world);
    }
}

Test(t07, the_demonstration_is_the_same_twice)
{
    uint64_t hash[2];
    for (int i = 0; i < 2; i++) {
        struct problem problem = {0};
        struct world *w = support_world_shipped("t07-next-hop", 1);
        cr_assert(world_demo(w, &problem), "%s", problem.what);
        world_run_until(w, 2 * VTIME_H);
        cr_expect_eq(support_opens(world_log(w), 0, "out", "mx2", "ok"), 1);
        cr_expect_str_eq(dsn_status(world_log(w)), "5.1.10");
        hash[i] = support_hash(world_log(w));
        support_check_conservation(world_log(w));
        world_destroy(w);
    }
    cr_expect_eq(hash[0], hash[1]);
}

/* ---- the words of the action ---- */

Test(t07, records_are_changed_in_words)
{
    static const struct {
        const char *action, *problem; /* NULL: taken */
    } rows[] = {
        {"dns add a.example.org A 192.0.2.1", NULL},
        {"dns add a.example.org. TXT data=\"v=spf1 mx -all\" ttl=60", NULL},
        {"dns add _smtp._tcp.example.org SRV 0 25 mx1.example.org pref=1", NULL},
        {"dns remove example.org MX", NULL},
        {"dns remove example.org mx mx2.example.org pref=20", NULL},
        {"dns", "dns needs"},
        {"dns take example.org MX mx1", "dns needs add or remove"},
        {"dns add example.org MX", "bad data"},
        {"dns add example.org A mx1.example.org", "bad data"},
        {"dns add example.org MX . pref=10", "bad data"},
        {"dns add example.org POTATO x", "no type of record"},
        {"dns add exa..mple.org A 192.0.2.1", "no DNS name"},
        {"dns add example.org MX mx1.example.org pref=70000", "pref is a number"},
        {"dns add example.org A 192.0.2.1 ttl=soon", "ttl is a time"},
    };
    struct world *w = support_world_shipped("t07-next-hop", 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct problem problem = {0};
        bool ok = world_do(w, 0, slice_of(rows[i].action), &problem);
        cr_expect_eq(ok, !rows[i].problem, "%s: %s", rows[i].action, problem.what);
        cr_expect(ok || strstr(problem.what, rows[i].problem), "%s: %s", rows[i].action,
                  problem.what);
    }
    world_run_quiet(w, VTIME_NEVER);
    const struct log *log = world_log(w);
    cr_expect_eq(support_count(log, EVENT_RECORD), 5, "three come, two go");
    cr_expect_eq(support_count(log, EVENT_UI), 1, "the last record was gone already");
    world_destroy(w);
}

/* The preference is a part of the data (RFC 1035 3.3.9), but who takes out a mail host means the
   one record that names it. Where two do, it has to be said which. */
Test(t07, a_mail_host_is_taken_out_without_its_preference)
{
    struct world *w = support_world_shipped("t07-next-hop", 1);
    support_do(w, 0, "dns remove example.org MX mx2.example.org");
    support_do(w, 0, "dns add example.org MX mx1.example.org pref=30");
    world_run_quiet(w, 0);
    cr_expect_eq(support_count(world_log(w), EVENT_RECORD), 2, "one gone, one new");
    support_do(w, 0, "dns remove example.org MX mx1.example.org");
    world_run_quiet(w, 0);
    const struct event_ui *said = event_as_ui(support_find(world_log(w), EVENT_UI, 0));
    cr_assert(said, "two records name mx1");
    struct slice what = log_text(world_log(w), said->what);
    cr_expect(slice_find(what, SLICE("pref=10, pref=30"), 0) != SLICE_NONE, "%.*s",
              SLICE_ARG(what));
    support_do(w, 0, "dns remove example.org MX mx1.example.org pref=30");
    support_do(w, 0, "dns remove example.org MX mx1.example.org");
    world_run_quiet(w, 0);
    cr_expect_eq(support_count(world_log(w), EVENT_RECORD), 4);
    cr_expect_eq(support_count(world_log(w), EVENT_UI), 1);
    world_destroy(w);
}

/* RFC 1034 3.6.2; RFC 1035 3.3.13: an alias stays alone, and the zone's number counts. */
Test(t07, a_change_keeps_the_zone_in_order)
{
    struct world *w = support_world_shipped("t07-next-hop", 1);
    support_do(w, 0, "dns add example.org CNAME example.com");
    support_do(w, 0, "dns add web.example.org CNAME www.example.org");
    support_do(w, 0, "dns add web.example.org A 192.0.2.1");
    world_run_quiet(w, VTIME_NEVER);
    cr_expect_eq(support_count(world_log(w), EVENT_UI), 2);
    cr_expect_eq(support_count(world_log(w), EVENT_RECORD), 1);
    world_destroy(w);
}
