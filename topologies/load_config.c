#include "topologies/load.h"

#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/redirect.h"
#include "agents/roles/filter.h"
#include "agents/roles/filter_rule.h"
#include "agents/roles/firewall.h"
#include "agents/roles/knocker.h"
#include "agents/roles/mra.h"
#include "agents/roles/middlebox.h"
#include "agents/roles/route.h"

/* ---- settings of some roles that say more than their type ---- */

/* "198.51.100.0/24", or an address alone. */
static bool is_network(struct slice text)
{
    uint32_t address;
    uint64_t bits = 32;
    size_t slash = slice_find_octet(text, '/', 0);
    if (slash != SLICE_NONE &&
        (!slice_to_u64(slice_part(text, slash + 1, text.size), &bits) || bits > 32))
        return false;
    if (!shape_is_ipv4(slice_part(text, 0, slash), &address))
        return false;
    uint32_t mask = bits == 0 ? 0 : UINT32_MAX << (32 - bits);
    return (address & ~mask) == 0;
}

static bool is_address(struct slice text)
{
    uint32_t address;
    return shape_is_ipv4(text, &address);
}

static bool is_route(struct slice text)
{
    struct route_rule rule;
    return route_rule_read(text, &rule);
}

/* "pipe", "lmtp:store", "lmtp:store:2424"; the host's name goes to *server, "" for the first. */
static bool read_delivery(struct slice text, struct slice *server)
{
    uint32_t port;
    *server = SLICE("");
    return slice_equal(text, SLICE("pipe")) ||
           (slice_starts(text, SLICE("lmtp:")) &&
            route_read_server(slice_part(text, 5, text.size), 24, server, &port));
}

static bool is_delivery(struct slice text)
{
    struct slice server;
    return read_delivery(text, &server);
}

static bool is_header_line(struct slice text)
{
    size_t colon = slice_find_octet(text, ':', 0);
    return colon != SLICE_NONE && slice_trim(slice_part(text, 0, colon)).size > 0;
}

static bool is_alias(struct slice text)
{
    struct slice name, members;
    return redirect_read_alias(text, &name, &members);
}

static bool is_mail_address(struct slice text)
{
    struct address address;
    return address_read_utf8(text, &address) && address.domain.size > 0;
}

/* How an access server lets people in. */
static bool is_way_in(struct slice text)
{
    static const char *const words[] = {"pass",  "apop",     "plain",
                                        "login", "cram-md5", "scram-sha-256"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal(text, slice_of(words[i])))
            return true;
    return false;
}

static bool is_firewall_rule(struct slice text)
{
    struct net_rule rule;
    return firewall_read_rule(text, &rule);
}

static bool is_door(struct slice text)
{
    uint32_t port;
    struct slice words;
    return knocker_read_door(text, &port, &words);
}

static bool is_account(struct slice text)
{
    struct mra_account account;
    return mra_account_read(text, &account);
}

static bool is_filter_rule(struct slice text)
{
    struct filter_rule rule;
    return filter_rule_read(text, &rule);
}

static bool is_port(struct slice text)
{
    uint64_t port;
    return slice_to_u64(text, &port) && port >= 1 && port <= UINT16_MAX;
}

/* "." is the root. */
static bool is_zone(struct slice text)
{
    size_t dot = slice_ends(text, SLICE("."));
    return slice_equal(text, SLICE(".")) || shape_is_domain(slice_part(text, 0, text.size - dot));
}

static const struct text_rule {
    const char *key, *what, *expected;
    bool (*is_good)(struct slice text);
} text_rules[] = {
    {"local", "domain", "a DNS name such as example.com", shape_is_domain},
    {"zones", "zone", "a DNS name such as example.com, or \".\" for the root", is_zone},
    {"aliases", "alias", "an address and for whom it stands: staff@example.org: bob, bea",
     is_alias},
    {"members", "address", "a mail address", is_mail_address},
    {"relay_to", "domain", "a DNS name such as example.com", shape_is_domain},
    {"relay_from", "network", "a network such as 198.51.100.0/24, no bits set behind its prefix",
     is_network},
    {"delivery", "delivery", "pipe or lmtp:HOST", is_delivery},
    {"routes", "route",
     "a domain and where its mail goes, such as example.org mx2:2525, lmtp:store, local, mx or "
     "error 5.1.2 text",
     is_route},
    {"sources", "address", "an IPv4 address such as 192.0.2.60", is_address},
    {"headers", "header line", "a field such as X-Mailer: bulk", is_header_line},
    {"mechanisms", "way to log in", "pass, apop, plain, login, cram-md5 or scram-sha-256",
     is_way_in},
};

