/* What waits, for a person at the host's console. */
#include "agents/roles/queue_part.h"

/* The rest of a line that does not fit is left out, and what follows. */
static void print_recipient(const struct waiting_recipient *r, struct bytes *out)
{
    static const char *const states[] = {[WAITING_OPEN] = "",
                                         [WAITING_UNDER_WAY] = " (on its way now)",
                                         [WAITING_DONE] = " (done)",
                                         [WAITING_FAILED] = " (failed)",
                                         [WAITING_TOLD] = " (failed)"};
    struct slice reason = waiting_reason(r);
    if (r->state == WAITING_DONE || r->state == WAITING_TOLD)
        return;
    (void)bytes_printf(out, "  %.*s%s\n", SLICE_ARG(slice_part(r->path, 0, 320)), states[r->state]);
    if (reason.size > 0 && r->state != WAITING_UNDER_WAY)
        (void)bytes_printf(out, "    (%s%s%.*s)\n", r->outcome->server,
                           r->outcome->server[0] ? ": " : "", SLICE_ARG(reason));
}

static void print_waiting(const struct queue *q, const struct waiting *w, struct bytes *out)
{
    char clock[VTIME_TEXT], age[VTIME_TEXT], next[VTIME_TEXT];
    const struct sim *sim = q->office->sim;
    struct slice from = w->mail.reverse_path;
    int64_t seconds = (sim->now - w->arrival_t) / VTIME_S;
    (void)bytes_printf(out, "%.*s  %zu octets  since %.*s (%.*s)  from <%.*s>\n",
                       SLICE_ARG(w->mail.id), w->mail.header.size + w->mail.body.size,
                       SLICE_ARG(vtime_print_clock(sim->epoch_s, w->arrival_t, clock)),
                       SLICE_ARG(vtime_print(seconds * VTIME_S, age)),
                       SLICE_ARG(slice_part(from, 0, 320)));
    for (size_t i = 0; i < w->mail.recipient_count; i++)
        print_recipient(&w->recipients[i], out);
    if (w->attempt > 0 && w->next_t > sim->now && w->next_t != VTIME_NEVER)
        (void)bytes_printf(out, "    %u tried; next at %.*s\n", (unsigned)w->attempt,
                           SLICE_ARG(vtime_print_clock(sim->epoch_s, w->next_t, next)));
}

void queue_print(const struct queue *q, struct bytes *out)
{
    for (size_t i = 0; i < q->slots.count; i++)
        if (q->slots.items[i])
            print_waiting(q, q->slots.items[i], out);
}
