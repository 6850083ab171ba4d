#include <criterion/criterion.h>

#include <string.h>
#include <time.h>

#include "render/scene/scene.h"
#include "sim/base/random.h"
#include "sim/base/vtime.h"
#include "tests/scene/support_log.h"

static int64_t time_of(const struct log *log, enum event_kind kind, int nth)
{
    for (uint32_t id = 0; id < log_count(log); id++)
        if (log_at(log, id)->kind == kind && nth-- == 0)
            return log_at(log, id)->t;
    cr_assert(false, "no such event");
    return 0;
}

static void expect_holder(struct scene *scene, int64_t t, const char *name)
{
    scene_seek(scene, t);
    struct slice holder = log_place_name(scene->log, scene_holder(scene, 1));
    cr_expect(slice_equal(holder, slice_of(name)), "at %lld ns: %.*s, not %s", (long long)t,
              SLICE_ARG(holder), name);
}

/* RFC 5321 2.1, 6.1: who has answered 250 must not lose the message; each in turn. */
Test(scene, responsibility_goes_from_hand_to_hand_and_ends_with_delivery)
{
    struct story s;
    story_world(&s, true);
    story_first_mail(&s);
    struct scene scene;
    scene_init(&scene, &s.log);
    expect_holder(&scene, 0, "mua-alice");
    expect_holder(&scene, time_of(&s.log, EVENT_ACCEPT, 0), "msa-submit");
    expect_holder(&scene, time_of(&s.log, EVENT_ACCEPT, 1), "mta-out");
    expect_holder(&scene, time_of(&s.log, EVENT_ACCEPT, 2), "mta-mx1");
    expect_holder(&scene, time_of(&s.log, EVENT_DELIVER, 0), "");
    cr_expect_eq(scene_find_message(&scene, 1)->state, SCENE_STATE_DELIVERED);
    cr_expect_eq(scene_find_message(&scene, 1)->store, s.store);
    cr_expect_eq(scene_host(&scene, s.mx1).stored, 1);
    scene_seek(&scene, log_end(&s.log));
    cr_expect_eq(scene_find_message(&scene, 1)->state, SCENE_STATE_FETCHED);
    cr_expect_eq(scene_host(&scene, s.pc_bob).fetched, 1);
    for (uint32_t place = 1; place <= log_place_count(&s.log); place++)
        cr_expect_eq(scene_host(&scene, place).queued, 0);
    scene_finish(&scene);
    story_finish(&s);
}

/* Between the server's decision and the client's reading of 250 both hold it (RFC 1047). */
Test(scene, two_hold_a_message_until_the_250_has_been_read)
{
    struct story s;
    story_world(&s, true);
    story_first_mail(&s);
    struct scene scene;
    scene_init(&scene, &s.log);
    scene_seek(&scene, time_of(&s.log, EVENT_ACCEPT, 1));
    cr_expect(scene_is_holder(&scene, 1, s.submit) && scene_is_holder(&scene, 1, s.out));
    scene_seek(&scene, time_of(&s.log, EVENT_RELAY, 0));
    cr_expect(!scene_is_holder(&scene, 1, s.submit) && scene_is_holder(&scene, 1, s.out));
    scene_finish(&scene);
    story_finish(&s);
}

/* RFC 5321 4.4: each server puts one Received on top. */
Test(scene, received_fields_grow_with_each_server)
{
    struct story s;
    story_world(&s, true);
    story_first_mail(&s);
    struct scene scene;
    scene_init(&scene, &s.log);
    scene_seek(&scene, 0);
    cr_expect_eq(scene_find_message(&scene, 1)->received_count, 0);
    for (int hop = 0; hop < 3; hop++) {
        scene_seek(&scene, time_of(&s.log, EVENT_ACCEPT, hop));
        cr_expect_eq(scene_find_message(&scene, 1)->received_count, (uint32_t)hop + 1);
    }
    scene_finish(&scene);
    story_finish(&s);
}

static bool find_cargo(const struct scene *scene, enum scene_cargo cargo,
                       struct scene_flight *flight)
{
    for (size_t i = 0; scene_flight(scene, i, flight); i++)
        if (flight->cargo == cargo)
            return true;
    return false;
}

