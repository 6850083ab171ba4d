/*
 * A host's disk: files by path, whole contents, in virtual time without delay. Each change is a
 * `file` event. Contents are borrowed until the file changes.
 *
 * What survives a crash is what was synced, modelled simply:
 *   - disk_sync makes a file's present content durable, and its name as well (a real program syncs
 *     the folder for that), and so also that it has replaced another file.
 *   - Content behind the last sync is gone after a crash; a new file that was never synced is gone.
 *   - A rename that was not synced is undone; a file that it had replaced is there again.
 *   - Removals, and octets that are cut off or overwritten in place, are so on the disk at once:
 *     there is no copy of what was. Who must not lose them writes a new file and renames it.
 */
#ifndef SIM_NET_DISK_H
#define SIM_NET_DISK_H

#include "sim/kernel/sim.h"

struct disk;

/* octets_max 0: no limit. */
struct disk *disk_create(struct sim *sim, uint32_t host, uint64_t octets_max);
void disk_destroy(struct disk *disk); /* accepts NULL */
/* A smaller or a larger disk from now on; what is on it stays. 0: no limit. */
void disk_set_max(struct disk *disk, uint64_t octets_max);

/* ---- changes; all are refused (false) while the disk waits for its host's crash ---- */

/* A new file with this content in one or two parts (header and body). `msg` is for the trace and is
   kept with the file. False when the disk is full or the file is there already. */
bool disk_write(struct disk *disk, struct slice path, struct slice part1, struct slice part2,
                uint32_t msg);
/* At the end of a file. False when the disk is full or there is no such file. */
bool disk_append(struct disk *disk, struct slice path, struct slice part1, struct slice part2,
                 uint32_t msg);
/* Over what is there from `offset` on, and beyond its end; an offset behind the end counts as the
   end. False likewise. The event says `replace`. */
bool disk_put(struct disk *disk, struct slice path, size_t offset, struct slice octets);
/* Cuts off what is behind `size` octets. False when there is no such file. `replace` as well. */
bool disk_truncate(struct disk *disk, struct slice path, size_t size);
/* False when `from` is not there or `to` is. */
bool disk_rename(struct disk *disk, struct slice from, struct slice to);
/* The same, but a file `to` is replaced in the same step. */
bool disk_rename_over(struct disk *disk, struct slice from, struct slice to);
bool disk_remove(struct disk *disk, struct slice path);
/* False when there is no such file. */
bool disk_sync(struct disk *disk, struct slice path);
/* Somebody who has read the file found that it is no longer what it should be. Only an event. */
void disk_note_corrupt(struct disk *disk, struct slice path, uint32_t msg);

/* ---- looking ---- */

struct disk_file {
    struct slice path, content; /* borrowed until the file changes */
    uint32_t msg;
};
bool disk_find(const struct disk *disk, struct slice path, struct disk_file *file);
/*
 * The files of a folder (path ends with '/'), in order of creation or renaming into it:
 * start with *position 0; false at the end. Files may come and go meanwhile, also the one that was
 * just given. Cost is that of the folder, not of the disk.
 */
bool disk_next(const struct disk *disk, struct slice folder, uint32_t *position,
               struct disk_file *file);
/* The folders that lie in a folder, likewise, with their paths, in order of their first file ever;
   also one that is empty now. */
bool disk_next_folder(const struct disk *disk, struct slice folder, uint32_t *position,
                      struct slice *path);
uint64_t disk_used(const struct disk *disk);

/* ---- crashes ---- */

enum disk_loss {
    DISK_LOSES_UNSYNCED, /* as above */
    DISK_TEARS_LAST      /* but of what was written last, the first half has reached the disk */
};

/* The host has stopped: everything that was not synced is gone, a `file` event `lost` for each file
   it concerns (its size is what remains). The disk can be written again. */
void disk_crash(struct disk *disk, enum disk_loss loss);
/*
 * The host is to crash right behind the n-th change from now (n > 0); 0: no longer. Then the disk
 * takes no further change, and `dead` is called within that change: it may only plan what follows,
 * which is to end in disk_crash.
 */
void disk_crash_after(struct disk *disk, uint32_t n, enum disk_loss loss,
                      void (*dead)(void *context), void *context);
/* The changes so far, for who wants to crash at each of them. */
uint64_t disk_change_count(const struct disk *disk);

#endif
