#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/net/tls_inner.h"

/*
 * The ciphers are named here, not left to a machine's configuration: a run is to be the same
 * everywhere. Servers have keys of elliptic curves, so only such ciphers of TLS 1.2 are of use, and
 * all of them keep what was said secret when the server's key becomes known later.
 */
static const char ciphers_1_3[] =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
static const char ciphers_1_2[] =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA256:"
    /* of other people's servers, with RSA keys */
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256";
static const char groups[] = "X25519:P-256:P-384";
static const char signatures[] =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:"
    "RSA+SHA256:RSA+SHA384:RSA+SHA512";

enum { DAY_S = 86400, CERTIFICATES_OCTETS_MAX = 64 * 1024, PEM_OCTETS_MAX = 16 * 1024 };

struct tls_authority *tls_authority_create(const struct tls_authority_options *options)
{
    struct tls_authority *authority = memory_take(sizeof *authority);
    authority->options = *options;
    return authority;
}

static void finish_issued(struct tls_authority *authority)
{
    for (size_t i = 0; i < authority->kept.count; i++)
        tls_issued_finish(&authority->kept.items[i].issued);
    vector_finish(&authority->kept);
    table_finish(&authority->table);
    arena_finish(&authority->arena);
    tls_issued_finish(&authority->trusted);
    tls_issued_finish(&authority->untrusted);
}

void tls_authority_destroy(struct tls_authority *authority)
{
    if (authority && authority->context) {
        finish_issued(authority);
        bytes_finish(&authority->pem);
        SSL_CTX_free(authority->settings[0]);
        SSL_CTX_free(authority->settings[1]);
        BIO_meth_free(authority->bio);
        OSSL_PROVIDER_unload(authority->chance);
        OSSL_PROVIDER_unload(authority->standard);
        OSSL_LIB_CTX_free(authority->context);
    }
    free(authority);
}

bool tls_authority_is_of(const struct tls_authority *authority,
                         const struct tls_authority_options *options)
{
    const struct tls_authority_options *own = &authority->options;
    return own->seed == options->seed && own->epoch_s == options->epoch_s &&
           own->has_localhost == options->has_localhost && own->is_real == options->is_real;
}

/* ---- issuing ---- */

static struct tls_issue issue_of(const struct tls_authority *authority)
{
    return (struct tls_issue){.context = authority->context,
                              .source = authority->source,
                              .seed = authority->options.seed,
                              .is_real = authority->options.is_real,
                              .has_localhost = authority->options.has_localhost,
                              .epoch_s = authority->options.epoch_s};
}

/* The other one is trusted by nobody, and made only when a fault wants it. */
static const struct tls_issued *issuer_for(struct tls_authority *authority, enum tls_flaw flaw)
{
    struct tls_issue issue = issue_of(authority);
    if (flaw != TLS_FLAW_UNTRUSTED)
        return &authority->trusted;
    if (!authority->untrusted.certificate)
        authority->untrusted = tls_issue_authority(&issue, SLICE("some other authority"));
    return &authority->untrusted;
}

static uint64_t kept_key(struct slice name, enum tls_flaw flaw, int64_t period)
{
    return slice_hash(name) ^ (uint64_t)flaw << 56 ^ (uint64_t)period << 32;
}

static uint32_t find_kept(const struct tls_authority *authority, struct slice name,
                          enum tls_flaw flaw, int64_t period)
{
    uint32_t index = table_get(&authority->table, kept_key(name, flaw, period));
    while (index) {
        const struct tls_kept *kept = &authority->kept.items[index - 1];
        if (slice_equal(kept->name, name) && kept->flaw == flaw && kept->period == period)
            break;
        index = kept->next;
    }
    return index;
}

