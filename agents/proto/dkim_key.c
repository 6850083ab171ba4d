#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "agents/proto/dkim_part.h"
#include "sim/base/base64.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum {
    RSA_BITS = 2048,
    RSA_BITS_MIN = 1024, /* RFC 8301 3.2 */
    RSA_BITS_MAX = 4096,
    RSA_EXPONENT = 65537,
    ED25519_OCTETS = 32
};

struct dkim_secret {
    enum dkim_algorithm algorithm;
    EVP_PKEY *key;
};

/* ---- checking ---- */

/* A SubjectPublicKeyInfo, as everybody writes it, or the bare RSAPublicKey that the grammar of RFC
   6376 3.6.1 names. NULL: it is none. */
static EVP_PKEY *read_rsa(struct slice octets)
{
    const unsigned char *at = (const unsigned char *)octets.data;
    if (octets.size > UINT16_MAX)
        return NULL;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)octets.size);
    at = (const unsigned char *)octets.data;
    if (!key)
        key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)octets.size);
    if (key && EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

static EVP_PKEY *read_key(const struct dkim_key *key)
{
    if (key->algorithm == DKIM_RSA_SHA256)
        return read_rsa(key->octets);
    if (key->octets.size != ED25519_OCTETS)
        return NULL;
    return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
                                       (const unsigned char *)key->octets.data, ED25519_OCTETS);
}

/* What the algorithm signs: RFC 8463 3 gives Ed25519 the hash of the data, and no hash of its own.
 */
static struct slice prepare(enum dkim_algorithm algorithm, struct slice data,
                            unsigned char hash[DKIM_HASH_OCTETS])
{
    if (algorithm == DKIM_RSA_SHA256)
        return data;
    check(EVP_Digest(data.data, data.size, hash, NULL, EVP_sha256(), NULL) == 1);
    return (struct slice){(const char *)hash, DKIM_HASH_OCTETS};
}

static const EVP_MD *digest_of(enum dkim_algorithm algorithm)
{
    return algorithm == DKIM_RSA_SHA256 ? EVP_sha256() : NULL;
}

static bool fits(EVP_PKEY *key, enum dkim_algorithm algorithm, struct slice data,
                 struct slice signature)
{
    unsigned char hash[DKIM_HASH_OCTETS];
    struct slice said = prepare(algorithm, data, hash);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    check(context);
    bool ok = EVP_DigestVerifyInit(context, NULL, digest_of(algorithm), NULL, key) == 1 &&
              EVP_DigestVerify(context, (const unsigned char *)signature.data, signature.size,
                               (const unsigned char *)said.data, said.size) == 1;
    EVP_MD_CTX_free(context);
    return ok;
}

enum dkim_checked dkim_key_check(const struct dkim_key *key, struct slice data,
                                 struct slice signature)
{
    enum dkim_checked checked = DKIM_KEY_IS_NONE;
    EVP_PKEY *public_key = read_key(key);
    int bits = public_key ? EVP_PKEY_get_bits(public_key) : 0;
    if (public_key && key->algorithm == DKIM_RSA_SHA256 && bits < RSA_BITS_MIN)
        checked = DKIM_KEY_IS_WEAK;
    else if (public_key && bits <= RSA_BITS_MAX)
        checked = fits(public_key, key->algorithm, data, signature) ? DKIM_FITS : DKIM_FITS_NOT;
    EVP_PKEY_free(public_key);
    ERR_clear_error();
    return checked;
}

/* ---- making ---- */

/* So many octets of the chance, whatever the machine. */
static void draw(struct random *random, unsigned char *octets, size_t size)
{
    for (size_t i = 0; i < size; i++)
        octets[i] = (unsigned char)(random_u64(random) >> 32);
}

/* A prime of half the key's length whose two upper bits are set, so that a product of two has all
   of its length, and which may be used with the exponent. */
static BIGNUM *draw_prime(struct random *random, BN_CTX *context)
{
    unsigned char octets[RSA_BITS / 16];
    BIGNUM *prime = BN_new();
    draw(random, octets, sizeof octets);
    octets[0] |= 0xC0;
    octets[sizeof octets - 1] |= 1;
    check(prime && BN_bin2bn(octets, sizeof octets, prime));
    while (BN_mod_word(prime, RSA_EXPONENT) == 1 || BN_check_prime(prime, context, NULL) != 1)
        check(BN_add_word(prime, 2));
    return prime;
}

/* The numbers of an RSA key (RFC 8017 3.2): n, e, d, the primes, and what makes signing quick. */
enum rsa_number { RSA_N, RSA_E, RSA_D, RSA_P, RSA_Q, RSA_DP, RSA_DQ, RSA_QINV, RSA_NUMBERS };

