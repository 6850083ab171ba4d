#include "render/view/part_faults.h"

#include <string.h>

#include "render/view/tr.h"

enum { LOOKED_AT_MAX = 4 << 20, LINE_MAX = 998 };

const char *part_fault_text(enum part_fault fault)
{
    static const char *const texts[PART_FAULT_COUNT] = {
        [PART_NO_VERSION] = TR("It has MIME fields and no MIME-Version: an old reader may take all "
                               "of it for plain text (RFC 2045 4)."),
        [PART_NO_BOUNDARY] = TR("A multipart has to say which boundary divides it; this one does "
                                "not (RFC 2046 5.1.1)."),
        [PART_NOT_DIVIDED] = TR("Its boundary is nowhere in the body: it is shown as one text "
                                "(RFC 2045 5.2)."),
        [PART_NOT_CLOSED] = TR("The last boundary, with two hyphens behind it, is missing: it may "
                               "have been cut off (RFC 2046 5.1.1)."),
        [PART_ENCODED_MULTI] = TR("What has parts of its own must not be encoded as a whole: its "
                                  "parts are (RFC 2045 6.4)."),
        [PART_BAD_ENCODING] = TR("Nobody knows this transfer encoding: the body is left as it is "
                                 "(RFC 2045 6.4)."),
        [PART_BAD_BASE64] = TR("There are octets in it that base64 does not have; readers pass "
                               "over them (RFC 2045 6.8)."),
        [PART_BAD_CHARSET] = TR("This charset is not known here: letters may be wrong "
                                "(RFC 2046 4.1.2)."),
        [PART_8BIT_IN_7BIT] = TR("It has octets above 127 and says that it has none "
                                 "(RFC 2045 6.2)."),
        [PART_LONG_LINE] = TR("A line has more than 998 octets: a server may refuse or break it "
                              "(RFC 5322 2.1.1)."),
        [PART_BARE_END] = TR("A CR or an LF stands alone: servers that take it for the end of a "
                             "line can be tricked (RFC 5321 2.3.8)."),
        [PART_NUL] = TR("It has NUL octets, at which some programs stop reading (RFC 5322 4)."),
        [PART_TOO_DEEP] = TR("Too deep, or too many parts: what is in it is not taken apart."),
    };
    return fault < PART_FAULT_COUNT ? tr(texts[fault]) : "";
}

static bool is_type(const struct mime_part *part, const char *type)
{
    return slice_equal_fold(part->type, slice_of(type));
}

static bool has_field(struct slice header, const char *name)
{
    struct header_field field;
    return header_find(header, slice_of(name), 1, &field);
}

/* The last line of it that is a boundary has two more hyphens. Of the part's own body: the parser
   takes the epilogue with it. */
static bool is_closed(const struct mime_part *part)
{
    char mark[80];
    if (part->boundary.size > sizeof mark - 4)
        return true;
    memcpy(mark, "--", 2);
    memcpy(mark + 2, part->boundary.data, part->boundary.size);
    memcpy(mark + 2 + part->boundary.size, "--", 2);
    return slice_find(part->body, (struct slice){mark, part->boundary.size + 4}, 0) != SLICE_NONE;
}

static unsigned structure_faults(const struct mime_part *part)
{
    unsigned faults = 0;
    struct header_field field = {0};
    bool says_multi = header_find(part->header, SLICE("Content-Type"), 1, &field) &&
                      slice_starts_fold(slice_trim(field.value), SLICE("multipart/"));
    bool says_message =
        field.name.size && slice_starts_fold(slice_trim(field.value), SLICE("message/"));
    bool has_parts = part->is_multipart || part->is_message;
    /* what would pass the limits is read as octets for some program */
    if ((says_multi || says_message) && is_type(part, "application"))
        return 1u << PART_TOO_DEEP;
    if (says_multi && !part->is_multipart)
        faults |= slice_find(field.value, SLICE("oundary"), 0) == SLICE_NONE
                      ? 1u << PART_NO_BOUNDARY
                      : 1u << PART_NOT_DIVIDED;
    if (part->is_multipart && part->boundary.size && !is_closed(part))
        faults |= 1u << PART_NOT_CLOSED;
    if (part->encoding == MIME_ENCODING_UNKNOWN)
        faults |= 1u << PART_BAD_ENCODING;
    if (has_parts && (part->encoding == MIME_BASE64 || part->encoding == MIME_QUOTED_PRINTABLE))
        faults |= 1u << PART_ENCODED_MULTI;
    return faults;
}

static bool is_base64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=' || c == '\r' || c == '\n';
}

static unsigned octet_faults(const struct mime_part *part)
{
    struct slice body = slice_part(part->body, 0, LOOKED_AT_MAX);
    unsigned faults = 0;
    size_t line = 0;
    bool checks_base64 = part->encoding == MIME_BASE64;
    for (size_t i = 0; i < body.size; i++) {
        char c = body.data[i];
        bool is_pair = c == '\r' && i + 1 < body.size && body.data[i + 1] == '\n';
        bool is_end = c == '\n' && i > 0 && body.data[i - 1] == '\r';
        line = c == '\n' ? 0 : line + 1;
        if (line > LINE_MAX && !is_pair)
            faults |= 1u << PART_LONG_LINE;
        if ((c == '\r' && !is_pair && i + 1 < body.size) || (c == '\n' && !is_end))
            faults |= 1u << PART_BARE_END;
        if (c == '\0')
            faults |= 1u << PART_NUL;
        if (checks_base64 && !is_base64(c))
            faults |= 1u << PART_BAD_BASE64;
    }
    if (part->encoding == MIME_7BIT && slice_is_8bit(body))
        faults |= 1u << PART_8BIT_IN_7BIT;
    return faults;
}

static bool has_bad_charset(const struct mime_part *part)
{
    struct bytes charset;
    bytes_init(&charset, 256);
    bool is_bad = is_type(part, "text") &&
                  mime_parameter(part->parameters, SLICE("charset"), &charset) &&
                  !mime_knows_charset(bytes_slice(&charset));
    bytes_finish(&charset);
    return is_bad;
}

unsigned part_faults(const struct mime *mime, uint32_t i)
{
    const struct mime_part *part = &mime->parts.items[i];
    unsigned faults = structure_faults(part);
    if (!part->is_multipart && !part->is_message)
        faults |= octet_faults(part);
    if (has_bad_charset(part))
        faults |= 1u << PART_BAD_CHARSET;
    if (i == 0 && has_field(part->header, "Content-Type") &&
        !has_field(part->header, "MIME-Version"))
        faults |= 1u << PART_NO_VERSION;
    return faults;
}
