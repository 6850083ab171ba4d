/* A topology that is edited while it runs: from now on, and with nothing lost in silence. */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/vtime.h"
#include "sim/trace/jsonl.h"
#include "support_world.h"

static struct world *world;

static const struct log *log_now(void)
{
    return world_log(world);
}

/* Plans it now, and runs until all is quiet. */
static void play(const char *action)
{
    support_do(world, world_now(world), action);
    world_run_quiet(world, VTIME_NEVER);
}

static uint32_t count_delivered(const char *rcpt)
{
    uint32_t count = 0;
    for (uint32_t id = 0; id < log_count(log_now()); id++) {
        const struct event_deliver *e = event_as_deliver(log_at(log_now(), id));
        count += e && slice_equal(log_text(log_now(), e->rcpt), slice_of(rcpt));
    }
    return count;
}

static const struct event *last(enum event_kind kind)
{
    for (uint32_t id = log_count(log_now()); id-- > 0;)
        if (log_at(log_now(), id)->kind == kind)
            return log_at(log_now(), id);
    return NULL;
}

static bool was_refused(void)
{
    const struct event *e = last(EVENT_UI);
    return e && slice_equal(log_text(log_now(), event_as_ui(e)->step), SLICE("refused"));
}

static void end(void)
{
    support_check_conservation(log_now());
    world_destroy(world);
}

Test(world_edit, a_new_host_gets_mail_for_a_new_domain)
{
    world = support_world_shipped("two-towns", 1);
    play("admd add elm name=\"Elm House\"");
    play("host add elm1 name=mail.elm.test addr=192.0.2.77 admd=elm");
    play("link add dns:elm1 latency=5");
    play("agent add elm1 mta-elm1 role=mta listen=25 local=elm.test");
    play("agent add elm1 mda-elm1 role=mda");
    play("agent add elm1 store-elm1 role=store");
    play("dns add elm.test MX mail.elm.test pref=10");
    play("user add emma@elm.test name=Emma");
    play("send from=alice@example.com to=emma@elm.test subject=Welcome");
    cr_expect(!was_refused());
    cr_expect_eq(count_delivered("emma@elm.test"), 1);
    uint32_t place = log_find_place(log_now(), SLICE("elm1"));
    cr_expect_eq(log_host_of(log_now(), log_find_place(log_now(), SLICE("mta-elm1"))), place);
    end();
}

Test(world_edit, what_waits_on_a_host_that_is_carried_away_is_counted)
{
    struct conservation counts;
    struct problem problem = {0};
    world = support_world_shipped("two-towns", 1);
    play("fault mx1-down on");
    support_do(world, world_now(world),
               "send from=alice@example.com to=bob@example.org subject=Lost");
    world_run_until(world, world_now(world) + 60 * VTIME_S);
    cr_assert(conservation_check(log_now(), &counts, &problem));
    cr_assert_eq(counts.waiting, 1);
    play("host remove out");
    const struct event_gone *gone = event_as_gone(last(EVENT_GONE));
    cr_expect_eq(gone->n, 1);
    cr_expect(log_is_gone(log_now(), gone->at));
    cr_expect(log_is_gone(log_now(), log_find_place(log_now(), SLICE("mta-out"))));
    cr_assert(conservation_check(log_now(), &counts, &problem), "%s", problem.what);
    cr_expect_eq(counts.gone, 1);
    cr_expect_eq(counts.waiting, 0);
    world_run_until(world, world_now(world) + 10 * 24 * 3600 * VTIME_S);
    cr_expect_eq(count_delivered("bob@example.org"), 0);
    end();
}

/* It was down already when it was carried away: its queue is in files. */
Test(world_edit, what_waits_in_the_files_of_a_host_that_is_down_is_counted_too)
{
    world = support_world_shipped("two-towns", 1);
    play("fault mx1-down on");
    support_do(world, world_now(world),
               "send from=alice@example.com to=bob@example.org subject=Lost");
    world_run_until(world, world_now(world) + 60 * VTIME_S);
    support_do(world, world_now(world), "fault host-crash out on");
    world_run_until(world, world_now(world) + 60 * VTIME_S);
    play("host remove out");
    cr_expect_eq(event_as_gone(last(EVENT_GONE))->n, 1);
    world_run_until(world, world_now(world) + 3600 * VTIME_S);
    end();
}

