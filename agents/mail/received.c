#include "agents/mail/received.h"

#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/date.h"
#include "agents/mail/token.h"

/* What a part may take of a line, so that no line passes 998 octets (RFC 5322 2.1.1). */
enum { DOMAIN_OCTETS = 255, WORD_OCTETS = 128, PATH_OCTETS = 320 };

struct slice received_with(enum received_protocol protocol, bool is_tls, bool is_authenticated)
{
    static const char *const words[][4] = {
        [RECEIVED_SMTP] = {"SMTP", "SMTP", "SMTP", "SMTP"}, /* the extensions need EHLO */
        [RECEIVED_ESMTP] = {"ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA"},
        [RECEIVED_LMTP] = {"LMTP", "LMTPA", "LMTPS", "LMTPSA"},
        [RECEIVED_UTF8SMTP] = {"UTF8SMTP", "UTF8SMTPA", "UTF8SMTPS", "UTF8SMTPSA"},
        [RECEIVED_UTF8LMTP] = {"UTF8LMTP", "UTF8LMTPA", "UTF8LMTPS", "UTF8LMTPSA"},
    };
    return slice_of(words[protocol][2 * is_tls + is_authenticated]);
}

/* What addresses, literals and numbers have beside atext. */
static bool is_mark(char octet)
{
    return octet == '.' || octet == ':' || octet == '[' || octet == ']' || octet == '@' ||
           octet == '<' || octet == '>';
}

/*
 * Appends before, word, after. What would end the word, the clause or the field becomes '?', since
 * a client may say in EHLO whatever it likes. An empty word appends nothing.
 */
static bool append_word(struct bytes *out, const char *before, struct slice word, const char *after,
                        size_t most)
{
    if (word.size == 0)
        return true;
    word = slice_part(word, 0, most);
    if (!bytes_append_all(out, (struct slice[]){slice_of(before), word}, 2))
        return false;
    char *written = bytes_tail(out, word.size);
    for (size_t i = 0; i < word.size; i++)
        if (!token_is_atext(written[i]) && !is_mark(written[i]))
            written[i] = '?';
    return bytes_append(out, slice_of(after));
}

/* TCP-info (RFC 5321 4.4): what the server saw, not what the client said. */
static bool append_tcp_info(struct bytes *out, struct slice name, struct slice addr)
{
    if (addr.size == 0)
        return append_word(out, " (", name, ")", DOMAIN_OCTETS);
    return bytes_append(out, SLICE(" (")) && append_word(out, "", name, " ", DOMAIN_OCTETS) &&
           append_word(out, "[", addr, "])", DOMAIN_OCTETS);
}

/* Comments nest, so a text whose parentheses do not pair off would swallow what follows it. */
static bool is_balanced(struct slice s)
{
    size_t depth = 0;
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] == '(')
            depth++;
        else if (s.data[i] == '\\' || (s.data[i] == ')' && depth-- == 0))
            return false;
    }
    return depth == 0;
}

static bool append_comment(struct bytes *out, struct slice comment)
{
    comment = slice_part(comment, 0, DOMAIN_OCTETS);
    if (comment.size == 0)
        return true;
    bool is_kept = is_balanced(comment);
    bool fits = bytes_append(out, SLICE(" ("));
    for (size_t i = 0; i < comment.size && fits; i++) {
        char octet = comment.data[i];
        bool is_plain = token_is_printable(octet) && (is_kept || !strchr("()\\", octet));
        fits = bytes_append_octet(out, is_plain ? octet : token_is_blank(octet) ? ' ' : '?');
    }
    return fits && bytes_append_octet(out, ')');
}

/* A path that is one is safe as it is, quotes and blanks and all. */
static bool append_for(struct bytes *out, struct slice rcpt, bool is_utf8)
{
    struct address a;
    if (rcpt.size > PATH_OCTETS || rcpt.size == 0)
        return true;
    if (!(is_utf8 ? address_read_utf8(rcpt, &a) : address_read(rcpt, &a)))
        return append_word(out, "\r\n\tfor <", rcpt, ">", PATH_OCTETS);
    return bytes_append(out, SLICE("\r\n\tfor <")) && bytes_append(out, rcpt) &&
           bytes_append_octet(out, '>');
}

static bool append_date(struct bytes *out, const struct received *r)
{
    char text[DATE_TEXT];
    if (!r->has_date)
        return true;
    return bytes_append(out, SLICE("; ")) &&
           bytes_append(out, date_write(r->unix_s, r->zone_min, text));
}

bool received_write(const struct received *r, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool has_from = r->from.size > 0;
    bool fits =
        bytes_append(out, SLICE("Received:")) &&
        append_word(out, " from ", r->from, "", DOMAIN_OCTETS) &&
        (!has_from || append_tcp_info(out, r->from_name, r->from_addr)) &&
        append_word(out, has_from ? "\r\n\tby " : " by ", r->by, "", DOMAIN_OCTETS) &&
        append_word(out, " with ", r->with, "", WORD_OCTETS) && append_comment(out, r->comment) &&
        append_word(out, " id ", r->id, "", WORD_OCTETS) && append_for(out, r->rcpt, r->is_utf8) &&
        append_date(out, r) && bytes_append(out, SLICE("\r\n"));
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
