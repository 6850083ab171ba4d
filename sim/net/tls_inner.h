/*
 * What the files of TLS share; nobody outside sim/net/tls*.c includes it.
 *
 *     tls.c            a connection
 *     tls_authority.c  the run's authority: its library context, its settings, what it has issued
 *     tls_issue.c      certificates
 *     tls_random.c     where OpenSSL's random octets come from
 *     tls_bio.c        between OpenSSL and our buffers
 *     tls_words.c      OpenSSL's errors in words
 */
#ifndef SIM_NET_TLS_INNER_H
#define SIM_NET_TLS_INNER_H

#include <openssl/provider.h>
#include <openssl/ssl.h>

#include "sim/base/arena.h"
#include "sim/base/vector.h"
#include "sim/net/table.h"
#include "sim/net/tls.h"

/*
 * OpenSSL asks its library context for random octets wherever it needs some, and knows no
 * connection then. So each call into it on behalf of somebody is made with the source set to that
 * somebody's chance.
 */
struct tls_source {
    struct random *random; /* NULL: the system's */
    struct random issuing; /* what certificates and settings are made with */
};

/* Makes `context` take all its randomness from the source that is returned. The source lives as
   long as the provider. */
struct tls_source *tls_random_install(OSSL_LIB_CTX *context, OSSL_PROVIDER **provider);

/* One certificate and its key. */
struct tls_issued {
    X509 *certificate;
    EVP_PKEY *key;
};

/* For issuing: all of it follows from the run's seed and what is asked for, not from what was
   issued before. */
struct tls_issue {
    OSSL_LIB_CTX *context;
    struct tls_source *source;
    uint64_t seed;
    bool is_real, has_localhost;
    int64_t epoch_s;
};
struct tls_issued tls_issue_authority(const struct tls_issue *issue, struct slice common_name);
/* Servers' certificates are renewed: the first period starts with the run. */
enum { TLS_PERIOD_DAYS = 360 };
struct tls_issued tls_issue_server(const struct tls_issue *issue, const struct tls_issued *issuer,
                                   struct slice name, enum tls_flaw flaw, int64_t period);
void tls_issued_finish(struct tls_issued *issued);

/* What was issued already. */
struct tls_kept {
    struct slice name; /* in the authority's arena */
    enum tls_flaw flaw;
    int64_t period;
    uint32_t next; /* of the same hash; index + 1 */
    struct tls_issued issued;
};

struct tls_authority {
    struct tls_authority_options options;
    /* what follows is made when it is needed first */
    OSSL_LIB_CTX *context; /* NULL until then */
    OSSL_PROVIDER *standard, *chance;
    struct tls_source *source;
    BIO_METHOD *bio;
    SSL_CTX *settings[2]; /* of a client, of a server */
    struct tls_issued trusted, untrusted;
    struct bytes pem;
    struct arena arena;
    VECTOR(struct tls_kept) kept;
    struct table table; /* index + 1 of the last one by hash */
};

void tls_authority_start(struct tls_authority *authority);
/* Borrowed until the next one is asked for. */
const struct tls_issued *tls_authority_issue(struct tls_authority *authority, struct slice name,
                                             enum tls_flaw flaw, int64_t now_s);

struct tls {
    struct tls_authority *authority;
    SSL *ssl;
    struct random random;
    bool is_server, is_real, is_told;
    enum tls_state state;
    struct slice arriving; /* ciphertext of the present tls_feed that is not read yet */
    struct bytes clear, wire;
    struct bytes keys; /* lines of the key log, with their line ends */
    struct slice version, cipher, verdict;
    struct bytes name, reason;
};

BIO_METHOD *tls_bio_method(void);
BIO *tls_bio_create(struct tls *tls);

/* Why a certificate is not trusted; "verified" for X509_V_OK. Static. */
struct slice tls_words_verdict(long result);
/* What the oldest error of OpenSSL's queue means; the queue is emptied. *is_told: the peer said so
   itself, in an alert. Static. */
struct slice tls_words_error(bool *is_told);

#endif
