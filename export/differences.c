#include "export/differences.h"

#include <inttypes.h>

#include "export/fate.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"

/* What is more is said by its number. */
enum { CHAIN_SHOWN = 10, DECLARED_SHOWN = 12, FATES_SHOWN = 40, CELL_MOST = 28 };

struct writer {
    const struct parting *parting;
    const char *const *names;
    FILE *out;
    unsigned width, flags;
    struct bytes line, cut;
};

static const char letters[PARTING_RUNS] = {'A', 'B'};

/* ---- lines ---- */

static void put(struct writer *w, struct slice text)
{
    check(bytes_append(&w->line, text));
}

static void put_safe(struct writer *w, struct slice text)
{
    printable_append(&w->line, text, PRINTABLE_ALL, w->flags);
}

static void end_line(struct writer *w)
{
    bytes_clear(&w->cut);
    printable_append(&w->cut, bytes_slice(&w->line), w->width, w->flags);
    check(bytes_append_octet(&w->cut, '\n'));
    fprintf(w->out, "%.*s", SLICE_ARG(bytes_slice(&w->cut)));
    bytes_clear(&w->line);
}

/* 1204 as "1,204". */
static void put_count(struct writer *w, uint32_t count, const char *one, const char *many)
{
    char digits[16];
    int size = snprintf(digits, sizeof digits, "%" PRIu32, count);
    for (int i = 0; i < size; i++)
        check(bytes_printf(&w->line, "%s%c", i && (size - i) % 3 == 0 ? "," : "", digits[i]));
    check(bytes_printf(&w->line, " %s", count == 1 ? one : many));
}

static void put_clock(struct writer *w, int run, int64_t t)
{
    char text[VTIME_TEXT];
    put(w, vtime_print_clock(log_epoch_s(w->parting->logs[run]), t, text));
}

static void put_event(struct writer *w, int run, uint32_t id)
{
    const struct event *e = log_at(w->parting->logs[run], id);
    put_clock(w, run, e->t);
    put(w, SLICE("  "));
    phrase_event(w->parting->logs[run], e, w->flags, &w->line);
}

/* ---- the runs ---- */

static struct slice run_text(const struct writer *w, int run, int field)
{
    const struct log *log = w->parting->logs[run];
    bool is_run = log_count(log) > 0 && event_as_run(log_at(log, 0));
    return log_text(log, is_run ? log_at(log, 0)->v[field] : 0);
}

static void put_run(struct writer *w, int run)
{
    const struct log *log = w->parting->logs[run];
    char took[VTIME_TEXT];
    check(bytes_printf(&w->line, "%c  ", letters[run]));
    put_safe(w, slice_of(w->names[run]));
    put(w, SLICE(": \""));
    put_safe(w, run_text(w, run, 0));
    put(w, SLICE("\", seed "));
    put_safe(w, run_text(w, run, 1));
    put(w, SLICE(", "));
    put_count(w, log_count(log), "event", "events");
    check(bytes_printf(&w->line, " in %.*s", SLICE_ARG(vtime_print(log_end(log), took))));
    end_line(w);
}

static void put_both(struct writer *w, const char *what, int field, const char *more)
{
    put(w, slice_of(what));
    put_safe(w, run_text(w, 0, field));
    put(w, SLICE(" and "));
    put_safe(w, run_text(w, 1, field));
    put(w, slice_of(more));
    end_line(w);
}

static void put_runs(struct writer *w)
{
    const struct parting *p = w->parting;
    put_run(w, 0);
    put_run(w, 1);
    if (p->has_other_program)
        put_both(w, "Two versions of the program: ", 3, "");
    if (p->has_other_seed)
        put_both(w, "Two seeds: ", 1, "; what is drawn by lot is not compared");
    if (p->has_other_epoch) {
        char a[VTIME_TEXT], b[VTIME_TEXT];
        check(bytes_printf(&w->line, "Two clocks: they start at %.*s and %.*s",
                           SLICE_ARG(vtime_print_iso(log_epoch_s(p->logs[0]), 0, a)),
                           SLICE_ARG(vtime_print_iso(log_epoch_s(p->logs[1]), 0, b))));
        end_line(w);
    }
}

/* ---- the networks ---- */

static void put_declared(struct writer *w)
{
    const struct parting *p = w->parting;
    unsigned count = 0;
    fprintf(w->out, "\nThe networks are not the same\n");
    for (int run = 0; run < PARTING_RUNS; run++)
        for (uint32_t id = 0; id < p->declared[run]; id++) {
            if (parting_has_both(p, run, id) || count++ >= DECLARED_SHOWN)
                continue;
            check(bytes_printf(&w->line, "  only %c  ", letters[run]));
            phrase_event(p->logs[run], log_at(p->logs[run], id), w->flags, &w->line);
            end_line(w);
        }
    if (count > DECLARED_SHOWN)
        fprintf(w->out, "  and %u more\n", count - DECLARED_SHOWN);
}

