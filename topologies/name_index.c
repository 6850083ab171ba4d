#include "topologies/name_index.h"

#include "sim/base/check.h"

void name_index_init(struct name_index *index, struct arena *arena, size_t ceiling)
{
    size_t size = 8;
    while (size < ceiling * 2)
        size *= 2;
    *index = (struct name_index){.size = size, .ceiling = ceiling};
    index->entries = arena_take(arena, size * sizeof *index->entries);
}

/* The entry of this name, or the free one where it belongs: half of the table is always free. */
static struct name_index_entry *find_entry(const struct name_index *index, struct slice name)
{
    size_t i = (size_t)slice_hash(name) & (index->size - 1);
    while (index->entries[i].name.data && !slice_equal(index->entries[i].name, name))
        i = (i + 1) & (index->size - 1);
    return &index->entries[i];
}

size_t *name_index_at(struct name_index *index, struct slice name)
{
    struct name_index_entry *entry = find_entry(index, name);
    if (!entry->name.data) {
        check(index->count < index->ceiling);
        index->count++;
        entry->name = name.data ? name : SLICE("");
        entry->number = SLICE_NONE;
    }
    return &entry->number;
}

size_t name_index_find(const struct name_index *index, struct slice name)
{
    const struct name_index_entry *entry = find_entry(index, name);
    return entry->name.data ? entry->number : SLICE_NONE;
}

struct slice name_index_fold(struct arena *arena, struct slice name)
{
    char *folded = arena_take(arena, name.size + 1);
    for (size_t i = 0; i < name.size; i++)
        folded[i] = slice_lower(name.data[i]);
    return (struct slice){folded, name.size};
}
