#include "agents/roles/spoken.h"

#include <string.h>

#include "agents/proto/smtp.h"
#include "agents/roles/spoken_part.h"

/* ---- what all share ---- */

bool spoken_line(struct bytes *from, struct slice *line)
{
    struct slice all = bytes_slice(from);
    size_t end = slice_find_octet(all, '\n', 0);
    if (end == SLICE_NONE)
        return false;
    *line = slice_part(all, 0, end > 0 && all.data[end - 1] == '\r' ? end - 1 : end);
    bytes_consume(from, end + 1);
    return true;
}

struct slice spoken_verb(struct slice line, char verb[SPOKEN_VERB_MAX], struct slice *rest)
{
    struct slice word = {"", 0};
    *rest = line;
    (void)slice_cut(rest, ' ', &word);
    word = slice_trim(slice_part(word, 0, SPOKEN_VERB_MAX));
    for (size_t i = 0; i < word.size; i++)
        verb[i] = word.data[i] >= 'a' && word.data[i] <= 'z' ? (char)(word.data[i] - 'a' + 'A')
                                                             : word.data[i];
    return (struct slice){verb, word.size};
}

uint32_t spoken_text(const struct spoken *s, struct slice text)
{
    return sim_text(s->sim, text);
}

uint64_t spoken_literal(struct slice line)
{
    uint64_t size;
    size_t open = line.size;
    if (!slice_ends(line, SLICE("}")))
        return 0;
    while (open > 0 && line.data[open - 1] != '{')
        open--;
    struct slice digits = slice_part(line, open, line.size - 1);
    if (slice_ends(digits, SLICE("+")))
        digits.size--;
    return open > 0 && slice_to_u64(digits, &size) ? size : 0;
}

uint64_t spoken_chunk(struct slice verb, struct slice rest)
{
    struct slice digits = {"", 0};
    uint64_t size;
    (void)slice_cut(&rest, ' ', &digits);
    return slice_equal(verb, SLICE("BDAT")) && slice_to_u64(digits, &size) ? size : 0;
}

static bool speaks_smtp(const struct spoken *s)
{
    return s->protocol == TURN_SMTP || s->protocol == TURN_LMTP;
}

void spoken_start(struct spoken *s, struct sim *sim, uint32_t conn, uint32_t port, bool is_server)
{
    *s = (struct spoken){
        .sim = sim, .conn = conn, .protocol = turn_protocol_of_port(port), .is_server = is_server};
    if (is_server && s->protocol == TURN_NONE)
        s->protocol = TURN_SMTP; /* what the person answers will be heard as that */
    s->is_lost = s->protocol == TURN_HTTP;
    bytes_init(&s->asked, SPOKEN_ASKED_MAX);
    bytes_init(&s->answered, SPOKEN_LINE_MAX);
    bytes_init(&s->waiting, SPOKEN_LINE_MAX);
    bytes_init(&s->content, SPOKEN_CONTENT_MAX);
    bytes_init(&s->paths, SPOKEN_LINE_MAX);
    smtp_reply_reader_init(&s->reply);
}

void spoken_finish(struct spoken *s)
{
    bytes_finish(&s->asked);
    bytes_finish(&s->answered);
    bytes_finish(&s->waiting);
    bytes_finish(&s->content);
    bytes_finish(&s->paths);
    smtp_reply_reader_finish(&s->reply);
    *s = (struct spoken){.is_lost = true};
}

void spoken_secured(struct spoken *s)
{
    bytes_clear(&s->asked);
    bytes_clear(&s->answered);
    s->state = SPOKEN_COMMAND;
}

/* ---- SMTP and LMTP, the person asks ---- */

/* Takes octets of a chunk or literal off the front; false while more of it is to come. */
static bool skip(struct bytes *from, uint64_t *left)
{
    uint64_t n = *left < bytes_size(from) ? *left : bytes_size(from);
    bytes_consume(from, (size_t)n);
    *left -= n;
    return *left == 0;
}

/* Lines of the message go by, up to the dot; a line that is longer than the buffer, in pieces. */
static void pass_content(struct spoken *s)
{
    struct slice line;
    while (s->state == SPOKEN_CONTENT && spoken_line(&s->asked, &line)) {
        if (!s->is_mid_line && slice_equal(line, SLICE(".")))
            s->state = SPOKEN_DOT;
        s->is_mid_line = false;
    }
    if (s->state == SPOKEN_CONTENT && bytes_size(&s->asked) > 1024) {
        bytes_clear(&s->asked);
        s->is_mid_line = true;
    }
}

/* The verb of the command that a reply answers. */
static struct slice take_verb(struct spoken *s, char verb[SPOKEN_VERB_MAX])
{
    struct slice line, rest;
    if (!s->is_greeted) {
        s->is_greeted = true;
        return SLICE("CONNECT");
    }
    if (s->state == SPOKEN_DOT)
        return SLICE("DOT");
    if (s->state == SPOKEN_CONTENT || !skip(&s->asked, &s->skip) || !spoken_line(&s->asked, &line))
        return SLICE(""); /* it was not asked: 421 */
    if (s->state == SPOKEN_AUTH)
        return SLICE("AUTH");
    struct slice found = spoken_verb(line, verb, &rest);
    s->skip = spoken_chunk(found, rest);
    (void)skip(&s->asked, &s->skip);
    return found;
}

