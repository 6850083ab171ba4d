#include "agents/proto/imap_fetch.h"

#include "agents/proto/imap_put.h"

static const struct word {
    const char *text;
    enum imap_fetch_kind kind;
    enum imap_section_text what;
    bool has_section, is_peek;
} words[] = {
    {"BINARY", IMAP_FETCH_BINARY, IMAP_SECTION_ALL, true, false},
    {"BINARY.PEEK", IMAP_FETCH_BINARY, IMAP_SECTION_ALL, true, true},
    {"BINARY.SIZE", IMAP_FETCH_BINARY_SIZE, IMAP_SECTION_ALL, true, true},
    {"BODY", IMAP_FETCH_BODY, IMAP_SECTION_ALL, false, true}, /* with "[": IMAP_FETCH_SECTION */
    {"BODY.PEEK", IMAP_FETCH_SECTION, IMAP_SECTION_ALL, true, true},
    {"BODYSTRUCTURE", IMAP_FETCH_BODYSTRUCTURE, IMAP_SECTION_ALL, false, true},
    {"ENVELOPE", IMAP_FETCH_ENVELOPE, IMAP_SECTION_ALL, false, true},
    {"FLAGS", IMAP_FETCH_FLAGS, IMAP_SECTION_ALL, false, true},
    {"INTERNALDATE", IMAP_FETCH_INTERNALDATE, IMAP_SECTION_ALL, false, true},
    {"MODSEQ", IMAP_FETCH_MODSEQ, IMAP_SECTION_ALL, false, true},
    {"PREVIEW", IMAP_FETCH_PREVIEW, IMAP_SECTION_ALL, false, true},
    {"RFC822", IMAP_FETCH_SECTION, IMAP_SECTION_ALL, false, false},
    {"RFC822.HEADER", IMAP_FETCH_SECTION, IMAP_SECTION_HEADER, false, true},
    {"RFC822.SIZE", IMAP_FETCH_RFC822_SIZE, IMAP_SECTION_ALL, false, true},
    {"RFC822.TEXT", IMAP_FETCH_SECTION, IMAP_SECTION_TEXT, false, false},
    {"SAVEDATE", IMAP_FETCH_SAVEDATE, IMAP_SECTION_ALL, false, true},
    {"UID", IMAP_FETCH_UID, IMAP_SECTION_ALL, false, true},
};

static const struct word *find_word(struct slice text)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (slice_equal_fold(text, slice_of(words[i].text)))
            return &words[i];
    return NULL;
}

/* ---- the program ---- */

/* What a message has once, it says once, however often it is asked. */
static bool is_there(const struct imap_fetch *f, enum imap_fetch_kind kind)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].kind == kind)
            return kind < IMAP_FETCH_BINARY_SIZE;
    return false;
}

static void append(struct imap_fetch *f, struct arena *arena, const struct imap_fetch_item *item)
{
    if (is_there(f, item->kind))
        return;
    if (f->count == f->capacity) {
        size_t capacity = f->capacity ? 2 * f->capacity : 8;
        struct imap_fetch_item *items = arena_take(arena, capacity * sizeof *items);
        for (size_t i = 0; i < f->count; i++)
            items[i] = f->items[i];
        f->items = items;
        f->capacity = capacity;
    }
    f->items[f->count++] = *item;
    f->has_flags |= item->kind == IMAP_FETCH_FLAGS;
    f->has_modseq |= item->kind == IMAP_FETCH_MODSEQ;
}

void imap_fetch_add(struct imap_fetch *f, enum imap_fetch_kind kind, struct arena *arena)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].kind == kind && !words[i].has_section)
            append(f, arena,
                   &(struct imap_fetch_item){.kind = kind, .label = slice_of(words[i].text)});
}

void imap_fetch_lead(struct imap_fetch *f, enum imap_fetch_kind kind, struct arena *arena)
{
    size_t had = f->count;
    imap_fetch_add(f, kind, arena);
    if (f->count == had)
        return;
    struct imap_fetch_item added = f->items[had];
    for (size_t i = had; i > 0; i--)
        f->items[i] = f->items[i - 1];
    f->items[0] = added;
}

/* ---- sections ---- */

static bool is_word_octet(char octet)
{
    char lower = slice_lower(octet);
    return (lower >= 'a' && lower <= 'z') || (octet >= '0' && octet <= '9') || octet == '.';
}

/* A name of letters, digits and dots; "[" ends it, though an atom may have it. */
static struct slice take_word(struct imap_args *a)
{
    size_t from = a->at;
    while (is_word_octet(imap_args_peek(a)))
        a->at++;
    return slice_part(a->text, from, a->at);
}

/* section-part = nz-number *("." nz-number), and the "." that leads to a section-text */
static bool read_path(struct imap_args *a, struct imap_section *section, bool *goes_on)
{
    uint32_t *path = arena_take(a->arena, IMAP_FETCH_PATH_MAX * sizeof *path);
    char next = imap_args_peek(a);
    *goes_on = true;
    section->path = path;
    while (next >= '0' && next <= '9') {
        if (section->path_count >= IMAP_FETCH_PATH_MAX)
            return imap_args_fail(a, "a part number that is too long");
        if (!imap_args_nz_number(a, &path[section->path_count++]))
            return false;
        *goes_on = imap_args_skip(a, '.');
        next = *goes_on ? imap_args_peek(a) : '\0';
    }
    return true;
}

