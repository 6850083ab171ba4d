#include "sim/net/disk.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/vector.h"
#include "sim/net/table.h"

struct file {
    struct slice path, content; /* owned; path.data NULL: a free slot */
    uint64_t hash;              /* of the path */
    uint32_t msg;
    uint32_t folder; /* number */
    uint32_t order;  /* in its folder */
    uint32_t next;   /* number of the next one with the same hash */
};

/* A file that left keeps its entry as a hole until there are too many: positions stay valid. */
struct entry {
    uint32_t order;
    uint32_t file; /* number; 0: a hole */
};

struct folder {
    struct slice path; /* owned */
    uint32_t next;
    VECTOR(struct entry) entries; /* ascending order */
    size_t hole_count;
};

/* Files and folders have numbers from 1, so that 0 can say none. */
struct disk {
    struct sim *sim;
    uint32_t host;
    uint64_t octets_max, octets;
    uint32_t order; /* counts creations and renames */
    VECTOR(struct file) files;
    VECTOR(uint32_t) free_files;
    VECTOR(struct folder) folders;
    struct table file_table, folder_table; /* hash of the path to the first number */
};

struct disk *disk_create(struct sim *sim, uint32_t host, uint64_t octets_max)
{
    struct disk *disk = memory_take(sizeof *disk);
    disk->sim = sim;
    disk->host = host;
    disk->octets_max = octets_max;
    return disk;
}

void disk_destroy(struct disk *disk)
{
    if (!disk)
        return;
    for (size_t i = 0; i < disk->files.count; i++) {
        free((char *)disk->files.items[i].path.data);
        free((char *)disk->files.items[i].content.data);
    }
    for (size_t i = 0; i < disk->folders.count; i++) {
        free((char *)disk->folders.items[i].path.data);
        vector_finish(&disk->folders.items[i].entries);
    }
    vector_finish(&disk->files);
    vector_finish(&disk->free_files);
    vector_finish(&disk->folders);
    table_finish(&disk->file_table);
    table_finish(&disk->folder_table);
    free(disk);
}

/* Two parts in a block of their own. */
static struct slice join(struct slice part1, struct slice part2)
{
    char *block = memory_resize(NULL, part1.size + part2.size + 1);
    if (part1.size)
        memcpy(block, part1.data, part1.size);
    if (part2.size)
        memcpy(block + part1.size, part2.data, part2.size);
    return (struct slice){block, part1.size + part2.size};
}

static struct file *file_at(const struct disk *disk, uint32_t number)
{
    return &disk->files.items[number - 1];
}

static struct folder *folder_at(const struct disk *disk, uint32_t number)
{
    return &disk->folders.items[number - 1];
}

/* ---- by path ---- */

static uint32_t find_file(const struct disk *disk, struct slice path, uint64_t hash)
{
    uint32_t number = table_get(&disk->file_table, hash);
    while (number != 0 && !slice_equal(file_at(disk, number)->path, path))
        number = file_at(disk, number)->next;
    return number;
}

static uint32_t find_folder(const struct disk *disk, struct slice path, uint64_t hash)
{
    uint32_t number = table_get(&disk->folder_table, hash);
    while (number != 0 && !slice_equal(folder_at(disk, number)->path, path))
        number = folder_at(disk, number)->next;
    return number;
}

/* Up to and with the last slash. */
static struct slice folder_of(struct slice path)
{
    while (path.size > 0 && path.data[path.size - 1] != '/')
        path.size--;
    return path;
}

static uint32_t open_folder(struct disk *disk, struct slice path)
{
    uint64_t hash = slice_hash(path);
    uint32_t known = find_folder(disk, path, hash);
    if (known != 0)
        return known;
    struct folder *folder = vector_add(&disk->folders);
    folder->path = join(path, SLICE(""));
    folder->next = table_get(&disk->folder_table, hash);
    table_set(&disk->folder_table, hash, (uint32_t)disk->folders.count);
    return (uint32_t)disk->folders.count;
}

/* ---- in a folder ---- */

