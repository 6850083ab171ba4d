#include "agents/proto/dns_message.h"

/*
 * The wire form (RFC 1035 4.1). Every function here appends and says false when it could not;
 * dns_message_encode takes back what was written by then, so nobody else cleans up.
 */

enum {
    POINTER_MAX = 0x3FFF, /* RFC 1035 4.1.4: 14 bits of offset */
    SUFFIXES_MAX = 64,    /* names remembered for pointers; more are written in full */
    LABEL_MAX = 63,
};

struct encoder {
    struct bytes *out;
    size_t start; /* of the message in out */
    bool is_full; /* something did not fit into out */
    size_t suffix_count;
    struct {
        struct slice name;
        unsigned offset;
    } suffixes[SUFFIXES_MAX];
};

static size_t offset_of(const struct encoder *e)
{
    return bytes_size(e->out) - e->start;
}

static bool put(struct encoder *e, struct slice octets)
{
    bool fits = bytes_append(e->out, octets);
    e->is_full |= !fits;
    return fits;
}

static bool put_octet(struct encoder *e, size_t octet)
{
    char text = (char)octet;
    return put(e, (struct slice){&text, 1});
}

static bool put_u16(struct encoder *e, unsigned value)
{
    char octets[2] = {(char)(value >> 8), (char)value};
    return put(e, (struct slice){octets, sizeof octets});
}

static bool put_u32(struct encoder *e, uint32_t value)
{
    return put_u16(e, value >> 16) && put_u16(e, value & 0xFFFF);
}

/* ---- names ---- */

/* RFC 1035 2.3.4: 255 octets on the wire, which is two more than the text; labels of 1 to 63. */
static bool is_encodable(struct slice name)
{
    if (name.size > DNS_NAME_MAX - 2)
        return false;
    size_t label = 0;
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '.') {
            if (label == 0)
                return false;
            label = 0;
        } else if (name.data[i] < 0x21 || name.data[i] > 0x7E || ++label > LABEL_MAX) {
            return false;
        }
    }
    return name.size == 0 || label > 0;
}

static const unsigned *find_suffix(const struct encoder *e, struct slice name)
{
    for (size_t i = 0; i < e->suffix_count; i++)
        if (slice_equal(e->suffixes[i].name, name))
            return &e->suffixes[i].offset;
    return NULL;
}

static void remember_suffix(struct encoder *e, struct slice name)
{
    size_t offset = offset_of(e);
    if (offset > POINTER_MAX || e->suffix_count == SUFFIXES_MAX)
        return;
    e->suffixes[e->suffix_count].name = name;
    e->suffixes[e->suffix_count++].offset = (unsigned)offset;
}

/* Labels up to the first rest that stands in the message already; there a pointer (RFC 1035 4.1.4).
   Letters are compared with their case, so that names come out as they went in. */
static bool put_name(struct encoder *e, struct slice name, bool compress)
{
    if (!is_encodable(name))
        return false;
    while (name.size > 0) {
        const unsigned *offset = compress ? find_suffix(e, name) : NULL;
        if (offset)
            return put_u16(e, 0xC000 | *offset);
        if (compress)
            remember_suffix(e, name);
        struct slice label = {0};
        slice_cut(&name, '.', &label);
        if (!put_octet(e, label.size) || !put(e, label))
            return false;
    }
    return put_octet(e, 0);
}

/* ---- records ---- */

/* Strings of up to 255 octets, at least one (RFC 1035 3.3.14). */
static bool put_text(struct encoder *e, struct slice text)
{
    do {
        struct slice part = slice_part(text, 0, 255);
        if (!put_octet(e, part.size) || !put(e, part))
            return false;
        text = slice_part(text, 255, text.size);
    } while (text.size > 0);
    return true;
}

static bool put_soa(struct encoder *e, const struct dns_record *r)
{
    return put_name(e, r->target, true) && put_name(e, r->mailbox, true) && put_u32(e, r->serial) &&
           put_u32(e, r->refresh_s) && put_u32(e, r->retry_s) && put_u32(e, r->expire_s) &&
           put_u32(e, r->minimum_s);
}

/* Names are compressed in the types of RFC 1035 only (RFC 3597 4), so never in SRV (RFC 2782). */
static bool put_data(struct encoder *e, const struct dns_record *r)
{
    switch (r->type) {
    case DNS_TYPE_A:
        return r->data.size == 4 && put(e, r->data);
    case DNS_TYPE_AAAA:
        return r->data.size == 16 && put(e, r->data);
    case DNS_TYPE_NS:
    case DNS_TYPE_CNAME:
    case DNS_TYPE_PTR:
        return put_name(e, r->target, true);
    case DNS_TYPE_MX:
        return put_u16(e, r->preference) && put_name(e, r->target, true);
    case DNS_TYPE_SRV:
        return put_u16(e, r->preference) && put_u16(e, r->weight) && put_u16(e, r->port) &&
               put_name(e, r->target, false);
    case DNS_TYPE_SOA:
        return put_soa(e, r);
    case DNS_TYPE_TXT:
        return put_text(e, r->data);
    default: /* a type is a number of 16 bits, not an enum: the data goes as it is (RFC 3597 3) */
        return put(e, r->data);
    }
}

