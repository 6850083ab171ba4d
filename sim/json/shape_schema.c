#include "sim/json/shape_schema.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/base/check.h"

/* ---- indented JSON ---- */

static void put(struct shape_schema *w, struct slice text)
{
    w->is_good = w->is_good && bytes_append(w->out, text);
}

static void put_text(struct shape_schema *w, struct slice text)
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

static void new_line(struct shape_schema *w)
{
    put(w, SLICE("\n"));
    for (unsigned i = 0; i < w->depth; i++)
        put(w, SLICE("  "));
}

/* A comma behind the member before, the new line, and the key (NULL in a list). */
static void begin(struct shape_schema *w, const char *key)
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

void shape_schema_enter(struct shape_schema *w, const char *key, const char *bracket)
{
    begin(w, key);
    put(w, slice_of(bracket));
    check(w->depth + 1 < SHAPE_SCHEMA_DEPTH_MAX);
    w->depth++;
    w->has_member[w->depth] = false;
}

void shape_schema_leave(struct shape_schema *w, const char *bracket)
{
    bool is_empty = !w->has_member[w->depth];
    w->depth--;
    if (!is_empty)
        new_line(w);
    put(w, slice_of(bracket));
}

void shape_schema_text(struct shape_schema *w, const char *key, const char *text)
{
    begin(w, key);
    put_text(w, slice_of(text));
}

/* Something that JSON writes without quotes: a number, true, false. */
void shape_schema_plain(struct shape_schema *w, const char *key, const char *plain)
{
    begin(w, key);
    put(w, slice_of(plain));
}

static void write_number(struct shape_schema *w, const char *key, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    shape_schema_plain(w, key, text);
}

static void write_words(struct shape_schema *w, const char *key, const char *words)
{
    struct slice word, rest = slice_of(words);
    shape_schema_enter(w, key, "[");
    while (slice_cut(&rest, ' ', &word)) {
        begin(w, NULL);
        put_text(w, word);
    }
    shape_schema_leave(w, "]");
}

/* ---- rows ---- */

static void write_range(struct shape_schema *w, const struct shape_key *key)
{
    write_number(w, "minimum", key->min);
    write_number(w, "maximum", key->max);
}

static void write_shape_reference(struct shape_schema *w, const char *key,
                                  const struct shape *shape)
{
    char reference[64];
    snprintf(reference, sizeof reference, "#/$defs/%s", shape->name);
    if (key)
        shape_schema_enter(w, key, "{");
    shape_schema_text(w, "$ref", reference);
    if (key)
        shape_schema_leave(w, "}");
}

/* "Or a text alone": the first of the two; the second is for the caller to write. */
static void enter_or_text(struct shape_schema *w, const struct shape_key *key)
{
    shape_schema_enter(w, "anyOf", "[");
    shape_schema_enter(w, NULL, "{");
    shape_schema_text(w, "type", "string");
    if (key->text_format)
        shape_schema_text(w, "format", key->text_format);
    shape_schema_leave(w, "}");
    shape_schema_enter(w, NULL, "{");
}

static void leave_or_text(struct shape_schema *w)
{
    shape_schema_leave(w, "}");
    shape_schema_leave(w, "]");
}

static void write_list(struct shape_schema *w, const struct shape_key *key)
{
    shape_schema_text(w, "type", "array");
    if (key->is_required)
        write_number(w, "minItems", 1);
    write_number(w, "maxItems", key->max);
    if (!key->takes_text) {
        write_shape_reference(w, "items", key->of);
        return;
    }
    shape_schema_enter(w, "items", "{");
    enter_or_text(w, key);
    write_shape_reference(w, NULL, key->of);
    leave_or_text(w);
    shape_schema_leave(w, "}");
}

/* A list of numbers or texts. */
static void write_plain_list(struct shape_schema *w, const struct shape_key *key)
{
    bool is_numbers = key->type == SHAPE_NUMBERS;
    shape_schema_text(w, "type", "array");
    if (key->items_max > 0)
        write_number(w, "maxItems", key->items_max);
    shape_schema_enter(w, "items", "{");
    shape_schema_text(w, "type", is_numbers ? "integer" : "string");
    if (is_numbers)
        write_range(w, key);
    shape_schema_leave(w, "}");
}

