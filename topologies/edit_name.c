/*
 * Names through the whole file: wherever a host is meant by its id or its DNS name, it can be
 * called otherwise there. Which texts of a file mean hosts is said here once: by keys, by the types
 * of settings, and in what an action of the demonstration says.
 */
#include <string.h>

#include "sim/base/bytes.h"
#include "topologies/edit_part.h"
#include "sim/json/json_scan.h"

/* What a text is to hosts. */
enum meaning {
    MEANS_NOTHING,
    MEANS_ID,     /* it is the id of one */
    MEANS_OWN_ID, /* of this one: hosts[i].id */
    MEANS_OWN_NAME,
    MEANS_HOST,    /* an id or a DNS name */
    MEANS_WORDS,   /* ids and DNS names among other words */
    MEANS_ADDRESS, /* the name whose address a record gives */
    MEANS_TARGET,  /* DNS names among other words */
    MEANS_ACTION   /* a line of action words */
};

/* Where the walk is. */
struct place {
    const struct json_scan *scan;
    const struct topology *t;
};

static bool is_at(const struct json_scan *scan, size_t level, const char *key)
{
    return scan->levels[level].is_object && slice_equal(scan->levels[level].key, slice_of(key));
}

static size_t index_at(const struct json_scan *scan, size_t level)
{
    return scan->levels[level].count - 1;
}

