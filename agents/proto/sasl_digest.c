#include "agents/proto/sasl_digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "sim/base/check.h"

enum { MD5_OCTETS = 16 };

static void put_hex(const unsigned char *octets, char *hex)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < MD5_OCTETS; i++) {
        hex[2 * i] = digits[octets[i] >> 4];
        hex[2 * i + 1] = digits[octets[i] & 15];
    }
}

/* libcrypto takes no NULL for an empty text. */
static const void *start(struct slice s)
{
    return s.size ? s.data : "";
}

void sasl_digest_md5(struct slice first, struct slice second, char hex[SASL_DIGEST_MD5_HEX])
{
    unsigned char octets[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    check(context && EVP_DigestInit_ex(context, EVP_md5(), NULL));
    check(EVP_DigestUpdate(context, start(first), first.size));
    check(EVP_DigestUpdate(context, start(second), second.size));
    check(EVP_DigestFinal_ex(context, octets, NULL));
    EVP_MD_CTX_free(context);
    put_hex(octets, hex);
}

void sasl_digest_hmac_md5(struct slice key, struct slice text, char hex[SASL_DIGEST_MD5_HEX])
{
    unsigned char octets[EVP_MAX_MD_SIZE];
    check(HMAC(EVP_md5(), start(key), (int)key.size, (const unsigned char *)start(text), text.size,
               octets, NULL));
    put_hex(octets, hex);
}

void sasl_digest_sha256(struct slice text, unsigned char digest[SASL_DIGEST_SHA256])
{
    check(EVP_Digest(start(text), text.size, digest, NULL, EVP_sha256(), NULL));
}

void sasl_digest_hmac_sha256(struct slice key, struct slice text,
                             unsigned char digest[SASL_DIGEST_SHA256])
{
    check(HMAC(EVP_sha256(), start(key), (int)key.size, (const unsigned char *)start(text),
               text.size, digest, NULL));
}

void sasl_digest_pbkdf2(struct slice password, struct slice salt, uint32_t iterations,
                        unsigned char digest[SASL_DIGEST_SHA256])
{
    check(PKCS5_PBKDF2_HMAC(start(password), (int)password.size, (const unsigned char *)start(salt),
                            (int)salt.size, (int)iterations, EVP_sha256(), SASL_DIGEST_SHA256,
                            digest));
}

bool sasl_digest_equal(struct slice one, struct slice other)
{
    return one.size == other.size && CRYPTO_memcmp(start(one), start(other), one.size) == 0;
}
