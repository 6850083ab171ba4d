#include "agents/proto/imap_fetch_preview.h"

#include "agents/proto/imap_put.h"
#include "sim/base/utf8.h"

/* So much of an encoded text is enough for the first words of it, and of a page's head. */
enum { LOOKED_AT_MAX = 16 * 1024 };

static const struct mime_part *find_text(const struct mime *mime, struct slice subtype)
{
    for (size_t i = 0; i < mime->parts.count; i++) {
        const struct mime_part *part = &mime->parts.items[i];
        if (slice_equal_fold(part->type, SLICE("text")) && slice_equal_fold(part->subtype, subtype))
            return part;
    }
    return NULL;
}

/* The start of a part's text as UTF-8. */
static void decode(const struct mime_part *part, struct bytes *utf8)
{
    struct mime_part start = *part;
    struct bytes octets, charset;
    bytes_init(&octets, LOOKED_AT_MAX);
    bytes_init(&charset, 100);
    start.body = slice_part(part->body, 0, LOOKED_AT_MAX / 2);
    if (!mime_decode(&start, &octets))
        bytes_append(&octets, start.body);
    if (!mime_parameter(part->parameters, SLICE("charset"), &charset))
        bytes_append(&charset, SLICE("utf-8"));
    if (!mime_to_utf8(bytes_slice(&octets), bytes_slice(&charset), utf8))
        utf8_append_repaired(bytes_slice(&octets), utf8);
    bytes_finish(&octets);
    bytes_finish(&charset);
}

/* The place behind an element that has no words for a reader ("<style>...</style>"), or behind a
   single tag. `at` is on the '<'. */
static size_t skip_tag(struct slice text, size_t at)
{
    static const char *const hidden[] = {"style", "script", "title"};
    struct slice rest = slice_part(text, at + 1, text.size);
    if (slice_starts(rest, SLICE("!--"))) {
        size_t end = slice_find(text, SLICE("-->"), at);
        return end == SLICE_NONE ? text.size : end + 3;
    }
    for (size_t i = 0; i < 3; i++) {
        if (!slice_starts_fold(rest, slice_of(hidden[i])))
            continue;
        size_t end = slice_find(text, SLICE("</"), at);
        at = end == SLICE_NONE ? text.size : end;
    }
    size_t end = slice_find_octet(text, '>', at);
    return end == SLICE_NONE ? text.size : end + 1;
}

/* One character of a text on its way into the preview: blanks and controls in a row become one
   space, none at the start. */
struct words {
    struct bytes *out;
    size_t count;
    bool has_blank;
};

static void put_character(struct words *w, uint32_t c)
{
    if (c <= ' ' || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029) {
        w->has_blank = w->count > 0;
        return;
    }
    if (w->has_blank && ++w->count < IMAP_FETCH_PREVIEW_MAX)
        bytes_append_octet(w->out, ' ');
    w->has_blank = false;
    if (w->count < IMAP_FETCH_PREVIEW_MAX)
        utf8_append(c, w->out);
    w->count++;
}

static void put_words(struct slice text, bool is_html, struct bytes *out)
{
    struct words words = {.out = out};
    size_t at = 0, size;
    while (at < text.size && words.count < IMAP_FETCH_PREVIEW_MAX) {
        if (is_html && text.data[at] == '<') {
            at = skip_tag(text, at);
            put_character(&words, ' ');
            continue;
        }
        uint32_t c = utf8_read(slice_part(text, at, text.size), &size);
        put_character(&words, c == UINT32_MAX ? 0xFFFD : c);
        at += size;
    }
}

bool imap_fetch_preview_put(const struct mime *mime, bool is_utf8, struct bytes *out)
{
    const struct mime_part *plain = find_text(mime, SLICE("plain"));
    const struct mime_part *part = plain ? plain : find_text(mime, SLICE("html"));
    struct bytes utf8, preview;
    bytes_init(&utf8, 4 * LOOKED_AT_MAX);
    bytes_init(&preview, 4 * IMAP_FETCH_PREVIEW_MAX);
    if (part) {
        decode(part, &utf8);
        put_words(bytes_slice(&utf8), !plain, &preview);
    }
    bool fits = imap_put_string(out, bytes_slice(&preview), is_utf8);
    bytes_finish(&utf8);
    bytes_finish(&preview);
    return fits;
}
