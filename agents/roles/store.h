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
 * For whoever opens a mailbox to look at it: the access server at a login, and a mail program on
 * the same host that speaks no protocol and reads the files itself (its `fetch` events say proto
 * "file"):
 *
 *     struct account *a = store_open(store, address);
 *     store_act_for(store, my_place, 0);
 *     ... account_find(a, SLICE("INBOX"))->items: each message with its content; account_set_flags,
 *         account_remove, ... change it
 *     store_settle(store, a);
 *
 * As store_account, but what the files say counts: what others did to them is found here, damage
 * too (`file` event corrupt).
 */
struct account *store_open(struct store *store, struct slice address);
/*
 * Makes what was done with the account last: UIDs that somebody was told, keywords, and in an mbox
 * flags and removals (the file is written anew, which takes a while and its lock). To be called at
 * the end of each turn, before its answer leaves; costs nothing when there is nothing to do. False
 * when the disk is full or the host has crashed.
 */
bool store_settle(struct store *store, struct account *account);
/*
 * On whose behalf accounts are changed from now on, for the trace: a place, 0 for the server's own.
 * `msg` is what is known of a message that is appended; 0 nothing.
 */
void store_act_for(struct store *store, uint32_t place, uint32_t msg);

/* BUSY: the mailbox is locked; in a few seconds it may not be. */
enum store_result { STORE_OK, STORE_OVER_QUOTA, STORE_FULL, STORE_BUSY };
/* Delivers into INBOX: whole, and durable, or not at all. */
enum store_result store_put(struct store *store, struct slice address, struct slice header,
                            struct slice body, uint32_t msg);
/* The same into another folder, which is made when it is not there; where none of that name can be,
   into INBOX. */
enum store_result store_put_into(struct store *store, struct slice address, struct slice folder,
                                 struct slice header, struct slice body, uint32_t msg);

/* The lock of POP3 (RFC 1939 8). False when another session holds it. */
bool store_lock(struct store *store, struct slice address);
void store_unlock(struct store *store, struct slice address);

/* "bob@example.org/INBOX", as the trace names mailboxes. In the arena. */
struct slice store_box_name(struct arena *arena, struct slice address, struct slice folder);

#endif
