#include "agents/proto/imap_args.h"

#include "agents/proto/imap_utf7.h"
#include "sim/base/utf8.h"

void imap_args_init(struct imap_args *a, struct slice text, struct arena *arena)
{
    *a = (struct imap_args){.text = text, .arena = arena};
}

bool imap_args_fail(struct imap_args *a, const char *problem)
{
    if (!a->problem)
        a->problem = problem;
    return false;
}

/* ---- which octets may stand where ---- */

/* ATOM-CHAR = any CHAR except atom-specials: "(" ")" "{" SP CTL "%" "*" DQUOTE "\" "]" */
static bool is_atom_octet(char octet)
{
    return octet > ' ' && octet < 0x7F && !memchr("(){%*\"\\]", octet, 8);
}

/* ASTRING-CHAR = ATOM-CHAR / "]" */
static bool is_astring_octet(char octet)
{
    return is_atom_octet(octet) || octet == ']';
}

/* tag = 1*<any ASTRING-CHAR except "+"> */
static bool is_tag_octet(char octet)
{
    return is_astring_octet(octet) && octet != '+';
}

/* list-char = ATOM-CHAR / "%" / "*" / "]" */
static bool is_list_octet(char octet)
{
    return is_astring_octet(octet) || octet == '%' || octet == '*';
}

static bool is_digit(char octet)
{
    return octet >= '0' && octet <= '9';
}

static bool is_set_octet(char octet)
{
    return is_digit(octet) || octet == ':' || octet == ',' || octet == '*' || octet == '$';
}

static bool are_all(struct slice text, bool (*is_one)(char octet))
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_one(text.data[i]))
            return false;
    return text.size > 0;
}

bool imap_args_is_astring(struct slice text)
{
    return are_all(text, is_astring_octet);
}

/* ---- looking ahead, and single octets ---- */

bool imap_args_skip(struct imap_args *a, char octet)
{
    if (a->problem || a->at >= a->text.size || a->text.data[a->at] != octet)
        return false;
    a->at++;
    return true;
}

/* The run of such octets that is next; not taken yet. */
static struct slice run_of(const struct imap_args *a, bool (*is_one)(char octet))
{
    size_t end = a->at;
    while (end < a->text.size && is_one(a->text.data[end]))
        end++;
    return slice_part(a->text, a->at, end);
}

bool imap_args_word(struct imap_args *a, struct slice word)
{
    struct slice atom = run_of(a, is_atom_octet);
    if (a->problem || !slice_equal_fold(atom, word))
        return false;
    a->at += atom.size;
    return true;
}

struct slice imap_args_rest(const struct imap_args *a)
{
    return slice_part(a->text, a->at, a->text.size);
}

bool imap_args_expect(struct imap_args *a, char octet)
{
    if (imap_args_skip(a, octet))
        return true;
    return imap_args_fail(a, octet == '('   ? "\"(\" expected"
                             : octet == ')' ? "\")\" expected"
                             : octet == '[' ? "\"[\" expected"
                             : octet == ']' ? "\"]\" expected"
                                            : "syntax error");
}

bool imap_args_sp(struct imap_args *a)
{
    return imap_args_skip(a, ' ') ||
           imap_args_fail(a, imap_args_is_end(a) ? "missing argument" : "one space expected");
}

bool imap_args_end(struct imap_args *a)
{
    return (!a->problem && imap_args_is_end(a)) || imap_args_fail(a, "too many arguments");
}

static bool take_run(struct imap_args *a, bool (*is_one)(char octet), const char *problem,
                     struct slice *run)
{
    *run = run_of(a, is_one);
    if (a->problem || run->size == 0)
        return imap_args_fail(a, problem);
    a->at += run->size;
    return true;
}

bool imap_args_atom(struct imap_args *a, struct slice *atom)
{
    return take_run(a, is_atom_octet, "an atom was expected", atom);
}

