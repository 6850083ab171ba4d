#include "render/view/dialogue_lines.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/mail/mime.h"
#include "render/view/dialogue_decode.h"
#include "render/view/explain.h"
#include "render/view/tr.h"

enum { TEXT_MAX = 32 * 1024 * 1024, LINE_MAX = 4096 };

void dialogue_lines_finish(struct dialogue_lines *lines)
{
    vector_finish(&lines->lines);
    vector_finish(&lines->first);
    bytes_finish(&lines->text);
    *lines = (struct dialogue_lines){0};
}

void dialogue_lines_forget(struct dialogue_lines *lines)
{
    vector_clear(&lines->lines);
    vector_clear(&lines->first);
    bytes_renew(&lines->text, TEXT_MAX);
    lines->conn = 0;
    lines->next_row = 0;
    lines->mechanism = SASL_MECHANISM_COUNT;
    lines->has_told_tls = false;
}

struct slice dialogue_lines_text(const struct dialogue_lines *lines,
                                 const struct dialogue_line *line)
{
    return slice_part(bytes_slice(&lines->text), line->from, (size_t)line->from + line->size);
}

size_t dialogue_lines_of_turns(const struct dialogue_lines *lines, size_t turns)
{
    return turns < lines->first.count ? lines->first.items[turns] : lines->lines.count;
}

/* ---- one line ---- */

/* A long line goes on in the next row, rather than being cut; a page of it is enough. */
static uint32_t rows_of(const struct dialogue_lines *lines, struct slice text)
{
    struct slice row;
    uint32_t rows = 0;
    while (
        rows < DIALOGUE_ROWS_MAX &&
        ui_wrap(lines->ui, DRAW_FONT_MONO, lines->ui->theme->size_mono, lines->width, &text, &row))
        rows++;
    return rows ? rows : 1;
}

static struct dialogue_line *put(struct dialogue_lines *lines, const struct dialogue_line *form,
                                 struct slice text)
{
    uint32_t from = (uint32_t)bytes_size(&lines->text);
    text = slice_part(text, 0, LINE_MAX);
    if (!bytes_append(&lines->text, text))
        text.size = 0;
    struct dialogue_line *line = vector_add(&lines->lines);
    *line = *form;
    line->from = from;
    line->size = (uint32_t)text.size;
    line->row = lines->next_row;
    line->rows = rows_of(lines, text);
    lines->next_row += line->rows;
    return line;
}

static void put_note(struct dialogue_lines *lines, const struct dialogue_line *form,
                     struct slice text)
{
    struct dialogue_line note = *form;
    note.kind = DIALOGUE_NOTE;
    note.ending = DIALOGUE_NO_END;
    note.has_dot = note.is_first = note.is_head = false;
    put(lines, &note, text);
}

/* Off the front of *text, without its end. */
static struct slice take_line(struct slice *text, enum dialogue_ending *ending)
{
    size_t end = slice_find_octet(*text, '\n', 0);
    size_t size = end == SLICE_NONE ? text->size : end;
    struct slice line = slice_part(*text, 0, size);
    *text = slice_part(*text, end == SLICE_NONE ? size : end + 1, text->size);
    *ending = end == SLICE_NONE ? DIALOGUE_NO_END : DIALOGUE_LF;
    if (*ending && slice_ends(line, SLICE("\r"))) {
        *ending = DIALOGUE_CR_LF;
        line.size--;
    }
    return line;
}

static void put_lines(struct dialogue_lines *lines, struct dialogue_line *form, struct slice text)
{
    enum { MAX = 200 };
    for (int i = 0; text.size && i < MAX; i++) {
        struct slice line = take_line(&text, &form->ending);
        put(lines, form, line);
        form->is_first = form->is_head = false;
    }
}

/* ---- content ---- */

