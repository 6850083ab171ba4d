#include "agents/mail/maildir.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/mail/support_mail.h"

Test(maildir, names_are_made_of_time_count_and_host)
{
    char text[MAILDIR_NAME];
    expect_text(maildir_name(1740992400, 120000, 7, SLICE("mx1.example.org"), text),
                "1740992400.M120000P1Q7.mx1.example.org");
    expect_text(maildir_name(1740992400, 5, 8, SLICE("mx1"), text), "1740992400.M000005P1Q8.mx1");
}

Test(maildir, a_host_name_can_not_leave_the_folder_or_pretend_flags)
{
    char text[MAILDIR_NAME];
    expect_text(maildir_name(1, 0, 0, SLICE("a/b:2,S\\\n"), text),
                "1.M000000P1Q0.a\\057b\\0722,S\\134\\012");
}

Test(maildir, a_long_host_is_cut_between_its_octets)
{
    char text[MAILDIR_NAME], host[400];
    memset(host, '/', sizeof host);
    for (size_t plain = 0; plain < 8; plain++) {
        memset(host, 'h', plain);
        struct slice name = maildir_name(INT64_MIN, UINT32_MAX, UINT32_MAX,
                                         (struct slice){host, sizeof host}, text);
        cr_assert_lt(name.size, MAILDIR_NAME);
        cr_assert(slice_ends(name, SLICE("\\057")), "%.*s", SLICE_ARG(name));
        cr_assert_eq(slice_find_octet(name, '/', 0), SLICE_NONE);
    }
}

Test(maildir, the_unique_part_stays_when_folder_and_flags_change)
{
    static const char *const rows[][2] = {
        {"new/1.M1P1Q1.mx1", "1.M1P1Q1.mx1"},
        {"cur/1.M1P1Q1.mx1:2,RS", "1.M1P1Q1.mx1"},
        {"/home/bob/Maildir/cur/1.M1P1Q1.mx1:2,", "1.M1P1Q1.mx1"},
        {"1.M1P1Q1.mx1", "1.M1P1Q1.mx1"},
        {"a:b:2,S", "a:b"},
        {"cur/", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_text(maildir_unique(slice_of(rows[i][0])), rows[i][1]);
}
