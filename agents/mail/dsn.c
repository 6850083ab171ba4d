#include "agents/mail/dsn.h"

#include <inttypes.h>

#include "agents/mail/date.h"
#include "agents/mail/dsn_text.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "agents/mail/token.h"
#include "sim/base/utf8.h"

enum { VALUE_OCTETS_MAX = 1024 };

/* action-value of RFC 3464 2.3.3, and the subject for people */
static const struct {
    const char *action, *subject, *status;
} actions[] = {
    {"failed", "Your message could not be delivered", "5.0.0"},
    {"delayed", "Your message is delayed", "4.0.0"},
    {"delivered", "Your message was delivered", "2.0.0"},
    {"relayed", "Your message was passed on", "2.0.0"},
    {"expanded", "Your message was sent to a list", "2.0.0"},
};

/* The row of this action; an unknown one counts as failed, so that nobody takes it for success. */
static size_t action_row(struct slice action)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (slice_equal_fold(action, slice_of(actions[i].action)))
            return i;
    return 0;
}

struct slice dsn_subject(struct slice action)
{
    return slice_of(actions[action_row(action)].subject);
}

/* status-code = ("2"/"4"/"5") "." 1*3DIGIT "." 1*3DIGIT (RFC 3463 2) */
static bool is_status(struct slice s)
{
    struct slice part;
    unsigned parts = 0;
    if (s.size == 0 || s.data[s.size - 1] == '.')
        return false;
    while (slice_cut(&s, '.', &part)) {
        uint64_t value;
        if (++parts > 3 || part.size > 3 || !slice_to_u64(part, &value))
            return false;
        if (parts == 1 && (part.size != 1 || (value != 2 && value != 4 && value != 5)))
            return false;
    }
    return parts == 3;
}

/* "Name: before text after", the text in printable ASCII; nothing for an empty text. */
static bool write_value(const char *name, const char *before, struct slice text, const char *after,
                        struct bytes *out)
{
    struct bytes value;
    if (text.size == 0)
        return true;
    bytes_init(&value, 2 * VALUE_OCTETS_MAX);
    bool fits = bytes_append(&value, slice_of(before)) &&
                dsn_text_printable(text, VALUE_OCTETS_MAX, &value) &&
                bytes_append(&value, slice_of(after)) &&
                header_write(out, slice_of(name), bytes_slice(&value));
    bytes_finish(&value);
    return fits;
}

static bool write_date(const char *name, int64_t unix_s, struct bytes *out)
{
    char text[DATE_TEXT];
    return header_write(out, slice_of(name), date_write(unix_s, 0, text));
}

/* addr-type ";" generic-address (RFC 3464 2.3.1), with the blank that the other fields have. */
static bool write_typed(const char *name, struct slice typed, struct bytes *out)
{
    struct bytes value;
    size_t at = slice_find_octet(typed, ';', 0);
    if (at == SLICE_NONE)
        return true;
    bytes_init(&value, VALUE_OCTETS_MAX);
    bool fits = bytes_append(&value, slice_part(typed, 0, at)) &&
                bytes_append(&value, SLICE("; ")) &&
                bytes_append(&value, slice_trim(slice_part(typed, at + 1, typed.size)));
    fits = fits ? write_value(name, "", bytes_slice(&value), "", out) : true;
    bytes_finish(&value);
    return fits;
}

/*
 * Final-Recipient. An address beyond ASCII has a type of its own, and is written without any octet
 * beyond ASCII: utf-8-addr-xtext, "\x{E9}" (RFC 6533 3).
 */
static bool write_final(struct slice address, struct bytes *out)
{
    struct bytes value;
    if (!message_is_8bit(address) || !utf8_is_valid(address))
        return write_value("Final-Recipient", "rfc822; ", address, "", out);
    bytes_init(&value, VALUE_OCTETS_MAX * 8);
    for (size_t at = 0, size; at < address.size && at < VALUE_OCTETS_MAX; at += size) {
        uint32_t letter = utf8_read(slice_part(address, at, address.size), &size);
        bool is_plain =
            letter > ' ' && letter < 0x7f && letter != '+' && letter != '=' && letter != '\\';
        if (is_plain)
            (void)bytes_append_octet(&value, (char)letter);
        else
            (void)bytes_printf(&value, "\\x{%" PRIX32 "}", letter);
    }
    bool fits = write_value("Final-Recipient", "utf-8; ", bytes_slice(&value), "", out);
    bytes_finish(&value);
    return fits;
}

