#include "agents/mail/account.h"

#include "agents/mail/account_part.h"
#include "sim/base/check.h"

size_t account_place(const struct account_folder *folder, uint32_t uid)
{
    size_t from = 0, to = folder->items.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (folder->items.items[middle].uid < uid)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

struct account_item *account_item(const struct account_folder *folder, uint32_t uid)
{
    size_t i = account_place(folder, uid);
    if (i == folder->items.count || folder->items.items[i].uid != uid)
        return NULL;
    return &folder->items.items[i];
}

/* ---- coming ---- */

static bool has_room(const struct account *a, const struct account_folder *folder, uint64_t octets)
{
    (void)folder;
    return a->quota == 0 || (octets <= a->quota && a->octets <= a->quota - octets);
}

/* Without a keeper the account is memory only. */
static bool keep(struct account *a, struct account_folder *to, struct account_item *item,
                 struct slice header, struct slice body, const struct account_item *source)
{
    if (a->keeper.add)
        return a->keeper.add(a->keeper.context, to, item, header, body, source);
    item->content =
        source ? source->content : arena_join(&a->arena, (const struct slice[]){header, body}, 2);
    return true;
}

static void number(const struct account *a, const struct account_folder *to,
                   struct account_item *item)
{
    item->uid = to->uidnext;
    item->modseq = a->next_modseq;
    item->saved_s = a->now_s;
}

static void put_in(struct account *a, struct account_folder *to, const struct account_item *item)
{
    *vector_add(&to->items) = *item;
    to->uidnext = item->uid + 1;
    to->highest_modseq = a->next_modseq++;
    to->octets += item->content.size;
    a->octets += item->content.size;
    account_part_changed(a, to);
}

/* The checks and the keeper; nothing is changed yet. */
static enum account_result bring(struct account *a, struct account_folder *to,
                                 struct account_item *item, struct slice header, struct slice body,
                                 const struct account_item *source)
{
    if (!to->is_selectable || !account_has_folder(a, to))
        return ACCOUNT_NO_SUCH;
    if (!has_room(a, to, source ? source->content.size : header.size + body.size))
        return ACCOUNT_OVER_QUOTA;
    if (to->uidnext == UINT32_MAX)
        return ACCOUNT_REFUSED;
    number(a, to, item);
    return keep(a, to, item, header, body, source) ? ACCOUNT_OK : ACCOUNT_REFUSED;
}

enum account_result account_append(struct account *a, struct account_folder *folder,
                                   struct account_item *item, struct slice header,
                                   struct slice body)
{
    enum account_result result = bring(a, folder, item, header, body, NULL);
    if (result == ACCOUNT_OK)
        put_in(a, folder, item);
    return result;
}

/* ---- changing ---- */

enum account_result account_set_flags(struct account *a, struct account_folder *folder,
                                      uint32_t uid, uint64_t flags)
{
    struct account_item *item = account_item(folder, uid);
    if (!item)
        return ACCOUNT_NO_SUCH;
    if (item->flags == flags)
        return ACCOUNT_OK;
    if (a->keeper.set_flags && !a->keeper.set_flags(a->keeper.context, folder, item, flags))
        return ACCOUNT_REFUSED;
    item->flags = flags;
    item->modseq = folder->highest_modseq = a->next_modseq++;
    account_part_changed(a, folder);
    return ACCOUNT_OK;
}

/* ---- going ---- */

/* Half of the memory of removals goes at a time, so that this is rarely done. */
static void forget_some(struct account_folder *folder)
{
    size_t half = ACCOUNT_GONE_MAX / 2;
    if (folder->gone.count < ACCOUNT_GONE_MAX)
        return;
    folder->gone_since = folder->gone.items[half - 1].modseq;
    folder->gone.count -= half;
    memmove(folder->gone.items, folder->gone.items + half,
            folder->gone.count * sizeof *folder->gone.items);
}

static void note_gone(struct account *a, struct account_folder *folder,
                      const struct account_item *item)
{
    forget_some(folder);
    folder->highest_modseq = a->next_modseq++;
    *vector_add(&folder->gone) = (struct account_gone){item->uid, folder->highest_modseq};
    folder->octets -= item->content.size;
    a->octets -= item->content.size;
}

void account_part_take_out(struct account *a, struct account_folder *folder, size_t place)
{
    note_gone(a, folder, &folder->items.items[place]);
    vector_remove(&folder->items, place);
}

static bool let_go(struct account *a, struct account_folder *folder, struct account_item *item)
{
    account_part_leaving(a, folder, item);
    if (a->keeper.remove && !a->keeper.remove(a->keeper.context, folder, item))
        return false;
    note_gone(a, folder, item);
    return true;
}

/* The gaps are closed as the walk goes on: many removals move no more items than one. */
enum account_result account_remove_all(struct account *a, struct account_folder *folder,
                                       const uint32_t *uids, size_t count, size_t *removed)
{
    struct account_item *items = folder->items.items;
    size_t place = count > 0 ? account_place(folder, uids[0]) : folder->items.count;
    size_t kept = place, next = 0;
    bool ok = true;
    for (; place < folder->items.count; place++) {
        while (next < count && uids[next] < items[place].uid)
            next++;
        bool is_meant = ok && next < count && uids[next] == items[place].uid;
        ok = ok && (!is_meant || let_go(a, folder, &items[place]));
        if (!is_meant || !ok)
            items[kept++] = items[place];
    }
    *removed = folder->items.count - kept;
    folder->items.count = kept;
    if (*removed > 0)
        account_part_changed(a, folder);
    return ok ? ACCOUNT_OK : ACCOUNT_REFUSED;
}

enum account_result account_remove(struct account *a, struct account_folder *folder, uint32_t uid)
{
    size_t removed;
    if (!account_item(folder, uid))
        return ACCOUNT_NO_SUCH;
    return account_remove_all(a, folder, &uid, 1, &removed);
}

/* ---- from one folder to another ---- */

/* Keywords have bits of their own in each folder; one that has no room there is not kept. */
static uint64_t translate(struct account *a, const struct account_folder *from,
                          struct account_folder *to, uint64_t flags)
{
    uint64_t system = flags & ((UINT64_C(1) << ACCOUNT_KEYWORD_FIRST) - 1);
    if (from == to)
        return flags;
    for (size_t i = 0; i < from->keywords.count; i++)
        if (flags >> (ACCOUNT_KEYWORD_FIRST + i) & 1)
            system |= account_flag(a, to, from->keywords.items[i], true);
    return system;
}

enum account_result account_copy(struct account *a, struct account_folder *from, uint32_t uid,
                                 struct account_folder *to, uint32_t *new_uid)
{
    const struct account_item *source = account_item(from, uid);
    if (!source)
        return ACCOUNT_NO_SUCH;
    struct account_item old = *source, item = *source;
    item.flags = translate(a, from, to, old.flags);
    item.ref = 0;
    enum account_result result = bring(a, to, &item, SLICE(""), SLICE(""), &old);
    if (result != ACCOUNT_OK)
        return result;
    put_in(a, to, &item);
    *new_uid = item.uid;
    return ACCOUNT_OK;
}

enum account_result account_move(struct account *a, struct account_folder *from, uint32_t uid,
                                 struct account_folder *to, uint32_t *new_uid)
{
    struct account_item *old = account_item(from, uid);
    if (!old || !to->is_selectable || !account_has_folder(a, to))
        return ACCOUNT_NO_SUCH;
    if (to->uidnext == UINT32_MAX)
        return ACCOUNT_REFUSED;
    struct account_item item = *old;
    item.flags = translate(a, from, to, old->flags);
    number(a, to, &item);
    account_part_leaving(a, from, old);
    if (a->keeper.move && !a->keeper.move(a->keeper.context, from, old, to, &item))
        return ACCOUNT_REFUSED;
    account_part_take_out(a, from, account_place(from, uid));
    item.modseq = a->next_modseq;
    put_in(a, to, &item);
    account_part_changed(a, from);
    *new_uid = item.uid;
    return ACCOUNT_OK;
}

/* ---- flags ---- */

static const char *const system_flags[ACCOUNT_KEYWORD_FIRST] = {"\\Answered", "\\Flagged",
                                                                "\\Deleted", "\\Seen", "\\Draft"};

uint64_t account_flag(struct account *a, struct account_folder *folder, struct slice name, bool add)
{
    (void)a;
    for (unsigned i = 0; i < ACCOUNT_KEYWORD_FIRST; i++)
        if (slice_equal_fold(name, slice_of(system_flags[i])))
            return UINT64_C(1) << i;
    for (size_t i = 0; i < folder->keywords.count; i++)
        if (slice_equal_fold(name, folder->keywords.items[i]))
            return UINT64_C(1) << (ACCOUNT_KEYWORD_FIRST + i);
    bool is_keyword = name.size > 0 && name.size <= ACCOUNT_NAME_MAX && name.data[0] != '\\';
    if (!add || !is_keyword || folder->keywords.count == ACCOUNT_KEYWORDS_MAX)
        return 0;
    *vector_add(&folder->keywords) = account_part_copy(name);
    folder->version++;
    return UINT64_C(1) << (ACCOUNT_KEYWORD_FIRST + folder->keywords.count - 1);
}

struct slice account_flag_name(const struct account_folder *folder, unsigned bit)
{
    if (bit < ACCOUNT_KEYWORD_FIRST)
        return slice_of(system_flags[bit]);
    if (bit - ACCOUNT_KEYWORD_FIRST < folder->keywords.count)
        return folder->keywords.items[bit - ACCOUNT_KEYWORD_FIRST];
    return SLICE("");
}
