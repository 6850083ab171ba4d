/*
 * What a Maildir's file names have no room for: "mailflow-uidlist" in each folder's directory holds
 * its UIDVALIDITY, and of each message whose UID somebody was told the UID, dates and keywords. It
 * is appended to; where lines contradict each other the last one counts. When half of it is out of
 * date it is written anew beside the old one, which it then replaces. Without it, or when it is
 * broken, the folder gets another UIDVALIDITY (RFC 9051 2.3.1.1), and clients start afresh.
 *
 *     mailflow-uidlist 1
 *     v UIDVALIDITY
 *     s USE                  its special use: \Sent
 *     n UIDNEXT
 *     k KEYWORD              the next bit's name
 *     u UID KEYWORDS INTERNALDATE ZONE SAVEDATE NAME
 *                            keywords: their bits, hexadecimal; dates: Unix seconds; zone: minutes
 *                            + 1440; name: the file's, without its flags
 */
#include <stdlib.h>

#include "agents/roles/store_part.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"

enum { ZONE_SHIFT = 1440, LINES_SPARE = 64 };

/* What the file knows, for the next settling; folder->ref points to it. */
struct listing {
    bool is_whole;     /* there is a file, and it need not be written anew */
    uint32_t uid_next; /* messages from this UID on are not in it */
    uint32_t lines, keywords;
    VECTOR(uint32_t) changed; /* UIDs of messages whose keywords are other ones by now */
};

static struct listing *listing_of(struct account_folder *folder)
{
    if (!folder->ref) {
        struct listing *l = memory_take(sizeof *l);
        folder->ref = (uint64_t)(uintptr_t)l;
    }
    return (struct listing *)(uintptr_t)folder->ref;
}

/* The file has so many lines, and the messages below this UID in them. */
static void note_listed(struct account_folder *folder, uint32_t uid_next, uint32_t lines)
{
    struct listing *l = listing_of(folder);
    l->is_whole = true;
    l->lines = lines;
    l->uid_next = uid_next;
    l->keywords = (uint32_t)folder->keywords.count;
    vector_clear(&l->changed);
}

void store_uids_path(const struct store_box *box, struct slice folder, struct store_path *path)
{
    path->size = 0;
    store_path_add_maildir(path, box);
    store_path_add_folder(path, folder);
    store_path_add(path, SLICE("mailflow-uidlist"));
}

/* ---- reading ---- */

static int name_order(const void *a, const void *b)
{
    const struct store_uid *one = a, *other = b;
    int order = slice_order(one->name, other->name);
    return order ? order : one->line < other->line ? -1 : 1;
}

/* Of lines about the same message the last one stays. */
static void sort(struct store_uids *uids)
{
    size_t kept = 0;
    if (uids->items.count > 1)
        qsort(uids->items.items, uids->items.count, sizeof *uids->items.items, name_order);
    for (size_t i = 0; i < uids->items.count; i++) {
        if (kept > 0 && slice_equal(uids->items.items[kept - 1].name, uids->items.items[i].name))
            kept--;
        uids->items.items[kept++] = uids->items.items[i];
    }
    uids->items.count = kept;
}

static bool next_number(struct slice *rest, uint64_t *number)
{
    struct slice word;
    return slice_cut(rest, ' ', &word) && slice_to_u64(word, number);
}

/* Hexadecimal; the hash of the list's own writing. */
static bool next_bits(struct slice *rest, uint64_t *bits)
{
    struct slice word;
    *bits = 0;
    if (!slice_cut(rest, ' ', &word) || word.size == 0 || word.size > 16)
        return false;
    for (size_t i = 0; i < word.size; i++) {
        char c = word.data[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0)
            return false;
        *bits = *bits << 4 | (uint64_t)digit;
    }
    return true;
}

