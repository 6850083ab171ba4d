/*
 * The IMAP side of an access server: a session for each connection, on the account of who logs in.
 * Several clients may look at one account; each hears of the others' changes when IMAP allows.
 */
#ifndef AGENTS_ROLES_ACCESS_IMAP_H
#define AGENTS_ROLES_ACCESS_IMAP_H

#include "agents/roles/office.h"

struct access_imap;

struct access_imap_options {
    uint32_t agent;
    struct slice greeting; /* behind "* OK "; borrowed */
    unsigned mechanisms;   /* of sasl.h */
    bool offers_tls, needs_tls;
};

struct access_imap *access_imap_create(struct office *office,
                                       const struct access_imap_options *options);
/* Listens on one port more; has_tls: TLS from the first octet (RFC 8314 3.2). */
void access_imap_listen(struct access_imap *imap, uint32_t port, bool has_tls);
/* After the pumps are finished, and before the stores are. Accepts NULL. */
void access_imap_destroy(struct access_imap *imap);

#endif
