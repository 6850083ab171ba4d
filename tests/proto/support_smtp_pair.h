/*
 * An SMTP client session and a server session, joined by a wire that may be cut at any octet. TLS
 * is made as the pump would do it, without the cryptography: when both have asked for it and all
 * that was said in clear has arrived.
 */
#ifndef TESTS_PROTO_SUPPORT_SMTP_PAIR_H
#define TESTS_PROTO_SUPPORT_SMTP_PAIR_H

#include "support_smtp.h"
#include "support_smtp_client.h"

enum { SMTP_PAIR_WHOLE = 1 << 20, SMTP_PAIR_NEVER = 1 << 30 };

struct smtp_pair {
    struct smtp_server server;
    struct smtp_client client;
    struct smtp_role role;
    struct smtp_sender sender;
    struct bytes said;         /* by the client, all of it */
    size_t carried, cut_after; /* octets, both directions together */
};

void smtp_pair_start(struct smtp_pair *p, const struct smtp_server_options *server,
                     const struct smtp_client_options *client,
                     const struct smtp_client_transaction *transactions, size_t count,
                     size_t cut_after);
void smtp_pair_finish(struct smtp_pair *p);
/* In pieces of at most so many octets, until both are done, or the wire is cut and both know. */
void smtp_pair_run(struct smtp_pair *p, size_t most);
/* What must be true however it ended. */
void smtp_pair_expect_sane(const struct smtp_pair *p, const char *name);

#endif
