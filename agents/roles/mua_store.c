/*
 * The old way: a mail program looks into the store of its own host, where other programs look, too,
 * and speaks no protocol.
 */
#include "agents/roles/mua_part.h"

#include "agents/mail/header.h"
#include "agents/roles/store.h"

static struct store *store_of(const struct mua *mua)
{
    return store_find(mua->office, net_host_of(mua->office->net, mua->agent));
}

struct account *mua_store_open(struct mua *mua)
{
    struct store *store = store_of(mua);
    struct account *account = store ? store_open(store, mua->user) : NULL;
    if (store)
        store_act_for(store, mua->agent, 0);
    return account;
}

static void settle(struct mua *mua, struct account *account)
{
    (void)store_settle(store_of(mua), account);
    store_act_for(store_of(mua), 0, 0);
}

static bool was_shown(const struct mua *mua, uint32_t uid)
{
    size_t low = 0, high = mua->items.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (mua->items.items[middle].uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < mua->items.count && mua->items.items[low].uid == uid;
}

static void show_item(struct mua *mua, const struct account_item *item)
{
    struct slice header, body;
    struct arena arena;
    arena_init(&arena);
    header_split(item->content, &header, &body);
    sim_emit(mua->office->sim, EVENT_FETCH,
             &(struct event_fetch){mua->agent, item->msg,
                                   mua_text(mua, store_box_name(&arena, mua->user, SLICE("INBOX"))),
                                   mua_text(mua, SLICE("file")), mua_text(mua, header),
                                   mua_text(mua, body)});
    arena_finish(&arena);
}

/* What is gone from the store is forgotten, so that the list does not outgrow it; UIDs ascend. */
bool mua_store_look(struct mua *mua, struct problem *problem)
{
    struct account *account = mua_store_open(mua);
    if (!account)
        return problem_set(problem, "%.*s's computer has no message store", SLICE_ARG(mua->user));
    const struct account_folder *inbox = account_find(account, SLICE("INBOX"));
    VECTOR(struct mua_item) now = {0};
    uint32_t cause = mua->office->sim->cause;
    for (size_t i = 0; i < inbox->items.count; i++) {
        const struct account_item *item = &inbox->items.items[i];
        mua->office->sim->cause = cause;
        if (!was_shown(mua, item->uid))
            show_item(mua, item);
        *vector_add(&now) = (struct mua_item){.uid = item->uid, .msg = item->msg};
    }
    vector_clear(&mua->items);
    for (size_t i = 0; i < now.count; i++)
        *vector_add(&mua->items) = now.items[i];
    vector_finish(&now);
    settle(mua, account);
    return true;
}

/* ---- deeds ---- */

static enum account_result set_store_flag(struct account *account, struct account_folder *box,
                                          uint32_t uid, const char *name, bool on)
{
    uint64_t bit = account_flag(account, box, slice_of(name), on);
    uint64_t now = account_item(box, uid)->flags;
    return account_set_flags(account, box, uid, on ? now | bit : now & ~bit);
}

static enum account_result expunge_store(struct account *account, struct account_folder *box)
{
    enum account_result result = ACCOUNT_OK;
    for (size_t i = box->items.count; i-- > 0 && result == ACCOUNT_OK;)
        if (box->items.items[i].flags & ACCOUNT_DELETED)
            result = account_remove(account, box, box->items.items[i].uid);
    return result;
}

static enum account_result move_in_store(struct account *account, struct account_folder *box,
                                         uint32_t uid, struct slice to)
{
    uint32_t new_uid;
    struct account_folder *target = account_find(account, to);
    return target ? account_move(account, box, uid, target, &new_uid) : ACCOUNT_NO_SUCH;
}

static enum account_result act_on_box(struct account *account, struct account_folder *box,
                                      const struct mua_act *act, uint32_t uid)
{
    unsigned bit;
    switch (act->deed) {
    case MUA_READ:
        return set_store_flag(account, box, uid, "\\Seen", true);
    case MUA_DELETE:
        return set_store_flag(account, box, uid, "\\Deleted", true);
    case MUA_FLAG:
        return set_store_flag(account, box, uid, mua_flag(act->flag, &bit), act->on);
    case MUA_MOVE:
        return move_in_store(account, box, uid, act->to);
    case MUA_EXPUNGE:
        return expunge_store(account, box);
    case MUA_CREATE:
        return account_create(account, act->choice.folder, NULL);
    }
    return ACCOUNT_OK;
}

bool mua_store_act(struct mua *mua, const struct mua_act *act, struct problem *problem)
{
    struct mua_message m = {0};
    bool is_about_one = act->deed != MUA_EXPUNGE && act->deed != MUA_CREATE;
    if (is_about_one && !mua_find(mua, &act->choice, &m, problem))
        return false;
    struct account *account = mua_store_open(mua);
    if (!account)
        return problem_set(problem, "%.*s's computer has no message store", SLICE_ARG(mua->user));
    struct account_folder *box = account_find(
        account, mua_is_inbox(act->choice.folder) ? SLICE("INBOX") : act->choice.folder);
    if (!box && act->deed != MUA_CREATE)
        return mua_reject_folder(mua, act->choice.folder, problem);
    enum account_result result = act_on_box(account, box, act, m.uid);
    settle(mua, account);
    return result == ACCOUNT_OK || result == ACCOUNT_EXISTS ||
           problem_set(problem, "the store of %.*s's computer has refused it: is the folder there?",
                       SLICE_ARG(mua->user));
}

/* ---- what was sent ---- */

void mua_store_add(struct mua *mua, struct slice folder, struct slice header, struct slice body,
                   uint32_t msg)
{
    struct account *account = mua_store_open(mua);
    if (!account)
        return;
    store_act_for(store_of(mua), mua->agent, msg);
    (void)account_create(account, folder, NULL); /* it may be there */
    struct account_folder *box = account_find(account, folder);
    struct account_item item = {.msg = msg, .internal_s = account->now_s, .flags = ACCOUNT_SEEN};
    if (box)
        (void)account_append(account, box, &item, header, body);
    settle(mua, account);
}
