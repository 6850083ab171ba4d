/* Lists of what is no host: people with accounts, DNS records, organisations. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/view/doing.h"
#include "render/view/rows.h"
#include "sim/base/memory.h"

enum { ROWS_MAX = 2000 };

struct entry {
    struct slice a, b, c; /* columns; what a row stands for is told by them */
};

struct entries {
    struct entry *items;
    size_t count;
};

static void add(struct entries *e, struct entry entry)
{
    if (e->count < ROWS_MAX)
        e->items[e->count++] = entry;
}

static bool is_same(const struct entry *a, const struct entry *b, bool with_data)
{
    return slice_equal_fold(a->a, b->a) &&
           (!with_data || (slice_equal_fold(a->b, b->b) && slice_equal_fold(a->c, b->c)));
}

static struct entry *find_entry(struct entries *e, const struct entry *entry)
{
    for (size_t i = 0; i < e->count; i++)
        if (is_same(&e->items[i], entry, false))
            return &e->items[i];
    return NULL;
}

static void remove_entry(struct entries *e, const struct entry *entry, bool with_data)
{
    for (size_t i = e->count; i-- > 0;)
        if (is_same(&e->items[i], entry, with_data)) {
            memmove(&e->items[i], &e->items[i + 1], (--e->count - i) * sizeof *e->items);
            return;
        }
}

/* ---- what there is at the moment shown: as the file has it, and what was changed since ---- */

static void find_people(const struct view *view, struct entries *out)
{
    const struct view_forms *forms = view->doing->forms;
    for (size_t i = 0; forms && i < forms->person_count; i++)
        add(out, (struct entry){forms->people[i].address, forms->people[i].name, SLICE("")});
    for (uint32_t id = 0; id < view->scene.now.event_count; id++) {
        const struct event_account *e = event_as_account(log_at(view->log, id));
        if (!e)
            continue;
        struct entry entry = {log_text(view->log, e->address), SLICE(""), SLICE("")};
        if (e->on)
            add(out, entry);
        else
            remove_entry(out, &entry, false);
    }
}

static void find_records(const struct view *view, struct entries *out)
{
    const struct view_forms *forms = view->doing->forms;
    for (size_t i = 0; forms && i < forms->record_count; i++)
        add(out,
            (struct entry){forms->records[i].name, forms->records[i].type, forms->records[i].data});
    for (uint32_t id = 0; id < view->scene.now.event_count; id++) {
        const struct event_record *e = event_as_record(log_at(view->log, id));
        if (!e)
            continue;
        struct entry entry = {log_text(view->log, e->name), log_text(view->log, e->type),
                              log_text(view->log, e->data)};
        if (e->on)
            add(out, entry);
        else
            remove_entry(out, &entry, true);
    }
}

bool tools_has_record(const struct view *view, struct slice name, struct slice type)
{
    struct entries entries = {memory_take(ROWS_MAX * sizeof *entries.items), 0};
    bool is_there = false;
    find_records(view, &entries);
    for (size_t i = 0; i < entries.count; i++)
        is_there |=
            slice_equal_fold(entries.items[i].a, name) && slice_equal(entries.items[i].b, type);
    free(entries.items);
    return is_there;
}

/* As "local" of an mta has them: domains with commas between them. */
static bool has_domain(struct slice list, struct slice domain)
{
    struct slice part;
    while (slice_cut(&list, ',', &part))
        if (slice_equal_fold(slice_trim(part), domain))
            return true;
    return false;
}

bool tools_takes_mail(const struct view *view, struct slice address)
{
    struct slice local,
        domain = slice_part(address, slice_find_octet(address, '@', 0) + 1, address.size);
    for (uint32_t place = 1; place <= log_place_count(view->log); place++)
        if (doing_has_role(view, place, "mta") && scene_is_there(&view->scene, place) &&
            forms_setting(view, place, SLICE("local"), &local) && has_domain(local, domain))
            return true;
    return tools_has_record(view, domain, SLICE("MX"));
}

static void find_admds(const struct view *view, struct entries *out)
{
    for (uint32_t id = 0; id < view->scene.now.event_count; id++) {
        const struct event_admd *e = event_as_admd(log_at(view->log, id));
        if (!e)
            continue;
        struct entry entry = {log_text(view->log, e->id), log_text(view->log, e->name), SLICE("")};
        struct entry *known = find_entry(out, &entry);
        if (e->gone)
            remove_entry(out, &entry, false);
        else if (known)
            *known = entry;
        else
            add(out, entry);
    }
}

struct slice tools_admd_words(const struct view *view, struct arena *arena)
{
    struct entries entries = {arena_take(arena, ROWS_MAX * sizeof *entries.items), 0};
    struct slice words = SLICE("");
    find_admds(view, &entries);
    for (size_t i = 0; i < entries.count; i++)
        words = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(words), i ? " " : "",
                             SLICE_ARG(entries.items[i].a));
    return words;
}

