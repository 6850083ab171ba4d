#include "sim/json/json_splice.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "sim/json/json_scan.h"

/* ---- finding ---- */

static struct json_span whole(const struct json_splice *s, struct json_scan *scan)
{
    json_scan_init(scan, s->text);
    if (!json_scan_next(scan))
        return (struct json_span){0};
    size_t at = scan->value_at;
    struct json_scan inner = *scan;
    size_t end = json_scan_pass(&inner);
    return (struct json_span){at, at, end == SLICE_NONE ? s->text.size : end};
}

struct json_span json_splice_root(const struct json_splice *s)
{
    struct json_scan scan;
    return whole(s, &scan);
}

/* Walks over what is directly in a container. */
struct walk {
    const struct json_splice *splice;
    struct json_scan scan;
    size_t base;
    struct slice key;
};

static void walk_start(struct walk *w, const struct json_splice *s, struct json_span container)
{
    w->splice = s;
    w->base = container.at;
    json_scan_init(&w->scan, slice_part(s->text, container.at, container.end));
    (void)json_scan_next(&w->scan);
}

static bool walk_next(struct walk *w, struct json_span *item)
{
    if (!json_scan_next(&w->scan) || w->scan.value_depth != 1)
        return false;
    w->key = w->scan.levels[0].is_object ? w->scan.levels[0].key : SLICE("");
    item->key_at = w->base + json_scan_key_at(&w->scan);
    item->at = w->base + w->scan.value_at;
    size_t end = json_scan_pass(&w->scan);
    item->end = w->base + end;
    return end != SLICE_NONE;
}

/* A key as written, maybe with escapes. */
static bool is_key(const struct json_splice *s, struct slice raw, const char *key)
{
    if (slice_find_octet(raw, '\\', 0) == SLICE_NONE)
        return slice_equal(raw, slice_of(key));
    struct slice quoted = arena_printf(s->arena, "\"%.*s\"", SLICE_ARG(raw));
    cJSON *node = cJSON_Parse(quoted.data);
    bool is_equal = cJSON_IsString(node) && strcmp(node->valuestring, key) == 0;
    cJSON_Delete(node);
    return is_equal;
}

bool json_splice_member(const struct json_splice *s, struct json_span object, const char *key,
                        struct json_span *member)
{
    struct walk w;
    struct json_span found;
    walk_start(&w, s, object);
    while (walk_next(&w, &found))
        if (is_key(s, w.key, key)) {
            *member = found;
            return true;
        }
    return false;
}

bool json_splice_item(const struct json_splice *s, struct json_span container, size_t index,
                      struct json_span *item)
{
    struct walk w;
    struct json_span found;
    walk_start(&w, s, container);
    for (size_t i = 0; walk_next(&w, &found); i++)
        if (i == index) {
            *item = found;
            return true;
        }
    return false;
}

size_t json_splice_count(const struct json_splice *s, struct json_span container)
{
    struct walk w;
    struct json_span item;
    size_t count = 0;
    walk_start(&w, s, container);
    while (walk_next(&w, &item))
        count++;
    return count;
}

struct json_span *json_splice_items(const struct json_splice *s, struct json_span container,
                                    size_t *count)
{
    struct walk w;
    struct json_span item,
        *items = arena_take(s->arena, (json_splice_count(s, container) + 1) * sizeof *items);
    *count = 0;
    walk_start(&w, s, container);
    while (walk_next(&w, &item))
        items[(*count)++] = item;
    return items;
}

static size_t line_start(const struct json_splice *s, size_t at)
{
    while (at > 0 && s->text.data[at - 1] != '\n')
        at--;
    return at;
}

size_t json_splice_indent(const struct json_splice *s, size_t at)
{
    size_t start = line_start(s, at), end = start;
    while (end < s->text.size && (s->text.data[end] == ' ' || s->text.data[end] == '\t'))
        end++;
    return end - start;
}

size_t json_splice_column(const struct json_splice *s, size_t at)
{
    return at - line_start(s, at);
}

/* ---- changing ---- */

void json_splice_replace(struct json_splice *s, size_t at, size_t end, struct slice text)
{
    s->text = arena_join(
        s->arena,
        (struct slice[]){slice_part(s->text, 0, at), text, slice_part(s->text, end, s->text.size)},
        3);
}

/* From the last line end of a gap on, so that a blank line is not repeated; the whole of a gap
   within a line. */
static struct slice last_line(struct slice gap)
{
    size_t at = gap.size;
    while (at > 0 && gap.data[at - 1] != '\n')
        at--;
    at -= at > 0;
    at -= at > 0 && gap.data[at - 1] == '\r';
    return slice_part(gap, at, gap.size);
}

void json_splice_append(struct json_splice *s, struct json_span list, struct slice text)
{
    struct json_span item = {0}, last = {0}, before = list;
    struct walk w;
    size_t count = 0;
    walk_start(&w, s, list);
    for (; walk_next(&w, &item); last = item, count++)
        before = last;
    size_t from = count > 1 ? before.end : list.at + 1;
    struct slice gap = slice_part(s->text, from, last.key_at);
    size_t comma = count > 1 ? slice_find_octet(gap, ',', 0) : SLICE_NONE;
    gap = last_line(slice_part(gap, comma == SLICE_NONE ? 0 : comma + 1, gap.size));
    if (count == 1 && gap.size == 0)
        gap = SLICE(" ");
    json_splice_replace(s, last.end, last.end,
                        arena_join(s->arena, (struct slice[]){SLICE(","), gap, text}, 3));
}

void json_splice_behind(struct json_splice *s, struct json_span member, const char *gap,
                        struct slice text)
{
    json_splice_replace(s, member.end, member.end,
                        arena_join(s->arena, (struct slice[]){SLICE(","), slice_of(gap), text}, 3));
}

void json_splice_remove(struct json_splice *s, struct json_span container, size_t index)
{
    struct json_span item, other;
    if (!json_splice_item(s, container, index, &item))
        return;
    if (index > 0 && json_splice_item(s, container, index - 1, &other))
        json_splice_replace(s, other.end, item.end, SLICE(""));
    else if (json_splice_item(s, container, index + 1, &other))
        json_splice_replace(s, item.key_at, other.key_at, SLICE(""));
    else
        json_splice_replace(s, container.at + 1, container.end - 1, SLICE(""));
}

/* ---- values ---- */

struct slice json_splice_quote(struct arena *arena, struct slice text)
{
    cJSON *node = cJSON_CreateString(arena_copy(arena, text).data);
    char *printed = cJSON_PrintUnformatted(node);
    struct slice quoted = arena_copy(arena, slice_of(printed));
    cJSON_free(printed);
    cJSON_Delete(node);
    return quoted;
}

bool json_splice_is_number(struct slice text)
{
    struct json_scan scan;
    json_scan_init(&scan, text);
    return text.size > 0 && text.data[0] != ' ' && json_scan_next(&scan) &&
           !json_scan_next(&scan) && !scan.error && scan.value_at == 0 &&
           (text.data[0] == '-' || (text.data[0] >= '0' && text.data[0] <= '9')) &&
           slice_trim(text).size == text.size;
}
