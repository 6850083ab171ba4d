/*
 * The hashes that SASL mechanisms and APOP are made of, from OpenSSL's libcrypto. Cannot fail.
 */
#ifndef AGENTS_PROTO_SASL_DIGEST_H
#define AGENTS_PROTO_SASL_DIGEST_H

#include "sim/base/slice.h"

enum { SASL_DIGEST_MD5_HEX = 32, SASL_DIGEST_SHA256 = 32 };

/* In lower-case hex digits, without a terminator: MD5 of two texts after each other, HMAC-MD5 (RFC
   2104). */
void sasl_digest_md5(struct slice first, struct slice second, char hex[SASL_DIGEST_MD5_HEX]);
void sasl_digest_hmac_md5(struct slice key, struct slice text, char hex[SASL_DIGEST_MD5_HEX]);

/* As octets. */
void sasl_digest_sha256(struct slice text, unsigned char digest[SASL_DIGEST_SHA256]);
void sasl_digest_hmac_sha256(struct slice key, struct slice text,
                             unsigned char digest[SASL_DIGEST_SHA256]);
/* Hi() of RFC 5802 2.2, which is PBKDF2 (RFC 8018 5.2). */
void sasl_digest_pbkdf2(struct slice password, struct slice salt, uint32_t iterations,
                        unsigned char digest[SASL_DIGEST_SHA256]);

/* Takes the same time wherever two secrets of one length differ. */
bool sasl_digest_equal(struct slice one, struct slice other);

#endif
