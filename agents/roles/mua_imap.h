/*
 * How a mail program gets mail by IMAP: it logs in, looks at INBOX, and fetches what it has not
 * got yet; everything stays on the server.
 */
#ifndef AGENTS_ROLES_MUA_IMAP_H
#define AGENTS_ROLES_MUA_IMAP_H

#include "agents/proto/imap_client.h"
#include "agents/roles/mua.h"

struct mua_imap;

/* `on_end` is called when the visit is over; at most one visit at a time. */
struct mua_imap *mua_imap_create(struct mua *mua, void (*on_end)(struct mua *mua));
void mua_imap_destroy(struct mua_imap *imap); /* accepts NULL */
/* has_tls: from the first octet. Options are copied, what they point to is borrowed until ended. */
void mua_imap_visit(struct mua_imap *imap, uint32_t address, uint32_t port, struct slice server,
                    bool has_tls, const struct imap_client_options *options);

#endif
