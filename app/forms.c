#include "app/forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/view/tr.h"
#include "sim/base/memory.h"
#include "topologies/setting.h"

struct forms {
    struct arena arena;
    struct view_forms data;
};

/* ---- settings of roles ---- */

static struct view_field setting_field(const struct config_key *key)
{
    struct view_field field = {
        .key = key->name, .fallback = key->fallback, .meaning = key->meaning};
    switch (key->type) {
    case CONFIG_BOOL:
        field.words = "true false";
        break;
    case CONFIG_WORD:
        field.words = key->words;
        break;
    case CONFIG_NUMBER:
        field.min = key->min;
        field.max = key->max;
        break;
    case CONFIG_DURATION:
        field.range = TR("a time such as 90, 30min or 7d");
        break;
    case CONFIG_HOST:
        field.range = TR("the id or DNS name of a host");
        break;
    case CONFIG_ADDRESS:
        field.range = TR("a mail address");
        break;
    case CONFIG_TEXTS:
        field.range = TR("several, with commas between them");
        break;
    case CONFIG_TEXT:
        break;
    }
    return field;
}

static void add_roles(struct forms *f)
{
    struct view_role *roles = arena_take(&f->arena, registry_role_count * sizeof *roles);
    for (size_t i = 0; i < registry_role_count; i++) {
        const struct role *role = registry_roles[i];
        struct view_field *fields = arena_take(&f->arena, (role->key_count + 1) * sizeof *fields);
        for (size_t k = 0; k < role->key_count; k++)
            fields[k] = setting_field(&role->keys[k]);
        roles[i] = (struct view_role){role->name, role->meaning, fields, role->key_count};
    }
    f->data.roles = roles;
    f->data.role_count = registry_role_count;
}

/* ---- faults ---- */

/* A number is kept times a power of ten; people see it without. */
static int64_t undo_decimals(int64_t number, int decimals)
{
    while (decimals-- > 0)
        number /= 10;
    return number;
}

static struct view_field detail_field(const struct shape_key *key)
{
    struct view_field field = {.key = key->name,
                               .words = key->type == SHAPE_BOOL   ? "true false"
                                        : key->type == SHAPE_WORD ? key->words
                                                                  : NULL,
                               .fallback = key->fallback ? key->fallback : "",
                               .meaning = key->meaning,
                               .is_required = key->is_required};
    if (key->type == SHAPE_NUMBER) {
        field.min = undo_decimals(key->min, key->decimals);
        field.max = undo_decimals(key->max, key->decimals);
    }
    if (key->type == SHAPE_DURATION)
        field.range = TR("a time such as 90, 30min or 7d");
    if (key->type == SHAPE_ADDRESS)
        field.range = TR("a mail address");
    return field;
}

static enum view_target target_of(enum fault_target target)
{
    switch (target) {
    case FAULT_HOST:
        return VIEW_TARGET_HOST;
    case FAULT_LINK:
        return VIEW_TARGET_LINK;
    case FAULT_AGENT:
        return VIEW_TARGET_AGENT;
    case FAULT_USER:
        return VIEW_TARGET_USER;
    }
    return VIEW_TARGET_HOST;
}

static void add_faults(struct forms *f)
{
    struct view_fault_kind *kinds = arena_take(&f->arena, fault_kind_count * sizeof *kinds);
    for (size_t i = 0; i < fault_kind_count; i++) {
        const struct fault_kind *kind = &fault_kinds[i];
        struct view_field *fields =
            arena_take(&f->arena, (kind->args.key_count + 1) * sizeof *fields);
        for (size_t k = 0; k < kind->args.key_count; k++)
            fields[k] = detail_field(&kind->args.keys[k]);
        kinds[i] = (struct view_fault_kind){.name = kind->name,
                                            .meaning = kind->meaning,
                                            .target = target_of(kind->target),
                                            .roles = kind->roles ? kind->roles : "",
                                            .is_once = kind->is_once,
                                            .fields = fields,
                                            .field_count = kind->args.key_count};
    }
    f->data.faults = kinds;
    f->data.fault_count = fault_kind_count;
}

/* ---- what the topology says ---- */

static size_t count_values(const struct topology *t)
{
    size_t count = 0;
    for (size_t h = 0; h < t->host_count; h++)
        for (size_t a = 0; a < t->hosts[h].agent_count; a++)
            count += t->hosts[h].agents[a].config.count;
    return count;
}

static void add_values(struct forms *f, const struct topology *t)
{
    struct view_value *values = arena_take(&f->arena, (count_values(t) + 1) * sizeof *values);
    size_t count = 0;
    for (size_t h = 0; h < t->host_count; h++)
        for (size_t a = 0; a < t->hosts[h].agent_count; a++) {
            const struct topology_agent *agent = &t->hosts[h].agents[a];
            struct slice id = arena_copy(&f->arena, agent->id);
            for (size_t i = 0; i < agent->config.count; i++) {
                const struct config_value *v = &agent->config.values[i];
                struct slice text = setting_print(v, &f->arena);
                if (!slice_equal(text, slice_of(v->key->fallback)))
                    values[count++] = (struct view_value){id, slice_of(v->key->name), text};
            }
        }
    f->data.values = values;
    f->data.value_count = count;
}

