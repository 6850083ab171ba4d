/*
 * The message store of a host: a Maildir a mailbox on the host's disk, /home/USER/Maildir. The MDA
 * puts messages in, the access server shows and removes them. At most one session holds a mailbox's
 * lock (RFC 1939 8).
 */
#ifndef AGENTS_ROLES_STORE_H
#define AGENTS_ROLES_STORE_H

#include "agents/roles/registry.h"

struct store;

extern const struct role store_role;

/* The store of a host, or NULL. */
struct store *store_find(const struct office *office, uint32_t host);

enum store_result { STORE_OK, STORE_OVER_QUOTA, STORE_FULL };
/*
 * Writes a message into tmp and renames it into new, as Maildir wants: whole or not at all. `agent`
 * is who delivers.
 */
enum store_result store_put(struct store *store, struct slice address, struct slice header,
                            struct slice body, uint32_t msg);

struct store_message {
    struct slice path, content; /* borrowed until the store changes */
    uint32_t msg;
};
/* The messages of a mailbox, oldest first; start with *position 0. */
bool store_next(const struct store *store, struct slice address, uint32_t *position,
                struct store_message *message);
bool store_find_message(const struct store *store, struct slice path,
                        struct store_message *message);
void store_remove(struct store *store, struct slice address, struct slice path);

/* False when another session holds it. */
bool store_lock(struct store *store, struct slice address);
void store_unlock(struct store *store, struct slice address);

/* "bob@example.org/INBOX", as the trace names mailboxes. In the arena. */
struct slice store_box_name(struct arena *arena, struct slice address);

#endif
