#include "tests/draw/support_xml.h"

#include <ctype.h>
#include <string.h>

enum { XML_DEPTH = 64, XML_ATTRIBUTES = 32 };

struct reader {
    struct slice rest;
    struct slice open[XML_DEPTH];
    int depth, roots;
};

static bool take(struct reader *r, const char *text)
{
    struct slice s = slice_of(text);
    if (!slice_starts(r->rest, s))
        return false;
    r->rest = slice_part(r->rest, s.size, r->rest.size);
    return true;
}

static void skip_spaces(struct reader *r)
{
    while (take(r, " ") || take(r, "\n"))
        ;
}

static struct slice take_name(struct reader *r)
{
    size_t size = 0;
    while (size < r->rest.size &&
           (isalnum((unsigned char)r->rest.data[size]) || memchr(":-_.", r->rest.data[size], 4)))
        size++;
    struct slice name = slice_part(r->rest, 0, size);
    r->rest = slice_part(r->rest, size, r->rest.size);
    return name;
}

/* XML 1.0, production 2 (Char), and UTF-8 of the shortest form (RFC 3629). */
static bool take_character(struct reader *r)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t first = (unsigned char)r->rest.data[0];
    size_t size = first < 0x80 ? 1 : first < 0xC0 ? 9 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint32_t code = size == 1 ? first : first & (0x7Fu >> size);
    if (size > r->rest.size || first > 0xF7)
        return false;
    for (size_t i = 1; i < size; i++) {
        uint32_t octet = (unsigned char)r->rest.data[i];
        if (octet >> 6 != 2)
            return false;
        code = code << 6 | (octet & 0x3F);
    }
    r->rest = slice_part(r->rest, size, r->rest.size);
    if (code < smallest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return false;
    return code >= 0x20 ? code != 0xFFFE && code != 0xFFFF
                        : code == '\t' || code == '\n' || code == '\r';
}

/* One character of text or of an attribute's value. */
static bool take_content(struct reader *r)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#39;"};
    if (r->rest.data[0] == '<')
        return false;
    if (r->rest.data[0] != '&')
        return take_character(r);
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (take(r, entities[i]))
            return true;
    return false;
}

static const char *take_attribute(struct reader *r, struct slice seen[], int *count)
{
    struct slice name = take_name(r);
    if (name.size == 0 || !take(r, "=\""))
        return "an attribute without name or quoted value";
    for (int i = 0; i < *count; i++)
        if (slice_equal(seen[i], name))
            return "an attribute twice";
    if (*count == XML_ATTRIBUTES)
        return "very many attributes";
    seen[(*count)++] = name;
    while (r->rest.size > 0 && r->rest.data[0] != '"')
        if (!take_content(r))
            return "a bad character in an attribute";
    return take(r, "\"") ? NULL : "an attribute without end";
}

static const char *take_tag(struct reader *r)
{
    struct slice seen[XML_ATTRIBUTES], name = take_name(r);
    int count = 0;
    if (name.size == 0)
        return "a tag without name";
    if (r->depth == 0 && r->roots++ > 0)
        return "a second root";
    for (;;) {
        bool has_space = r->rest.size > 0 && isspace((unsigned char)r->rest.data[0]);
        skip_spaces(r);
        if (take(r, "/>"))
            return NULL;
        if (take(r, ">"))
            break;
        if (!has_space)
            return "no space before an attribute";
        const char *fault = take_attribute(r, seen, &count);
        if (fault)
            return fault;
    }
    if (r->depth == XML_DEPTH)
        return "very deep";
    r->open[r->depth++] = name;
    return NULL;
}

static const char *take_end_tag(struct reader *r)
{
    struct slice name = take_name(r);
    if (!take(r, ">"))
        return "an end tag without end";
    if (r->depth == 0 || !slice_equal(r->open[--r->depth], name))
        return "an end tag that does not match";
    return NULL;
}

const char *xml_fault(struct slice document)
{
    struct reader r = {.rest = document};
    while (r.rest.size > 0) {
        const char *fault = NULL;
        if (take(&r, "</"))
            fault = take_end_tag(&r);
        else if (take(&r, "<"))
            fault = take_tag(&r);
        else if (r.depth == 0)
            fault = take(&r, "\n") ? NULL : "text outside of the root";
        else if (!take_content(&r))
            fault = "a bad character in text";
        if (fault)
            return fault;
    }
    return r.depth > 0 ? "a tag left open" : r.roots == 1 ? NULL : "no root";
}
