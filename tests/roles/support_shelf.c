#include "support_shelf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "agents/mail/header.h"

enum { KEYS_MAX = 16 };

static void set_value(struct config_value *value, struct slice text)
{
    switch (value->key->type) {
    case CONFIG_BOOL:
        value->number = slice_equal(text, SLICE("true"));
        break;
    case CONFIG_NUMBER: {
        uint64_t number = 0;
        (void)slice_to_u64(text, &number);
        value->number = (int64_t)number;
        break;
    }
    case CONFIG_DURATION:
        (void)vtime_parse(text, &value->number);
        break;
    case CONFIG_WORD:
    case CONFIG_TEXT:
    case CONFIG_HOST:
    case CONFIG_ADDRESS:
    case CONFIG_TEXTS:
        value->text = text;
    }
}

static void read_settings(struct config_value *values, const char *settings)
{
    struct slice rest = slice_of(settings), word, key;
    for (size_t i = 0; i < store_role.key_count; i++) {
        values[i] = (struct config_value){.key = &store_role.keys[i]};
        set_value(&values[i], slice_of(store_role.keys[i].fallback));
    }
    while (slice_cut(&rest, ' ', &word)) {
        (void)slice_cut(&word, '=', &key);
        for (size_t i = 0; i < store_role.key_count; i++)
            if (slice_equal(key, slice_of(store_role.keys[i].name)))
                set_value(&values[i], word);
    }
}

void shelf_start(struct shelf *s, const char *settings)
{
    struct config_value values[KEYS_MAX];
    cr_assert_leq(store_role.key_count, KEYS_MAX);
    read_settings(values, settings);
    sim_init(&s->sim, 1, VTIME_DEFAULT_EPOCH_S);
    sim_emit(&s->sim, EVENT_RUN, &(struct event_run){0});
    s->net = net_create(&s->sim);
    s->host = net_add_host(
        s->net, &(struct net_host_options){.id = SLICE("mx"),
                                           .name = SLICE("a-host-with-a-long-name.example.org"),
                                           .address = UINT32_C(0xCB007119),
                                           .x = EVENT_UNSET,
                                           .y = EVENT_UNSET});
    office_init(&s->office, &s->sim, s->net);
    s->agent = office_add_agent(&s->office, s->host, SLICE("store"), &store_role,
                                &(struct config){values, store_role.key_count}, NULL, 0);
    s->store = store_find(&s->office, s->host);
    shelf_open(s);
}

void shelf_finish(struct shelf *s)
{
    office_finish(&s->office);
    net_destroy(s->net);
    sim_finish(&s->sim);
}

struct disk *shelf_disk(struct shelf *s)
{
    return office_disk(&s->office, s->agent);
}

void shelf_open(struct shelf *s)
{
    s->account = store_open(s->store, SLICE("bob@example.org"));
}

void shelf_crash(struct shelf *s)
{
    office_crash(&s->office, s->host, DISK_LOSES_UNSYNCED);
    (void)sim_run(&s->sim, s->sim.now + 60 * VTIME_S, false, 0);
    office_set_host_up(&s->office, s->host, true);
    shelf_open(s);
}

enum store_result shelf_deliver(struct shelf *s, const char *subject, const char *body)
{
    static uint32_t msg;
    char header[200];
    snprintf(header, sizeof header, "Return-Path: <alice@example.com>\r\nSubject: %s\r\n\r\n",
             subject);
    return store_put(s->store, SLICE("bob@example.org"), slice_of(header), slice_of(body), ++msg);
}

struct account_folder *shelf_folder(struct shelf *s, const char *name)
{
    struct account_folder *folder = account_find(s->account, slice_of(name));
    cr_assert_not_null(folder, "%s", name);
    return folder;
}

static size_t show_flags(const struct account_folder *folder, uint64_t flags, char *text)
{
    size_t size = 0;
    for (unsigned bit = 0; bit < 64; bit++) {
        struct slice name = account_flag_name(folder, bit);
        if ((flags >> bit & 1) == 0)
            continue;
        if (bit < ACCOUNT_KEYWORD_FIRST)
            name = slice_part(name, 1, 2);
        size += (size_t)sprintf(text + size, "%.*s", SLICE_ARG(name));
    }
    return size;
}

const char *shelf_show(struct shelf *s, const char *name)
{
    static char text[2000];
    const struct account_folder *folder = shelf_folder(s, name);
    size_t size = (size_t)sprintf(text, "%u", (unsigned)folder->uidnext);
    for (size_t i = 0; i < folder->items.count; i++) {
        const struct account_item *item = &folder->items.items[i];
        struct header_field subject = {0};
        (void)header_find(item->content, SLICE("Subject"), 1, &subject);
        size += (size_t)sprintf(text + size, " %u:%.*s/", (unsigned)item->uid,
                                SLICE_ARG(slice_trim(subject.value)));
        size += show_flags(folder, item->flags, text + size);
    }
    return text;
}

unsigned shelf_count(const struct shelf *s, const char *op)
{
    unsigned count = 0;
    for (uint32_t id = 0; id < log_count(&s->sim.log); id++) {
        const struct event_file *file = event_as_file(log_at(&s->sim.log, id));
        count += file && slice_equal(log_text(&s->sim.log, file->op), slice_of(op));
    }
    return count;
}
