#include "agents/roles/line.h"

uint32_t line_find(const struct office *office, struct slice text)
{
    struct slice rest = text, first;
    if (!slice_cut(&rest, ':', &first))
        return 0;
    uint32_t a = net_find_host(office->net, first), b = net_find_host(office->net, rest);
    return a && b ? net_find_link(office->net, a, b) : 0;
}
