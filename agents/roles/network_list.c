#include "agents/roles/network_list.h"

#include "agents/proto/dns_message.h"

static bool read_network(struct slice text, struct network_item *n)
{
    uint64_t bits = 32;
    struct slice address = text;
    if (slice_find_octet(text, '/', 0) != SLICE_NONE) {
        slice_cut(&text, '/', &address);
        if (!slice_to_u64(text, &bits) || bits > 32)
            return false;
    }
    n->mask = bits ? UINT32_MAX << (32 - bits) : 0;
    if (!dns_ipv4_read(address, &n->address))
        return false;
    n->address &= n->mask;
    return true;
}

void network_list_read(struct network_list *list, const struct config_value *texts)
{
    struct network_item network;
    vector_clear(&list->items);
    for (size_t i = 0; i < texts->text_count; i++)
        if (read_network(texts->texts[i], &network))
            *vector_add(&list->items) = network;
}

bool network_list_has(const struct network_list *list, uint32_t address)
{
    for (size_t i = 0; i < list->items.count; i++)
        if ((address & list->items.items[i].mask) == list->items.items[i].address)
            return true;
    return false;
}

void network_list_finish(struct network_list *list)
{
    vector_finish(&list->items);
}
