#include <criterion/criterion.h>

#include "support_toy.h"

static bool is(const struct toy_lab *lab, uint32_t text, const char *expected)
{
    return slice_equal(toy_text(lab, text), slice_of(expected));
}

static void start_tls_talk(struct toy_lab *lab, uint64_t seed)
{
    toy_start(lab, seed);
    lab->client.says[0] = "STARTTLS";
    lab->client.says[1] = "secret";
    lab->client.says[2] = "QUIT";
    lab->client.msg = 7;
}

static void expect_fail(const struct toy_lab *lab, const char *reason)
{
    cr_expect_eq(toy_count(lab, EVENT_TLS_UP), 0);
    cr_expect_eq(toy_count(lab, EVENT_TLS_FAIL), 1);
    const struct event *fail = toy_event(lab, EVENT_TLS_FAIL, 0);
    cr_assert(fail);
    cr_expect_eq(event_as_tls_fail(fail)->conn, 1);
    cr_expect(is(lab, event_as_tls_fail(fail)->reason, reason), "%.*s",
              SLICE_ARG(toy_text(lab, event_as_tls_fail(fail)->reason)));
}

/* RFC 3207 4: STARTTLS and its answer in clear, all that follows within TLS. */
Test(pump_tls, a_connection_changes_to_tls_in_its_midst)
{
    struct toy_lab lab;
    struct bytes octets;
    start_tls_talk(&lab, 1);
    toy_connect(&lab);
    toy_run(&lab);
    TOY_EXPECT(&lab.client,
               "line hello\nline go\ntls\nline got secret\nline bye\neof\nended closed\n");
    TOY_EXPECT(&lab.server, "line STARTTLS\ntls\nline secret\nline QUIT\neof\nended closed\n");
    toy_octets(&lab, false, &octets);
    cr_expect(slice_starts(bytes_slice(&octets), SLICE("STARTTLS\r\n\x16\x03\x01")));
    cr_expect_eq(slice_find(bytes_slice(&octets), SLICE("secret"), 0), SLICE_NONE);
    bytes_finish(&octets);
    cr_expect_eq(toy_count(&lab, EVENT_TLS_FAIL), 0);
    toy_finish(&lab);
}

/* RFC 8314 3: TLS from the first octet; the greeting waits for it. */
Test(pump_tls, a_connection_is_tls_from_its_first_octet)
{
    struct toy_lab lab;
    struct bytes octets;
    toy_start(&lab, 1);
    lab.client.says[0] = "secret";
    lab.client.tls = lab.server.tls = SESSION_TLS_FIRST;
    toy_connect(&lab);
    toy_run(&lab);
    TOY_EXPECT(&lab.client, "tls\nline hello\nline got secret\neof\nended closed\n");
    TOY_EXPECT(&lab.server, "tls\nline secret\neof\nended closed\n");
    toy_octets(&lab, true, &octets);
    cr_expect(slice_starts(bytes_slice(&octets), SLICE("\x16\x03\x03")));
    cr_expect_eq(slice_find(bytes_slice(&octets), SLICE("hello"), 0), SLICE_NONE);
    bytes_finish(&octets);
    toy_finish(&lab);
}

/* Sufficient: what was said can be read in the trace, in the order in which it was said, each text
   before the segments that carry it, with the message's number. */