const struct tls_issued *tls_authority_issue(struct tls_authority *authority, struct slice name,
                                             enum tls_flaw flaw, int64_t now_s)
{
    int64_t since_s = now_s - authority->options.epoch_s;
    int64_t period = since_s > 0 ? since_s / DAY_S / TLS_PERIOD_DAYS : 0;
    uint32_t index = find_kept(authority, name, flaw, period);
    if (!index) {
        struct tls_issue issue = issue_of(authority);
        const struct tls_issued *issuer = issuer_for(authority, flaw);
        struct tls_issued issued = tls_issue_server(&issue, issuer, name, flaw, period);
        uint64_t key = kept_key(name, flaw, period);
        *vector_add(&authority->kept) =
            (struct tls_kept){arena_copy(&authority->arena, name), flaw, period,
                              table_get(&authority->table, key), issued};
        index = (uint32_t)authority->kept.count;
        table_set(&authority->table, key, index);
    }
    return &authority->kept.items[index - 1].issued;
}

/* ---- settings ---- */

static void keep_key_line(const SSL *ssl, const char *line)
{
    struct tls *tls = SSL_get_app_data(ssl);
    struct slice texts[] = {slice_of(line), SLICE("\n")};
    (void)bytes_append_all(&tls->keys, texts, 2); /* beyond its ceiling there is no handshake */
}

/* Any name that is asked for is taken: whoever asked finds out what the certificate says. */
static int take_name(SSL *ssl, int *alert, void *context)
{
    (void)ssl, (void)alert, (void)context;
    return SSL_TLSEXT_ERR_OK;
}

/*
 * No tickets and no session cache: each connection shows a whole handshake, and none depends on an
 * earlier one. No second handshake within a connection (RFC 5746's answer is to refuse it), no
 * compression (RFC 7525 3.3). A server shows its own certificate alone: whoever would trust the
 * authority that signed it has that one's already (RFC 8446 4.4.2).
 */
static SSL_CTX *make_settings(OSSL_LIB_CTX *library, X509 *trusted)
{
    SSL_CTX *settings = SSL_CTX_new_ex(library, NULL, TLS_method());
    check(settings && SSL_CTX_set_min_proto_version(settings, TLS1_2_VERSION) == 1 &&
          SSL_CTX_set_max_proto_version(settings, TLS1_3_VERSION) == 1 &&
          SSL_CTX_set_ciphersuites(settings, ciphers_1_3) == 1 &&
          SSL_CTX_set_cipher_list(settings, ciphers_1_2) == 1 &&
          SSL_CTX_set1_groups_list(settings, groups) == 1 &&
          SSL_CTX_set1_sigalgs_list(settings, signatures) == 1 &&
          SSL_CTX_set_num_tickets(settings, 0) == 1);
    SSL_CTX_set_options(settings,
                        SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(settings, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(settings, SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_max_cert_list(settings, CERTIFICATES_OCTETS_MAX);
    SSL_CTX_set_keylog_callback(settings, keep_key_line);
    SSL_CTX_set_tlsext_servername_callback(settings, take_name);
    check(X509_STORE_add_cert(SSL_CTX_get_cert_store(settings), trusted) == 1);
    return settings;
}

static void write_pem(struct tls_authority *authority)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    check(memory && PEM_write_bio_X509(memory, authority->trusted.certificate) == 1);
    long size = BIO_get_mem_data(memory, &text);
    bytes_init(&authority->pem, PEM_OCTETS_MAX);
    check(size > 0 && bytes_append(&authority->pem, (struct slice){text, (size_t)size}));
    BIO_free(memory);
}

void tls_authority_start(struct tls_authority *authority)
{
    if (authority->context)
        return;
    /* the machine's own settings are for the machine's own programs */
    check(OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1);
    authority->context = OSSL_LIB_CTX_new();
    check(authority->context);
    authority->source = tls_random_install(authority->context, &authority->chance);
    authority->standard = OSSL_PROVIDER_load(authority->context, "default");
    check(authority->standard);
    arena_init(&authority->arena);
    struct tls_issue issue = issue_of(authority);
    authority->trusted = tls_issue_authority(&issue, SLICE("mailflow authority"));
    authority->bio = tls_bio_method();
    for (int i = 0; i < 2; i++)
        authority->settings[i] = make_settings(authority->context, authority->trusted.certificate);
    write_pem(authority);
    ERR_clear_error();
}

struct slice tls_authority_pem(struct tls_authority *authority)
{
    tls_authority_start(authority);
    return bytes_slice(&authority->pem);
}
