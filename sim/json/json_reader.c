#include "sim/json/json_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vector.h"
#include "sim/json/json_scan.h"

enum { QUOTE_MAX = 48, PATH_MAX_OCTETS = 160, WHAT_MAX = 400 };

/* The offsets of all values, in the order of the file. */
struct offsets {
    VECTOR(uint32_t) list;
    size_t next;
};

/* A problem of the text itself, not of a value in it. */
static bool reject_text(struct json_reader *r, size_t offset, const char *what)
{
    int line, column;
    json_scan_position(r->text, offset, &line, &column);
    problem_at(r->problem, r->name, line, column);
    return problem_set(r->problem, "%s", what);
}

/* What stands at an offset, for "found ...": one character, in quotes that it is not. */
static const char *found(struct json_reader *r, size_t offset)
{
    if (offset >= r->text.size)
        return "the end of the file";
    unsigned char octet = (unsigned char)r->text.data[offset];
    if (octet == '\n' || octet == '\r')
        return "the end of the line";
    if (octet < ' ' || octet >= 127)
        return arena_printf(r->arena, "octet %02X", octet).data;
    char quote = octet == '"' ? '\'' : '"';
    return arena_printf(r->arena, "%c%c%c", quote, octet, quote).data;
}

static bool scan_all(struct json_reader *r, struct offsets *offsets)
{
    struct json_scan scan;
    json_scan_init(&scan, r->text);
    while (json_scan_next(&scan)) {
        if (offsets->list.count == JSON_READER_VALUES_MAX)
            return reject_text(r, scan.value_at, "too many values, expected at most 2000000");
        *vector_add(&offsets->list) = (uint32_t)scan.value_at;
    }
    if (!scan.error)
        return true;
    return reject_text(r, scan.error_at,
                       arena_printf(r->arena, "broken JSON: expected %s, found %s", scan.error,
                                    found(r, scan.error_at))
                           .data);
}

/* The int of a node is of no use to us (numbers are read from their text), so it keeps the offset.
 */
static size_t offset_of(const cJSON *node)
{
    return (size_t)node->valueint;
}

/* cJSON and the scan meet the values in the same order; depth is bounded by the scan. */
static bool place_nodes(cJSON *node, struct offsets *offsets)
{
    if (offsets->next == offsets->list.count)
        return false;
    node->valueint = (int)offsets->list.items[offsets->next++];
    for (cJSON *child = node->child; child; child = child->next)
        if (!place_nodes(child, offsets))
            return false;
    return true;
}

static bool build_tree(struct json_reader *r, struct offsets *offsets)
{
    r->root = cJSON_ParseWithLengthOpts(r->text.data, r->text.size + 1, NULL, true);
    if (r->root && place_nodes(r->root, offsets) && offsets->next == offsets->list.count)
        return true;
    cJSON_Delete(r->root);
    r->root = NULL;
    return reject_text(r, 0, "broken JSON: the parser refused it");
}

bool json_reader_init(struct json_reader *r, struct slice text, const char *name,
                      struct arena *arena, struct problem *problem)
{
    *r = (struct json_reader){.text = text, .name = name, .arena = arena, .problem = problem};
    struct offsets offsets = {0};
    bool is_good = scan_all(r, &offsets) && build_tree(r, &offsets);
    vector_finish(&offsets.list);
    return is_good;
}

void json_reader_finish(struct json_reader *r)
{
    cJSON_Delete(r->root);
    r->root = NULL;
}

static bool is_inside_character(char octet)
{
    return ((unsigned char)octet & 0xC0) == 0x80;
}

/* At most `most` octets, ending between two characters. */
static struct slice cut(struct slice text, size_t most)
{
    if (text.size <= most)
        return text;
    while (most > 0 && is_inside_character(text.data[most]))
        most--;
    return slice_part(text, 0, most);
}

const char *json_reader_quote(struct json_reader *r, struct slice text)
{
    struct slice shown = cut(text, QUOTE_MAX);
    return arena_printf(r->arena, "\"%.*s%s\"", SLICE_ARG(shown),
                        shown.size < text.size ? "..." : "")
        .data;
}

/* "hosts[2].agents[0].port" of the latest value of the scan. */
static void print_path(const struct json_scan *scan, char path[PATH_MAX_OCTETS])
{
    size_t used = 0;
    path[0] = '\0';
    for (size_t i = 0; i < scan->value_depth && used < PATH_MAX_OCTETS - 1; i++) {
        const struct json_scan_level *level = &scan->levels[i];
        struct slice key = cut(level->key, QUOTE_MAX);
        size_t room = PATH_MAX_OCTETS - used;
        int n = level->is_object
                    ? snprintf(path + used, room, "%s%.*s", i ? "." : "", SLICE_ARG(key))
                    : snprintf(path + used, room, "[%zu]", level->count - 1);
        used += n > 0 ? (size_t)n : 0;
    }
}

/* Walks the text again up to the node: only done once, for the problem that ends the reading. */
static void find_node(struct json_reader *r, const cJSON *node, bool is_at_key,
                      char path[PATH_MAX_OCTETS])
{
    struct json_scan scan;
    json_scan_init(&scan, r->text);
    while (json_scan_next(&scan) && scan.value_at < offset_of(node))
        continue;
    int line, column;
    json_scan_position(r->text, is_at_key ? json_scan_key_at(&scan) : scan.value_at, &line,
                       &column);
    problem_at(r->problem, r->name, line, column);
    print_path(&scan, path);
}