Test(pump_tls, the_trace_tells_what_was_said_within)
{
    struct toy_lab lab;
    start_tls_talk(&lab, 1);
    toy_connect(&lab);
    toy_run(&lab);
    static const struct {
        const char *data;
        uint32_t msg, back;
    } rows[] = {
        {"secret\r\n", 7, 0}, {"got secret\r\n", 7, 1}, {"QUIT\r\n", 7, 0}, {"bye\r\n", 7, 1}};
    for (uint32_t i = 0; i < 4; i++) {
        const struct event *e = toy_event(&lab, EVENT_TLS_DATA, i);
        cr_assert(e);
        const struct event_tls_data *d = event_as_tls_data(e);
        cr_expect(is(&lab, d->data, rows[i].data));
        cr_expect_eq(d->conn, 1);
        cr_expect_eq(d->msg, rows[i].msg);
        cr_expect_eq(d->back, rows[i].back);
        struct log_parties parties;
        cr_expect(log_parties(&lab.sim.log, e, &parties) && parties.tls);
        cr_expect_eq(parties.from, rows[i].back ? 2 : 1);
        const struct event_tcp_segment *segment = NULL; /* the first that it led to */
        for (uint32_t id = 0; id < log_count(&lab.sim.log) && !segment; id++)
            if (log_at(&lab.sim.log, log_at(&lab.sim.log, id)->cause) == e)
                segment = event_as_tcp_segment(log_at(&lab.sim.log, id));
        cr_assert(segment);
        cr_expect_eq(segment->msg, rows[i].msg);
        cr_expect_eq(toy_text(&lab, segment->data).data[0], 0x17, "application data");
    }
    cr_expect_eq(toy_count(&lab, EVENT_TLS_DATA), 4);
    toy_finish(&lab);
}

Test(pump_tls, one_end_tells_how_the_handshake_went)
{
    struct toy_lab lab;
    start_tls_talk(&lab, 1);
    toy_connect(&lab);
    toy_run(&lab);
    cr_expect_eq(toy_count(&lab, EVENT_TLS_UP), 1);
    const struct event_tls_up *up = event_as_tls_up(toy_event(&lab, EVENT_TLS_UP, 0));
    cr_expect_eq(up->conn, 1);
    cr_expect(is(&lab, up->version, "TLSv1.3"));
    cr_expect(is(&lab, up->cipher, "TLS_AES_256_GCM_SHA384"));
    cr_expect(is(&lab, up->name, "mx1.example.org"));
    cr_expect(is(&lab, up->check, "verified"));
    cr_expect_eq(toy_count(&lab, EVENT_TLS_KEY), 5);
    const struct event_tls_key *key = event_as_tls_key(toy_event(&lab, EVENT_TLS_KEY, 0));
    cr_expect(slice_starts(toy_text(&lab, key->line), SLICE("SERVER_HANDSHAKE_TRAFFIC_SECRET ")));
    toy_finish(&lab);
}

Test(pump_tls, of_a_real_program_the_server_tells_what_it_saw_and_heard)
{
    struct toy_lab lab;
    start_tls_talk(&lab, 1);
    lab.is_server_real = true; /* one end is: each of ours takes the other for it */
    toy_connect(&lab);
    toy_run(&lab);
    TOY_EXPECT(&lab.server, "line STARTTLS\ntls\nline secret\nline QUIT\neof\nended closed\n");
    cr_expect_eq(toy_count(&lab, EVENT_TLS_UP), 2);
    cr_expect_eq(toy_count(&lab, EVENT_TLS_KEY), 10);
    cr_expect_eq(toy_count(&lab, EVENT_TLS_DATA), 8);
    toy_finish(&lab);
}

/* The CVE-2011-0411 family: what a third party puts behind STARTTLS in clear is never taken for
   something that was said within TLS. */
Test(pump_tls, what_is_pipelined_behind_starttls_in_clear_is_not_heard)
{
    static const char *const texts[] = {
        "STARTTLS\r\nMAIL FROM:<mallory@example.net>\r\n",
        "STARTTLS\r\nX",
        "STARTTLS\r\nMAIL FROM:<mallory@example.net>\r\nRCPT TO:<alice@example.com>\r\nDATA\r\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct toy_lab lab;
        toy_start(&lab, 1);
        struct toy_talker mallory = {.says = slice_of(texts[i])};
        toy_connect_raw(&lab, &mallory);
        sim_run(&lab.sim, VTIME_S, false, 0);
        TOY_EXPECT(&lab.server, "line STARTTLS\n");
        cr_expect_eq(lab.server.base.tls, SESSION_TLS_WANTED);
        /* in a segment of its own it is no TLS, and that is the end */
        net_send(lab.net, mallory.wire, SLICE("MAIL FROM:<mallory@example.net>\r\n"), 0);
        toy_run(&lab);
        TOY_EXPECT(&lab.server, "line STARTTLS\nended tls\n");
        expect_fail(&lab, "the peer does not speak TLS");
        bytes_finish(&mallory.heard);
        toy_finish(&lab);
    }
}

