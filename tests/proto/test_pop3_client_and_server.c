/* Our POP3 client against our POP3 server, also over a wire that is cut after each octet. */
#include "agents/proto/pop3_client.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "support_pop3.h"
#include "support_pop3_reader.h"

/* Moves at most `room` octets from one side to the other; gives how many. */
static size_t carry(struct session *from, struct session *to, size_t room)
{
    struct slice bytes = session_to_send(from);
    bytes = slice_part(bytes, 0, room);
    cr_assert(session_feed(to, bytes));
    session_sent(from, bytes.size);
    return bytes.size;
}

/* Both sides wait for TLS: the handshake is done at once. */
static bool shake_hands(struct support_reader *r, struct support_pop3 *p)
{
    if (r->client.base.tls != SESSION_TLS_WANTED || p->server.base.tls != SESSION_TLS_WANTED)
        return false;
    r->client.base.tls = p->server.base.tls = SESSION_TLS_ON;
    support_reader_run(r);
    support_pop3_run(p);
    return true;
}

/* Lets the two talk until nothing moves or the wire is cut after `limit` octets. */
static size_t talk(struct support_reader *r, struct support_pop3 *p, size_t limit)
{
    size_t carried = 0;
    for (;;) {
        size_t now = carry(&p->server.base, &r->client.base, limit - carried);
        support_reader_run(r);
        now += carry(&r->client.base, &p->server.base, limit - carried - now);
        support_pop3_run(p);
        carried += now;
        if (now == 0 && !shake_hands(r, p))
            break;
    }
    r->client.base.is_eof = true;
    support_reader_run(r);
    support_pop3_eof(p);
    return carried;
}

Test(pop3_client_and_server, fetches_from_our_server_what_it_holds)
{
    struct support_reader r;
    struct support_pop3 p;
    support_reader_init(&r);
    support_pop3_init(&p);
    talk(&r, &p, SIZE_MAX);
    cr_assert(r.is_done);
    struct slice log = bytes_slice(&r.log);
    for (size_t i = 0; i < SUPPORT_POP3_COUNT; i++) {
        struct bytes message;
        bytes_init(&message, 1000);
        bytes_printf(&message, "message %zu [%.*s%.*s]\n", i, SLICE_ARG(support_pop3_header(i)),
                     SLICE_ARG(support_pop3_body(i)));
        cr_assert_neq(slice_find(log, bytes_slice(&message), 0), SLICE_NONE, "%.*s",
                      SLICE_ARG(log));
        bytes_finish(&message);
        cr_assert(p.is_removed[i]);
    }
    cr_assert_neq(
        slice_find(log, SLICE("listed 1/86/1740992400.M1P1Q1.store 2/16/two 3/27/~!three"), 0),
        SLICE_NONE);
    support_reader_finish(&r);
    support_pop3_finish(&p);
}

static void start(struct support_reader *r, struct support_pop3 *p,
                  const struct pop3_client_options *options)
{
    struct pop3_server_options offers;
    support_pop3_options(&offers);
    offers.has_apop = offers.is_tls_available = true;
    offers.mechanisms = SASL_ALL;
    support_reader_start(r, options);
    support_pop3_start(p, &offers);
}

/* Each way in, in clear and with TLS, one command at a time and several, right and wrong. */
Test(pop3_client_and_server, get_in_by_each_way)
{
    static const struct {
        enum pop3_client_login login;
        enum sasl_mechanism mechanism;
        const char *name;
    } ways[] = {
        {POP3_CLIENT_LOGIN_PASS, SASL_MECHANISM_COUNT, "PASS"},
        {POP3_CLIENT_LOGIN_APOP, SASL_MECHANISM_COUNT, "APOP"},
        {POP3_CLIENT_LOGIN_SASL, SASL_PLAIN, "PLAIN"},
        {POP3_CLIENT_LOGIN_SASL, SASL_LOGIN, "LOGIN"},
        {POP3_CLIENT_LOGIN_SASL, SASL_CRAM_MD5, "CRAM-MD5"},
        {POP3_CLIENT_LOGIN_SASL, SASL_SCRAM_SHA_256, "SCRAM-SHA-256"},
        {POP3_CLIENT_LOGIN_AUTO, SASL_MECHANISM_COUNT, "SCRAM-SHA-256"},
    };
    for (unsigned i = 0; i < 8 * sizeof ways / sizeof ways[0]; i++) {
        struct support_reader r;
        struct support_pop3 p;
        struct pop3_client_options options;
        char auth[64];
        bool is_right = i & 1;
        support_reader_options(&options);
        options.login = ways[i / 8].login;
        options.mechanism = ways[i / 8].mechanism;
        options.tls = i & 2 ? SESSION_TLS_POLICY_REQUIRED : SESSION_TLS_POLICY_NEVER;
        options.pipelines = i & 4;
        if (!is_right)
            options.password = SLICE("passwort");
        start(&r, &p, &options);
        talk(&r, &p, SIZE_MAX);
        snprintf(auth, sizeof auth, "AUTH bob %s %s\n", ways[i / 8].name,
                 is_right ? "ok" : "failed");
        cr_assert_neq(slice_find(bytes_slice(&p.log), slice_of(auth), 0), SLICE_NONE, "%s:\n%.*s",
                      auth, SLICE_ARG(bytes_slice(&p.log)));
        cr_assert_eq(r.is_done, is_right, "%s", auth);
        cr_assert_eq(p.is_removed[2], is_right, "%s", auth);
        cr_assert_eq(p.server.base.tls, i & 2 ? SESSION_TLS_ON : SESSION_TLS_NONE);
        support_reader_finish(&r);
        support_pop3_finish(&p);
    }
}

/* RFC 1939 6: however early the connection breaks, what was not confirmed by QUIT stays. */
static void cut_everywhere(const struct pop3_client_options *options, size_t step)
{
    struct support_reader r;
    struct support_pop3 p;
    size_t limit = 0, removed_at = 0, whole, last;
    do {
        start(&r, &p, options);
        last = limit;
        whole = talk(&r, &p, limit);
        cr_assert(r.is_done != r.is_failed, "%zu", limit);
        bool has_quit = slice_find(bytes_slice(&p.log), SLICE("UPDATE"), 0) != SLICE_NONE;
        for (int i = 0; i < SUPPORT_POP3_COUNT; i++)
            cr_assert_eq(p.is_removed[i], has_quit, "%zu", limit);
        cr_assert(has_quit || !r.is_done, "%zu", limit);
        if (!has_quit)
            removed_at = limit + 1;
        support_reader_finish(&r);
        support_pop3_finish(&p);
        limit += step;
    } while (whole == last);
    /* only the last octets, the reply to QUIT, come after the removal */
    if (step == 1)
        cr_assert_eq(removed_at, whole - (sizeof "+OK bye\r\n" - 1));
}

Test(pop3_client_and_server, lose_nothing_wherever_the_wire_is_cut)
{
    struct pop3_client_options options;
    for (unsigned i = 0; i < 8; i++) {
        support_reader_options(&options);
        options.tls = i & 1 ? SESSION_TLS_POLICY_REQUIRED : SESSION_TLS_POLICY_NEVER;
        options.pipelines = i & 2;
        if (i & 4) {
            options.login = POP3_CLIENT_LOGIN_SASL;
            options.mechanism = SASL_CRAM_MD5;
        }
        cut_everywhere(&options, 1);
    }
    options.mechanism = SASL_SCRAM_SHA_256; /* which takes time on purpose */
    cut_everywhere(&options, 13);
}