static void calculate(BIGNUM *n[RSA_NUMBERS], BN_CTX *context)
{
    BIGNUM *less_p = BN_dup(n[RSA_P]), *less_q = BN_dup(n[RSA_Q]), *order = BN_new();
    check(less_p && less_q && order && BN_sub_word(less_p, 1) && BN_sub_word(less_q, 1) &&
          BN_mul(order, less_p, less_q, context) && BN_set_word(n[RSA_E], RSA_EXPONENT) &&
          BN_mul(n[RSA_N], n[RSA_P], n[RSA_Q], context) &&
          BN_mod_inverse(n[RSA_D], n[RSA_E], order, context) &&
          BN_mod(n[RSA_DP], n[RSA_D], less_p, context) &&
          BN_mod(n[RSA_DQ], n[RSA_D], less_q, context) &&
          BN_mod_inverse(n[RSA_QINV], n[RSA_Q], n[RSA_P], context));
    BN_clear_free(less_p);
    BN_clear_free(less_q);
    BN_clear_free(order);
}

static EVP_PKEY *assemble(BIGNUM *const n[RSA_NUMBERS])
{
    static const char *const names[RSA_NUMBERS] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    check(build && context);
    for (size_t i = 0; i < RSA_NUMBERS; i++)
        check(OSSL_PARAM_BLD_push_BN(build, names[i], n[i]));
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
    check(parameters && EVP_PKEY_fromdata_init(context) == 1 &&
          EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters) == 1);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *make_rsa(struct random *random)
{
    BIGNUM *n[RSA_NUMBERS];
    BN_CTX *context = BN_CTX_new();
    check(context);
    for (size_t i = 0; i < RSA_NUMBERS; i++)
        n[i] = i == RSA_P || i == RSA_Q ? draw_prime(random, context) : BN_new();
    calculate(n, context);
    EVP_PKEY *key = assemble(n);
    for (size_t i = 0; i < RSA_NUMBERS; i++)
        BN_clear_free(n[i]);
    BN_CTX_free(context);
    return key;
}

static EVP_PKEY *make_ed25519(struct random *random)
{
    unsigned char octets[ED25519_OCTETS];
    draw(random, octets, sizeof octets);
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, octets, sizeof octets);
}

struct dkim_secret *dkim_secret_create(enum dkim_algorithm algorithm, struct random *random)
{
    struct dkim_secret *secret = memory_take(sizeof *secret);
    secret->algorithm = algorithm;
    secret->key = algorithm == DKIM_RSA_SHA256 ? make_rsa(random) : make_ed25519(random);
    check(secret->key);
    return secret;
}

void dkim_secret_destroy(struct dkim_secret *secret)
{
    if (!secret)
        return;
    EVP_PKEY_free(secret->key);
    free(secret);
}

enum dkim_algorithm dkim_secret_algorithm(const struct dkim_secret *secret)
{
    return secret->algorithm;
}

static struct slice print(struct slice octets, const char *kind, struct arena *arena)
{
    struct bytes text;
    bytes_init(&text, SIZE_MAX / 2);
    check(bytes_printf(&text, "v=DKIM1; k=%s; p=", kind) && base64_write(octets, &text));
    struct slice record = arena_copy(arena, bytes_slice(&text));
    bytes_finish(&text);
    return record;
}

struct slice dkim_secret_record(const struct dkim_secret *secret, struct arena *arena)
{
    unsigned char raw[ED25519_OCTETS], *der = NULL;
    size_t size = sizeof raw;
    if (secret->algorithm == DKIM_ED25519_SHA256) {
        check(EVP_PKEY_get_raw_public_key(secret->key, raw, &size) == 1);
        return print((struct slice){(const char *)raw, size}, "ed25519", arena);
    }
    int der_size = i2d_PUBKEY(secret->key, &der);
    check(der_size > 0);
    struct slice record = print((struct slice){(const char *)der, (size_t)der_size}, "rsa", arena);
    OPENSSL_free(der);
    return record;
}

struct slice dkim_secret_sign(const struct dkim_secret *secret, struct slice data,
                              struct arena *arena)
{
    unsigned char hash[DKIM_HASH_OCTETS];
    struct slice said = prepare(secret->algorithm, data, hash);
    size_t size = (size_t)EVP_PKEY_get_size(secret->key);
    unsigned char *octets = arena_take(arena, size);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    check(context &&
          EVP_DigestSignInit(context, NULL, digest_of(secret->algorithm), NULL, secret->key) == 1 &&
          EVP_DigestSign(context, octets, &size, (const unsigned char *)said.data, said.size) == 1);
    EVP_MD_CTX_free(context);
    return (struct slice){(const char *)octets, size};
}