static void put_file(struct writer *w)
{
    struct slice lines[PARTING_RUNS];
    size_t number = differences_file(w->parting, lines);
    if (!number)
        return;
    fprintf(w->out, "\nThe topologies differ, first in line %zu\n", number);
    for (int run = 0; run < PARTING_RUNS; run++) {
        check(bytes_printf(&w->line, "  %c  ", letters[run]));
        put_safe(w, slice_trim(lines[run]));
        end_line(w);
    }
}

/* ---- where they part ---- */

static void put_first(struct writer *w, int run)
{
    const struct parting *p = w->parting;
    check(bytes_printf(&w->line, "  %c  ", letters[run]));
    if (p->first[run] != PARTING_NONE)
        put_event(w, run, p->first[run]);
    else
        put(w, log_end(p->logs[run]) < p->t ? SLICE("nothing more happens")
                                            : SLICE("nothing that the other run has not"));
    end_line(w);
}

static void put_same(struct writer *w)
{
    const struct parting *p = w->parting;
    char span[VTIME_TEXT];
    fputc('\n', w->out);
    if (p->same == 0) {
        fprintf(w->out, "Nothing that happens is the same before the runs part\n");
        return;
    }
    put_count(w, p->same, "event is the same", "events are the same");
    put(w, SLICE(", up to "));
    put_clock(w, 0, p->same_t);
    check(bytes_printf(&w->line, " (%.*s)", SLICE_ARG(vtime_print(p->same_t, span))));
    end_line(w);
}

static void put_link(struct writer *w, int run, uint32_t id)
{
    put(w, parting_has_both(w->parting, run, id) ? SLICE("  =  ") : SLICE("  +  "));
    put_event(w, run, id);
    end_line(w);
}

/* The first link says where it began; the last ones how it came to this. */
static void put_chain(struct writer *w, int run)
{
    struct differences_chain chain;
    differences_chain(w->parting, run, &chain);
    fprintf(w->out, "\nWhat led to it in %c\n", letters[run]);
    size_t count = chain.ids.count;
    size_t left_out = count > CHAIN_SHOWN ? count - CHAIN_SHOWN : 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 1 && left_out) {
            fprintf(w->out, "     ... %zu more\n", left_out);
            i += left_out;
        }
        put_link(w, run, chain.ids.items[i]);
    }
    vector_finish(&chain.ids);
}

static void put_parting(struct writer *w)
{
    const struct parting *p = w->parting;
    put_same(w);
    if (!p->is_parted)
        return;
    fprintf(w->out, "Then the runs part\n");
    for (int run = 0; run < PARTING_RUNS; run++)
        put_first(w, run);
    for (int run = 0; run < PARTING_RUNS; run++)
        if (p->first[run] != PARTING_NONE && log_at(p->logs[run], p->first[run])->t == p->t)
            put_chain(w, run);
}

/* ---- what became of each message ---- */

struct table {
    size_t columns[4]; /* of message, recipient, A, B */
};

static void put_cell(struct writer *w, const struct differences_fate *row, int column,
                     struct bytes *out)
{
    const struct parting *p = w->parting;
    int run = row->msg[0] ? 0 : 1, of = column - 2;
    bytes_clear(out);
    if (column == 0) {
        uint32_t msg = row->msg[run];
        check(bytes_printf(out, "%" PRIu32 " ", msg));
        printable_append(out, log_text(p->logs[run], log_msg(p->logs[run], msg)->subject),
                         CELL_MOST, w->flags);
    } else if (column == 1) {
        printable_append(out, row->rcpt, CELL_MOST, w->flags);
    } else if (row->fate[of]) {
        fate_brief(p->logs[of], row->fate[of], w->flags, out);
    } else {
        check(bytes_append(out, row->msg[of] ? SLICE("not sent") : SLICE("not written")));
    }
}

/* Also when `cell` holds a character of several octets or columns. */
static size_t columns_of(struct slice cell, struct bytes *spare)
{
    bytes_clear(spare);
    return printable_append(spare, cell, CELL_MOST, 0);
}

static void put_padded(struct writer *w, struct slice cell, size_t columns)
{
    size_t taken = printable_append(&w->line, cell, columns, w->flags);
    check(bytes_printf(&w->line, "%*s", (int)(columns > taken ? columns - taken : 0) + 2, ""));
}

