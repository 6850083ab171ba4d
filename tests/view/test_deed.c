/* What was done is said as a person would say it, and not in action words. */
#include "render/view/deed.h"
#include "tests/scene/support_log.h"

#include <criterion/criterion.h>

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
        {"fault host-down mx1 off", "Fault off: host-down mx1"},
        {"fault mx1-down", "Fault on: mx1-down"},
        {"cut a:b", "Line cut: a:b"},
        {"cut a:b off", "Line mended: a:b"},
        {"set pc-alice outgoing=x", "The settings of pc-alice are changed"},
        {"host move mx1 x=1 y=2\nhost move mx2 x=3 y=4", "Host moved: mx1"},
        {"host set mx1 ram=2", "Host changed: mx1"},
        {"dns add x MX", "DNS changed: add x"},
        {"idle by=mua-bob on", "mua-bob waits for news"},
        {"idle by=mua-bob off", "mua-bob no longer waits for news"},
        {"conjure x", "Done: conjure x"},
        {"fault", "Done: fault"},
        {"", "Done: "},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice said = deed_done(&arena, NULL, slice_of(rows[i].line));
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
    struct slice said = deed_done(&arena, &s.log, SLICE("fetch by=mua-bob"));
    cr_expect(slice_equal(said, SLICE("pc-bob gets its mail")), "%.*s", SLICE_ARG(said));
    story_finish(&s);
    arena_finish(&arena);
}

Test(deed, what_ends_in_the_middle_is_taken_as_it_is)
{
    static const char *const lines[] = {"send from=\"", "send =", "fault \"a b", "  ", "host"};
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(deed_done(&arena, NULL, slice_of(lines[i])).size > 0, "%s", lines[i]);
    arena_finish(&arena);
}
