#include "agents/proto/smtp.h"

#include "sim/base/check.h"
#include "sim/base/digits.h"

#define STATE(name) (1u << SMTP_STATE_##name)

/* NOOP, HELP, EXPN, VRFY and RSET need no EHLO first (RFC 5321 4.1.4). */
enum { ANY_TIME = STATE(READY) | STATE(GREETED) | STATE(SENDER) | STATE(RECIPIENTS) };

const struct smtp_rule smtp_rules[SMTP_VERB_COUNT] = {
    [SMTP_VERB_EHLO] = {"EHLO", "domain", ANY_TIME, "RFC 5321 4.1.1.1"},
    [SMTP_VERB_HELO] = {"HELO", "domain", ANY_TIME, "RFC 5321 4.1.1.1"},
    [SMTP_VERB_MAIL] = {"MAIL", "FROM:<reverse-path> [parameters]", STATE(GREETED),
                        "RFC 5321 4.1.1.2"},
    [SMTP_VERB_RCPT] = {"RCPT", "TO:<forward-path> [parameters]", STATE(SENDER) | STATE(RECIPIENTS),
                        "RFC 5321 4.1.1.3"},
    [SMTP_VERB_DATA] = {"DATA", "", STATE(RECIPIENTS), "RFC 5321 4.1.1.4"},
    [SMTP_VERB_RSET] = {"RSET", "", ANY_TIME, "RFC 5321 4.1.1.5"},
    [SMTP_VERB_NOOP] = {"NOOP", "[text]", ANY_TIME, "RFC 5321 4.1.1.9"},
    [SMTP_VERB_QUIT] = {"QUIT", "", ANY_TIME, "RFC 5321 4.1.1.10"},
    [SMTP_VERB_VRFY] = {"VRFY", "user", ANY_TIME, "RFC 5321 4.1.1.6"},
    [SMTP_VERB_EXPN] = {"EXPN", "list", ANY_TIME, "RFC 5321 4.1.1.7"},
    [SMTP_VERB_HELP] = {"HELP", "[verb]", ANY_TIME, "RFC 5321 4.1.1.8"},
    [SMTP_VERB_AUTH] = {"AUTH", "mechanism [initial-response]", STATE(GREETED), "RFC 4954 4"},
    [SMTP_VERB_UNKNOWN] = {"UNKNOWN", "", 0, "RFC 5321 4.2.4"},
};

const char *smtp_verb_name(enum smtp_verb verb)
{
    check(verb < SMTP_VERB_COUNT);
    return smtp_rules[verb].verb;
}

const char *smtp_state_name(enum smtp_state state)
{
    static const char *const names[SMTP_STATE_COUNT] = {
        [SMTP_STATE_CONNECTED] = "CONNECTED", [SMTP_STATE_READY] = "READY",
        [SMTP_STATE_GREETED] = "GREETED",     [SMTP_STATE_AUTH] = "AUTH",
        [SMTP_STATE_SENDER] = "SENDER",       [SMTP_STATE_RECIPIENTS] = "RECIPIENTS",
        [SMTP_STATE_DATA] = "DATA",           [SMTP_STATE_CLOSED] = "CLOSED",
    };
    check(state < SMTP_STATE_COUNT);
    return names[state];
}

enum smtp_verb smtp_verb_find(struct slice word)
{
    for (int verb = 0; verb < SMTP_VERB_UNKNOWN; verb++)
        if (slice_equal_fold(word, slice_of(smtp_rules[verb].verb)))
            return (enum smtp_verb)verb;
    return SMTP_VERB_UNKNOWN;
}

/* ---- replies ---- */

/*
 * textstring = 1*(%d09 / %d32-126) (RFC 5321 4.2). A text may quote what a stranger sent: anything
 * else in it becomes '?', so nobody's CR makes a reply line of its own.
 */
static bool is_text(char octet)
{
    return octet == '\t' || (octet >= ' ' && octet <= '~');
}

/* What is no text becomes '?': a reply must not carry another one in it. */
static bool append_text(struct bytes *out, struct slice text)
{
    bool fits = true;
    while (fits && text.size > 0) {
        size_t plain = 0;
        while (plain < text.size && is_text(text.data[plain]))
            plain++;
        fits = bytes_append(out, slice_part(text, 0, plain)) &&
               (plain == text.size || bytes_append_octet(out, '?'));
        text = slice_part(text, plain + 1, text.size);
    }
    return fits;
}

/* A line longer than the protocol allows loses its end. */
static bool write_line(int code, bool is_last, struct slice esc, struct slice text,
                       struct bytes *out)
{
    size_t room = SMTP_REPLY_LINE_MAX - 2 - 4 - (esc.size ? esc.size + 1 : 0);
    text = slice_part(text, 0, room);
    /* An empty challenge still needs its space (RFC 4954 4, continue-req). */
    bool has_more = esc.size || text.size || code == 334;
    char start[DIGITS_MAX + 1];
    size_t size = digits_put(start, (uint64_t)code, 10, 3);
    if (!is_last || has_more)
        start[size++] = is_last ? ' ' : '-';
    bool fits = bytes_append(out, (struct slice){start, size}) && bytes_append(out, esc) && (!esc.size || !text.size || bytes_append_octet(out, ' '));
    return fits && append_text(out, text) && bytes_append(out, SLICE("\r\n"));
}

bool smtp_reply_write(const struct smtp_reply *reply, bool with_esc, struct bytes *out)
{
    check(reply->code >= 200 && reply->code <= 599 && reply->esc.size < 16);
    size_t before = bytes_size(out);
    struct slice esc = with_esc ? reply->esc : slice_of(""), rest = reply->text, line = {0};
    bool fits = true;
    do {
        slice_cut(&rest, '\n', &line);
        fits = write_line(reply->code, rest.size == 0, esc, line, out);
    } while (fits && rest.size > 0);
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

static bool is_digit(char octet)
{
    return octet >= '0' && octet <= '9';
}

bool smtp_reply_read_line(struct slice line, int *code, bool *is_last, struct slice *rest)
{
    if (line.size < 3 || line.data[0] < '2' || line.data[0] > '5' || !is_digit(line.data[1]) ||
        !is_digit(line.data[2]))
        return false;
    if (line.size > 3 && line.data[3] != '-' && line.data[3] != ' ')
        return false;
    *code = (line.data[0] - '0') * 100 + (line.data[1] - '0') * 10 + (line.data[2] - '0');
    *is_last = line.size == 3 || line.data[3] == ' ';
    *rest = slice_part(line, 4, line.size);
    return true;
}
