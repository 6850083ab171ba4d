/*
 * A long export at the terminal: after a second a line on standard error says how far it is, when
 * that is a terminal, and is wiped away at the end; Ctrl+C, a hang-up and a request to end are
 * taken as "break it off".
 *
 *     struct progress progress;
 *     options.watch = progress_begin(&progress, line->err, path);
 *     bool ok = export_write(log, path, &options, problem);
 *     if (progress_end(&progress)) ... it was broken off
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <signal.h>
#include <stdint.h>

#include "export/watched.h"

struct progress {
    struct export_watch watch;
    FILE *err;
    const char *path;
    int64_t start_ns, shown_ns; /* shown 0: nothing is shown */
    sigset_t waited, before;    /* signals that are asked for, and how they were treated */
    bool is_terminal, is_broken_off;
};

/* The signals wait from here on, so that nothing half-written stays. `path` is borrowed. */
const struct export_watch *progress_begin(struct progress *progress, FILE *err, const char *path);
/* True when it was broken off. */
bool progress_end(struct progress *progress);

#endif
