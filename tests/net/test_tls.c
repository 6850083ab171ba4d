#include <criterion/criterion.h>

#include "support_tls.h"

static bool is(struct slice s, const char *text)
{
    return slice_equal(s, slice_of(text));
}

static size_t count_of(struct slice text, const char *what)
{
    size_t count = 0;
    for (size_t at = 0; (at = slice_find(text, slice_of(what), at)) != SLICE_NONE; at++)
        count++;
    return count;
}

/* RFC 8446 4.2.1: the newest version that both speak. */
Test(tls, both_ends_agree_on_the_newest_version_they_know)
{
    static const struct {
        bool is_old_client, is_old_server;
        const char *version, *cipher;
    } rows[] = {
        {false, false, "TLSv1.3", "TLS_AES_256_GCM_SHA384"},
        {true, false, "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"},
        {false, true, "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"},
        {true, true, "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_pair pair;
        tls_pair_up(&pair, &(struct tls_pair_options){.is_old_client = rows[i].is_old_client,
                                                      .is_old_server = rows[i].is_old_server,
                                                      .check = TLS_CHECK_VERIFY});
        cr_expect(is(tls_version(pair.client), rows[i].version));
        cr_expect(is(tls_version(pair.server), rows[i].version));
        cr_expect(is(tls_cipher(pair.client), rows[i].cipher));
        cr_expect(is(tls_cipher(pair.server), rows[i].cipher));
        cr_expect(is(tls_verdict(pair.client), "verified"));
        cr_expect(is(tls_verdict(pair.server), ""));
        tls_pair_finish(&pair);
    }
}

/* RFC 6066 3: the client names the server it wants; never an address. */
Test(tls, the_server_learns_the_name_that_was_asked_for)
{
    static const char *const rows[][2] = {
        {"mx1.example.org", "mx1.example.org"},
        {"MX1.Example.ORG", "MX1.Example.ORG"},
        {"mx1.example.org.", "mx1.example.org"},
        {"198.51.100.7", ""},
        {"2001:db8::7", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_pair pair;
        tls_pair_up(&pair, &(struct tls_pair_options){.wanted = rows[i][0]});
        cr_expect(is(tls_name(pair.server), rows[i][1]), "%s", rows[i][0]);
        tls_pair_finish(&pair);
    }
}

static void say(struct tls_pair *pair, bool from_client, const char *text)
{
    struct tls *to = from_client ? pair->server : pair->client;
    tls_say(from_client ? pair->client : pair->server, slice_of(text));
    tls_pair_run(pair);
    cr_expect(is(bytes_slice(tls_clear(to)), text), "%s", text);
    bytes_clear(tls_clear(to));
}

Test(tls, what_is_said_arrives_and_can_not_be_read_on_the_way)
{
    for (int is_old = 0; is_old < 2; is_old++) {
        struct tls_pair pair;
        tls_pair_up(&pair, &(struct tls_pair_options){.is_old_server = is_old});
        say(&pair, true, "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
        say(&pair, false, "235 2.7.0 Welcome\r\n");
        say(&pair, true, "QUIT\r\n");
        cr_expect_eq(count_of(bytes_slice(&pair.said[0]), "AUTH"), 0);
        cr_expect_eq(count_of(bytes_slice(&pair.said[1]), "Welcome"), 0);
        tls_pair_finish(&pair);
    }
}

/* What each flaw looks like to a client that looks, and to one that does not (RFC 7435). */
static const struct flaw_row {
    enum tls_flaw flaw;
    const char *verdict;
} flaws[] = {
    {TLS_FLAW_NONE, "verified"},
    {TLS_FLAW_WRONG_NAME, "wrong name"},
    {TLS_FLAW_EXPIRED, "expired"},
    {TLS_FLAW_UNTRUSTED, "unknown authority"},
};

Test(tls, a_client_that_verifies_takes_no_flawed_certificate)
{
    for (size_t i = 0; i < 2 * sizeof flaws / sizeof *flaws; i++) {
        const struct flaw_row *row = &flaws[i / 2];
        struct tls_pair pair;
        tls_pair_start(&pair, &(struct tls_pair_options){.flaw = row->flaw,
                                                         .check = TLS_CHECK_VERIFY,
                                                         .is_old_server = i % 2});
        tls_pair_run(&pair);
        bool is_good = row->flaw == TLS_FLAW_NONE;
        enum tls_state state = is_good ? TLS_STATE_UP : TLS_STATE_FAILED;
        cr_expect_eq(tls_state(pair.client), state);
        cr_expect_eq(tls_state(pair.server), state);
        cr_expect(is(tls_verdict(pair.client), row->verdict), "%.*s for %s",
                  SLICE_ARG(tls_verdict(pair.client)), row->verdict);
        cr_expect(
            slice_ends(tls_reason(pair.client), is_good ? SLICE("") : slice_of(row->verdict)));
        /* the client found it out, the server was told by its alert (RFC 8446 6.2) */
        cr_expect_not(tls_is_told(pair.client));
        cr_expect_eq(tls_is_told(pair.server), !is_good);
        cr_expect(is_good || slice_starts(tls_reason(pair.server), SLICE("the peer says: ")));
        tls_pair_finish(&pair);
    }
}

Test(tls, a_client_that_does_not_verify_takes_any_and_says_what_it_found)
{
    for (size_t i = 0; i < 2 * sizeof flaws / sizeof *flaws; i++) {
        struct tls_pair pair;
        tls_pair_up(&pair, &(struct tls_pair_options){.flaw = flaws[i / 2].flaw,
                                                      .check = TLS_CHECK_NONE,
                                                      .is_old_server = i % 2});
        cr_expect(is(tls_verdict(pair.client), flaws[i / 2].verdict), "%.*s for %s",
                  SLICE_ARG(tls_verdict(pair.client)), flaws[i / 2].verdict);
        tls_pair_finish(&pair);
    }
}

/* RFC 9525 6: a certificate for one name is none for another; letters' case does not matter. */
Test(tls, a_certificate_is_for_its_host_alone)
{
    static const struct {
        const char *host, *wanted, *verdict;
    } rows[] = {
        {"mx1.example.org", "mx1.example.org", "verified"},
        {"mx1.example.org", "MX1.EXAMPLE.org", "verified"},
        {"mx1.example.org", "mx1.example.org.", "verified"},
        {"mx1.example.org", "mx2.example.org", "wrong name"},
        {"mx1.example.org", "example.org", "wrong name"},
        {"mx1.example.org", "a.mx1.example.org", "wrong name"},
        {"mx1.example.org", "198.51.100.7", "wrong name"},
        {"mx1.example.org", "localhost", "wrong name"},
        /* longer than a common name can be (RFC 5280 A.1) */
        {"a-host-with-quite-a-long-name.in-a-domain-with-a-long-name-too.example.org",
         "a-host-with-quite-a-long-name.in-a-domain-with-a-long-name-too.example.org", "verified"},
        /* a host whose name no certificate can bear */
        {"mx 1", "mx 1", "wrong name"},
        {"", "mx1.example.org", "wrong name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_pair pair;
        tls_pair_up(&pair,
                    &(struct tls_pair_options){.host = rows[i].host, .wanted = rows[i].wanted});
        cr_expect(is(tls_verdict(pair.client), rows[i].verdict), "%s for %s: %.*s", rows[i].host,
                  rows[i].wanted, SLICE_ARG(tls_verdict(pair.client)));
        tls_pair_finish(&pair);
    }
}

Test(tls, who_verifies_needs_a_name_to_verify)
{
    static const char long_name[300] = {[0 ... 298] = 'a'};
    static const char *const names[] = {"", ".", long_name};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct tls_pair pair;
        tls_pair_start(&pair,
                       &(struct tls_pair_options){.wanted = names[i], .check = TLS_CHECK_VERIFY});
        cr_expect_eq(tls_state(pair.client), TLS_STATE_FAILED);
        cr_expect_eq(bytes_size(tls_wire(pair.client)), 0);
        tls_pair_finish(&pair);
    }
}

/* Real programs come to localhost; what is simulated must not pass for it. */
Test(tls, certificates_name_localhost_only_when_real_programs_are_let_in)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "::1", "mx1.example.org"};
    struct tls_authority *authority = tls_authority_create(
        &(struct tls_authority_options){.seed = 1, .epoch_s = TLS_EPOCH_S, .has_localhost = true});
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t j = 0; j < sizeof flaws / sizeof *flaws; j++) {
            struct tls_pair pair;
            tls_pair_up(&pair, &(struct tls_pair_options){.authority = authority,
                                                          .wanted = names[i],
                                                          .flaw = flaws[j].flaw});
            cr_expect(is(tls_verdict(pair.client), flaws[j].verdict), "%s: %.*s", names[i],
                      SLICE_ARG(tls_verdict(pair.client)));
            tls_pair_finish(&pair);
        }
    tls_authority_destroy(authority);
}

