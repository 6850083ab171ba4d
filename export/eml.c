/* A delivered message, octet for octet (RFC 5322). */
#include "export/export.h"

/* The deliver event of the copy that came last, of this message or of any (0). */
static const struct event_deliver *find_copy(const struct log *log, uint32_t message)
{
    for (uint32_t id = log_count(log); id-- > 0;) {
        const struct event_deliver *deliver = event_as_deliver(log_at(log, id));
        if (deliver && (message == 0 || deliver->msg == message))
            return deliver;
    }
    return NULL;
}

bool eml_write(const struct log *log, FILE *out, const struct export_options *options,
               struct problem *problem)
{
    const struct event_deliver *copy = find_copy(log, options->message);
    if (!copy && options->message)
        return problem_set(problem, "no copy of message %u was delivered",
                           (unsigned)options->message);
    if (!copy)
        return problem_set(problem, "no message was delivered");
    struct slice header = log_text(log, copy->header), body = log_text(log, copy->body);
    fwrite(header.data, 1, header.size, out);
    fwrite(body.data, 1, body.size, out);
    return true;
}
