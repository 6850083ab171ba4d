#include "sim/net/tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/net/tls_inner.h"

enum {
    NAME_OCTETS_MAX = 253,
    KEYS_OCTETS_MAX = 4096,
    REASON_OCTETS_MAX = 256,
    RECORD_OCTETS_MAX = 16384, /* RFC 8446 5.1 */
};

/* What OpenSSL does from here on is done for this connection, with its chance. */
static SSL *enter(struct tls *tls)
{
    tls->authority->source->random = tls->is_real ? NULL : &tls->random;
    ERR_clear_error();
    return tls->ssl;
}

static void fail(struct tls *tls, struct slice reason)
{
    tls->state = TLS_STATE_FAILED;
    bytes_clear(&tls->reason);
    (void)bytes_append(&tls->reason, slice_part(reason, 0, REASON_OCTETS_MAX));
}

/* The certificate is said to be at fault only if that is what it failed for. */
static void fail_by_error(struct tls *tls)
{
    unsigned long error = ERR_peek_error();
    bool is_certificate = ERR_GET_LIB(error) == ERR_LIB_SSL &&
                          ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED;
    fail(tls, tls_words_error(&tls->is_told));
    if (!is_certificate)
        return;
    tls->verdict = tls_words_verdict(SSL_get_verify_result(tls->ssl));
    bytes_clear(&tls->reason);
    (void)bytes_printf(&tls->reason, "certificate not trusted: %.*s", SLICE_ARG(tls->verdict));
}

/* ---- making ---- */

/* True when there is a name that a certificate can be held against. */
static bool expect_name(struct tls *tls, struct slice name)
{
    if (slice_ends(name, SLICE(".")))
        name = slice_part(name, 0, name.size - 1);
    if (name.size == 0 || name.size > NAME_OCTETS_MAX ||
        slice_find_octet(name, '\0', 0) != SLICE_NONE)
        return false;
    bytes_append(&tls->name, name);
    char text[NAME_OCTETS_MAX + 1] = {0};
    memcpy(text, name.data, name.size);
    /* RFC 6066 3: an address is never asked for by SNI */
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls->ssl), text) == 1)
        return true;
    return SSL_set_tlsext_host_name(tls->ssl, text) == 1 && SSL_set1_host(tls->ssl, text) == 1;
}

