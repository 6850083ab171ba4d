/* What the dialogue about a lesson shows to who looks: the run in one of its formats, a message as
   it lies in the store, and what is on the screen of a mail program. */
#include "app/lesson_play_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/mail/header.h"
#include "app/lesson.h"
#include "export/printable.h"
#include "render/view/mailbox.h"
#include "sim/base/check.h"

/* "look message", "look message 3": as it lies in the store. What peers sent is made fit to be
   shown. */
static bool look_message(struct play *p, struct slice number, struct problem *problem)
{
    char *text = NULL;
    size_t size = 0;
    uint64_t message = 0;
    struct bytes shown;
    if (number.size && (!slice_to_u64(number, &message) || message > UINT32_MAX))
        return problem_set(problem, "look message needs a number, as in: look message 2");
    FILE *stream = open_memstream(&text, &size);
    check(stream != NULL);
    bool ok = eml_write(stage_log(&p->stage), stream,
                        &(struct export_options){.message = (uint32_t)message}, problem);
    check(fclose(stream) == 0);
    bytes_init(&shown, SIZE_MAX);
    for (struct slice line, rest = {text, size}; ok && slice_cut(&rest, '\n', &line);) {
        bytes_clear(&shown);
        line.size -= slice_ends(line, SLICE("\r"));
        printable_append(&shown, line, PRINTABLE_ALL, 0);
        fprintf(p->out, "  %.*s\n", SLICE_ARG(bytes_slice(&shown)));
    }
    bytes_finish(&shown);
    free(text);
    return ok;
}

/* The summary and the events are sentences, and fit the terminal as such. */
static bool write_wrapped(struct play *p, const struct export_row *row, struct problem *problem)
{
    const struct export_options options = {.width = PLAY_COLUMNS};
    char *text = NULL, head[16];
    size_t size = 0;
    if (row->write != summary_write && row->write != events_write)
        return row->write(stage_log(&p->stage), p->out, &options, problem);
    FILE *stream = open_memstream(&text, &size);
    check(stream != NULL);
    bool ok = row->write(stage_log(&p->stage), stream, &options, problem);
    check(fclose(stream) == 0);
    for (struct slice line, rest = {text, size}; ok && slice_cut(&rest, '\n', &line);) {
        size_t blanks = 0;
        while (blanks < line.size && blanks < sizeof head - 1 && line.data[blanks] == ' ')
            blanks++;
        snprintf(head, sizeof head, "%*s", (int)blanks, "");
        lesson_print_behind(p->out, head, slice_part(line, blanks, line.size), PLAY_COLUMNS);
    }
    free(text);
    return ok;
}

/* ---- a mail program ---- */

static void put_item(struct play *p, const struct mailbox *box, const struct mailbox_item *item,
                     uint32_t n)
{
    struct arena arena;
    struct bytes text;
    struct header_field field;
    arena_init(&arena);
    bytes_init(&text, SIZE_MAX);
    struct slice content = mailbox_content(box, item, &arena);
    char head[48], message[32];
    snprintf(head, sizeof head, "    %" PRIu32 ". %s%s%s", n,
             item->flags & MAILBOX_SEEN ? "" : "new, ",
             item->flags & MAILBOX_FLAGGED ? "flagged, " : "",
             item->flags & MAILBOX_DELETED ? "deleted, " : "");
    bytes_append(&text, SLICE("\""));
    if (header_find(content, SLICE("Subject"), 1, &field))
        printable_append(&text, slice_trim(field.value), 60, 0);
    bytes_append(&text, SLICE("\" from "));
    if (header_find(content, SLICE("From"), 1, &field))
        printable_append(&text, slice_trim(field.value), 60, 0);
    snprintf(message, sizeof message, " (message %" PRIu32 ")", item->msg);
    bytes_append(&text, slice_of(message));
    lesson_print_behind(p->out, head, bytes_slice(&text), PLAY_COLUMNS);
    bytes_finish(&text);
    arena_finish(&arena);
}

static void put_mailbox(struct play *p, const struct mailbox *box)
{
    for (uint32_t f = 0; f < box->folder_count; f++) {
        uint32_t count = mailbox_count(box, f);
        fprintf(p->out, "  %.*s, %.*s: %" PRIu32 " message%s\n", SLICE_ARG(box->user),
                SLICE_ARG(box->folders[f]), count, count == 1 ? "" : "s");
        for (uint32_t n = 1; n <= count; n++)
            put_item(p, box, mailbox_find(box, f, n), n);
    }
}

