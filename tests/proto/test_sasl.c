#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "sim/base/base64.h"
#include "agents/proto/sasl.h"
#include "tests/proto/support_sasl.h"

Test(sasl, a_plain_message_has_an_optional_authorization_a_user_and_a_password)
{
    struct sasl_plain plain;
    cr_assert(sasl_plain_read((struct slice){"\0alice\0secret", 13}, &plain));
    cr_expect_eq(plain.authorization.size, 0);
    cr_expect(slice_equal(plain.user, SLICE("alice")));
    cr_expect(slice_equal(plain.password, SLICE("secret")));
    cr_assert(sasl_plain_read((struct slice){"bob\0alice\0secret", 16}, &plain));
    cr_expect(slice_equal(plain.authorization, SLICE("bob")));
}

/* RFC 4616 2: neither user nor password may be empty, and none of them holds a NUL. */
Test(sasl, anything_else_is_no_plain_message)
{
    static const struct slice bad[] = {{"", 0},           {"alice", 5},       {"\0alice", 6},
                                       {"\0\0secret", 8}, {"\0alice\0", 7},   {"\0\0", 2},
                                       {"a\0b\0c\0d", 7}, {"\0alice\0p\0", 9}};
    struct sasl_plain plain;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(sasl_plain_read(bad[i], &plain), "row %zu", i);
}

Test(sasl, what_is_written_can_be_read)
{
    const struct sasl_plain plain = {SLICE("bob"), SLICE("al ice"), SLICE("p\xC3\xA4ss")};
    struct sasl_plain back;
    struct bytes text, message;
    bytes_init(&text, 100);
    bytes_init(&message, 100);
    cr_assert(sasl_plain_write(&plain, &text));
    cr_assert(base64_read(bytes_slice(&text), &message));
    cr_assert(sasl_plain_read(bytes_slice(&message), &back));
    cr_expect(slice_equal(back.authorization, plain.authorization));
    cr_expect(slice_equal(back.user, plain.user));
    cr_expect(slice_equal(back.password, plain.password));
    bytes_finish(&text);
    bytes_finish(&message);
}

Test(sasl, a_mechanism_is_found_by_its_name_in_any_case)
{
    for (unsigned i = 0; i < SASL_MECHANISM_COUNT; i++)
        cr_expect_eq(sasl_find(slice_of(sasl_name((enum sasl_mechanism)i))), i);
    cr_expect_eq(sasl_find(SLICE("scram-sha-256")), SASL_SCRAM_SHA_256);
    cr_expect_eq(sasl_find(SLICE("SCRAM-SHA-256-PLUS")), SASL_MECHANISM_COUNT);
    cr_expect_eq(sasl_find(SLICE("")), SASL_MECHANISM_COUNT);
}

Test(sasl, the_strongest_is_chosen_unless_another_is_preferred_and_offered)
{
    const enum sasl_mechanism none = SASL_MECHANISM_COUNT;
    const struct {
        unsigned offered;
        enum sasl_mechanism preferred;
        bool allows_clear;
        enum sasl_mechanism chosen;
    } rows[] = {
        {SASL_ALL, none, true, SASL_SCRAM_SHA_256},
        {SASL_ALL, SASL_LOGIN, true, SASL_LOGIN},
        {SASL_ALL, SASL_LOGIN, false, SASL_SCRAM_SHA_256},
        {SASL_CLEAR, none, true, SASL_PLAIN},
        {SASL_CLEAR, none, false, none},
        {SASL_CLEAR, SASL_PLAIN, false, none},
        {SASL_CLEAR | 1u << SASL_CRAM_MD5, SASL_SCRAM_SHA_256, true, SASL_CRAM_MD5},
        {1u << SASL_LOGIN, none, true, SASL_LOGIN},
        {0, none, true, none},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(sasl_choose(rows[i].offered, rows[i].preferred, rows[i].allows_clear),
                     rows[i].chosen, "row %zu", i);
}

Test(sasl, with_the_right_password_every_mechanism_leads_in_and_the_client_believes_it)
{
    static const char *const users[] = {"alice", "alice@example.com", "a,b=c d", "p\xC3\xA4ul"};
    for (unsigned i = 0; i < SASL_MECHANISM_COUNT; i++)
        for (size_t k = 0; k < sizeof users / sizeof users[0]; k++) {
            struct sasl_meeting m;
            sasl_meeting_init(&m, users[k], "s,e=cret ", "s,e=cret ");
            cr_expect_eq(sasl_meeting_run(&m, (enum sasl_mechanism)i), SASL_STEP_OK, "%s, %s",
                         sasl_name((enum sasl_mechanism)i), users[k]);
            cr_expect(slice_equal(bytes_slice(&m.server.user), slice_of(users[k])));
            cr_expect(sasl_client_is_satisfied(&m.client));
            sasl_meeting_finish(&m);
        }
}

/* What a stranger sees must not tell whether the name exists: same steps, same challenges. */
Test(sasl, an_unknown_user_goes_the_same_way_as_a_wrong_password)
{
    for (unsigned i = 0; i < SASL_MECHANISM_COUNT; i++) {
        struct sasl_meeting wrong, unknown;
        sasl_meeting_init(&wrong, "alice", "guess", "secret");
        sasl_meeting_init(&unknown, "alice", "guess", NULL);
        cr_expect_eq(sasl_meeting_run(&wrong, (enum sasl_mechanism)i), SASL_STEP_DENIED);
        cr_expect_eq(sasl_meeting_run(&unknown, (enum sasl_mechanism)i), SASL_STEP_DENIED);
        cr_expect(slice_equal(bytes_slice(&wrong.server.said), bytes_slice(&unknown.server.said)),
                  "%s: the same was said", sasl_name((enum sasl_mechanism)i));
        cr_expect(slice_equal(bytes_slice(&wrong.client.response),
                              bytes_slice(&unknown.client.response)));
        sasl_meeting_finish(&wrong);
        sasl_meeting_finish(&unknown);
    }
}

/* The empty password is what an unknown user is calculated with: it opens nothing. */
Test(sasl, an_unknown_user_is_not_let_in_with_an_empty_password)
{
    for (unsigned i = 0; i < SASL_MECHANISM_COUNT; i++) {
        struct sasl_meeting m;
        sasl_meeting_init(&m, "alice", "", NULL);
        cr_expect_neq(sasl_meeting_run(&m, (enum sasl_mechanism)i), SASL_STEP_OK);
        sasl_meeting_finish(&m);
    }
}

Test(sasl, one_struct_serves_one_exchange_after_the_other)
{
    struct sasl_meeting m;
    sasl_meeting_init(&m, "alice", "guess", "secret");
    for (unsigned i = 0; i < 3 * SASL_MECHANISM_COUNT; i++) {
        enum sasl_mechanism mechanism = (enum sasl_mechanism)(i % SASL_MECHANISM_COUNT);
        m.password = SLICE("guess");
        cr_expect_eq(sasl_meeting_run(&m, mechanism), SASL_STEP_DENIED);
        m.password = SLICE("secret");
        cr_expect_eq(sasl_meeting_run(&m, mechanism), SASL_STEP_OK);
    }
    sasl_meeting_finish(&m);
}
