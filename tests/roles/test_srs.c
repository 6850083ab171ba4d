/* The sender rewriting scheme (agents/roles/srs.h): there and back. */
#include <criterion/criterion.h>

#include "agents/mail/address.h"
#include "agents/roles/srs.h"

enum { KEY = 7, DAY_S = 86400 };
static const int64_t now_s = 1740992400; /* 3 March 2025 */

static struct arena arena;

static struct slice encode(struct slice path, const char *domain)
{
    return srs_encode(path, slice_of(domain), KEY, now_s, &arena);
}

Test(srs, a_forwarded_path_is_one_of_ours_and_leads_back_to_its_author)
{
    struct slice made = encode(SLICE("alice@example.com"), "example.org"), back;
    cr_expect(srs_is(made));
    cr_expect(slice_starts(made, SLICE("SRS0=")));
    cr_expect(slice_ends(made, SLICE("=example.com=alice@example.org")), "%.*s", SLICE_ARG(made));
    cr_assert(srs_decode(made, KEY, now_s, &arena, &back));
    cr_expect(slice_equal(back, SLICE("alice@example.com")), "%.*s", SLICE_ARG(back));
    arena_finish(&arena);
}

Test(srs, forwarded_again_it_leads_back_through_the_first_forwarder)
{
    struct slice first = encode(SLICE("alice@example.com"), "example.org"), back;
    struct slice second = encode(first, "example.net");
    struct slice third = encode(second, "mallory.test");
    cr_expect(slice_starts(second, SLICE("SRS1=")));
    cr_expect(slice_ends(second, SLICE("@example.net")));
    cr_expect(slice_starts(third, SLICE("SRS1=")) && slice_ends(third, SLICE("@mallory.test")));
    cr_assert(srs_decode(second, KEY, now_s, &arena, &back));
    cr_expect(slice_equal(back, first), "%.*s", SLICE_ARG(back));
    cr_assert(srs_decode(third, KEY, now_s, &arena, &back));
    cr_expect(slice_equal(back, first), "the second forwarder is left out: %.*s", SLICE_ARG(back));
    arena_finish(&arena);
}

Test(srs, what_needs_none_stays)
{
    cr_expect_eq(encode(SLICE(""), "example.org").size, 0u, "the null path of notices");
    cr_expect(
        slice_equal(encode(SLICE("bea@Example.ORG"), "example.org"), SLICE("bea@Example.ORG")));
    cr_expect(!srs_is(SLICE("srs@example.org")) && !srs_is(SLICE("srs0x@example.org")));
    arena_finish(&arena);
}

Test(srs, one_changed_octet_is_refused)
{
    struct slice made = encode(SLICE("alice@example.com"), "example.org"), back;
    char text[128];
    for (size_t i = 5; i < address_local(made).size; i++) {
        memcpy(text, made.data, made.size);
        text[i] = text[i] == 'q' ? 'x' : 'q';
        struct slice spoiled = {text, made.size};
        cr_expect(!srs_decode(spoiled, KEY, now_s, &arena, &back), "%.*s", SLICE_ARG(spoiled));
    }
    cr_expect(!srs_decode(made, KEY + 1, now_s, &arena, &back), "somebody else's key");
    arena_finish(&arena);
}

Test(srs, letters_may_lose_their_case_on_the_way)
{
    struct slice made = encode(SLICE("Alice@example.com"), "example.org"), back;
    char text[128];
    for (size_t i = 0; i < made.size; i++)
        text[i] = slice_lower(made.data[i]);
    cr_assert(srs_decode((struct slice){text, made.size}, KEY, now_s, &arena, &back));
    cr_expect(slice_equal(back, SLICE("alice@example.com")));
    arena_finish(&arena);
}

Test(srs, a_notice_has_three_weeks)
{
    struct slice made = encode(SLICE("alice@example.com"), "example.org"), back;
    cr_expect(srs_decode(made, KEY, now_s + SRS_DAYS_MAX * DAY_S, &arena, &back));
    cr_expect(!srs_decode(made, KEY, now_s + (SRS_DAYS_MAX + 1) * DAY_S, &arena, &back));
    cr_expect(!srs_decode(made, KEY, now_s - 2 * DAY_S, &arena, &back), "from days to come");
    arena_finish(&arena);
}

Test(srs, what_only_looks_like_one_is_nobody)
{
    static const char *const rows[] = {
        "SRS0=@example.org",        "SRS0=AAAAAA@example.org",      "SRS0=AAAAAA=AA@example.org",
        "SRS1=AAAAAA=@example.org", "SRS0=AAAAAA=AA==@example.org", "SRS1=AAAAAA=a.b==@c.test"};
    struct slice back;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(!srs_decode(slice_of(rows[i]), KEY, now_s, &arena, &back), "%s", rows[i]);
    arena_finish(&arena);
}
