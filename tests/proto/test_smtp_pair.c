/*
 * The client session against the server session: every set of extensions that a server may offer,
 * each way to log in, SMTP and LMTP, and the wire cut at any octet.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "support_smtp_pair.h"

static const struct slice one[] = {{"bob@example.org", 15}};
static const struct slice mixed[] = {{"nobody@example.org", 18}, {"bob@example.org", 15},
                                     {"no such path", 12},       {"busy@example.org", 16},
                                     {"full@example.org", 16},   {"bea@example.org", 15}};
static const struct slice unknown[] = {{"nobody@example.org", 18}, {"none@example.org", 16}};
static const struct smtp_client_notify asked[] = {
    {SMTP_NOTIFY_SUCCESS | SMTP_NOTIFY_DELAY, {"rfc822;b+b@example.org", 22}}};

#define FROM_ALICE .reverse_path = {"alice@example.com", 17}
#define FIRST .header = {"Subject: 1\r\n\r\n", 14}, .body = {".dots\r\n..\r\nno end", 17}
#define SECOND .header = {"Subject: 2\r\n\r\n", 14}, .body = {"second\r\n", 8}

static const struct smtp_client_transaction plain_one[] = {
    {FROM_ALICE, .forward_paths = one, .recipient_count = 1, FIRST, .ret = SMTP_RETURN_FULL,
     .envid = {"x=1 +", 5}, .notify = asked}};
static const struct smtp_client_transaction two[] = {
    {FROM_ALICE, .forward_paths = mixed, .recipient_count = 6, FIRST},
    {.forward_paths = one, .recipient_count = 1, SECOND}};
static const struct smtp_client_transaction refused_then_one[] = {
    {FROM_ALICE, .forward_paths = unknown, .recipient_count = 2, FIRST},
    {.reverse_path = {"spam@example.com", 16}, .forward_paths = mixed, .recipient_count = 6, FIRST},
    {FROM_ALICE, .forward_paths = one, .recipient_count = 1, SECOND}};
static const struct smtp_client_transaction wide[] = {
    {FROM_ALICE, .forward_paths = one, .recipient_count = 1, SECOND, .is_8bit = true},
    {FROM_ALICE, .forward_paths = one, .recipient_count = 1, SECOND, .is_utf8 = true},
    {FROM_ALICE, .forward_paths = one, .recipient_count = 1, SECOND}};

static const struct {
    const char *name;
    const struct smtp_client_transaction *transactions;
    size_t count, taken, each; /* each: recipients who have it, with LMTP */
    const char *content;       /* of the last that is taken */
} cases[] = {
    {"one message", plain_one, 1, 1, 1, "Subject: 1\r\n\r\n.dots\r\n..\r\nno end\r\n"},
    {"two messages", two, 2, 2, 3, "Subject: 2\r\n\r\nsecond\r\n"},
    {"refusals", refused_then_one, 3, 1, 1, "Subject: 2\r\n\r\nsecond\r\n"},
};
enum { CASES = sizeof cases / sizeof cases[0] };

/* ---- ways: what is offered, and how the client uses it ---- */

enum {
    PIPELINING = 1,
    SIZE = 2,
    ESC = 4,
    STARTTLS = 8,
    CHUNKING = 16,
    DSN = 32,
    WIDE = 64, /* 8BITMIME and SMTPUTF8 */
    AUTH = 128,
    LMTP = 256,
    WAYS = 512
};

static struct smtp_server_options server_of(unsigned way)
{
    return (struct smtp_server_options){.hostname = SLICE("mx1.example.org"),
                                        .size_max = way & SIZE ? 1000 : 0,
                                        .is_lmtp = way & LMTP,
                                        .offers_auth = way & AUTH,
                                        .hides_clear_auth = way & STARTTLS,
                                        .auth_required = way & AUTH,
                                        .tls_required = way & STARTTLS,
                                        .offers_pipelining = way & PIPELINING,
                                        .offers_8bitmime = way & WIDE,
                                        .offers_smtputf8 = way & WIDE,
                                        .offers_esc = way & ESC,
                                        .offers_starttls = way & STARTTLS,
                                        .offers_chunking = way & CHUNKING,
                                        .offers_dsn = way & DSN};
}