/* Overwrites two octets that are there already. */
static void set_u16(struct encoder *e, size_t offset, unsigned value)
{
    char *at = e->out->data + e->out->start + e->start + offset;
    at[0] = (char)(value >> 8);
    at[1] = (char)value;
}

static bool put_record(struct encoder *e, const struct dns_record *r)
{
    bool is_opt = r->type == DNS_TYPE_OPT;
    if (r->data.size > UINT16_MAX || r->type > UINT16_MAX || !put_name(e, r->name, true) ||
        !put_u16(e, r->type) || !put_u16(e, is_opt ? r->udp_octets : DNS_CLASS_IN) ||
        !put_u32(e, r->ttl_s) || !put_u16(e, 0))
        return false;
    size_t data_at = offset_of(e);
    if (!put_data(e, r))
        return false;
    size_t size = offset_of(e) - data_at;
    if (size <= UINT16_MAX)
        set_u16(e, data_at - 2, (unsigned)size);
    return size <= UINT16_MAX;
}

/* Writes a section; *written of its records fit. False: something is not encodable. */
static bool put_section(struct encoder *e, const struct dns_record *records, size_t count,
                        size_t octets_max, size_t *written)
{
    for (*written = 0; *written < count; ++*written) {
        size_t before = offset_of(e);
        bool ok = put_record(e, &records[*written]);
        if (!ok && !e->is_full)
            return false;
        if (!ok || offset_of(e) > octets_max) {
            bytes_truncate(e->out, e->start + before);
            return true;
        }
    }
    return true;
}

/* ---- the message ---- */

/* RFC 1035 4.1.1. Counts and the truncated bit are set when they are known. */
static unsigned flags_of(const struct dns_message *m)
{
    return (unsigned)m->is_response << 15 | (m->opcode & 15) << 11 |
           (unsigned)m->is_authoritative << 10 | (unsigned)m->is_truncated << 9 |
           (unsigned)m->wants_recursion << 8 | (unsigned)m->has_recursion << 7 | (m->rcode & 15);
}

static bool put_head(struct encoder *e, const struct dns_message *m)
{
    static const char counts[8];
    if (!put_u16(e, m->id) || !put_u16(e, flags_of(m)) ||
        !put(e, (struct slice){counts, sizeof counts}))
        return false;
    if (!m->has_question)
        return true;
    set_u16(e, 4, 1);
    return put_name(e, m->name, true) && m->type <= UINT16_MAX && put_u16(e, m->type) &&
           put_u16(e, m->class_number ? m->class_number : DNS_CLASS_IN);
}

/* Octets of the OPT record that is to stay whatever else is left out (RFC 6891 7). */
static size_t size_of_opt(const struct dns_message *m)
{
    enum { OPT_OCTETS = 11 }; /* the root's name, type, class, TTL and RDLENGTH */
    bool has_opt = m->additional_count > 0 && m->additional[0].type == DNS_TYPE_OPT;
    return has_opt ? OPT_OCTETS + m->additional[0].data.size : 0;
}

/* Answers or authority do not fit: who asked is to ask again by TCP. Of the rest only OPT. */
static bool put_truncated(struct encoder *e, const struct dns_message *m, size_t octets_max)
{
    size_t written = 0;
    set_u16(e, 2, flags_of(m) | 1u << 9);
    if (size_of_opt(m) > 0 && !put_section(e, m->additional, 1, octets_max, &written))
        return false;
    set_u16(e, 10, (unsigned)written);
    return true;
}

static bool put_message(struct encoder *e, const struct dns_message *m, size_t octets_max)
{
    if (!put_head(e, m) || offset_of(e) > octets_max)
        return false;
    const struct {
        const struct dns_record *records;
        size_t count;
    } sections[] = {
        {m->answers, m->answer_count},
        {m->authority, m->authority_count},
        {m->additional, m->additional_count},
    };
    enum { ADDITIONAL = 2 };
    size_t kept = size_of_opt(m) < octets_max ? size_of_opt(m) : 0;
    for (size_t i = 0; i < 3; i++) {
        size_t written, room = i < ADDITIONAL ? octets_max - kept : octets_max;
        if (sections[i].count > DNS_RECORDS_MAX ||
            !put_section(e, sections[i].records, sections[i].count, room, &written))
            return false;
        set_u16(e, 6 + 2 * i, (unsigned)written);
        /* additional records are a courtesy: RFC 2181 9 */
        if (written < sections[i].count && i < ADDITIONAL)
            return put_truncated(e, m, octets_max);
    }
    return true;
}

bool dns_message_encode(const struct dns_message *m, size_t octets_max, struct bytes *out)
{
    struct encoder e = {.out = out, .start = bytes_size(out)};
    if (octets_max == 0 || octets_max > DNS_MESSAGE_MAX)
        octets_max = DNS_MESSAGE_MAX;
    if (put_message(&e, m, octets_max))
        return true;
    bytes_truncate(out, e.start);
    return false;
}
