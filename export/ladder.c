/*
 * The format `ladder`: a sequence chart in text. Time runs down, each host has a column, each turn
 * of a dialogue is an arrow with its line on it, or beside it where the arrow is too short. What is
 * pushed is a solid arrow, a message that is pulled a dashed one.
 */
#include <stdlib.h>
#include <string.h>

#include "export/canvas.h"
#include "export/export.h"
#include "export/ladder_turns.h"
#include "export/printable.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"
#include "sim/base/utf8.h"

enum {
    TIME_COLUMNS = 13, /* "09:00:00.120 " */
    STEP_LEAST = 3,    /* columns between two hosts; with less, turns are listed without columns */
    ON_ARROW = 6,      /* what an arrow needs besides the text on it */
};

/* The drawing characters, in both alphabets. */
struct alphabet {
    uint32_t life, solid, dashed, cross, right, left, open_right, open_left, lost, within, note,
        start, end;
};
static const struct alphabet unicode = {0x2502, 0x2500, 0x254c, 0x253c, 0x25ba, 0x25c4, 0x25b7,
                                        0x25c1, 0x2717, 0x21bb, 0x25cf, 0x251c, 0x2524};
static const struct alphabet ascii = {'|', '-', ' ', '|', '>', '<', '>',
                                      '<', 'x', '@', '*', '+', '+'};

struct column {
    uint32_t host;
    size_t x, width; /* of the name */
    struct slice name;
};

struct writer {
    const struct log *log;
    FILE *out;
    const struct alphabet *alphabet;
    unsigned flags;
    struct canvas canvas;
    struct arena arena;
    struct ladder_turns turns;
    VECTOR(struct column) columns;
    uint32_t *column_of; /* by host: index + 1 */
    int64_t t;           /* of the turn before */
};

/* ---- the columns ---- */

static void add_column(struct writer *w, uint32_t host)
{
    if (host == 0 || w->column_of[host])
        return;
    struct bytes name;
    bytes_init(&name, SIZE_MAX);
    size_t width = printable_append(&name, log_place_name(w->log, host), 20, w->flags);
    struct column *column = vector_add(&w->columns);
    *column = (struct column){.host = host, .width = width};
    column->name = arena_copy(&w->arena, bytes_slice(&name));
    bytes_finish(&name);
    w->column_of[host] = (uint32_t)w->columns.count;
}

static uint32_t x_of(const struct writer *w, uint32_t host)
{
    const struct event_host *declared = event_as_host(log_place(w->log, host));
    return declared ? declared->x : EVENT_UNSET;
}

/* From left to right as on the map, when it says where they all are; else as they come in. */
static void order_columns(struct writer *w)
{
    for (size_t i = 0; i < w->columns.count; i++)
        if (x_of(w, w->columns.items[i].host) == EVENT_UNSET)
            return;
    for (size_t i = 1; i < w->columns.count; i++) {
        struct column column = w->columns.items[i];
        size_t at = i;
        for (; at > 0 && x_of(w, w->columns.items[at - 1].host) > x_of(w, column.host); at--)
            w->columns.items[at] = w->columns.items[at - 1];
        w->columns.items[at] = column;
    }
    for (size_t i = 0; i < w->columns.count; i++)
        w->column_of[w->columns.items[i].host] = (uint32_t)i + 1;
}

static size_t half(size_t width, size_t most)
{
    return width / 2 < most ? width / 2 : most;
}

/* Those before `since` are counted instead. */
static void leave_out(struct writer *w, const struct export_options *options)
{
    size_t kept = 0;
    uint32_t before = 0;
    for (size_t i = 0; i < w->turns.items.count; i++) {
        const struct ladder_turn *turn = &w->turns.items.items[i];
        if (turn->event >= options->since)
            w->turns.items.items[kept++] = *turn;
        else
            before += turn->kind != LADDER_CLOSE;
    }
    w->turns.items.count = kept;
    if (options->before)
        *options->before = before;
}

/* Spreads the columns over the width. False when they don't fit. */
static bool place_columns(struct writer *w)
{
    size_t count = w->columns.count, room = w->canvas.width - TIME_COLUMNS;
    if (count == 0 || room / count < STEP_LEAST)
        return false;
    size_t share = room / count;
    size_t first = TIME_COLUMNS + half(w->columns.items[0].width, share);
    size_t last = w->canvas.width - 1 - half(w->columns.items[count - 1].width, share);
    for (size_t i = 0; i < count; i++)
        w->columns.items[i].x = count == 1 ? first : first + i * (last - first) / (count - 1);
    return true;
}

static void collect_columns(struct writer *w)
{
    w->column_of = memory_take((log_place_count(w->log) + 1) * sizeof *w->column_of);
    for (size_t i = 0; i < w->turns.items.count; i++) {
        add_column(w, w->turns.items.items[i].from);
        add_column(w, w->turns.items.items[i].to);
    }
    if (w->columns.count <= w->canvas.width)
        order_columns(w);
}

/* ---- lines ---- */

