/*
 * The MIME parts of the chosen message as a tree (RFC 2045, 2046): what each is, how it was made
 * fit for the way, and what is wrong with it. The one that is pressed is shown decoded.
 */
#include <inttypes.h>
#include <stdio.h>

#include "render/view/inspector.h"
#include "render/view/part_faults.h"

enum { PARTS_SHOWN = 100, FAULTS_OF_MAX = 100, TEXT_MAX = 4000, HEX_OCTETS = 64 };

/* Read again only when the message has another content. */
static struct inspector_parts *read_parts(struct view *view, const struct stage *stage)
{
    struct inspector_parts *parts = &inspector_get(view)->parts;
    bool is_same = parts->is_read && parts->header.data == stage->header.data &&
                   parts->body.data == stage->body.data &&
                   parts->header.size == stage->header.size && parts->body.size == stage->body.size;
    if (is_same)
        return parts;
    parts->header = stage->header;
    parts->body = stage->body;
    bytes_clear(&parts->content);
    (void)bytes_append_all(&parts->content, (struct slice[]){stage->header, stage->body}, 2);
    if (parts->is_read)
        mime_reread(&parts->mime, bytes_slice(&parts->content));
    else
        mime_read(&parts->mime, bytes_slice(&parts->content));
    parts->is_read = true;
    parts->is_decoded = false;
    size_t count = parts->mime.parts.count;
    vector_clear(&parts->faults);
    for (uint32_t i = 0; i < count && i < FAULTS_OF_MAX; i++)
        *vector_add(&parts->faults) = part_faults(&parts->mime, i);
    return parts;
}

static bool is_text(const struct mime_part *part)
{
    return slice_equal_fold(part->type, SLICE("text"));
}

/* Decoded once, when it is opened. */
static void decode(struct inspector_parts *parts, uint32_t i)
{
    const struct mime_part *part = &parts->mime.parts.items[i];
    struct bytes charset;
    if (parts->is_decoded && parts->shown == i + 1)
        return;
    parts->is_decoded = true;
    parts->shown = i + 1;
    bytes_clear(&parts->decoded);
    bytes_clear(&parts->text);
    if (!mime_decode(part, &parts->decoded))
        (void)bytes_append(&parts->decoded, part->body);
    bytes_init(&charset, 256);
    if (!is_text(part) || !mime_parameter(part->parameters, SLICE("charset"), &charset) ||
        !mime_to_utf8(bytes_slice(&parts->decoded), bytes_slice(&charset), &parts->text)) {
        bytes_clear(&parts->text);
        (void)bytes_append(&parts->text, bytes_slice(&parts->decoded));
    }
    bytes_finish(&charset);
}

static void open_part(struct view *view, uint32_t number)
{
    struct inspector *inspector = inspector_get(view);
    inspector->open_part = inspector->open_part == number ? 0 : number;
}

/* ---- words ---- */

/* "1.2": its place among its parent's, as IMAP counts them (RFC 9051 6.4.5.1). */
static struct slice number_text(struct arena *arena, const struct mime *mime, uint32_t i)
{
    const struct mime_part *part = &mime->parts.items[i];
    if (i == 0)
        return SLICE("");
    unsigned n = 1;
    uint32_t sibling = mime->parts.items[part->parent].first_child;
    for (; sibling && sibling != i; sibling = mime->parts.items[sibling].next)
        n++;
    struct slice above = number_text(arena, mime, part->parent);
    return arena_printf(arena, "%.*s%s%u", SLICE_ARG(above), above.size ? "." : "", n);
}

/* A parameter of a field's value; "" when there is none. */
static struct slice parameter(struct page *page, struct slice value, struct slice name, size_t most)
{
    struct slice text;
    bool ok = decoded_get(&inspector_get(page->view)->decoded, slice_part(value, 0, PAGE_TEXT_MAX),
                          name, &text);
    return page_flat(page->arena, ok ? text : SLICE(""), most);
}

