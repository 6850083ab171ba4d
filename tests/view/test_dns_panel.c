#include <criterion/criterion.h>
#include <string.h>

#include "render/view/dns_asks.h"
#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "tests/view/support_letter.h"
#include "tests/view/support_list.h"

enum { TO_SERVER = 49152u << 16 | 53, FROM_SERVER = 53u << 16 | 49152, UNSEEN = 9999 };

struct tree {
    struct letter l;
    uint32_t root, org; /* hosts */
    uint32_t cause;
    uint16_t id;
};

static uint32_t add(struct tree *t, enum event_kind kind, const void *fields, int64_t after)
{
    struct log *log = &t->l.story.log;
    t->l.story.t += after;
    return t->cause = log_add(log, t->l.story.t, t->cause, kind, 0, fields);
}

static uint32_t text(struct tree *t, const char *words)
{
    return story_text(&t->l.story, words);
}

static uint32_t host(struct tree *t, const char *id)
{
    add(t, EVENT_HOST,
        &(struct event_host){text(t, id), text(t, id), text(t, "192.0.2.9"), text(t, ""), 500, 500},
        0);
    return log_place_count(&t->l.story.log);
}

static void begin(struct tree *t)
{
    *t = (struct tree){0};
    letter_begin(&t->l);
    t->root = host(t, "root");
    t->org = host(t, "tld-org");
    letter_written(&t->l, SLICE("Subject: Hello\r\n\r\n"));
    t->cause = log_count(&t->l.story.log) - 1;
}

static void send(struct tree *t, uint32_t from, uint32_t to, uint32_t ports,
                 const struct dns_message *m)
{
    struct bytes wire;
    bytes_init(&wire, DNS_MESSAGE_MAX);
    cr_assert(dns_message_encode(m, 0, &wire));
    add(t, EVENT_UDP_DATAGRAM,
        &(struct event_udp_datagram){
            from, to, ports, log_intern(&t->l.story.log, bytes_slice(&wire)), 20000, text(t, "")},
        20 * VTIME_MS);
    bytes_finish(&wire);
}

static void ask(struct tree *t, uint32_t from, uint32_t to, const char *name, unsigned type)
{
    char word[16];
    send(t, from, to, TO_SERVER,
         &(struct dns_message){.id = ++t->id,
                               .has_question = true,
                               .name = slice_of(name),
                               .type = type,
                               .wants_recursion = true});
    add(t, EVENT_DNS_QUERY,
        &(struct event_dns_query){from, to, text(t, name), text(t, dns_type_name(type, word)),
                                  t->id},
        20 * VTIME_MS);
}

/* `m` without its head; the asker reads it 20 ms later. */
static void answer(struct tree *t, uint32_t from, uint32_t to, uint16_t id, const char *name,
                   unsigned type, struct dns_message m, const char *data)
{
    char word[16];
    m.id = id;
    m.is_response = m.has_question = true;
    m.name = slice_of(name);
    m.type = type;
    send(t, from, to, FROM_SERVER, &m);
    add(t, EVENT_DNS_ANSWER,
        &(struct event_dns_answer){from, to, text(t, name), text(t, dns_type_name(type, word)),
                                   text(t, dns_rcode_name(m.rcode)), text(t, data)},
        20 * VTIME_MS);
}

static struct dns_record mx(const char *name, uint32_t ttl_s)
{
    return (struct dns_record){.name = slice_of(name),
                               .type = DNS_TYPE_MX,
                               .ttl_s = ttl_s,
                               .preference = 10,
                               .target = SLICE("mx1.example.org")};
}

/* out asks the resolver on dns, which asks the root and org before it answers. */
static void ask_all_the_way(struct tree *t)
{
    const struct story *s = &t->l.story;
    struct dns_record ns = {
        .name = SLICE("org"), .type = DNS_TYPE_NS, .ttl_s = 172800, .target = SLICE("a.org.test")};
    struct dns_record records[] = {mx("example.org", 3600)};
    ask(t, s->out, s->dns, "example.org", DNS_TYPE_MX);
    uint16_t first = t->id;
    ask(t, s->dns, t->root, "example.org", DNS_TYPE_MX);
    answer(t, t->root, s->dns, t->id, "example.org", DNS_TYPE_MX,
           (struct dns_message){.authority = &ns, .authority_count = 1},
           "referral to org: a.org.test");
    ask(t, s->dns, t->org, "example.org", DNS_TYPE_MX);
    answer(t, t->org, s->dns, t->id, "example.org", DNS_TYPE_MX,
           (struct dns_message){.answers = records, .answer_count = 1, .is_authoritative = true},
           "10 mx1.example.org");
    answer(t, s->dns, s->out, first, "example.org", DNS_TYPE_MX,
           (struct dns_message){.answers = records, .answer_count = 1, .has_recursion = true},
           "10 mx1.example.org");
}

