#include "render/view/deed.h"

#include "render/view/doing.h"
#include "render/view/field_words.h"
#include "render/view/forms.h"
#include "render/view/tr.h"
#include "render/view/words_say.h"

/* A line's parts: plain words, then key=value; a value may be in quotes. */
struct parts {
    struct slice words[5];
    size_t count;
    struct slice line, from, to, by;
};

static const struct {
    const char *verb, *second; /* second "": whatever follows */
    const char *sentence;      /* {a}, {b}: the first and second word behind what is named here */
} rows[] = {
    {"send", "", TR("A message from {from} to {to} is written")},
    {"reply", "", TR("An answer is written")},
    {"forward", "", TR("A message is sent on to {to}")},
    {"fetch", "", TR("{by} gets its mail")},
    {"set", "", TR("The settings of {a} are changed")},
    {"flush", "", TR("The queue of {a} is tried at once")},
    {"read", "", TR("A message is marked as read")},
    {"flag", "", TR("A message has got or lost a mark")},
    {"move", "", TR("A message is moved")},
    {"delete", "", TR("A message is marked as deleted")},
    {"expunge", "", TR("What was marked as deleted is gone")},
    {"folder", "", TR("The folders of {by} are changed")},
    {"idle", "off", TR("{by} no longer waits for news")},
    {"idle", "", TR("{by} waits for news")},
    {"host", "add", TR("Host added: {a}")},
    {"host", "remove", TR("Host removed: {a}")},
    {"host", "move", TR("Host moved: {a}")},
    {"host", "rename", TR("Host renamed: {a}")},
    {"host", "", TR("Host changed: {b}")},
    {"cut", "", TR("Connection broken off: {a}")},
    {"link", "add", TR("Link added: {a}")},
    {"link", "remove", TR("Link removed: {a}")},
    {"link", "", TR("Link changed: {b}")},
    {"agent", "add", TR("Program added on {a}: {b}")},
    {"agent", "remove", TR("Program removed: {a}")},
    {"agent", "", TR("Program changed: {b}")},
    {"user", "add", TR("Account added: {a}")},
    {"user", "remove", TR("Account removed: {a}")},
    {"user", "", TR("Account changed: {b}")},
    {"admd", "add", TR("Organisation added: {a}")},
    {"admd", "remove", TR("Organisation removed: {a}")},
    {"admd", "set", TR("Organisation renamed: {a}")},
    {"network", "set", TR("The network has another title")},
    {"dns", "add", TR("DNS record added: {a} {b}")},
    {"dns", "remove", TR("DNS record removed: {a} {b}")},
    {"robot", "", TR("The mails of {a} are started")},
    {"type", "", TR("Something is typed at a console")},
    {"browse", "", TR("A page is opened in the browser")},
    {"store", "", TR("A message is put into the mailbox of {a}")},
};

/* One part, without its quotes. */
static struct slice cut_part(struct slice *rest, bool *is_value)
{
    size_t size = 0;
    bool is_quoted = false;
    *is_value = false;
    for (; size < rest->size && (is_quoted || rest->data[size] != ' '); size++) {
        char c = rest->data[size];
        is_quoted ^= c == '"' && (size == 0 || rest->data[size - 1] != '\\');
        *is_value |= c == '=' && !is_quoted;
    }
    struct slice part = slice_part(*rest, 0, size);
    *rest = slice_trim(slice_part(*rest, size, rest->size));
    return part;
}

static struct slice value_of(struct slice part)
{
    struct slice value = slice_part(part, slice_find_octet(part, '=', 0) + 1, part.size);
    bool is_quoted = value.size >= 2 && value.data[0] == '"';
    return is_quoted ? slice_part(value, 1, value.size - 1) : value;
}

static void read_parts(struct slice lines, struct parts *p)
{
    enum { PARTS_MAX = 64 };
    struct slice rest = slice_trim(slice_part(lines, 0, slice_find_octet(lines, '\n', 0)));
    *p = (struct parts){.line = rest};
    for (int i = 0; rest.size > 0 && i < PARTS_MAX; i++) {
        bool is_value;
        struct slice part = cut_part(&rest, &is_value);
        if (!is_value && p->count < sizeof p->words / sizeof *p->words)
            p->words[p->count++] = part;
        else if (slice_starts(part, SLICE("from=")))
            p->from = value_of(part);
        else if (slice_starts(part, SLICE("to=")))
            p->to = value_of(part);
        else if (slice_starts(part, SLICE("by=")))
            p->by = value_of(part);
    }
}