/* A parameter of Content-Disposition, or of Content-Type where old programs put it. */
static struct slice file_name(struct page *page, const struct mime_part *part)
{
    enum { NAME_MOST = 200 };
    struct header_field field;
    struct slice name = SLICE("");
    if (header_find(part->header, SLICE("Content-Disposition"), 1, &field)) {
        size_t at = slice_find_octet(field.value, ';', 0);
        if (at != SLICE_NONE)
            name = parameter(page, slice_part(field.value, at, field.value.size), SLICE("filename"),
                             NAME_MOST);
    }
    return name.size ? name : parameter(page, part->parameters, SLICE("name"), NAME_MOST);
}

static struct slice charset_of(struct page *page, const struct mime_part *part)
{
    return parameter(page, part->parameters, SLICE("charset"), 60);
}

static struct slice kind_text(const struct mime_part *part)
{
    static const struct {
        const char *type, *subtype, *text;
    } kinds[] = {
        {"multipart", "mixed", TR("several parts, one after the other (RFC 2046 5.1.3)")},
        {"multipart", "alternative",
         TR("the same in several forms, the last the best "
            "(RFC 2046 5.1.4)")},
        {"multipart", "digest", TR("a bundle of messages (RFC 2046 5.1.5)")},
        {"multipart", "report",
         TR("a notice: for people, for programs, and what it is about "
            "(RFC 6522 3)")},
        {"multipart", "related", TR("a part with what it shows (RFC 2387)")},
        {"multipart", "signed", TR("a part and a signature over it (RFC 1847 2.1)")},
        {"message", "rfc822", TR("another message, whole (RFC 2046 5.2.1)")},
        {"message", "delivery-status",
         TR("what became of each recipient, for programs "
            "(RFC 3464 2)")},
        {"text", "rfc822-headers", TR("the header of another message (RFC 6522 4)")},
        {"text", "plain", TR("text (RFC 2046 4.1.3)")},
        {"text", "html", TR("text with its looks; shown as it is written, never carried out")},
        {"text", "", TR("text of some kind (RFC 2046 4.1)")},
        {"image", "", TR("a picture (RFC 2046 4.2)")},
        {"audio", "", TR("sound (RFC 2046 4.3)")},
        {"video", "", TR("a film (RFC 2046 4.4)")},
        {"multipart", "", TR("several parts of one kind (RFC 2046 5.1.7)")},
        {"", "", TR("octets for some program (RFC 2046 4.5)")},
    };
    size_t i = 0, last = sizeof kinds / sizeof kinds[0] - 1;
    while (i < last &&
           !(slice_equal_fold(part->type, slice_of(kinds[i].type)) &&
             (!kinds[i].subtype[0] || slice_equal_fold(part->subtype, slice_of(kinds[i].subtype)))))
        i++;
    return slice_of(tr(kinds[i].text));
}

/* ---- drawing ---- */

static void put_hex(struct page *page, struct slice octets)
{
    enum { ROW = 16 };
    for (size_t at = 0; at < octets.size && at < HEX_OCTETS; at += ROW) {
        char hex[ROW * 3 + 1] = "", text[ROW + 1] = "";
        for (size_t i = 0; i < ROW && at + i < octets.size; i++) {
            unsigned char c = (unsigned char)octets.data[at + i];
            snprintf(hex + i * 3, 4, "%02x ", c);
            text[i] = (char)(c >= ' ' && c < 0x7F ? c : '.');
        }
        page_mono(page, arena_printf(page->arena, "%04zx  %-48s %s", at, hex, text),
                  page->out ? 0 : page->theme->ink_soft);
    }
}

static void put_content(struct page *page, struct inspector_parts *parts, uint32_t i)
{
    const struct mime_part *part = &parts->mime.parts.items[i];
    if (part->is_multipart || part->is_message)
        return;
    decode(parts, i);
    struct slice decoded = bytes_slice(&parts->decoded);
    if (part->encoding == MIME_BASE64 || part->encoding == MIME_QUOTED_PRINTABLE)
        page_note(page, arena_printf(page->arena, tr("%.*s undone: %zu octets, of %zu on the way"),
                                     SLICE_ARG(page_flat(page->arena, part->encoding_word, 40)),
                                     decoded.size, part->body.size));
    if (is_text(part))
        page_mono(page, page_cut(page->arena, bytes_slice(&parts->text), TEXT_MAX),
                  page->out ? 0 : page->theme->ink);
    else
        put_hex(page, decoded);
}