Test(dns_panel, asks_are_tied_to_their_message_and_to_the_ask_that_they_are_for)
{
    struct tree t;
    struct dns_asks asks = {0};
    begin(&t);
    ask_all_the_way(&t);
    dns_asks_update(&asks, &t.l.story.log);
    cr_assert_eq(asks.asks.count, 3);
    const struct dns_ask *all = asks.asks.items;
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(all[i].msg, 1, "ask %d", i);
        cr_expect(all[i].query && all[i].reply && all[i].noted, "ask %d", i);
        cr_expect_eq(all[i].parent, i ? 1 : 0, "ask %d", i);
    }
    cr_expect(all[0].first_child == 2 && all[1].next == 3 && all[2].next == 0);
    cr_expect_eq(all[1].kept, DNS_KEPT_REFERRAL);
    cr_expect(slice_equal(all[1].zone, SLICE("org")) && all[1].ttl_s == 172800);
    dns_asks_finish(&asks);
    letter_end(&t.l);
}

Test(dns_panel, shows_question_steps_answer_flags_and_what_is_left_of_the_ttl)
{
    struct tree t;
    begin(&t);
    ask_all_the_way(&t);
    add(&t, EVENT_INPUT, &(struct event_input){text(&t, "later")}, 100 * VTIME_S);
    letter_show(&t.l, "dns");
    static const char *const texts[] = {"out \xE2\x86\x92 dns: MX example.org?",
                                        "1. dns \xE2\x86\x92 root: MX example.org?",
                                        "referral to org: a.org.test",
                                        "2. dns \xE2\x86\x92 tld-org",
                                        "it had to ask 2 questions of its own",
                                        "example.org MX 10 mx1.example.org",
                                        "TTL 3600 s, 3500 s left",
                                        "NOERROR RA",
                                        "What dns keeps now"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect(letter_tells(&t.l, texts[i]), "%s", texts[i]);
    letter_end(&t.l);
}

Test(dns_panel, at_an_earlier_moment_nothing_is_known_of_what_comes)
{
    struct tree t;
    begin(&t);
    int64_t before = t.l.story.t;
    ask_all_the_way(&t);
    letter_show(&t.l, "dns");
    view_seek(t.l.view, before + 21 * VTIME_MS);
    letter_draw(&t.l);
    cr_expect(letter_tells(&t.l, "the question is on its way"));
    cr_expect(!letter_tells(&t.l, "mx1.example.org"));
    cr_expect(!letter_tells(&t.l, "1. dns"));
    letter_end(&t.l);
}

/* What a resolver keeps, and for how long (RFC 1035 7.4, 2308 5, 2181 8). */
Test(dns_panel, what_is_kept_of_an_answer_and_for_how_long)
{
    struct dns_record soa = {.name = SLICE("org"),
                             .type = DNS_TYPE_SOA,
                             .ttl_s = 900,
                             .target = SLICE("a"),
                             .mailbox = SLICE("b"),
                             .minimum_s = 300};
    struct dns_record zero = mx("example.org", 0), much = mx("example.org", 0x80000000u);
    struct dns_record plain = mx("example.org", 60);
    const struct {
        struct dns_message m;
        enum dns_kept kept;
        uint32_t ttl_s;
    } rows[] = {
        {{.answers = &plain, .answer_count = 1}, DNS_KEPT_RECORDS, 60},
        {{.answers = &zero, .answer_count = 1}, DNS_KEPT_NOTHING, UNSEEN},
        {{.answers = &much, .answer_count = 1}, DNS_KEPT_NOTHING, UNSEEN},
        {{.answers = &plain, .answer_count = 1, .is_truncated = true}, DNS_KEPT_NOTHING, UNSEEN},
        {{.rcode = DNS_RCODE_NXDOMAIN, .authority = &soa, .authority_count = 1},
         DNS_KEPT_NO_NAME,
         300},
        {{.authority = &soa, .authority_count = 1, .is_authoritative = true},
         DNS_KEPT_NO_DATA,
         300},
        {{.rcode = DNS_RCODE_NXDOMAIN}, DNS_KEPT_NOTHING, UNSEEN},
        {{.rcode = DNS_RCODE_SERVFAIL}, DNS_KEPT_NOTHING, UNSEEN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tree t;
        struct dns_asks asks = {0};
        begin(&t);
        ask(&t, t.l.story.out, t.l.story.dns, "example.org", DNS_TYPE_MX);
        answer(&t, t.l.story.dns, t.l.story.out, t.id, "example.org", DNS_TYPE_MX, rows[i].m, "");
        dns_asks_update(&asks, &t.l.story.log);
        cr_assert_eq(asks.asks.count, 1);
        cr_expect_eq(asks.asks.items[0].kept, rows[i].kept, "row %zu", i);
        if (rows[i].ttl_s != UNSEEN)
            cr_expect_eq(asks.asks.items[0].ttl_s, rows[i].ttl_s, "row %zu", i);
        dns_asks_finish(&asks);
        letter_end(&t.l);
    }
}

Test(dns_panel, a_cache_has_the_last_answer_of_each_question_and_a_crash_empties_it)
{
    struct tree t;
    struct dns_asks asks = {0};
    struct dns_cache cache = {0};
    struct dns_record record = mx("example.org", 60);
    begin(&t);
    const struct story *s = &t.l.story;
    for (int i = 0; i < 2; i++) {
        ask(&t, s->out, s->dns, i ? "EXAMPLE.org" : "example.org", DNS_TYPE_MX);
        answer(&t, s->dns, s->out, t.id, "example.org", DNS_TYPE_MX,
               (struct dns_message){.answers = &record, .answer_count = 1}, "10 mx1.example.org");
    }
    uint32_t until = log_count(&s->log);
    add(&t, EVENT_CRASH, &(struct event_crash){s->out}, VTIME_S);
    dns_asks_update(&asks, &s->log);
    dns_cache_at(&cache, &asks, &s->log, s->out, until);
    cr_assert_eq(cache.entries.count, 1);
    cr_expect_eq(cache.entries.items[0].ask, 1);
    cr_expect_eq(cache.entries.items[0].expires_t - cache.entries.items[0].kept_t, 60 * VTIME_S);
    dns_cache_at(&cache, &asks, &s->log, s->out, log_count(&s->log));
    cr_expect_eq(cache.entries.count, 0);
    dns_cache_at(&cache, &asks, &s->log, s->dns, until);
    cr_expect_eq(cache.entries.count, 0, "who answers keeps nothing by it");
    dns_cache_finish(&cache);
    dns_asks_finish(&asks);
    letter_end(&t.l);
}

Test(dns_panel, rubbish_on_port_53_is_passed_over)
{
    struct tree t;
    begin(&t);
    for (size_t size = 0; size < 64; size++) {
        char octets[64];
        memset(octets, 0xC0, sizeof octets);
        octets[2] = (char)(size % 2 ? 0x80 : 0);
        add(&t, EVENT_UDP_DATAGRAM,
            &(struct event_udp_datagram){
                t.l.story.out, t.l.story.dns, size % 3 ? TO_SERVER : FROM_SERVER,
                log_intern(&t.l.story.log, (struct slice){octets, size}), 20000, text(&t, "")},
            VTIME_MS);
    }
    letter_show(&t.l, "dns");
    cr_expect(letter_tells(&t.l, "Nothing was asked so far"));
    letter_end(&t.l);
}

/* An answer is read and the next question put at one and the same moment. */
Test(dns_panel, an_answer_that_was_chosen_stands_open_whatever_is_asked_at_its_moment)
{
    struct tree t;
    begin(&t);
    const struct story *s = &t.l.story;
    struct dns_record records[] = {mx("example.org", 3600)};
    ask(&t, s->out, s->dns, "example.org", DNS_TYPE_MX);
    answer(&t, s->dns, s->out, t.id, "example.org", DNS_TYPE_MX,
           (struct dns_message){.answers = records, .answer_count = 1}, "10 mx1.example.org");
    uint32_t chosen = t.cause;
    t.l.story.t -= 20 * VTIME_MS; /* which the datagram takes */
    send(&t, s->out, s->dns, TO_SERVER,
         &(struct dns_message){.id = ++t.id,
                               .has_question = true,
                               .name = SLICE("mx1.example.org"),
                               .type = DNS_TYPE_A});
    letter_show(&t.l, "dns");
    view_choose_event(t.l.view, chosen);
    letter_draw(&t.l);
    cr_expect(letter_tells(&t.l, "TTL 3600 s, 3600 s left"));
    cr_expect(!letter_tells(&t.l, "A mx1.example.org?"), "not yet");
    letter_end(&t.l);
}
