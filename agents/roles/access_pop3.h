/*
 * The POP3 side of an access server: a session for each connection, on the INBOX of who logs in,
 * which is locked meanwhile (RFC 1939 8).
 */
#ifndef AGENTS_ROLES_ACCESS_POP3_H
#define AGENTS_ROLES_ACCESS_POP3_H

#include "agents/roles/office.h"

struct access_pop3;

struct access_pop3_options {
    uint32_t agent;
    struct slice greeting; /* behind "+OK "; borrowed */
    bool has_pass, has_apop;
    unsigned mechanisms; /* of sasl.h */
    bool offers_tls, needs_tls;
    int64_t expire_days;    /* as struct pop3_server_options has it */
    int64_t login_delay_ns; /* whole seconds, between two logins of one user; 0 none */
};

struct access_pop3 *access_pop3_create(struct office *office,
                                       const struct access_pop3_options *options);
/* Listens on one port more; has_tls: TLS from the first octet (RFC 8314 3.3). */
void access_pop3_listen(struct access_pop3 *pop3, uint32_t port, bool has_tls);
/* After the pumps are finished, and before the stores are. Accepts NULL. */
void access_pop3_destroy(struct access_pop3 *pop3);

#endif