/* header-list = "(" header-fld-name *(SP header-fld-name) ")" */
static bool read_fields(struct imap_args *a, struct imap_section *section)
{
    struct imap_names names = {0};
    struct slice name;
    if (!imap_args_sp(a) || !imap_args_expect(a, '('))
        return false;
    do {
        if (!imap_args_astring(a, &name))
            return false;
        imap_names_add(&names, name, a->arena);
    } while (imap_args_skip(a, ' '));
    section->fields = names.items;
    section->field_count = names.count;
    return imap_args_expect(a, ')');
}

/* section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list / "TEXT", or behind a part
   number "MIME" */
static bool read_text(struct imap_args *a, struct imap_section *section)
{
    struct slice word = take_word(a);
    if (slice_equal_fold(word, SLICE("HEADER")))
        section->what = IMAP_SECTION_HEADER;
    else if (slice_equal_fold(word, SLICE("TEXT")))
        section->what = IMAP_SECTION_TEXT;
    else if (slice_equal_fold(word, SLICE("MIME")) && section->path_count > 0)
        section->what = IMAP_SECTION_MIME;
    else if (slice_equal_fold(word, SLICE("HEADER.FIELDS")))
        section->what = IMAP_SECTION_HEADER_FIELDS;
    else if (slice_equal_fold(word, SLICE("HEADER.FIELDS.NOT")))
        section->what = IMAP_SECTION_HEADER_FIELDS_NOT;
    else
        return imap_args_fail(a, "an unknown section");
    bool has_fields = section->what == IMAP_SECTION_HEADER_FIELDS ||
                      section->what == IMAP_SECTION_HEADER_FIELDS_NOT;
    return !has_fields || read_fields(a, section);
}

bool imap_fetch_read_section(struct imap_args *a, struct imap_section *section)
{
    bool goes_on;
    *section = (struct imap_section){.what = IMAP_SECTION_ALL};
    if (imap_args_peek(a) == ']' || !read_path(a, section, &goes_on))
        return a->problem == NULL;
    return !goes_on || read_text(a, section);
}

/* ---- how the response names an item ---- */

static const char *text_name(enum imap_section_text what)
{
    switch (what) {
    case IMAP_SECTION_ALL:
        return "";
    case IMAP_SECTION_HEADER:
        return "HEADER";
    case IMAP_SECTION_HEADER_FIELDS:
        return "HEADER.FIELDS";
    case IMAP_SECTION_HEADER_FIELDS_NOT:
        return "HEADER.FIELDS.NOT";
    case IMAP_SECTION_TEXT:
        return "TEXT";
    case IMAP_SECTION_MIME:
        return "MIME";
    }
    return "";
}

static void put_section(struct bytes *out, const struct imap_section *section)
{
    for (size_t i = 0; i < section->path_count; i++) {
        if (i > 0)
            bytes_append_octet(out, '.');
        imap_put_number(out, section->path[i]);
    }
    if (section->path_count > 0 && section->what != IMAP_SECTION_ALL)
        bytes_append_octet(out, '.');
    bytes_append(out, slice_of(text_name(section->what)));
    for (size_t i = 0; i < section->field_count; i++) {
        bytes_append(out, i == 0 ? SLICE(" (") : SLICE(" "));
        imap_put_astring(out, section->fields[i], false);
    }
    if (section->field_count > 0)
        bytes_append_octet(out, ')');
}

/* "BODY[1.HEADER.FIELDS (To)]<100>": without PEEK, and of a partial only where it starts. */
static struct slice make_label(struct imap_args *a, struct slice name,
                               const struct imap_fetch_item *item)
{
    struct bytes out;
    bytes_init(&out, 4 * a->text.size + 100);
    bytes_append(&out, name);
    bytes_append_octet(&out, '[');
    put_section(&out, &item->section);
    bytes_append_octet(&out, ']');
    if (item->is_partial) {
        bytes_append_octet(&out, '<');
        imap_put_number(&out, item->from);
        bytes_append_octet(&out, '>');
    }
    struct slice label = arena_copy(a->arena, bytes_slice(&out));
    bytes_finish(&out);
    return label;
}

/* ---- items ---- */

/* partial = "<" number64 "." nz-number64 ">" */
static bool read_partial(struct imap_args *a, struct imap_fetch_item *item)
{
    if (!imap_args_skip(a, '<'))
        return true;
    item->is_partial = true;
    if (!imap_args_number64(a, &item->from) || !imap_args_expect(a, '.') ||
        !imap_args_number64(a, &item->most) || !imap_args_expect(a, '>'))
        return false;
    return item->most > 0 || imap_args_fail(a, "a partial of no octets");
}

