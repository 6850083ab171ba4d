#include "agents/proto/dns_message.h"

/*
 * Reading the wire form (RFC 1035 4.1). A reader has a position that never passes its end; every
 * function says false when the octets are not what the clause asks for, and then all of it fails.
 */

enum {
    HEAD_OCTETS = 12,
    RECORD_OCTETS_MIN = 11, /* the root's name, type, class, TTL and RDLENGTH */
    POINTERS_MAX = 64, /* in one name: it has at most 127 labels, and a pointer needs no other */
};

struct reader {
    struct slice wire;
    size_t at, end; /* end: of the message, or of the data of the record that is read */
    struct arena *arena;
};

static bool get_u16(struct reader *r, unsigned *value)
{
    if (r->end - r->at < 2)
        return false;
    const unsigned char *octets = (const unsigned char *)r->wire.data + r->at;
    *value = (unsigned)octets[0] << 8 | octets[1];
    r->at += 2;
    return true;
}

static bool get_short(struct reader *r, uint16_t *value)
{
    unsigned wide;
    bool ok = get_u16(r, &wide);
    *value = ok ? (uint16_t)wide : 0;
    return ok;
}

static bool get_u32(struct reader *r, uint32_t *value)
{
    unsigned high, low;
    if (!get_u16(r, &high) || !get_u16(r, &low))
        return false;
    *value = (uint32_t)high << 16 | low;
    return true;
}

static bool get_octets(struct reader *r, size_t size, struct slice *octets)
{
    if (r->end - r->at < size)
        return false;
    *octets = slice_part(r->wire, r->at, r->at + size);
    r->at += size;
    return true;
}

/* ---- names ---- */

struct name {
    char text[DNS_NAME_MAX];
    size_t size;
};

/* One label behind what is there. The whole is to stay within 255 octets on the wire, which is the
   text with one octet more in front and one behind (RFC 1035 2.3.4). */
static bool add_label(struct name *name, struct slice label)
{
    size_t dot = name->size > 0;
    if (name->size + dot + label.size > DNS_NAME_MAX - 2)
        return false;
    if (dot)
        name->text[name->size++] = '.';
    for (size_t i = 0; i < label.size; i++) {
        if (label.data[i] < 0x21 || label.data[i] > 0x7E || label.data[i] == '.')
            return false;
        name->text[name->size++] = label.data[i];
    }
    return true;
}

/*
 * The place a pointer leads to (RFC 1035 4.1.4: "a prior occurrence"). Each must lead to before the
 * start of the run of labels that it ends, so no two of them can make a loop.
 */
static bool follow_pointer(struct reader *r, unsigned high, size_t *run)
{
    if (r->at >= r->end)
        return false;
    size_t target = (size_t)(high & 0x3F) << 8 | (unsigned char)r->wire.data[r->at++];
    if (target < HEAD_OCTETS || target >= *run)
        return false;
    *run = target;
    return true;
}

static bool read_labels(struct reader *r, struct name *name)
{
    struct reader walker = *r; /* goes where pointers lead; r stays behind the first of them */
    size_t run = r->at;
    unsigned pointers = 0;
    for (;;) {
        if (walker.at >= walker.end)
            return false;
        unsigned length = (unsigned char)walker.wire.data[walker.at++];
        if (length >= 0xC0) {
            if (!follow_pointer(&walker, length, &run) || ++pointers > POINTERS_MAX)
                return false;
            if (pointers == 1)
                r->at = walker.at;
            walker.at = run;
            continue;
        }
        struct slice label;
        if (length > 63 || !get_octets(&walker, length, &label))
            return false; /* 64 to 191: label types that nobody uses (RFC 6891 5) */
        if (length == 0)
            break;
        if (!add_label(name, label))
            return false;
    }
    if (pointers == 0)
        r->at = walker.at;
    return true;
}

