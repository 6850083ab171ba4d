/* A resolver that searches from the root down, among servers that mean no good. */
#include "sim/net/resolver.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "support_lab.h"

TestSuite(resolver_hunt);

enum { RECORDS = 8 };

struct scene;

/* Fills in what the question got. */
typedef void answerer(struct scene *s, const struct dns_message *q, struct dns_message *m);

/* One host plays all the servers there are. */
struct scene {
    struct lab lab;
    struct resolver *resolver;
    answerer *answers;
    struct dns_record answer[RECORDS], authority[RECORDS], additional[RECORDS];
    struct arena arena;
    int asked, told;
    char names[512]; /* asked for, each with a blank behind it */
    enum resolver_status status;
    size_t count;
};

static void on_datagram(void *context, uint32_t from, uint32_t port, struct slice octets)
{
    struct scene *s = context;
    struct dns_message q;
    struct bytes out;
    cr_assert(dns_message_decode(octets, &s->arena, &q));
    cr_expect_not(q.wants_recursion, "it searches itself (RFC 1034 5.3.3)");
    size_t used = strlen(s->names);
    snprintf(s->names + used, sizeof s->names - used, "%.*s ", SLICE_ARG(q.name));
    s->asked++;
    struct dns_message m = {.id = q.id,
                            .is_response = true,
                            .has_question = true,
                            .name = q.name,
                            .type = q.type,
                            .answers = s->answer,
                            .authority = s->authority,
                            .additional = s->additional};
    s->answers(s, &q, &m);
    bytes_init(&out, DNS_MESSAGE_MAX);
    cr_assert(dns_message_encode(&m, 1232, &out));
    net_udp_send(s->lab.net, 2, 53, from, port, bytes_slice(&out));
    bytes_finish(&out);
}

static void done(void *context, uint64_t tag, const struct resolver_answer *a)
{
    struct scene *s = context;
    (void)tag;
    s->told++;
    s->status = a->status;
    s->count = a->count;
}

static void play(struct scene *s, answerer *answers, const char *name)
{
    *s = (struct scene){.answers = answers};
    arena_init(&s->arena);
    lab_pair(&s->lab, 1);
    s->resolver = resolver_create(s->lab.net, &s->lab.sim, 1, 0);
    resolver_set_root(s->resolver, LAB_ADDRESS(2));
    net_udp_bind(s->lab.net, 2, 53, on_datagram, s);
    s->lab.sim.cause = 0;
    resolver_ask(s->resolver, 1, slice_of(name), DNS_TYPE_A, done, s, 0);
    lab_run(&s->lab);
    cr_expect_eq(s->told, 1);
}

static void finish(struct scene *s)
{
    cr_expect(lab_is_caused(&s->lab));
    resolver_destroy(s->resolver);
    lab_finish(&s->lab);
    arena_finish(&s->arena);
}

static void put_address(struct dns_record *section, size_t *count, struct slice name,
                        uint32_t address, struct arena *arena)
{
    char octets[4] = {(char)(address >> 24), (char)(address >> 16), (char)(address >> 8),
                      (char)address};
    section[(*count)++] = (struct dns_record){.name = name,
                                              .type = DNS_TYPE_A,
                                              .ttl_s = 60,
                                              .data = arena_copy(arena, (struct slice){octets, 4})};
}

static void refer(struct dns_message *m, const char *zone, const char *server)
{
    m->authority[m->authority_count++] = (struct dns_record){
        .name = slice_of(zone), .type = DNS_TYPE_NS, .ttl_s = 60, .target = slice_of(server)};
}

/* ---- the servers ---- */

/* "Ask the root": whoever says that knows nothing. */
static void refers_upwards(struct scene *s, const struct dns_message *q, struct dns_message *m)
{
    (void)q;
    refer(m, "", "root.test");
    put_address(m->additional, &m->additional_count, SLICE("root.test"), LAB_ADDRESS(2), &s->arena);
}

/* RFC 1034 5.3.3, step 4b: what is no nearer than before leads in circles. */
Test(resolver_hunt, a_referral_upwards_is_no_answer)
{
    struct scene s;
    play(&s, refers_upwards, "a.example.org");
    cr_expect_eq(s.status, RESOLVER_FAILED);
    cr_expect_eq(s.asked, 2, "each server twice");
    finish(&s);
}

static void refers_to_org(struct scene *s, const struct dns_message *q, struct dns_message *m)
{
    (void)q;
    refer(m, "org", "ns.org");
    put_address(m->additional, &m->additional_count, SLICE("ns.org"), LAB_ADDRESS(2), &s->arena);
}

Test(resolver_hunt, a_server_that_refers_to_itself_is_left)
{
    struct scene s;
    play(&s, refers_to_org, "a.example.org");
    cr_expect_eq(s.status, RESOLVER_FAILED);
    cr_expect_eq(s.asked, 3, "the root, then org's server twice");
    finish(&s);
}

/* x1 is x2, which is x3, and so on. */
static void gives_aliases(struct scene *s, const struct dns_message *q, struct dns_message *m)
{
    m->is_authoritative = true;
    m->answers[m->answer_count++] =
        (struct dns_record){.name = q->name,
                            .type = DNS_TYPE_CNAME,
                            .ttl_s = 60,
                            .target = arena_printf(&s->arena, "x%d.example.org", s->asked)};
}

Test(resolver_hunt, aliases_without_end_end)
{
    struct scene s;
    play(&s, gives_aliases, "x0.example.org");
    cr_expect_eq(s.status, RESOLVER_FAILED);
    cr_expect_leq(s.asked, 8);
    finish(&s);
}

/* RFC 5452 6: who refers to example.org can't say where a name of another domain is. */
static void lies_about_others(struct scene *s, const struct dns_message *q, struct dns_message *m)
{
    if (slice_equal(q->name, SLICE("ns.example.com"))) {
        m->is_authoritative = true;
        put_address(m->answers, &m->answer_count, q->name, LAB_ADDRESS(2), &s->arena);
    } else if (s->asked == 1) {
        refer(m, "org", "ns.org");
        put_address(m->additional, &m->additional_count, SLICE("ns.org"), LAB_ADDRESS(2),
                    &s->arena);
    } else if (s->asked == 2) {
        refer(m, "example.org", "ns.example.com");
        put_address(m->additional, &m->additional_count, SLICE("ns.example.com"), LAB_ADDRESS(3),
                    &s->arena);
    } else {
        m->is_authoritative = true;
        put_address(m->answers, &m->answer_count, q->name, 0x01020304, &s->arena);
    }
}

Test(resolver_hunt, an_address_from_the_wrong_mouth_is_not_believed)
{
    struct scene s;
    play(&s, lies_about_others, "a.example.org");
    cr_expect_eq(s.status, RESOLVER_OK);
    cr_expect_str_eq(s.names, "a.example.org a.example.org ns.example.com a.example.org ");
    finish(&s);
}

/* An answer about another name, or another's zone, is no answer. */
static void answers_something_else(struct scene *s, const struct dns_message *q,
                                   struct dns_message *m)
{
    (void)q;
    m->is_authoritative = s->asked > 2;
    put_address(m->answers, &m->answer_count, SLICE("other.example.org"), 0x01020304, &s->arena);
}

Test(resolver_hunt, records_of_other_names_are_left_out)
{
    struct scene s;
    play(&s, answers_something_else, "a.example.org");
    cr_expect_eq(s.status, RESOLVER_FAILED);
    cr_expect_eq(s.count, 0);
    finish(&s);
}
