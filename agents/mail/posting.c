#include "agents/mail/posting.h"

#include <stdio.h>

#include "agents/mail/address.h"
#include "agents/mail/delivered_to.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "agents/mail/mime.h"
#include "agents/mail/token.h"

enum { BOUNDARY_TEXT = 48, TEXT_OCTETS_MAX = 4096 };

/* How the footer is put in. */
enum footer { FOOTER_NONE, FOOTER_APPENDED, FOOTER_PART };

struct writer {
    const struct posting *posting;
    struct slice header, body;
    struct bytes *out;
    enum footer footer;
    char boundary[BOUNDARY_TEXT];
    bool fits;
};

static void put(struct writer *w, struct slice s)
{
    w->fits = w->fits && bytes_append(w->out, s);
}

/* A field as it stands; the last one of a header that just ends has no line end. */
static void put_whole(struct writer *w, const struct header_field *field)
{
    put(w, field->whole);
    if (!slice_ends(field->whole, SLICE("\n")))
        put(w, SLICE("\r\n"));
}

static void put_field(struct writer *w, const char *name, struct slice value)
{
    w->fits = w->fits && header_write(w->out, slice_of(name), value);
}

/* ---- which list this is ---- */

/* "class.lists.example.net" (RFC 2919 2) */
static bool put_id(struct bytes *out, struct slice address)
{
    return bytes_append_all(
        out, (const struct slice[]){address_local(address), SLICE("."), address_domain(address)},
        3);
}

bool posting_has_passed(struct slice header, struct slice address)
{
    struct header_field field;
    struct bytes id;
    bool has_passed = delivered_to_has(header, address);
    bytes_init(&id, TEXT_OCTETS_MAX);
    if (!bytes_append(&id, SLICE("<")) || !put_id(&id, address) || !bytes_append(&id, SLICE(">")))
        bytes_clear(&id);
    while (!has_passed && bytes_size(&id) > 0 && header_next(&header, &field))
        has_passed = slice_equal_fold(field.name, SLICE("List-Id")) &&
                     slice_ends_fold(slice_trim(field.value), bytes_slice(&id));
    bytes_finish(&id);
    return has_passed;
}

