/* Settings as forms: what they are now, what they could be, and one line for what was changed. */
#include <criterion/criterion.h>

#include "render/view/doing.h"
#include "render/view/field_words.h"
#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "tests/view/support_doing.h"

static void open_settings(struct doer *d, uint32_t host)
{
    if (d->view->chosen_host != host)
        select_host(d->view, host);
    doer_draw(d);
    doer_key(d, ',');
}

Test(forms, show_what_the_file_says_and_send_what_is_changed)
{
    struct doer d;
    doer_begin(&d);
    open_settings(&d, d.story.pc_bob);
    cr_expect(doer_shows(&d, "Settings of mua-bob (mua)"));
    cr_expect(doer_shows(&d, "Remove from the server what"), "each has its sentence as a title");
    cr_expect(doer_shows(&d, "pop_delete"), "and beside it what the file calls it");
    cr_expect(doer_shows(&d, "default: true"), "the file says false");
    doer_press(&d, "form-incoming_protocol-imap");
    cr_expect(doer_shows(&d, "was pop3"));
    doer_press(&d, "form-do");
    doer_expect(&d, "set mua-bob incoming_protocol=\"imap\"");
    doer_end(&d);
}

Test(forms, a_setting_is_what_it_was_last_changed_to_at_the_moment_shown)
{
    struct doer d;
    doer_begin(&d);
    static const char *const values[] = {"1min", "5min"};
    struct slice value;
    for (int i = 0; i < 2; i++) {
        struct event_conf conf = {d.story.bob, story_text(&d.story, "check_every"),
                                  story_text(&d.story, values[i]), 0};
        log_add(&d.story.log, (i + 1) * VTIME_S, 0, EVENT_CONF, 0, &conf);
    }
    cr_expect(!forms_setting(d.view, d.story.bob, SLICE("check_every"), &value), "not yet");
    doer_follow(&d);
    cr_assert(forms_setting(d.view, d.story.bob, SLICE("check_every"), &value));
    cr_expect(slice_equal(value, SLICE("5min")));
    open_settings(&d, d.story.pc_bob);
    cr_expect(slice_equal(sheet_value(&d.view->doing->sheet, "check_every"), SLICE("5min")));
    doer_key(&d, INPUT_KEY_ESCAPE);
    view_seek(d.view, VTIME_S);
    open_settings(&d, d.story.pc_bob);
    cr_expect(slice_equal(sheet_value(&d.view->doing->sheet, "check_every"), SLICE("1min")));
    doer_end(&d);
}

Test(forms, nothing_changed_is_nothing_sent)
{
    struct doer d;
    doer_begin(&d);
    open_settings(&d, d.story.pc_bob);
    doer_press(&d, "form-do");
    doer_expect(&d, "");
    cr_expect(doer_shows(&d, "Nothing was changed"));
    doer_end(&d);
}

Test(forms, escape_asks_before_it_throws_away_what_was_typed)
{
    struct doer d;
    doer_begin(&d);
    open_settings(&d, d.story.pc_bob);
    doer_press(&d, "form-check_every");
    doer_fill(&d, "5min");
    doer_key(&d, INPUT_KEY_ESCAPE);
    cr_expect_not(doer_has(&d, "form-do"), "one value is soon typed again");
    open_settings(&d, d.story.pc_bob);
    doer_press(&d, "form-check_every");
    doer_fill(&d, "5min");
    doer_press(&d, "form-incoming_protocol-imap");
    doer_key(&d, INPUT_KEY_ESCAPE);
    cr_expect(doer_shows(&d, "what was typed here is lost"));
    cr_expect(slice_equal(sheet_value(&d.view->doing->sheet, "check_every"), SLICE("5min")));
    doer_key(&d, INPUT_KEY_ESCAPE);
    cr_expect_not(doer_has(&d, "form-do"));
    doer_end(&d);
}

Test(forms, tab_comes_to_the_first_value_before_it_comes_to_close)
{
    struct doer d;
    doer_begin(&d);
    open_settings(&d, d.story.pc_bob);
    d.view->ui.focus[0] = '\0';
    doer_key(&d, INPUT_KEY_TAB);
    cr_expect(strncmp(d.view->ui.focus, "form-", 5) == 0, "%s", d.view->ui.focus);
    d.view->ui.focus[0] = '\0';
    view_input(d.view,
               &(struct input_event){.kind = INPUT_KEY, .key = INPUT_KEY_TAB, .shift = true});
    cr_expect_str_eq(d.view->ui.focus, "close", "which is the last");
    doer_end(&d);
}

/* As the program answers what was asked for last. */
static void refuse(struct doer *d, const char *why)
{
    struct view_request request;
    cr_assert(view_take_request(d->view, &request));
    view_refuse(d->view, &request, slice_of(why));
    doer_draw(d);
}

Test(forms, one_that_is_refused_is_open_again_with_what_was_typed)
{
    struct doer d;
    doer_begin(&d);
    open_settings(&d, d.story.pc_bob);
    doer_press(&d, "form-check_every");
    doer_fill(&d, "soon");
    doer_press(&d, "form-do");
    cr_expect_not(doer_has(&d, "form-do"), "it closes while it is asked for");
    refuse(&d, "check_every: bad duration \"soon\", expected seconds");
    cr_expect(doer_shows(&d, "expected seconds"), "in the form it says why");
    cr_expect_not(view_has_notice(d.view), "and not twice");
    cr_expect(slice_equal(sheet_value(&d.view->doing->sheet, "check_every"), SLICE("soon")));
    cr_expect_str_eq(d.view->ui.focus, "form-check_every", "where it is to be mended");
    doer_fill(&d, "1min");
    doer_press(&d, "form-do");
    doer_expect(&d, "set mua-bob check_every=\"1min\"");
    cr_expect_not(doer_has(&d, "form-do"));
    open_settings(&d, d.story.pc_bob);
    cr_expect_not(doer_shows(&d, "expected seconds"), "a new one starts anew");
    doer_end(&d);
}