static void follow(struct spoken *s, struct slice verb, int code)
{
    bool is_good = code >= 200 && code < 300;
    if (s->state == SPOKEN_DOT && s->replies_left > 1) {
        s->replies_left--;
        return;
    }
    s->state = SPOKEN_COMMAND;
    if (slice_equal(verb, SLICE("DATA")) && code == 354)
        s->state = SPOKEN_CONTENT;
    else if (slice_equal(verb, SLICE("AUTH")) && code == 334)
        s->state = SPOKEN_AUTH;
    else if (slice_equal(verb, SLICE("LHLO")))
        s->protocol = TURN_LMTP;
    else if (slice_equal(verb, SLICE("MAIL")) && is_good)
        s->replies_left = 0;
    else if (slice_equal(verb, SLICE("RCPT")) && is_good)
        s->replies_left += s->protocol == TURN_LMTP; /* RFC 2033 4.2: one reply for each */
    s->is_tls_granted |= slice_equal(verb, SLICE("STARTTLS")) && code == 220;
    if (s->state == SPOKEN_CONTENT)
        pass_content(s);
}

static void smtp_answered(struct spoken *s, struct slice line, uint32_t msg)
{
    char text[SPOKEN_VERB_MAX];
    switch (smtp_reply_reader_take(&s->reply, line)) {
    case SMTP_REPLY_MORE:
        return;
    case SMTP_REPLY_NONSENSE:
        s->is_lost = true;
        return;
    case SMTP_REPLY_WHOLE:
        break;
    }
    struct smtp_reply reply = smtp_reply_reader_reply(&s->reply);
    struct slice verb = take_verb(s, text);
    const struct event_smtp_reply fields = {s->conn,
                                            spoken_text(s, verb),
                                            (uint32_t)reply.code,
                                            spoken_text(s, reply.esc),
                                            spoken_text(s, reply.text),
                                            msg};
    follow(s, verb, reply.code);
    sim_emit(s->sim, s->protocol == TURN_LMTP ? EVENT_LMTP_REPLY : EVENT_SMTP_REPLY, &fields);
}

/* ---- both sides ---- */

void spoken_asked(struct spoken *s, struct slice octets, uint32_t msg)
{
    if (s->is_lost)
        return;
    if (s->protocol == TURN_IMAP && !s->is_server) {
        spoken_imap_asked(s, octets);
        return;
    }
    /* Content that nobody keeps goes by in pieces, however long it is. */
    while (octets.size > 0 && !s->is_lost) {
        struct slice piece = slice_part(octets, 0, SPOKEN_ASKED_MAX / 4);
        octets = slice_part(octets, piece.size, octets.size);
        s->is_lost = !bytes_append(&s->asked, piece);
        if (s->is_server)
            spoken_server_asked(s, msg);
        else if (s->state == SPOKEN_CONTENT)
            pass_content(s);
    }
}

/* What was typed before the greeting is commands with tags. */
static void become_imap(struct spoken *s)
{
    struct bytes early = s->asked;
    bytes_init(&s->asked, SPOKEN_ASKED_MAX);
    s->protocol = TURN_IMAP;
    spoken_imap_asked(s, bytes_slice(&early));
    bytes_finish(&early);
}

/* By its first line a server says what it speaks, on whatever port. */
static void hear_greeting(struct spoken *s, struct slice line)
{
    int code;
    bool is_last;
    struct slice rest;
    if (s->is_greeted || s->is_server)
        return;
    if (slice_starts(line, SLICE("+OK")) || slice_starts(line, SLICE("-ERR")))
        s->protocol = TURN_POP3;
    else if (slice_starts(line, SLICE("* ")) && s->protocol != TURN_IMAP)
        become_imap(s);
    else if (!speaks_smtp(s) && smtp_reply_read_line(line, &code, &is_last, &rest))
        s->protocol = TURN_SMTP;
}

static void answered_line(struct spoken *s, struct slice line, uint32_t msg)
{
    hear_greeting(s, line);
    if (s->is_server)
        spoken_server_answered(s, line);
    else if (speaks_smtp(s))
        smtp_answered(s, line, msg);
    else if (s->protocol == TURN_POP3)
        spoken_pop3_answered(s, line, msg);
    else if (s->protocol == TURN_IMAP)
        spoken_imap_answered(s, line, msg);
    else
        s->is_lost = true;
}

void spoken_answered(struct spoken *s, struct slice octets, uint32_t msg)
{
    struct slice line;
    while (octets.size > 0 && !s->is_lost) {
        struct slice piece = slice_part(octets, 0, SPOKEN_LINE_MAX / 4);
        octets = slice_part(octets, piece.size, octets.size);
        s->is_lost = !bytes_append(&s->answered, piece);
        s->msg = s->state == SPOKEN_LINES && msg ? msg : s->msg;
        while (!s->is_lost && skip(&s->answered, &s->skip_answer) &&
               spoken_line(&s->answered, &line))
            answered_line(s, line, msg);
    }
}
