#include "agents/mail/message_part.h"

#include "agents/mail/encoded.h"
#include "agents/mail/header.h"
#include "agents/mail/token.h"
#include "sim/base/base64.h"
#include "sim/base/digits.h"

enum { LINE_OCTETS = 76 /* of both encodings, RFC 2045 6.7 (5), 6.8 */ };

static bool occurs(const struct message_draft *draft, struct slice boundary)
{
    bool is_found = slice_find(draft->body, boundary, 0) != SLICE_NONE;
    for (size_t i = 0; i < draft->attachment_count && !is_found; i++)
        is_found = slice_find(draft->attachments[i].content, boundary, 0) != SLICE_NONE;
    return is_found;
}

/* "=_" can stand in no line of quoted-printable or base64 (RFC 2045 6.7). Each try that fails needs
   a text of its own within the draft, so there are never more tries than that has octets. */
struct slice message_boundary(const struct message_draft *draft, char text[MESSAGE_BOUNDARY])
{
    uint64_t number = slice_hash(draft->body);
    for (size_t i = 0; i < draft->attachment_count; i++)
        number = number * 31 + slice_hash(draft->attachments[i].content);
    struct slice boundary = {text, 2 + 16};
    do {
        text[0] = '=';
        text[1] = '_';
        text[2 + digits_put(text + 2, number++, 16, 16)] = '\0';
    } while (occurs(draft, boundary));
    return boundary;
}

static bool append_code(char octet, struct bytes *out)
{
    char code[3] = {'='};
    digits_put(code + 1, (unsigned char)octet, 16, 2);
    return bytes_append(out, (struct slice){code, sizeof code});
}

/* One line without its end. Visible ASCII but "=" stands for itself, and a blank does where it is
   not the last octet (RFC 2045 6.7 (2), (3)). */
static bool append_quoted_line(struct slice line, struct bytes *out)
{
    size_t column = 0;
    bool fits = true;
    for (size_t i = 0; i < line.size && fits; i++) {
        char octet = line.data[i];
        bool is_blank = octet == ' ' || octet == '\t';
        bool is_last = i + 1 == line.size;
        bool is_plain = (is_blank && !is_last) || (octet > ' ' && octet <= '~' && octet != '=');
        size_t size = is_plain ? 1 : 3;
        if (column + size > LINE_OCTETS - (is_last ? 0u : 1u)) { /* room for the "=" of the break */
            fits = bytes_append(out, SLICE("=\r\n"));
            column = 0;
        }
        column += size;
        fits = fits && (is_plain ? bytes_append_octet(out, octet) : append_code(octet, out));
    }
    return fits;
}

bool message_quoted_printable(struct slice text, struct bytes *out)
{
    bool fits = true;
    while (text.size > 0 && fits) {
        size_t end = slice_find_line_end(text, 0);
        bool is_pair = slice_starts(slice_part(text, end, text.size), SLICE("\r\n"));
        fits =
            append_quoted_line(slice_part(text, 0, end), out) && bytes_append(out, SLICE("\r\n"));
        text = slice_part(text, end + (is_pair ? 2 : 1), text.size);
    }
    return fits;
}

static bool append_base64(struct slice content, struct bytes *out)
{
    enum { OCTETS_A_LINE = LINE_OCTETS / 4 * 3 };
    bool fits = true;
    for (size_t i = 0; i < content.size && fits; i += OCTETS_A_LINE)
        fits = base64_write(slice_part(content, i, i + OCTETS_A_LINE), out) &&
               bytes_append(out, SLICE("\r\n"));
    return fits;
}

static bool is_token(struct slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (!token_is_letter(s.data[i]) && !token_is_digit(s.data[i]) &&
            !(s.data[i] && strchr("!#$&-^_.+", s.data[i])))
            return false;
    return s.size > 0;
}

/* type "/" subtype of RFC 6838 4.2, and nothing else: a multipart would have to have parts. */
static struct slice type_of(const struct mime_attachment *attachment)
{
    size_t slash = slice_find_octet(attachment->type, '/', 0);
    bool is_type = slash != SLICE_NONE && is_token(slice_part(attachment->type, 0, slash)) &&
                   is_token(slice_part(attachment->type, slash + 1, attachment->type.size)) &&
                   !slice_starts_fold(attachment->type, SLICE("multipart/"));
    return is_type ? attachment->type : SLICE("application/octet-stream");
}

static bool is_short_ascii(struct slice name)
{
    enum { NAME_OCTETS = 60 };
    for (size_t i = 0; i < name.size; i++)
        if (!token_is_printable(name.data[i]))
            return false;
    return name.size <= NAME_OCTETS;
}

/* attribute-char of RFC 2231 7 */
static bool is_attribute_octet(char octet)
{
    return token_is_letter(octet) || token_is_digit(octet) ||
           (octet && strchr("!#$&+-.^_`{|}~", octet));
}

/* filename*0*=utf-8''...; filename*1*=... so that no line is too long (RFC 2231 3, 4). */
static bool append_long_name(struct slice name, struct bytes *out)
{
    enum { PIECE_OCTETS = 50 };
    bool fits = true;
    size_t i = 0;
    for (unsigned piece = 0; i < name.size && fits; piece++) {
        fits = bytes_printf(out, "; filename*%u*=", piece) &&
               (piece > 0 ||
                (bytes_append(out, encoded_charset(name)) && bytes_append(out, SLICE("''"))));
        for (size_t octets = 0; i < name.size && octets < PIECE_OCTETS && fits; i++) {
            bool is_plain = is_attribute_octet(name.data[i]);
            octets += is_plain ? 1 : 3;
            if (is_plain)
                fits = bytes_append_octet(out, name.data[i]);
            else if ((fits = append_code(name.data[i], out)))
                *bytes_tail(out, 3) = '%';
        }
    }
    return fits;
}

static bool append_short_name(struct slice name, struct bytes *out)
{
    bool fits = bytes_append(out, SLICE("; filename=\""));
    for (size_t i = 0; i < name.size && fits; i++) {
        if (name.data[i] == '"' || name.data[i] == '\\')
            fits = bytes_append_octet(out, '\\');
        fits = fits && bytes_append_octet(out, name.data[i]);
    }
    return fits && bytes_append_octet(out, '"');
}

/* Content-Disposition of RFC 2183 */
static bool append_disposition(struct slice name, struct bytes *out)
{
    struct bytes value;
    bytes_init(&value, out->ceiling);
    bool fits = bytes_append(&value, SLICE("attachment")) &&
                (name.size == 0         ? true
                 : is_short_ascii(name) ? append_short_name(name, &value)
                                        : append_long_name(name, &value)) &&
                header_write(out, SLICE("Content-Disposition"), bytes_slice(&value));
    bytes_finish(&value);
    return fits;
}

/* A message may be in no encoding (RFC 2046 5.2.1). */
bool message_attachment(const struct mime_attachment *attachment, struct bytes *out)
{
    struct slice type = type_of(attachment);
    bool is_message = slice_equal_fold(type, SLICE("message/rfc822"));
    struct slice encoding = !is_message                          ? SLICE("base64")
                            : slice_is_8bit(attachment->content) ? SLICE("8bit")
                                                                 : SLICE("7bit");
    return header_write(out, SLICE("Content-Type"), type) &&
           header_write(out, SLICE("Content-Transfer-Encoding"), encoding) &&
           append_disposition(attachment->name, out) && bytes_append(out, SLICE("\r\n")) &&
           (is_message ? message_crlf(attachment->content, out)
                       : append_base64(attachment->content, out));
}
