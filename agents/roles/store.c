#include "agents/roles/store.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/roles/store_mbox.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"format", CONFIG_WORD, "maildir mbox", 0, 0, "maildir", "how messages lie on the disk"},
    {"quota", CONFIG_NUMBER, NULL, 0, 1000000000000, "10000000",
     "octets a mailbox may hold; 0 is no limit"},
    {"paths", CONFIG_WORD, "domain classic", 0, 0, "domain",
     "where: /home/DOMAIN/USER and /var/mail/DOMAIN/USER, or without the domain"},
    {"locking", CONFIG_BOOL, NULL, 0, 0, "true",
     "mbox: who changes a file locks it; without, two at a time damage it"},
    {"quoting", CONFIG_WORD, "mboxrd mboxo", 0, 0, "mboxrd",
     "mbox: \">\" before lines that begin with \"From \"; mboxo does not before \">From \", and "
     "can't "
     "be undone"},
    {"rewrite", CONFIG_DURATION, NULL, 0, 3600, "500ms",
     "mbox: how long it takes to write a file anew"},
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

/* ---- boxes ---- */

static void put_into_table(struct store *store, uint32_t index)
{
    struct store_box *box = store->boxes.items[index - 1];
    uint64_t hash = address_hash(box->account.owner);
    box->next = table_get(&store->box_table, hash);
    table_set(&store->box_table, hash, index);
}

static struct store_box *make_box(struct store *store, struct slice address)
{
    struct store_box *box = memory_take(sizeof *box);
    box->store = store;
    box->format = store->format;
    box->is_classic = store->is_classic;
    box->number = ++store->box_count;
    account_init(&box->account, address, (uint32_t)office_now_s(store->office, store->agent),
                 store->quota, &(struct account_keeper){0});
    box->format->load(box);
    box->format->keep(box);
    *vector_add(&store->boxes) = box;
    put_into_table(store, (uint32_t)store->boxes.count);
    return box;
}

static struct store_box *find_box(struct store *store, struct slice address)
{
    uint32_t index = table_get(&store->box_table, address_hash(address));
    while (index && !address_equal(store->boxes.items[index - 1]->account.owner, address))
        index = store->boxes.items[index - 1]->next;
    return index ? store->boxes.items[index - 1] : make_box(store, address);
}

