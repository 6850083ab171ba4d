/* Lists that are longer than the window: each row is come to by wheel and by keys. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "render/view/doing.h"
#include "render/view/time_panels.h"
#include "sim/base/vtime.h"
#include "tests/view/support_doing.h"

enum { OFFERED = 30 };

static void begin_with_faults(struct doer *d)
{
    doer_begin(d);
    struct log *log = &d->story.log;
    for (int i = 0; i < OFFERED; i++) {
        char id[16], label[32];
        snprintf(id, sizeof id, "fault%d", i);
        snprintf(label, sizeof label, "trouble number %d", i);
        struct event_palette p = {story_text(&d->story, id), story_text(&d->story, label),
                                  story_text(&d->story, "host-down"), story_text(&d->story, "mx1")};
        log_add(log, 0, 0, EVENT_PALETTE, 0, &p);
    }
}

Test(choose, tab_comes_to_every_fault_and_each_is_seen_when_it_has_the_focus)
{
    struct doer d;
    begin_with_faults(&d);
    doer_key(&d, 'f');
    int seen = 0;
    for (int i = 0; i < 3 * OFFERED; i++) {
        unsigned number;
        if (sscanf(d.view->ui.focus, "fault-fault%u", &number) == 1 && number == (unsigned)seen) {
            seen++;
            cr_expect(doer_has(&d, d.view->ui.focus), "%s", d.view->ui.focus);
        }
        doer_key(&d, INPUT_KEY_TAB);
    }
    cr_expect_eq(seen, OFFERED);
    doer_end(&d);
}

Test(choose, the_wheel_comes_to_the_last_fault_while_the_first_has_the_focus)
{
    struct doer d;
    begin_with_faults(&d);
    doer_key(&d, 'f');
    cr_expect_not(doer_has(&d, "fault-fault29"));
    for (int i = 0; i < OFFERED; i++) {
        view_input(d.view, &(struct input_event){.kind = INPUT_MOVE, .x = 640, .y = 400});
        view_input(d.view,
                   &(struct input_event){.kind = INPUT_WHEEL, .x = 640, .y = 400, .wheel = -1});
        doer_draw(&d);
    }
    cr_expect(doer_has(&d, "fault-fault29"));
    doer_press(&d, "fault-fault29");
    doer_expect(&d, "fault fault29 on");
    doer_end(&d);
}

Test(choose, tab_comes_to_every_bookmark)
{
    struct doer d;
    doer_begin(&d);
    for (int i = 0; i < OFFERED; i++)
        cr_assert(bookmark_add(d.view, i * VTIME_MS, SLICE("a moment")));
    doer_key(&d, 'd');
    bool is_seen = false;
    for (int i = 0; i < 3 * OFFERED; i++) {
        is_seen |= strcmp(d.view->ui.focus, "bookmark-30") == 0 && doer_has(&d, "bookmark-30");
        doer_key(&d, INPUT_KEY_TAB);
    }
    cr_expect(is_seen);
    doer_end(&d);
}
