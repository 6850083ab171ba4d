/*
 * A host's disk: files by path, whole contents, in virtual time without delay. Each change is a
 * `file` event. Contents are borrowed until the file changes.
 */
#ifndef SIM_NET_DISK_H
#define SIM_NET_DISK_H

#include "sim/kernel/sim.h"

struct disk;

/* octets_max 0: no limit. */
struct disk *disk_create(struct sim *sim, uint32_t host, uint64_t octets_max);
void disk_destroy(struct disk *disk); /* accepts NULL */

/* A new file with this content in one or two parts (header and body). `msg` is for the trace and is
   kept with the file. False when the disk is full or the file is there already. */
bool disk_write(struct disk *disk, struct slice path, struct slice part1, struct slice part2,
                uint32_t msg);
/* False when `from` is not there or `to` is. */
bool disk_rename(struct disk *disk, struct slice from, struct slice to);
bool disk_remove(struct disk *disk, struct slice path);

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
uint64_t disk_used(const struct disk *disk);

#endif
