#include "support_imap_search.h"

/* A keeper that keeps nothing: the content is the test's. */
static bool add(void *context, struct account_folder *folder, struct account_item *item,
                struct slice header, struct slice body, const struct account_item *source)
{
    struct mailbox *m = context;
    const struct slice texts[] = {header, body};
    (void)folder;
    item->content = source ? source->content : arena_join(&m->arena, texts, 2);
    return true;
}

void mailbox_init(struct mailbox *m)
{
    *m = (struct mailbox){0};
    arena_init(&m->arena);
    bytes_init(&m->out, 1000 * 1000);
    account_init(&m->account, SLICE("alice@example.com"), 1, 0,
                 &(struct account_keeper){.add = add, .context = m});
    m->folder = account_find(&m->account, SLICE("INBOX"));
}

void mailbox_finish(struct mailbox *m)
{
    account_finish(&m->account);
    arena_finish(&m->arena);
    bytes_finish(&m->out);
}

uint32_t mailbox_add(struct mailbox *m, const char *content, uint64_t flags, int64_t internal_s)
{
    struct account_item item = {.flags = flags, .internal_s = internal_s};
    account_append(&m->account, m->folder, &item, slice_of(content), SLICE(""));
    return item.uid;
}

struct account_item *mailbox_item(struct mailbox *m, uint32_t number)
{
    return &m->folder->items.items[number - 1];
}

struct imap_args *mailbox_args(struct mailbox *m, const char *text)
{
    imap_args_init(&m->args, slice_of(text), &m->arena);
    return &m->args;
}

const char *mailbox_said(struct mailbox *m)
{
    const char *said = arena_copy(&m->arena, bytes_slice(&m->out)).data;
    bytes_clear(&m->out);
    return said;
}
