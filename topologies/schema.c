#include "topologies/schema.h"

#include "agents/roles/registry.h"
#include "sim/json/shape_schema.h"
#include "topologies/format.h"
#include "topologies/topology.h"

static void write_settings(struct shape_schema *w, const struct role *role)
{
    shape_schema_enter(w, "config", "{");
    shape_schema_text(w, "type", "object");
    shape_schema_plain(w, "additionalProperties", "false");
    shape_schema_enter(w, "properties", "{");
    for (size_t i = 0; i < role->key_count; i++) {
        struct shape_key key = format_config_key(&role->keys[i]);
        shape_schema_key(w, &key);
    }
    shape_schema_leave(w, "}");
    shape_schema_leave(w, "}");
}

/* "If the key says this, then ..." */
static void enter_case(struct shape_schema *w, const char *key, const char *value,
                       const char *meaning)
{
    shape_schema_enter(w, NULL, "{");
    shape_schema_enter(w, "if", "{");
    shape_schema_enter(w, "properties", "{");
    shape_schema_enter(w, key, "{");
    shape_schema_text(w, "const", value);
    shape_schema_leave(w, "}");
    shape_schema_leave(w, "}");
    shape_schema_leave(w, "}");
    shape_schema_enter(w, "then", "{");
    shape_schema_text(w, "description", meaning);
    shape_schema_enter(w, "properties", "{");
}

static void leave_case(struct shape_schema *w)
{
    shape_schema_leave(w, "}");
    shape_schema_leave(w, "}");
    shape_schema_leave(w, "}");
}

/* The words that a key may have. */
static void enter_words(struct shape_schema *w, const char *key)
{
    shape_schema_enter(w, NULL, "{");
    shape_schema_enter(w, "properties", "{");
    shape_schema_enter(w, key, "{");
    shape_schema_enter(w, "enum", "[");
}

static void leave_words(struct shape_schema *w)
{
    shape_schema_leave(w, "]");
    shape_schema_leave(w, "}");
    shape_schema_leave(w, "}");
    shape_schema_leave(w, "}");
}

/* Each role has its settings. */
static void write_agent_roles(struct shape_schema *w)
{
    shape_schema_enter(w, "allOf", "[");
    enter_words(w, "role");
    for (size_t i = 0; i < registry_role_count; i++)
        shape_schema_text(w, NULL, registry_roles[i]->name);
    leave_words(w);
    for (size_t i = 0; i < registry_role_count; i++) {
        enter_case(w, "role", registry_roles[i]->name, registry_roles[i]->meaning);
        write_settings(w, registry_roles[i]);
        leave_case(w);
    }
    shape_schema_leave(w, "]");
}

/* Each kind of fault has its details. */
static void write_fault_kinds(struct shape_schema *w)
{
    shape_schema_enter(w, "allOf", "[");
    enter_words(w, "kind");
    for (size_t i = 0; i < fault_kind_count; i++)
        shape_schema_text(w, NULL, fault_kinds[i].name);
    leave_words(w);
    for (size_t i = 0; i < fault_kind_count; i++) {
        enter_case(w, "kind", fault_kinds[i].name, fault_kinds[i].meaning);
        shape_schema_enter(w, "args", "{");
        shape_schema_members(w, &fault_kinds[i].args);
        shape_schema_leave(w, "}");
        leave_case(w);
    }
    shape_schema_leave(w, "]");
}

static void write_definitions(struct shape_schema *w)
{
    static const struct shape *const shapes[] = {&format_admd,  &format_host,   &format_agent,
                                                 &format_link,  &format_record, &format_user,
                                                 &format_fault, &format_demo};
    shape_schema_enter(w, "$defs", "{");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        shape_schema_enter(w, shapes[i]->name, "{");
        shape_schema_members(w, shapes[i]);
        if (shapes[i] == &format_agent)
            write_agent_roles(w);
        if (shapes[i] == &format_fault)
            write_fault_kinds(w);
        shape_schema_leave(w, "}");
    }
    shape_schema_leave(w, "}");
}

bool schema_print(struct bytes *out)
{
    struct shape_schema w;
    shape_schema_begin(&w, out, "mailflow topology, format 1");
    shape_schema_members(&w, &format_topology);
    write_definitions(&w);
    return shape_schema_end(&w);
}

/* ---- the table of faults ---- */

static const char *args_words(const struct shape *args, struct arena *arena)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < args->key_count; i++) {
        const struct shape_key *key = &args->keys[i];
        all = arena_printf(arena, "%.*s%s`%s`: %s%s%s%s", SLICE_ARG(all), i ? "; " : "", key->name,
                           key->meaning, key->is_required ? " (needed)" : "",
                           key->fallback && key->fallback[0] ? ", by default " : "",
                           key->fallback ? key->fallback : "");
    }
    return all.data;
}

bool schema_print_faults(struct bytes *out)
{
    struct arena arena;
    bool fits = bytes_append(out, SLICE("| kind | target | what happens | `args` |\n"
                                        "|---|---|---|---|\n"));
    arena_init(&arena);
    for (size_t i = 0; i < fault_kind_count; i++)
        fits =
            fits && bytes_printf(out, "| `%s` | %s | %s | %s |\n", fault_kinds[i].name,
                                 fault_target_words(&fault_kinds[i], &arena),
                                 fault_kinds[i].meaning, args_words(&fault_kinds[i].args, &arena));
    arena_finish(&arena);
    return fits;
}
