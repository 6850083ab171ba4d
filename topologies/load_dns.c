#include "topologies/load.h"

#include <arpa/inet.h>
#include <string.h>

#include "sim/base/vtime.h"

/* A name in the data of a record, without its final dot. */
static bool read_target(struct arena *arena, struct slice data, struct slice *target)
{
    if (data.size > 1 && data.data[data.size - 1] == '.')
        data.size--;
    *target = arena_copy(arena, data);
    return shape_is_domain(data);
}

static bool read_a(struct arena *arena, struct slice data, struct dns_record *record)
{
    struct in_addr address;
    if (inet_pton(AF_INET, data.data, &address) != 1)
        return false;
    record->data = arena_copy(arena, (struct slice){(const char *)&address, 4});
    return true;
}

static bool read_aaaa(struct arena *arena, struct slice data, struct dns_record *record)
{
    struct in6_addr address;
    if (inet_pton(AF_INET6, data.data, &address) != 1)
        return false;
    record->data = arena_copy(arena, (struct slice){(const char *)&address, 16});
    return true;
}

static bool read_name(struct arena *arena, struct slice data, struct dns_record *record)
{
    return read_target(arena, data, &record->target);
}

/* "." says that the domain takes no mail at all; its preference is 0 (RFC 7505 3). */
static bool read_mx(struct arena *arena, struct slice data, struct dns_record *record)
{
    if (slice_equal(data, SLICE("."))) {
        record->target = SLICE("");
        return record->preference == 0;
    }
    return read_target(arena, data, &record->target);
}

static bool read_txt(struct arena *arena, struct slice data, struct dns_record *record)
{
    record->data = arena_copy(arena, data);
    return true;
}

/* The next word as a number up to `most`. */
static bool take_number(struct slice *rest, uint64_t most, uint64_t *number)
{
    struct slice word;
    return slice_cut(rest, ' ', &word) && slice_to_u64(word, number) && *number <= most;
}

/* RFC 2782: weight port target; the priority is "pref". */
static bool read_srv(struct arena *arena, struct slice data, struct dns_record *record)
{
    uint64_t weight, port;
    if (!take_number(&data, UINT16_MAX, &weight) || !take_number(&data, UINT16_MAX, &port))
        return false;
    record->weight = (uint16_t)weight;
    record->port = (uint16_t)port;
    return read_target(arena, data, &record->target);
}

/* RFC 1035 3.3.13: mname rname serial refresh retry expire minimum. */
static bool read_soa(struct arena *arena, struct slice data, struct dns_record *record)
{
    uint32_t *const numbers[] = {&record->serial, &record->refresh_s, &record->retry_s,
                                 &record->expire_s, &record->minimum_s};
    struct slice primary, mailbox;
    if (!slice_cut(&data, ' ', &primary) || !slice_cut(&data, ' ', &mailbox) ||
        !read_target(arena, primary, &record->target) ||
        !read_target(arena, mailbox, &record->mailbox))
        return false;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint64_t number;
        if (!take_number(&data, UINT32_MAX, &number))
            return false;
        *numbers[i] = (uint32_t)number;
    }
    return data.size == 0;
}

/* In the order of the words of format_record's "type". */
static const struct record_type {
    unsigned type;
    bool (*read)(struct arena *arena, struct slice data, struct dns_record *record);
    const char *expected;
    bool has_preference;
} record_types[] = {
    {DNS_TYPE_A, read_a, "an IPv4 address such as 203.0.113.25", false},
    {DNS_TYPE_AAAA, read_aaaa, "an IPv6 address such as 2001:db8::25", false},
    {DNS_TYPE_MX, read_mx, "the name of a mail host, or \".\" with pref 0", true},
    {DNS_TYPE_CNAME, read_name, "a DNS name", false},
    {DNS_TYPE_TXT, read_txt, "a text", false},
    {DNS_TYPE_NS, read_name, "a DNS name", false},
    {DNS_TYPE_PTR, read_name, "a DNS name", false},
    {DNS_TYPE_SOA, read_soa, "primary mailbox serial refresh retry expire minimum", false},
    {DNS_TYPE_SRV, read_srv, "weight port name", true},
};

bool load_record_data(struct dns_record *record, struct slice data, struct arena *arena,
                      const char **expected)
{
    for (size_t i = 0; i < sizeof record_types / sizeof *record_types; i++) {
        if (record_types[i].type != record->type)
            continue;
        *expected = record_types[i].expected;
        return record_types[i].read(arena, arena_copy(arena, data), record);
    }
    *expected = "one of the types A, AAAA, MX, CNAME, TXT, NS, PTR, SOA and SRV";
    return false;
}

static void note_type(struct load *l, struct slice name, unsigned type)
{
    size_t *slot = name_index_at(&l->records, name_index_fold(&l->scratch, name));
    size_t has = type == DNS_TYPE_CNAME                        ? LOAD_HAS_CNAME
                 : type == DNS_TYPE_A || type == DNS_TYPE_AAAA ? LOAD_HAS_ADDRESS
                                                               : LOAD_HAS_OTHER;
    *slot = (*slot == SLICE_NONE ? 0 : *slot) | has;
}

static size_t types_of(const struct load *l, struct slice folded)
{
    size_t has = name_index_find(&l->records, folded);
    return has == SLICE_NONE ? 0 : has;
}

