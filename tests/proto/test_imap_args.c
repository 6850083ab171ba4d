#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_args.h"

/* A cursor over a text, and the arena it needs. */
struct reading {
    struct imap_args a;
    struct arena arena;
};

static struct imap_args *begin(struct reading *r, struct slice text)
{
    arena_init(&r->arena);
    imap_args_init(&r->a, text, &r->arena);
    return &r->a;
}

static void end(struct reading *r)
{
    arena_finish(&r->arena);
}

/* Takes one thing; NULL: it is refused, and there is a problem. */
typedef bool taker(struct imap_args *a, struct slice *s);

static void expect_taken(taker *take, struct slice text, bool is_utf8, const char *expected,
                         const char *rest)
{
    struct reading r;
    struct slice s = {0};
    begin(&r, text)->is_utf8 = is_utf8;
    bool is_taken = take(&r.a, &s);
    cr_expect_eq(is_taken, expected != NULL, "%.*s", SLICE_ARG(text));
    cr_expect_eq(is_taken, r.a.problem == NULL, "%.*s", SLICE_ARG(text));
    if (is_taken && expected) {
        cr_expect(slice_equal(s, slice_of(expected)), "[%.*s] of %.*s", SLICE_ARG(s),
                  SLICE_ARG(text));
        cr_expect(slice_equal(imap_args_rest(&r.a), slice_of(rest)), "%.*s", SLICE_ARG(text));
    }
    end(&r);
}

