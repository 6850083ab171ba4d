/*
 * SASL (RFC 4422), both sides, without the base64 and the framing that each protocol puts around
 * it (RFC 4954, 5034, 9051 6.2.2):
 *
 *   PLAIN (RFC 4616)              [authzid] NUL authcid NUL passwd
 *   LOGIN (never standardised)    two questions, two answers
 *   CRAM-MD5 (RFC 2195)           a challenge, the user and an HMAC of it
 *   SCRAM-SHA-256 (RFC 5802, 7677) neither the password nor anything equal to it is ever sent, and
 *                                 the server proves that it knows the password, too
 *
 * The server asks its role for the user's password, and judges itself. Nobody may act for somebody
 * else: an authorization identity other than the user's own name is denied.
 *
 * SASLprep (RFC 4013) is not carried out: names and passwords beyond ASCII count as they are
 * written.
 */
#ifndef AGENTS_PROTO_SASL_H
#define AGENTS_PROTO_SASL_H

#include "sim/base/bytes.h"

enum sasl_mechanism {
    SASL_PLAIN,
    SASL_LOGIN,
    SASL_CRAM_MD5,
    SASL_SCRAM_SHA_256,
    SASL_MECHANISM_COUNT /* also: none of them */
};
/* Sets of mechanisms: 1u << mechanism, or-ed. PLAIN and LOGIN show the password to whoever reads
   the wire. */
enum { SASL_ALL = 15, SASL_CLEAR = 3 };

const char *sasl_name(enum sasl_mechanism mechanism);
enum sasl_mechanism sasl_find(struct slice name); /* letters in any case */
/* True when the client speaks first (an initial response, RFC 4954 4). */
bool sasl_client_begins(enum sasl_mechanism mechanism);

enum { SASL_MESSAGE_MAX = 8192 }; /* octets of one message, before base64 (RFC 4954 4.) */

/* ---- server ---- */

struct sasl_scram_memory; /* sasl_scram.h: makes logging in again quick */

enum sasl_step {
    SASL_STEP_CHALLENGE, /* send `challenge`, feed what comes back */
    SASL_STEP_PASSWORD,  /* look up the password of `user`, say it with sasl_server_password */
    SASL_STEP_OK,        /* `user` has proved who it is */
    SASL_STEP_DENIED,    /* wrong, or there is no such user */
    SASL_STEP_MALFORMED  /* not what the mechanism says; nobody's password was tried */
};

struct sasl_server {
    enum sasl_mechanism mechanism;
    struct sasl_scram_memory *memory; /* borrowed; NULL none; set after init */
    struct bytes user, challenge;     /* to be read when the step says so */
    /* private */
    int stage;
    bool is_stranger; /* whatever is proved: no such user, or one who wants to act for another */
    struct bytes nonce, host, front, said, proof;
};
/* Zeroed memory is good, too; begin may follow an exchange that is over, or was given up. */
void sasl_server_init(struct sasl_server *s);
void sasl_server_finish(struct sasl_server *s);
/*
 * A new exchange. `nonce`: printable text without ',' '<' '>' that was never used before and can't
 * be guessed; for CRAM-MD5 and SCRAM. `host` is named in CRAM-MD5's challenge. Copied. Gives a
 * CHALLENGE, which is empty when the client is to begin.
 */
enum sasl_step sasl_server_begin(struct sasl_server *s, enum sasl_mechanism mechanism,
                                 struct slice nonce, struct slice host);
/* What the client said. */
enum sasl_step sasl_server_feed(struct sasl_server *s, struct slice message);
/* The password, or NULL when there is no such user: the exchange goes on the same way, so nobody
   learns which names exist. May lead to a CHALLENGE (SCRAM). */
enum sasl_step sasl_server_password(struct sasl_server *s, const struct slice *password);

/* ---- client ---- */

struct sasl_client {
    enum sasl_mechanism mechanism;
    struct sasl_scram_memory *memory; /* as for the server */
    struct bytes response;
    /* private */
    int stage;
    struct bytes user, password, nonce, said, proof;
};
/* As for the server. */
void sasl_client_init(struct sasl_client *c);
void sasl_client_finish(struct sasl_client *c);
/* Where the client begins, `response` holds its first message. Copied. */
void sasl_client_begin(struct sasl_client *c, enum sasl_mechanism mechanism, struct slice user,
                       struct slice password, struct slice nonce);
/* The server's challenge; then `response` is to be sent. False: the server does not keep to the
   mechanism, or could not prove that it knows the password. */
bool sasl_client_feed(struct sasl_client *c, struct slice challenge);
/* May the server's final "ok" be believed? SCRAM: only once its signature was seen. */
bool sasl_client_is_satisfied(const struct sasl_client *c);

/* The client's choice among what is offered: the one that is preferred if it is among them (COUNT:
   no preference), else the strongest; COUNT when none is left. Without TLS and `allows_clear`,
   PLAIN and LOGIN are no choice. */
enum sasl_mechanism sasl_choose(unsigned offered, enum sasl_mechanism preferred, bool allows_clear);

/* ---- PLAIN's message (RFC 4616 2) ---- */

struct sasl_plain {
    struct slice authorization; /* whom to act for; empty: the user */
    struct slice user, password;
};
/* False unless there are exactly two NULs, with a user and a password. Slices point into message.
 */
bool sasl_plain_read(struct slice message, struct sasl_plain *plain);
/* Appends the message in base64. False, and no change, when out is full. */
bool sasl_plain_write(const struct sasl_plain *plain, struct bytes *out);

#endif
