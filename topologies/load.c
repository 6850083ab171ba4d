#include "topologies/load.h"

#include "agents/mail/address.h"
#include "agents/mail/redirect.h"
#include "agents/mail/rules.h"
#include "sim/json/json_file.h"
#include "topologies/action.h"

size_t load_count(const cJSON *list)
{
    size_t count = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        count++;
    }
    return count;
}

const char **load_names(struct load *l, size_t count)
{
    return arena_take(&l->scratch, count * sizeof(const char *));
}

bool load_reject_unknown(struct load *l, const struct shape_value *value, const char *kind,
                         const char *expected, const char *const *names, size_t count)
{
    struct json_hint hint = {.expected = expected,
                             .nearest = problem_nearest(value->text, names, count)};
    return json_reader_reject(&l->reader, value->node, hint, "unknown %s %s", kind,
                              json_reader_quote(&l->reader, value->text));
}

bool load_reject_duplicate(struct load *l, const struct shape_value *value, const char *what,
                           const char *owner)
{
    struct json_hint hint = {.expected = "one that is not taken"};
    return json_reader_reject(&l->reader, value->node, hint, "duplicate %s %s, already that of %s",
                              what, json_reader_quote(&l->reader, value->text), owner);
}

bool load_admds(struct load *l, const cJSON *list)
{
    struct topology *t = l->t;
    size_t count = load_count(list);
    const cJSON *node;
    name_index_init(&l->admds, &l->scratch, count);
    t->admds = arena_take(&t->arena, count * sizeof *t->admds);
    cJSON_ArrayForEach(node, list)
    {
        struct shape_values v;
        if (!shape_read(&l->reader, node, &format_admd, &v))
            return false;
        size_t *slot = name_index_at(&l->admds, shape_text(&v, "id"));
        if (*slot != SLICE_NONE)
            return load_reject_duplicate(l, shape_get(&v, "id"), "id", "another admd");
        *slot = t->admd_count;
        t->admds[t->admd_count++] =
            (struct topology_admd){.id = shape_text(&v, "id"), .name = shape_text(&v, "name")};
    }
    return true;
}

bool load_user(struct load *l, const struct shape_value *value)
{
    const struct topology *t = l->t;
    if (name_index_find(&l->users, name_index_fold(&l->scratch, value->text)) != SLICE_NONE)
        return true;
    const char **names = load_names(l, t->user_count);
    for (size_t i = 0; i < t->user_count; i++)
        names[i] = t->users[i].address.data;
    return load_reject_unknown(l, value, "user", "an address of \"users\"", names, t->user_count);
}

/* A list of texts as the lines of a file; each must be good. */
static bool read_lines(struct load *l, const struct shape_value *list, struct slice *file,
                       bool (*is_good)(struct load *l, struct slice line, struct problem *problem))
{
    const cJSON *node;
    cJSON_ArrayForEach(node, list->node)
    {
        struct problem why = {0};
        struct slice line = slice_of(node->valuestring);
        if (!is_good(l, line, &why))
            return json_reader_reject(&l->reader, node, (struct json_hint){.expected = NULL}, "%s",
                                      why.what);
        *file = arena_join(&l->t->arena, (struct slice[]){*file, line, SLICE("\n")}, 3);
    }
    return true;
}

static bool is_forward(struct load *l, struct slice line, struct problem *problem)
{
    struct redirect redirect;
    return redirect_next(&line, SLICE("user@example.org"), &l->scratch, &redirect) ||
           problem_set(problem, "\"%.*s\" is no address that mail can be forwarded to",
                       SLICE_ARG(slice_part(line, 0, 80)));
}

static bool is_rule(struct load *l, struct slice line, struct problem *problem)
{
    struct rules_rule rule;
    return rules_read(line, &l->scratch, &rule, problem);
}

static bool read_user(struct load *l, const cJSON *node, struct shape_value *address,
                      struct topology_user *user)
{
    static const struct shape_key address_key = {.name = "address", .type = SHAPE_ADDRESS};
    struct shape_values v;
    if (cJSON_IsString(node))
        return shape_read_value(&l->reader, node, &address_key, address);
    if (!shape_read(&l->reader, node, &format_user, &v))
        return false;
    *address = *shape_get(&v, "address");
    user->name = shape_text(&v, "name");
    user->password = shape_text(&v, "password");
    return read_lines(l, shape_get(&v, "forward"), &user->forward, is_forward) &&
           read_lines(l, shape_get(&v, "rules"), &user->rules, is_rule);
}

/* Mailboxes are told apart without regard to case, as delivery does it here. */
bool load_users(struct load *l, const cJSON *list)
{
    struct topology *t = l->t;
    size_t count = load_count(list);
    const cJSON *node;
    name_index_init(&l->users, &l->scratch, count);
    t->users = arena_take(&t->arena, count * sizeof *t->users);
    cJSON_ArrayForEach(node, list)
    {
        struct shape_value address;
        struct topology_user *user = &t->users[t->user_count];
        if (!read_user(l, node, &address, user))
            return false;
        size_t *slot = name_index_at(&l->users, name_index_fold(&l->scratch, address.text));
        if (*slot != SLICE_NONE)
            return load_reject_duplicate(l, &address, "user", "another user");
        *slot = t->user_count++;
        user->address = address.text;
        if (user->password.size == 0)
            user->password =
                arena_printf(&t->arena, "secret-%.*s", SLICE_ARG(address_local(address.text)));
    }
    return true;
}

