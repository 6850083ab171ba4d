/* The person is the server: what a client says is read at once, and what the person answers tells
   what comes next. */
#include "agents/roles/spoken_part.h"
#include "sim/base/arena.h"

/* ---- what the client says ---- */

/* All these kinds have the same fields. */
static void emit_command(struct spoken *s, struct slice verb, struct slice rest, uint32_t msg)
{
    static const enum event_kind kinds[TURN_PROTOCOL_COUNT] = {
        [TURN_NONE] = EVENT_SMTP_CMD, [TURN_SMTP] = EVENT_SMTP_CMD,
        [TURN_LMTP] = EVENT_LMTP_CMD, [TURN_POP3] = EVENT_POP_CMD,
        [TURN_IMAP] = EVENT_IMAP_CMD, [TURN_HTTP] = EVENT_HTTP_REQUEST};
    sim_emit(s->sim, kinds[s->protocol],
             &(struct event_smtp_cmd){s->conn, spoken_text(s, verb), spoken_text(s, rest), msg});
}

static void read_command(struct spoken *s, struct slice line, uint32_t msg)
{
    char text[SPOKEN_VERB_MAX];
    struct slice rest = line, tag;
    if (s->protocol == TURN_IMAP && !slice_cut(&rest, ' ', &tag))
        return;
    struct slice verb = spoken_verb(rest, text, &rest);
    struct slice kept[] = {verb, SLICE(" "), rest, SLICE("\n")};
    if (slice_equal(verb, SLICE("LHLO")))
        s->protocol = TURN_LMTP;
    s->skip = spoken_chunk(verb, rest);
    s->is_lost = !bytes_append_all(&s->waiting, kept, sizeof kept / sizeof *kept);
    emit_command(s, verb, rest, msg);
}

/* A dot in front of a line is one that was added (RFC 5321 4.5.2). What is too long is cut. */
static void keep_line(struct spoken *s, struct slice line, bool has_end)
{
    if (!s->is_mid_line && slice_starts(line, SLICE(".")))
        line = slice_part(line, 1, line.size);
    (void)(bytes_append(&s->content, line) && has_end && bytes_append(&s->content, SLICE("\r\n")));
}

static void read_content(struct spoken *s, uint32_t msg)
{
    struct slice line;
    s->msg = msg ? msg : s->msg;
    while (s->state == SPOKEN_CONTENT && spoken_line(&s->asked, &line)) {
        if (!s->is_mid_line && slice_equal(line, SLICE(".")))
            s->state = SPOKEN_DOT;
        else
            keep_line(s, line, true);
        s->is_mid_line = false;
    }
    if (s->state == SPOKEN_CONTENT && bytes_size(&s->asked) > 4096) {
        keep_line(s, bytes_slice(&s->asked), false);
        bytes_clear(&s->asked);
        s->is_mid_line = true;
    }
}

static bool skip_chunk(struct spoken *s)
{
    uint64_t n = s->skip < bytes_size(&s->asked) ? s->skip : bytes_size(&s->asked);
    (void)bytes_append(&s->content, slice_part(bytes_slice(&s->asked), 0, (size_t)n));
    bytes_consume(&s->asked, (size_t)n);
    s->skip -= n;
    return s->skip == 0;
}

/* To a challenge: no command, and answered like one. */
static void read_response(struct spoken *s)
{
    s->state = SPOKEN_COMMAND;
    s->is_lost = !bytes_append(&s->waiting, SLICE("AUTH\n"));
}

void spoken_server_asked(struct spoken *s, uint32_t msg)
{
    struct slice line;
    bool is_more = true;
    while (is_more && !s->is_lost) {
        if (s->state == SPOKEN_CONTENT) {
            read_content(s, msg);
            return;
        }
        is_more = s->state != SPOKEN_DOT && skip_chunk(s) && spoken_line(&s->asked, &line);
        if (is_more && s->state == SPOKEN_AUTH)
            read_response(s);
        else if (is_more)
            read_command(s, line, msg);
    }
}

