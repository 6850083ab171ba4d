#include "topologies/topology.h"

#include <criterion/criterion.h>

#include <string.h>

#include "sim/base/vtime.h"
#include "sim/trace/event.h"
#include "tests/topologies/support_small.h"

static void load_small(struct topology *t)
{
    struct problem problem = {0};
    char line[PROBLEM_LINE];
    bool is_good = topology_read(t, slice_of(support_small), "small.json", &problem);
    cr_assert(is_good, "%s", problem_line(&problem, line));
}

static bool is(struct slice a, const char *b)
{
    return slice_equal(a, slice_of(b));
}

Test(load, keeps_hosts_as_the_file_has_them)
{
    struct topology t;
    load_small(&t);
    cr_assert_eq(t.host_count, 3);
    cr_expect(is(t.hosts[0].id, "pc") && is(t.hosts[0].name, "pc.example.com"));
    cr_expect(is(t.hosts[0].admd, "aster") && is(t.hosts[1].admd, ""));
    cr_expect_eq(t.hosts[0].address, 0xC633640Au, "198.51.100.10 in host byte order");
    cr_expect(t.hosts[0].x == 1 && t.hosts[0].y == 2);
    cr_expect(t.hosts[1].x == EVENT_UNSET && t.hosts[1].y == EVENT_UNSET);
    cr_expect(is(t.json, support_small), "the whole text is kept for the trace");
    cr_expect(is(t.id, "topology") && is(t.title, "T") && is(t.look, ""));
    topology_finish(&t);
}

Test(load, gives_agents_an_id_and_the_ports_of_their_role)
{
    struct topology t;
    load_small(&t);
    const struct topology_host *mx1 = &t.hosts[1];
    cr_assert_eq(mx1->agent_count, 4);
    cr_expect(is(mx1->agents[0].id, "mta-mx1") && is(mx1->agents[3].id, "access-mx1"));
    cr_expect(is(t.hosts[2].agents[0].id, "names"));
    cr_expect(mx1->agents[0].port_count == 2 && mx1->agents[0].ports[1] == 2525);
    cr_expect(mx1->agents[1].port_count == 0, "an mda has no port");
    cr_expect(mx1->agents[3].port_count >= 1 && mx1->agents[3].ports[0] == 110);
    topology_finish(&t);
}

Test(load, fills_in_the_settings_that_the_file_leaves_out)
{
    struct topology t;
    load_small(&t);
    const struct config *mua = &t.hosts[0].agents[0].config, *mta = &t.hosts[1].agents[0].config;
    cr_expect(is(config_text(mua, "user"), "alice@example.com"));
    cr_expect_eq(config_number(mua, "port"), 587);
    cr_expect(config_bool(mua, "auth"), "by default true");
    cr_expect(is(config_text(mua, "outgoing"), "mx1.example.com"), "an id becomes the host's name");
    cr_expect(is(config_text(mua, "incoming"), ""));
    cr_expect_eq(config_get(mta, "local")->text_count, 1);
    cr_expect(is(config_get(mta, "local")->texts[0], "example.com"));
    cr_expect_eq(config_get(mta, "relay_to")->text_count, 0);
    cr_expect_eq(config_number(&t.hosts[2].agents[0].config, "ttl"), VTIME_H);
    topology_finish(&t);
}

