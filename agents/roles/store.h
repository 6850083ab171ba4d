/*
 * The message store of a host: for each person an account (agents/mail/account.h) whose messages
 * lie as files in a Maildir on the host's disk, /home/DOMAIN/USER/Maildir, its folders as Maildir++
 * has them. The MDA puts messages in; the access server shows, changes and removes them. All
 * changes go through the account; the store is its keeper and makes them last.
 */
#ifndef AGENTS_ROLES_STORE_H
#define AGENTS_ROLES_STORE_H

#include "agents/mail/account.h"
#include "agents/roles/registry.h"

struct store;

extern const struct role store_role;

/* The store of a host, or NULL. */
struct store *store_find(const struct office *office, uint32_t host);

/* The account of this address, made when it is asked for first; its clock is set. Lives as long as
   the store. */
struct account *store_account(struct store *store, struct slice address);
/*
 * On whose behalf accounts are changed from now on, for the trace: a place, 0 for the server's own.
 * `msg` is what is known of a message that is appended; 0 nothing.
 */
void store_act_for(struct store *store, uint32_t place, uint32_t msg);

enum store_result { STORE_OK, STORE_OVER_QUOTA, STORE_FULL };
/* Delivers into INBOX: whole or not at all. */
enum store_result store_put(struct store *store, struct slice address, struct slice header,
                            struct slice body, uint32_t msg);

/* The lock of POP3 (RFC 1939 8). False when another session holds it. */
bool store_lock(struct store *store, struct slice address);
void store_unlock(struct store *store, struct slice address);

/* "bob@example.org/INBOX", as the trace names mailboxes. In the arena. */
struct slice store_box_name(struct arena *arena, struct slice address, struct slice folder);

#endif
