/*
 * How an agent speaks to the next server: TLS, login, chunks. The settings are the same words for
 * every role that sends.
 */
#ifndef AGENTS_ROLES_SENDING_H
#define AGENTS_ROLES_SENDING_H

#include "agents/proto/sasl.h"
#include "agents/proto/session.h"

struct sending {
    /* IF_OFFERED: when TLS fails, the server is asked again in clear at once (RFC 7435) */
    enum session_tls_policy tls;
    bool verifies;               /* the certificate has to be in order, or there is no TLS */
    bool is_tls_first;           /* TLS from the first octet (RFC 8314 3.3) */
    struct slice user, password; /* user "": no login. Borrowed */
    enum sasl_mechanism mechanism;
    bool allows_clear;   /* passwords in clear without TLS */
    size_t chunk_octets; /* by BDAT where that is offered; 0: by DATA */
};

/* The words of a setting "tls", as CONFIG_WORD has them. */
#define SENDING_TLS_WORDS "never if-offered required verify"
#define SENDING_TLS_WORDS_OR_FIRST SENDING_TLS_WORDS " implicit"
#define SENDING_MECHANISM_WORDS "auto plain login cram-md5 scram-sha-256"
enum { SENDING_CHUNK_OCTETS = 64 * 1024 };

/* One of the words; any other counts as "never". */
void sending_set_tls(struct sending *s, struct slice word);
/* One of the words; "auto" is the strongest that both know. */
void sending_set_mechanism(struct sending *s, struct slice word);

#endif
