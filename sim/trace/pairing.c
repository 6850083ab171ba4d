#include "sim/trace/pairing.h"

#include <stdlib.h>

static uint64_t mix(uint64_t key, const void *octets, size_t size)
{
    const unsigned char *at = octets;
    for (size_t i = 0; i < size; i++)
        key = (key ^ at[i]) * UINT64_C(0x100000001b3);
    return key;
}

uint64_t pairing_mix(uint64_t key, struct slice octets)
{
    return pairing_mix_number(mix(key, octets.data, octets.size), octets.size);
}

uint64_t pairing_mix_number(uint64_t key, uint64_t number)
{
    return mix(key, &number, sizeof number);
}

static int by_key(const void *a, const void *b)
{
    const struct pairing_item *p = a, *q = b;
    if (p->key != q->key)
        return p->key < q->key ? -1 : 1;
    return p->number < q->number ? -1 : p->number > q->number;
}

void pairing_make(struct pairing *pairing, struct pairing_item *here, size_t here_count,
                  struct pairing_item *there, size_t there_count)
{
    if (here_count)
        qsort(here, here_count, sizeof *here, by_key);
    if (there_count)
        qsort(there, there_count, sizeof *there, by_key);
    vector_clear(&pairing->rows);
    for (size_t i = 0, j = 0; i < here_count || j < there_count;) {
        struct pairing_row *row = vector_add(&pairing->rows);
        bool has_a = i < here_count && (j == there_count || here[i].key <= there[j].key);
        bool has_b = j < there_count && (i == here_count || there[j].key <= here[i].key);
        row->here = has_a ? here[i].number + 1 : 0;
        row->there = has_b ? there[j].number + 1 : 0;
        i += has_a;
        j += has_b;
    }
}

void pairing_finish(struct pairing *pairing)
{
    vector_finish(&pairing->rows);
}