/* Whoever was speaking to it finds out as after a crash; mail to it waits, and comes back at last.
 */
Test(world_edit, mail_to_a_host_that_is_gone_is_returned_when_its_time_is_over)
{
    world = support_world_shipped("two-towns", 1);
    play("host remove mx1");
    cr_expect_eq(support_count(log_now(), EVENT_CRASH), 1);
    cr_expect_eq(support_count(log_now(), EVENT_GONE), 4, "three links and the host");
    support_do(world, world_now(world),
               "send from=alice@example.com to=bob@example.org subject=Anybody");
    world_run_until(world, world_now(world) + 6 * 24 * 3600 * VTIME_S);
    cr_expect_geq(support_count(log_now(), EVENT_QUEUE_GIVEUP), 1);
    cr_expect_geq(count_delivered("alice@example.com"), 1);
    end();
}

Test(world_edit, who_comes_under_the_id_of_one_that_is_gone_is_somebody_else)
{
    world = support_world_shipped("two-towns", 1);
    uint32_t old = log_find_place(log_now(), SLICE("mx1"));
    play("host remove mx1");
    play("host add mx1 name=mx1.example.org addr=203.0.113.25 admd=birch");
    play("link add mx1:out");
    play("agent add mx1 mta-mx1 role=mta listen=25 local=example.org");
    play("agent add mx1 mda-mx1 role=mda");
    play("agent add mx1 store-mx1 role=store");
    play("send from=alice@example.com to=bob@example.org subject=Again");
    uint32_t now = log_find_place(log_now(), SLICE("mx1"));
    cr_expect_neq(now, old);
    cr_expect(log_is_gone(log_now(), old) && !log_is_gone(log_now(), now));
    cr_expect_eq(log_find_place_at(log_now(), SLICE("mx1"), 5), old);
    cr_expect_eq(count_delivered("bob@example.org"), 1);
    end();
}

Test(world_edit, a_port_is_free_again_when_its_agent_is_gone)
{
    world = support_world_shipped("two-towns", 1);
    play("agent remove mta-mx1");
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=Refused");
    world_run_until(world, 60 * VTIME_S);
    cr_expect_eq(count_delivered("bob@example.org"), 0);
    support_do(world, 0, "agent add mx1 mta-new role=mta listen=25 local=example.org");
    support_do(world, 61 * VTIME_S, "flush out");
    world_run_until(world, 120 * VTIME_S);
    cr_expect_eq(count_delivered("bob@example.org"), 1);
    end();
}

/* Saving, loading and saving gives the same octets, also where an id has passed to another place.
 */
Test(world_edit, the_trace_of_an_edited_world_is_read_back_as_it_was)
{
    world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=Hello");
    support_do(world, 300 * VTIME_S / 1000, "host remove submit");
    support_do(world, 301 * VTIME_S / 1000,
               "host add submit name=submit2.example.com addr=198.51.100.27");
    support_do(world, 302 * VTIME_S / 1000, "link add submit:out");
    support_do(world, VTIME_S, "host rename mx1 mx9");
    support_do(world, 2 * VTIME_S, "host add mx1 name=new.example.org addr=203.0.113.99");
    world_run_until(world, 3600 * VTIME_S);
    struct log again;
    struct problem problem = {0};
    FILE *file = tmpfile(), *other = tmpfile();
    jsonl_write(log_now(), file);
    rewind(file);
    cr_assert(jsonl_read(&again, file, "trace", &problem), "line %d: %s", problem.line,
              problem.what);
    jsonl_write(&again, other);
    long size = ftell(other);
    rewind(file);
    rewind(other);
    for (long i = 0; i < size; i++)
        cr_assert_eq(fgetc(file), fgetc(other), "octet %ld", i);
    cr_expect_eq(fgetc(file), EOF);
    cr_expect_eq(log_find_place(&again, SLICE("mx1")), log_find_place(log_now(), SLICE("mx1")));
    log_finish(&again);
    fclose(file);
    fclose(other);
    end();
}

