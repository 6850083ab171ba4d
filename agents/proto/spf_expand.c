#include <inttypes.h>

#include "agents/proto/dnsbl.h"
#include "agents/proto/spf_part.h"

/* Macros (RFC 7208 7). */

static bool is_within(struct slice name, struct slice domain)
{
    return slice_ends_fold(name, domain) && name.size > domain.size &&
           name.data[name.size - domain.size - 1] == '.';
}

/* "p": the domain itself is the best, then a name within it, then any (7.2). */
static bool validated_name(struct spf *s, struct slice domain, bool is_explanation,
                           struct slice *name)
{
    struct slice names[SPF_NAMES_MAX];
    size_t count, best = 0;
    unsigned best_rank = 0;
    if ((!is_explanation && !spf_count_term(s)) ||
        !spf_validated_names(s, is_explanation ? SPF_COUNTS_NOTHING : SPF_COUNTS_VOID, names,
                             &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        unsigned rank = slice_equal_fold(names[i], domain) ? 3
                        : is_within(names[i], domain)      ? 2
                                                           : 1;
        best = rank > best_rank ? i : best;
        best_rank = rank > best_rank ? rank : best_rank;
    }
    *name = count ? names[best] : SLICE("unknown");
    return true;
}

/* "i": IPv6 as nibbles with dots between them (7.3). */
static struct slice print_dotted(struct spf *s)
{
    static const char digits[] = "0123456789ABCDEF";
    char text[64];
    if (!s->is_ipv6)
        return arena_printf(&s->run, "%d.%d.%d.%d", s->address[0], s->address[1], s->address[2],
                            s->address[3]);
    for (size_t i = 0; i < 16; i++)
        memcpy(text + 4 * i,
               (char[]){digits[s->address[i] >> 4], '.', digits[s->address[i] & 15], '.'}, 4);
    return arena_copy(&s->run, (struct slice){text, sizeof text - 1});
}

/* "c": as people read it. */
static struct slice print_readable(struct spf *s)
{
    struct dns_record record = {.type = spf_address_type(s),
                                .data = {(const char *)s->address, s->is_ipv6 ? 16 : 4}};
    return dns_record_print(&record, &s->run);
}

static bool value_of(struct spf *s, char letter, struct slice domain, bool is_explanation,
                     struct slice *value)
{
    switch (letter) {
    case 's':
        *value = s->sender;
        return true;
    case 'l':
        *value = s->local;
        return true;
    case 'o':
        *value = s->origin;
        return true;
    case 'd':
        *value = domain;
        return true;
    case 'i':
        *value = print_dotted(s);
        return true;
    case 'p':
        return validated_name(s, domain, is_explanation, value);
    case 'v':
        *value = s->is_ipv6 ? SLICE("ip6") : SLICE("in-addr");
        return true;
    case 'h':
        *value = s->helo;
        return true;
    case 'c':
        *value = print_readable(s);
        return true;
    case 'r':
        *value = s->receiver;
        return true;
    default: /* 't': a letter of a text that was checked */
        *value = arena_printf(&s->run, "%" PRId64, s->now_s);
        return true;
    }
}

/* Cut at the delimiters, turned round, the rightmost `keep` of the parts joined by dots (7.3). */
static struct slice transform(struct spf *s, struct slice value, const struct spf_macro *m)
{
    struct slice delimiters = m->delimiters.size ? m->delimiters : SLICE(".");
    struct slice *parts = arena_take(&s->run, (value.size + 1) * sizeof *parts);
    size_t count = 0, start = 0;
    for (size_t i = 0; i <= value.size; i++)
        if (i == value.size || memchr(delimiters.data, value.data[i], delimiters.size)) {
            parts[count++] = slice_part(value, start, i);
            start = i + 1;
        }
    char *text = arena_take(&s->run, value.size + 1);
    size_t size = 0, first = m->keep && m->keep < count ? count - m->keep : 0;
    for (size_t i = first; i < count; i++) {
        struct slice part = parts[m->is_reversed ? count - 1 - i : i];
        if (i > first)
            text[size++] = '.';
        if (part.size > 0)
            memcpy(text + size, part.data, part.size);
        size += part.size;
    }
    return (struct slice){text, size};
}

/* All but the unreserved octets of RFC 3986 2.3. */
static struct slice escape(struct spf *s, struct slice value)
{
    static const char digits[] = "0123456789ABCDEF";
    char *text = arena_take(&s->run, value.size * 3 + 1);
    size_t size = 0;
    for (size_t i = 0; i < value.size; i++) {
        unsigned octet = (unsigned char)value.data[i];
        char lower = slice_lower(value.data[i]);
        if ((lower >= 'a' && lower <= 'z') || (octet >= '0' && octet <= '9') ||
            (octet && memchr("-._~", (int)octet, 4))) {
            text[size++] = value.data[i];
            continue;
        }
        memcpy(text + size, (char[]){'%', digits[octet >> 4], digits[octet & 15]}, 3);
        size += 3;
    }
    return (struct slice){text, size};
}

bool spf_expand(struct spf *s, struct slice text, struct slice domain, bool is_explanation,
                struct slice *expanded)
{
    enum { EXPANDED_MAX = 8192 };
    struct bytes out;
    struct spf_macro m;
    bool is_wrong, ok = true;
    bytes_init(&out, EXPANDED_MAX);
    while (ok && spf_macro_next(&text, &m, &is_wrong)) {
        struct slice value = m.literal;
        if (m.letter) {
            ok = value_of(s, m.letter, domain, is_explanation, &value);
            if (!ok)
                break;
            value = transform(s, value, &m);
            value = m.is_escaped ? escape(s, value) : value;
        }
        if (!bytes_append(&out, value))
            break; /* longer than any name or sensible explanation */
    }
    *expanded = arena_copy(&s->run, bytes_slice(&out));
    bytes_finish(&out);
    return ok;
}

bool spf_expand_name(struct spf *s, struct slice text, struct slice domain, struct slice *name)
{
    if (text.size == 0) {
        *name = domain;
        return true;
    }
    if (!spf_expand(s, text, domain, false, name))
        return false;
    if (slice_ends(*name, SLICE(".")))
        name->size--;
    while (name->size > DNS_NAME_MAX - 2) {
        size_t dot = slice_find_octet(*name, '.', 0);
        if (dot == SLICE_NONE)
            break;
        *name = slice_part(*name, dot + 1, name->size);
    }
    return true;
}
