#include "agents/proto/dns_message.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/base/digits.h"

static const struct {
    unsigned type;
    const char *name;
} types[] = {
    {DNS_TYPE_A, "A"},       {DNS_TYPE_NS, "NS"},     {DNS_TYPE_CNAME, "CNAME"},
    {DNS_TYPE_SOA, "SOA"},   {DNS_TYPE_PTR, "PTR"},   {DNS_TYPE_MX, "MX"},
    {DNS_TYPE_TXT, "TXT"},   {DNS_TYPE_AAAA, "AAAA"}, {DNS_TYPE_SRV, "SRV"},
    {DNS_TYPE_OPT, "OPT"},   {DNS_TYPE_ANY, "ANY"},   {DNS_TYPE_IXFR, "IXFR"},
    {DNS_TYPE_AXFR, "AXFR"},
};

enum { TYPE_COUNT = sizeof types / sizeof types[0] };

const char *dns_type_name(unsigned type, char text[16])
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (types[i].type == type)
            return types[i].name;
    snprintf(text, 16, "TYPE%u", type);
    return text;
}

unsigned dns_type_find(struct slice name)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (slice_equal_fold(name, slice_of(types[i].name)))
            return types[i].type;
    uint64_t number;
    if (slice_starts_fold(name, SLICE("TYPE")) &&
        slice_to_u64(slice_part(name, 4, name.size), &number) && number <= UINT16_MAX)
        return (unsigned)number;
    return 0;
}

const char *dns_rcode_name(unsigned rcode)
{
    static const char *const names[] = {
        [DNS_RCODE_NOERROR] = "NOERROR",   [DNS_RCODE_FORMERR] = "FORMERR",
        [DNS_RCODE_SERVFAIL] = "SERVFAIL", [DNS_RCODE_NXDOMAIN] = "NXDOMAIN",
        [DNS_RCODE_NOTIMP] = "NOTIMP",     [DNS_RCODE_REFUSED] = "REFUSED",
        [DNS_RCODE_BADVERS] = "BADVERS",
    };
    bool is_known = rcode < sizeof names / sizeof names[0] && names[rcode];
    return is_known ? names[rcode] : "RCODE?";
}

/* One number of a dotted quad: 0 to 255, written in the one way it can be (010 could be eight). */
static bool read_octet(struct slice text, uint32_t *octet)
{
    uint64_t value;
    bool has_extra_zero = text.size > 1 && text.data[0] == '0';
    if (text.size > 3 || has_extra_zero || !slice_to_u64(text, &value) || value > 255)
        return false;
    *octet = (uint32_t)value;
    return true;
}

bool dns_ipv4_read(struct slice text, uint32_t *address)
{
    uint32_t sum = 0;
    for (int i = 0; i < 4; i++) {
        size_t dot = slice_find_octet(text, '.', 0);
        uint32_t octet;
        if ((dot == SLICE_NONE) != (i == 3) || !read_octet(slice_part(text, 0, dot), &octet))
            return false;
        sum = sum << 8 | octet;
        text = i < 3 ? slice_part(text, dot + 1, text.size) : text;
    }
    *address = sum;
    return true;
}

struct slice dns_ipv4_print(uint32_t address, char text[16])
{
    size_t size = 0;
    for (int shift = 24; shift >= 0; shift -= 8) {
        size += digits_put(text + size, address >> shift & 255, 10, 0);
        text[size++] = shift > 0 ? '.' : '\0';
    }
    return (struct slice){text, size - 1};
}

/* ---- a record's data as text ---- */

static unsigned octet_at(struct slice data, size_t i)
{
    return (unsigned char)data.data[i];
}

static struct slice print_ipv4(struct slice data, struct arena *arena)
{
    char text[16];
    uint32_t address = (uint32_t)octet_at(data, 0) << 24 | octet_at(data, 1) << 16 |
                       octet_at(data, 2) << 8 | octet_at(data, 3);
    return arena_copy(arena, dns_ipv4_print(address, text));
}

