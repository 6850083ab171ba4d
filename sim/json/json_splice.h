/*
 * A JSON text that is changed here and there and stays as it is everywhere else: what is found by
 * its place in the text is replaced, added or taken out, and blanks, line ends and the order of
 * keys around it are kept. What is added looks like its neighbours: on a line of its own where they
 * are, indented as they are.
 *
 *     struct json_splice s = {text, &arena};
 *     struct json_span links, item;
 *     if (json_splice_member(&s, json_splice_root(&s), "links", &links))
 *         for (size_t i = 0; json_splice_item(&s, links, i, &item); i++) ...
 *
 * The text must be good JSON (json_scan.h). Each change makes a new text in the arena; spans that
 * were found before a change are void after it.
 */
#ifndef SIM_JSON_JSON_SPLICE_H
#define SIM_JSON_JSON_SPLICE_H

#include "sim/base/arena.h"

struct json_splice {
    struct slice text;
    struct arena *arena;
};

/* A value: from its first octet to behind its last; key_at is `at` when it has no key. */
struct json_span {
    size_t key_at, at, end;
};

struct json_span json_splice_root(const struct json_splice *s);
/* A member of an object, or an item of a list or object by its index; false: it has none. */
bool json_splice_member(const struct json_splice *s, struct json_span object, const char *key,
                        struct json_span *member);
bool json_splice_item(const struct json_splice *s, struct json_span container, size_t index,
                      struct json_span *item);
/* All of them, with one walk; in the arena. */
struct json_span *json_splice_items(const struct json_splice *s, struct json_span container,
                                    size_t *count);
size_t json_splice_count(const struct json_splice *s, struct json_span container);

void json_splice_replace(struct json_splice *s, size_t at, size_t end, struct slice text);
/* `text` as the last item of a list that is not empty. */
void json_splice_append(struct json_splice *s, struct json_span list, struct slice text);
/* `text` (with its key) behind this member of an object, `gap` between the comma and it. */
void json_splice_behind(struct json_splice *s, struct json_span member, const char *gap,
                        struct slice text);
/* With its comma and what stands between it and the item before. */
void json_splice_remove(struct json_splice *s, struct json_span container, size_t index);

/* How far the line that `at` is on is indented, and how far `at` is into it. */
size_t json_splice_indent(const struct json_splice *s, size_t at);
size_t json_splice_column(const struct json_splice *s, size_t at);

/* A text as JSON has it, in quotes. */
struct slice json_splice_quote(struct arena *arena, struct slice text);
/* Is it a number as JSON has it? */
bool json_splice_is_number(struct slice text);

#endif
