#include "agents/proto/dnsbl.h"

static const struct slice no_name = {"", 0};

static struct slice join(struct slice front, struct slice list, struct arena *arena)
{
    struct slice name = arena_printf(arena, "%.*s.%.*s", SLICE_ARG(front), SLICE_ARG(list));
    bool is_usable = front.size > 0 && list.size > 0 && name.size <= DNS_NAME_MAX - 2;
    return is_usable ? name : no_name;
}

struct slice dnsbl_name(const unsigned char *a, bool is_ipv6, struct slice list,
                        struct arena *arena)
{
    enum { OCTETS = 16 };
    static const char digits[] = "0123456789abcdef";
    char text[OCTETS * 4];
    if (!is_ipv6)
        return join(arena_printf(arena, "%d.%d.%d.%d", a[3], a[2], a[1], a[0]), list, arena);
    for (size_t i = 0; i < OCTETS; i++) {
        unsigned octet = a[OCTETS - 1 - i];
        memcpy(text + 4 * i, (char[]){digits[octet & 15], '.', digits[octet >> 4], '.'}, 4);
    }
    return join((struct slice){text, sizeof text - 1}, list, arena);
}

struct slice dnsbl_domain_name(struct slice domain, struct slice list, struct arena *arena)
{
    return join(domain, list, arena);
}

bool dnsbl_is_listed(const struct dns_record *records, size_t count, unsigned *code)
{
    for (size_t i = 0; i < count; i++) {
        const unsigned char *a = (const unsigned char *)records[i].data.data;
        if (records[i].type != DNS_TYPE_A || records[i].data.size != 4 || a[0] != 127)
            continue;
        bool is_refusal = (a[1] == 255 && a[2] == 255) || (a[1] == 0 && a[2] == 0 && a[3] == 1);
        *code = a[3];
        if (!is_refusal)
            return true;
    }
    return false;
}