/* RFC 9051 9: atom, tag */
Test(imap_args, atoms_end_before_what_is_special)
{
    static const struct {
        const char *text, *atom, *rest;
    } rows[] = {
        {"abc def", "abc", " def"}, {"a(b", "a", "(b"},     {"a)", "a", ")"},
        {"a{b", "a", "{b"},         {"a%b", "a", "%b"},     {"a*b", "a", "*b"},
        {"a\"b", "a", "\"b"},       {"a\\b", "a", "\\b"},   {"a]b", "a", "]b"},
        {"a\tb", "a", "\tb"},       {"a\x7F", "a", "\x7F"}, {"a\xC3\xA4", "a", "\xC3\xA4"},
        {"a[b+}~$", "a[b+}~$", ""}, {"", NULL, NULL},       {" a", NULL, NULL},
        {"\"a\"", NULL, NULL},      {"]", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_taken(imap_args_atom, slice_of(rows[i].text), false, rows[i].atom, rows[i].rest);
    expect_taken(imap_args_tag, SLICE("A1 NOOP"), false, "A1", " NOOP");
    expect_taken(imap_args_tag, SLICE("a]1 x"), false, "a]1", " x");
    expect_taken(imap_args_tag, SLICE("a+b"), false, "a", "+b");
    expect_taken(imap_args_tag, SLICE("+ x"), false, NULL, NULL);
    expect_taken(imap_args_tag, SLICE("* OK"), false, NULL, NULL);
}

/* RFC 9051 4.3, 9: string, quoted, literal, astring */
Test(imap_args, strings_are_quoted_or_counted)
{
    static const struct {
        const char *text;
        bool is_utf8;
        const char *string, *rest;
    } rows[] = {
        {"\"\"", false, "", ""},
        {"\"a b\" c", false, "a b", " c"},
        {"\"a\\\"b\\\\\"", false, "a\"b\\", ""},
        {"\"(){%*]\t\"x", false, "(){%*]\t", "x"},
        {"{0}\r\n", false, "", ""},
        {"{5}\r\nhello x", false, "hello", " x"},
        {"{5+}\r\na\r\nb\"c", false, "a\r\nb\"", "c"}, /* RFC 7888 */
        {"{005}\r\nhello", false, "hello", ""},
        {"{2}\r\n\xC3\xA4", false, "\xC3\xA4", ""}, /* CHAR8 */
        {"\"\xC3\xA4\"", true, "\xC3\xA4", ""},
        {"\"\xC3\xA4\"", false, NULL, NULL}, /* TEXT-CHAR is 7-bit until UTF-8 is enabled */
        {"\"\xC3\"", true, NULL, NULL},      /* and then it is well-formed */
        {"\"\xED\xA0\x80\"", true, NULL, NULL},
        {"\"a", false, NULL, NULL},
        {"\"a\\\"", false, NULL, NULL},
        {"\"a\\", false, NULL, NULL},
        {"\"a\\b\"", false, NULL, NULL}, /* only quoted-specials are escaped */
        {"\"a\rb\"", false, NULL, NULL},
        {"\"a\nb\"", false, NULL, NULL},
        {"{5}\r\nhell", false, NULL, NULL},
        {"{5}hello", false, NULL, NULL},
        {"{5}\nhello", false, NULL, NULL},
        {"{}\r\nhello", false, NULL, NULL},
        {"{-1}\r\nhello", false, NULL, NULL},
        {"{5++}\r\nhello", false, NULL, NULL},
        {"{9223372036854775808}\r\nx", false, NULL, NULL},
        {"{18446744073709551615}\r\nx", false, NULL, NULL},
        {"{9223372036854775807}\r\nx", false, NULL, NULL},
        {"~{5}\r\nhello", false, NULL, NULL}, /* literal8 is no string */
        {"atom", false, NULL, NULL},
        {"", false, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct slice text = slice_of(rows[i].text);
        expect_taken(imap_args_string, text, rows[i].is_utf8, rows[i].string, rows[i].rest);
        if (rows[i].string || text.size == 0)
            expect_taken(imap_args_astring, text, rows[i].is_utf8, rows[i].string, rows[i].rest);
    }
    expect_taken(imap_args_astring, SLICE("a]b c"), false, "a]b", " c");
    expect_taken(imap_args_astring, SLICE("NIL"), false, "NIL", "");
    expect_taken(imap_args_astring, SLICE("(a)"), false, NULL, NULL);
    expect_taken(imap_args_string, SLICE("\"a\0b\""), true, NULL, NULL);
    expect_taken(imap_args_string, SLICE("{3}\r\na\0b"), true, NULL, NULL);
}

Test(imap_args, nil_is_no_string_and_a_binary_literal_has_nul)
{
    struct reading r;
    struct slice s;
    bool is_nil, is_binary;
    cr_expect(imap_args_nstring(begin(&r, SLICE("nil")), &s, &is_nil) && is_nil && s.size == 0);
    cr_expect(imap_args_nstring(begin(&r, SLICE("\"NIL\"")), &s, &is_nil) && !is_nil);
    cr_expect(slice_equal(s, SLICE("NIL")));
    cr_expect_not(imap_args_nstring(begin(&r, SLICE("NILS")), &s, &is_nil));
    cr_expect(imap_args_literal(begin(&r, SLICE("~{3}\r\na\0b")), &s, &is_binary) && is_binary);
    cr_expect(slice_equal(s, SLICE("a\0b")));
    cr_expect(imap_args_literal(begin(&r, SLICE("{1}\r\na")), &s, &is_binary) && !is_binary);
    cr_expect_not(imap_args_literal(begin(&r, SLICE("\"a\"")), &s, &is_binary));
    end(&r);
}

/* What a server says is read with patience. */
Test(imap_args, responses_may_have_more_in_strings)
{
    struct reading r;
    struct slice s;
    begin(&r, SLICE("\"\xFF\" ~{1}\r\nx \\* \\Seen"))->is_response = true;
    cr_expect(imap_args_string(&r.a, &s) && slice_equal(s, SLICE("\xFF")) && imap_args_sp(&r.a));
    cr_expect(imap_args_string(&r.a, &s) && slice_equal(s, SLICE("x")) && imap_args_sp(&r.a));
    cr_expect(imap_args_flag(&r.a, &s) && slice_equal(s, SLICE("\\*")) && imap_args_sp(&r.a));
    cr_expect(imap_args_flag(&r.a, &s) && slice_equal(s, SLICE("\\Seen")));
    cr_expect(imap_args_end(&r.a));
    end(&r);
}

/* RFC 9051 4.3; RFC 7888; literal8 of RFC 3516 */
Test(imap_args, a_line_announces_a_literal_at_its_end)
{
    static const struct {
        const char *line;
        bool is_one;
        uint64_t size;
        bool waits, is_binary;
        size_t at;
    } rows[] = {
        {"A1 LOGIN {5}", true, 5, true, false, 9},
        {"A1 LOGIN {5+}", true, 5, false, false, 9},
        {"A1 APPEND x ~{5}", true, 5, true, true, 12},
        {"A1 APPEND x ~{5+}", true, 5, false, true, 12},
        {"{0}", true, 0, true, false, 0},
        {"~{0}", true, 0, true, true, 0},
        {"x{12}", true, 12, true, false, 1},
        {"A {1} {22}", true, 22, true, false, 6},
        {"{9223372036854775807}", true, INT64_MAX, true, false, 0},
        {"{9223372036854775808}", false, 0, false, false, 0},
        {"{99999999999999999999999}", false, 0, false, false, 0},
        {"", false, 0, false, false, 0},
        {"}", false, 0, false, false, 0},
        {"{}", false, 0, false, false, 0},
        {"{+}", false, 0, false, false, 0},
        {"{5-}", false, 0, false, false, 0},
        {"{5} ", false, 0, false, false, 0},
        {"{ 5}", false, 0, false, false, 0},
        {"{5x}", false, 0, false, false, 0},
        {"5}", false, 0, false, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct imap_literal literal;
        bool is_one = imap_args_literal_at_end(slice_of(rows[i].line), &literal);
        cr_expect_eq(is_one, rows[i].is_one, "%s", rows[i].line);
        if (!is_one || !rows[i].is_one)
            continue;
        cr_expect_eq(literal.size, rows[i].size, "%s", rows[i].line);
        cr_expect_eq(literal.waits, rows[i].waits, "%s", rows[i].line);
        cr_expect_eq(literal.is_binary, rows[i].is_binary, "%s", rows[i].line);
        cr_expect_eq(literal.announce_at, rows[i].at, "%s", rows[i].line);
    }
}

/* RFC 9051 5.1, RFC 3501 5.1.3: one name, however it is written */
Test(imap_args, mailbox_names_become_utf_8)
{
    static const struct {
        const char *text;
        bool is_utf8;
        const char *name;
    } rows[] = {
        {"inbox", false, "INBOX"},
        {"\"InBox\"", true, "INBOX"},
        {"{5}\r\ninbox", false, "INBOX"},
        {"inbox/a", false, "inbox/a"},
        {"Entw&APw-rfe", false, "Entw\xC3\xBCrfe"},
        {"\"Tom &- Jerry\"", false, "Tom & Jerry"},
        {"\"Entw\xC3\xBCrfe\"", true, "Entw\xC3\xBCrfe"},
        {"Entw&APw-rfe", true, "Entw&APw-rfe"}, /* nothing but itself, once UTF-8 is on */
        {"{3}\r\na\xC3\xA4", false, NULL},      /* 8-bit octets are no UTF-7 */
        {"{3}\r\na\xC3\xA4", true, "a\xC3\xA4"},
        {"{2}\r\na\xC3", true, NULL},
        {"a&b", false, NULL},
        {"a&AGE-", false, NULL},
        {"&AAo-", false, NULL}, /* a line feed in a name */
        {"{3}\r\na\nb", true, NULL},
        {"\"\"", false, NULL},
        {"a*", false, "a"}, /* and then "*" is left over */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_taken(imap_args_mailbox, slice_of(rows[i].text), rows[i].is_utf8, rows[i].name,
                     i + 1 < sizeof rows / sizeof rows[0] ? "" : "*");
    expect_taken(imap_args_list_mailbox, SLICE("a%/*] x"), false, "a%/*]", " x");
    expect_taken(imap_args_list_mailbox, SLICE("\"\""), false, "", "");
    expect_taken(imap_args_list_mailbox, SLICE("&APw-*"), false, "\xC3\xBC*", "");
    expect_taken(imap_args_list_mailbox, SLICE("&*"), false, NULL, NULL);
    expect_taken(imap_args_list_mailbox, SLICE("(a)"), false, NULL, NULL);
}

/* number, nz-number, number64 */
Test(imap_args, numbers_stay_within_their_bounds)
{
    struct reading r;
    uint32_t n;
    uint64_t n64;
    cr_expect(imap_args_number(begin(&r, SLICE("0 ")), &n) && n == 0);
    cr_expect(imap_args_number(begin(&r, SLICE("007")), &n) && n == 7);
    cr_expect(imap_args_number(begin(&r, SLICE("4294967295")), &n) && n == UINT32_MAX);
    cr_expect_not(imap_args_number(begin(&r, SLICE("4294967296")), &n));
    cr_expect_not(imap_args_number(begin(&r, SLICE("-1")), &n));
    cr_expect_not(imap_args_number(begin(&r, SLICE("")), &n));
    cr_expect(imap_args_nz_number(begin(&r, SLICE("10")), &n) && n == 10);
    cr_expect_not(imap_args_nz_number(begin(&r, SLICE("0")), &n));
    cr_expect_not(imap_args_nz_number(begin(&r, SLICE("01")), &n));
    cr_expect(imap_args_number64(begin(&r, SLICE("9223372036854775807")), &n64) &&
              n64 == INT64_MAX);
    cr_expect_not(imap_args_number64(begin(&r, SLICE("9223372036854775808")), &n64));
    end(&r);
}

/* date, date-time: day 0 is 1970-01-01 */
Test(imap_args, dates_are_of_the_calendar)
{
    static const struct {
        const char *text;
        bool is_date;
        int64_t day;
    } rows[] = {
        {"1-Feb-1994", true, 8797},
        {"01-feb-1994", true, 8797},
        {"\"1-FEB-1994\"", true, 8797},
        {"1-Jan-1970", true, 0},
        {"31-Dec-1969", true, -1},
        {"29-Feb-2024", true, 19782},
        {"29-Feb-2023", false, 0},
        {"32-Jan-2023", false, 0},
        {"0-Jan-2023", false, 0},
        {"1-Foo-2023", false, 0},
        {"1-Jan-23", false, 0},
        {"1 Jan 2023", false, 0},
        {"\"1-Jan-2023", false, 0},
        {"001-Jan-2023", false, 0},
        {"1-Jan", false, 0},
        {"", false, 0},
        {"1-Ja", false, 0},
        {"29-Feb-1900", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reading r;
        int64_t day = 0;
        bool is_date = imap_args_date(begin(&r, slice_of(rows[i].text)), &day);
        cr_expect_eq(is_date && imap_args_is_end(&r.a), rows[i].is_date, "%s", rows[i].text);
        cr_expect_eq(day, rows[i].day, "%s: %d", rows[i].text, (int)day);
        end(&r);
    }
}

Test(imap_args, date_times_have_a_zone)
{
    static const struct {
        const char *text;
        bool is_one;
        int64_t unix_s;
        int zone_min;
    } rows[] = {
        {"\"17-Jul-1996 02:44:25 -0700\"", true, 837596665, -420}, /* RFC 9051 7.5.2 */
        {"\" 3-Mar-2025 09:00:00 +0000\"", true, 1740992400, 0},
        {"\"03-mar-2025 10:30:00 +0130\"", true, 1740992400, 90},
        {"\" 1-Jan-1970 00:00:60 +0000\"", true, 60, 0},
        {"\"3-Mar-2025 09:00:00 +0000\"", false, 0, 0}, /* date-day-fixed */
        {"\" 3-Mar-2025 24:00:00 +0000\"", false, 0, 0},
        {"\" 3-Mar-2025 09:60:00 +0000\"", false, 0, 0},
        {"\" 3-Mar-2025 09:00:61 +0000\"", false, 0, 0},
        {"\" 3-Mar-2025 09:00:00 +0060\"", false, 0, 0},
        {"\" 3-Mar-2025 09:00:00 UTC\"", false, 0, 0},
        {"\" 3-Mar-2025 09:00:00\"", false, 0, 0},
        {"\" 3-Mar-2025 09:00:00 +0000", false, 0, 0},
        {" 3-Mar-2025 09:00:00 +0000", false, 0, 0},
        {"\"31-Apr-2025 09:00:00 +0000\"", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reading r;
        int64_t unix_s = 0;
        int zone_min = 0;
        bool is_one = imap_args_date_time(begin(&r, slice_of(rows[i].text)), &unix_s, &zone_min);
        cr_expect_eq(is_one, rows[i].is_one, "%s", rows[i].text);
        if (is_one && rows[i].is_one) {
            cr_expect_eq(unix_s, rows[i].unix_s, "%s: %ld", rows[i].text, (long)unix_s);
            cr_expect_eq(zone_min, rows[i].zone_min, "%s", rows[i].text);
        }
        end(&r);
    }
}

static void expect_flags(bool (*take)(struct imap_args *, struct imap_names *), const char *text,
                         const char *expected)
{
    struct reading r;
    struct imap_names flags;
    char joined[400] = "";
    size_t size = 0;
    bool is_list = take(begin(&r, slice_of(text)), &flags) && imap_args_end(&r.a);
    cr_expect_eq(is_list, expected != NULL, "%s", text);
    for (size_t i = 0; is_list && i < flags.count && size + flags.items[i].size + 2 < 400; i++) {
        memcpy(joined + size, flags.items[i].data, flags.items[i].size);
        size += flags.items[i].size;
        joined[size++] = '|';
    }
    if (is_list && expected)
        cr_expect(slice_equal((struct slice){joined, size}, slice_of(expected)), "%s", text);
    end(&r);
}

/* flag-list; store-att-flags */
Test(imap_args, flags_come_in_parentheses_or_bare)
{
    expect_flags(imap_args_flag_list, "()", "");
    expect_flags(imap_args_flag_list, "(\\Seen $Work x)", "\\Seen|$Work|x|");
    expect_flags(imap_args_flag_list, "(a b c d e f g h i j)", "a|b|c|d|e|f|g|h|i|j|");
    expect_flags(imap_args_flags, "\\Seen \\Deleted", "\\Seen|\\Deleted|");
    expect_flags(imap_args_flags, "(\\Seen)", "\\Seen|");
    static const char *const bad[] = {"(",    "(a",    "(a ",    "(a )",    "( a)", "(a  b)",
                                      "(\\)", "(\\*)", "(a,b) ", "(\"a\")", "(a)b", "",
                                      "a ",   " a",    "\\",     "((a))"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_flags(imap_args_flags, bad[i], NULL);
    expect_flags(imap_args_flag_list, "a", NULL);
}

Test(imap_args, sets_and_words_are_taken_whole)
{
    struct reading r;
    struct imap_set set = {0};
    begin(&r, SLICE("1:3,* UNSEEN unseen2"));
    cr_expect(imap_args_set(&r.a, &set) && set.ranges.count == 2 && imap_args_sp(&r.a));
    cr_expect_not(imap_args_word(&r.a, SLICE("UN")));
    cr_expect(imap_args_word(&r.a, SLICE("unseen")) && imap_args_sp(&r.a));
    cr_expect_not(imap_args_word(&r.a, SLICE("UNSEEN")));
    cr_expect_eq(r.a.problem, NULL);
    imap_set_finish(&set);
    end(&r);
}

/* RFC 9051 9 (2): exactly one space; and a problem stays */
Test(imap_args, after_a_problem_nothing_is_taken)
{
    struct reading r;
    struct slice s;
    begin(&r, SLICE("a  b"));
    cr_expect(imap_args_atom(&r.a, &s) && imap_args_sp(&r.a));
    cr_expect_not(imap_args_atom(&r.a, &s));
    const char *problem = r.a.problem;
    cr_expect_not(imap_args_sp(&r.a));
    cr_expect_not(imap_args_skip(&r.a, ' '));
    cr_expect_not(imap_args_word(&r.a, SLICE("b")));
    cr_expect_not(imap_args_end(&r.a));
    cr_expect_not(imap_args_mailbox(&r.a, &s));
    cr_expect_eq(imap_args_peek(&r.a), '\0');
    cr_expect_eq(r.a.problem, problem);
    end(&r);
}

/* For a client: what it does not know, it can pass over. */
Test(imap_args, anything_can_be_passed_over)
{
    static const char *const values[] = {"atom",
                                         "12",
                                         "\"a b\"",
                                         "{3}\r\na)b",
                                         "NIL",
                                         "()",
                                         "(a (b (c)) \"d)\" {1}\r\n) e)",
                                         "(\\Seen \\*)",
                                         "~{1}\r\nx",
                                         "(((())))",
                                         "(a[b] c.d<1>)"};
    struct reading r;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        begin(&r, slice_of(values[i]))->is_response = true;
        cr_expect(imap_args_any(&r.a) && imap_args_end(&r.a), "%s", values[i]);
        end(&r);
    }
    static const char *const bad[] = {"",         ")",  "(",    "(a",    "\"a",
                                      "{3}\r\na", " a", "(a))", "(\x01)"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        begin(&r, slice_of(bad[i]))->is_response = true;
        cr_expect_not(imap_args_any(&r.a) && imap_args_end(&r.a), "%s", bad[i]);
        end(&r);
    }
    char deep[20001]; /* depth is a count, not a stack */
    memset(deep, '(', 10000);
    memset(deep + 10000, ')', 10000);
    deep[20000] = '\0';
    cr_expect(imap_args_any(begin(&r, slice_of(deep))) && imap_args_end(&r.a));
    end(&r);
}