static bool read_section_item(struct imap_args *a, struct imap_fetch_item *item)
{
    if (!imap_args_expect(a, '[') || !imap_fetch_read_section(a, &item->section) ||
        !imap_args_expect(a, ']'))
        return false;
    bool is_binary = item->kind == IMAP_FETCH_BINARY || item->kind == IMAP_FETCH_BINARY_SIZE;
    if (is_binary && item->section.what != IMAP_SECTION_ALL)
        return imap_args_fail(a, "BINARY of what is no part");
    if (item->kind != IMAP_FETCH_BINARY_SIZE && !read_partial(a, item))
        return false;
    struct slice name = is_binary ? SLICE("BINARY") : SLICE("BODY");
    item->label =
        make_label(a, item->kind == IMAP_FETCH_BINARY_SIZE ? SLICE("BINARY.SIZE") : name, item);
    return true;
}

/* "PREVIEW" [SP "(" preview-mod *(SP preview-mod) ")"]; LAZY changes nothing here (RFC 8970 4). */
static bool read_preview(struct imap_args *a)
{
    struct slice word;
    if (!slice_starts(imap_args_rest(a), SLICE(" (")) ||
        !slice_starts_fold(imap_args_rest(a), SLICE(" (LAZY")))
        return true;
    a->at += 2;
    for (bool is_first = true; imap_args_list_next(a, &is_first);)
        if (!imap_args_atom(a, &word) || !slice_equal_fold(word, SLICE("LAZY")))
            return imap_args_fail(a, "an unknown way of PREVIEW");
    return a->problem == NULL;
}

static bool read_item(struct imap_fetch *f, struct imap_args *a)
{
    const struct word *word = find_word(take_word(a));
    if (!word)
        return imap_args_fail(a, "an unknown data item");
    if (f->count >= IMAP_FETCH_ITEMS_MAX)
        return imap_args_fail(a, "too many data items");
    struct imap_fetch_item item = {.kind = word->kind, .label = slice_of(word->text)};
    item.section.what = word->what;
    bool is_section = word->has_section;
    bool is_peek = word->is_peek;
    if (word->kind == IMAP_FETCH_BODY && imap_args_peek(a) == '[') {
        item.kind = IMAP_FETCH_SECTION;
        is_section = true;
        is_peek = false;
    }
    if (is_section && !read_section_item(a, &item))
        return false;
    if (word->kind == IMAP_FETCH_PREVIEW && !read_preview(a))
        return false;
    f->sets_seen |= !is_peek;
    append(f, a->arena, &item);
    return true;
}

/* ---- the whole ---- */

/* "ALL" / "FULL" / "FAST"; only by itself (RFC 9051 6.4.5) */
static bool read_macro(struct imap_fetch *f, struct imap_args *a)
{
    static const enum imap_fetch_kind kinds[] = {IMAP_FETCH_FLAGS, IMAP_FETCH_INTERNALDATE,
                                                 IMAP_FETCH_RFC822_SIZE, IMAP_FETCH_ENVELOPE,
                                                 IMAP_FETCH_BODY};
    static const struct {
        const char *name;
        size_t count;
    } macros[] = {{"FAST", 3}, {"ALL", 4}, {"FULL", 5}};
    for (size_t i = 0; i < 3; i++) {
        if (!imap_args_word(a, slice_of(macros[i].name)))
            continue;
        for (size_t j = 0; j < macros[i].count; j++)
            imap_fetch_add(f, kinds[j], a->arena);
        return true;
    }
    return false;
}

/* fetch-modifiers = SP "(" fetch-modifier *(SP fetch-modifier) ")": "CHANGEDSINCE" SP
   mod-sequence-value and "VANISHED" of RFC 7162 7 */
static bool read_modifiers(struct imap_fetch *f, struct imap_args *a)
{
    if (!imap_args_skip(a, ' '))
        return true;
    if (!imap_args_expect(a, '('))
        return false;
    for (bool is_first = true; imap_args_list_next(a, &is_first);) {
        if (imap_args_word(a, SLICE("VANISHED")))
            f->has_vanished = true;
        else if (!imap_args_word(a, SLICE("CHANGEDSINCE")))
            return imap_args_fail(a, "an unknown FETCH modifier");
        else if (!imap_args_sp(a) || !imap_args_number64(a, &f->changed_since))
            return false;
        else
            f->has_changed_since = true;
    }
    if (f->has_vanished && !f->has_changed_since)
        return imap_args_fail(a, "VANISHED without CHANGEDSINCE");
    return a->problem == NULL;
}

bool imap_fetch_read(struct imap_fetch *f, struct imap_args *a)
{
    *f = (struct imap_fetch){0};
    if (imap_args_skip(a, '(')) {
        do {
            if (!read_item(f, a))
                return false;
        } while (imap_args_skip(a, ' '));
        if (!imap_args_expect(a, ')'))
            return false;
    } else if (!read_macro(f, a) && !read_item(f, a)) {
        return false;
    }
    if (!read_modifiers(f, a))
        return false;
    if (f->has_changed_since)
        imap_fetch_add(f, IMAP_FETCH_MODSEQ, a->arena);
    return true;
}
