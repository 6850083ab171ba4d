/*
 * "cut out:mx1": the connection between two hosts that was made last, or "cut 12" that one, is cut
 * like a cable, now. What is on its way is lost, and both ends have to find out by waiting.
 */
#include "topologies/world_inner.h"

static uint32_t host_of(const struct world *w, struct slice id)
{
    return log_host_of(&w->sim.log, world_find_place(w, id));
}

/* Its close is looked for from the end, where it is if there is one at all. */
static bool is_over(const struct log *log, uint32_t conn)
{
    for (uint32_t id = log_count(log); id-- > 0;) {
        const struct event *e = log_at(log, id);
        const struct event_tcp_close *close = event_as_tcp_close(e);
        const struct event_tcp_connect *connect = event_as_tcp_connect(e);
        if (close && close->conn == conn)
            return true;
        if (connect && connect->conn == conn)
            return false;
    }
    return true;
}

static uint32_t last_between(const struct world *w, uint32_t a, uint32_t b)
{
    const struct log *log = &w->sim.log;
    for (uint32_t id = log_count(log); id-- > 0;) {
        const struct event_tcp_connect *e = event_as_tcp_connect(log_at(log, id));
        if (!e)
            continue;
        uint32_t from = log_host_of(log, e->from), to = log_host_of(log, e->to);
        if ((from == a && to == b) || (from == b && to == a))
            return e->conn;
    }
    return 0;
}

static bool check_cut(struct world *w, const struct action *a, struct problem *problem)
{
    struct slice b = a->words[0], first;
    uint64_t number;
    if (slice_to_u64(b, &number))
        return true;
    slice_cut(&b, ':', &first);
    return (host_of(w, first) && host_of(w, b)) ||
           problem_set(problem, "cut needs %s, as in: %s", action_forms[ACTION_CUT].needs,
                       action_forms[ACTION_CUT].example);
}

static bool cut(struct world *w, const struct action *a, struct problem *problem)
{
    struct slice b = a->words[0], first;
    uint64_t conn;
    if (!slice_to_u64(b, &conn)) {
        slice_cut(&b, ':', &first);
        conn = last_between(w, host_of(w, first), host_of(w, b));
    }
    if (conn == 0 || conn > UINT32_MAX || is_over(&w->sim.log, (uint32_t)conn))
        return problem_set(problem, "there is no open connection %.*s",
                           SLICE_ARG(slice_part(a->words[0], 0, 80)));
    net_cut_conn(w->net, (uint32_t)conn);
    return true;
}

const struct world_verb world_cut = {check_cut, cut};
