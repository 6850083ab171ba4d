#include "render/view/ladder_rows.h"

#include "render/view/index.h"
#include "sim/trace/turn.h"

enum { WORD = 64, END_OF_DATA = 3 }; /* ".<CRLF>" is no part of the message (RFC 5321 4.1.1.4) */

void ladder_rows_finish(struct ladder_rows *rows)
{
    vector_finish(&rows->rows);
    vector_finish(&rows->conns);
    vector_finish(&rows->took_part);
    vector_finish(&rows->has_spoken);
    vector_finish(&rows->shown);
    vector_finish(&rows->shown_sums);
    *rows = (struct ladder_rows){0};
}

/* ---- which are shown: bits, and sums of them to find the n-th ---- */

static uint32_t low_bit(uint32_t i)
{
    return i & (~i + 1);
}

static void add_word(struct ladder_rows *rows)
{
    uint32_t i = (uint32_t)rows->shown_sums.count + 1, sum = 0;
    for (uint32_t step = 1; step < low_bit(i); step <<= 1)
        sum += rows->shown_sums.items[i - step - 1];
    *vector_add(&rows->shown_sums) = sum;
    *vector_add(&rows->shown) = 0;
}

static void show(struct ladder_rows *rows, size_t row, bool is_shown)
{
    uint64_t bit = UINT64_C(1) << row % WORD, *word = &rows->shown.items[row / WORD];
    if (((*word & bit) != 0) == is_shown)
        return;
    *word ^= bit;
    uint32_t by = is_shown ? 1 : UINT32_MAX; /* one less, modulo 2^32 */
    for (uint32_t i = (uint32_t)(row / WORD) + 1; i <= rows->shown_sums.count; i += low_bit(i))
        rows->shown_sums.items[i - 1] += by;
    rows->shown_count += is_shown ? 1 : SIZE_MAX;
}

size_t ladder_rows_before(const struct ladder_rows *rows, size_t row)
{
    if (row >= rows->rows.count)
        return rows->shown_count;
    size_t sum = 0;
    for (uint32_t i = (uint32_t)(row / WORD); i > 0; i -= low_bit(i))
        sum += rows->shown_sums.items[i - 1];
    uint64_t below = rows->shown.items[row / WORD] & ((UINT64_C(1) << row % WORD) - 1);
    return sum + (size_t)__builtin_popcountll(below);
}

size_t ladder_rows_at(const struct ladder_rows *rows, size_t n)
{
    uint32_t word = 0, step = 1, count = (uint32_t)rows->shown_sums.count;
    while (step <= count / 2)
        step <<= 1;
    for (; step > 0; step >>= 1)
        if (word + step <= count && rows->shown_sums.items[word + step - 1] <= n) {
            word += step;
            n -= rows->shown_sums.items[word - 1];
        }
    if (word >= count)
        return rows->rows.count;
    uint64_t bits = rows->shown.items[word];
    for (; n > 0 && bits; n--)
        bits &= bits - 1; /* drops the lowest */
    return (size_t)word * WORD + (bits ? (size_t)__builtin_ctzll(bits) : 0);
}

size_t ladder_rows_until(const struct ladder_rows *rows, uint32_t event)
{
    size_t low = 0, high = rows->rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows->rows.items[middle].event <= event)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- folding ---- */

void ladder_rows_fold(struct ladder_rows *rows, uint32_t conn, bool is_folded)
{
    if (conn - 1 >= rows->conns.count || !rows->conns.items[conn - 1].first)
        return;
    struct ladder_conn *c = &rows->conns.items[conn - 1];
    c->is_folded = is_folded;
    for (uint32_t at = rows->rows.items[c->first - 1].next; at; at = rows->rows.items[at - 1].next)
        show(rows, at - 1, !is_folded);
}

void ladder_rows_fold_all(struct ladder_rows *rows, bool is_folded)
{
    rows->folds_new = is_folded;
    for (uint32_t conn = 1; conn <= rows->conns.count; conn++)
        ladder_rows_fold(rows, conn, is_folded);
}

bool ladder_rows_is_folded(const struct ladder_rows *rows, uint32_t conn)
{
    return conn - 1 < rows->conns.count && rows->conns.items[conn - 1].is_folded;
}

/* ---- from events to rows ---- */

static struct ladder_conn *conn_of(struct ladder_rows *rows, const struct log *log, uint32_t conn)
{
    if (conn - 1 >= log->conns.count)
        return NULL;
    while (rows->conns.count < conn)
        (void)vector_add(&rows->conns);
    return &rows->conns.items[conn - 1];
}

static void add(struct ladder_rows *rows, struct ladder_row row)
{
    uint32_t number = (uint32_t)rows->rows.count + 1;
    bool is_shown = true;
    if (row.conn) {
        struct ladder_conn *c = &rows->conns.items[row.conn - 1];
        if (c->first)
            rows->rows.items[c->last - 1].next = number;
        else
            c->first = number, c->is_folded = rows->folds_new;
        c->last = number;
        is_shown = c->first == number || !c->is_folded;
    }
    *vector_add(&rows->rows) = row;
    if (rows->shown.count * WORD < rows->rows.count)
        add_word(rows);
    show(rows, number - 1, is_shown);
}