Test(pump_tls, a_client_does_not_hear_what_stands_behind_the_answer_in_clear)
{
    struct toy_lab lab;
    start_tls_talk(&lab, 1);
    struct toy_talker mallory = {.says = SLICE("hello\r\ngo\r\ngot trust me\r\n")};
    toy_listen_raw(&lab, &mallory);
    toy_connect(&lab);
    sim_run(&lab.sim, VTIME_S, false, 0);
    /* the toy takes "go" for the answer, and throws away the rest */
    TOY_EXPECT(&lab.client, "line hello\nline go\n");
    net_send(lab.net, mallory.wire, SLICE("got trust me\r\n"), 0);
    toy_run(&lab);
    TOY_EXPECT(&lab.client, "line hello\nline go\nended tls\n");
    expect_fail(&lab, "the peer does not speak TLS");
    bytes_finish(&mallory.heard);
    toy_finish(&lab);
}

Test(pump_tls, a_flawed_certificate_ends_it_and_both_roles_know_why)
{
    static const struct {
        enum tls_flaw flaw;
        const char *reason;
    } rows[] = {
        {TLS_FLAW_WRONG_NAME, "certificate not trusted: wrong name"},
        {TLS_FLAW_EXPIRED, "certificate not trusted: expired"},
        {TLS_FLAW_UNTRUSTED, "certificate not trusted: unknown authority"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct toy_lab lab;
        start_tls_talk(&lab, 1);
        lab.server_user.tls_flaw = rows[i].flaw;
        toy_connect(&lab);
        toy_run(&lab);
        TOY_EXPECT(&lab.client, "line hello\nline go\nended tls\n");
        TOY_EXPECT(&lab.server, "line STARTTLS\nended tls\n");
        expect_fail(&lab, rows[i].reason);
        cr_expect_eq(toy_count(&lab, EVENT_TLS_DATA), 0);
        toy_finish(&lab);
    }
}

/* RFC 7435: opportunistic; better than in clear, and the trace says what it is worth. */
Test(pump_tls, a_client_that_takes_any_certificate_says_what_was_wrong_with_it)
{
    struct toy_lab lab;
    start_tls_talk(&lab, 1);
    lab.server_user.tls_flaw = TLS_FLAW_EXPIRED;
    lab.client_user.tls_check = TLS_CHECK_NONE;
    toy_connect(&lab);
    toy_run(&lab);
    const struct event *up = toy_event(&lab, EVENT_TLS_UP, 0);
    cr_expect(up && is(&lab, event_as_tls_up(up)->check, "expired"));
    toy_finish(&lab);
}

Test(pump_tls, a_server_that_speaks_in_clear_where_tls_is_due_is_found_out)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.client.tls = SESSION_TLS_FIRST;
    toy_connect(&lab);
    toy_run(&lab);
    TOY_EXPECT(&lab.client, "ended tls\n");
    expect_fail(&lab, "the peer does not speak TLS");
    toy_finish(&lab);
}

