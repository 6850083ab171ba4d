/*
 * What the parts of the message store share: store.c has the role, store_maildir.c the files.
 */
#ifndef AGENTS_ROLES_STORE_PART_H
#define AGENTS_ROLES_STORE_PART_H

#include "agents/roles/store.h"

struct store_box {
    struct store *store;
    struct account account;
    bool is_locked;
};

struct store {
    struct office *office;
    uint32_t agent;
    uint64_t quota;
    uint32_t file_count;    /* makes file names unique */
    uint32_t acts_for, msg; /* store_act_for */
    bool is_delivering;     /* the MDA's work: its own event tells */
    VECTOR(struct store_box *) boxes;
};

/* Makes the store the keeper of the box's account. */
void store_part_keep(struct store_box *box);
/* Gives back what the keeper holds beside the disk. */
void store_part_forget(struct store_box *box);

#endif
