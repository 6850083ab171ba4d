#include "render/view/states_diagram.h"

#include <stdio.h>
#include <string.h>

/* ---- what is drawn, from the rules ---- */

static struct edge *edge_between(struct diagram *d, int from, int to)
{
    for (int i = 0; i < d->edge_count; i++)
        if (d->edges[i].from == from && d->edges[i].to == to)
            return &d->edges[i];
    if (d->edge_count == EDGES_MAX)
        return NULL;
    d->edges[d->edge_count] = (struct edge){.from = from, .to = to};
    return &d->edges[d->edge_count++];
}

void states_diagram_label(struct edge *edge, const char *label)
{
    size_t size = strlen(edge->label);
    if (size + strlen(label) + 2 < sizeof edge->label)
        snprintf(edge->label + size, sizeof edge->label - size, "%s%s", size ? " " : "", label);
}

/* What can be said nearly everywhere would be an arrow from everywhere: it is drawn once, from
   where it is said first, and not at all where it is the end. The words below name it all the same.
 */
static bool is_drawn(enum turn_protocol protocol, int verb, int from)
{
    int places = 0, first = -1;
    for (int state = 0; state < states_count(protocol); state++)
        if (states_is_legal(protocol, state, verb) &&
            states_after(protocol, state, verb) != state) {
            first = first < 0 ? state : first;
            places++;
        }
    bool is_end = states_is_end(protocol, states_after(protocol, from, verb));
    return places <= 2 || (from == first && !is_end);
}

static void read_verb(struct diagram *d, int verb)
{
    for (int from = 0; from < states_count(d->protocol); from++) {
        if (!states_is_legal(d->protocol, from, verb))
            continue;
        int to = states_after(d->protocol, from, verb);
        bool is_way = to != from && is_drawn(d->protocol, verb, from);
        struct edge *edge = is_way ? edge_between(d, from, to) : NULL;
        if (edge) {
            states_diagram_label(edge, states_verb(d->protocol, verb));
            edge->is_rule = true;
        }
    }
}

void states_diagram_read(struct diagram *d, enum turn_protocol protocol)
{
    int from, to;
    const char *label;
    d->protocol = protocol;
    for (int verb = 0; verb < states_verb_count(protocol); verb++)
        if (states_verb(protocol, verb))
            read_verb(d, verb);
    for (int i = 0; states_way(protocol, i, &from, &to, &label); i++) {
        struct edge *edge = edge_between(d, from, to);
        if (edge) {
            states_diagram_label(edge, label);
            edge->is_rule = true;
        }
    }
}

/* ---- where this session has been ---- */

static void pass(struct diagram *d, int to, struct slice verb)
{
    if (to == d->now)
        return;
    struct edge *edge = edge_between(d, d->now, to);
    for (int i = 0; i < d->edge_count; i++)
        d->edges[i].is_last = false;
    if (edge) {
        if (!edge->label[0])
            snprintf(edge->label, sizeof edge->label, "%.*s", SLICE_ARG(slice_part(verb, 0, 20)));
        edge->passed++;
        edge->is_last = true;
    }
    d->is_seen[to] = true;
    d->before = d->now;
    d->now = to;
}

static struct slice verb_of(const struct dialogue_turns *turns, const struct log *log, size_t place)
{
    struct turn turn;
    return turn_read(log, log_at(log, turns->turns.items[place].event), &turn) ? turn.verb
                                                                               : SLICE("");
}

/* A dialogue of thousands of turns goes round in the same few states: its end tells enough. */
void states_diagram_follow(struct diagram *d, const struct dialogue_turns *turns,
                           const struct log *log, int64_t t)
{
    enum { TURNS_MAX = 400 };
    size_t known = dialogue_turns_below(turns, log_count_until(log, t));
    size_t from = known > TURNS_MAX ? known - TURNS_MAX : 0;
    uint32_t up = turns->conn - 1 < log->tls.count ? log->tls.items[turns->conn - 1] : 0;
    d->now = from ? turns->turns.items[from - 1].state : 0;
    d->is_seen[d->now] = true;
    for (size_t i = from; i < known; i++) {
        const struct dialogue_turn *turn = &turns->turns.items[i];
        bool is_first_within = up && turn->event > up && i && turns->turns.items[i - 1].event < up;
        if (is_first_within) /* the handshake has led somewhere, too */
            pass(d, turn->state, SLICE("TLS"));
        if (turn->is_reply)
            pass(d, turn->state, verb_of(turns, log, i));
    }
    size_t next = known;
    while (next < turns->turns.count && !turns->turns.items[next].is_reply)
        next++;
    pass(d, dialogue_turns_server_at(turns, t),
         next < turns->turns.count ? verb_of(turns, log, next) : SLICE(""));
}

/* ---- columns and rows ---- */

int states_diagram_columns(const struct diagram *d, int column[STATES_MAX])
{
    int count = states_count(d->protocol), most = 0;
    for (int i = 0; i < count; i++)
        column[i] = i ? -1 : 0;
    for (int round = 0; round < count; round++)
        for (int i = 0; i < d->edge_count; i++) {
            const struct edge *e = &d->edges[i];
            if (e->is_rule && column[e->from] == round && column[e->to] < 0) {
                column[e->to] = round + 1;
                most = round + 1;
            }
        }
    for (int i = 0; i < count; i++)
        if (column[i] < 0)
            column[i] = ++most;
    return most + 1;
}

/* How far it still goes on from there to the right. */
static int way_on(const struct diagram *d, const int column[STATES_MAX], int state, int depth)
{
    int longest = 0;
    for (int i = 0; depth < STATES_MAX && i < d->edge_count; i++) {
        const struct edge *e = &d->edges[i];
        if (e->is_rule && e->from == state && column[e->to] > column[state]) {
            int on = 1 + way_on(d, column, e->to, depth + 1);
            longest = on > longest ? on : longest;
        }
    }
    return longest;
}

int states_diagram_rows(const struct diagram *d, const int column[STATES_MAX], int row[STATES_MAX])
{
    int used[STATES_MAX] = {0}, count = states_count(d->protocol), most = 1;
    for (int pass_number = 0; pass_number < 2; pass_number++)
        for (int i = 0; i < count; i++)
            if ((way_on(d, column, i, 0) >= 2) == (pass_number == 0)) {
                row[i] = used[column[i]]++;
                most = row[i] + 1 > most ? row[i] + 1 : most;
            }
    return most;
}