/* What a mailto URL can't hold as it is becomes %XX (RFC 6068 2). */
static bool put_escaped(struct bytes *out, struct slice s)
{
    bool fits = true;
    for (size_t i = 0; i < s.size && fits; i++) {
        char c = s.data[i];
        fits = token_is_letter(c) || token_is_digit(c) ||
                       slice_find_octet(SLICE("-._~"), c, 0) != SLICE_NONE
                   ? bytes_append_octet(out, c)
                   : bytes_printf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
    return fits;
}

/* "List-Help: <mailto:class-request@lists.example.net?subject=help>" (RFC 2369 3) */
static void put_mailto(struct writer *w, const char *name, const char *suffix, const char *query)
{
    struct slice address = w->posting->address;
    struct bytes value;
    bytes_init(&value, TEXT_OCTETS_MAX);
    if (bytes_append(&value, SLICE("<mailto:")) && put_escaped(&value, address_local(address)) &&
        bytes_printf(&value, "%s@%.*s%s>", suffix, SLICE_ARG(address_domain(address)), query))
        put_field(w, name, bytes_slice(&value));
    bytes_finish(&value);
}

static void put_list_fields(struct writer *w)
{
    struct slice address = w->posting->address;
    struct bytes id;
    bytes_init(&id, TEXT_OCTETS_MAX);
    if (bytes_append(&id, address_local(address)) && bytes_append(&id, SLICE(" <")) &&
        put_id(&id, address) && bytes_append(&id, SLICE(">")))
        put_field(w, "List-Id", bytes_slice(&id));
    bytes_finish(&id);
    put_mailto(w, "List-Post", "", "");
    put_mailto(w, "List-Help", "-request", "?subject=help");
    put_mailto(w, "List-Unsubscribe", "-request", "?subject=unsubscribe");
    if (w->posting->has_owner)
        put_mailto(w, "List-Owner", "-owner", "");
    put_field(w, "Precedence", SLICE("list"));
}

/* ---- the author's header ---- */

/* Another list's words about itself, and what concerned the hop that ends here. */
static bool is_dropped(struct slice name)
{
    return slice_starts_fold(name, SLICE("List-")) || slice_equal_fold(name, SLICE("Precedence")) ||
           slice_equal_fold(name, SLICE("Return-Path"));
}

static void put_subject(struct writer *w, const struct header_field *field)
{
    struct slice tag = w->posting->tag;
    struct bytes value;
    if (tag.size == 0 || slice_find(field->value, tag, 0) != SLICE_NONE) {
        put_whole(w, field);
        return;
    }
    bytes_init(&value, TEXT_OCTETS_MAX);
    if (bytes_append_all(&value, (const struct slice[]){tag, SLICE(" ")}, 2) &&
        header_unfold(slice_trim(field->value), &value))
        put_field(w, "Subject", bytes_slice(&value));
    else
        put_whole(w, field);
    bytes_finish(&value);
}

/* Can it stand in a phrase without quotes? */
static bool is_atom(struct slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (!token_is_atext(s.data[i]))
            return false;
    return s.size > 0;
}

/* "Alice via class <class@lists.example.net>"; quotes around a name go around the whole. */
static bool put_via(struct bytes *out, const struct address_mailbox *author, struct slice list)
{
    struct slice name = slice_trim(author->name), close = SLICE("");
    struct slice own = is_atom(address_local(list)) ? address_local(list) : SLICE("list");
    if (name.size > 1 && name.data[0] == '"' && name.data[name.size - 1] == '"') {
        name = slice_part(name, 0, name.size - 1);
        close = SLICE("\"");
    } else if (name.size == 0) {
        name = is_atom(address_local(author->address)) ? address_local(author->address)
                                                       : SLICE("Somebody");
    }
    return header_unfold(name, out) &&
           bytes_append_all(
               out,
               (const struct slice[]){SLICE(" via "), own, close, SLICE(" <"), list, SLICE(">")},
               6);
}

static void put_from(struct writer *w, const struct header_field *field)
{
    struct address_mailbox author;
    struct slice rest = field->value;
    struct bytes value;
    bytes_init(&value, TEXT_OCTETS_MAX);
    if (w->posting->rewrites_from && address_next(&rest, &author) &&
        put_via(&value, &author, w->posting->address)) {
        put_field(w, "From", bytes_slice(&value));
        if (header_count(w->header, SLICE("Reply-To")) == 0)
            put_field(w, "Reply-To", author.address);
    } else {
        put_whole(w, field);
    }
    bytes_finish(&value);
}

static bool is_content_field(struct slice name)
{
    return slice_starts_fold(name, SLICE("Content-")) ||
           slice_equal_fold(name, SLICE("MIME-Version"));
}

static void put_author_fields(struct writer *w)
{
    struct slice rest = w->header;
    struct header_field field;
    while (header_next(&rest, &field)) {
        if (is_dropped(field.name) || (w->footer == FOOTER_PART && is_content_field(field.name)))
            continue;
        if (slice_equal_fold(field.name, SLICE("Subject")))
            put_subject(w, &field);
        else if (slice_equal_fold(field.name, SLICE("From")))
            put_from(w, &field);
        else
            put_whole(w, &field);
    }
    if (w->posting->tag.size > 0 && header_count(w->header, SLICE("Subject")) == 0)
        put_field(w, "Subject", w->posting->tag);
}

/* ---- the footer ---- */

/* May lines be appended to the text as they are? */
static bool is_open_text(struct writer *w, const struct mime_part *part)
{
    struct bytes charset;
    bytes_init(&charset, TEXT_OCTETS_MAX);
    bool has_charset = mime_parameter(part->parameters, SLICE("charset"), &charset);
    bool is_utf8 = has_charset && slice_equal_fold(bytes_slice(&charset), SLICE("utf-8"));
    bool is_wide = has_charset && slice_starts_fold(bytes_slice(&charset), SLICE("utf-16"));
    bytes_finish(&charset);
    return slice_equal_fold(part->type, SLICE("text")) &&
           slice_equal_fold(part->subtype, SLICE("plain")) &&
           (part->encoding == MIME_7BIT || part->encoding == MIME_8BIT) && !is_wide &&
           (is_utf8 || !message_is_8bit(w->posting->footer));
}

/* One that does not occur in the message. */
static void choose_boundary(struct writer *w)
{
    uint64_t stamp = slice_hash(w->body);
    do
        snprintf(w->boundary, sizeof w->boundary, "=_list_%016llx", (unsigned long long)stamp++);
    while (slice_find(w->body, slice_of(w->boundary), 0) != SLICE_NONE);
}

static void choose_footer(struct writer *w)
{
    struct mime mime;
    struct bytes content;
    if (w->posting->footer.size == 0)
        return;
    bytes_init(&content, w->header.size + w->body.size);
    (void)bytes_append_all(&content, (const struct slice[]){w->header, w->body}, 2);
    mime_read(&mime, bytes_slice(&content));
    w->footer = is_open_text(w, &mime.parts.items[0]) ? FOOTER_APPENDED : FOOTER_PART;
    mime_finish(&mime);
    bytes_finish(&content);
    choose_boundary(w);
}

static void put_footer(struct writer *w)
{
    w->fits = w->fits && message_crlf(w->posting->footer, w->out);
}

/* "-- " is how mail programs know that the rest is not the author's (RFC 3676 4.3). */
static void put_appended(struct writer *w)
{
    put(w, w->body);
    if (w->body.size > 0 && !slice_ends(w->body, SLICE("\n")))
        put(w, SLICE("\r\n"));
    put(w, SLICE("-- \r\n"));
    put_footer(w);
}

static void put_boundary(struct writer *w, const char *behind)
{
    put(w, SLICE("\r\n--"));
    put(w, slice_of(w->boundary));
    put(w, slice_of(behind));
}

static void put_parts(struct writer *w)
{
    struct slice rest = w->header;
    struct header_field field;
    bool is_8bit = message_is_8bit(w->posting->footer);
    put_boundary(w, "\r\n");
    while (header_next(&rest, &field))
        if (slice_starts_fold(field.name, SLICE("Content-")))
            put_whole(w, &field);
    put(w, SLICE("\r\n"));
    put(w, w->body);
    put_boundary(w, "\r\n");
    put(w, SLICE("Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: inline\r\n"));
    put(w, is_8bit ? SLICE("Content-Transfer-Encoding: 8bit\r\n\r\n") : SLICE("\r\n"));
    put_footer(w);
    put_boundary(w, "--\r\n");
}

/* An outer part's encoding is no lower than its parts' (RFC 2045 6.4). */
static void put_multipart_fields(struct writer *w)
{
    char type[BOUNDARY_TEXT + 64];
    bool is_8bit = message_is_8bit(w->body) || message_is_8bit(w->posting->footer);
    snprintf(type, sizeof type, "multipart/mixed; boundary=\"%s\"", w->boundary);
    put_field(w, "MIME-Version", SLICE("1.0"));
    put_field(w, "Content-Type", slice_of(type));
    if (is_8bit)
        put_field(w, "Content-Transfer-Encoding", SLICE("8bit"));
}

bool posting_write(const struct posting *posting, struct slice header, struct slice body,
                   struct bytes *out)
{
    size_t before = bytes_size(out);
    struct writer w = {
        .posting = posting, .header = header, .body = body, .out = out, .fits = true};
    choose_footer(&w);
    put_field(&w, "Delivered-To", posting->address);
    put_author_fields(&w);
    put_list_fields(&w);
    if (w.footer == FOOTER_PART)
        put_multipart_fields(&w);
    put(&w, SLICE("\r\n"));
    if (w.footer == FOOTER_NONE)
        put(&w, body);
    else if (w.footer == FOOTER_APPENDED)
        put_appended(&w);
    else
        put_parts(&w);
    if (!w.fits)
        bytes_truncate(out, before);
    return w.fits;
}
