#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/net/tls_inner.h"

/*
 * A provider with one algorithm, a random generator that hands out octets of the source. It takes
 * no part in seeding: what OpenSSL would mix in (time, addresses, the system's entropy) never comes
 * here. See provider-rand(7).
 */

enum { REQUEST_MAX = 65536, STRENGTH = 256 };

#define ALGORITHM "MAILFLOW-CHANCE"
#define PROVIDER "mailflow"

static void *generator_create(void *provider, void *parent, const OSSL_DISPATCH *parent_calls)
{
    (void)parent, (void)parent_calls;
    return provider;
}

static void generator_destroy(void *generator)
{
    (void)generator; /* the source belongs to the provider */
}

static int instantiate(void *generator, unsigned strength, int resists_prediction,
                       const unsigned char *personal, size_t personal_size,
                       const OSSL_PARAM *settings)
{
    (void)generator, (void)strength, (void)resists_prediction;
    (void)personal, (void)personal_size, (void)settings;
    return 1;
}

static int uninstantiate(void *generator)
{
    (void)generator;
    return 1;
}

static void fill(struct random *random, unsigned char *octets, size_t size)
{
    for (size_t i = 0; i < size; i += 8) {
        uint64_t draw = random_u64(random);
        for (size_t j = i; j < size && j < i + 8; j++, draw >>= 8)
            octets[j] = (unsigned char)draw;
    }
}

static int generate(void *generator, unsigned char *octets, size_t size, unsigned strength,
                    int resists_prediction, const unsigned char *added, size_t added_size)
{
    const struct tls_source *source = generator;
    (void)strength, (void)resists_prediction, (void)added, (void)added_size;
    if (!source->random) /* OpenSSL's own generator, of the context that all programs share */
        return RAND_priv_bytes(octets, (int)size);
    fill(source->random, octets, size);
    return 1;
}

static int get_settings(void *generator, OSSL_PARAM settings[])
{
    (void)generator;
    OSSL_PARAM *p = OSSL_PARAM_locate(settings, OSSL_RAND_PARAM_STATE);
    if (p && !OSSL_PARAM_set_int(p, EVP_RAND_STATE_READY))
        return 0;
    p = OSSL_PARAM_locate(settings, OSSL_RAND_PARAM_STRENGTH);
    if (p && !OSSL_PARAM_set_uint(p, STRENGTH))
        return 0;
    p = OSSL_PARAM_locate(settings, OSSL_RAND_PARAM_MAX_REQUEST);
    return !p || OSSL_PARAM_set_size_t(p, REQUEST_MAX);
}

/* A context is used by one thread, but OpenSSL asks for locks. */
static int lock(void *generator)
{
    (void)generator;
    return 1;
}

static void unlock(void *generator)
{
    (void)generator;
}

#define CALL(number, function)                                                                     \
    {                                                                                              \
        number, (void (*)(void))(function)                                                         \
    }

static const OSSL_DISPATCH generator_calls[] = {
    CALL(OSSL_FUNC_RAND_NEWCTX, generator_create),
    CALL(OSSL_FUNC_RAND_FREECTX, generator_destroy),
    CALL(OSSL_FUNC_RAND_INSTANTIATE, instantiate),
    CALL(OSSL_FUNC_RAND_UNINSTANTIATE, uninstantiate),
    CALL(OSSL_FUNC_RAND_GENERATE, generate),
    CALL(OSSL_FUNC_RAND_GET_CTX_PARAMS, get_settings),
    CALL(OSSL_FUNC_RAND_ENABLE_LOCKING, lock),
    CALL(OSSL_FUNC_RAND_LOCK, lock),
    CALL(OSSL_FUNC_RAND_UNLOCK, unlock),
    {0, NULL},
};

static const OSSL_ALGORITHM *query(void *provider, int operation, int *is_dynamic)
{
    static const OSSL_ALGORITHM generators[] = {
        {ALGORITHM, "provider=" PROVIDER, generator_calls, NULL}, {NULL, NULL, NULL, NULL}};
    (void)provider;
    *is_dynamic = 0;
    return operation == OSSL_OP_RAND ? generators : NULL;
}

static void teardown(void *provider)
{
    free(provider);
}

static int start(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *core,
                 const OSSL_DISPATCH **calls, void **provider)
{
    static const OSSL_DISPATCH provider_calls[] = {
        CALL(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
        CALL(OSSL_FUNC_PROVIDER_TEARDOWN, teardown),
        {0, NULL},
    };
    (void)handle, (void)core;
    *provider = memory_take(sizeof(struct tls_source));
    *calls = provider_calls;
    return 1;
}

struct tls_source *tls_random_install(OSSL_LIB_CTX *context, OSSL_PROVIDER **provider)
{
    check(OSSL_PROVIDER_add_builtin(context, PROVIDER, start) == 1);
    *provider = OSSL_PROVIDER_load(context, PROVIDER);
    check(*provider);
    check(RAND_set_DRBG_type(context, ALGORITHM, "provider=" PROVIDER, NULL, NULL) == 1);
    return OSSL_PROVIDER_get0_provider_ctx(*provider);
}
