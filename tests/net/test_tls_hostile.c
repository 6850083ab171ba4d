#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/base/memory.h"
#include "support_tls.h"

Test(tls_hostile, any_split_of_the_octets_gives_the_same_connection)
{
    struct tls_pair whole;
    tls_pair_up(&whole, &(struct tls_pair_options){.check = TLS_CHECK_VERIFY});
    static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 1460};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct tls_pair pair;
        tls_pair_up(&pair,
                    &(struct tls_pair_options){.check = TLS_CHECK_VERIFY, .piece = pieces[i]});
        for (int side = 0; side < 2; side++)
            cr_expect(slice_equal(bytes_slice(&pair.said[side]), bytes_slice(&whole.said[side])));
        tls_say(pair.client, SLICE("EHLO client.example.com\r\n"));
        tls_pair_run(&pair);
        cr_expect(
            slice_equal(bytes_slice(tls_clear(pair.server)), SLICE("EHLO client.example.com\r\n")));
        tls_pair_finish(&pair);
    }
    tls_pair_finish(&whole);
}

/* What an undisturbed connection says, to be said again to others with something changed. */
static struct tls_pair record_of(bool is_old)
{
    struct tls_pair pair;
    tls_pair_up(&pair, &(struct tls_pair_options){.is_old_client = is_old});
    tls_say(pair.client, SLICE("EHLO a\r\n"));
    tls_pair_run(&pair);
    return pair;
}

/* A server that is told exactly what another client with the same chance would say is in the same
   state: so the recorded octets are good for it. */
static struct tls *play(const struct tls_pair *record, bool is_old, struct slice octets,
                        enum tls_state *state)
{
    struct tls_pair pair;
    tls_pair_start(
        &pair, &(struct tls_pair_options){.authority = record->authority, .is_old_client = is_old});
    tls_feed(pair.server, octets);
    *state = tls_state(pair.server);
    tls_destroy(pair.client);
    bytes_finish(&pair.said[0]);
    bytes_finish(&pair.said[1]);
    return pair.server;
}

Test(tls_hostile, a_client_cut_off_after_any_octet_is_waited_for_and_no_more)
{
    for (int is_old = 0; is_old < 2; is_old++) {
        struct tls_pair record = record_of(is_old);
        struct slice all = bytes_slice(&record.said[0]);
        enum tls_state state;
        for (size_t n = 0; n <= all.size; n++) {
            struct tls *server = play(&record, is_old, slice_part(all, 0, n), &state);
            cr_expect(state == TLS_STATE_HANDSHAKE || state == TLS_STATE_UP, "after %zu", n);
            cr_expect(n < all.size || bytes_size(tls_clear(server)) == 8);
            tls_destroy(server);
        }
        tls_pair_finish(&record);
    }
}

/* Each octet changed: no text gets through that was not said. */
Test(tls_hostile, a_changed_octet_never_lets_anything_through, .timeout = 200)
{
    for (int is_old = 0; is_old < 2; is_old++) {
        struct tls_pair record = record_of(is_old);
        struct slice all = bytes_slice(&record.said[0]);
        char *copy = memory_take(all.size);
        enum tls_state state;
        size_t failed = 0;
        for (size_t n = 0; n < all.size; n++) {
            memcpy(copy, all.data, all.size);
            copy[n] = (char)(copy[n] ^ (1 << n % 8));
            struct tls *server = play(&record, is_old, (struct slice){copy, all.size}, &state);
            /* the version in a record's head binds nobody (RFC 8446 5.1) */
            bool is_through = bytes_size(tls_clear(server)) > 0;
            cr_expect(!is_through ||
                          slice_equal(bytes_slice(tls_clear(server)), SLICE("EHLO a\r\n")),
                      "octet %zu", n);
            failed += state == TLS_STATE_FAILED;
            tls_destroy(server);
        }
        cr_expect_gt(failed, all.size / 2);
        free(copy);
        tls_pair_finish(&record);
    }
}

