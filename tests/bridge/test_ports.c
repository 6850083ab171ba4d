/* Which local port leads where: rows of a topology, --map, --real. */
#include "bridge/ports.h"

#include <criterion/criterion.h>

#include "topologies/visitor.h"

struct ports_table {
    struct topology t;
    struct world *world;
    struct ports ports;
    size_t visitor;
    struct problem problem;
};

static void load(struct ports_table *s)
{
    *s = (struct ports_table){0};
    cr_assert(topology_load(&s->t, SOURCE_DIR "/topologies/two-towns.json", &s->problem));
    s->visitor = visitor_add(&s->t, visitor_hub(&s->t));
}

static void list(struct ports_table *s)
{
    s->world = world_create(&s->t, &(struct world_options){.seed = 1});
    ports_add_listeners(&s->ports, &s->t, s->world, s->visitor);
}

static void finish(struct ports_table *s)
{
    world_destroy(s->world);
    ports_finish(&s->ports);
    topology_finish(&s->t);
}

static bool map(struct ports_table *s, const char *text)
{
    s->problem = (struct problem){0};
    return ports_map(&s->ports, &s->t, slice_of(text), s->visitor, &s->problem);
}

static bool real(struct ports_table *s, const char *text)
{
    s->problem = (struct problem){0};
    return ports_read_real(&s->ports, &s->t, slice_of(text), &s->problem);
}

/* The row of this host and port; ends the test without one. */
static const struct port_row *row_of(const struct ports_table *s, const char *host, uint32_t port,
                                     const char *as)
{
    for (size_t i = 0; i < s->ports.rows.count; i++) {
        const struct port_row *row = &s->ports.rows.items[i];
        if (slice_equal(s->t.hosts[row->host].id, slice_of(host)) && row->port == port &&
            slice_equal(s->t.hosts[row->as].id, slice_of(as)))
            return row;
    }
    cr_assert_fail("no row for %s:%u as %s", host, port, as);
    return NULL;
}

Test(ports, every_listening_port_has_a_row_with_its_protocol)
{
    struct ports_table s;
    load(&s);
    list(&s);
    cr_expect_str_eq(row_of(&s, "submit", 587, "visitor")->protocol, "submission");
    cr_expect_str_eq(row_of(&s, "out", 25, "visitor")->protocol, "smtp");
    cr_expect_str_eq(row_of(&s, "mx1", 110, "visitor")->protocol, "pop3");
    bool has_dns = false;
    for (size_t i = 0; i < s.ports.rows.count; i++)
        has_dns |= s.ports.rows.items[i].is_udp &&
                   slice_equal(slice_of(s.ports.rows.items[i].protocol), SLICE("dns-udp"));
    cr_expect(has_dns);
    finish(&s);
}

Test(ports, a_line_says_host_port_local_port_and_protocol)
{
    struct ports_table s;
    struct bytes text;
    load(&s);
    list(&s);
    bytes_init(&text, SIZE_MAX);
    cr_assert(map(&s, "mx1:25=2525"));
    cr_assert(map(&s, "mx1:25=2526,as=pc-alice"));
    ports_put_line(&s.t, row_of(&s, "mx1", 25, "visitor"), &text);
    ports_put_line(&s.t, row_of(&s, "mx1", 25, "pc-alice"), &text);
    cr_expect(
        slice_equal(bytes_slice(&text), SLICE("mx1:25 2525 smtp\nmx1:25 2526 smtp as=pc-alice\n")));
    bytes_finish(&text);
    finish(&s);
}

Test(ports, a_map_names_a_host_by_id_or_by_name)
{
    struct ports_table s;
    load(&s);
    list(&s);
    size_t count = s.ports.rows.count;
    cr_assert(map(&s, "MX1.example.org:25=2525"), "%s", s.problem.what);
    cr_expect_eq(row_of(&s, "mx1", 25, "visitor")->local_port, 2525);
    cr_expect_eq(s.ports.rows.count, count);
    cr_assert(map(&s, "mx1:25=2600"), "the same port may be open twice");
    cr_expect_eq(s.ports.rows.count, count + 1);
    ports_keep_fixed(&s.ports);
    cr_expect_eq(s.ports.rows.count, 2);
    finish(&s);
}

