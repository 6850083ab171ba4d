/*
 * The store as its accounts' keeper: a message is a file, written into tmp and renamed into new or,
 * once it has flags, cur/NAME:2,FLAGS; so each step is whole or has not happened. Folders are
 * Maildir++'s: ".Work.2025/" beside new, cur and tmp. What a reader changes is told in the trace.
 */
#include <stdlib.h>
#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/maildir.h"
#include "agents/roles/store_part.h"
#include "sim/base/memory.h"

/* The longest path: of the owner 255 and 64 octets, of the folder four for each. */
enum { PATH_MAX_OCTETS = 512 + 4 * ACCOUNT_NAME_MAX + MAILDIR_NAME, FLAGS_TEXT = 8 };

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

static uint64_t keep_path(struct slice path)
{
    struct stored *stored = memory_take(sizeof *stored + path.size + 1);
    stored->size = path.size;
    memcpy(stored->path, path.data, path.size);
    return (uint64_t)(uintptr_t)stored;
}

/* ---- paths ---- */

struct path {
    char text[PATH_MAX_OCTETS];
    size_t size;
};

static void put(struct path *path, struct slice s)
{
    for (size_t i = 0; i < s.size && path->size < sizeof path->text; i++)
        path->text[path->size++] = s.data[i];
}

/* Part of a name: nothing in it may lead elsewhere. */
static void put_name(struct path *path, struct slice s)
{
    for (size_t i = 0; i < s.size && path->size < sizeof path->text; i++)
        path->text[path->size++] =
            (unsigned char)s.data[i] <= ' ' || s.data[i] == '/' ? '_' : s.data[i];
}

static struct slice slice_of_path(const struct path *path)
{
    return (struct slice){path->text, path->size};
}

/* ".Work.2025/": levels become dots. A dot in a name is written so that it is none, and a backslash
   so that it does not look like one; so no two folders get the same directory. */
static void put_folder(struct path *path, struct slice folder)
{
    if (slice_equal(folder, SLICE("INBOX")))
        return;
    put(path, SLICE("."));
    for (size_t i = 0; i < folder.size; i++) {
        char octet = folder.data[i];
        put(path, octet == '/'    ? SLICE(".")
                  : octet == '.'  ? SLICE("\\056")
                  : octet == '\\' ? SLICE("\\134")
                                  : (struct slice){&octet, 1});
    }
    put(path, SLICE("/"));
}

static void put_maildir(struct path *path, const struct store_box *box)
{
    struct slice owner = box->account.owner;
    put(path, SLICE("/home/"));
    put_name(path, slice_part(address_domain(owner), 0, 255));
    put(path, SLICE("/"));
    put_name(path, slice_part(address_local(owner), 0, 64));
    put(path, SLICE("/Maildir/"));
}

/* ":2,FS", letters ascending. Keywords stay in the account: a file name has no room for them. */
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

static struct path file_path(const struct store_box *box, struct slice folder, struct slice unique,
                             uint64_t flags)
{
    struct path path = {.size = 0};
    char letters[FLAGS_TEXT];
    put_maildir(&path, box);
    put_folder(&path, folder);
    put(&path, flags ? SLICE("cur/") : SLICE("new/"));
    put(&path, unique);
    if (flags) {
        put(&path, SLICE(":2,"));
        put(&path, flag_letters(flags, letters));
    }
    return path;
}

static struct path tmp_path(const struct store_box *box, struct slice folder, struct slice unique)
{
    struct path path = {.size = 0};
    put_maildir(&path, box);
    put_folder(&path, folder);
    put(&path, SLICE("tmp/"));
    put(&path, unique);
    return path;
}

/* ---- the trace ---- */

static uint32_t text(const struct store_box *box, struct slice s)
{
    return sim_text(box->store->office->sim, s);
}

static uint32_t actor(const struct store_box *box)
{
    return box->store->acts_for ? box->store->acts_for : box->store->agent;
}

static uint32_t box_text(const struct store_box *box, struct slice folder)
{
    struct arena arena;
    arena_init(&arena);
    uint32_t number = text(box, store_box_name(&arena, box->account.owner, folder));
    arena_finish(&arena);
    return number;
}

static void emit_copy(const struct store_box *box, struct slice folder, uint32_t msg)
{
    if (!box->store->is_delivering)
        sim_emit(box->store->office->sim, EVENT_COPY,
                 &(struct event_copy){box->store->agent, msg, actor(box), box_text(box, folder)});
}

static void emit_remove(const struct store_box *box, struct slice folder, uint32_t msg)
{
    sim_emit(box->store->office->sim, EVENT_REMOVE,
             &(struct event_remove){actor(box), msg, box_text(box, folder)});
}

static void emit_flags(const struct store_box *box, const struct account_folder *folder,
                       const struct account_item *item, uint64_t flags)
{
    for (unsigned bit = 0; bit < 64; bit++)
        if ((item->flags ^ flags) >> bit & 1)
            sim_emit(box->store->office->sim, EVENT_FLAG,
                     &(struct event_flag){actor(box), item->msg, box_text(box, folder->name),
                                          text(box, account_flag_name(folder, bit)),
                                          flags >> bit & 1});
}

/* ---- the keeper ---- */

static struct disk *disk_of(const struct store_box *box)
{
    return office_disk(box->store->office, box->store->agent);
}