/* Of one role alone: another one has a setting of the same name. */
static const struct role_rule {
    const struct role *role;
    struct text_rule rule;
} role_rules[] = {
    {&firewall_role, {"rules", "rule", FIREWALL_RULE_EXPECTED, is_firewall_rule}},
    {&firewall_role,
     {"inside", "network", "a network such as 198.51.100.0/24, no bits set behind its prefix",
      is_network}},
    {&filter_role, {"rules", "rule", FILTER_RULE_EXPECTED, is_filter_rule}},
    {&filter_role,
     {"inside", "network", "a network such as 198.51.100.0/24, no bits set behind its prefix",
      is_network}},
    {&filter_role, {"dnsbl", "list", "a DNS name such as bl.example.net", shape_is_domain}},
    {&mra_role, {"accounts", "account", MRA_ACCOUNT_EXPECTED, is_account}},
    {&knocker_role, {"doors", "door", KNOCKER_DOOR_EXPECTED, is_door}},
    {&middlebox_role, {"ports", "port", "a number from 1 to 65535 in quotes", is_port}},
};

static bool is_of_role(const struct config_key *key, const struct role *role)
{
    for (size_t i = 0; i < role->key_count; i++)
        if (&role->keys[i] == key)
            return true;
    return false;
}

static bool check_role_item(struct json_reader *r, const cJSON *node, const struct config_key *key,
                            struct slice text)
{
    for (size_t i = 0; i < sizeof role_rules / sizeof *role_rules; i++) {
        const struct text_rule *rule = &role_rules[i].rule;
        if (strcmp(rule->key, key->name) == 0 && is_of_role(key, role_rules[i].role) &&
            !rule->is_good(text))
            return json_reader_reject(r, node, (struct json_hint){.expected = rule->expected},
                                      "bad %s %s", rule->what, json_reader_quote(r, text));
    }
    return true;
}

static bool check_item(struct json_reader *r, const cJSON *node, const char *key, struct slice text)
{
    for (size_t i = 0; i < sizeof text_rules / sizeof *text_rules; i++) {
        const struct text_rule *rule = &text_rules[i];
        if (strcmp(rule->key, key) == 0 && !rule->is_good(text))
            return json_reader_reject(r, node, (struct json_hint){.expected = rule->expected},
                                      "bad %s %s", rule->what, json_reader_quote(r, text));
    }
    return true;
}

/* ---- values ---- */

static bool read_texts(struct json_reader *r, const struct config_key *key, const cJSON *list,
                       struct arena *arena, struct config_value *value)
{
    struct slice *texts = arena_take(arena, load_count(list) * sizeof *texts);
    const cJSON *node;
    value->texts = texts;
    value->text_count = 0; /* the default's are gone */
    cJSON_ArrayForEach(node, list)
    {
        struct slice text = slice_of(node->valuestring);
        if (!check_item(r, node, key->name, text) || !check_role_item(r, node, key, text))
            return false;
        texts[value->text_count++] = arena_copy(arena, text);
    }
    return true;
}

static void read_fallback_texts(struct load *l, const struct config_key *key,
                                struct config_value *value)
{
    struct slice word, rest = slice_of(key->fallback);
    struct slice *texts = arena_take(&l->t->arena, (rest.size + 1) / 2 * sizeof *texts);
    while (slice_cut(&rest, ' ', &word))
        texts[value->text_count++] = word;
    value->texts = texts;
}

static bool reject_host(struct load *l, const struct shape_value *value)
{
    const struct topology *t = l->t;
    const char **names = load_names(l, t->host_count * 2);
    for (size_t i = 0; i < t->host_count; i++) {
        names[i] = t->hosts[i].id.data;
        names[t->host_count + i] = t->hosts[i].name.data;
    }
    return load_reject_unknown(l, value, "host", "the id or DNS name of a host", names,
                               t->host_count * 2);
}

/* An id becomes the host's name; a name must be one that the name servers know. */
static bool read_host_name(struct load *l, const struct shape_value *value, struct slice *name)
{
    size_t host = topology_find_host(l->t, value->text);
    struct slice folded = name_index_fold(&l->scratch, value->text);
    *name = host != SLICE_NONE ? l->t->hosts[host].name : value->text;
    return host != SLICE_NONE || name_index_find(&l->records, folded) != SLICE_NONE ||
           reject_host(l, value);
}