/* ---- what each list is ---- */

static void submit_person(struct view *view, struct sheet *sheet)
{
    struct slice address = sheet_value(sheet, "address"), name = sheet_value(sheet, "name");
    struct slice line = arena_printf(&sheet->arena, "user add %.*s", SLICE_ARG(address));
    if (name.size)
        line = arena_printf(&sheet->arena, "%.*s%.*s", SLICE_ARG(line),
                            SLICE_ARG(request_value(&sheet->arena, "name", name)));
    (void)doing_ask(view, line);
}

static void add_person(struct view *view, uint32_t arg)
{
    (void)arg;
    struct sheet *sheet = sheet_begin(view, tr("A new account"), SLICE(""), submit_person);
    struct sheet_row *address = sheet_add(sheet, "address", tr("Address"), SLICE(""));
    sheet_need_person(address);
    sheet_explain(sheet, address, tr("such as dana@example.org"));
    sheet_add(sheet, "name", tr("Name"), SLICE(""));
    sheet_show(view);
}

/* Who writes the id of a host means its DNS name. */
static struct slice record_data(const struct view *view, const struct sheet *sheet)
{
    struct slice data = sheet_value(sheet, "data"), type = sheet_value(sheet, "type");
    bool is_name = slice_equal(type, SLICE("MX")) || slice_equal(type, SLICE("CNAME")) ||
                   slice_equal(type, SLICE("NS"));
    uint32_t place = is_name ? log_find_place(view->log, data) : 0;
    struct slice name = place ? scene_host_name(&view->scene, log_host_of(view->log, place)) : data;
    return name.size ? name : data;
}

static void submit_record(struct view *view, struct sheet *sheet)
{
    struct arena *arena = &sheet->arena;
    struct slice type = sheet_value(sheet, "type"), pref = sheet_value(sheet, "pref");
    struct slice line = arena_printf(
        arena, "dns add %.*s %.*s%.*s", SLICE_ARG(sheet_value(sheet, "name")), SLICE_ARG(type),
        SLICE_ARG(request_value(arena, "data", record_data(view, sheet))));
    if (slice_equal(type, SLICE("MX")) && pref.size)
        line = arena_printf(arena, "%.*s%.*s", SLICE_ARG(line),
                            SLICE_ARG(request_value(arena, "pref", pref)));
    if (sheet->subject.size && overlay_below(view)) /* its row will be another one */
        snprintf(view->doing->below[view->doing->depth - 1].focus, UI_NAME, "row-add");
    if (sheet->subject.size) /* what it replaces goes */
        line = arena_printf(arena, "%.*s\n%.*s", SLICE_ARG(sheet->subject), SLICE_ARG(line));
    (void)doing_ask(view, line);
}

/* "10 mx1.example.org" of an MX record is preference and host. */
static struct slice cut_preference(struct slice type, struct slice *data)
{
    struct slice preference = SLICE("10"), rest = *data, word;
    if (slice_equal(type, SLICE("MX")) && slice_cut(&rest, ' ', &word) && rest.size) {
        preference = word;
        *data = rest;
    }
    return preference;
}

static void open_record(struct view *view, const char *title, struct slice name, struct slice type,
                        struct slice data, struct slice replaces)
{
    struct slice preference = cut_preference(type, &data);
    struct sheet *sheet = sheet_begin(
        view, title,
        slice_of(tr("Who has asked before keeps the old answer as long as its TTL allows.")),
        submit_record);
    sheet->subject = arena_copy(&sheet->arena, replaces);
    sheet_need_word(sheet_add(sheet, "name", tr("Name"), name));
    sheet_offer(sheet, sheet_add(sheet, "type", tr("Type"), type),
                SLICE("A AAAA MX CNAME TXT PTR NS SRV"));
    struct sheet_row *row = sheet_add(sheet, "data", tr("Data"), data);
    row->is_required = true;
    sheet_explain(sheet, row, tr("of A an address; of MX, CNAME and NS the DNS name of a host"));
    sheet_explain(sheet, sheet_add(sheet, "pref", tr("Preference"), preference),
                  tr("of an MX record: the smallest is tried first"));
    sheet_show(view);
}

static void add_record(struct view *view, uint32_t arg)
{
    (void)arg;
    open_record(view, tr("A new DNS record"), SLICE(""), SLICE("A"), SLICE(""), SLICE(""));
}

static void submit_admd(struct view *view, struct sheet *sheet)
{
    struct slice line =
        arena_printf(&sheet->arena, "admd add %.*s%.*s", SLICE_ARG(sheet_value(sheet, "id")),
                     SLICE_ARG(request_value(&sheet->arena, "name", sheet_value(sheet, "name"))));
    (void)doing_ask(view, line);
}