static void put_life_lines(struct writer *w)
{
    canvas_clear(&w->canvas);
    for (size_t i = 0; i < w->columns.count; i++)
        canvas_put(&w->canvas, w->columns.items[i].x, w->alphabet->life, CANVAS_DIM);
}

static void put_time(struct writer *w, int64_t t)
{
    char text[VTIME_TEXT];
    struct slice clock = vtime_print_clock(log_epoch_s(w->log), t, text);
    size_t blank = slice_find_octet(clock, ' ', 0); /* the day is said in the line of the gap */
    canvas_text(&w->canvas, 0,
                blank == SLICE_NONE ? clock : slice_part(clock, blank + 1, clock.size), CANVAS_DIM);
}

static size_t columns_of(struct slice text)
{
    size_t columns = 0;
    uint32_t code;
    for (size_t at = 0, size; (size = utf8_next(text, at, &code)) > 0; at += size)
        columns += printable_width(code);
    return columns;
}

/* Text from column x on, at most so many columns. */
static void put_cut(struct writer *w, size_t x, size_t columns, struct slice text,
                    enum canvas_style style)
{
    struct bytes cut;
    bytes_init(&cut, SIZE_MAX);
    printable_append(&cut, text, columns, w->flags);
    size_t end = canvas_text(&w->canvas, x, bytes_slice(&cut), style);
    canvas_put(&w->canvas, end, ' ', CANVAS_PLAIN); /* a life line would touch the text */
    bytes_finish(&cut);
}

/* Beside the columns left..right, on the side with room for it, or with more room. */
static void put_beside(struct writer *w, size_t left, size_t right, struct slice text,
                       enum canvas_style style)
{
    size_t need = columns_of(text);
    size_t room_right = w->canvas.width > right + 2 ? w->canvas.width - right - 2 : 0;
    size_t room_left = left > TIME_COLUMNS + 1 ? left - TIME_COLUMNS - 1 : 0;
    if (need <= room_right || room_right >= room_left)
        put_cut(w, right + 2, room_right, text, style);
    else if (need <= room_left)
        canvas_text(&w->canvas, left - 1 - need, text, style);
    else
        put_cut(w, TIME_COLUMNS, room_left, text, style);
}

static uint32_t shaft_at(const struct writer *w, const struct ladder_turn *turn, size_t x)
{
    bool is_dash = w->alphabet == &ascii && x % 2 == 0;
    return turn->kind == LADDER_PULL ? is_dash ? '-' : w->alphabet->dashed : w->alphabet->solid;
}

static void put_shaft(struct writer *w, const struct ladder_turn *turn, size_t from, size_t to)
{
    size_t left = from < to ? from : to, right = from < to ? to : from;
    bool is_open = turn->kind == LADDER_PULL;
    for (size_t x = left + 1; x < right; x++)
        canvas_put(&w->canvas, x, shaft_at(w, turn, x), turn->style);
    for (size_t i = 0; i < w->columns.count; i++)
        if (w->columns.items[i].x > left && w->columns.items[i].x < right)
            canvas_put(&w->canvas, w->columns.items[i].x, w->alphabet->cross, CANVAS_DIM);
    canvas_put(&w->canvas, from, from < to ? w->alphabet->start : w->alphabet->end, turn->style);
    uint32_t head = from < to ? is_open ? w->alphabet->open_right : w->alphabet->right
                    : is_open ? w->alphabet->open_left
                              : w->alphabet->left;
    canvas_put(&w->canvas, from < to ? to - 1 : to + 1, turn->is_lost ? w->alphabet->lost : head,
               turn->style);
}

static void put_arrow(struct writer *w, const struct ladder_turn *turn, size_t from, size_t to)
{
    size_t left = from < to ? from : to, right = from < to ? to : from;
    size_t need = columns_of(turn->text);
    put_shaft(w, turn, from, to);
    if (need + ON_ARROW > right - left) {
        put_beside(w, left, right, turn->text, turn->style);
        return;
    }
    size_t x = left + (right - left - need) / 2;
    canvas_put(&w->canvas, x - 1, ' ', CANVAS_PLAIN);
    canvas_put(&w->canvas, canvas_text(&w->canvas, x, turn->text, turn->style), ' ', CANVAS_PLAIN);
}

static void put_turn(struct writer *w, const struct ladder_turn *turn)
{
    put_life_lines(w);
    put_time(w, turn->t);
    uint32_t from = w->column_of[turn->from], to = w->column_of[turn->to];
    if (turn->kind == LADDER_BAR || from == 0 || to == 0) {
        put_cut(w, TIME_COLUMNS, w->canvas.width - TIME_COLUMNS, turn->text, turn->style);
    } else if (from == to) {
        size_t x = w->columns.items[from - 1].x;
        canvas_put(&w->canvas, x,
                   turn->kind == LADDER_NOTE ? w->alphabet->note : w->alphabet->within,
                   turn->style);
        put_beside(w, x, x, turn->text, turn->style);
    } else {
        put_arrow(w, turn, w->columns.items[from - 1].x, w->columns.items[to - 1].x);
    }
    canvas_print(&w->canvas, w->out);
}

