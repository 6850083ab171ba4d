#include <string.h>

#include "agents/proto/imap.h"
#include "agents/proto/pop3_server.h"
#include "agents/proto/smtp.h"
#include "topologies/fault_part.h"
#include "topologies/setting.h"

static bool reject(struct fault_wrong *wrong, const char *arg, struct slice what,
                   const char *expected)
{
    *wrong = (struct fault_wrong){.arg = arg, .what = what, .expected = expected};
    return false;
}

/* An agent that the fault is about, its role among those; or NULL. */
static const struct fault_agent *find_agent(const struct fault *f, const struct fault_map *map,
                                            bool is_access)
{
    for (size_t i = 0; i < map->agent_count; i++) {
        const struct fault_agent *a = &map->agents[i];
        if ((slice_equal(a->id, f->target) || slice_equal(a->host, f->target)) &&
            (strcmp(a->role->name, "access") == 0) == is_access)
            return a;
    }
    return NULL;
}

/* ---- replies ---- */

/* The status code's class says the same as the reply's first digit (RFC 3463 2, RFC 2034 4). */
static bool is_status(struct slice text, int64_t code)
{
    struct slice part, rest = text;
    uint64_t number, first = 0;
    size_t parts = 0;
    while (slice_cut(&rest, '.', &part)) {
        if (!slice_to_u64(part, &number) || part.size > 3)
            return false;
        first = parts++ == 0 ? number : first;
    }
    return parts == 3 && first == (uint64_t)code / 100 && text.data[text.size - 1] != '.';
}

static bool has_arg(const struct fault *f, const char *key)
{
    for (size_t i = 0; i < f->kind->args.key_count; i++)
        if (strcmp(f->kind->args.keys[i].name, key) == 0)
            return f->values[i].is_given;
    return false;
}

static bool check_status(const struct fault *f, struct arena *arena, struct fault_wrong *wrong)
{
    if (!has_arg(f, "esc") || is_status(fault_text(f, "esc"), fault_number(f, "code")))
        return true;
    unsigned code = (unsigned)fault_number(f, "code");
    return reject(
        wrong, "esc",
        arena_printf(arena, "bad status code \"%.*s\"", SLICE_ARG(fault_text(f, "esc"))),
        arena_printf(arena, "one of the class of reply %u, such as %u.1.1", code, code / 100).data);
}

/* BDAT is none: its octets come whatever is said (RFC 3030 2). */
static bool is_smtp_verb(struct slice verb)
{
    enum smtp_verb found = smtp_verb_find(verb);
    return slice_equal_fold(verb, SLICE("DOT")) ||
           (found != SMTP_VERB_UNKNOWN && found != SMTP_VERB_BDAT);
}

bool fault_check_verb(const struct fault *f, const struct fault_map *map, struct arena *arena,
                      struct fault_wrong *wrong)
{
    struct slice verb = fault_text(f, "verb");
    if (slice_equal_fold(verb, SLICE("CONNECT")) ||
        (find_agent(f, map, false) && is_smtp_verb(verb)) ||
        (find_agent(f, map, true) &&
         (pop3_verb_find(verb) != POP3_VERB_UNKNOWN || imap_verb_find(verb) != IMAP_VERB_UNKNOWN)))
        return true;
    return reject(wrong, "verb", arena_printf(arena, "unknown verb \"%.*s\"", SLICE_ARG(verb)),
                  "a command of this server, CONNECT, or of SMTP also DOT");
}

bool fault_check_reply(const struct fault *f, const struct fault_map *map, struct arena *arena,
                       struct fault_wrong *wrong)
{
    bool is_forced = strcmp(f->kind->name, "reply") == 0;
    if (is_forced && !fault_check_verb(f, map, arena, wrong))
        return false;
    if (is_forced && !find_agent(f, map, true) && has_arg(f, "word"))
        return reject(wrong, "word", SLICE("no server of IMAP has this"), "code, esc and text");
    if (is_forced && !find_agent(f, map, false) && (has_arg(f, "code") || has_arg(f, "esc")))
        return reject(wrong, has_arg(f, "code") ? "code" : "esc",
                      SLICE("no server of SMTP has this"), "word and text");
    return check_status(f, arena, wrong);
}

