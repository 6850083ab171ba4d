#include "agents/mail/text_search.h"

#include <stdlib.h>

#include "agents/mail/fold.h"
#include "agents/mail/mime_charset.h"
#include "agents/mail/mime_decoder.h"
#include "sim/base/memory.h"

/* A piece of a body in other charsets may have more octets as UTF-8. */
enum { DECODED_MAX = 2 * MIME_PIECE_OCTETS, TEXT_MAX = 8 * MIME_PIECE_OCTETS };

/*
 * The algorithm of Knuth, Morris and Pratt, because it never looks back: borders[n] is the size of
 * the longest text that the first n octets of the key begin and end with, other than all of them.
 * Where the next octet does not fit, that much of the key is still matched.
 */
static void find_borders(struct text_search *search)
{
    struct slice key = bytes_slice(&search->key);
    size_t border = 0;
    search->borders = memory_take((key.size + 1) * sizeof *search->borders);
    for (size_t i = 1; i < key.size; i++) {
        while (border > 0 && key.data[border] != key.data[i])
            border = search->borders[border];
        border += key.data[border] == key.data[i];
        search->borders[i + 1] = border;
    }
}

void text_search_init(struct text_search *search, struct slice what)
{
    *search = (struct text_search){.matched = 0};
    bytes_init(&search->key, what.size);
    bytes_init(&search->decoded, DECODED_MAX);
    bytes_init(&search->text, TEXT_MAX);
    bytes_init(&search->folded, TEXT_MAX);
    fold_write(what, &search->key);
    find_borders(search);
}

void text_search_finish(struct text_search *search)
{
    bytes_finish(&search->key);
    bytes_finish(&search->decoded);
    bytes_finish(&search->text);
    bytes_finish(&search->folded);
    free(search->borders);
}

/* Folded octets that come next. True when the key has been seen whole. */
static bool look_at(struct text_search *search, struct slice text)
{
    struct slice key = bytes_slice(&search->key);
    size_t matched = search->matched;
    for (size_t i = 0; i < text.size && matched < key.size; i++) {
        if (matched == 0) {
            i = slice_find_octet(text, key.data[0], i);
            if (i == SLICE_NONE)
                break;
        }
        while (matched > 0 && key.data[matched] != text.data[i])
            matched = search->borders[matched];
        matched += key.data[matched] == text.data[i];
    }
    search->matched = matched;
    return matched == key.size;
}

/* The next part of a text, which ends between two characters. */
static bool look_at_text(struct text_search *search, struct slice text)
{
    enum { STEP = TEXT_MAX / 2 };
    bool is_found = search->matched == bytes_size(&search->key);
    for (size_t i = 0; i < text.size && !is_found;) {
        size_t end = i + STEP < text.size ? i + STEP : text.size;
        while (end < text.size && end > i + 1 && ((unsigned char)text.data[end] & 0xC0) == 0x80 &&
               end > i + STEP - 4)
            end--;
        bytes_clear(&search->folded);
        fold_write(slice_part(text, i, end), &search->folded);
        is_found = look_at(search, bytes_slice(&search->folded));
        i = end;
    }
    return is_found;
}

bool text_search_utf8(struct text_search *search, struct slice text)
{
    search->matched = 0;
    return look_at_text(search, text);
}

bool text_search_value(struct text_search *search, struct slice value)
{
    struct bytes decoded;
    bytes_init(&decoded, 8 * value.size); /* more than any charset makes of it */
    mime_decode_words(value, &decoded);
    bool is_found = text_search_utf8(search, bytes_slice(&decoded));
    bytes_finish(&decoded);
    return is_found;
}

static bool look_at_field(struct text_search *search, const struct header_field *field)
{
    struct bytes line;
    bytes_init(&line, field->name.size + 2 + 8 * field->value.size);
    bytes_append(&line, field->name);
    bytes_append(&line, field->name.size ? SLICE(": ") : SLICE(""));
    mime_decode_words(field->value, &line);
    bool is_found = text_search_utf8(search, bytes_slice(&line));
    bytes_finish(&line);
    return is_found;
}

bool text_search_header(struct text_search *search, struct slice header)
{
    struct header_field field;
    bool is_found = bytes_size(&search->key) == 0;
    while (!is_found && header_next(&header, &field))
        is_found = look_at_field(search, &field);
    return is_found;
}

/* What was decoded, as far as it ends with a whole character; the rest waits for more. */
static bool look_at_decoded(struct text_search *search, struct mime_charset *charset, bool is_last)
{
    size_t used;
    do {
        bytes_clear(&search->text);
        used = mime_charset_read(charset, bytes_slice(&search->decoded), is_last, &search->text);
        bytes_consume(&search->decoded, used);
        if (look_at_text(search, bytes_slice(&search->text)))
            return true;
    } while (used > 0 && bytes_size(&search->decoded) > 0);
    return false;
}

/* A text without a charset should be US-ASCII, of which UTF-8 is more. */
static void open_charset(const struct mime_part *part, struct mime_charset *charset)
{
    enum { NAME_MAX_OCTETS = 80 };
    struct bytes name;
    bytes_init(&name, NAME_MAX_OCTETS);
    if (!mime_parameter(part->parameters, SLICE("charset"), &name) ||
        !mime_charset_init(charset, bytes_slice(&name)) || charset->kind == MIME_CHARSET_ASCII)
        (void)mime_charset_init(charset, SLICE("utf-8"));
    bytes_finish(&name);
}

static bool look_at_body(struct text_search *search, const struct mime_part *part)
{
    struct mime_decoder decoder;
    struct mime_charset charset;
    bool is_found = false;
    search->matched = 0;
    bytes_clear(&search->decoded);
    open_charset(part, &charset);
    mime_decoder_init(&decoder, part->body, part->encoding);
    while (!is_found && mime_decoder_next(&decoder, &search->decoded))
        is_found = look_at_decoded(search, &charset, decoder.rest.size == 0);
    mime_charset_finish(&charset);
    return is_found;
}

bool text_search_body(struct text_search *search, const struct mime *mime)
{
    bool is_found = bytes_size(&search->key) == 0;
    for (size_t i = 0; i < mime->parts.count && !is_found; i++) {
        const struct mime_part *part = &mime->parts.items[i];
        bool is_text = !part->first_child && (slice_equal_fold(part->type, SLICE("text")) ||
                                              slice_equal_fold(part->type, SLICE("message")));
        is_found = (i > 0 && text_search_header(search, part->header)) ||
                   (is_text && look_at_body(search, part));
    }
    return is_found;
}

bool text_search_message(struct text_search *search, const struct mime *mime)
{
    return text_search_header(search, mime->parts.items[0].header) ||
           text_search_body(search, mime);
}
