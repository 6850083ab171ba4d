#include "agents/mail/token.h"

#include <string.h>

bool token_is_blank(char octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

bool token_is_digit(char octet)
{
    return octet >= '0' && octet <= '9';
}

bool token_is_atext(char octet)
{
    char lower = slice_lower(octet);
    if ((lower >= 'a' && lower <= 'z') || token_is_digit(octet))
        return true;
    return octet != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", octet);
}

bool token_is_printable(char octet)
{
    return octet >= ' ' && octet <= '~';
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