/* As the palette calls it: "mx1 loses power". */
static struct slice palette_label(const struct log *log, struct slice id)
{
    for (uint32_t i = 0; log && i < log_count(log) && log_at(log, i)->t == 0; i++) {
        const struct event_palette *p = event_as_palette(log_at(log, i));
        if (p && slice_equal(log_text(log, p->id), id))
            return log_text(log, p->label);
    }
    return SLICE("");
}

static struct slice kind_words(const struct view_forms *forms, struct slice name)
{
    for (size_t i = 0; forms && i < forms->fault_count; i++) {
        const struct view_fault_kind *kind = &forms->faults[i];
        if (slice_equal(slice_of(kind->name), name))
            return field_clause(slice_of(tr(kind->meaning)));
    }
    return name;
}

static bool is_fault(const struct parts *p)
{
    return p->count > 1 && slice_equal(p->words[0], SLICE("fault"));
}

static bool is_off(const struct parts *p)
{
    return slice_equal(p->words[p->count - 1], SLICE("off"));
}

/* "fault mx1-down on", "fault host-down mx1 off": what it does to whom */
static struct slice fault_words(struct arena *arena, const struct log *log,
                                const struct view_forms *forms, const struct parts *p)
{
    bool has_end = is_off(p) || slice_equal(p->words[p->count - 1], SLICE("on"));
    struct slice label = palette_label(log, p->words[1]);
    if (p->count - (has_end ? 1 : 0) > 2)
        return arena_printf(arena, "%.*s \xE2\x80\x93 %.*s", SLICE_ARG(p->words[2]),
                            SLICE_ARG(kind_words(forms, p->words[1])));
    return label.size ? label : p->words[1];
}

static struct slice host_name(const struct log *log, struct slice name)
{
    uint32_t place = log ? log_find_place(log, name) : 0;
    return place ? log_place_name(log, log_host_of(log, place)) : name;
}

/* At most so many octets, whole characters. */
static struct slice shortened(struct slice text, size_t most)
{
    if (text.size <= most)
        return text;
    while (most > 0 && ((unsigned char)text.data[most] & 0xC0) == 0x80)
        most--;
    return slice_part(text, 0, most);
}

/* A record is changed by taking it away and adding another. */
static bool is_change_of_record(struct slice lines)
{
    struct slice second = slice_part(lines, slice_find_octet(lines, '\n', 0), lines.size);
    return slice_starts(lines, SLICE("dns remove ")) &&
           slice_starts(slice_trim(second), SLICE("dns add "));
}

struct slice deed_done(struct arena *arena, const struct log *log, const struct view_forms *forms,
                       struct slice lines)
{
    struct parts p;
    read_parts(lines, &p);
    p.by = host_name(log, p.by);
    if (is_fault(&p))
        return WORDS_SAY(arena, is_off(&p) ? tr("Fault off: {what}") : tr("Fault on: {what}"),
                         {"what", fault_words(arena, log, forms, &p)});
    if (is_change_of_record(lines))
        return WORDS_SAY(arena, tr("DNS record changed: {a} {b}"), {"a", p.words[2]},
                         {"b", p.words[3]});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t behind = rows[i].second[0] ? 2 : 1;
        if (!slice_equal(p.words[0], slice_of(rows[i].verb)) ||
            (behind == 2 && !slice_equal(p.words[1], slice_of(rows[i].second))))
            continue;
        return WORDS_SAY(arena, tr(rows[i].sentence), {"from", p.from}, {"to", p.to}, {"by", p.by},
                         {"a", p.words[behind]}, {"b", p.words[behind + 1]});
    }
    return WORDS_SAY(arena, tr("Done: {what}"), {"what", shortened(p.line, 120)});
}

struct slice view_deed(const struct view *view, struct arena *arena, struct slice lines)
{
    return deed_done(arena, view->log, view->doing ? view->doing->forms : NULL, lines);
}

struct slice view_deed_brief(const struct view *view, struct arena *arena, struct slice lines)
{
    struct parts p;
    read_parts(lines, &p);
    return is_fault(&p) && !is_off(&p)
               ? fault_words(arena, view->log, view->doing ? view->doing->forms : NULL, &p)
               : view_deed(view, arena, lines);
}
