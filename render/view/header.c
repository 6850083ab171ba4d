/*
 * The header of the chosen message: each field with the mark of who put it there and, when it is
 * pressed, what it is for; the Received fields as slips tied to their hops, with how long each
 * took.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agents/mail/date.h"
#include "render/view/header_words.h"
#include "render/view/hops.h"
#include "render/view/inspector.h"
#include "render/view/words.h"

/* What the fields need to know of the rest. */
struct letter {
    struct page *page;
    const struct authors *authors;
    struct hops hops;
    uint32_t slip;   /* number of the next Received field from the top; 1 is the oldest */
    size_t received; /* the same from 0 at the top */
};

static struct slice clause_of(struct arena *arena, const struct header_meaning *meaning)
{
    return meaning->clause[0] ? arena_printf(arena, "%s (%s)", tr(meaning->text), meaning->clause)
                              : slice_of(tr(meaning->text));
}

static uint32_t author_of(const struct letter *letter, size_t i)
{
    return i < letter->authors->count ? letter->authors->places[i] : 0;
}

static struct slice author_text(const struct letter *letter, size_t i)
{
    struct page *page = letter->page;
    uint32_t place = author_of(letter, i);
    if (!place)
        return SLICE("");
    return arena_printf(page->arena, tr("added by %.*s"),
                        SLICE_ARG(inspector_who(page->view, page->arena, place)));
}

static float gutter(const struct page *page)
{
    return page->out ? 0 : draw_line_height(page->theme->size_small) + 6;
}

/* The mark of the agent at the left of the field. */
static void draw_author(const struct letter *letter, size_t i)
{
    const struct page *page = letter->page;
    uint32_t place = author_of(letter, i);
    if (page->out || !place)
        return;
    float size = gutter(page) - 6, line = draw_line_height(page->theme->size_mono);
    struct draw_box box = {page->x, page->y, size, line};
    if (page_is_seen(page, box))
        mark_draw(page->ui->list, page->theme, theme_mark(inspector_role(page->view->log, place)),
                  box.x + size / 2, box.y + line / 2, size);
}

/* Name and value in one; the name in its own colour where it is drawn. */
static void write_field(struct page *page, const struct header_field *field)
{
    struct slice text = page_flat(page->arena, field->whole, PAGE_TEXT_MAX);
    float x = page->x, y = page->y;
    page_mono(page, text, page->out ? 0 : page->theme->ink);
    size_t name_size = field->name.size && field->name.size < 200 ? field->name.size + 1 : 0;
    if (page->out || !name_size)
        return;
    struct draw_box line = {x, y, page->w, draw_line_height(page->theme->size_mono)};
    struct slice name = slice_part(text, 0, name_size);
    if (page_is_seen(page, line) &&
        page_width(page, DRAW_FONT_MONO, page->theme->size_mono, name) <= page->w)
        draw_string(page->ui->list, x, y, 0, DRAW_ALIGN_LEFT, DRAW_FONT_MONO,
                    page->theme->size_mono, page->theme->accent, name);
}

static void open_field(struct view *view, uint32_t number)
{
    struct inspector *inspector = inspector_get(view);
    inspector->open_field = inspector->open_field == number ? 0 : number;
}

static void put_field(struct letter *letter, const struct header_field *field, size_t i)
{
    struct page *page = letter->page;
    bool is_open = inspector_get(page->view)->open_field == i + 1;
    struct slice meaning = clause_of(page->arena, header_meaning(field->name));
    struct slice author = author_text(letter, i);
    char name[UI_NAME];
    snprintf(name, sizeof name, "field-%zu", i + 1);
    page_row_begin(page, name, is_open);
    draw_author(letter, i);
    page_indent(page, gutter(page));
    write_field(page, field);
    if (is_open || page->out) {
        page_note(page, meaning);
        page_note(page, author);
    }
    page_indent(page, -gutter(page));
    page_row_end(page, open_field, (uint32_t)i + 1,
                 arena_printf(page->arena, "%.*s%s%.*s", SLICE_ARG(meaning),
                              author.size ? " \xC2\xB7 " : "", SLICE_ARG(author)));
}

/* ---- Received ---- */