/* The first of the longest runs of two zero groups or more (RFC 5952 4.2). */
static void longest_zeros(const unsigned group[8], size_t *start, size_t *length)
{
    *start = *length = 0;
    for (size_t i = 0; i < 8; i++) {
        size_t n = 0;
        while (i + n < 8 && group[i + n] == 0)
            n++;
        if (n > 1 && n > *length) {
            *start = i;
            *length = n;
        }
    }
}

/* RFC 5952 4: lower case, no leading zeros, the longest run of zeros as "::". */
static struct slice print_ipv6(struct slice data, struct arena *arena)
{
    unsigned group[8];
    for (size_t i = 0; i < 8; i++)
        group[i] = octet_at(data, 2 * i) << 8 | octet_at(data, 2 * i + 1);
    size_t start, length;
    longest_zeros(group, &start, &length);
    char text[48];
    size_t size = 0;
    for (size_t i = 0; i < 8; i++) {
        if (length > 0 && i == start) {
            size += (size_t)snprintf(text + size, sizeof text - size, "::");
            i += length - 1;
            continue;
        }
        bool needs_colon = i > 0 && (length == 0 || i != start + length);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%x", needs_colon ? ":" : "",
                                 group[i]);
    }
    return arena_copy(arena, (struct slice){text, size});
}

/* In quotes; quotes, backslashes and what can't be seen are escaped (RFC 1035 5.1). */
static struct slice print_text(struct slice data, struct arena *arena)
{
    char *text = arena_take(arena, data.size * 4 + 3);
    size_t size = 0;
    text[size++] = '"';
    for (size_t i = 0; i < data.size; i++) {
        unsigned octet = octet_at(data, i);
        if (octet < 0x20 || octet > 0x7E) {
            size += (size_t)snprintf(text + size, 5, "\\%03u", octet);
            continue;
        }
        if (octet == '"' || octet == '\\')
            text[size++] = '\\';
        text[size++] = (char)octet;
    }
    text[size++] = '"';
    return (struct slice){text, size};
}

/* "\# 4 0a000001": data of a type that has no words of its own (RFC 3597 5). */
static struct slice print_raw(struct slice data, struct arena *arena)
{
    size_t room = data.size * 2 + 32;
    char *text = arena_take(arena, room);
    size_t size = (size_t)snprintf(text, room, "\\# %zu%s", data.size, data.size ? " " : "");
    for (size_t i = 0; i < data.size; i++)
        size += (size_t)snprintf(text + size, room - size, "%02x", octet_at(data, i));
    return (struct slice){text, size};
}

static struct slice shown(struct slice name)
{
    return name.size ? name : SLICE(".");
}

static struct slice print_soa(const struct dns_record *r, struct arena *arena)
{
    return arena_printf(arena, "%.*s %.*s %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32,
                        SLICE_ARG(shown(r->target)), SLICE_ARG(shown(r->mailbox)), r->serial,
                        r->refresh_s, r->retry_s, r->expire_s, r->minimum_s);
}

struct slice dns_record_print(const struct dns_record *r, struct arena *arena)
{
    struct slice target = shown(r->target);
    switch (r->type) {
    case DNS_TYPE_A:
        return r->data.size == 4 ? print_ipv4(r->data, arena) : print_raw(r->data, arena);
    case DNS_TYPE_AAAA:
        return r->data.size == 16 ? print_ipv6(r->data, arena) : print_raw(r->data, arena);
    case DNS_TYPE_NS:
    case DNS_TYPE_CNAME:
    case DNS_TYPE_PTR:
        return arena_copy(arena, target);
    case DNS_TYPE_MX:
        return arena_printf(arena, "%u %.*s", r->preference, SLICE_ARG(target));
    case DNS_TYPE_SRV:
        return arena_printf(arena, "%u %u %u %.*s", r->preference, r->weight, r->port,
                            SLICE_ARG(target));
    case DNS_TYPE_SOA:
        return print_soa(r, arena);
    case DNS_TYPE_TXT:
        return print_text(r->data, arena);
    default: /* a type is a number of 16 bits, not an enum: most have no name here */
        return print_raw(r->data, arena);
    }
}
