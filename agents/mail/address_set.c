#include "agents/mail/address_set.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/memory.h"
#include "agents/mail/address.h"

enum { TABLE_MIN = 32 };

/* The slot of this address, or the free one where it would be put. */
static size_t place_of(const struct address_set *set, struct slice address)
{
    size_t mask = set->table_size - 1, place = address_hash(address) & mask;
    while (set->table[place] && !address_equal(set->items.items[set->table[place] - 1], address))
        place = (place + 1) & mask;
    return place;
}

static void grow(struct address_set *set)
{
    free(set->table);
    set->table_size = set->table_size ? set->table_size * 2 : TABLE_MIN;
    set->table = memory_take(set->table_size * sizeof *set->table);
    for (uint32_t i = 0; i < set->items.count; i++)
        set->table[place_of(set, set->items.items[i])] = i + 1;
}

void address_set_finish(struct address_set *set)
{
    vector_finish(&set->items);
    free(set->table);
    *set = (struct address_set){.table = NULL};
}

void address_set_clear(struct address_set *set)
{
    vector_clear(&set->items);
    if (set->table)
        memset(set->table, 0, set->table_size * sizeof *set->table);
}

bool address_set_add(struct address_set *set, struct slice address)
{
    if ((set->items.count + 1) * 2 > set->table_size)
        grow(set);
    size_t place = place_of(set, address);
    if (set->table[place])
        return false;
    *vector_add(&set->items) = address;
    set->table[place] = (uint32_t)set->items.count;
    return true;
}

size_t address_set_find(const struct address_set *set, struct slice address)
{
    size_t place = set->table_size ? place_of(set, address) : 0;
    return set->table_size && set->table[place] ? set->table[place] - 1 : SLICE_NONE;
}
