/*
 * TLS 1.2 and 1.3 over memory (RFC 8446, 5246, 8314): no sockets, bytes in, bytes out. Each run has
 * an authority of its own that issues a certificate to every server name that is asked for; a
 * client trusts that authority and no other.
 *
 * In a simulated run everything is deterministic: keys, certificates, randoms come from the run's
 * seed, validity from virtual time. Only a connection with a real program at its other end takes
 * its randomness from the system (tls_options.is_real).
 *
 *     struct tls_options options = {.is_server = true, .name = host, .random = &random};
 *     struct tls *tls = tls_create(authority, &options);
 *     tls_feed(tls, ciphertext);                     what has arrived
 *     bytes_slice(tls_clear(tls))                    what it said, to be consumed
 *     tls_say(tls, cleartext);                       to be sent, encrypted
 *     bytes_slice(tls_wire(tls))                     what to put on the wire, to be consumed
 *     tls_state(tls)
 */
#ifndef SIM_NET_TLS_H
#define SIM_NET_TLS_H

#include "sim/base/bytes.h"
#include "sim/base/random.h"

struct tls_authority;

struct tls_authority_options {
    uint64_t seed;
    int64_t epoch_s;    /* the start of virtual time: certificates are valid from a day before */
    bool has_localhost; /* certificates name localhost, 127.0.0.1 and ::1, too */
    bool is_real; /* keys and certificates from the system's randomness: for an authority that real
                     programs are to trust. Who knows a run's seed knows all other keys */
};
/* Costs next to nothing; keys are made when they are needed first. */
struct tls_authority *tls_authority_create(const struct tls_authority_options *options);
void tls_authority_destroy(struct tls_authority *authority); /* accepts NULL; last of all */
/* Was it made with these? Then it issues what a new one would. */
bool tls_authority_is_of(const struct tls_authority *authority,
                         const struct tls_authority_options *options);
/* The authority's own certificate, PEM; for programs that are to trust it. Borrowed. */
struct slice tls_authority_pem(struct tls_authority *authority);

/* How much a client wants to be sure of (whether it speaks TLS at all is its role's decision). */
enum tls_check {
    TLS_CHECK_NONE,  /* any certificate will do: opportunistic (RFC 7435) */
    TLS_CHECK_VERIFY /* a trusted authority, valid now, the right name (RFC 9525), or it fails */
};

/* A server that shows a certificate which is not in order; for faults. */
enum tls_flaw { TLS_FLAW_NONE, TLS_FLAW_WRONG_NAME, TLS_FLAW_EXPIRED, TLS_FLAW_UNTRUSTED };

struct tls_options {
    bool is_server, is_real;
    bool is_old; /* speaks nothing newer than TLS 1.2 */
    /* server: its host name, which its certificate bears whatever a client asks for; client: whom
       it wants to reach (SNI, check): a host name, or an address, which no SNI tells */
    struct slice name;
    enum tls_check check;
    enum tls_flaw flaw;
    int64_t now_s;         /* Unix time, for the check of validity */
    struct random *random; /* where this connection's randomness comes from unless is_real; borrowed
                              for the call */
};

enum tls_state { TLS_STATE_HANDSHAKE, TLS_STATE_UP, TLS_STATE_CLOSED, TLS_STATE_FAILED };

struct tls;
struct tls *tls_create(struct tls_authority *authority, const struct tls_options *options);
void tls_destroy(struct tls *tls); /* accepts NULL */

/*
 * Takes ciphertext in; state, clear and wire may change. Never fails: a fault becomes the state. At
 * most TLS_FEED_MAX octets at a time, and clear is emptied in between: a peer that has more said
 * than is consumed ends in TLS_STATE_FAILED.
 */
enum { TLS_FEED_MAX = 256 * 1024, TLS_CLEAR_MAX = 1024 * 1024 };
void tls_feed(struct tls *tls, struct slice ciphertext);
/* Only when up; otherwise nothing is said. */
void tls_say(struct tls *tls, struct slice cleartext);
/* Says that nothing more will be said (close_notify). The peer may still speak. */
void tls_close(struct tls *tls);
struct bytes *tls_clear(struct tls *tls);
struct bytes *tls_wire(struct tls *tls);
enum tls_state tls_state(const struct tls *tls);
/* "TLSv1.3", "TLS_AES_256_GCM_SHA384"; the server's name as the client asked for it ("" when it did
   not); what the client found of the certificate: "verified", or why it is not trusted ("wrong
   name"); "" at the server's end. Borrowed for the tls's life. */
struct slice tls_version(const struct tls *tls);
struct slice tls_cipher(const struct tls *tls);
struct slice tls_name(const struct tls *tls);
struct slice tls_verdict(const struct tls *tls);
/* Why it failed, in a few words. */
struct slice tls_reason(const struct tls *tls);
/* It failed by the peer's word: whoever is there knows why already. */
bool tls_is_told(const struct tls *tls);
/* The next line for SSLKEYLOGFILE that was not given yet, without line end; false at the end.
   Borrowed until the next call. */
bool tls_next_key(struct tls *tls, struct slice *line);

#endif
