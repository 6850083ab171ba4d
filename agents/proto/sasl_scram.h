/*
 * What both sides of SCRAM-SHA-256 share (RFC 5802 3, 7; RFC 7677): attributes, names, keys.
 */
#ifndef AGENTS_PROTO_SASL_SCRAM_H
#define AGENTS_PROTO_SASL_SCRAM_H

#include "sim/base/bytes.h"
#include "agents/proto/sasl_digest.h"

enum {
    SASL_SCRAM_NONCE_MAX = 1024,         /* octets of one side's nonce */
    SASL_SCRAM_SALT = 16,                /* octets that a server here uses */
    SASL_SCRAM_SALT_MAX = 1024,          /* that a client takes */
    SASL_SCRAM_ITERATIONS = 4096,        /* that a server here uses, and the least a client takes
                                            (RFC 7677 4) */
    SASL_SCRAM_ITERATIONS_MAX = 1000000, /* a server must not keep a client busy (RFC 5802 9) */
};

/* Takes "x=value" up to the next comma off the front of *message. False when it starts otherwise;
 *message is unchanged then. */
bool sasl_scram_take(struct slice *message, char attribute, struct slice *value);
/* What stands in front of the last attribute, which is to be `attribute`: its value is behind. */
bool sasl_scram_take_last(struct slice message, char attribute, struct slice *before,
                          struct slice *value);
/* Attributes that nobody knows may follow (RFC 5802 5.1: ignored): "x=..." each, a letter and a
   value. */
bool sasl_scram_is_rest(struct slice message);
/* 1 to SASL_SCRAM_NONCE_MAX printable characters, no comma (RFC 5802 7). */
bool sasl_scram_is_nonce(struct slice text);

/* A name as it travels: '=' and ',' become "=3D" and "=2C" (RFC 5802 5.1), and back. Appends;
   reading gives false when the name is empty, or an '=' stands for nothing. */
void sasl_scram_put_name(struct slice name, struct bytes *out);
bool sasl_scram_read_name(struct slice text, struct bytes *out);

struct sasl_scram_keys {
    unsigned char client[SASL_DIGEST_SHA256], stored[SASL_DIGEST_SHA256],
        server[SASL_DIGEST_SHA256];
};
/* RFC 5802 3. */
void sasl_scram_make_keys(struct slice password, struct slice salt, uint32_t iterations,
                          struct sasl_scram_keys *keys);

/*
 * Keys that were made before. They follow from password, salt and count alone, and making them is
 * slow on purpose: whoever logs in again and again is to do it once. Zeroed memory is empty; the
 * oldest are forgotten.
 */
enum { SASL_SCRAM_MEMORY = 64 };
struct sasl_scram_memory {
    struct {
        unsigned char of[SASL_DIGEST_SHA256]; /* password and salt */
        uint32_t iterations;                  /* 0: nothing is here */
        struct sasl_scram_keys keys;
    } made[SASL_SCRAM_MEMORY];
    uint32_t next;
};
/* As sasl_scram_make_keys; `memory` may be NULL. */
void sasl_scram_recall_keys(struct sasl_scram_memory *memory, struct slice password,
                            struct slice salt, uint32_t iterations, struct sasl_scram_keys *keys);
/* ClientProof, given AuthMessage. */
void sasl_scram_prove(const struct sasl_scram_keys *keys, struct slice said,
                      unsigned char proof[SASL_DIGEST_SHA256]);
/* Does the proof come from one who knows ClientKey? Needs keys->stored only. */
bool sasl_scram_is_proof(const struct sasl_scram_keys *keys, struct slice said, struct slice proof);
/* ServerSignature. */
void sasl_scram_sign(const struct sasl_scram_keys *keys, struct slice said,
                     unsigned char signature[SASL_DIGEST_SHA256]);

#endif
