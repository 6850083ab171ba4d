/*
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian on every machine, written
 * as they come: nothing of them is kept. A fault of the stream is left to ferror(out).
 *
 *     struct pcapng_blocks blocks;
 *     pcapng_block_init(&blocks, out);
 *     pcapng_block_section(&blocks, program, comment);
 *     uint32_t number = pcapng_block_interface(&blocks, &interface);    from 0
 *     pcapng_block_packet(&blocks, &packet);
 *     pcapng_block_finish(&blocks);
 */
#ifndef EXPORT_PCAPNG_BLOCK_H
#define EXPORT_PCAPNG_BLOCK_H

#include <stdio.h>

#include "sim/base/bytes.h"

struct pcapng_blocks {
    FILE *out;
    struct bytes block; /* the one that is being made, without its type and lengths */
    uint32_t interface_count;
};

struct pcapng_interface {
    struct slice name, description;
    uint64_t bits_per_s; /* 0: not known */
};

/* Which way it went, as who captured it sees it. */
enum pcapng_direction { PCAPNG_UNKNOWN = 0, PCAPNG_IN = 1, PCAPNG_OUT = 2 };

struct pcapng_packet {
    uint32_t interface;
    enum pcapng_direction direction;
    int64_t unix_ns;
    uint64_t id;         /* the same for each sight of one packet */
    struct slice octets; /* from its IP header on */
};

void pcapng_block_init(struct pcapng_blocks *b, FILE *out);
void pcapng_block_finish(struct pcapng_blocks *b);

/* Texts beyond 1,000 octets are cut. */
void pcapng_block_section(struct pcapng_blocks *b, struct slice program, struct slice comment);
uint32_t pcapng_block_interface(struct pcapng_blocks *b, const struct pcapng_interface *interface);
/* One host's address (4 or 16 octets) and its name. */
void pcapng_block_name(struct pcapng_blocks *b, struct slice address, struct slice name);
/* Lines in the format of SSLKEYLOGFILE, each with its end. */
void pcapng_block_secrets(struct pcapng_blocks *b, struct slice lines);
void pcapng_block_packet(struct pcapng_blocks *b, const struct pcapng_packet *packet);

#endif