Test(pump_tls, a_handshake_that_breaks_off_ends_at_once)
{
    static const char hello_begin[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    for (size_t size = 0; size < sizeof hello_begin; size++) {
        struct toy_lab lab;
        toy_start(&lab, 1);
        lab.server.tls = SESSION_TLS_FIRST;
        struct toy_talker broken = {.says = {hello_begin, size}, .closes = true};
        toy_connect_raw(&lab, &broken);
        toy_run(&lab);
        TOY_EXPECT(&lab.server, "ended tls\n");
        expect_fail(&lab, "the connection ended within the handshake");
        bytes_finish(&broken.heard);
        toy_finish(&lab);
    }
}

/* TLS, but no ClientHello: this is answered by an alert (RFC 8446 6.2). It stays on the line. */
static void start_with_a_rude_one(struct toy_lab *lab, struct toy_talker *rude)
{
    toy_start(lab, 1);
    lab->server.tls = SESSION_TLS_FIRST;
    *rude = (struct toy_talker){.says = SLICE("\x16\x03\x01\0\5\2\0\0\1\0"),
                                .stays_silent_at_end = true};
    toy_connect_raw(lab, rude);
}

/* Nobody waits for ever for one who has been told that it is over. */
Test(pump_tls, a_peer_that_stays_after_a_failure_is_left)
{
    struct toy_lab lab;
    struct toy_talker rude;
    start_with_a_rude_one(&lab, &rude);
    toy_run(&lab);
    TOY_EXPECT(&lab.server, "ended tls\n");
    cr_expect_lt(lab.sim.now, 20 * VTIME_S);
    cr_expect(slice_starts(bytes_slice(&rude.heard), SLICE("\x15\x03")), "an alert");
    bytes_finish(&rude.heard);
    toy_finish(&lab);
}

/* What is said behind a failure has no way to go: it must not pile up, nor be waited for. */
Test(pump_tls, what_is_said_behind_a_failure_is_thrown_away)
{
    struct toy_lab lab;
    struct toy_talker rude;
    start_with_a_rude_one(&lab, &rude);
    cr_assert(sim_run(&lab.sim, VTIME_S, true, 1000000));
    cr_assert(lab.server.pump->is_open && lab.server.pump->is_failed);
    bytes_append(&lab.server.base.out, SLICE("somebody else has changed something\r\n"));
    pump_flush(lab.server.pump);
    cr_expect_eq(bytes_size(&lab.server.base.out), 0);
    toy_run(&lab);
    TOY_EXPECT(&lab.server, "ended tls\n");
    bytes_finish(&rude.heard);
    toy_finish(&lab);
}

Test(pump_tls, a_handshake_that_hangs_is_the_roles_to_end)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.server.tls = SESSION_TLS_FIRST;
    lab.server.wait_s = 30;
    struct toy_talker mute = {.says = SLICE("\x16\x03\x01")};
    toy_connect_raw(&lab, &mute);
    toy_run(&lab);
    TOY_EXPECT(&lab.server, "expired\neof\nended closed\n");
    cr_expect_eq(bytes_size(&mute.heard), 0, "nothing in clear");
    bytes_finish(&mute.heard);
    toy_finish(&lab);
}

Test(pump_tls, without_an_authority_a_session_that_wants_tls_fails)
{
    for (int is_first = 0; is_first < 2; is_first++) {
        struct toy_lab lab;
        start_tls_talk(&lab, 1);
        lab.pool.tls = NULL;
        lab.client.tls = is_first ? SESSION_TLS_FIRST : SESSION_TLS_NONE;
        struct toy_talker server = {.says = SLICE("hello\r\ngo\r\n")};
        toy_listen_raw(&lab, &server);
        toy_connect(&lab);
        toy_run(&lab);
        TOY_EXPECT(&lab.client, is_first ? "ended tls\n" : "line hello\nline go\nended tls\n");
        expect_fail(&lab, "there is no TLS here");
        bytes_finish(&server.heard);
        toy_finish(&lab);
    }
}

/* A FIN without close_notify: most mail programs do that, and lines end themselves. */
Test(pump_tls, a_peer_that_closes_without_saying_so_is_gone_and_no_more)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.client.says[0] = "one";
    lab.client.says[1] = "two";
    lab.client.tls = lab.server.tls = SESSION_TLS_FIRST;
    toy_connect(&lab);
    sim_run(&lab.sim, 130 * VTIME_MS, false, 0);
    net_close(lab.net, lab.client.pump->wire);
    lab.client.pump->is_closing = true;
    toy_run(&lab);
    cr_expect(slice_ends(bytes_slice(&lab.server.story), SLICE("eof\nended closed\n")), "%.*s",
              SLICE_ARG(bytes_slice(&lab.server.story)));
    cr_expect_eq(toy_count(&lab, EVENT_TLS_FAIL), 0);
    toy_finish(&lab);
}