Test(load, takes_networks_with_all_their_bits_in_the_prefix)
{
    static const struct {
        const char *network;
        bool is_good;
    } rows[] = {
        {"0.0.0.0/0", true},
        {"198.51.100.7", true},
        {"198.51.100.7/32", true},
        {"198.51.100.6/31", true},
        {"198.51.100.7/31", false},
        {"0.0.0.0/33", false},
        {"0.0.0.0/", false},
        {"0.0.0.0/-1", false},
        {"198.51.100/24", false},
        {"1.0.0.0/0", false},
        {"", false},
        {"/8", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        char line[PROBLEM_LINE];
        arena_init(&arena);
        struct slice json = support_changed(&arena, "198.51.100.0/24", rows[i].network);
        support_problem(json, line);
        cr_expect_eq(line[0] == '\0', rows[i].is_good, "%s: %s", rows[i].network, line);
        arena_finish(&arena);
    }
}

Test(load, keeps_fractions_of_a_millisecond_and_of_a_percent)
{
    struct topology t;
    load_small(&t);
    cr_assert_eq(t.link_count, 2);
    cr_expect(t.links[0].a == 0 && t.links[0].b == 1);
    cr_expect_eq(t.links[0].latency_us, 300);
    cr_expect_eq(t.links[0].loss_ppm, 25000);
    cr_expect_eq(t.links[1].latency_us, 20000, "default D1 of the curriculum");
    cr_expect(t.links[1].jitter_us == 0 && t.links[1].kbps == 0 && t.links[1].loss_ppm == 0);
    topology_finish(&t);
}

Test(load, gives_every_host_an_address_record)
{
    struct topology t;
    load_small(&t);
    cr_assert_eq(t.record_count, 2 + 3);
    cr_expect(t.records[0].type == DNS_TYPE_MX && t.records[0].preference == 10);
    cr_expect(is(t.records[0].target, "mx1.example.com"));
    cr_expect(t.records[2].type == DNS_TYPE_A && is(t.records[2].name, "pc.example.com"));
    cr_expect(slice_equal(t.records[2].data, SLICE("\xC6\x33\x64\x0A")), "network order");
    topology_finish(&t);
}

Test(load, adds_no_address_record_where_the_file_has_one)
{
    struct arena arena;
    struct topology t;
    struct problem problem = {0};
    arena_init(&arena);
    struct slice json = support_changed(&arena, "\"dns\": [",
                                        "\"dns\": [{\"name\": \"NS.example.net.\", \"type\": \"A\","
                                        " \"data\": \"192.0.2.99\", \"ttl\": \"5min\"}, ");
    cr_assert(topology_read(&t, json, "t.json", &problem));
    cr_expect_eq(t.record_count, 3 + 2);
    cr_expect(is(t.records[0].name, "NS.example.net"), "without the final dot");
    cr_expect_eq(t.records[0].ttl_s, 300);
    topology_finish(&t);
    arena_finish(&arena);
}

Test(load, reads_each_type_of_record)
{
    static const struct {
        const char *type_and_data;
        bool is_good;
    } rows[] = {
        {"\"TXT\", \"data\": \"v=spf1 -all\"", true},
        {"\"AAAA\", \"data\": \"2001:db8::25\"", true},
        {"\"AAAA\", \"data\": \"192.0.2.1\"", false},
        {"\"NS\", \"data\": \"ns.example.net\"", true},
        {"\"NS\", \"data\": \"ns.elsewhere.test\"", true}, /* not ours to know */
        {"\"PTR\", \"data\": \"mx1.example.com.\"", true},
        {"\"MX\", \"pref\": 0, \"data\": \".\"", true}, /* RFC 7505: takes no mail */
        {"\"MX\", \"pref\": 5, \"data\": \".\"", false},
        {"\"SRV\", \"pref\": 1, \"data\": \"5 587 mx1.example.com\"", true},
        {"\"SRV\", \"pref\": 1, \"data\": \"5 70000 mx1.example.com\"", false},
        {"\"SOA\", \"data\": \"ns.example.net host.example.net 1 2 3 4 5\"", true},
        {"\"SOA\", \"data\": \"ns.example.net host.example.net 1 2 3 4\"", false},
        {"\"SOA\", \"data\": \"ns.example.net host.example.net 1 2 3 4 5 6\"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        char line[PROBLEM_LINE];
        arena_init(&arena);
        struct slice record =
            arena_printf(&arena, "\"dns\": [{\"name\": \"x.example.com\", \"type\": %s}, ",
                         rows[i].type_and_data);
        struct slice json = support_changed(&arena, "\"dns\": [", record.data);
        support_problem(json, line);
        cr_expect_eq(line[0] == '\0', rows[i].is_good, "%s: %s", rows[i].type_and_data, line);
        arena_finish(&arena);
    }
}

Test(load, reads_users_faults_and_the_demonstration)
{
    struct topology t;
    load_small(&t);
    cr_assert_eq(t.user_count, 2);
    cr_expect(is(t.users[0].address, "alice@example.com") && is(t.users[0].name, ""));
    cr_expect(is(t.users[0].password, "secret-alice") && is(t.users[1].name, "Amir"));
    cr_assert_eq(t.fault_count, 4);
    const struct fault *reject = &t.faults[0], *slow = &t.faults[1];
    cr_expect(reject->kind == fault_find_kind(SLICE("reject")) && is(reject->target, "mta-mx1"));
    cr_expect(fault_number(reject, "code") == 550 && fault_get(reject, "rcpt")->is_given);
    cr_expect(is(fault_text(reject, "rcpt"), "alice@example.com"));
    cr_expect_eq(fault_number(slow, "extra_ms"), 1000, "the row's default");
    cr_assert_eq(t.demo_count, 1);
    cr_expect_eq(t.demo[0].t, VTIME_MIN);
    cr_expect(is(t.demo[0].action, "fetch by=pc"));
    topology_finish(&t);
}

Test(load, finds_a_host_by_id_and_by_name)
{
    struct topology t;
    load_small(&t);
    cr_expect_eq(topology_find_host(&t, SLICE("ns")), 2);
    cr_expect_eq(topology_find_host(&t, SLICE("MX1.Example.COM")), 1, "RFC 4343: without case");
    cr_expect_eq(topology_find_host(&t, SLICE("mta-mx1")), SLICE_NONE, "an agent is no host");
    cr_expect_eq(topology_find_host(&t, SLICE("mx9")), SLICE_NONE);
    cr_expect_eq(topology_find_host(&t, SLICE("")), SLICE_NONE);
    topology_finish(&t);
}

Test(load, says_why_a_file_cannot_be_read)
{
    struct topology t;
    struct problem problem = {0};
    char line[PROBLEM_LINE];
    cr_expect_not(topology_load(&t, "no/such/file.json", &problem));
    cr_expect_str_eq(problem_line(&problem, line),
                     "no/such/file.json: cannot be read: No such file or directory");
    cr_expect_not(topology_load(&t, SOURCE_DIR, &problem));
    cr_expect(strstr(problem_line(&problem, line), "cannot be read: Is a directory"), "%s", line);
}

/* A chain, each host with its own domain, user and MX: every table is filled to its ceiling. */
Test(load, takes_ten_thousand_hosts)
{
    enum { HOSTS = 10000 };
    struct bytes json;
    struct topology t;
    struct problem problem = {0};
    char line[PROBLEM_LINE];
    bytes_init(&json, TOPOLOGY_FILE_MAX);
    bytes_printf(&json, "{\"format\": 1, \"hosts\": [");
    for (int i = 0; i < HOSTS; i++)
        bytes_printf(&json,
                     "%s{\"id\": \"h%d\", \"name\": \"h%d.example.com\", \"addr\": \"10.0.%d.%d\","
                     " \"agents\": [{\"role\": \"mta\", \"config\": {\"local\": [\"d%d.test\"],"
                     " \"next\": \"h%d\"}}, {\"role\": \"mda\"}, {\"role\": \"store\"}]}",
                     i ? "," : "", i, i, i / 256, i % 256, i, (i + 1) % HOSTS);
    bytes_printf(&json, "], \"links\": [");
    for (int i = 1; i < HOSTS; i++)
        bytes_printf(&json, "%s{\"a\": \"h%d\", \"b\": \"h%d\"}", i > 1 ? "," : "", i - 1, i);
    bytes_printf(&json, "], \"dns\": [");
    for (int i = 0; i < HOSTS; i++)
        bytes_printf(&json,
                     "%s{\"name\": \"d%d.test\", \"type\": \"MX\", \"data\": \"h%d.example.com\"}",
                     i ? "," : "", i, i);
    bytes_printf(&json, "], \"users\": [");
    for (int i = 0; i < HOSTS; i++)
        bytes_printf(&json, "%s\"u@d%d.test\"", i ? "," : "", i);
    bytes_printf(&json, "]}");
    bool is_good = topology_read(&t, bytes_slice(&json), "big.json", &problem);
    cr_assert(is_good, "%s", problem_line(&problem, line));
    cr_expect(t.host_count == HOSTS && t.link_count == HOSTS - 1 && t.record_count == 2 * HOSTS);
    cr_expect_eq(topology_find_host(&t, SLICE("h9999")), 9999);
    topology_finish(&t);
    bytes_finish(&json);
}
