/* The format `events`: one line in words for each event. */
#include <inttypes.h>

#include "export/export.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "sim/base/vtime.h"

bool events_write(const struct log *log, FILE *out, const struct export_options *options,
                  struct problem *problem)
{
    char time[VTIME_TEXT];
    struct bytes line;
    (void)problem;
    bytes_init(&line, SIZE_MAX);
    for (uint32_t id = 0; id < log_count(log) && !ferror(out); id++) {
        const struct event *e = log_at(log, id);
        bytes_clear(&line);
        phrase_event(log, e, options->is_ascii ? PRINTABLE_ASCII : 0, &line);
        char cause[16] = "";
        if (id > 0)
            snprintf(cause, sizeof cause, "<%" PRIu32, e->cause);
        fprintf(out, "%.*s %6" PRIu32 " %-6s %-12s %.*s\n",
                SLICE_ARG(vtime_print_clock(log_epoch_s(log), e->t, time)), id, cause,
                event_kinds[e->kind].name, SLICE_ARG(bytes_slice(&line)));
    }
    bytes_finish(&line);
    return true;
}
