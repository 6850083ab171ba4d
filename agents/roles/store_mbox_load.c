/* Reading mbox files: what a store finds when it starts, or when somebody else wrote as well. */
#include <stdlib.h>
#include <string.h>

#include "agents/mail/header.h"
#include "agents/roles/store_mbox.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"

/* ---- marks ---- */

static const char *const mark_names[] = {"X-UID",      "Status",     "X-Status",
                                         "X-Keywords", "X-IMAPbase", "Content-Length"};
static const struct {
    char letter;
    bool is_x; /* of X-Status */
    uint64_t flag;
} letters[] = {{'R', false, ACCOUNT_SEEN},
               {'A', true, ACCOUNT_ANSWERED},
               {'F', true, ACCOUNT_FLAGGED},
               {'T', true, ACCOUNT_DRAFT},
               {'D', true, ACCOUNT_DELETED}};
enum { LETTERS = sizeof letters / sizeof *letters };

bool store_mbox_is_mark(struct slice name)
{
    for (size_t i = 0; i < sizeof mark_names / sizeof *mark_names; i++)
        if (slice_equal_fold(name, slice_of(mark_names[i])))
            return true;
    return false;
}

static void put_number(struct bytes *out, const char *before, uint64_t number)
{
    char digits[DIGITS_MAX];
    (void)bytes_append(out, slice_of(before));
    (void)bytes_append(out, (struct slice){digits, digits_put(digits, number, 10, 0)});
}

static void put_letters(struct bytes *out, bool is_x, uint64_t flags)
{
    for (size_t i = 0; i < LETTERS; i++)
        if (letters[i].is_x == is_x && (flags & letters[i].flag))
            (void)bytes_append_octet(out, letters[i].letter);
}

void store_mbox_write_marks(const struct account_folder *folder, const struct account_item *item,
                            bool is_first, struct bytes *out)
{
    if (is_first) {
        put_number(out, "X-IMAPbase: ", folder->uidvalidity);
        put_number(out, " ", folder->uidnext);
        (void)bytes_append(out, SLICE("\n"));
    }
    put_number(out, "X-UID: ", item->uid);
    (void)bytes_append(out, SLICE("\nStatus: "));
    put_letters(out, false, item->flags);
    (void)bytes_append(out, SLICE("O\n"));
    if (item->flags & (ACCOUNT_ANSWERED | ACCOUNT_FLAGGED | ACCOUNT_DRAFT | ACCOUNT_DELETED)) {
        (void)bytes_append(out, SLICE("X-Status: "));
        put_letters(out, true, item->flags);
        (void)bytes_append(out, SLICE("\n"));
    }
    if (item->flags >> ACCOUNT_KEYWORD_FIRST == 0)
        return;
    (void)bytes_append(out, SLICE("X-Keywords:"));
    for (unsigned bit = ACCOUNT_KEYWORD_FIRST; bit < 64; bit++)
        if (item->flags >> bit & 1)
            (void)bytes_append_all(out,
                                   (struct slice[]){SLICE(" "), account_flag_name(folder, bit)}, 2);
    (void)bytes_append(out, SLICE("\n"));
}

static uint32_t read_number(struct slice word)
{
    uint64_t number;
    return slice_to_u64(word, &number) && number < UINT32_MAX ? (uint32_t)number : 0;
}

static void read_mark(struct slice name, struct slice value, struct store_mbox_marks *marks)
{
    struct slice word;
    if (slice_equal_fold(name, SLICE("X-UID"))) {
        marks->uid = read_number(value);
    } else if (slice_equal_fold(name, SLICE("X-Keywords"))) {
        marks->keywords = value;
    } else if (slice_equal_fold(name, SLICE("X-IMAPbase"))) {
        if (slice_cut(&value, ' ', &word))
            marks->uidvalidity = read_number(word);
        if (slice_cut(&value, ' ', &word))
            marks->uidnext = read_number(word);
    } else {
        bool is_x = slice_equal_fold(name, SLICE("X-Status"));
        for (size_t i = 0; i < LETTERS; i++)
            if (letters[i].is_x == is_x &&
                slice_find_octet(value, letters[i].letter, 0) != SLICE_NONE)
                marks->flags |= letters[i].flag;
    }
}

