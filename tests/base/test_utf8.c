/*
 * UTF-8 by the table of RFC 3629 4.
 */
#include "sim/base/utf8.h"

#include <criterion/criterion.h>

#include "tests/mail/support_mail.h"

#define BROKEN "\xEF\xBF\xBD"

Test(utf8, each_character_is_written_and_read)
{
    for (uint32_t letter = 0; letter < 0x110000; letter++) {
        bool is_surrogate = letter >= 0xD800 && letter <= 0xDFFF;
        struct bytes out;
        size_t size;
        bytes_init(&out, 4);
        cr_assert(utf8_append(letter, &out));
        cr_assert_eq(utf8_read(bytes_slice(&out), &size), is_surrogate ? 0xFFFD : letter);
        cr_assert_eq(size, bytes_size(&out));
        bytes_finish(&out);
    }
}

Test(utf8, what_is_not_well_formed_has_no_size)
{
    /* a tail alone, overlong forms, a surrogate, beyond U+10FFFF, cut off, a tail too few */
    static const struct slice rows[] = {{"\x80", 1},
                                        {"\xC0\x80", 2},
                                        {"\xC1\xBF", 2},
                                        {"\xE0\x9F\xBF", 3},
                                        {"\xED\xA0\x80", 3},
                                        {"\xF0\x8F\xBF\xBF", 4},
                                        {"\xF4\x90\x80\x80", 4},
                                        {"\xF5\x80\x80\x80", 4},
                                        {"\xC3", 1},
                                        {"\xE2\x82", 2},
                                        {"\xF0\x9F\x93", 3},
                                        {"\xC3(", 2},
                                        {"\xFF", 1},
                                        {"", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(utf8_size(rows[i]), 0, "row %zu", i);
        cr_expect_eq(utf8_is_valid(rows[i]), rows[i].size == 0);
    }
}

static void expect_repaired(const char *text, const char *expected)
{
    for (size_t room = 0; room <= strlen(expected); room++) {
        struct bytes out;
        bytes_init(&out, room);
        bool fits = utf8_append_repaired(slice_of(text), &out);
        cr_expect_eq(fits, room == strlen(expected), "%s in %zu", expected, room);
        expect_text(bytes_slice(&out), fits ? expected : "");
        bytes_finish(&out);
    }
}

Test(utf8, each_octet_that_is_none_becomes_a_mark)
{
    expect_repaired("abcdefgh\xC3\xB6ijklmnopq", "abcdefgh\xC3\xB6ijklmnopq");
    expect_repaired("\xFF"
                    "abcdefgh\xE2\x82",
                    BROKEN "abcdefgh" BROKEN BROKEN);
    expect_repaired("", "");
}