/* What another file or another key decides on is any object here. */
static void write_object(struct shape_schema *w, const struct shape_key *key)
{
    struct slice reference, rest = slice_of(key->references);
    if (key->of) {
        write_shape_reference(w, NULL, key->of);
        return;
    }
    shape_schema_text(w, "type", "object");
    if (!key->references)
        return;
    shape_schema_enter(w, "anyOf", "[");
    while (slice_cut(&rest, ' ', &reference)) {
        shape_schema_enter(w, NULL, "{");
        begin(w, "$ref");
        put_text(w, reference);
        shape_schema_leave(w, "}");
    }
    shape_schema_leave(w, "]");
}

static void write_string(struct shape_schema *w, const struct shape_key *key)
{
    shape_schema_text(w, "type", "string");
    if (key->min > 0)
        write_number(w, "minLength", key->min);
    if (key->max > 0)
        write_number(w, "maxLength", key->max);
}

static void write_pattern(struct shape_schema *w, const char *pattern)
{
    shape_schema_text(w, "type", "string");
    shape_schema_text(w, "pattern", pattern);
}

#define LABEL "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"

static void write_type(struct shape_schema *w, const struct shape_key *key)
{
    switch (key->type) {
    case SHAPE_TEXT:
    case SHAPE_PROSE:
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
        shape_schema_text(w, "type", "string");
        shape_schema_text(w, "format", "ipv4");
        break;
    case SHAPE_ADDRESS:
        shape_schema_text(w, "type", "string");
        shape_schema_text(w, "format", "email");
        break;
    case SHAPE_ZONE:
        write_pattern(w, "^[+-]([01][0-9]|2[0-3])[0-5][0-9]$");
        break;
    case SHAPE_WORD:
        write_words(w, "enum", key->words);
        break;
    case SHAPE_BOOL:
        shape_schema_text(w, "type", "boolean");
        break;
    case SHAPE_NUMBER:
        shape_schema_text(w, "type", key->decimals ? "number" : "integer");
        write_range(w, key);
        break;
    case SHAPE_DURATION:
        write_words(w, "type", "number string");
        write_range(w, key);
        break;
    case SHAPE_NUMBERS:
    case SHAPE_TEXTS:
        write_plain_list(w, key);
        break;
    case SHAPE_LIST:
        write_list(w, key);
        break;
    case SHAPE_OBJECT:
        write_object(w, key);
        break;
    }
}

static void write_default(struct shape_schema *w, const struct shape_key *key)
{
    if (!key->fallback || !key->fallback[0])
        return;
    if (key->type == SHAPE_BOOL || key->type == SHAPE_NUMBER)
        shape_schema_plain(w, "default", key->fallback);
    else
        shape_schema_text(w, "default", key->fallback);
}

void shape_schema_key(struct shape_schema *w, const struct shape_key *key)
{
    shape_schema_enter(w, key->name, "{");
    bool is_either = key->takes_text && key->type != SHAPE_LIST;
    shape_schema_text(w, "description", key->meaning);
    if (is_either)
        enter_or_text(w, key);
    write_type(w, key);
    if (is_either)
        leave_or_text(w);
    write_default(w, key);
    shape_schema_leave(w, "}");
}

/* ---- objects ---- */

static void write_required(struct shape_schema *w, const struct shape *shape)
{
    bool is_open = false;
    for (size_t i = 0; i < shape->key_count; i++) {
        if (!shape->keys[i].is_required)
            continue;
        if (!is_open)
            shape_schema_enter(w, "required", "[");
        is_open = true;
        shape_schema_text(w, NULL, shape->keys[i].name);
    }
    if (is_open)
        shape_schema_leave(w, "]");
}

void shape_schema_members(struct shape_schema *w, const struct shape *shape)
{
    shape_schema_text(w, "type", "object");
    write_required(w, shape);
    shape_schema_plain(w, "additionalProperties", "false");
    shape_schema_enter(w, "properties", "{");
    for (size_t i = 0; i < shape->key_count; i++)
        shape_schema_key(w, &shape->keys[i]);
    shape_schema_leave(w, "}");
}

/* ---- a whole schema ---- */

void shape_schema_begin(struct shape_schema *w, struct bytes *out, const char *title)
{
    *w = (struct shape_schema){.out = out, .is_good = true};
    shape_schema_enter(w, NULL, "{");
    shape_schema_text(w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    shape_schema_text(w, "title", title);
}

bool shape_schema_end(struct shape_schema *w)
{
    shape_schema_leave(w, "}");
    put(w, SLICE("\n"));
    return w->is_good;
}
