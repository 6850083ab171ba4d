#include "agents/mail/mime_decoder.h"

#include "agents/mail/token.h"

void mime_decoder_init(struct mime_decoder *d, struct slice body, enum mime_encoding encoding)
{
    *d = (struct mime_decoder){.rest = body, .encoding = encoding};
}

/* What is no code of two digits stays as it is (RFC 2045 6.7, on robust decoders). */
static bool append_quoted(struct slice line, struct bytes *out)
{
    bool fits = true;
    for (size_t i = 0; i < line.size && fits;) {
        size_t equals = slice_find_octet(line, '=', i);
        fits = bytes_append(out, slice_part(line, i, equals));
        if (equals == SLICE_NONE || !fits)
            break;
        int high = equals + 2 < line.size ? token_hex(line.data[equals + 1]) : -1;
        int low = high >= 0 ? token_hex(line.data[equals + 2]) : -1;
        fits = bytes_append_octet(out, low >= 0 ? (char)(high << 4 | low) : '=');
        i = equals + (low >= 0 ? 3 : 1);
    }
    return fits;
}

/* Where a line without an end in sight is cut: not within a code. */
static size_t cut_place(struct slice text)
{
    size_t end = MIME_PIECE_OCTETS;
    if (text.data[end - 1] == '=')
        return end - 1;
    return text.data[end - 2] == '=' ? end - 2 : end;
}

/* One line. Blanks at its end were added on the way (RFC 2045 6.7 (3)); "=" there joins it to the
   next one (6.7 (5)). */
static bool next_quoted(struct mime_decoder *d, struct bytes *out)
{
    struct slice window = slice_part(d->rest, 0, MIME_PIECE_OCTETS);
    size_t newline = slice_find_octet(window, '\n', 0), end, next;
    if (newline == SLICE_NONE && d->rest.size > window.size) {
        next = cut_place(d->rest);
        struct slice piece = slice_part(window, 0, next);
        d->rest = slice_part(d->rest, next, d->rest.size);
        return append_quoted(piece, out);
    }
    end = next = newline == SLICE_NONE ? window.size : newline + 1;
    while (end > 0 && token_is_blank(window.data[end - 1]))
        end--;
    bool is_soft = end > 0 && window.data[end - 1] == '=';
    bool has_cr = newline != SLICE_NONE && newline > 0 && window.data[newline - 1] == '\r';
    d->rest = slice_part(d->rest, next, d->rest.size);
    bool fits = append_quoted(slice_part(window, 0, is_soft ? end - 1 : end), out);
    if (!is_soft && newline != SLICE_NONE)
        fits = fits && bytes_append(out, has_cr ? SLICE("\r\n") : SLICE("\n"));
    return fits;
}

/* For each octet 0 to 63, 64 for padding, 65 for what a decoder passes over (RFC 2045 6.8). */
enum { PAD = 64, OTHER = 65 };

static void make_table(unsigned char values[256])
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    memset(values, OTHER, 256);
    for (unsigned char i = 0; alphabet[i]; i++)
        values[(unsigned char)alphabet[i]] = i;
}

/* The octets of a group that is not complete: of two letters one, of three letters two. */
static size_t end_group(struct mime_decoder *d, char *at)
{
    size_t octets = d->letters > 1 ? d->letters - 1 : 0;
    for (size_t i = 0; i < octets; i++)
        at[i] = (char)(d->bits >> (6 * d->letters - 8 * (i + 1)));
    d->letters = 0;
    return octets;
}

/* As many whole groups of four letters with nothing between them as there are; *at moves on. */
static size_t read_groups(const unsigned char values[256], struct slice text, size_t *at,
                          char *octets)
{
    size_t i = *at, size = 0;
    for (; i + 4 <= text.size; i += 4, size += 3) {
        const unsigned char *letters = (const unsigned char *)text.data + i;
        uint32_t a = values[letters[0]], b = values[letters[1]], c = values[letters[2]],
                 e = values[letters[3]];
        if ((a | b | c | e) >= PAD)
            break;
        uint32_t bits = a << 18 | b << 12 | c << 6 | e;
        octets[size] = (char)(bits >> 16);
        octets[size + 1] = (char)(bits >> 8);
        octets[size + 2] = (char)bits;
    }
    *at = i;
    return size;
}

/* One octet of the text. Padding in the middle, where texts were put together, ends a group and not
   the text. */
static size_t read_letter(struct mime_decoder *d, unsigned value, char *octets)
{
    if (value == PAD)
        return end_group(d, octets);
    if (value == OTHER)
        return 0;
    d->bits = d->bits << 6 | value;
    if (++d->letters < 4)
        return 0;
    octets[0] = (char)(d->bits >> 16);
    octets[1] = (char)(d->bits >> 8);
    octets[2] = (char)d->bits;
    d->letters = 0;
    return 3;
}

static bool next_base64(struct mime_decoder *d, struct bytes *out)
{
    unsigned char values[256];
    char octets[MIME_PIECE_OCTETS / 4 * 3 + 3];
    struct slice text = slice_part(d->rest, 0, MIME_PIECE_OCTETS);
    size_t size = 0;
    make_table(values);
    d->rest = slice_part(d->rest, text.size, d->rest.size);
    for (size_t i = 0; i < text.size; i++) {
        if (d->letters == 0)
            size += read_groups(values, text, &i, octets + size);
        if (i < text.size)
            size += read_letter(d, values[(unsigned char)text.data[i]], octets + size);
    }
    if (d->rest.size == 0)
        size += end_group(d, octets + size);
    return bytes_append(out, (struct slice){octets, size});
}

static bool next_plain(struct mime_decoder *d, struct bytes *out)
{
    struct slice piece = slice_part(d->rest, 0, MIME_PIECE_OCTETS);
    d->rest = slice_part(d->rest, piece.size, d->rest.size);
    return bytes_append(out, piece);
}

bool mime_decoder_next(struct mime_decoder *d, struct bytes *out)
{
    if (d->rest.size == 0 || d->is_full)
        return false;
    bool fits = d->encoding == MIME_QUOTED_PRINTABLE ? next_quoted(d, out)
                : d->encoding == MIME_BASE64         ? next_base64(d, out)
                                                     : next_plain(d, out);
    d->is_full = !fits;
    return fits;
}

bool mime_decode(const struct mime_part *part, struct bytes *out)
{
    struct mime_decoder decoder;
    size_t before = bytes_size(out);
    if (part->encoding == MIME_ENCODING_UNKNOWN)
        return false;
    mime_decoder_init(&decoder, part->body, part->encoding);
    while (mime_decoder_next(&decoder, out))
        ;
    if (decoder.is_full)
        bytes_truncate(out, before);
    return !decoder.is_full;
}
