/* For a class: everything by typing and by keyboard, in the size and the words that one likes. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/commands.h"
#include "render/view/docks.h"
#include "render/view/palette.h"
#include "tests/view/support_doing.h"
#include "tests/view/support_list.h"

static void press_ctrl(struct doer *d, int key, bool shift)
{
    struct input_event event = {.kind = INPUT_KEY, .key = key, .ctrl = true, .shift = shift};
    view_input(d->view, &event);
    doer_draw(d);
}

static void type_text(struct doer *d, const char *text)
{
    support_type(d->view, text);
    doer_draw(d);
}

static float letters(const struct doer *d)
{
    return d->view->zoom * theme_get(d->view->theme)->size_text;
}

Test(class, the_palette_finds_a_command_by_what_is_typed_and_does_it)
{
    struct doer d;
    doer_begin(&d);
    press_ctrl(&d, 'k', false);
    type_text(&d, "all ke");
    cr_expect(doer_has(&d, "palette-help"));
    support_key(d.view, INPUT_KEY_ENTER);
    doer_draw(&d);
    cr_expect_eq(d.view->overlay, &help_overlay);
    doer_end(&d);
}

Test(class, the_palette_opens_with_shift_and_ctrl_and_p_and_goes_to_hosts)
{
    struct doer d;
    doer_begin(&d);
    press_ctrl(&d, 'p', true);
    type_text(&d, "host mx1");
    support_key(d.view, INPUT_KEY_ENTER);
    doer_draw(&d);
    cr_expect_null(d.view->overlay);
    cr_expect_eq(d.view->chosen_host, d.story.mx1);
    doer_end(&d);
}

Test(class, the_palette_puts_a_host_where_there_is_room)
{
    struct doer d;
    doer_begin(&d);
    press_ctrl(&d, 'k', false);
    type_text(&d, "add mail server");
    support_key(d.view, INPUT_KEY_ENTER);
    doer_draw(&d);
    doer_fill(&d, "post");
    doer_draw(&d);
    doer_press(&d, "form-do");
    struct view_request request;
    cr_assert(view_take_request(d.view, &request));
    cr_expect(strncmp(request.text, "host add post ", 14) == 0, "%s", request.text);
    cr_expect(strstr(request.text, " x=") == NULL, "it finds a place by itself");
    doer_end(&d);
}

Test(class, in_a_list_the_space_bar_presses_and_the_arrows_go_along)
{
    struct doer d;
    doer_begin(&d);
    doer_key(&d, 'g');
    doer_key(&d, INPUT_KEY_DOWN);
    cr_expect_str_eq(d.view->ui.focus, "fetch-mua-bob");
    doer_key(&d, ' ');
    doer_expect(&d, "fetch by=mua-bob");
    doer_end(&d);
}

static const struct view_choice one_choice[] = {{"Topologies", "Two towns", "", "two-towns", NULL}};

Test(class, what_is_in_no_row_of_the_picker_is_opened_as_a_file_or_told_there)
{
    struct doer d;
    struct view_request request;
    doer_begin(&d);
    view_set_picker(d.view, one_choice, 1);
    doer_draw(&d);
    type_text(&d, "mine.json");
    cr_expect(doer_shows(&d, "Enter opens the file"));
    doer_key(&d, INPUT_KEY_ENTER);
    cr_assert(view_take_request(d.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_OPEN);
    cr_expect_str_eq(request.text, "mine.json");
    view_refuse(d.view, &request, SLICE("there is no file \"mine.json\""));
    doer_draw(&d);
    cr_expect(doer_shows(&d, "there is no file"));
    cr_expect(doer_has(&d, "picker-filter"), "with what was typed");
    doer_end(&d);
}

Test(class, arrows_move_through_the_palette)
{
    struct doer d;
    doer_begin(&d);
    press_ctrl(&d, 'k', false);
    type_text(&d, "theme");
    cr_expect(doer_has(&d, "palette-theme"));
    cr_expect(doer_has(&d, "palette-preferences"));
    support_key(d.view, INPUT_KEY_DOWN);
    doer_draw(&d);
    support_key(d.view, INPUT_KEY_ENTER);
    doer_draw(&d);
    cr_assert(d.view->overlay);
    cr_expect_str_eq(d.view->overlay->name, "preferences");
    doer_end(&d);
}

Test(class, every_command_is_in_the_palette)
{
    struct doer d;
    doer_begin(&d);
    for (int i = 0; i < commands_count; i++) {
        char name[UI_NAME];
        if (!commands[i].title || commands[i].act == palette_act)
            continue;
        press_ctrl(&d, 'k', false);
        type_text(&d, commands[i].title);
        snprintf(name, sizeof name, "palette-%s", commands[i].name);
        cr_expect(doer_has(&d, name), "%s", name);
        support_key(d.view, INPUT_KEY_ESCAPE);
        doer_draw(&d);
    }
    doer_end(&d);
}

/* Curriculum 5.3: text scales without loss; the size is kept by the program. */
Test(class, ctrl_and_plus_makes_everything_larger_and_ctrl_and_0_as_at_first)
{
    struct doer d;
    struct view_request request;
    doer_begin(&d);
    float plain = letters(&d);
    for (int i = 0; i < 4; i++)
        press_ctrl(&d, '+', false);
    cr_expect_eq(view_settings(d.view)->scale_percent, 200);
    cr_expect_gt(letters(&d), 1.75f * plain);
    cr_assert(view_take_request(d.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_SETTINGS);
    press_ctrl(&d, '-', false);
    cr_expect_eq(view_settings(d.view)->scale_percent, 175);
    for (int i = 0; i < 20; i++)
        press_ctrl(&d, '+', false);
    cr_expect_eq(view_settings(d.view)->scale_percent, 300);
    press_ctrl(&d, '0', false);
    cr_expect_float_eq(letters(&d), plain, 0.01);
    doer_end(&d);
}

Test(class, every_tab_can_be_reached_when_there_is_room_for_one_dock)
{
    struct doer d;
    doer_begin(&d);
    struct view_settings settings = *view_settings(d.view);
    settings.scale_percent = 300;
    view_set_settings(d.view, &settings);
    doer_draw(&d);
    for (int i = 0; i < tab_count; i++) {
        char tab[UI_NAME], row[UI_NAME];
        snprintf(tab, sizeof tab, "tab-%s", tabs[i].name);
        snprintf(row, sizeof row, "menu-%s", tabs[i].name);
        if (!doer_has(&d, tab)) {
            doer_press(&d, "tabs-more-0");
            doer_press(&d, row);
        }
        cr_expect(doer_has(&d, tab), "%s", tab);
    }
    doer_end(&d);
}

Test(class, the_settings_say_what_is_chosen_and_change_it)
{
    struct doer d;
    doer_begin(&d);
    press_ctrl(&d, ',', false);
    doer_press(&d, "like-theme-2");
    doer_press(&d, "like-size-2");
    doer_press(&d, "like-motion-2");
    doer_press(&d, "like-labels-2");
    const struct view_settings *s = view_settings(d.view);
    cr_expect_eq(s->theme, THEME_DARK);
    cr_expect_eq(s->scale_percent, 150);
    cr_expect(s->is_calm);
    cr_expect(s->is_classic);
    doer_end(&d);
}

/* Curriculum 0.1: the classic labels have one box for delivery, store and access. */
Test(class, the_classic_labels_are_on_the_cards)
{
    struct doer d;
    doer_begin(&d);
    cr_expect(support_shows(d.view, &d.list, "MTA"));
    struct view_settings settings = *view_settings(d.view);
    settings.is_classic = true;
    view_set_settings(d.view, &settings);
    cr_expect(support_shows(d.view, &d.list, "Mail server"));
    cr_expect(support_shows(d.view, &d.list, "Mail client"));
    cr_expect_not(support_shows(d.view, &d.list, "MDA"));
    doer_end(&d);
}

/* ---- by keyboard alone ---- */

/* Tab comes by everything that can be pressed, and each stop is seen. */
static void check_stops(struct doer *d, enum theme_id theme, const char *what)
{
    struct bytes before, after;
    size_t stops = 0, reached = 0;
    bytes_init(&before, SIZE_MAX);
    bytes_init(&after, SIZE_MAX);
    view_set_theme(d->view, theme);
    doer_draw(d);
    for (size_t i = d->view->ui.modal_from; i < d->view->ui.widgets.count; i++)
        stops += d->view->ui.widgets.items[i].can_focus;
    char first[UI_NAME] = "";
    for (size_t i = 0; i <= stops; i++) {
        bytes_clear(&before);
        bytes_clear(&after);
        char held[UI_NAME];
        ui_move_focus(&d->view->ui, 1);
        memcpy(held, d->view->ui.focus, sizeof held);
        if (strcmp(held, first) == 0)
            break;
        if (i == 0)
            memcpy(first, held, sizeof first);
        reached++;
        doer_draw(d);
        cr_assert(draw_text(&d->list, &after));
        snprintf(d->view->ui.focus, sizeof d->view->ui.focus, "nothing");
        doer_draw(d);
        cr_assert(draw_text(&d->list, &before));
        cr_expect_not(slice_equal(bytes_slice(&before), bytes_slice(&after)),
                      "%s, %s: the focus on %s is not seen", theme_get(theme)->name, what, held);
        memcpy(d->view->ui.focus, held, sizeof held);
    }
    cr_expect_eq(reached, stops, "%s: %zu of %zu", what, reached, stops);
    bytes_finish(&before);
    bytes_finish(&after);
}

Test(class, tab_reaches_everything_and_the_focus_is_seen_in_all_themes)
{
    struct doer d;
    doer_begin(&d);
    doer_follow(&d);
    for (int theme = 0; theme < THEME_COUNT; theme++)
        check_stops(&d, (enum theme_id)theme, "the picture");
    static ui_act *const opens[] = {compose_act, help_act,    faults_act,     readers_act,
                                    told_act,    palette_act, preferences_act};
    for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++) {
        opens[i](d.view, 0);
        doer_draw(&d);
        check_stops(&d, THEME_LIGHT, d.view->overlay->name);
        support_key(d.view, INPUT_KEY_ESCAPE);
        cr_expect_null(d.view->overlay);
        doer_draw(&d);
    }
    doer_end(&d);
}

