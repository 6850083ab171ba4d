/* What was done is said as a person would say it, and not in action words. */
#include "render/view/deed.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "tests/view/support_doing.h"

Test(deed, a_line_is_said_in_a_sentence)
{
    static const struct {
        const char *line, *said;
    } rows[] = {
        {"send from=alice@example.com to=bob@example.org subject=\"to=x from=y\"",
         "A message from alice@example.com to bob@example.org is written"},
        {"send from=\"alice@example.com\" to=\"bob@example.org, carol@example.org\"",
         "A message from alice@example.com to bob@example.org, carol@example.org is written"},
        {"fetch by=pc-bob", "pc-bob gets its mail"},
        {"fault mx1-down on", "Fault on: mx1-down"},
        {"fault host-down mx1 off", "Fault off: mx1 \xE2\x80\x93 host-down"},
        {"fault mx1-down", "Fault on: mx1-down"},
        {"cut a:b", "Connection broken off: a:b"},
        {"agent add mx1 tap-1 role=tap", "Program added on mx1: tap-1"},
        {"set pc-alice outgoing=x", "The settings of pc-alice are changed"},
        {"host move mx1 x=1 y=2\nhost move mx2 x=3 y=4", "Host moved: mx1"},
        {"host set mx1 ram=2", "Host changed: mx1"},
        {"dns add x MX", "DNS record added: x MX"},
        {"dns remove x MX data=a\ndns add y MX data=b", "DNS record changed: x MX"},
        {"dns remove x MX data=a", "DNS record removed: x MX"},
        {"idle by=mua-bob on", "mua-bob waits for news"},
        {"idle by=mua-bob off", "mua-bob no longer waits for news"},
        {"conjure x", "Done: conjure x"},
        {"fault", "Done: fault"},
        {"", "Done: "},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice said = deed_done(&arena, NULL, NULL, slice_of(rows[i].line));
        cr_expect(slice_equal(said, slice_of(rows[i].said)), "%s: %.*s", rows[i].line,
                  SLICE_ARG(said));
    }
    arena_finish(&arena);
}

/* "mua-bob" stands nowhere on the map. */
Test(deed, a_program_is_called_by_its_host)
{
    struct story s;
    struct arena arena;
    arena_init(&arena);
    story_world(&s, true);
    struct slice said = deed_done(&arena, &s.log, NULL, SLICE("fetch by=mua-bob"));
    cr_expect(slice_equal(said, SLICE("pc-bob gets its mail")), "%.*s", SLICE_ARG(said));
    story_finish(&s);
    arena_finish(&arena);
}

/* By what it does, and not by what scripts call it. */
Test(deed, a_fault_is_said_by_its_label_or_its_kind)
{
    struct story s;
    struct arena arena;
    arena_init(&arena);
    story_world(&s, true);
    struct event_palette palette = {story_text(&s, "towns"), story_text(&s, "the line is cut"),
                                    story_text(&s, "link-cut"), story_text(&s, "out:mx1")};
    log_add(&s.log, 0, 0, EVENT_PALETTE, 0, &palette);
    static const struct {
        const char *line, *said;
    } rows[] = {
        {"fault towns on", "Fault on: the line is cut"},
        {"fault link-cut out:mx1 off", "Fault off: out:mx1 \xE2\x80\x93 nothing is carried"},
        {"fault unheard-of x on", "Fault on: x \xE2\x80\x93 unheard-of"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice said = deed_done(&arena, &s.log, &support_forms, slice_of(rows[i].line));
        cr_expect(slice_equal(said, slice_of(rows[i].said)), "%.*s", SLICE_ARG(said));
    }
    story_finish(&s);
    arena_finish(&arena);
}

Test(deed, a_long_one_is_cut_between_characters)
{
    char line[400] = "sing ";
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < 60; i++)
        strcat(line, "a\xC3\xBC"); /* three octets a pair: the cut may not halve one */
    struct slice said = deed_done(&arena, NULL, NULL, slice_of(line));
    cr_expect_lt(said.size, 140);
    cr_expect(utf8_is_valid(said));
    arena_finish(&arena);
}

Test(deed, what_ends_in_the_middle_is_taken_as_it_is)
{
    static const char *const lines[] = {"send from=\"", "send =", "fault \"a b", "  ", "host"};
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(deed_done(&arena, NULL, NULL, slice_of(lines[i])).size > 0, "%s", lines[i]);
    arena_finish(&arena);
}
