#include "support_capture.h"

#include <criterion/criterion.h>
#include <string.h>

/* ---- a reader ---- */

static uint32_t u16(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}

static uint32_t u32(const unsigned char *at)
{
    return u16(at) | u16(at + 2) << 16;
}

uint32_t capture_be16(const unsigned char *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

/* The value of an option, or NULL; the list must end as it should. */
static const unsigned char *find_option(const unsigned char *at, const unsigned char *end,
                                        uint32_t wanted, uint32_t *size)
{
    const unsigned char *found = NULL;
    while (u32(at) != 0) {
        cr_assert(at + 4 + u16(at + 2) <= end, "an option leaves its block");
        if (u16(at) == wanted) {
            *size = u16(at + 2);
            found = at + 4;
        }
        at += 4 + (u16(at + 2) + 3) / 4 * 4;
        cr_assert(at + 4 <= end, "the options do not end");
    }
    cr_assert(at + 4 == end, "octets behind the options");
    return found;
}

static void read_interface(struct capture *f, const unsigned char *body, const unsigned char *end)
{
    uint32_t size = 0;
    cr_assert_eq(u16(body), 101, "packets begin with their IP header");
    const unsigned char *name = find_option(body + 8, end, 2, &size);
    cr_assert(name && size < 64 && f->interfaces < 8);
    memcpy(f->interface_names[f->interfaces++], name, size);
    const unsigned char *resolution = find_option(body + 8, end, 9, &size);
    cr_assert(resolution && size == 1 && *resolution == 9, "nanoseconds");
}

static void read_packet(struct capture *f, const unsigned char *body, const unsigned char *end)
{
    uint32_t size = 0;
    cr_assert_lt(f->count, CAPTURE_PACKETS_MOST);
    struct packet *p = &f->packets[f->count++];
    *p = (struct packet){.interface = u32(body),
                         .t = (uint64_t)u32(body + 4) << 32 | u32(body + 8),
                         .size = u32(body + 12),
                         .octets = body + 20};
    cr_assert_eq(u32(body + 12), u32(body + 16), "packets are whole");
    cr_assert_lt(p->interface, (uint32_t)f->interfaces, "an interface that was not declared");
    const unsigned char *options = body + 20 + (p->size + 3) / 4 * 4;
    const unsigned char *flags = find_option(options, end, 2, &size);
    p->flags = flags ? u32(flags) : 0;
    const unsigned char *id = find_option(options, end, 5, &size);
    cr_assert(id && size == 8);
    p->id = u32(id) | (uint64_t)u32(id + 4) << 32;
}

static void read_block(struct capture *f, const unsigned char *at, uint32_t length)
{
    const unsigned char *body = at + 8, *end = at + length - 4;
    switch (u32(at)) {
    case 0x0A0D0D0A:
        cr_assert_eq(f->sections++, 0);
        cr_assert_eq(u32(body), 0x1A2B3C4D);
        cr_assert_eq(u32(body + 4), 1, "version 1.0");
        break;
    case 1:
        read_interface(f, body, end);
        break;
    case 4:
        f->names++;
        break;
    case 6:
        read_packet(f, body, end);
        break;
    case 10:
        cr_assert_eq(f->count, 0, "secrets stand before what they open");
        cr_assert_eq(u32(body), 0x544C534B);
        f->secrets++;
        break;
    default:
        cr_assert_fail("a block of type %u", u32(at));
    }
}

void capture_read(struct capture *f, const struct log *log, const char *place, bool has_keys)
{
    struct slice name = slice_of(place);
    *f = (struct capture){0};
    f->text = support_write(pcapng_write, log,
                            &(struct export_options){.captures = &name,
                                                     .capture_count = place ? 1 : 0,
                                                     .has_tls_keys = has_keys},
                            &f->size);
    cr_assert(f->text);
    const unsigned char *at = (const unsigned char *)f->text, *end = at + f->size;
    while (at < end) {
        uint32_t length = u32(at + 4);
        cr_assert(length % 4 == 0 && length >= 12 && length <= end - at, "a block's length");
        cr_assert_eq(u32(at + length - 4), length, "both lengths of a block");
        read_block(f, at, length);
        at += length;
    }
    cr_assert_eq(f->sections, 1);
}

/* ---- a little world ---- */

void capture_add_world(struct log *log, const char *a, const char *b, const char *json)
{
    log_init(log);
    ADD(0, 0, RUN, run, T("Little"), T("1"), 1000, T("mailflow test"));
    ADD(0, 0, TOPOLOGY, topology, T(json));
    ADD(0, 0, HOST, host, T("a"), T("a.example"), T(a), 0, 0, 0);
    ADD(0, 0, HOST, host, T("gate"), T("gate.example"), T("192.0.2.1"), 0, 0, 0);
    ADD(0, 0, HOST, host, T("b"), T("b.example"), T(b), 0, 0, 0);
    ADD(0, 0, AGENT, agent, T("mua"), A, T("mua"), 0, 0);
    ADD(0, 0, AGENT, agent, T("mta"), B, T("mta"), 0, T("25"));
    ADD(0, 0, AGENT, agent, T("wall"), GATE, T("firewall"), 0, 0);
    ADD(0, 0, LINK, link, T("a:gate"), A, GATE, 10000, 0, 0);
    ADD(0, 0, LINK, link, T("gate:b"), GATE, B, 20000, 0, 0);
    ADD(0, 0, TCP_CONNECT, tcp_connect, CONN, ASKER, SERVER, 25, 50000, T("a gate b"));
}

uint32_t capture_add_segment(struct log *log, int64_t us, uint16_t flags, uint32_t seq,
                             const char *data)
{
    return ADD_FLAGS(us, 0, TCP_SEGMENT, tcp_segment, flags, CONN, seq, 7, T(data), 30000, 0);
}

void capture_end_world(struct log *log)
{
    ADD(900000, 0, TCP_CLOSE, tcp_close, CONN, T("closed"));
}

/* ---- packets ---- */

/* Of whole octets, RFC 1071: 0 when the sum that is within is right. */
static uint16_t sum(const unsigned char *at, size_t size, uint32_t start)
{
    uint32_t sum = start;
    for (size_t i = 0; i < size; i++)
        sum += i & 1 ? at[i] : (uint32_t)at[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

void capture_expect_sums(const struct packet *p)
{
    const unsigned char *at = p->octets;
    bool is_v4 = at[0] >> 4 == 4;
    uint32_t header = is_v4 ? 20 : 40, payload = p->size - header;
    cr_assert_eq(p->size, is_v4 ? capture_be16(at + 2) : 40 + capture_be16(at + 4),
                 "the length in the header");
    if (is_v4)
        cr_assert_eq(sum(at, 20, 0), 0, "checksum of the header");
    uint32_t protocol = is_v4 ? at[9] : at[6];
    uint32_t pseudo = protocol + payload;
    const unsigned char *addresses = is_v4 ? at + 12 : at + 8;
    for (int i = 0; i < (is_v4 ? 8 : 32); i += 2)
        pseudo += capture_be16(addresses + i);
    cr_assert_eq(sum(at + header, payload, protocol == 1 ? 0 : pseudo), 0,
                 "checksum of protocol %u", protocol);
}
