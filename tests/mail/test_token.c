#include "agents/mail/token.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mail/support_mail.h"

Test(token, each_ends_where_rfc5322_3_2_says)
{
    static const struct {
        size_t (*skip)(struct slice, size_t);
        const char *text;
        size_t end;
    } rows[] = {
        {token_comment, "(a)b", 3},
        {token_comment, "(a(b)c)d", 7},
        {token_comment, "(a\\)b)c", 6},
        {token_comment, "(\")\"c", 3}, /* a quote means nothing in a comment */
        {token_comment, "(a(b)", 5},   /* not closed: to the end */
        {token_comment, "(a\\", 3},
        {token_quoted, "\"a\"b", 3},
        {token_quoted, "\"a\\\"b\"c", 6},
        {token_quoted, "\"(\")", 3},
        {token_quoted, "\"a\\", 3},
        {token_quoted, "\"", 1},
        {token_space, " \t\r\n (a) (b) c", 13},
        {token_space, "a", 0},
        {token_space, "", 0},
        {token_space, "  ", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(rows[i].skip(slice_of(rows[i].text), 0), rows[i].end, "%s", rows[i].text);
}

Test(token, a_place_behind_the_end_stays_behind_the_end)
{
    cr_assert_eq(token_space(SLICE("ab"), 2), 2);
    cr_assert_eq(token_space(SLICE("ab"), 9), 9);
}

Test(token, a_million_parentheses_need_no_stack)
{
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE);
    memset(text, '(', SIZE);
    cr_assert_eq(token_comment((struct slice){text, SIZE}, 0), SIZE);
    free(text);
}

Test(token, atext_is_the_set_of_rfc5322_3_2_3)
{
    const struct slice specials = SLICE("()<>[]:;@\\,.\" \t\r\n\0\x7F\x80\xFF");
    unsigned count = 0;
    for (size_t i = 0; i < specials.size; i++)
        cr_expect_not(token_is_atext(specials.data[i]), "octet %d", specials.data[i]);
    for (int octet = 0; octet < 256; octet++)
        count += token_is_atext((char)octet);
    cr_assert_eq(count, 26 + 26 + 10 + 19);
}

Test(token, a_token_of_mime_has_no_tspecials)
{
    /* RFC 2045 5.1 */
    for (int octet = 0; octet < 256; octet++) {
        bool is_special = octet && strchr("()<>@,;:\\\"/[]?=", octet);
        cr_expect_eq(token_is_mime((char)octet), octet > ' ' && octet < 127 && !is_special, "%d",
                     octet);
    }
}

Test(token, hexadecimal_digits_count)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    for (int octet = 0; octet < 256; octet++) {
        const char *hit = octet ? strchr(digits, octet) : NULL;
        cr_expect_eq(token_hex((char)octet), hit ? (int)((hit - digits) % 16) : -1, "%d", octet);
    }
}
