#include "export/pcapng_block.h"

enum block_type {
    BLOCK_SECTION = 0x0A0D0D0A,
    BLOCK_INTERFACE = 1,
    BLOCK_NAMES = 4,
    BLOCK_PACKET = 6,
    BLOCK_SECRETS = 10
};

/* Numbers of options; what they mean depends on the block, but for the first two. */
enum block_option {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    SECTION_HARDWARE = 2,
    SECTION_PROGRAM = 4,
    INTERFACE_NAME = 2,
    INTERFACE_DESCRIPTION = 3,
    INTERFACE_SPEED = 8,
    INTERFACE_RESOLUTION = 9,
    PACKET_FLAGS = 2,
    PACKET_ID = 5
};

enum {
    ORDER_MAGIC = 0x1A2B3C4D,
    NAME_END = 0,
    NAME_IPV4 = 1,
    NAME_IPV6 = 2,
    NANOSECONDS = 9,          /* a power of ten */
    LINKTYPE_RAW = 101,       /* the packet begins with its IP header, of either version */
    SECRETS_TLS = 0x544C534B, /* "TLSK" */
    TEXT_MOST = 1000
};

/* ---- octets ---- */

static void put(struct bytes *b, uint64_t value, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++)
        (void)bytes_append_octet(b, (char)(value >> 8 * i));
}

/* Everything begins at a multiple of four. */
static void put_padded(struct bytes *b, struct slice octets)
{
    (void)bytes_append(b, octets);
    put(b, 0, (unsigned)(-octets.size & 3));
}

static void put_option(struct bytes *b, enum block_option option, struct slice value)
{
    value = slice_part(value, 0, TEXT_MOST);
    if (value.size == 0)
        return;
    put(b, option, 2);
    put(b, value.size, 2);
    put_padded(b, value);
}

static void put_number(struct bytes *b, enum block_option option, uint64_t value, unsigned octets)
{
    put(b, option, 2);
    put(b, octets, 2);
    put(b, value, octets);
    put(b, 0, -octets & 3);
}

static void put_end(struct bytes *b)
{
    put(b, OPTION_END, 4);
}

/* ---- blocks ---- */

void pcapng_block_init(struct pcapng_blocks *b, FILE *out)
{
    *b = (struct pcapng_blocks){.out = out};
    bytes_init(&b->block, SIZE_MAX);
}

void pcapng_block_finish(struct pcapng_blocks *b)
{
    bytes_finish(&b->block);
}

static struct bytes *begin(struct pcapng_blocks *b)
{
    bytes_clear(&b->block);
    return &b->block;
}

static void write_u32(FILE *out, uint32_t value)
{
    const unsigned char octets[4] = {(unsigned char)value, (unsigned char)(value >> 8),
                                     (unsigned char)(value >> 16), (unsigned char)(value >> 24)};
    fwrite(octets, 1, sizeof octets, out);
}

/* The length stands on both sides, so that a reader may go backwards too. */
static void end(struct pcapng_blocks *b, enum block_type type)
{
    uint32_t length = (uint32_t)bytes_size(&b->block) + 12;
    write_u32(b->out, type);
    write_u32(b->out, length);
    fwrite(bytes_slice(&b->block).data, 1, bytes_size(&b->block), b->out);
    write_u32(b->out, length);
}

void pcapng_block_section(struct pcapng_blocks *b, struct slice program, struct slice comment)
{
    struct bytes *block = begin(b);
    put(block, ORDER_MAGIC, 4);
    put(block, 1, 2); /* version 1.0 */
    put(block, 0, 2);
    put(block, UINT64_MAX, 8); /* its length is not known before its end */
    put_option(block, SECTION_HARDWARE, SLICE("a simulated network"));
    put_option(block, SECTION_PROGRAM, program);
    put_option(block, OPTION_COMMENT, comment);
    put_end(block);
    end(b, BLOCK_SECTION);
}

uint32_t pcapng_block_interface(struct pcapng_blocks *b, const struct pcapng_interface *interface)
{
    struct bytes *block = begin(b);
    put(block, LINKTYPE_RAW, 2);
    put(block, 0, 2);
    put(block, 0, 4); /* packets are never cut */
    put_option(block, INTERFACE_NAME, interface->name);
    put_option(block, INTERFACE_DESCRIPTION, interface->description);
    if (interface->bits_per_s > 0)
        put_number(block, INTERFACE_SPEED, interface->bits_per_s, 8);
    put_number(block, INTERFACE_RESOLUTION, NANOSECONDS, 1);
    put_end(block);
    end(b, BLOCK_INTERFACE);
    return b->interface_count++;
}

void pcapng_block_name(struct pcapng_blocks *b, struct slice address, struct slice name)
{
    struct bytes *block = begin(b);
    name = slice_part(name, 0, TEXT_MOST);
    put(block, address.size == 4 ? NAME_IPV4 : NAME_IPV6, 2);
    put(block, address.size + name.size + 1, 2);
    (void)bytes_append(block, address);
    (void)bytes_append(block, name);
    put(block, 0, 1 + (unsigned)(-(address.size + name.size + 1) & 3));
    put(block, NAME_END, 4);
    end(b, BLOCK_NAMES);
}

void pcapng_block_secrets(struct pcapng_blocks *b, struct slice lines)
{
    struct bytes *block = begin(b);
    put(block, SECRETS_TLS, 4);
    put(block, lines.size, 4);
    put_padded(block, lines);
    end(b, BLOCK_SECRETS);
}

void pcapng_block_packet(struct pcapng_blocks *b, const struct pcapng_packet *packet)
{
    struct bytes *block = begin(b);
    uint64_t t = (uint64_t)packet->unix_ns;
    put(block, packet->interface, 4);
    put(block, t >> 32, 4);
    put(block, t, 4);
    put(block, packet->octets.size, 4); /* captured */
    put(block, packet->octets.size, 4); /* and as it was */
    put_padded(block, packet->octets);
    if (packet->direction != PCAPNG_UNKNOWN)
        put_number(block, PACKET_FLAGS, packet->direction, 4);
    put_number(block, PACKET_ID, packet->id, 8);
    put_end(block);
    end(b, BLOCK_PACKET);
}
