/*
 * A message of any octets as an IMAP server and a mail program look at it: structure, sections,
 * decoded texts, search, and the answers to it. Parts lie in their parents, what is written of the
 * structure has its parentheses and strings in order, and an attached message comes back whole.
 */
#include "agents/mail/message_reply.h"
#include "agents/mail/mime.h"
#include "agents/mail/subject.h"
#include "agents/mail/text_search.h"
#include "agents/proto/imap_structure.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_OCTETS = 16 << 20 };

static bool is_inside(struct slice part, struct slice whole)
{
    return part.data >= whole.data && part.data + part.size <= whole.data + whole.size;
}

static void look_at_parts(const struct mime *mime)
{
    check(mime->parts.count > 0 && mime->parts.count <= MIME_PARTS_MAX);
    for (uint32_t i = 0; i < mime->parts.count; i++) {
        const struct mime_part *part = &mime->parts.items[i];
        check(is_inside(part->header, mime->content) && is_inside(part->body, mime->content));
        check(part->header.data + part->header.size == part->body.data);
        check(i == 0 || (part->parent < i && part->depth < MIME_DEPTH_MAX));
        check((part->is_multipart || part->is_message) == (part->first_child != 0));
        check(part->next == 0 || mime->parts.items[part->next].parent == part->parent);
    }
}

/* Behind the quoted string, literal or other octet at `at`. */
static size_t skip(struct slice text, size_t at)
{
    if (text.data[at] == '"') {
        for (at++; text.data[at] != '"'; at++) {
            check(text.data[at] != '\r' && text.data[at] != '\n' && text.data[at] != '\0');
            at += text.data[at] == '\\';
        }
    } else if (text.data[at] == '{') {
        size_t count = 0;
        for (at++; text.data[at] != '}'; at++)
            count = count * 10 + (size_t)(text.data[at] - '0');
        at += 2 + count;
    }
    return at + 1;
}

static void look_at_written(struct slice text)
{
    int depth = 0;
    for (size_t i = 0; i < text.size; i = skip(text, i)) {
        depth += text.data[i] == '(' ? 1 : text.data[i] == ')' ? -1 : 0;
        check(depth > 0 || i + 1 == text.size);
        check(text.data[i] >= ' ' && text.data[i] <= '~');
    }
    check(depth == 0);
}

static void write_structure(const struct mime *mime, struct bytes *out)
{
    for (int i = 0; i < 4; i++) {
        bytes_clear(out);
        if (imap_structure_body(mime, i & 1, i & 2, out))
            look_at_written(bytes_slice(out));
        bytes_clear(out);
        if (imap_structure_envelope(mime->parts.items[0].header, i & 1, out))
            look_at_written(bytes_slice(out));
    }
}

static void find_sections(const struct mime *mime, struct bytes *out)
{
    static const struct slice fields[] = {{"Subject", 7}, {"Content-Type", 12}};
    for (uint32_t i = 0; i < 6 * 4 * 3; i++) {
        const uint32_t path[] = {i % 4, i / 4 % 3, 1};
        const struct imap_section section = {path, i % 4, (enum imap_section_text)(i / 12), fields,
                                             2};
        struct slice octets;
        if (imap_section_find(mime, &section, &octets, out))
            check(octets.size <= mime->content.size);
    }
}

static void read_texts(const struct mime *mime, struct bytes *out)
{
    struct text_search search;
    struct header_field field;
    struct slice header = mime->parts.items[0].header, name;
    text_search_init(&search, slice_part(mime->content, 0, 3));
    (void)text_search_message(&search, mime);
    text_search_finish(&search);
    while (header_next(&header, &field)) {
        struct slice rest = field.value;
        bytes_clear(out);
        (void)subject_base(field.value, out, NULL);
        (void)mime_parameter(field.value, SLICE("name"), out);
        while (subject_next_id(&rest, out))
            check(rest.size < field.value.size);
        for (rest = field.value; mime_next_parameter(&rest, &name, out);)
            check(name.size > 0);
    }
    for (size_t i = 0; i < mime->parts.count; i++) {
        bytes_clear(out);
        (void)mime_decode(&mime->parts.items[i], out);
        check(bytes_size(out) <= mime->parts.items[i].body.size);
    }
}

static void answer(const struct mime *mime, struct bytes *out)
{
    struct message_draft draft = {.from = SLICE("me@example.com")};
    struct arena arena;
    struct mime written;
    arena_init(&arena);
    message_reply(mime, SLICE("me@example.com"), true, &arena, &draft);
    message_forward(mime, &arena, &draft);
    draft.is_quoted_printable = mime->content.size % 2;
    bytes_clear(out);
    if (message_write(&draft, out)) {
        mime_read(&written, bytes_slice(out));
        look_at_parts(&written);
        check(written.parts.count >= 4 && written.parts.items[2].is_message);
        mime_finish(&written);
    }
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mime mime;
    struct bytes out;
    bytes_init(&out, OUT_OCTETS);
    mime_read(&mime, (struct slice){(const char *)data, size});
    if (size)
        look_at_parts(&mime);
    write_structure(&mime, &out);
    find_sections(&mime, &out);
    read_texts(&mime, &out);
    answer(&mime, &out);
    mime_finish(&mime);
    bytes_finish(&out);
    return 0;
}
