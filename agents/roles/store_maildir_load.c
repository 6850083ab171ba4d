/* A Maildir as a server finds it when it starts: the account is what the files say. */
#include <stdlib.h>

#include "agents/roles/store_part.h"

enum { TMP_KEPT_S = 36 * 3600 };

/* A message's file and what the list of UIDs knows of it. */
struct found {
    struct slice path, content;
    uint32_t msg, order;
    const struct store_uid *known; /* NULL: nobody was told of it yet */
};

struct find {
    VECTOR(struct found) files;
};

static struct store_path directory(const struct store_box *box, struct slice folder,
                                   const char *part)
{
    struct store_path path = {.size = 0};
    store_path_add_maildir(&path, box);
    store_path_add_folder(&path, folder);
    store_path_add(&path, slice_of(part));
    return path;
}

/* ---- messages ---- */

static uint64_t read_flags(struct slice path)
{
    static const struct {
        char letter;
        uint64_t flag;
    } rows[] = {{'D', ACCOUNT_DRAFT},
                {'F', ACCOUNT_FLAGGED},
                {'R', ACCOUNT_ANSWERED},
                {'S', ACCOUNT_SEEN},
                {'T', ACCOUNT_DELETED}};
    size_t at = slice_find(path, SLICE(":2,"), 0);
    struct slice letters = at == SLICE_NONE ? SLICE("") : slice_part(path, at + 3, path.size);
    uint64_t flags = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_find_octet(letters, rows[i].letter, 0) != SLICE_NONE)
            flags |= rows[i].flag;
    return flags;
}

/* The second with which a file's name begins; 0: it does not. */
static int64_t name_second(struct slice path)
{
    struct slice name = maildir_unique(path), first;
    uint64_t second;
    return slice_cut(&name, '.', &first) && slice_to_u64(first, &second) && second < INT64_MAX
               ? (int64_t)second
               : 0;
}

static void look_into(const struct store_box *box, struct slice folder, const char *part,
                      const struct store_uids *uids, struct find *find)
{
    struct store_path path = directory(box, folder, part);
    struct disk_file file;
    uint32_t position = 0;
    while (disk_next(store_part_disk(box), store_path_slice(&path), &position, &file))
        *vector_add(&find->files) =
            (struct found){.path = file.path,
                           .content = file.content,
                           .msg = file.msg,
                           .order = (uint32_t)find->files.count,
                           .known = store_uids_find(uids, maildir_unique(file.path))};
}

/* Those with a UID by UID, and behind them those that are new, oldest first. */
static int uid_order(const void *a, const void *b)
{
    const struct found *one = a, *other = b;
    uint32_t x = one->known ? one->known->uid : UINT32_MAX;
    uint32_t y = other->known ? other->known->uid : UINT32_MAX;
    int64_t s = x == UINT32_MAX ? name_second(one->path) : 0;
    int64_t t = y == UINT32_MAX ? name_second(other->path) : 0;
    if (x != y)
        return x < y ? -1 : 1;
    if (s != t)
        return s < t ? -1 : 1;
    return one->order < other->order ? -1 : 1;
}

static void adopt(struct store_box *box, struct account_folder *folder, const struct found *found)
{
    const struct store_uid *known = found->known;
    struct account_item item = {.msg = found->msg,
                                .flags = read_flags(found->path),
                                .internal_s = name_second(found->path),
                                .saved_s = name_second(found->path),
                                .content = found->content,
                                .ref = store_maildir_ref(found->path)};
    if (known) {
        item.flags |= known->keywords;
        item.internal_s = known->internal_s;
        item.zone_min = known->zone_min;
        item.saved_s = known->saved_s;
        if (known->uid >= folder->uidnext)
            folder->uidnext = known->uid;
    }
    if (!store_part_adopt(box, folder, &item))
        free((void *)(uintptr_t)item.ref);
}

static void load_messages(struct store_box *box, struct account_folder *folder)
{
    struct store_uids uids;
    struct find find = {0};
    store_uids_load(box, folder, &uids);
    look_into(box, folder->name, "cur/", &uids, &find);
    look_into(box, folder->name, "new/", &uids, &find);
    if (find.files.count > 1)
        qsort(find.files.items, find.files.count, sizeof *find.files.items, uid_order);
    for (size_t i = 0; i < find.files.count; i++) {
        if (!find.files.items[i].known && folder->uidnext < uids.uidnext)
            folder->uidnext = uids.uidnext;
        adopt(box, folder, &find.files.items[i]);
    }
    if (folder->uidnext < uids.uidnext)
        folder->uidnext = uids.uidnext;
    if (uids.uidvalidity != 0)
        folder->uidvalidity = uids.uidvalidity;
    if (uids.use)
        folder->use = uids.use;
    folder->recent_uid = folder->uidnext;
    vector_finish(&find.files);
    store_uids_finish(&uids);
}

/* ---- folders ---- */

/* The folder's own directories begin with it; "cur/" and the like are not meant. */
static bool is_marked(const struct store_box *box, struct slice folder)
{
    struct store_path path;
    struct disk_file file;
    store_maildir_marker(box, folder, &path);
    return disk_find(store_part_disk(box), store_path_slice(&path), &file);
}

static void load_folders(struct store_box *box)
{
    struct store_path maildir = {.size = 0};
    struct slice path;
    struct bytes name;
    uint32_t position = 0;
    store_path_add_maildir(&maildir, box);
    bytes_init(&name, ACCOUNT_NAME_MAX);
    while (disk_next_folder(store_part_disk(box), store_path_slice(&maildir), &position, &path)) {
        bytes_clear(&name);
        if (store_path_read_folder(slice_part(path, maildir.size, path.size - 1), &name) &&
            is_marked(box, bytes_slice(&name)))
            (void)account_create(&box->account, bytes_slice(&name), NULL);
    }
    bytes_finish(&name);
    for (size_t i = 1; i < box->account.folders.count; i++) {
        struct account_folder *folder = box->account.folders.items[i];
        folder->is_selectable = is_marked(box, folder->name);
    }
}

static void load_subscriptions(struct store_box *box)
{
    struct store_path path = {.size = 0};
    struct disk_file file;
    struct slice line;
    store_path_add_maildir(&path, box);
    store_path_add(&path, SLICE("subscriptions"));
    if (!disk_find(store_part_disk(box), store_path_slice(&path), &file))
        return;
    for (struct slice rest = file.content; slice_cut(&rest, '\n', &line);)
        (void)account_subscribe(&box->account, line, true);
}

void store_maildir_load(struct store_box *box)
{
    store_part_begin_load(box);
    load_folders(box);
    for (size_t i = 0; i < box->account.folders.count; i++)
        if (box->account.folders.items[i]->is_selectable)
            load_messages(box, box->account.folders.items[i]);
    load_subscriptions(box);
    store_part_end_load(box);
    store_maildir_clean(box);
}

/* ---- tmp ---- */

void store_maildir_clean(struct store_box *box)
{
    struct disk *disk = store_part_disk(box);
    int64_t now_s = office_now_s(box->store->office, box->store->agent);
    for (size_t i = 0; i < box->account.folders.count; i++) {
        struct store_path path = directory(box, box->account.folders.items[i]->name, "tmp/");
        struct disk_file file;
        uint32_t position = 0;
        while (disk_next(disk, store_path_slice(&path), &position, &file))
            if (now_s - name_second(file.path) > TMP_KEPT_S)
                (void)disk_remove(disk, file.path);
    }
}