bool load_config_value(struct json_reader *r, const struct config_key *key, const cJSON *node,
                       struct arena *arena, struct config_value *value)
{
    struct shape_key row = format_config_key(key);
    struct shape_value read;
    if (!shape_read_value(r, node, &row, &read))
        return false;
    value->number = read.number;
    value->text = read.text;
    if (key->type == CONFIG_TEXT)
        return check_item(r, node, key->name, value->text);
    return key->type != CONFIG_TEXTS || read_texts(r, key, node, arena, value);
}

/* Hosts that are named within a text: by a route, or as who delivers. */
static bool check_servers(struct load *l, const struct config_key *key, const cJSON *node,
                          const struct config_value *value)
{
    struct route_rule rule = {.server = SLICE("")};
    struct shape_value named = {.node = node};
    struct slice name;
    if (strcmp(key->name, "delivery") == 0 && read_delivery(value->text, &named.text))
        return named.text.size == 0 || read_host_name(l, &named, &name);
    for (size_t i = 0; strcmp(key->name, "routes") == 0 && i < value->text_count; i++) {
        named.node = cJSON_GetArrayItem(node, (int)i);
        if (route_rule_read(value->texts[i], &rule) && rule.server.size > 0) {
            named.text = rule.server;
            if (!read_host_name(l, &named, &name))
                return false;
        }
    }
    return true;
}

/* The same, and whom it names must be there. */
static bool read_value(struct load *l, const struct config_key *key, const cJSON *node,
                       struct config_value *value)
{
    struct shape_value name = {.node = node};
    if (!load_config_value(&l->reader, key, node, &l->t->arena, value) ||
        !check_servers(l, key, node, value))
        return false;
    name.text = value->text;
    if (key->type == CONFIG_HOST)
        return read_host_name(l, &name, &value->text);
    return key->type != CONFIG_ADDRESS || strcmp(key->name, "user") != 0 || load_user(l, &name);
}

static void read_default(struct load *l, const struct config_key *key, struct config_value *value)
{
    struct shape_key row = format_config_key(key);
    struct shape_value read;
    shape_read_fallback(&row, &read);
    value->key = key;
    value->number = read.number;
    value->text = read.text;
    if (key->type == CONFIG_TEXTS)
        read_fallback_texts(l, key, value);
}

static bool reject_key(struct load *l, const cJSON *node, const struct role *role)
{
    const char **names = load_names(l, role->key_count);
    for (size_t i = 0; i < role->key_count; i++)
        names[i] = role->keys[i].name;
    return shape_reject_key(&l->reader, node, names, role->key_count);
}

static bool read_given(struct load *l, const cJSON *list, const struct role *role,
                       struct config_value *values)
{
    const cJSON **given = arena_take(&l->scratch, role->key_count * sizeof *given);
    const cJSON *node;
    cJSON_ArrayForEach(node, list)
    {
        size_t i = 0;
        while (i < role->key_count && strcmp(role->keys[i].name, node->string) != 0)
            i++;
        if (i == role->key_count)
            return reject_key(l, node, role);
        if (given[i])
            return shape_reject_twice(&l->reader, node);
        given[i] = node;
        if (!read_value(l, &role->keys[i], node, &values[i]))
            return false;
    }
    return true;
}

/* A mail program works for somebody. */
static bool check_owner(struct load *l, const cJSON *node, const struct topology_agent *agent)
{
    if (strcmp(agent->role->name, "mua") != 0 || config_text(&agent->config, "user").size > 0)
        return true;
    return json_reader_reject(
        &l->reader, node, (struct json_hint){.expected = "the address of the user it works for"},
        "missing setting \"user\" of a mua");
}

bool load_config(struct load *l, const cJSON *node, const cJSON *agent_node,
                 struct topology_agent *agent)
{
    const struct role *role = agent->role;
    struct config_value *values = arena_take(&l->t->arena, role->key_count * sizeof *values);
    for (size_t i = 0; i < role->key_count; i++)
        read_default(l, &role->keys[i], &values[i]);
    agent->config = (struct config){.values = values, .count = role->key_count};
    return read_given(l, node, role, values) && check_owner(l, node ? node : agent_node, agent);
}
