#include "agents/roles/store.h"

#include <stdlib.h>
#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/maildir.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum { STORE_PATH = 640 };

static const struct config_key keys[] = {
    {"format", CONFIG_WORD, "maildir", 0, 0, "maildir", "how messages lie on the disk"},
    {"quota", CONFIG_NUMBER, NULL, 0, 1000000000000, "10000000",
     "octets a mailbox may hold; 0 is no limit"},
};

/* What is known of a mailbox beside its files. */
struct box {
    struct slice address; /* in the office's arena */
    uint64_t octets;
    bool is_locked;
};

struct store {
    struct office *office;
    uint32_t agent;
    uint64_t quota;
    uint32_t file_count;
    VECTOR(struct box) boxes;
};

struct store *store_find(const struct office *office, uint32_t host)
{
    const struct office_agent *agent = office_find_agent(office, host, &store_role);
    return agent ? agent->self : NULL;
}

struct slice store_box_name(struct arena *arena, struct slice address)
{
    return arena_join(arena, (struct slice[]){address, SLICE("/INBOX")}, 2);
}

static struct box *find_box(struct store *store, struct slice address)
{
    for (size_t i = 0; i < store->boxes.count; i++)
        if (address_equal(store->boxes.items[i].address, address))
            return &store->boxes.items[i];
    struct box *box = vector_add(&store->boxes);
    box->address = arena_copy(&store->office->arena, address);
    return box;
}

/* "/home/bob/Maildir/new/"; mailboxes of several domains get the domain into the path. */
static struct slice folder(char text[STORE_PATH], struct slice address, struct slice name)
{
    const struct slice parts[] = {SLICE("/home/"),    slice_part(address_domain(address), 0, 255),
                                  SLICE("/"),         slice_part(address_local(address), 0, 64),
                                  SLICE("/Maildir/"), name};
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t k = 0; k < parts[i].size; k++) {
            char octet = parts[i].data[k];
            text[size++] = (unsigned char)octet <= ' ' ? '_' : octet;
        }
    return (struct slice){text, size};
}

enum store_result store_put(struct store *store, struct slice address, struct slice header,
                            struct slice body, uint32_t msg)
{
    struct office *office = store->office;
    struct box *box = find_box(store, address);
    char tmp[STORE_PATH], new[STORE_PATH], name_text[MAILDIR_NAME];
    uint64_t octets = header.size + body.size;
    if (store->quota && box->octets + octets > store->quota)
        return STORE_OVER_QUOTA;
    struct slice name =
        maildir_name(office_now_s(office), (uint32_t)(office->sim->now % VTIME_S / VTIME_US),
                     ++store->file_count, net_host_name(office->net, store->agent), name_text);
    struct slice tmp_path = folder(tmp, address, SLICE("tmp/")),
                 new_path = folder(new, address, SLICE("new/"));
    check(tmp_path.size + name.size < STORE_PATH);
    memcpy(tmp + tmp_path.size, name.data, name.size);
    memcpy(new + new_path.size, name.data, name.size);
    tmp_path.size += name.size;
    new_path.size += name.size;
    struct disk *disk = office_disk(office, store->agent);
    if (!disk_write(disk, tmp_path, header, body, msg))
        return STORE_FULL;
    check(disk_rename(disk, tmp_path, new_path));
    box->octets += octets;
    return STORE_OK;
}

bool store_next(const struct store *store, struct slice address, uint32_t *position,
                struct store_message *message)
{
    char text[STORE_PATH];
    struct disk_file file;
    if (!disk_next(office_disk(store->office, store->agent), folder(text, address, SLICE("new/")),
                   position, &file))
        return false;
    *message = (struct store_message){file.path, file.content, file.msg};
    return true;
}

bool store_find_message(const struct store *store, struct slice path, struct store_message *message)
{
    struct disk_file file;
    if (!disk_find(office_disk(store->office, store->agent), path, &file))
        return false;
    *message = (struct store_message){file.path, file.content, file.msg};
    return true;
}

void store_remove(struct store *store, struct slice address, struct slice path)
{
    struct store_message message;
    if (!store_find_message(store, path, &message))
        return;
    struct box *box = find_box(store, address);
    box->octets -= message.content.size < box->octets ? message.content.size : box->octets;
    disk_remove(office_disk(store->office, store->agent), path);
}

bool store_lock(struct store *store, struct slice address)
{
    struct box *box = find_box(store, address);
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