static struct smtp_client_options client_of(unsigned way)
{
    return (struct smtp_client_options){.hostname = SLICE("out.example.com"),
                                        .is_lmtp = way & LMTP,
                                        .tls = way & STARTTLS ? SESSION_TLS_POLICY_REQUIRED
                                                              : SESSION_TLS_POLICY_IF_OFFERED,
                                        .user = way & AUTH ? SLICE("alice") : SLICE(""),
                                        .password = SLICE("secret"),
                                        .mechanism = SASL_CRAM_MD5,
                                        .nonce = SLICE("fyko+d2lbbFgONRv9qkxdawL"),
                                        .chunk_octets = 16};
}

static void start(struct smtp_pair *p, size_t which, unsigned way, size_t cut_after)
{
    struct smtp_server_options server = server_of(way);
    struct smtp_client_options client = client_of(way);
    smtp_pair_start(p, &server, &client, cases[which].transactions, cases[which].count, cut_after);
}

static void expect_complete(const struct smtp_pair *p, size_t which, unsigned way)
{
    const char *name = cases[which].name;
    smtp_pair_expect_sane(p, name);
    cr_expect_not(p->sender.is_failed, "%s, way %u:\n%.*s", name, way,
                  SLICE_ARG(bytes_slice(&p->sender.log)));
    cr_expect_eq(p->sender.dones, cases[which].count, "%s, way %u", name, way);
    cr_expect_eq(p->sender.taken_each, way & LMTP ? cases[which].each : 0, "%s, way %u", name, way);
    if (!(way & LMTP))
        cr_expect_eq(p->sender.taken, cases[which].taken, "%s, way %u", name, way);
    cr_expect_eq(p->role.accepted, way & LMTP ? cases[which].each : cases[which].taken,
                 "%s, way %u: %u", name, way, p->role.accepted);
    cr_expect(slice_equal(bytes_slice(&p->role.content), slice_of(cases[which].content)),
              "%s, way %u", name, way);
}

Test(smtp_pair, whatever_a_server_offers_the_same_mail_arrives_whole_and_octet_by_octet)
{
    for (size_t which = 0; which < CASES; which++)
        for (unsigned way = 0; way < WAYS; way++) {
            struct smtp_pair whole, octets;
            start(&whole, which, way, SMTP_PAIR_NEVER);
            smtp_pair_run(&whole, SMTP_PAIR_WHOLE);
            expect_complete(&whole, which, way);
            start(&octets, which, way, SMTP_PAIR_NEVER);
            smtp_pair_run(&octets, 1);
            expect_complete(&octets, which, way);
            cr_expect_eq(whole.carried, octets.carried);
            cr_expect(slice_equal(bytes_slice(&whole.role.log), bytes_slice(&octets.role.log)));
            cr_expect(slice_equal(bytes_slice(&whole.sender.log), bytes_slice(&octets.sender.log)));
            smtp_pair_finish(&whole);
            smtp_pair_finish(&octets);
        }
}

/* RFC 3030 2, 3461 4, 3207 4.2: each word is said where it was offered, and nowhere else. */
Test(smtp_pair, an_extension_is_used_only_where_it_is_offered)
{
    static const struct {
        unsigned offer;
        const char *word;
    } words[] = {{SIZE, " SIZE=33"},        {STARTTLS, "STARTTLS\r\n"},
                 {CHUNKING, "BDAT 16\r\n"}, {DSN, " ENVID=x+3D1+20+2B"},
                 {AUTH, "AUTH CRAM-MD5"},   {LMTP, "LHLO "},
                 {DSN, " RET=FULL"},        {DSN, " NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bb@"}};
    for (unsigned way = 0; way < WAYS; way++) {
        struct smtp_pair p;
        start(&p, 0, way, SMTP_PAIR_NEVER);
        smtp_pair_run(&p, SMTP_PAIR_WHOLE);
        struct slice said = bytes_slice(&p.said);
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            cr_expect_eq(slice_find(said, slice_of(words[i].word), 0) != SLICE_NONE,
                         (way & words[i].offer) != 0, "%s, way %u", words[i].word, way);
        cr_expect_eq(slice_find(said, SLICE("DATA\r\n"), 0) == SLICE_NONE, (way & CHUNKING) != 0);
        smtp_pair_finish(&p);
    }
}