/* RFC 5598 4.4: the opener of an SMTP connection pushes, that of a POP3 connection pulls. */
Test(scene, a_message_flies_between_departure_and_arrival_pushed_then_pulled)
{
    struct story s;
    story_world(&s, true);
    story_first_mail(&s);
    struct scene scene;
    struct scene_flight flight;
    scene_init(&scene, &s.log);
    scene_seek(&scene, time_of(&s.log, EVENT_ACCEPT, 0) - 5 * VTIME_MS);
    cr_assert(find_cargo(&scene, SCENE_CARGO_MESSAGE, &flight));
    cr_expect_eq(flight.from, s.alice);
    cr_expect_float_eq(flight.position, 0.75, 1e-9);
    cr_expect(!flight.is_pull && flight.msg == 1 && flight.path_count == 2 &&
              flight.path[1] == s.submit);
    scene_seek(&scene, time_of(&s.log, EVENT_FETCH, 0) - 5 * VTIME_MS);
    cr_assert(find_cargo(&scene, SCENE_CARGO_MESSAGE, &flight));
    cr_expect_eq(flight.from, s.access);
    cr_expect(flight.is_pull && flight.is_back);
    cr_expect_eq(flight.path[0], s.mx1, "the path goes from the sender of the segment");
    scene_seek(&scene, time_of(&s.log, EVENT_FETCH, 0));
    cr_expect(!find_cargo(&scene, SCENE_CARGO_MESSAGE, &flight), "it has arrived");
    scene_finish(&scene);
    story_finish(&s);
}

Test(scene, a_dns_question_flies_as_a_datagram)
{
    struct story s;
    story_world(&s, true);
    story_first_mail(&s);
    struct scene scene;
    struct scene_flight flight;
    scene_init(&scene, &s.log);
    scene_seek(&scene, time_of(&s.log, EVENT_DNS_QUERY, 0) - 10 * VTIME_MS);
    cr_assert(find_cargo(&scene, SCENE_CARGO_DATAGRAM, &flight));
    cr_expect_eq(flight.to, s.name_server);
    cr_expect_float_eq(flight.position, 0.5, 1e-9);
    scene_finish(&scene);
    story_finish(&s);
}

static double place_of_stopped(const char *path, const char *firewall)
{
    struct story s;
    struct scene scene;
    struct scene_flight flight;
    story_world(&s, true);
    struct event_tcp_connect connect = {1, s.alice, s.mta_mx1, 25, 1, story_text(&s, path)};
    struct event_tcp_segment segment = {1, 0, 0, 0, 60000, 0};
    struct event_block block = {log_find_place(&s.log, slice_of(firewall)), s.alice, s.mta_mx1, 25,
                                story_text(&s, "drop")};
    struct event_tcp_lost lost = {1, s.alice, s.mta_mx1, 0, 0};
    log_add(&s.log, 0, 0, EVENT_TCP_CONNECT, 0, &connect);
    log_add(&s.log, 0, 0, EVENT_TCP_SEGMENT, 0, &segment);
    uint32_t id = log_add(&s.log, VTIME_MS, 0, EVENT_BLOCK, 0, &block);
    log_add(&s.log, VTIME_MS, id, EVENT_TCP_LOST, 0, &lost);
    scene_init(&scene, &s.log);
    scene_seek(&scene, VTIME_MS);
    cr_assert(scene_flight(&scene, 0, &flight) && flight.is_lost);
    scene_finish(&scene);
    story_finish(&s);
    return flight.position;
}

Test(scene, what_a_firewall_stops_goes_no_further_than_its_host)
{
    cr_expect_float_eq(place_of_stopped("pc-alice out mx1", "pc-alice"), 0, 1e-9);
    cr_expect_float_eq(place_of_stopped("pc-alice out mx1", "out"), 0.5, 1e-9);
    cr_expect_float_eq(place_of_stopped("pc-alice out mx1", "mx1"), 1, 1e-9);
}

/* RFC 5321 4.5.4.1: what can't be handed on waits; RFC 3464: at the end a notice says so. */
Test(scene, a_message_for_a_dead_host_waits_and_bounces)
{
    struct story s;
    story_world(&s, true);
    story_dead_host(&s);
    struct scene scene;
    struct scene_flight flight;
    scene_init(&scene, &s.log);
    scene_seek(&scene, time_of(&s.log, EVENT_TCP_LOST, 0));
    cr_expect(!scene_is_up(&scene, s.mx1) && !scene_is_up(&scene, s.mta_mx1));
    cr_assert(scene_flight(&scene, 0, &flight));
    cr_expect(flight.is_lost && flight.position == 1.0, "it dies at the host that is down");
    scene_seek(&scene, time_of(&s.log, EVENT_QUEUE_DEFER, 0));
    cr_expect_eq(scene_find_message(&scene, 1)->state, SCENE_STATE_DEFERRED);
    cr_expect_eq(scene_host(&scene, s.out).queued, 1);
    cr_expect_eq(scene.now.conns.count, 0, "an attempt that failed is no connection");
    scene_seek(&scene, log_end(&s.log));
    cr_expect_eq(scene_find_message(&scene, 1)->state, SCENE_STATE_BOUNCED);
    cr_expect_eq(scene_host(&scene, s.out).queued, 0);
    cr_expect_eq(scene_holder(&scene, 2), s.mta_out, "the server holds its notice");
    scene_finish(&scene);
    story_finish(&s);
}

