#include "agents/mail/message.h"

#include <stdio.h>

#include "agents/mail/address.h"
#include "agents/mail/date.h"
#include "agents/mail/encoded.h"
#include "agents/mail/header.h"
#include "agents/mail/message_part.h"

/* The most a line may have without its CRLF (RFC 5322 2.1.1). */
enum { LINE_OCTETS_MAX = 998 };

/* What a header usually takes. */
enum { HEADER_GUESS = 512 };

bool message_is_8bit(struct slice content)
{
    return slice_is_8bit(content);
}

/* Takes a line off the front of *text; its end, in whatever form, is gone. */
static struct slice take_line(struct slice *text)
{
    size_t end = slice_find_line_end(*text, 0);
    struct slice line = slice_part(*text, 0, end);
    bool is_pair = end + 1 < text->size && text->data[end] == '\r' && text->data[end + 1] == '\n';
    *text = slice_part(*text, end + (is_pair ? 2 : 1), text->size);
    return line;
}

bool message_crlf(struct slice text, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = true;
    while (text.size > 0 && fits)
        fits = bytes_append(out, take_line(&text)) && bytes_append(out, SLICE("\r\n"));
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

/* Where a line that is too long is broken: behind its last blank, else between two characters. */
static size_t break_place(struct slice line, size_t most)
{
    for (size_t i = most; i > most / 2; i--)
        if (line.data[i - 1] == ' ' || line.data[i - 1] == '\t')
            return i;
    size_t i = most;
    while (i > most - 4 && (line.data[i] & 0xC0) == 0x80)
        i--;
    return i;
}

/* A paragraph typed without line ends must not become a line that servers refuse. */
bool message_lines(struct slice text, struct slice between, struct bytes *out)
{
    bool fits = true;
    while (text.size > 0 && fits) {
        struct slice line = take_line(&text);
        size_t most = LINE_OCTETS_MAX;
        while (line.size > most && fits) {
            size_t size = break_place(line, most);
            fits = bytes_append(out, slice_part(line, 0, size)) && bytes_append(out, between);
            line = slice_part(line, size, line.size);
            most = LINE_OCTETS_MAX - (between.size - 2); /* a fold's blank is of the next line */
        }
        fits = fits && bytes_append(out, line) && bytes_append(out, SLICE("\r\n"));
    }
    return fits;
}

/* A display name as encoded words; in quotes it could not be one (RFC 2047 5 (3)). */
static bool append_name(struct slice name, struct bytes *out)
{
    if (!message_is_8bit(name))
        return bytes_append(out, name);
    struct bytes meant;
    bytes_init(&meant, name.size);
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '\\' && i + 1 < name.size)
            i++;
        else if (name.data[i] == '"')
            continue;
        bytes_append_octet(&meant, name.data[i]);
    }
    bool fits = encoded_write(bytes_slice(&meant), out);
    bytes_finish(&meant);
    return fits;
}

static bool append_mailbox(const struct address_item *item, struct bytes *out)
{
    return append_name(item->name, out) &&
           bytes_append(out, item->name.size ? SLICE(" <") : SLICE("<")) &&
           bytes_append(out, item->address) && bytes_append_octet(out, '>');
}

/* The mailboxes and groups of a list one by one, so that names outside ASCII become encoded words.
   A list in which nothing is understood is written as it came. */
static bool append_mailboxes(struct slice list, struct bytes *out)
{
    struct address_reader reader = {.rest = list};
    struct address_item item;
    const char *between = "";
    size_t before = bytes_size(out);
    bool fits = true;
    while (fits && address_read_next(&reader, &item)) {
        if (item.kind == ADDRESS_MAILBOX && !item.is_valid)
            continue;
        if (item.kind == ADDRESS_GROUP_END) {
            fits = bytes_append_octet(out, ';');
            between = ", ";
            continue;
        }
        fits = bytes_append(out, slice_of(between)) &&
               (item.kind == ADDRESS_GROUP
                    ? append_name(item.name, out) && bytes_append_octet(out, ':')
                    : append_mailbox(&item, out));
        between = item.kind == ADDRESS_GROUP ? " " : ", ";
    }
    return fits && (bytes_size(out) > before || bytes_append(out, list));
}

/* A field whose value has to be put together first; `write` appends that value. */
static bool append_built(struct slice name, struct slice value,
                         bool (*write)(struct slice, struct bytes *), struct bytes *out)
{
    struct bytes built;
    bytes_init(&built, out->ceiling);
    bool fits = write(value, &built) && header_write(out, name, bytes_slice(&built));
    bytes_finish(&built);
    return fits;
}

static bool append_field(const char *name, struct slice value, struct bytes *out)
{
    return value.size == 0 || header_write(out, slice_of(name), value);
}

