#include "agents/roles/filter_grey.h"

#include <stdlib.h>

#include "sim/base/memory.h"

enum { TABLE_MIN = 64, PART_MAX = 320 };

const char *filter_grey_name(enum filter_grey_state state)
{
    switch (state) {
    case FILTER_GREY_NEW:
        break;
    case FILTER_GREY_EARLY:
        return "early";
    case FILTER_GREY_KNOWN:
        return "known";
    }
    return "new";
}

void filter_grey_init(struct filter_grey *grey)
{
    *grey = (struct filter_grey){.table = NULL};
    arena_init(&grey->arena);
}

void filter_grey_finish(struct filter_grey *grey)
{
    vector_finish(&grey->entries);
    free(grey->table);
    arena_finish(&grey->arena);
}

void filter_grey_clear(struct filter_grey *grey)
{
    filter_grey_finish(grey);
    filter_grey_init(grey);
}

static void link_entry(struct filter_grey *grey, size_t i)
{
    struct filter_grey_entry *e = &grey->entries.items[i];
    uint32_t *place = &grey->table[slice_hash(e->key) & (grey->table_size - 1)];
    e->next = *place;
    *place = (uint32_t)i + 1;
}

/* With room for more, and without those that are too old: so it never holds more than twice what
   was seen within that time. */
static void renew(struct filter_grey *grey, const struct filter_grey_times *times)
{
    struct filter_grey fresh;
    filter_grey_init(&fresh);
    for (size_t i = 0; i < grey->entries.count; i++) {
        struct filter_grey_entry e = grey->entries.items[i];
        if (e.last_t + times->forget < times->now)
            continue;
        e.key = arena_copy(&fresh.arena, e.key);
        *vector_add(&fresh.entries) = e;
    }
    fresh.table_size = TABLE_MIN;
    while (fresh.table_size < 2 * (fresh.entries.count + 1))
        fresh.table_size *= 2;
    fresh.table = memory_take(fresh.table_size * sizeof *fresh.table);
    for (size_t i = 0; i < fresh.entries.count; i++)
        link_entry(&fresh, i);
    filter_grey_finish(grey);
    *grey = fresh;
}

static struct filter_grey_entry *find(struct filter_grey *grey, struct slice key)
{
    uint32_t i = grey->table_size ? grey->table[slice_hash(key) & (grey->table_size - 1)] : 0;
    while (i && !slice_equal(grey->entries.items[i - 1].key, key))
        i = grey->entries.items[i - 1].next;
    return i ? &grey->entries.items[i - 1] : NULL;
}

static void add(struct filter_grey *grey, struct slice key, const struct filter_grey_times *times)
{
    if (grey->entries.count + 1 > grey->table_size / 2)
        renew(grey, times);
    *vector_add(&grey->entries) = (struct filter_grey_entry){
        .key = arena_copy(&grey->arena, key), .first_t = times->now, .last_t = times->now};
    link_entry(grey, grey->entries.count - 1);
}

/* Letters count in neither case: servers write addresses as they like. */
static size_t put(char *at, struct slice part)
{
    size_t size = part.size < PART_MAX ? part.size : PART_MAX;
    for (size_t i = 0; i < size; i++)
        at[i] = slice_lower(part.data[i]);
    at[size] = '\0';
    return size + 1;
}

enum filter_grey_state filter_grey_see(struct filter_grey *grey, struct slice client,
                                       struct slice from, struct slice rcpt,
                                       const struct filter_grey_times *times)
{
    char text[3 * (PART_MAX + 1)];
    size_t size = put(text, client);
    size += put(text + size, from);
    size += put(text + size, rcpt);
    struct slice key = {text, size};
    struct filter_grey_entry *e = find(grey, key);
    if (!e) {
        add(grey, key, times);
        return FILTER_GREY_NEW;
    }
    bool is_old = e->last_t + times->forget < times->now;
    if (is_old)
        e->first_t = times->now;
    e->last_t = times->now;
    if (is_old)
        return FILTER_GREY_NEW;
    return times->now - e->first_t < times->delay ? FILTER_GREY_EARLY : FILTER_GREY_KNOWN;
}
