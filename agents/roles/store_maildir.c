/*
 * The store as its accounts' keeper in a Maildir: a message is a file, written into tmp, synced and
 * renamed into new or, once it has flags, cur/NAME:2,FLAGS; so each step is whole or has not
 * happened, and a crash at any point leaves the message whole or leaves none. Folders are
 * Maildir++'s: ".Work.2025/" beside new, cur and tmp. What a reader changes is told in the trace.
 */
#include <stdlib.h>
#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/maildir.h"
#include "agents/roles/store_part.h"
#include "sim/base/memory.h"

enum { FLAGS_TEXT = 8 };

/* An item's file; item->ref points to it. */
struct stored {
    size_t size;
    char path[];
};

static struct stored *stored_of(const struct account_item *item)
{
    return (struct stored *)(uintptr_t)item->ref;
}

static struct slice path_of(const struct account_item *item)
{
    const struct stored *stored = stored_of(item);
    return (struct slice){stored->path, stored->size};
}

uint64_t store_maildir_ref(struct slice path)
{
    struct stored *stored = memory_take(sizeof *stored + path.size + 1);
    stored->size = path.size;
    memcpy(stored->path, path.data, path.size);
    return (uint64_t)(uintptr_t)stored;
}

struct slice store_maildir_unique(const struct account_item *item)
{
    return maildir_unique(path_of(item));
}

/* ---- paths ---- */

/* ":2,FS", letters ascending. Keywords are in store_uids.c: a file name has no room for them. */
static struct slice flag_letters(uint64_t flags, char text[FLAGS_TEXT])
{
    static const struct {
        uint64_t flag;
        char letter;
    } rows[] = {{ACCOUNT_DRAFT, 'D'},
                {ACCOUNT_FLAGGED, 'F'},
                {ACCOUNT_ANSWERED, 'R'},
                {ACCOUNT_SEEN, 'S'},
                {ACCOUNT_DELETED, 'T'}};
    size_t size = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (flags & rows[i].flag)
            text[size++] = rows[i].letter;
    return (struct slice){text, size};
}

static struct store_path file_path(const struct store_box *box, struct slice folder,
                                   struct slice unique, uint64_t flags)
{
    struct store_path path = {.size = 0};
    char letters[FLAGS_TEXT];
    store_path_add_maildir(&path, box);
    store_path_add_folder(&path, folder);
    store_path_add(&path, flags ? SLICE("cur/") : SLICE("new/"));
    store_path_add(&path, unique);
    if (flags) {
        store_path_add(&path, SLICE(":2,"));
        store_path_add(&path, flag_letters(flags, letters));
    }
    return path;
}

static struct store_path tmp_path(const struct store_box *box, struct slice folder,
                                  struct slice unique)
{
    struct store_path path = {.size = 0};
    store_path_add_maildir(&path, box);
    store_path_add_folder(&path, folder);
    store_path_add(&path, SLICE("tmp/"));
    store_path_add(&path, unique);
    return path;
}

/* ---- the keeper ---- */

static struct slice new_unique(struct store *store, char name[MAILDIR_NAME])
{
    struct office *office = store->office;
    return maildir_name(office_now_s(office, store->agent),
                        (uint32_t)(office->sim->now % VTIME_S / VTIME_US), ++store->file_count,
                        net_host_name(office->net, store->agent), name);
}

/* Whole and durable in tmp first, and then there in one step: as the page on Maildir has it. */
static bool write_file(struct disk *disk, const struct store_path *tmp,
                       const struct store_path *path, struct slice header, struct slice body,
                       uint32_t msg)
{
    struct slice from = store_path_slice(tmp), to = store_path_slice(path);
    if (!disk_write(disk, from, header, body, msg))
        return false;
    if (disk_sync(disk, from) && disk_rename(disk, from, to))
        return disk_sync(disk, to);
    (void)disk_remove(disk, from);
    return false;
}

static bool add(void *context, struct account_folder *folder, struct account_item *item,
                struct slice header, struct slice body, const struct account_item *source)
{
    struct store_box *box = context;
    char name[MAILDIR_NAME];
    struct slice unique = new_unique(box->store, name);
    struct store_path tmp = tmp_path(box, folder->name, unique);
    struct store_path path = file_path(box, folder->name, unique, item->flags);
    struct disk_file file;
    if (source)
        header = source->content;
    else if (item->msg == 0)
        item->msg = store_part_message(box, header);
    if (!write_file(store_part_disk(box), &tmp, &path, header, body, item->msg) ||
        !disk_find(store_part_disk(box), store_path_slice(&path), &file))
        return false;
    box->is_dirty = true;
    item->content = file.content;
    item->ref = store_maildir_ref(store_path_slice(&path));
    store_part_emit_copy(box, folder->name, item->msg);
    return true;
}

/* The file gets another name; its content stays where it is. */
static bool rename_file(const struct store_box *box, struct account_item *item, struct slice folder,
                        uint64_t flags)
{
    struct store_path path = file_path(box, folder, maildir_unique(path_of(item)), flags);
    if (slice_equal(path_of(item), store_path_slice(&path)))
        return true;
    if (!disk_rename(store_part_disk(box), path_of(item), store_path_slice(&path)))
        return false;
    free(stored_of(item));
    item->ref = store_maildir_ref(store_path_slice(&path));
    return true;
}

