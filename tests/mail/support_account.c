#include "support_account.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static bool answer(struct keeper *k, const char *what, struct slice name)
{
    bool ok = ++k->asked != k->refuse;
    bytes_printf(&k->log, "%s %.*s%s\n", what, SLICE_ARG(name), ok ? "" : " refused");
    return ok;
}

static bool add(void *context, struct account_folder *folder, struct account_item *item,
                struct slice header, struct slice body, const struct account_item *source)
{
    struct keeper *k = context;
    item->content = source ? source->content
                           : arena_join(&k->account.arena, (const struct slice[]){header, body}, 2);
    item->ref = item->uid + 1000;
    return answer(k, source ? "copy" : "add", folder->name);
}

static bool set_flags(void *context, struct account_folder *folder, struct account_item *item,
                      uint64_t flags)
{
    cr_expect(item->flags != flags, "asked only for what changes");
    return answer(context, "flags", folder->name);
}

static bool remove_item(void *context, struct account_folder *folder, struct account_item *item)
{
    cr_expect(item->content.size > 0);
    return answer(context, "remove", folder->name);
}

static bool move(void *context, struct account_folder *from, struct account_item *old,
                 struct account_folder *to, struct account_item *item)
{
    cr_expect(eq(u64, old->ref, item->ref), "%s", "what the keeper has made of it goes along");
    cr_expect_eq(old->content.data, item->content.data);
    (void)from;
    return answer(context, "move", to->name);
}

static bool create(void *context, struct account_folder *folder)
{
    return answer(context, "create", folder->name);
}

static bool destroy(void *context, struct account_folder *folder)
{
    return answer(context, "destroy", folder->name);
}

static bool rename_folder(void *context, struct account_folder *folder, struct slice name)
{
    cr_expect_not(slice_equal(folder->name, name));
    return answer(context, "rename", name);
}

static void changed(void *context, struct account_folder *folder)
{
    (void)folder;
    ((struct keeper *)context)->changed++;
}

static void leaving(void *context, struct account_folder *folder, const struct account_item *item)
{
    (void)folder;
    cr_expect(item->content.size > 0, "it is still there");
    ((struct keeper *)context)->leaving++;
}

void keeper_start(struct keeper *k, unsigned refuse, uint64_t quota)
{
    const struct account_keeper keeper = {.add = add,
                                          .set_flags = set_flags,
                                          .remove = remove_item,
                                          .move = move,
                                          .create = create,
                                          .destroy = destroy,
                                          .rename = rename_folder,
                                          .context = k};
    *k = (struct keeper){.refuse = refuse};
    bytes_init(&k->log, SIZE_MAX / 2);
    account_init(&k->account, SLICE("alice@example.com"), 100, quota, &keeper);
    k->watch = (struct account_watch){changed, leaving, k};
    account_add_watch(&k->account, &k->watch);
    k->account.now_s = 5000;
}

void keeper_stop(struct keeper *k)
{
    account_remove_watch(&k->account, &k->watch);
    account_finish(&k->account);
    bytes_finish(&k->log);
}

struct account_folder *keeper_folder(struct keeper *k, const char *name)
{
    return account_find(&k->account, slice_of(name));
}

enum account_result keeper_make(struct keeper *k, const char *name)
{
    return account_create(&k->account, slice_of(name), NULL);
}

uint32_t keeper_put(struct keeper *k, const char *name, uint64_t flags)
{
    struct account_item item = {.flags = flags, .internal_s = 77, .zone_min = 60, .msg = 3};
    cr_assert_eq(account_append(&k->account, keeper_folder(k, name), &item, SLICE("A: b\r\n\r\n"),
                                SLICE("text\r\n")),
                 ACCOUNT_OK);
    return item.uid;
}

struct slice keeper_picture(struct keeper *k, struct bytes *text)
{
    bytes_clear(text);
    for (size_t i = 0; i < k->account.folders.count; i++) {
        const struct account_folder *f = k->account.folders.items[i];
        bytes_printf(text, "%.*s%s", SLICE_ARG(f->name), f->is_selectable ? "" : "!");
        for (size_t n = 0; n < f->items.count; n++)
            bytes_printf(text, " %u", f->items.items[n].uid);
        bytes_append_octet(text, '\n');
    }
    return bytes_slice(text);
}

void keeper_expect_picture(struct keeper *k, const char *wanted)
{
    struct bytes text;
    bytes_init(&text, 1 << 16);
    struct slice got = keeper_picture(k, &text);
    cr_expect(slice_equal(got, slice_of(wanted)), "%.*s", SLICE_ARG(got));
    bytes_finish(&text);
}
