#include "agents/proto/imap_utf7.h"

#include "sim/base/utf8.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* One character off the front of a text that is not empty; UINT32_MAX when it is no UTF-8. */
static uint32_t take(struct slice *text)
{
    size_t size;
    uint32_t c = utf8_read(*text, &size);
    *text = slice_part(*text, size, text->size);
    return c;
}

bool imap_utf7_is_name(struct slice text)
{
    bool has_any = text.size > 0;
    while (text.size > 0) {
        uint32_t c = take(&text);
        if (c == UINT32_MAX || c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029)
            return false;
    }
    return has_any;
}

/* ---- decoding ---- */

static int sextet(char octet)
{
    const char *at = octet ? memchr(alphabet, octet, 64) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

/* UTF-16 units coming one after the other. */
struct units {
    uint32_t high; /* a high surrogate that waits for its other half; 0 none */
    struct bytes *out;
};

static bool take_unit(struct units *u, uint32_t unit)
{
    bool is_low = unit >= 0xDC00 && unit <= 0xDFFF;
    if (is_low != (u->high != 0))
        return false;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        u->high = unit;
        return true;
    }
    uint32_t c = is_low ? 0x10000 + ((u->high - 0xD800) << 10) + (unit - 0xDC00) : unit;
    u->high = 0;
    if (c == 0 || (c >= 0x20 && c <= 0x7E)) /* printable ASCII stands for itself */
        return false;
    return utf8_append(c, u->out);
}

/* What is between '&' and '-': whole 16-bit units, and less than a sextet of zeros to fill up. */
static bool decode_shifted(struct slice base64, struct bytes *out)
{
    struct units units = {.out = out};
    uint32_t bits = 0;
    int count = 0;
    for (size_t i = 0; i < base64.size; i++) {
        int value = sextet(base64.data[i]);
        if (value < 0)
            return false;
        bits = (bits << 6 | (uint32_t)value) & 0x3FFFFF;
        count += 6;
        if (count < 16)
            continue;
        count -= 16;
        if (!take_unit(&units, bits >> count & 0xFFFF))
            return false;
    }
    return units.high == 0 && count < 6 && (bits & ((1u << count) - 1)) == 0;
}

static bool decode(struct slice name, struct bytes *out)
{
    bool was_shifted = false;
    for (size_t at = 0; at < name.size; at++) {
        char octet = name.data[at];
        if (octet < 0x20 || octet > 0x7E)
            return false;
        if (octet != '&') {
            was_shifted = false;
            if (!bytes_append_octet(out, octet))
                return false;
            continue;
        }
        size_t end = slice_find_octet(name, '-', at + 1);
        if (end == SLICE_NONE)
            return false;
        bool is_shifted = end > at + 1;
        if (is_shifted && (was_shifted || !decode_shifted(slice_part(name, at + 1, end), out)))
            return false;
        if (!is_shifted && !bytes_append_octet(out, '&'))
            return false;
        was_shifted = is_shifted;
        at = end;
    }
    return true;
}

bool imap_utf7_decode(struct slice name, struct bytes *out)
{
    size_t before = bytes_size(out);
    if (decode(name, out))
        return true;
    bytes_truncate(out, before);
    return false;
}

/* ---- encoding ---- */

struct encoder {
    struct bytes *out;
    uint32_t bits;
    int count; /* bits not written yet */
    bool is_shifted;
};

static bool put_unit(struct encoder *e, uint32_t unit)
{
    e->bits = (e->bits & 0x3F) << 16 | unit;
    e->count += 16;
    while (e->count >= 6) {
        e->count -= 6;
        if (!bytes_append_octet(e->out, alphabet[e->bits >> e->count & 0x3F]))
            return false;
    }
    return true;
}

static bool shift_out(struct encoder *e)
{
    if (!e->is_shifted)
        return true;
    e->is_shifted = false;
    if (e->count > 0 &&
        !bytes_append_octet(e->out, alphabet[(e->bits & ((1u << e->count) - 1)) << (6 - e->count)]))
        return false;
    return bytes_append_octet(e->out, '-');
}

static bool put_character(struct encoder *e, uint32_t c)
{
    if (c >= 0x20 && c <= 0x7E)
        return shift_out(e) && bytes_append_octet(e->out, (char)c) &&
               (c != '&' || bytes_append_octet(e->out, '-'));
    if (!e->is_shifted) {
        if (!bytes_append_octet(e->out, '&'))
            return false;
        *e = (struct encoder){.out = e->out, .is_shifted = true};
    }
    if (c < 0x10000)
        return put_unit(e, c);
    return put_unit(e, 0xD800 + ((c - 0x10000) >> 10)) &&
           put_unit(e, 0xDC00 + ((c - 0x10000) & 0x3FF));
}

bool imap_utf7_encode(struct slice text, struct bytes *out)
{
    struct encoder e = {.out = out};
    size_t before = bytes_size(out);
    bool fits = true;
    while (fits && text.size > 0) {
        uint32_t c = take(&text);
        fits = c != UINT32_MAX && c != 0 && put_character(&e, c);
    }
    fits = fits && shift_out(&e);
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