bool imap_args_tag(struct imap_args *a, struct slice *tag)
{
    return take_run(a, is_tag_octet, "a tag was expected", tag);
}

/* ---- literals ---- */

/*
 * literal = "{" number64 ["+"] "}" CRLF *CHAR8; literal8 = "~" literal. The announcement at the
 * front of the text, up to its "}"; its size in octets in *announced.
 */
static bool read_announcement(struct slice text, struct imap_literal *literal, size_t *announced)
{
    size_t at = 0;
    *literal = (struct imap_literal){.waits = true};
    literal->is_binary = text.size > 0 && text.data[0] == '~';
    at += literal->is_binary;
    if (at >= text.size || text.data[at++] != '{')
        return false;
    size_t digits = at;
    while (at < text.size && is_digit(text.data[at])) {
        uint64_t digit = (uint64_t)(text.data[at++] - '0');
        if (literal->size > ((uint64_t)INT64_MAX - digit) / 10)
            return false;
        literal->size = literal->size * 10 + digit;
    }
    if (at == digits)
        return false;
    if (at < text.size && text.data[at] == '+') {
        literal->waits = false;
        at++;
    }
    *announced = at + 1;
    return at < text.size && text.data[at] == '}';
}

bool imap_args_literal_at_end(struct slice line, struct imap_literal *literal)
{
    size_t at = line.size, announced;
    if (line.size == 0 || line.data[line.size - 1] != '}')
        return false;
    while (at > 0 && line.data[at - 1] != '{')
        at--;
    if (at == 0)
        return false;
    at -= at > 1 && line.data[at - 2] == '~' ? 2 : 1;
    if (!read_announcement(slice_part(line, at, line.size), literal, &announced))
        return false;
    literal->announce_at = at;
    return at + announced == line.size;
}

bool imap_args_literal(struct imap_args *a, struct slice *s, bool *is_binary)
{
    struct imap_literal literal;
    size_t announced;
    struct slice rest = imap_args_rest(a);
    if (a->problem || !read_announcement(rest, &literal, &announced))
        return imap_args_fail(a, "a literal was expected");
    rest = slice_part(rest, announced, rest.size);
    if (!slice_starts(rest, SLICE("\r\n")) || rest.size - 2 < literal.size)
        return imap_args_fail(a, "a literal is cut short");
    *s = slice_part(rest, 2, 2 + (size_t)literal.size);
    *is_binary = literal.is_binary;
    if (!literal.is_binary && slice_find_octet(*s, '\0', 0) != SLICE_NONE)
        return imap_args_fail(a, "NUL in a literal");
    a->at += announced + 2 + s->size;
    return true;
}

/* ---- strings ---- */

/* QUOTED-CHAR: TEXT-CHAR, which is anything but NUL, CR, LF; and UTF-8 for who enabled it. */
static bool may_be_quoted(const struct imap_args *a, struct slice text)
{
    if (memchr(text.data, '\0', text.size) || slice_find_line_end(text, 0) != text.size)
        return false;
    return !slice_is_8bit(text) || a->is_response || (a->is_utf8 && utf8_is_valid(text));
}

/* Where the quoted string that starts at a->at closes; the text's size when it does not. */
static size_t find_close(const struct imap_args *a, bool *has_escapes)
{
    size_t at = a->at + 1;
    *has_escapes = false;
    while (at < a->text.size && a->text.data[at] != '"') {
        *has_escapes |= a->text.data[at] == '\\';
        at += a->text.data[at] == '\\' ? 2 : 1;
    }
    return at < a->text.size ? at : a->text.size;
}

/* "\" before anything but quoted-specials means nothing: false. */
static bool unescape(struct arena *arena, struct slice text, struct slice *plain)
{
    char *to = arena_take(arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\\' && (++i >= text.size || !memchr("\\\"", text.data[i], 2)))
            return false;
        to[size++] = text.data[i];
    }
    *plain = (struct slice){to, size};
    return true;
}

