#include "sim/base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { PAD = 64, INVALID = 65 };

static unsigned value_of(char octet)
{
    if (octet >= 'A' && octet <= 'Z')
        return (unsigned)(octet - 'A');
    if (octet >= 'a' && octet <= 'z')
        return (unsigned)(octet - 'a') + 26;
    if (octet >= '0' && octet <= '9')
        return (unsigned)(octet - '0') + 52;
    return octet == '+' ? 62 : octet == '/' ? 63 : octet == '=' ? PAD : INVALID;
}

bool base64_write(struct slice octets, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = true;
    for (size_t i = 0; fits && i < octets.size; i += 3) {
        size_t count = octets.size - i < 3 ? octets.size - i : 3;
        unsigned bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < count ? (unsigned char)octets.data[i + k] : 0);
        char group[4];
        for (size_t k = 0; k < 4; k++)
            group[k] = k <= count ? alphabet[bits >> (18 - 6 * k) & 63] : '=';
        fits = bytes_append(out, (struct slice){group, sizeof group});
    }
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

/* Four letters to at most three octets; gives how many, or 0 when the group is invalid. */
static size_t read_group(const char *letters, char octets[3])
{
    unsigned bits = 0, pads = 0;
    for (int i = 0; i < 4; i++) {
        unsigned value = value_of(letters[i]);
        if (value == INVALID || (value == PAD && i < 2) || (value != PAD && pads))
            return 0;
        pads += value == PAD;
        bits = bits << 6 | (value == PAD ? 0 : value);
    }
    if (bits & (pads == 1 ? 0xffu : pads == 2 ? 0xffffu : 0))
        return 0;
    for (int i = 0; i < 3; i++)
        octets[i] = (char)(bits >> (16 - 8 * i) & 0xff);
    return 3 - pads;
}

bool base64_read(struct slice text, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool is_valid = text.size % 4 == 0;
    for (size_t i = 0; is_valid && i < text.size; i += 4) {
        char octets[3];
        size_t count = read_group(text.data + i, octets);
        /* padding ends the text, so only the last group may be short */
        is_valid = count > 0 && (count == 3 || i + 4 == text.size) &&
                   bytes_append(out, (struct slice){octets, count});
    }
    if (!is_valid)
        bytes_truncate(out, before);
    return is_valid;
}
