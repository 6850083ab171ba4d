#include <string.h>

#include "sim/base/check.h"
#include "topologies/fault_part.h"

/* ---- details ---- */

static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == ' ' || text.data[i] == '"' || text.data[i] == '\\')
            return false;
    return text.size > 0;
}

/* As --do would have it: a text with blanks in quotes. */
static struct slice print_value(struct arena *arena, const cJSON *node)
{
    if (cJSON_IsString(node) && is_plain(slice_of(node->valuestring)))
        return slice_of(node->valuestring);
    char *printed = cJSON_PrintUnformatted(node);
    struct slice text = arena_copy(arena, slice_of(printed));
    cJSON_free(printed);
    return text;
}

bool fault_read_args(struct json_reader *r, const cJSON *node, const struct fault_kind *kind,
                     struct fault *f)
{
    struct shape_values v;
    check(kind->args.key_count <= FAULT_ARGS_MAX);
    if (!shape_read(r, node, &kind->args, &v))
        return false;
    f->args = SLICE("");
    for (size_t i = 0; i < kind->args.key_count; i++) {
        const struct shape_value *value = &v.values[i];
        f->values[i] = (struct fault_value){value->node != NULL, value->number, value->text};
        if (value->node)
            f->args = arena_printf(r->arena, "%.*s%s%s=%.*s", SLICE_ARG(f->args),
                                   f->args.size ? " " : "", kind->args.keys[i].name,
                                   SLICE_ARG(print_value(r->arena, value->node)));
    }
    return true;
}

struct fault fault_copy(const struct fault *f, struct arena *arena)
{
    struct fault copy = *f;
    struct slice *const texts[] = {&copy.id, &copy.label, &copy.target, &copy.args};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_copy(arena, *texts[i]);
    for (size_t i = 0; i < FAULT_ARGS_MAX; i++)
        copy.values[i].text = arena_copy(arena, copy.values[i].text);
    return copy;
}

const struct fault_value *fault_get(const struct fault *f, const char *key)
{
    size_t i = 0;
    while (i < f->kind->args.key_count && strcmp(f->kind->args.keys[i].name, key) != 0)
        i++;
    check(i < f->kind->args.key_count);
    return &f->values[i];
}

int64_t fault_number(const struct fault *f, const char *key)
{
    return fault_get(f, key)->number;
}

struct slice fault_text(const struct fault *f, const char *key)
{
    return fault_get(f, key)->text;
}

/* ---- targets ---- */

/* "msa, mta or mda" */
static const char *join_roles(const char *roles, struct arena *arena)
{
    struct slice role, rest = slice_of(roles), all = SLICE("");
    while (slice_cut(&rest, ' ', &role))
        all = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(all),
                           all.size == 0   ? ""
                           : rest.size > 0 ? ", "
                                           : " or ",
                           SLICE_ARG(role));
    return all.data;
}

const char *fault_target_words(const struct fault_kind *kind, struct arena *arena)
{
    switch (kind->target) {
    case FAULT_HOST:
        return "a host";
    case FAULT_LINK:
        return "a link, as a:b";
    case FAULT_USER:
        return "a user's address";
    case FAULT_AGENT:
        if (kind->roles[0] == '\0')
            return "an agent";
        return arena_printf(arena, "an agent of role %s, or its host",
                            join_roles(kind->roles, arena))
            .data;
    }
    return "";
}

static bool is_role(const struct role *role, const char *roles)
{
    struct slice word, rest = slice_of(roles);
    while (slice_cut(&rest, ' ', &word))
        if (slice_equal(slice_of(role->name), word))
            return true;
    return roles[0] == '\0';
}

/* Everything that could be meant; gives the number. */
static size_t list_targets(const struct fault_kind *kind, const struct fault_map *map,
                           const char **names)
{
    size_t count = 0;
    const struct slice *list = kind->target == FAULT_HOST   ? map->hosts
                               : kind->target == FAULT_LINK ? map->links
                                                            : map->users;
    size_t size = kind->target == FAULT_HOST   ? map->host_count
                  : kind->target == FAULT_LINK ? map->link_count
                                               : map->user_count;
    if (kind->target != FAULT_AGENT) {
        for (; count < size; count++)
            names[count] = list[count].data;
        return count;
    }
    for (size_t i = 0; i < map->agent_count; i++) {
        if (!is_role(map->agents[i].role, kind->roles))
            continue;
        names[count++] = map->agents[i].id.data;
        if (kind->roles[0])
            names[count++] = map->agents[i].host.data;
    }
    return count;
}

