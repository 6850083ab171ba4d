/* The tab with a host's console: what the trace tells of it, and what a person types into it. */
#include <criterion/criterion.h>

#include "render/view/console.h"
#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "support_list.h"

static struct log events;
static struct view *view;
static struct draw_list picture;

static uint32_t text(const char *words)
{
    return log_intern(&events, slice_of(words));
}

static void add_console(int64_t t, uint32_t at, const char *words, bool is_typed)
{
    log_add(&events, t, 0, EVENT_CONSOLE, 0, &(struct event_console){at, text(words), is_typed, 0});
}

/* Two hosts; the second has a console at which something was done at 1 s and 3 s. */
static void start(void)
{
    log_init(&events);
    log_add(&events, 0, 0, EVENT_RUN, 0, &(struct event_run){text("x"), text("1"), 0, text("y")});
    log_add(&events, 0, 0, EVENT_HOST, 0,
            &(struct event_host){text("mx1"), text("mx1.example.org"), text("192.0.2.1"), 0, 0, 0});
    log_add(&events, 0, 0, EVENT_HOST, 0,
            &(struct event_host){text("out"), text("out.example.com"), text("192.0.2.2"), 0, 9, 9});
    log_add(&events, 0, 0, EVENT_AGENT, 0,
            &(struct event_agent){text("you"), 2, text("console"), 0, 0});
    add_console(VTIME_S, 3, "out$ ", false);
    add_console(VTIME_S, 3, "date\n", true);
    add_console(VTIME_S, 3, "Mon\x1b[2J \xff\n", false);
    add_console(VTIME_S, 3, "out$ ", false);
    log_add(&events, 3 * VTIME_S, 0, EVENT_INPUT, 0, &(struct event_input){text("type")});
    add_console(3 * VTIME_S, 3, "telnet mx1 25\n", true);
    add_console(3 * VTIME_S, 3, "220 hello\r\n", false);
    view = view_create(&events);
    support_list_init(&picture);
    view_seek(view, 3 * VTIME_S);
    view_draw(view, &picture, 1280, 800);
    support_key(view, 'c');
    view_draw(view, &picture, 1280, 800);
    support_key(view, INPUT_KEY_END); /* the letter of the key is no part of the line */
}

static void stop(void)
{
    view_destroy(view);
    draw_finish(&picture);
    log_finish(&events);
}

static bool asks(const char *line)
{
    struct view_request request;
    bool has = view_take_request(view, &request);
    cr_assert(has, "nothing is asked for");
    cr_assert_eq(request.kind, VIEW_REQUEST_DO);
    cr_assert(slice_equal(slice_of(request.text), slice_of(line)), "asked for: %s", request.text);
    return true;
}

Test(console, the_screen_is_what_was_typed_and_shown_up_to_the_moment)
{
    start();
    cr_assert(support_shows(view, &picture, "telnet mx1 25"));
    cr_assert(support_shows(view, &picture, "220 hello"));
    cr_assert(support_shows(view, &picture, "Mon?[2J ?"), "control characters are only shown");
    view_seek(view, 2 * VTIME_S);
    cr_assert(!support_shows(view, &picture, "220 hello"));
    cr_assert(support_shows(view, &picture, "Mon?[2J ?"));
    cr_assert(support_shows(view, &picture, "out$ "), "the prompt stands before the line");
    cr_assert(support_shows(view, &picture, "This moment is past"));
    view_seek(view, 3 * VTIME_S);
    cr_assert(!support_shows(view, &picture, "This moment is past"));
    stop();
}

Test(console, enter_sends_the_line_to_the_host_at_this_moment)
{
    start();
    support_type(view, "EHLO \"a\"");
    support_key(view, INPUT_KEY_ENTER);
    cr_assert(asks("type out text=\"EHLO \\\"a\\\"\\n\""));
    support_key(view, INPUT_KEY_ENTER);
    cr_assert(asks("type out text=\"\\n\""), "an empty line is a line");
    view_draw(view, &picture, 1280, 800);
    cr_assert(view_press_widget(view, "console-escape"));
    cr_assert(asks("type out key=\"escape\""));
    stop();
}

Test(console, up_and_down_go_through_what_was_typed)
{
    start();
    support_key(view, INPUT_KEY_UP);
    support_key(view, INPUT_KEY_UP);
    support_key(view, INPUT_KEY_UP);
    support_key(view, INPUT_KEY_ENTER);
    cr_assert(asks("type out text=\"date\\n\""), "the first one stays");
    support_key(view, INPUT_KEY_UP);
    support_key(view, INPUT_KEY_UP);
    support_key(view, INPUT_KEY_DOWN);
    support_key(view, INPUT_KEY_ENTER);
    cr_assert(asks("type out text=\"telnet mx1 25\\n\""));
    stop();
}

