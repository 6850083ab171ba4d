/*
 * The small tokens of structured header fields (RFC 5322 3.2): comments, quoted strings, and the
 * blanks and folds between tokens. Each function takes a place in a text and gives the place behind
 * the token; what is not closed reaches to the end of the text. Nothing recurses: the depth of a
 * comment is a count.
 */
#ifndef AGENTS_MAIL_TOKEN_H
#define AGENTS_MAIL_TOKEN_H

#include "sim/base/slice.h"

/* Space, tab, or one half of a fold. */
static inline bool token_is_blank(char octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

static inline bool token_is_digit(char octet)
{
    return octet >= '0' && octet <= '9';
}

/* An ASCII letter. */
static inline bool token_is_letter(char octet)
{
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

/* What a hexadecimal digit counts, or -1. */
static inline int token_hex(char octet)
{
    char lower = slice_lower(octet);
    if (token_is_digit(octet))
        return octet - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* What a word may be made of without quotes (atext, RFC 5322 3.2.3). ASCII only. */
bool token_is_atext(char octet);
/* What a token of MIME may be made of (RFC 2045 5.1). */
bool token_is_mime(char octet);
/* A space or a visible ASCII character. */
static inline bool token_is_printable(char octet)
{
    return octet >= ' ' && octet <= '~';
}

/* `at` is on the '(' (RFC 5322 3.2.2): comments nest, and a backslash hides the next octet. */
size_t token_comment(struct slice text, size_t at);
/* `at` is on the '"' (RFC 5322 3.2.4). */
size_t token_quoted(struct slice text, size_t at);
/* Behind all blanks, folds and comments from `at` on. */
size_t token_space(struct slice text, size_t at);

#endif