static bool is_user(const struct fault_map *map, struct slice address)
{
    for (size_t i = 0; i < map->user_count; i++)
        if (slice_equal_fold(map->users[i], address))
            return true;
    return false;
}

bool fault_is_link(struct slice link, struct slice target)
{
    struct slice b = target, a, d = link, c;
    if (!slice_cut(&b, ':', &a) || !slice_cut(&d, ':', &c))
        return false;
    return (slice_equal(a, c) && slice_equal(b, d)) || (slice_equal(a, d) && slice_equal(b, c));
}

static bool is_there(const struct fault *f, const struct fault_map *map)
{
    switch (f->kind->target) {
    case FAULT_HOST:
        for (size_t i = 0; i < map->host_count; i++)
            if (slice_equal(map->hosts[i], f->target))
                return true;
        return false;
    case FAULT_LINK:
        for (size_t i = 0; i < map->link_count; i++)
            if (fault_is_link(map->links[i], f->target))
                return true;
        return false;
    case FAULT_AGENT:
        for (size_t i = 0; i < map->agent_count; i++)
            if (is_role(map->agents[i].role, f->kind->roles) &&
                (slice_equal(map->agents[i].id, f->target) ||
                 (f->kind->roles[0] && slice_equal(map->agents[i].host, f->target))))
                return true;
        return false;
    case FAULT_USER:
        return is_user(map, f->target);
    }
    return false;
}

static const char *expected_target(const struct fault_kind *kind, struct arena *arena)
{
    switch (kind->target) {
    case FAULT_HOST:
        return "the id of a host";
    case FAULT_LINK:
        return "two hosts with a link between them, as a:b";
    case FAULT_USER:
        return "an address of \"users\"";
    case FAULT_AGENT:
        if (kind->roles[0] == '\0')
            return "the id of an agent";
        return arena_printf(arena, "the id of an agent of role %s", join_roles(kind->roles, arena))
            .data;
    }
    return "";
}

static bool reject_target(const struct fault *f, const struct fault_map *map, struct arena *arena,
                          struct fault_wrong *wrong)
{
    static const char *const words[] = {"host", "link", "agent", "user"};
    size_t most = map->host_count + map->link_count + map->user_count + 2 * map->agent_count;
    const char **names = arena_take(arena, (most + 1) * sizeof *names);
    size_t count = list_targets(f->kind, map, names);
    *wrong = (struct fault_wrong){.what = arena_printf(arena, "unknown %s \"%.*s\"",
                                                       words[f->kind->target],
                                                       SLICE_ARG(slice_part(f->target, 0, 60))),
                                  .expected = expected_target(f->kind, arena),
                                  .nearest = problem_nearest(f->target, names, count)};
    return false;
}

/* Whoever "rcpt" names is somebody. */
static bool check_rcpt(const struct fault *f, const struct fault_map *map, struct arena *arena,
                       struct fault_wrong *wrong)
{
    bool has_rcpt = false;
    for (size_t i = 0; i < f->kind->args.key_count; i++)
        has_rcpt |= strcmp(f->kind->args.keys[i].name, "rcpt") == 0;
    if (!has_rcpt || !fault_get(f, "rcpt")->is_given || is_user(map, fault_text(f, "rcpt")))
        return true;
    const char **names = arena_take(arena, (map->user_count + 1) * sizeof *names);
    for (size_t i = 0; i < map->user_count; i++)
        names[i] = map->users[i].data;
    *wrong = (struct fault_wrong){
        .arg = "rcpt",
        .what = arena_printf(arena, "unknown user \"%.*s\"", SLICE_ARG(fault_text(f, "rcpt"))),
        .expected = "an address of \"users\"",
        .nearest = problem_nearest(fault_text(f, "rcpt"), names, map->user_count)};
    return false;
}

bool fault_check_target(const struct fault *f, const struct fault_map *map, struct arena *arena,
                        struct fault_wrong *wrong)
{
    return is_there(f, map) || reject_target(f, map, arena, wrong);
}

bool fault_check_args(const struct fault *f, const struct fault_map *map, struct arena *arena,
                      struct fault_wrong *wrong)
{
    return check_rcpt(f, map, arena, wrong) &&
           (!f->kind->judge || f->kind->judge(f, map, arena, wrong));
}
