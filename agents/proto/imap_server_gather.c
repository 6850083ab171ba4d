/*
 * Commands as they come: lines, and literals between them (RFC 9051 2.2.1, 4.3; RFC 7888). What is
 * too large is refused before it is sent where the client waits, and else thrown away as it comes:
 * no client can make this side hold more than one message and one command.
 */
#include "sim/base/check.h"
#include "agents/proto/imap_server_part.h"

enum {
    TAIL = 64,                     /* an announcement of a literal is no longer */
    SHOWN_LITERAL = 60,            /* octets of a literal in the trace */
    DROP_MAX = 1024 * 1024 * 1024, /* a literal that is thrown away; a larger one ends it */
    RESPONSE_MAX = 2 * SASL_MESSAGE_MAX + 2, /* a line of SASL's */
};

void imap_part_forget_command(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    bytes_reuse(&p->command);
    bytes_reuse(&p->shown);
    vector_reuse(&p->literals);
    p->literal_count = 0;
    p->message_octets = 0;
    p->has_start = p->is_dropped = p->has_tag = false;
    p->refusal_text = NULL;
    p->secret = (struct slice){0};
    p->work = NULL;
    arena_reset(&p->arena);
}

/* ---- the beginning: tag and verb ---- */

static void take_verb(struct imap_server *s, struct imap_args *a)
{
    struct imap_server_part *p = s->part;
    struct slice word, second;
    p->verb = IMAP_VERB_UNKNOWN;
    if (!imap_args_sp(a) || !imap_args_atom(a, &word))
        return;
    p->arguments_at = a->at;
    p->verb = imap_verb_find(word);
    if (!slice_equal_fold(word, SLICE("UID")))
        return;
    struct imap_args more = *a;
    if (!imap_args_sp(&more) || !imap_args_atom(&more, &second))
        return;
    char text[24];
    if (second.size > sizeof text - 4)
        return;
    memcpy(text, "UID ", 4);
    memcpy(text + 4, second.data, second.size);
    p->verb = imap_verb_find((struct slice){text, second.size + 4});
    if (p->verb != IMAP_VERB_UNKNOWN)
        p->arguments_at = more.at;
}

static void look_at_start(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    struct imap_args a;
    struct slice tag;
    if (p->has_start)
        return;
    p->has_start = true;
    p->verb = IMAP_VERB_UNKNOWN;
    p->arguments_at = 0;
    bytes_clear(&p->tag);
    imap_args_init(&a, bytes_slice(&p->command), &p->arena);
    if (!imap_args_tag(&a, &tag) || (!imap_args_is_end(&a) && imap_args_peek(&a) != ' ') ||
        !bytes_append(&p->tag, tag))
        return;
    p->has_tag = true;
    take_verb(s, &a);
}

/* ---- the end ---- */

/* The arguments for the trace: literals cut to their first line, or a part of it. */
static void show(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    struct slice text = bytes_slice(&p->command);
    size_t at = p->verb == IMAP_VERB_UNKNOWN ? 0 : p->arguments_at;
    at += at < text.size && at > 0 && text.data[at] == ' ';
    for (size_t i = 0; i < p->literals.count; i++) {
        struct imap_part_span span = p->literals.items[i];
        if (span.at < at)
            continue;
        struct slice literal = slice_part(text, span.at, span.at + span.size);
        struct slice first = slice_part(literal, 0, slice_find_line_end(literal, 0));
        first = slice_part(first, 0, SHOWN_LITERAL);
        (void)(bytes_append(&p->shown, slice_part(text, at, span.at)) &&
               bytes_append(&p->shown, first) &&
               (first.size == literal.size || bytes_append(&p->shown, SLICE("..."))));
        at = span.at + span.size;
    }
    (void)bytes_append(&p->shown, slice_part(text, at, text.size));
}

static void complete(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    look_at_start(s);
    show(s);
    p->phase = IMAP_PART_JUDGE;
    imap_part_note(s, (struct imap_part_note){.kind = IMAP_SERVER_COMMAND, .verb = p->verb});
}

static void drop(struct imap_server *s, enum imap_status status, const char *text)
{
    struct imap_server_part *p = s->part;
    if (p->is_dropped)
        return;
    p->is_dropped = true;
    p->refusal = status;
    p->refusal_text = text;
}

/* ---- literals ---- */

/* Nobody needs the octets of a command that is refused anyway. */
static void refuse_early(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    if (!p->has_tag)
        drop(s, IMAP_BAD, "no tag");
    else if (p->verb == IMAP_VERB_UNKNOWN)
        drop(s, IMAP_BAD, "unknown command");
    else if (!imap_part_is_legal(s))
        drop(s, IMAP_BAD, "not now");
}

