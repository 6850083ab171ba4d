/* The events as a table (RFC 4180), for spreadsheets. */
#include <inttypes.h>
#include <string.h>

#include "export/export.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"

/*
 * A cell that starts with one of these is a formula to a spreadsheet, and what a peer sent must
 * not compute there: an apostrophe in front makes it text.
 */
static bool is_formula(struct slice cell)
{
    return cell.size > 0 && memchr("=+-@\t\r", cell.data[0], 6);
}

static void put_cell(struct bytes *line, struct slice cell)
{
    if (bytes_size(line) > 0)
        check(bytes_append_octet(line, ','));
    check(bytes_append_octet(line, '"'));
    if (is_formula(cell))
        check(bytes_append_octet(line, '\''));
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '"')
            check(bytes_append_octet(line, '"'));
        check(bytes_append_octet(line, cell.data[i]));
    }
    check(bytes_append_octet(line, '"'));
}

static void put_number(struct bytes *line, int64_t number)
{
    check(bytes_printf(line, "%s%" PRId64, bytes_size(line) > 0 ? "," : "", number));
}

/* What can't be seen in a spreadsheet is shown by its number there, too. */
static void put_text(struct slice text, struct bytes *scratch, struct bytes *line)
{
    bytes_clear(scratch);
    printable_append(scratch, text, PRINTABLE_ALL, 0);
    put_cell(line, bytes_slice(scratch));
}

/* A cell with the value of a field, or an empty one. */
static void put_field(const struct log *log, const struct event *e, const char *name,
                      struct bytes *scratch, struct bytes *line)
{
    enum event_type type;
    uint32_t value;
    if (!log_field(log, e, slice_of(name), &type, &value))
        put_cell(line, SLICE(""));
    else if (type == EVENT_TYPE_PLACE)
        put_text(log_place_name(log, value), scratch, line);
    else if (type == EVENT_TYPE_TEXT)
        put_text(log_text(log, value), scratch, line);
    else
        put_number(line, value);
}

static const char *const field_columns[] = {"from", "to", "port", "conn",
                                            "at",   "by", "msg",  "rcpt"};
enum { FIELD_COLUMNS = sizeof field_columns / sizeof *field_columns };

static void put_event(const struct log *log, uint32_t id, struct bytes *words, struct bytes *line)
{
    const struct event *e = log_at(log, id);
    char time[VTIME_TEXT];
    put_number(line, id);
    put_number(line, e->t);
    put_cell(line, vtime_print_iso(log_epoch_s(log), e->t, time));
    if (id > 0)
        put_number(line, e->cause);
    else
        put_cell(line, SLICE(""));
    put_cell(line, slice_of(event_kinds[e->kind].name));
    for (int i = 0; i < FIELD_COLUMNS; i++)
        put_field(log, e, field_columns[i], words, line);
    bytes_clear(words);
    phrase_event(log, e, 0, words);
    put_cell(line, bytes_slice(words));
}

bool csv_write(const struct log *log, FILE *out, const struct export_options *options,
               struct problem *problem)
{
    struct bytes line, words;
    (void)options, (void)problem;
    bytes_init(&line, SIZE_MAX);
    bytes_init(&words, SIZE_MAX);
    fprintf(out, "event,t_ns,time,cause,kind");
    for (int i = 0; i < FIELD_COLUMNS; i++)
        fprintf(out, ",%s", field_columns[i]);
    fprintf(out, ",words\r\n");
    for (uint32_t id = 0; id < log_count(log) && !ferror(out); id++) {
        bytes_clear(&line);
        put_event(log, id, &words, &line);
        fprintf(out, "%.*s\r\n", SLICE_ARG(bytes_slice(&line)));
    }
    bytes_finish(&line);
    bytes_finish(&words);
    return true;
}
