#include "agents/proto/imap_fetch_writer.h"

#include "agents/proto/imap_fetch_preview.h"
#include "agents/proto/imap_put.h"

enum {
    STAGE_NONE, /* nothing in work */
    STAGE_UNKNOWN,
    STAGE_ITEMS, /* pending, then the next item */
    STAGE_TEXT,  /* pending, then the text of the message is announced */
    STAGE_OCTETS,
    STAGE_END /* pending is the last of it */
};

/* What is made ready in memory is bounded by the message, which is there already. */
#define NO_CEILING (SIZE_MAX / 4)

void imap_fetch_writer_init(struct imap_fetch_writer *w)
{
    *w = (struct imap_fetch_writer){0};
    bytes_init(&w->pending, NO_CEILING);
    bytes_init(&w->built, NO_CEILING);
    bytes_init(&w->kept, NO_CEILING);
    bytes_init(&w->kept_flags, NO_CEILING);
}

void imap_fetch_writer_finish(struct imap_fetch_writer *w)
{
    bytes_finish(&w->pending);
    bytes_finish(&w->built);
    bytes_finish(&w->kept);
    bytes_finish(&w->kept_flags);
    if (w->has_mime)
        mime_finish(&w->mime);
    *w = (struct imap_fetch_writer){0};
}

/* ---- the message's structure ---- */

static struct slice header_of(const struct imap_fetch_writer *w)
{
    struct slice header, body;
    header_split(w->message.item.content, &header, &body);
    return header;
}

/* As much of the structure as is asked for: the header alone is read without a look at the body. */
static const struct mime *mime_of(struct imap_fetch_writer *w, enum imap_fetch_mime much)
{
    if (w->mime_of >= much)
        return &w->mime;
    struct slice text = much == IMAP_FETCH_MIME_WHOLE ? w->message.item.content : header_of(w);
    if (w->has_mime)
        mime_reread(&w->mime, text);
    else
        mime_read(&w->mime, text);
    w->has_mime = true;
    w->mime_of = much;
    return &w->mime;
}

static const struct mime_part *part_of(struct imap_fetch_writer *w,
                                       const struct imap_fetch_item *item)
{
    const struct mime *mime = mime_of(w, IMAP_FETCH_MIME_WHOLE);
    return imap_section_part(mime, item->section.path, item->section.path_count);
}

/* BINARY of the whole message has no transfer encoding of its own to undo. */
static bool is_of_part(const struct imap_fetch_item *item)
{
    return (item->kind == IMAP_FETCH_BINARY || item->kind == IMAP_FETCH_BINARY_SIZE) &&
           item->section.path_count > 0;
}

static bool has_unknown_encoding(struct imap_fetch_writer *w)
{
    for (size_t i = 0; i < w->fetch->count; i++) {
        const struct imap_fetch_item *item = &w->fetch->items[i];
        const struct mime_part *part = is_of_part(item) ? part_of(w, item) : NULL;
        if (part && !part->is_multipart && part->encoding == MIME_ENCODING_UNKNOWN)
            return true;
    }
    return false;
}

void imap_fetch_writer_begin(struct imap_fetch_writer *w, const struct imap_fetch *fetch,
                             const struct imap_fetch_message *message)
{
    w->fetch = fetch;
    w->message = *message;
    w->index = 0;
    w->left = 0;
    w->is_text = false;
    w->mime_of = IMAP_FETCH_MIME_NONE;
    bytes_reuse(&w->pending);
    bytes_reuse(&w->built);
    bytes_reuse(&w->kept);
    bytes_reuse(&w->kept_flags);
    w->stage = has_unknown_encoding(w) ? STAGE_UNKNOWN : STAGE_ITEMS;
    bytes_append(&w->pending, SLICE("* "));
    imap_put_number(&w->pending, message->number);
    bytes_append(&w->pending, SLICE(" FETCH ("));
}

void imap_fetch_writer_keep(struct imap_fetch_writer *w)
{
    if (w->stage == STAGE_NONE || !w->message.folder)
        return;
    imap_put_flags(&w->kept_flags, w->message.folder, w->message.item.flags, w->message.is_recent);
    bytes_append(&w->kept, w->message.item.content);
    w->message.item.content = bytes_slice(&w->kept);
    w->message.folder = NULL;
    w->mime_of = IMAP_FETCH_MIME_NONE;
}

/* ---- octets of a section ---- */

