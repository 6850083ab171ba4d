#include "agents/mail/dsn_text.h"

#include "agents/mail/date.h"
#include "agents/mail/token.h"

enum { COLUMNS = 72, INDENT = 4, TEXT_OCTETS_MAX = 800 };

bool dsn_text_printable(struct slice text, size_t most, struct bytes *out)
{
    bool fits = true;
    for (size_t i = 0; i < text.size && i < most && fits; i++) {
        char octet = text.data[i];
        if (octet == '\r' && i + 1 < text.size && text.data[i + 1] == '\n')
            continue; /* the LF behind it becomes the blank */
        fits = bytes_append_octet(out, token_is_blank(octet)       ? ' '
                                       : token_is_printable(octet) ? octet
                                                                   : '?');
    }
    return fits && (text.size <= most || bytes_append(out, SLICE("...")));
}

/* The words of the text in lines of COLUMNS, each line after the first behind an indent. */
static bool append_wrapped(struct slice text, size_t column, size_t indent, struct bytes *out)
{
    struct slice word;
    bool is_first = true;
    while (slice_cut(&text, ' ', &word)) {
        if (word.size == 0)
            continue;
        bool is_break = !is_first && column + 1 + word.size > COLUMNS;
        if (is_break && !bytes_printf(out, "\r\n%*s", (int)indent, ""))
            return false;
        if (!is_break && !is_first && !bytes_append_octet(out, ' '))
            return false;
        column = (is_break ? indent : column + !is_first) + word.size;
        is_first = false;
        if (!bytes_append(out, word))
            return false;
    }
    return bytes_append(out, SLICE("\r\n"));
}

/* "    Label: text" */
static bool append_labelled(const char *label, struct slice text, struct bytes *out)
{
    struct bytes clean;
    size_t before = bytes_size(out);
    if (text.size == 0)
        return true;
    bytes_init(&clean, TEXT_OCTETS_MAX + 3);
    bool fits = dsn_text_printable(text, TEXT_OCTETS_MAX, &clean) &&
                bytes_printf(out, "%*s%s ", INDENT, "", label) &&
                append_wrapped(bytes_slice(&clean), bytes_size(out) - before, 2 * INDENT, out);
    bytes_finish(&clean);
    return fits;
}

/* What the subject and the detail of a status say to a person (RFC 3463 3, RFC 7505 4.2). */
struct meaning {
    const char *code; /* behind the class; a code that ends in '.' stands for all that start so */
    const char *means, *advice;
};

static const struct meaning meanings[] = {
    {"1.1", "there is no mailbox of this name at that host.",
     "check how the part before the @ is spelled, or ask for the new address."},
    {"1.2", "mail for this domain has nowhere to go.",
     "check how the part behind the @ is spelled."},
    {"1.3", "the address is not written as an address has to be.",
     "look for blanks or signs that do not belong into it."},
    {"1.10", "this domain says that it takes no mail at all.",
     "ask for another address; this one can't work."},
    {"2.1", "the mailbox is closed for now.", "reach its owner some other way."},
    {"2.2", "the mailbox is full.", "send it again when its owner has made room."},
    {"2.3", "the message is larger than this mailbox takes.", "send less, or a link to the file."},
    {"3.1", "the server's disk is full.", "send it again later."},
    {"3.4", "the message is larger than this server takes.", "send less, or a link to the file."},
    {"4.1", "the server did not answer.", "send it again later, or ask whether it moved."},
    {"4.2", "the connection broke before the message was through.", "send it again later."},
    {"4.3", "the name service did not say which server takes this mail.",
     "check the part behind the @; if it is right, send it again later."},
    {"4.4", "no way to a server for this domain was found.",
     "check the part behind the @; if it is right, send it again later."},
    {"4.6", "the message was going round in a circle between servers.",
     "tell your postmaster: only a server's settings can mend this."},
    {"4.7", "the time for trying is over.", "send it again later, or reach the person otherwise."},
    {"7.1", "the server's rules do not let you send to this address.",
     "ask the recipient or your postmaster for the reason."},
    {"7.", "the server's rules refuse this message.",
     "read what it said, and ask your postmaster if that does not help."},
    {"", "the answer above is all that is known.",
     "if it does not help, show this notice to your postmaster."},
};