/* "Aster College" is aster-college, as long as nobody has said otherwise. */
static void follow_admd(struct view *view, struct sheet *sheet)
{
    char id[32];
    size_t size = 0;
    struct slice name = sheet_value(sheet, "name");
    (void)view;
    for (size_t i = 0; i < name.size && size < sizeof id; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_letter)
            id[size++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        else if (size > 0 && id[size - 1] != '-')
            id[size++] = '-';
    }
    size -= size > 0 && id[size - 1] == '-';
    if (slice_equal(sheet->subject, name))
        return;
    sheet->subject = arena_copy(&sheet->arena, name);
    sheet_propose(sheet, "id", (struct slice){id, size});
}

static void add_admd(struct view *view, uint32_t arg)
{
    (void)arg;
    struct sheet *sheet = sheet_begin(view, tr("A new organisation"), SLICE(""), submit_admd);
    sheet_add(sheet, "name", tr("Name"), SLICE(""))->is_required = true;
    struct sheet_row *id = sheet_add(sheet, "id", tr("Id"), SLICE(""));
    sheet_need_word(id);
    sheet_explain(sheet, id, tr("letters, digits, - and _"));
    sheet->follow = follow_admd;
    sheet_show(view);
}

static void submit_admd_name(struct view *view, struct sheet *sheet)
{
    (void)doing_ask(
        view,
        arena_printf(&sheet->arena, "admd set %.*s%.*s", SLICE_ARG(sheet->subject),
                     SLICE_ARG(request_value(&sheet->arena, "name", sheet_value(sheet, "name")))));
}

void tools_rename_admd(struct view *view, struct slice id, struct slice name)
{
    struct sheet *sheet =
        sheet_begin(view, tr("Rename an organisation"), SLICE(""), submit_admd_name);
    sheet->subject = arena_copy(&sheet->arena, id);
    struct sheet_row *row = sheet_add(sheet, "name", tr("Name"), name);
    row->is_required = true;
    sheet_explain(sheet, row, tr("as the map shows it; its id stays"));
    sheet_show(view);
}

static struct slice person_line(const struct entry *e, struct arena *arena)
{
    return arena_printf(arena, "user remove %.*s", SLICE_ARG(e->a));
}

static struct slice record_line(const struct entry *e, struct arena *arena)
{
    struct slice data = e->c, preference = cut_preference(e->b, &data);
    struct slice line =
        arena_printf(arena, "dns remove %.*s %.*s%.*s", SLICE_ARG(e->a), SLICE_ARG(e->b),
                     SLICE_ARG(request_value(arena, "data", data)));
    if (slice_equal(e->b, SLICE("MX")))
        line = arena_printf(arena, "%.*s pref=%.*s", SLICE_ARG(line), SLICE_ARG(preference));
    return line;
}

static struct slice admd_line(const struct entry *e, struct arena *arena)
{
    return arena_printf(arena, "admd remove %.*s", SLICE_ARG(e->a));
}

static const struct list {
    const char *title, *button;
    void (*find)(const struct view *view, struct entries *out);
    struct slice (*remove)(const struct entry *e, struct arena *arena);
    ui_act *add;
} lists[] = {
    [TOOLS_PEOPLE] = {TR("People with an account"), TR("Add a person ..."), find_people,
                      person_line, add_person},
    [TOOLS_RECORDS] = {TR("DNS records"), TR("Add a record ..."), find_records, record_line,
                       add_record},
    [TOOLS_ADMDS] = {TR("Organisations"), TR("Add an organisation ..."), find_admds, admd_line,
                     add_admd},
};

/* ---- what is done ---- */

static struct entries entries_of(struct view *view, struct arena *arena)
{
    struct entries out = {arena_take(arena, ROWS_MAX * sizeof *out.items), 0};
    lists[doing_of(view)->tools.list].find(view, &out);
    return out;
}

static void remove_row(struct view *view, uint32_t i)
{
    struct arena arena;
    arena_init(&arena);
    struct entries all = entries_of(view, &arena);
    if (i < all.count)
        doing_do(view, lists[view->doing->tools.list].remove(&all.items[i], &arena));
    arena_finish(&arena);
}

/* People have nothing but their address and name. */
static bool can_edit(const struct view *view)
{
    return view->doing->tools.list != TOOLS_PEOPLE;
}