static struct slice decoded_words(struct slice line, struct bytes *scratch)
{
    bytes_clear(scratch);
    bool has_word = slice_find(line, SLICE("=?"), 0) != SLICE_NONE;
    return has_word && mime_decode_words(line, scratch) ? bytes_slice(scratch) : line;
}

static void put_content_lines(struct dialogue_lines *lines, struct dialogue_line *form,
                              struct slice text, bool is_dotted)
{
    struct bytes scratch;
    bool is_header = true;
    bytes_init(&scratch, LINE_MAX * 4);
    for (int i = 0; text.size && i < DIALOGUE_CONTENT_LINES_MAX; i++) {
        struct slice line = take_line(&text, &form->ending);
        form->has_dot = is_dotted && line.size > 0 && line.data[0] == '.';
        is_header = is_header && line.size > 0;
        if (is_header && lines->shows & DIALOGUE_WORDS)
            line = decoded_words(line, &scratch);
        put(lines, form, line);
        form->is_first = form->is_head = false;
    }
    form->has_dot = false;
    bytes_finish(&scratch);
    if (text.size)
        put_note(lines, form, slice_of(tr("(and more: it is too long to be shown whole)")));
}

static bool is_message(const struct turn *turn)
{
    return turn->protocol != TURN_HTTP && !slice_equal_fold(turn->verb, SLICE("LIST")) &&
           !slice_equal_fold(turn->verb, SLICE("UIDL")) &&
           !slice_equal_fold(turn->verb, SLICE("CAPA"));
}

/* Messages that end with a dot have dots added in front of lines (RFC 5321 4.5.2, RFC 1939 3). */
static bool is_dotted(const struct turn *turn)
{
    return turn->protocol == TURN_POP3 || slice_equal(turn->verb, SLICE("DOT"));
}

static void put_summary(struct dialogue_lines *lines, struct dialogue_line *form,
                        const struct turn *turn, struct slice content)
{
    char text[160];
    int size = snprintf(text, sizeof text,
                        turn->protocol == TURN_HTTP ? tr("(the page or form: %zu octets)")
                        : !is_message(turn)         ? tr("(a list: %zu octets)")
                        : is_dotted(turn) ? tr("(the message: %zu octets, the last line a dot)")
                                          : tr("(the message: %zu octets)"),
                        content.size);
    struct dialogue_line note = *form;
    note.kind = DIALOGUE_NOTE;
    note.ending = DIALOGUE_NO_END;
    put(lines, &note, (struct slice){text, size > 0 ? (size_t)size : 0});
    form->is_first = form->is_head = false;
}

static void put_content(struct dialogue_lines *lines, struct dialogue_line *form,
                        const struct turn *turn, struct slice content)
{
    enum { DECODED_MAX = 4 * 1024 * 1024 };
    unsigned whole = DIALOGUE_MESSAGE | DIALOGUE_UNSTUFF | DIALOGUE_WORDS | DIALOGUE_BODIES;
    if (!(lines->shows & whole)) {
        put_summary(lines, form, turn, content);
        return;
    }
    struct bytes plain, bodies;
    bytes_init(&plain, DECODED_MAX);
    bytes_init(&bodies, DECODED_MAX);
    bool dotted = is_dotted(turn);
    if (lines->shows & (DIALOGUE_UNSTUFF | DIALOGUE_BODIES) && dotted &&
        dialogue_decode_dots(content, &plain)) {
        content = bytes_slice(&plain);
        dotted = false;
    }
    if (lines->shows & DIALOGUE_BODIES && is_message(turn) &&
        dialogue_decode_bodies(content, &bodies))
        content = bytes_slice(&bodies);
    form->kind = DIALOGUE_CONTENT;
    put_content_lines(lines, form, content, dotted);
    form->kind = DIALOGUE_SAID;
    bytes_finish(&plain);
    bytes_finish(&bodies);
}

/* ---- what is said ---- */

/* The trace has no octets of it: as the protocol would write it. "250-first" for all lines of a
   reply but the last: "250 last" (RFC 5321 4.2.1). */
