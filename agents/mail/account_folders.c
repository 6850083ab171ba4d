#include "agents/mail/account.h"

#include <stdlib.h>

#include "agents/mail/account_part.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

const char *account_use(struct slice name)
{
    static const char *const uses[] = {"\\All",  "\\Archive", "\\Drafts", "\\Flagged",
                                       "\\Junk", "\\Sent",    "\\Trash"};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (slice_equal_fold(name, slice_of(uses[i])))
            return uses[i];
    return NULL;
}

/* ---- CREATE ---- */

/* One level; the parents are there. A mere name becomes a folder. */
static enum account_result create_one(struct account *a, struct slice name, const char *use)
{
    struct account_folder *folder = account_part_find(a, name);
    bool is_new = !folder;
    if (is_new && a->folders.count >= ACCOUNT_FOLDERS_MAX)
        return ACCOUNT_REFUSED;
    if (a->next_uidvalidity == UINT32_MAX)
        return ACCOUNT_REFUSED;
    if (is_new)
        folder = account_part_new_folder(a, name);
    else
        folder->uidvalidity = a->next_uidvalidity++;
    folder->use = use;
    folder->is_selectable = true;
    if (a->keeper.create && !a->keeper.create(a->keeper.context, folder)) {
        folder->is_selectable = false;
        folder->use = NULL;
        if (is_new)
            account_part_free_folder(folder);
        return ACCOUNT_REFUSED;
    }
    if (is_new)
        account_part_add_folder(a, folder);
    account_part_changed(a, folder);
    return ACCOUNT_OK;
}

static enum account_result create_parents(struct account *a, struct slice name)
{
    for (size_t at = 0; (at = slice_find_octet(name, '/', at)) != SLICE_NONE; at++) {
        struct slice parent = slice_part(name, 0, at);
        enum account_result result =
            account_part_find(a, parent) ? ACCOUNT_OK : create_one(a, parent, NULL);
        if (result != ACCOUNT_OK)
            return result;
    }
    return ACCOUNT_OK;
}

enum account_result account_create(struct account *a, struct slice name, const char *use)
{
    char text[ACCOUNT_NAME_MAX + 1];
    name = account_part_plain_name(name, text);
    if (!account_part_is_name(name))
        return ACCOUNT_BAD_NAME;
    struct account_folder *old = account_part_find(a, name);
    if (old && old->is_selectable)
        return ACCOUNT_EXISTS;
    enum account_result result = create_parents(a, name);
    return result == ACCOUNT_OK ? create_one(a, name, use) : result;
}

/* ---- DELETE ---- */

static void give_up(struct account *a, uint32_t uidvalidity)
{
    if (a->given_up < uidvalidity)
        a->given_up = uidvalidity;
}

static void remove_all_items(struct account *a, struct account_folder *folder)
{
    while (folder->items.count > 0)
        account_part_take_out(a, folder, folder->items.count - 1);
}

/* What remains of a folder with children: the name alone. */
static void leave_name(struct account *a, const struct account_folder *folder)
{
    struct account_folder *name = account_part_new_folder(a, folder->name);
    name->ref = folder->ref;
    account_part_add_folder(a, name);
}

enum account_result account_delete(struct account *a, struct slice name)
{
    struct account_folder *folder = account_find(a, name);
    if (!folder)
        return ACCOUNT_NO_SUCH;
    if (account_part_is_inbox(folder))
        return ACCOUNT_REFUSED;
    bool has_children = account_part_has_below(a, folder->name);
    if (has_children && !folder->is_selectable)
        return ACCOUNT_HAS_CHILDREN;
    for (size_t i = 0; i < folder->items.count; i++)
        account_part_leaving(a, folder, &folder->items.items[i]);
    if (a->keeper.destroy && !a->keeper.destroy(a->keeper.context, folder))
        return ACCOUNT_REFUSED;
    remove_all_items(a, folder);
    account_part_take_folder(a, folder);
    give_up(a, folder->uidvalidity);
    if (has_children)
        leave_name(a, folder);
    account_part_changed(a, folder);
    if (folder->session_count > 0)
        *vector_add(&a->left_over) = folder;
    else
        account_part_free_folder(folder);
    return ACCOUNT_OK;
}

/* ---- RENAME ---- */

