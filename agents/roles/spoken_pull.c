/* POP3 and IMAP, the person asks. */
#include <string.h>

#include "agents/roles/spoken_part.h"
#include "sim/base/arena.h"

/* ---- POP3 ---- */

/* Whose +OK is followed by lines up to a dot (RFC 1939 5, 7, 2449 5). */
static bool has_lines(struct slice verb, struct slice rest)
{
    bool is_bare = slice_trim(rest).size == 0;
    return slice_equal(verb, SLICE("RETR")) || slice_equal(verb, SLICE("TOP")) ||
           slice_equal(verb, SLICE("CAPA")) ||
           (is_bare && (slice_equal(verb, SLICE("LIST")) || slice_equal(verb, SLICE("UIDL"))));
}

/* "+" and a challenge: the next line that is typed belongs to the AUTH before. */
static void take_challenge(struct spoken *s)
{
    struct slice line;
    if (s->state != SPOKEN_AUTH)
        (void)spoken_line(&s->asked, &line);
    s->state = SPOKEN_AUTH;
}

void spoken_pop3_answered(struct spoken *s, struct slice line, uint32_t msg)
{
    char text[SPOKEN_VERB_MAX];
    struct slice command, verb = SLICE("CONNECT"), rest = SLICE("");
    bool is_ok = slice_starts(line, SLICE("+OK"));
    if (s->state == SPOKEN_LINES) {
        if (slice_equal(line, SLICE(".")))
            s->state = SPOKEN_COMMAND;
        return;
    }
    if (s->is_greeted && slice_starts(line, SLICE("+ "))) {
        take_challenge(s);
        return;
    }
    if (s->is_greeted) {
        verb = SLICE("");
        if (spoken_line(&s->asked, &command))
            verb = s->state == SPOKEN_AUTH ? SLICE("AUTH") : spoken_verb(command, text, &rest);
    }
    s->is_greeted = true;
    s->state = is_ok && has_lines(verb, rest) ? SPOKEN_LINES : SPOKEN_COMMAND;
    s->is_tls_granted |= is_ok && slice_equal(verb, SLICE("STLS"));
    bool is_message = slice_equal(verb, SLICE("RETR"));
    sim_emit(s->sim, EVENT_POP_REPLY,
             &(struct event_pop_reply){
                 s->conn, spoken_text(s, verb), is_ok,
                 spoken_text(s, slice_trim(slice_part(line, is_ok ? 3 : 4, line.size))),
                 is_message ? msg : 0});
}

/* ---- IMAP ---- */

/* "a1 LOGIN bob secret": the tag and the verb are kept until the tagged reply; a line without a
   verb (DONE, an answer to a challenge) is none. */
static void keep_command(struct spoken *s, struct slice line)
{
    char verb[SPOKEN_VERB_MAX], second[SPOKEN_VERB_MAX];
    struct slice tag, rest = line, after;
    if (!slice_cut(&rest, ' ', &tag) || tag.size == 0 || tag.size > 64 || rest.size == 0)
        return;
    struct slice name = spoken_verb(rest, verb, &after), more = {"", 0};
    if (slice_equal(name, SLICE("UID")))
        more = spoken_verb(after, second, &rest);
    struct slice texts[] = {tag,  SLICE(" "), name, more.size ? SLICE(" ") : SLICE(""),
                            more, SLICE("\n")};
    s->is_lost = !bytes_append_all(&s->waiting, texts, sizeof texts / sizeof *texts);
}

void spoken_imap_asked(struct spoken *s, struct slice octets)
{
    while (octets.size > 0 && !s->is_lost) {
        if (s->skip > 0) {
            uint64_t n = s->skip < octets.size ? s->skip : octets.size;
            octets = slice_part(octets, (size_t)n, octets.size);
            s->skip -= n;
            s->is_mid_line = true; /* what follows a literal goes on with the command */
            continue;
        }
        struct slice piece, line;
        size_t end = slice_find_octet(octets, '\n', 0);
        piece = slice_part(octets, 0, end == SLICE_NONE ? octets.size : end + 1);
        octets = slice_part(octets, piece.size, octets.size);
        s->is_lost = !bytes_append(&s->asked, piece);
        if (s->is_lost || !spoken_line(&s->asked, &line))
            continue;
        if (!s->is_mid_line)
            keep_command(s, line);
        s->is_mid_line = false;
        s->skip = spoken_literal(line);
    }
}