static bool read_record(struct load *l, const cJSON *node)
{
    struct topology *t = l->t;
    struct shape_values v;
    if (!shape_read(&l->reader, node, &format_record, &v))
        return false;
    const struct record_type *type = &record_types[shape_number(&v, "type")];
    struct slice data = shape_text(&v, "data");
    struct dns_record *record = &t->records[t->record_count++];
    record->name = shape_text(&v, "name");
    record->type = type->type;
    record->preference = (uint16_t)shape_number(&v, "pref");
    record->ttl_s = (uint32_t)(shape_number(&v, "ttl") / VTIME_S); /* 0: the name server's own */
    if (shape_has(&v, "pref") && !type->has_preference)
        return json_reader_reject(
            &l->reader, shape_get(&v, "pref")->node,
            (struct json_hint){.expected = "it with MX and SRV only", .is_at_key = true},
            "\"pref\" in a record of type %s", shape_text(&v, "type").data);
    if (!type->read(&t->arena, data, record))
        return json_reader_reject(&l->reader, shape_get(&v, "data")->node,
                                  (struct json_hint){.expected = type->expected},
                                  "bad data %s of a record of type %s",
                                  json_reader_quote(&l->reader, data), shape_text(&v, "type").data);
    note_type(l, record->name, record->type);
    return true;
}

/* Every host has an A record, but for one whose name is an alias or has an address of its own. */
static void add_host_record(struct load *l, const struct topology_host *host)
{
    struct topology *t = l->t;
    struct slice folded = name_index_fold(&l->scratch, host->name);
    if (types_of(l, folded) & (LOAD_HAS_ADDRESS | LOAD_HAS_CNAME))
        return;
    uint32_t address = htonl(host->address);
    t->records[t->record_count++] = (struct dns_record){
        .name = host->name,
        .type = DNS_TYPE_A,
        .data = arena_copy(&t->arena, (struct slice){(const char *)&address, 4})};
    note_type(l, folded, DNS_TYPE_A);
}

bool load_records(struct load *l, const cJSON *list)
{
    struct topology *t = l->t;
    size_t most = load_count(list) + t->host_count;
    const cJSON *node;
    name_index_init(&l->records, &l->scratch, most);
    t->records = arena_take(&t->arena, most * sizeof *t->records);
    cJSON_ArrayForEach(node, list)
    {
        if (!read_record(l, node))
            return false;
    }
    for (size_t i = 0; i < t->host_count; i++)
        add_host_record(l, &t->hosts[i]);
    return true;
}

/* ---- the records against each other, once all are known ---- */

static bool reject_target(struct load *l, const cJSON *node, const struct dns_record *record,
                          const char *why)
{
    const struct topology *t = l->t;
    const char **names = load_names(l, t->record_count);
    size_t count = 0;
    for (size_t i = 0; i < t->record_count; i++)
        if (t->records[i].type == DNS_TYPE_A || t->records[i].type == DNS_TYPE_AAAA)
            names[count++] = t->records[i].name.data;
    struct json_hint hint = {.expected = "a name that has an address",
                             .nearest = problem_nearest(record->target, names, count)};
    return json_reader_reject(&l->reader, cJSON_GetObjectItemCaseSensitive(node, "data"), hint,
                              "target %s %s", json_reader_quote(&l->reader, record->target), why);
}

/* Does this topology answer for the name: does it, or a domain around it, have records? */
static bool is_ours(const struct load *l, struct slice folded)
{
    for (struct slice label, rest = folded; rest.size > 0; slice_cut(&rest, '.', &label))
        if (types_of(l, rest))
            return true;
    return false;
}

/* Mail hosts and name servers have addresses themselves, not by an alias (RFC 2181 10.3). */
static bool check_target(struct load *l, const cJSON *node, const struct dns_record *record)
{
    struct slice folded = name_index_fold(&l->scratch, record->target);
    size_t has = types_of(l, folded);
    bool is_server = record->type == DNS_TYPE_MX || record->type == DNS_TYPE_NS;
    if ((!is_server && record->type != DNS_TYPE_CNAME) || record->target.size == 0)
        return true;
    if (is_server && has & LOAD_HAS_CNAME)
        return reject_target(l, node, record, "is an alias");
    if (is_server ? has & LOAD_HAS_ADDRESS : has)
        return true;
    if (record->type != DNS_TYPE_MX && !is_ours(l, folded))
        return true;
    return reject_target(l, node, record, is_server ? "has no address record" : "has no record");
}

/* An alias has no other records, and is an alias of one name (RFC 1034 3.6.2, RFC 2181 10.1). */
static bool check_alias(struct load *l, const cJSON *node, const struct dns_record *record,
                        struct name_index *aliases)
{
    struct slice folded = name_index_fold(&l->scratch, record->name);
    if (record->type != DNS_TYPE_CNAME)
        return true;
    size_t *slot = name_index_at(aliases, folded);
    bool is_second = *slot != SLICE_NONE;
    *slot = 0;
    if (types_of(l, folded) == LOAD_HAS_CNAME && !is_second)
        return true;
    return json_reader_reject(
        &l->reader, node, (struct json_hint){.expected = "the CNAME to be alone (RFC 1034 3.6.2)"},
        "%s has a CNAME and other records", json_reader_quote(&l->reader, record->name));
}

bool load_check_records(struct load *l, const cJSON *list)
{
    struct topology *t = l->t;
    struct name_index aliases;
    const cJSON *node;
    size_t i = 0;
    name_index_init(&aliases, &l->scratch, t->record_count);
    cJSON_ArrayForEach(node, list)
    {
        if (!check_alias(l, node, &t->records[i], &aliases) ||
            !check_target(l, node, &t->records[i]))
            return false;
        i++;
    }
    return true;
}
