/* The stub resolver against a name server that answers as each test wants it to. */
#include "sim/net/resolver.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "support_lab.h"

struct scene;

/* Fills in what the question got; false: no answer. */
typedef bool answerer(struct scene *s, const struct dns_message *q, bool is_tcp,
                      struct dns_message *m);

struct scene {
    struct lab lab;
    struct resolver *resolver;
    answerer *answers;
    struct dns_record records[DNS_RECORDS_MAX], authority[1], opt[1];
    size_t udp_limit;
    int udp_asked, tcp_asked, with_edns;
    /* what who asked was told */
    int told;
    enum resolver_status status;
    size_t count;
    int64_t told_at;
};

static bool answer(struct scene *s, struct slice octets, bool is_tcp, struct bytes *out)
{
    struct arena arena;
    struct dns_message q;
    struct dns_edns edns;
    arena_init(&arena);
    cr_assert(dns_message_decode(octets, &arena, &q));
    s->with_edns += dns_edns_find(&q, &edns) == DNS_EDNS_ONE;
    struct dns_message m = {.id = q.id,
                            .is_response = true,
                            .is_authoritative = true,
                            .has_question = true,
                            .name = q.name,
                            .type = q.type,
                            .answers = s->records,
                            .authority = s->authority,
                            .additional = s->opt};
    size_t limit = s->udp_limit ? s->udp_limit : edns.udp_octets;
    bool is_answered =
        s->answers(s, &q, is_tcp, &m) && dns_message_encode(&m, is_tcp ? 0 : limit, out);
    arena_finish(&arena);
    return is_answered;
}

static void on_datagram(void *context, uint32_t from, uint32_t port, struct slice octets)
{
    struct scene *s = context;
    struct bytes out;
    s->udp_asked++;
    bytes_init(&out, DNS_MESSAGE_MAX);
    if (answer(s, octets, false, &out))
        net_udp_send(s->lab.net, 2, 53, from, port, bytes_slice(&out));
    bytes_finish(&out);
}

static void on_octets(void *context, uint32_t wire, struct slice octets, uint32_t msg)
{
    struct scene *s = context;
    struct bytes out;
    (void)msg;
    s->tcp_asked++;
    bytes_init(&out, DNS_MESSAGE_MAX);
    if (answer(s, slice_part(octets, 2, octets.size), true, &out)) {
        size_t size = bytes_size(&out);
        char length[2] = {(char)(size >> 8), (char)size};
        net_send(s->lab.net, wire, (struct slice){length, 1}, 0); /* in awkward pieces */
        net_send(s->lab.net, wire, (struct slice){length + 1, 1}, 0);
        net_send(s->lab.net, wire, bytes_slice(&out), 0);
    }
    bytes_finish(&out);
}

static void on_end(void *context, uint32_t wire)
{
    struct scene *s = context;
    net_close(s->lab.net, wire);
}

static bool on_accept(void *context, uint32_t wire, uint32_t peer, struct net_user *user)
{
    (void)wire, (void)peer;
    *user = (struct net_user){NULL, on_octets, on_end, NULL, context};
    return true;
}

static void start(struct scene *s, answerer *answers)
{
    *s = (struct scene){.answers = answers};
    lab_pair(&s->lab, 1);
    s->resolver = resolver_create(s->lab.net, &s->lab.sim, 1, LAB_ADDRESS(2));
    net_udp_bind(s->lab.net, 2, 53, on_datagram, s);
    net_listen(s->lab.net, 2, 53, on_accept, s);
}

static void finish(struct scene *s)
{
    cr_expect(lab_is_caused(&s->lab));
    resolver_destroy(s->resolver);
    lab_finish(&s->lab);
}

static void done(void *context, uint64_t tag, const struct resolver_answer *a)
{
    struct scene *s = context;
    (void)tag;
    s->told++;
    s->status = a->status;
    s->count = a->count;
    s->told_at = s->lab.sim.now;
}

static void ask(struct scene *s, const char *name, enum dns_type type)
{
    s->lab.sim.cause = 0;
    resolver_ask(s->resolver, 1, slice_of(name), type, done, s, 0);
    lab_run(&s->lab);
}