/* RFC 6152 3, 6531 3.2: no server gets what it has not said it can take. */
Test(smtp_pair, a_message_beyond_ascii_goes_only_to_a_server_that_takes_it)
{
    for (unsigned way = 0; way < WAYS; way += WIDE) {
        struct smtp_server_options server = server_of(way);
        struct smtp_client_options client = client_of(way);
        struct smtp_pair p;
        smtp_pair_start(&p, &server, &client, wide, 3, SMTP_PAIR_NEVER);
        smtp_pair_run(&p, SMTP_PAIR_WHOLE);
        smtp_pair_expect_sane(&p, "wide");
        cr_expect_eq(p.role.accepted, way & WIDE ? 3 : 1, "way %u", way);
        smtp_pair_finish(&p);
    }
}

Test(smtp_pair, each_mechanism_logs_in_and_a_wrong_password_does_not)
{
    for (int mechanism = 0; mechanism < SASL_MECHANISM_COUNT; mechanism++)
        for (int way = 0; way < 4; way++) {
            bool is_right = way & 1, is_implicit = way & 2;
            struct smtp_server_options server = server_of(AUTH | PIPELINING);
            struct smtp_client_options client = client_of(AUTH);
            struct smtp_pair p;
            server.mechanisms = 1u << mechanism;
            server.seed = (uint64_t)way + 7;
            client.mechanism = (enum sasl_mechanism)mechanism;
            client.password = is_right ? SLICE("secret") : SLICE("guess");
            client.allows_clear = true;
            client.is_tls_first = is_implicit;
            smtp_pair_start(&p, &server, &client, plain_one, 1, SMTP_PAIR_NEVER);
            smtp_pair_run(&p, is_implicit ? 1 : SMTP_PAIR_WHOLE);
            smtp_pair_expect_sane(&p, sasl_name((enum sasl_mechanism)mechanism));
            cr_expect_eq(p.role.accepted, is_right, "%s",
                         sasl_name((enum sasl_mechanism)mechanism));
            cr_expect_eq(p.sender.is_failed, !is_right);
            bool is_shown =
                slice_find(bytes_slice(&p.said), SLICE("c2VjcmV0"), 0) != SLICE_NONE ||
                slice_find(bytes_slice(&p.said), SLICE("AGFsaWNlAHNlY3JldA"), 0) != SLICE_NONE;
            cr_expect_eq(is_shown, is_right && ((1u << mechanism) & SASL_CLEAR) != 0);
            smtp_pair_finish(&p);
        }
}

/*
 * However the wire is cut: what the client was told is taken, is; what the server has taken, the
 * client knows of, but for the one message whose 250 was on its way (RFC 1047), and with LMTP its
 * recipients whose replies were.
 */
static void cut_everywhere(size_t which, unsigned way)
{
    struct smtp_pair p;
    unsigned in_doubt = way & LMTP ? 2 : 1;
    start(&p, which, way, SMTP_PAIR_NEVER);
    smtp_pair_run(&p, SMTP_PAIR_WHOLE);
    size_t total = p.carried, lost_replies = 0;
    smtp_pair_finish(&p);
    for (size_t cut = 0; cut < total; cut++) {
        start(&p, which, way, cut);
        smtp_pair_run(&p, cut & 1 ? 1 : SMTP_PAIR_WHOLE);
        smtp_pair_expect_sane(&p, cases[which].name);
        unsigned known = way & LMTP ? p.sender.taken_each : p.sender.taken;
        cr_expect_leq(known, p.role.accepted, "way %u cut after %zu", way, cut);
        cr_expect_leq(p.role.accepted, known + in_doubt, "way %u cut after %zu", way, cut);
        lost_replies += p.role.accepted > known;
        cr_expect(p.sender.is_lost || p.sender.dones == cases[which].count, "%s cut after %zu",
                  cases[which].name, cut);
        smtp_pair_finish(&p);
    }
    cr_expect_gt(total, 200);
    cr_expect_gt(lost_replies, 0, "the case of the lost 250 came up");
}

Test(smtp_pair, a_wire_cut_after_any_octet_loses_no_message)
{
    static const unsigned ways[] = {0,
                                    PIPELINING | SIZE | ESC,
                                    PIPELINING | SIZE | ESC | STARTTLS | CHUNKING | DSN | AUTH,
                                    AUTH | CHUNKING,
                                    LMTP,
                                    LMTP | PIPELINING | CHUNKING,
                                    STARTTLS | PIPELINING};
    for (size_t which = 0; which < CASES; which++)
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
            cut_everywhere(which, ways[i]);
}
