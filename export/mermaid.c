/*
 * The sequence chart for Mermaid, which many places that show Markdown draw: a participant a host,
 * in order of appearance, an arrow a turn, solid when pushed, dashed when a message is pulled; a
 * host is active as long as a connection to it is open.
 *
 * What peers sent can't become syntax: whatever is not a letter, a digit or one of a few harmless
 * signs is written by its number, as "#58;" is for a colon.
 */
#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "export/ladder_turns.h"
#include "export/printable.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/utf8.h"

enum {
    TEXT_COLUMNS = 60, /* of an arrow or a note: they make the drawing as wide as it is */
    TEXT_CHARACTERS = 2 * TEXT_COLUMNS,
    TURN_MOST = 2 * (TEXT_CHARACTERS * 7 + 60), /* a gap and a turn, each character "#64258;" */
    TEXT_MOST = 50000, /* Mermaid's maxTextSize, which a page can't raise for itself */
    HEAD_MOST = 20000,
    END_MOST = 400,    /* for what is said in the end */
    CLOSING_LINE = 24, /* "    deactivate h4294967295\n" at most, kept free for each that is open */
};

struct writer {
    const struct log *log;
    struct ladder_turns turns;
    struct bytes head, body, text;
    uint32_t *participant_of; /* by host; 0: not shown */
    uint32_t participants;
    uint32_t *active; /* by connection: the participant that it keeps active, or 0 */
    size_t active_count;
    int64_t t; /* of the turn before */
};

/* ---- text ---- */

static bool is_harmless(uint32_t code)
{
    if (code < 0x80)
        return slice_find_octet(SLICE("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789 .,-_@/=()+?!*'|"),
                                (char)code, 0) != SLICE_NONE;
    return code != 0xfb02 && code != 0xb6; /* Mermaid's own stand-ins for "#" and ";" */
}

/* Cuts it to its columns and writes what is not harmless by its number. */
static void put_text(struct writer *w, struct slice text, struct bytes *out)
{
    uint32_t code;
    size_t characters = 0; /* marks have no columns, and there may be any number of them */
    bytes_clear(&w->text);
    printable_append(&w->text, text, TEXT_COLUMNS, 0);
    struct slice s = bytes_slice(&w->text);
    for (size_t at = 0, size;
         characters++ < TEXT_CHARACTERS && (size = utf8_next(s, at, &code)) > 0; at += size) {
        if (is_harmless(code))
            check(bytes_append(out, slice_part(s, at, at + size)));
        else
            check(bytes_printf(out, "#%u;", (unsigned)code));
    }
    if (s.size == 0)
        check(bytes_append(out, SLICE("-")));
}

/* ---- participants ---- */

static void add_participant(struct writer *w, uint32_t host)
{
    if (host == 0 || w->participant_of[host])
        return;
    w->participant_of[host] = ++w->participants;
    check(bytes_printf(&w->head, "    participant h%u as ", (unsigned)w->participants));
    put_text(w, log_place_name(w->log, host), &w->head);
    check(bytes_append_octet(&w->head, '\n'));
}

/* Gives how many turns there is room for the hosts of. */
static size_t add_participants(struct writer *w)
{
    size_t i = 0;
    w->participant_of = memory_take((log_place_count(w->log) + 1) * sizeof *w->participant_of);
    for (; i < w->turns.items.count && bytes_size(&w->head) < HEAD_MOST; i++) {
        add_participant(w, w->turns.items.items[i].from);
        add_participant(w, w->turns.items.items[i].to);
    }
    return i;
}

/* ---- turns ---- */

static void put_note_over_all(struct writer *w, struct slice text)
{
    check(bytes_printf(&w->body,
                       w->participants > 1 ? "    Note over h1,h%u: " : "    Note over h%u: ",
                       (unsigned)w->participants));
    put_text(w, text, &w->body);
    check(bytes_append_octet(&w->body, '\n'));
}

static void put_gap(struct writer *w, int64_t t)
{
    struct bytes line;
    bytes_init(&line, SIZE_MAX);
    if (ladder_gap(w->log, w->t, t, &line))
        put_note_over_all(w, bytes_slice(&line));
    bytes_finish(&line);
    w->t = t;
}

static void put_close(struct writer *w, const struct ladder_turn *turn)
{
    uint32_t participant = w->active[turn->conn];
    if (participant == 0)
        return;
    check(bytes_printf(&w->body, "    deactivate h%u\n", (unsigned)participant));
    w->active[turn->conn] = 0;
    w->active_count--;
}

