#include "agents/mail/address.h"

#include "agents/mail/token.h"

/* A name of the DNS holds 255 octets, a label of it 63 (RFC 1035 2.3.4). */
enum { DOMAIN_OCTETS = 255, LABEL_OCTETS = 63 };

static bool is_hex(char octet)
{
    char lower = slice_lower(octet);
    return token_is_digit(octet) || (lower >= 'a' && lower <= 'f');
}

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

/* sub-domain = Let-dig [Ldh-str] */
static bool is_domain(struct slice s)
{
    struct slice label;
    if (s.size == 0 || s.size > DOMAIN_OCTETS || s.data[s.size - 1] == '.')
        return false;
    while (slice_cut(&s, '.', &label)) {
        if (label.size == 0 || label.size > LABEL_OCTETS || !is_let_dig(label.data[0]) ||
            !is_let_dig(label.data[label.size - 1]))
            return false;
        for (size_t i = 0; i < label.size; i++)
            if (!is_let_dig(label.data[i]) && label.data[i] != '-')
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
        if (!is_hex(s.data[i]))
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

bool address_read(struct slice text, struct address *a)
{
    size_t at = find_at(text);
    struct address read = {slice_part(text, 0, at),
                           slice_part(text, at == SLICE_NONE ? text.size : at + 1, text.size)};
    if (!is_dot_atom(read.local, false) && !is_quoted(read.local, false))
        return false;
    if (at != SLICE_NONE && !is_domain(read.domain) && !is_literal(read.domain))
        return false;
    *a = read;
    return true;
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

/* Where the parts of one list element lie, as far as they are there. */
struct element {
    size_t open, close;              /* '<' and '>' */
    size_t comment_from, comment_to; /* the last comment, with its parentheses */
    size_t end;                      /* the ',' or ';' behind it, or the end of the list */
    bool has_angle;
};

/*
 * Finds the end of the element at the front. A ':' outside of brackets ends a group's name (RFC
 * 5322 3.4): what was before it is forgotten, so `*from` moves. A comma in <> is part of an old
 * route (RFC 5322 4.4), and ends the element otherwise: a lost '>' costs one mailbox, not the list.
 */
static struct element scan_element(struct slice list, size_t *from)
{
    struct element e = {.close = SLICE_NONE};
    size_t i = 0;
    while (i < list.size) {
        char octet = list.data[i];
        size_t start = i++;
        bool is_inside = e.has_angle && e.close == SLICE_NONE;
        bool is_route = is_inside && list.data[e.open + 1] == '@';
        if (octet == '"') {
            i = token_quoted(list, start);
        } else if (octet == '(') {
            i = token_comment(list, start);
            e.comment_from = start;
            e.comment_to = i;
        } else if (octet == '[') {
            size_t bracket = slice_find_octet(slice_part(list, 0, start + 80), ']', start);
            i = bracket == SLICE_NONE ? i : bracket + 1;
        } else if ((octet == ',' || octet == ';') && !is_route) {
            e.end = start;
            return e;
        } else if (octet == ':' && !is_inside) {
            e = (struct element){.close = SLICE_NONE};
            *from = i;
        } else if (octet == '<' && !e.has_angle && i < list.size) {
            e.has_angle = true;
            e.open = start;
        } else if (octet == '>' && is_inside) {
            e.close = start;
        }
    }
    e.end = list.size;
    return e;
}

/* Without blanks and comments around it. */
static struct slice trim_space(struct slice s)
{
    s = slice_part(s, token_space(s, 0), s.size);
    size_t end = 0;
    for (size_t i = 0; i < s.size;) {
        if (s.data[i] == '"')
            end = i = token_quoted(s, i);
        else if (token_is_blank(s.data[i]) || s.data[i] == '(')
            i = token_space(s, i);
        else
            end = ++i;
    }
    return slice_part(s, 0, end);
}

/* addr-spec of RFC 5322 3.4.1 (UTF-8 allowed, RFC 6532), or a bare local part. */
static bool is_addr_spec(struct slice s)
{
    struct slice local = address_local(s), domain = address_domain(s);
    if (!is_dot_atom(local, true) && !is_quoted(local, true))
        return false;
    return find_at(s) == SLICE_NONE || is_dot_atom(domain, true) || is_literal(domain);
}

/* <@one,@two:bob@example.org> is an old way to say <bob@example.org> (RFC 5322 4.4). */
static struct slice without_route(struct slice s)
{
    size_t colon = s.size && s.data[0] == '@' ? slice_find_octet(s, ':', 0) : SLICE_NONE;
    return colon == SLICE_NONE ? s : slice_part(s, colon + 1, s.size);
}

bool address_next(struct slice *list, struct address_mailbox *mailbox)
{
    while (list->size > 0) {
        struct slice text = *list;
        size_t from = 0;
        struct element e = scan_element(text, &from);
        *list = slice_part(text, e.end + 1, text.size);
        if (e.has_angle && e.close != SLICE_NONE) {
            mailbox->name = trim_space(slice_part(text, from, e.open));
            mailbox->address = without_route(trim_space(slice_part(text, e.open + 1, e.close)));
        } else {
            /* "bob@example.org (Bob)": the name in a comment, as mail of the 1980s has it */
            size_t close = e.comment_to;
            if (close > 0 && text.data[close - 1] == ')')
                close--;
            mailbox->name = slice_trim(slice_part(text, e.comment_from + 1, close));
            mailbox->address = trim_space(slice_part(text, from, e.end));
        }
        if (is_addr_spec(mailbox->address))
            return true;
    }
    return false;
}