static void text_at(struct scene *scene, int64_t t, struct bytes *out)
{
    bytes_clear(out);
    scene_seek(scene, t);
    cr_assert(scene_text(scene, out));
}

/* Trace law 1 and "time travel costs nothing": any way to t gives the same scene. */
Test(scene, any_way_to_a_time_gives_the_same_scene)
{
    struct story s;
    story_world(&s, true);
    story_dead_host(&s);
    story_many_mails(&s, 20);
    struct scene wandering, stepping;
    struct bytes a, b;
    bytes_init(&a, 1 << 20);
    bytes_init(&b, 1 << 20);
    scene_init(&wandering, &s.log);
    struct random r;
    random_init(&r, 7, SLICE("seeks"));
    for (int i = 0; i < 300; i++) {
        int64_t t = log_at(&s.log, (uint32_t)random_below(&r, log_count(&s.log)))->t;
        t += (int64_t)random_below(&r, 30 * VTIME_MS) - 10 * VTIME_MS;
        text_at(&wandering, t, &a);
        scene_init(&stepping, &s.log);
        if (i % 10 == 0) /* each event's time in turn */
            for (uint32_t id = 0; id < log_count(&s.log) && log_at(&s.log, id)->t < t; id++)
                scene_seek(&stepping, log_at(&s.log, id)->t);
        text_at(&stepping, t, &b);
        cr_assert(slice_equal(bytes_slice(&a), bytes_slice(&b)), "at %lld:\n%.*s\n----\n%.*s",
                  (long long)t, SLICE_ARG(bytes_slice(&a)), SLICE_ARG(bytes_slice(&b)));
        scene_finish(&stepping);
    }
    scene_finish(&wandering);
    bytes_finish(&a);
    bytes_finish(&b);
    story_finish(&s);
}

/* More events than one checkpoint holds: back, forward, and the same as from the start. */
Test(scene, checkpoints_change_nothing)
{
    struct story s;
    story_world(&s, true);
    story_many_mails(&s, 1600);
    cr_assert_gt(log_count(&s.log), 2u * SCENE_CHECKPOINT_EVENTS);
    struct scene scene, fresh;
    struct bytes a, b;
    bytes_init(&a, 1 << 22);
    bytes_init(&b, 1 << 22);
    scene_init(&scene, &s.log);
    scene_seek(&scene, log_end(&s.log));
    cr_expect_eq(scene.checkpoints.count, log_count(&s.log) / SCENE_CHECKPOINT_EVENTS);
    for (uint32_t share = 1; share < 10; share += 2) {
        int64_t t = log_at(&s.log, log_count(&s.log) / 10 * (10 - share))->t + 1;
        scene_init(&fresh, &s.log);
        text_at(&fresh, t, &a);
        text_at(&scene, t, &b);
        cr_expect(slice_equal(bytes_slice(&a), bytes_slice(&b)));
        text_at(&scene, 0, &b);
        text_at(&scene, t, &b);
        cr_expect(slice_equal(bytes_slice(&a), bytes_slice(&b)));
        scene_finish(&fresh);
    }
    scene_finish(&scene);
    bytes_finish(&a);
    bytes_finish(&b);
    story_finish(&s);
}

Test(scene, a_log_that_grows_is_followed)
{
    struct story s;
    story_world(&s, true);
    struct scene scene;
    scene_init(&scene, &s.log);
    scene_seek(&scene, VTIME_H);
    cr_expect_null(scene_find_message(&scene, 1));
    s.t = 2 * VTIME_H;
    story_first_mail(&s);
    scene_seek(&scene, 2 * VTIME_H);
    cr_assert_not_null(scene_find_message(&scene, 1));
    cr_expect_eq(scene_host(&scene, s.pc_alice).written, 1);
    scene_finish(&scene);
    story_finish(&s);
}

