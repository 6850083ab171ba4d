/* What is saved of a network, and what is said of what a file can't have. */
#include "app/save_topology.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "support_app.h"

static struct live live;
static struct problem problem;

static void begin(void)
{
    cr_assert(
        live_open(&live, SUPPORT_TWO_TOWNS, &(struct source_options){.seed = 1}, NULL, &problem));
}

static void end(void)
{
    live_close(&live);
}

TestSuite(save_topology, .init = begin, .fini = end);

static void do_line(const char *line)
{
    cr_assert(live_do(&live, 0, slice_of(line), &problem), "%s: %s", line, problem.what);
}

static void expect_left_out(const char *part)
{
    struct bytes text;
    struct problem left_out;
    bytes_init(&text, SIZE_MAX);
    cr_assert(save_topology_text(&live, &text, &left_out, &problem));
    if (part[0])
        cr_expect(strstr(left_out.what, part), "%s", left_out.what);
    else
        cr_expect_str_empty(left_out.what);
    bytes_finish(&text);
}

#define WRONG "example.org MX mx.unknown.example pref=20"

Test(save_topology, a_record_that_the_file_refuses_is_told_until_it_is_taken_away)
{
    do_line("dns add " WRONG);
    expect_left_out("mx.unknown.example");
    do_line("dns remove " WRONG "\ndns add example.org MX out.example.com pref=20");
    expect_left_out("");
}

Test(save_topology, it_is_due_while_no_file_has_what_was_changed)
{
    struct problem left_out;
    struct live_step step;
    char path[] = "/tmp/saved.XXXXXX";
    cr_expect_not(save_topology_is_due(&live));
    do_line("fault mx1-down on");
    cr_expect_not(save_topology_is_due(&live), "a file says nothing of faults that are on");
    do_line("host rename mx1 mx9");
    cr_expect(save_topology_is_due(&live));
    cr_assert(live_undo(&live, &step, &problem));
    cr_expect_not(save_topology_is_due(&live), "taken back");
    cr_assert(live_redo(&live, &step, &problem));
    cr_assert(mkdtemp(path));
    char file[64];
    snprintf(file, sizeof file, "%s/net.json", path);
    cr_assert(save_topology(&live, file, &left_out, &problem), "%s", problem.what);
    cr_expect_not(save_topology_is_due(&live));
    do_line("host rename out gate");
    cr_expect(save_topology_is_due(&live));
    unlink(file);
    rmdir(path);
}