/* quoted = DQUOTE *QUOTED-CHAR DQUOTE */
static bool take_quoted(struct imap_args *a, struct slice *s)
{
    bool has_escapes;
    size_t close = find_close(a, &has_escapes);
    if (close == a->text.size)
        return imap_args_fail(a, "a quoted string is not closed");
    *s = slice_part(a->text, a->at + 1, close);
    if (s->size > 0 && !may_be_quoted(a, *s))
        return imap_args_fail(a, "an octet that can't be in a quoted string");
    if (has_escapes && !unescape(a->arena, *s, s))
        return imap_args_fail(a, "a backslash before what needs none");
    a->at = close + 1;
    return true;
}

/* string = quoted / literal; servers say literal8 where a nstring can be, too */
bool imap_args_string(struct imap_args *a, struct slice *s)
{
    bool is_binary;
    char next = imap_args_peek(a);
    if (next == '"')
        return take_quoted(a, s);
    if (next == '{' || (next == '~' && a->is_response))
        return imap_args_literal(a, s, &is_binary);
    return imap_args_fail(a, "a string was expected");
}

static bool starts_string(const struct imap_args *a)
{
    char next = imap_args_peek(a);
    return next == '"' || next == '{';
}

/* astring = 1*ASTRING-CHAR / string */
bool imap_args_astring(struct imap_args *a, struct slice *s)
{
    if (starts_string(a))
        return imap_args_string(a, s);
    return take_run(a, is_astring_octet, "an atom or a string was expected", s);
}

/* nstring = string / nil */
bool imap_args_nstring(struct imap_args *a, struct slice *s, bool *is_nil)
{
    *is_nil = imap_args_word(a, SLICE("NIL"));
    *s = (struct slice){"", 0};
    return *is_nil || imap_args_string(a, s);
}

/* ---- mailbox names ---- */

/* The name in UTF-8, in the arena if it had to be changed. */
static bool decode_name(struct imap_args *a, struct slice *name)
{
    struct bytes utf8;
    if (a->is_utf8 || slice_find_octet(*name, '&', 0) == SLICE_NONE)
        return a->is_utf8 || a->is_response || !slice_is_8bit(*name);
    bytes_init(&utf8, name->size * 2);
    bool is_good = imap_utf7_decode(*name, &utf8);
    if (is_good)
        *name = arena_copy(a->arena, bytes_slice(&utf8));
    bytes_finish(&utf8);
    return is_good || a->is_response;
}

/* mailbox = "INBOX" / astring, where INBOX is in any case */
bool imap_args_mailbox(struct imap_args *a, struct slice *name)
{
    if (!imap_args_astring(a, name))
        return false;
    if (!decode_name(a, name))
        return imap_args_fail(a, "a mailbox name that is no modified UTF-7");
    if (!a->is_response && !imap_utf7_is_name(*name))
        return imap_args_fail(a, "a mailbox name that can't be one");
    if (slice_equal_fold(*name, SLICE("INBOX")))
        *name = SLICE("INBOX");
    return true;
}

/* list-mailbox = 1*list-char / string */
bool imap_args_list_mailbox(struct imap_args *a, struct slice *pattern)
{
    if (starts_string(a) ? !imap_args_string(a, pattern)
                         : !take_run(a, is_list_octet, "a mailbox pattern was expected", pattern))
        return false;
    return decode_name(a, pattern) ||
           imap_args_fail(a, "a mailbox pattern that is no modified UTF-7");
}

/* ---- numbers and sets ---- */

bool imap_args_number64(struct imap_args *a, uint64_t *number)
{
    struct slice digits;
    return take_run(a, is_digit, "a number was expected", &digits) &&
           ((slice_to_u64(digits, number) && *number <= (uint64_t)INT64_MAX) ||
            imap_args_fail(a, "a number that is too large"));
}

bool imap_args_number(struct imap_args *a, uint32_t *number)
{
    uint64_t value;
    if (!imap_args_number64(a, &value))
        return false;
    *number = (uint32_t)value;
    return value <= UINT32_MAX || imap_args_fail(a, "a number that is too large");
}

