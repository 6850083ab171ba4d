/* The run's authority, and the faults of certificates. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "support_world.h"
#include "topologies/load.h"
#include "topologies/world_inner.h"

static struct world *make(const struct world_options *options)
{
    struct topology t;
    struct problem problem = {0};
    cr_assert(topology_load(&t, SOURCE_DIR "/topologies/two-towns.json", &problem), "%s",
              problem.what);
    struct world *world = world_create(&t, options);
    topology_finish(&t);
    return world;
}

static void expect_pem(const struct world_options *a, const struct world_options *b, bool equal)
{
    struct world *one = make(a), *two = make(b);
    cr_expect(slice_starts(world_tls_pem(one), SLICE("-----BEGIN CERTIFICATE-----\n")));
    cr_expect_eq(slice_equal(world_tls_pem(one), world_tls_pem(two)), equal);
    world_destroy(one);
    world_destroy(two);
}

Test(world_tls, the_authority_follows_from_the_seed_unless_real_programs_trust_it)
{
    struct world_options one = {.seed = 1}, two = {.seed = 2};
    struct world_options real = {.seed = 1, .lets_real_in = true};
    expect_pem(&one, &one, true);
    expect_pem(&one, &two, false);
    expect_pem(&real, &real, false);
}

Test(world_tls, a_world_may_be_without)
{
    struct world *world = make(&(struct world_options){.seed = 1, .has_no_tls = true});
    cr_expect_eq(world_tls_pem(world).size, 0);
    cr_expect_not(office_has_tls(&world->office));
    world_destroy(world);
    world = make(&(struct world_options){.seed = 1});
    cr_expect(office_has_tls(&world->office));
    world_destroy(world);
}

Test(world_tls, a_certificate_goes_bad_and_is_mended_again)
{
    static const struct {
        const char *fault;
        enum tls_flaw flaw;
    } rows[] = {{"fault cert-expired mta-mx1 ", TLS_FLAW_EXPIRED},
                {"fault cert-wrong-name mx1 ", TLS_FLAW_WRONG_NAME},
                {"fault cert-untrusted mta-mx1 ", TLS_FLAW_UNTRUSTED}};
    struct world *world = make(&(struct world_options){.seed = 1});
    uint32_t agent = log_find_place(world_log(world), SLICE("mta-mx1"));
    uint32_t other = log_find_place(world_log(world), SLICE("mta-out"));
    cr_assert(agent && other);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char action[64];
        snprintf(action, sizeof action, "%son", rows[i].fault);
        support_do(world, 0, action);
        world_run_quiet(world, VTIME_NEVER);
        cr_expect_eq(office_find_flaw(&world->office, agent), rows[i].flaw);
        cr_expect_eq(office_find_flaw(&world->office, other), TLS_FLAW_NONE);
        snprintf(action, sizeof action, "%soff", rows[i].fault);
        support_do(world, 0, action);
        world_run_quiet(world, VTIME_NEVER);
        cr_expect_eq(office_find_flaw(&world->office, agent), TLS_FLAW_NONE);
    }
    struct problem problem = {0};
    cr_expect_not(world_do(world, 0, SLICE("fault cert-expired nobody on"), &problem));
    world_destroy(world);
}