/* The order in which one reads: the bar, the map, the docks, the time line. */
Test(class, tab_goes_through_the_picture_as_one_reads_it)
{
    static const char *const order[] = {"compose",    "main-menu",  "host-mx1", "tab-dialogue",
                                        "tab-header", "tab-events", "play"};
    struct doer d;
    doer_begin(&d);
    size_t at = 0;
    for (size_t i = 0; i < d.view->ui.widgets.count && at < sizeof order / sizeof order[0]; i++)
        at += strcmp(d.view->ui.widgets.items[i].name, order[at]) == 0;
    cr_expect_eq(at, sizeof order / sizeof order[0], "%s is not behind the one before it",
                 at < sizeof order / sizeof order[0] ? order[at] : "");
    doer_end(&d);
}

Test(class, a_field_selects_and_gives_what_is_selected_to_the_clipboard)
{
    struct doer d;
    struct view_request request;
    doer_begin(&d);
    press_ctrl(&d, 'k', false);
    type_text(&d, "one two");
    struct input_event left = {.kind = INPUT_KEY, .key = INPUT_KEY_LEFT, .shift = true};
    for (int i = 0; i < 3; i++)
        view_input(d.view, &left);
    press_ctrl(&d, 'x', false);
    cr_assert(view_take_request(d.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_COPY);
    cr_expect_str_eq(request.text, "two");
    press_ctrl(&d, 'a', false);
    press_ctrl(&d, 'c', false);
    cr_assert(view_take_request(d.view, &request));
    cr_expect_str_eq(request.text, "one ");
    type_text(&d, "help");
    press_ctrl(&d, 'a', false);
    press_ctrl(&d, 'c', false);
    cr_assert(view_take_request(d.view, &request));
    cr_expect_str_eq(request.text, "help", "what is typed takes the place of what is selected");
    support_key(d.view, INPUT_KEY_BACKSPACE);
    press_ctrl(&d, 'a', false);
    press_ctrl(&d, 'c', false);
    cr_expect(!view_take_request(d.view, &request) || request.text[0] == '\0');
    doer_end(&d);
}

/* Curriculum 5.3: every picture has a text twin. */
Test(class, ctrl_and_c_copies_the_words_of_the_panel_with_the_focus)
{
    struct doer d;
    static struct view_request request;
    doer_begin(&d);
    story_first_mail(&d.story);
    doer_follow(&d);
    doer_press(&d, "tab-events");
    press_ctrl(&d, 'c', false);
    cr_assert(view_take_request(d.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_COPY);
    cr_expect(strstr(request.text, "has left the queue of submit"), "%s", request.text);
    d.view->ui.focus[0] = '\0';
    press_ctrl(&d, 'c', false);
    cr_assert(view_take_request(d.view, &request));
    cr_expect_str_eq(request.text, "", "all of it");
    doer_end(&d);
}
