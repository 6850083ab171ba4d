#include "agents/mail/address.h"

#include "agents/mail/token.h"
#include "sim/base/utf8.h"

/* A name of the DNS holds 255 octets, a label of it 63 (RFC 1035 2.3.4). */
enum { DOMAIN_OCTETS = 255, LABEL_OCTETS = 63 };

static bool is_let_dig(char octet)
{
    return token_is_letter(octet) || token_is_digit(octet);
}

/* Atom *("." Atom); with `is_8bit`, octets above 127 count as letters (RFC 6532 3.2). */
static bool is_dot_atom(struct slice s, bool is_8bit)
{
    bool in_atom = false;
    for (size_t i = 0; i < s.size; i++) {
        bool is_letter = token_is_atext(s.data[i]) || (is_8bit && (s.data[i] & 0x80));
        if (!is_letter && (s.data[i] != '.' || !in_atom))
            return false;
        in_atom = is_letter;
    }
    return in_atom;
}

/* Quoted-string of RFC 5321 4.1.2: printable ASCII only, and closed at the very end. */
static bool is_quoted(struct slice s, bool is_8bit)
{
    if (s.size < 2 || s.data[0] != '"' || token_quoted(s, 0) != s.size || s.data[s.size - 1] != '"')
        return false;
    size_t escapes = 0; /* an odd run of backslashes in front of the last quote hides it */
    while (escapes + 2 < s.size && s.data[s.size - 2 - escapes] == '\\')
        escapes++;
    for (size_t i = 0; i < s.size; i++)
        if (!token_is_printable(s.data[i]) && !(is_8bit && (s.data[i] & 0x80)))
            return false;
    return escapes % 2 == 0;
}

/* Let-dig; with `is_8bit` also an octet of a U-label (RFC 6531 3.3) */
static bool is_label_octet(char octet, bool is_8bit)
{
    return is_let_dig(octet) || (is_8bit && (octet & 0x80));
}

/* sub-domain = Let-dig [Ldh-str] */
static bool is_domain(struct slice s, bool is_8bit)
{
    struct slice label;
    if (s.size == 0 || s.size > DOMAIN_OCTETS || s.data[s.size - 1] == '.')
        return false;
    while (slice_cut(&s, '.', &label)) {
        if (label.size == 0 || label.size > LABEL_OCTETS ||
            !is_label_octet(label.data[0], is_8bit) ||
            !is_label_octet(label.data[label.size - 1], is_8bit))
            return false;
        for (size_t i = 0; i < label.size; i++)
            if (!is_label_octet(label.data[i], is_8bit) && label.data[i] != '-')
                return false;
    }
    return true;
}

/* Snum 3("." Snum) of RFC 5321 4.1.3 */
static bool is_ipv4(struct slice s)
{
    struct slice part;
    unsigned parts = 0;
    if (s.size == 0 || s.data[s.size - 1] == '.')
        return false;
    while (slice_cut(&s, '.', &part)) {
        uint64_t value;
        if (++parts > 4 || part.size > 3 || !slice_to_u64(part, &value) || value > 255)
            return false;
    }
    return parts == 4;
}

static bool is_hex_group(struct slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (token_hex(s.data[i]) < 0)
            return false;
    return s.size >= 1 && s.size <= 4;
}

/* Groups of 16 bits in a run without "::"; an IPv4 address at the end counts as two. 9: broken. */
static unsigned ipv6_groups(struct slice s, bool may_end_in_ipv4)
{
    enum { BROKEN = 9 };
    struct slice group;
    unsigned groups = 0;
    if (s.size && s.data[s.size - 1] == ':')
        return BROKEN;
    while (slice_cut(&s, ':', &group) && groups < BROKEN) {
        if (is_hex_group(group))
            groups++;
        else if (may_end_in_ipv4 && s.size == 0 && is_ipv4(group))
            groups += 2;
        else
            return BROKEN;
    }
    return groups;
}

/* IPv6-addr of RFC 5321 4.1.3, where "::" stands for at least two groups. */
static bool is_ipv6(struct slice s)
{
    size_t gap = slice_find(s, SLICE("::"), 0);
    if (gap == SLICE_NONE)
        return ipv6_groups(s, true) == 8;
    unsigned before = ipv6_groups(slice_part(s, 0, gap), false);
    unsigned after = ipv6_groups(slice_part(s, gap + 2, s.size), true);
    return before + after <= 6;
}

