#include "agents/mail/header.h"

#include "agents/mail/token.h"

/*
 * Lines are kept to 76 octets: RFC 5322 2.1.1 would have 78, RFC 2047 2 wants 76 where there are
 * encoded words. No line may pass 998, so a longer word is cut.
 */
enum { LINE_OCTETS = 76, LINE_OCTETS_MAX = 998 };

/* The place behind the line that starts at `at`. A lone LF ends a line too, as in files. */
static size_t line_end(struct slice text, size_t at)
{
    size_t newline = slice_find_octet(text, '\n', at);
    return newline == SLICE_NONE ? text.size : newline + 1;
}

static bool is_empty_line(struct slice text, size_t at)
{
    if (at < text.size && text.data[at] == '\r')
        at++;
    return at < text.size && text.data[at] == '\n';
}

void header_split(struct slice content, struct slice *header, struct slice *body)
{
    size_t at = 0;
    while (at < content.size && !is_empty_line(content, at))
        at = line_end(content, at);
    if (at < content.size)
        at = line_end(content, at);
    *header = slice_part(content, 0, at);
    *body = slice_part(content, at, content.size);
}

/* Field names are visible ASCII without the colon (RFC 5322 3.6.8). */
static bool is_name_octet(char octet)
{
    return octet > ' ' && octet <= '~' && octet != ':';
}

static struct slice without_line_end(struct slice s)
{
    if (s.size && s.data[s.size - 1] == '\n')
        s.size--;
    if (s.size && s.data[s.size - 1] == '\r')
        s.size--;
    return s;
}

bool header_next(struct slice *header, struct header_field *field)
{
    struct slice text = *header;
    if (text.size == 0 || is_empty_line(text, 0))
        return false;
    size_t end = line_end(text, 0);
    while (end < text.size && (text.data[end] == ' ' || text.data[end] == '\t'))
        end = line_end(text, end);
    field->whole = slice_part(text, 0, end);
    *header = slice_part(text, end, text.size);

    size_t name_end = 0;
    while (name_end < end && is_name_octet(text.data[name_end]))
        name_end++;
    size_t colon = name_end; /* blanks before it are of the obsolete syntax (RFC 5322 4.5) */
    while (colon < end && (text.data[colon] == ' ' || text.data[colon] == '\t'))
        colon++;
    bool is_field = name_end > 0 && colon < end && text.data[colon] == ':';
    size_t value = is_field ? colon + 1 : 0;
    while (is_field && value < end && token_is_blank(text.data[value]))
        value++;
    field->name = slice_part(text, 0, is_field ? name_end : 0);
    field->value = without_line_end(slice_part(text, value, end));
    return true;
}

bool header_find(struct slice header, struct slice name, unsigned n, struct header_field *field)
{
    struct header_field next;
    while (n > 0 && header_next(&header, &next)) {
        if (!slice_equal_fold(next.name, name) || --n > 0)
            continue;
        *field = next;
        return true;
    }
    return false;
}

unsigned header_count(struct slice header, struct slice name)
{
    struct header_field field;
    unsigned count = 0;
    while (header_next(&header, &field))
        count += slice_equal_fold(field.name, name);
    return count;
}

/* Octets of a fold at `at`: the line end and the blanks behind it. 0 when there is none. */
static size_t fold_size(struct slice value, size_t at)
{
    size_t end = at;
    if (end < value.size && value.data[end] == '\r')
        end++;
    if (end == value.size || value.data[end] != '\n')
        return 0;
    size_t blanks = ++end;
    while (end < value.size && (value.data[end] == ' ' || value.data[end] == '\t'))
        end++;
    return end > blanks ? end - at : 0;
}

bool header_unfold(struct slice value, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = true;
    size_t run = 0;
    for (size_t i = 0; i < value.size && fits;) {
        size_t fold = fold_size(value, i);
        if (fold == 0) {
            i++;
            continue;
        }
        fits = bytes_append(out, slice_part(value, run, i)) && bytes_append_octet(out, ' ');
        run = i += fold;
    }
    fits = fits && bytes_append(out, slice_part(value, run, value.size));
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

/* Blanks, and what would end the line or the field if it were written as it is. */
static bool is_gap(char octet)
{
    return token_is_blank(octet) || octet == '\0';
}

/* Keeps a blank or tab, makes the others a space. */
static bool append_gap(struct bytes *out, struct slice gap)
{
    for (size_t i = 0; i < gap.size; i++)
        if (!bytes_append_octet(out, gap.data[i] == '\t' ? '\t' : ' '))
            return false;
    return true;
}

/* A word from *column on; one that no line can hold is cut, the pieces on lines of their own. */
static bool append_word(struct bytes *out, struct slice word, size_t *column)
{
    while (*column + word.size > LINE_OCTETS_MAX) {
        size_t room = LINE_OCTETS_MAX - *column;
        if (!bytes_append(out, slice_part(word, 0, room)) || !bytes_append(out, SLICE("\r\n ")))
            return false;
        word = slice_part(word, room, word.size);
        *column = 1;
    }
    *column += word.size;
    return bytes_append(out, word);
}

/* The words of the value; each that would pass the line's end begins a new one (RFC 5322 2.2.3). */
static bool append_folded(struct bytes *out, struct slice value, size_t column)
{
    size_t i = 0;
    bool is_first = true;
    while (i < value.size) {
        size_t word = i;
        while (word < value.size && is_gap(value.data[word]))
            word++;
        size_t end = word;
        while (end < value.size && !is_gap(value.data[end]))
            end++;
        if (end == word)
            break; /* blanks at the end would make a line of blanks only */
        bool is_fold = !is_first && column + (end - i) > LINE_OCTETS;
        if (is_fold && !bytes_append(out, SLICE("\r\n ")))
            return false;
        if (!is_fold && !is_first && !append_gap(out, slice_part(value, i, word)))
            return false;
        column = is_fold ? 1 : is_first ? column : column + (word - i);
        if (!append_word(out, slice_part(value, word, end), &column))
            return false;
        is_first = false;
        i = end;
    }
    return true;
}

bool header_write(struct bytes *out, struct slice name, struct slice value)
{
    size_t before = bytes_size(out);
    bool fits = true;
    for (size_t i = 0; i < name.size && fits; i++)
        fits = bytes_append_octet(out, is_name_octet(name.data[i]) ? name.data[i] : '-');
    fits = fits && bytes_append(out, SLICE(": ")) && append_folded(out, value, name.size + 2) &&
           bytes_append(out, SLICE("\r\n"));
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
