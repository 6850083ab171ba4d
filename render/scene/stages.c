#include "render/scene/stages.h"

#include "agents/mail/header.h"
#include "sim/trace/step.h"

void stages_finish(struct stages *stages)
{
    vector_finish(&stages->hops);
    vector_finish(&stages->next);
    vector_finish(&stages->first);
    vector_finish(&stages->last);
    vector_finish(&stages->count);
    vector_finish(&stages->ids);
    *stages = (struct stages){0};
}

static bool is_stage(const struct event *e)
{
    return e->kind == EVENT_MESSAGE || e->kind == EVENT_ACCEPT || e->kind == EVENT_DELIVER ||
           e->kind == EVENT_FETCH;
}

static void add(struct stages *stages, uint32_t id, uint32_t msg)
{
    *vector_add(&stages->hops) = id;
    *vector_add(&stages->next) = 0;
    uint32_t place = (uint32_t)stages->hops.count;
    while (stages->first.count < msg) {
        *vector_add(&stages->first) = 0;
        *vector_add(&stages->last) = 0;
        *vector_add(&stages->count) = 0;
    }
    uint32_t last = stages->last.items[msg - 1];
    if (last)
        stages->next.items[last - 1] = place;
    else
        stages->first.items[msg - 1] = place;
    stages->last.items[msg - 1] = place;
    stages->count.items[msg - 1]++;
}

void stages_update(struct stages *stages, const struct log *log)
{
    for (; stages->seen < log_count(log); stages->seen++) {
        const struct event *e = log_at(log, stages->seen);
        uint32_t msg = is_stage(e) ? step_msg(e) : 0;
        if (msg && msg <= log->msgs.count)
            add(stages, stages->seen, msg);
    }
}

/* Only what came to it since the last time is gone through. */
static void list(struct stages *stages, uint32_t msg)
{
    if (stages->msg != msg) {
        vector_clear(&stages->ids);
        stages->msg = msg;
        stages->listed = 0;
        stages->tail = 0;
    }
    uint32_t total = msg && msg <= stages->count.count ? stages->count.items[msg - 1] : 0;
    while (stages->listed < total) {
        stages->tail =
            stages->tail ? stages->next.items[stages->tail - 1] : stages->first.items[msg - 1];
        *vector_add(&stages->ids) = stages->hops.items[stages->tail - 1];
        stages->listed++;
    }
}

size_t stages_count(struct stages *stages, const struct log *log, uint32_t msg, int64_t t)
{
    list(stages, msg);
    uint32_t until = log_count_until(log, t);
    size_t low = 0, high = stages->ids.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stages->ids.items[middle] < until)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Who has it now, and which texts say so. */
static uint32_t read_stage(const struct event *e, uint32_t *conn, uint32_t *header, uint32_t *body)
{
    const struct event_message *message = event_as_message(e);
    const struct event_accept *accept = event_as_accept(e);
    const struct event_deliver *deliver = event_as_deliver(e);
    const struct event_fetch *fetch = event_as_fetch(e);
    *conn = accept ? accept->conn : 0;
    *header = message   ? message->content
              : accept  ? accept->header
              : deliver ? deliver->header
                        : fetch->header;
    *body = message ? 0 : accept ? accept->body : deliver ? deliver->body : fetch->body;
    return message ? message->by : accept ? accept->at : deliver ? deliver->at : fetch->by;
}

bool stages_read(const struct log *log, uint32_t event, struct stage *stage)
{
    uint32_t header, body;
    if (event >= log_count(log) || !is_stage(log_at(log, event)))
        return false;
    *stage = (struct stage){.event = event};
    stage->place = read_stage(log_at(log, event), &stage->conn, &header, &body);
    header_split(log_text(log, header), &stage->header, &stage->body);
    if (stage->body.size == 0)
        stage->body = log_text(log, body);
    return true;
}

struct stage stages_at(const struct stages *stages, const struct log *log, size_t i)
{
    struct stage stage = {0};
    (void)stages_read(log, stages->ids.items[i], &stage);
    return stage;
}

/* Who handed it on: the client of the connection; for a reader the box that it was in. */
static bool is_source(const struct log *log, const struct event *e, const struct event *before)
{
    uint32_t conn, header, body, unused;
    uint32_t place = read_stage(e, &conn, &header, &body);
    uint32_t earlier = read_stage(before, &unused, &header, &body);
    const struct event_fetch *fetch = event_as_fetch(e);
    const struct event_deliver *deliver = event_as_deliver(before);
    if (fetch)
        return deliver && deliver->box == fetch->box;
    const struct event_tcp_connect *asked = log_conn(log, conn);
    return log_host_of(log, earlier) == log_host_of(log, asked ? asked->from : place);
}

size_t stages_before(const struct stages *stages, const struct log *log, size_t i)
{
    enum { LOOK_BACK = 4096 };
    const uint32_t *ids = stages->ids.items;
    for (size_t n = 1; n <= i && n <= LOOK_BACK; n++)
        if (is_source(log, log_at(log, ids[i]), log_at(log, ids[i - n])))
            return i - n;
    return i ? i - 1 : 0;
}
