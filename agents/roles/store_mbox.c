/*
 * The store as its accounts' keeper in mbox files: /var/mail/USER is INBOX, ~/mail/NAME each other
 * folder. A new message is appended and synced. Flags, UIDs and removals come into the file when it
 * is written anew (settle): into a new file beside the old one, which it then replaces, under a
 * lock; that takes a while, and who wants to add something meanwhile finds the mailbox busy.
 *
 * Without locking (a setting) the file is written anew in place, as programs once did, its first
 * half at once and its second one at the end of that while. Who appends in between and who writes
 * then do not know of each other: both write to the same octets.
 *
 * In the file a message has more fields, as servers have long written them: X-UID, Status (R seen,
 * O old), X-Status (A answered, F flagged, T draft, D deleted), X-Keywords; the first message of a
 * file X-IMAPbase (UIDVALIDITY and UIDNEXT). Nobody is shown these, and fields of such a name that
 * come with a message are dropped.
 */
#include "agents/roles/store_mbox.h"

#include <stdlib.h>
#include <string.h>

#include "agents/mail/header.h"
#include "agents/mail/mbox.h"
#include "agents/roles/mda.h"
#include "sim/base/memory.h"

/* ---- paths ---- */

void store_mbox_path(const struct store_box *box, struct slice folder, struct store_path *path)
{
    struct store_path name = {.size = 0};
    path->size = 0;
    if (slice_equal(folder, SLICE("INBOX"))) {
        store_path_add_spool(path, box);
        return;
    }
    store_path_add_home(path, box);
    store_path_add(path, SLICE("mail/"));
    store_path_add_folder(&name, folder); /* ".Work.2025/": without its first and last octet */
    store_path_add(path, slice_part(store_path_slice(&name), 1, name.size - 1));
}

enum mbox_quoting store_mbox_quoting(const struct store_box *box)
{
    return slice_equal(config_text(box->store->config, "quoting"), SLICE("mboxo")) ? MBOX_O
                                                                                   : MBOX_RD;
}

/* ---- locks ---- */

static bool has_locks(const struct store_box *box)
{
    return config_bool(box->store->config, "locking");
}

static void emit_lock(const struct store_box *box, uint32_t who, const char *result)
{
    struct store_path path;
    store_mbox_path(box, SLICE("INBOX"), &path);
    sim_emit(box->store->office->sim, EVENT_LOCK,
             &(struct event_lock){box->store->agent, store_part_text(box, store_path_slice(&path)),
                                  who, store_part_text(box, slice_of(result))});
}

/* Who delivers: the delivery agent beside the store. */
static uint32_t deliverer(const struct store_box *box)
{
    const struct office *office = box->store->office;
    const struct office_agent *mda =
        office_find_agent(office, net_host_of(office->net, box->store->agent), &mda_role);
    return mda ? mda->place : box->store->agent;
}

static bool is_free(struct store_box *box)
{
    if (!has_locks(box) || !box->mbox->is_rewriting)
        return true;
    emit_lock(box, deliverer(box), "busy");
    return false;
}

/* Flags, UIDs or removals are to come into the file. */
static void touch(struct store_box *box, struct account_folder *folder)
{
    folder->ref = STORE_MBOX_CHANGED;
    box->is_dirty = true;
}

/* ---- coming ---- */

/* What an entry is in the account: as it would be read from the file. */
static struct slice content_of(const struct store_box *box, struct slice entry_text)
{
    struct store_mbox_marks marks;
    return store_mbox_read(box, entry_text, &marks);
}

static struct slice sender_of(struct slice header)
{
    struct header_field field;
    if (!header_find(header, SLICE("Return-Path"), 1, &field))
        return SLICE("");
    struct slice value = slice_trim(field.value);
    if (value.size > 2 && value.data[0] == '<' && value.data[value.size - 1] == '>')
        return slice_part(value, 1, value.size - 1);
    return SLICE("");
}