Test(world_edit, a_host_that_is_renamed_is_the_same_under_another_name)
{
    world = support_world_shipped("two-towns", 1);
    uint32_t place = log_find_place(log_now(), SLICE("mx1"));
    play("host rename mx1 mx9 name=mx9.example.org");
    cr_expect_eq(log_find_place(log_now(), SLICE("mx9")), place);
    cr_expect(slice_equal(log_place_name(log_now(), place), SLICE("mx9")));
    cr_expect(slice_equal(log_place_name_at(log_now(), place, 3), SLICE("mx1")));
    cr_expect(slice_equal(log_host_name(log_now(), place), SLICE("mx9.example.org")));
    play("send from=alice@example.com to=bob@example.org subject=Hello");
    cr_expect_eq(count_delivered("bob@example.org"), 1);
    play("fetch by=pc-bob");
    cr_expect_eq(support_count(log_now(), EVENT_FETCH), 1);
    play("fault mx1-down on");
    cr_expect_eq(event_as_crash(last(EVENT_CRASH))->at, place);
    end();
}

Test(world_edit, a_fault_ends_with_what_it_is_about)
{
    world = support_world_shipped("two-towns", 1);
    play("fault mx1-down on");
    play("fault towns-cut on");
    play("host remove mx1");
    cr_expect_eq(support_count(log_now(), EVENT_BOOT), 0);
    struct problem problem = {0};
    cr_expect(!world_do(world, world_now(world), SLICE("fault mx1-down off"), &problem));
    cr_expect(!world_do(world, world_now(world), SLICE("fault host-down mx1 on"), &problem));
    cr_expect(strstr(problem.what, "unknown host \"mx1\"") != NULL, "%s", problem.what);
    end();
}

/* All of it can be planned before any of it is there. */
Test(world_edit, what_is_planned_counts_for_what_is_planned_after_it)
{
    struct problem problem = {0};
    world = support_world_shipped("two-towns", 1);
    support_do(world, VTIME_S, "user add eve@example.org name=Eve");
    support_do(world, 2 * VTIME_S, "host add pc-eve name=pc-eve.example.org addr=203.0.113.11");
    support_do(world, 3 * VTIME_S, "link add pc-eve:mx1");
    support_do(world, 4 * VTIME_S,
               "agent add pc-eve mua-eve role=mua user=eve@example.org "
               "incoming=mx1.example.org outgoing=submit.example.com");
    support_do(world, 5 * VTIME_S, "set mua-eve auth=false");
    support_do(world, 6 * VTIME_S, "send from=alice@example.com to=eve@example.org subject=Hello");
    support_do(world, 60 * VTIME_S, "fetch by=pc-eve");
    cr_expect(!world_do(world, 70 * VTIME_S, SLICE("link add mx1:pc-eve"), &problem));
    support_do(world, 80 * VTIME_S, "fetch by=pc-nobody");
    world_run_until(world, 79 * VTIME_S);
    cr_expect(!was_refused());
    cr_expect_eq(support_count(log_now(), EVENT_FETCH), 1);
    world_run_quiet(world, VTIME_NEVER);
    cr_expect(was_refused());
    end();
}

Test(world_edit, a_link_is_as_slow_as_it_is_said_to_be)
{
    world = support_world_shipped("two-towns", 1);
    play("link set mx1:out latency=3000");
    const struct event_conf *conf = event_as_conf(last(EVENT_CONF));
    cr_expect_eq(log_link(log_now(), conf->link)->latency, 20000);
    cr_expect(slice_equal(log_text(log_now(), conf->key), SLICE("latency_ms")));
    play("send from=alice@example.com to=bob@example.org subject=Slow");
    const struct event_tcp_connect *connect = event_as_tcp_connect(last(EVENT_TCP_CONNECT));
    cr_expect(slice_equal(log_text(log_now(), connect->path), SLICE("out dns mx1")), "%.*s",
              SLICE_ARG(log_text(log_now(), connect->path)));
    end();
}