/* nz-number = digit-nz *DIGIT */
bool imap_args_nz_number(struct imap_args *a, uint32_t *number)
{
    if (imap_args_peek(a) == '0')
        return imap_args_fail(a, "a number above zero was expected");
    return imap_args_number(a, number);
}

bool imap_args_set(struct imap_args *a, struct imap_set *set)
{
    struct slice text;
    return take_run(a, is_set_octet, "a sequence set was expected", &text) &&
           (imap_set_read(set, text) || imap_args_fail(a, "a malformed sequence set"));
}

/* ---- flags and lists ---- */

/* flag = "\" atom / atom; a server also says "\*" (flag-perm) */
bool imap_args_flag(struct imap_args *a, struct slice *flag)
{
    size_t from = a->at;
    struct slice atom;
    bool is_system = imap_args_skip(a, '\\');
    bool is_star = is_system && a->is_response && imap_args_skip(a, '*');
    if (!is_star && !take_run(a, is_atom_octet, "a flag was expected", &atom))
        return false;
    *flag = slice_part(a->text, from, a->at);
    return true;
}

bool imap_args_list_next(struct imap_args *a, bool *is_first)
{
    bool was_first = *is_first;
    *is_first = false;
    if (imap_args_skip(a, ')'))
        return false;
    if (!was_first)
        return imap_args_sp(a);
    return a->problem == NULL && (!imap_args_is_end(a) || imap_args_fail(a, "\")\" expected"));
}

void imap_names_add(struct imap_names *names, struct slice name, struct arena *arena)
{
    if (names->count == names->capacity) {
        size_t capacity = names->capacity ? names->capacity * 2 : 8;
        struct slice *items = arena_take(arena, capacity * sizeof *items);
        for (size_t i = 0; i < names->count; i++)
            items[i] = names->items[i];
        names->items = items;
        names->capacity = capacity;
    }
    names->items[names->count++] = name;
}

static bool take_flag(struct imap_args *a, struct imap_names *flags)
{
    struct slice flag;
    if (!imap_args_flag(a, &flag))
        return false;
    imap_names_add(flags, flag, a->arena);
    return true;
}

/* flag-list = "(" [flag *(SP flag)] ")" */
bool imap_args_flag_list(struct imap_args *a, struct imap_names *flags)
{
    *flags = (struct imap_names){0};
    if (!imap_args_expect(a, '('))
        return false;
    for (bool is_first = true; imap_args_list_next(a, &is_first);)
        if (!take_flag(a, flags))
            return false;
    return a->problem == NULL;
}

/* flag-list / (flag *(SP flag)) */
bool imap_args_flags(struct imap_args *a, struct imap_names *flags)
{
    if (imap_args_peek(a) == '(')
        return imap_args_flag_list(a, flags);
    *flags = (struct imap_names){0};
    do {
        if (!take_flag(a, flags))
            return false;
    } while (imap_args_skip(a, ' '));
    return true;
}

/* ---- data that nobody here knows ---- */

/* What a server may write without quotes: flags, numbers, atoms, sections. */
static bool is_plain_octet(char octet)
{
    return (unsigned char)octet > ' ' && octet != 0x7F && !memchr("(){\"", octet, 4);
}

bool imap_args_any(struct imap_args *a)
{
    size_t depth = 0;
    struct slice ignored;
    do {
        while (depth > 0 && imap_args_skip(a, ' '))
            ;
        if (imap_args_skip(a, '('))
            depth++;
        else if (depth > 0 && imap_args_skip(a, ')'))
            depth--;
        else if (starts_string(a) || slice_starts(imap_args_rest(a), SLICE("~{")))
            imap_args_string(a, &ignored);
        else
            take_run(a, is_plain_octet, "a value was expected", &ignored);
    } while (depth > 0 && !a->problem);
    return a->problem == NULL;
}
