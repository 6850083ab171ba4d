#include "agents/mail/mime_part.h"

#include "agents/mail/token.h"

/* A token off the front of *text, with what may stand around it. */
static struct slice take_token(struct slice *text)
{
    size_t from = token_space(*text, 0), end = from;
    while (end < text->size && token_is_mime(text->data[end]))
        end++;
    struct slice token = slice_part(*text, from, end);
    *text = slice_part(*text, token_space(*text, end), text->size);
    return token;
}

void mime_part_be_text(struct mime_part *part)
{
    part->type = SLICE("text");
    part->subtype = SLICE("plain");
    part->parameters = SLICE("; charset=us-ascii");
    part->boundary = SLICE("");
    part->is_multipart = part->is_message = false;
}

/* type "/" subtype *(";" parameter) */
static void read_type(struct mime_part *part, struct slice value)
{
    struct slice type = take_token(&value);
    if (type.size == 0 || value.size == 0 || value.data[0] != '/')
        return;
    value = slice_part(value, 1, value.size);
    size_t from = token_space(value, 0);
    struct slice rest = value;
    struct slice subtype = take_token(&rest);
    if (subtype.size == 0)
        return;
    part->type = type;
    part->subtype = subtype;
    part->parameters = slice_part(value, from + subtype.size, value.size);
}

static void read_encoding(struct mime_part *part, struct slice value)
{
    static const struct {
        const char *name;
        enum mime_encoding encoding;
    } encodings[] = {{"7bit", MIME_7BIT},
                     {"8bit", MIME_8BIT},
                     {"binary", MIME_BINARY},
                     {"quoted-printable", MIME_QUOTED_PRINTABLE},
                     {"base64", MIME_BASE64}};
    struct slice word = take_token(&value);
    if (word.size == 0)
        return;
    part->encoding_word = word;
    part->encoding = MIME_ENCODING_UNKNOWN;
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (slice_equal_fold(word, slice_of(encodings[i].name)))
            part->encoding = encodings[i].encoding;
}

/* Blanks at its end are not part of a boundary (RFC 2046 5.1.1); those that were there got lost. */
static struct slice without_blanks_behind(struct slice s)
{
    while (s.size && token_is_blank(s.data[s.size - 1]))
        s.size--;
    return s;
}

/* The value in the header itself, when nothing in it has to be undone: as nearly all are. */
static bool find_plain_boundary(struct slice parameters, struct slice *boundary)
{
    static const char name[] = "boundary=";
    struct slice rest = slice_part(parameters, token_space(parameters, 0), parameters.size);
    if (rest.size == 0 || rest.data[0] != ';')
        return false;
    size_t from = token_space(rest, 1);
    rest = slice_part(rest, from, rest.size);
    if (!slice_starts_fold(rest, slice_of(name)) ||
        slice_find(rest, SLICE("oundary*"), 0) != SLICE_NONE)
        return false;
    rest = slice_part(rest, sizeof name - 1, rest.size);
    bool is_quoted = rest.size > 0 && rest.data[0] == '"';
    size_t end = is_quoted;
    while (end < rest.size &&
           (token_is_mime(rest.data[end]) || (is_quoted && token_is_printable(rest.data[end]) &&
                                              rest.data[end] != '"' && rest.data[end] != '\\')))
        end++;
    *boundary = slice_part(rest, is_quoted, end);
    if (is_quoted)
        return end < rest.size && rest.data[end] == '"';
    return end == rest.size || rest.data[end] == ';';
}

static void read_boundary(struct mime_part *part, struct arena *texts)
{
    struct bytes boundary;
    if (find_plain_boundary(part->parameters, &part->boundary)) {
        part->boundary = without_blanks_behind(part->boundary);
        return;
    }
    bytes_init(&boundary, part->parameters.size);
    part->boundary = SLICE("");
    if (mime_parameter(part->parameters, SLICE("boundary"), &boundary))
        part->boundary = without_blanks_behind(arena_copy(texts, bytes_slice(&boundary)));
    bytes_finish(&boundary);
}

void mime_part_read(struct mime_part *part, bool is_in_digest, struct arena *texts)
{
    struct slice header = part->header;
    struct header_field field, type = {.value = SLICE("")};
    bool has_encoding = false, has_type = false;
    mime_part_be_text(part);
    part->encoding_word = SLICE("7BIT");
    while (header_next(&header, &field)) {
        if (!slice_starts_fold(field.name, SLICE("Content-T")))
            continue;
        if (!has_type && slice_equal_fold(field.name, SLICE("Content-Type"))) {
            type = field;
            has_type = true;
        } else if (!has_encoding &&
                   slice_equal_fold(field.name, SLICE("Content-Transfer-Encoding"))) {
            read_encoding(part, field.value);
            has_encoding = true;
        }
    }
    if (has_type)
        read_type(part, type.value);
    else if (is_in_digest)
        part->type = SLICE("message"), part->subtype = SLICE("rfc822"),
        part->parameters = SLICE("");
    part->is_message = slice_equal_fold(part->type, SLICE("message")) &&
                       (slice_equal_fold(part->subtype, SLICE("rfc822")) ||
                        slice_equal_fold(part->subtype, SLICE("global")));
    if (!slice_equal_fold(part->type, SLICE("multipart")))
        return;
    read_boundary(part, texts);
    part->is_multipart = part->boundary.size > 0;
    if (!part->is_multipart)
        mime_part_be_text(part);
}
