#include "topologies/schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/roles/registry.h"
#include "topologies/format.h"
#include "topologies/topology.h"

/* ---- a writer of indented JSON ---- */

enum { DEPTH_MAX = 16 };

struct writer {
    struct bytes *out;
    bool is_good;
    unsigned depth;
    bool has_member[DEPTH_MAX];
};

static void put(struct writer *w, struct slice text)
{
    w->is_good = w->is_good && bytes_append(w->out, text);
}

static void put_text(struct writer *w, struct slice text)
{
    put(w, SLICE("\""));
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            put(w, SLICE("\\"));
        if (text.data[i] == '\n')
            put(w, SLICE("\\n"));
        else
            put(w, slice_part(text, i, i + 1));
    }
    put(w, SLICE("\""));
}

static void new_line(struct writer *w)
{
    put(w, SLICE("\n"));
    for (unsigned i = 0; i < w->depth; i++)
        put(w, SLICE("  "));
}

/* A comma behind the member before, the new line, and the key (NULL in a list). */
static void begin(struct writer *w, const char *key)
{
    if (w->has_member[w->depth])
        put(w, SLICE(","));
    w->has_member[w->depth] = true;
    if (w->depth > 0)
        new_line(w);
    if (key) {
        put_text(w, slice_of(key));
        put(w, SLICE(": "));
    }
}

static void enter(struct writer *w, const char *key, const char *bracket)
{
    begin(w, key);
    put(w, slice_of(bracket));
    w->depth++;
    w->has_member[w->depth] = false;
}

static void leave(struct writer *w, const char *bracket)
{
    bool is_empty = !w->has_member[w->depth];
    w->depth--;
    if (!is_empty)
        new_line(w);
    put(w, slice_of(bracket));
}

static void write_text(struct writer *w, const char *key, const char *text)
{
    begin(w, key);
    put_text(w, slice_of(text));
}

/* Something that JSON writes without quotes: a number, true, false. */
static void write_plain(struct writer *w, const char *key, const char *plain)
{
    begin(w, key);
    put(w, slice_of(plain));
}

static void write_number(struct writer *w, const char *key, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    write_plain(w, key, text);
}

static void write_words(struct writer *w, const char *key, const char *words)
{
    struct slice word, rest = slice_of(words);
    enter(w, key, "[");
    while (slice_cut(&rest, ' ', &word)) {
        begin(w, NULL);
        put_text(w, word);
    }
    leave(w, "]");
}

/* ---- rows ---- */

static void write_range(struct writer *w, const struct shape_key *key)
{
    write_number(w, "minimum", key->min);
    write_number(w, "maximum", key->max);
}

static void write_item(struct writer *w, const struct shape_key *key)
{
    char reference[64];
    snprintf(reference, sizeof reference, "#/$defs/%s", key->of->name);
    enter(w, "items", "{");
    if (key->takes_text) {
        enter(w, "anyOf", "[");
        enter(w, NULL, "{");
        write_text(w, "type", "string");
        write_text(w, "format", "email");
        leave(w, "}");
        enter(w, NULL, "{");
        write_text(w, "$ref", reference);
        leave(w, "}");
        leave(w, "]");
    } else {
        write_text(w, "$ref", reference);
    }
    leave(w, "}");
}

static void write_list(struct writer *w, const struct shape_key *key)
{
    write_text(w, "type", "array");
    if (key->type == SHAPE_LIST) {
        if (key->is_required)
            write_number(w, "minItems", 1);
        write_number(w, "maxItems", key->max);
        write_item(w, key);
        return;
    }
    if (key->type == SHAPE_NUMBERS)
        write_number(w, "maxItems", TOPOLOGY_PORTS_MAX);
    enter(w, "items", "{");
    write_text(w, "type", key->type == SHAPE_NUMBERS ? "integer" : "string");
    if (key->type == SHAPE_NUMBERS)
        write_range(w, key);
    leave(w, "}");
}

static void write_string(struct writer *w, const struct shape_key *key)
{
    write_text(w, "type", "string");
    if (key->min > 0)
        write_number(w, "minLength", key->min);
    if (key->max > 0)
        write_number(w, "maxLength", key->max);
}

static void write_pattern(struct writer *w, const char *pattern)
{
    write_text(w, "type", "string");
    write_text(w, "pattern", pattern);
}

#define LABEL "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"

static void write_type(struct writer *w, const struct shape_key *key)
{
    switch (key->type) {
    case SHAPE_TEXT:
        write_string(w, key);
        break;
    case SHAPE_ID:
        write_pattern(w, "^[A-Za-z0-9_-]{1,64}$");
        break;
    case SHAPE_DOMAIN:
        write_pattern(w, "^" LABEL "(\\." LABEL ")*\\.?$");
        break;
    case SHAPE_FULL_NAME:
        write_pattern(w, "^" LABEL "(\\." LABEL ")+\\.?$");
        break;
    case SHAPE_IPV4:
        write_text(w, "type", "string");
        write_text(w, "format", "ipv4");
        break;
    case SHAPE_ADDRESS:
        write_text(w, "type", "string");
        write_text(w, "format", "email");
        break;
    case SHAPE_ZONE:
        write_pattern(w, "^[+-]([01][0-9]|2[0-3])[0-5][0-9]$");
        break;
    case SHAPE_WORD:
        write_words(w, "enum", key->words);
        break;
    case SHAPE_BOOL:
        write_text(w, "type", "boolean");
        break;
    case SHAPE_NUMBER:
        write_text(w, "type", key->decimals ? "number" : "integer");
        write_range(w, key);
        break;
    case SHAPE_DURATION:
        write_words(w, "type", "number string");
        write_range(w, key);
        break;
    case SHAPE_NUMBERS:
    case SHAPE_TEXTS:
    case SHAPE_LIST:
        write_list(w, key);
        break;
    case SHAPE_OBJECT:
        if (key->of) {
            char reference[64];
            snprintf(reference, sizeof reference, "#/$defs/%s", key->of->name);
            write_text(w, "$ref", reference);
        } else {
            write_text(w, "type", "object");
        }
        break;
    }
}

