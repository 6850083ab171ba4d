#include "agents/mail/subject.h"

#include "agents/mail/address.h"
#include "agents/mail/mime.h"
#include "agents/mail/token.h"

/* Step (1): UTF-8, and every run of blanks one space. */
static bool decode(struct slice value, struct bytes *out)
{
    size_t from = bytes_size(out);
    if (!mime_decode_words(value, out))
        return false;
    size_t size = bytes_size(out) - from, kept = 0;
    char *text = size ? bytes_tail(out, size) : NULL;
    for (size_t i = 0; i < size; i++) {
        bool is_blank = token_is_blank(text[i]);
        if (!is_blank || kept == 0 || text[kept - 1] != ' ')
            text[kept++] = is_blank ? ' ' : text[i];
    }
    bytes_truncate(out, from + kept);
    return true;
}

/* Step (2): subj-trailer = "(fwd)" / WSP, as often as it is there. */
static struct slice without_trailers(struct slice s, bool *is_reply)
{
    for (;;) {
        if (slice_ends(s, SLICE(" "))) {
            s.size--;
        } else if (slice_ends_fold(s, SLICE("(fwd)"))) {
            s.size -= 5;
            *is_reply = true;
        } else {
            return s;
        }
    }
}

/* Octets of subj-blob = "[" *BLOBCHAR "]" *WSP at the front; 0 when there is none. */
static size_t blob_size(struct slice s)
{
    if (s.size == 0 || s.data[0] != '[')
        return 0;
    size_t end = slice_find_either(s, '[', ']', 1);
    if (end == s.size || s.data[end] != ']')
        return 0;
    for (end++; end < s.size && s.data[end] == ' ';)
        end++;
    return end;
}

/* Octets of subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"; 0 when there is none. */
static size_t refwd_size(struct slice s)
{
    size_t end = slice_starts_fold(s, SLICE("fwd"))                                       ? 3
                 : slice_starts_fold(s, SLICE("fw")) || slice_starts_fold(s, SLICE("re")) ? 2
                                                                                          : 0;
    if (end == 0)
        return 0;
    while (end < s.size && s.data[end] == ' ')
        end++;
    end += blob_size(slice_part(s, end, s.size));
    return end < s.size && s.data[end] == ':' ? end + 1 : 0;
}

/*
 * Steps (3) to (5): subj-leader = (*subj-blob subj-refwd) / WSP, and blobs alone when something is
 * left behind them. All blobs of a run are looked at once: the standard takes one off and begins
 * again, which comes to the same.
 */
static struct slice without_leaders(struct slice s, bool *is_reply)
{
    for (;;) {
        size_t blobs = 0, last = 0, size;
        while (s.size && s.data[0] == ' ')
            s = slice_part(s, 1, s.size);
        while ((size = blob_size(slice_part(s, blobs, s.size))) > 0) {
            last = blobs;
            blobs += size;
        }
        size_t refwd = refwd_size(slice_part(s, blobs, s.size));
        *is_reply = *is_reply || refwd > 0;
        if (refwd == 0) /* a subject of nothing but blobs is its last one */
            return slice_part(s, blobs < s.size ? blobs : last, s.size);
        s = slice_part(s, blobs + refwd, s.size);
    }
}

bool subject_base(struct slice value, struct bytes *out, bool *is_reply)
{
    size_t before = bytes_size(out);
    bool is_any = false, is_forward = true, fits;
    struct bytes text;
    bytes_init(&text, 8 * value.size); /* more than any charset makes of it */
    fits = decode(value, &text);
    struct slice s = bytes_slice(&text);
    while (is_forward) {
        s = without_leaders(without_trailers(s, &is_any), &is_any);
        is_forward = slice_starts_fold(s, SLICE("[fwd:")) && slice_ends(s, SLICE("]"));
        if (is_forward) /* step (6) */
            s = slice_part(s, 5, s.size - 1);
        is_any = is_any || is_forward;
    }
    fits = fits && bytes_append(out, s);
    bytes_finish(&text);
    if (!fits)
        bytes_truncate(out, before);
    if (is_reply)
        *is_reply = is_any;
    return fits;
}

/* Behind the '>' of the identifier whose '<' is at `at`; an inner '<' begins another one. */
static size_t id_end(struct slice value, size_t *at)
{
    for (size_t i = *at + 1; i < value.size;) {
        if (value.data[i] == '>')
            return i + 1;
        if (value.data[i] == '<')
            *at = i;
        i = value.data[i] == '"' ? token_quoted(value, i) : i + 1;
    }
    return SLICE_NONE;
}

/* The place of the next '<' outside of quotes and comments. */
static size_t id_start(struct slice value)
{
    size_t i = 0;
    while (i < value.size && value.data[i] != '<')
        i = value.data[i] == '"'   ? token_quoted(value, i)
            : value.data[i] == '(' ? token_comment(value, i)
                                   : i + 1;
    return i;
}

/* id-left "@" id-right, without blanks (obs-id-left may have them). */
static bool read_id(struct slice text, struct bytes *id)
{
    bytes_clear(id);
    if (!address_unquote(text, true, id))
        return false;
    struct slice read = bytes_slice(id);
    size_t at = slice_find_octet(read, '@', 0);
    return at != SLICE_NONE && at > 0 && at + 1 < read.size;
}

bool subject_next_id(struct slice *value, struct bytes *id)
{
    while (value->size > 0) {
        size_t at = id_start(*value);
        size_t end = at < value->size ? id_end(*value, &at) : SLICE_NONE;
        struct slice text = end == SLICE_NONE ? SLICE("") : slice_part(*value, at + 1, end - 1);
        *value = slice_part(*value, end, value->size);
        if (read_id(text, id))
            return true;
    }
    return false;
}
