/*
 * Transfer encodings (RFC 2045 6.7, 6.8), read as tolerantly as mail programs do.
 */
#include "agents/mail/mime_decoder.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/base/base64.h"
#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 20 };

static void expect_decoded(enum mime_encoding encoding, struct slice body, struct slice expected)
{
    struct mime_part part = {.body = body, .encoding = encoding};
    struct bytes out;
    bytes_init(&out, OCTETS);
    bytes_append_octet(&out, '*');
    cr_expect(mime_decode(&part, &out));
    struct slice decoded = slice_part(bytes_slice(&out), 1, OCTETS);
    cr_expect(slice_equal(decoded, expected), "'%.*s': '%.*s' expected, but: '%.*s'",
              SLICE_ARG(body), SLICE_ARG(expected), SLICE_ARG(decoded));
    bytes_finish(&out);
}

Test(mime_decoder, quoted_printable)
{
    static const char *const rows[][2] = {
        {"caf=C3=A9", "caf\xC3\xA9"},
        {"caf=c3=a9", "caf\xC3\xA9"},
        {"Now's the time =\r\nfor all=20\r\n", "Now's the time for all \r\n"}, /* 6.7 (5) */
        {"soft= \t\r\nbreak", "softbreak"},
        {"blanks  \t\r\nbehind ", "blanks\r\nbehind"}, /* 6.7 (3) */
        {"a=\nb\n", "ab\n"},
        {"=3D=", "="},
        {"a=b =4 =zz ==41", "a=b =4 =zz =A"}, /* what is no code stays */
        {"\r\n\r\n", "\r\n\r\n"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_decoded(MIME_QUOTED_PRINTABLE, slice_of(rows[i][0]), slice_of(rows[i][1]));
}

Test(mime_decoder, base64)
{
    static const char *const rows[][2] = {
        {"SGVsbG8=", "Hello"},
        {"SGVs\r\nbG8=\r\n", "Hello"},
        {"S G-V!s b,G8", "Hello"}, /* 6.8: other octets are passed over; padding forgotten */
        {"SGVs\r\nbG8=SGk=", "HelloHi"},
        {"SG", "H"},
        {"S", ""},
        {"====", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_decoded(MIME_BASE64, slice_of(rows[i][0]), slice_of(rows[i][1]));
    expect_decoded(MIME_BASE64, SLICE("AP8A"), SLICE("\0\xFF\0"));
}

Test(mime_decoder, other_encodings_change_nothing)
{
    expect_decoded(MIME_7BIT, SLICE("=41\r\n"), SLICE("=41\r\n"));
    expect_decoded(MIME_8BIT, SLICE("\xC3"), SLICE("\xC3"));
    expect_decoded(MIME_BINARY, SLICE("\0\n"), SLICE("\0\n"));
    struct mime_part part = {.body = SLICE("x"), .encoding = MIME_ENCODING_UNKNOWN};
    struct bytes out;
    bytes_init(&out, OCTETS);
    cr_expect_not(mime_decode(&part, &out)); /* RFC 2045 6.4 */
    cr_expect_eq(bytes_size(&out), 0);
    bytes_finish(&out);
}

Test(mime_decoder, pieces_together_are_the_whole)
{
    /* long bodies, with and without line ends, so that groups and codes lie across the pieces */
    struct random random;
    struct bytes plain, coded, out;
    random_init(&random, 1, SLICE("mime_decoder"));
    bytes_init(&plain, OCTETS);
    bytes_init(&coded, 3 * OCTETS);
    bytes_init(&out, OCTETS);
    for (int i = 0; i < 100000; i++)
        bytes_append_octet(&plain, (char)(1 + random_below(&random, 255)));
    base64_write(bytes_slice(&plain), &coded);
    struct mime_part part = {.body = bytes_slice(&coded), .encoding = MIME_BASE64};
    cr_expect(mime_decode(&part, &out));
    cr_expect(slice_equal(bytes_slice(&out), bytes_slice(&plain)));
    for (int width = 0; width <= 70; width += 35) { /* 0: one line */
        bytes_clear(&out);
        bytes_clear(&coded);
        for (size_t i = 0; i < bytes_size(&plain); i++) {
            bytes_printf(&coded, "=%02X", (unsigned char)bytes_slice(&plain).data[i]);
            if (width && i % (size_t)width == 0)
                bytes_append(&coded, SLICE("=\r\n"));
        }
        part = (struct mime_part){.body = bytes_slice(&coded), .encoding = MIME_QUOTED_PRINTABLE};
        cr_expect(mime_decode(&part, &out));
        cr_expect(slice_equal(bytes_slice(&out), bytes_slice(&plain)), "width %d", width);
    }
    bytes_finish(&plain);
    bytes_finish(&coded);
    bytes_finish(&out);
}

Test(mime_decoder, what_does_not_fit_leaves_the_output_as_it_was)
{
    static const enum mime_encoding encodings[] = {MIME_7BIT, MIME_QUOTED_PRINTABLE, MIME_BASE64};
    static const char *const bodies[] = {"abc", "a=62c", "YWJj"};
    for (size_t i = 0; i < 3; i++)
        for (size_t room = 0; room <= 3; room++) {
            struct mime_part part = {.body = slice_of(bodies[i]), .encoding = encodings[i]};
            struct bytes out;
            bytes_init(&out, room);
            cr_expect_eq(mime_decode(&part, &out), room == 3);
            cr_expect_eq(bytes_size(&out), room == 3 ? 3 : 0);
            bytes_finish(&out);
        }
}
