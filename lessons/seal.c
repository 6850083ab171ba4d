#include "lessons/seal.h"

#include <cjson/cJSON.h>

#include "lessons/question_part.h"
#include "sim/base/vector.h"
#include "sim/json/json_splice.h"

/* What of the text is replaced, in its order. */
struct edit {
    size_t at, end;
    struct slice text;
};

struct sealing {
    struct json_splice splice;
    struct arena *arena;
    VECTOR(struct edit) edits;
};

/* ---- the text ---- */

static void replace(struct sealing *s, size_t at, size_t end, struct slice text)
{
    *vector_add(&s->edits) = (struct edit){at, end, text};
}

static struct slice finish(struct sealing *s)
{
    struct slice *pieces = arena_take(s->arena, (2 * s->edits.count + 1) * sizeof *pieces),
                 all = s->splice.text;
    size_t count = 0, from = 0;
    for (size_t i = 0; i < s->edits.count; i++) {
        pieces[count++] = slice_part(all, from, s->edits.items[i].at);
        pieces[count++] = s->edits.items[i].text;
        from = s->edits.items[i].end;
    }
    pieces[count++] = slice_part(all, from, all.size);
    vector_finish(&s->edits);
    return arena_join(s->arena, pieces, count);
}

static struct slice source(const struct sealing *s, struct json_span span)
{
    return slice_part(s->splice.text, span.at, span.end);
}

/* A text as the file has it, in quotes. */
static struct slice decode(const struct sealing *s, struct slice quoted)
{
    cJSON *node = cJSON_ParseWithLength(quoted.data, quoted.size);
    struct slice text =
        arena_copy(s->arena, slice_of(cJSON_IsString(node) ? node->valuestring : ""));
    cJSON_Delete(node);
    return text;
}

static struct slice name_of(const struct sealing *s, struct json_span member)
{
    struct slice before = slice_part(s->splice.text, member.key_at, member.at);
    size_t end = slice_find_octet(before, '"', 1);
    return member.key_at < member.at && end != SLICE_NONE
               ? decode(s, slice_part(before, 0, end + 1))
               : SLICE("");
}

static bool is_named(const struct sealing *s, struct json_span member, const char *name)
{
    return slice_equal(name_of(s, member), slice_of(name));
}

/* ---- an object's members ---- */

struct members {
    struct json_span *items;
    size_t count;
    bool has_kept; /* one of those before the present one stays */
};

static struct members members_of(const struct sealing *s, struct json_span object)
{
    struct members m = {0};
    m.items = json_splice_items(&s->splice, object, &m.count);
    return m;
}

static void remove_member(struct sealing *s, const struct members *m, size_t i)
{
    if (m->has_kept)
        replace(s, m->items[i - 1].end, m->items[i].end, SLICE(""));
    else
        replace(s, m->items[i].key_at, i + 1 < m->count ? m->items[i + 1].key_at : m->items[i].end,
                SLICE(""));
}

/* One more behind the i-th, as far from it as the next one is. */
static void add_member(struct sealing *s, const struct members *m, size_t i, struct slice text)
{
    struct slice gap = SLICE(" ");
    size_t end = m->items[i].end;
    if (i + 1 < m->count) {
        gap = slice_part(s->splice.text, end, m->items[i + 1].key_at);
        size_t comma = slice_find_octet(gap, ',', 0);
        gap = slice_part(gap, comma == SLICE_NONE ? 0 : comma + 1, gap.size);
    }
    replace(s, end, end, arena_join(s->arena, (struct slice[]){SLICE(","), gap, text}, 3));
}

/* ---- what is chosen from ---- */

/* A text of the file, and the text that it stands for. */
struct sorted {
    struct slice source, text;
};

static void insert(struct sorted *list, size_t *count, struct sorted one)
{
    size_t at = *count;
    for (; at > 0 && slice_order(list[at - 1].text, one.text) > 0; at--)
        list[at] = list[at - 1];
    list[at] = one;
    (*count)++;
}

static bool is_kept(struct slice name)
{
    return slice_equal(name, SLICE("t")) || slice_equal(name, SLICE("l")) ||
           slice_equal(name, SLICE("id"));
}

/* {"id": "mx1", "t": "mx1"}: what is left of an option, target, item or pair, and its text. */
static struct sorted open_part(struct sealing *s, struct json_span object)
{
    struct members m = members_of(s, object);
    struct sorted part = {SLICE("{"), SLICE("")};
    for (size_t i = 0; i < m.count; i++) {
        struct slice member = slice_part(s->splice.text, m.items[i].key_at, m.items[i].end);
        if (!is_kept(name_of(s, m.items[i])))
            continue;
        part.source = arena_join(s->arena, (struct slice[]){part.source, SLICE(", "), member}, 3);
        if (!is_named(s, m.items[i], "id"))
            part.text = decode(s, source(s, m.items[i]));
    }
    size_t comma = part.source.size > 1 ? 2 : 0; /* "{, " */
    part.source = arena_printf(s->arena, "{%.*s}",
                               SLICE_ARG(slice_part(part.source, 1 + comma, part.source.size)));
    return part;
}

/* Pairs stay in their order: it says nothing without right sides. */
static void seal_choices(struct sealing *s, struct json_span list, bool is_sorted)
{
    size_t count, done = 0;
    struct json_span *items = json_splice_items(&s->splice, list, &count);
    struct sorted *parts = arena_take(s->arena, (count + 1) * sizeof *parts);
    for (size_t i = 0; i < count; i++) {
        struct sorted part = open_part(s, items[i]);
        if (is_sorted)
            insert(parts, &done, part);
        else
            parts[done++] = part;
    }
    for (size_t i = 0; i < count; i++)
        replace(s, items[i].at, items[i].end, parts[i].source);
}

