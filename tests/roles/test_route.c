/* Which servers, in which order: a table whose rows name their clauses. */
#include "agents/roles/route.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(route);

enum { MX_MAX = 5 };

struct mx {
    const char *name; /* "" is the root */
    uint16_t preference;
};

static struct route find(const struct mx *mx, enum resolver_status status, uint64_t seed)
{
    static struct dns_record records[DNS_RECORDS_MAX];
    struct resolver_answer answer = {.status = status, .records = records};
    struct random random;
    struct route route;
    random_init(&random, seed, SLICE("mx order out"));
    for (; mx[answer.count].name; answer.count++)
        records[answer.count] = (struct dns_record){.type = DNS_TYPE_MX,
                                                    .preference = mx[answer.count].preference,
                                                    .target = slice_of(mx[answer.count].name)};
    route_from_mx(&route, SLICE("example.org"), SLICE("self.example.org"), &answer, &random);
    return route;
}

/* "mx1 mx2", or "5.1.10". */
static const char *shown(const struct route *route, char text[128])
{
    size_t size = 0;
    text[0] = '\0';
    if (route->verdict != ROUTE_SERVERS)
        snprintf(text, 128, "%d %.*s", route->reply.code, SLICE_ARG(route->reply.esc));
    for (size_t i = 0; i < route->server_count; i++)
        size += (size_t)snprintf(text + size, 128 - size, "%s%.*s", i ? " " : "",
                                 SLICE_ARG(route->servers[i]));
    return text;
}

Test(route, servers_are_those_of_the_rfcs)
{
    static const struct {
        const char *clause;
        enum resolver_status status;
        struct mx mx[MX_MAX + 1];
        const char *expected;
    } rows[] = {
        {"RFC 5321 5.1: one MX", RESOLVER_OK, {{"mx1", 10}}, "mx1"},
        {"RFC 5321 5.1: the lowest number first", RESOLVER_OK, {{"b", 20}, {"a", 10}}, "a b"},
        {"RFC 5321 5.1: however they came",
         RESOLVER_OK,
         {{"d", 65535}, {"b", 5}, {"c", 300}, {"a", 0}},
         "a b c d"},
        {"RFC 974: preference 0 is the best there is", RESOLVER_OK, {{"b", 1}, {"a", 0}}, "a b"},
        {"RFC 5321 5.1: no MX, the domain itself (implicit MX)",
         RESOLVER_NODATA,
         {{0}},
         "example.org"},
        {"RFC 7505 3: null MX", RESOLVER_OK, {{"", 0}}, "556 5.1.10"},
        {"RFC 7505 3: null MX by any preference", RESOLVER_OK, {{"", 10}}, "556 5.1.10"},
        {"RFC 7505 3: null MX must be alone; among others it says nothing",
         RESOLVER_OK,
         {{"", 0}, {"mx1", 10}},
         "mx1"},
        {"RFC 5321 5.1: a backup's own record: it and what is worse is left out",
         RESOLVER_OK,
         {{"mx1", 10}, {"self.example.org", 20}, {"mx3", 30}},
         "mx1"},
        {"RFC 5321 5.1: those as good as it too",
         RESOLVER_OK,
         {{"mx1", 10}, {"mx2", 20}, {"self.example.org", 20}},
         "mx1"},
        {"RFC 5321 5.1: it is the best itself: a mistake in the configuration",
         RESOLVER_OK,
         {{"self.example.org", 10}, {"mx2", 20}},
         "554 5.4.6"},
        {"RFC 5321 5.1: it alone", RESOLVER_OK, {{"self.example.org", 0}}, "554 5.4.6"},
        {"RFC 4343 2: names have no case",
         RESOLVER_OK,
         {{"MX1.Example.ORG", 10}, {"SELF.example.ORG", 20}, {"mx3", 30}},
         "MX1.Example.ORG"},
        {"RFC 5321 5.1: it stands there twice, the better one counts",
         RESOLVER_OK,
         {{"a", 5}, {"b", 20}, {"self.example.org", 30}, {"self.example.org", 10}},
         "a"},
        {"RFC 5321 5.1: no such domain: an error", RESOLVER_NXDOMAIN, {{0}}, "550 5.1.2"},
        {"RFC 5321 5.1: SERVFAIL is temporary", RESOLVER_FAILED, {{0}}, "451 4.4.3"},
        {"RFC 5321 5.1: silence is temporary", RESOLVER_TIMEOUT, {{0}}, "451 4.4.3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        for (uint64_t seed = 1; seed <= 8; seed++) {
            struct route route = find(rows[i].mx, rows[i].status, seed);
            cr_expect_str_eq(shown(&route, text), rows[i].expected, "%s: %s", rows[i].clause, text);
            cr_expect_eq(route.verdict == ROUTE_LATER, rows[i].expected[0] == '4');
        }
    }
}

/* RFC 5321 5.1: equal ones in random order, to share the load; a better one stays in front. */
Test(route, equal_preferences_are_drawn_by_the_seed)
{
    static const struct mx mx[] = {{"a", 10}, {"b", 10}, {"best", 5}, {NULL, 0}};
    int first_a = 0;
    enum { SEEDS = 200 };
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        char text[128], again[128];
        struct route route = find(mx, RESOLVER_OK, seed), same = find(mx, RESOLVER_OK, seed);
        shown(&route, text);
        cr_expect_str_eq(text, shown(&same, again), "the same seed draws the same");
        cr_expect(!strcmp(text, "best a b") || !strcmp(text, "best b a"));
        first_a += !strcmp(text, "best a b");
    }
    cr_expect(first_a > SEEDS / 3 && first_a < SEEDS * 2 / 3, "%d of %d", first_a, SEEDS);
}

/* More records than servers are tried: the best ones are, and the own record counts wherever it
   is. */
Test(route, of_very_many_the_best_are_tried)
{
    static char names[100][8];
    struct mx mx[102];
    for (int i = 0; i < 100; i++) {
        snprintf(names[i], sizeof names[i], "m%d", i);
        mx[i] = (struct mx){names[i], (uint16_t)(1000 - i)};
    }
    mx[100] = (struct mx){"self.example.org", 905};
    mx[101] = (struct mx){NULL, 0};
    struct route route = find(mx, RESOLVER_OK, 1);
    cr_expect_eq(route.server_count, 4);
    cr_expect(slice_equal(route.servers[0], SLICE("m99")));
    cr_expect(slice_equal(route.servers[3], SLICE("m96")));
    mx[100].preference = 65535;
    route = find(mx, RESOLVER_OK, 1);
    cr_expect_eq(route.server_count, ROUTE_SERVERS_MAX);
    cr_expect(slice_equal(route.servers[ROUTE_SERVERS_MAX - 1], SLICE("m68")));
}
