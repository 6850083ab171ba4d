/*
 * What the parts of the message store share: store.c has the role and the boxes, store_maildir.c
 * and store_mbox.c keep what is done with them in files, store_maildir_load.c and store_mbox.c read
 * those again, store_uids.c remembers a Maildir's UIDs, store_path.c knows where all of it lies.
 */
#ifndef AGENTS_ROLES_STORE_PART_H
#define AGENTS_ROLES_STORE_PART_H

#include "agents/mail/maildir.h"
#include "agents/roles/store.h"
#include "sim/net/table.h"

struct store_mbox;

struct store_box {
    struct store *store;
    const struct store_format *format;
    bool is_classic; /* where its files lie */
    uint32_t number; /* that no other box of the store ever has; later ones are higher */
    uint32_t next;   /* index + 1 of another one whose address has the same hash; 0 none */
    struct account account;
    bool is_locked;
    bool is_dirty;           /* something is to be settled */
    struct store_mbox *mbox; /* what an mbox's keeper needs; NULL with Maildir */
};

/* How messages lie on the disk. */
struct store_format {
    /* Makes the store the keeper of the box's account. */
    void (*keep)(struct store_box *box);
    /* Fills the account, which is empty, from the files. */
    void (*load)(struct store_box *box);
    /* Others may have changed the files: looks at them again. */
    void (*refresh)(struct store_box *box);
    bool (*settle)(struct store_box *box);
    /* May somebody add to INBOX now? */
    bool (*is_free)(struct store_box *box);
    /* Gives back what the keeper holds beside the disk. */
    void (*forget)(struct store_box *box);
};
extern const struct store_format store_format_maildir, store_format_mbox;

struct store {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    const struct store_format *format; /* of boxes that are made */
    uint64_t quota;
    uint32_t file_count, box_count; /* make names and numbers unique */
    struct table messages;  /* by the hash of a message in an mbox: its number in the trace */
    uint32_t acts_for, msg; /* store_act_for */
    bool is_classic;        /* where files lie */
    bool is_delivering;     /* the MDA's work: its own event tells */
    VECTOR(struct store_box *) boxes; /* by number */
    struct table box_table;           /* by address_hash: index + 1 of the first */
};

/* NULL: it is not there any more. */
struct store_box *store_part_numbered(const struct store *store, uint64_t number);
struct disk *store_part_disk(const struct store_box *box);
/* A message that the account is to have because a file has it: nobody is told, no file is written.
   Its UID must be higher than those that are there. */
bool store_part_adopt(struct store_box *box, struct account_folder *folder,
                      const struct account_item *item);
/* Nobody's change: the account as the files have it. Between these two its keeper is told nothing.
 */
void store_part_begin_load(struct store_box *box);
void store_part_end_load(struct store_box *box);
/* New content for a file, whole or not at all, and synced. */
bool store_part_replace(const struct store_box *box, struct slice path, struct slice content);

/* ---- the trace ---- */

uint32_t store_part_text(const struct store_box *box, struct slice s);
/* On whose behalf it is: a place. */
uint32_t store_part_actor(const struct store_box *box);
void store_part_emit_copy(const struct store_box *box, struct slice folder, uint32_t msg);
void store_part_emit_remove(const struct store_box *box, struct slice folder, uint32_t msg);
/* What differs between the item's flags and these. */
void store_part_emit_flags(const struct store_box *box, const struct account_folder *folder,
                           const struct account_item *item, uint64_t flags);
/* The message's number in the trace; one that nobody in the simulation wrote is new to it. */
uint32_t store_part_message(const struct store_box *box, struct slice header);

/* ---- paths ---- */

/* The longest: of the owner 255 and 64 octets, of the folder four for each. */
enum { STORE_PATH_MAX = 512 + 4 * ACCOUNT_NAME_MAX + MAILDIR_NAME };

struct store_path {
    char text[STORE_PATH_MAX];
    size_t size;
};

static inline struct slice store_path_slice(const struct store_path *path)
{
    return (struct slice){path->text, path->size};
}
void store_path_add(struct store_path *path, struct slice s);
/* /home/DOMAIN/USER/, or /home/USER/ */
void store_path_add_home(struct store_path *path, const struct store_box *box);
/* /var/mail/USER or /var/mail/DOMAIN/USER */
void store_path_add_spool(struct store_path *path, const struct store_box *box);
void store_path_add_maildir(struct store_path *path, const struct store_box *box);
/* ".Work.2025/": levels become dots; nothing for INBOX. */
void store_path_add_folder(struct store_path *path, struct slice folder);
/* The folder whose directory this is (without its slash); false for a name that none has. */
bool store_path_read_folder(struct slice directory, struct bytes *folder);

/* ---- a Maildir; store_maildir.c, store_maildir_load.c ---- */

/* The unique part of the name of an item's file, and what makes an item refer to a path. */
struct slice store_maildir_unique(const struct account_item *item);
uint64_t store_maildir_ref(struct slice path);
void store_maildir_marker(const struct store_box *box, struct slice folder,
                          struct store_path *path);
void store_maildir_load(struct store_box *box);
/* Takes away what somebody began to write in tmp and has left there for 36 hours. */
void store_maildir_clean(struct store_box *box);

/* ---- a Maildir's UIDs; store_uids.c ---- */

/* What its list knows of a message. */
struct store_uid {
    struct slice name; /* the file's unique part; borrowed from the list's file */
    uint32_t uid;
    uint64_t keywords; /* bits as in account_item.flags */
    int64_t internal_s, saved_s;
    int zone_min;
    uint32_t line; /* a later one counts */
};

struct store_uids {
    VECTOR(struct store_uid) items; /* by name */
    uint32_t uidvalidity;           /* 0: there is no list, or it is broken */
    uint32_t uidnext;
    const char *use;
};

/* Keywords are put into the folder. */
void store_uids_load(struct store_box *box, struct account_folder *folder, struct store_uids *uids);
void store_uids_finish(struct store_uids *uids);
const struct store_uid *store_uids_find(const struct store_uids *uids, struct slice name);
/* What is to be written at the next settling: keywords of one message; everything. */
void store_uids_note(struct store_box *box, struct account_folder *folder, uint32_t uid);
void store_uids_note_all(struct store_box *box, struct account_folder *folder);
bool store_uids_settle(struct store_box *box, struct account_folder *folder);
/* Forgets what is remembered of the list, and removes its file. */
void store_uids_remove(struct store_box *box, struct account_folder *folder);
void store_uids_forget(struct account_folder *folder);
/* Where a folder's list lies. */
void store_uids_path(const struct store_box *box, struct slice folder, struct store_path *path);

#endif
