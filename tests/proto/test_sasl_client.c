#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/sasl.h"

static struct sasl_client begin(enum sasl_mechanism mechanism, const char *user,
                                const char *password)
{
    struct sasl_client c;
    sasl_client_init(&c);
    sasl_client_begin(&c, mechanism, slice_of(user), slice_of(password),
                      SLICE("rOprNGfwEbeRWgbNEkqO"));
    return c;
}

static void expect_response(const struct sasl_client *c, const char *text)
{
    struct slice response = bytes_slice(&c->response);
    cr_expect(slice_equal(response, slice_of(text)), "\"%.*s\" instead of \"%s\"",
              SLICE_ARG(response), text);
}

/* RFC 4616 4. */
Test(sasl_client, plain_says_all_at_once)
{
    struct sasl_client c = begin(SASL_PLAIN, "tim", "tanstaaftanstaaf");
    cr_expect(slice_equal(bytes_slice(&c.response), (struct slice){"\0tim\0tanstaaftanstaaf", 21}));
    cr_expect(sasl_client_is_satisfied(&c));
    cr_expect_not(sasl_client_feed(&c, SLICE("more?")));
    cr_expect_not(sasl_client_is_satisfied(&c));
    sasl_client_finish(&c);
}

Test(sasl_client, login_answers_two_questions_and_no_third)
{
    struct sasl_client c = begin(SASL_LOGIN, "tim", "secret");
    cr_expect_not(sasl_client_is_satisfied(&c));
    cr_expect(sasl_client_feed(&c, SLICE("User Name")));
    expect_response(&c, "tim");
    cr_expect_not(sasl_client_is_satisfied(&c));
    cr_expect(sasl_client_feed(&c, SLICE("Password")));
    expect_response(&c, "secret");
    cr_expect(sasl_client_is_satisfied(&c));
    cr_expect_not(sasl_client_feed(&c, SLICE("And your mother's name?")));
    sasl_client_finish(&c);
}

/* RFC 2195 2. */
Test(sasl_client, cram_md5_is_that_of_the_rfc)
{
    struct sasl_client c = begin(SASL_CRAM_MD5, "tim", "tanstaaftanstaaf");
    cr_expect(sasl_client_feed(&c, SLICE("<1896.697170952@postoffice.reston.mci.net>")));
    expect_response(&c, "tim b913a602c7eda7a495b4e6e7334d3890");
    cr_expect(sasl_client_is_satisfied(&c));
    cr_expect_not(sasl_client_feed(&c, SLICE("<again@postoffice.reston.mci.net>")));
    sasl_client_finish(&c);
}

#define SERVER_FIRST                                                                               \
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"

/* The example of RFC 7677 3. */
Test(sasl_client, scram_is_that_of_the_rfc)
{
    struct sasl_client c = begin(SASL_SCRAM_SHA_256, "user", "pencil");
    expect_response(&c, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    cr_expect(sasl_client_feed(&c, SLICE(SERVER_FIRST)));
    expect_response(&c, "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    cr_expect_not(sasl_client_is_satisfied(&c), "the server has proved nothing yet");
    cr_expect(sasl_client_feed(&c, SLICE("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")));
    expect_response(&c, "");
    cr_expect(sasl_client_is_satisfied(&c));
    sasl_client_finish(&c);
}

/* RFC 5802 5.1, 9: a server that can't be trusted. */
Test(sasl_client, scram_breaks_off_at_a_first_message_that_is_not_in_order)
{
    static const struct {
        const char *message;
        bool ok;
    } rows[] = {
        {SERVER_FIRST, true},
        {SERVER_FIRST ",x=later", true},
        {SERVER_FIRST ",m=must", false},
        {"m=must," SERVER_FIRST, false},
        {"e=other-error", false},
        {"", false},
        /* The nonce is not ours, or the server adds none. */
        {"r=rOprNGfwEbeRWgbNEkqo%hvY,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", false},
        {"r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", false},
        {"r=%hvY,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", false},
        {"r=rOprNGfwEbeRWgbNEkqO hvY,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", false},
        {"s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", false},
        {"r=rOprNGfwEbeRWgbNEkqOx,i=4096", false},
        {"r=rOprNGfwEbeRWgbNEkqOx,s=,i=4096", false},
        {"r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ=,i=4096", false},
        {"r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==", false},
        /* Few iterations make guessing cheap; too many make us work for nothing. */
        {"r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095", false},
        {"r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4097", true},
        {"r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001", false},
        {"r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=18446744073709555712", false},
        {"r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-4096", false},
        {"r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0", false},
        {"r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sasl_client c = begin(SASL_SCRAM_SHA_256, "user", "pencil");
        cr_expect_eq(sasl_client_feed(&c, slice_of(rows[i].message)), rows[i].ok, "row %zu", i);
        if (!rows[i].ok)
            cr_expect_eq(bytes_size(&c.response), 0, "nothing is to be sent");
        sasl_client_finish(&c);
    }
}

/* RFC 5802 3: who does not know the password can't sign. */
Test(sasl_client, scram_does_not_believe_a_wrong_signature)
{
    static const char *const rows[] = {"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G8=",
                                       "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95A==",
                                       "v=",
                                       "v=!",
                                       "",
                                       "e=invalid-proof",
                                       "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,m=must",
                                       "x=1"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sasl_client c = begin(SASL_SCRAM_SHA_256, "user", "pencil");
        cr_assert(sasl_client_feed(&c, SLICE(SERVER_FIRST)));
        cr_expect_not(sasl_client_feed(&c, slice_of(rows[i])), "row %zu", i);
        cr_expect_not(sasl_client_is_satisfied(&c));
        cr_expect_not(sasl_client_feed(&c, SLICE(SERVER_FIRST)), "there is no second try");
        sasl_client_finish(&c);
    }
}

Test(sasl_client, an_ok_before_the_exchange_is_over_is_not_believed)
{
    for (unsigned i = 0; i < SASL_MECHANISM_COUNT; i++) {
        struct sasl_client c = begin((enum sasl_mechanism)i, "user", "pencil");
        cr_expect_eq(sasl_client_is_satisfied(&c), i == SASL_PLAIN);
        sasl_client_finish(&c);
    }
}

Test(sasl_client, a_challenge_beyond_all_measure_is_refused)
{
    static char huge[SASL_MESSAGE_MAX + 1];
    memset(huge, 'x', sizeof huge);
    for (unsigned i = 0; i < SASL_MECHANISM_COUNT; i++) {
        struct sasl_client c = begin((enum sasl_mechanism)i, "user", "pencil");
        cr_expect_not(sasl_client_feed(&c, (struct slice){huge, sizeof huge}));
        sasl_client_finish(&c);
    }
}

/* The password least of all: LOGIN's second answer is one. */
Test(sasl_client, who_broke_off_says_nothing_any_more)
{
    static char huge[SASL_MESSAGE_MAX + 1];
    static const char *const rows[] = {
        "",           "Username:", "<1896.697170952@postoffice.example.net>",
        SERVER_FIRST, "v=",        "v=W22ZaJ0SNY7soEsUEjb6gQ=="};
    for (unsigned i = 0; i < SASL_MECHANISM_COUNT; i++) {
        struct sasl_client c = begin((enum sasl_mechanism)i, "user", "pencil");
        cr_assert_not(sasl_client_feed(&c, (struct slice){huge, sizeof huge}));
        for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
            cr_expect_not(sasl_client_feed(&c, slice_of(rows[k])), "%u, row %zu", i, k);
            cr_expect_eq(bytes_size(&c.response), 0);
        }
        sasl_client_finish(&c);
    }
}