/* The command with this tag, taken off the list. */
static struct slice find_command(struct spoken *s, struct slice tag, char verb[SPOKEN_VERBS_MAX])
{
    struct slice all = bytes_slice(&s->waiting), rest = all, line, own;
    while (slice_cut(&rest, '\n', &line)) {
        struct slice words = line;
        if (!slice_cut(&words, ' ', &own) || !slice_equal(own, tag))
            continue;
        memcpy(verb, words.data, words.size);
        struct slice found = {verb, words.size};
        size_t start = (size_t)(line.data - all.data);
        char *data = bytes_tail(&s->waiting, all.size);
        memmove(data + start, rest.data, rest.size);
        bytes_truncate(&s->waiting, start + rest.size);
        return found;
    }
    return SLICE("");
}

static bool is_ok_word(struct slice word)
{
    return slice_equal_fold(word, SLICE("OK")) || slice_equal_fold(word, SLICE("PREAUTH"));
}

static void emit_reply(struct spoken *s, struct slice verb, bool is_ok, struct slice text)
{
    sim_emit(
        s->sim, EVENT_IMAP_REPLY,
        &(struct event_imap_reply){s->conn, spoken_text(s, verb), is_ok, spoken_text(s, text), 0});
}

/* "* 3 EXISTS": the number stands first in the text, before what follows the word. */
static void hear_data(struct spoken *s, struct slice rest, uint32_t msg)
{
    char verb[SPOKEN_VERB_MAX];
    uint64_t n;
    struct slice word = {"", 0}, number = {"", 0}, after = rest;
    (void)slice_cut(&after, ' ', &word);
    if (slice_to_u64(word, &n)) {
        number = word;
        rest = after;
    }
    struct slice name = spoken_verb(rest, verb, &after);
    if (!s->is_greeted) {
        s->is_greeted = true;
        emit_reply(s, SLICE("CONNECT"), is_ok_word(name), after);
        return;
    }
    struct arena arena;
    arena_init(&arena);
    struct slice texts[] = {number, number.size && after.size ? SLICE(" ") : SLICE(""), after};
    struct slice said = arena_join(&arena, texts, 3);
    bool is_fetch = slice_equal(name, SLICE("FETCH"));
    sim_emit(s->sim, EVENT_IMAP_DATA,
             &(struct event_imap_data){s->conn, spoken_text(s, name), spoken_text(s, said),
                                       is_fetch ? msg : 0});
    arena_finish(&arena);
}

/* A response whose literals are still to come waits for its end: only then it is known which
   message is in it. */
static void hear_untagged(struct spoken *s, struct slice rest, uint32_t msg)
{
    if (s->state == SPOKEN_LINES) {
        bytes_clear(&s->content);
        (void)bytes_append(&s->content, slice_part(rest, 0, SPOKEN_CONTENT_MAX));
    } else {
        hear_data(s, rest, msg);
    }
}

/* Behind a literal: more of the response, and perhaps another one. */
static void go_on(struct spoken *s, uint32_t msg)
{
    if (s->state == SPOKEN_LINES || bytes_size(&s->content) == 0)
        return;
    hear_data(s, bytes_slice(&s->content), msg ? msg : s->msg);
    bytes_clear(&s->content);
}

void spoken_imap_answered(struct spoken *s, struct slice line, uint32_t msg)
{
    char verb[SPOKEN_VERBS_MAX];
    struct slice rest = line, tag, status = {"", 0};
    bool goes_on = s->state == SPOKEN_LINES;
    s->skip_answer = spoken_literal(line);
    s->state = s->skip_answer > 0 ? SPOKEN_LINES : SPOKEN_COMMAND;
    if (goes_on) {
        go_on(s, msg);
        return;
    }
    s->msg = 0;
    if (!slice_cut(&rest, ' ', &tag) || slice_equal(tag, SLICE("+")))
        return;
    if (slice_equal(tag, SLICE("*"))) {
        hear_untagged(s, rest, msg);
        return;
    }
    (void)slice_cut(&rest, ' ', &status);
    struct slice command = find_command(s, tag, verb);
    s->is_tls_granted |= is_ok_word(status) && slice_equal(command, SLICE("STARTTLS"));
    emit_reply(s, command, is_ok_word(status), rest);
}
