#include "agents/proto/pop3_listing.h"

#include <stdlib.h>

bool pop3_listing_read(struct slice line, uint32_t *number, struct slice *value)
{
    struct slice word = {0};
    uint64_t wide;
    slice_cut(&line, ' ', &word);
    line = slice_trim(line);
    *value = (struct slice){0};
    slice_cut(&line, ' ', value);
    if (!slice_to_u64(word, &wide) || wide < 1 || wide > UINT32_MAX)
        return false;
    *number = (uint32_t)wide;
    return true;
}

static int order_messages(const void *a, const void *b)
{
    const struct pop3_client_message *m = a, *n = b;
    if (m->number != n->number)
        return m->number < n->number ? -1 : 1;
    return m->size < n->size ? -1 : m->size > n->size;
}

size_t pop3_listing_sort(struct pop3_client_message *messages, size_t count)
{
    if (count < 2)
        return count;
    qsort(messages, count, sizeof *messages, order_messages);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++)
        if (messages[i].number != messages[kept - 1].number)
            messages[kept++] = messages[i];
    return kept;
}

struct pop3_client_message *pop3_listing_find(struct pop3_client_message *messages, size_t count,
                                              uint32_t number)
{
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (messages[middle].number < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from < count && messages[from].number == number ? &messages[from] : NULL;
}