static void expect(const struct scene *s, enum resolver_status status, size_t count, int udp,
                   int tcp)
{
    cr_expect_eq(s->status, status, "%s", resolver_status_name(s->status));
    cr_expect_eq(s->count, count);
    cr_expect_eq(s->udp_asked, udp);
    cr_expect_eq(s->tcp_asked, tcp);
}

static void sleep_until(struct scene *s, int64_t t)
{
    sim_run(&s->lab.sim, t, false, 0);
}

/* ---- answers ---- */

static void put_addresses(struct scene *s, struct dns_message *m, size_t count, uint32_t ttl_s)
{
    for (size_t i = 0; i < count; i++)
        s->records[i] = (struct dns_record){
            .name = m->name, .type = DNS_TYPE_A, .ttl_s = ttl_s, .data = SLICE("\1\2\3\4")};
    m->answer_count = count;
}

static bool one_address(struct scene *s, const struct dns_message *q, bool is_tcp,
                        struct dns_message *m)
{
    (void)q, (void)is_tcp;
    put_addresses(s, m, 1, 60);
    return true;
}

Test(resolver, an_answer_is_kept_as_long_as_its_ttl)
{
    struct scene s;
    start(&s, one_address);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_OK, 1, 1, 0);
    sleep_until(&s, 59 * VTIME_S);
    ask(&s, "A.Example", DNS_TYPE_A);
    expect(&s, RESOLVER_OK, 1, 1, 0);
    sleep_until(&s, 61 * VTIME_S);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_OK, 1, 2, 0);
    cr_expect_eq(s.told, 3);
    cr_expect_eq(s.with_edns, 2);
    finish(&s);
}

/* RFC 2181 8: a TTL with its highest bit set counts as none. */
static bool forever(struct scene *s, const struct dns_message *q, bool is_tcp,
                    struct dns_message *m)
{
    (void)q, (void)is_tcp;
    put_addresses(s, m, 1, 0x80000001u);
    return true;
}

Test(resolver, a_ttl_beyond_31_bits_is_none)
{
    struct scene s;
    start(&s, forever);
    ask(&s, "a.example", DNS_TYPE_A);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_OK, 1, 2, 0);
    finish(&s);
}

/* ---- by TCP ---- */

static bool many_addresses(struct scene *s, const struct dns_message *q, bool is_tcp,
                           struct dns_message *m)
{
    (void)q, (void)is_tcp;
    put_addresses(s, m, 200, 60);
    return true;
}

/* RFC 7766 5: what was cut short is asked for again by TCP. 200 records pass several segments. */
Test(resolver, what_does_not_fit_a_datagram_comes_by_tcp)
{
    struct scene s;
    start(&s, many_addresses);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_OK, 200, 1, 1);
    cr_expect_eq(lab_count(&s.lab, EVENT_TCP_CONNECT), 1);
    cr_expect_eq(lab_count(&s.lab, EVENT_TCP_CLOSE), 1);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_OK, 200, 1, 1);
    finish(&s);
}

/* RFC 6891 6.2.5: with EDNS 1232 octets are no reason for TCP. */
static bool some_addresses(struct scene *s, const struct dns_message *q, bool is_tcp,
                           struct dns_message *m)
{
    (void)q, (void)is_tcp;
    put_addresses(s, m, 60, 60); /* about 990 octets */
    return true;
}

Test(resolver, edns_makes_room_for_larger_answers)
{
    struct scene s;
    start(&s, some_addresses);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_OK, 60, 1, 0);
    finish(&s);
}

static bool truncated_always(struct scene *s, const struct dns_message *q, bool is_tcp,
                             struct dns_message *m)
{
    (void)q, (void)is_tcp;
    put_addresses(s, m, 1, 60);
    m->is_truncated = true;
    return true;
}

Test(resolver, an_answer_cut_short_by_tcp_too_is_a_failure)
{
    struct scene s;
    start(&s, truncated_always);
    ask(&s, "a.example", DNS_TYPE_A);
    cr_expect_eq(s.status, RESOLVER_FAILED);
    cr_expect_eq(s.tcp_asked, 1);
    finish(&s);
}