bool fault_check_moment(const struct fault *f, const struct fault_map *map, struct arena *arena,
                        struct fault_wrong *wrong)
{
    struct slice at = fault_text(f, "at");
    if (find_agent(f, map, false) || slice_equal(at, SLICE("before-greeting")) ||
        slice_equal(at, SLICE("before-quit")))
        return true;
    return reject(wrong, "at", arena_printf(arena, "no such moment \"%.*s\"", SLICE_ARG(at)),
                  "before-greeting or before-quit");
}

/* ---- name servers ---- */

static bool read_name(struct slice text, struct arena *arena, struct slice *name)
{
    if (text.size > 1 && text.data[text.size - 1] == '.')
        text.size--;
    *name = arena_copy(arena, text);
    return shape_is_domain(text);
}

static bool read_mx(struct slice text, struct arena *arena, struct dns_record *record)
{
    uint64_t preference;
    struct slice word;
    if (!slice_cut(&text, ' ', &word) || !slice_to_u64(word, &preference) ||
        preference > UINT16_MAX)
        return false;
    record->preference = (uint16_t)preference;
    return read_name(text, arena, &record->target);
}

static bool read_a(struct slice text, struct arena *arena, struct dns_record *record)
{
    uint32_t address;
    char *octets = arena_take(arena, 4);
    if (!dns_ipv4_read(text, &address))
        return false;
    for (int i = 0; i < 4; i++)
        octets[i] = (char)(address >> (24 - 8 * i));
    record->data = (struct slice){octets, 4};
    return true;
}

enum { LIE_TTL_S = 3600 };

bool fault_read_lie(const struct fault *f, struct arena *arena, struct dns_record *record)
{
    static const unsigned types[] = {DNS_TYPE_A, DNS_TYPE_MX, DNS_TYPE_CNAME, DNS_TYPE_TXT};
    struct slice data = fault_text(f, "data");
    *record = (struct dns_record){
        .name = fault_text(f, "name"), .type = types[fault_number(f, "type")], .ttl_s = LIE_TTL_S};
    if (record->type == DNS_TYPE_A)
        return read_a(data, arena, record);
    if (record->type == DNS_TYPE_MX)
        return read_mx(data, arena, record);
    if (record->type == DNS_TYPE_CNAME)
        return read_name(data, arena, &record->target);
    record->data = data;
    return true;
}

bool fault_check_lie(const struct fault *f, const struct fault_map *map, struct arena *arena,
                     struct fault_wrong *wrong)
{
    struct dns_record record;
    (void)map;
    return fault_read_lie(f, arena, &record) ||
           reject(wrong, "data",
                  arena_printf(arena, "bad data \"%.*s\"", SLICE_ARG(fault_text(f, "data"))),
                  "an address (A), preference and name (MX), a name (CNAME)");
}

/* ---- lines ---- */

bool fault_check_line(const struct fault *f, const struct fault_map *map, struct arena *arena,
                      struct fault_wrong *wrong)
{
    for (size_t i = 0; i < map->link_count; i++)
        if (map->has_hours[i] && fault_is_link(map->links[i], f->target))
            return true;
    return reject(wrong, NULL,
                  arena_printf(arena, "the link \"%.*s\" has no hours", SLICE_ARG(f->target)),
                  "a dial-up line, which has \"up\"");
}

/* ---- settings ---- */

bool fault_check_setting(const struct fault *f, const struct fault_map *map, struct arena *arena,
                         struct fault_wrong *wrong)
{
    struct slice key = fault_text(f, "key");
    const char *names[128];
    size_t count = 0;
    for (size_t i = 0; i < map->agent_count; i++) {
        const struct role *role = map->agents[i].role;
        for (size_t k = 0; slice_equal(map->agents[i].id, f->target) && k < role->key_count; k++) {
            struct config_value value;
            struct problem problem = {0};
            if (count < sizeof names / sizeof *names)
                names[count++] = role->keys[k].name;
            if (!slice_equal(key, slice_of(role->keys[k].name)))
                continue;
            return setting_read(&role->keys[k], fault_text(f, "value"), arena, &value, &problem) ||
                   reject(wrong, "value", arena_copy(arena, slice_of(problem.what)), NULL);
        }
    }
    *wrong = (struct fault_wrong){.arg = "key",
                                  .what = arena_printf(arena, "%.*s has no setting \"%.*s\"",
                                                       SLICE_ARG(f->target), SLICE_ARG(key)),
                                  .nearest = problem_nearest(key, names, count)};
    return false;
}
