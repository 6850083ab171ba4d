#include "sim/base/slice.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/random.h"

Test(slice, a_missing_c_string_is_the_empty_slice)
{
    cr_assert_eq(slice_of(NULL).size, 0);
    cr_assert_eq(slice_of("abc").size, 3);
    cr_assert_eq(SLICE("a\0b").size, 3, "a NUL inside a literal is content");
}

Test(slice, a_part_is_clamped_to_the_slice)
{
    struct slice s = SLICE("abcdef");
    cr_assert(slice_equal(slice_part(s, 1, 3), SLICE("bc")));
    cr_assert(slice_equal(slice_part(s, 4, 99), SLICE("ef")));
    cr_assert_eq(slice_part(s, 5, 2).size, 0);
    cr_assert_eq(slice_part(s, SLICE_NONE, SLICE_NONE).size, 0);
    cr_assert_eq(slice_part((struct slice){0}, 0, 9).size, 0);
}

Test(slice, comparing_without_case_touches_only_ascii_letters)
{
    cr_assert(slice_equal_fold(SLICE("MaIl"), SLICE("mAiL")));
    cr_assert_not(slice_equal_fold(SLICE("@"), SLICE("`")), "0x40 and 0x60 are no letters");
    cr_assert_not(slice_equal_fold(SLICE("["), SLICE("{")));
    cr_assert_not(slice_equal_fold(SLICE("\xC4"), SLICE("\xE4")),
                  "Latin-1 letters are just octets");
    cr_assert_not(slice_equal(SLICE("a"), SLICE("A")));
    cr_assert(slice_equal((struct slice){0}, SLICE("")));
}

Test(slice, starts_and_ends)
{
    struct slice s = SLICE("RCPT TO:<x>");
    cr_assert(slice_starts(s, SLICE("RCPT")) && !slice_starts(s, SLICE("rcpt")));
    cr_assert(slice_starts_fold(s, SLICE("rcpt to:")));
    cr_assert(slice_ends(s, SLICE("<x>")) && !slice_ends(s, SLICE("<X>")));
    cr_assert(slice_ends_fold(s, SLICE("<X>")));
    cr_assert(slice_starts(s, SLICE("")) && slice_ends(s, SLICE("")));
    cr_assert_not(slice_starts(SLICE("RC"), SLICE("RCPT")));
    cr_assert_not(slice_ends(SLICE("x>"), SLICE("<x>")));
}

Test(slice, order_is_by_octets_without_sign_and_the_shorter_comes_first)
{
    cr_assert_eq(slice_order(SLICE("a"), SLICE("b")), -1);
    cr_assert_eq(slice_order(SLICE("ab"), SLICE("a")), 1);
    cr_assert_eq(slice_order(SLICE("\xFF"), SLICE("a")), 1);
    cr_assert_eq(slice_order(SLICE(""), (struct slice){0}), 0);
}

Test(slice, finding)
{
    struct slice s = SLICE("aab--aab");
    cr_assert_eq(slice_find(s, SLICE("ab"), 0), 1);
    cr_assert_eq(slice_find(s, SLICE("ab"), 2), 6);
    cr_assert_eq(slice_find(s, SLICE("ab"), 7), SLICE_NONE);
    cr_assert_eq(slice_find(s, SLICE(""), 8), 8);
    cr_assert_eq(slice_find(s, SLICE(""), 9), SLICE_NONE);
    cr_assert_eq(slice_find(s, SLICE("aab--aab-"), 0), SLICE_NONE);
    cr_assert_eq(slice_find_octet(s, 'b', 3), 7);
    cr_assert_eq(slice_find_octet(s, 'x', 0), SLICE_NONE);
    cr_assert_eq(slice_find_octet((struct slice){0}, 'x', 0), SLICE_NONE);
}

