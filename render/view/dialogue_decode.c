#include "render/view/dialogue_decode.h"

#include "agents/mail/mime.h"
#include "render/view/tr.h"
#include "sim/base/base64.h"

static bool is_login(const struct turn *turn)
{
    return slice_equal_fold(turn->verb, SLICE("AUTH")) ||
           slice_equal_fold(turn->verb, SLICE("AUTHENTICATE"));
}

/* The first word of an AUTH that begins an exchange. */
static enum sasl_mechanism named(const struct turn *turn, struct slice *rest)
{
    struct slice word;
    *rest = turn->arg;
    slice_cut(rest, ' ', &word);
    return sasl_find(word);
}

enum sasl_mechanism dialogue_decode_mechanism(const struct turn *turn, enum sasl_mechanism now)
{
    struct slice rest;
    if (turn->is_reply || !is_login(turn))
        return now;
    enum sasl_mechanism found = named(turn, &rest);
    return found == SASL_MECHANISM_COUNT ? now : found;
}

bool dialogue_decode_is_secret(const struct turn *turn, enum sasl_mechanism mechanism)
{
    struct slice rest;
    if (turn->is_reply)
        return false;
    if (turn->protocol == TURN_POP3 && slice_equal_fold(turn->verb, SLICE("PASS")))
        return true;
    if (turn->protocol == TURN_IMAP && slice_equal_fold(turn->verb, SLICE("LOGIN")))
        return true;
    if (!is_login(turn) || mechanism == SASL_MECHANISM_COUNT || !(SASL_CLEAR & 1u << mechanism))
        return false;
    return named(turn, &rest) == SASL_MECHANISM_COUNT || rest.size > 0;
}

/* NUL and other controls are named, so that nothing is hidden. */
static bool append_printable(struct slice text, struct bytes *out)
{
    bool fits = true;
    for (size_t i = 0; fits && i < text.size; i++) {
        unsigned char octet = (unsigned char)text.data[i];
        fits = octet < ' ' || octet == 0x7F ? bytes_printf(out, "\\%02X", octet)
                                            : bytes_append_octet(out, text.data[i]);
    }
    return fits;
}

static bool append_decoded(struct slice octets, enum sasl_mechanism mechanism, struct bytes *out)
{
    struct sasl_plain plain;
    if (mechanism == SASL_PLAIN && sasl_plain_read(octets, &plain))
        return bytes_append(out, SLICE("user ")) && append_printable(plain.user, out) &&
               bytes_append(out, SLICE(", password ")) && append_printable(plain.password, out);
    return append_printable(octets, out);
}

bool dialogue_decode_login(const struct turn *turn, enum sasl_mechanism mechanism,
                           struct bytes *out)
{
    struct slice text = turn->arg, rest;
    if (!is_login(turn) || (turn->is_reply && turn->code != 334))
        return false;
    if (turn->is_reply)
        text = turn->text;
    else if (named(turn, &rest) != SASL_MECHANISM_COUNT)
        text = rest;
    text = slice_trim(text);
    struct bytes octets;
    bytes_init(&octets, SASL_MESSAGE_MAX);
    bool is_base64 = text.size && base64_read(text, &octets) && bytes_size(&octets);
    bool is_told =
        is_base64 && append_decoded(bytes_slice(&octets),
                                    turn->is_reply ? SASL_MECHANISM_COUNT : mechanism, out);
    bytes_finish(&octets);
    return is_told;
}

bool dialogue_decode_dots(struct slice content, struct bytes *out)
{
    while (content.size) {
        size_t end = slice_find(content, SLICE("\r\n"), 0);
        size_t size = end == SLICE_NONE ? content.size : end + 2;
        struct slice line = slice_part(content, 0, size);
        content = slice_part(content, size, content.size);
        if (content.size == 0 && slice_equal(line, SLICE(".\r\n")))
            return true;
        if (!bytes_append(out, slice_part(line, slice_starts(line, SLICE(".")), line.size)))
            return false;
    }
    return true;
}

/* ---- bodies ---- */

static bool is_encoded(const struct mime_part *part)
{
    return part->encoding == MIME_BASE64 || part->encoding == MIME_QUOTED_PRINTABLE;
}

static bool append_text(const struct mime_part *part, struct bytes *out)
{
    struct bytes octets, charset;
    bytes_init(&octets, SIZE_MAX);
    bytes_init(&charset, 64);
    bool is_decoded = mime_decode(part, &octets);
    if (!mime_parameter(part->parameters, SLICE("charset"), &charset))
        (void)bytes_append(&charset, SLICE("us-ascii"));
    bool fits = is_decoded && (mime_to_utf8(bytes_slice(&octets), bytes_slice(&charset), out) ||
                               bytes_append(out, bytes_slice(&octets)));
    bytes_finish(&octets);
    bytes_finish(&charset);
    return fits;
}

static bool append_part(const struct mime_part *part, struct bytes *out)
{
    bool is_text = slice_equal_fold(part->type, SLICE("text"));
    if (!bytes_append(out, part->header))
        return false;
    if (part->is_multipart || part->is_message)
        return true;
    if (is_text || !is_encoded(part))
        return (is_encoded(part) ? append_text(part, out) : bytes_append(out, part->body)) &&
               bytes_append(out, SLICE("\r\n"));
    return bytes_printf(out, tr("(%.*s/%.*s, %zu octets in %.*s)"), SLICE_ARG(part->type),
                        SLICE_ARG(part->subtype), part->body.size,
                        SLICE_ARG(part->encoding_word)) &&
           bytes_append(out, SLICE("\r\n"));
}

bool dialogue_decode_bodies(struct slice message, struct bytes *out)
{
    struct mime mime = {0};
    bool has_any = false, fits = true;
    mime_read(&mime, message);
    for (size_t i = 0; i < mime.parts.count; i++)
        has_any = has_any || is_encoded(&mime.parts.items[i]);
    for (size_t i = 0; has_any && fits && i < mime.parts.count; i++)
        fits = append_part(&mime.parts.items[i], out);
    mime_finish(&mime);
    return has_any && fits;
}