/* Settings in which hosts are named among other words. */
static bool has_host_words(struct slice key)
{
    static const char *const keys[] = {"routes", "delivery", "link", "accounts", "doors"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (slice_equal(key, slice_of(keys[i])))
            return true;
    return false;
}

static enum meaning meaning_of_setting(const struct place *p)
{
    size_t host = index_at(p->scan, 1), agent = index_at(p->scan, 3);
    struct slice key = p->scan->levels[5].key;
    if (host >= p->t->host_count || agent >= p->t->hosts[host].agent_count)
        return MEANS_NOTHING;
    const struct role *role = p->t->hosts[host].agents[agent].role;
    for (size_t i = 0; i < role->key_count; i++)
        if (slice_equal(slice_of(role->keys[i].name), key))
            return role->keys[i].type == CONFIG_HOST ? MEANS_HOST
                   : has_host_words(key)             ? MEANS_WORDS
                                                     : MEANS_NOTHING;
    return MEANS_NOTHING;
}

static enum meaning meaning_of_record(const struct place *p)
{
    size_t i = index_at(p->scan, 1);
    unsigned type = i < p->t->record_count ? p->t->records[i].type : DNS_TYPE_TXT;
    if (is_at(p->scan, 2, "name"))
        return type == DNS_TYPE_A || type == DNS_TYPE_AAAA ? MEANS_ADDRESS : MEANS_NOTHING;
    return is_at(p->scan, 2, "data") && type != DNS_TYPE_TXT ? MEANS_TARGET : MEANS_NOTHING;
}

static enum meaning meaning_of(const struct place *p)
{
    const struct json_scan *s = p->scan;
    size_t depth = s->value_depth;
    if (depth >= 6 && is_at(s, 0, "hosts") && is_at(s, 2, "agents") && is_at(s, 4, "config"))
        return meaning_of_setting(p);
    if (depth != 3)
        return MEANS_NOTHING;
    if (is_at(s, 0, "hosts") && (is_at(s, 2, "resolver") || is_at(s, 2, "behind")))
        return MEANS_ID;
    if (is_at(s, 0, "hosts") && is_at(s, 2, "id"))
        return MEANS_OWN_ID;
    if (is_at(s, 0, "hosts") && is_at(s, 2, "name"))
        return MEANS_OWN_NAME;
    if (is_at(s, 0, "links") && (is_at(s, 2, "a") || is_at(s, 2, "b")))
        return MEANS_ID;
    if (is_at(s, 0, "dns"))
        return meaning_of_record(p);
    if (is_at(s, 0, "faults") && is_at(s, 2, "target"))
        return MEANS_WORDS;
    return is_at(s, 0, "demo") && is_at(s, 2, "do") ? MEANS_ACTION : MEANS_NOTHING;
}

/* ---- calling it otherwise ---- */

/* From one name to the other; "" for one that is not changed. */
struct renaming {
    struct slice id, new_id, name, new_name;
    size_t host;    /* index of its own object */
    bool skips_own; /* what stands in that stays */
    size_t count;   /* so often it was meant, by whatever name */
};

/* What stands for this word; itself when it does not mean the host. */
static struct slice word_for(struct renaming *r, struct slice word, bool is_id, bool is_name)
{
    size_t dot = word.size > 1 && word.data[word.size - 1] == '.';
    if (is_id && slice_equal(word, r->id)) {
        r->count++;
        return r->new_id.size ? r->new_id : word;
    }
    if (is_name && slice_equal_fold(slice_part(word, 0, word.size - dot), r->name)) {
        r->count++;
        return r->new_name.size ? r->new_name : word;
    }
    return word;
}

static bool is_between(char c)
{
    return c == ' ' || c == ':' || c == ',';
}

static struct slice words_for(struct renaming *r, struct slice text, bool is_id,
                              struct arena *arena)
{
    struct slice all = SLICE("");
    for (size_t at = 0; at <= text.size;) {
        size_t end = at;
        while (end < text.size && !is_between(text.data[end]))
            end++;
        struct slice word = word_for(r, slice_part(text, at, end), is_id, true);
        struct slice gap = slice_part(text, end, end < text.size ? end + 1 : end);
        all = arena_join(arena, (struct slice[]){all, word, gap}, 3);
        at = end + 1;
    }
    return all;
}

/* ---- lines of action words, as they stand between quotes of JSON ---- */

/* The end of a word: a blank that is not within \"...\". */
static size_t word_end(struct slice line, size_t at)
{
    bool is_quoted = false;
    for (; at < line.size && (is_quoted || line.data[at] != ' '); at++)
        if (line.data[at] == '\\') {
            at++;
            is_quoted ^= at < line.size && line.data[at] == '"';
        }
    return at < line.size ? at : line.size;
}

static struct slice action_word_for(struct renaming *r, struct slice word, struct arena *arena)
{
    struct slice value = word, key;
    if (slice_find_octet(word, '=', 0) == SLICE_NONE)
        return words_for(r, word, true, arena);
    slice_cut(&value, '=', &key);
    if (!slice_equal(key, SLICE("by")) && !slice_equal(key, SLICE("from")))
        return word;
    return arena_join(arena, (struct slice[]){key, SLICE("="), word_for(r, value, true, false)}, 3);
}

/* The verb itself is none. */
static struct slice action_for(struct renaming *r, struct slice line, struct arena *arena)
{
    size_t end = word_end(line, 0);
    struct slice all = slice_part(line, 0, end);
    while (end < line.size) {
        size_t next = word_end(line, end + 1);
        all =
            arena_join(arena,
                       (struct slice[]){all, SLICE(" "),
                                        action_word_for(r, slice_part(line, end + 1, next), arena)},
                       3);
        end = next;
    }
    return all;
}

/* ---- the walk ---- */

static struct slice text_for(struct renaming *r, enum meaning meaning, struct slice text,
                             struct arena *arena)
{
    switch (meaning) {
    case MEANS_ID:
        return word_for(r, text, true, false);
    case MEANS_HOST:
        return word_for(r, text, true, true);
    case MEANS_WORDS:
        return words_for(r, text, true, arena);
    case MEANS_ADDRESS:
        return word_for(r, text, false, true);
    case MEANS_TARGET:
        return words_for(r, text, false, arena);
    case MEANS_ACTION:
        return action_for(r, text, arena);
    case MEANS_OWN_ID:
    case MEANS_OWN_NAME:
    case MEANS_NOTHING:
        break;
    }
    return text;
}

static struct slice own_text_for(const struct renaming *r, enum meaning meaning, struct slice text)
{
    if (meaning == MEANS_OWN_ID && r->new_id.size > 0)
        return r->new_id;
    return meaning == MEANS_OWN_NAME && r->new_name.size > 0 ? r->new_name : text;
}

/* Every text whose meaning is in `meanings` (bits) is put anew. */
static void rename_in(struct edit *e, struct renaming *r, unsigned meanings)
{
    struct slice old = e->json.text, text;
    struct json_scan scan;
    struct place p = {&scan, e->t};
    size_t kept = 0;
    struct bytes out;
    bytes_init(&out, SIZE_MAX);
    json_scan_init(&scan, old);
    while (json_scan_next(&scan)) {
        enum meaning meaning = old.data[scan.value_at] == '"' ? meaning_of(&p) : MEANS_NOTHING;
        if (meaning == MEANS_NOTHING || !(meanings >> meaning & 1))
            continue;
        bool is_own = is_at(&scan, 0, "hosts") && index_at(&scan, 1) == r->host;
        if (is_own && r->skips_own)
            continue;
        text = slice_part(old, scan.value_at + 1, scan.at - 1);
        struct slice now = is_own && (meaning == MEANS_OWN_ID || meaning == MEANS_OWN_NAME)
                               ? own_text_for(r, meaning, text)
                               : text_for(r, meaning, text, e->arena);
        (void)bytes_append(&out, slice_part(old, kept, scan.value_at + 1));
        (void)bytes_append(&out, now);
        kept = scan.at - 1;
    }
    (void)bytes_append(&out, slice_part(old, kept, old.size));
    e->json.text = arena_copy(e->arena, bytes_slice(&out));
    bytes_finish(&out);
}

void edit_rename_all(struct edit *e, size_t host, struct slice id, struct slice name)
{
    const struct topology_host *h = &e->t->hosts[host];
    struct renaming r = {
        .id = h->id, .new_id = id, .name = h->name, .new_name = name, .host = host};
    rename_in(e, &r, UINT32_MAX);
}

/* Its own settings go with it. */
bool edit_unlink_names(struct edit *e, size_t host)
{
    const struct topology_host *h = &e->t->hosts[host];
    struct renaming r = {
        .id = h->id, .new_id = h->name, .name = h->name, .host = host, .skips_own = true};
    rename_in(e, &r, 1u << MEANS_HOST | 1u << MEANS_TARGET | 1u << MEANS_WORDS);
    return r.count > 0;
}

/* ---- who is about it ---- */

static bool is_about(struct edit *e, enum meaning meaning, struct slice text, struct slice id)
{
    struct renaming r = {.id = id, .host = SLICE_NONE};
    (void)text_for(&r, meaning, text, e->arena);
    return r.count > 0;
}

static bool is_about_any(struct edit *e, enum meaning meaning, struct slice text,
                         const struct slice *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_about(e, meaning, text, ids[i]) ||
            (meaning == MEANS_WORDS && slice_equal(text, ids[i])))
            return true;
    return false;
}