static void write_default(struct writer *w, const struct shape_key *key)
{
    if (!key->fallback || !key->fallback[0])
        return;
    if (key->type == SHAPE_BOOL || key->type == SHAPE_NUMBER)
        write_plain(w, "default", key->fallback);
    else
        write_text(w, "default", key->fallback);
}

static void write_key(struct writer *w, const struct shape_key *key)
{
    enter(w, key->name, "{");
    write_text(w, "description", key->meaning);
    write_type(w, key);
    write_default(w, key);
    leave(w, "}");
}

/* ---- objects ---- */

static void write_required(struct writer *w, const struct shape *shape)
{
    bool is_open = false;
    for (size_t i = 0; i < shape->key_count; i++) {
        if (!shape->keys[i].is_required)
            continue;
        if (!is_open)
            enter(w, "required", "[");
        is_open = true;
        write_text(w, NULL, shape->keys[i].name);
    }
    if (is_open)
        leave(w, "]");
}

static void write_members(struct writer *w, const struct shape *shape)
{
    write_text(w, "type", "object");
    write_required(w, shape);
    write_plain(w, "additionalProperties", "false");
    enter(w, "properties", "{");
    for (size_t i = 0; i < shape->key_count; i++)
        write_key(w, &shape->keys[i]);
    leave(w, "}");
}

static void write_settings(struct writer *w, const struct role *role)
{
    enter(w, "config", "{");
    write_text(w, "type", "object");
    write_plain(w, "additionalProperties", "false");
    enter(w, "properties", "{");
    for (size_t i = 0; i < role->key_count; i++) {
        struct shape_key key = format_config_key(&role->keys[i]);
        write_key(w, &key);
    }
    leave(w, "}");
    leave(w, "}");
}

/* "If the key says this, then ..." */
static void enter_case(struct writer *w, const char *key, const char *value, const char *meaning)
{
    enter(w, NULL, "{");
    enter(w, "if", "{");
    enter(w, "properties", "{");
    enter(w, key, "{");
    write_text(w, "const", value);
    leave(w, "}");
    leave(w, "}");
    leave(w, "}");
    enter(w, "then", "{");
    write_text(w, "description", meaning);
    enter(w, "properties", "{");
}

static void leave_case(struct writer *w)
{
    leave(w, "}");
    leave(w, "}");
    leave(w, "}");
}

/* The words that a key may have. */
static void enter_words(struct writer *w, const char *key)
{
    enter(w, NULL, "{");
    enter(w, "properties", "{");
    enter(w, key, "{");
    enter(w, "enum", "[");
}

static void leave_words(struct writer *w)
{
    leave(w, "]");
    leave(w, "}");
    leave(w, "}");
    leave(w, "}");
}

/* Each role has its settings. */
static void write_agent_roles(struct writer *w)
{
    enter(w, "allOf", "[");
    enter_words(w, "role");
    for (size_t i = 0; i < registry_role_count; i++)
        write_text(w, NULL, registry_roles[i]->name);
    leave_words(w);
    for (size_t i = 0; i < registry_role_count; i++) {
        enter_case(w, "role", registry_roles[i]->name, registry_roles[i]->meaning);
        write_settings(w, registry_roles[i]);
        leave_case(w);
    }
    leave(w, "]");
}

/* Each kind of fault has its details. */
static void write_fault_kinds(struct writer *w)
{
    enter(w, "allOf", "[");
    enter_words(w, "kind");
    for (size_t i = 0; i < fault_kind_count; i++)
        write_text(w, NULL, fault_kinds[i].name);
    leave_words(w);
    for (size_t i = 0; i < fault_kind_count; i++) {
        enter_case(w, "kind", fault_kinds[i].name, fault_kinds[i].meaning);
        enter(w, "args", "{");
        write_members(w, &fault_kinds[i].args);
        leave(w, "}");
        leave_case(w);
    }
    leave(w, "]");
}

static void write_definitions(struct writer *w)
{
    static const struct shape *const shapes[] = {&format_admd,  &format_host,   &format_agent,
                                                 &format_link,  &format_record, &format_user,
                                                 &format_fault, &format_demo};
    enter(w, "$defs", "{");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        enter(w, shapes[i]->name, "{");
        write_members(w, shapes[i]);
        if (shapes[i] == &format_agent)
            write_agent_roles(w);
        if (shapes[i] == &format_fault)
            write_fault_kinds(w);
        leave(w, "}");
    }
    leave(w, "}");
}

bool schema_print(struct bytes *out)
{
    struct writer w = {.out = out, .is_good = true};
    enter(&w, NULL, "{");
    write_text(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    write_text(&w, "title", "mailflow topology, format 1");
    write_members(&w, &format_topology);
    write_definitions(&w);
    leave(&w, "}");
    put(&w, SLICE("\n"));
    return w.is_good;
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