static void put_told(struct dialogue_lines *lines, struct dialogue_line *form,
                     const struct turn *turn)
{
    struct slice text = turn->text, part;
    struct bytes line;
    bytes_init(&line, LINE_MAX);
    do {
        bool has_line = slice_cut(&text, '\n', &part);
        bytes_clear(&line);
        bool has_esc = turn->esc.size == 0 || slice_starts(part, turn->esc);
        (void)(turn->code ? bytes_printf(&line, "%03" PRIu32 "%c%.*s%s", turn->code,
                                         text.size ? '-' : ' ', has_esc ? 0 : (int)turn->esc.size,
                                         turn->esc.data, has_esc ? "" : " ")
                          : bytes_printf(&line, "%s%s%.*s%s%.*s%s", turn_status(turn),
                                         turn_status(turn)[0] ? " " : "", SLICE_ARG(turn->number),
                                         turn->number.size ? " " : "",
                                         turn->is_data ? (int)turn->verb.size : 0, turn->verb.data,
                                         turn->is_data ? " " : ""));
        (void)(has_line && bytes_append(&line, slice_trim(part)));
        put(lines, form, bytes_slice(&line));
        form->is_first = form->is_head = false;
    } while (turn->code && text.size); /* without a code the rest is the message */
    bytes_finish(&line);
}

static void put_command(struct dialogue_lines *lines, struct dialogue_line *form,
                        const struct turn *turn)
{
    struct bytes line;
    bytes_init(&line, LINE_MAX);
    (void)(bytes_append(&line, turn->verb) &&
           (turn->arg.size == 0 || (bytes_append_octet(&line, ' ') &&
                                    bytes_append(&line, slice_part(turn->arg, 0, LINE_MAX / 2)))));
    put(lines, form, bytes_slice(&line));
    bytes_finish(&line);
}

/* The line, and within it the content where it is a literal. */
static void put_octets(struct dialogue_lines *lines, struct dialogue_line *form,
                       const struct dialogue_turns *turns, const struct dialogue_turn *t,
                       const struct turn *turn)
{
    struct slice line = dialogue_turns_line(turns, t), content = dialogue_turns_content(turns, t);
    bool is_mail = turn->protocol == TURN_SMTP || turn->protocol == TURN_LMTP;
    if (!content.size || is_mail) {
        put_lines(lines, form, line);
        return;
    }
    size_t before = (size_t)(t->content.from - t->line.from);
    put_lines(lines, form, slice_part(line, 0, before));
    put_content(lines, form, turn, content);
    put_lines(lines, form, slice_part(line, before + content.size, line.size));
}

/* ---- what somebody on the way reads ---- */

static bool is_sealed(const struct dialogue_turns *turns, const struct dialogue_turn *t)
{
    const struct log *log = turns->log;
    uint32_t conn = turns->conn;
    uint32_t up = conn - 1 < log->tls.count ? log->tls.items[conn - 1] : 0;
    return up && t->event > up;
}

/* The records of the segment: their types and lengths are not hidden (RFC 8446 5.1, 5.2). */
static void put_records(struct dialogue_lines *lines, struct dialogue_line *form,
                        struct slice octets)
{
    enum { RECORDS_MAX = 20 };
    char text[120];
    for (int i = 0; octets.size >= 5 && i < RECORDS_MAX; i++) {
        const unsigned char *head = (const unsigned char *)octets.data;
        unsigned length = (unsigned)head[3] << 8 | head[4];
        const char *type = explain_record(head[0]);
        if (!type)
            return;
        int size = snprintf(text, sizeof text, tr("TLS record %u, %s: %u octets"), head[0],
                            tr(type), length);
        put(lines, form, (struct slice){text, size > 0 ? (size_t)size : 0});
        form->is_first = form->is_head = false;
        octets = slice_part(octets, 5 + (size_t)length, octets.size);
    }
}