/* "rcpt=bob@example.org code=452", in the order of the kind's rows: each goes up to the next. */
static struct slice cut_detail(const struct fault *fault, size_t row, struct slice *rest)
{
    const struct shape *shape = &fault->kind->args;
    size_t begin = strlen(shape->keys[row].name) + 1, end = rest->size;
    for (size_t next = row + 1; next < shape->key_count && end == rest->size; next++) {
        char mark[64];
        snprintf(mark, sizeof mark, " %s=", shape->keys[next].name);
        size_t at =
            fault->values[next].is_given ? slice_find(*rest, slice_of(mark), begin) : SLICE_NONE;
        end = at == SLICE_NONE ? end : at;
    }
    struct slice value = slice_part(*rest, begin, end);
    *rest = slice_part(*rest, end + 1, rest->size);
    bool is_quoted = value.size >= 2 && value.data[0] == '"' && slice_ends(value, SLICE("\""));
    return is_quoted ? slice_part(value, 1, value.size - 1) : value;
}

static void add_details(struct forms *f, const struct topology *t)
{
    size_t count = 0;
    struct view_value *details =
        arena_take(&f->arena, (t->fault_count * FAULT_ARGS_MAX + 1) * sizeof *details);
    for (size_t i = 0; i < t->fault_count; i++) {
        const struct fault *fault = &t->faults[i];
        struct slice id = arena_copy(&f->arena, fault->id), rest = fault->args;
        for (size_t k = 0; k < fault->kind->args.key_count && rest.size > 0; k++)
            if (fault->values[k].is_given)
                details[count++] =
                    (struct view_value){id, slice_of(fault->kind->args.keys[k].name),
                                        arena_copy(&f->arena, cut_detail(fault, k, &rest))};
    }
    f->data.details = details;
    f->data.detail_count = count;
}

static void add_people(struct forms *f, const struct topology *t)
{
    struct view_person *people = arena_take(&f->arena, (t->user_count + 1) * sizeof *people);
    for (size_t i = 0; i < t->user_count; i++)
        people[i] = (struct view_person){arena_copy(&f->arena, t->users[i].address),
                                         arena_copy(&f->arena, t->users[i].name)};
    f->data.people = people;
    f->data.person_count = t->user_count;
}

static void add_records(struct forms *f, const struct topology *t)
{
    struct view_record *records = arena_take(&f->arena, (t->record_count + 1) * sizeof *records);
    for (size_t i = 0; i < t->record_count; i++) {
        char type[16];
        const struct dns_record *r = &t->records[i];
        records[i] =
            (struct view_record){arena_copy(&f->arena, r->name),
                                 arena_copy(&f->arena, slice_of(dns_type_name(r->type, type))),
                                 arena_copy(&f->arena, dns_record_print(r, &f->arena))};
    }
    f->data.records = records;
    f->data.record_count = t->record_count;
}

struct forms *forms_create(const struct topology *topology)
{
    struct forms *f = memory_take(sizeof *f);
    add_roles(f);
    if (!topology)
        return f;
    add_faults(f);
    add_values(f, topology);
    add_details(f, topology);
    add_people(f, topology);
    add_records(f, topology);
    return f;
}

/* ---- what is to be translated ---- */

/* As C has it, so that xgettext can read it. */
static bool put_text(struct bytes *out, const char *text)
{
    bool fits = !text[0] || bytes_append(out, SLICE("tr(\""));
    for (const char *c = text; *c; c++)
        fits = fits && (!strchr("\"\\", *c) || bytes_append_octet(out, '\\')) &&
               bytes_append_octet(out, *c);
    return fits && (!text[0] || bytes_append(out, SLICE("\")\n")));
}

bool forms_print_texts(struct bytes *out)
{
    bool fits = true;
    for (size_t i = 0; i < registry_role_count; i++) {
        const struct role *role = registry_roles[i];
        fits = fits && put_text(out, role->meaning);
        for (size_t k = 0; k < role->key_count; k++)
            fits = fits && put_text(out, role->keys[k].meaning);
    }
    for (size_t i = 0; i < fault_kind_count; i++) {
        const struct fault_kind *kind = &fault_kinds[i];
        fits = fits && put_text(out, kind->meaning);
        for (size_t k = 0; k < kind->args.key_count; k++)
            fits = fits && put_text(out, kind->args.keys[k].meaning);
    }
    return fits;
}

void forms_destroy(struct forms *forms)
{
    if (!forms)
        return;
    arena_finish(&forms->arena);
    free(forms);
}

const struct view_forms *forms_data(const struct forms *forms)
{
    return &forms->data;
}