static struct slice delay_text(const struct letter *letter, const struct hop_delay *hop)
{
    struct arena *arena = letter->page->arena;
    bool is_lowest = letter->received + 1 == letter->hops.count;
    if (!hop->has_date)
        return slice_of(tr("no date that can be read: how long it took is not said"));
    if (!hop->has_delay)
        return slice_of(tr("nothing below it has a date: here the count begins"));
    struct slice time = hops_duration(arena, hop->delay_s);
    if (hop->delay_s < 0)
        return arena_printf(arena,
                            tr("%.*s: earlier than the line below. One of the two clocks is wrong, "
                               "not the order of the lines"),
                            SLICE_ARG(time));
    return is_lowest ? arena_printf(arena, tr("%.*s since it was written (Date)"), SLICE_ARG(time))
                     : arena_printf(arena, tr("%.*s since the line below"), SLICE_ARG(time));
}

/* As long as the longest of the message is the whole width. */
static void put_delay(struct letter *letter)
{
    struct page *page = letter->page;
    if (letter->received >= letter->hops.count)
        return;
    const struct hop_delay *hop = &letter->hops.delays[letter->received];
    bool is_wrong = hop->has_date && hop->has_delay && hop->delay_s < 0;
    if (!page->out && hop->has_delay) {
        const struct theme *theme = page->theme;
        struct draw_box box = page_take(page, 8);
        float share = letter->hops.longest_s > 0
                          ? (float)((double)hop->delay_s / (double)letter->hops.longest_s)
                          : 0;
        struct draw_box track = {box.x, box.y + 2, box.w, 4};
        struct draw_box bar = {box.x, box.y + 2, fmaxf(box.w * share, 4), 4};
        if (page_is_seen(page, box)) {
            draw_rect(page->ui->list, track, 2, theme->accent_soft, 0, 0);
            draw_rect(page->ui->list, is_wrong ? track : bar, 2, is_wrong ? 0 : theme->waiting,
                      is_wrong ? theme->bad : 0, 1);
        }
    }
    page_sign(page, is_wrong ? MARK_CROSS : MARK_CLOCK, delay_text(letter, hop));
}

static void put_word(struct page *page, const char *word, struct slice value)
{
    const struct header_meaning *meaning = header_received_meaning(word);
    if (value.size)
        page_pair(page, word,
                  arena_printf(page->arena, "%.*s \xE2\x80\x94 %.*s", SLICE_ARG(value),
                               SLICE_ARG(clause_of(page->arena, meaning))));
}

/* Each word of the field with its meaning. */
static void put_words(struct page *page, const struct header_field *field)
{
    struct received r;
    if (!received_read(field->value, &r))
        return;
    struct slice values[] = {r.from, r.from_addr, r.by, r.with, r.id, r.rcpt};
    static const char *const words[] = {"from", "seen", "by", "with", "id", "for"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        put_word(page, words[i], page_flat(page->arena, values[i], 300));
        const struct header_meaning *protocol = i == 3 ? header_with_meaning(r.with) : NULL;
        if (protocol)
            page_pair(page, "", clause_of(page->arena, protocol));
    }
    char date[DATE_TEXT];
    if (r.has_date)
        put_word(page, "date", date_write(r.unix_s, r.zone_min, date));
}

static void draw_badge(struct page *page, uint32_t number, float size)
{
    const struct theme *theme = page->theme;
    struct draw_box box = {page->x, page->y, size, size};
    if (!page_is_seen(page, box))
        return;
    draw_rect(page->ui->list, box, 4, theme->slip, theme->token_edge, 1);
    ui_label(page->ui, box, DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, theme->size_small, theme->token_edge,
             arena_printf(page->arena, "%" PRIu32, number));
}

