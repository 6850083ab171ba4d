/* The host that is put in for programs from outside. */
#include "topologies/visitor.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "sim/trace/event.h"
#include "support_small.h"
#include "topologies/world_live.h"

static void load(struct topology *t, const char *name)
{
    struct problem problem = {0};
    char path[256];
    snprintf(path, sizeof path, SOURCE_DIR "/topologies/%s.json", name);
    cr_assert(topology_load(t, path, &problem), "%s", problem.what);
}

Test(visitor, it_has_an_address_a_name_and_a_line_of_its_own)
{
    struct topology t;
    load(&t, "two-towns");
    size_t hosts = t.host_count, links = t.link_count, records = t.record_count;
    size_t hub = visitor_hub(&t), at = visitor_add(&t, hub);
    cr_expect(slice_equal(t.hosts[hub].id, SLICE("out")), "three lines, and before mx1");
    cr_assert_eq(at, hosts);
    cr_assert(t.host_count == hosts + 1 && t.link_count == links + 1);
    cr_assert_eq(t.record_count, records + 1);
    cr_expect(slice_equal(t.hosts[at].id, SLICE("visitor")));
    cr_expect(t.links[links].a == hub && t.links[links].b == at);
    for (size_t i = 0; i < hosts; i++)
        cr_expect_neq(t.hosts[i].address, t.hosts[at].address);
    struct world *world = world_create(&t, &(struct world_options){.seed = 1});
    cr_expect_neq(world_place(world, &t.hosts[at]), 0);
    world_destroy(world);
    topology_finish(&t);
}

Test(visitor, it_stands_apart_from_the_others_on_a_map_with_places)
{
    static const char *const names[] = {"two-towns", "one-host", "backup-mx", "three-relays"};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        struct topology t;
        load(&t, names[n]);
        size_t at = visitor_add(&t, visitor_hub(&t));
        const struct topology_host *visitor = &t.hosts[at];
        bool has_places = t.hosts[0].x != EVENT_UNSET;
        cr_expect_eq(visitor->x != EVENT_UNSET, has_places, "%s", names[n]);
        for (size_t i = 0; has_places && i < at; i++) {
            int64_t dx = (int64_t)t.hosts[i].x - visitor->x;
            int64_t dy = (int64_t)t.hosts[i].y - visitor->y;
            cr_expect(dx * dx + dy * dy >= 100 * 100, "%s: too near to %.*s", names[n],
                      SLICE_ARG(t.hosts[i].id));
        }
        topology_finish(&t);
    }
}

Test(visitor, a_host_of_that_id_is_taken_as_it_is)
{
    struct topology t;
    load(&t, "two-towns");
    size_t at = visitor_add(&t, 0);
    cr_expect_eq(visitor_add(&t, 3), at);
    cr_expect_eq(t.host_count, at + 1);
    topology_finish(&t);
}

Test(visitor, ids_names_and_addresses_that_are_taken_are_left_alone)
{
    struct topology t;
    load(&t, "two-towns");
    t.hosts[0].agents[0].id = SLICE("visitor");
    t.hosts[1].name = SLICE("Visitor-2.example.net");
    t.hosts[2].address = 0xC00002C8;
    size_t at = visitor_add(&t, 0);
    cr_expect(slice_equal(t.hosts[at].id, SLICE("visitor-3")), "%.*s", SLICE_ARG(t.hosts[at].id));
    cr_expect_eq(t.hosts[at].address, 0xC00002C9);
    topology_finish(&t);
}

Test(visitor, hosts_are_found_by_id_and_name_and_mistakes_are_guessed)
{
    struct topology t;
    struct problem problem = {0};
    size_t host;
    load(&t, "two-towns");
    cr_expect(visitor_find_host(&t, SLICE("mx1"), &host, &problem) && host == 4);
    cr_expect(visitor_find_host(&t, SLICE("OUT.example.com"), &host, &problem) && host == 2);
    cr_expect(!visitor_find_host(&t, SLICE("mx"), &host, &problem));
    cr_expect(strstr(problem.what, "did you mean mx1?"), "%s", problem.what);
    cr_expect(!visitor_find_host(&t, SLICE("somewhere-else"), &host, &problem));
    cr_expect(strstr(problem.what, "there are pc-alice, submit, out"), "%s", problem.what);
    topology_finish(&t);
}
