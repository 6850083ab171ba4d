#include "agents/mail/mime.h"

#include "agents/mail/token.h"
#include "sim/base/utf8.h"

/*
 * A value in pieces (RFC 2231 3) may have its pieces in any order. More than these are not put
 * together, and no parameter is looked for in more text than this, so that a header made to cost
 * time can't.
 */
enum { PIECES_MAX = 128, PARAMETERS_OCTETS_MAX = 64 << 10 };

/* Behind the next ';' outside of quotes, or at the end. */
static size_t next_start(struct slice text, size_t at)
{
    while (at < text.size && text.data[at] != ';')
        at = text.data[at] == '"' ? token_quoted(text, at) : at + 1;
    return at < text.size ? at + 1 : at;
}

/* Without quotes, backslashes and folds. `text` starts with a quote. */
static bool unquote(struct slice text, struct bytes *out)
{
    bool fits = true;
    for (size_t i = 1; i < text.size && text.data[i] != '"' && fits; i++) {
        if (text.data[i] == '\\' && i + 1 < text.size)
            i++;
        if (text.data[i] != '\r' && text.data[i] != '\n')
            fits = bytes_append_octet(out, text.data[i]);
    }
    return fits;
}

/* A value without quotes should be one token, but programs write blanks and all into it: it goes on
   to the ';' or to a comment behind a blank. */
static struct slice bare_value(struct slice text, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        if (text.data[i] == '(' && (i == from || token_is_blank(text.data[i - 1])))
            end = i;
    return slice_trim(slice_part(text, from, end));
}

/* The raw parts of one parameter; takes it off the front. False: at the end. */
static bool take_raw(struct slice *parameters, struct slice *name, struct slice *value)
{
    while (parameters->size > 0) {
        struct slice text = *parameters;
        size_t from = token_space(text, 0), end = from;
        while (end < text.size && token_is_mime(text.data[end]))
            end++;
        *name = slice_part(text, from, end);
        size_t equals = token_space(text, end);
        bool is_one = name->size && equals < text.size && text.data[equals] == '=';
        size_t start = token_space(text, is_one ? equals + 1 : equals);
        size_t behind = next_start(text, is_one ? start : from);
        *parameters = slice_part(text, behind, text.size);
        if (!is_one)
            continue;
        bool is_quoted = start < text.size && text.data[start] == '"';
        size_t stop = behind > start && text.data[behind - 1] == ';' ? behind - 1 : behind;
        *value = is_quoted ? slice_part(text, start, token_quoted(text, start))
                           : bare_value(text, start, stop);
        return true;
    }
    return false;
}

static bool append_value(struct slice value, struct bytes *out)
{
    return value.size && value.data[0] == '"' ? unquote(value, out) : bytes_append(out, value);
}

bool mime_next_parameter(struct slice *parameters, struct slice *name, struct bytes *out)
{
    struct slice value;
    while (take_raw(parameters, name, &value)) {
        bytes_clear(out);
        if (append_value(value, out))
            return true;
    }
    return false;
}

static bool append_percent(struct slice text, struct bytes *out)
{
    bool fits = true;
    for (size_t i = 0; i < text.size && fits; i++) {
        int high = text.data[i] == '%' && i + 2 < text.size ? token_hex(text.data[i + 1]) : -1;
        int low = high >= 0 ? token_hex(text.data[i + 2]) : -1;
        fits = bytes_append_octet(out, low >= 0 ? (char)(high << 4 | low) : text.data[i]);
        i += low >= 0 ? 2 : 0;
    }
    return fits;
}

/* charset'language' at the front of an extended value (RFC 2231 4). */
static struct slice take_charset(struct slice *text)
{
    size_t first = slice_find_octet(*text, '\'', 0);
    size_t second = first == SLICE_NONE ? SLICE_NONE : slice_find_octet(*text, '\'', first + 1);
    struct slice charset = SLICE("");
    if (second == SLICE_NONE)
        return charset;
    charset = slice_part(*text, 0, first);
    *text = slice_part(*text, second + 1, text->size);
    return charset;
}

/* A value as it was found: whole, or in pieces. */
struct found {
    struct {
        struct slice value;
        bool is_there, is_extended;
    } pieces[PIECES_MAX];
    struct slice plain, extended;
    bool has_plain, has_extended;
};

/* Takes note of "name", "name*", "name*0" or "name*0*" (RFC 2231 7); the first of each counts. */
static void note(struct found *found, struct slice suffix, struct slice value)
{
    uint64_t i;
    bool is_extended = suffix.size && suffix.data[suffix.size - 1] == '*';
    if (suffix.size == 0 && !found->has_plain) {
        found->plain = value;
        found->has_plain = true;
    } else if (is_extended && suffix.size == 1 && !found->has_extended) {
        found->extended = value;
        found->has_extended = true;
    } else if (suffix.size > 1 && suffix.data[0] == '*' &&
               slice_to_u64(slice_part(suffix, 1, suffix.size - is_extended), &i) &&
               i < PIECES_MAX && !found->pieces[i].is_there) {
        found->pieces[i].value = value;
        found->pieces[i].is_there = true;
        found->pieces[i].is_extended = is_extended;
    }
}

static void find_all(struct slice parameters, struct slice name, struct found *found)
{
    struct slice written, value;
    parameters = slice_part(parameters, 0, PARAMETERS_OCTETS_MAX);
    while (take_raw(&parameters, &written, &value))
        if (slice_starts_fold(written, name))
            note(found, slice_part(written, name.size, written.size), value);
}

/* An extended value should have no quotes around it, but some have. */
static struct slice without_quotes(struct slice value)
{
    if (value.size && value.data[0] == '"')
        value = slice_part(value, 1, value.size);
    return slice_ends(value, SLICE("\"")) ? slice_part(value, 0, value.size - 1) : value;
}

/* Appends the octets of an extended value whose first piece this is, and gives its charset. */
static struct slice append_extended(struct slice value, struct bytes *raw)
{
    struct slice text = without_quotes(value);
    struct slice charset = take_charset(&text);
    append_percent(text, raw);
    return charset;
}

/* Appends the octets of all pieces up to the first that is missing, and gives the charset. */
static struct slice append_pieces(const struct found *found, struct bytes *raw)
{
    struct slice charset = SLICE("");
    for (size_t i = 0; i < PIECES_MAX && found->pieces[i].is_there; i++) {
        struct slice value = found->pieces[i].value;
        if (found->pieces[i].is_extended && i == 0)
            charset = append_extended(value, raw);
        else if (found->pieces[i].is_extended)
            append_percent(without_quotes(value), raw);
        else
            append_value(value, raw);
    }
    return charset;
}

bool mime_parameter(struct slice parameters, struct slice name, struct bytes *out)
{
    struct found found = {.has_plain = false};
    struct slice charset = SLICE("");
    struct bytes raw; /* never longer than what is written, so appending to it can't fail */
    find_all(parameters, name, &found);
    if (!found.has_extended && !found.pieces[0].is_there && !found.has_plain)
        return false;
    bytes_init(&raw, parameters.size);
    if (found.has_extended)
        charset = append_extended(found.extended, &raw);
    else if (found.pieces[0].is_there)
        charset = append_pieces(&found, &raw);
    else
        append_value(found.plain, &raw);
    bool is_named = charset.size > 0 && mime_knows_charset(charset);
    bool fits = is_named ? mime_to_utf8(bytes_slice(&raw), charset, out)
                         : utf8_append_repaired(bytes_slice(&raw), out);
    bytes_finish(&raw);
    return fits;
}