Test(slice, finding_from_behind_the_end_finds_nothing)
{
    cr_assert_eq(slice_find(SLICE("abc"), SLICE("c"), 4), SLICE_NONE);
    cr_assert_eq(slice_find(SLICE("abc"), SLICE("abc"), SLICE_NONE), SLICE_NONE,
                 "a place that was not found must not wrap round to the front");
    cr_assert_eq(slice_find(SLICE("abc"), SLICE("bc"), SLICE_NONE - 1), SLICE_NONE);
    cr_assert_eq(slice_find_octet(SLICE("abc"), 'a', SLICE_NONE), SLICE_NONE);
}

Test(slice, finding_agrees_with_a_plain_search_on_random_texts)
{
    struct random r;
    random_init(&r, 7, SLICE("slice"));
    for (int round = 0; round < 2000; round++) {
        char text[24], what[3];
        size_t size = random_below(&r, sizeof text + 1), wanted = 1 + random_below(&r, sizeof what);
        for (size_t i = 0; i < size; i++)
            text[i] = (char)('a' + random_below(&r, 2));
        for (size_t i = 0; i < wanted; i++)
            what[i] = (char)('a' + random_below(&r, 2));
        size_t from = random_below(&r, 26), expected = SLICE_NONE;
        for (size_t i = from; i + wanted <= size && expected == SLICE_NONE; i++)
            if (memcmp(text + i, what, wanted) == 0)
                expected = i;
        size_t found = slice_find((struct slice){text, size}, (struct slice){what, wanted}, from);
        cr_assert_eq(found, expected, "round %d", round);
    }
}

Test(slice, trimming_takes_line_ends_too)
{
    cr_assert(slice_equal(slice_trim(SLICE(" \t\r\n a b \r\n")), SLICE("a b")));
    cr_assert_eq(slice_trim(SLICE(" \r\n\t ")).size, 0);
    cr_assert_eq(slice_trim(SLICE("")).size, 0);
}

Test(slice, cutting_sees_each_part_once)
{
    struct slice rest = SLICE("a,,bc,"), part;
    const char *expected[] = {"a", "", "bc"};
    unsigned count = 0;
    while (slice_cut(&rest, ',', &part)) {
        cr_assert_lt(count, 3);
        cr_assert(slice_equal(part, slice_of(expected[count])), "part %u", count);
        count++;
    }
    cr_assert_eq(count, 3);
}

Test(slice, numbers_are_whole_unsigned_and_do_not_wrap)
{
    static const struct {
        const char *text;
        bool is_number;
        uint64_t value;
    } rows[] = {
        {"0", true, 0},
        {"007", true, 7},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {"1 ", false, 0},
        {"0x10", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t value = 0;
        cr_expect_eq(slice_to_u64(slice_of(rows[i].text), &value), rows[i].is_number, "'%s'",
                     rows[i].text);
        cr_expect_eq(value, rows[i].value, "'%s'", rows[i].text);
    }
}

Test(slice, the_hash_depends_on_octets_size_and_place_only)
{
    char moved[40] = {0};
    static const char text[] = "submit.example.com";
    for (size_t shift = 0; shift < 9; shift++) {
        memcpy(moved + shift, text, sizeof text);
        cr_assert_eq(slice_hash((struct slice){moved + shift, sizeof text - 1}),
                     slice_hash(slice_of(text)));
    }
    cr_assert_neq(slice_hash(SLICE("a")), slice_hash(SLICE("a\0")));
    cr_assert_neq(slice_hash(SLICE("\0\0")), slice_hash(SLICE("\0")));
    cr_assert_neq(slice_hash(SLICE("12345678abcdefgh")), slice_hash(SLICE("abcdefgh12345678")));
}

Test(slice, the_hash_is_the_same_on_every_machine)
{
    /* every seeded stream starts from it: if this number changes, all saved runs change */
    cr_assert_eq(slice_hash(SLICE("pc-alice")), UINT64_C(0x7367A2450B4F53A7));
    cr_assert_eq(slice_hash(SLICE("mx1.example.org")), UINT64_C(0xAA54643118B27900));
    cr_assert_eq(slice_hash(SLICE("")), UINT64_C(0x44864E3DB0F4548B));
}
