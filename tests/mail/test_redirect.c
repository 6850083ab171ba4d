/* Aliases and .forward files (agents/mail/redirect.h), and sets of addresses. */
#include <criterion/criterion.h>

#include "agents/mail/address_set.h"
#include "agents/mail/delivered_to.h"
#include "agents/mail/home.h"
#include "agents/mail/redirect.h"
#include "sim/base/bytes.h"

/* All of them: "bob@example.org keep carol@example.net" */
static const char *read_all(const char *text, char out[512])
{
    struct slice rest = slice_of(text);
    struct redirect r;
    struct arena arena;
    struct bytes b;
    arena_init(&arena);
    bytes_init(&b, 511);
    while (redirect_next(&rest, SLICE("bob@example.org"), &arena, &r))
        (void)bytes_printf(&b, "%s%s%.*s", bytes_size(&b) ? " " : "", r.is_kept ? "=" : "",
                           SLICE_ARG(r.address));
    memcpy(out, b.data ? b.data + b.start : "", bytes_size(&b));
    out[bytes_size(&b)] = '\0';
    bytes_finish(&b);
    arena_finish(&arena);
    return out;
}

Test(redirect, a_forward_file_is_addresses_between_commas_and_lines)
{
    static const struct {
        const char *file, *read;
    } rows[] = {
        {"carol@example.net\n", "carol@example.net"},
        {"carol@example.net, bea\r\n", "carol@example.net bea@example.org"}, /* of his domain */
        {"\\bob, carol@example.net", "=bob@example.org carol@example.net"},
        {"keep\ncarol@example.net", "=bob@example.org carol@example.net"},
        {"BOB@Example.ORG", "=BOB@Example.ORG"}, /* he himself */
        {"# while I am away\ncarol@example.net # my sister, bea\n", "carol@example.net"},
        {"<carol@example.net>", "carol@example.net"},
        {"\"|/usr/bin/vacation bob\", carol@example.net", "carol@example.net"}, /* no programs */
        {",,\n \n", ""},
        {"/var/mail/bob\n|program\n@@\na b\n", ""}, /* no files either */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[512];
        cr_expect_str_eq(read_all(rows[i].file, out), rows[i].read, "%s", rows[i].file);
    }
}

Test(redirect, an_alias_is_a_whole_address_and_at_least_one_that_it_stands_for)
{
    struct slice name, members;
    cr_assert(
        redirect_read_alias(SLICE("staff@example.org: bob, carol@example.net"), &name, &members));
    cr_expect(slice_equal(name, SLICE("staff@example.org")));
    cr_expect(slice_equal(members, SLICE("bob, carol@example.net")));
    cr_expect(!redirect_read_alias(SLICE("staff: bob"), &name, &members), "of which domain?");
    cr_expect(!redirect_read_alias(SLICE("staff@example.org"), &name, &members));
    cr_expect(!redirect_read_alias(SLICE("staff@example.org: ,"), &name, &members));
    cr_expect(!redirect_read_alias(SLICE(""), &name, &members));
}

Test(address_set, the_same_mailbox_is_in_it_once)
{
    struct address_set set = {.table = NULL};
    cr_expect_eq(address_set_find(&set, SLICE("bob@example.org")), SLICE_NONE);
    cr_expect(address_set_add(&set, SLICE("bob@example.org")));
    cr_expect(!address_set_add(&set, SLICE("bob@EXAMPLE.org")), "a domain has no case");
    cr_expect(address_set_add(&set, SLICE("Bob@example.org")), "a local part has (RFC 5321 2.4)");
    cr_expect_eq(address_set_find(&set, SLICE("Bob@Example.Org")), 1);
    address_set_clear(&set);
    cr_expect_eq(address_set_find(&set, SLICE("bob@example.org")), SLICE_NONE);
    cr_expect(address_set_add(&set, SLICE("bob@example.org")));
    address_set_finish(&set);
}

Test(address_set, thousands_keep_their_order)
{
    enum { COUNT = 5000 };
    struct address_set set = {.table = NULL};
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < COUNT; i++)
        cr_assert(address_set_add(&set, arena_printf(&arena, "u%d@d%d.test", i, i % 7)));
    for (int i = 0; i < COUNT; i++)
        cr_assert_eq(address_set_find(&set, arena_printf(&arena, "u%d@d%d.test", i, i % 7)),
                     (size_t)i);
    address_set_finish(&set);
    arena_finish(&arena);
}

Test(delivered_to, a_stamp_is_found_wherever_it_stands)
{
    struct slice header = SLICE("Delivered-To: carol@example.net\r\n"
                                "Received: x\r\n"
                                "Delivered-To:  Bob@example.org \r\n\r\n"
                                "Delivered-To: body@example.org\r\n");
    cr_expect(delivered_to_has(header, SLICE("bob@EXAMPLE.org")));
    cr_expect(delivered_to_has(header, SLICE("carol@example.net")));
    cr_expect(!delivered_to_has(header, SLICE("ob@example.org")));
    cr_expect(!delivered_to_has(header, SLICE("body@example.org")));
}

Test(home, nothing_in_an_address_leads_elsewhere)
{
    struct arena arena;
    arena_init(&arena);
    cr_expect(slice_equal(home_path(&arena, SLICE("bob@example.org"), SLICE(".forward")),
                          SLICE("/home/example.org/bob/.forward")));
    cr_expect(slice_equal(home_path(&arena, SLICE("\"a/../b c\"@example.org"), SLICE(".rules")),
                          SLICE("/home/example.org/\"a_.._b_c\"/.rules")));
    arena_finish(&arena);
}
