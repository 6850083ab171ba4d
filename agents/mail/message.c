#include "agents/mail/message.h"

#include "agents/mail/address.h"
#include "agents/mail/date.h"
#include "agents/mail/encoded.h"
#include "agents/mail/header.h"

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
static size_t break_place(struct slice line)
{
    for (size_t i = LINE_OCTETS_MAX; i > LINE_OCTETS_MAX / 2; i--)
        if (line.data[i - 1] == ' ' || line.data[i - 1] == '\t')
            return i;
    size_t i = LINE_OCTETS_MAX;
    while (i > LINE_OCTETS_MAX - 4 && (line.data[i] & 0xC0) == 0x80)
        i--;
    return i;
}

/* A paragraph typed without line ends must not become a line that servers refuse. */
static bool append_body(struct slice body, struct bytes *out)
{
    bool fits = true;
    while (body.size > 0 && fits) {
        struct slice line = take_line(&body);
        while (line.size > LINE_OCTETS_MAX && fits) {
            size_t size = break_place(line);
            fits = bytes_append(out, slice_part(line, 0, size)) && bytes_append(out, SLICE("\r\n"));
            line = slice_part(line, size, line.size);
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

/* The mailboxes of a list one by one, so that names outside ASCII become encoded words. */
static bool append_mailboxes(struct slice list, struct bytes *out)
{
    struct slice all = list;
    struct address_mailbox mailbox;
    bool is_first = true;
    while (address_next(&list, &mailbox)) {
        bool fits = (is_first || bytes_append(out, SLICE(", "))) &&
                    append_name(mailbox.name, out) &&
                    bytes_append(out, mailbox.name.size ? SLICE(" <") : SLICE("<")) &&
                    bytes_append(out, mailbox.address) && bytes_append_octet(out, '>');
        if (!fits)
            return false;
        is_first = false;
    }
    return !is_first || bytes_append(out, all); /* no list we know: as it came */
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

static bool append_mime(struct slice body, struct bytes *out)
{
    if (!message_is_8bit(body))
        return true;
    bool is_utf8 = slice_equal(encoded_charset(body), SLICE("utf-8"));
    return append_field("MIME-Version", SLICE("1.0"), out) &&
           append_field("Content-Type",
                        is_utf8 ? SLICE("text/plain; charset=utf-8")
                                : SLICE("text/plain; charset=iso-8859-1"),
                        out) &&
           append_field("Content-Transfer-Encoding", SLICE("8bit"), out);
}

bool message_write(const struct message_draft *draft, struct bytes *out)
{
    size_t before = bytes_size(out);
    (void)bytes_reserve(out, draft->body.size + draft->body.size / 32 + HEADER_GUESS);
    bool fits = append_list("From", draft->from, out) && append_list("To", draft->to, out) &&
                append_list("Cc", draft->cc, out) && append_subject(draft->subject, out) &&
                append_date(draft, out) && append_id("Message-ID", draft->message_id, out) &&
                append_id("In-Reply-To", draft->in_reply_to, out) &&
                append_field("User-Agent", draft->user_agent, out) &&
                append_mime(draft->body, out) && bytes_append(out, SLICE("\r\n")) &&
                append_body(draft->body, out);
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
