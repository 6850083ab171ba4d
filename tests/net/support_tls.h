/*
 * Two ends of a TLS connection without a network between them: what one puts on the wire is fed to
 * the other, in pieces of any size.
 */
#ifndef TESTS_NET_SUPPORT_TLS_H
#define TESTS_NET_SUPPORT_TLS_H

#include "sim/net/tls.h"

#define TLS_EPOCH_S INT64_C(1760000000)

struct tls_pair {
    struct tls_authority *authority;
    bool owns_authority;
    struct tls *client, *server;
    struct bytes said[2]; /* all that the client, the server has put on the wire */
    size_t piece;         /* octets a feed; 0: all there are */
};

struct tls_pair_options {
    uint64_t seed;                   /* 0 counts as 1 */
    struct tls_authority *authority; /* NULL: the pair has one of its own */
    const char *host, *wanted;       /* NULL: "mx1.example.org" both */
    enum tls_check check;
    enum tls_flaw flaw;
    bool is_old_client, is_old_server;
    bool is_real;
    int64_t now_s;      /* 0: TLS_EPOCH_S */
    const char *chance; /* the name of the streams of chance; NULL: "pair" */
    size_t piece;
};

void tls_pair_start(struct tls_pair *pair, const struct tls_pair_options *options);
/* Moves octets until both are silent. */
void tls_pair_run(struct tls_pair *pair);
/* What is on one's wire goes to the other; false when there was nothing. */
bool tls_pair_move(struct tls_pair *pair, bool to_server);
void tls_pair_finish(struct tls_pair *pair);
/* start and run, and both must be up. */
void tls_pair_up(struct tls_pair *pair, const struct tls_pair_options *options);

#endif