/* What became of it is worth more than the whole subject and address. */
static void fit(const struct writer *w, struct table *table)
{
    enum { SIGN = 5, GAPS = 6, CELL_LEAST = 12 };
    size_t all = SIGN + GAPS;
    for (int column = 0; column < 4; column++)
        all += table->columns[column];
    for (int column = 0; column < 2 && all > w->width; column++) {
        size_t *columns = &table->columns[column], wanted = all - w->width;
        size_t most = *columns > CELL_LEAST ? *columns - CELL_LEAST : 0;
        *columns -= wanted < most ? wanted : most;
        all -= wanted < most ? wanted : most;
    }
}

static struct table measure(struct writer *w, const struct differences_fates *f)
{
    struct table table = {{0}};
    struct bytes cell;
    bytes_init(&cell, SIZE_MAX);
    for (size_t i = 0; i < f->rows.count; i++)
        for (int column = 0; column < 4; column++) {
            put_cell(w, &f->rows.items[i], column, &cell);
            size_t columns = columns_of(bytes_slice(&cell), &w->cut);
            if (columns > table.columns[column])
                table.columns[column] = columns;
        }
    bytes_finish(&cell);
    fit(w, &table);
    return table;
}

static void put_since(struct writer *w, const struct differences_fate *row)
{
    for (int run = 0; run < PARTING_RUNS; run++) {
        uint32_t cause = differences_cause(w->parting, row, run);
        if (cause == PARTING_NONE)
            continue;
        check(bytes_printf(&w->line, "       in %c since  ", letters[run]));
        put_event(w, run, cause);
        end_line(w);
    }
}

static void put_row(struct writer *w, const struct differences_fate *row, const struct table *table)
{
    static const char *const signs[] = {"  =  ", "  ~  ", "  !  "};
    struct bytes cell;
    bytes_init(&cell, SIZE_MAX);
    put(w, slice_of(signs[row->kind]));
    for (int column = 0; column < 4; column++) {
        put_cell(w, row, column, &cell);
        put_padded(w, bytes_slice(&cell), table->columns[column]);
    }
    bytes_truncate(&w->line, slice_trim(bytes_slice(&w->line)).size + 2); /* indented by two */
    end_line(w);
    bytes_finish(&cell);
    if (row->kind == DIFFERENCES_OTHER)
        put_since(w, row);
}

static void put_heads(struct writer *w, const struct table *table)
{
    static const char *const heads[] = {"message", "to", "A", "B"};
    put(w, SLICE("     "));
    for (int column = 0; column < 3; column++)
        put_padded(w, slice_of(heads[column]), table->columns[column]);
    put(w, slice_of(heads[3]));
    end_line(w);
}

/* In a large run only what is otherwise. */
static void put_fates(struct writer *w)
{
    struct differences_fates f;
    size_t left_out = 0, shown = 0;
    differences_fates(w->parting, &f);
    if (f.rows.count) {
        struct table table = measure(w, &f);
        fputc('\n', w->out);
        put(w, SLICE("What became of each message (= the same, ~ at another time, ! not)"));
        end_line(w);
        put_heads(w, &table);
        for (size_t i = 0; i < f.rows.count; i++) {
            const struct differences_fate *row = &f.rows.items[i];
            bool is_shown = shown < FATES_SHOWN &&
                            (f.rows.count <= FATES_SHOWN || row->kind == DIFFERENCES_OTHER);
            if (is_shown)
                put_row(w, row, &table);
            shown += is_shown;
            left_out += !is_shown;
        }
    }
    if (left_out)
        fprintf(w->out, "     and %zu more recipients, which --format json has\n", left_out);
    differences_fates_finish(&f);
}

void differences_write(const struct parting *parting, const char *const names[PARTING_RUNS],
                       FILE *out, const struct export_options *options)
{
    struct writer w = {.parting = parting,
                       .names = names,
                       .out = out,
                       .width = options->width ? options->width : EXPORT_WIDTH_DEFAULT,
                       .flags = options->is_ascii ? PRINTABLE_ASCII : 0};
    bytes_init(&w.line, SIZE_MAX);
    bytes_init(&w.cut, SIZE_MAX);
    put_runs(&w);
    if (parting->has_other_network)
        put_declared(&w);
    if (parting->has_other_file)
        put_file(&w);
    put_parting(&w);
    if (parting_is_same(parting))
        fprintf(out, "The runs are the same\n");
    put_fates(&w);
    bytes_finish(&w.line);
    bytes_finish(&w.cut);
}