/* Where the octets are that a section means; false when the message has no such section. */
static bool find_octets(struct imap_fetch_writer *w, const struct imap_fetch_item *item,
                        struct slice *octets)
{
    const struct imap_section *section = &item->section;
    struct slice content = w->message.item.content;
    bytes_clear(&w->built);
    w->is_built = section->field_count > 0;
    if (section->path_count == 0 && section->what == IMAP_SECTION_ALL) {
        *octets = content;
        return true;
    }
    bool is_header = section->path_count == 0 && section->what != IMAP_SECTION_TEXT;
    const struct mime *mime =
        mime_of(w, is_header ? IMAP_FETCH_MIME_HEADER : IMAP_FETCH_MIME_WHOLE);
    return imap_section_find(mime, section, octets, &w->built);
}

static bool decode_octets(struct imap_fetch_writer *w, const struct imap_fetch_item *item,
                          struct slice *octets)
{
    if (!is_of_part(item))
        return find_octets(w, item, octets);
    const struct mime_part *part = part_of(w, item);
    bytes_clear(&w->built);
    w->is_built = true;
    if (!part)
        return false;
    if (part->is_multipart || !mime_decode(part, &w->built))
        bytes_append(&w->built, part->body);
    *octets = bytes_slice(&w->built);
    return true;
}

/* Is it all of the message, or all of its body? Then its way is to be seen (is_text). */
static void look_for_text(struct imap_fetch_writer *w)
{
    struct slice header, body;
    header_split(w->message.item.content, &header, &body);
    bool is_body = w->at == header.size && w->left == body.size;
    w->is_whole = w->at == 0 && w->left == w->message.item.content.size;
    w->is_text = !w->is_built && w->left > 0 && (w->is_whole || is_body);
    w->middle = w->is_whole && header.size > 0 ? body.size : 0;
}

/* nstring, or literal8 where there is NUL in it; the octets follow once pending is out. */
static void begin_octets(struct imap_fetch_writer *w, const struct imap_fetch_item *item,
                         struct slice octets)
{
    const char *start = w->is_built ? bytes_slice(&w->built).data : w->message.item.content.data;
    w->at = octets.size > 0 ? (size_t)(octets.data - start) : 0;
    if (item->is_partial) {
        uint64_t from = item->from < octets.size ? item->from : octets.size;
        uint64_t most = item->most < octets.size - from ? item->most : octets.size - from;
        octets = slice_part(octets, (size_t)from, (size_t)(from + most));
        w->at += (size_t)from;
    }
    w->left = octets.size;
    w->is_binary = item->kind == IMAP_FETCH_BINARY;
    if (w->is_binary && slice_find_octet(octets, '\0', 0) != SLICE_NONE)
        bytes_append_octet(&w->pending, '~');
    imap_put_literal_size(&w->pending, octets.size, SLICE(""));
    look_for_text(w);
    w->stage = w->is_text ? STAGE_TEXT : STAGE_OCTETS;
}

static void put_octets(struct imap_fetch_writer *w, const struct imap_fetch_item *item)
{
    struct slice octets;
    bool is_there = item->kind == IMAP_FETCH_BINARY ? decode_octets(w, item, &octets)
                                                    : find_octets(w, item, &octets);
    if (is_there)
        begin_octets(w, item, octets);
    else
        bytes_append(&w->pending, SLICE("NIL"));
}

/* ---- items ---- */

static void put_binary_size(struct imap_fetch_writer *w, const struct imap_fetch_item *item)
{
    struct slice octets;
    imap_put_number(&w->pending, decode_octets(w, item, &octets) ? octets.size : 0);
}

static void put_flags(struct imap_fetch_writer *w)
{
    const struct imap_fetch_message *m = &w->message;
    if (m->folder)
        imap_put_flags(&w->pending, m->folder, m->item.flags, m->is_recent);
    else
        bytes_append(&w->pending, bytes_slice(&w->kept_flags));
}

static void put_modseq(struct imap_fetch_writer *w)
{
    bytes_append_octet(&w->pending, '(');
    imap_put_number(&w->pending, w->message.item.modseq);
    bytes_append_octet(&w->pending, ')');
}

