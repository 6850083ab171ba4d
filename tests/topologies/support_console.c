#include "support_console.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "sim/base/vtime.h"

void support_type(struct world *world, const char *host, const char *line)
{
    struct bytes action;
    struct problem problem = {0};
    bytes_init(&action, 8 * 1024 * 1024);
    cr_assert(bytes_printf(&action, "type %s text=\"", host));
    for (const char *c = line; *c; c++) {
        if (*c == '"' || *c == '\\')
            cr_assert(bytes_append_octet(&action, '\\'));
        cr_assert(bytes_append_octet(&action, *c));
    }
    cr_assert(bytes_append(&action, SLICE("\n\"")));
    cr_assert(world_do(world, world_now(world), bytes_slice(&action), &problem), "%s",
              problem.what);
    world_run_quiet(world, world_now(world) + 40 * VTIME_S);
    bytes_finish(&action);
}

void support_screen(const struct log *log, const char *host, struct bytes *out)
{
    uint32_t place = log_find_place(log, slice_of(host));
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_console *e = event_as_console(log_at(log, id));
        if (e && log_host_of(log, e->at) == log_host_of(log, place))
            cr_assert(bytes_append(out, log_text(log, e->text)));
    }
}

bool support_shows(const struct log *log, const char *host, const char *text)
{
    struct bytes screen;
    bytes_init(&screen, 64 * 1024 * 1024);
    support_screen(log, host, &screen);
    bool shows = slice_find(bytes_slice(&screen), slice_of(text), 0) != SLICE_NONE;
    if (!shows)
        printf("no \"%s\" on the screen of %s:\n%.*s\n", text, host,
               SLICE_ARG(slice_part(bytes_slice(&screen), 0, 20000)));
    bytes_finish(&screen);
    return shows;
}
