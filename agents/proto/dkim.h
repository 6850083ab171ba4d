/*
 * DomainKeys Identified Mail (RFC 6376, 8301, 8463): a domain signs a message, and the DNS says
 * whether the key is its own. Pure: who verifies asks the DNS for dkim_key_name's TXT record.
 *
 *     dkim_signature_read(field.whole, &arena, &signature, &why)      a DKIM-Signature field
 *     dkim_key_read(record, &arena, &key, &why)                       what the DNS has
 *     dkim_verify(&signature, &key, header, body, now_s, &why)
 *
 * Only rsa-sha256 and ed25519-sha256 are spoken: rsa-sha1 must be neither written nor believed (RFC
 * 8301 3.1), nor RSA keys of less than 1024 bits (3.2).
 */
#ifndef AGENTS_PROTO_DKIM_H
#define AGENTS_PROTO_DKIM_H

#include "sim/base/arena.h"
#include "sim/base/bytes.h"
#include "sim/base/random.h"

/* In the words of RFC 8601 2.7.1. */
enum dkim_result {
    DKIM_NONE, /* no signature */
    DKIM_PASS,
    DKIM_FAIL,      /* the signature or the body's hash does not fit */
    DKIM_POLICY,    /* it fits, and is not good enough to count */
    DKIM_NEUTRAL,   /* it is not understood */
    DKIM_TEMPERROR, /* the key can't be had now */
    DKIM_PERMERROR  /* and never will */
};
const char *dkim_result_name(enum dkim_result result); /* "pass" */

enum dkim_algorithm { DKIM_RSA_SHA256, DKIM_ED25519_SHA256 };
const char *dkim_algorithm_name(enum dkim_algorithm algorithm); /* "rsa-sha256" */

struct dkim_signature {
    struct slice field; /* all of it */
    enum dkim_algorithm algorithm;
    bool is_header_relaxed, is_body_relaxed;
    struct slice domain, selector;     /* d=, s= */
    struct slice identity;             /* i=; "@domain" when not given */
    struct slice names;                /* h=, as written */
    struct slice signature, body_hash; /* decoded, in the arena */
    bool has_length, has_time, has_expiry;
    uint64_t length; /* l=: so much of the body is signed */
    uint64_t time_s, expiry_s;
};

/* False, with *why in words and DKIM_NEUTRAL for a result, when it is not as RFC 6376 3.5 and 6.1.1
   want it. What could be read of domain and selector is set all the same. */
bool dkim_signature_read(struct slice field, struct arena *arena, struct dkim_signature *signature,
                         const char **why);
/* "brisbane._domainkey.example.com" (3.6.2.1). In the arena. */
struct slice dkim_key_name(const struct dkim_signature *signature, struct arena *arena);

struct dkim_key {
    enum dkim_algorithm algorithm;
    struct slice octets; /* "": revoked (3.6.1) */
    bool is_testing;     /* t=y */
    bool is_strict;      /* t=s: i= must be in d= itself */
};
bool dkim_key_read(struct slice record, struct arena *arena, struct dkim_key *key,
                   const char **why);

/* `header` is all of it with the signature's field in it, which lies within. *why says in words
   what is wrong, static; "" for a pass. */
enum dkim_result dkim_verify(const struct dkim_signature *signature, const struct dkim_key *key,
                             struct slice header, struct slice body, int64_t now_s,
                             const char **why);

/* ---- canonicalization (3.4); each appends to `out`, which must have room ---- */

void dkim_canonicalize_field(bool is_relaxed, struct slice field, struct bytes *out);
void dkim_canonicalize_body(bool is_relaxed, struct slice body, struct bytes *out);

/* ---- signing ---- */

struct dkim_secret;

/* A key pair made of this chance, the same from the same. An RSA key has 2048 bits. */
struct dkim_secret *dkim_secret_create(enum dkim_algorithm algorithm, struct random *random);
void dkim_secret_destroy(struct dkim_secret *secret); /* accepts NULL */
/* Its public half as a TXT record. In the arena. */
struct slice dkim_secret_record(const struct dkim_secret *secret, struct arena *arena);

struct dkim_signing {
    const struct dkim_secret *secret;
    struct slice domain, selector;
    bool is_simple; /* else relaxed, which survives what relays do to blanks */
    int64_t now_s;
};
/*
 * Appends a DKIM-Signature field over the fields that matter to a reader (5.4.1), each named once
 * more than it is there, so that none can be added (5.4.2); Received and the like are left out.
 * False: out is full, and unchanged, or there is no From.
 */
bool dkim_sign(const struct dkim_signing *signing, struct slice header, struct slice body,
               struct bytes *out);

#endif
