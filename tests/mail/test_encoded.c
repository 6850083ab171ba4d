#include "agents/mail/encoded.h"

#include <criterion/criterion.h>

#include "tests/mail/support_mail.h"

Test(encoded, the_charset_is_utf8_only_for_well_formed_utf8_rfc3629)
{
    static const struct {
        const char *text;
        bool is_utf8;
    } rows[] = {
        {"plain", true},
        {"\xC3\xB6", true},
        {"\xE2\x82\xAC", true},
        {"\xF0\x9F\x93\xA7", true},
        {"\xF4\x8F\xBF\xBF", true},
        {"\xED\x9F\xBF", true},
        {"\xC3", false},
        {"\xC3x", false},
        {"\xB6", false},
        {"\xC1\x81", false},         /* overlong */
        {"\xE0\x80\x80", false},     /* overlong */
        {"\xF0\x80\x80\x80", false}, /* overlong */
        {"\xED\xA0\x80", false},     /* a surrogate */
        {"\xF4\x90\x80\x80", false}, /* above U+10FFFF */
        {"\xF5\x80\x80\x80", false},
        {"\xE2\x82", false},
        {"\xF0\x9F\x93", false},
        {"\xFF", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(slice_equal(encoded_charset(slice_of(rows[i].text)), SLICE("utf-8")),
                     rows[i].is_utf8, "row %zu", i);
}

static void expect_encoded(struct slice text, const char *expected)
{
    struct bytes out;
    bytes_init(&out, 10000);
    cr_expect(encoded_write(text, &out));
    expect_text(bytes_slice(&out), expected);
    bytes_finish(&out);
}

Test(encoded, q_while_it_can_be_read_else_b_rfc2047_4)
{
    expect_encoded(SLICE("Gr\xC3\xBC\xC3\x9F"
                         "e a_b"),
                   "=?utf-8?Q?Gr=C3=BC=C3=9Fe_a=5Fb?=");
    expect_encoded(SLICE("\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"), "=?utf-8?B?4oKs4oKs4oKs?=");
    expect_encoded(SLICE("\xE2\x82\xAC\xE2\x82\xAC!"), "=?utf-8?B?4oKs4oKsIQ==?=");
    expect_encoded(SLICE("x\xE9"), "=?iso-8859-1?Q?x=E9?=");
    expect_encoded(SLICE("\xC3\xB6\r\n\0."), "=?utf-8?Q?=C3=B6___=2E?=");
    expect_encoded(SLICE(""), "");
}

/* Looks at each word as it is written; Python decodes them in test_python.c. */
static void check_words(struct slice written)
{
    struct slice word;
    while (slice_cut(&written, ' ', &word)) {
        cr_assert_leq(word.size, 75, "RFC 2047 2");
        cr_assert(slice_starts(word, SLICE("=?utf-8?")) && slice_ends(word, SLICE("?=")));
        for (size_t i = 0; i < word.size; i++)
            cr_assert(word.data[i] > ' ' && word.data[i] <= '~');
        if (word.data[8] == 'Q') {
            /* a character's first octet is never 10xxxxxx: =8., =9., =A., =B. */
            struct slice text = slice_part(word, 10, word.size - 2);
            cr_assert_not(text.data[0] == '=' && text.data[1] >= '8' && text.data[1] <= 'B');
        }
    }
}

Test(encoded, no_word_is_longer_than_75_or_splits_a_character)
{
    static const char *const characters[] = {"a", " ", "\xC3\xB6", "\xE2\x82\xAC",
                                             "\xF0\x9F\x93\xA7"};
    struct random r;
    random_init(&r, 1, SLICE("encoded"));
    for (int round = 0; round < 3000; round++) {
        struct bytes text, out;
        uint32_t ascii_ppm = (uint32_t)random_below(&r, 1000000);
        bytes_init(&text, 2000);
        bytes_init(&out, 10000);
        bytes_append(&text, SLICE("\xC3\xB6"));
        for (size_t n = random_below(&r, 200); n > 0; n--)
            bytes_append(
                &text,
                slice_of(characters[random_below(&r, random_chance(&r, ascii_ppm) ? 2 : 5)]));
        cr_assert(encoded_write(bytes_slice(&text), &out));
        check_words(bytes_slice(&out));
        bytes_finish(&text);
        bytes_finish(&out);
    }
}

Test(encoded, a_full_buffer_is_left_as_it_was)
{
    for (size_t ceiling = 1; ceiling < 17; ceiling++) {
        struct bytes out;
        bytes_init(&out, ceiling);
        bytes_append(&out, SLICE("-"));
        cr_assert_not(encoded_write(SLICE("\xC3\xB6"), &out));
        expect_text(bytes_slice(&out), "-");
        bytes_finish(&out);
    }
}
