#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "sim/base/base64.h"
#include "agents/proto/sasl.h"

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