Test(world_edit, the_trace_tells_of_another_title)
{
    world = support_world_shipped("two-towns", 1);
    play("network set title=\"Our school\"");
    const struct event_title *e = event_as_title(last(EVENT_TITLE));
    cr_expect(slice_equal(log_text(log_now(), e->title), SLICE("Our school")));
    play("send from=alice@example.com to=bob@example.org subject=On");
    cr_expect(last(EVENT_DELIVER), "and all goes on as before");
    end();
}

Test(world_edit, a_host_is_moved_and_its_clock_is_set)
{
    world = support_world_shipped("two-towns", 1);
    play("host move mx1 x=10 y=20");
    const struct event_position *e = event_as_position(last(EVENT_POSITION));
    cr_expect(e->x == 10 && e->y == 20);
    play("host set mx1 zone=+0200 skew=3600 admd=cedar");
    play("send from=alice@example.com to=bob@example.org subject=Clock");
    const struct event_deliver *d = event_as_deliver(last(EVENT_DELIVER));
    cr_expect(slice_find(log_text(log_now(), d->header), SLICE("+0200"), 0) != SLICE_NONE);
    end();
}

/* The file does not have them: who reads the trace, such as a form, knows them all the same. */
Test(world_edit, the_settings_of_a_new_program_are_told)
{
    world = support_world_shipped("two-towns", 1);
    uint32_t before = support_count(log_now(), EVENT_CONF);
    play("agent add mx1 mta-new role=mta listen=2525 local=elm.test next=out");
    cr_expect_eq(support_count(log_now(), EVENT_CONF), before + 2, "not its role, not its ports");
    const struct event_conf *conf = event_as_conf(last(EVENT_CONF));
    cr_expect_eq(conf->at, log_find_place(log_now(), SLICE("mta-new")));
    cr_expect(slice_equal(log_text(log_now(), conf->key), SLICE("next")));
    cr_expect(slice_equal(log_text(log_now(), conf->value), SLICE("out")));
    end();
}

/* The lines that the window's palette makes for two organisations, in the order of a student. */
Test(world_edit, a_network_that_is_built_from_nothing_carries_mail_across)
{
    static const char *const lines[] = {
        "admd add aster name=\"Aster College\"",
        "host add mail name=mail.aster.example addr=198.51.100.10 admd=aster",
        "link add mail:dns",
        "agent add mail msa-mail role=msa domain=aster.example",
        "agent add mail mta-mail role=mta local=aster.example",
        "agent add mail mda-mail role=mda",
        "agent add mail store-mail role=store",
        "agent add mail access-mail role=access",
        "dns add aster.example MX mail.aster.example pref=10",
        "host add pc-ann name=pc-ann.aster.example addr=198.51.100.11 admd=aster",
        "link add pc-ann:mail",
        "user add ann@aster.example",
        "agent add pc-ann mua-pc-ann role=mua user=ann@aster.example outgoing=mail incoming=mail",
        "host add mail2 name=mail2.birch.example addr=203.0.113.10",
        "link add mail2:dns",
        "agent add mail2 msa-mail2 role=msa domain=birch.example",
        "agent add mail2 mta-mail2 role=mta local=birch.example",
        "agent add mail2 mda-mail2 role=mda",
        "agent add mail2 store-mail2 role=store",
        "agent add mail2 access-mail2 role=access",
        "dns add birch.example MX mail2.birch.example pref=10",
        "user add ben@birch.example",
        "send from=ann@aster.example to=ben@birch.example subject=Across",
        "send from=ann@aster.example to=ann@aster.example subject=Home",
    };
    world = support_world_shipped("new-network", 1);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        play(lines[i]);
    cr_expect_eq(count_delivered("ben@birch.example"), 1);
    cr_expect_eq(count_delivered("ann@aster.example"), 1);
    end();
}