static void take_part(struct ladder_rows *rows, const struct log *log, uint32_t place,
                      bool has_spoken)
{
    if (place == 0 || place > log_place_count(log))
        return;
    while (rows->took_part.count < place) {
        *vector_add(&rows->took_part) = 0;
        *vector_add(&rows->has_spoken) = 0;
    }
    rows->part_count += !rows->took_part.items[place - 1];
    rows->part_count += has_spoken && !rows->has_spoken.items[place - 1];
    rows->took_part.items[place - 1] = 1;
    rows->has_spoken.items[place - 1] |= has_spoken;
}

/* Octets of a message are those between the reply to DATA and the reply to its end. Within TLS they
   are counted before they were encrypted. */
static void count_octets(struct ladder_rows *rows, const struct log *log, const struct event *e)
{
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_tls_data *within = event_as_tls_data(e);
    struct ladder_conn *c = conn_of(rows, log, segment ? segment->conn : within ? within->conn : 0);
    if (!c || !c->is_content)
        return;
    uint32_t conn = segment ? segment->conn : within->conn;
    bool has_tls = conn - 1 < log->tls.count && log->tls.items[conn - 1];
    bool is_back = segment ? e->flags & EVENT_SEGMENT_BACK : within->back;
    if (has_tls != (within != NULL) || is_back || (e->flags & EVENT_SEGMENT_AGAIN))
        return;
    c->octets += (uint32_t)log_text(log, segment ? segment->data : within->data).size;
}

/* The arrow of the message itself comes before what its end leads to. */
static void end_content(struct ladder_rows *rows, const struct log *log, uint32_t id, uint32_t conn)
{
    struct ladder_conn *c = conn_of(rows, log, conn);
    if (!c || !c->is_content)
        return;
    uint32_t octets = c->octets > END_OF_DATA ? c->octets - END_OF_DATA : 0;
    c->is_content = false;
    c->octets = 0;
    c->messages++;
    if (octets)
        add(rows, (struct ladder_row){
                      .event = id, .conn = conn, .octets = octets, .kind = LADDER_CONTENT});
}

static void follow_turn(struct ladder_rows *rows, const struct log *log, const struct event *e,
                        uint32_t id)
{
    struct turn turn;
    const struct event_accept *accept = event_as_accept(e);
    if (accept)
        end_content(rows, log, id, accept->conn);
    if (!turn_read(log, e, &turn))
        return;
    struct ladder_conn *c = conn_of(rows, log, turn.conn);
    if (!c)
        return;
    c->turns++;
    if (turn.is_reply && slice_equal(turn.verb, SLICE("DOT")))
        end_content(rows, log, id, turn.conn);
    if (turn.is_reply && turn.code == 354)
        c->is_content = true;
    bool is_fetched = turn.is_data && turn.msg;
    struct turn asked = {.protocol = turn.protocol, .verb = turn.verb};
    if (turn.is_reply && turn.protocol == TURN_POP3)
        is_fetched = turn.outcome != TURN_OUTCOME_BAD && turn_carries_message(&asked, NULL);
    c->messages += is_fetched;
}

static void note_failure(struct ladder_rows *rows, const struct log *log, const struct event *e)
{
    const struct event_tcp_open *open = event_as_tcp_open(e);
    struct ladder_conn *c = open ? conn_of(rows, log, open->conn) : NULL;
    if (c)
        c->has_failed = !slice_equal(log_text(log, open->result), SLICE("ok"));
}

static void add_event(struct ladder_rows *rows, const struct log *log, uint32_t id)
{
    const struct event *e = log_at(log, id);
    uint32_t conn = index_conn_of(e);
    enum ladder_kind kind;
    if (!ladder_is_row(log, e, conn_of(rows, log, conn), &kind))
        return;
    if (rows->rows.count && e->t - rows->t >= INDEX_LEAP_NS)
        add(rows, (struct ladder_row){.event = id, .kind = LADDER_GAP});
    rows->t = e->t;
    follow_turn(rows, log, e, id);
    note_failure(rows, log, e);
    bool is_of_conn = kind == LADDER_ARROW && conn_of(rows, log, conn);
    add(rows, (struct ladder_row){.event = id, .conn = is_of_conn ? conn : 0, .kind = kind});
    uint32_t sides[2];
    ladder_sides(log, e, kind, &sides[0], &sides[1]);
    for (int i = 0; i < 2; i++) {
        take_part(rows, log, sides[i], true);
        take_part(rows, log, log_host_of(log, sides[i]), false);
    }
}

void ladder_rows_update(struct ladder_rows *rows, const struct log *log)
{
    for (; rows->seen < log_count(log); rows->seen++) {
        count_octets(rows, log, log_at(log, rows->seen));
        add_event(rows, log, rows->seen);
    }
}
