/* user add, remove; dns add, remove. */
#include "agents/roles/records.h"
#include "topologies/edit_part.h"
#include "topologies/load.h"

/* ---- accounts ---- */

static size_t find_user(const struct topology *t, struct slice address)
{
    for (size_t i = 0; i < t->user_count; i++)
        if (slice_equal_fold(t->users[i].address, address))
            return i;
    return SLICE_NONE;
}

static bool user_add(struct edit *e)
{
    struct slice pairs = SLICE("");
    edit_pair(e, &pairs, "address", json_splice_quote(e->arena, e->a->words[1]));
    if (action_value(e->a, "name").size > 0)
        edit_pair(e, &pairs, "name", json_splice_quote(e->arena, action_value(e->a, "name")));
    if (action_value(e->a, "password").size > 0)
        edit_pair(e, &pairs, "password",
                  json_splice_quote(e->arena, action_value(e->a, "password")));
    edit_add(e, "users", arena_printf(e->arena, "{%.*s}", SLICE_ARG(pairs)));
    return true;
}

static bool user_remove(struct edit *e)
{
    size_t user = find_user(e->t, e->a->words[1]);
    if (user == SLICE_NONE)
        return problem_set(e->problem, "there is no user %.*s",
                           SLICE_ARG(slice_part(e->a->words[1], 0, 80)));
    edit_remove(e, "users", user);
    return true;
}

const struct edit_verb edit_user_verbs[] = {
    {"add", 2, "name password", user_add},
    {"remove", 2, "", user_remove},
    {NULL, 0, NULL, NULL},
};

/* ---- records ---- */

static struct slice without_dot(struct slice name)
{
    return slice_part(name, 0, name.size - slice_ends(name, SLICE(".")));
}

static bool is_address(unsigned type)
{
    return type == DNS_TYPE_A || type == DNS_TYPE_AAAA;
}

/* Those that the file lists; the others, behind them, are made of hosts. */
static size_t record_count(struct edit *e)
{
    struct json_span list;
    return edit_section(e, "dns", &list) ? json_splice_count(&e->json, list) : 0;
}

static const struct topology_host *host_of_name(const struct topology *t, struct slice name)
{
    for (size_t i = 0; i < t->host_count; i++)
        if (slice_equal_fold(t->hosts[i].name, name))
            return &t->hosts[i];
    return NULL;
}

/* Does the file list an address of this name, or an alias? */
static bool has_address(struct edit *e, struct slice name)
{
    for (size_t i = 0; i < record_count(e); i++)
        if (slice_equal_fold(e->t->records[i].name, name) &&
            (is_address(e->t->records[i].type) || e->t->records[i].type == DNS_TYPE_CNAME))
            return true;
    return false;
}

static struct slice record_json(struct edit *e, struct slice name, const char *type,
                                struct slice data)
{
    struct slice pairs = SLICE("");
    edit_pair(e, &pairs, "name", json_splice_quote(e->arena, name));
    edit_pair(e, &pairs, "type", json_splice_quote(e->arena, slice_of(type)));
    if (action_value(e->a, "pref").size > 0)
        edit_pair(e, &pairs, "pref", edit_value(e, action_value(e->a, "pref")));
    edit_pair(e, &pairs, "data", json_splice_quote(e->arena, data));
    if (action_value(e->a, "ttl").size > 0)
        edit_pair(e, &pairs, "ttl", edit_value(e, action_value(e->a, "ttl")));
    return arena_printf(e->arena, "{%.*s}", SLICE_ARG(pairs));
}

/* An address is put beside that of the host, which a file says only as long as it lists none. */
static void keep_own_address(struct edit *e, const struct topology_host *h)
{
    edit_add(e, "dns",
             arena_printf(e->arena,
                          "{\"name\": \"%.*s\", \"type\": \"A\", \"data\": \"%u.%u.%u.%u\"}",
                          SLICE_ARG(h->name), h->address >> 24, h->address >> 16 & 255,
                          h->address >> 8 & 255, h->address & 255));
}

static struct slice data_of(struct edit *e)
{
    struct slice data = action_value(e->a, "data");
    for (size_t i = 3; i < e->a->word_count; i++)
        data = arena_printf(e->arena, "%.*s%s%.*s", SLICE_ARG(data), data.size ? " " : "",
                            SLICE_ARG(e->a->words[i]));
    return data;
}