struct slice store_mbox_read(const struct store_box *box, struct slice entry_text,
                             struct store_mbox_marks *marks)
{
    enum mbox_quoting quoting = store_mbox_quoting(box);
    struct header_field field;
    struct slice header, body;
    struct bytes out;
    *marks = (struct store_mbox_marks){0};
    header_split(entry_text, &header, &body);
    bytes_init(&out, SIZE_MAX / 2);
    while (header_next(&header, &field))
        if (store_mbox_is_mark(field.name))
            read_mark(field.name, slice_trim(field.value), marks);
        else
            (void)mbox_read_text(field.whole, quoting, &out);
    (void)bytes_append(&out, SLICE("\r\n"));
    (void)mbox_read_text(body, quoting, &out);
    struct slice all = bytes_slice(&out);
    char *copy = memory_resize(NULL, all.size + 1);
    memcpy(copy, all.data, all.size);
    bytes_finish(&out);
    return (struct slice){copy, all.size};
}

/* ---- numbers of the trace ---- */

void store_mbox_know(struct store_box *box, const struct account_item *item)
{
    if (item->msg != 0)
        table_set(&box->store->messages, slice_hash(item->content), item->msg);
}

/* ---- files ---- */

static bool find_file(struct store_box *box, struct slice folder, struct disk_file *file)
{
    struct store_path path;
    store_mbox_path(box, folder, &path);
    return disk_find(store_part_disk(box), store_path_slice(&path), file);
}

/* UIDs count only where they ascend, below the base's UIDNEXT: a message may have come with such a
   field, or the file was put together by hand. */
static void number(struct account_folder *folder, uint32_t uidnext,
                   const struct store_mbox_marks *marks)
{
    bool is_good = marks->uid >= folder->uidnext && marks->uid < uidnext;
    if (is_good)
        folder->uidnext = marks->uid;
    else if (folder->uidnext < uidnext)
        folder->uidnext = uidnext;
}

static uint64_t read_keywords(struct store_box *box, struct account_folder *folder,
                              struct slice names)
{
    struct slice name;
    uint64_t flags = 0;
    while (slice_cut(&names, ' ', &name))
        if (name.size > 0)
            flags |= account_flag(&box->account, folder, name, true);
    return flags;
}

static void adopt(struct store_box *box, struct account_folder *folder,
                  const struct mbox_entry *entry, uint32_t *uidnext)
{
    struct store_mbox_marks marks;
    struct slice content = store_mbox_read(box, entry->text, &marks);
    struct account_item item = {.msg = table_get(&box->store->messages, slice_hash(content)),
                                .internal_s = entry->unix_s,
                                .saved_s = entry->unix_s,
                                .content = content};
    if (folder->items.count == 0 && marks.uidvalidity != 0) {
        folder->uidvalidity = marks.uidvalidity;
        *uidnext = marks.uidnext;
    }
    number(folder, *uidnext, &marks);
    item.flags = marks.flags | read_keywords(box, folder, marks.keywords);
    if (!store_part_adopt(box, folder, &item))
        free((char *)content.data);
}

static void load_folder(struct store_box *box, struct account_folder *folder)
{
    struct disk_file file;
    struct mbox_entry entry = {.is_whole = true};
    size_t position = 0;
    uint32_t uidnext = 0;
    if (!find_file(box, folder->name, &file))
        return;
    bool is_damaged = file.content.size > 0 && !slice_starts(file.content, SLICE("From "));
    while (mbox_next(file.content, &position, &entry)) {
        is_damaged |= !entry.is_whole;
        adopt(box, folder, &entry, &uidnext);
    }
    if (folder->uidnext < uidnext)
        folder->uidnext = uidnext;
    folder->recent_uid = folder->uidnext;
    folder->ref = STORE_MBOX_CHANGED;
    if (is_damaged)
        disk_note_corrupt(store_part_disk(box), file.path, file.msg);
}