Test(tls_hostile, who_does_not_speak_tls_is_told_so)
{
    static const char *const texts[] = {
        "EHLO client.example.com\r\n",
        "220 mx1.example.org ESMTP\r\n",
        "GET / HTTP/1.1\r\nHost: mx1.example.org\r\n\r\n",
        "\r\n\r\n\r\n",
        "USER alice\r\n",
    };
    for (size_t i = 0; i < 2 * sizeof texts / sizeof *texts; i++) {
        struct tls_pair pair;
        tls_pair_start(&pair, &(struct tls_pair_options){0});
        struct tls *victim = i % 2 ? pair.client : pair.server;
        tls_feed(victim, slice_of(texts[i / 2]));
        cr_expect_eq(tls_state(victim), TLS_STATE_FAILED, "%s", texts[i / 2]);
        cr_expect(slice_equal(tls_reason(victim), SLICE("the peer does not speak TLS")), "%s: %.*s",
                  texts[i / 2], SLICE_ARG(tls_reason(victim)));
        cr_expect_not(tls_is_told(victim));
        tls_pair_finish(&pair);
    }
}

Test(tls_hostile, garbage_is_refused_and_its_size_does_not_matter)
{
    struct random random;
    random_init(&random, 7, SLICE("garbage"));
    for (int round = 0; round < 300; round++) {
        struct tls_pair pair;
        tls_pair_start(&pair, &(struct tls_pair_options){.is_old_server = round & 1});
        char garbage[2048];
        size_t size = (size_t)random_below(&random, sizeof garbage);
        for (size_t i = 0; i < size; i++)
            garbage[i] = (char)random_u64(&random);
        if (round % 3) /* something that looks like a record of a handshake */
            memcpy(garbage, "\x16\x03\x01\x04\x00", 5);
        struct tls *victim = round & 2 ? pair.client : pair.server;
        tls_feed(victim, (struct slice){garbage, size});
        cr_expect_neq(tls_state(victim), TLS_STATE_UP);
        cr_expect_eq(bytes_size(tls_clear(victim)), 0);
        tls_pair_finish(&pair);
    }
}

/* RFC 8446 5.4 and 4.6.3: nothing that a peer may repeat for ever makes us keep more. */
Test(tls_hostile, a_hello_without_end_is_not_waited_for)
{
    struct tls_pair pair;
    tls_pair_start(&pair, &(struct tls_pair_options){0});
    /* a ClientHello that says it has 16 MiB less one octet */
    tls_feed(pair.server, SLICE("\x16\x03\x01\x40\x00\x01\xff\xff\xff"));
    static const char filler[16384];
    tls_feed(pair.server, (struct slice){filler, sizeof filler - 4});
    cr_expect_eq(tls_state(pair.server), TLS_STATE_FAILED);
    tls_pair_finish(&pair);
}

Test(tls_hostile, whoever_does_not_read_gets_no_more_than_the_ceiling)
{
    static const char text[TLS_FEED_MAX / 2];
    struct tls_pair pair;
    tls_pair_up(&pair, &(struct tls_pair_options){0});
    for (int i = 0; i < 40 && tls_state(pair.server) == TLS_STATE_UP; i++) {
        tls_say(pair.client, (struct slice){text, sizeof text});
        while (tls_pair_move(&pair, true))
            ;
    }
    cr_expect_eq(tls_state(pair.server), TLS_STATE_FAILED);
    cr_expect_leq(bytes_size(tls_clear(pair.server)), TLS_CLEAR_MAX);
    tls_pair_finish(&pair);
}

Test(tls_hostile, much_is_said_in_one_go)
{
    enum { SIZE = 5 * 1000 * 1000 };
    char *text = memory_take(SIZE);
    struct random random;
    random_init(&random, 1, SLICE("text"));
    for (size_t i = 0; i < SIZE; i++)
        text[i] = (char)random_u64(&random);
    struct tls_pair pair;
    tls_pair_up(&pair, &(struct tls_pair_options){0});
    tls_say(pair.client, (struct slice){text, SIZE});
    size_t got = 0;
    while (tls_pair_move(&pair, true)) {
        struct slice clear = bytes_slice(tls_clear(pair.server));
        cr_assert_leq(got + clear.size, SIZE);
        cr_assert(slice_equal(clear, (struct slice){text + got, clear.size}));
        got += clear.size;
        bytes_clear(tls_clear(pair.server));
    }
    cr_expect_eq(got, SIZE);
    tls_pair_finish(&pair);
    free(text);
}
