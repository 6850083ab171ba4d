#include "agents/mail/message_again.h"

#include "agents/mail/header.h"
#include "agents/mail/message_part.h"

static bool stays_behind(struct slice name)
{
    return slice_equal_fold(name, SLICE("Return-Path")) || slice_equal_fold(name, SLICE("Bcc"));
}

static bool append_header(struct slice header, struct bytes *out)
{
    struct header_field field;
    bool fits = true;
    while (fits && header_next(&header, &field))
        if (!stays_behind(field.name))
            fits = message_lines(field.whole, SLICE("\r\n "), out);
    return fits;
}

/* An empty line is the end of a header, too, of one without fields. */
static bool has_header(struct slice content)
{
    struct header_field field;
    return slice_starts(content, SLICE("\n")) || slice_starts(content, SLICE("\r\n")) ||
           (header_next(&content, &field) && field.name.size > 0);
}

static bool append_clean(struct slice content, struct bytes *out)
{
    struct slice header = {"", 0}, body = content;
    if (slice_starts(content, SLICE("From "))) {
        size_t end = slice_find_octet(content, '\n', 0);
        content = body = slice_part(content, end == SLICE_NONE ? end : end + 1, content.size);
    }
    if (has_header(content))
        header_split(content, &header, &body);
    return append_header(header, out) && bytes_append(out, SLICE("\r\n")) &&
           message_lines(body, SLICE("\r\n"), out);
}

bool message_again(struct slice content, struct bytes *out)
{
    struct bytes clean;
    size_t before = bytes_size(out);
    bytes_init(&clean, content.size);
    for (size_t at = 0; at < content.size;) {
        size_t nul = slice_find_octet(content, '\0', at);
        (void)bytes_append(&clean, slice_part(content, at, nul));
        at = nul == SLICE_NONE ? content.size : nul + 1;
    }
    bool fits = append_clean(bytes_slice(&clean), out);
    if (!fits)
        bytes_truncate(out, before);
    bytes_finish(&clean);
    return fits;
}
