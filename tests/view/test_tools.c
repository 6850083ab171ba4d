/* The network is changed while it runs, and each change is one line. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "render/view/doing.h"
#include "tests/view/support_doing.h"

static void press_at(struct doer *d, float x, float y)
{
    static const enum input_kind kinds[] = {INPUT_MOVE, INPUT_PRESS, INPUT_RELEASE};
    for (size_t i = 0; i < 3; i++)
        view_input(d->view, &(struct input_event){.kind = kinds[i], .button = 1, .x = x, .y = y});
    doer_draw(d);
}

Test(tools, a_computer_is_put_on_the_map_with_all_that_it_needs)
{
    struct doer d;
    doer_begin(&d);
    doer_key(&d, 'i');
    doer_press(&d, "tool-pc");
    cr_expect(doer_shows(&d, "Press on the map where it goes"));
    struct draw_box map = d.view->map.box;
    press_at(&d, (map.x + map.w - 8) * d.view->zoom, (map.y + map.h - 8) * d.view->zoom);
    cr_expect(doer_shows(&d, "Add: PC"));
    cr_expect(doer_shows(&d, "203.0.113.11"), "a free address of the same network");
    doer_press(&d, "form-user");
    doer_fill(&d, "dana@example.org");
    doer_press(&d, "form-do");
    struct view_request r;
    cr_assert(view_take_request(d.view, &r));
    cr_expect(slice_starts(slice_of(r.text), SLICE("host add pc-new name=\"pc-new.example.org\" "
                                                   "addr=\"203.0.113.11\" admd=\"birch\" x=")),
              "%s", r.text);
    cr_expect_str_eq(strchr(r.text, '\n'), "\nlink add pc-new:mx1\nuser add dana@example.org\n"
                                           "agent add pc-new mua-pc-new role=mua "
                                           "user=\"dana@example.org\" outgoing=\"submit\" "
                                           "incoming=\"mx1\"");
    doer_expect(&d, "");
    doer_end(&d);
}

static void expect_refused(struct doer *d, const char *address, const char *why)
{
    struct view_request request;
    doer_press(d, "form-user");
    doer_fill(d, address);
    doer_press(d, "form-do");
    cr_expect(doer_shows(d, why), "%s", address);
    cr_expect_not(view_take_request(d->view, &request));
    cr_expect_str_eq(d->view->ui.focus, "form-user");
}

Test(tools, who_has_no_mail_server_is_told_to_build_that_first)
{
    struct doer d;
    doer_begin(&d);
    doer_key(&d, 'i');
    tools_add_form(d.view, 0, 900, 900);
    doer_draw(&d);
    expect_refused(&d, "dan@oak.example", "Nobody takes mail for dan@oak.example yet");
    expect_refused(&d, "dan@oak", "Nobody takes mail for dan@oak yet");
    expect_refused(&d, "dan", "an address, such as");
    doer_fill(&d, "dan@example.org");
    doer_press(&d, "form-do");
    cr_expect_not(doer_has(&d, "form-do"));
    doer_end(&d);
}

static void put_on_the_map(struct doer *d, const char *tool, uint32_t kind)
{
    doer_key(d, 'i');
    doer_press(d, tool);
    tools_add_form(d->view, kind, 900, 900);
    doer_draw(d);
}

static const char *behind_first_line(struct doer *d, struct view_request *r)
{
    cr_assert(view_take_request(d->view, r));
    return strchr(r->text, '\n');
}

/* Who builds a network has one that works: others find it by its MX record. */
Test(tools, a_mail_server_is_found_by_dns_and_serves_who_has_none_yet)
{
    struct doer d;
    struct view_request r;
    doer_begin(&d);
    put_on_the_map(&d, "tool-mail-server", 1);
    doer_fill(&d, "post");
    doer_press(&d, "form-do");
    cr_expect_str_eq(behind_first_line(&d, &r),
                     "\nlink add post:mx1\n"
                     "agent add post msa-post role=msa domain=\"example.org\"\n"
                     "agent add post mta-post role=mta local=\"example.org\"\n"
                     "agent add post mda-post role=mda\n"
                     "agent add post store-post role=store\n"
                     "agent add post access-post role=access listen=\"110,143,993,995\"\n"
                     "set mua-bob outgoing=post\nset mua-bob incoming=post",
                     "there is an MX record already");
    doer_end(&d);
}