static void add_side(struct sealing *s, struct json_span value, struct sorted *sides, size_t *count)
{
    struct sorted side = {source(s, value), decode(s, source(s, value))};
    for (size_t i = 0; i < *count; i++)
        if (slice_equal(sides[i].text, side.text))
            return;
    insert(sides, count, side);
}

/* All right sides, those of pairs and those of none, each once: a list in the file's own words. */
static struct slice right_sides(struct sealing *s, struct json_span pairs, struct json_span *extra)
{
    size_t pair_count, extra_count = 0, count = 0;
    struct json_span right, *extras = NULL,
                            *items = json_splice_items(&s->splice, pairs, &pair_count);
    if (extra)
        extras = json_splice_items(&s->splice, *extra, &extra_count);
    struct sorted *sides = arena_take(s->arena, (pair_count + extra_count + 1) * sizeof *sides);
    for (size_t i = 0; i < pair_count; i++)
        if (json_splice_member(&s->splice, items[i], "r", &right))
            add_side(s, right, sides, &count);
    for (size_t i = 0; i < extra_count; i++)
        add_side(s, extras[i], sides, &count);
    struct slice list = SLICE("[");
    for (size_t i = 0; i < count; i++)
        list = arena_join(s->arena,
                          (struct slice[]){list, i ? SLICE(", ") : SLICE(""), sides[i].source}, 3);
    return arena_printf(s->arena, "%.*s]", SLICE_ARG(list));
}

/* ---- a question ---- */

static void seal_pairs(struct sealing *s, const struct members *m, size_t i,
                       struct json_span *extra)
{
    seal_choices(s, m->items[i], false);
    if (!extra)
        add_member(s, m, i,
                   arena_printf(s->arena, "\"extra\": %.*s",
                                SLICE_ARG(right_sides(s, m->items[i], NULL))));
}

static void seal_question(struct sealing *s, struct json_span question)
{
    struct members m = members_of(s, question);
    struct json_span pairs, extra;
    bool has_pairs = json_splice_member(&s->splice, question, "pairs", &pairs),
         has_extra = json_splice_member(&s->splice, question, "extra", &extra);
    for (size_t i = 0; i < m.count; i++) {
        struct json_span member = m.items[i];
        struct slice name = name_of(s, member);
        if (question_is_key(name)) {
            remove_member(s, &m, i);
            continue;
        }
        m.has_kept = true;
        if (slice_equal(name, SLICE("type")))
            add_member(s, &m, i, SLICE("\"sealed\": true"));
        else if (slice_equal(name, SLICE("pairs")))
            seal_pairs(s, &m, i, has_extra ? &extra : NULL);
        else if (slice_equal(name, SLICE("extra")) && has_pairs)
            replace(s, member.at, member.end, right_sides(s, pairs, &extra));
        else if (slice_equal(name, SLICE("options")) || slice_equal(name, SLICE("targets")) ||
                 slice_equal(name, SLICE("items")))
            seal_choices(s, member, true);
    }
}

/* ---- a bank, a lesson ---- */

static void begin(struct sealing *s, struct slice text, struct arena *arena)
{
    *s = (struct sealing){.splice = {arena_copy(arena, text), arena}, .arena = arena};
}

struct slice seal_bank(struct slice text, struct arena *arena)
{
    struct sealing s;
    struct json_span list;
    size_t count = 0;
    begin(&s, text, arena);
    if (json_splice_member(&s.splice, json_splice_root(&s.splice), "questions", &list)) {
        struct json_span *items = json_splice_items(&s.splice, list, &count);
        for (size_t i = 0; i < count; i++)
            seal_question(&s, items[i]);
    }
    return finish(&s);
}

static void seal_step(struct sealing *s, struct json_span step)
{
    struct members m = members_of(s, step);
    bool is_asking = false;
    for (size_t i = 0; i < m.count; i++)
        is_asking |= is_named(s, m.items[i], "ask") || is_named(s, m.items[i], "predict");
    for (size_t i = 0; i < m.count; i++) {
        if (is_named(s, m.items[i], "solve") || (is_asking && is_named(s, m.items[i], "at"))) {
            remove_member(s, &m, i);
            continue;
        }
        m.has_kept = true;
        if (is_named(s, m.items[i], "ask") || is_named(s, m.items[i], "predict"))
            seal_question(s, m.items[i]);
    }
}

static void seal_each(struct sealing *s, struct json_span list,
                      void (*seal)(struct sealing *s, struct json_span item))
{
    size_t count;
    struct json_span *items = json_splice_items(&s->splice, list, &count);
    for (size_t i = 0; i < count; i++)
        seal(s, items[i]);
}

/* What a lesson has, or in several scenes each of them. */
static void seal_scene(struct sealing *s, struct json_span scene)
{
    struct members m = members_of(s, scene);
    for (size_t i = 0; i < m.count; i++) {
        struct slice name = name_of(s, m.items[i]);
        if (slice_equal(name, SLICE("ways")) || slice_equal(name, SLICE("notes")) ||
            slice_equal(name, SLICE("sealed"))) {
            remove_member(s, &m, i);
            continue;
        }
        m.has_kept = true;
        if (slice_equal(name, SLICE("steps")))
            seal_each(s, m.items[i], seal_step);
        else if (slice_equal(name, SLICE("scenes")))
            seal_each(s, m.items[i], seal_scene);
        else if (slice_equal(name, SLICE("objective")))
            add_member(s, &m, i, SLICE("\"sealed\": true"));
    }
}

struct slice seal_lesson(struct slice text, struct arena *arena)
{
    struct sealing s;
    begin(&s, text, arena);
    seal_scene(&s, json_splice_root(&s.splice));
    return finish(&s);
}
