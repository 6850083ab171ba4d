#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_list_match.h"

/* RFC 9051 6.3.9 */
Test(imap_list_match, wildcards_stand_for_octets_or_for_a_level)
{
    static const struct {
        const char *pattern, *name;
        bool matches;
    } rows[] = {
        {"*", "a", true},
        {"*", "a/b/c", true},
        {"%", "a", true},
        {"%", "a/b", false},
        {"%/%", "a/b", true},
        {"%/%", "a/b/c", false},
        {"a/%", "a/b", true},
        {"a/%", "a/b/c", false},
        {"a/*", "a/b/c", true},
        {"a/*", "a", false},
        {"a*", "a", true},
        {"*b", "a/b", true},
        {"%b", "a/b", false},
        {"*%", "a/b", true},
        {"%*", "a/b", true},
        {"%%", "ab", true},
        {"%%", "a/b", false},
        {"a%c", "abc", true},
        {"a%c", "a/c", false},
        {"a*c", "a/c", true},
        {"a%/c", "ab/c", true},
        {"*/c", "a/b/c", true},
        {"%/c", "a/b/c", false},
        {"abc", "abc", true},
        {"abc", "abcd", false},
        {"abc", "ab", false},
        {"Abc", "abc", false},
        {"", "a", false},
        {"", "", true},
        {"*a*b*c", "xxaxxbxxc", true},
        {"*a*b*c", "xxaxxbxx", false},
        {"*aab", "aaab", true},
        {"%aab%", "aaabx", true},
        /* INBOX in any case, as the first level too, but nothing else (5.1) */
        {"inbox", "INBOX", true},
        {"iNb%", "INBOX", true},
        {"inbox/a", "INBOX/a", true},
        {"inbox/A", "INBOX/a", false},
        {"inbox*", "INBOX/a", true},
        {"inboxes", "INBOXES", false},
        {"sent", "Sent", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(imap_list_match(slice_of(rows[i].pattern), slice_of(rows[i].name)),
                     rows[i].matches, "%s %s", rows[i].pattern, rows[i].name);
}

/* Each wildcard tried by itself: right, and far too slow for hostile patterns. */
static bool match_slowly(const char *pattern, const char *name)
{
    if (*pattern == '\0')
        return *name == '\0';
    if (*pattern == '*' || *pattern == '%') {
        for (;; name++) {
            if (match_slowly(pattern + 1, name))
                return true;
            if (*name == '\0' || (*name == '/' && *pattern == '%'))
                return false;
        }
    }
    return *name == *pattern && match_slowly(pattern + 1, name + 1);
}

static void spell(char *text, unsigned number, const char *letters, unsigned count, int size)
{
    for (int i = 0; i < size; i++, number /= count)
        text[i] = letters[number % count];
    text[size] = '\0';
}

Test(imap_list_match, all_short_patterns_agree_with_trying_everything)
{
    char pattern[8], name[8];
    for (unsigned p = 0; p < 3125; p++) /* 5 of "ab/%*" */
        for (unsigned n = 0; n < 243; n++) {
            spell(pattern, p, "ab/%*", 5, 5);
            spell(name, n, "ab/", 3, 5);
            cr_assert_eq(imap_list_match(slice_of(pattern), slice_of(name)),
                         match_slowly(pattern, name), "%s %s", pattern, name);
        }
}

Test(imap_list_match, a_hostile_pattern_takes_no_longer)
{
    char pattern[3001], name[256];
    memset(name, 'a', 255);
    name[255] = '\0';
    for (size_t i = 0; i < 3000; i++)
        pattern[i] = i % 12 == 0 ? 'a' : i % 2 ? '*' : '%';
    pattern[2999] = 'b';
    pattern[3000] = '\0';
    for (int i = 0; i < 100; i++)
        cr_assert_not(imap_list_match(slice_of(pattern), slice_of(name)));
}

/* RFC 9051 6.3.9 and its examples in 6.3.9.5 */
Test(imap_list_match, the_reference_stands_in_front)
{
    char text[20];
    struct slice joined;
    cr_assert(imap_list_match_join(SLICE("foo/"), SLICE("bar/%"), text, 20, &joined));
    cr_expect(slice_equal(joined, SLICE("foo/bar/%")));
    cr_assert(imap_list_match_join(SLICE("foo/"), SLICE("/bar"), text, 20, &joined));
    cr_expect(slice_equal(joined, SLICE("bar")));
    cr_assert(imap_list_match_join(SLICE(""), SLICE(""), text, 20, &joined));
    cr_expect_eq(joined.size, 0);
    cr_expect_not(
        imap_list_match_join(SLICE("0123456789"), SLICE("0123456789a"), text, 20, &joined));
    cr_expect_not(imap_list_match_join(SLICE(""), SLICE("0123456789a"), text, 10, &joined));
}
