#include "agents/proto/smtp_xtext.h"

static const char hex_digits[] = "0123456789ABCDEF";

/* xchar = any ASCII from "!" to "~" but "+" and "=" */
static bool is_xchar(char octet)
{
    return octet > ' ' && octet <= '~' && octet != '+' && octet != '=';
}

static bool is_utf8_octet(char octet)
{
    return (octet & 0x80) != 0;
}

/* -1: no digit. Small letters are none here (RFC 3461 4). */
static int hex_value(char octet)
{
    if (octet >= '0' && octet <= '9')
        return octet - '0';
    return octet >= 'A' && octet <= 'F' ? octet - 'A' + 10 : -1;
}

bool smtp_xtext_read(struct slice xtext, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool is_good = true;
    for (size_t i = 0; i < xtext.size && is_good; i++) {
        char octet = xtext.data[i];
        if (octet != '+') {
            is_good = (is_xchar(octet) || is_utf8_octet(octet)) && bytes_append_octet(out, octet);
            continue;
        }
        int high = i + 2 < xtext.size ? hex_value(xtext.data[i + 1]) : -1;
        int low = i + 2 < xtext.size ? hex_value(xtext.data[i + 2]) : -1;
        is_good = high >= 0 && low >= 0 && bytes_append_octet(out, (char)(high * 16 + low));
        i += 2;
    }
    if (!is_good)
        bytes_truncate(out, before);
    return is_good;
}

bool smtp_xtext_write(struct slice text, bool keeps_utf8, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = true;
    for (size_t i = 0; i < text.size && fits; i++) {
        unsigned char octet = (unsigned char)text.data[i];
        const char code[] = {'+', hex_digits[octet >> 4], hex_digits[octet & 15]};
        if (is_xchar(text.data[i]) || (keeps_utf8 && is_utf8_octet(text.data[i])))
            fits = bytes_append_octet(out, text.data[i]);
        else
            fits = bytes_append(out, (struct slice){code, sizeof code});
    }
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
