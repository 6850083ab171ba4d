/*
 * A host with a message store and nothing else, and Bob's account in it.
 */
#ifndef TESTS_ROLES_SUPPORT_SHELF_H
#define TESTS_ROLES_SUPPORT_SHELF_H

#include "agents/roles/registry.h"
#include "agents/roles/store.h"

struct shelf {
    struct sim sim;
    struct net *net;
    struct office office;
    uint32_t host, agent;
    struct store *store;
    struct account *account; /* bob@example.org's */
};

/* `settings`: "format=mbox locking=false"; the others have their defaults. */
void shelf_start(struct shelf *s, const char *settings);
void shelf_finish(struct shelf *s);
struct disk *shelf_disk(struct shelf *s);
/* The host stops and starts again: nothing is left but its files. Bob's account is read anew. */
void shelf_crash(struct shelf *s);
void shelf_open(struct shelf *s);
/* Puts a message with this subject into INBOX, as a delivery does. */
enum store_result shelf_deliver(struct shelf *s, const char *subject, const char *body);
struct account_folder *shelf_folder(struct shelf *s, const char *name);
/* What a folder holds, in a line: "3 s1/S s2/AF$Junk": UIDNEXT, then subject and flags. */
const char *shelf_show(struct shelf *s, const char *folder);
/* How many `file` events with this operation there were. */
unsigned shelf_count(const struct shelf *s, const char *op);

#endif