/* The virtual clock counts, wherever it stands; a server that runs for years renews. */
Test(tls, certificates_are_valid_in_virtual_time)
{
    const int64_t day_s = 86400;
    static const struct {
        int64_t days;
        const char *verdict;
    } rows[] = {
        {0, "verified"},   {-2, "not valid yet"}, {300, "verified"},
        {400, "verified"}, {4000, "verified"},    {20 * 365 + 10, "expired"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_pair pair;
        tls_pair_up(&pair, &(struct tls_pair_options){.now_s = TLS_EPOCH_S + rows[i].days * day_s});
        cr_expect(is(tls_verdict(pair.client), rows[i].verdict), "day %lld: %.*s",
                  (long long)rows[i].days, SLICE_ARG(tls_verdict(pair.client)));
        tls_pair_finish(&pair);
    }
}

/* Another run's authority is nobody here. */
Test(tls, each_run_trusts_its_own_authority_alone)
{
    struct tls_authority *other =
        tls_authority_create(&(struct tls_authority_options){.seed = 2, .epoch_s = TLS_EPOCH_S});
    struct tls_pair pair, strange;
    tls_pair_start(&pair, &(struct tls_pair_options){.check = TLS_CHECK_VERIFY});
    tls_pair_start(&strange, &(struct tls_pair_options){.authority = other});
    struct tls *own = pair.server;
    pair.server = strange.server;
    tls_pair_run(&pair);
    cr_expect(is(tls_verdict(pair.client), "unknown authority"), "%.*s",
              SLICE_ARG(tls_verdict(pair.client)));
    pair.server = own;
    tls_pair_finish(&pair);
    tls_pair_finish(&strange);
    tls_authority_destroy(other);
}

/* ---- determinism ---- */

static void expect_said(const struct tls_pair *a, const struct tls_pair *b, bool equal)
{
    for (int side = 0; side < 2; side++)
        cr_expect_eq(slice_equal(bytes_slice(&a->said[side]), bytes_slice(&b->said[side])), equal);
}

Test(tls, the_same_seed_gives_the_same_octets)
{
    for (int i = 0; i < 4; i++) {
        struct tls_pair_options options = {.is_old_client = i & 1,
                                           .flaw = i & 2 ? TLS_FLAW_UNTRUSTED : 0};
        struct tls_pair a, b, other;
        tls_pair_up(&a, &options);
        say(&a, true, "EHLO a\r\n");
        tls_pair_up(&b, &options);
        say(&b, true, "EHLO a\r\n");
        options.seed = 2;
        tls_pair_up(&other, &options);
        say(&other, true, "EHLO a\r\n");
        expect_said(&a, &b, true);
        expect_said(&a, &other, false);
        cr_expect(slice_equal(tls_authority_pem(a.authority), tls_authority_pem(b.authority)));
        cr_expect_not(
            slice_equal(tls_authority_pem(a.authority), tls_authority_pem(other.authority)));
        tls_pair_finish(&a);
        tls_pair_finish(&b);
        tls_pair_finish(&other);
    }
}

Test(tls, a_connection_does_not_depend_on_those_before_it)
{
    struct tls_pair alone, first, second, third;
    tls_pair_up(&alone, &(struct tls_pair_options){.chance = "this one"});
    tls_pair_up(&first, &(struct tls_pair_options){.host = "mail.example.com", .chance = "first"});
    tls_pair_up(&second, &(struct tls_pair_options){.authority = first.authority,
                                                    .flaw = TLS_FLAW_UNTRUSTED,
                                                    .chance = "second"});
    tls_pair_up(&third,
                &(struct tls_pair_options){.authority = first.authority, .chance = "this one"});
    expect_said(&alone, &third, true);
    tls_pair_finish(&second);
    tls_pair_finish(&third);
    tls_pair_finish(&first);
    tls_pair_finish(&alone);
}

Test(tls, two_connections_of_one_run_have_nothing_in_common)
{
    struct tls_pair a, b;
    tls_pair_up(&a, &(struct tls_pair_options){.chance = "a"});
    tls_pair_up(&b, &(struct tls_pair_options){.authority = a.authority, .chance = "b"});
    expect_said(&a, &b, false);
    tls_pair_finish(&b);
    tls_pair_finish(&a);
}

/* A real program's connection must not be open to everybody who knows the seed. */
Test(tls, with_a_real_peer_randomness_comes_from_the_system)
{
    struct tls_pair a, b;
    tls_pair_up(&a, &(struct tls_pair_options){.is_real = true});
    tls_pair_up(&b, &(struct tls_pair_options){.is_real = true});
    expect_said(&a, &b, false);
    cr_expect(slice_equal(tls_authority_pem(a.authority), tls_authority_pem(b.authority)));
    struct tls_authority_options options = {.seed = 1, .epoch_s = TLS_EPOCH_S, .is_real = true};
    struct tls_authority *one = tls_authority_create(&options),
                         *two = tls_authority_create(&options);
    cr_expect_not(slice_equal(tls_authority_pem(one), tls_authority_pem(two)));
    tls_authority_destroy(one);
    tls_authority_destroy(two);
    tls_pair_finish(&b);
    tls_pair_finish(&a);
}

/* ---- resumption ---- */

/* RFC 8446 4.6.1, RFC 5077: a server that gives no ticket can't be asked to go on with one. */
Test(tls, nobody_is_given_a_ticket)
{
    struct tls_pair pair;
    tls_pair_start(&pair, &(struct tls_pair_options){0});
    cr_expect(tls_pair_move(&pair, true));
    cr_expect(tls_pair_move(&pair, false));
    cr_expect(tls_pair_move(&pair, true));
    cr_expect_eq(tls_state(pair.server), TLS_STATE_UP);
    cr_expect_eq(bytes_size(tls_wire(pair.server)), 0);
    tls_pair_finish(&pair);

    tls_pair_up(&pair, &(struct tls_pair_options){.is_old_server = true});
    const unsigned char *hello = (const unsigned char *)bytes_slice(&pair.said[1]).data;
    enum { RECORD = 5, MESSAGE = 4, VERSION = 2, RANDOM = 32 }; /* RFC 5246 6.2.1, 7.4.1.3 */
    cr_expect_eq(hello[RECORD + MESSAGE + VERSION + RANDOM], 0, "a session to come back to");
    tls_pair_finish(&pair);
}

/* ---- keys ---- */

/* The format that packet analysers read: "LABEL CLIENT_RANDOM SECRET", hex digits. */
Test(tls, secrets_can_be_read_out_and_are_the_same_at_both_ends)
{
    static const struct {
        bool is_old;
        const char *labels[6];
    } rows[] = {
        {false,
         {"SERVER_HANDSHAKE_TRAFFIC_SECRET ", "CLIENT_HANDSHAKE_TRAFFIC_SECRET ",
          "SERVER_TRAFFIC_SECRET_0 ", "CLIENT_TRAFFIC_SECRET_0 ", "EXPORTER_SECRET ", NULL}},
        {true, {"CLIENT_RANDOM ", NULL}},
    };
    for (size_t i = 0; i < 2; i++) {
        struct tls_pair pair;
        tls_pair_up(&pair, &(struct tls_pair_options){.is_old_client = rows[i].is_old});
        struct bytes lines[2];
        size_t counts[2] = {0};
        for (int side = 0; side < 2; side++) {
            struct slice line;
            bytes_init(&lines[side], SIZE_MAX);
            while (tls_next_key(side ? pair.server : pair.client, &line)) {
                counts[side]++;
                bytes_append(&lines[side], line);
                bytes_append(&lines[side], SLICE("\n"));
            }
        }
        size_t expected = 0;
        while (rows[i].labels[expected]) {
            cr_expect_eq(count_of(bytes_slice(&lines[0]), rows[i].labels[expected]), 1);
            cr_expect_eq(count_of(bytes_slice(&lines[1]), rows[i].labels[expected]), 1);
            expected++;
        }
        cr_expect_eq(counts[0], expected);
        cr_expect_eq(counts[1], expected);
        cr_expect_eq(bytes_size(&lines[0]), bytes_size(&lines[1]));
        bytes_finish(&lines[0]);
        bytes_finish(&lines[1]);
        tls_pair_finish(&pair);
    }
}

/* ---- closing ---- */

/* RFC 8446 6.1: each side says on its own that it is done. */
Test(tls, either_side_may_close_and_the_other_may_still_speak)
{
    for (int i = 0; i < 4; i++) {
        struct tls_pair pair;
        tls_pair_up(&pair, &(struct tls_pair_options){.is_old_client = i & 1});
        struct tls *one = i & 2 ? pair.client : pair.server,
                   *other = i & 2 ? pair.server : pair.client;
        tls_say(one, SLICE("221 Bye\r\n"));
        tls_close(one);
        tls_pair_run(&pair);
        cr_expect_eq(tls_state(other), TLS_STATE_CLOSED);
        cr_expect(is(bytes_slice(tls_clear(other)), "221 Bye\r\n"));
        tls_close(other);
        tls_pair_run(&pair);
        cr_expect_eq(tls_state(one), TLS_STATE_CLOSED);
        tls_pair_finish(&pair);
    }
}

Test(tls, nothing_is_said_before_the_handshake_or_after_a_fault)
{
    struct tls_pair pair;
    tls_pair_start(&pair, &(struct tls_pair_options){0});
    size_t size = bytes_size(tls_wire(pair.client));
    tls_say(pair.client, SLICE("too early"));
    tls_close(pair.client);
    cr_expect_eq(bytes_size(tls_wire(pair.client)), size);
    tls_feed(pair.client, SLICE("220 plain text\r\n"));
    cr_expect_eq(tls_state(pair.client), TLS_STATE_FAILED);
    bytes_clear(tls_wire(pair.client));
    tls_say(pair.client, SLICE("too late"));
    tls_close(pair.client);
    tls_feed(pair.client, SLICE("more"));
    cr_expect_eq(bytes_size(tls_wire(pair.client)), 0);
    tls_pair_finish(&pair);
}