Test(ports, a_bad_map_says_what_was_expected)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "expected HOST:PORT=LOCALPORT"},
        {"mx1", "expected HOST:PORT=LOCALPORT"},
        {"mx1:25", "expected HOST:PORT=LOCALPORT"},
        {"mx1=2525", "expected HOST:PORT=LOCALPORT"},
        {"mx1:25=", "expected HOST:PORT=LOCALPORT"},
        {"mx1:25=0", "expected HOST:PORT=LOCALPORT"},
        {"mx1:25=65536", "expected HOST:PORT=LOCALPORT"},
        {"mx1:25=25x", "expected HOST:PORT=LOCALPORT"},
        {"mx1:0=2525", "expected HOST:PORT=LOCALPORT"},
        {"mx1:25=2525,pc-alice", "expected HOST:PORT=LOCALPORT"},
        {"mx1:25=2525,", "expected HOST:PORT=LOCALPORT"},
        {"mx2:25=2525", "there is no host \"mx2\"; did you mean mx1?"},
        {"mx1:25=2525,as=pc-alise", "did you mean pc-alice?"},
        {"mx1:26=2525", "nobody listens on port 26 of mx1; its ports: 25, "},
        {"pc-bob:25=2525", "its ports: none"},
    };
    struct ports_table s;
    load(&s);
    list(&s);
    size_t count = s.ports.rows.count;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect(!map(&s, rows[i].text), "\"%s\"", rows[i].text);
        cr_expect(strstr(s.problem.what, rows[i].says), "\"%s\": %s", rows[i].text, s.problem.what);
    }
    cr_expect_eq(s.ports.rows.count, count, "a bad option changes nothing");
    finish(&s);
}

Test(ports, a_real_host_has_no_simulated_agents_and_ports_of_its_own)
{
    struct ports_table s;
    load(&s);
    cr_assert(real(&s, "mx1.example.org=127.0.0.1:2525"), "%s", s.problem.what);
    list(&s);
    size_t mx1 = s.ports.reals.items[0].host;
    cr_expect_eq(s.t.hosts[mx1].agent_count, 0);
    cr_expect_eq(s.ports.reals.items[0].port, 25);
    cr_expect_eq(s.ports.reals.items[0].real_port, 2525);
    cr_expect_str_eq(row_of(&s, "mx1", 25, "visitor")->protocol, "smtp");
    size_t count = s.ports.rows.count;
    ports_add_as(&s.ports, mx1);
    cr_expect_str_eq(row_of(&s, "out", 25, "mx1")->protocol, "smtp");
    cr_expect_eq(s.ports.rows.count, 2 * count - 1, "all but its own");
    cr_assert(map(&s, "out:25=2526,as=mx1"));
    cr_expect_eq(row_of(&s, "out", 25, "mx1")->local_port, 2526);
    cr_expect_eq(s.ports.rows.count, 2 * count - 1);
    finish(&s);
}

Test(ports, of_several_ports_one_is_to_be_named_unless_one_is_25)
{
    struct ports_table s;
    load(&s);
    struct topology_agent *msa = &s.t.hosts[1].agents[0];
    msa->port_count = 2;
    msa->ports[0] = 587;
    msa->ports[1] = 465;
    cr_expect(!real(&s, "submit=127.0.0.1:2525"));
    cr_expect(strstr(s.problem.what, "say which of its ports"), "%s", s.problem.what);
    cr_expect_eq(s.t.hosts[1].agent_count, 1, "a bad option changes nothing");
    msa->ports[1] = 25;
    cr_expect(real(&s, "submit=127.0.0.1:2525") && s.ports.reals.items[0].port == 25);
    finish(&s);
}

Test(ports, a_real_server_is_on_this_machine)
{
    static const struct {
        const char *text, *says; /* says: "" when it is taken */
    } rows[] = {
        {"out=127.0.0.1:2525", ""},
        {"out=localhost:2525", "was given already"},
        {"mx1=[::1]:2525", ""},
        {"mx1:110=127.9.9.9:1110", ""},
        {"submit=192.0.2.1:25", "only servers on this machine"},
        {"submit=0.0.0.0:25", "only servers on this machine"},
        {"submit=example.org:25", "only servers on this machine"},
        {"submit=[::]:25", "only servers on this machine"},
        {"submit=127.0.0.1", "expected HOST=127.0.0.1:PORT"},
        {"submit=127.0.0.1:0", "expected HOST=127.0.0.1:PORT"},
        {"submit", "expected HOST=127.0.0.1:PORT"},
        {"submid=127.0.0.1:25", "did you mean submit?"},
        {"submit:x=127.0.0.1:25", "is no port"},
        {"submit=127.0.0.1:25", ""},
    };
    struct ports_table s;
    load(&s);
    struct topology_agent *msa = &s.t.hosts[1].agents[0];
    msa->port_count = 1;
    msa->ports[0] = 587;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool ok = real(&s, rows[i].text);
        cr_expect_eq(ok, rows[i].says[0] == '\0', "\"%s\": %s", rows[i].text, s.problem.what);
        if (!ok)
            cr_expect(strstr(s.problem.what, rows[i].says), "\"%s\": %s", rows[i].text,
                      s.problem.what);
    }
    cr_expect_eq(s.ports.reals.count, 4);
    cr_expect_eq(s.ports.reals.items[3].port, 587, "the only port that it has");
    finish(&s);
}