/* A file that a crash or another writer has left without an end gets one, or what comes now would
   become part of the last message. */
static void mend_end(struct store_box *box, struct slice path)
{
    struct disk_file file;
    if (!disk_find(store_part_disk(box), path, &file) || file.content.size == 0 ||
        slice_ends(file.content, SLICE("\n\n")))
        return;
    disk_note_corrupt(store_part_disk(box), path, file.msg);
    (void)disk_append(store_part_disk(box), path,
                      slice_ends(file.content, SLICE("\n")) ? SLICE("\n") : SLICE("\n\n"),
                      SLICE(""), file.msg);
}

static bool append_entry(struct store_box *box, struct account_folder *folder, struct slice entry,
                         uint32_t msg)
{
    struct disk *disk = store_part_disk(box);
    struct store_path path;
    store_mbox_path(box, folder->name, &path);
    struct slice name = store_path_slice(&path);
    struct disk_file file;
    bool is_there = disk_find(disk, name, &file);
    if (is_there && has_locks(box))
        mend_end(box, name);
    size_t before = disk_find(disk, name, &file) ? file.content.size : 0;
    if (is_there ? !disk_append(disk, name, entry, SLICE(""), msg)
                 : !disk_write(disk, name, entry, SLICE(""), msg))
        return false;
    if (disk_sync(disk, name))
        return true;
    (void)disk_truncate(disk, name, before);
    return false;
}

/* The lines of a message that are kept in the file. */
static bool write_entry(const struct store_box *box, const struct account_item *item,
                        struct slice header, struct slice body, struct bytes *out)
{
    struct header_field field;
    struct slice rest = header;
    enum mbox_quoting quoting = store_mbox_quoting(box);
    if (!mbox_write_from(sender_of(header), item->internal_s, out))
        return false;
    while (header_next(&rest, &field))
        if (!store_mbox_is_mark(field.name) && !mbox_write_text(field.whole, quoting, out))
            return false;
    return bytes_append(out, SLICE("\n")) && mbox_write_text(body, quoting, out) &&
           bytes_append(out, SLICE("\n"));
}

static bool add(void *context, struct account_folder *folder, struct account_item *item,
                struct slice header, struct slice body, const struct account_item *source)
{
    struct store_box *box = context;
    uint32_t who = box->store->is_delivering ? deliverer(box) : store_part_actor(box);
    bool is_locked = has_locks(box) && !box->mbox->is_rewriting;
    struct bytes text;
    if (source)
        header_split(source->content, &header, &body);
    else if (item->msg == 0)
        item->msg = store_part_message(box, header);
    bytes_init(&text, SIZE_MAX / 2);
    if (is_locked)
        emit_lock(box, who, "ok");
    bool ok = write_entry(box, item, header, body, &text) &&
              append_entry(box, folder, bytes_slice(&text), item->msg);
    if (is_locked)
        emit_lock(box, who, "released");
    if (ok) {
        size_t line = slice_find_octet(bytes_slice(&text), '\n', 0) + 1;
        item->content =
            content_of(box, slice_part(bytes_slice(&text), line, bytes_size(&text) - 1));
        store_mbox_know(box, item);
        touch(box, folder); /* its UID is not in the file */
        store_part_emit_copy(box, folder->name, item->msg);
    }
    bytes_finish(&text);
    return ok;
}

/* ---- changing: the file follows when it is written anew ---- */

static bool set_flags(void *context, struct account_folder *folder, struct account_item *item,
                      uint64_t flags)
{
    struct store_box *box = context;
    touch(box, folder);
    store_part_emit_flags(box, folder, item, flags);
    return true;
}

static bool remove_item(void *context, struct account_folder *folder, struct account_item *item)
{
    struct store_box *box = context;
    touch(box, folder);
    store_part_emit_remove(box, folder->name, item->msg);
    free((char *)item->content.data);
    return true;
}

