#include "agents/roles/store.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/roles/store_part.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"format", CONFIG_WORD, "maildir", 0, 0, "maildir", "how messages lie on the disk"},
    {"quota", CONFIG_NUMBER, NULL, 0, 1000000000000, "10000000",
     "octets a mailbox may hold; 0 is no limit"},
};

struct store *store_find(const struct office *office, uint32_t host)
{
    const struct office_agent *agent = office_find_agent(office, host, &store_role);
    return agent ? agent->self : NULL;
}

struct slice store_box_name(struct arena *arena, struct slice address, struct slice folder)
{
    return arena_join(arena, (struct slice[]){address, SLICE("/"), folder}, 3);
}

/* The boxes of a store are few beside the mail in them, and found by the accounts' own order. */
static struct store_box *find_box(struct store *store, struct slice address)
{
    for (size_t i = 0; i < store->boxes.count; i++)
        if (address_equal(store->boxes.items[i]->account.owner, address))
            return store->boxes.items[i];
    struct store_box *box = memory_take(sizeof *box);
    box->store = store;
    account_init(&box->account, address, (uint32_t)office_now_s(store->office, store->agent),
                 store->quota, &(struct account_keeper){0});
    store_part_keep(box);
    *vector_add(&store->boxes) = box;
    return box;
}

struct account *store_account(struct store *store, struct slice address)
{
    struct store_box *box = find_box(store, address);
    box->account.now_s = office_now_s(store->office, store->agent);
    return &box->account;
}

void store_act_for(struct store *store, uint32_t place, uint32_t msg)
{
    store->acts_for = place;
    store->msg = msg;
}

enum store_result store_put(struct store *store, struct slice address, struct slice header,
                            struct slice body, uint32_t msg)
{
    struct account *account = store_account(store, address);
    struct account_item item = {.msg = msg, .internal_s = account->now_s};
    store->is_delivering = true;
    enum account_result result =
        account_append(account, account_find(account, SLICE("INBOX")), &item, header, body);
    store->is_delivering = false;
    return result == ACCOUNT_OK           ? STORE_OK
           : result == ACCOUNT_OVER_QUOTA ? STORE_OVER_QUOTA
                                          : STORE_FULL;
}

bool store_lock(struct store *store, struct slice address)
{
    struct store_box *box = find_box(store, address);
    if (box->is_locked)
        return false;
    box->is_locked = true;
    return true;
}

void store_unlock(struct store *store, struct slice address)
{
    find_box(store, address)->is_locked = false;
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct store *store = memory_take(sizeof *store);
    (void)ports;
    (void)port_count;
    store->office = office;
    store->agent = agent;
    store->quota = (uint64_t)config_number(config, "quota");
    return store;
}

static void destroy(void *agent)
{
    struct store *store = agent;
    for (size_t i = 0; i < store->boxes.count; i++) {
        store_part_forget(store->boxes.items[i]);
        account_finish(&store->boxes.items[i]->account);
        free(store->boxes.items[i]);
    }
    vector_finish(&store->boxes);
    free(store);
}

const struct role store_role = {
    .name = "store",
    .meaning = "message store: where delivered mail lies",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
};
