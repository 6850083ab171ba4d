/*
 * What the parts of a disk share: disk.c finds and changes files, disk_crash.c knows what of them
 * is durable.
 */
#ifndef SIM_NET_DISK_PART_H
#define SIM_NET_DISK_PART_H

#include "sim/base/vector.h"
#include "sim/net/disk.h"
#include "sim/net/table.h"

/* Files and folders have numbers from 1, so that 0 can say none. */
struct disk_part_file {
    struct slice path;    /* owned; data NULL: none, a free slot or a file that was replaced */
    struct slice content; /* owned; data NULL: a free slot */
    size_t capacity;      /* of the content's block */
    size_t synced;        /* so much of the content is durable */
    bool is_named;        /* its path is durable */
    struct slice was;     /* owned: the path that is durable instead; data NULL: none */
    uint32_t replaced;    /* number of the file that is back if the name is not made durable */
    uint32_t text;        /* the path's number in the trace; 0: not known yet */
    uint64_t hash;        /* of the path */
    uint32_t msg;
    uint32_t folder; /* number */
    uint32_t order;  /* in its folder */
    uint32_t next;   /* number of the next one with the same hash */
};

/* A file that left keeps its entry as a hole until there are too many: positions stay valid. */
struct disk_part_entry {
    uint32_t order;
    uint32_t file; /* number; 0: a hole */
};

struct disk_part_folder {
    struct slice path; /* owned */
    uint32_t next;
    uint32_t first_child, last_child, next_sibling; /* folders in it, oldest first; 0 none */
    VECTOR(struct disk_part_entry) entries;         /* ascending order */
    size_t hole_count;
};

struct disk {
    struct sim *sim;
    uint32_t host;
    uint64_t octets_max, octets;
    uint32_t order; /* counts creations and renames */
    VECTOR(struct disk_part_file) files;
    VECTOR(uint32_t) free_files;
    VECTOR(struct disk_part_folder) folders;
    uint32_t last_folder;                  /* the one that was found last; 0 none */
    struct table file_table, folder_table; /* hash of the path to the first number */
    uint64_t change_count;
    /* a crash that is planned */
    uint32_t crash_after; /* changes until then; 0: none is planned */
    bool is_dead;         /* it has happened */
    enum disk_loss loss;
    uint32_t last_file;  /* the last change wrote into this one; 0: it was none that writes */
    size_t last_written; /* so many octets, the last of the file */
    void (*dead)(void *context);
    void *context;
};

struct disk_part_file *disk_part_file(const struct disk *disk, uint32_t number);
/* The number of the file with this path; 0 none. */
uint32_t disk_part_find(const struct disk *disk, struct slice path);
/* Puts a file that has no name at present under this path, which becomes the disk's own. */
void disk_part_attach(struct disk *disk, uint32_t number, struct slice own_path);
/* Takes its name away, and gives it to the caller, to be freed. */
struct slice disk_part_detach(struct disk *disk, uint32_t number);
/* Frees the slot of a file without a name. */
void disk_part_drop(struct disk *disk, uint32_t number);
void disk_part_note(struct disk *disk, struct slice op, struct disk_part_file *file);
/* One more change was made; it may be the last one. */
void disk_part_changed(struct disk *disk, uint32_t written_file, size_t written);

/* ---- what is durable; disk_crash.c ---- */

/* The file has lost the name `old` (taken over) by a rename. */
void disk_part_renamed(struct disk_part_file *file, struct slice old);
/* `number`, which has no name any more, was replaced by `by`; `old` (taken over) was its name. */
void disk_part_replaced(struct disk *disk, uint32_t number, struct slice old, uint32_t by);
/* What would come back if this file's name were not durable will not. */
void disk_part_forget(struct disk *disk, struct disk_part_file *file);

#endif