Test(pump_tls, a_reset_or_a_crash_in_the_handshake_is_what_it_is)
{
    for (int is_crash = 0; is_crash < 2; is_crash++)
        for (int64_t ms = 21; ms < 140; ms += 20) {
            struct toy_lab lab;
            toy_start(&lab, 1);
            lab.client.tls = lab.server.tls = SESSION_TLS_FIRST;
            toy_connect(&lab);
            sim_run(&lab.sim, ms * VTIME_MS, false, 0);
            if (is_crash)
                net_set_host_up(lab.net, 1, false);
            else
                pump_abort(lab.client.pump);
            sim_run(&lab.sim, 3600 * VTIME_S, false, 1000000);
            cr_expect(slice_ends(bytes_slice(&lab.client.story),
                                 is_crash ? SLICE("ended crashed\n") : SLICE("ended reset\n")));
            toy_finish(&lab);
        }
}

Test(pump_tls, a_pump_serves_connections_with_and_without_tls_in_turn)
{
    struct toy_lab lab;
    start_tls_talk(&lab, 1);
    for (int i = 0; i < 6; i++) {
        lab.client.says[0] = i % 2 ? "plain" : "STARTTLS";
        toy_connect(&lab);
        toy_run(&lab);
        cr_expect(lab.client.is_over && lab.server.is_over);
        cr_expect_eq(toy_count(&lab, EVENT_TLS_UP), (uint32_t)(i / 2 + 1));
        bytes_clear(&lab.client.story);
    }
    toy_finish(&lab);
}

/* Lost segments, jitter: TLS sees the octets once and in order. */
Test(pump_tls, a_link_that_loses_much_slows_it_down_and_no_more)
{
    struct toy_lab lab;
    start_tls_talk(&lab, 3);
    net_set_link_loss(lab.net, net_find_link(lab.net, 1, 2), 300000);
    toy_connect(&lab);
    toy_run(&lab);
    TOY_EXPECT(&lab.client,
               "line hello\nline go\ntls\nline got secret\nline bye\neof\nended closed\n");
    toy_finish(&lab);
}

/* ---- determinism ---- */

static uint64_t hash_of(uint64_t seed)
{
    struct toy_lab lab;
    struct bytes octets;
    start_tls_talk(&lab, seed);
    toy_connect(&lab);
    toy_run(&lab);
    uint64_t hash = 0;
    for (uint32_t id = 0; id < log_count(&lab.sim.log); id++) {
        struct event e = *log_at(&lab.sim.log, id);
        for (int i = 0; i < event_kinds[e.kind].field_count; i++)
            if (event_kinds[e.kind].fields[i].type == EVENT_TYPE_TEXT)
                e.v[i] = (uint32_t)slice_hash(toy_text(&lab, e.v[i]));
        hash = hash * 31 + slice_hash((struct slice){(const char *)&e, sizeof e});
    }
    toy_octets(&lab, true, &octets);
    hash ^= slice_hash(bytes_slice(&octets));
    bytes_finish(&octets);
    toy_finish(&lab);
    return hash;
}

Test(pump_tls, the_same_seed_gives_the_same_trace)
{
    cr_expect_eq(hash_of(1), hash_of(1));
    cr_expect_neq(hash_of(1), hash_of(2));
}

static struct slice first_key(const struct toy_lab *lab, uint32_t conn)
{
    for (uint32_t id = 0; id < log_count(&lab->sim.log); id++) {
        const struct event_tls_key *key = event_as_tls_key(log_at(&lab->sim.log, id));
        if (key && key->conn == conn)
            return toy_text(lab, key->line);
    }
    cr_assert_fail("no key");
    return SLICE("");
}

/* And no two connections share theirs, be it of one run or of two. */
Test(pump_tls, each_connection_has_secrets_of_its_own)
{
    struct toy_lab one, two;
    start_tls_talk(&one, 1);
    start_tls_talk(&two, 2);
    for (int i = 0; i < 2; i++) {
        toy_connect(&one);
        toy_run(&one);
    }
    toy_connect(&two);
    toy_run(&two);
    cr_expect_not(slice_equal(first_key(&one, 1), first_key(&one, 2)));
    cr_expect_not(slice_equal(first_key(&one, 1), first_key(&two, 1)));
    toy_finish(&one);
    toy_finish(&two);
}