static void weigh(struct imap_server *s, const struct imap_literal *literal)
{
    struct imap_server_part *p = s->part;
    bool is_message =
        p->verb == IMAP_VERB_APPEND && s->account && p->message_octets < UINT64_MAX / 2;
    uint64_t other = bytes_size(&p->command) - p->message_octets;
    bool fits_command =
        literal->size <= IMAP_COMMAND_MAX && other + literal->size <= IMAP_COMMAND_MAX;
    if (++p->literal_count > IMAP_LITERALS_MAX)
        drop(s, IMAP_BAD, "[TOOBIG] too many literals");
    else if (!literal->waits && !s->account && literal->size > IMAP_LITERAL_MINUS_MAX)
        drop(s, IMAP_BAD, "[TOOBIG] such a literal has 4096 octets at most before the login");
    else if (is_message && literal->size > s->options.append_limit)
        drop(s, IMAP_NO, "[TOOBIG] the message is larger than APPENDLIMIT allows");
    else if (is_message && p->message_octets + literal->size > s->options.append_limit &&
             !fits_command)
        drop(s, IMAP_NO, "[TOOBIG] these messages are too large together");
    else if (!is_message && !fits_command)
        drop(s, IMAP_BAD, "[TOOBIG] the command is too long");
    if (is_message)
        p->message_octets += literal->size;
}

static void begin_literal(struct imap_server *s, const struct imap_literal *literal)
{
    struct imap_server_part *p = s->part;
    refuse_early(s);
    weigh(s, literal);
    if (p->is_dropped && literal->waits) {
        complete(s); /* it is never sent */
        return;
    }
    if (p->is_dropped && literal->size > DROP_MAX) {
        imap_part_bye(s, "[TOOBIG] that is more than anybody can take");
        return;
    }
    p->literal_left = literal->size;
    if (!p->is_dropped) {
        check(bytes_append(&p->command, SLICE("\r\n")));
        *vector_add(&p->literals) =
            (struct imap_part_span){bytes_size(&p->command), (size_t)literal->size};
    }
    if (literal->waits)
        imap_part_say(s, "+ send it\r\n");
}

static bool gather_literal(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    struct slice in = bytes_slice(&s->base.in);
    if (in.size == 0)
        return false;
    struct slice part =
        slice_part(in, 0, p->literal_left < in.size ? (size_t)p->literal_left : in.size);
    if (!p->is_dropped)
        check(bytes_append(&p->command, part));
    p->literal_left -= part.size;
    bytes_consume(&s->base.in, part.size);
    return true;
}

/* ---- lines ---- */

/* No end of line yet. A line that gets too long is thrown away as it comes, but for its tag, and
   for its end, which may announce a literal. */
static bool wait_for_end(struct imap_server *s, struct slice in)
{
    struct imap_server_part *p = s->part;
    p->scanned = in.size ? in.size - 1 : 0;
    /* one octet more may be the CR of a line that just fits */
    bool fits = in.size + bytes_size(&p->command) - p->message_octets <= IMAP_COMMAND_MAX + 1;
    if (in.size <= 2 * TAIL || (fits && !p->is_dropped))
        return false;
    if (!p->has_start)
        check(bytes_append(&p->command, slice_part(in, 0, 4 * TAIL)));
    look_at_start(s);
    drop(s, IMAP_BAD, "[TOOBIG] the command is too long");
    bytes_consume(&s->base.in, in.size - TAIL);
    p->scanned = TAIL - 1;
    return true;
}

static void end_line(struct imap_server *s, struct slice line)
{
    struct imap_server_part *p = s->part;
    struct imap_literal literal;
    if (!p->is_dropped &&
        line.size + bytes_size(&p->command) - p->message_octets > IMAP_COMMAND_MAX) {
        if (!p->has_start)
            check(bytes_append(&p->command, slice_part(line, 0, 4 * TAIL)));
        look_at_start(s);
        drop(s, IMAP_BAD, "[TOOBIG] the command is too long");
    }
    if (!p->is_dropped)
        check(bytes_append(&p->command, line));
    look_at_start(s);
    if (imap_args_literal_at_end(line, &literal))
        begin_literal(s, &literal);
    else
        complete(s);
}

bool imap_part_gather(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    bool has_ended = s->base.is_eof;
    if (p->literal_left > 0 && gather_literal(s))
        return true;
    struct slice in = bytes_slice(&s->base.in);
    size_t end = p->literal_left > 0 ? SLICE_NONE : slice_find(in, SLICE("\r\n"), p->scanned);
    if (end == SLICE_NONE) {
        if (p->literal_left == 0 && wait_for_end(s, in))
            return true;
        if (has_ended)
            imap_part_close(s, false);
        return false;
    }
    p->scanned = 0;
    struct slice line = slice_part(in, 0, end);
    bytes_consume(&s->base.in, end + 2); /* moves no memory: the line stays readable */
    end_line(s, line);
    return true;
}

enum session_line imap_part_line(struct imap_server *s, struct slice *line)
{
    enum session_line got = session_take_line(&s->base, RESPONSE_MAX, line);
    if (got == SESSION_LINE_TOO_LONG)
        imap_part_bye(s, "[TOOBIG] the line is too long");
    else if (got == SESSION_LINE_NONE && s->base.is_eof)
        imap_part_close(s, false);
    return got;
}
