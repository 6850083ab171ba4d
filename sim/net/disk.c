#include "sim/net/disk.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/net/disk_part.h"

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
        free((char *)disk->files.items[i].was.data);
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

void disk_set_max(struct disk *disk, uint64_t octets_max)
{
    disk->octets_max = octets_max;
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

struct disk_part_file *disk_part_file(const struct disk *disk, uint32_t number)
{
    return &disk->files.items[number - 1];
}

static struct disk_part_folder *folder_at(const struct disk *disk, uint32_t number)
{
    return &disk->folders.items[number - 1];
}

/* ---- by path ---- */

static uint32_t find_file(const struct disk *disk, struct slice path, uint64_t hash)
{
    uint32_t number = table_get(&disk->file_table, hash);
    while (number != 0 && !slice_equal(disk_part_file(disk, number)->path, path))
        number = disk_part_file(disk, number)->next;
    return number;
}

uint32_t disk_part_find(const struct disk *disk, struct slice path)
{
    return find_file(disk, path, slice_hash(path));
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

static uint32_t make_folder(struct disk *disk, struct slice path, uint64_t hash)
{
    struct disk_part_folder *folder = vector_add(&disk->folders);
    uint32_t number = (uint32_t)disk->folders.count;
    folder->path = join(path, SLICE(""));
    folder->next = table_get(&disk->folder_table, hash);
    table_set(&disk->folder_table, hash, number);
    return number;
}

static void put_into_folder(struct disk *disk, uint32_t number, uint32_t parent)
{
    struct disk_part_folder *in = folder_at(disk, parent);
    if (in->last_child)
        folder_at(disk, in->last_child)->next_sibling = number;
    else
        in->first_child = number;
    in->last_child = number;
}

/* Made with all that it lies in. */
static uint32_t find_or_make_folder(struct disk *disk, struct slice path)
{
    uint32_t first = 0, child = 0;
    for (bool is_made = true; is_made;) {
        uint64_t hash = slice_hash(path);
        uint32_t number = find_folder(disk, path, hash);
        is_made = number == 0;
        if (is_made)
            number = make_folder(disk, path, hash);
        if (child)
            put_into_folder(disk, child, number);
        first = first ? first : number;
        child = number;
        is_made &= path.size > 0;
        path = folder_of(slice_part(path, 0, path.size - is_made));
    }
    return first;
}

/* Most often it is the same one again. */
static uint32_t open_folder(struct disk *disk, struct slice path)
{
    if (!disk->last_folder || !slice_equal(folder_at(disk, disk->last_folder)->path, path))
        disk->last_folder = find_or_make_folder(disk, path);
    return disk->last_folder;
}

/* ---- in a folder ---- */

/* Index of the first entry whose order is greater than `order`. */
static size_t entry_after(const struct disk_part_folder *folder, uint32_t order)
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

static void close_holes(struct disk_part_folder *folder)
{
    size_t kept = 0;
    for (size_t i = 0; i < folder->entries.count; i++)
        if (folder->entries.items[i].file != 0)
            folder->entries.items[kept++] = folder->entries.items[i];
    folder->entries.count = kept;
    folder->hole_count = 0;
}

void disk_part_attach(struct disk *disk, uint32_t number, struct slice own_path)
{
    struct disk_part_file *file = disk_part_file(disk, number);
    check(disk->order < UINT32_MAX);
    file->path = own_path;
    file->text = 0;
    file->hash = slice_hash(own_path);
    file->next = table_get(&disk->file_table, file->hash);
    table_set(&disk->file_table, file->hash, number);
    file->folder = open_folder(disk, folder_of(own_path));
    file->order = ++disk->order;
    *vector_add(&folder_at(disk, file->folder)->entries) =
        (struct disk_part_entry){file->order, number};
}

static void unlink_hash(struct disk *disk, uint32_t number)
{
    const struct disk_part_file *file = disk_part_file(disk, number);
    uint32_t other = table_get(&disk->file_table, file->hash);
    if (other == number) {
        if (file->next != 0)
            table_set(&disk->file_table, file->hash, file->next);
        else
            table_remove(&disk->file_table, file->hash);
        return;
    }
    while (disk_part_file(disk, other)->next != number)
        other = disk_part_file(disk, other)->next;
    disk_part_file(disk, other)->next = file->next;
}

struct slice disk_part_detach(struct disk *disk, uint32_t number)
{
    struct disk_part_file *file = disk_part_file(disk, number);
    struct disk_part_folder *folder = folder_at(disk, file->folder);
    struct slice path = file->path;
    unlink_hash(disk, number);
    folder->entries.items[entry_after(folder, file->order) - 1].file = 0;
    if (++folder->hole_count * 2 > folder->entries.count)
        close_holes(folder);
    file->path = (struct slice){0};
    return path;
}

/* ---- the trace ---- */

void disk_part_note(struct disk *disk, struct slice op, struct disk_part_file *file)
{
    size_t size = file->content.size;
    if (file->text == 0)
        file->text = sim_text(disk->sim, file->path);
    sim_note(disk->sim, EVENT_FILE,
             &(struct event_file){.at = disk->host,
                                  .op = sim_text(disk->sim, op),
                                  .path = file->text,
                                  .size = size < EVENT_UNSET ? (uint32_t)size : EVENT_UNSET - 1,
                                  .msg = file->msg});
}

void disk_note_corrupt(struct disk *disk, struct slice path, uint32_t msg)
{
    uint32_t number = disk_part_find(disk, path);
    if (number == 0)
        return;
    struct disk_part_file *file = disk_part_file(disk, number);
    uint32_t kept = file->msg;
    file->msg = msg;
    disk_part_note(disk, SLICE("corrupt"), file);
    file->msg = kept;
}

/* ---- changes ---- */

static uint32_t take_slot(struct disk *disk)
{
    if (disk->free_files.count == 0) {
        (void)vector_add(&disk->files);
        *vector_add(&disk->free_files) = (uint32_t)disk->files.count;
    }
    return disk->free_files.items[--disk->free_files.count];
}

void disk_part_drop(struct disk *disk, uint32_t number)
{
    struct disk_part_file *file = disk_part_file(disk, number);
    free((char *)file->content.data);
    free((char *)file->was.data);
    *file = (struct disk_part_file){0};
    *vector_add(&disk->free_files) = number;
}

static bool has_room(const struct disk *disk, uint64_t octets)
{
    return disk->octets_max == 0 ||
           (disk->octets <= disk->octets_max && octets <= disk->octets_max - disk->octets);
}

bool disk_write(struct disk *disk, struct slice path, struct slice part1, struct slice part2,
                uint32_t msg)
{
    uint64_t size = (uint64_t)part1.size + part2.size;
    if (disk->is_dead || !has_room(disk, size) || disk_part_find(disk, path) != 0)
        return false;
    uint32_t number = take_slot(disk);
    struct disk_part_file *file = disk_part_file(disk, number);
    *file = (struct disk_part_file){.content = join(part1, part2), .msg = msg};
    file->capacity = file->content.size + 1;
    disk_part_attach(disk, number, join(path, SLICE("")));
    disk->octets += size;
    disk_part_note(disk, SLICE("write"), file);
    disk_part_changed(disk, number, file->content.size);
    return true;
}

/* Makes room for `size` octets of content; what is new of it is the caller's to fill. */
static char *stretch(struct disk *disk, struct disk_part_file *file, size_t size)
{
    char *block = (char *)file->content.data;
    if (size > file->capacity) {
        file->capacity = size > 2 * file->capacity ? size : 2 * file->capacity;
        block = memory_resize(block, file->capacity);
    }
    disk->octets += size - file->content.size;
    file->content = (struct slice){block, size};
    return block;
}

bool disk_append(struct disk *disk, struct slice path, struct slice part1, struct slice part2,
                 uint32_t msg)
{
    uint32_t number = disk_part_find(disk, path);
    if (disk->is_dead || number == 0 || !has_room(disk, (uint64_t)part1.size + part2.size))
        return false;
    struct disk_part_file *file = disk_part_file(disk, number);
    size_t at = file->content.size, more = part1.size + part2.size;
    char *block = stretch(disk, file, at + more);
    if (part1.size)
        memcpy(block + at, part1.data, part1.size);
    if (part2.size)
        memcpy(block + at + part1.size, part2.data, part2.size);
    file->msg = msg;
    disk_part_note(disk, SLICE("append"), file);
    disk_part_changed(disk, number, more);
    return true;
}

bool disk_put(struct disk *disk, struct slice path, size_t offset, struct slice octets)
{
    uint32_t number = disk_part_find(disk, path);
    if (disk->is_dead || number == 0)
        return false;
    struct disk_part_file *file = disk_part_file(disk, number);
    size_t size = file->content.size;
    if (offset > size)
        offset = size;
    size_t end = offset + octets.size, longer = end > size ? end - size : 0;
    if (!has_room(disk, longer))
        return false;
    char *block = stretch(disk, file, size + longer);
    if (octets.size)
        memcpy(block + offset, octets.data, octets.size);
    disk_part_note(disk, SLICE("replace"), file);
    disk_part_changed(disk, number, longer);
    return true;
}

bool disk_truncate(struct disk *disk, struct slice path, size_t size)
{
    uint32_t number = disk_part_find(disk, path);
    if (disk->is_dead || number == 0)
        return false;
    struct disk_part_file *file = disk_part_file(disk, number);
    if (size < file->content.size) {
        disk->octets -= file->content.size - size;
        file->content.size = size;
    }
    if (file->synced > file->content.size)
        file->synced = file->content.size;
    disk_part_note(disk, SLICE("replace"), file);
    disk_part_changed(disk, number, 0);
    return true;
}

static bool rename_file(struct disk *disk, uint32_t number, struct slice to)
{
    struct slice kept = join(to, SLICE("")); /* `to` may lie in a name that is given up here */
    disk_part_renamed(disk_part_file(disk, number), disk_part_detach(disk, number));
    disk_part_attach(disk, number, kept);
    struct disk_part_file *file = disk_part_file(disk, number);
    if (file->was.data && slice_equal(file->was, kept)) { /* back where it durably is */
        free((char *)file->was.data);
        file->was = (struct slice){0};
        file->is_named = true;
    }
    disk_part_note(disk, SLICE("rename"), file);
    disk_part_changed(disk, 0, 0);
    return true;
}

bool disk_rename(struct disk *disk, struct slice from, struct slice to)
{
    uint32_t number = disk_part_find(disk, from);
    if (disk->is_dead || number == 0 || disk_part_find(disk, to) != 0)
        return false;
    return rename_file(disk, number, to);
}

bool disk_rename_over(struct disk *disk, struct slice from, struct slice to)
{
    uint32_t number = disk_part_find(disk, from), old = disk_part_find(disk, to);
    if (disk->is_dead || number == 0 || number == old)
        return false;
    if (old != 0) {
        disk->octets -= disk_part_file(disk, old)->content.size;
        struct slice name = disk_part_detach(disk, old);
        bool ok = rename_file(disk, number, name);
        disk_part_replaced(disk, old, name, number);
        return ok;
    }
    return rename_file(disk, number, to);
}

bool disk_remove(struct disk *disk, struct slice path)
{
    uint32_t number = disk_part_find(disk, path);
    if (disk->is_dead || number == 0)
        return false;
    struct disk_part_file *file = disk_part_file(disk, number);
    disk_part_note(disk, SLICE("remove"), file);
    disk->octets -= file->content.size;
    disk_part_forget(disk, file);
    free((char *)disk_part_detach(disk, number).data);
    disk_part_drop(disk, number);
    disk_part_changed(disk, 0, 0);
    return true;
}

/* ---- looking ---- */

static struct disk_file shown(const struct disk_part_file *file)
{
    return (struct disk_file){.path = file->path, .content = file->content, .msg = file->msg};
}

bool disk_find(const struct disk *disk, struct slice path, struct disk_file *file)
{
    uint32_t number = disk_part_find(disk, path);
    if (number != 0)
        *file = shown(disk_part_file(disk, number));
    return number != 0;
}

bool disk_next(const struct disk *disk, struct slice folder, uint32_t *position,
               struct disk_file *file)
{
    uint32_t number = find_folder(disk, folder, slice_hash(folder));
    if (number == 0)
        return false;
    const struct disk_part_folder *f = folder_at(disk, number);
    for (size_t i = entry_after(f, *position); i < f->entries.count; i++)
        if (f->entries.items[i].file != 0) {
            *position = f->entries.items[i].order;
            *file = shown(disk_part_file(disk, f->entries.items[i].file));
            return true;
        }
    return false;
}

bool disk_next_folder(const struct disk *disk, struct slice folder, uint32_t *position,
                      struct slice *path)
{
    uint32_t number = *position ? folder_at(disk, *position)->next_sibling : 0;
    if (*position == 0) {
        uint32_t in = find_folder(disk, folder, slice_hash(folder));
        number = in ? folder_at(disk, in)->first_child : 0;
    }
    if (number == 0)
        return false;
    *position = number;
    *path = folder_at(disk, number)->path;
    return true;
}

uint64_t disk_used(const struct disk *disk)
{
    return disk->octets;
}
