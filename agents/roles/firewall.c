#include "agents/roles/firewall.h"

#include <stdlib.h>

#include "agents/proto/dns_message.h"
#include "agents/roles/line.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"rules", CONFIG_TEXTS, NULL, 0, 0, "",
     "what it stops and what it lets pass; the first rule that matches decides, such as reject out "
     "port 25 except 192.0.2.25, or drop in"},
    {"inside", CONFIG_TEXTS, NULL, 0, 0, "",
     "the networks inside, for in and out; by default the /24 that its host is in"},
    {"link", CONFIG_TEXT, NULL, 0, 0, "",
     "the one link that it judges, as a:b; by default all that comes to its host"},
};

struct firewall {
    struct office *office;
    uint32_t agent;
    const struct config *config;
};

/* ---- reading a rule ---- */

bool firewall_read_network(struct slice text, struct net_range *range)
{
    struct slice address = text;
    uint64_t bits = 32;
    size_t slash = slice_find_octet(text, '/', 0);
    if (slash != SLICE_NONE) {
        address = slice_part(text, 0, slash);
        if (!slice_to_u64(slice_part(text, slash + 1, text.size), &bits) || bits > 32)
            return false;
    }
    range->mask = bits ? UINT32_MAX << (32 - bits) : 0;
    return dns_ipv4_read(address, &range->address) && (range->address & ~range->mask) == 0;
}

static bool next_word(struct slice *rest, struct slice *word)
{
    *rest = slice_trim(*rest);
    return slice_cut(rest, ' ', word);
}

/* The next word when it is this one. */
static bool take_word(struct slice *rest, const char *wanted)
{
    struct slice word, after = *rest;
    if (!next_word(&after, &word) || !slice_equal(word, slice_of(wanted)))
        return false;
    *rest = after;
    return true;
}

static bool read_port(struct slice word, struct net_port_range *ports)
{
    uint64_t first, last;
    size_t dash = slice_find_octet(word, '-', 0);
    if (!slice_to_u64(slice_part(word, 0, dash), &first))
        return false;
    last = first;
    if (dash != SLICE_NONE && !slice_to_u64(slice_part(word, dash + 1, word.size), &last))
        return false;
    *ports = (struct net_port_range){(uint32_t)first, (uint32_t)last};
    return first >= 1 && first <= last && last <= UINT16_MAX;
}

/* At least one port behind the word "port", if that comes next. */
static bool read_ports(struct slice *rest, struct net_rule *rule)
{
    struct slice word, after;
    if (!take_word(rest, "port"))
        return true;
    for (after = *rest; next_word(&after, &word) && word.data[0] >= '0' && word.data[0] <= '9';
         *rest = after)
        if (rule->port_count == NET_RULE_ITEMS ||
            !read_port(word, &rule->ports[rule->port_count++]))
            return false;
    return rule->port_count > 0;
}

static bool read_networks(struct slice *rest, const char *name, struct net_range *ranges,
                          size_t *count)
{
    struct slice word, after;
    if (!take_word(rest, name))
        return true;
    for (after = *rest; next_word(&after, &word) && word.data[0] >= '0' && word.data[0] <= '9';
         *rest = after)
        if (*count == NET_RULE_ITEMS || !firewall_read_network(word, &ranges[(*count)++]))
            return false;
    return *count > 0;
}

static bool read_verdict(struct slice *rest, enum net_verdict *verdict)
{
    bool is_allow = take_word(rest, "allow");
    bool is_drop = !is_allow && take_word(rest, "drop");
    *verdict = is_allow ? NET_ALLOW : is_drop ? NET_DROP : NET_REJECT;
    return is_allow || is_drop || take_word(rest, "reject");
}

bool firewall_read_rule(struct slice text, struct net_rule *rule)
{
    struct slice rest = text;
    *rule = (struct net_rule){0};
    if (!read_verdict(&rest, &rule->verdict))
        return false;
    rule->direction = take_word(&rest, "in")    ? NET_IN
                      : take_word(&rest, "out") ? NET_OUT
                                                : NET_BOTH_WAYS;
    rule->transport = take_word(&rest, "tcp")   ? NET_TCP
                      : take_word(&rest, "udp") ? NET_UDP
                                                : NET_ANY_TRANSPORT;
    return read_ports(&rest, rule) && read_networks(&rest, "from", rule->from, &rule->from_count) &&
           read_networks(&rest, "to", rule->to, &rule->to_count) &&
           read_networks(&rest, "except", rule->except, &rule->except_count) &&
           slice_trim(rest).size == 0;
}

/* ---- the agent ---- */

/* Without `is_up` it lets everything pass. */
static void apply(struct firewall *f, bool is_up)
{
    const struct config_value *rules = config_get(f->config, "rules");
    const struct config_value *inside = config_get(f->config, "inside");
    const uint32_t mask = UINT32_MAX << 8;
    struct net_rule *read = memory_take((rules->text_count + 1) * sizeof *read);
    struct net_range *ranges = memory_take((inside->text_count + 1) * sizeof *ranges);
    struct net_firewall given = {.link = line_find(f->office, config_text(f->config, "link")),
                                 .inside = ranges,
                                 .rules = read};
    for (size_t i = 0; is_up && i < rules->text_count; i++)
        given.rule_count += firewall_read_rule(rules->texts[i], &read[given.rule_count]);
    for (size_t i = 0; i < inside->text_count; i++)
        given.inside_count += firewall_read_network(inside->texts[i], &ranges[given.inside_count]);
    if (inside->text_count == 0)
        ranges[given.inside_count++] =
            (struct net_range){net_address(f->office->net, f->agent) & mask, mask};
    net_set_rules(f->office->net, f->agent, &given);
    free(read);
    free(ranges);
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct firewall *f = memory_take(sizeof *f);
    (void)ports, (void)port_count; /* nobody connects to it */
    *f = (struct firewall){office, agent, config};
    apply(f, true);
    return f;
}

static void changed(void *agent, const struct config_key *key)
{
    (void)key;
    apply(agent, net_agent_is_up(((struct firewall *)agent)->office->net,
                                 ((struct firewall *)agent)->agent));
}

static void running(void *agent, bool is_up)
{
    apply(agent, is_up);
}

const struct role firewall_role = {
    .name = "firewall",
    .meaning = "firewall: lets pass what its rules let pass",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = free,
    .changed = changed,
    .running = running,
};