static bool append_list(const char *name, struct slice list, struct bytes *out)
{
    if (!message_is_8bit(list))
        return append_field(name, list, out);
    return append_built(slice_of(name), list, append_mailboxes, out);
}

static bool append_subject(struct slice subject, struct bytes *out)
{
    if (!message_is_8bit(subject))
        return append_field("Subject", subject, out);
    return append_built(SLICE("Subject"), subject, encoded_write, out);
}

static bool append_angled(struct slice id, struct bytes *out)
{
    bool has_angle = id.data[0] == '<';
    return bytes_append(out, has_angle ? SLICE("") : SLICE("<")) && bytes_append(out, id) &&
           bytes_append(out, has_angle ? SLICE("") : SLICE(">"));
}

static bool append_id(const char *name, struct slice id, struct bytes *out)
{
    return id.size == 0 || append_built(slice_of(name), id, append_angled, out);
}

static bool append_date(const struct message_draft *draft, struct bytes *out)
{
    char text[DATE_TEXT];
    return !draft->has_date ||
           append_field("Date", date_write(draft->unix_s, draft->zone_min, text), out);
}

/* The fields of a text that is not just ASCII in lines as they are. */
static bool append_text_type(const struct message_draft *draft, struct bytes *out)
{
    bool is_8bit = message_is_8bit(draft->body);
    bool is_utf8 = slice_equal(encoded_charset(draft->body), SLICE("utf-8"));
    return append_field("Content-Type",
                        !is_8bit  ? SLICE("text/plain; charset=us-ascii")
                        : is_utf8 ? SLICE("text/plain; charset=utf-8")
                                  : SLICE("text/plain; charset=iso-8859-1"),
                        out) &&
           append_field("Content-Transfer-Encoding",
                        draft->is_quoted_printable ? SLICE("quoted-printable")
                        : is_8bit                  ? SLICE("8bit")
                                                   : SLICE("7bit"),
                        out);
}

/* Empty line and body. */
static bool append_text(const struct message_draft *draft, struct bytes *out)
{
    return bytes_append(out, SLICE("\r\n")) &&
           (draft->is_quoted_printable ? message_quoted_printable(draft->body, out)
                                       : message_lines(draft->body, SLICE("\r\n"), out));
}

/* A text alone needs MIME only where it is more than RFC 5322 has. */
static bool append_single(const struct message_draft *draft, struct bytes *out)
{
    bool is_plain = !message_is_8bit(draft->body) && !draft->is_quoted_printable;
    return (is_plain ||
            (append_field("MIME-Version", SLICE("1.0"), out) && append_text_type(draft, out))) &&
           append_text(draft, out);
}

/* The line end in front of a boundary belongs to it (RFC 2046 5.1.1), so that the part before keeps
   its own; in front of the first one it is the header's empty line. */
static bool append_boundary(struct slice boundary, const char *end, struct bytes *out)
{
    const struct slice texts[] = {SLICE("\r\n--"), boundary, slice_of(end), SLICE("\r\n")};
    return bytes_append_all(out, texts, sizeof texts / sizeof *texts);
}

/* multipart/mixed of RFC 2046 5.1.3 */
static bool append_mixed(const struct message_draft *draft, struct bytes *out)
{
    char text[MESSAGE_BOUNDARY], type[MESSAGE_BOUNDARY + 40];
    struct slice boundary = message_boundary(draft, text);
    snprintf(type, sizeof type, "multipart/mixed; boundary=\"%s\"", text);
    bool fits = append_field("MIME-Version", SLICE("1.0"), out) &&
                append_field("Content-Type", slice_of(type), out) &&
                append_boundary(boundary, "", out) && append_text_type(draft, out) &&
                append_text(draft, out);
    for (size_t i = 0; i < draft->attachment_count && fits; i++)
        fits =
            append_boundary(boundary, "", out) && message_attachment(&draft->attachments[i], out);
    return fits && append_boundary(boundary, "--", out);
}

bool message_write(const struct message_draft *draft, struct bytes *out)
{
    size_t before = bytes_size(out);
    (void)bytes_reserve(out, draft->body.size + draft->body.size / 32 + HEADER_GUESS);
    bool fits = append_list("From", draft->from, out) && append_list("To", draft->to, out) &&
                append_list("Cc", draft->cc, out) && append_subject(draft->subject, out) &&
                append_date(draft, out) && append_id("Message-ID", draft->message_id, out) &&
                append_id("In-Reply-To", draft->in_reply_to, out) &&
                append_field("References", draft->references, out) &&
                append_field("User-Agent", draft->user_agent, out) &&
                (draft->attachment_count ? append_mixed(draft, out) : append_single(draft, out));
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
