#include "agents/mail/token.h"

bool token_is_atext(char octet)
{
    /* a bit for each of the 128: !#$%&'*+-/ digits =? in the first word; A-Z ^_` a-z {|}~ */
    static const uint64_t atext[2] = {UINT64_C(0xA3FFACFA00000000), UINT64_C(0x7FFFFFFFC7FFFFFE)};
    unsigned char place = (unsigned char)octet;
    return place < 128 && (atext[place >> 6] >> (place & 63) & 1);
}

bool token_is_mime(char octet)
{
    /* likewise: visible ASCII without ()<>@,;:\"/[]?= */
    static const uint64_t mime[2] = {UINT64_C(0x3FF6CFA00000000), UINT64_C(0x7FFFFFFFC7FFFFFE)};
    unsigned char place = (unsigned char)octet;
    return place < 128 && (mime[place >> 6] >> (place & 63) & 1);
}

size_t token_comment(struct slice text, size_t at)
{
    size_t depth = 0;
    for (; at < text.size; at++) {
        if (text.data[at] == '\\')
            at++;
        else if (text.data[at] == '(')
            depth++;
        else if (text.data[at] == ')' && --depth == 0)
            return at + 1;
    }
    return text.size;
}

size_t token_quoted(struct slice text, size_t at)
{
    for (at++; at < text.size; at++) {
        if (text.data[at] == '\\')
            at++;
        else if (text.data[at] == '"')
            return at + 1;
    }
    return text.size;
}

size_t token_space(struct slice text, size_t at)
{
    while (at < text.size) {
        if (token_is_blank(text.data[at]))
            at++;
        else if (text.data[at] == '(')
            at = token_comment(text, at);
        else
            break;
    }
    return at;
}
