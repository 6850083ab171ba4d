/*
 * Address lists with groups and all that RFC 5322 4.4 calls obsolete. An item is shown as
 * kind name|route|address, with "!" for what is no address and "c" for a name in a comment.
 */
#include "agents/mail/address.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 16 };

static void expect_list(const char *list, const char *expected)
{
    struct address_reader reader = {.rest = slice_of(list)};
    struct address_item item;
    struct bytes shown;
    bytes_init(&shown, OCTETS);
    while (address_read_next(&reader, &item)) {
        static const char *const kinds[] = {"", "{", "}"};
        bytes_printf(&shown, "%s%s%.*s%s%.*s%s%.*s%s;", kinds[item.kind],
                     item.is_name_a_comment ? "c" : "", SLICE_ARG(item.name), item.kind ? "" : "|",
                     SLICE_ARG(item.route), item.kind ? "" : "|", SLICE_ARG(item.address),
                     item.kind || item.is_valid ? "" : "!");
    }
    cr_expect(slice_equal(bytes_slice(&shown), slice_of(expected)), "%s: %s expected, but: %.*s",
              list, expected, SLICE_ARG(bytes_slice(&shown)));
    bytes_finish(&shown);
}

Test(address_list, mailboxes_have_names_and_addresses)
{
    expect_list("Bob <bob@x>, \"A, B\" <a@x>,c@x", "Bob||bob@x;\"A, B\"||a@x;||c@x;");
    expect_list("bob@x (Bob), (c) d@x (D (e))", "cBob||bob@x;cD (e)||d@x;");
    expect_list("", "");
    expect_list(" , (c) ,", "");
}

Test(address_list, groups_begin_and_end)
{
    /* RFC 5322 3.4 and A.1.3 */
    expect_list("A Group:Ed <c@a.test>,joe@x;", "{A Group;Ed||c@a.test;||joe@x;};");
    expect_list("Undisclosed recipients:(nobody)   ;", "{Undisclosed recipients;};");
    expect_list("a@x, G:b@x;, c@x", "||a@x;{G;||b@x;};||c@x;");
    expect_list("G:b@x; H:;", "{G;||b@x;};{H;};");
    expect_list("G:b@x", "{G;||b@x;};");
    expect_list("G:", "{G;};");
    /* groups do not nest, and a ';' without a group ends a mailbox like a comma */
    expect_list("G:H:a@x;;b@x", "{G;||a@x;};||b@x;");
    expect_list("a@x;b@x", "||a@x;||b@x;");
}

Test(address_list, routes_are_parted_from_the_address)
{
    /* RFC 5322 A.6.1 */
    expect_list("Mary <@n.test:mary@x>, <@a,@b : c@x>", "Mary|@n.test|mary@x;|@a,@b|c@x;");
}

Test(address_list, what_is_no_address_is_given_too)
{
    expect_list("a b, <a@b@c d>, <>, root, <a", "||a b!;||a@b@c d!;||!;||root;||<a!;");
}

static void expect_unquoted(const char *text, bool is_spec, const char *expected)
{
    struct bytes out;
    bytes_init(&out, OCTETS);
    cr_expect(address_unquote(slice_of(text), is_spec, &out));
    expect_text(bytes_slice(&out), expected);
    bytes_finish(&out);
}

Test(address_list, quoting_is_undone)
{
    expect_unquoted("\"A \\\"B\\\" \\\\ C\"", false, "A \"B\" \\ C");
    expect_unquoted("(x) A\r\n  \"B  C\" (d) E ", false, "A B  C E");
    expect_unquoted("\"a\r\n b\"", false, "a b");
    expect_unquoted("pete(his account)", true, "pete");
    expect_unquoted("a (b) . c", true, "a.c");
    expect_unquoted("a b", true, "a b");
    expect_unquoted("\"open", false, "open");
}