Test(resolver, a_server_without_tcp_is_given_up_after_two_tries)
{
    struct scene s;
    start(&s, many_addresses);
    net_unlisten(s.lab.net, 2, 53);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_TIMEOUT, 0, 2, 0);
    cr_expect_eq(s.told, 1);
    finish(&s);
}

static bool udp_only(struct scene *s, const struct dns_message *q, bool is_tcp,
                     struct dns_message *m)
{
    (void)q;
    put_addresses(s, m, 200, 60);
    return !is_tcp;
}

Test(resolver, a_server_that_is_silent_on_tcp_is_given_up)
{
    struct scene s;
    start(&s, udp_only);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_TIMEOUT, 0, 2, 2);
    cr_expect_eq(s.told, 1);
    finish(&s);
}

Test(resolver, a_crash_in_the_midst_of_tcp_is_told_once)
{
    for (int64_t ms = 1; ms < 200; ms += 7) {
        struct scene s;
        start(&s, many_addresses);
        resolver_ask(s.resolver, 1, SLICE("a.example"), DNS_TYPE_A, done, &s, 0);
        sleep_until(&s, ms * VTIME_MS);
        net_set_host_up(s.lab.net, 1, false);
        resolver_crash(s.resolver);
        sleep_until(&s, 3600 * VTIME_S);
        cr_expect_eq(s.told, 1);
        finish(&s);
    }
}

/* ---- EDNS ---- */

static bool old_server(struct scene *s, const struct dns_message *q, bool is_tcp,
                       struct dns_message *m)
{
    struct dns_edns edns;
    (void)is_tcp;
    if (dns_edns_find(q, &edns) != DNS_EDNS_NONE)
        m->rcode = DNS_RCODE_FORMERR;
    else
        put_addresses(s, m, 1, 60);
    return true;
}

/* RFC 6891 6.2.2: whoever does not know EDNS says so, and is asked without. */
Test(resolver, a_server_from_before_edns_is_asked_without)
{
    struct scene s;
    start(&s, old_server);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_OK, 1, 2, 0);
    cr_expect_eq(s.with_edns, 1);
    finish(&s);
}

static bool server_with_fault(struct scene *s, const struct dns_message *q, bool is_tcp,
                              struct dns_message *m)
{
    (void)s, (void)q, (void)is_tcp;
    m->rcode = DNS_RCODE_FORMERR;
    return true;
}

Test(resolver, a_server_that_never_understands_is_not_asked_for_ever)
{
    struct scene s;
    start(&s, server_with_fault);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_FAILED, 0, 2, 0);
    finish(&s);
}

/* ---- "no" ---- */

static bool refuse(struct scene *s, struct dns_message *m, uint32_t ttl_s, uint32_t minimum_s)
{
    s->authority[0] = (struct dns_record){.name = SLICE("example"),
                                          .type = DNS_TYPE_SOA,
                                          .ttl_s = ttl_s,
                                          .target = SLICE("ns.example"),
                                          .mailbox = SLICE("hostmaster.example"),
                                          .minimum_s = minimum_s};
    m->authority_count = 1;
    m->rcode = slice_equal(m->name, SLICE("none.example")) ? DNS_RCODE_NXDOMAIN : 0;
    return true;
}

static bool no_for_60_s(struct scene *s, const struct dns_message *q, bool is_tcp,
                        struct dns_message *m)
{
    (void)q, (void)is_tcp;
    return refuse(s, m, 3600, 60);
}

static bool no_for_30_s(struct scene *s, const struct dns_message *q, bool is_tcp,
                        struct dns_message *m)
{
    (void)q, (void)is_tcp;
    return refuse(s, m, 30, 3600);
}

static bool no_for_days(struct scene *s, const struct dns_message *q, bool is_tcp,
                        struct dns_message *m)
{
    (void)q, (void)is_tcp;
    return refuse(s, m, 604800, 604800);
}

