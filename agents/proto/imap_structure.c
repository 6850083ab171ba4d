#include "agents/proto/imap_structure.h"

#include "agents/mail/address.h"
#include "agents/proto/imap_structure_part.h"

void imap_structure_put_field(struct imap_writer *w, struct slice header, const char *name)
{
    struct header_field field;
    if (header_find(header, slice_of(name), 1, &field))
        imap_writer_value(w, field.value);
    else
        imap_writer_text(w, "NIL");
}

/* A comment that serves as a name: only backslashes are undone (RFC 5322 3.2.2). */
static void append_comment(struct slice text, struct bytes *out)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\\' && i + 1 < text.size)
            i++;
        if (text.data[i] != '\r' && text.data[i] != '\n')
            bytes_append_octet(out, text.data[i]);
    }
}

/* addr-name, addr-mailbox and addr-host come without the quoting of RFC 5322. */
static void put_meant(struct imap_writer *w, struct slice text, bool is_spec, bool is_comment)
{
    struct bytes meant; /* never longer than the text, so appending to it can't fail */
    bytes_init(&meant, text.size);
    if (is_comment)
        append_comment(text, &meant);
    else
        address_unquote(text, is_spec, &meant);
    imap_writer_string(w, bytes_slice(&meant));
    bytes_finish(&meant);
}

static void put_or_nil(struct imap_writer *w, struct slice text, bool is_comment)
{
    if (text.size)
        put_meant(w, text, false, is_comment);
    else
        imap_writer_text(w, "NIL");
}

/*
 * address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")". A host that is NIL would
 * mean a group, so a mailbox without one has the empty string there. What is no address at all
 * serves as a name, for a person should see what the field says.
 */
static void put_mailbox(struct imap_writer *w, const struct address_item *item)
{
    struct slice address = item->address, name = item->name;
    bool is_address = item->is_valid || slice_find_octet(address, '@', 0) != SLICE_NONE;
    if (!is_address && name.size == 0) {
        name = address;
        address = SLICE("");
    }
    imap_writer_text(w, "(");
    put_or_nil(w, name, item->is_name_a_comment);
    imap_writer_text(w, " ");
    if (item->route.size)
        imap_writer_value(w, item->route);
    else
        imap_writer_text(w, "NIL");
    imap_writer_text(w, " ");
    put_meant(w, address_local(address), true, false);
    imap_writer_text(w, " ");
    put_meant(w, address_domain(address), true, false);
    imap_writer_text(w, ")");
}

static void put_item(struct imap_writer *w, const struct address_item *item)
{
    switch (item->kind) {
    case ADDRESS_MAILBOX:
        put_mailbox(w, item);
        break;
    case ADDRESS_GROUP:
        imap_writer_text(w, "(NIL NIL ");
        put_meant(w, item->name, false, false);
        imap_writer_text(w, " NIL)");
        break;
    case ADDRESS_GROUP_END:
        imap_writer_text(w, "(NIL NIL NIL NIL)");
        break;
    }
}

/* All addresses of all fields of that name: there should be one, but where there are more, their
   readers were meant too (RFC 5322 4.5). False, and nothing: none. */
static bool put_addresses(struct imap_writer *w, struct slice header, const char *name)
{
    struct header_field field;
    bool is_any = false;
    while (header_next(&header, &field)) {
        struct address_reader reader = {.rest = field.value};
        struct address_item item;
        if (!slice_equal_fold(field.name, slice_of(name)))
            continue;
        while (w->fits && address_read_next(&reader, &item)) {
            imap_writer_text(w, is_any ? "" : "(");
            put_item(w, &item);
            is_any = true;
        }
    }
    imap_writer_text(w, is_any ? ")" : "");
    return is_any;
}

/* Sender and Reply-To are what From is when they are not there or empty (RFC 9051 7.5.2). */
static void put_list(struct imap_writer *w, struct slice header, const char *name,
                     const char *other)
{
    imap_writer_text(w, " ");
    if (!put_addresses(w, header, name) && !(other && put_addresses(w, header, other)))
        imap_writer_text(w, "NIL");
}

void imap_structure_put_envelope(struct imap_writer *w, struct slice header)
{
    imap_writer_text(w, "(");
    imap_structure_put_field(w, header, "Date");
    imap_writer_text(w, " ");
    imap_structure_put_field(w, header, "Subject");
    put_list(w, header, "From", NULL);
    put_list(w, header, "Sender", "From");
    put_list(w, header, "Reply-To", "From");
    put_list(w, header, "To", NULL);
    put_list(w, header, "Cc", NULL);
    put_list(w, header, "Bcc", NULL);
    imap_writer_text(w, " ");
    imap_structure_put_field(w, header, "In-Reply-To");
    imap_writer_text(w, " ");
    imap_structure_put_field(w, header, "Message-ID");
    imap_writer_text(w, ")");
}

bool imap_structure_envelope(struct slice header, bool utf8, struct bytes *out)
{
    struct imap_writer writer;
    imap_writer_init(&writer, utf8, out);
    imap_structure_put_envelope(&writer, header);
    return imap_writer_finish(&writer);
}
