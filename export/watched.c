#define _GNU_SOURCE /* fopencookie */
#include "export/watched.h"

#include "sim/base/check.h"

bool watched_go_on(const struct export_watch *watch, uint64_t octets)
{
    return !watch || watch->go_on(watch->context, octets);
}

/* Gives 0 to refuse: that is an error of the stream, and who writes to it stops then. */
static ssize_t pass_on(void *context, const char *data, size_t size)
{
    struct watched *w = context;
    w->is_broken_off = w->is_broken_off || !watched_go_on(w->watch, w->octets);
    if (w->is_broken_off)
        return 0;
    size_t written = fwrite(data, 1, size, w->to);
    w->octets += written;
    return (ssize_t)written;
}

FILE *watched_begin(struct watched *w, FILE *to, const struct export_watch *watch)
{
    *w = (struct watched){.to = to, .watch = watch};
    if (!watch)
        return to;
    w->out = fopencookie(w, "w", (cookie_io_functions_t){.write = pass_on});
    check(w->out);
    return w->out;
}

bool watched_end(struct watched *w)
{
    if (w->out)
        (void)fclose(w->out); /* what went wrong is in w->to */
    w->out = NULL;
    return !w->is_broken_off;
}
