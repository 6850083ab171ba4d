#include "agents/proto/smtp.h"

#include <string.h>

#include "sim/base/check.h"

#define STATE(name) (1u << SMTP_STATE_##name)

/* NOOP, HELP, EXPN, VRFY and RSET need no EHLO first (RFC 5321 4.1.4). */
enum {
    IN_TRANSACTION = STATE(SENDER) | STATE(RECIPIENTS) | STATE(CHUNKS),
    ANY_TIME = STATE(READY) | STATE(GREETED) | IN_TRANSACTION,
    SMTP = SMTP_SPOKEN_BY_SMTP,
    LMTP = SMTP_SPOKEN_BY_LMTP,
    BOTH = SMTP_SPOKEN_BY_BOTH
};

const struct smtp_rule smtp_rules[SMTP_VERB_COUNT] = {
    [SMTP_VERB_EHLO] = {"EHLO", "domain", ANY_TIME, SMTP, "RFC 5321 4.1.1.1"},
    [SMTP_VERB_HELO] = {"HELO", "domain", ANY_TIME, SMTP, "RFC 5321 4.1.1.1"},
    [SMTP_VERB_LHLO] = {"LHLO", "domain", ANY_TIME, LMTP, "RFC 2033 4.1"},
    [SMTP_VERB_MAIL] = {"MAIL", "FROM:<reverse-path> [parameters]", STATE(GREETED), BOTH,
                        "RFC 5321 4.1.1.2"},
    [SMTP_VERB_RCPT] = {"RCPT", "TO:<forward-path> [parameters]", STATE(SENDER) | STATE(RECIPIENTS),
                        BOTH, "RFC 5321 4.1.1.3"},
    [SMTP_VERB_DATA] = {"DATA", "", STATE(RECIPIENTS), BOTH, "RFC 5321 4.1.1.4"},
    [SMTP_VERB_BDAT] = {"BDAT", "size [LAST]", STATE(RECIPIENTS) | STATE(CHUNKS), BOTH,
                        "RFC 3030 2"},
    [SMTP_VERB_RSET] = {"RSET", "", ANY_TIME, BOTH, "RFC 5321 4.1.1.5"},
    [SMTP_VERB_NOOP] = {"NOOP", "[text]", ANY_TIME, BOTH, "RFC 5321 4.1.1.9"},
    [SMTP_VERB_QUIT] = {"QUIT", "", ANY_TIME, BOTH, "RFC 5321 4.1.1.10"},
    [SMTP_VERB_VRFY] = {"VRFY", "user", ANY_TIME, BOTH, "RFC 5321 4.1.1.6"},
    [SMTP_VERB_EXPN] = {"EXPN", "list", ANY_TIME, BOTH, "RFC 5321 4.1.1.7"},
    [SMTP_VERB_HELP] = {"HELP", "[verb]", ANY_TIME, BOTH, "RFC 5321 4.1.1.8"},
    [SMTP_VERB_AUTH] = {"AUTH", "mechanism [initial-response]", STATE(GREETED), BOTH, "RFC 4954 4"},
    [SMTP_VERB_STARTTLS] = {"STARTTLS", "", STATE(GREETED), BOTH, "RFC 3207 4"},
    [SMTP_VERB_ETRN] = {"ETRN", "domain", STATE(GREETED), SMTP, "RFC 1985 5.1"},
    [SMTP_VERB_UNKNOWN] = {"UNKNOWN", "", 0, BOTH, "RFC 5321 4.2.4"},
};

const char *smtp_verb_name(enum smtp_verb verb)
{
    check(verb < SMTP_VERB_COUNT);
    return smtp_rules[verb].verb;
}

const char *smtp_state_name(enum smtp_state state)
{
    static const char *const names[SMTP_STATE_COUNT] = {
        [SMTP_STATE_CONNECTED] = "CONNECTED",
        [SMTP_STATE_READY] = "READY",
        [SMTP_STATE_TLS] = "TLS",
        [SMTP_STATE_GREETED] = "GREETED",
        [SMTP_STATE_AUTH] = "AUTH",
        [SMTP_STATE_SENDER] = "SENDER",
        [SMTP_STATE_RECIPIENTS] = "RECIPIENTS",
        [SMTP_STATE_DATA] = "DATA",
        [SMTP_STATE_CHUNK] = "CHUNK",
        [SMTP_STATE_CHUNKS] = "CHUNKS",
        [SMTP_STATE_CLOSED] = "CLOSED",
    };
    check(state < SMTP_STATE_COUNT);
    return names[state];
}

/* As a number, without case: this bit makes a letter, and nothing but a letter, a small one. */
static uint32_t four_letters(const char *word)
{
    uint32_t number;
    memcpy(&number, word, sizeof number);
    return number | 0x20202020u;
}

enum smtp_verb smtp_verb_find(struct slice word)
{
    if (word.size != 4) /* which all have but one */
        return slice_equal_fold(word, SLICE("STARTTLS")) ? SMTP_VERB_STARTTLS : SMTP_VERB_UNKNOWN;
    uint32_t wanted = four_letters(word.data);
    for (int verb = 0; verb < SMTP_VERB_UNKNOWN; verb++)
        if (verb != SMTP_VERB_STARTTLS && four_letters(smtp_rules[verb].verb) == wanted)
            return (enum smtp_verb)verb;
    return SMTP_VERB_UNKNOWN;
}