/* A browser with a person, and pages for it: the form of neither asks for the other's host. */
Test(tools, web_mail_reads_by_imap_sends_by_submission_and_has_a_browser)
{
    struct doer d;
    struct view_request r;
    doer_begin(&d);
    put_on_the_map(&d, "tool-web", 5);
    cr_expect_not(doer_has(&d, "form-user"));
    doer_press(&d, "form-do");
    cr_expect_str_eq(behind_first_line(&d, &r),
                     "\nlink add web:mx1\n"
                     "agent add web web-web role=web imap=\"mx1\" submit=\"submit\"");
    tools_add_form(d.view, 6, 900, 900);
    doer_press(&d, "form-user");
    doer_fill(&d, "erin@example.org");
    doer_press(&d, "form-do");
    cr_expect_str_eq(behind_first_line(&d, &r),
                     "\nlink add browser:mx1\nuser add erin@example.org\n"
                     "agent add browser browser-browser role=browser user=\"erin@example.org\"");
    doer_end(&d);
}

/* It is of use as it is: others try it when the mail server is down, its neighbours send by it. */
Test(tools, a_relay_hands_on_what_is_for_its_domain_and_what_its_neighbours_send)
{
    struct doer d;
    struct view_request r;
    doer_begin(&d);
    put_on_the_map(&d, "tool-relay", 3);
    doer_fill(&d, "second");
    doer_press(&d, "form-do");
    cr_expect_str_eq(behind_first_line(&d, &r),
                     "\nlink add second:mx1\n"
                     "agent add second mta-second role=mta relay_to=\"example.org\" "
                     "relay_from=\"203.0.113.0/24\"\n"
                     "dns add example.org MX second.example.org pref=20");
    doer_end(&d);
}

Test(tools, what_is_proposed_goes_with_the_id_and_the_organisation)
{
    struct doer d;
    struct event_admd elm = {0};
    doer_begin(&d);
    elm.id = story_text(&d.story, "elm_house");
    elm.name = story_text(&d.story, "Elm House");
    log_add(&d.story.log, 0, 0, EVENT_ADMD, 0, &elm);
    doer_follow(&d);
    put_on_the_map(&d, "tool-pc", 0);
    const struct sheet *sheet = &d.view->doing->sheet;
    doer_fill(&d, "pc-dana");
    cr_expect(slice_equal(sheet_value(sheet, "name"), SLICE("pc-dana.example.org")));
    cr_expect(slice_equal(sheet_value(sheet, "user"), SLICE("dana@example.org")));
    doer_press(&d, "form-user");
    doer_fill(&d, "boss@example.org");
    doer_press(&d, "form-admd-elm_house");
    cr_expect(slice_equal(sheet_value(sheet, "name"), SLICE("pc-dana.elm-house.example")));
    cr_expect(slice_equal(sheet_value(sheet, "addr"), SLICE("10.1.0.10")), "a network of its own");
    cr_expect(slice_equal(sheet_value(sheet, "link"), SLICE("mx1")));
    cr_expect(slice_equal(sheet_value(sheet, "user"), SLICE("boss@example.org")), "as it was said");
    doer_end(&d);
}

Test(tools, an_organisation_has_its_id_from_its_name_and_enter_at_the_end_adds_it)
{
    struct doer d;
    doer_begin(&d);
    tools_admds(d.view, 0);
    doer_press(&d, "row-add");
    doer_fill(&d, "Elm House");
    doer_key(&d, INPUT_KEY_ENTER);
    doer_key(&d, INPUT_KEY_ENTER);
    doer_expect(&d, "admd add elm-house name=\"Elm House\"");
    doer_end(&d);
}