/* The fields of one recipient (RFC 3464 2.3), behind the empty line that parts the groups. */
static bool write_recipient(const struct dsn_report *report, const struct dsn_recipient *recipient,
                            struct bytes *out)
{
    size_t row = action_row(report->action);
    struct slice status =
        is_status(recipient->status) ? recipient->status : slice_of(actions[row].status);
    const char *type = recipient->is_smtp_reply ? "smtp; " : "x-mailflow; ";
    bool is_delayed = slice_equal_fold(report->action, SLICE("delayed"));
    return bytes_append(out, SLICE("\r\n")) &&
           write_typed("Original-Recipient", recipient->original, out) &&
           write_final(recipient->address, out) &&
           write_value("Action", "", slice_of(actions[row].action), "", out) &&
           write_value("Status", "", status, "", out) &&
           write_value("Remote-MTA", "dns; ", recipient->remote_mta, "", out) &&
           write_value("Diagnostic-Code", type, recipient->diagnostic, "", out) &&
           write_date("Last-Attempt-Date", report->now_s, out) &&
           (!is_delayed || write_date("Will-Retry-Until", report->retry_until_s, out));
}

/* message/delivery-status: fields of the message, then of each recipient (RFC 3464 2.1). */
static bool write_status(const struct dsn_report *report, struct bytes *out)
{
    bool fits = write_value("Original-Envelope-Id", "", report->envid, "", out) &&
                write_value("Reporting-MTA", "dns; ", report->reporting_mta, "", out) &&
                write_date("Arrival-Date", report->arrival_s, out);
    for (size_t i = 0; i < report->recipient_count && fits; i++)
        fits = write_recipient(report, &report->recipients[i], out);
    return fits;
}

struct parts {
    struct bytes text, status, original;
};

enum { BOUNDARY_TEXT = 48 };

/*
 * Made of the notice's name and time, so that equal notices are equal octet by octet, and counted
 * on until no part has it (RFC 2046 5.1.1): the header may come from someone who guessed the first
 * one. A part has room for few, so the count ends.
 */
static struct slice choose_boundary(const struct dsn_report *report, const struct parts *parts,
                                    char text[BOUNDARY_TEXT])
{
    struct bytes made;
    struct slice boundary = {text, 0};
    uint64_t hash = slice_hash(report->message_id) ^ (uint64_t)report->now_s;
    bool is_taken = true;
    bytes_init(&made, BOUNDARY_TEXT);
    for (uint32_t count = 0; is_taken; count++) {
        bytes_clear(&made);
        bytes_printf(&made, "=_%016" PRIx64 ".%" PRIu32, hash, count);
        struct slice candidate = bytes_slice(&made);
        is_taken = slice_find(bytes_slice(&parts->text), candidate, 0) != SLICE_NONE ||
                   slice_find(bytes_slice(&parts->status), candidate, 0) != SLICE_NONE ||
                   slice_find(bytes_slice(&parts->original), candidate, 0) != SLICE_NONE;
    }
    for (; boundary.size < bytes_size(&made); boundary.size++)
        text[boundary.size] = bytes_slice(&made).data[boundary.size];
    bytes_finish(&made);
    return boundary;
}

/* As it is also when it has UTF-8: the notice then needs SMTPUTF8 (RFC 6532 3.2). */
static bool write_to(struct slice to, struct bytes *out)
{
    struct bytes value;
    if (!message_is_8bit(to) || !utf8_is_valid(to))
        return write_value("To", "<", to, ">", out);
    bytes_init(&value, VALUE_OCTETS_MAX);
    bool fits = bytes_append_all(&value, (struct slice[]){SLICE("<"), to, SLICE(">")}, 3) &&
                header_write(out, SLICE("To"), bytes_slice(&value));
    bytes_finish(&value);
    return fits;
}