static bool move(void *context, struct account_folder *from, struct account_item *old,
                 struct account_folder *to, struct account_item *item)
{
    struct store_box *box = context;
    if (!add(box, to, item, SLICE(""), SLICE(""), old))
        return false;
    touch(box, from);
    store_part_emit_remove(box, from->name, old->msg);
    free((char *)old->content.data);
    return true;
}

static bool create_folder(void *context, struct account_folder *folder)
{
    struct store_box *box = context;
    struct disk *disk = store_part_disk(box);
    struct store_path path;
    struct disk_file file;
    store_mbox_path(box, folder->name, &path);
    return disk_find(disk, store_path_slice(&path), &file) ||
           (disk_write(disk, store_path_slice(&path), SLICE(""), SLICE(""), 0) &&
            disk_sync(disk, store_path_slice(&path)));
}

static bool destroy_folder(void *context, struct account_folder *folder)
{
    struct store_box *box = context;
    struct store_path path;
    for (size_t i = 0; i < folder->items.count; i++)
        (void)remove_item(box, folder, &folder->items.items[i]);
    folder->ref = 0;
    store_mbox_path(box, folder->name, &path);
    (void)disk_remove(store_part_disk(box), store_path_slice(&path));
    return true;
}

static bool rename_folder(void *context, struct account_folder *folder, struct slice name)
{
    struct store_box *box = context;
    struct disk *disk = store_part_disk(box);
    struct store_path from, to;
    store_mbox_path(box, folder->name, &from);
    store_mbox_path(box, name, &to);
    touch(box, folder);
    return !folder->is_selectable ||
           (disk_rename(disk, store_path_slice(&from), store_path_slice(&to)) &&
            disk_sync(disk, store_path_slice(&to)));
}

static void write_subscriptions(void *context)
{
    struct store_box *box = context;
    struct store_path path = {.size = 0};
    struct bytes names;
    store_mbox_list_path(box, &path);
    bytes_init(&names, (size_t)ACCOUNT_FOLDERS_MAX * (ACCOUNT_NAME_MAX + 2));
    for (size_t i = 0; i < box->account.subscriptions.count; i++)
        (void)bytes_append_all(
            &names, (struct slice[]){box->account.subscriptions.items[i], SLICE("\n")}, 2);
    (void)store_part_replace(box, store_path_slice(&path), bytes_slice(&names));
    bytes_finish(&names);
}

/* ---- writing anew ---- */

/* Everything of a folder, as the file is to be. */
static void write_folder(struct store_box *box, struct account_folder *folder, struct bytes *out)
{
    for (size_t i = 0; i < folder->items.count; i++) {
        const struct account_item *item = &folder->items.items[i];
        struct slice header, body;
        header_split(item->content, &header, &body);
        size_t end = header.size > 2 ? header.size - 2 : 0; /* without the empty line */
        (void)mbox_write_from(sender_of(header), item->internal_s, out);
        (void)mbox_write_text(slice_part(header, 0, end), store_mbox_quoting(box), out);
        store_mbox_write_marks(folder, item, i == 0, out);
        (void)bytes_append(out, SLICE("\n"));
        (void)mbox_write_text(body, store_mbox_quoting(box), out);
        (void)bytes_append(out, SLICE("\n"));
    }
}

/* Other folders are their owner's alone: nobody else adds to them, so nobody waits. */
static bool rewrite_now(struct store_box *box, struct account_folder *folder)
{
    struct store_path path;
    struct bytes text;
    bytes_init(&text, SIZE_MAX / 2);
    store_mbox_path(box, folder->name, &path);
    write_folder(box, folder, &text);
    bool ok = store_part_replace(box, store_path_slice(&path), bytes_slice(&text));
    if (ok)
        folder->ref = 0;
    bytes_finish(&text);
    return ok;
}

static void start_rewrite(struct store_box *box, struct account_folder *inbox);