/* ---- what the person answers ---- */

/* "TO:<bob@example.org> NOTIFY=NEVER" */
static struct slice path_of(struct slice argument)
{
    size_t open = slice_find_octet(argument, '<', 0), close = slice_find_octet(argument, '>', 0);
    return open != SLICE_NONE && close != SLICE_NONE && close > open
               ? slice_part(argument, open + 1, close)
               : SLICE("");
}

static void give_mail(struct spoken *s)
{
    enum { PATHS_MAX = 100 };
    struct slice paths[PATHS_MAX], rest = bytes_slice(&s->paths);
    size_t count = 0;
    while (count < PATHS_MAX && slice_cut(&rest, '\n', &paths[count]))
        count++;
    if (s->taken && count > 0)
        s->taken(s->context, &(struct spoken_mail){bytes_slice(&s->content), paths, count, s->msg});
    bytes_clear(&s->content);
    bytes_clear(&s->paths);
}

static void start_mail(struct spoken *s)
{
    bytes_clear(&s->content);
    bytes_clear(&s->paths);
    s->replies_left = 0;
    s->msg = 0;
}

/* A whole reply to a command. */
static void note_reply(struct spoken *s, struct slice command, int code)
{
    char text[SPOKEN_VERB_MAX];
    struct slice rest, verb = spoken_verb(command, text, &rest);
    bool is_good = code >= 200 && code < 300;
    if (slice_equal(verb, SLICE("MAIL")) && is_good)
        start_mail(s);
    if (slice_equal(verb, SLICE("RCPT")) && is_good) {
        struct slice kept[] = {path_of(rest), SLICE("\n")};
        s->replies_left += s->protocol == TURN_LMTP;
        (void)bytes_append_all(&s->paths, kept, 2);
    }
    if (slice_equal(verb, SLICE("DATA")) && code == 354)
        s->state = SPOKEN_CONTENT;
    if (slice_equal(verb, SLICE("BDAT")) && is_good && slice_ends_fold(rest, SLICE("LAST")))
        give_mail(s);
    if (slice_equal(verb, SLICE("AUTH")) && code == 334)
        s->state = SPOKEN_AUTH;
}

/* The first of the paths goes to the end of the list, or is gone. */
static void turn_path(struct spoken *s, bool is_taken)
{
    struct slice rest = bytes_slice(&s->paths), path = {"", 0};
    struct arena arena;
    arena_init(&arena);
    if (slice_cut(&rest, '\n', &path)) {
        path = arena_printf(&arena, "%.*s\n", SLICE_ARG(path));
        bytes_consume(&s->paths, path.size);
        (void)(is_taken && bytes_append(&s->paths, path));
    }
    arena_finish(&arena);
}

/* One of the replies to the dot; LMTP has one for each recipient, in their order (RFC 2033 4.2). */
static void note_dot(struct spoken *s, int code)
{
    if (s->protocol == TURN_LMTP)
        turn_path(s, code < 300);
    else if (code >= 300)
        start_mail(s);
    if (s->replies_left > 1) {
        s->replies_left--;
        return;
    }
    s->state = SPOKEN_COMMAND;
    give_mail(s);
}

void spoken_server_answered(struct spoken *s, struct slice line)
{
    struct slice command, all = bytes_slice(&s->waiting);
    bool is_smtp = s->protocol == TURN_SMTP || s->protocol == TURN_LMTP;
    if (!is_smtp || smtp_reply_reader_take(&s->reply, line) != SMTP_REPLY_WHOLE)
        return; /* what is no reply is the person's affair; the client will say what it thinks */
    int code = smtp_reply_reader_reply(&s->reply).code;
    if (!s->is_greeted)
        s->is_greeted = true;
    else if (s->state == SPOKEN_DOT)
        note_dot(s, code);
    else if (slice_cut(&all, '\n', &command)) {
        note_reply(s, command, code);
        bytes_consume(&s->waiting, command.size + 1);
    }
    spoken_server_asked(s, 0);
}
