/* What can be done to a thing is found where the thing is: by the right button, or by key. */
#include <criterion/criterion.h>

#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "tests/view/support_doing.h"

Test(menu, a_host_is_switched_off_from_its_own_menu)
{
    struct doer d;
    doer_begin(&d);
    doer_menu(&d, "host-mx1");
    cr_expect(doer_shows(&d, "Switch it off"));
    doer_press(&d, "menu-down");
    doer_expect(&d, "fault host-down mx1 on");
    cr_expect(!doer_has(&d, "menu-down"), "it closes");
    cr_expect(doer_shows(&d, "Ctrl + Z takes it back"));
    doer_end(&d);
}

Test(menu, each_row_sends_its_line)
{
    static const struct {
        const char *host, *path[3], *line;
    } rows[] = {
        {"host-pc-bob", {"menu-fetch"}, "fetch by=mua-bob"},
        {"host-mx1", {"menu-crash"}, "fault host-crash mx1 on"},
        {"host-mx1", {"menu-faults", "menu-fault-host-down"}, "fault host-down mx1 on"},
        {"host-mx1", {"menu-agent-mta-mx1", "menu-stop"}, "fault agent-down mta-mx1 on"},
        {"host-dns", {"menu-agent-ns", "menu-fault-dns-silent"}, "fault dns-silent ns on"},
        {"host-mx1", {"menu-link-out", "menu-fault-link-cut"}, "fault link-cut out:mx1 on"},
        {"host-mx1", {"menu-link-out", "menu-cut"}, "cut out:mx1"},
        {"host-mx1", {"menu-link-out", "menu-remove-link"}, "link remove out:mx1"},
        {"host-pc-bob",
         {"menu-person", "menu-fault-mailbox-gone"},
         "fault mailbox-gone bob@example.org on"},
        {"host-mx1", {"menu-agent-mta-mx1", "menu-remove-agent"}, "agent remove mta-mx1"},
        {"host-mx1", {"menu-remove"}, "host remove mx1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct doer d;
        doer_begin(&d);
        doer_menu(&d, rows[i].host);
        for (size_t k = 0; k < 3 && rows[i].path[k]; k++)
            doer_press(&d, rows[i].path[k]);
        doer_expect(&d, rows[i].line);
        doer_expect(&d, "");
        doer_end(&d);
    }
}

/* Only what fits is offered: a name server refuses no recipients. */
Test(menu, faults_are_those_of_the_role)
{
    struct doer d;
    doer_begin(&d);
    doer_menu(&d, "host-dns");
    doer_press(&d, "menu-agent-ns");
    cr_expect(doer_has(&d, "menu-fault-dns-silent"));
    cr_expect(!doer_has(&d, "menu-fault-reply"));
    doer_end(&d);
}

Test(menu, a_fault_with_details_asks_for_them_and_insists_on_what_is_needed)
{
    struct doer d;
    doer_begin(&d);
    doer_menu(&d, "host-mx1");
    doer_press(&d, "menu-agent-mta-mx1");
    doer_press(&d, "menu-fault-reply");
    cr_expect(doer_shows(&d, "a command is refused"), "in words,");
    cr_expect(doer_shows(&d, "The fault reply"), "and as scripts call it");
    doer_press(&d, "form-do");
    doer_expect(&d, "");
    cr_expect(doer_shows(&d, "The command that gets it is needed"));
    doer_press(&d, "form-verb");
    doer_fill(&d, "RCPT");
    doer_press(&d, "form-do");
    doer_expect(&d, "fault reply mta-mx1 on verb=\"RCPT\"");
    doer_end(&d);
}

Test(menu, what_is_on_has_a_tick_and_is_switched_off_there)
{
    struct doer d;
    doer_begin(&d);
    struct event_fault on = {story_text(&d.story, "disk-full"), story_text(&d.story, "on"),
                             story_text(&d.story, "disk-full"), story_text(&d.story, "mx1"),
                             story_text(&d.story, "octets=0")};
    log_add(&d.story.log, VTIME_S, 0, EVENT_FAULT, 0, &on);
    doer_follow(&d);
    doer_menu(&d, "host-mx1");
    doer_press(&d, "menu-faults");
    doer_press(&d, "menu-fault-disk-full");
    doer_expect(&d, "fault disk-full mx1 off");
    doer_end(&d);
}

Test(menu, the_keyboard_alone_does_it_too)
{
    struct doer d;
    doer_begin(&d);
    select_host(d.view, d.story.mx1);
    doer_draw(&d);
    doer_key(&d, '.');
    for (int i = 0; i < 40 && strcmp(d.view->ui.focus, "menu-down") != 0; i++)
        doer_key(&d, INPUT_KEY_DOWN);
    doer_key(&d, INPUT_KEY_ENTER);
    doer_expect(&d, "fault host-down mx1 on");
    doer_end(&d);
}

Test(menu, a_press_beside_it_or_escape_closes_it)
{
    struct doer d;
    doer_begin(&d);
    doer_menu(&d, "host-mx1");
    doer_key(&d, INPUT_KEY_ESCAPE);
    cr_expect(!doer_has(&d, "menu-down"));
    cr_expect_null(d.view->overlay);
    doer_menu(&d, "host-mx1");
    view_input(d.view, &(struct input_event){.kind = INPUT_MOVE, .x = 3, .y = 3});
    view_input(d.view, &(struct input_event){.kind = INPUT_PRESS, .button = 1, .x = 3, .y = 3});
    cr_expect_null(d.view->overlay);
    doer_expect(&d, "");
    doer_end(&d);
}

/* The line from card to card is a thing, too; beside it is the ground. */
Test(menu, a_link_and_the_ground_have_menus)
{
    struct doer d;
    doer_begin(&d);
    float ax, ay, bx, by;
    cr_assert(view_find_widget(d.view, "host-out", &ax, &ay));
    cr_assert(view_find_widget(d.view, "host-mx1", &bx, &by));
    struct input_event event = {
        .kind = INPUT_MOVE, .button = 3, .x = (ax + bx) / 2, .y = (ay + by) / 2};
    view_input(d.view, &event);
    event.kind = INPUT_PRESS;
    view_input(d.view, &event);
    doer_press(&d, "menu-fault-link-cut");
    doer_expect(&d, "fault link-cut out:mx1 on");
    doer_end(&d);
}

Test(menu, an_organisation_is_folded_and_renamed_and_leads_to_its_hosts)
{
    struct doer d;
    doer_begin(&d);
    doer_menu(&d, "admd-Birch Institute");
    cr_expect(doer_has(&d, "menu-fold"));
    doer_press(&d, "menu-rename-admd");
    doer_fill(&d, "Birch House");
    doer_press(&d, "form-do");
    doer_expect(&d, "admd set birch name=\"Birch House\"");
    doer_menu(&d, "admd-Birch Institute");
    doer_press(&d, "menu-host-mx1");
    cr_expect(doer_has(&d, "menu-agent-mta-mx1"));
    doer_key(&d, INPUT_KEY_ESCAPE);
    cr_expect(view_press_widget(d.view, "admd-Birch Institute"), "folded");
    doer_draw(&d);
    doer_menu(&d, "fold-Birch Institute");
    doer_press(&d, "menu-fold");
    cr_expect(doer_has(&d, "host-mx1"), "and open again");
    doer_end(&d);
}

Test(menu, all_commands_are_in_the_main_menu)
{
    struct doer d;
    doer_begin(&d);
    doer_press(&d, "main-menu");
    doer_press(&d, "menu-section-1");
    doer_press(&d, "menu-compose");
    cr_expect(doer_has(&d, "compose-send"));
    doer_end(&d);
}