static bool write_header(const struct dsn_report *report, struct slice boundary, bool is_8bit,
                         struct bytes *out)
{
    const char *type = "multipart/report; report-type=delivery-status; boundary=\"";
    return write_value("From", "Mail Delivery System <MAILER-DAEMON@", report->reporting_mta, ">",
                       out) &&
           write_to(report->to, out) &&
           write_value("Subject", "", dsn_subject(report->action), "", out) &&
           write_date("Date", report->now_s, out) &&
           write_value("Message-ID", "<", report->message_id, ">", out) &&
           write_value("Auto-Submitted", "", SLICE("auto-replied"), "", out) &&
           write_value("MIME-Version", "", SLICE("1.0"), "", out) &&
           write_value("Content-Type", type, boundary, "\"", out) &&
           (!is_8bit || write_value("Content-Transfer-Encoding", "", SLICE("8bit"), "", out)) &&
           bytes_append(out, SLICE("\r\n"));
}

static bool write_part(struct slice boundary, const char *type, bool is_8bit,
                       const struct bytes *content, struct bytes *out)
{
    return bytes_append(out, SLICE("--")) && bytes_append(out, boundary) &&
           bytes_append(out, SLICE("\r\n")) &&
           write_value("Content-Type", "", slice_of(type), "", out) &&
           (!is_8bit || write_value("Content-Transfer-Encoding", "", SLICE("8bit"), "", out)) &&
           bytes_append(out, SLICE("\r\n")) && bytes_append(out, bytes_slice(content));
}

/* Each part ends in an empty line, whose CRLF belongs to the boundary below it. */
static bool write_all(const struct dsn_report *report, const struct parts *parts, struct bytes *out)
{
    char text[BOUNDARY_TEXT];
    struct slice boundary = choose_boundary(report, parts, text);
    struct slice original = bytes_slice(&parts->original);
    bool is_8bit = message_is_8bit(original);
    /* a header's own empty line is the boundary's, a body's last line end is not */
    bool needs_line_end = report->is_full || !slice_ends(original, SLICE("\r\n\r\n"));
    return write_header(report, boundary, is_8bit, out) &&
           write_part(boundary, "text/plain; charset=us-ascii", false, &parts->text, out) &&
           bytes_append(out, SLICE("\r\n")) &&
           write_part(boundary, "message/delivery-status", false, &parts->status, out) &&
           bytes_append(out, SLICE("\r\n")) &&
           write_part(boundary, report->is_full ? "message/rfc822" : "text/rfc822-headers", is_8bit,
                      &parts->original, out) &&
           (!needs_line_end || bytes_append(out, SLICE("\r\n"))) &&
           bytes_append(out, SLICE("--")) && bytes_append(out, boundary) &&
           bytes_append(out, SLICE("--\r\n"));
}

