#include "agents/mail/token.h"
#include "agents/proto/imap_structure_part.h"

struct body {
    struct imap_writer writer;
    const struct mime *mime;
    bool extensible;
};

/* body-fld-param: names and values as they were written, RFC 2231 or not. */
static void put_parameters(struct imap_writer *w, struct slice parameters)
{
    struct bytes value;
    struct slice name;
    bool is_any = false;
    bytes_init(&value, parameters.size);
    while (mime_next_parameter(&parameters, &name, &value)) {
        imap_writer_text(w, is_any ? " " : "(");
        imap_writer_string(w, name);
        imap_writer_text(w, " ");
        imap_writer_string(w, bytes_slice(&value));
        is_any = true;
    }
    imap_writer_text(w, is_any ? ")" : "NIL");
    bytes_finish(&value);
}

/* body-fld-dsp: of Content-Disposition (RFC 2183), NIL also when there is no type in it. */
static void put_disposition(struct imap_writer *w, struct slice header)
{
    struct header_field field = {.value = SLICE("")};
    (void)header_find(header, SLICE("Content-Disposition"), 1, &field);
    size_t from = token_space(field.value, 0), end = from;
    while (end < field.value.size && token_is_atext(field.value.data[end]))
        end++;
    if (end == from) {
        imap_writer_text(w, "NIL");
        return;
    }
    imap_writer_text(w, "(");
    imap_writer_string(w, slice_part(field.value, from, end));
    imap_writer_text(w, " ");
    put_parameters(w, slice_part(field.value, end, field.value.size));
    imap_writer_text(w, ")");
}

/* body-fld-lang: the tags of Content-Language (RFC 3282). */
static void put_languages(struct imap_writer *w, struct slice header)
{
    struct header_field field = {.value = SLICE("")};
    bool is_any = false;
    (void)header_find(header, SLICE("Content-Language"), 1, &field);
    for (size_t i = token_space(field.value, 0); i < field.value.size;) {
        size_t end = i;
        while (end < field.value.size && token_is_atext(field.value.data[end]))
            end++;
        if (end > i) {
            imap_writer_text(w, is_any ? " " : "(");
            imap_writer_string(w, slice_part(field.value, i, end));
            is_any = true;
        }
        i = token_space(field.value, end > i ? end : end + 1);
    }
    imap_writer_text(w, is_any ? ")" : "NIL");
}

/* body-fld-dsp SP body-fld-lang SP body-fld-loc */
static void put_extension(struct imap_writer *w, struct slice header)
{
    imap_writer_text(w, " ");
    put_disposition(w, header);
    imap_writer_text(w, " ");
    put_languages(w, header);
    imap_writer_text(w, " ");
    imap_structure_put_field(w, header, "Content-Location");
}

/* media-type SP body-fields */
static void put_fields(struct imap_writer *w, const struct mime_part *part)
{
    imap_writer_string(w, part->type);
    imap_writer_text(w, " ");
    imap_writer_string(w, part->subtype);
    imap_writer_text(w, " ");
    put_parameters(w, part->parameters);
    imap_writer_text(w, " ");
    imap_structure_put_field(w, part->header, "Content-ID");
    imap_writer_text(w, " ");
    imap_structure_put_field(w, part->header, "Content-Description");
    imap_writer_text(w, " ");
    imap_writer_string(w, part->encoding_word);
    imap_writer_text(w, " ");
    imap_writer_number(w, part->body.size);
}

static void put_lines(struct imap_writer *w, const struct mime_part *part)
{
    imap_writer_text(w, " ");
    imap_writer_number(w, part->line_count);
}

static void put_body(struct body *b, const struct mime_part *part);

/* body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart] */
static void put_multipart(struct body *b, const struct mime_part *part)
{
    for (uint32_t i = part->first_child; i && b->writer.fits; i = b->mime->parts.items[i].next)
        put_body(b, &b->mime->parts.items[i]);
    imap_writer_text(&b->writer, " ");
    imap_writer_string(&b->writer, part->subtype);
    if (!b->extensible)
        return;
    imap_writer_text(&b->writer, " ");
    put_parameters(&b->writer, part->parameters);
    put_extension(&b->writer, part->header);
}

/* body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part] */
static void put_single(struct body *b, const struct mime_part *part)
{
    put_fields(&b->writer, part);
    if (part->is_message) {
        const struct mime_part *within = &b->mime->parts.items[part->first_child];
        imap_writer_text(&b->writer, " ");
        imap_structure_put_envelope(&b->writer, within->header);
        imap_writer_text(&b->writer, " ");
        put_body(b, within);
        put_lines(&b->writer, part);
    } else if (slice_equal_fold(part->type, SLICE("text"))) {
        put_lines(&b->writer, part);
    }
    if (!b->extensible)
        return;
    imap_writer_text(&b->writer, " ");
    imap_structure_put_field(&b->writer, part->header, "Content-MD5");
    put_extension(&b->writer, part->header);
}

/* Calls itself for the parts within; MIME_DEPTH_MAX bounds how deep. */
static void put_body(struct body *b, const struct mime_part *part)
{
    imap_writer_text(&b->writer, "(");
    if (part->is_multipart)
        put_multipart(b, part);
    else
        put_single(b, part);
    imap_writer_text(&b->writer, ")");
}

bool imap_structure_body(const struct mime *mime, bool extensible, bool utf8, struct bytes *out)
{
    struct body body = {.mime = mime, .extensible = extensible};
    imap_writer_init(&body.writer, utf8, out);
    put_body(&body, &mime->parts.items[0]);
    return imap_writer_finish(&body.writer);
}
