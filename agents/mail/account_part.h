/*
 * What the account*.c files share; private to them.
 */
#ifndef AGENTS_MAIL_ACCOUNT_PART_H
#define AGENTS_MAIL_ACCOUNT_PART_H

#include "agents/mail/account.h"

/* A copy in memory of its own; and giving it back. */
struct slice account_part_copy(struct slice text);
void account_part_drop(struct slice text);

/* ---- names ---- */

bool account_part_is_name(struct slice name);
/* The name as it is kept: without a last '/', its first level in capitals where that is INBOX. */
struct slice account_part_plain_name(struct slice name, char text[ACCOUNT_NAME_MAX + 1]);
bool account_part_is_inbox(const struct account_folder *folder);
/* True when `name` is somewhere below `parent`. */
bool account_part_is_below(struct slice name, struct slice parent);
/* INBOX first, the others by octets. */
int account_part_name_order(struct slice a, struct slice b);

/* ---- the list of folders; names are plain ---- */

struct account_folder *account_part_find(const struct account *a, struct slice name);
bool account_part_has_below(const struct account *a, struct slice name);
/* A folder that is in no list yet, with the next UIDVALIDITY. */
struct account_folder *account_part_new_folder(struct account *a, struct slice name);
void account_part_free_folder(struct account_folder *folder);
void account_part_add_folder(struct account *a, struct account_folder *folder);
void account_part_take_folder(struct account *a, const struct account_folder *folder);

/* ---- changes ---- */

/* The folder has changed: counts it and tells the watchers. */
void account_part_changed(struct account *a, struct account_folder *folder);
/* Takes the item at `place` out and remembers its UID; the keeper was asked already. */
void account_part_take_out(struct account *a, struct account_folder *folder, size_t place);
/* Tells the watchers that this item's content may go. */
void account_part_leaving(struct account *a, struct account_folder *folder,
                          const struct account_item *item);

#endif
