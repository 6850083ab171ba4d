/*
 * Text of any charset becomes UTF-8.
 */
#include "agents/mail/mime_charset.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "agents/mail/mime.h"
#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 20 };
#define BROKEN "\xEF\xBF\xBD"

static const struct {
    const char *charset;
    struct slice text;
    const char *expected;
} rows[] = {
    {"us-ascii", SLICE("abc"), "abc"},
    {"", SLICE("a\xE9"), "a" BROKEN},
    {"UTF-8", SLICE("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\xA7"),
     "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\xA7"},
    /* RFC 3629 3: overlong, surrogate, beyond Unicode, cut off */
    {"utf-8", SLICE("\xC0\x80|\xED\xA0\x80|\xF4\x90\x80\x80|\xE2\x82"),
     BROKEN BROKEN "|" BROKEN BROKEN BROKEN "|" BROKEN BROKEN BROKEN BROKEN "|" BROKEN BROKEN},
    {"ISO-8859-1", SLICE("caf\xE9 \x80"), "caf\xC3\xA9 \xC2\x80"},
    {"windows-1252", SLICE("\x80 \x93x\x94 \x81"),
     "\xE2\x82\xAC \xE2\x80\x9Cx\xE2\x80\x9D " BROKEN},
    {"iso-8859-15", SLICE("\xA4"), "\xE2\x82\xAC"},
    {"koi8-r", SLICE("\xF0\xD2\xC9\xD7\xC5\xD4"),
     "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82"},
    {"ISO-2022-JP", SLICE("\x1B$B$\"\x1B(Ba"),
     "\xE3\x81\x82"
     "a"},
    {"shift_jis", SLICE("\x82\xA0"), "\xE3\x81\x82"},
    {"gb18030", SLICE("\xC4\xE3"), "\xE4\xBD\xA0"},
    {"euc-kr",
     SLICE("\xB0\xA1\xFF"
           "b"),
     "\xEA\xB0\x80" BROKEN "b"},
    {"utf-16be", SLICE("\0a\xD8\x3D\xDC\xE7"), "a\xF0\x9F\x93\xA7"},
    {"utf-16le",
     SLICE("a\0\0\xD8"
           "b\0"),
     "a" BROKEN "b"},
    {"utf-7", SLICE("Hi +AOk-"), "Hi \xC3\xA9"},
    {"big5", SLICE("\xA7"), BROKEN}, /* half a character at the end */
};

Test(mime_charset, each_charset_is_read)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes out;
        bytes_init(&out, OCTETS);
        bytes_append_octet(&out, '*');
        cr_expect(mime_to_utf8(rows[i].text, slice_of(rows[i].charset), &out), "%s",
                  rows[i].charset);
        expect_text(slice_part(bytes_slice(&out), 1, OCTETS), rows[i].expected);
        bytes_finish(&out);
    }
}

Test(mime_charset, pieces_give_what_the_whole_gives)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t step = 1; step < 4; step++) {
            struct mime_charset charset;
            struct bytes waiting, out;
            bytes_init(&waiting, OCTETS);
            bytes_init(&out, OCTETS);
            cr_assert(mime_charset_init(&charset, slice_of(rows[i].charset)));
            for (size_t at = 0; at < rows[i].text.size; at += step) {
                bytes_append(&waiting, slice_part(rows[i].text, at, at + step));
                bool is_last = at + step >= rows[i].text.size;
                size_t used = mime_charset_read(&charset, bytes_slice(&waiting), is_last, &out);
                cr_assert_leq(used, bytes_size(&waiting));
                bytes_consume(&waiting, used);
            }
            cr_expect_eq(bytes_size(&waiting), 0);
            expect_text(bytes_slice(&out), rows[i].expected);
            mime_charset_finish(&charset);
            bytes_finish(&waiting);
            bytes_finish(&out);
        }
}

Test(mime_charset, names_that_mean_something_else_here_are_not_known)
{
    static const char *const names[] = {
        "x-none",        "char",
        "WCHAR_T",       "INTERNAL",
        "utf-8//IGNORE", "latin2//TRANSLIT",
        "../x",          "utf-8 ",
        "\xC3\xB6",      "1234567890123456789012345678901234567890x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct bytes out;
        bytes_init(&out, OCTETS);
        cr_expect_not(mime_knows_charset(slice_of(names[i])), "%s", names[i]);
        cr_expect_not(mime_to_utf8(SLICE("x"), slice_of(names[i]), &out));
        cr_expect_eq(bytes_size(&out), 0);
        bytes_finish(&out);
    }
    cr_expect_not(mime_knows_charset(SLICE("utf-8\0")));
    cr_expect(mime_knows_charset(SLICE("Big5")) && mime_knows_charset(SLICE("")));
}

Test(mime_charset, what_does_not_fit_leaves_the_output_as_it_was)
{
    static const char *const names[] = {"us-ascii", "utf-8", "iso-8859-1", "koi8-r"};
    for (size_t i = 0; i < 4; i++)
        for (size_t room = 0; room <= 4; room++) {
            struct bytes out;
            bytes_init(&out, room);
            cr_expect_eq(mime_to_utf8(SLICE("abcd"), slice_of(names[i]), &out), room == 4);
            cr_expect_eq(bytes_size(&out), room == 4 ? 4 : 0);
            bytes_finish(&out);
        }
}