/* address-literal = "[" ( IPv4 / "IPv6:" IPv6-addr / tag ":" 1*dcontent ) "]" */
static bool is_literal(struct slice s)
{
    if (s.size < 3 || s.data[0] != '[' || s.data[s.size - 1] != ']')
        return false;
    s = slice_part(s, 1, s.size - 1);
    if (slice_starts_fold(s, SLICE("IPv6:")))
        return is_ipv6(slice_part(s, 5, s.size));
    size_t colon = slice_find_octet(s, ':', 0);
    if (colon == SLICE_NONE)
        return is_ipv4(s);
    for (size_t i = 0; i < s.size; i++) {
        bool is_tag = is_let_dig(s.data[i]) || (s.data[i] == '-' && i + 1 != colon);
        bool is_dcontent = s.data[i] > ' ' && s.data[i] <= '~' && s.data[i] != '[' &&
                           s.data[i] != '\\' && s.data[i] != ']';
        if (i < colon ? !is_tag : !is_dcontent)
            return false;
    }
    return colon > 0 && colon + 1 < s.size;
}

/* The place of the last '@' outside quotes, or SLICE_NONE. */
static size_t find_at(struct slice text)
{
    size_t found = SLICE_NONE;
    if (slice_find_octet(text, '"', 0) == SLICE_NONE) {
        size_t at = text.size;
        while (at > 0 && text.data[at - 1] != '@')
            at--;
        return at > 0 ? at - 1 : SLICE_NONE;
    }
    for (size_t i = 0; i < text.size;) {
        if (text.data[i] == '"') {
            i = token_quoted(text, i);
            continue;
        }
        if (text.data[i] == '@')
            found = i;
        i++;
    }
    return found;
}

struct slice address_domain(struct slice text)
{
    size_t at = find_at(text);
    return at == SLICE_NONE ? slice_part(text, text.size, text.size)
                            : slice_part(text, at + 1, text.size);
}

struct slice address_local(struct slice text)
{
    return slice_part(text, 0, find_at(text));
}

static bool read_address(struct slice text, bool is_8bit, struct address *a)
{
    size_t at = find_at(text);
    struct address read = {slice_part(text, 0, at),
                           slice_part(text, at == SLICE_NONE ? text.size : at + 1, text.size)};
    if (!is_dot_atom(read.local, is_8bit) && !is_quoted(read.local, is_8bit))
        return false;
    if (at != SLICE_NONE && !is_domain(read.domain, is_8bit) && !is_literal(read.domain))
        return false;
    *a = read;
    return true;
}

bool address_read(struct slice text, struct address *a)
{
    return read_address(text, false, a);
}

bool address_read_utf8(struct slice text, struct address *a)
{
    return utf8_is_valid(text) && read_address(text, true, a);
}

/* The next octet a local part means: without the quotes and the backslashes. -1 at the end. */
static int next_meant(struct slice local, bool is_in_quotes, size_t *at)
{
    size_t end = local.size - (is_in_quotes ? 1 : 0);
    if (is_in_quotes && *at == 0)
        *at = 1;
    if (is_in_quotes && *at + 1 < end && local.data[*at] == '\\')
        (*at)++;
    return *at < end ? (unsigned char)local.data[(*at)++] : -1;
}

/* "bob" in quotes and bob without name the same mailbox (RFC 5321 4.1.2). */
static bool local_equal(struct slice a, struct slice b)
{
    size_t at_a = 0, at_b = 0;
    bool quoted_a = is_quoted(a, true), quoted_b = is_quoted(b, true);
    int octet;
    do {
        octet = next_meant(a, quoted_a, &at_a);
        if (octet != next_meant(b, quoted_b, &at_b))
            return false;
    } while (octet >= 0);
    return true;
}

bool address_equal(struct slice a, struct slice b)
{
    static const char postmaster[] = "postmaster"; /* in any case of letters: RFC 5321 4.5.1 */
    struct slice local_a = address_local(a), local_b = address_local(b);
    if (slice_equal(a, b))
        return true;
    if (!slice_equal_fold(address_domain(a), address_domain(b)))
        return false;
    return local_equal(local_a, local_b) || (slice_equal_fold(local_a, slice_of(postmaster)) &&
                                             slice_equal_fold(local_b, slice_of(postmaster)));
}

static uint64_t stir(uint64_t h, int octet)
{
    return (h ^ (unsigned char)slice_lower((char)octet)) * 0x100000001B3u;
}

/* What the local part means, with no regard to case, which "postmaster" does not have. */
uint64_t address_hash(struct slice address)
{
    struct slice local = address_local(address), domain = address_domain(address);
    bool is_in_quotes = is_quoted(local, true);
    uint64_t h = 0xCBF29CE484222325u;
    size_t at = 0;
    for (int octet; (octet = next_meant(local, is_in_quotes, &at)) >= 0;)
        h = stir(h, octet);
    h = stir(h, '@');
    for (size_t i = 0; i < domain.size; i++)
        h = stir(h, domain.data[i]);
    return h ^ (h >> 29);
}

/* addr-spec of RFC 5322 3.4.1 (UTF-8 allowed, RFC 6532), or a bare local part. */
bool address_is_spec(struct slice s)
{
    struct slice local = address_local(s), domain = address_domain(s);
    if (!is_dot_atom(local, true) && !is_quoted(local, true))
        return false;
    return find_at(s) == SLICE_NONE || is_dot_atom(domain, true) || is_literal(domain);
}
