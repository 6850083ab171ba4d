#include "agents/roles/records.h"

#include <stdlib.h>

#include "sim/base/memory.h"

void records_init(struct records *set)
{
    *set = (struct records){.table_size = 16};
    set->table = memory_take(set->table_size * sizeof *set->table);
    arena_init(&set->arena);
}

void records_finish(struct records *set)
{
    vector_finish(&set->items);
    vector_finish(&set->owners);
    free(set->table);
    arena_finish(&set->arena);
}

/* ---- names ---- */

static uint64_t hash_name(struct slice name)
{
    char lower[DNS_NAME_MAX];
    size_t size = name.size < DNS_NAME_MAX ? name.size : DNS_NAME_MAX;
    for (size_t i = 0; i < size; i++)
        lower[i] = slice_lower(name.data[i]);
    return slice_hash((struct slice){lower, size});
}

static size_t place_of(const struct records *set, struct slice name)
{
    size_t mask = set->table_size - 1, place = hash_name(name) & mask;
    while (set->table[place] &&
           !slice_equal_fold(set->owners.items[set->table[place] - 1].name, name))
        place = (place + 1) & mask;
    return place;
}

static void grow_table(struct records *set)
{
    free(set->table);
    set->table_size *= 2;
    set->table = memory_take(set->table_size * sizeof *set->table);
    for (uint32_t i = 0; i < set->owners.count; i++)
        set->table[place_of(set, set->owners.items[i].name)] = i + 1;
}

/* `name` must live as long as the set. */
static struct records_owner *owner_of(struct records *set, struct slice name)
{
    size_t place = place_of(set, name);
    if (!set->table[place]) {
        if ((set->owners.count + 1) * 2 > set->table_size) {
            grow_table(set);
            place = place_of(set, name);
        }
        vector_add(&set->owners)->name = name;
        set->table[place] = (uint32_t)set->owners.count;
    }
    return &set->owners.items[set->table[place] - 1];
}

static bool cut_label(struct slice *name)
{
    size_t dot = slice_find_octet(*name, '.', 0);
    if (name->size == 0)
        return false;
    *name = slice_part(*name, dot == SLICE_NONE ? name->size : dot + 1, name->size);
    return true;
}

/* ---- records ---- */

static uint32_t take_item(struct records *set)
{
    uint32_t item = set->free;
    if (item) {
        set->free = set->items.items[item - 1].next;
        return item;
    }
    (void)vector_add(&set->items);
    return (uint32_t)set->items.count;
}

static struct dns_record copy_of(struct records *set, const struct dns_record *record)
{
    struct dns_record copy = *record;
    copy.name = arena_copy(&set->arena, record->name);
    copy.target = arena_copy(&set->arena, record->target);
    copy.mailbox = arena_copy(&set->arena, record->mailbox);
    copy.data = arena_copy(&set->arena, record->data);
    return copy;
}

static void add(struct records *set, const struct dns_record *record, bool is_made)
{
    uint32_t index = take_item(set);
    struct records_item *item = &set->items.items[index - 1];
    *item = (struct records_item){copy_of(set, record), 0, is_made};
    struct slice name = item->record.name;
    struct records_owner *owner = owner_of(set, name);
    if (owner->last)
        set->items.items[owner->last - 1].next = index;
    else
        owner->first = index;
    owner->last = index;
    owner->count++;
    while (cut_label(&name)) /* the names above it exist, too */
        owner_of(set, name)->count++;
}

void records_add(struct records *set, const struct dns_record *record)
{
    add(set, record, false);
}

void records_add_made(struct records *set, const struct dns_record *record)
{
    add(set, record, true);
}

bool records_have_same_data(const struct dns_record *a, const struct dns_record *b)
{
    return a->preference == b->preference && a->weight == b->weight && a->port == b->port &&
           slice_equal_fold(a->target, b->target) && slice_equal(a->data, b->data);
}

static void unlink_item(struct records *set, struct records_owner *owner, uint32_t before,
                        uint32_t index)
{
    struct records_item *item = &set->items.items[index - 1];
    struct slice name = item->record.name;
    if (before)
        set->items.items[before - 1].next = item->next;
    else
        owner->first = item->next;
    if (owner->last == index)
        owner->last = before;
    item->next = set->free;
    set->free = index;
    owner->count--;
    while (cut_label(&name))
        owner_of(set, name)->count--;
}

size_t records_remove(struct records *set, struct slice name, unsigned type,
                      const struct dns_record *like)
{
    size_t removed = 0;
    uint32_t place = set->table[place_of(set, name)], before = 0;
    for (uint32_t i = place ? set->owners.items[place - 1].first : 0, next; i; i = next) {
        const struct dns_record *record = &set->items.items[i - 1].record;
        next = set->items.items[i - 1].next;
        if (record->type == type && (!like || records_have_same_data(record, like))) {
            unlink_item(set, &set->owners.items[place - 1], before, i);
            removed++;
        } else {
            before = i;
        }
    }
    return removed;
}

/* ---- finding ---- */

const struct records_owner *records_find(const struct records *set, struct slice name)
{
    uint32_t index = set->table[place_of(set, name)];
    const struct records_owner *owner = index ? &set->owners.items[index - 1] : NULL;
    return owner && owner->count > 0 ? owner : NULL;
}

const struct dns_record *records_next(const struct records *set, const struct records_owner *owner,
                                      const struct dns_record *before, unsigned type)
{
    uint32_t i = !owner ? 0 : before ? ((const struct records_item *)before)->next : owner->first;
    while (i && type && set->items.items[i - 1].record.type != type)
        i = set->items.items[i - 1].next;
    return i ? &set->items.items[i - 1].record : NULL;
}

bool records_has_given(const struct records *set, struct slice name, unsigned type)
{
    const struct records_owner *owner = records_find(set, name);
    for (const struct dns_record *r = NULL; (r = records_next(set, owner, r, type));)
        if (!((const struct records_item *)r)->is_made)
            return true;
    return false;
}

void records_note_change(struct records *set, struct slice name)
{
    do {
        const struct dns_record *soa =
            records_next(set, records_find(set, name), NULL, DNS_TYPE_SOA);
        if (soa) {
            set->items.items[(const struct records_item *)soa - set->items.items].record.serial++;
            return;
        }
    } while (cut_label(&name));
}
