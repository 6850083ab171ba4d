/* What of a disk is durable, and what a crash leaves of it. */
#include <stdlib.h>

#include "sim/net/disk_part.h"

/* ---- keeping account ---- */

void disk_part_renamed(struct disk_part_file *file, struct slice old)
{
    if (file->is_named)
        file->was = old;
    else
        free((char *)old.data);
    file->is_named = false;
}

/* The files that a file stands in for are a chain, the last one replaced first. */
void disk_part_replaced(struct disk *disk, uint32_t number, struct slice old, uint32_t by)
{
    struct disk_part_file *file = disk_part_file(disk, number);
    uint32_t chain = file->replaced;
    if (file->is_named)
        file->was = old;
    else
        free((char *)old.data);
    file->replaced = 0;
    if (file->was.data) {
        file->replaced = chain;
        chain = number;
    } else { /* nothing of it would have come back but what it had replaced itself */
        disk_part_drop(disk, number);
    }
    uint32_t *end = &disk_part_file(disk, by)->replaced;
    while (*end != 0)
        end = &disk_part_file(disk, *end)->replaced;
    *end = chain;
}

static void drop_replaced(struct disk *disk, struct disk_part_file *file)
{
    uint32_t number = file->replaced;
    file->replaced = 0;
    while (number != 0) {
        uint32_t next = disk_part_file(disk, number)->replaced;
        disk_part_drop(disk, number);
        number = next;
    }
}

void disk_part_forget(struct disk *disk, struct disk_part_file *file)
{
    free((char *)file->was.data);
    file->was = (struct slice){0};
    drop_replaced(disk, file);
}

void disk_part_changed(struct disk *disk, uint32_t written_file, size_t written)
{
    disk->change_count++;
    disk->last_file = written_file;
    disk->last_written = written;
    if (disk->crash_after == 0 || --disk->crash_after > 0)
        return;
    disk->is_dead = true;
    disk->dead(disk->context);
}

bool disk_sync(struct disk *disk, struct slice path)
{
    uint32_t number = disk_part_find(disk, path);
    if (disk->is_dead || number == 0)
        return false;
    struct disk_part_file *file = disk_part_file(disk, number);
    file->synced = file->content.size;
    file->is_named = true;
    disk_part_forget(disk, file);
    disk_part_note(disk, SLICE("sync"), file);
    disk_part_changed(disk, 0, 0);
    return true;
}

uint64_t disk_change_count(const struct disk *disk)
{
    return disk->change_count;
}

/* ---- the crash ---- */

void disk_crash_after(struct disk *disk, uint32_t n, enum disk_loss loss,
                      void (*dead)(void *context), void *context)
{
    disk->crash_after = n;
    disk->loss = loss;
    disk->dead = dead;
    disk->context = context;
}

/* Of the last write, the first half had reached the disk, and so had the file's name. */
static void tear(struct disk *disk)
{
    if (disk->last_file == 0)
        return;
    struct disk_part_file *file = disk_part_file(disk, disk->last_file);
    size_t half = file->content.size - (disk->last_written + 1) / 2;
    if (file->synced < half)
        file->synced = half;
    file->is_named = true;
    disk_part_forget(disk, file);
}

static void cut_content(struct disk *disk, struct disk_part_file *file)
{
    if (file->synced == file->content.size)
        return;
    disk->octets -= file->content.size - file->synced;
    file->content.size = file->synced;
    if (file->is_named)
        disk_part_note(disk, SLICE("lost"), file);
}

/* A rename is durable as well once another file has the old name for good: who synced that one has
   synced the folder. */
static bool is_overtaken(const struct disk *disk, const struct disk_part_file *file)
{
    uint32_t other = file->was.data ? disk_part_find(disk, file->was) : 0;
    return other != 0 && disk_part_file(disk, other)->is_named;
}

/* A file is back under its durable name. */
static void give_back_name(struct disk *disk, uint32_t number)
{
    struct disk_part_file *file = disk_part_file(disk, number);
    struct slice name = file->was;
    file->was = (struct slice){0};
    file->is_named = true;
    file->content.size = file->synced;
    if (disk_part_find(disk, name) == 0) {
        disk->octets += file->content.size;
        disk_part_attach(disk, number, name);
        return;
    }
    free((char *)name.data);
    disk_part_drop(disk, number);
}

/* Its present name was never durable. */
static void take_name(struct disk *disk, uint32_t number)
{
    struct disk_part_file *file = disk_part_file(disk, number);
    disk_part_note(disk, SLICE("lost"), file);
    disk->octets -= file->content.size;
    free((char *)disk_part_detach(disk, number).data);
}

/* What it had replaced is in the list of files as well, and is found by itself. */
static void restore(struct disk *disk, uint32_t number)
{
    struct disk_part_file *file = disk_part_file(disk, number);
    file->replaced = 0;
    if (file->path.data) {
        free((char *)file->was.data);
        file->was = (struct slice){0};
    } else if (file->was.data)
        give_back_name(disk, number);
    else
        disk_part_drop(disk, number);
}

void disk_crash(struct disk *disk, enum disk_loss loss)
{
    if (loss == DISK_TEARS_LAST || (disk->is_dead && disk->loss == DISK_TEARS_LAST))
        tear(disk);
    for (uint32_t number = 1; number <= disk->files.count; number++) {
        struct disk_part_file *file = disk_part_file(disk, number);
        if (!file->path.data)
            continue;
        cut_content(disk, file);
        file->is_named |= is_overtaken(disk, file);
        if (!file->is_named)
            take_name(disk, number);
    }
    for (uint32_t number = 1; number <= disk->files.count; number++)
        if (disk_part_file(disk, number)->content.data)
            restore(disk, number);
    disk->is_dead = false;
    disk->crash_after = 0;
    disk->last_file = 0;
}
