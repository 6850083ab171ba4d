#include "sim/json/json_scan.h"

#include <string.h>

static const struct slice byte_order_mark = {"\xEF\xBB\xBF", 3};

void json_scan_init(struct json_scan *s, struct slice text)
{
    memset(s, 0, sizeof *s);
    s->text = text;
    s->at = slice_starts(text, byte_order_mark) ? byte_order_mark.size : 0;
}

static bool fail(struct json_scan *s, size_t at, const char *expected)
{
    s->error = expected;
    s->error_at = at;
    return false;
}

/* The octet at the cursor, or -1 at the end. */
static int peek(const struct json_scan *s)
{
    return s->at < s->text.size ? (unsigned char)s->text.data[s->at] : -1;
}

static void skip_blanks(struct json_scan *s)
{
    while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r')
        s->at++;
}

static bool is_digit(int octet)
{
    return octet >= '0' && octet <= '9';
}

static bool scan_digits(struct json_scan *s)
{
    size_t start = s->at;
    while (is_digit(peek(s)))
        s->at++;
    return s->at > start || fail(s, s->at, "a digit");
}

/* number = [ minus ] int [ frac ] [ exp ], RFC 8259 6: no leading zero, no plus, no bare dot. */
static bool scan_number(struct json_scan *s)
{
    size_t start = s->at;
    if (peek(s) == '-')
        s->at++;
    if (peek(s) == '0')
        s->at++;
    else if (!scan_digits(s))
        return false;
    if (is_digit(peek(s)))
        return fail(s, s->at, "a number without leading zeros");
    if (peek(s) == '.') {
        s->at++;
        if (!scan_digits(s))
            return false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-')
            s->at++;
        if (!scan_digits(s))
            return false;
    }
    return s->at - start <= JSON_SCAN_NUMBER_MAX || fail(s, start, "a shorter number");
}

/* The four hexadecimal digits at the cursor, or -1. */
static int scan_hex4(struct json_scan *s)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int c = peek(s);
        int digit = is_digit(c)            ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
        s->at++;
    }
    return value;
}

/* Behind "\u". A character beyond U+FFFF is written as two escapes, a surrogate pair (RFC 8259 7).
 */
static bool scan_unicode_escape(struct json_scan *s, size_t start)
{
    int unit = scan_hex4(s);
    if (unit < 0)
        return fail(s, start, "four hexadecimal digits after \\u");
    if (unit == 0)
        return fail(s, start, "no NUL character in a text");
    if (unit < 0xD800 || unit > 0xDFFF)
        return true;
    bool is_paired = unit < 0xDC00 && peek(s) == '\\';
    s->at += is_paired;
    is_paired = is_paired && peek(s) == 'u';
    s->at += is_paired;
    int low = is_paired ? scan_hex4(s) : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return fail(s, start, "both halves of a surrogate pair");
    return true;
}