/* In place and unlocked: the second half goes where it would go if nobody had come between. */
static void finish_in_place(struct store_box *box, struct slice path)
{
    struct store_mbox *m = box->mbox;
    struct disk *disk = store_part_disk(box);
    struct slice rest = bytes_slice(&m->rest);
    struct disk_file file;
    if (!disk_find(disk, path, &file))
        return;
    m->is_suspect |= file.content.size != m->written;
    (void)disk_put(disk, path, m->written, rest);
    (void)disk_sync(disk, path);
}

static void start_in_place(struct store_box *box, struct slice path)
{
    struct store_mbox *m = box->mbox;
    struct disk *disk = store_part_disk(box);
    struct disk_file file;
    bytes_clear(&m->rest);
    write_folder(box, account_find(&box->account, SLICE("INBOX")), &m->rest);
    struct slice half = slice_part(bytes_slice(&m->rest), 0, bytes_size(&m->rest) / 2);
    if (!disk_find(disk, path, &file))
        (void)disk_write(disk, path, SLICE(""), SLICE(""), 0);
    (void)disk_truncate(disk, path, 0);
    (void)disk_put(disk, path, 0, half);
    m->written = half.size;
    bytes_consume(&m->rest, half.size);
}

/* A box that a crash took away is not there any more. */
static void finish_rewrite(void *context, uint64_t number, uint64_t unused)
{
    struct store_box *box = store_part_numbered(context, number);
    struct store_path path;
    (void)unused;
    if (!box || !box->mbox || !box->mbox->is_rewriting)
        return;
    struct store_mbox *m = box->mbox;
    struct account_folder *inbox = account_find(&box->account, SLICE("INBOX"));
    bool was_changed = inbox->ref == STORE_MBOX_CHANGED;
    store_mbox_path(box, SLICE("INBOX"), &path);
    m->is_rewriting = false;
    if (!m->is_locked) {
        finish_in_place(box, store_path_slice(&path));
    } else {
        bool ok = rewrite_now(box, inbox);
        emit_lock(box, m->who, "released");
        was_changed = false;
        box->is_dirty |= !ok;
    }
    if (was_changed && !m->is_suspect) /* again, in the meantime */
        start_rewrite(box, inbox);
}

static void start_rewrite(struct store_box *box, struct account_folder *inbox)
{
    struct store_mbox *m = box->mbox;
    struct store_path path;
    store_mbox_path(box, SLICE("INBOX"), &path);
    m->is_rewriting = true;
    m->is_locked = has_locks(box);
    m->who = store_part_actor(box);
    if (m->is_locked) {
        emit_lock(box, m->who, "ok");
    } else {
        start_in_place(box, store_path_slice(&path));
        inbox->ref = STORE_MBOX_SAME;
    }
    sim_after(box->store->office->sim, config_number(box->store->config, "rewrite"), finish_rewrite,
              box->store, box->number, 0);
}

static bool settle(struct store_box *box)
{
    bool ok = true;
    store_mbox_refresh(box); /* nothing is written over what was not read */
    for (size_t i = 0; i < box->account.folders.count; i++) {
        struct account_folder *folder = box->account.folders.items[i];
        if (folder->ref != STORE_MBOX_CHANGED || !folder->is_selectable)
            continue;
        if (i > 0)
            ok &= rewrite_now(box, folder);
        else if (!box->mbox->is_rewriting)
            start_rewrite(box, folder);
    }
    return ok;
}

static void forget(struct store_box *box)
{
    for (size_t i = 0; i < box->account.folders.count; i++) {
        struct account_folder *folder = box->account.folders.items[i];
        for (size_t k = 0; k < folder->items.count; k++)
            free((char *)folder->items.items[k].content.data);
    }
    bytes_finish(&box->mbox->rest);
    free(box->mbox);
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

const struct store_format store_format_mbox = {.keep = keep,
                                               .load = store_mbox_load,
                                               .refresh = store_mbox_refresh,
                                               .settle = settle,
                                               .is_free = is_free,
                                               .forget = forget};