static void put_arrow(struct writer *w, const struct ladder_turn *turn)
{
    uint32_t to = w->participant_of[turn->to];
    const char *shaft = turn->kind == LADDER_PULL ? "--" : "-";
    check(bytes_printf(&w->body, "    h%u%s%s%sh%u: ", (unsigned)w->participant_of[turn->from],
                       shaft, turn->is_lost ? "x" : ">>", turn->opens ? "+" : "", (unsigned)to));
    put_text(w, turn->text, &w->body);
    check(bytes_append_octet(&w->body, '\n'));
    if (!turn->opens)
        return;
    w->active[turn->conn] = to;
    w->active_count++;
}

static void put_turn(struct writer *w, const struct ladder_turn *turn)
{
    if (turn->kind == LADDER_CLOSE) {
        put_close(w, turn);
        return;
    }
    put_gap(w, turn->t);
    if (turn->kind == LADDER_BAR || turn->from == 0 || turn->to == 0) {
        put_note_over_all(w, turn->text);
    } else if (turn->kind == LADDER_NOTE) {
        check(
            bytes_printf(&w->body, "    Note over h%u: ", (unsigned)w->participant_of[turn->from]));
        put_text(w, turn->text, &w->body);
        check(bytes_append_octet(&w->body, '\n'));
    } else {
        put_arrow(w, turn);
    }
}

static bool has_room(const struct writer *w)
{
    return bytes_size(&w->head) + bytes_size(&w->body) + w->active_count * CLOSING_LINE + END_MOST +
               TURN_MOST <
           TEXT_MOST;
}

/* Gives how many turns were put. */
static size_t put_turns(struct writer *w, size_t count)
{
    size_t i = 0;
    w->active = memory_take((w->log->conns.count + 1) * sizeof *w->active);
    for (; i < count && w->participants > 0 && has_room(w); i++)
        put_turn(w, &w->turns.items.items[i]);
    for (size_t conn = 0; conn <= w->log->conns.count; conn++)
        if (w->active[conn])
            check(bytes_printf(&w->body, "    deactivate h%u\n", (unsigned)w->active[conn]));
    return i;
}

/* ---- all of it ---- */

static void put_title(struct writer *w)
{
    const struct event_run *run = log_count(w->log) ? event_as_run(log_at(w->log, 0)) : NULL;
    struct slice title = run && run->title ? log_text(w->log, run->title) : SLICE("mailflow");
    static const char *const words[] = {"title ", "accTitle: "};
    for (int i = 0; i < 2; i++) {
        check(bytes_printf(&w->head, "    %s", words[i]));
        put_text(w, title, &w->head);
        check(bytes_append_octet(&w->head, '\n'));
    }
    check(bytes_append(&w->head, SLICE("    accDescr: Who says what to whom, in order of time. A "
                                       "solid arrow is pushed, along a dashed one a message is "
                                       "fetched; one that ends in a cross does not arrive.\n")));
}

static void put_rest(struct writer *w, size_t rest)
{
    struct bytes line;
    if (rest == 0 || w->participants == 0)
        return;
    bytes_init(&line, SIZE_MAX);
    check(bytes_printf(&line, "%zu more turns do not fit into a Mermaid chart", rest));
    put_note_over_all(w, bytes_slice(&line));
    bytes_finish(&line);
}

bool mermaid_write(const struct log *log, FILE *out, const struct export_options *options,
                   struct problem *problem)
{
    struct writer w = {.log = log};
    (void)problem;
    bytes_init(&w.head, SIZE_MAX);
    bytes_init(&w.body, SIZE_MAX);
    bytes_init(&w.text, SIZE_MAX);
    ladder_turns_collect(&w.turns, log, options->is_ascii ? PRINTABLE_ASCII : 0);
    put_title(&w);
    size_t count = add_participants(&w);
    put_rest(&w, w.turns.items.count - put_turns(&w, count));
    fprintf(out, "sequenceDiagram\n%.*s%.*s", SLICE_ARG(bytes_slice(&w.head)),
            SLICE_ARG(bytes_slice(&w.body)));
    free(w.participant_of);
    free(w.active);
    ladder_turns_finish(&w.turns);
    bytes_finish(&w.head);
    bytes_finish(&w.body);
    bytes_finish(&w.text);
    return true;
}