/* A record is changed by taking it away and adding another. */
static void edit_row(struct view *view, uint32_t i)
{
    struct arena arena;
    arena_init(&arena);
    struct entries all = entries_of(view, &arena);
    const struct entry *e = &all.items[i];
    if (i < all.count && view->doing->tools.list == TOOLS_ADMDS)
        tools_rename_admd(view, e->a, e->b);
    else if (i < all.count && view->doing->tools.list == TOOLS_RECORDS)
        open_record(view, tr("Change a DNS record"), e->a, e->b, e->c, record_line(e, &arena));
    arena_finish(&arena);
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    doing_of(view)->tools.scroll.above -= lines * 2;
}

static bool row_key(struct view *view, uint32_t i, int key)
{
    if (key == INPUT_KEY_DELETE)
        remove_row(view, i);
    else if (key == INPUT_KEY_DOWN || key == INPUT_KEY_UP)
        ui_move_focus(&view->ui, key == INPUT_KEY_DOWN ? 1 : -1);
    else
        return false;
    return true;
}

/* ---- drawing ---- */

static void draw_row(struct view *view, struct draw_box row, const struct entry *e, size_t i)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    bool is_record = view->doing->tools.list == TOOLS_RECORDS;
    char name[UI_NAME];
    snprintf(name, sizeof name, "row-remove-%zu", i + 1);
    float w = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(tr("Remove"))) + 20;
    struct draw_box place = ui_cut_right(&row, w);
    ui_button(ui, name, ui_inset(place, 2), tr("Remove"), remove_row, (uint32_t)i, 0);
    ui_on_key(ui, row_key);
    if (can_edit(view)) {
        snprintf(name, sizeof name, "row-edit-%zu", i + 1);
        w = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(tr("Change"))) + 20;
        place = ui_cut_right(&row, w);
        ui_button(ui, name, ui_inset(place, 2), tr("Change"), edit_row, (uint32_t)i, 0);
        ui_on_key(ui, row_key);
    }
    ui_cut_right(&row, 12);
    enum draw_font font = is_record ? DRAW_FONT_MONO : DRAW_FONT_SANS;
    float size = is_record ? theme->size_mono : theme->size_text;
    ui_label(ui, ui_cut_left(&row, floorf(row.w * (is_record ? 0.4f : 0.5f))), DRAW_ALIGN_LEFT,
             font, size, theme->ink, e->a);
    ui_cut_left(&row, 12);
    ui_label(ui, ui_cut_left(&row, is_record ? size * 4 : row.w), DRAW_ALIGN_LEFT, font, size,
             theme->ink_soft, e->b);
    if (is_record)
        ui_label(ui, row, DRAW_ALIGN_LEFT, font, size, theme->ink, e->c);
}

static ptrdiff_t focused_row(const struct ui *ui)
{
    unsigned number;
    bool is_row = sscanf(ui->focus, "row-remove-%u", &number) == 1 ||
                  sscanf(ui->focus, "row-edit-%u", &number) == 1;
    return is_row ? (ptrdiff_t)number - 1 : ROWS_NO_FOCUS;
}

static void draw_list(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct tools *t = &doing_of(view)->tools;
    struct entries entries = entries_of(view, &ui->list->arena);
    size_t i;
    struct draw_box row;
    float step = button_height(theme) + 4;
    struct draw_box inside =
        overlay_frame(view, all, theme->size_text * 60,
                      step * (float)(entries.count ? entries.count : 1) + 2 * step + 100,
                      tr(lists[t->list].title));
    struct draw_box foot = ui_cut_bottom(&inside, button_height(theme));
    ui_cut_bottom(&inside, 12);
    struct rows_seen rows =
        rows_begin(view, inside, step, entries.count, &t->scroll, focused_row(ui));
    while (rows_next(&rows, &i, &row))
        draw_row(view, row, &entries.items[i], i);
    ui_wheel(ui, "rows-wheel", inside, turn, 0);
    const char *label = tr(lists[t->list].button);
    float w = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(label)) + 28;
    ui_button(ui, "row-add", ui_cut_right(&foot, w), label, lists[t->list].add, 0, UI_PRIMARY);
}

static const struct overlay list_overlay = {.name = "list", .draw = draw_list};

void tools_list_open(struct view *view, enum tools_list list)
{
    struct tools *t = &doing_of(view)->tools;
    view->notice_ms = 0;
    t->list = list;
    t->scroll = (struct rows_scroll){0};
    if (view->overlay != &list_overlay)
        overlay_open(view, &list_overlay);
    snprintf(view->ui.focus, sizeof view->ui.focus, "row-add");
}

void tools_people(struct view *view, uint32_t arg)
{
    (void)arg;
    tools_list_open(view, TOOLS_PEOPLE);
}

void tools_records(struct view *view, uint32_t arg)
{
    (void)arg;
    tools_list_open(view, TOOLS_RECORDS);
}

void tools_admds(struct view *view, uint32_t arg)
{
    (void)arg;
    tools_list_open(view, TOOLS_ADMDS);
}
