/* The sequence chart in text: what is on it, and that it keeps to its width. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "export/printable.h"
#include "sim/base/utf8.h"
#include "support_log.h"

static char *ladder(const struct log *log, unsigned width, bool is_ascii)
{
    size_t size;
    return support_write(ladder_write, log,
                         &(struct export_options){.width = width, .is_ascii = is_ascii}, &size);
}

static size_t widest_line(const char *text)
{
    size_t widest = 0, width = 0;
    uint32_t code;
    struct slice s = slice_of(text);
    for (size_t at = 0, size; (size = utf8_next(s, at, &code)) > 0; at += size) {
        width = code == '\n' ? 0 : width + printable_width(code);
        widest = width > widest ? width : widest;
    }
    return widest;
}

Test(ladder, the_chart_looks_as_it_did)
{
    static const struct {
        const char *golden;
        unsigned width;
        bool is_ascii;
    } rows[] = {{"ladder-80.txt", 80, false},
                {"ladder-120.txt", 120, false},
                {"ladder-ascii-80.txt", 80, true}};
    struct log log;
    support_log_make(&log);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = ladder(&log, rows[i].width, rows[i].is_ascii);
        support_expect_golden(rows[i].golden, text, strlen(text));
        free(text);
    }
    log_finish(&log);
}

Test(ladder, no_line_is_wider_than_asked_for)
{
    struct log log;
    support_log_make(&log);
    for (unsigned width = 40; width < 260; width += 7) {
        char *text = ladder(&log, width, width % 2);
        cr_expect(widest_line(text) <= width, "%zu columns instead of %u", widest_line(text),
                  width);
        free(text);
    }
    log_finish(&log);
}

Test(ladder, without_utf_8_nothing_but_ascii_is_written)
{
    struct log log;
    support_log_make(&log);
    char *text = ladder(&log, 100, true);
    for (const char *c = text; *c; c++)
        cr_assert(*c == '\n' || (*c >= ' ' && *c <= '~'), "octet %02x", (unsigned char)*c);
    free(text);
    log_finish(&log);
}

Test(ladder, what_a_peer_sent_cannot_steer_the_terminal)
{
    struct log log;
    support_log_make(&log);
    char *text = ladder(&log, 200, false);
    cr_assert(!strchr(text, '\x1b'));
    cr_assert(!strstr(text, "\xe2\x80\xae"), "a character that reverses what follows came through");
    cr_assert(strstr(text, "\\x1b[31m\\u{202e}"));
    free(text);
    log_finish(&log);
}

Test(ladder, only_hosts_that_take_part_have_a_column)
{
    struct log log;
    support_log_make(&log);
    log_add(&log, log_end(&log), 0, EVENT_HOST, 0,
            &(struct event_host){.id = support_text(&log, "idle"), .x = 1, .y = 1});
    char *text = ladder(&log, 120, false);
    cr_assert(!strstr(text, "idle"));
    cr_assert(strstr(text, "pc-bob"));
    free(text);
    log_finish(&log);
}

Test(ladder, a_pulled_message_is_dashed_and_a_pushed_one_solid)
{
    struct log log;
    support_log_make(&log);
    char *text = ladder(&log, 120, false);
    const char *pushed = strstr(text, "the message, 64 octets"),
               *pulled = strstr(text, "110 octets, the");
    cr_assert(pushed && pulled);
    const char *line = pulled;
    while (line[-1] != '\n')
        line--;
    cr_assert(strstr(line, "\xe2\x95\x8c"), "no dashes on the line of the pulled message");
    cr_assert(strstr(line, "\xe2\x95\x8c") < strchr(pulled, '\n'));
    free(text);
    log_finish(&log);
}

Test(ladder, agents_on_one_host_are_named_and_a_new_day_is_said)
{
    struct log log;
    support_log_make_within(&log);
    char *text = ladder(&log, 80, false);
    cr_assert(strstr(text, "mua > mta: NOOP"), "%s", text);
    cr_assert(strstr(text, "later, day 2"), "%s", text);
    free(text);
    log_finish(&log);
}

Test(ladder, names_too_long_for_their_columns_take_more_lines)
{
    struct log log;
    support_log_make_wide(&log, 12);
    char *text = ladder(&log, 80, false);
    for (int i = 1; i <= 12; i++) {
        char name[16];
        snprintf(name, sizeof name, "host-%d", i);
        cr_expect(strstr(text, name), "%s is missing", name);
    }
    cr_expect(widest_line(text) <= 80);
    free(text);
    log_finish(&log);
}

Test(ladder, more_hosts_than_columns_are_listed_instead)
{
    struct log log;
    support_log_make_wide(&log, 400);
    char *text = ladder(&log, 80, true);
    cr_assert(strstr(text, "host-399 ---> host-400: example.org MX?"));
    cr_expect(widest_line(text) <= 80);
    free(text);
    log_finish(&log);
}

Test(ladder, colour_changes_nothing_but_colour)
{
    struct log log;
    size_t size;
    support_log_make(&log);
    char *plain = ladder(&log, 80, false), *to = plain;
    char *coloured = support_write(
        ladder_write, &log, &(struct export_options){.width = 80, .has_colour = true}, &size);
    cr_assert(strchr(coloured, '\x1b'));
    char *kept = coloured;
    for (const char *from = coloured; *from; from++)
        if (*from == '\x1b')
            from = strchr(from, 'm');
        else
            *kept++ = *from;
    *kept = '\0';
    cr_assert_str_eq(coloured, to);
    free(plain);
    free(coloured);
    log_finish(&log);
}

/* What happens to mail on its way has its note, and a web page's request its path (RFC 9112 3). */
Test(ladder, a_request_has_its_path_and_what_is_done_at_a_place_a_note)
{
    struct log log;
    support_log_make(&log);
    int64_t t = log_end(&log);
    uint32_t last = log_count(&log) - 1, list = log_intern(&log, SLICE("class")),
             to = log_intern(&log, SLICE("bob")), how = log_intern(&log, SLICE("list"));
    struct event_http_request get = {1, log_intern(&log, SLICE("GET")),
                                     log_intern(&log, SLICE("/inbox")), 0};
    struct event_expand expand = {1, 1, list, to, how, 0};
    log_add(&log, t, last, EVENT_HTTP_REQUEST, 0, &get);
    log_add(&log, t, last, EVENT_EXPAND, 0, &expand);
    log_add(&log, t, last, EVENT_STOP, 0, &(struct event_stop){1});
    char *text = ladder(&log, 200, false);
    cr_expect(strstr(text, "GET /inbox"), "%s", text);
    cr_expect(strstr(text, "class stands for bob: list"), "%s", text);
    cr_expect(strstr(text, "is stopped"), "%s", text);
    free(text);
    log_finish(&log);
}
