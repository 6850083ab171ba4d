#include "topologies/load.h"

#include <string.h>

static bool is_role(const struct topology_agent *agent, const char *roles)
{
    struct slice role, rest = slice_of(roles);
    while (slice_cut(&rest, ' ', &role))
        if (slice_equal(slice_of(agent->role->name), role))
            return true;
    return false;
}

/* Is the target an agent of one of the roles? Adds the ids of those that are to `names`, if given.
 */
static bool find_agent(const struct topology *t, struct slice target, const char *roles,
                       const char **names, size_t *count)
{
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t k = 0; k < t->hosts[i].agent_count; k++) {
            const struct topology_agent *agent = &t->hosts[i].agents[k];
            if (!is_role(agent, roles))
                continue;
            if (slice_equal(agent->id, target))
                return true;
            if (names)
                names[(*count)++] = agent->id.data;
        }
    return false;
}

static bool check_agent(struct load *l, const struct shape_value *target, const char *roles,
                        const char *expected)
{
    size_t count = 0;
    if (find_agent(l->t, target->text, roles, NULL, NULL))
        return true;
    const char **names = load_names(l, l->ids->count);
    find_agent(l->t, target->text, roles, names, &count);
    return load_reject_unknown(l, target, "agent", expected, names, count);
}

static bool has_link(struct load *l, struct slice target)
{
    size_t colon = slice_find_octet(target, ':', 0);
    size_t a = name_index_find(l->ids, slice_part(target, 0, colon));
    size_t b = name_index_find(l->ids, slice_part(target, colon + 1, target.size));
    if (colon == SLICE_NONE || a >= l->t->host_count || b >= l->t->host_count)
        return false;
    struct slice pair = arena_printf(&l->scratch, "%zu:%zu", a < b ? a : b, a < b ? b : a);
    return name_index_find(&l->links, pair) != SLICE_NONE;
}

static bool check_link(struct load *l, const struct shape_value *target)
{
    const struct topology *t = l->t;
    if (has_link(l, target->text))
        return true;
    const char **names = load_names(l, t->link_count * 2);
    for (size_t i = 0; i < t->link_count; i++) {
        struct slice a = t->hosts[t->links[i].a].id, b = t->hosts[t->links[i].b].id;
        names[2 * i] = arena_printf(&l->scratch, "%.*s:%.*s", SLICE_ARG(a), SLICE_ARG(b)).data;
        names[2 * i + 1] = arena_printf(&l->scratch, "%.*s:%.*s", SLICE_ARG(b), SLICE_ARG(a)).data;
    }
    return load_reject_unknown(l, target, "link", "two hosts with a link between them, as a:b",
                               names, t->link_count * 2);
}

static bool check_target(struct load *l, enum format_fault kind, const struct shape_value *target)
{
    switch (kind) {
    case FORMAT_FAULT_HOST_DOWN:
        return load_host(l, target) != SLICE_NONE;
    case FORMAT_FAULT_LINK_CUT:
    case FORMAT_FAULT_LINK_SLOW:
        return check_link(l, target);
    case FORMAT_FAULT_DNS_SILENT:
        return check_agent(l, target, "dns", "the id of an agent of role dns");
    case FORMAT_FAULT_REJECT:
        return check_agent(l, target, "msa mta", "the id of an agent of role msa or mta");
    case FORMAT_FAULT_CERT_EXPIRED:
    case FORMAT_FAULT_CERT_WRONG_NAME:
    case FORMAT_FAULT_CERT_UNTRUSTED:
        return check_agent(l, target, "msa mta mda access",
                           "the id of an agent of role msa, mta, mda or access");
    }
    return false;
}

/* An argument that its kind has no use for is a mistake that would go unseen. */
static bool check_arg_names(struct load *l, enum format_fault kind, const cJSON *args)
{
    const char *names[SHAPE_KEYS_MAX];
    size_t count = 0;
    struct slice name, rest = slice_of(format_fault_args(kind));
    while (count < SHAPE_KEYS_MAX && slice_cut(&rest, ' ', &name))
        names[count++] = arena_copy(&l->scratch, name).data;
    const cJSON *node;
    cJSON_ArrayForEach(node, args)
    {
        size_t i = 0;
        while (i < count && strcmp(names[i], node->string) != 0)
            i++;
        if (i == count)
            return shape_reject_key(&l->reader, node, names, count);
    }
    return true;
}

/* The status code's class says the same as the reply's first digit (RFC 3463 2, RFC 2034 4). */
static bool is_status(struct slice text, uint32_t code)
{
    struct slice part, rest = text;
    uint64_t number, first = 0;
    size_t parts = 0;
    while (slice_cut(&rest, '.', &part)) {
        if (!slice_to_u64(part, &number) || part.size > 3)
            return false;
        first = parts++ == 0 ? number : first;
    }
    return parts == 3 && first == code / 100 && text.data[text.size - 1] != '.';
}

static bool read_status(struct load *l, const struct shape_value *esc, struct topology_fault *fault)
{
    fault->esc = esc->text;
    if (!esc->node) {
        fault->esc = fault->code < 500 ? SLICE("4.1.1") : SLICE("5.1.1");
    } else if (!is_status(esc->text, fault->code)) {
        struct slice expected =
            arena_printf(&l->scratch, "one of the class of reply %u, such as %u.1.1",
                         (unsigned)fault->code, (unsigned)fault->code / 100);
        return json_reader_reject(&l->reader, esc->node,
                                  (struct json_hint){.expected = expected.data},
                                  "bad status code %s", json_reader_quote(&l->reader, esc->text));
    }
    return true;
}

static bool read_args(struct load *l, enum format_fault kind, const cJSON *node,
                      struct topology_fault *fault)
{
    struct shape_values v;
    if (!shape_read(&l->reader, node, &format_args, &v) || !check_arg_names(l, kind, node))
        return false;
    fault->rcpt = shape_text(&v, "rcpt");
    fault->code = (uint32_t)shape_number(&v, "code");
    fault->extra_ms = (uint32_t)shape_number(&v, "extra_ms");
    if (shape_has(&v, "rcpt") && !load_user(l, shape_get(&v, "rcpt")))
        return false;
    return read_status(l, shape_get(&v, "esc"), fault);
}

static bool read_fault(struct load *l, const cJSON *node, struct name_index *ids)
{
    struct topology *t = l->t;
    struct shape_values v;
    if (!shape_read(&l->reader, node, &format_fault, &v))
        return false;
    size_t *slot = name_index_at(ids, shape_text(&v, "id"));
    if (*slot != SLICE_NONE)
        return load_reject_duplicate(l, shape_get(&v, "id"), "id", "another fault");
    *slot = t->fault_count;
    enum format_fault kind = (enum format_fault)shape_number(&v, "kind");
    struct topology_fault *fault = &t->faults[t->fault_count++];
    fault->id = shape_text(&v, "id");
    fault->label = shape_text(&v, "label");
    fault->kind = shape_text(&v, "kind");
    fault->target = shape_text(&v, "target");
    return check_target(l, kind, shape_get(&v, "target")) &&
           read_args(l, kind, shape_get(&v, "args")->node, fault);
}

bool load_faults(struct load *l, const cJSON *list)
{
    struct topology *t = l->t;
    size_t count = load_count(list);
    struct name_index ids;
    const cJSON *node;
    name_index_init(&ids, &l->scratch, count);
    t->faults = arena_take(&t->arena, count * sizeof *t->faults);
    cJSON_ArrayForEach(node, list)
    {
        if (!read_fault(l, node, &ids))
            return false;
    }
    return true;
}