/* Mail for a user must end somewhere: at an mta for which the domain is local; or where DNS says,
   though nobody may be there any more. */
bool load_check_users(struct load *l, const cJSON *list)
{
    const struct topology *t = l->t;
    const char **names;
    size_t count = load_local_domains(l, &names), i = 0;
    struct name_index domains;
    const cJSON *node;
    name_index_init(&domains, &l->scratch, count);
    for (size_t k = 0; k < count; k++)
        *name_index_at(&domains, name_index_fold(&l->scratch, slice_of(names[k]))) = k;
    cJSON_ArrayForEach(node, list)
    {
        struct slice domain = address_domain(t->users[i++].address);
        struct shape_value value = {.node = node, .text = domain};
        if (cJSON_IsObject(node))
            value.node = cJSON_GetObjectItemCaseSensitive(node, "address");
        struct slice folded = name_index_fold(&l->scratch, domain);
        if (name_index_find(&domains, folded) == SLICE_NONE &&
            name_index_find(&l->records, folded) == SLICE_NONE)
            return load_reject_unknown(l, &value, "domain", "one that an mta has in \"local\"",
                                       names, count);
    }
    return true;
}

/* The words of an action; whether its names exist is found out when it is planned. */
static bool check_action(struct load *l, const struct shape_value *value)
{
    struct action action;
    struct problem problem = {0};
    return action_read(value->text, &l->scratch, &action, &problem) ||
           json_reader_reject(&l->reader, value->node, (struct json_hint){0}, "%s", problem.what);
}

bool load_demo(struct load *l, const cJSON *list)
{
    struct topology *t = l->t;
    const cJSON *node;
    t->demo = arena_take(&t->arena, load_count(list) * sizeof *t->demo);
    cJSON_ArrayForEach(node, list)
    {
        struct shape_values v;
        if (!shape_read(&l->reader, node, &format_demo, &v))
            return false;
        if (!check_action(l, shape_get(&v, "do")))
            return false;
        t->demo[t->demo_count++] =
            (struct topology_demo){.t = shape_number(&v, "at"), .action = shape_text(&v, "do")};
    }
    return true;
}

static const cJSON *list_of(const struct shape_values *v, const char *name)
{
    return shape_get(v, name)->node;
}

/* Users come before the agents that name them, hosts and records before the settings that do. */
static bool read_sections(struct load *l, const struct shape_values *v)
{
    return load_admds(l, list_of(v, "admds")) && load_users(l, list_of(v, "users")) &&
           load_hosts(l, list_of(v, "hosts")) && load_records(l, list_of(v, "dns")) &&
           load_agents(l, list_of(v, "hosts")) && load_check_records(l, list_of(v, "dns")) &&
           load_check_users(l, list_of(v, "users")) && load_links(l, list_of(v, "links")) &&
           load_check_lines(l, list_of(v, "hosts")) && load_faults(l, list_of(v, "faults")) &&
           load_demo(l, list_of(v, "demo"));
}

static bool read_topology(struct load *l)
{
    struct topology *t = l->t;
    struct shape_values v;
    if (!shape_read(&l->reader, l->reader.root, &format_topology, &v))
        return false;
    t->id = shape_text(&v, "id");
    t->title = shape_has(&v, "title") ? shape_text(&v, "title") : t->id;
    t->look = shape_text(&v, "look");
    return read_sections(l, &v);
}

static bool reject_size(const char *name, struct problem *problem)
{
    problem_at(problem, name, 0, 0);
    return problem_set(problem, "too large, expected a topology of at most %d octets",
                       TOPOLOGY_FILE_MAX);
}

bool topology_read(struct topology *t, struct slice json, const char *name, struct problem *problem)
{
    *t = (struct topology){0};
    if (json.size > TOPOLOGY_FILE_MAX)
        return reject_size(name, problem);
    struct load l = {.t = t};
    arena_init(&t->arena);
    arena_init(&l.scratch);
    t->json = arena_copy(&t->arena, json);
    bool is_good = json_reader_init(&l.reader, t->json, name, &t->arena, problem);
    if (is_good)
        is_good = read_topology(&l);
    json_reader_finish(&l.reader);
    arena_finish(&l.scratch);
    if (!is_good)
        topology_finish(t);
    return is_good;
}

bool topology_load(struct topology *t, const char *path, struct problem *problem)
{
    struct bytes text;
    if (!json_file_read(path, TOPOLOGY_FILE_MAX, &text, problem))
        return false;
    bool is_good = topology_read(t, bytes_slice(&text), path, problem);
    bytes_finish(&text);
    return is_good;
}

void topology_finish(struct topology *t)
{
    arena_finish(&t->arena);
    *t = (struct topology){0};
}

size_t topology_find_host(const struct topology *t, struct slice id)
{
    enum { NAME_MAX_OCTETS = 255 };
    char folded[NAME_MAX_OCTETS];
    size_t found = t->ids ? name_index_find(t->ids, id) : SLICE_NONE;
    if (found < t->host_count)
        return found;
    if (!t->names || id.size > sizeof folded)
        return SLICE_NONE;
    for (size_t i = 0; i < id.size; i++)
        folded[i] = slice_lower(id.data[i]);
    return name_index_find(t->names, (struct slice){folded, id.size});
}