bool dsn_write(const struct dsn_report *report, struct bytes *out)
{
    struct parts parts;
    size_t before = bytes_size(out);
    bytes_init(&parts.text, out->ceiling);
    bytes_init(&parts.status, out->ceiling);
    bytes_init(&parts.original, out->ceiling);
    bool fits = dsn_text_write(report, &parts.text) && write_status(report, &parts.status) &&
                message_crlf(report->header, &parts.original) &&
                (!report->is_full || message_crlf(report->body, &parts.original)) &&
                write_all(report, &parts, out);
    bytes_finish(&parts.text);
    bytes_finish(&parts.status);
    bytes_finish(&parts.original);
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

/* ------------------------------------------------------------------ reading */

/* The value of a parameter of a Content-Type (RFC 2045 5.1), without its quotes. */
static bool find_parameter(struct slice value, struct slice name, struct slice *found)
{
    size_t at = slice_find_octet(value, ';', 0);
    while (at != SLICE_NONE) {
        size_t from = token_space(value, at + 1);
        size_t equals = from;
        while (equals < value.size && token_is_atext(value.data[equals]) &&
               value.data[equals] != '=')
            equals++;
        struct slice attribute = slice_part(value, from, equals);
        equals = token_space(value, equals);
        bool is_ours =
            equals < value.size && value.data[equals] == '=' && slice_equal_fold(attribute, name);
        from = token_space(value, equals + 1);
        bool is_quoted = from < value.size && value.data[from] == '"';
        size_t to = is_quoted ? token_quoted(value, from) : from;
        while (!is_quoted && to < value.size && value.data[to] != ';' &&
               !token_is_blank(value.data[to]) && value.data[to] != '(')
            to++;
        *found = is_quoted ? slice_part(value, from + 1, to - 1) : slice_part(value, from, to);
        if (is_ours)
            return found->size > 0;
        at = slice_find_octet(value, ';', to);
    }
    return false;
}

/* The place of the next line that starts with "--boundary", from `at` on. */
static size_t find_delimiter(struct slice body, struct slice boundary, size_t at)
{
    while ((at = slice_find(body, boundary, at)) != SLICE_NONE) {
        bool has_dashes = at >= 2 && body.data[at - 1] == '-' && body.data[at - 2] == '-';
        if (has_dashes && (at == 2 || body.data[at - 3] == '\n'))
            return at - 2;
        at++;
    }
    return SLICE_NONE;
}

/* True when the part is message/delivery-status; its fields are then in *fields. */
static bool is_status_part(struct slice part, struct slice *fields)
{
    struct slice header;
    struct header_field type;
    header_split(part, &header, fields);
    return header_find(header, SLICE("Content-Type"), 1, &type) &&
           (slice_starts_fold(type.value, SLICE("message/delivery-status")) ||
            slice_starts_fold(type.value, SLICE("message/global-delivery-status")));
}

static bool find_status_part(struct slice content, struct slice *fields)
{
    struct slice header, body, boundary;
    struct header_field type;
    header_split(content, &header, &body);
    if (!header_find(header, SLICE("Content-Type"), 1, &type) ||
        !slice_starts_fold(type.value, SLICE("multipart/report")) ||
        !find_parameter(type.value, SLICE("boundary"), &boundary))
        return false;
    size_t at = find_delimiter(body, boundary, 0);
    while (at != SLICE_NONE) {
        size_t line = slice_find_octet(body, '\n', at);
        if (line == SLICE_NONE)
            return false;
        size_t end = find_delimiter(body, boundary, line + 1);
        if (is_status_part(slice_part(body, line + 1, end), fields))
            return true;
        at = end;
    }
    return false;
}

/* "rfc822; bob@example.org": what is behind the type (RFC 3464 2.1.2), or all without one. */
static struct slice field_text(struct slice group, struct slice name, bool is_typed)
{
    struct header_field field;
    if (!header_find(group, name, 1, &field))
        return SLICE("");
    size_t semicolon = is_typed ? slice_find_octet(field.value, ';', 0) : SLICE_NONE;
    if (semicolon != SLICE_NONE)
        field.value = slice_part(field.value, semicolon + 1, field.value.size);
    return slice_trim(field.value);
}

bool dsn_read(struct slice content, size_t n, struct dsn_reading *reading)
{
    struct slice fields, group;
    if (!find_status_part(content, &fields))
        return false;
    while (fields.size > 0) {
        header_split(fields, &group, &fields);
        if (header_count(group, SLICE("Final-Recipient")) == 0 || n-- > 0)
            continue;
        *reading = (struct dsn_reading){
            .action = field_text(group, SLICE("Action"), false),
            .status = field_text(group, SLICE("Status"), false),
            .final_recipient = field_text(group, SLICE("Final-Recipient"), true),
            .original_recipient = field_text(group, SLICE("Original-Recipient"), true),
            .remote_mta = field_text(group, SLICE("Remote-MTA"), true),
            .diagnostic = field_text(group, SLICE("Diagnostic-Code"), true),
        };
        return true;
    }
    return false;
}