static bool read_message(struct slice rest, uint32_t line, struct store_uids *uids)
{
    uint64_t uid, keywords, internal_s, zone, saved_s;
    if (!next_number(&rest, &uid) || uid == 0 || uid >= UINT32_MAX ||
        !next_bits(&rest, &keywords) || !next_number(&rest, &internal_s) ||
        !next_number(&rest, &zone) || zone > 2 * ZONE_SHIFT || !next_number(&rest, &saved_s) ||
        rest.size == 0)
        return false;
    keywords &= ~((UINT64_C(1) << ACCOUNT_KEYWORD_FIRST) - 1);
    *vector_add(&uids->items) = (struct store_uid){.name = rest,
                                                   .uid = (uint32_t)uid,
                                                   .keywords = keywords,
                                                   .internal_s = (int64_t)internal_s,
                                                   .saved_s = (int64_t)saved_s,
                                                   .zone_min = (int)zone - ZONE_SHIFT,
                                                   .line = line};
    if (uid >= uids->uidnext)
        uids->uidnext = (uint32_t)uid + 1;
    return true;
}

static bool read_line(struct store_box *box, struct account_folder *folder, struct slice line,
                      uint32_t number, struct store_uids *uids)
{
    struct slice key, value = line;
    uint64_t n;
    if (!slice_cut(&value, ' ', &key) || key.size != 1)
        return false;
    switch (key.data[0]) {
    case 'v':
        uids->uidvalidity = slice_to_u64(value, &n) && n < UINT32_MAX ? (uint32_t)n : 0;
        return uids->uidvalidity != 0;
    case 's':
        uids->use = account_use(value);
        return true;
    case 'n':
        if (!slice_to_u64(value, &n) || n == 0 || n > UINT32_MAX)
            return false;
        uids->uidnext = n > uids->uidnext ? (uint32_t)n : uids->uidnext;
        return true;
    case 'k':
        return account_flag(&box->account, folder, value, true) != 0;
    case 'u':
        return read_message(value, number, uids);
    }
    return false;
}

/* True for a good list. A last line that a crash has cut off does not count: it is left in *text.
 */
static bool read_lines(struct store_box *box, struct account_folder *folder, struct slice *text,
                       uint32_t *lines, struct store_uids *uids)
{
    struct slice line;
    while (slice_find_octet(*text, '\n', 0) != SLICE_NONE && slice_cut(text, '\n', &line))
        if ((*lines)++ == 0 ? !slice_equal(line, SLICE("mailflow-uidlist 1"))
                            : !read_line(box, folder, line, *lines, uids))
            return false;
    return uids->uidvalidity != 0;
}

void store_uids_load(struct store_box *box, struct account_folder *folder, struct store_uids *uids)
{
    struct store_path path;
    struct disk_file file;
    *uids = (struct store_uids){.uidnext = 1};
    store_uids_path(box, folder->name, &path);
    if (!disk_find(store_part_disk(box), store_path_slice(&path), &file))
        return;
    struct slice text = file.content;
    uint32_t lines = 0;
    if (!read_lines(box, folder, &text, &lines, uids)) {
        uids->uidvalidity = 0;
        uids->items.count = 0;
        uids->uidnext = 1;
    } else {
        note_listed(folder, uids->uidnext, lines);
        listing_of(folder)->is_whole = text.size == 0;
    }
    sort(uids);
}

void store_uids_finish(struct store_uids *uids)
{
    vector_finish(&uids->items);
}

