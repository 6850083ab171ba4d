#include "support_dns.h"

#include <string.h>

static bool is_text(const struct log *log, uint32_t text, const char *wanted)
{
    return !wanted || !*wanted || slice_equal_fold(log_text(log, text), slice_of(wanted));
}

/* An agent is at its host, too. */
static bool is_place(const struct log *log, uint32_t place, const char *wanted)
{
    uint32_t p = wanted && *wanted ? log_find_place(log, slice_of(wanted)) : place;
    return place == p || (place && log_host_of(log, place) == p);
}

uint32_t support_queries(const struct log *log, uint32_t from, const char *to, const char *name,
                         const char *type)
{
    uint32_t count = 0;
    for (uint32_t id = from; id < log_count(log); id++) {
        const struct event_dns_query *e = event_as_dns_query(log_at(log, id));
        count += e && is_place(log, e->to, to) && is_text(log, e->name, name) &&
                 is_text(log, e->type, type);
    }
    return count;
}

uint32_t support_answers(const struct log *log, uint32_t from, const char *by, const char *to,
                         const char *name, const char *rcode)
{
    uint32_t count = 0;
    for (uint32_t id = from; id < log_count(log); id++) {
        const struct event_dns_answer *e = event_as_dns_answer(log_at(log, id));
        count += e && is_place(log, e->from, by) && is_place(log, e->to, to) &&
                 is_text(log, e->name, name) && is_text(log, e->rcode, rcode);
    }
    return count;
}

const char *support_last_data(const struct log *log, const char *to, const char *name,
                              const char *type)
{
    for (uint32_t id = log_count(log); id-- > 0;) {
        const struct event_dns_answer *e = event_as_dns_answer(log_at(log, id));
        if (e && is_place(log, e->to, to) && is_text(log, e->name, name) &&
            is_text(log, e->type, type))
            return log_text(log, e->data).data;
    }
    return "";
}

uint32_t support_opens(const struct log *log, uint32_t from, const char *source, const char *target,
                       const char *result)
{
    uint32_t count = 0;
    for (uint32_t id = from; id < log_count(log); id++) {
        const struct event_tcp_connect *c = event_as_tcp_connect(log_at(log, id));
        if (!c || !is_place(log, c->from, source) || !is_place(log, c->to, target))
            continue;
        for (uint32_t later = id; later < log_count(log); later++) {
            const struct event_tcp_open *o = event_as_tcp_open(log_at(log, later));
            count += o && o->conn == c->conn && is_text(log, o->result, result);
        }
    }
    return count;
}
