/*
 * The stand-alone retrieval agent: it pulls mail from accounts at access servers, on nobody's
 * asking, and hands it on to the mail system of its own host: by SMTP to the MTA, or straight to
 * the MDA. It adds one Received field, "with POP3" or "with IMAP". A message leaves the server only
 * when the next one here has taken it: what goes wrong between may make two of it, never none.
 */
#ifndef AGENTS_ROLES_MRA_H
#define AGENTS_ROLES_MRA_H

#include "agents/roles/registry.h"
#include "sim/base/problem.h"

extern const struct role mra_role;

struct mra;

/* Looks at all accounts now. */
bool mra_poll(struct mra *mra, struct problem *problem);

/*
 * One account in words: ADDRESS PROTOCOL SERVER [to ADDRESS] [keep] [tls WORD] [port NUMBER], as in
 * "carol@example.net pop3 isp-mx.example.net to carol@desk.example.com keep". Slices within text.
 */
struct mra_account {
    struct slice address, server;
    bool is_imap, keeps;
    struct slice to; /* who gets it here; by default the address itself */
    struct slice tls;
    uint32_t port; /* 0: the usual one */
};
#define MRA_ACCOUNT_EXPECTED                                                                       \
    "an address, pop3 or imap, and a server; then, as wanted, to, keep, tls and port, as in: "     \
    "carol@example.net pop3 isp-mx to carol@desk.example.com keep"
bool mra_account_read(struct slice text, struct mra_account *account);

#endif