Test(scene, a_cut_link_is_seen_by_either_order_of_its_hosts)
{
    struct story s;
    story_world(&s, true);
    const char *const targets[] = {"out:mx1", "mx1:out"};
    struct scene scene;
    scene_init(&scene, &s.log);
    for (size_t i = 0; i < 2; i++)
        for (int on = 1; on >= 0; on--) {
            s.t += VTIME_S;
            log_add(&s.log, s.t, 0, EVENT_FAULT, 0,
                    &(struct event_fault){story_text(&s, ""), story_text(&s, on ? "on" : "off"),
                                          story_text(&s, "link-cut"), story_text(&s, targets[i]),
                                          story_text(&s, "")});
            scene_seek(&scene, s.t);
            cr_expect_eq(scene.now.link_cuts.items[3], on);
            cr_expect_eq(scene.now.faults.count, (size_t)on);
        }
    scene_finish(&scene);
    story_finish(&s);
}

/* A host that stores what it took itself has no one to relay to: delivery ends its responsibility.
 */
Test(scene, a_server_that_delivers_what_it_accepted_holds_it_no_more)
{
    struct story s;
    story_world(&s, true);
    uint32_t header = story_text(&s, "Received: x\r\n\r\n"),
             rcpt = story_text(&s, "bob@example.org");
    log_add(
        &s.log, 0, 0, EVENT_MESSAGE, 0,
        &(struct event_message){s.alice, 1, story_text(&s, "a@example.com"), rcpt, header, header});
    log_add(&s.log, 1, 0, EVENT_ACCEPT, 0,
            &(struct event_accept){s.mta_mx1, 1, 0, header, header, 0});
    log_add(&s.log, 1, 0, EVENT_SUBMIT, 0, &(struct event_submit){s.alice, 1, rcpt, 0});
    log_add(&s.log, 2, 0, EVENT_DELIVER, 0,
            &(struct event_deliver){s.store, 1, story_text(&s, "INBOX"), rcpt, header, 0});
    struct scene scene;
    scene_init(&scene, &s.log);
    scene_seek(&scene, 1);
    cr_expect_eq(scene_holder(&scene, 1), s.mta_mx1);
    scene_seek(&scene, 2);
    cr_expect_eq(scene_holder(&scene, 1), 0, "the store's host is the server's host");
    scene_finish(&scene);
    story_finish(&s);
}

/* What has arrived is dropped from the fold; a small step back must bring it again. */
Test(scene, a_step_back_between_two_events_shows_again_what_was_on_its_way)
{
    struct story s;
    story_world(&s, true);
    story_first_mail(&s);
    log_add(&s.log, s.t, 0, EVENT_TCP_SEGMENT, 0,
            &(struct event_tcp_segment){1, 9, 0, 0, 20000, 0});
    struct scene scene;
    struct scene_flight flight;
    scene_init(&scene, &s.log);
    scene_seek(&scene, s.t + 30 * VTIME_MS);
    cr_expect(!scene_flight(&scene, 0, &flight));
    scene_seek(&scene, s.t + 10 * VTIME_MS);
    cr_assert(scene_flight(&scene, 0, &flight));
    cr_expect_float_eq(flight.position, 0.5, 1e-9);
    scene_finish(&scene);
    story_finish(&s);
}

/* Before a word was said, the port tells who will send the message. */
Test(scene, a_connection_to_a_pop3_port_pulls_from_its_first_segment_on)
{
    struct story s;
    story_world(&s, true);
    const uint32_t ports[] = {110, 25};
    struct scene scene;
    scene_init(&scene, &s.log);
    for (uint32_t i = 0; i < 2; i++) {
        log_add(&s.log, i, 0, EVENT_TCP_CONNECT, 0,
                &(struct event_tcp_connect){i + 1, s.bob, s.access, ports[i], 50000, 0});
        scene_seek(&scene, i);
        cr_expect_eq(scene_is_pull(&scene, i + 1), ports[i] == 110);
    }
    scene_finish(&scene);
    story_finish(&s);
}

static enum scene_cargo cargo_at(struct scene *scene, int64_t t)
{
    struct scene_flight flight;
    scene_seek(scene, t);
    cr_assert(scene_flight(scene, 0, &flight));
    return flight.cargo;
}

static void add(struct log *log, int64_t t, enum event_kind kind, const void *fields)
{
    log_add(log, t, 0, kind, 0, fields);
}

/* RFC 5321 4.1.1.4: the message lies between the 354 and the reply to its end; QUIT after that is
   talk, although the trace says on whose behalf. */
