#include "agents/mail/account.h"

#include <stdlib.h>

#include "agents/mail/account_part.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

/* ---- small things ---- */

struct slice account_part_copy(struct slice text)
{
    char *copy = memory_take(text.size + 1);
    if (text.size)
        memcpy(copy, text.data, text.size);
    return (struct slice){copy, text.size};
}

void account_part_drop(struct slice text)
{
    free((char *)text.data);
}

void account_part_changed(struct account *a, struct account_folder *folder)
{
    folder->version++;
    for (size_t i = 0; i < a->watchers.count; i++)
        if (a->watchers.items[i]->changed)
            a->watchers.items[i]->changed(a->watchers.items[i]->context, folder);
}

void account_part_leaving(struct account *a, struct account_folder *folder,
                          const struct account_item *item)
{
    for (size_t i = 0; i < a->watchers.count; i++)
        if (a->watchers.items[i]->leaving)
            a->watchers.items[i]->leaving(a->watchers.items[i]->context, folder, item);
}

void account_add_watch(struct account *a, struct account_watch *watch)
{
    *vector_add(&a->watchers) = watch;
}

void account_remove_watch(struct account *a, struct account_watch *watch)
{
    for (size_t i = 0; i < a->watchers.count; i++)
        if (a->watchers.items[i] == watch) {
            vector_remove(&a->watchers, i);
            return;
        }
}

/* ---- finding ---- */

/* Index of the first folder with this name or one behind it. */
static size_t folder_place(const struct account *a, struct slice name)
{
    size_t from = 0, to = a->folders.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (account_part_name_order(a->folders.items[middle]->name, name) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

struct account_folder *account_part_find(const struct account *a, struct slice name)
{
    size_t i = folder_place(a, name);
    if (i == a->folders.count || !slice_equal(a->folders.items[i]->name, name))
        return NULL;
    return a->folders.items[i];
}

struct account_folder *account_find(const struct account *a, struct slice name)
{
    char text[ACCOUNT_NAME_MAX + 1];
    return account_part_find(a, account_part_plain_name(name, text));
}

bool account_has_folder(const struct account *a, const struct account_folder *folder)
{
    return account_part_find(a, folder->name) == folder;
}

bool account_part_has_below(const struct account *a, struct slice name)
{
    for (size_t i = 0; i < a->folders.count; i++)
        if (account_part_is_below(a->folders.items[i]->name, name))
            return true;
    return false;
}

bool account_has_children(const struct account *a, struct slice name)
{
    char text[ACCOUNT_NAME_MAX + 1];
    return account_part_has_below(a, account_part_plain_name(name, text));
}

/* ---- the list of folders ---- */

void account_part_add_folder(struct account *a, struct account_folder *folder)
{
    size_t i = folder_place(a, folder->name);
    (void)vector_add(&a->folders);
    memmove(a->folders.items + i + 1, a->folders.items + i,
            (a->folders.count - 1 - i) * sizeof *a->folders.items);
    a->folders.items[i] = folder;
}

void account_part_take_folder(struct account *a, const struct account_folder *folder)
{
    size_t i = folder_place(a, folder->name);
    check(a->folders.items[i] == folder);
    vector_remove(&a->folders, i);
}

void account_part_free_folder(struct account_folder *folder)
{
    for (size_t i = 0; i < folder->keywords.count; i++)
        account_part_drop(folder->keywords.items[i]);
    vector_finish(&folder->keywords);
    vector_finish(&folder->items);
    vector_finish(&folder->gone);
    account_part_drop(folder->name);
    free(folder);
}

/* A folder that is in no list yet. */
struct account_folder *account_part_new_folder(struct account *a, struct slice name)
{
    struct account_folder *folder = memory_take(sizeof *folder);
    folder->name = account_part_copy(name);
    folder->uidvalidity = a->next_uidvalidity++;
    folder->uidnext = folder->recent_uid = 1;
    folder->highest_modseq = folder->gone_since = a->next_modseq++;
    return folder;
}

void account_init(struct account *a, struct slice owner, uint32_t uidvalidity, uint64_t quota,
                  const struct account_keeper *keeper)
{
    *a = (struct account){.quota = quota, .next_uidvalidity = uidvalidity, .next_modseq = 1};
    arena_init(&a->arena);
    a->owner = arena_copy(&a->arena, owner);
    if (keeper)
        a->keeper = *keeper;
    struct account_folder *inbox = account_part_new_folder(a, SLICE("INBOX"));
    inbox->is_selectable = true;
    account_part_add_folder(a, inbox);
}

void account_finish(struct account *a)
{
    for (size_t i = 0; i < a->folders.count; i++)
        account_part_free_folder(a->folders.items[i]);
    for (size_t i = 0; i < a->left_over.count; i++)
        account_part_free_folder(a->left_over.items[i]);
    for (size_t i = 0; i < a->subscriptions.count; i++)
        account_part_drop(a->subscriptions.items[i]);
    vector_finish(&a->folders);
    vector_finish(&a->left_over);
    vector_finish(&a->subscriptions);
    vector_finish(&a->watchers);
    arena_finish(&a->arena);
}

void account_enter(struct account *a, struct account_folder *folder)
{
    (void)a;
    folder->session_count++;
}

void account_leave(struct account *a, struct account_folder *folder)
{
    check(folder->session_count > 0);
    if (--folder->session_count > 0)
        return;
    for (size_t i = 0; i < a->left_over.count; i++)
        if (a->left_over.items[i] == folder) {
            vector_remove(&a->left_over, i);
            account_part_free_folder(folder);
            return;
        }
}

/* ---- subscriptions ---- */

static size_t subscription_place(const struct account *a, struct slice name, bool *found)
{
    size_t from = 0, to = a->subscriptions.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (account_part_name_order(a->subscriptions.items[middle], name) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    *found = from < a->subscriptions.count && slice_equal(a->subscriptions.items[from], name);
    return from;
}

bool account_is_subscribed(const struct account *a, struct slice name)
{
    char text[ACCOUNT_NAME_MAX + 1];
    bool found;
    subscription_place(a, account_part_plain_name(name, text), &found);
    return found;
}

static void add_subscription(struct account *a, struct slice name, size_t i)
{
    (void)vector_add(&a->subscriptions);
    memmove(a->subscriptions.items + i + 1, a->subscriptions.items + i,
            (a->subscriptions.count - 1 - i) * sizeof *a->subscriptions.items);
    a->subscriptions.items[i] = account_part_copy(name);
}

bool account_subscribe(struct account *a, struct slice name, bool on)
{
    char text[ACCOUNT_NAME_MAX + 1];
    bool found;
    name = account_part_plain_name(name, text);
    if (!account_part_is_name(name))
        return !on;
    size_t i = subscription_place(a, name, &found);
    if (found == on)
        return true;
    if (on && a->subscriptions.count >= ACCOUNT_FOLDERS_MAX)
        return false;
    if (on) {
        add_subscription(a, name, i);
    } else {
        account_part_drop(a->subscriptions.items[i]);
        vector_remove(&a->subscriptions, i);
    }
    if (a->keeper.subscribed)
        a->keeper.subscribed(a->keeper.context);
    return true;
}