/* Before anybody is asked: in words of the form, with the field that it is about. */
Test(tools, what_is_missing_or_is_no_word_is_said_of_its_field)
{
    struct doer d;
    doer_begin(&d);
    tools_admds(d.view, 0);
    doer_press(&d, "row-add");
    doer_press(&d, "form-do");
    doer_expect(&d, "");
    cr_expect(doer_shows(&d, "Name is needed"));
    cr_expect_str_eq(d.view->ui.focus, "form-name");
    doer_fill(&d, "Oak Bank");
    doer_draw(&d);
    doer_press(&d, "form-id");
    doer_fill(&d, "oak bank!");
    doer_press(&d, "form-do");
    doer_expect(&d, "");
    cr_expect(doer_shows(&d, "Id: one word"));
    cr_expect_str_eq(d.view->ui.focus, "form-id");
    doer_end(&d);
}

Test(tools, a_record_may_name_a_host_by_its_id)
{
    struct doer d;
    doer_begin(&d);
    tools_records(d.view, 0);
    doer_press(&d, "row-add");
    doer_fill(&d, "example.net");
    doer_press(&d, "form-type-MX");
    doer_press(&d, "form-data");
    doer_fill(&d, "mx1");
    doer_press(&d, "form-do");
    doer_expect(&d, "dns add example.net MX data=\"mx1.example.org\" pref=\"10\"");
    doer_end(&d);
}

Test(tools, an_organisation_is_listed_once_under_its_last_name)
{
    struct doer d;
    doer_begin(&d);
    struct event_admd birch = {story_text(&d.story, "birch"), story_text(&d.story, "Birch House"),
                               0};
    log_add(&d.story.log, VTIME_S, 0, EVENT_ADMD, 0, &birch);
    doer_follow(&d);
    tools_admds(d.view, 0);
    doer_draw(&d);
    cr_expect(doer_shows(&d, "Birch House"));
    cr_expect_not(doer_has(&d, "row-edit-3"));
    doer_press(&d, "row-edit-2");
    cr_expect(slice_equal(sheet_value(&d.view->doing->sheet, "name"), SLICE("Birch House")));
    doer_key(&d, INPUT_KEY_ESCAPE);
    birch = (struct event_admd){birch.id, 0, true};
    log_add(&d.story.log, VTIME_S, 0, EVENT_ADMD, 0, &birch);
    doer_follow(&d);
    cr_expect_not(doer_has(&d, "row-edit-2"), "it is there no more");
    doer_end(&d);
}

/* As the file calls one that has no id: by its role and its host. */
Test(tools, a_program_is_called_by_its_role_and_its_host_until_a_person_says_more)
{
    struct doer d;
    doer_begin(&d);
    tools_add_agent(d.view, log_find_place(d.view->log, SLICE("mx1")));
    const struct sheet *sheet = &d.view->doing->sheet;
    doer_press(&d, "form-role-mua");
    cr_expect(slice_equal(sheet_value(sheet, "id"), SLICE("mua-mx1")));
    doer_press(&d, "form-role-store");
    cr_expect(slice_starts(sheet_value(sheet, "id"), SLICE("store-mx1")));
    doer_press(&d, "form-id");
    doer_fill(&d, "attic");
    doer_press(&d, "form-role-mua");
    cr_expect(slice_equal(sheet_value(sheet, "id"), SLICE("attic")));
    doer_end(&d);
}

/* Of a link either end can have it; the rule is put together from what is chosen. */
Test(tools, a_firewall_is_put_on_a_link_with_a_rule_that_is_chosen)
{
    struct doer d;
    doer_begin(&d);
    tools_firewall_link(d.view, 1);
    const struct sheet *sheet = &d.view->doing->sheet;
    struct slice link = sheet_value(sheet, "link");
    doer_press(&d, "form-verdict-drop");
    doer_press(&d, "form-way-both");
    doer_press(&d, "form-port");
    doer_fill(&d, "");
    doer_press(&d, "form-except");
    doer_fill(&d, "192.0.2.0/24");
    char line[200];
    snprintf(line, sizeof line,
             "agent add %.*s firewall role=firewall rules=\"drop except 192.0.2.0/24\" "
             "link=\"%.*s\"",
             SLICE_ARG(sheet_value(sheet, "host")), SLICE_ARG(link));
    doer_press(&d, "form-do");
    doer_expect(&d, line);
    doer_end(&d);
}