Test(scene, only_what_follows_the_354_is_a_message)
{
    struct story s;
    struct scene scene;
    story_world(&s, true);
    const int64_t ms = 1000000;
    uint32_t data = story_text(&s, "DATA"), octets = story_text(&s, "x\r\n"), no = 0;
    struct event_tcp_connect connect = {1,  s.mta_out, s.mta_mx1,
                                        25, 50000,     story_text(&s, "out mx1")};
    struct event_smtp_cmd command = {1, data, no, 1};
    struct event_smtp_reply go = {1, data, 354, no, no, 1}, refused = {1, data, 554, no, no, 1},
                            done = {1, story_text(&s, "DOT"), 250, no, no, 1};
    struct event_tcp_segment segment = {1, 0, 0, octets, 20000, 1};
    add(&s.log, 0, EVENT_TCP_CONNECT, &connect);
    add(&s.log, 10 * ms, EVENT_SMTP_CMD, &command);
    add(&s.log, 20 * ms, EVENT_SMTP_REPLY, &refused);
    add(&s.log, 30 * ms, EVENT_TCP_SEGMENT, &segment);
    add(&s.log, 100 * ms, EVENT_SMTP_REPLY, &go);
    add(&s.log, 110 * ms, EVENT_TCP_SEGMENT, &segment);
    add(&s.log, 200 * ms, EVENT_SMTP_REPLY, &done);
    add(&s.log, 210 * ms, EVENT_TCP_SEGMENT, &segment);
    scene_init(&scene, &s.log);
    cr_expect_eq(cargo_at(&scene, 35 * ms), SCENE_CARGO_TALK, "RSET after a refused DATA");
    cr_expect_eq(cargo_at(&scene, 115 * ms), SCENE_CARGO_MESSAGE);
    cr_expect_eq(cargo_at(&scene, 215 * ms), SCENE_CARGO_TALK, "QUIT after the 250");
    scene_finish(&scene);
    story_finish(&s);
}

/* RFC 1939 6: QUIT removes what was marked; then no copy lies in the store any more. */
Test(scene, a_removed_message_lies_in_no_store)
{
    struct story s;
    struct scene scene;
    story_world(&s, true);
    story_first_mail(&s);
    struct event_remove remove = {s.bob, 1, story_text(&s, "bob@example.org/INBOX"), 0};
    int64_t t = log_end(&s.log) + 1;
    add(&s.log, t, EVENT_REMOVE, &remove);
    scene_init(&scene, &s.log);
    scene_seek(&scene, t - 1);
    cr_expect_eq(scene_find_message(&scene, 1)->store, s.store);
    scene_seek(&scene, t);
    cr_expect_eq(scene_find_message(&scene, 1)->store, 0u);
    cr_expect_eq(scene_find_message(&scene, 1)->reader, s.bob);
    scene_finish(&scene);
    story_finish(&s);
}

/* Off its hours, and its cable cut as well: it carries again when neither holds. */
Test(scene, a_link_with_two_cuts_is_mended_when_both_are_over)
{
    struct story s;
    struct scene scene;
    story_world(&s, true);
    const struct {
        const char *id, *state;
        int cuts;
    } rows[] = {{"off-hours", "on", 1},  {"cut", "on", 2},  {"cut", "on", 2},
                {"off-hours", "off", 1}, {"cut", "off", 0}, {"cut", "off", 0}};
    scene_init(&scene, &s.log);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct event_fault fault = {story_text(&s, rows[i].id), story_text(&s, rows[i].state),
                                    story_text(&s, "link-cut"), story_text(&s, "out:mx1"),
                                    story_text(&s, "")};
        add(&s.log, (int64_t)i, EVENT_FAULT, &fault);
        scene_seek(&scene, (int64_t)i);
        cr_expect_eq(scene.now.link_cuts.items[3], rows[i].cuts, "row %zu", i);
    }
    scene_finish(&scene);
    story_finish(&s);
}

Test(scene, a_stopped_agent_is_down_while_its_host_runs)
{
    struct story s;
    struct scene scene;
    story_world(&s, true);
    add(&s.log, 1, EVENT_STOP, &(struct event_stop){s.mta_mx1});
    add(&s.log, 2, EVENT_START, &(struct event_start){s.mta_mx1});
    scene_init(&scene, &s.log);
    scene_seek(&scene, 1);
    cr_expect_not(scene_is_up(&scene, s.mta_mx1));
    cr_expect(scene_is_up(&scene, s.mx1));
    cr_expect(scene_is_up(&scene, s.mda));
    scene_seek(&scene, 2);
    cr_expect(scene_is_up(&scene, s.mta_mx1));
    scene_finish(&scene);
    story_finish(&s);
}
