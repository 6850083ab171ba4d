#include "export/copies.h"

#include "agents/mail/header.h"
#include "sim/base/problem.h"

/* The store's Return-Path (RFC 5321 4.4); without one what the message came into being with. */
static struct slice sender_of(const struct log *log, const struct event_deliver *deliver)
{
    struct header_field field;
    const struct event_message *message = log_msg(log, deliver->msg);
    if (!header_find(log_text(log, deliver->header), SLICE("Return-Path"), 1, &field))
        return message ? log_text(log, message->from) : SLICE("");
    struct slice path = slice_trim(field.value);
    if (slice_starts(path, SLICE("<")) && slice_ends(path, SLICE(">")))
        path = slice_part(path, 1, path.size - 1);
    return path;
}

bool copies_next(const struct log *log, uint32_t message, uint32_t *id, struct copy *copy)
{
    while (*id < log_count(log)) {
        const struct event *e = log_at(log, (*id)++);
        const struct event_deliver *deliver = event_as_deliver(e);
        if (!deliver || (message && deliver->msg != message))
            continue;
        *copy = (struct copy){.at = deliver->at,
                              .t = e->t,
                              .sender = sender_of(log, deliver),
                              .header = log_text(log, deliver->header),
                              .body = log_text(log, deliver->body)};
        return true;
    }
    return false;
}

bool copies_none(uint32_t message, struct problem *problem)
{
    return message ? problem_set(problem, "no copy of message %u was delivered", (unsigned)message)
                   : problem_set(problem, "no message was delivered");
}