Test(forms, what_is_refused_without_a_form_is_a_notice)
{
    struct doer d;
    doer_begin(&d);
    request_do(d.view, SLICE("fault mx1-down on"));
    refuse(&d, "it is on already");
    cr_expect(view_has_notice(d.view));
    cr_expect(doer_shows(&d, "it is on already"));
    doer_end(&d);
}

Test(forms, the_field_that_a_refusal_names_is_found)
{
    static const struct {
        const char *why, *key, *value;
        bool is_meant;
    } rows[] = {
        {"port: number out of range: 99999, expected 1 to 65535", "port", "99999", true},
        {"port: number out of range: 99999, expected 1 to 65535", "size", "1", false},
        {"bad address \"1.2.3\" (addr), expected an address", "addr", "1.2.3.4", true},
        {"bad address \"1.2.3\" (addr), expected the IPv4 address", "name", "the", false},
        {"nobody here writes mail as \"a@x\"; expected alice@x.example", "", "a@x", true},
        {"nobody here writes mail as \"a@x\"; expected alice@x.example", "", "", false},
        {"missing key \"name\", expected a full DNS name", "name", "", true},
        {"number out of range: 77777, expected a whole number", "listen", "77777", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(
            asking_blames(slice_of(rows[i].why), slice_of(rows[i].key), slice_of(rows[i].value)),
            rows[i].is_meant, "%s: %s", rows[i].why, rows[i].key);
}

Test(forms, a_host_with_several_programs_asks_which)
{
    struct doer d;
    doer_begin(&d);
    open_settings(&d, d.story.mx1);
    doer_press(&d, "menu-settings-mta-mx1");
    doer_fill(&d, "out");
    view_input(d.view,
               &(struct input_event){.kind = INPUT_KEY, .key = INPUT_KEY_ENTER, .ctrl = true});
    doer_expect(&d, "set mta-mx1 next=\"out\"");
    doer_end(&d);
}

/* What an octet means in an action line is kept. */
Test(forms, quotes_in_a_value_stay_in_it)
{
    struct doer d;
    doer_begin(&d);
    open_settings(&d, d.story.pc_bob);
    doer_press(&d, "form-check_every");
    doer_fill(&d, "a\"b\\c");
    doer_press(&d, "form-do");
    doer_expect(&d, "set mua-bob check_every=\"a\\\"b\\\\c\"");
    doer_end(&d);
}

Test(forms, keys_go_from_row_to_row_and_choose)
{
    struct doer d;
    doer_begin(&d);
    open_settings(&d, d.story.pc_bob);
    cr_expect_str_eq(d.view->ui.focus, "form-incoming_protocol-pop3");
    doer_key(&d, INPUT_KEY_LEFT);
    cr_expect_str_eq(d.view->ui.focus, "form-incoming_protocol-file", "the last one");
    doer_key(&d, INPUT_KEY_RIGHT);
    doer_key(&d, INPUT_KEY_LEFT);
    cr_expect(slice_equal(sheet_value(&d.view->doing->sheet, "incoming_protocol"), SLICE("file")));
    doer_key(&d, INPUT_KEY_DOWN);
    cr_expect(strncmp(d.view->ui.focus, "form-incoming_protocol", 22) != 0, "the next row");
    for (int i = 2; i < (int)d.view->doing->sheet.count; i++)
        doer_key(&d, INPUT_KEY_DOWN);
    const struct sheet *sheet = &d.view->doing->sheet;
    cr_expect(strstr(d.view->ui.focus, sheet->rows[sheet->count - 1].key), "and so on to the last");
    view_input(d.view,
               &(struct input_event){.kind = INPUT_KEY, .key = INPUT_KEY_ENTER, .ctrl = true});
    doer_expect(&d, "set mua-bob incoming_protocol=\"file\"");
    doer_end(&d);
}

/* The title is the first clause of the sentence; what is left explains the field. */
Test(forms, a_setting_is_called_by_what_it_means)
{
    static const struct {
        const char *key, *meaning, *title, *rest;
    } rows[] = {
        {"check_every", "fetch by itself; 0 only when asked", "Fetch by itself",
         "0 only when asked"},
        {"next", "smart host: takes all mail", "Smart host", "takes all mail"},
        {"dkim", "check signatures (RFC 6376: they age)", "Check signatures (RFC 6376: they age)",
         ""},
        {"outgoing_by", "\"sendmail\": hand over", "Outgoing by", "\"sendmail\": hand over"},
        {"key", "\xC3\xA4ndert es; ja", "\xC3\x84ndert es", "ja"},
        {"at", "the moment, as the server sees it. before-250: it is taken",
         "The moment, as the server sees it", "before-250: it is taken"},
        {"key", "", "Key", ""},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct field_words words = field_words(&arena, rows[i].key, slice_of(rows[i].meaning));
        cr_expect(slice_equal(words.title, slice_of(rows[i].title)), "%s: %.*s", rows[i].key,
                  SLICE_ARG(words.title));
        cr_expect(slice_equal(words.rest, slice_of(rows[i].rest)), "%s", rows[i].key);
    }
    arena_finish(&arena);
}
