/*
 * The small languages of settings, a line each: rules of a firewall, of routes and of a filter,
 * accounts of a retrieval agent, doors of a knocker. What is read stays within its limits, and
 * within the line.
 */
#include "agents/roles/filter_rule.h"
#include "agents/roles/firewall.h"
#include "agents/roles/knocker.h"
#include "agents/roles/mra.h"
#include "agents/roles/route.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_within(struct slice part, struct slice line)
{
    check(part.size == 0 ||
          (part.data >= line.data && part.data + part.size <= line.data + line.size));
}

static void read_firewall(struct slice line)
{
    struct net_rule rule;
    if (!firewall_read_rule(line, &rule))
        return;
    check(rule.port_count <= NET_RULE_ITEMS && rule.from_count <= NET_RULE_ITEMS);
    check(rule.to_count <= NET_RULE_ITEMS && rule.except_count <= NET_RULE_ITEMS);
    for (size_t i = 0; i < rule.port_count; i++)
        check(rule.ports[i].first <= rule.ports[i].last && rule.ports[i].last <= 65535);
}

static void read_route(struct slice line)
{
    struct route_rule rule;
    if (!route_rule_read(line, &rule))
        return;
    check_within(rule.domain, line);
    check_within(rule.server, line);
    check(rule.port <= 65535);
    (void)route_rule_matches(&rule, SLICE("mx.example.org"));
    check(slice_equal(rule.domain, SLICE("*")) || !route_rule_matches(&rule, SLICE("")));
}

static void read_filter(struct slice line)
{
    struct filter_rule rule;
    char text[32];
    if (!filter_rule_read(line, &rule))
        return;
    check_within(rule.text, line);
    check_within(rule.field, line);
    check_within(rule.what, line);
    check(filter_rule_print(rule.score, text).size > 0);
}

static void read_others(struct slice line)
{
    struct mra_account account;
    struct slice words;
    uint32_t port;
    if (mra_account_read(line, &account)) {
        check_within(account.address, line);
        check_within(account.server, line);
        check_within(account.to, line);
        check(account.port <= 65535 && account.tls.size > 0);
    }
    if (knocker_read_door(line, &port, &words)) {
        check_within(words, line);
        check(port > 0 && port <= 65535);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice line, rest = {(const char *)data, size};
    while (slice_cut(&rest, '\n', &line)) {
        read_firewall(line);
        read_route(line);
        read_filter(line);
        read_others(line);
    }
    return 0;
}
