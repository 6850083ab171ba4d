#include "agents/mail/encoded.h"

#include <string.h>

#include "agents/mail/token.h"
#include "sim/base/utf8.h"

/* RFC 2047 2 allows 75; 9 less leave room for "Subject: " in a line of 76. */
enum { WORD_OCTETS = 66, FRAME_OCTETS = 7 /* =? ?Q? ?= */ };

size_t encoded_character(struct slice text)
{
    size_t size = utf8_size(text);
    return size ? size : 1;
}

struct slice encoded_charset(struct slice text)
{
    return utf8_is_valid(text) ? SLICE("utf-8") : SLICE("iso-8859-1");
}

static char cleaned(char octet)
{
    return octet == '\r' || octet == '\n' || octet == '\0' ? ' ' : octet;
}

/* What Q leaves alone in every place where an encoded word may stand (RFC 2047 5 (3)). */
static bool is_plain(char octet)
{
    char lower = slice_lower(octet);
    return (lower >= 'a' && lower <= 'z') || token_is_digit(octet) ||
           (octet && strchr("!*+-/", octet));
}

static size_t q_size(struct slice text)
{
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++)
        size += is_plain(text.data[i]) || cleaned(text.data[i]) == ' ' ? 1 : 3;
    return size;
}

static size_t b_size(struct slice text)
{
    return (text.size + 2) / 3 * 4;
}

static bool append_q(struct slice text, struct bytes *out)
{
    static const char digits[] = "0123456789ABCDEF";
    bool fits = true;
    for (size_t i = 0; i < text.size && fits; i++) {
        char octet = cleaned(text.data[i]);
        unsigned value = (unsigned char)octet;
        const char escape[] = {'=', digits[value >> 4], digits[value & 15]};
        if (octet == ' ')
            fits = bytes_append_octet(out, '_');
        else if (is_plain(octet))
            fits = bytes_append_octet(out, octet);
        else
            fits = bytes_append(out, (struct slice){escape, sizeof escape});
    }
    return fits;
}

/* Base64 of RFC 4648 4. */
static bool append_b(struct slice text, struct bytes *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < text.size; i += 3) {
        uint32_t group = 0;
        size_t octets = text.size - i < 3 ? text.size - i : 3;
        for (size_t j = 0; j < 3; j++)
            group = group << 8 | (j < octets ? (unsigned char)cleaned(text.data[i + j]) : 0);
        for (size_t j = 0; j < 4; j++) {
            char digit = digits[group >> (18 - 6 * j) & 63];
            if (!bytes_append_octet(out, j <= octets ? digit : '='))
                return false;
        }
    }
    return true;
}

/* How much of the front of the text goes into one word, whole characters only. */
static size_t piece_size(struct slice text, bool is_b, bool is_utf8, size_t room)
{
    size_t size = 0, q_octets = 0;
    while (size < text.size) {
        struct slice rest = slice_part(text, size, text.size);
        size_t next = is_utf8 ? encoded_character(rest) : 1;
        q_octets += q_size(slice_part(rest, 0, next));
        size_t octets = is_b ? b_size(slice_part(text, 0, size + next)) : q_octets;
        if (octets > room)
            break;
        size += next;
    }
    return size;
}

static bool is_mostly_8bit(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += (text.data[i] & 0x80) != 0;
    return count > text.size / 2;
}

bool encoded_write(struct slice text, struct bytes *out)
{
    size_t before = bytes_size(out);
    struct slice charset = encoded_charset(text);
    bool is_utf8 = slice_equal(charset, SLICE("utf-8"));
    bool is_b = is_mostly_8bit(text);
    bool fits = true;
    for (size_t i = 0; i < text.size && fits;) {
        struct slice rest = slice_part(text, i, text.size);
        size_t size = piece_size(rest, is_b, is_utf8, WORD_OCTETS - FRAME_OCTETS - charset.size);
        struct slice piece = slice_part(rest, 0, size);
        fits = bytes_append(out, i ? SLICE(" =?") : SLICE("=?")) && bytes_append(out, charset) &&
               bytes_append(out, is_b ? SLICE("?B?") : SLICE("?Q?")) &&
               (is_b ? append_b(piece, out) : append_q(piece, out)) &&
               bytes_append(out, SLICE("?="));
        i += size;
    }
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
