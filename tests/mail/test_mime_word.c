/*
 * Encoded words (RFC 2047), with the examples of its section 8.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "agents/mail/encoded.h"
#include "agents/mail/mime.h"
#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 20 };
#define BROKEN "\xEF\xBF\xBD"

static void expect_decoded(const char *value, const char *expected)
{
    struct bytes out;
    bytes_init(&out, OCTETS);
    bytes_append_octet(&out, '*');
    cr_expect(mime_decode_words(slice_of(value), &out));
    struct slice decoded = slice_part(bytes_slice(&out), 1, OCTETS);
    cr_expect(slice_equal(decoded, slice_of(expected)), "%s: '%s' expected, but: '%.*s'", value,
              expected, SLICE_ARG(decoded));
    bytes_finish(&out);
}

Test(mime_word, words_are_decoded_and_the_blanks_between_two_are_gone)
{
    static const char *const rows[][2] = {
        {"(=?ISO-8859-1?Q?a?=)", "(a)"},
        {"(=?ISO-8859-1?Q?a?= b)", "(a b)"},
        {"(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"},
        {"(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)"},
        {"(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)"},
        {"(=?ISO-8859-1?Q?a_b?=)", "(a b)"},
        {"(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)"},
        {"=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>"},
        {"=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>",
         "Keld J\xC3\xB8rn Simonsen <keld@dkuug.dk>"},
        {"=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n"
         " =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
         "If you can read this you understand the example."},
        {"Nathaniel Borenstein <nsb@x>\r\n (=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=)",
         "Nathaniel Borenstein <nsb@x> (\xD7\x9D\xD7\x95\xD7\x9C\xD7\xA9 \xD7\x9F\xD7\x91 "
         "\xD7\x99\xD7\x9C\xD7\x98\xD7\xA4\xD7\xA0)"},
        {"a =?utf-8*en?q?b?= c", "a b c"},               /* RFC 2231 5 */
        {"=?utf-8?b?SGk?=", "Hi"},                       /* padding forgotten */
        {"=?utf-8?Q?=C3?= =?utf-8?Q?=B6?=", "\xC3\xB6"}, /* a character cut in two */
        {"=?utf-8?Q?\?=x", "=?utf-8?Q?\?=x"},
        {"=?utf-8?Q?\?= x", " x"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_decoded(rows[i][0], rows[i][1]);
}

Test(mime_word, what_is_no_encoded_word_stays_as_it_is)
{
    /* RFC 2047 5: not parted from other text; 6.3: malformed; 6.2: charset not known */
    static const char *const rows[] = {"x=?utf-8?Q?a?=",
                                       "=?utf-8?Q?a?=x",
                                       "\"=?utf-8?Q?a?=\"",
                                       "=?utf-8?Q?a b?=",
                                       "=?utf-8?Q?=4?=",
                                       "=?utf-8?Q?=zz?=",
                                       "=?utf-8?X?a?=",
                                       "=?utf-8?Q?a",
                                       "=?utf-8?Q?a?",
                                       "=?utf-8?Q",
                                       "=?",
                                       "=?=",
                                       "=??Q?a?=",
                                       "=?x-none?Q?a?=",
                                       "=?utf-8?B?a-b?=",
                                       "=?utf-8?B?a=b=?=",
                                       "a  b",
                                       "=?utf-8?Q?a?b?="};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_decoded(rows[i], rows[i]);
}

Test(mime_word, folds_are_undone_and_raw_utf8_stays)
{
    expect_decoded("a\r\n b\n\tc", "a b c");
    expect_decoded("\xC3\xB6 \xF6", "\xC3\xB6 " BROKEN);  /* RFC 6532 */
    expect_decoded("=?utf-8?Q?a=0D=0Ab=00c?=", "a  b c"); /* no line end gets out of a word */
}

Test(mime_word, what_was_encoded_is_decoded)
{
    struct random random;
    random_init(&random, 1, SLICE("mime_word"));
    for (int i = 0; i < 2000; i++) {
        static const char *const letters[] = {
            "a", " ", "_", "=", "?", "\xC3\xB6", "\xE2\x82\xAC", "\xF0\x9F\x93\xA7"};
        struct bytes text, coded, out;
        bytes_init(&text, OCTETS);
        bytes_init(&coded, OCTETS);
        bytes_init(&out, OCTETS);
        for (size_t n = 1 + random_below(&random, 80); n > 0; n--)
            bytes_append(&text, slice_of(letters[random_below(&random, 8)]));
        cr_assert(encoded_write(bytes_slice(&text), &coded));
        cr_assert(mime_decode_words(bytes_slice(&coded), &out));
        cr_assert(slice_equal(bytes_slice(&out), bytes_slice(&text)), "%.*s",
                  SLICE_ARG(bytes_slice(&coded)));
        bytes_finish(&text);
        bytes_finish(&coded);
        bytes_finish(&out);
    }
}
