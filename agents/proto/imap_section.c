#include "agents/proto/imap_structure.h"

static const struct mime_part *child_at(const struct mime *mime, const struct mime_part *part,
                                        uint32_t number)
{
    uint32_t i = part->first_child;
    while (i && --number > 0)
        i = mime->parts.items[i].next;
    return i ? &mime->parts.items[i] : NULL;
}

/* The part that a number means within a message or a part of one (RFC 9051 6.4.5.1). A message that
   is no multipart has a part 1, its body. */
static const struct mime_part *part_within(const struct mime *mime, const struct mime_part *part,
                                           bool is_message, uint32_t number)
{
    if (number == 0)
        return NULL;
    if (part->is_multipart)
        return child_at(mime, part, number);
    return is_message && number == 1 ? part : NULL;
}

const struct mime_part *imap_section_part(const struct mime *mime, const uint32_t *path,
                                          size_t path_count)
{
    const struct mime_part *part = &mime->parts.items[0];
    bool is_message = true;
    for (size_t i = 0; i < path_count && part; i++) {
        part = part_within(mime, part, is_message, path[i]);
        is_message = part && part->is_message;
        /* numbers behind that of a message/rfc822 are of the message in it */
        if (is_message && i + 1 < path_count)
            part = &mime->parts.items[part->first_child];
    }
    return part;
}

static bool is_chosen(const struct imap_section *section, struct slice name)
{
    for (size_t i = 0; i < section->field_count; i++)
        if (slice_equal_fold(section->fields[i], name))
            return section->what == IMAP_SECTION_HEADER_FIELDS;
    return section->what == IMAP_SECTION_HEADER_FIELDS_NOT;
}

/* The empty line is there when the message has it. */
static bool choose_fields(struct slice header, const struct imap_section *section,
                          struct bytes *built)
{
    struct header_field field;
    while (header_next(&header, &field))
        if (is_chosen(section, field.name) && !bytes_append(built, field.whole))
            return false;
    return bytes_append(built, header);
}

/* The message whose HEADER or TEXT is meant: the whole, or the one in a message/rfc822. */
static const struct mime_part *message_of(const struct mime *mime,
                                          const struct imap_section *section)
{
    const struct mime_part *part = imap_section_part(mime, section->path, section->path_count);
    if (section->path_count == 0 || !part)
        return part;
    return part->is_message ? &mime->parts.items[part->first_child] : NULL;
}

static bool find_part(const struct mime *mime, const struct imap_section *section,
                      struct slice *octets)
{
    const struct mime_part *part = imap_section_part(mime, section->path, section->path_count);
    if (!part)
        return false;
    if (section->what == IMAP_SECTION_MIME) {
        *octets = part->header;
        return section->path_count > 0;
    }
    *octets = section->path_count ? part->body : mime->content;
    return true;
}

bool imap_section_find(const struct mime *mime, const struct imap_section *section,
                       struct slice *octets, struct bytes *built)
{
    const struct mime_part *message = message_of(mime, section);
    bool is_found = message != NULL;
    bytes_clear(built);
    switch (section->what) {
    case IMAP_SECTION_ALL:
    case IMAP_SECTION_MIME:
        return find_part(mime, section, octets);
    case IMAP_SECTION_HEADER:
        *octets = is_found ? message->header : SLICE("");
        break;
    case IMAP_SECTION_TEXT:
        *octets = is_found ? message->body : SLICE("");
        break;
    case IMAP_SECTION_HEADER_FIELDS:
    case IMAP_SECTION_HEADER_FIELDS_NOT:
        is_found = is_found && choose_fields(message->header, section, built);
        *octets = bytes_slice(built);
        break;
    }
    return is_found;
}
