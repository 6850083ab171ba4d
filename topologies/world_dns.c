/*
 * "dns add example.org MX mx2.example.org pref=20", "dns remove example.org MX": what the name
 * servers know changes while the world runs. What somebody has asked before he keeps for as long as
 * its TTL allows.
 */
#include "sim/base/vtime.h"
#include "topologies/load.h"
#include "topologies/world_inner.h"

struct change {
    bool is_add, has_data, has_preference;
    struct dns_record record;
};

static const struct action_form *const form = &action_forms[ACTION_DNS];

/* "0 25 host" may be written as three words, or behind data=, as a text with "=" in it must be. */
static struct slice data_of(const struct action *a, struct arena *arena)
{
    struct slice data = action_value(a, "data");
    for (size_t i = 3; i < a->word_count; i++)
        data = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(data), data.size ? " " : "",
                            SLICE_ARG(a->words[i]));
    return data;
}

static bool read_numbers(const struct action *a, struct dns_record *record, struct problem *problem)
{
    uint64_t preference = 0;
    int64_t ttl = 0;
    if (action_has(a, "pref") &&
        (!slice_to_u64(action_value(a, "pref"), &preference) || preference > UINT16_MAX))
        return problem_set(problem, "pref is a number from 0 to 65535, as in: %s", form->example);
    if (action_has(a, "ttl") &&
        (!vtime_parse(action_value(a, "ttl"), &ttl) || ttl < VTIME_S || ttl / VTIME_S > INT32_MAX))
        return problem_set(problem, "ttl is a time such as 60 or 1h");
    record->preference = (uint16_t)preference;
    record->ttl_s = (uint32_t)(ttl / VTIME_S);
    return true;
}

/* A host stands for its name; a final dot says nothing new. */
static struct slice name_of(struct slice name)
{
    return slice_part(name, 0, name.size - slice_ends(name, SLICE(".")));
}

static bool read_change(const struct action *a, struct arena *arena, struct change *c,
                        struct problem *problem)
{
    struct dns_record *record = &c->record;
    const char *expected = "";
    *c = (struct change){.is_add = slice_equal(a->words[0], SLICE("add"))};
    if (!c->is_add && !slice_equal(a->words[0], SLICE("remove")))
        return problem_set(problem, "dns needs %s, as in: %s", form->needs, form->example);
    record->name = name_of(a->words[1]);
    record->type = dns_type_find(a->words[2]);
    if (!shape_is_domain(record->name))
        return problem_set(problem, "\"%.*s\" is no DNS name",
                           SLICE_ARG(slice_part(a->words[1], 0, 60)));
    struct slice data = data_of(a, arena);
    c->has_data = c->is_add || data.size > 0;
    c->has_preference = action_has(a, "pref");
    if (!read_numbers(a, record, problem))
        return false;
    if (record->type == 0)
        return problem_set(problem, "\"%.*s\" is no type of record; expected one such as MX",
                           SLICE_ARG(slice_part(a->words[2], 0, 20)));
    if (c->has_data && !load_record_data(record, data, arena, &expected))
        return problem_set(problem, "bad data \"%.*s\" of a record of type %.*s; expected %s",
                           SLICE_ARG(slice_part(data, 0, 60)),
                           SLICE_ARG(slice_part(a->words[2], 0, 20)), expected);
    return true;
}

static bool check_dns(struct world *w, const struct action *a, struct problem *problem)
{
    struct arena arena;
    struct change c;
    (void)w;
    arena_init(&arena);
    bool ok = read_change(a, &arena, &c, problem);
    arena_finish(&arena);
    return ok;
}

void world_emit_record(struct world *w, const struct dns_record *record, bool on,
                       struct arena *arena)
{
    char type[16];
    sim_emit(
        &w->sim, EVENT_RECORD,
        &(struct event_record){.name = world_text(w, record->name),
                               .type = world_text(w, slice_of(dns_type_name(record->type, type))),
                               .data = world_text(w, dns_record_print(record, arena)),
                               .on = on});
}

/* An alias is alone (RFC 1034 3.6.2). */
static bool check_alias(const struct records *set, const struct dns_record *record,
                        struct problem *problem)
{
    const struct records_owner *owner = records_find(set, record->name);
    for (const struct dns_record *r = NULL; (r = records_next(set, owner, r, 0));)
        if (r->type == DNS_TYPE_CNAME || record->type == DNS_TYPE_CNAME)
            return problem_set(problem, "%.*s would have a CNAME and other records",
                               SLICE_ARG(record->name));
    return true;
}

static bool add(struct world *w, const struct dns_record *record, struct arena *arena,
                struct problem *problem)
{
    if (!check_alias(&w->office.records, record, problem))
        return false;
    records_add(&w->office.records, record);
    world_emit_record(w, record, true, arena);
    return true;
}

/* Who names a mail host and no preference means the one record there is about it. */
static bool find_preference(const struct records *set, struct change *c, struct arena *arena,
                            struct problem *problem)
{
    size_t count = 0;
    struct slice known = SLICE("");
    const struct records_owner *owner = records_find(set, c->record.name);
    if (!c->has_data || c->has_preference || c->record.type != DNS_TYPE_MX)
        return true;
    for (const struct dns_record *r = NULL; (r = records_next(set, owner, r, DNS_TYPE_MX));)
        if (slice_equal_fold(r->target, c->record.target)) {
            c->record.preference = r->preference;
            known = arena_printf(arena, "%.*s%spref=%u", SLICE_ARG(known), count++ ? ", " : "",
                                 r->preference);
        }
    return count < 2 || problem_set(problem, "there are %zu such records of %.*s: %.*s; say which",
                                    count, SLICE_ARG(c->record.name), SLICE_ARG(known));
}

/* Each one that goes is told. */
static bool remove_all(struct world *w, const struct change *c, struct arena *arena,
                       struct problem *problem)
{
    struct records *set = &w->office.records;
    bool is_any = false;
    for (;;) {
        const struct dns_record *found = NULL;
        const struct records_owner *owner = records_find(set, c->record.name);
        found = records_next(set, owner, NULL, c->record.type);
        struct dns_record gone = found ? *found : c->record;
        if (c->has_data)
            gone = c->record;
        if (!found || records_remove(set, c->record.name, c->record.type, &gone) == 0)
            break;
        world_emit_record(w, &gone, false, arena);
        is_any = true;
    }
    return is_any ||
           problem_set(problem, "there is no such record of %.*s", SLICE_ARG(c->record.name));
}

static bool change(struct world *w, const struct action *a, struct problem *problem)
{
    struct arena arena;
    struct change c;
    arena_init(&arena);
    bool ok = read_change(a, &arena, &c, problem) &&
              (c.is_add ? add(w, &c.record, &arena, problem)
                        : find_preference(&w->office.records, &c, &arena, problem) &&
                              remove_all(w, &c, &arena, problem));
    if (ok)
        records_note_change(&w->office.records, c.record.name);
    arena_finish(&arena);
    return ok;
}

const struct world_verb world_dns = {check_dns, change};