static void put_head(struct page *page, const struct mime *mime, uint32_t i)
{
    const struct mime_part *part = &mime->parts.items[i];
    struct arena *arena = page->arena;
    struct slice number = number_text(arena, mime, i), name = file_name(page, part);
    struct slice charset = charset_of(page, part);
    page_title(page,
               arena_printf(arena, "%.*s%s%.*s/%.*s%s%.*s%s", SLICE_ARG(number),
                            number.size ? "  " : "", SLICE_ARG(page_flat(arena, part->type, 60)),
                            SLICE_ARG(page_flat(arena, part->subtype, 80)),
                            name.size ? " \xE2\x80\x9C" : "", SLICE_ARG(name),
                            name.size ? "\xE2\x80\x9D" : ""));
    page_note(page,
              arena_printf(arena, tr("%.*s \xC2\xB7 %zu octets, %zu lines \xC2\xB7 %.*s%s%.*s"),
                           SLICE_ARG(kind_text(part)), part->body.size, part->line_count,
                           SLICE_ARG(page_flat(arena, part->encoding_word, 40)),
                           charset.size ? " \xC2\xB7 " : "", SLICE_ARG(charset)));
}

static void put_part(struct page *page, struct inspector_parts *parts, uint32_t i, bool is_open)
{
    enum { STEPS_MAX = 8 };
    const struct mime_part *part = &parts->mime.parts.items[i];
    uint32_t steps = part->depth < STEPS_MAX ? part->depth : STEPS_MAX;
    float in = page->out ? 0 : (float)steps * page->theme->size_text * 1.2f;
    unsigned faults = i < parts->faults.count ? parts->faults.items[i] : 0;
    char name[UI_NAME];
    if (!page->out && steps)
        draw_line(page->ui->list, page->x + in - 8, page->y + 4, page->x + in - 8,
                  page->y + draw_line_height(page->theme->size_text), page->theme->card_edge, 2, 0);
    page_indent(page, in);
    snprintf(name, sizeof name, "part-%" PRIu32, i + 1);
    page_row_begin_card(page, name, is_open);
    page_indent(page, 4);
    put_head(page, &parts->mime, i);
    for (unsigned f = 0; f < PART_FAULT_COUNT; f++)
        if (faults & 1u << f)
            page_sign(page, MARK_CROSS, slice_of(part_fault_text((enum part_fault)f)));
    if (is_open)
        put_content(page, parts, i);
    page_indent(page, -4);
    page_row_end(page, open_part, i + 1, kind_text(part));
    page_indent(page, -in);
    page_gap(page, 0.25f);
}

static void put_all(struct page *page)
{
    size_t chosen = inspector_stage(page->view);
    if (chosen == SLICE_NONE) {
        page_text(page, slice_of(tr("The parts of the message stand here: its text, its pictures "
                                    "and what else is in it.")));
        return;
    }
    struct stage stage = stages_at(&inspector_get(page->view)->stages, page->view->log, chosen);
    struct inspector_parts *parts = read_parts(page->view, &stage);
    size_t count = parts->mime.parts.count;
    uint32_t open = inspector_get(page->view)->open_part;
    if (open > count)
        open = 0;
    if (count == 1 && !open)
        open = 1; /* a message of one part: it is shown at once */
    for (uint32_t i = 0; i < count && i < PARTS_SHOWN; i++)
        put_part(page, parts, i, open == i + 1);
    if (count > PARTS_SHOWN)
        page_note(page, arena_printf(page->arena, tr("and %zu more"), count - PARTS_SHOWN));
}

void parts_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    struct page page;
    page_begin_told(&page, view, arena, out, PAGE_PARTS);
    put_all(&page);
}

void parts_draw(struct view *view, struct draw_box box, struct draw_box *tools)
{
    struct page page;
    inspector_copy_button(view, tools, PAGE_PARTS);
    page_begin(&page, view, box, PAGE_PARTS);
    put_all(&page);
    page_end(&page);
}