/* ---- where a session is ---- */

void smtp_progress_command(struct smtp_progress *p, enum smtp_verb verb, struct slice argument)
{
    if (verb != SMTP_VERB_BDAT || !(smtp_rules[verb].legal_states & 1u << p->state))
        return;
    p->before = p->state;
    p->state = SMTP_STATE_CHUNK;
    p->is_last = slice_ends_fold(slice_trim(argument), SLICE(" LAST"));
}

/* LMTP has a reply for each recipient behind the message (RFC 2033 4.2). */
static void conclude(struct smtp_progress *p)
{
    if (p->is_lmtp && ++p->concluded < p->recipients)
        return;
    p->state = SMTP_STATE_GREETED;
}

/* A refused chunk is the end of its transaction, unless the command was already wrong (RFC 3030 2).
 */
static void end_chunk(struct smtp_progress *p, int code)
{
    bool is_command_wrong = code == 501 || code == 503;
    if (p->is_last && !is_command_wrong)
        conclude(p);
    else if (code / 100 == 2)
        p->state = SMTP_STATE_CHUNKS;
    else
        p->state =
            is_command_wrong && p->before == SMTP_STATE_RECIPIENTS ? p->before : SMTP_STATE_GREETED;
}

/* Where a 2xx or 3xx leads; the state itself where it leads nowhere. */
static enum smtp_state accepted(const struct smtp_progress *p, enum smtp_verb verb)
{
    bool has_greeted = p->state != SMTP_STATE_READY;
    switch (verb) {
    case SMTP_VERB_EHLO:
    case SMTP_VERB_HELO:
    case SMTP_VERB_LHLO:
        return SMTP_STATE_GREETED;
    case SMTP_VERB_MAIL:
        return SMTP_STATE_SENDER;
    case SMTP_VERB_RCPT:
        return SMTP_STATE_RECIPIENTS;
    case SMTP_VERB_DATA:
        return SMTP_STATE_DATA;
    case SMTP_VERB_RSET:
        return has_greeted ? SMTP_STATE_GREETED : p->state;
    case SMTP_VERB_QUIT:
        return SMTP_STATE_CLOSED;
    case SMTP_VERB_STARTTLS:
        return SMTP_STATE_TLS;
    case SMTP_VERB_BDAT:
    case SMTP_VERB_AUTH:
    case SMTP_VERB_NOOP:
    case SMTP_VERB_VRFY:
    case SMTP_VERB_EXPN:
    case SMTP_VERB_HELP:
    case SMTP_VERB_ETRN:
    case SMTP_VERB_UNKNOWN:
    case SMTP_VERB_COUNT:
        break;
    }
    return p->state;
}

void smtp_progress_reply(struct smtp_progress *p, enum smtp_verb verb, int code)
{
    bool is_yes = code / 100 == 2 || code / 100 == 3;
    enum smtp_state before = p->state;
    if (code == 421) { /* the server closes, whatever was asked (RFC 5321 3.8) */
        p->state = SMTP_STATE_CLOSED;
    } else if (p->state == SMTP_STATE_CONNECTED) {
        p->state = SMTP_STATE_READY;
    } else if (p->state == SMTP_STATE_DATA) {
        conclude(p);
    } else if (p->state == SMTP_STATE_CHUNK) {
        end_chunk(p, code);
    } else if (verb == SMTP_VERB_AUTH) {
        if (before == SMTP_STATE_GREETED || before == SMTP_STATE_AUTH)
            p->state = code == 334 ? SMTP_STATE_AUTH : SMTP_STATE_GREETED;
    } else if (is_yes) {
        p->state = accepted(p, verb);
        p->recipients += verb == SMTP_VERB_RCPT;
    }
    if (p->state == SMTP_STATE_GREETED && before != SMTP_STATE_GREETED)
        p->recipients = p->concluded = 0;
}

void smtp_progress_secured(struct smtp_progress *p)
{
    if (p->state == SMTP_STATE_TLS)
        p->state = SMTP_STATE_READY;
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

/* A line longer than the protocol allows loses its end. */
static bool write_line(int code, bool is_last, struct slice esc, struct slice text,
                       struct bytes *out)
{
    size_t max = code == 334 ? SMTP_AUTH_LINE_MAX : SMTP_REPLY_LINE_MAX;
    size_t room = max - 2 - 4 - (esc.size ? esc.size + 1 : 0);
    text = slice_part(text, 0, room);
    /* An empty challenge still needs its space (RFC 4954 4, continue-req). */
    bool has_more = esc.size || text.size || code == 334;
    const char start[] = {(char)('0' + code / 100), (char)('0' + code / 10 % 10),
                          (char)('0' + code % 10), is_last ? ' ' : '-'};
    const struct slice line[] = {{start, !is_last || has_more ? 4 : 3},
                                 esc,
                                 esc.size && text.size ? SLICE(" ") : SLICE(""),
                                 text,
                                 SLICE("\r\n")};
    if (!bytes_append_all(out, line, sizeof line / sizeof *line))
        return false;
    char *written = bytes_tail(out, text.size + 2);
    for (size_t i = 0; i < text.size; i++)
        written[i] = is_text(written[i]) ? written[i] : '?';
    return true;
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