static bool is_meant(const struct log *log, const struct event_agent *agent, struct slice where)
{
    struct slice role = log_text(log, agent->role);
    bool is_program = slice_equal(role, SLICE("mua")) || slice_equal(role, SLICE("browser"));
    return is_program && (where.size == 0 || slice_equal_fold(log_text(log, agent->id), where) ||
                          slice_equal_fold(log_place_name(log, agent->at), where));
}

/* "look mail pc-bob": what stands on that screen, numbered as the actions count. */
static bool look_mail(struct play *p, struct slice where, struct problem *problem)
{
    const struct log *log = stage_log(&p->stage);
    bool is_any = false;
    for (uint32_t place = 1; place <= log->places.count; place++) {
        const struct event_agent *agent = event_as_agent(log_place(log, place));
        if (!agent || !is_meant(log, agent, where))
            continue;
        struct mailbox box = {0};
        mailbox_seek(&box, log, place, log_count(log));
        fprintf(p->out, "%.*s\n", SLICE_ARG(log_place_name(log, agent->at)));
        put_mailbox(p, &box);
        mailbox_finish(&box);
        is_any = true;
    }
    return is_any ||
           problem_set(problem, "there is no mail program at \"%.*s\"; as in: look mail pc-bob",
                       SLICE_ARG(slice_part(where, 0, 40)));
}

/* ---- what is new ---- */

void play_note_step(struct play *p)
{
    uint32_t count = log_count(stage_log(&p->stage));
    if (count < p->begun) { /* it was taken back */
        p->begun_at = 0;
        p->looked[0] = p->looked[1] = 0;
    } else if (count > p->begun) {
        p->begun_at = p->begun;
    }
    p->begun = count;
}

/* What the step, or the last one in which something happened, has brought; of that what was not
   looked at yet. Where nothing is new it is shown again. */
static uint32_t new_since(const struct play *p, uint32_t looked)
{
    uint32_t count = log_count(stage_log(&p->stage));
    uint32_t since = p->begun < count ? p->begun : p->begun_at;
    return looked > since && looked < count ? looked : since;
}

/* "look ladder", "look dialogue all" */
static bool look_new(struct play *p, const struct export_row *row, struct slice rest,
                     struct problem *problem)
{
    char *text = NULL;
    size_t size = 0;
    uint32_t before = 0, *looked = &p->looked[row->write == dialogue_write];
    bool is_all = slice_equal_fold(rest, SLICE("all"));
    if (rest.size && !is_all)
        return problem_set(problem, "look %s, or look %s all", row->name, row->name);
    const struct export_options options = {
        .width = PLAY_COLUMNS, .since = is_all ? 0 : new_since(p, *looked), .before = &before};
    FILE *stream = open_memstream(&text, &size);
    check(stream != NULL);
    bool ok = row->write(stage_log(&p->stage), stream, &options, problem);
    check(fclose(stream) == 0);
    if (before)
        play_say(p, "%" PRIu32 " turns before: look %s all", before, row->name);
    fwrite(text, 1, size, p->out);
    free(text);
    *looked = log_count(stage_log(&p->stage));
    return ok;
}

bool play_look(struct play *p, struct slice what, struct problem *problem)
{
    struct slice word, rest = what;
    slice_cut(&rest, ' ', &word);
    if (slice_equal_fold(word, SLICE("message")))
        return look_message(p, slice_trim(rest), problem);
    if (slice_equal_fold(word, SLICE("mail")))
        return look_mail(p, slice_trim(rest), problem);
    const struct export_row *row = export_find_format(what.size ? word : SLICE("summary"));
    if (row && (row->write == ladder_write || row->write == dialogue_write))
        return look_new(p, row, slice_trim(rest), problem);
    row = what.size && rest.size ? NULL : row;
    if (!row || !row->write)
        return problem_set(
            problem, "look at message, summary, ladder, dialogue, events, or at mail HOST%s",
            p->stage.scene->is_exam ? "" : "; what waits in queues is in the summary");
    return write_wrapped(p, row, problem);
}
