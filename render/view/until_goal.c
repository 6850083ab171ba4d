/* What a run goes on until, as a question that is asked of each event. */
#include "render/view/time_panels.h"
#include "sim/trace/turn.h"

static bool is_bounce(const struct log *log, const struct event *e)
{
    const struct event_dsn *dsn = event_as_dsn(e);
    return e->kind == EVENT_QUEUE_GIVEUP ||
           (dsn && slice_equal(log_text(log, dsn->action), SLICE("failed")));
}

static bool has_outcome(const struct log *log, const struct event *e, enum turn_outcome outcome)
{
    struct turn turn;
    return turn_read(log, e, &turn) && turn.is_reply && turn.outcome == outcome;
}

static bool is_hop(const struct event *e)
{
    return e->kind == EVENT_MESSAGE || e->kind == EVENT_ACCEPT || e->kind == EVENT_DELIVER ||
           e->kind == EVENT_FETCH || e->kind == EVENT_QUEUE_DEFER ||
           e->kind == EVENT_QUEUE_GIVEUP || e->kind == EVENT_RELAY;
}

/* Mail has come to the host, or somebody has connected to it, or asked it for a name. */
static bool reaches(const struct log *log, const struct event *e, const struct until_goal *goal)
{
    const struct event_tcp_open *open = event_as_tcp_open(e);
    const struct event_tcp_connect *asked = open ? log_conn(log, open->conn) : NULL;
    const struct event_dns_query *query = event_as_dns_query(e);
    if (goal->msg || e->kind == EVENT_ACCEPT || e->kind == EVENT_DELIVER || e->kind == EVENT_FETCH)
        return (e->kind == EVENT_ACCEPT || e->kind == EVENT_DELIVER || e->kind == EVENT_FETCH) &&
               log_place_is(log, e->v[0], goal->host);
    if (asked)
        return slice_equal(log_text(log, open->result), SLICE("ok")) &&
               log_place_is(log, asked->to, goal->host);
    return query && log_place_is(log, query->to, goal->host);
}

static bool is_kind(const struct log *log, const struct event *e, const struct until_goal *goal)
{
    switch (goal->kind) {
    case UNTIL_DELIVERED:
        return e->kind == EVENT_DELIVER;
    case UNTIL_BOUNCED:
        return is_bounce(log, e);
    case UNTIL_REFUSED:
        return has_outcome(log, e, TURN_OUTCOME_BAD);
    case UNTIL_LATER:
        return has_outcome(log, e, TURN_OUTCOME_LATER);
    case UNTIL_HOST:
        return goal->host && reaches(log, e, goal);
    case UNTIL_MESSAGE:
        return goal->msg && is_hop(e);
    case UNTIL_FAULT:
        return e->kind == EVENT_FAULT;
    case UNTIL_EVENT:
        return (enum event_kind)e->kind == goal->event;
    case UNTIL_TIME:
        return e->t >= goal->t;
    case UNTIL_KIND_COUNT:
        break;
    }
    return false;
}

/* A fault or a time is nobody's message. */
bool until_is_met(const struct log *log, const struct event *e, const struct until_goal *goal)
{
    bool is_of_all = goal->kind == UNTIL_FAULT || goal->kind == UNTIL_TIME;
    if (!is_kind(log, e, goal))
        return false;
    return is_of_all || !goal->msg || index_msg_of(e) == goal->msg;
}

static uint32_t find_back(const struct log *log, int64_t t, const struct until_goal *goal)
{
    for (uint32_t id = log_count_until(log, t - 1); id-- > 0;)
        if (until_is_met(log, log_at(log, id), goal))
            return id;
    return INDEX_NO_EVENT;
}

uint32_t until_find(const struct log *log, int64_t t, const struct until_goal *goal, bool is_back)
{
    if (is_back)
        return find_back(log, t, goal);
    for (uint32_t id = log_count_until(log, t); id < log_count(log); id++)
        if (until_is_met(log, log_at(log, id), goal))
            return id;
    return INDEX_NO_EVENT;
}

/* ---- a time, as a person types it ---- */

/* "09:03", "09:03:00.5": hours, minutes, and seconds if any. */
static bool parse_clock(struct slice text, int64_t *of_day)
{
    struct slice hours, minutes;
    uint64_t h, m;
    int64_t seconds = 0;
    if (!slice_cut(&text, ':', &hours) || !slice_to_u64(hours, &h) || h >= 24 ||
        !slice_cut(&text, ':', &minutes) || !slice_to_u64(minutes, &m) || m >= 60)
        return false;
    bool has_digit = text.size && text.data[0] >= '0' && text.data[0] <= '9';
    if (text.size && (!has_digit || !vtime_parse(text, &seconds) || seconds >= VTIME_MIN))
        return false;
    *of_day = (int64_t)h * VTIME_H + (int64_t)m * VTIME_MIN + seconds;
    return true;
}

bool until_parse_time(const struct log *log, int64_t t, struct slice text, int64_t *target)
{
    int64_t value;
    text = slice_trim(text);
    bool is_back = text.size && text.data[0] == '-', is_on = text.size && text.data[0] == '+';
    if (is_back || is_on) {
        if (!vtime_parse(slice_trim(slice_part(text, 1, text.size)), &value) ||
            value > INT64_MAX / 4 || t > INT64_MAX / 4)
            return false;
        *target = is_back ? t - value : t + value;
    } else if (slice_find_octet(text, ':', 0) != SLICE_NONE) {
        int64_t start = log_epoch_s(log) % 86400 * VTIME_S; /* of its day */
        if (!parse_clock(text, &value))
            return false;
        *target = (t + start) / VTIME_DAY * VTIME_DAY + value - start;
    } else {
        if (!vtime_parse(text, &value))
            return false;
        *target = value;
    }
    if (*target < 0)
        *target = 0;
    return true;
}