static const struct meaning *meaning_of(struct slice status)
{
    struct slice code = status.size > 2 ? slice_part(status, 2, status.size) : SLICE("");
    size_t last = sizeof meanings / sizeof *meanings - 1;
    for (size_t i = 0; i < last; i++) {
        struct slice known = slice_of(meanings[i].code);
        bool is_family = slice_ends(known, SLICE("."));
        if (is_family ? slice_starts(code, known) : slice_equal(code, known))
            return &meanings[i];
    }
    return &meanings[last];
}

static bool append_recipient(const struct dsn_report *report, const struct dsn_recipient *recipient,
                             struct bytes *out)
{
    const struct meaning *meaning = meaning_of(recipient->status);
    bool is_failed = slice_equal_fold(report->action, SLICE("failed"));
    bool fits =
        bytes_append(out, SLICE("To ")) &&
        dsn_text_printable(recipient->address, TEXT_OCTETS_MAX, out) &&
        bytes_append(out, SLICE("\r\n")) &&
        append_labelled("Server:", recipient->remote_mta, out) &&
        append_labelled(recipient->is_smtp_reply ? "It said:" : "Reason:", recipient->diagnostic,
                        out) &&
        append_labelled("Status:", recipient->status, out);
    if (slice_equal_fold(report->action, SLICE("failed")) ||
        slice_equal_fold(report->action, SLICE("delayed")))
        fits = fits && append_labelled("That means:", slice_of(meaning->means), out);
    if (is_failed)
        fits = fits && append_labelled("You can:", slice_of(meaning->advice), out);
    return fits && bytes_append(out, SLICE("\r\n"));
}

static bool append_opening(const struct dsn_report *report, struct bytes *out)
{
    char text[DATE_TEXT];
    bool fits = bytes_append(out, SLICE("The mail server ")) &&
                dsn_text_printable(report->reporting_mta, TEXT_OCTETS_MAX, out) &&
                bytes_append(out, SLICE(" writes this notice by itself.\r\n\r\n"));
    if (slice_equal_fold(report->action, SLICE("delayed")))
        return fits &&
               bytes_append(out, SLICE("Your message has not arrived yet for the recipients below. "
                                       "It is not lost:\r\nthe server keeps it and goes on trying "
                                       "until\r\n    ")) &&
               bytes_append(out, date_write(report->retry_until_s, 0, text)) &&
               bytes_append(out, SLICE("\r\nYou need not send it again.\r\n\r\n"));
    if (slice_equal_fold(report->action, SLICE("failed")))
        return fits &&
               bytes_append(out, SLICE("Your message could not be delivered to the recipients "
                                       "below. The server has\r\ngiven it up and won't try "
                                       "again.\r\n\r\n"));
    if (slice_equal_fold(report->action, SLICE("relayed")))
        return fits &&
               bytes_append(out, SLICE("Your message was passed on for the recipients below, to a "
                                       "server that sends no\r\nsuch notices. You will hear no "
                                       "more of it unless it fails.\r\n\r\n"));
    if (slice_equal_fold(report->action, SLICE("expanded")))
        return fits &&
               bytes_append(out, SLICE("Each of the addresses below stands for several, to whom "
                                       "your message was sent on.\r\nYou will hear no more of it "
                                       "unless it fails.\r\n\r\n"));
    return fits &&
           bytes_append(out, SLICE("Your message was delivered to the recipients below.\r\n\r\n"));
}

bool dsn_text_write(const struct dsn_report *report, struct bytes *out)
{
    bool fits = append_opening(report, out);
    for (size_t i = 0; i < report->recipient_count && fits; i++)
        fits = append_recipient(report, &report->recipients[i], out);
    return fits && bytes_append(out, SLICE("The same for programs, and ")) &&
           bytes_append(out, report->is_full ? SLICE("your message, ")
                                             : SLICE("the header of your message, ")) &&
           bytes_append(out, SLICE("are in the parts below.\r\n"));
}