static bool no_without_soa(struct scene *s, const struct dns_message *q, bool is_tcp,
                           struct dns_message *m)
{
    (void)q, (void)is_tcp;
    refuse(s, m, 60, 60);
    m->authority_count = 0;
    return true;
}

/* RFC 2308 5: as long as the SOA record's TTL and MINIMUM say, the lesser; not at all without it.
 */
Test(resolver, a_no_is_kept_as_long_as_the_zone_says)
{
    static const struct {
        answerer *answers;
        int64_t holds_s;
    } rows[] = {{no_for_60_s, 60}, {no_for_30_s, 30}, {no_for_days, 10800}, {no_without_soa, 0}};
    static const char *const names[] = {"none.example", "a.example"};
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        enum resolver_status status = i % 2 ? RESOLVER_NODATA : RESOLVER_NXDOMAIN;
        struct scene s;
        start(&s, rows[i / 2].answers);
        ask(&s, names[i % 2], DNS_TYPE_MX);
        int64_t until = s.told_at + rows[i / 2].holds_s * VTIME_S;
        expect(&s, status, 0, 1, 0);
        if (rows[i / 2].holds_s > 0) {
            sleep_until(&s, until - 1);
            ask(&s, names[i % 2], DNS_TYPE_MX);
            expect(&s, status, 0, 1, 0);
        }
        sleep_until(&s, until);
        ask(&s, names[i % 2], DNS_TYPE_MX);
        expect(&s, status, 0, 2, 0);
        finish(&s);
    }
}

/* ---- how much is kept ---- */

static bool for_a_day(struct scene *s, const struct dns_message *q, bool is_tcp,
                      struct dns_message *m)
{
    (void)q, (void)is_tcp;
    put_addresses(s, m, 1, 86400);
    return true;
}

Test(resolver, the_oldest_go_when_there_are_too_many)
{
    struct scene s;
    char name[32];
    start(&s, for_a_day);
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < RESOLVER_KEPT_MAX + 100; i++) {
            snprintf(name, sizeof name, "h%d.example", i);
            resolver_ask(s.resolver, 1, slice_of(name), DNS_TYPE_A, done, &s, 0);
            sleep_until(&s, s.lab.sim.now + 50 * VTIME_MS);
        }
    /* each had gone when its turn came again */
    cr_expect_eq(s.udp_asked, 3 * (RESOLVER_KEPT_MAX + 100));
    /* the last ones are there, and the first of those that went are not */
    for (int i = 100; i < RESOLVER_KEPT_MAX + 100; i++) {
        snprintf(name, sizeof name, "h%d.example", i);
        resolver_ask(s.resolver, 1, slice_of(name), DNS_TYPE_A, done, &s, 0);
        lab_run(&s.lab);
    }
    cr_expect_eq(s.udp_asked, 3 * (RESOLVER_KEPT_MAX + 100));
    cr_expect_eq(s.told, 4 * RESOLVER_KEPT_MAX + 300);
    finish(&s);
}

/* Those that are waited for stay, however many they are. */
Test(resolver, many_questions_at_a_time_are_all_answered)
{
    struct scene s;
    char name[32];
    start(&s, one_address);
    for (int i = 0; i < 3 * RESOLVER_KEPT_MAX; i++) {
        snprintf(name, sizeof name, "h%d.example", i);
        resolver_ask(s.resolver, 1, slice_of(name), DNS_TYPE_A, done, &s, 0);
    }
    lab_run(&s.lab);
    cr_expect_eq(s.told, 3 * RESOLVER_KEPT_MAX);
    finish(&s);
}

static bool spoilt(struct scene *s, const struct dns_message *q, bool is_tcp, struct dns_message *m)
{
    (void)q, (void)is_tcp;
    put_addresses(s, m, 1, 60);
    m->id++;
    return true;
}

Test(resolver, an_answer_to_another_question_is_none)
{
    struct scene s;
    start(&s, spoilt);
    ask(&s, "a.example", DNS_TYPE_A);
    expect(&s, RESOLVER_TIMEOUT, 0, 2, 0);
    finish(&s);
}