static bool get_name(struct reader *r, struct slice *text)
{
    struct name name = {.size = 0};
    if (!read_labels(r, &name))
        return false;
    *text = arena_copy(r->arena, (struct slice){name.text, name.size});
    return true;
}

/* ---- records ---- */

/* One string or more, joined (RFC 1035 3.3.14). */
static bool get_text(struct reader *r, struct slice *text)
{
    char *joined = arena_take(r->arena, r->end - r->at + 1);
    size_t size = 0;
    if (r->at == r->end)
        return false;
    while (r->at < r->end) {
        size_t length = (unsigned char)r->wire.data[r->at++];
        struct slice part;
        if (!get_octets(r, length, &part))
            return false;
        for (size_t i = 0; i < part.size; i++)
            joined[size++] = part.data[i];
    }
    *text = (struct slice){joined, size};
    return true;
}

static bool get_soa(struct reader *r, struct dns_record *record)
{
    return get_name(r, &record->target) && get_name(r, &record->mailbox) &&
           get_u32(r, &record->serial) && get_u32(r, &record->refresh_s) &&
           get_u32(r, &record->retry_s) && get_u32(r, &record->expire_s) &&
           get_u32(r, &record->minimum_s);
}

static bool get_raw(struct reader *r, size_t size, struct slice *data)
{
    struct slice octets;
    if (!get_octets(r, size, &octets))
        return false;
    *data = arena_copy(r->arena, octets);
    return true;
}

static bool get_data(struct reader *r, struct dns_record *record)
{
    switch (record->type) {
    case DNS_TYPE_A:
        return get_raw(r, 4, &record->data);
    case DNS_TYPE_AAAA: /* RFC 3596 2.2 */
        return get_raw(r, 16, &record->data);
    case DNS_TYPE_NS:
    case DNS_TYPE_CNAME:
    case DNS_TYPE_PTR:
        return get_name(r, &record->target);
    case DNS_TYPE_MX:
        return get_short(r, &record->preference) && get_name(r, &record->target);
    case DNS_TYPE_SRV: /* RFC 2782; a compressed target is read too (RFC 3597 4) */
        return get_short(r, &record->preference) && get_short(r, &record->weight) &&
               get_short(r, &record->port) && get_name(r, &record->target);
    case DNS_TYPE_SOA:
        return get_soa(r, record);
    case DNS_TYPE_TXT:
        return get_text(r, &record->data);
    default: /* a type is a number of 16 bits, not an enum */
        return get_raw(r, r->end - r->at, &record->data);
    }
}

/* *is_ours: it is of class IN, or OPT, which has no class. */
static bool get_record(struct reader *r, struct dns_record *record, bool *is_ours)
{
    unsigned class_number, size;
    *record = (struct dns_record){0};
    if (!get_name(r, &record->name) || !get_u16(r, &record->type) || !get_u16(r, &class_number) ||
        !get_u32(r, &record->ttl_s) || !get_u16(r, &size) || r->end - r->at < size)
        return false;
    bool is_opt = record->type == DNS_TYPE_OPT;
    *is_ours = is_opt || class_number == DNS_CLASS_IN;
    record->udp_octets = is_opt ? (uint16_t)class_number : 0;
    struct reader data = *r;
    data.end = r->at + size;
    r->at = data.end;
    return !*is_ours || (get_data(&data, record) && data.at == data.end);
}

static bool get_section(struct reader *r, unsigned count, struct dns_record **records, size_t *kept)
{
    if (count > DNS_RECORDS_MAX || count > (r->end - r->at) / RECORD_OCTETS_MIN)
        return false;
    *records = count ? arena_take(r->arena, count * sizeof **records) : NULL;
    *kept = 0;
    for (unsigned i = 0; i < count; i++) {
        bool is_ours;
        if (!get_record(r, &(*records)[*kept], &is_ours))
            return false;
        *kept += is_ours;
    }
    return true;
}

/* ---- the message ---- */