const struct store_uid *store_uids_find(const struct store_uids *uids, struct slice name)
{
    size_t from = 0, to = uids->items.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = slice_order(uids->items.items[middle].name, name);
        if (order == 0)
            return &uids->items.items[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

/* ---- taking notes ---- */

void store_uids_note(struct store_box *box, struct account_folder *folder, uint32_t uid)
{
    box->is_dirty = true;
    *vector_add(&listing_of(folder)->changed) = uid;
}

void store_uids_note_all(struct store_box *box, struct account_folder *folder)
{
    box->is_dirty = true;
    listing_of(folder)->is_whole = false;
}

void store_uids_forget(struct account_folder *folder)
{
    struct listing *l = folder->ref ? listing_of(folder) : NULL;
    if (l)
        vector_finish(&l->changed);
    free(l);
    folder->ref = 0;
}

void store_uids_remove(struct store_box *box, struct account_folder *folder)
{
    struct store_path path;
    store_uids_path(box, folder->name, &path);
    (void)disk_remove(store_part_disk(box), store_path_slice(&path));
    store_uids_forget(folder);
}

/* ---- writing ---- */

static void put_number(struct bytes *out, const char *key, uint64_t number, unsigned base)
{
    char digits[DIGITS_MAX];
    (void)bytes_append(out, slice_of(key));
    (void)bytes_append(out, (struct slice){digits, digits_put(digits, number, base, 0)});
}

static void put_text(struct bytes *out, const char *key, struct slice text)
{
    (void)bytes_append_all(out, (struct slice[]){slice_of(key), text, SLICE("\n")}, 3);
}

static void put_message(struct bytes *out, const struct account_item *item)
{
    uint64_t keywords = item->flags & ~((UINT64_C(1) << ACCOUNT_KEYWORD_FIRST) - 1);
    put_number(out, "u ", item->uid, 10);
    put_number(out, " ", keywords, 16);
    put_number(out, " ", item->internal_s > 0 ? (uint64_t)item->internal_s : 0, 10);
    put_number(out, " ", (uint64_t)((int64_t)item->zone_min + ZONE_SHIFT), 10);
    put_number(out, " ", item->saved_s > 0 ? (uint64_t)item->saved_s : 0, 10);
    put_text(out, " ", store_maildir_unique(item));
}

static uint32_t put_keywords(struct bytes *out, const struct account_folder *folder, uint32_t from)
{
    for (size_t i = from; i < folder->keywords.count; i++)
        put_text(out, "k ", folder->keywords.items[i]);
    return (uint32_t)folder->keywords.count - from;
}

static bool write_anew(struct store_box *box, struct account_folder *folder, struct slice path,
                       struct bytes *text)
{
    (void)bytes_append(text, SLICE("mailflow-uidlist 1\n"));
    put_number(text, "v ", folder->uidvalidity, 10);
    put_number(text, "\nn ", folder->uidnext, 10);
    put_text(text, "", SLICE(""));
    if (folder->use)
        put_text(text, "s ", slice_of(folder->use));
    uint32_t lines = 4 + put_keywords(text, folder, 0);
    for (size_t i = 0; i < folder->items.count; i++)
        put_message(text, &folder->items.items[i]);
    if (!store_part_replace(box, path, bytes_slice(text)))
        return false;
    note_listed(folder, folder->uidnext, lines + (uint32_t)folder->items.count);
    return true;
}

static bool append(struct store_box *box, struct account_folder *folder, struct slice path,
                   struct bytes *text)
{
    struct listing *l = listing_of(folder);
    struct disk *disk = store_part_disk(box);
    uint32_t lines = l->lines + put_keywords(text, folder, l->keywords);
    for (size_t i = 0; i < l->changed.count; i++, lines++) {
        const struct account_item *item = account_item(folder, l->changed.items[i]);
        if (item)
            put_message(text, item);
    }
    size_t next = account_place(folder, l->uid_next), count = folder->items.count;
    for (; next < count; next++, lines++)
        put_message(text, &folder->items.items[next]);
    if (l->uid_next != folder->uidnext &&
        (count == 0 || folder->items.items[count - 1].uid + 1 != folder->uidnext)) {
        put_number(text, "n ", folder->uidnext, 10); /* the last ones have gone already */
        put_text(text, "", SLICE(""));
        lines++;
    }
    if (bytes_size(text) > 0 &&
        (!disk_append(disk, path, bytes_slice(text), SLICE(""), 0) || !disk_sync(disk, path)))
        return false;
    note_listed(folder, folder->uidnext, lines);
    return true;
}

bool store_uids_settle(struct store_box *box, struct account_folder *folder)
{
    struct listing *l = listing_of(folder);
    struct store_path path;
    struct bytes text;
    bool has_news = l->uid_next != folder->uidnext || l->changed.count > 0 ||
                    l->keywords != folder->keywords.count;
    if (!folder->is_selectable || (l->is_whole && !has_news))
        return true;
    bytes_init(&text, SIZE_MAX / 2);
    store_uids_path(box, folder->name, &path);
    bool is_old = l->lines > 2 * folder->items.count + LINES_SPARE;
    bool ok = l->is_whole && !is_old ? append(box, folder, store_path_slice(&path), &text)
                                     : write_anew(box, folder, store_path_slice(&path), &text);
    bytes_finish(&text);
    return ok;
}
