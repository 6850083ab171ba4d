#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_utf7.h"

static bool decodes_to(const char *name, const char *expected)
{
    struct bytes out;
    bytes_init(&out, 1000);
    bool is_good = imap_utf7_decode(slice_of(name), &out);
    bool is_right = expected ? is_good && slice_equal(bytes_slice(&out), slice_of(expected))
                             : !is_good && bytes_size(&out) == 0;
    bytes_finish(&out);
    return is_right;
}

static bool encodes_to(const char *text, const char *expected)
{
    struct bytes out;
    bytes_init(&out, 1000);
    bool is_good = imap_utf7_encode(slice_of(text), &out);
    bool is_right = expected ? is_good && slice_equal(bytes_slice(&out), slice_of(expected))
                             : !is_good && bytes_size(&out) == 0;
    bytes_finish(&out);
    return is_right;
}

/* RFC 3501 5.1.3, its example first */
Test(imap_utf7, names_have_one_form_on_the_wire)
{
    static const struct {
        const char *wire, *utf8;
    } rows[] = {
        {"~peter/mail/&U,BTFw-/&ZeVnLIqe-",
         "~peter/mail/\xE5\x8F\xB0\xE5\x8C\x97/\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"},
        {"INBOX", "INBOX"},
        {"", ""},
        {"&-", "&"},
        {"a&-b&-", "a&b&"},
        {"Entw&APw-rfe", "Entw\xC3\xBCrfe"},
        {"&AOQA9gD8-", "\xC3\xA4\xC3\xB6\xC3\xBC"},
        {"&Jjo-!", "\xE2\x98\xBA!"},
        {"&2D3eAA-", "\xF0\x9F\x98\x80"}, /* a surrogate pair */
        {"&2D3eANg93gE-", "\xF0\x9F\x98\x80\xF0\x9F\x98\x81"},
        {"&2,8-x", NULL},
        {"&AOQ-&-&APY-", "\xC3\xA4&\xC3\xB6"},
        {"&AH8-", "\x7F"},
        {"&AAk-", "\t"},
        {"Tom &- Jerry", "Tom & Jerry"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect(decodes_to(rows[i].wire, rows[i].utf8), "%s", rows[i].wire);
        if (rows[i].utf8)
            cr_expect(encodes_to(rows[i].utf8, rows[i].wire), "%s", rows[i].wire);
    }
}

Test(imap_utf7, other_forms_are_refused)
{
    static const char *const bad[] = {
        "&",                  /* not closed */
        "&APw",               /* not closed */
        "&U,BTFw-&ZeVnLIqe-", /* out and in again, the example of RFC 3501 */
        "&AGE-",              /* "a" stands for itself */
        "&ACY-",              /* so does "&", as "&-" */
        "&APwAYQ-",           /* also behind another */
        "&AA-",               /* no whole unit */
        "&APwA-",             /* a sextet too many */
        "&APx-",              /* unused bits that are not zero */
        "&2D0-",              /* half a pair */
        "&3gA-",              /* the other half */
        "&2D0AYQ-",           /* half and something else */
        "&2D3YPd4A-",         /* high, high, low */
        "&A/w-",              /* '/' is of ordinary base64 */
        "&APw=-",             /* padding */
        "&AP w-",
        "&AAA-", /* NUL */
        "Entw\xC3\xBCrfe",
        "a\tb",
        "a\x7F",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect(decodes_to(bad[i], NULL), "%s", bad[i]);
}

/* RFC 3629 3, 10 */
Test(imap_utf7, only_well_formed_utf_8_is_written)
{
    static const char *const bad[] = {"\x80",         "\xC3",         "\xC0\xAF",
                                      "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                      "\xFF",         "a\xE2\x98",    "\xF0\x80\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect(encodes_to(bad[i], NULL), "%zu", i);
}

/* RFC 9051 5.1 */
Test(imap_utf7, names_are_net_unicode)
{
    static const char *const good[] = {"a", "\xC3\xA4", "a b", "\xF0\x9F\x98\x80", "\xC2\xA0"};
    static const char *const bad[] = {"",         "\t",          "a\nb",         "\x7F",
                                      "\xC2\x80", "\xC2\x9F",    "\xE2\x80\xA8", "\xE2\x80\xA9",
                                      "\xC3",     "\xED\xA0\x80"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect(imap_utf7_is_name(slice_of(good[i])), "%zu", i);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(imap_utf7_is_name(slice_of(bad[i])), "%zu", i);
    cr_expect_not(imap_utf7_is_name(SLICE("a\0b")));
}

/* Every character there and back. */
Test(imap_utf7, each_character_survives)
{
    struct bytes utf8, wire, again;
    bytes_init(&utf8, 100);
    bytes_init(&wire, 100);
    bytes_init(&again, 100);
    for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 97) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char text[5] = {0};
        if (c < 0x80)
            text[0] = (char)c;
        else if (c < 0x800)
            text[0] = (char)(0xC0 | c >> 6), text[1] = (char)(0x80 | (c & 63));
        else if (c < 0x10000)
            text[0] = (char)(0xE0 | c >> 12), text[1] = (char)(0x80 | (c >> 6 & 63)),
            text[2] = (char)(0x80 | (c & 63));
        else
            text[0] = (char)(0xF0 | c >> 18), text[1] = (char)(0x80 | (c >> 12 & 63)),
            text[2] = (char)(0x80 | (c >> 6 & 63)), text[3] = (char)(0x80 | (c & 63));
        bytes_clear(&wire);
        bytes_clear(&again);
        cr_assert(imap_utf7_encode(slice_of(text), &wire), "%x", c);
        cr_assert(imap_utf7_decode(bytes_slice(&wire), &again), "%x", c);
        cr_assert(slice_equal(bytes_slice(&again), slice_of(text)), "%x", c);
    }
    bytes_finish(&utf8);
    bytes_finish(&wire);
    bytes_finish(&again);
}

Test(imap_utf7, a_full_buffer_is_left_as_it_was)
{
    struct bytes out;
    bytes_init(&out, 5);
    bytes_append(&out, SLICE("abc"));
    cr_expect_not(imap_utf7_encode(SLICE("\xC3\xBC"), &out));
    cr_expect_not(imap_utf7_decode(SLICE("&AOQA9gD8-"), &out));
    cr_expect(slice_equal(bytes_slice(&out), SLICE("abc")));
    bytes_finish(&out);
}