static void start_client(struct tls *tls, const struct tls_options *options)
{
    X509_VERIFY_PARAM *checks = SSL_get0_param(tls->ssl);
    X509_VERIFY_PARAM_set_time(checks, (time_t)options->now_s);
    X509_VERIFY_PARAM_set_hostflags(checks, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                                X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    bool verifies = options->check == TLS_CHECK_VERIFY;
    bool has_name = expect_name(tls, options->name);
    SSL_set_verify(tls->ssl, verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    SSL_set_connect_state(tls->ssl);
    if (verifies && !has_name)
        fail(tls, SLICE("no name to hold the certificate against"));
}

static void start_server(struct tls *tls, const struct tls_options *options)
{
    const struct tls_issued *issued =
        tls_authority_issue(tls->authority, options->name, options->flaw, options->now_s);
    check(SSL_use_certificate(tls->ssl, issued->certificate) == 1 &&
          SSL_use_PrivateKey(tls->ssl, issued->key) == 1);
    SSL_set_accept_state(tls->ssl);
}

static void shake(struct tls *tls);

struct tls *tls_create(struct tls_authority *authority, const struct tls_options *options)
{
    struct tls *tls = memory_take(sizeof *tls);
    tls_authority_start(authority);
    tls->authority = authority;
    tls->is_server = options->is_server;
    tls->is_real = options->is_real;
    for (int i = 0; i < 4 && !tls->is_real; i++)
        tls->random.state[i] = random_u64(options->random);
    bytes_init(&tls->clear, TLS_CLEAR_MAX);
    bytes_init(&tls->wire, SIZE_MAX); /* as much as was told to be said */
    bytes_init(&tls->keys, KEYS_OCTETS_MAX);
    bytes_init(&tls->name, NAME_OCTETS_MAX);
    bytes_init(&tls->reason, REASON_OCTETS_MAX);
    (void)enter(tls);
    tls->ssl = SSL_new(authority->settings[tls->is_server]);
    check(tls->ssl);
    SSL_set_app_data(tls->ssl, tls);
    BIO *bio = tls_bio_create(tls);
    SSL_set_bio(tls->ssl, bio, bio);
    if (options->is_old)
        check(SSL_set_max_proto_version(tls->ssl, TLS1_2_VERSION) == 1);
    if (tls->is_server)
        start_server(tls, options);
    else
        start_client(tls, options);
    shake(tls);
    return tls;
}

void tls_destroy(struct tls *tls)
{
    if (!tls)
        return;
    SSL_free(enter(tls));
    bytes_finish(&tls->clear);
    bytes_finish(&tls->wire);
    bytes_finish(&tls->keys);
    bytes_finish(&tls->name);
    bytes_finish(&tls->reason);
    free(tls);
}

/* ---- the handshake ---- */

static void note_up(struct tls *tls)
{
    tls->state = TLS_STATE_UP;
    tls->version = slice_of(SSL_get_version(tls->ssl));
    tls->cipher = slice_of(SSL_get_cipher_name(tls->ssl));
    if (tls->is_server)
        (void)bytes_append(&tls->name,
                           slice_of(SSL_get_servername(tls->ssl, TLSEXT_NAMETYPE_host_name)));
    else
        tls->verdict = tls_words_verdict(SSL_get_verify_result(tls->ssl));
}

/* A client's first call says hello. */
static void shake(struct tls *tls)
{
    if (tls->state != TLS_STATE_HANDSHAKE)
        return;
    int done = SSL_do_handshake(enter(tls));
    if (done == 1)
        note_up(tls);
    else if (SSL_get_error(tls->ssl, done) != SSL_ERROR_WANT_READ)
        fail_by_error(tls);
}

/* ---- after it ---- */

/* One piece; false when there is no more. */
static bool read_clear(struct tls *tls)
{
    if (!bytes_reserve(&tls->clear, RECORD_OCTETS_MAX)) {
        fail(tls, SLICE("more at once than anybody reads"));
        return false;
    }
    size_t size = 0;
    int done = SSL_read_ex(enter(tls), tls->clear.data + tls->clear.end, RECORD_OCTETS_MAX, &size);
    tls->clear.end += size;
    if (done == 1)
        return true;
    int error = SSL_get_error(tls->ssl, done);
    if (error == SSL_ERROR_ZERO_RETURN)
        tls->state = TLS_STATE_CLOSED;
    else if (error != SSL_ERROR_WANT_READ)
        fail_by_error(tls);
    return false;
}

void tls_feed(struct tls *tls, struct slice ciphertext)
{
    check(ciphertext.size <= TLS_FEED_MAX);
    tls->arriving = ciphertext;
    shake(tls);
    while (tls->state == TLS_STATE_UP && read_clear(tls))
        ;
    tls->arriving = (struct slice){0}; /* what comes behind the end is nobody's */
}

void tls_say(struct tls *tls, struct slice cleartext)
{
    size_t size;
    if (tls->state != TLS_STATE_UP || cleartext.size == 0)
        return;
    if (SSL_write_ex(enter(tls), cleartext.data, cleartext.size, &size) != 1)
        fail_by_error(tls);
}

void tls_close(struct tls *tls)
{
    if (tls->state == TLS_STATE_UP || tls->state == TLS_STATE_CLOSED)
        (void)SSL_shutdown(enter(tls)); /* 0: said, and the peer has not; both are well */
    ERR_clear_error();
}

/* ---- looking at it ---- */

struct bytes *tls_clear(struct tls *tls)
{
    return &tls->clear;
}

struct bytes *tls_wire(struct tls *tls)
{
    return &tls->wire;
}

enum tls_state tls_state(const struct tls *tls)
{
    return tls->state;
}

struct slice tls_version(const struct tls *tls)
{
    return tls->version;
}

struct slice tls_cipher(const struct tls *tls)
{
    return tls->cipher;
}

struct slice tls_name(const struct tls *tls)
{
    return bytes_slice(&tls->name);
}

struct slice tls_verdict(const struct tls *tls)
{
    return tls->verdict;
}

struct slice tls_reason(const struct tls *tls)
{
    return bytes_slice(&tls->reason);
}

bool tls_is_told(const struct tls *tls)
{
    return tls->is_told;
}

bool tls_next_key(struct tls *tls, struct slice *line)
{
    struct slice rest = bytes_slice(&tls->keys);
    size_t before = rest.size;
    if (!slice_cut(&rest, '\n', line))
        return false;
    bytes_consume(&tls->keys, before - rest.size);
    return true;
}