/* Behind itself is behind nobody. */
Test(tools, a_host_is_given_to_an_organisation_and_seen_under_another_address)
{
    struct doer d;
    doer_begin(&d);
    uint32_t host = log_find_place(d.view->log, SLICE("mx1"));
    tools_place(d.view, host);
    doer_press(&d, "form-do");
    doer_expect(&d, "");
    cr_expect(doer_shows(&d, "Nothing was changed"));
    doer_press(&d, "form-behind-submit");
    doer_press(&d, "form-do");
    doer_expect(&d, "host set mx1 behind=\"submit\"");
    struct event_nat nat = {host, log_find_place(d.view->log, SLICE("submit"))};
    log_add(&d.story.log, 0, 0, EVENT_NAT, 0, &nat);
    doer_follow(&d);
    tools_place(d.view, host);
    doer_press(&d, "form-behind-mx1");
    doer_press(&d, "form-do");
    doer_expect(&d, "host set mx1 behind=\"\"");
    doer_end(&d);
}

Test(tools, a_new_network_is_a_command)
{
    struct doer d;
    struct view_request r;
    doer_begin(&d);
    tools_new(d.view, 0);
    cr_assert(view_take_request(d.view, &r));
    cr_expect_eq(r.kind, VIEW_REQUEST_OPEN);
    cr_expect_str_eq(r.text, "new-network");
    doer_end(&d);
}

/* Cards keep off each other, so that the point is exact where no card is near. */
Test(tools, where_it_was_pressed_is_where_it_stands)
{
    struct doer d;
    doer_begin(&d);
    doer_key(&d, 'i');
    for (int i = 0; i < 2; i++) {
        struct draw_box map = d.view->map.box;
        float share = i ? 0.97f : 0.03f;
        doer_press(&d, "tool-router");
        press_at(&d, (map.x + map.w * share) * d.view->zoom,
                 (map.y + map.h * (1 - share)) * d.view->zoom);
        uint32_t x = d.view->doing->tools.x, y = d.view->doing->tools.y;
        cr_expect(i ? x > 900 : x < 100, "%u", x);
        cr_expect(i ? y < 100 : y > 900, "%u", y);
        doer_key(&d, INPUT_KEY_ESCAPE);
    }
    doer_end(&d);
}

Test(tools, a_link_is_drawn_from_card_to_card)
{
    struct doer d;
    doer_begin(&d);
    float ax, ay, bx, by;
    doer_key(&d, 'i');
    cr_assert(view_find_widget(d.view, "link-from-pc-alice", &ax, &ay));
    cr_assert(view_find_widget(d.view, "host-mx1", &bx, &by));
    view_input(d.view, &(struct input_event){.kind = INPUT_MOVE, .x = ax, .y = ay});
    view_input(d.view, &(struct input_event){.kind = INPUT_PRESS, .button = 1, .x = ax, .y = ay});
    view_input(d.view, &(struct input_event){.kind = INPUT_MOVE, .x = bx, .y = by});
    doer_draw(&d);
    view_input(d.view, &(struct input_event){.kind = INPUT_RELEASE, .button = 1, .x = bx, .y = by});
    doer_expect(&d, "link add pc-alice:mx1");
    doer_end(&d);
}

Test(tools, a_link_is_made_with_two_presses_too_and_escape_gives_it_up)
{
    struct doer d;
    doer_begin(&d);
    float x, y;
    doer_key(&d, 'i');
    doer_press(&d, "link-from-pc-alice");
    doer_key(&d, INPUT_KEY_ESCAPE);
    cr_assert(view_find_widget(d.view, "host-mx1", &x, &y));
    press_at(&d, x, y);
    doer_expect(&d, "");
    doer_press(&d, "link-from-pc-alice");
    press_at(&d, x, y);
    doer_expect(&d, "link add pc-alice:mx1");
    doer_end(&d);
}