/* A slip: a Received field with its number, lit together with its hop on the map. */
static void put_slip(struct letter *letter, const struct header_field *field, size_t i)
{
    struct page *page = letter->page;
    struct view *view = page->view;
    uint32_t number = letter->slip, from, by;
    bool is_hop = hops_hosts(view->log, field, &from, &by);
    bool is_lit = number == view->hover_hop || number == view->chosen_hop ||
                  (is_hop && by == view->hover_host);
    char name[UI_NAME];
    snprintf(name, sizeof name, "hop-%" PRIu32, number);
    page_row_begin_card(page, name, is_lit);
    float badge = page->out ? 0 : draw_line_height(page->theme->size_small) + 4;
    if (!page->out)
        draw_badge(page, number, badge);
    page_indent(page, badge + 8);
    write_field(page, field);
    put_delay(letter);
    if (number == view->chosen_hop || page->out) {
        put_words(page, field);
        if (!is_hop)
            page_note(page, slice_of(tr("Its \"by\" names no host of this network: it may be "
                                        "invented. Only lines by servers you trust are "
                                        "evidence.")));
        page_note(page, author_text(letter, i));
    }
    page_indent(page, -badge - 8);
    page_row_end(page, select_hop, number, clause_of(page->arena, header_meaning(field->name)));
    page_gap(page, 0.25f);
}

/* ---- the whole ---- */

static void put_total(struct letter *letter)
{
    struct page *page = letter->page;
    if (!letter->hops.has_total)
        return;
    page_gap(page, 0.3f);
    page_sign(page, letter->hops.total_s < 0 ? MARK_CROSS : MARK_CLOCK,
              arena_printf(page->arena, tr("%.*s in all, by the dates in the header"),
                           SLICE_ARG(hops_duration(page->arena, letter->hops.total_s))));
}

static void put_body(struct page *page)
{
    struct view *view = page->view;
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    struct slice header, body = log_text(view->log, message->body);
    if (body.size == 0)
        header_split(log_text(view->log, message->header), &header, &body);
    body = slice_trim(slice_part(body, 0, 2000));
    if (body.size == 0)
        return;
    page_gap(page, 0.5f);
    if (!page->out)
        draw_line(page->ui->list, page->x, page->y, page->x + page->w, page->y,
                  page->theme->card_edge, 1, 0);
    page_gap(page, 0.4f);
    page_mono(page, body, page->out ? 0 : page->theme->ink_soft);
}

static void put_title(struct page *page, uint32_t received)
{
    struct view *view = page->view;
    struct slice subject = words_subject(view->log, page->arena, view->msg);
    page_title(page,
               arena_printf(page->arena,
                            tr("Header of \xE2\x80\x9C%.*s\xE2\x80\x9D, %" PRIu32 " Received"),
                            SLICE_ARG(page_flat(page->arena, subject, 300)), received));
    page_gap(page, 0.2f);
}

static void put_all(struct page *page)
{
    struct slice header = header_text(page->view);
    struct letter letter = {.page = page,
                            .authors = inspector_authors(page->view),
                            .slip = header_count(header, SLICE("Received"))};
    struct header_field field;
    put_title(page, letter.slip);
    hops_read(header, &letter.hops);
    for (size_t i = 0; i < INSPECTOR_FIELDS_MAX && header_next(&header, &field); i++) {
        if (!letter.slip || !slice_equal_fold(field.name, SLICE("Received"))) {
            put_field(&letter, &field, i);
            continue;
        }
        put_slip(&letter, &field, i);
        letter.slip--;
        letter.received++;
    }
    put_total(&letter);
    put_body(page);
}

void header_page_act(struct view *view, uint32_t is_down)
{
    const float page = 8;
    bool is_in_dns = strncmp(view->ui.focus, "ask-", 4) == 0;
    enum page_id id = is_in_dns ? PAGE_DNS : inspector_get(view)->paged;
    *inspector_scroll(view, id) += is_down ? page : -page;
}

static bool has_message(struct page *page)
{
    if (scene_find_message(&page->view->scene, page->view->msg))
        return true;
    page_text(page, slice_of(tr("The header of the message stands here. Each server puts a "
                                "Received field on top.")));
    return false;
}

void header_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    struct page page;
    page_begin_told(&page, view, arena, out, PAGE_HEADER);
    if (has_message(&page))
        put_all(&page);
}

void header_draw(struct view *view, struct draw_box box, struct draw_box *tools)
{
    struct page page;
    inspector_copy_button(view, tools, PAGE_HEADER);
    page_begin(&page, view, box, PAGE_HEADER);
    if (has_message(&page))
        put_all(&page);
    page_end(&page);
}