static struct slice new_unique(struct store *store, char name[MAILDIR_NAME])
{
    struct office *office = store->office;
    return maildir_name(office_now_s(office, store->agent),
                        (uint32_t)(office->sim->now % VTIME_S / VTIME_US), ++store->file_count,
                        net_host_name(office->net, store->agent), name);
}

/* A message that nobody in the simulation wrote is new to the trace. */
static uint32_t known_message(const struct store_box *box, struct slice header)
{
    struct header_field subject = {0};
    if (box->store->msg)
        return box->store->msg;
    (void)header_find(header, SLICE("Subject"), 1, &subject);
    return office_new_message(box->store->office, actor(box), SLICE(""), box->account.owner,
                              slice_trim(subject.value), SLICE(""));
}

static bool add(void *context, struct account_folder *folder, struct account_item *item,
                struct slice header, struct slice body, const struct account_item *source)
{
    struct store_box *box = context;
    char name[MAILDIR_NAME];
    struct slice unique = new_unique(box->store, name);
    struct path tmp = tmp_path(box, folder->name, unique);
    struct path path = file_path(box, folder->name, unique, item->flags);
    struct disk_file file;
    if (source)
        header = source->content;
    else if (item->msg == 0)
        item->msg = known_message(box, header);
    if (!disk_write(disk_of(box), slice_of_path(&tmp), header, body, item->msg))
        return false;
    if (!disk_rename(disk_of(box), slice_of_path(&tmp), slice_of_path(&path)) ||
        !disk_find(disk_of(box), slice_of_path(&path), &file))
        return false;
    item->content = file.content;
    item->ref = keep_path(slice_of_path(&path));
    emit_copy(box, folder->name, item->msg);
    return true;
}

/* The file gets another name; its content stays where it is. */
static bool rename_file(const struct store_box *box, struct account_item *item, struct slice folder,
                        uint64_t flags)
{
    struct path path = file_path(box, folder, maildir_unique(path_of(item)), flags);
    if (slice_equal(path_of(item), slice_of_path(&path)))
        return true;
    if (!disk_rename(disk_of(box), path_of(item), slice_of_path(&path)))
        return false;
    free(stored_of(item));
    item->ref = keep_path(slice_of_path(&path));
    return true;
}

static bool set_flags(void *context, struct account_folder *folder, struct account_item *item,
                      uint64_t flags)
{
    struct store_box *box = context;
    if (!rename_file(box, item, folder->name, flags))
        return false;
    emit_flags(box, folder, item, flags);
    return true;
}

static bool remove_item(void *context, struct account_folder *folder, struct account_item *item)
{
    struct store_box *box = context;
    emit_remove(box, folder->name, item->msg);
    (void)disk_remove(disk_of(box), path_of(item));
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
    old->ref = 0;
    emit_copy(box, to->name, item->msg);
    emit_remove(box, from->name, item->msg);
    return true;
}

/* Maildir++ marks a folder by an empty file of this name. */
static struct path marker_path(const struct store_box *box, struct slice folder)
{
    struct path path = {.size = 0};
    put_maildir(&path, box);
    put_folder(&path, folder);
    put(&path, SLICE("maildirfolder"));
    return path;
}

static bool create_folder(void *context, struct account_folder *folder)
{
    struct store_box *box = context;
    struct path path = marker_path(box, folder->name);
    struct disk_file file;
    return disk_find(disk_of(box), slice_of_path(&path), &file) ||
           disk_write(disk_of(box), slice_of_path(&path), SLICE(""), SLICE(""), 0);
}

static bool destroy_folder(void *context, struct account_folder *folder)
{
    struct store_box *box = context;
    struct path path = marker_path(box, folder->name);
    for (size_t i = 0; i < folder->items.count; i++)
        (void)remove_item(box, folder, &folder->items.items[i]);
    (void)disk_remove(disk_of(box), slice_of_path(&path));
    return true;
}

static bool rename_folder(void *context, struct account_folder *folder, struct slice name)
{
    struct store_box *box = context;
    struct path from = marker_path(box, folder->name), to = marker_path(box, name);
    (void)disk_rename(disk_of(box), slice_of_path(&from), slice_of_path(&to));
    for (size_t i = 0; i < folder->items.count; i++)
        if (!rename_file(box, &folder->items.items[i], name, folder->items.items[i].flags))
            return false;
    return true;
}

/* The names, a line each, as Maildir++ readers expect them. */
static void write_subscriptions(void *context)
{
    struct store_box *box = context;
    struct path path = {.size = 0};
    struct bytes names;
    put_maildir(&path, box);
    put(&path, SLICE("subscriptions"));
    bytes_init(&names, (size_t)ACCOUNT_FOLDERS_MAX * (ACCOUNT_NAME_MAX + 2));
    for (size_t i = 0; i < box->account.subscriptions.count; i++)
        (void)bytes_append_all(
            &names, (struct slice[]){box->account.subscriptions.items[i], SLICE("\n")}, 2);
    (void)disk_remove(disk_of(box), slice_of_path(&path));
    (void)disk_write(disk_of(box), slice_of_path(&path), bytes_slice(&names), SLICE(""), 0);
    bytes_finish(&names);
}

void store_part_keep(struct store_box *box)
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

void store_part_forget(struct store_box *box)
{
    for (size_t i = 0; i < box->account.folders.count; i++) {
        struct account_folder *folder = box->account.folders.items[i];
        for (size_t k = 0; k < folder->items.count; k++)
            free(stored_of(&folder->items.items[k]));
    }
}
