/* Two saved traces compared, as a person types it; and side by side in the window. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_app.h"

#define SEND "send from=alice@example.com to=bob@example.org subject=Hello"

static char folder[] = "/tmp/diff.XXXXXX";
static char before[64], after[64], other_seed[64], script[64];

static void save(const char *path, const char *seed, const char *more)
{
    struct support_result r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--seed", seed, "--do", SEND,
                                          "--do", more, "--export", path, "--format", "summary");
    cr_assert_eq(r.status, 0, "%s", r.err);
    support_free(&r);
}

static void begin(void)
{
    cr_assert(mkdtemp(folder));
    snprintf(before, sizeof before, "%s/before.jsonl", folder);
    snprintf(after, sizeof after, "%s/after.jsonl", folder);
    snprintf(other_seed, sizeof other_seed, "%s/seed.jsonl", folder);
    snprintf(script, sizeof script, "%s/look.ui", folder);
    save(before, "1", "20s fetch by=pc-bob");
    save(after, "1", "300ms fault mx1-down on");
    save(other_seed, "2", "20s fetch by=pc-bob");
}

static void end(void)
{
    unlink(before);
    unlink(after);
    unlink(other_seed);
    unlink(script);
    rmdir(folder);
}

TestSuite(diff, .init = begin, .fini = end);

static void expect(const struct support_result *r, const char *words)
{
    cr_expect(strstr(r->out, words), "\"%s\" is not in:\n%s%s", words, r->out, r->err);
}

Test(diff, the_same_run_twice_is_status_0)
{
    struct support_result r = SUPPORT_RUN("diff", before, before);
    cr_expect_eq(r.status, 0, "%s", r.err);
    expect(&r, "The runs are the same");
    support_free(&r);
}

Test(diff, two_seeds_are_named_and_are_no_difference)
{
    struct support_result r = SUPPORT_RUN("diff", before, other_seed);
    expect(&r, "Two seeds: 1 and 2");
    cr_expect_eq(r.status, 0, "%s", r.out);
    support_free(&r);
}

Test(diff, the_fault_is_where_they_part_and_the_messages_follow)
{
    struct support_result r = SUPPORT_RUN("diff", before, after, "--width", "120", "--ascii");
    cr_expect_eq(r.status, 1);
    expect(&r, "events are the same, up to 09:00:00.280 (280ms)");
    expect(&r, "B  09:00:00.300  asked for: fault mx1-down on");
    expect(&r, "What led to it in B");
    expect(&r, "  +  09:00:00.300  asked for: fault mx1-down on");
    expect(&r, "!  1 Hello");
    expect(&r, "bounced by mta-out");
    expect(&r, "not written");
    support_free(&r);
}

Test(diff, no_line_is_wider_than_asked)
{
    struct support_result r = SUPPORT_RUN("diff", before, after, "--width", "60", "--ascii");
    for (const char *line = r.out; *line;) {
        size_t size = strcspn(line, "\n");
        cr_expect_leq(size, 62, "%.*s", (int)size, line); /* "..." may stand for one column */
        line += size + (line[size] == '\n');
    }
    support_free(&r);
}

Test(diff, json_says_the_same_to_programs)
{
    struct support_result r = SUPPORT_RUN("diff", before, after, "--format", "json");
    cr_expect_eq(r.status, 1);
    expect(&r, "{\"mailflow-diff\":1,\"same\":false,");
    expect(&r, "\"parting\":{\"t\":300000000,");
    expect(&r, "\"differs\":\"other\",\"subject\":\"Hello\"");
    cr_expect_eq(strchr(r.out, '\n'), r.out + r.out_size - 1, "one line");
    support_free(&r);
}

Test(diff, what_is_no_trace_is_status_2_with_one_line)
{
    struct support_result r = SUPPORT_RUN("diff", before, SUPPORT_TWO_TOWNS);
    cr_expect_eq(r.status, 2);
    cr_expect_eq(strchr(r.err, '\n'), r.err + r.err_size - 1, "%s", r.err);
    support_free(&r);
    r = SUPPORT_RUN("diff", "-", "-");
    cr_expect_eq(r.status, 2);
    support_free(&r);
    r = SUPPORT_RUN("diff", before, after, "--format", "xml");
    cr_expect_eq(r.status, 2);
    support_free(&r);
}

static void play(const char *first, const char *lines)
{
    FILE *out = fopen(script, "w");
    cr_assert(out);
    fputs(lines, out);
    fclose(out);
    struct support_result r = SUPPORT_RUN("render", first, "--script", script);
    cr_expect_eq(r.status, 0, "%s", r.err);
    support_free(&r);
}

Test(diff, a_second_trace_stands_beside_the_first_in_the_window)
{
    char lines[512];
    snprintf(lines, sizeof lines,
             "compare %s\n"
             "expect before.jsonl and after.jsonl part at 09:00:00.300\n"
             "expect-widget run-other\n"
             "expect-widget other-host-mx1\n"
             "choose 1\n"
             "drop\n"
             "expect-no-widget run-other\n",
             after);
    play(before, lines);
}

Test(diff, a_trace_dropped_on_a_trace_is_compared_and_can_be_opened_alone)
{
    char lines[512];
    snprintf(lines, sizeof lines,
             "bring %s\n"
             "expect-widget run-other\n"
             "click fork-keep\n"
             "expect-no-widget run-other\n"
             "press end\n"
             "expect bounced\n",
             after);
    play(before, lines);
}
