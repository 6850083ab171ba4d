#include "app/looking_on.h"

#include <stdio.h>

#include "render/view/tr.h"

enum { ASK_MS = 50, SILENT_MS = 500, SHOW_MS = 250 };

static void ask(struct looking_on *l)
{
    struct input_event event;
    while (window_poll(l->window, &event)) {
        l->is_over |= event.kind == INPUT_QUIT;
        l->is_broken_off |=
            l->is_over || (event.kind == INPUT_KEY && event.key == INPUT_KEY_ESCAPE);
    }
}

static bool go_on(void *context, uint64_t octets)
{
    struct looking_on *l = context;
    char text[128];
    int64_t now = window_time_ms(l->window);
    if (now - l->asked_ms < ASK_MS)
        return !l->is_broken_off;
    l->asked_ms = now;
    ask(l);
    if (now - l->start_ms < SILENT_MS || (l->shown_ms && now - l->shown_ms < SHOW_MS))
        return !l->is_broken_off;
    l->shown_ms = now;
    snprintf(text, sizeof text, tr("Writing: %d MB. Esc breaks it off"), (int)(octets / 1000000));
    view_notify(l->view, slice_of(text));
    l->draw(l->context);
    return !l->is_broken_off;
}

const struct export_watch *looking_on_begin(struct looking_on *l)
{
    if (!l->window)
        return NULL;
    l->watch = (struct export_watch){go_on, l};
    l->start_ms = l->asked_ms = window_time_ms(l->window);
    return &l->watch;
}