Test(tools, keys_rename_and_remove_the_chosen_host)
{
    struct doer d;
    doer_begin(&d);
    doer_key(&d, INPUT_KEY_DELETE);
    doer_expect(&d, "");
    cr_expect(doer_shows(&d, "Choose a host first"));
    select_host(d.view, d.story.mx1);
    doer_key(&d, INPUT_KEY_F2);
    doer_fill(&d, "mail1");
    view_input(d.view,
               &(struct input_event){.kind = INPUT_KEY, .key = INPUT_KEY_ENTER, .ctrl = true});
    doer_expect(&d, "host rename mx1 mail1");
    doer_key(&d, INPUT_KEY_DELETE);
    doer_expect(&d, "host remove mx1");
    doer_end(&d);
}

Test(tools, people_and_records_are_lists_of_what_is_there_now)
{
    struct doer d;
    doer_begin(&d);
    struct event_account gone = {story_text(&d.story, "alice@example.com"), 0};
    log_add(&d.story.log, 1000, 0, EVENT_ACCOUNT, 0, &gone);
    doer_follow(&d);
    doer_key(&d, 'i');
    doer_press(&d, "tool-people");
    cr_expect(!doer_has(&d, "row-remove-2"), "one of the two is gone");
    doer_press(&d, "row-remove-1");
    doer_expect(&d, "user remove bob@example.org");
    doer_press(&d, "row-add");
    doer_press(&d, "form-address");
    doer_fill(&d, "eve@example.org");
    doer_press(&d, "form-do");
    doer_expect(&d, "user add eve@example.org");
    doer_key(&d, INPUT_KEY_ESCAPE);
    doer_press(&d, "tool-records");
    cr_expect(doer_shows(&d, "10 mx1.example.org"));
    doer_press(&d, "row-edit-1");
    doer_press(&d, "form-pref");
    doer_fill(&d, "20");
    doer_press(&d, "form-do");
    doer_expect(&d, "dns remove example.org MX data=\"mx1.example.org\" pref=10\n"
                    "dns add example.org MX data=\"mx1.example.org\" pref=\"20\"");
    doer_end(&d);
}

Test(tools, saving_is_asked_for_by_key_and_the_picture_has_another_one)
{
    struct doer d;
    doer_begin(&d);
    struct view_request r;
    view_input(d.view, &(struct input_event){.kind = INPUT_KEY, .key = 's', .ctrl = true});
    cr_assert(view_take_request(d.view, &r));
    cr_expect_eq(r.kind, VIEW_REQUEST_SAVE);
    view_input(d.view, &(struct input_event){.kind = INPUT_KEY, .key = 'p', .ctrl = true});
    cr_assert(view_take_request(d.view, &r));
    cr_expect_eq(r.kind, VIEW_REQUEST_PICTURE);
    doer_end(&d);
}

/* What was asked for is not forgotten when the first of several lines makes the run anew. */
Test(tools, requests_and_open_forms_outlive_another_log)
{
    struct doer d;
    doer_begin(&d);
    request_do(d.view, SLICE("host add a addr=192.0.2.1"));
    request_do(d.view, SLICE("link add a:mx1"));
    struct view_request r;
    cr_assert(view_take_request(d.view, &r));
    doer_key(&d, 'm');
    view_follow_log(d.view, &d.story.log, 0);
    doer_expect(&d, "link add a:mx1");
    cr_expect(doer_has(&d, "compose-send"));
    doer_end(&d);
}

Test(tools, the_network_gets_another_title_from_the_moment_on_at_which_it_was_given)
{
    struct doer d;
    doer_begin(&d);
    doer_key(&d, 'i');
    doer_press(&d, "tool-title");
    doer_fill(&d, "Our school");
    doer_press(&d, "form-do");
    doer_expect(&d, "network set title=\"Our school\"");
    struct event_title title = {story_text(&d.story, "Our school")};
    int64_t t = log_end(&d.story.log) + VTIME_S;
    log_add(&d.story.log, t, 0, EVENT_TITLE, 0, &title);
    view_seek(d.view, t);
    doer_draw(&d);
    cr_expect(slice_equal(d.list.title, SLICE("Our school")));
    view_seek(d.view, 0);
    doer_draw(&d);
    cr_expect_not(slice_equal(d.list.title, SLICE("Our school")));
    doer_end(&d);
}