/* What several turns share is told once, at the first. */
static void put_sealed(struct dialogue_lines *lines, struct dialogue_line *form,
                       const struct dialogue_turns *turns, const struct dialogue_turn *t)
{
    const struct dialogue_turn *before = form->turn ? t - 1 : NULL;
    const struct event_tcp_segment *segment =
        t->segment ? event_as_tcp_segment(log_at(turns->log, t->segment)) : NULL;
    if (before && before->segment == t->segment && segment)
        return;
    if (segment)
        put_records(lines, form, log_text(turns->log, segment->data));
    if (form->is_first)
        put(lines, form, slice_of(tr("(sealed: nobody on the way can read it)")));
}

/* ---- a turn ---- */

static void tell_tls(struct dialogue_lines *lines, const struct dialogue_line *form,
                     const struct dialogue_turns *turns)
{
    const struct log *log = turns->log;
    const struct event_tls_up *up = event_as_tls_up(log_at(log, log->tls.items[turns->conn - 1]));
    char text[200];
    lines->has_told_tls = true;
    if (!up)
        return;
    int size = snprintf(text, sizeof text, tr("(from here on within %.*s; certificate: %.*s)"),
                        SLICE_ARG(log_text(log, up->version)), SLICE_ARG(log_text(log, up->check)));
    put_note(lines, form, (struct slice){text, size > 0 ? (size_t)size : 0});
}

static void tell_login(struct dialogue_lines *lines, const struct dialogue_line *form,
                       const struct turn *turn)
{
    struct bytes text;
    bytes_init(&text, LINE_MAX);
    if (bytes_append(&text, SLICE("= ")) && dialogue_decode_login(turn, lines->mechanism, &text))
        put_note(lines, form, bytes_slice(&text));
    bytes_finish(&text);
}

static void add_turn(struct dialogue_lines *lines, const struct dialogue_turns *turns,
                     uint32_t place)
{
    const struct dialogue_turn *t = &turns->turns.items[place];
    struct turn turn;
    struct dialogue_line form = {
        .turn = place, .is_server = t->is_reply, .is_first = true, .is_head = true};
    *vector_add(&lines->first) = (uint32_t)lines->lines.count;
    (void)turn_read(turns->log, log_at(turns->log, t->event), &turn);
    bool sealed = is_sealed(turns, t);
    if (sealed && !lines->has_told_tls)
        tell_tls(lines, &form, turns);
    if (sealed && lines->shows & DIALOGUE_WIRE) {
        put_sealed(lines, &form, turns, t);
        return;
    }
    lines->mechanism = dialogue_decode_mechanism(&turn, lines->mechanism);
    bool is_mail = turn.protocol == TURN_SMTP || turn.protocol == TURN_LMTP;
    if (is_mail && t->content.size) {
        struct dialogue_line message = form;
        message.is_server = message.is_head = false;
        put_content(lines, &message, &turn, dialogue_turns_content(turns, t));
    }
    form.is_secret = dialogue_decode_is_secret(&turn, lines->mechanism);
    if (t->line.size)
        put_octets(lines, &form, turns, t, &turn);
    else if (t->is_reply)
        put_told(lines, &form, &turn);
    else
        put_command(lines, &form, &turn);
    if (lines->shows & DIALOGUE_LOGINS)
        tell_login(lines, &form, &turn);
}

void dialogue_lines_update(struct dialogue_lines *lines, const struct ui *ui,
                           const struct dialogue_turns *turns, unsigned shows, float width)
{
    lines->ui = ui;
    if (lines->conn != turns->conn || lines->shows != shows || lines->width != width ||
        lines->first.count > turns->turns.count)
        dialogue_lines_forget(lines);
    lines->conn = turns->conn;
    lines->shows = shows;
    lines->width = width;
    while (lines->first.count < turns->turns.count)
        add_turn(lines, turns, (uint32_t)lines->first.count);
}
