#include "agents/mail/mime.h"

#include "agents/mail/mime_decoder.h"
#include "agents/mail/token.h"
#include "sim/base/utf8.h"

/* =?charset*language?encoding?text?= (RFC 2047 2, RFC 2231 5) */
struct word {
    struct slice charset, text;
    bool is_b;
    size_t size; /* of all of it */
};

/* The part of a word up to the next '?': visible ASCII (RFC 2047 2). */
static bool take_piece(struct slice *rest, struct slice *piece)
{
    size_t end = 0;
    while (end < rest->size && rest->data[end] > ' ' && rest->data[end] <= '~' &&
           rest->data[end] != '?')
        end++;
    *piece = slice_part(*rest, 0, end);
    bool is_closed = end < rest->size && rest->data[end] == '?';
    *rest = slice_part(*rest, end + 1, rest->size);
    return is_closed;
}

/* "=" and two digits; nothing else may have a "=" (RFC 2047 4.2 (1)). */
static bool is_q(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '=' && (i + 2 >= text.size || token_hex(text.data[i + 1]) < 0 ||
                                    token_hex(text.data[i + 2]) < 0))
            return false;
    return true;
}

/* The alphabet, and padding at the end, of which some leave out a part. */
static bool is_b(struct slice text)
{
    while (slice_ends(text, SLICE("=")))
        text.size--;
    for (size_t i = 0; i < text.size; i++)
        if (!token_is_letter(text.data[i]) && !token_is_digit(text.data[i]) &&
            text.data[i] != '+' && text.data[i] != '/')
            return false;
    return true;
}

/* Words are parted from what is around them by blanks, or by the parentheses of a comment (RFC 2047
   5). */
static bool is_edge(struct slice value, size_t at, char parenthesis)
{
    return at >= value.size || token_is_blank(value.data[at]) || value.data[at] == parenthesis;
}

/* A word at `at` that can be decoded. What can't stays as it is (RFC 2047 6.3). */
static bool read_word(struct slice value, size_t at, struct word *word)
{
    struct slice rest = slice_part(value, at, value.size), encoding;
    if (!slice_starts(rest, SLICE("=?")) || (at > 0 && !is_edge(value, at - 1, '(')))
        return false;
    rest = slice_part(rest, 2, rest.size);
    if (!take_piece(&rest, &word->charset) || !take_piece(&rest, &encoding) ||
        !take_piece(&rest, &word->text) || !slice_starts(rest, SLICE("=")))
        return false;
    word->size = (size_t)(rest.data + 1 - value.data) - at;
    word->charset = slice_part(word->charset, 0, slice_find_octet(word->charset, '*', 0));
    word->is_b = slice_equal_fold(encoding, SLICE("B"));
    if (!word->is_b && !slice_equal_fold(encoding, SLICE("Q")))
        return false;
    return is_edge(value, at + word->size, ')') && word->charset.size > 0 &&
           (word->is_b ? is_b(word->text) : is_q(word->text)) && mime_knows_charset(word->charset);
}

/* The octets that a word stands for; never more than it has itself. */
static void append_octets(const struct word *word, struct bytes *octets)
{
    struct mime_decoder decoder;
    if (word->is_b) {
        mime_decoder_init(&decoder, word->text, MIME_BASE64);
        while (mime_decoder_next(&decoder, octets))
            ;
        return;
    }
    for (size_t i = 0; i < word->text.size; i++) {
        char octet = word->text.data[i];
        if (octet == '=') {
            octet =
                (char)(token_hex(word->text.data[i + 1]) << 4 | token_hex(word->text.data[i + 2]));
            i += 2;
        }
        bytes_append_octet(octets, word->text.data[i] == '_' ? ' ' : octet);
    }
}

/* No word may bring a line end or a NUL into a value. */
static void clean(struct bytes *out, size_t from)
{
    char *text = bytes_tail(out, bytes_size(out) - from);
    for (size_t i = 0; i < bytes_size(out) - from; i++)
        if (text[i] == '\r' || text[i] == '\n' || text[i] == '\0')
            text[i] = ' ';
}

/*
 * All words from the one at `at` on with nothing but blanks between them, which don't count (RFC
 * 2047 6.2). Those of one charset are put together before they are read, for some programs cut a
 * character in two. Gives the place behind the last word, or SLICE_NONE when out is full.
 */
static size_t append_words(struct slice value, size_t at, struct word *word, struct bytes *out)
{
    struct bytes octets;
    size_t from = bytes_size(out), next = at;
    bool fits = true, is_word = true;
    bytes_init(&octets, value.size);
    while (is_word && fits) {
        struct slice charset = word->charset;
        append_octets(word, &octets);
        at = next + word->size;
        next = at;
        while (next < value.size && token_is_blank(value.data[next]))
            next++;
        is_word = next > at && read_word(value, next, word);
        if (is_word && slice_equal_fold(charset, word->charset))
            continue;
        fits = mime_to_utf8(bytes_slice(&octets), charset, out);
        bytes_clear(&octets);
    }
    bytes_finish(&octets);
    if (!fits)
        return SLICE_NONE;
    if (bytes_size(out) > from)
        clean(out, from);
    return at;
}

static bool append_decoded(struct slice value, struct bytes *out)
{
    size_t run = 0, at = 0;
    struct word word;
    while ((at = slice_find(value, SLICE("=?"), at)) != SLICE_NONE) {
        if (!read_word(value, at, &word)) {
            at += 2;
            continue;
        }
        if (!utf8_append_repaired(slice_part(value, run, at), out))
            return false;
        run = at = append_words(value, at, &word, out);
        if (at == SLICE_NONE)
            return false;
    }
    return utf8_append_repaired(slice_part(value, run, value.size), out);
}

bool mime_decode_words(struct slice value, struct bytes *out)
{
    size_t before = bytes_size(out);
    struct bytes line;
    bytes_init(&line, value.size);
    header_unfold(value, &line);
    bool fits = append_decoded(bytes_slice(&line), out);
    bytes_finish(&line);
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