/* Index of the first entry whose order is greater than `order`. */
static size_t entry_after(const struct folder *folder, uint32_t order)
{
    size_t low = 0, high = folder->entries.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (folder->entries.items[middle].order <= order)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void close_holes(struct folder *folder)
{
    size_t kept = 0;
    for (size_t i = 0; i < folder->entries.count; i++)
        if (folder->entries.items[i].file != 0)
            folder->entries.items[kept++] = folder->entries.items[i];
    folder->entries.count = kept;
    folder->hole_count = 0;
}

/* Puts a file that has no name at present under this path, last in its folder. */
static void attach(struct disk *disk, uint32_t number, struct slice path)
{
    struct file *file = file_at(disk, number);
    check(disk->order < UINT32_MAX);
    file->path = join(path, SLICE(""));
    file->hash = slice_hash(path);
    file->next = table_get(&disk->file_table, file->hash);
    table_set(&disk->file_table, file->hash, number);
    file->folder = open_folder(disk, folder_of(path));
    file->order = ++disk->order;
    *vector_add(&folder_at(disk, file->folder)->entries) = (struct entry){file->order, number};
}

static void unlink_hash(struct disk *disk, uint32_t number)
{
    const struct file *file = file_at(disk, number);
    uint32_t other = table_get(&disk->file_table, file->hash);
    if (other == number) {
        if (file->next != 0)
            table_set(&disk->file_table, file->hash, file->next);
        else
            table_remove(&disk->file_table, file->hash);
        return;
    }
    while (file_at(disk, other)->next != number)
        other = file_at(disk, other)->next;
    file_at(disk, other)->next = file->next;
}

static void detach(struct disk *disk, uint32_t number)
{
    struct file *file = file_at(disk, number);
    struct folder *folder = folder_at(disk, file->folder);
    unlink_hash(disk, number);
    folder->entries.items[entry_after(folder, file->order) - 1].file = 0;
    if (++folder->hole_count * 2 > folder->entries.count)
        close_holes(folder);
    free((char *)file->path.data);
    file->path = (struct slice){0};
}

/* ---- operations ---- */

static void note(struct disk *disk, struct slice op, const struct file *file)
{
    size_t size = file->content.size;
    sim_note(disk->sim, EVENT_FILE,
             &(struct event_file){.at = disk->host,
                                  .op = sim_text(disk->sim, op),
                                  .path = sim_text(disk->sim, file->path),
                                  .size = size < EVENT_UNSET ? (uint32_t)size : EVENT_UNSET - 1,
                                  .msg = file->msg});
}

static uint32_t take_slot(struct disk *disk)
{
    if (disk->free_files.count == 0) {
        (void)vector_add(&disk->files);
        *vector_add(&disk->free_files) = (uint32_t)disk->files.count;
    }
    return disk->free_files.items[--disk->free_files.count];
}

bool disk_write(struct disk *disk, struct slice path, struct slice part1, struct slice part2,
                uint32_t msg)
{
    uint64_t size = (uint64_t)part1.size + part2.size;
    if (disk->octets_max != 0 && size > disk->octets_max - disk->octets)
        return false;
    if (find_file(disk, path, slice_hash(path)) != 0)
        return false;
    uint32_t number = take_slot(disk);
    struct file *file = file_at(disk, number);
    *file = (struct file){.content = join(part1, part2), .msg = msg};
    attach(disk, number, path);
    disk->octets += size;
    note(disk, SLICE("create"), file);
    return true;
}

bool disk_rename(struct disk *disk, struct slice from, struct slice to)
{
    uint32_t number = find_file(disk, from, slice_hash(from));
    if (number == 0 || find_file(disk, to, slice_hash(to)) != 0)
        return false;
    /* `to` may lie in a name that is given up here */
    struct slice kept = join(to, SLICE(""));
    detach(disk, number);
    attach(disk, number, kept);
    free((char *)kept.data);
    note(disk, SLICE("rename"), file_at(disk, number));
    return true;
}

bool disk_remove(struct disk *disk, struct slice path)
{
    uint32_t number = find_file(disk, path, slice_hash(path));
    if (number == 0)
        return false;
    struct file *file = file_at(disk, number);
    note(disk, SLICE("remove"), file);
    disk->octets -= file->content.size;
    detach(disk, number);
    free((char *)file->content.data);
    *file = (struct file){0};
    *vector_add(&disk->free_files) = number;
    return true;
}

static struct disk_file shown(const struct file *file)
{
    return (struct disk_file){.path = file->path, .content = file->content, .msg = file->msg};
}

bool disk_find(const struct disk *disk, struct slice path, struct disk_file *file)
{
    uint32_t number = find_file(disk, path, slice_hash(path));
    if (number != 0)
        *file = shown(file_at(disk, number));
    return number != 0;
}

bool disk_next(const struct disk *disk, struct slice folder, uint32_t *position,
               struct disk_file *file)
{
    uint32_t number = find_folder(disk, folder, slice_hash(folder));
    if (number == 0)
        return false;
    const struct folder *f = folder_at(disk, number);
    for (size_t i = entry_after(f, *position); i < f->entries.count; i++)
        if (f->entries.items[i].file != 0) {
            *position = f->entries.items[i].order;
            *file = shown(file_at(disk, f->entries.items[i].file));
            return true;
        }
    return false;
}

uint64_t disk_used(const struct disk *disk)
{
    return disk->octets;
}