Test(console, tab_completes_commands_and_then_hosts)
{
    start();
    support_type(view, "te");
    support_key(view, INPUT_KEY_TAB);
    support_type(view, "m");
    support_key(view, INPUT_KEY_TAB); /* mx1 and mx1.example.org */
    support_type(view, " 25");
    support_key(view, INPUT_KEY_ENTER);
    cr_assert(asks("type out text=\"telnet mx1 25\\n\""));
    support_type(view, "dig @ns");
    support_key(view, INPUT_KEY_TAB);
    support_key(view, INPUT_KEY_ENTER);
    cr_assert(asks("type out text=\"dig @ns\\n\""), "nothing fits");
    stop();
}

Test(console, a_host_that_is_chosen_has_the_console)
{
    start();
    view_draw(view, &picture, 1280, 800);
    cr_assert(view_press_widget(view, "host-mx1"));
    view_draw(view, &picture, 1280, 800);
    cr_assert(!support_shows(view, &picture, "Mon?[2J"));
    cr_assert(support_shows(view, &picture, "mx1$ "));
    stop();
}

Test(console, a_long_screen_keeps_its_end_and_what_was_typed)
{
    struct console_screen screen = {0};
    char line[2001];
    log_init(&events);
    log_add(&events, 0, 0, EVENT_RUN, 0, &(struct event_run){0});
    log_add(&events, 0, 0, EVENT_HOST, 0, &(struct event_host){text("mx1"), 0, 0, 0, 0, 0});
    memset(line, 'x', sizeof line - 1);
    line[1999] = '\n';
    line[2000] = '\0';
    for (int i = 0; i < 2000; i++) {
        line[0] = (char)('a' + i % 26);
        add_console(i, 1, line, i % 2 == 0);
    }
    add_console(2000, 1, "last\n", true);
    console_screen_update(&screen, &events, 1, log_count(&events));
    cr_assert_leq(bytes_size(&screen.text), CONSOLE_SCREEN_MAX);
    cr_assert(slice_ends(bytes_slice(&screen.text), SLICE("\nlast\n")));
    cr_assert(slice_equal(console_screen_typed(&screen, 1), SLICE("last")));
    cr_assert_eq(console_screen_typed(&screen, 2).data[0], 'a' + 1998 % 26);
    for (size_t i = 1; i < screen.runs.count; i++)
        cr_assert_geq(screen.runs.items[i].start, screen.runs.items[i - 1].start);
    console_screen_update(&screen, &events, 1, 3);
    cr_assert_eq(bytes_size(&screen.text), 2000, "and back");
    console_screen_finish(&screen);
    log_finish(&events);
}

/* The letters that follow are no commands. */
Test(console, who_opens_it_from_a_menu_can_type_at_once)
{
    start();
    support_key(view, INPUT_KEY_ESCAPE);
    support_key(view, INPUT_KEY_ESCAPE);
    view->ui.focus[0] = '\0';
    select_host(view, 1);
    view_draw(view, &picture, 1280, 800);
    support_key(view, '.');
    view_draw(view, &picture, 1280, 800);
    cr_assert(view_press_widget(view, "menu-console"));
    view_draw(view, &picture, 1280, 800);
    cr_assert_str_eq(view->ui.focus, "console-line");
    support_key(view, INPUT_KEY_END);
    support_type(view, "date");
    support_key(view, INPUT_KEY_ENTER);
    cr_assert(asks("type mx1 text=\"date\\n\""));
    cr_assert(view_press_widget(view, "console-host"));
    view_draw(view, &picture, 1280, 800);
    cr_assert(view_press_widget(view, "menu-at-out"));
    cr_assert_str_eq(view->ui.focus, "console-line", "and from the list of hosts");
    view->ui.focus[0] = '\0';
    view_draw(view, &picture, 1280, 800);
    cr_assert(view_press_widget(view, "tab-console"));
    cr_assert_str_eq(view->ui.focus, "console-line", "and by its tab");
    stop();
}

/* A connection from the console that is open, and a server that hangs up after five minutes. */
static void connect_and_hang_up(void)
{
    struct event_tcp_connect connect = {1, 3, 1, 25, 50000, text("out mx1")};
    log_add(&events, 3 * VTIME_S, 0, EVENT_TCP_CONNECT, 0, &connect);
    log_add(&events, 3 * VTIME_S, 0, EVENT_TCP_OPEN, 0, &(struct event_tcp_open){1, text("ok")});
    log_add(&events, 303 * VTIME_S, 0, EVENT_TCP_CLOSE, 0,
            &(struct event_tcp_close){1, text("closed")});
}

Test(console, time_does_not_leap_over_who_is_about_to_type)
{
    for (int typed = 0; typed < 2; typed++) {
        start();
        connect_and_hang_up();
        if (typed) {
            support_type(view, "EHLO me");
            support_key(view, INPUT_KEY_ENTER);
            cr_assert(asks("type out text=\"EHLO me\\n\""));
        }
        view_set_playing(view, true);
        view_tick(view, 5000);
        cr_expect_eq(view_t(view), (typed ? 3 : 303) * VTIME_S, "an old trace plays on");
        cr_expect_eq(view_is_playing(view), !typed);
        cr_expect_eq(support_shows(view, &picture, "The console waits for what you type"), typed);
        view_set_playing(view, true);
        view_tick(view, 5000);
        cr_expect_eq(view_t(view), 303 * VTIME_S, "who wants to go on can");
        stop();
    }
}