/* "/home/bob/mail/" */
static void load_folders(struct store_box *box)
{
    struct store_path home = {.size = 0};
    struct disk_file file;
    struct bytes name;
    uint32_t position = 0;
    store_path_add_home(&home, box);
    store_path_add(&home, SLICE("mail"));
    bytes_init(&name, ACCOUNT_NAME_MAX);
    store_path_add(&home, SLICE("/"));
    size_t from = home.size;
    while (disk_next(store_part_disk(box), store_path_slice(&home), &position, &file)) {
        struct store_path directory = {.size = 0};
        store_path_add(&directory, SLICE("."));
        store_path_add(&directory, slice_part(file.path, from, file.path.size));
        bytes_clear(&name);
        if (!slice_ends(file.path, SLICE(".new")) &&
            store_path_read_folder(store_path_slice(&directory), &name))
            (void)account_create(&box->account, bytes_slice(&name), NULL);
    }
    bytes_finish(&name);
    for (size_t i = 1; i < box->account.folders.count; i++) {
        struct account_folder *folder = box->account.folders.items[i];
        folder->is_selectable = find_file(box, folder->name, &file);
    }
}

void store_mbox_list_path(const struct store_box *box, struct store_path *path)
{
    path->size = 0;
    store_path_add_home(path, box);
    store_path_add(path, SLICE(".mailboxlist"));
}

static void load_subscriptions(struct store_box *box)
{
    struct store_path path;
    struct disk_file file;
    struct slice line;
    store_mbox_list_path(box, &path);
    if (!disk_find(store_part_disk(box), store_path_slice(&path), &file))
        return;
    for (struct slice rest = file.content; slice_cut(&rest, '\n', &line);)
        (void)account_subscribe(&box->account, line, true);
}

void store_mbox_load(struct store_box *box)
{
    box->mbox = memory_take(sizeof *box->mbox);
    bytes_init(&box->mbox->rest, SIZE_MAX / 2);
    store_part_begin_load(box);
    load_folders(box);
    for (size_t i = 0; i < box->account.folders.count; i++)
        load_folder(box, box->account.folders.items[i]);
    load_subscriptions(box);
    store_part_end_load(box);
}

/* ---- looking again ---- */

struct entries {
    VECTOR(struct slice) contents; /* data NULL: the account has it */
};

/* True when the file has this message, which is then taken off the list. */
static bool take_entry(struct entries *entries, struct slice content)
{
    for (size_t i = 0; i < entries->contents.count; i++)
        if (entries->contents.items[i].data && slice_equal(entries->contents.items[i], content)) {
            free((char *)entries->contents.items[i].data);
            entries->contents.items[i] = (struct slice){0};
            return true;
        }
    return false;
}

/* Whoever has the folder open hears of it as of any other removal. */
static void drop_lost(struct store_box *box, struct account_folder *inbox, struct entries *entries,
                      struct slice path)
{
    for (size_t i = 0; i < inbox->items.count;) {
        uint32_t uid = inbox->items.items[i].uid, msg = inbox->items.items[i].msg;
        bool is_there = take_entry(entries, inbox->items.items[i].content);
        if (is_there || account_remove(&box->account, inbox, uid) != ACCOUNT_OK)
            i++;
        if (!is_there)
            disk_note_corrupt(store_part_disk(box), path, msg);
    }
}

/* What is in the file and was never delivered: pieces of messages. */
static void add_pieces(struct store_box *box, struct account_folder *inbox, struct entries *entries)
{
    for (size_t i = 0; i < entries->contents.count; i++) {
        struct account_item item = {.content = entries->contents.items[i],
                                    .internal_s = box->account.now_s};
        if (item.content.data && !store_part_adopt(box, inbox, &item))
            free((char *)item.content.data);
    }
}

void store_mbox_refresh(struct store_box *box)
{
    struct account_folder *inbox = account_find(&box->account, SLICE("INBOX"));
    struct account_keeper keeper = box->account.keeper;
    struct store_mbox_marks marks;
    struct entries entries = {0};
    struct mbox_entry entry;
    struct disk_file file;
    size_t position = 0;
    if (!box->mbox->is_suspect || box->mbox->is_rewriting || !find_file(box, inbox->name, &file))
        return;
    box->mbox->is_suspect = false;
    while (mbox_next(file.content, &position, &entry))
        *vector_add(&entries.contents) = store_mbox_read(box, entry.text, &marks);
    drop_lost(box, inbox, &entries, file.path);
    store_part_begin_load(box);
    add_pieces(box, inbox, &entries);
    store_part_end_load(box);
    box->account.keeper = keeper;
    inbox->ref = STORE_MBOX_CHANGED;
    vector_finish(&entries.contents);
}