/* The name that `name`, which is `from` or below it, gets when that becomes `to`. To be freed. */
static struct slice moved_name(struct slice name, struct slice from, struct slice to)
{
    size_t rest = name.size - from.size;
    char *text = memory_take(to.size + rest + 1);
    memcpy(text, to.data, to.size);
    if (rest)
        memcpy(text + to.size, name.data + from.size, rest);
    return (struct slice){text, to.size + rest};
}

static bool rename_one(struct account *a, struct account_folder *folder, struct slice name)
{
    uint32_t old = folder->uidvalidity;
    bool ages = folder->is_selectable && a->given_up > old && a->next_uidvalidity < UINT32_MAX;
    /* a client that remembers the name must not take its UIDs for those of before */
    if (ages)
        folder->uidvalidity = a->next_uidvalidity;
    if (a->keeper.rename && !a->keeper.rename(a->keeper.context, folder, name)) {
        folder->uidvalidity = old;
        return false;
    }
    a->next_uidvalidity += ages;
    account_part_take_folder(a, folder);
    account_part_drop(folder->name);
    folder->name = account_part_copy(name);
    account_part_add_folder(a, folder);
    return true;
}

/* The folders from `from` down, as they are now: renaming changes their places. */
struct branch {
    VECTOR(struct account_folder *) folders;
};

static void collect(const struct account *a, struct slice from, struct branch *branch)
{
    for (size_t i = 0; i < a->folders.count; i++) {
        struct account_folder *folder = a->folders.items[i];
        if (slice_equal(folder->name, from) || account_part_is_below(folder->name, from))
            *vector_add(&branch->folders) = folder;
    }
}

/* All of them, or none: a refusal in the middle turns back what was done. */
static bool rename_branch(struct account *a, const struct branch *branch, struct slice from,
                          struct slice to)
{
    bool ok = true;
    size_t i = 0;
    for (; i < branch->folders.count && ok; i++) {
        struct slice name = moved_name(branch->folders.items[i]->name, from, to);
        ok = rename_one(a, branch->folders.items[i], name);
        account_part_drop(name);
    }
    for (i -= !ok; !ok && i-- > 0;) {
        struct slice name = moved_name(branch->folders.items[i]->name, to, from);
        (void)rename_one(a, branch->folders.items[i], name);
        account_part_drop(name);
    }
    return ok;
}

/* Messages of INBOX go into a new folder; INBOX, and what is below it, stays (RFC 9051 6.3.6). */
static enum account_result rename_inbox(struct account *a, struct slice to)
{
    struct account_folder *inbox = a->folders.items[0];
    enum account_result result = account_create(a, to, NULL);
    struct account_folder *new = account_part_find(a, to);
    uint32_t uid;
    while (result == ACCOUNT_OK && inbox->items.count > 0)
        result = account_move(a, inbox, inbox->items.items[0].uid, new, &uid);
    return result;
}

static enum account_result rename_folder(struct account *a, struct account_folder *folder,
                                         struct slice to)
{
    struct branch branch = {0};
    struct slice from = account_part_copy(folder->name);
    uint32_t highest = a->next_uidvalidity - 1;
    collect(a, from, &branch);
    enum account_result result = ACCOUNT_OK;
    for (size_t i = 0; i < branch.folders.count; i++)
        if (branch.folders.items[i]->name.size - from.size + to.size > ACCOUNT_NAME_MAX)
            result = ACCOUNT_BAD_NAME;
    if (result == ACCOUNT_OK)
        result = create_parents(a, to);
    if (result == ACCOUNT_OK && !rename_branch(a, &branch, from, to))
        result = ACCOUNT_REFUSED;
    /* whatever takes one of the old names next must have a higher UIDVALIDITY */
    if (result == ACCOUNT_OK)
        give_up(a, highest);
    for (size_t i = 0; i < branch.folders.count; i++)
        account_part_changed(a, branch.folders.items[i]);
    vector_finish(&branch.folders);
    account_part_drop(from);
    return result;
}

enum account_result account_rename(struct account *a, struct slice from, struct slice to)
{
    char text[ACCOUNT_NAME_MAX + 1];
    to = account_part_plain_name(to, text);
    struct account_folder *folder = account_find(a, from);
    if (!folder)
        return ACCOUNT_NO_SUCH;
    if (!account_part_is_name(to) || account_part_is_below(to, folder->name))
        return ACCOUNT_BAD_NAME;
    if (account_part_find(a, to))
        return ACCOUNT_EXISTS;
    return account_part_is_inbox(folder) ? rename_inbox(a, to) : rename_folder(a, folder, to);
}