/* Who has no file before him is told the last key only. */
static const char *where_of(const struct json_reader *r, const char *path)
{
    const char *dot = strrchr(path, '.'), *key = dot ? dot + 1 : path;
    if (r->name[0])
        return path[0] ? path : "the top level";
    return strchr(key, '[') ? "" : key;
}

bool json_reader_reject(struct json_reader *r, const cJSON *node, struct json_hint hint,
                        const char *format, ...)
{
    char what[WHAT_MAX], path[PATH_MAX_OCTETS];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    find_node(r, node, hint.is_at_key, path);
    const char *where = where_of(r, path);
    return problem_set(r->problem, "%s%s%s%s%s%s%s%s%s", what, where[0] ? " (" : "", where,
                       where[0] ? ")" : "", hint.expected ? ", expected " : "",
                       hint.expected ? hint.expected : "", hint.nearest ? "; did you mean \"" : "",
                       hint.nearest ? hint.nearest : "", hint.nearest ? "\"?" : "");
}

/* The character that an escape writes, and what it takes in the file (the scan has found it good,
   RFC 8259 7). */
static size_t escaped_octets(struct slice raw, size_t *taken)
{
    char digits[5] = {0};
    *taken = 2;
    if (raw.size < 6 || raw.data[1] != 'u')
        return 1;
    memcpy(digits, raw.data + 2, 4);
    unsigned long unit = strtoul(digits, NULL, 16);
    bool is_pair = unit >= 0xD800 && unit <= 0xDFFF;
    *taken = is_pair ? 12 : 6;
    return is_pair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
}

/* Where in the file an octet of a text stands; its closing quote when the text is shorter. */
static size_t offset_in(const struct json_reader *r, const cJSON *node, size_t octet)
{
    size_t at = offset_of(node) + 1;
    for (size_t done = 0; at < r->text.size && r->text.data[at] != '"';) {
        size_t taken = 1, octets = 1;
        if (r->text.data[at] == '\\')
            octets = escaped_octets(slice_part(r->text, at, r->text.size), &taken);
        if (done + octets > octet)
            break;
        done += octets;
        at += taken;
    }
    return at;
}

bool json_reader_reject_in(struct json_reader *r, const cJSON *node, size_t octet,
                           const char *format, ...)
{
    char what[sizeof r->problem->what], path[PATH_MAX_OCTETS];
    int line, column;
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    find_node(r, node, false, path);
    json_scan_position(r->text, offset_in(r, node, octet), &line, &column);
    problem_at(r->problem, r->name, line, column);
    return problem_set(r->problem, "%s (%s)", what, where_of(r, path));
}

const char *json_reader_type(const cJSON *node)
{
    if (cJSON_IsNumber(node))
        return "number";
    if (cJSON_IsString(node))
        return "text";
    if (cJSON_IsArray(node))
        return "list";
    if (cJSON_IsObject(node))
        return "object";
    return cJSON_IsBool(node) ? "true or false" : "null";
}

struct slice json_reader_number_text(const struct json_reader *r, const cJSON *node)
{
    size_t start = offset_of(node), end = start;
    while (end < r->text.size && strchr("+-.0123456789Ee", r->text.data[end]) && r->text.data[end])
        end++;
    return slice_part(r->text, start, end);
}

struct slice json_reader_source(const struct json_reader *r, const cJSON *node)
{
    struct json_scan scan;
    json_scan_init(&scan, r->text);
    while (json_scan_next(&scan) && scan.value_at < offset_of(node))
        continue;
    return slice_part(r->text, offset_of(node), json_scan_pass(&scan));
}

/* A number taken apart: digits without zeros around them, times 10^exponent. */
struct decimal {
    char digits[64];
    int count, exponent;
    bool is_negative;
};

static void add_digit(struct decimal *d, char digit)
{
    if ((d->count > 0 || digit != '0') && d->count < (int)sizeof d->digits)
        d->digits[d->count++] = digit;
}

static int read_exponent(struct slice text)
{
    enum { BEYOND = 9999 };
    bool is_negative = text.size && text.data[0] == '-';
    int value = 0;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= '0' && text.data[i] <= '9')
            value = value < BEYOND ? value * 10 + (text.data[i] - '0') : BEYOND;
    return is_negative ? -value : value;
}

static void take_apart(struct slice text, struct decimal *d)
{
    bool is_fraction = false;
    *d = (struct decimal){.is_negative = slice_starts(text, SLICE("-"))};
    for (size_t i = d->is_negative; i < text.size; i++) {
        char c = text.data[i];
        if (c == 'e' || c == 'E') {
            d->exponent += read_exponent(slice_part(text, i + 1, text.size));
            break;
        }
        if (c == '.') {
            is_fraction = true;
            continue;
        }
        add_digit(d, c);
        d->exponent -= is_fraction;
    }
    while (d->count > 0 && d->digits[d->count - 1] == '0') {
        d->count--;
        d->exponent++;
    }
}

enum json_decimal json_reader_decimal(struct slice text, int decimals, int64_t *value)
{
    struct decimal d;
    take_apart(text, &d);
    int zeros = d.exponent + decimals;
    *value = 0;
    if (d.count == 0)
        return JSON_DECIMAL_EXACT;
    if (d.count + zeros > 18)
        return JSON_DECIMAL_TOO_LARGE;
    if (zeros < 0)
        return JSON_DECIMAL_TOO_FINE;
    for (int i = 0; i < d.count; i++)
        *value = *value * 10 + (d.digits[i] - '0');
    for (int i = 0; i < zeros; i++)
        *value *= 10;
    *value = d.is_negative ? -*value : *value;
    return JSON_DECIMAL_EXACT;
}
