#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/smtp_xtext.h"

/* RFC 3461 4: xtext = *( xchar / hexchar ), hexchar = "+" and two digits in capitals */
Test(smtp_xtext, what_is_written_is_read_again)
{
    static const char *const texts[] = {
        "",         "plain", "a b",  "1+1=2",    "\"x y\"@example.org",
        "\x01\x7F", "tab\t", "++==", "z\xC3\xA9"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int keeps_utf8 = 0; keeps_utf8 <= 1; keeps_utf8++) {
            struct bytes wire, back;
            bytes_init(&wire, 100);
            bytes_init(&back, 100);
            cr_assert(smtp_xtext_write(slice_of(texts[i]), keeps_utf8, &wire));
            for (size_t k = 0; k < bytes_size(&wire); k++) {
                unsigned char octet = (unsigned char)bytes_slice(&wire).data[k];
                cr_expect(octet > ' ' && octet != '=' && (keeps_utf8 || octet <= '~'));
            }
            cr_assert(smtp_xtext_read(bytes_slice(&wire), &back), "%s", texts[i]);
            cr_expect(slice_equal(bytes_slice(&back), slice_of(texts[i])), "%s", texts[i]);
            bytes_finish(&wire);
            bytes_finish(&back);
        }
}

Test(smtp_xtext, what_is_no_xtext_is_refused_and_changes_nothing)
{
    static const char *const bad[] = {"+",    "a+",  "a+2", "+2b",  "+G0",
                                      "+ 2B", "a b", "a=b", "\x7F", "a\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct bytes out;
        bytes_init(&out, 100);
        bytes_append(&out, SLICE("before"));
        cr_expect_not(smtp_xtext_read(slice_of(bad[i]), &out), "%s", bad[i]);
        cr_expect(slice_equal(bytes_slice(&out), SLICE("before")), "%s", bad[i]);
        bytes_finish(&out);
    }
}

Test(smtp_xtext, a_buffer_that_is_full_stays_as_it_was)
{
    struct bytes out;
    bytes_init(&out, 4);
    cr_expect_not(smtp_xtext_write(SLICE("a b c"), false, &out));
    cr_expect_not(smtp_xtext_read(SLICE("abcde"), &out));
    cr_expect_eq(bytes_size(&out), 0);
    cr_expect(smtp_xtext_read(SLICE("a+20b+20"), &out));
    cr_expect(slice_equal(bytes_slice(&out), SLICE("a b ")));
    bytes_finish(&out);
}
