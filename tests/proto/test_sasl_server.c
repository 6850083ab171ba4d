#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "sim/base/base64.h"
#include "agents/proto/sasl_scram.h"
#include "tests/proto/support_sasl.h"

#define TEXT(literal) ((struct slice){(literal), sizeof(literal) - 1})

/* A server that has begun; its user has the password "secret". */
static void begin(struct sasl_meeting *m, enum sasl_mechanism mechanism)
{
    sasl_meeting_init(m, "", "", "secret");
    cr_assert_eq(
        sasl_server_begin(&m->server, mechanism, SLICE("1896.697170952"), SLICE("pop.example.com")),
        SASL_STEP_CHALLENGE);
}

static enum sasl_step say(struct sasl_meeting *m, struct slice message)
{
    return sasl_meeting_tell(m, sasl_server_feed(&m->server, message));
}

/* RFC 4616 2: authzid NUL authcid NUL passwd. Nobody acts for somebody else here. */
Test(sasl_server, plain_is_one_message)
{
    static const struct {
        struct slice message;
        enum sasl_step step;
    } rows[] = {
        {TEXT("\0alice\0secret"), SASL_STEP_OK},
        {TEXT("alice\0alice\0secret"), SASL_STEP_OK},
        {TEXT("Alice\0alice\0secret"), SASL_STEP_OK},
        {TEXT("bob\0alice\0secret"), SASL_STEP_DENIED},
        {TEXT("\0alice\0Secret"), SASL_STEP_DENIED},
        {TEXT("\0alice\0secret2"), SASL_STEP_DENIED},
        {TEXT("\0alice\0secre"), SASL_STEP_DENIED},
        {TEXT(""), SASL_STEP_MALFORMED},
        {TEXT("alice\0secret"), SASL_STEP_MALFORMED},
        {TEXT("\0alice\0"), SASL_STEP_MALFORMED},
        {TEXT("\0\0secret"), SASL_STEP_MALFORMED},
        {TEXT("\0alice\0secret\0"), SASL_STEP_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sasl_meeting m;
        begin(&m, SASL_PLAIN);
        cr_expect_eq(bytes_size(&m.server.challenge), 0);
        cr_expect_eq(say(&m, rows[i].message), rows[i].step, "row %zu", i);
        sasl_meeting_finish(&m);
    }
}

Test(sasl_server, login_asks_twice)
{
    struct sasl_meeting m;
    begin(&m, SASL_LOGIN);
    cr_expect(slice_equal(bytes_slice(&m.server.challenge), SLICE("Username:")));
    cr_expect_eq(say(&m, SLICE("alice")), SASL_STEP_CHALLENGE);
    cr_expect(slice_equal(bytes_slice(&m.server.challenge), SLICE("Password:")));
    cr_expect_eq(say(&m, SLICE("secret")), SASL_STEP_OK);
    cr_expect(slice_equal(bytes_slice(&m.server.user), SLICE("alice")));
    sasl_meeting_finish(&m);
}

Test(sasl_server, login_takes_no_empty_answer_and_no_nul)
{
    struct sasl_meeting m;
    begin(&m, SASL_LOGIN);
    cr_expect_eq(say(&m, SLICE("")), SASL_STEP_MALFORMED);
    sasl_meeting_finish(&m);
    begin(&m, SASL_LOGIN);
    cr_expect_eq(say(&m, TEXT("al\0ice")), SASL_STEP_MALFORMED);
    sasl_meeting_finish(&m);
    begin(&m, SASL_LOGIN);
    cr_expect_eq(say(&m, SLICE("alice")), SASL_STEP_CHALLENGE);
    cr_expect_eq(say(&m, SLICE("")), SASL_STEP_MALFORMED);
    sasl_meeting_finish(&m);
}

/* The example of RFC 2195 2. */
Test(sasl_server, cram_md5_is_that_of_the_rfc)
{
    struct sasl_meeting m;
    sasl_meeting_init(&m, "", "", "tanstaaftanstaaf");
    sasl_server_begin(&m.server, SASL_CRAM_MD5, SLICE("1896.697170952"),
                      SLICE("postoffice.reston.mci.net"));
    cr_expect(slice_equal(bytes_slice(&m.server.challenge),
                          SLICE("<1896.697170952@postoffice.reston.mci.net>")));
    cr_expect_eq(say(&m, SLICE("tim b913a602c7eda7a495b4e6e7334d3890")), SASL_STEP_OK);
    cr_expect(slice_equal(bytes_slice(&m.server.user), SLICE("tim")));
    sasl_meeting_finish(&m);
}

Test(sasl_server, cram_md5_wants_a_user_and_32_small_hex_digits)
{
    static const struct {
        struct slice message;
        enum sasl_step step;
    } rows[] = {
        {TEXT("alice 00000000000000000000000000000000"), SASL_STEP_DENIED},
        {TEXT("alice b913a602c7eda7a495b4e6e7334d389"), SASL_STEP_MALFORMED},
        {TEXT("alice b913a602c7eda7a495b4e6e7334d38900"), SASL_STEP_MALFORMED},
        {TEXT("alice B913A602C7EDA7A495B4E6E7334D3890"), SASL_STEP_MALFORMED},
        {TEXT("alice b913a602c7eda7a495b4e6e7334d38\0000"), SASL_STEP_MALFORMED},
        {TEXT("b913a602c7eda7a495b4e6e7334d3890"), SASL_STEP_MALFORMED},
        {TEXT(" b913a602c7eda7a495b4e6e7334d3890"), SASL_STEP_MALFORMED},
        {TEXT("al\0ce b913a602c7eda7a495b4e6e7334d3890"), SASL_STEP_MALFORMED},
        {TEXT("alice"), SASL_STEP_MALFORMED},
        {TEXT(""), SASL_STEP_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sasl_meeting m;
        begin(&m, SASL_CRAM_MD5);
        cr_expect_eq(say(&m, rows[i].message), rows[i].step, "row %zu", i);
        sasl_meeting_finish(&m);
    }
}

/* RFC 5802 7: the client's first message. */
Test(sasl_server, scram_refuses_a_first_message_that_is_none)
{
    static const struct {
        struct slice message;
        enum sasl_step step;
    } rows[] = {
        {TEXT("n,,n=alice,r=abc"), SASL_STEP_CHALLENGE},
        {TEXT("n,,n=alice,r=abc,x=later"), SASL_STEP_CHALLENGE},
        {TEXT("n,a=alice,n=alice,r=abc"), SASL_STEP_CHALLENGE},
        /* The client could bind, and thinks that we can't: that is so. */
        {TEXT("y,,n=alice,r=abc"), SASL_STEP_CHALLENGE},
        /* Binding was never offered (6.). */
        {TEXT("p=tls-unique,,n=alice,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("p=tls-exporter,,n=alice,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("x,,n=alice,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n=alice,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n,alice,n=alice,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n,,m=must,n=alice,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n,,n=alice,r=abc,m=must"), SASL_STEP_MALFORMED},
        {TEXT("n,,n=alice"), SASL_STEP_MALFORMED},
        {TEXT("n,,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n,,r=abc,n=alice"), SASL_STEP_MALFORMED},
        {TEXT("n,,n=,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n,,n=alice,r="), SASL_STEP_MALFORMED},
        {TEXT("n,,n=alice,r=a c"), SASL_STEP_MALFORMED},
        {TEXT("n,,n=alice,r=a\xC3\xA4"), SASL_STEP_MALFORMED},
        {TEXT("n,,n=al\0ce,r=abc"), SASL_STEP_MALFORMED},
        /* 5.1: '=' only as =2C and =3D. */
        {TEXT("n,,n=al=2Cice,r=abc"), SASL_STEP_CHALLENGE},
        {TEXT("n,,n=al=3Dice,r=abc"), SASL_STEP_CHALLENGE},
        {TEXT("n,,n=al=2cice,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n,,n=al=ice,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n,,n=alice=,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n,,n=alice=3,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n,a==,n=alice,r=abc"), SASL_STEP_MALFORMED},
        {TEXT("n"), SASL_STEP_MALFORMED},
        {TEXT("n,"), SASL_STEP_MALFORMED},
        {TEXT("n,,"), SASL_STEP_MALFORMED},
        {TEXT(""), SASL_STEP_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sasl_meeting m;
        begin(&m, SASL_SCRAM_SHA_256);
        cr_expect_eq(say(&m, rows[i].message), rows[i].step, "row %zu", i);
        sasl_meeting_finish(&m);
    }
}

Test(sasl_server, scram_reads_commas_and_equals_signs_in_a_name)
{
    struct sasl_meeting m;
    begin(&m, SASL_SCRAM_SHA_256);
    cr_expect_eq(say(&m, SLICE("n,,n=a=2Cb=3D=3D,r=abc")), SASL_STEP_CHALLENGE);
    cr_expect(slice_equal(bytes_slice(&m.server.user), SLICE("a,b==")));
    sasl_meeting_finish(&m);
}

/* RFC 5802 5.1: both nonces, a salt, a count of iterations that is at least 4096 (RFC 7677 4). */
Test(sasl_server, scram_answers_with_both_nonces_salt_and_iterations)
{
    struct sasl_meeting m, other;
    begin(&m, SASL_SCRAM_SHA_256);
    say(&m, SLICE("n,,n=alice,r=abc"));
    struct slice challenge = bytes_slice(&m.server.challenge);
    cr_expect(slice_starts(challenge, SLICE("r=abc1896.697170952,s=")));
    cr_expect(slice_ends(challenge, SLICE("==,i=4096")));
    /* The salt is alice's own, and the same whatever her password is. */
    begin(&other, SASL_SCRAM_SHA_256);
    other.stored = NULL;
    say(&other, SLICE("n,,n=alice,r=abc"));
    cr_expect(slice_equal(bytes_slice(&other.server.challenge), challenge));
    sasl_meeting_finish(&other);
    begin(&other, SASL_SCRAM_SHA_256);
    say(&other, SLICE("n,,n=bob,r=abc"));
    cr_expect_not(slice_equal(bytes_slice(&other.server.challenge), challenge));
    sasl_meeting_finish(&other);
    sasl_meeting_finish(&m);
}

/* The client's last message as it should be, to be spoilt. */
static void speak_scram(struct sasl_meeting *m, const char *authorization)
{
    begin(m, SASL_SCRAM_SHA_256);
    sasl_client_begin(&m->client, SASL_SCRAM_SHA_256, SLICE("alice"), SLICE("secret"),
                      SLICE("abc"));
    struct bytes first;
    bytes_init(&first, 1000);
    bytes_printf(&first, "n,%s,n=alice,r=abc", authorization);
    cr_assert_eq(say(m, bytes_slice(&first)), SASL_STEP_CHALLENGE);
    cr_assert(sasl_client_feed(&m->client, bytes_slice(&m->server.challenge)));
    bytes_finish(&first);
}

/* Each row replaces a piece of "c=biws,r=abc1896.697170952,p=...". */
Test(sasl_server, scram_refuses_a_final_message_that_is_not_in_order)
{
    static const struct {
        const char *old, *new;
        enum sasl_step step;
    } rows[] = {
        {"c=biws", "c=biws", SASL_STEP_CHALLENGE},
        {"c=biws", "c=eSws", SASL_STEP_MALFORMED}, /* "y,,": not what was said at first (6.) */
        {"c=biws", "c=biw", SASL_STEP_MALFORMED},
        {"c=biws", "c=", SASL_STEP_MALFORMED},
        {"c=biws,", "", SASL_STEP_MALFORMED},
        {"r=abc1", "r=abc2", SASL_STEP_MALFORMED},
        {"r=abc1896.697170952", "r=abc", SASL_STEP_MALFORMED},
        {"r=abc1896.697170952,", "", SASL_STEP_MALFORMED},
        {",p=", ",m=must,p=", SASL_STEP_MALFORMED},
        {",p=", ",q=", SASL_STEP_MALFORMED},
        {",p=", ",x=1,p=", SASL_STEP_DENIED}, /* allowed, but then it is signed, too */
        {",p=", ",p=AAAA", SASL_STEP_MALFORMED},
        {",p=", ",p=!", SASL_STEP_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sasl_meeting m;
        struct bytes message;
        speak_scram(&m, "");
        bytes_init(&message, 1000);
        struct slice good = bytes_slice(&m.client.response);
        size_t at = slice_find(good, slice_of(rows[i].old), 0);
        cr_assert_neq(at, SLICE_NONE);
        bytes_append(&message, slice_part(good, 0, at));
        bytes_append(&message, slice_of(rows[i].new));
        bytes_append(&message, slice_part(good, at + strlen(rows[i].old), good.size));
        cr_expect_eq(say(&m, bytes_slice(&message)), rows[i].step, "row %zu", i);
        bytes_finish(&message);
        sasl_meeting_finish(&m);
    }
}

Test(sasl_server, scram_without_any_last_message_is_malformed)
{
    struct sasl_meeting m;
    static const char *const messages[] = {"", "p=AAAA", "c=biws", ",", ",p="};
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        speak_scram(&m, "");
        cr_expect_eq(say(&m, slice_of(messages[i])), SASL_STEP_MALFORMED, "row %zu", i);
        sasl_meeting_finish(&m);
    }
}

/* RFC 5802 3: the server's signature is the last word but one; the client says no more to it. */
Test(sasl_server, scram_ends_with_an_empty_message)
{
    struct sasl_meeting m;
    for (unsigned i = 0; i < 2; i++) {
        speak_scram(&m, "");
        cr_assert_eq(say(&m, bytes_slice(&m.client.response)), SASL_STEP_CHALLENGE);
        cr_expect(slice_starts(bytes_slice(&m.server.challenge), SLICE("v=")));
        cr_expect_eq(say(&m, i ? SLICE("x") : SLICE("")), i ? SASL_STEP_MALFORMED : SASL_STEP_OK);
        sasl_meeting_finish(&m);
    }
}

/* Who signs all that was said in order, but for "a=bob", is a user, and yet not bob. */
Test(sasl_server, scram_lets_nobody_act_for_another)
{
    static const struct {
        const char *authorization;
        enum sasl_step step;
    } rows[] = {{"a=bob", SASL_STEP_DENIED}, {"a=alice", SASL_STEP_CHALLENGE}};
    for (size_t i = 0; i < 2; i++) {
        struct sasl_meeting m;
        struct sasl_scram_keys keys;
        unsigned char proof[SASL_DIGEST_SHA256];
        struct bytes header, salt, said, last;
        bytes_init(&header, 100);
        bytes_init(&salt, 100);
        bytes_init(&said, 1000);
        bytes_init(&last, 1000);
        speak_scram(&m, rows[i].authorization);
        struct slice first = bytes_slice(&m.server.challenge);
        size_t at = slice_find(first, SLICE("s="), 0) + 2;
        cr_assert(base64_read(slice_part(first, at, slice_find_octet(first, ',', at)), &salt));
        bytes_printf(&header, "n,%s,", rows[i].authorization);
        bytes_append(&last, SLICE("c="));
        base64_write(bytes_slice(&header), &last);
        bytes_append(&last, SLICE(",r=abc1896.697170952"));
        bytes_printf(&said, "n=alice,r=abc,%.*s,%.*s", SLICE_ARG(first),
                     SLICE_ARG(bytes_slice(&last)));
        sasl_scram_make_keys(SLICE("secret"), bytes_slice(&salt), 4096, &keys);
        sasl_scram_prove(&keys, bytes_slice(&said), proof);
        bytes_append(&last, SLICE(",p="));
        base64_write((struct slice){(const char *)proof, sizeof proof}, &last);
        cr_expect_eq(say(&m, bytes_slice(&last)), rows[i].step);
        bytes_finish(&header);
        bytes_finish(&salt);
        bytes_finish(&said);
        bytes_finish(&last);
        sasl_meeting_finish(&m);
    }
}

Test(sasl_server, a_message_beyond_all_measure_is_malformed)
{
    static char huge[SASL_MESSAGE_MAX + 1];
    memset(huge, 'x', sizeof huge);
    for (unsigned i = 0; i < SASL_MECHANISM_COUNT; i++) {
        struct sasl_meeting m;
        begin(&m, (enum sasl_mechanism)i);
        cr_expect_eq(say(&m, (struct slice){huge, sizeof huge}), SASL_STEP_MALFORMED);
        sasl_meeting_finish(&m);
    }
}