static bool set_flags(void *context, struct account_folder *folder, struct account_item *item,
                      uint64_t flags)
{
    struct store_box *box = context;
    if (!rename_file(box, item, folder->name, flags))
        return false;
    if ((item->flags ^ flags) >> ACCOUNT_KEYWORD_FIRST)
        store_uids_note(box, folder, item->uid);
    store_part_emit_flags(box, folder, item, flags);
    return true;
}

static bool remove_item(void *context, struct account_folder *folder, struct account_item *item)
{
    struct store_box *box = context;
    if (!disk_remove(store_part_disk(box), path_of(item)))
        return false;
    store_part_emit_remove(box, folder->name, item->msg);
    free(stored_of(item));
    item->ref = 0;
    return true;
}

static bool move(void *context, struct account_folder *from, struct account_item *old,
                 struct account_folder *to, struct account_item *item)
{
    struct store_box *box = context;
    if (!rename_file(box, item, to->name, item->flags))
        return false;
    if (!disk_sync(store_part_disk(box), path_of(item))) { /* back, as far as the disk lets us */
        (void)rename_file(box, item, from->name, old->flags);
        old->ref = item->ref;
        return false;
    }
    box->is_dirty = true;
    old->ref = 0;
    store_part_emit_copy(box, to->name, item->msg);
    store_part_emit_remove(box, from->name, item->msg);
    return true;
}

/* Maildir++ marks a folder by an empty file of this name. */
void store_maildir_marker(const struct store_box *box, struct slice folder, struct store_path *path)
{
    path->size = 0;
    store_path_add_maildir(path, box);
    store_path_add_folder(path, folder);
    store_path_add(path, SLICE("maildirfolder"));
}

static bool create_folder(void *context, struct account_folder *folder)
{
    struct store_box *box = context;
    struct disk *disk = store_part_disk(box);
    struct store_path path;
    struct disk_file file;
    store_maildir_marker(box, folder->name, &path);
    store_uids_note_all(box, folder);
    return disk_find(disk, store_path_slice(&path), &file) ||
           (disk_write(disk, store_path_slice(&path), SLICE(""), SLICE(""), 0) &&
            disk_sync(disk, store_path_slice(&path)));
}

static bool destroy_folder(void *context, struct account_folder *folder)
{
    struct store_box *box = context;
    struct store_path path;
    store_maildir_marker(box, folder->name, &path);
    /* the mark goes last: what is half removed is still a folder */
    for (size_t i = 0; i < folder->items.count; i++)
        (void)remove_item(box, folder, &folder->items.items[i]);
    store_uids_remove(box, folder);
    (void)disk_remove(store_part_disk(box), store_path_slice(&path));
    return true;
}

static bool rename_durably(struct disk *disk, const struct store_path *from,
                           const struct store_path *to)
{
    return disk_rename(disk, store_path_slice(from), store_path_slice(to)) &&
           disk_sync(disk, store_path_slice(to));
}

/* The list of UIDs is written anew under the new name, for the UIDVALIDITY may be another one. */
static bool rename_folder(void *context, struct account_folder *folder, struct slice name)
{
    struct store_box *box = context;
    struct disk *disk = store_part_disk(box);
    struct store_path from, to;
    store_maildir_marker(box, folder->name, &from);
    store_maildir_marker(box, name, &to);
    (void)rename_durably(disk, &from, &to);
    for (size_t i = 0; i < folder->items.count; i++) {
        struct account_item *item = &folder->items.items[i];
        if (!rename_file(box, item, name, item->flags) || !disk_sync(disk, path_of(item)))
            return false;
    }
    store_uids_path(box, folder->name, &from);
    (void)disk_remove(disk, store_path_slice(&from));
    store_uids_note_all(box, folder);
    return true;
}

/* The names, a line each, as Maildir++ readers expect them. */
static void write_subscriptions(void *context)
{
    struct store_box *box = context;
    struct store_path path = {.size = 0};
    struct bytes names;
    store_path_add_maildir(&path, box);
    store_path_add(&path, SLICE("subscriptions"));
    bytes_init(&names, (size_t)ACCOUNT_FOLDERS_MAX * (ACCOUNT_NAME_MAX + 2));
    for (size_t i = 0; i < box->account.subscriptions.count; i++)
        (void)bytes_append_all(
            &names, (struct slice[]){box->account.subscriptions.items[i], SLICE("\n")}, 2);
    (void)store_part_replace(box, store_path_slice(&path), bytes_slice(&names));
    bytes_finish(&names);
}

static void keep(struct store_box *box)
{
    box->account.keeper = (struct account_keeper){.add = add,
                                                  .set_flags = set_flags,
                                                  .remove = remove_item,
                                                  .move = move,
                                                  .create = create_folder,
                                                  .destroy = destroy_folder,
                                                  .rename = rename_folder,
                                                  .subscribed = write_subscriptions,
                                                  .context = box};
}

static bool settle(struct store_box *box)
{
    bool ok = true;
    for (size_t i = 0; i < box->account.folders.count && ok; i++)
        ok = store_uids_settle(box, box->account.folders.items[i]);
    return ok;
}

static void forget(struct store_box *box)
{
    for (size_t i = 0; i < box->account.folders.count; i++) {
        struct account_folder *folder = box->account.folders.items[i];
        for (size_t k = 0; k < folder->items.count; k++)
            free(stored_of(&folder->items.items[k]));
        store_uids_forget(folder);
    }
}

const struct store_format store_format_maildir = {.keep = keep,
                                                  .load = store_maildir_load,
                                                  .refresh = store_maildir_clean,
                                                  .settle = settle,
                                                  .forget = forget};
