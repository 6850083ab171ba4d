/*
 * Part of the filter: it signs what its own people send (RFC 6376 5), with a key of its own that
 * follows from the run's seed, and puts the key's record into the DNS by itself.
 */
#ifndef AGENTS_ROLES_FILTER_SIGN_H
#define AGENTS_ROLES_FILTER_SIGN_H

#include "agents/roles/filter.h"

struct filter_case;

#define FILTER_SIGN_KEYS                                                                           \
    {"sign", CONFIG_BOOL, NULL, 0, 0, "true", "sign what our people send as sign_domain"},         \
        {"sign_domain",                                                                            \
         CONFIG_TEXT,                                                                              \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "",                                                                                       \
         "the domain whose mail is signed (RFC 6376); its key is put into the DNS; \"\": none"},   \
        {"sign_selector",                                                                          \
         CONFIG_TEXT,                                                                              \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "mail",                                                                                   \
         "the key's name there: "                                                                  \
         "mail._domainkey.example.com"},                                                           \
    {                                                                                              \
        "sign_algorithm", CONFIG_WORD, "rsa-sha256 ed25519-sha256", 0, 0, "rsa-sha256",            \
            "ed25519-sha256 is short and quick (RFC 8463); not everybody knows it"                 \
    }

/* The settings were read: a key that they name is made and published, where it is not yet. */
void filter_sign_configure(struct filter *filter);
/* Our people's message goes out: with a signature, if it is of the domain that signs. */
void filter_sign_message(struct filter_case *c);

#endif