static bool scan_escape(struct json_scan *s)
{
    size_t start = s->at++;
    int c = peek(s);
    if (c <= 0 || !strchr("\"\\/bfnrtu", c))
        return fail(s, start, "one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    s->at++;
    return c != 'u' || scan_unicode_escape(s, start);
}

/* One character beyond ASCII: well-formed UTF-8 as the table of RFC 3629 4 has it. */
static bool scan_utf8(struct json_scan *s)
{
    int first = peek(s);
    size_t more = first >= 0xC2 && first <= 0xDF   ? 1
                  : first >= 0xE0 && first <= 0xEF ? 2
                  : first >= 0xF0 && first <= 0xF4 ? 3
                                                   : 0;
    int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (more == 0 || s->text.size - s->at <= more)
        return fail(s, s->at, "UTF-8 text");
    for (size_t i = 1; i <= more; i++) {
        int octet = (unsigned char)s->text.data[s->at + i];
        if (octet < low || octet > high)
            return fail(s, s->at, "UTF-8 text");
        low = 0x80;
        high = 0xBF;
    }
    s->at += more + 1;
    return true;
}

static bool scan_string(struct json_scan *s)
{
    size_t start = s->at++;
    for (;;) {
        int c = peek(s);
        if (c < 0)
            return fail(s, start, "a quote (\") at the end of this text");
        if (c < ' ')
            return fail(s, s->at, "no line end or control character inside a text (write \\n)");
        if (c == '"')
            break;
        if (c == '\\' ? !scan_escape(s) : c >= 0x80 && !scan_utf8(s))
            return false;
        if (c != '\\' && c < 0x80)
            s->at++;
    }
    s->at++;
    return true;
}

static bool scan_word(struct json_scan *s)
{
    static const struct slice words[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    struct slice rest = slice_part(s->text, s->at, s->text.size);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_starts(rest, words[i])) {
            s->at += words[i].size;
            return true;
        }
    return fail(s, s->at, "a value");
}

static bool open_level(struct json_scan *s, bool is_object)
{
    if (s->depth == JSON_SCAN_DEPTH_MAX)
        return fail(s, s->at, "at most 64 levels of lists and objects");
    s->levels[s->depth++] = (struct json_scan_level){.is_object = is_object};
    s->at++;
    return true;
}

static bool begin_value(struct json_scan *s)
{
    s->value_at = s->at;
    s->value_depth = s->depth;
    s->is_started = true;
    int c = peek(s);
    if (c == '{' || c == '[')
        return open_level(s, c == '{');
    if (c == '"')
        return scan_string(s);
    return c == '-' || is_digit(c) ? scan_number(s) : scan_word(s);
}

static bool begin_key(struct json_scan *s, struct json_scan_level *level)
{
    if (peek(s) != '"')
        return fail(s, s->at,
                    level->count ? "a key in quotes after \",\"" : "a key in quotes or \"}\"");
    level->key_at = s->at;
    if (!scan_string(s))
        return false;
    level->key = slice_part(s->text, level->key_at + 1, s->at - 1);
    skip_blanks(s);
    if (peek(s) != ':')
        return fail(s, s->at, "\":\" after the key");
    s->at++;
    skip_blanks(s);
    return true;
}

static bool begin_member(struct json_scan *s, struct json_scan_level *level)
{
    if (level->count > 0) {
        if (peek(s) != ',')
            return fail(s, s->at, level->is_object ? "\",\" or \"}\"" : "\",\" or \"]\"");
        s->at++;
        skip_blanks(s);
    }
    if (level->is_object && !begin_key(s, level))
        return false;
    level->count++;
    return begin_value(s);
}

bool json_scan_next(struct json_scan *s)
{
    if (s->error)
        return false;
    skip_blanks(s);
    while (s->depth > 0 && peek(s) == (s->levels[s->depth - 1].is_object ? '}' : ']')) {
        s->depth--;
        s->at++;
        skip_blanks(s);
    }
    if (s->depth > 0)
        return begin_member(s, &s->levels[s->depth - 1]);
    if (!s->is_started)
        return begin_value(s);
    return s->at == s->text.size ? false : fail(s, s->at, "the end of the file");
}

size_t json_scan_key_at(const struct json_scan *s)
{
    const struct json_scan_level *level = s->value_depth ? &s->levels[s->value_depth - 1] : NULL;
    return level && level->is_object ? level->key_at : s->value_at;
}

size_t json_scan_pass(struct json_scan *s)
{
    size_t around = s->value_depth;
    while (!s->error && s->depth > around) {
        struct json_scan_level *level = &s->levels[s->depth - 1];
        skip_blanks(s);
        if (peek(s) == (level->is_object ? '}' : ']')) {
            s->depth--;
            s->at++;
        } else {
            begin_member(s, level);
        }
    }
    return s->error ? SLICE_NONE : s->at;
}

void json_scan_position(struct slice text, size_t offset, int *line, int *column)
{
    *line = *column = 1;
    size_t at = slice_starts(text, byte_order_mark) ? byte_order_mark.size : 0;
    for (; at < offset && at < text.size; at++) {
        bool is_inside_character = ((unsigned char)text.data[at] & 0xC0) == 0x80;
        if (text.data[at] == '\n') {
            ++*line;
            *column = 1;
        } else if (!is_inside_character) {
            ++*column;
        }
    }
}
