/* The words of a firewall's rules. */
#include "agents/roles/firewall.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "agents/proto/dns_message.h"

static size_t print_ranges(char *at, size_t room, const char *name, const struct net_range *ranges,
                           size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        char address[16];
        struct slice text = dns_ipv4_print(ranges[i].address, address);
        size += (size_t)snprintf(at + size, room - size, "%s%.*s/%d", i ? " " : name,
                                 SLICE_ARG(text), __builtin_popcount(ranges[i].mask));
    }
    return size;
}

/* All that was read, in one form. */
static void print(const struct net_rule *r, char text[400])
{
    static const char *const verdicts[] = {"allow", "drop", "reject"};
    static const char *const directions[] = {"", " in", " out"};
    static const char *const transports[] = {"", " tcp", " udp"};
    size_t size = (size_t)snprintf(text, 400, "%s%s%s", verdicts[r->verdict],
                                   directions[r->direction], transports[r->transport]);
    for (size_t i = 0; i < r->port_count; i++)
        size += (size_t)snprintf(text + size, 400 - size, "%s%u-%u", i ? " " : " port ",
                                 r->ports[i].first, r->ports[i].last);
    size += print_ranges(text + size, 400 - size, " from ", r->from, r->from_count);
    size += print_ranges(text + size, 400 - size, " to ", r->to, r->to_count);
    print_ranges(text + size, 400 - size, " except ", r->except, r->except_count);
}

Test(firewall, reads_its_rules)
{
    static const struct {
        const char *rule, *read;
    } rows[] = {
        {"drop", "drop"},
        {"drop in", "drop in"},
        {"  reject   out port 25 ", "reject out port 25-25"},
        {"reject out port 25 except 192.0.2.25", "reject out port 25-25 except 192.0.2.25/32"},
        {"allow in tcp port 25 587-588 from 203.0.113.0/24 0.0.0.0/0 to 198.51.100.25",
         "allow in tcp port 25-25 587-588 from 203.0.113.0/24 0.0.0.0/0 to 198.51.100.25/32"},
        {"drop udp port 53 to 192.0.2.53", "drop udp port 53-53 to 192.0.2.53/32"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct net_rule rule;
        char text[400] = "";
        cr_assert(firewall_read_rule(slice_of(rows[i].rule), &rule), "%s", rows[i].rule);
        print(&rule, text);
        cr_expect_str_eq(text, rows[i].read);
    }
}

Test(firewall, refuses_what_is_no_rule)
{
    static const char *const rows[] = {"",
                                       "block out",
                                       "out reject",
                                       "drop port",
                                       "drop port 0",
                                       "drop port 65536",
                                       "drop port 9-3",
                                       "drop port 25 port 26",
                                       "drop from",
                                       "drop from 192.0.2.25/33",
                                       "drop from 192.0.2.25/24",
                                       "drop from 192.0.2",
                                       "drop to mx1",
                                       "drop out in",
                                       "drop udp tcp",
                                       "drop except",
                                       "drop port 1 2 3 4 5 6 7 8 9",
                                       "drop to 192.0.2.1 from 192.0.2.2",
                                       "drop please",
                                       "drop port 4294967321"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct net_rule rule;
        cr_expect_not(firewall_read_rule(slice_of(rows[i]), &rule), "%s", rows[i]);
    }
}