struct store_box *store_part_numbered(const struct store *store, uint64_t number)
{
    size_t low = 0, high = store->boxes.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (store->boxes.items[middle]->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < store->boxes.count && store->boxes.items[low]->number == number
               ? store->boxes.items[low]
               : NULL;
}

static void free_box(struct store_box *box)
{
    box->format->forget(box);
    account_finish(&box->account);
    free(box);
}

/* Sessions look at it: it is not the whole host that has stopped. */
static bool is_in_use(const struct store_box *box)
{
    return box->is_locked || box->account.watchers.count > 0;
}

/* What is in memory only is gone; the files are read again when somebody asks for them. */
static void forget_boxes(struct store *store, bool is_crash)
{
    size_t count = store->boxes.count;
    store->boxes.count = 0;
    table_clear(&store->box_table);
    for (size_t i = 0; i < count; i++) {
        struct store_box *box = store->boxes.items[i];
        if (is_in_use(box) || (!is_crash && box->mbox && box->mbox->is_rewriting)) {
            *vector_add(&store->boxes) = box; /* in the place of one that is gone, or its own */
            put_into_table(store, (uint32_t)store->boxes.count);
        } else {
            free_box(box);
        }
    }
}

struct account *store_account(struct store *store, struct slice address)
{
    struct store_box *box = find_box(store, address);
    box->account.now_s = office_now_s(store->office, store->agent);
    return &box->account;
}

static struct store_box *box_of(struct account *account)
{
    return (struct store_box *)((char *)account - offsetof(struct store_box, account));
}

struct account *store_open(struct store *store, struct slice address)
{
    struct account *account = store_account(store, address);
    struct store_box *box = box_of(account);
    box->format->refresh(box);
    return account;
}

bool store_settle(struct store *store, struct account *account)
{
    struct store_box *box = box_of(account);
    (void)store;
    if (!box->is_dirty)
        return true;
    box->is_dirty = !box->format->settle(box);
    return !box->is_dirty;
}

void store_act_for(struct store *store, uint32_t place, uint32_t msg)
{
    store->acts_for = place;
    store->msg = msg;
}

/* The folder of that name, made when it is not there; INBOX where none of that name can be. */
static struct account_folder *folder_for(struct account *account, struct slice name)
{
    struct account_folder *folder = account_find(account, name);
    if (!folder || !folder->is_selectable) {
        (void)account_create(account, name, NULL);
        folder = account_find(account, name);
    }
    return folder && folder->is_selectable ? folder : account_find(account, SLICE("INBOX"));
}

enum store_result store_put_into(struct store *store, struct slice address, struct slice folder,
                                 struct slice header, struct slice body, uint32_t msg)
{
    struct account *account = store_account(store, address);
    struct store_box *box = box_of(account);
    struct account_item item = {.msg = msg, .internal_s = account->now_s};
    if (box->format->is_free && !box->format->is_free(box))
        return STORE_BUSY;
    store->is_delivering = true;
    enum account_result result =
        account_append(account, folder_for(account, folder), &item, header, body);
    store->is_delivering = false;
    return result == ACCOUNT_OK           ? STORE_OK
           : result == ACCOUNT_OVER_QUOTA ? STORE_OVER_QUOTA
                                          : STORE_FULL;
}

enum store_result store_put(struct store *store, struct slice address, struct slice header,
                            struct slice body, uint32_t msg)
{
    return store_put_into(store, address, SLICE("INBOX"), header, body, msg);
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

/* ---- what the formats share ---- */

struct disk *store_part_disk(const struct store_box *box)
{
    return office_disk(box->store->office, box->store->agent);
}

bool store_part_replace(const struct store_box *box, struct slice path, struct slice content)
{
    struct disk *disk = store_part_disk(box);
    struct store_path new = {.size = 0};
    store_path_add(&new, path);
    store_path_add(&new, SLICE(".new"));
    struct slice name = store_path_slice(&new);
    (void)disk_remove(disk, name); /* what a crash has left */
    return disk_write(disk, name, content, SLICE(""), 0) && disk_sync(disk, name) &&
           disk_rename_over(disk, name, path) && disk_sync(disk, path);
}

static bool take_as_it_is(void *context, struct account_folder *folder, struct account_item *item,
                          struct slice header, struct slice body, const struct account_item *source)
{
    (void)folder, (void)body, (void)source;
    (void)context;
    item->content = header;
    return true;
}

/* A modification number is never given twice, also not over a crash: the new ones begin above all
   that there can have been so far (RFC 7162 3.1). */
void store_part_begin_load(struct store_box *box)
{
    struct account *a = &box->account;
    uint64_t second = (uint64_t)(box->store->office->sim->now / VTIME_S);
    a->keeper = (struct account_keeper){.add = take_as_it_is, .context = box};
    a->quota = 0;
    if (second > 0 && a->next_modseq < second << 20)
        a->next_modseq = second << 20;
}

bool store_part_adopt(struct store_box *box, struct account_folder *folder,
                      const struct account_item *item)
{
    struct account_item new = *item;
    int64_t saved_s = item->saved_s;
    if (account_append(&box->account, folder, &new, item->content, SLICE("")) != ACCOUNT_OK)
        return false;
    folder->items.items[folder->items.count - 1].saved_s = saved_s;
    return true;
}

/* UIDVALIDITYs to come are higher than any that was read. */
void store_part_end_load(struct store_box *box)
{
    struct account *a = &box->account;
    for (size_t i = 0; i < a->folders.count; i++) {
        struct account_folder *folder = a->folders.items[i];
        if (a->next_uidvalidity <= folder->uidvalidity)
            a->next_uidvalidity = folder->uidvalidity + 1;
        folder->gone_since = folder->highest_modseq;
    }
    a->keeper = (struct account_keeper){0};
    a->quota = box->store->quota;
    box->is_dirty = true;
}

/* ---- the trace ---- */

uint32_t store_part_text(const struct store_box *box, struct slice s)
{
    return sim_text(box->store->office->sim, s);
}

uint32_t store_part_actor(const struct store_box *box)
{
    return box->store->acts_for ? box->store->acts_for : box->store->agent;
}

static uint32_t box_text(const struct store_box *box, struct slice folder)
{
    struct arena arena;
    arena_init(&arena);
    uint32_t number = store_part_text(box, store_box_name(&arena, box->account.owner, folder));
    arena_finish(&arena);
    return number;
}

void store_part_emit_copy(const struct store_box *box, struct slice folder, uint32_t msg)
{
    if (!box->store->is_delivering)
        sim_emit(box->store->office->sim, EVENT_COPY,
                 &(struct event_copy){box->store->agent, msg, store_part_actor(box),
                                      box_text(box, folder)});
}

void store_part_emit_remove(const struct store_box *box, struct slice folder, uint32_t msg)
{
    sim_emit(box->store->office->sim, EVENT_REMOVE,
             &(struct event_remove){store_part_actor(box), msg, box_text(box, folder),
                                    box->store->agent});
}

void store_part_emit_flags(const struct store_box *box, const struct account_folder *folder,
                           const struct account_item *item, uint64_t flags)
{
    for (unsigned bit = 0; bit < 64; bit++)
        if ((item->flags ^ flags) >> bit & 1)
            sim_emit(box->store->office->sim, EVENT_FLAG,
                     &(struct event_flag){
                         store_part_actor(box), item->msg, box_text(box, folder->name),
                         store_part_text(box, account_flag_name(folder, bit)), flags >> bit & 1});
}

uint32_t store_part_message(const struct store_box *box, struct slice header)
{
    struct header_field subject = {0};
    if (box->store->msg)
        return box->store->msg;
    (void)header_find(header, SLICE("Subject"), 1, &subject);
    return office_new_message(box->store->office, store_part_actor(box), SLICE(""),
                              box->account.owner, slice_trim(subject.value), SLICE(""));
}

/* ---- the role ---- */

static void read_config(struct store *store)
{
    store->format = slice_equal(config_text(store->config, "format"), SLICE("mbox"))
                        ? &store_format_mbox
                        : &store_format_maildir;
    store->is_classic = slice_equal(config_text(store->config, "paths"), SLICE("classic"));
    store->quota = (uint64_t)config_number(store->config, "quota");
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct store *store = memory_take(sizeof *store);
    (void)ports;
    (void)port_count;
    store->office = office;
    store->agent = agent;
    store->config = config;
    read_config(store);
    return store;
}

static void destroy(void *agent)
{
    struct store *store = agent;
    for (size_t i = 0; i < store->boxes.count; i++)
        free_box(store->boxes.items[i]);
    vector_finish(&store->boxes);
    table_finish(&store->box_table);
    table_finish(&store->messages);
    free(store);
}

/* Where the format or the place is another one, what lies there counts; nothing is moved. A box
   that a session looks at stays what it is. */
static void changed(void *agent, const struct config_key *key)
{
    struct store *store = agent;
    const struct store_format *format = store->format;
    bool was_classic = store->is_classic;
    (void)key;
    read_config(store);
    if (store->format != format || store->is_classic != was_classic)
        forget_boxes(store, false);
    for (size_t i = 0; i < store->boxes.count; i++)
        store->boxes.items[i]->account.quota = store->quota;
}

static void running(void *agent, bool is_up)
{
    if (!is_up)
        forget_boxes(agent, true);
}

const struct role store_role = {
    .name = "store",
    .meaning = "message store: where delivered mail lies",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .running = running,
};