static bool dns_add(struct edit *e)
{
    char text[16];
    struct slice name = without_dot(e->a->words[1]);
    unsigned type = dns_type_find(e->a->words[2]);
    const struct topology_host *host = host_of_name(e->t, name);
    if (type == 0)
        return problem_set(e->problem, "\"%.*s\" is no type of record",
                           SLICE_ARG(slice_part(e->a->words[2], 0, 20)));
    if (host && is_address(type) && !has_address(e, name))
        keep_own_address(e, host);
    if (host && type == DNS_TYPE_CNAME)
        return problem_set(e->problem, "%.*s would have a CNAME and an address",
                           SLICE_ARG(host->name));
    edit_add(e, "dns", record_json(e, name, dns_type_name(type, text), data_of(e)));
    return true;
}

/* What is to be removed; with data only what has the same. */
struct removal {
    struct dns_record like;
    bool has_data;
    bool any_preference; /* of a mail host whose preference was not said */
};

static bool read_removal(struct edit *e, struct removal *r)
{
    uint64_t preference = 0;
    const char *expected;
    struct slice data = data_of(e);
    (void)slice_to_u64(action_value(e->a, "pref"), &preference);
    *r = (struct removal){.like = {.name = without_dot(e->a->words[1]),
                                   .type = dns_type_find(e->a->words[2]),
                                   .preference = (uint16_t)preference},
                          .has_data = data.size > 0};
    r->any_preference = r->has_data && r->like.type == DNS_TYPE_MX && !action_has(e->a, "pref");
    return !r->has_data || load_record_data(&r->like, data, e->arena, &expected) ||
           problem_set(e->problem, "bad data \"%.*s\"; expected %s",
                       SLICE_ARG(slice_part(data, 0, 60)), expected);
}

static bool is_meant(const struct removal *r, const struct dns_record *record)
{
    if (record->type != r->like.type || !slice_equal_fold(record->name, r->like.name))
        return false;
    return !r->has_data || (r->any_preference ? slice_equal_fold(record->target, r->like.target)
                                              : records_have_same_data(record, &r->like));
}

static bool is_clear(struct edit *e, const struct removal *r)
{
    size_t count = 0;
    for (size_t i = 0; r->any_preference && i < e->t->record_count; i++)
        count += is_meant(r, &e->t->records[i]);
    return count < 2 ||
           problem_set(e->problem, "there are %zu such records of %.*s: say pref=", count,
                       SLICE_ARG(r->like.name));
}

static bool dns_remove(struct edit *e)
{
    struct removal r;
    size_t listed = record_count(e);
    bool is_any = false;
    if (!read_removal(e, &r) || !is_clear(e, &r))
        return false;
    const struct topology_host *host = host_of_name(e->t, r.like.name);
    for (size_t i = listed; i-- > 0;)
        if (is_meant(&r, &e->t->records[i])) {
            edit_remove(e, "dns", i);
            is_any = true;
        }
    for (size_t i = listed; i < e->t->record_count; i++)
        if (is_meant(&r, &e->t->records[i]))
            return problem_set(e->problem, "the address of %.*s is that of host %.*s in the file",
                               SLICE_ARG(host->name), SLICE_ARG(host->id));
    if (is_any && host && is_address(r.like.type)) {
        size_t left = record_count(e), others = 0;
        for (size_t i = 0; i < listed && left > 0; i++)
            others += is_address(e->t->records[i].type) && !is_meant(&r, &e->t->records[i]) &&
                      slice_equal_fold(e->t->records[i].name, r.like.name);
        if (others == 0)
            return problem_set(e->problem,
                               "without it %.*s has the address of host %.*s in the file",
                               SLICE_ARG(host->name), SLICE_ARG(host->id));
    }
    return is_any || problem_set(e->problem, "there is no such record of %.*s",
                                 SLICE_ARG(slice_part(r.like.name, 0, 80)));
}

const struct edit_verb edit_dns_verbs[] = {
    {"add", 3, NULL, dns_add},
    {"remove", 3, NULL, dns_remove},
    {NULL, 0, NULL, NULL},
};
