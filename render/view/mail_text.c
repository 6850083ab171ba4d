#include "agents/mail/mime.h"
#include "render/view/mail_program.h"
#include "render/view/tr.h"

static bool is_text(const struct mime_part *part)
{
    return slice_equal_fold(part->type, SLICE("text")) && !part->is_multipart && !part->is_message;
}

/* The name of a part in Content-Disposition or Content-Type (RFC 2183 2.3). */
static bool read_name(const struct mime_part *part, struct bytes *out)
{
    struct header_field field;
    if (header_find(part->header, SLICE("Content-Disposition"), 1, &field) &&
        mime_parameter(field.value, SLICE("filename"), out))
        return true;
    return mime_parameter(part->parameters, SLICE("name"), out);
}

static void put_text(const struct mime_part *part, struct bytes *out)
{
    struct bytes raw, charset;
    bytes_init(&raw, out->ceiling * 2);
    bytes_init(&charset, 100);
    if (!mime_parameter(part->parameters, SLICE("charset"), &charset))
        (void)bytes_append(&charset, SLICE("us-ascii"));
    struct slice text = mime_decode(part, &raw) ? bytes_slice(&raw) : part->body;
    text = slice_part(text, 0, out->ceiling / 2);
    if (!mime_to_utf8(text, bytes_slice(&charset), out))
        (void)bytes_append(out, text);
    bytes_finish(&charset);
    bytes_finish(&raw);
}

static void put_attachment(const struct mime_part *part, struct bytes *out)
{
    struct bytes name;
    bytes_init(&name, 200);
    if (!read_name(part, &name))
        (void)bytes_append(&name, slice_of(tr("a part without a name")));
    (void)bytes_printf(out, tr("\n[attached: %.*s, %.*s/%.*s, %zu octets as sent]\n"),
                       SLICE_ARG(bytes_slice(&name)), SLICE_ARG(part->type),
                       SLICE_ARG(part->subtype), part->body.size);
    bytes_finish(&name);
}

void mail_text(struct slice content, struct bytes *out)
{
    enum { ATTACHMENTS_MAX = 50 };
    struct mime mime;
    const struct mime_part *text = NULL;
    mime_read(&mime, content);
    for (size_t i = 0; i < mime.parts.count && !text; i++)
        if (is_text(&mime.parts.items[i]))
            text = &mime.parts.items[i];
    if (text)
        put_text(text, out);
    for (size_t i = 0, n = 0; i < mime.parts.count && n < ATTACHMENTS_MAX; i++) {
        const struct mime_part *part = &mime.parts.items[i];
        if (part == text || part->is_multipart)
            continue;
        put_attachment(part, out);
        n++;
    }
    mime_finish(&mime);
}