/* The value behind an item's name. */
static void put_value(struct imap_fetch_writer *w, const struct imap_fetch_item *item)
{
    const struct account_item *m = &w->message.item;
    bool is_utf8 = w->message.is_utf8;
    switch (item->kind) {
    case IMAP_FETCH_UID:
        imap_put_number(&w->pending, m->uid);
        return;
    case IMAP_FETCH_FLAGS:
        put_flags(w);
        return;
    case IMAP_FETCH_INTERNALDATE:
        imap_put_date_time(&w->pending, m->internal_s, m->zone_min);
        return;
    case IMAP_FETCH_RFC822_SIZE:
        imap_put_number(&w->pending, m->content.size);
        return;
    case IMAP_FETCH_ENVELOPE:
        imap_structure_envelope(header_of(w), is_utf8, &w->pending);
        return;
    case IMAP_FETCH_BODY:
    case IMAP_FETCH_BODYSTRUCTURE:
        imap_structure_body(mime_of(w, IMAP_FETCH_MIME_WHOLE),
                            item->kind == IMAP_FETCH_BODYSTRUCTURE, is_utf8, &w->pending);
        return;
    case IMAP_FETCH_MODSEQ:
        put_modseq(w);
        return;
    case IMAP_FETCH_SAVEDATE:
        imap_put_date_time(&w->pending, m->saved_s, m->zone_min);
        return;
    case IMAP_FETCH_PREVIEW:
        imap_fetch_preview_put(mime_of(w, IMAP_FETCH_MIME_WHOLE), is_utf8, &w->pending);
        return;
    case IMAP_FETCH_BINARY_SIZE:
        put_binary_size(w, item);
        return;
    case IMAP_FETCH_SECTION:
    case IMAP_FETCH_BINARY:
        put_octets(w, item);
        return;
    }
}

static void put_next_item(struct imap_fetch_writer *w)
{
    if (w->index == w->fetch->count) {
        bytes_append(&w->pending, SLICE(")\r\n"));
        w->stage = STAGE_END;
        return;
    }
    const struct imap_fetch_item *item = &w->fetch->items[w->index++];
    if (w->index > 1)
        bytes_append_octet(&w->pending, ' ');
    bytes_append(&w->pending, item->label);
    bytes_append_octet(&w->pending, ' ');
    put_value(w, item);
}

/* ---- into out ---- */

static size_t room_in(const struct bytes *out, size_t most)
{
    size_t end = most < out->ceiling ? most : out->ceiling;
    return bytes_size(out) < end ? end - bytes_size(out) : 0;
}

/* As much of pending as there is room for; false when some is left. */
static bool flush(struct imap_fetch_writer *w, struct bytes *out, size_t most)
{
    struct slice part = slice_part(bytes_slice(&w->pending), 0, room_in(out, most));
    bytes_append(out, part);
    bytes_consume(&w->pending, part.size);
    return bytes_size(&w->pending) == 0;
}

/* A literal has no NUL in it (CHAR8; RFC 9051 4.3.1), whatever the message has. */
static void hide_nul(char *octets, size_t size)
{
    char *end = octets + size;
    for (char *at = octets; at < end && (at = memchr(at, '\0', (size_t)(end - at))); at++)
        *at = '?';
}

/* The next octets of a literal, up to `end` of them left. */
static void copy_octets(struct imap_fetch_writer *w, struct bytes *out, size_t most, size_t end)
{
    struct slice all = w->is_built ? bytes_slice(&w->built) : w->message.item.content;
    size_t room = room_in(out, most), size = w->left - end;
    size = size < room ? size : room;
    bytes_append(out, slice_part(all, w->at, w->at + size));
    if (!w->is_binary && size > 0)
        hide_nul(bytes_tail(out, size), size);
    w->at += size;
    w->left -= size;
}

static enum imap_fetch_step step_octets(struct imap_fetch_writer *w, struct bytes *out, size_t most)
{
    bool is_header = w->is_text && w->middle > 0 && w->left > w->middle;
    copy_octets(w, out, most, is_header ? w->middle : 0);
    if (is_header && w->left == w->middle)
        return IMAP_FETCH_TEXT_MIDDLE;
    if (w->left > 0)
        return IMAP_FETCH_FULL;
    w->stage = STAGE_ITEMS;
    return w->is_text ? IMAP_FETCH_TEXT_END : IMAP_FETCH_DONE;
}

enum imap_fetch_step imap_fetch_writer_step(struct imap_fetch_writer *w, struct bytes *out,
                                            size_t most)
{
    while (w->stage != STAGE_NONE && w->stage != STAGE_UNKNOWN) {
        if (!flush(w, out, most))
            return IMAP_FETCH_FULL;
        if (w->stage == STAGE_TEXT) {
            w->stage = STAGE_OCTETS;
            return IMAP_FETCH_TEXT_BEGIN;
        }
        if (w->stage == STAGE_OCTETS) {
            enum imap_fetch_step step = step_octets(w, out, most);
            if (step != IMAP_FETCH_DONE)
                return step;
        } else if (w->stage == STAGE_ITEMS) {
            put_next_item(w);
        } else {
            w->stage = STAGE_NONE;
        }
    }
    bool is_unknown = w->stage == STAGE_UNKNOWN;
    w->stage = STAGE_NONE;
    return is_unknown ? IMAP_FETCH_UNKNOWN_CTE : IMAP_FETCH_DONE;
}
