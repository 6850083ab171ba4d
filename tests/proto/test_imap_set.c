#include <stdio.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_set.h"

static bool is_written_as(const struct imap_set *set, const char *expected)
{
    struct bytes out;
    bytes_init(&out, 1000);
    bool is_right = imap_set_write(set, &out) && slice_equal(bytes_slice(&out), slice_of(expected));
    if (!is_right)
        cr_log_error("[%.*s] instead of [%s]", SLICE_ARG(bytes_slice(&out)), expected);
    bytes_finish(&out);
    return is_right;
}

/* RFC 9051 9: sequence-set */
Test(imap_set, ranges_come_in_any_order_and_leave_in_one)
{
    static const struct {
        const char *text;
        uint32_t highest;
        const char *resolved;
    } rows[] = {
        {"1", 9, "1"},
        {"2:4", 9, "2:4"},
        {"4:2", 9, "2:4"},
        {"2,4:7,9,12:*", 15, "2,4:7,9,12:15"}, /* the clause's examples */
        {"*:4,5:7", 10, "4:10"},
        {"*", 5, "5"},
        {"*:*", 5, "5"},
        {"559:*", 50, "50:559"}, /* always has the last one in it (RFC 9051 6.4.9) */
        {"3,2,1", 9, "1:3"},
        {"1:3,3:5,7,6", 9, "1:7"},
        {"1:4294967295,5", 9, "1:4294967295"},
        {"4294967295,4294967294", 9, "4294967294:4294967295"},
        {"1,1,1", 9, "1"},
        {"*", 0, ""},
        {"1:*", 0, ""},
        {"3,*", 0, "3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct imap_set set = {0};
        cr_expect(imap_set_read(&set, slice_of(rows[i].text)), "%s", rows[i].text);
        imap_set_resolve(&set, rows[i].highest);
        cr_expect(is_written_as(&set, rows[i].resolved), "%s", rows[i].text);
        imap_set_finish(&set);
    }
}

Test(imap_set, what_is_no_set_is_refused)
{
    static const char *const bad[] = {"",    "0",   "01",         "1,",
                                      ",1",  "1:",  ":1",         "1:2:3",
                                      "a",   "1 ",  "4294967296", "99999999999999999999",
                                      "-1",  "1-2", "**",         "$1",
                                      "$,1", "$$",  "1;2",        "1:0"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct imap_set set = {0};
        cr_expect_not(imap_set_read(&set, slice_of(bad[i])), "%s", bad[i]);
        imap_set_finish(&set);
    }
}

/* RFC 5182 2 */
Test(imap_set, a_dollar_stands_for_what_was_saved)
{
    struct imap_set set = {0};
    cr_expect(imap_set_read(&set, SLICE("$")));
    cr_expect(set.is_saved && imap_set_is_empty(&set));
    imap_set_clear(&set);
    cr_expect_not(set.is_saved);
    cr_expect(imap_set_read(&set, SLICE("7,$")));
    cr_expect(set.is_saved && set.ranges.count == 1);
    imap_set_finish(&set);
}

/* RFC 9051 9, seq-number: BAD for a number above the count, '*' in an empty mailbox too */
Test(imap_set, message_numbers_must_be_there)
{
    static const struct {
        const char *text;
        uint32_t count;
        bool is_within;
    } rows[] = {{"1:3", 3, true},  {"4", 3, false},   {"1:4", 3, false},
                {"4:1", 3, false}, {"*", 3, true},    {"*", 0, false},
                {"1:*", 0, false}, {"2:*", 1, false}, {"$", 0, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct imap_set set = {0};
        cr_expect(imap_set_read(&set, slice_of(rows[i].text)));
        cr_expect_eq(imap_set_is_within(&set, rows[i].count), rows[i].is_within, "%s",
                     rows[i].text);
        imap_set_finish(&set);
    }
}

static struct imap_set set_of(const char *text)
{
    struct imap_set set = {0};
    cr_assert(imap_set_read(&set, slice_of(text)));
    imap_set_resolve(&set, 100);
    return set;
}

Test(imap_set, a_resolved_set_can_be_asked)
{
    struct imap_set set = set_of("2:4,8,90:95"), other = {0};
    static const uint32_t in[] = {2, 3, 4, 8, 90, 95}, out[] = {0, 1, 5, 7, 9, 89, 96, UINT32_MAX};
    for (size_t i = 0; i < 6; i++)
        cr_expect(imap_set_contains(&set, in[i]), "%u", in[i]);
    for (size_t i = 0; i < 8; i++)
        cr_expect_not(imap_set_contains(&set, out[i]), "%u", out[i]);
    cr_expect_eq(imap_set_count(&set), 10);
    cr_expect_eq(imap_set_first(&set), 2);
    cr_expect_eq(imap_set_last(&set), 95);
    imap_set_copy(&other, &set);
    imap_set_clear(&set);
    cr_expect(imap_set_is_empty(&set) && imap_set_first(&set) == 0 && imap_set_last(&set) == 0);
    cr_expect(is_written_as(&other, "2:4,8,90:95"));
    imap_set_finish(&set);
    imap_set_finish(&other);
}

Test(imap_set, numbers_added_in_order_make_ranges)
{
    struct imap_set set = {0};
    static const uint32_t numbers[] = {1, 2, 2, 3, 7, 8, 10, UINT32_MAX};
    for (size_t i = 0; i < 8; i++)
        imap_set_add(&set, numbers[i]);
    cr_expect(is_written_as(&set, "1:3,7:8,10,4294967295"));
    struct bytes out;
    bytes_init(&out, 1000);
    cr_expect(imap_set_write_numbers(&set, SLICE(" "), &out));
    cr_expect(slice_equal(bytes_slice(&out), SLICE(" 1 2 3 7 8 10 4294967295")));
    bytes_finish(&out);
    bytes_init(&out, 5);
    bytes_append_octet(&out, 'x');
    cr_expect_not(imap_set_write(&set, &out));
    cr_expect_not(imap_set_write_numbers(&set, SLICE(" "), &out));
    cr_expect_eq(bytes_size(&out), 1);
    bytes_finish(&out);
    imap_set_add(&set, 5); /* out of order: to be resolved */
    imap_set_resolve(&set, 1);
    cr_expect(is_written_as(&set, "1:3,5,7:8,10,4294967295"));
    imap_set_finish(&set);
}

static void expect_places(struct imap_set_walk walk, const char *expected)
{
    char text[200];
    size_t size = 0, place;
    text[0] = '\0';
    while (imap_set_walk_next(&walk, &place))
        size += (size_t)snprintf(text + size, sizeof text - size, "%zu ", place);
    cr_expect(slice_equal(slice_of(text), slice_of(expected)), "[%s] not [%s]", text, expected);
}

Test(imap_set, walking_gives_places_in_the_view)
{
    static const uint32_t uids[] = {3, 5, 6, 10, 1000, 4294967295};
    struct imap_set set = set_of("1:4,6:7,9:2000");
    expect_places(imap_set_walk_numbers(&set, 12), "0 1 2 3 5 6 8 9 10 11 ");
    expect_places(imap_set_walk_numbers(&set, 5), "0 1 2 3 ");
    expect_places(imap_set_walk_numbers(&set, 0), "");
    expect_places(imap_set_walk_uids(&set, uids, 6), "0 2 3 4 ");
    expect_places(imap_set_walk_uids(&set, uids, 0), "");
    imap_set_finish(&set);
    set = set_of("1:4294967295");
    expect_places(imap_set_walk_uids(&set, uids, 6), "0 1 2 3 4 5 ");
    expect_places(imap_set_walk_numbers(&set, 3), "0 1 2 ");
    imap_set_finish(&set);
    set = set_of("7:9,11,4294967295");
    expect_places(imap_set_walk_uids(&set, uids, 6), "5 ");
    imap_set_finish(&set);
}