static bool get_question(struct reader *r, struct dns_message *m)
{
    unsigned class_number;
    m->has_question = true;
    bool ok = get_name(r, &m->name) && get_u16(r, &m->type) && get_u16(r, &class_number);
    m->class_number = ok ? class_number : 0;
    return ok;
}

/* RFC 1035 4.1.1. */
static bool get_head(struct reader *r, struct dns_message *m, unsigned counts[4])
{
    unsigned flags;
    if (!get_short(r, &m->id) || !get_u16(r, &flags))
        return false;
    m->is_response = flags >> 15 & 1;
    m->opcode = flags >> 11 & 15;
    m->is_authoritative = flags >> 10 & 1;
    m->is_truncated = flags >> 9 & 1;
    m->wants_recursion = flags >> 8 & 1;
    m->has_recursion = flags >> 7 & 1;
    m->rcode = flags & 15;
    return get_u16(r, &counts[0]) && get_u16(r, &counts[1]) && get_u16(r, &counts[2]) &&
           get_u16(r, &counts[3]) && counts[0] <= 1;
}

bool dns_message_decode(struct slice wire, struct arena *arena, struct dns_message *m)
{
    struct reader r = {.wire = wire, .end = wire.size, .arena = arena};
    unsigned counts[4];
    *m = (struct dns_message){0};
    return get_head(&r, m, counts) && (counts[0] == 0 || get_question(&r, m)) &&
           get_section(&r, counts[1], &m->answers, &m->answer_count) &&
           get_section(&r, counts[2], &m->authority, &m->authority_count) &&
           get_section(&r, counts[3], &m->additional, &m->additional_count) && r.at == r.end;
}

bool dns_message_read_head(struct slice wire, struct dns_message *m)
{
    struct reader r = {.wire = wire, .end = wire.size};
    unsigned counts[4];
    *m = (struct dns_message){0};
    /* a message of several questions has a head, too */
    return wire.size >= HEAD_OCTETS && (get_head(&r, m, counts) || r.at == HEAD_OCTETS);
}

/* ---- EDNS ---- */

/* Its TTL: eight more bits of the rcode, the version, flags (RFC 6891 6.1.3). */
enum { RCODE_SHIFT = 24, VERSION_SHIFT = 16, DNSSEC_OK = 0x8000, HEADER_RCODE_BITS = 4 };

enum dns_edns_find dns_edns_find(const struct dns_message *m, struct dns_edns *edns)
{
    enum dns_edns_find found = DNS_EDNS_NONE;
    *edns = (struct dns_edns){.udp_octets = DNS_UDP_MAX, .rcode = m->rcode};
    for (size_t i = 0; i < m->additional_count; i++) {
        const struct dns_record *r = &m->additional[i];
        if (r->type != DNS_TYPE_OPT)
            continue;
        if (found != DNS_EDNS_NONE || r->name.size > 0) /* RFC 6891 6.1.1 */
            return DNS_EDNS_BAD;
        found = DNS_EDNS_ONE;
        if (r->udp_octets > DNS_UDP_MAX)
            edns->udp_octets = r->udp_octets;
        edns->rcode |= r->ttl_s >> RCODE_SHIFT << HEADER_RCODE_BITS;
        edns->version = r->ttl_s >> VERSION_SHIFT & 0xFF;
        edns->wants_dnssec = r->ttl_s & DNSSEC_OK;
    }
    return found;
}

struct dns_record dns_edns_record(const struct dns_edns *edns)
{
    return (struct dns_record){.name = {"", 0},
                               .type = DNS_TYPE_OPT,
                               .ttl_s = (uint32_t)edns->rcode >> HEADER_RCODE_BITS << RCODE_SHIFT |
                                        (uint32_t)edns->version << VERSION_SHIFT |
                                        (edns->wants_dnssec ? DNSSEC_OK : 0),
                               .udp_octets = edns->udp_octets,
                               .data = {"", 0}};
}