/* Without columns, for more hosts than there is width. */
static void put_listed(struct writer *w, const struct ladder_turn *turn)
{
    bool is_arrow = turn->from && turn->from != turn->to;
    struct bytes line;
    bytes_init(&line, SIZE_MAX);
    canvas_clear(&w->canvas);
    put_time(w, turn->t);
    printable_append(&line, log_place_name(w->log, turn->from), 20, w->flags);
    if (is_arrow) {
        bytes_append(&line, turn->kind == LADDER_PULL ? SLICE(" - -> ") : SLICE(" ---> "));
        printable_append(&line, log_place_name(w->log, turn->to), 20, w->flags);
    }
    if (turn->from)
        bytes_append(&line, SLICE(": "));
    bytes_append(&line, turn->text);
    put_cut(w, TIME_COLUMNS, w->canvas.width - TIME_COLUMNS, bytes_slice(&line), turn->style);
    canvas_print(&w->canvas, w->out);
    bytes_finish(&line);
}

/* "... 30min later, day 2": said instead of leaving an empty stretch. */
static void put_gap(struct writer *w, int64_t t)
{
    struct bytes line;
    bytes_init(&line, SIZE_MAX);
    bytes_append(&line, w->alphabet == &ascii ? SLICE("... ") : SLICE("\xe2\x80\xa6 "));
    if (ladder_gap(w->log, w->t, t, &line)) {
        put_life_lines(w);
        canvas_put(&w->canvas, canvas_text(&w->canvas, 0, bytes_slice(&line), CANVAS_STRONG), ' ',
                   CANVAS_PLAIN);
        canvas_print(&w->canvas, w->out);
    }
    bytes_finish(&line);
}

/* The names above their columns, in as many lines as it takes for none to touch another. */
static void put_names(struct writer *w)
{
    size_t done = 0;
    bool *is_shown = memory_take(w->columns.count * sizeof *is_shown);
    while (done < w->columns.count) {
        size_t free_from = TIME_COLUMNS;
        canvas_clear(&w->canvas);
        for (size_t i = 0; i < w->columns.count; i++) {
            const struct column *column = &w->columns.items[i];
            size_t from =
                column->x - (column->width / 2 < column->x ? column->width / 2 : column->x);
            from = from + column->width > w->canvas.width ? w->canvas.width - column->width : from;
            from = from < TIME_COLUMNS ? TIME_COLUMNS : from;
            if (is_shown[i]) {
                if (column->x >= free_from)
                    canvas_put(&w->canvas, column->x, w->alphabet->life, CANVAS_DIM);
            } else if (from >= free_from) {
                free_from = canvas_text(&w->canvas, from, column->name, CANVAS_STRONG) + 1;
                is_shown[i] = true;
                done++;
            }
        }
        canvas_print(&w->canvas, w->out);
    }
    free(is_shown);
}

static void put_title(struct writer *w)
{
    const struct event_run *run = log_count(w->log) ? event_as_run(log_at(w->log, 0)) : NULL;
    if (!run || !run->title)
        return;
    canvas_clear(&w->canvas);
    put_cut(w, 0, w->canvas.width, log_text(w->log, run->title), CANVAS_STRONG);
    canvas_print(&w->canvas, w->out);
}

bool ladder_write(const struct log *log, FILE *out, const struct export_options *options,
                  struct problem *problem)
{
    struct writer w = {.log = log, .out = out};
    size_t width = options->width ? options->width : EXPORT_WIDTH_DEFAULT;
    (void)problem;
    width = width < EXPORT_WIDTH_LEAST ? EXPORT_WIDTH_LEAST : width;
    width = width > EXPORT_WIDTH_MOST ? EXPORT_WIDTH_MOST : width;
    w.alphabet = options->is_ascii ? &ascii : &unicode;
    w.flags = options->is_ascii ? PRINTABLE_ASCII : 0;
    canvas_init(&w.canvas, width, options->has_colour);
    arena_init(&w.arena);
    ladder_turns_collect(&w.turns, log, w.flags);
    leave_out(&w, options);
    collect_columns(&w);
    bool has_columns = place_columns(&w);
    put_title(&w);
    if (has_columns)
        put_names(&w);
    else
        vector_clear(&w.columns);
    for (size_t i = 0; i < w.turns.items.count && !ferror(out); i++) {
        const struct ladder_turn *turn = &w.turns.items.items[i];
        if (turn->kind == LADDER_CLOSE)
            continue;
        put_gap(&w, turn->t);
        w.t = turn->t;
        if (has_columns)
            put_turn(&w, turn);
        else
            put_listed(&w, turn);
    }
    if (has_columns)
        put_names(&w);
    free(w.column_of);
    vector_finish(&w.columns);
    ladder_turns_finish(&w.turns);
    arena_finish(&w.arena);
    canvas_finish(&w.canvas);
    return true;
}