/* The texts as the file has them, with their quotes and escapes. */
static void drop_from(struct edit *e, const char *section, const char *key, enum meaning meaning,
                      const struct slice *ids, size_t count)
{
    struct json_span list, member;
    for (size_t i = edit_section(e, section, &list) ? json_splice_count(&e->json, list) : 0;
         i-- > 0;) {
        struct json_span item = edit_item(e, section, i);
        if (!json_splice_member(&e->json, item, key, &member))
            continue;
        struct slice text = slice_part(e->json.text, member.at + 1, member.end - 1);
        if (is_about_any(e, meaning, text, ids, count))
            edit_remove(e, section, i);
    }
}

/* A step that switches on a fault that went goes, too. */
void edit_drop_ids(struct edit *e, const struct slice *ids, size_t count)
{
    const struct topology *t = e->t;
    struct slice *all = arena_take(e->arena, (count + t->fault_count) * sizeof *all);
    size_t all_count = count;
    memcpy(all, ids, count * sizeof *all);
    for (size_t i = 0; i < t->fault_count; i++)
        if (is_about_any(e, MEANS_WORDS, t->faults[i].target, ids, count))
            all[all_count++] = t->faults[i].id;
    drop_from(e, "faults", "target", MEANS_WORDS, ids, count);
    drop_from(e, "demo", "do", MEANS_ACTION, all, all_count);
}
