#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_put.h"

#include "agents/proto/imap_args.h"

typedef bool putter(struct bytes *out, struct slice text, bool is_utf8);

static void expect_put(putter *put, struct slice text, bool is_utf8, struct slice expected)
{
    struct bytes out;
    bytes_init(&out, 1000);
    cr_expect(put(&out, text, is_utf8));
    cr_expect(slice_equal(bytes_slice(&out), expected), "[%.*s]", SLICE_ARG(bytes_slice(&out)));
    bytes_finish(&out);
    for (size_t ceiling = 0; ceiling < expected.size; ceiling++) { /* all of it, or nothing */
        bytes_init(&out, ceiling);
        cr_expect_not(put(&out, text, is_utf8));
        cr_expect_eq(bytes_size(&out), 0);
        bytes_finish(&out);
    }
}

/* RFC 9051 4.3: what can't be quoted is a literal */
Test(imap_put, strings_take_the_form_that_holds_them)
{
    expect_put(imap_put_string, SLICE(""), false, SLICE("\"\""));
    expect_put(imap_put_string, SLICE("a b"), false, SLICE("\"a b\""));
    expect_put(imap_put_string, SLICE("a\"\\"), false, SLICE("\"a\\\"\\\\\""));
    expect_put(imap_put_string, SLICE("a\r\nb"), false, SLICE("{4}\r\na\r\nb"));
    expect_put(imap_put_string, SLICE("a\nb"), false, SLICE("{3}\r\na\nb"));
    expect_put(imap_put_string, SLICE("\xC3\xA4"), false, SLICE("{2}\r\n\xC3\xA4"));
    expect_put(imap_put_string, SLICE("\xC3\xA4"), true, SLICE("\"\xC3\xA4\""));
    expect_put(imap_put_string, SLICE("\xC3"), true, SLICE("{1}\r\n\xC3"));
    expect_put(imap_put_string, SLICE("a\0b"), true, SLICE("{3}\r\na?b"));
    expect_put(imap_put_nstring, (struct slice){NULL, 0}, true, SLICE("NIL"));
    expect_put(imap_put_nstring, SLICE(""), true, SLICE("\"\""));
    expect_put(imap_put_astring, SLICE("abc]"), false, SLICE("abc]"));
    expect_put(imap_put_astring, SLICE("a b"), false, SLICE("\"a b\""));
    expect_put(imap_put_astring, SLICE("nil"), false, SLICE("\"nil\""));
    expect_put(imap_put_astring, SLICE(""), false, SLICE("\"\""));
}

Test(imap_put, mailbox_names_are_utf_7_until_utf_8_is_on)
{
    expect_put(imap_put_mailbox, SLICE("INBOX"), false, SLICE("INBOX"));
    expect_put(imap_put_mailbox, SLICE("Entw\xC3\xBCrfe"), false, SLICE("Entw&APw-rfe"));
    expect_put(imap_put_mailbox, SLICE("Entw\xC3\xBCrfe"), true, SLICE("\"Entw\xC3\xBCrfe\""));
    expect_put(imap_put_mailbox, SLICE("Tom & Jerry"), false, SLICE("\"Tom &- Jerry\""));
    expect_put(imap_put_mailbox, SLICE("Tom & Jerry"), true, SLICE("\"Tom & Jerry\""));
    expect_put(imap_put_mailbox, SLICE("a*"), true, SLICE("\"a*\""));
}

Test(imap_put, literals_are_counted)
{
    struct bytes out;
    bytes_init(&out, 100);
    cr_expect(imap_put_literal(&out, SLICE("a\0b")));
    cr_expect(imap_put_literal_size(&out, UINT64_MAX, SLICE("+")));
    cr_expect(imap_put_number(&out, 0) && imap_put_number(&out, 42));
    cr_expect(slice_equal(bytes_slice(&out), SLICE("{3}\r\na\0b{18446744073709551615+}\r\n042")));
    bytes_finish(&out);
}

/* flag-list; \Recent of RFC 3501 2.3.2 */
Test(imap_put, flags_go_by_their_names)
{
    struct account account;
    struct bytes out;
    account_init(&account, SLICE("a@example.com"), 1, 0, &(struct account_keeper){0});
    struct account_folder *inbox = account_find(&account, SLICE("INBOX"));
    uint64_t forwarded = account_flag(&account, inbox, SLICE("$Forwarded"), true);
    bytes_init(&out, 60);
    cr_expect(imap_put_flags(&out, inbox, 0, false));
    cr_expect(imap_put_flags(&out, inbox, 0, true));
    cr_expect(imap_put_flags(&out, inbox, ACCOUNT_SEEN | ACCOUNT_DRAFT | forwarded, true));
    cr_expect(
        slice_equal(bytes_slice(&out), SLICE("()(\\Recent)(\\Seen \\Draft $Forwarded \\Recent)")));
    cr_expect_not(imap_put_flags(&out, inbox, ACCOUNT_SEEN | forwarded, true));
    cr_expect_eq(bytes_size(&out), 44);
    bytes_finish(&out);
    account_finish(&account);
}

/* What is written is read back as it was, whatever octets (but NUL) it has. */
Test(imap_put, what_is_written_is_read)
{
    for (unsigned a = 1; a < 256; a++)
        for (unsigned b = 1; b < 256; b++) {
            char text[2] = {(char)a, (char)b};
            struct slice s = {text, 2}, again;
            struct bytes out;
            struct arena arena;
            struct imap_args args;
            bytes_init(&out, 100);
            arena_init(&arena);
            cr_assert(imap_put_astring(&out, s, a & 1));
            imap_args_init(&args, bytes_slice(&out), &arena);
            args.is_utf8 = a & 1;
            cr_assert(imap_args_astring(&args, &again) && imap_args_end(&args), "%u %u", a, b);
            cr_assert(slice_equal(s, again), "%u %u", a, b);
            arena_finish(&arena);
            bytes_finish(&out);
        }
}

/* date-time */
Test(imap_put, dates_stand_in_fixed_columns)
{
    static const struct {
        int64_t unix_s;
        int zone_min;
        const char *text;
    } rows[] = {
        {837596665, -420, "\"17-Jul-1996 02:44:25 -0700\""},
        {1740992400, 0, "\" 3-Mar-2025 09:00:00 +0000\""},
        {1740992400, 90, "\" 3-Mar-2025 10:30:00 +0130\""},
        {-1, 0, "\"31-Dec-1969 23:59:59 +0000\""},
        {INT64_MAX, 0, "\"31-Dec-9999 23:59:59 +0000\""},
        {INT64_MIN, 60, "\" 1-Jan-0000 01:00:00 +0100\""},
        {INT64_MIN, -60, "\" 1-Jan-0000 00:00:00 -0100\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes out;
        bytes_init(&out, 100);
        cr_expect(imap_put_date_time(&out, rows[i].unix_s, rows[i].zone_min));
        cr_expect(slice_equal(bytes_slice(&out), slice_of(rows[i].text)), "%.*s",
                  SLICE_ARG(bytes_slice(&out)));
        bytes_finish(&out);
    }
}
